"""Large files and single processes: rosters in, sheets out, the shortlist's arithmetic, and a clean clone's first page.

Each in a process of its own, with the memory that it held at most.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from bench.speed.machine import cpu_of
from config import ROOT
from tools.services import find_free_port

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.faults.house import House

ROWS = 50_000
TITLES = ("연번", "성명", "생년월일", "연락처", "읍면동", "참여일", "수료여부", "자격취득여부")
_SYLLABLES = "가나다라마바사아자차카타파하강남동도로무민보부서성소수승시안영예우원유윤은이재정주지진채태하현혜호"


@dataclass(frozen=True, slots=True)
class Done:
    """What a process came to: seconds by the clock and of processor time, MiB at most, and what it said."""

    seconds: float
    cpu: float
    peak: float
    own: float
    """MiB at most without what it only maps, such as SQLite's file."""
    status: int
    said: str


_WITNESS = """
import json, os, re, subprocess, sys, time
begun, own = time.monotonic(), 0
child = subprocess.Popen(sys.argv[2:])
while True:
    pid, status, used = os.wait4(child.pid, os.WNOHANG)
    if pid:
        break
    with open(f"/proc/{child.pid}/status") as told:
        found = re.search(r"RssAnon:\\s+(\\d+)", told.read())
    own = max(own, int(found[1]) if found else 0)
    time.sleep(0.05)
took = [time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, own / 1024]
with open(sys.argv[1], "w") as out:
    json.dump([*took, os.waitstatus_to_exitcode(status)], out)
"""
"""Starts a command and notes what it took. Small itself: Linux counts to a process what its starter held."""


def run(command: Sequence[str], environ: dict[str, str], *, limit: float = 900) -> Done:
    """Runs a command to its end; its children count too. Raises `subprocess.TimeoutExpired` after so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        noted = Path(folder) / "noted"
        done = subprocess.run(
            [sys.executable, "-S", "-c", _WITNESS, str(noted), *command],
            cwd=ROOT,
            env=environ,
            text=True,
            check=False,
            timeout=limit,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        seconds, cpu, peak, own, status = json.loads(noted.read_text())
    return Done(seconds, cpu, peak, own, status, done.stdout)


def flask(house: House, *words: str) -> Done:
    """A command of the service over the house's database."""
    command = [sys.executable, "-m", "flask", "--app", "ideas_app", *words]
    return run(command, house.whole_environment)


def write_roster(target: Path, rows: int = ROWS) -> None:
    """A roster as a centre would send it: names, birth days, phones, all different people."""
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    sheet = book.add_worksheet("명단")
    for column, name in enumerate(TITLES):
        sheet.write(0, column, name)
    size = len(_SYLLABLES)
    for number in range(rows):
        name = (
            "김이박최정"[number % 5] + _SYLLABLES[number % size] + _SYLLABLES[number // size % size]
        )
        born = f"{1986 + number % 20}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        phone = f"010-{2000 + number // 10_000:04d}-{number % 10_000:04d}"
        line = (number + 1, name, born, phone, "수송동", "2025-05-10", "Y", "N")
        for column, value in enumerate(line):
            sheet.write(number + 1, column, value)
    book.close()


def shortlist_seconds(size: str) -> dict[str, tuple[float, float]]:
    """Seconds and MiB of each rule over ballots of a size of `bench/shortlist.py`."""
    done = run(
        [sys.executable, "bench/shortlist.py", size], {**os.environ, "PYTHONPATH": str(ROOT)}
    )
    lines = re.findall(r"^([a-z][a-z ]*?)\s+([\d.]+)\s+([\d,]+)$", done.said, re.MULTILINE)
    return {name: (float(seconds), float(mib.replace(",", ""))) for name, seconds, mib in lines}


def clean_clone(folder: Path, limit: float = 600) -> tuple[float, float] | str:
    """Seconds until `make run` in a fresh clone answers, by the clock and of processor time; or why nobody knows."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    port = find_free_port()
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    log = folder / "clone.log"
    begun = time.monotonic()
    with log.open("wb") as out:
        child = subprocess.Popen(
            ["make", "run", f"ARGS=--port {port}"],
            cwd=clone, env=environ, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        while time.monotonic() - begun < limit and child.poll() is None:
            asked = subprocess.run(
                ["curl", "-sf", "-o", "/dev/null", f"http://127.0.0.1:{port}/"], check=False
            )
            if asked.returncode == 0:
                return time.monotonic() - begun, cpu_of([child.pid])
            time.sleep(0.5)
        said = log.read_text(errors="replace").strip().splitlines()[-1:]
        return f"no answer: {said}"
    finally:
        os.killpg(child.pid, 15)
        child.wait()
        shutil.rmtree(clone, ignore_errors=True)
