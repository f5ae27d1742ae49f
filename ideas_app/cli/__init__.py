"""Whole-service commands of the command line.

`groups` is what the factory adds to `flask`. Must not hold a feature's logic: each command calls services.
"""

from __future__ import annotations

from ideas_app.adapters.migrations import Commands
from ideas_app.cli.backup import backup, restore
from ideas_app.cli.demo import demo
from ideas_app.cli.doctor import doctor
from ideas_app.cli.permissions import permissions
from ideas_app.cli.serve import serve
from ideas_app.cli.worker import worker

migrations = Commands("db", help="Bring the tables to a revision.")

groups = (backup, migrations, demo, doctor, permissions, restore, serve, worker)
