"""Cities to measure in: seeded once by `flask demo load --scale`, kept under `.bench/`, copied for each run.

Kept as a SQLite file, and where it was measured on PostgreSQL as a dump of that, moved there row by row. A city that
was kept before a migration is brought up to it.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.faults.house import House
from bench.speed.moving import move
from config import ROOT
from tools.services import find_postgres

if TYPE_CHECKING:
    from pathlib import Path

KEPT = ROOT / ".bench"
CITY = "city-"
FRESH_DAYS = 30


def _command(house: House, *words: str) -> None:
    # what it says of its progress is for whoever waits
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "ideas_app", *words],
        cwd=ROOT,
        env=house.whole_environment,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"flask {' '.join(words)} ended with {done.returncode}")


def _is_fresh(kept: Path) -> bool:
    """Whether a city is there and young enough: its dates count from its seeding, and its campaign closes."""
    return kept.exists() and time.time() - kept.stat().st_mtime < FRESH_DAYS * 86_400


def _seed(house: House, size: int) -> None:
    print(f"seeding a city of {size:,} ideas; it is kept for the next time ...", flush=True)
    _command(house, "db", "upgrade")
    _command(house, "demo", "load", "--scale", str(size))


def take_sqlite(size: int, folder: Path) -> str:
    """A copy of the city as a file in `folder`; its DATABASE_URL."""
    copied = folder / f"city-{size}.db"
    subprocess.run(
        ["cp", "--reflink=auto", str(_kept_sqlite(size, folder)), str(copied)], check=True
    )
    url = f"sqlite:///{copied}"
    _command(House(folder / "upgrading", url), "db", "upgrade")
    return url


def _kept_sqlite(size: int, folder: Path) -> Path:
    """The file of the city, seeded if there is none."""
    kept = KEPT / f"city-{size}.db"
    if not _is_fresh(kept):
        KEPT.mkdir(exist_ok=True)
        draft = folder / "seeding" / "draft.db"
        house = House(draft.parent, f"sqlite:///{draft}")
        _seed(house, size)
        whole = kept.with_suffix(".part")
        whole.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft)) as made:
            made.execute("ANALYZE")
            made.commit()
            made.execute("VACUUM INTO ?", (str(whole),))
        whole.rename(kept)
        shutil.rmtree(draft.parent)
    return kept


def take_postgres(size: int, server: str, folder: Path) -> str:
    """A copy of the city as a database of its own on the server; its DATABASE_URL."""
    kept = KEPT / f"city-{size}.pgdump"
    url = create_database(server, f"city_{size}")
    programs = find_postgres()
    if _is_fresh(kept):
        restore = [str(programs / "pg_restore"), "--no-owner", "-j2", "-d", url, str(kept)]
        subprocess.run(restore, check=True)
        _command(House(folder / f"upgrading-{size}", url), "db", "upgrade")
    else:
        KEPT.mkdir(exist_ok=True)
        take_sqlite(size, folder)
        city = folder / f"city-{size}.db"
        print(
            f"moving a city of {size:,} ideas to PostgreSQL; it is kept for the next time ...",
            flush=True,
        )
        _command(House(folder / f"moving-{size}", url), "db", "upgrade")
        move(city, url)
        city.unlink()
        whole = kept.with_suffix(".part")
        subprocess.run([str(programs / "pg_dump"), "-Fc", "-Z1", "-f", str(whole), url], check=True)
        whole.rename(kept)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return url


def create_database(server: str, name: str) -> str:
    """An empty database on the server; its DATABASE_URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # a name of ours
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
