"""Commands of rounds: `flask shortlist compute|recount|margins|stability`, `flask ballots import|export`.

No logic of its own. What counts a file needs neither a database nor an application.
"""

from __future__ import annotations

import click

from ideas_app.shortlists.cli.files import margins, recount, stability
from ideas_app.shortlists.cli.rounds import compute, export, import_file

shortlist_group = click.Group(
    "shortlist",
    commands=[compute, recount, margins, stability],
    help="Compute a shortlist, or count one again.",
)
ballots_group = click.Group(
    "ballots", commands=[export, import_file], help="Ballots as files that anybody can count."
)
groups = (shortlist_group, ballots_group)
