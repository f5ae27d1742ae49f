"""`flask serve`: the whole service on one machine by one command: database, demo on first run, server, worker.

Must not hold rules: it migrates, asks `demo` for the demonstration year, has `raising` start the processes, and
leaves them to `minding`.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from config import ROOT, Settings
from ideas_app.adapters import fulltext, metrics
from ideas_app.adapters.migrations import is_newest, upgrade
from ideas_app.campaigns.models import Campaign
from ideas_app.cli import minding
from ideas_app.cli.demo import announce_sign_ins, load_demo
from ideas_app.core.db import session
from ideas_app.web.i18n import compile_catalogues

if TYPE_CHECKING:
    from flask import Flask


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

    SIGHUP starts new processes and then ends the former ones, without losing a request; SIGTERM ends all.

    Example: flask --app ideas_app serve --port 8000
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # for processes
    settings: Settings = app.config["SETTINGS"]
    port = port or urlsplit(settings.base_url).port or 8000
    compile_catalogues()
    if not no_migrate and not is_newest():
        upgrade()
    for fault in fulltext.find_locale_faults():
        click.secho(f"WARNING: {fault}; Korean text will be compared wrongly.", fg="red", err=True)
    if settings.demo:
        _prepare_demo()
    # the counts of all server processes meet in one folder, which begins empty with every start
    counts = settings.instance / "metrics"
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir()
    if os.environ.setdefault(metrics.FOLDER, str(counts)) == str(counts):
        app.config["SETTINGS"] = settings = replace(settings, metrics_shared=True)
    # here, because no other command needs a server; the collector looks for nothing meanwhile, see `create_app`
    gc.disable()
    from ideas_app.cli import raising

    listeners = _listen(host, port, settings.workers, raising.BACKLOG)
    session().close()
    children = raising.raise_processes(app, listeners, worker=not no_worker)
    click.echo(f"\n  {settings.site_name}: http://{host}:{port}  (stop with Ctrl+C)\n")
    # all that this process has imported would idle for good: a small one takes its place and its number
    state = {"folder": str(ROOT), "listeners": listeners, "worker": not no_worker}
    minding.become("mind", {**state, "children": children, "leaving": {}, "born": time.monotonic()})


def _listen(host: str, port: int, count: int, backlog: int) -> list[int]:
    """A socket for each process of the server, kept over reloads.

    Linux deals connections out among sockets of one address; of one shared socket a busy process takes nearly all.
    """
    where, family = (host, port), socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        first = socket.create_server(where, family=family, backlog=backlog)
        if sys.platform == "linux":
            # alone it was refused where somebody else serves; together they would share with anybody
            first.close()
            made = [
                socket.create_server(where, family=family, backlog=backlog, reuse_port=True)
                for _ in range(count)
            ]
        else:
            made = [first, *(first.dup() for _ in range(count - 1))]
    except OSError as fault:
        raise click.ClickException(
            f"cannot listen on {host}:{port} ({fault.strerror}); stop what does, or choose another: --port"
        ) from fault
    for listener in made:
        # inherited by each connection: an answer in two pieces else waits 40 ms for the client's word that it has the
        # first, which a client with nothing to send puts off for as long
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.settimeout(0)
        listener.set_inheritable(True)
    return [listener.detach() for listener in made]


def _prepare_demo() -> None:
    if session().scalar(select(Campaign.id).limit(1)) is None:
        click.echo("Loading the demo year of 2025: 14 programmes, 120 ideas, a ballot, answers ...")
        announce_sign_ins(load_demo())
    else:
        click.echo(
            "The database is kept. New passwords for the demo accounts: flask --app ideas_app demo sign-ins"
        )
