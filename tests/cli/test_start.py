"""A process starts with what every process needs, and with nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from config import ROOT
from ideas_app.cli import minding
from tests.cli.zygote import lives

SELDOM = {
    "PIL",
    "alembic",
    "authlib",
    "cryptography",
    "flask_migrate",
    "granian",
    "holidays",
    "huey",
    "hwpx",
    "joserfc",
    "lxml",
    "numpy",
    "openpyxl",
    "prometheus_client",
    "psycopg",
    "pyotp",
    "python_calamine",
    "redis",
    "segno",
    "typst",
    "vl_convert",
    "xlsxwriter",
}
"""Libraries of maps, documents, rosters, queues and migrations: together 70 MB of a process."""
_START = """
import json, sys
from pathlib import Path
from config import Settings
from ideas_app.factory import build_app

build_app(Settings.from_env({"ENVIRONMENT": "test"}, instance=Path(sys.argv[1])))
print(json.dumps(sorted(name.partition(".")[0] for name in sys.modules)))
"""


def test_building_the_application_imports_no_library_that_few_processes_need(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", _START, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(json.loads(told.stdout))
    assert {"flask", "sqlalchemy"} <= imported
    assert SELDOM & imported == set()


def test_the_commands_of_migrations_are_there_although_nothing_is_imported_for_them(app):
    runner = app.test_cli_runner()
    assert "db " in runner.invoke(args=["--help"]).output
    assert "downgrade" in runner.invoke(args=["db", "--help"]).output
    assert runner.invoke(args=["db", "show", "0001"]).exit_code == 0
    assert runner.invoke(args=["db", "show", "nothing"]).exit_code == 1


def test_when_one_process_of_the_service_ends_the_other_is_ended_and_its_code_is_told(tmp_path):
    os.mkfifo(tmp_path / "up")
    stays = ["sh", "-c", "echo $$ > number; echo > up; exec sleep 1000"]
    ends = ["sh", "-c", "cat up; exit 3"]  # not before the other is up
    script = [sys.executable, "-P", minding.__file__, str(tmp_path), json.dumps([stays, ends])]
    assert subprocess.run(script, check=False, timeout=30).returncode == 3
    assert not lives(int((tmp_path / "number").read_text()))
