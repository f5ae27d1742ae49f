"""`flask serve`: the whole service on one machine by one command: database, demo on first run, server, worker.

Must not hold rules: it migrates, asks `demo` for the demonstration year, and leaves two child processes
to `minding`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from config import ROOT, Settings
from ideas_app.adapters import fulltext, metrics
from ideas_app.adapters.migrations import upgrade
from ideas_app.campaigns.models import Campaign
from ideas_app.cli import minding
from ideas_app.cli.demo import announce_sign_ins, load_demo
from ideas_app.core.db import db, session
from ideas_app.web.i18n import compile_catalogues


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, help="Port; by default that of BASE_URL, else 8000.")
@click.option(
    "--no-migrate", is_flag=True, help="Leave the tables as they are: `db upgrade` was run."
)
@click.option("--no-worker", is_flag=True, help="No worker beside: `worker` runs elsewhere.")
@with_appcontext
def serve(host: str, port: int | None, no_migrate: bool, no_worker: bool) -> None:
    """Migrate, load the demo year on the first run, then serve with a worker beside.

    SIGHUP exchanges the server's processes without losing a request, SIGTERM ends all.

    Example: flask --app ideas_app serve --port 8000
    """
    settings: Settings = current_app.config["SETTINGS"]
    port = port or urlsplit(settings.base_url).port or 8000
    compile_catalogues()
    if not no_migrate:
        upgrade()
    for fault in fulltext.find_locale_faults():
        click.secho(f"WARNING: {fault}; Korean text will be compared wrongly.", fg="red", err=True)
    if settings.demo:
        _prepare_demo()
    session().close()
    db.engine.dispose()
    # the counts of all server processes meet in one folder, which begins empty with every start
    counts = settings.instance / "metrics"
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir()
    os.environ.setdefault(metrics.FOLDER, str(counts))
    click.echo(f"\n  {settings.site_name}: http://{host}:{port}  (stop with Ctrl+C)\n")
    worker = [sys.executable, "-m", "flask", "--app", "ideas_app", "worker"]
    beside = () if no_worker else (worker,)
    commands = [_server(settings, host, port), *beside]
    # all that this process has imported would idle for good: a small one takes its place and its number
    os.execv(  # noqa: S606  # our own interpreter and script
        sys.executable, [sys.executable, "-P", minding.__file__, str(ROOT), json.dumps(commands)]
    )


def _prepare_demo() -> None:
    if session().scalar(select(Campaign.id).limit(1)) is None:
        click.echo("Loading the demo year of 2025: 14 programmes, 120 ideas, a ballot, answers ...")
        announce_sign_ins(load_demo())
    else:
        click.echo(
            "The database is kept. New passwords for the demo accounts: flask --app ideas_app demo sign-ins"
        )


def _server(settings: Settings, host: str, port: int) -> list[str]:
    # Measured against gunicorn on the same machine: 1.5 to 3 times the requests, and it stands slow headers.
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", host, "--port", str(port), "--workers", str(settings.workers)),
        *("--blocking-threads", str(settings.threads), "--no-ws", "--log-level", "warning"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "30"),
        # at a reload an old process ends so many seconds after its successor began: it must serve by then
        *("--respawn-interval", "10"),
        "ideas_app:create_app",
    ]
