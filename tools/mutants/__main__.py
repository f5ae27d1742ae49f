"""Takes one guard after the other away and looks whether a test notices: `make mutants`. Exit 1 where none does.

    python -m tools.mutants [ROOM ...] [--kind KIND] [--jobs N] [--list] [--record] [--only KEY]

First the tests are run once with every guard in its place, to see which test meets which guard; that is kept in
`.cache/mutants`, and done again for files of tests that changed, or for all where the service changed. Then each
guard is taken out of a forked process, where the tests that meet it run until one fails: the one that failed last
time first. What is known to survive stands in `tools/mutants.txt` with its reason; a line there that no longer
survives is a fault too. Never run by CI.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import Settings
from ideas_app.factory import build_app
from tools.mutants.guards import (
    KINDS,
    ROOT,
    Guard,
    guards_of_code,
    guards_of_pages,
    guards_of_views,
)
from tools.mutants.trial import Reached, Tried, check, numbers, record, run_hosts, say, try_all

if TYPE_CHECKING:
    from flask import Flask

KNOWN = ROOT / "tools" / "mutants.txt"
CACHE = ROOT / ".cache" / "mutants"


@cache
def _every() -> tuple[Guard, ...]:
    return (*guards_of_code(), *guards_of_views(_app()), *guards_of_pages())


def list_guards(rooms: list[str], kinds: list[str]) -> list[Guard]:
    """Every guard of the rooms and kinds; all where none is named."""
    return [one for one in _every() if one.kind in kinds and (not rooms or one.room in rooms)]


def _app() -> Flask:
    """The application, on no database: only its addresses are looked at."""
    folder = Path(tempfile.gettempdir())
    environ = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PERSON_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": f"sqlite:///{folder / 'none.db'}",
    }
    return build_app(Settings.from_env(environ, instance=folder))


def known() -> dict[str, str]:
    """What is known to survive, each with its reason."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines() if KNOWN.exists() else []
    pairs = (line.split(" -- ", 1) for line in lines if line and not line.startswith("#"))
    return {key.strip(): reason.strip() for key, reason in pairs}


def _load(name: str) -> dict[str, Any]:
    file = CACHE / name
    kept: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return kept


def _keep(name: str, what: object) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / name).write_text(json.dumps(what, indent=1, ensure_ascii=False))


