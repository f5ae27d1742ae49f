"""What the machine tells: processor time of processes, what others use meanwhile, memory. Linux only (/proc)."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def _ppid_and_ticks(pid: int) -> tuple[int, int]:
    # the name in brackets may hold anything
    fields = (_PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[1]), sum(int(each) for each in fields[11:15])


def tree_of(roots: Iterable[int]) -> dict[int, int]:
    """Some processes with all below them, each with the ticks it and its ended children have used."""
    seen: dict[int, tuple[int, int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                seen[int(entry.name)] = _ppid_and_ticks(int(entry.name))
    below: dict[int, list[int]] = {}
    for pid, (parent, _ticks) in seen.items():
        below.setdefault(parent, []).append(pid)
    found: dict[int, int] = {}
    left = [root for root in roots if root in seen]
    while left:
        pid = left.pop()
        if pid not in found:
            found[pid] = seen[pid][1]
            left += below.get(pid, [])
    return found


def cpu_of(roots: Iterable[int]) -> float:
    """Seconds of processor time that processes and all below them have used."""
    return sum(tree_of(roots).values()) / _TICKS


def busy_seconds() -> float:
    """Seconds of processor time that anybody has used since the machine started."""
    fields = (_PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]
    ticks = [int(each) for each in fields]
    return (sum(ticks) - ticks[3] - ticks[4]) / _TICKS


def used_by_all(seconds: float = 0.5) -> float:
    """Cores in use just now, whoever uses them."""
    before, begun = busy_seconds(), time.monotonic()
    time.sleep(seconds)
    return (busy_seconds() - before) / (time.monotonic() - begun)


class Patience:
    """Waits for a quiet machine, so many seconds altogether; then goes on all the same and lets the report tell."""

    def __init__(self, seconds: float, limit: float = 0.3) -> None:
        self.left = seconds
        self.limit = limit

    def wait(self) -> None:
        """Returns once the cores are left alone, or patience is at its end."""
        while self.left > 0:
            begun = time.monotonic()
            is_quiet = used_by_all(0.3) <= self.limit
            if is_quiet:
                return
            time.sleep(1)
            self.left -= time.monotonic() - begun


def drain(roots: Iterable[int], patience: float = 60) -> None:
    """Waits until servers have worked off what a load left in their queues."""
    watched, until = list(roots), time.monotonic() + patience
    while time.monotonic() < until:
        before = cpu_of(watched)
        time.sleep(0.2)
        if cpu_of(watched) - before < 0.03:
            return


def memory_of(roots: Iterable[int]) -> dict[int, float]:
    """MiB of each process and those below, what they share counted in parts (PSS)."""
    found = {}
    for pid in tree_of(roots):
        with suppress(OSError):
            told = (_PROC / str(pid) / "smaps_rollup").read_text()
            pss = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
            found[pid] = int(pss[1]) / 1024 if pss else 0.0
    return found


def mapped_of(roots: Iterable[int], file: str) -> float:
    """MiB of a file that these processes have mapped into memory: the kernel takes it back at will."""
    found = 0
    for pid in tree_of(roots):
        with suppress(OSError):
            is_file = False
            for line in (_PROC / str(pid) / "smaps").read_text().splitlines():
                if not line[0].isupper():
                    is_file = line.endswith(file)
                elif is_file and line.startswith("Pss:"):
                    found += int(line.split()[1])
    return found / 1024


def describe() -> list[tuple[str, str]]:
    """What the figures were taken on; nothing that names the machine."""
    model = re.search(r"model name\s*:\s*(.+)", (_PROC / "cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", (_PROC / "meminfo").read_text())
    gib = int(memory[1]) / 2**20 if memory else 0
    packages = ("flask", "sqlalchemy", "jinja2", "psycopg", "granian")
    return [
        (
            "machine",
            f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}, {gib:.0f} GiB",
        ),
        ("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"),
        ("packages", ", ".join(f"{name} {version(name)}" for name in packages)),
        ("load generator", _wrk_version()),
    ]


def _wrk_version() -> str:
    program = shutil.which("wrk")
    if program is None:
        return "none"
    told = subprocess.run([program, "-v"], capture_output=True, text=True, check=False).stdout
    return " ".join(told.split("[", 1)[0].split()) + ", one thread, on the same cores"
