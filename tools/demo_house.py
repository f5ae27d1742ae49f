"""The service with the demo year, started for a tool that looks at it with a browser.

Must not touch the data in `instance/`.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from tools.services import find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
"""Seconds that the service may take to answer for the first time."""


@contextmanager
def serve_demo(folder: Path) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """The service with the demo year on a database in `folder`, while the block lasts: its address, and by
    role the address and password of somebody who can sign in.
    """
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    environ = {
        **os.environ,
        "ENVIRONMENT": "test",  # reads no .env: the pictures are the same everywhere
        "DEMO": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PERSON_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": f"sqlite:///{folder / 'ideas.db'}",
        "MAIL_URL": f"file:{folder / 'mail'}",
        "BASE_URL": address,
    }
    flask = (sys.executable, "-m", "flask", "--app", "ideas_app")
    said = ""
    for command in (("db", "upgrade"), ("demo", "load")):
        print(f"flask {' '.join(command)} ...")
        done = subprocess.run(
            (*flask, *command), cwd=ROOT, env=environ, check=True, capture_output=True, text=True
        )
        said = done.stdout
    lines = (line.split() for line in said.splitlines())
    sign_ins = {
        words[0]: (words[1], words[2]) for words in lines if len(words) > 2 and "@" in words[1]
    }
    server = subprocess.Popen(
        (*flask, "run", "--port", str(port)),
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{address}/healthz")
        yield address, sign_ins
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait_for(address: str) -> None:
    """Returns when the address answers. Raises `URLError` when it still does not after `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=5):  # noqa: S310  # our own server
                return
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