def _print_of(files: list[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


def find_reached(
    jobs: int, folder: Path, *, anew: bool, as_kept: bool = False
) -> dict[str, Reached]:
    """Which test meets which guard: as it was kept, and recorded for what changed since."""
    code = _print_of(list((ROOT / "ideas_app").rglob("*.py")))
    tests = sorted(ROOT.glob("tests/**/test_*.py"))
    prints = {str(file.relative_to(ROOT)): _print_of([file]) for file in tests}
    kept = {} if anew else _load("reached.json")
    if as_kept:
        return {name: Reached(**one) for name, one in kept.get("reached", {}).items()}
    former = kept.get("files", {}) if kept.get("code") == code else {}
    stale = [file for file in prints if former.get(file) != prints[file]]
    reached = {
        name: Reached(**one)
        for name, one in (kept.get("reached", {}) if former else {}).items()
        if name.partition("::")[0] in prints and name.partition("::")[0] not in stale
    }
    if stale:
        say(f"recording {len(stale)} files of tests")
        guards, pipe = list_guards([], list(KINDS)), numbers(len(stale))
        if not run_hosts(jobs, folder, lambda host: record(host, guards, stale, pipe), stale):
            sys.exit(f"the tests could not be recorded: {folder}")
        for part in folder.glob("reached*.jsonl"):
            for line in part.read_text().splitlines():
                reached |= {name: Reached(**one) for name, one in json.loads(line).items()}
        plain = {name: vars(one) for name, one in sorted(reached.items())}
        _keep("reached.json", {"code": code, "files": prints, "reached": plain})
    return reached


def try_guards(
    guards: list[Guard], reached: dict[str, Reached], jobs: int, folder: Path, most: int
) -> list[Tried]:
    """Takes out each, and says at once what came of it where no test noticed."""
    killers, expected, tried = _load("killers.json"), known(), []
    where = {one.key: one for one in guards}
    work, (read, write) = numbers(len(guards)), os.pipe()
    watcher = os.fork()
    if watcher == 0:
        os.close(read)
        names = sorted({name.partition("::")[0] for name in reached})
        pipes = (work, write)
        ended = run_hosts(
            jobs, folder, lambda host: try_all(host, guards, reached, killers, pipes, most), names
        )
        os._exit(0 if ended else 1)
    os.close(write)
    with os.fdopen(read) as answers:
        for line in answers:
            one = Tried(**json.loads(line))
            tried.append(one)
            if one.how == "noticed":
                killers[one.key] = one.by
            else:
                guard = where[one.key]
                note = expected.get(one.key, "NO TEST NOTICES")
                place = f"{guard.path}:{guard.line} {guard.kind} {guard.function} {guard.words}"
                say(f"{place}: {one.how} {one.by} ({one.tests} tests, {one.seconds} s): {note}")
            if len(tried) % 20 == 0:
                say(f"... {len(tried)} of {len(guards)}")
                _keep("killers.json", killers)
                _keep("tried.json", [vars(each) for each in tried])
    os.waitpid(watcher, 0)
    _keep("killers.json", killers)
    _keep("tried.json", [vars(one) for one in tried])
    return tried


def find_unsure(tried: list[Tried], folder: Path) -> list[str]:
    """Tests that noticed, and fail as well with every guard in its place: they have noticed nothing."""
    names = sorted({one.by for one in tried if "::" in one.by})
    out = folder / "unsure.json"
    run_hosts(
        1,
        folder,
        lambda host: check(host, names, out),
        sorted({n.partition("::")[0] for n in names}),
    )
    unsure: list[str] = json.loads(out.read_text()) if out.exists() else names
    return unsure


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="only name the guards")
    parser.add_argument("--record", action="store_true", help="look anew which test meets which")
    parser.add_argument("--kept", action="store_true", help="do not look: take it as it was kept")
    parser.add_argument("--rest", action="store_true", help="only what no test noticed so far")
    parser.add_argument("--most", type=int, default=1000, help="so many tests a guard")
    parser.add_argument("--only", action="append", help="guards whose key holds this")
    options = parser.parse_args()
    guards = list_guards(options.rooms, options.kind or list(KINDS))
    if options.only:
        guards = [one for one in guards if any(part in one.key for part in options.only)]
    if options.rest:
        noticed = _load("killers.json")
        guards = [one for one in guards if one.key not in noticed]
    if options.list:
        say(*(f"{one.path}:{one.line} {one.kind} {one.words}" for one in guards), sep="\n")
        say(dict(Counter(one.kind for one in guards)), f"{len(guards)} guards")
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants") as name:
        folder = Path(name)
        reached = find_reached(options.jobs, folder, anew=options.record, as_kept=options.kept)
        say(f"{len(reached)} tests, {time.monotonic() - begun:.0f} s")
        for one in [name for name, one in reached.items() if not one.passed]:
            say(f"left out, as it fails with every guard in its place: {one}")
        tried = try_guards(guards, reached, options.jobs, folder, options.most)
        unsure = find_unsure(tried, folder)
    return _tell(guards, tried, unsure, begun)


def _tell(guards: list[Guard], tried: list[Tried], unsure: list[str], begun: float) -> int:
    expected = known()
    survivors = {one.key for one in tried if one.how != "noticed" or one.by in unsure}
    asked = {one.key for one in guards}
    every = {one.key for one in list_guards([], list(KINDS))}
    stale = [key for key in expected if (key in asked and key not in survivors) or key not in every]
    for key in stale:
        say(f"no longer survives, take it out of {KNOWN.name}: {key}")
    for one in unsure:
        say(f"noticed, and fails with every guard in its place: {one}")
    fresh = sorted(survivors - set(expected))
    lost = len(guards) - len(tried)
    for kind, count in Counter(one.kind for one in guards).items():
        left = sum(f" {kind} " in key for key in survivors)
        say(f"{kind:12} {count:4} guards, {count - left:4} noticed, {left:3} survive")
    say(
        f"{len(guards)} guards, {len(tried) - len(survivors)} noticed, {len(survivors)} survive "
        f"({len(survivors) - len(fresh)} with a reason), {lost} not tried; {time.monotonic() - begun:.0f} s"
    )
    return 1 if fresh or stale or lost else 0


if __name__ == "__main__":
    sys.exit(main())
