"""Runs the tests that reach a guard while it is away, in forked copies of a process in which everything stands ready.

A host is one run of pytest that has collected the tests and built the application, and then forks: a child costs
its tests and nothing else. Hosts take what there is to do from one pipe, four bytes each, and answer into another.
Browser tests and slow ones are left out. Must not know what a guard is beyond its key, its room and its kind.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol

from tools.mutants.guards import OF_CODE, ROOT, Guard, mark_all, take_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

GATES = (
    "tests/security/test_guards.py",
    "tests/security/test_forms_hold.py",
    "tests/architecture/test_templates.py",
)
"""Tests that ask every address or template: they stand for the kinds of guards that are no words in a function."""
LIKELIEST = {
    "access": f"{GATES[0]}::test_every_guard_asks_for_what_its_mark_says",
    "confirmed": f"{GATES[0]}::test_these_acts_ask_once_more_who_it_is",
    "require": "tests/security/test_verbs_refuse.py::test_every_verb_that_refuses_at_once_still_does",
    "page": f"{GATES[2]}::test_nothing_is_written_unescaped_but_what_was_made_safe_before",
    "token": f"{GATES[1]}::test_each_act_is_refused_without_its_token_and_nothing_is_written",
}
LONGEST = 60
"""Seconds of CPU of one test: one that turns in circles without the guard has noticed. By the clock it may take three
times as long, for on a busy machine the clock alone says nothing.
"""
WARM = 2
"""So many tests of a guard run in the host before it forks. With what they leave behind - statements and templates
that are compiled, modules that are imported - the same test takes a third in the child; and what fails here, with
every guard in its place, notices nothing there.
"""


ENGINES = ("vl_convert", "typst")
"""Libraries that start threads of their own: in a child they would wait for these for ever, so the host keeps them
shut.
"""


@dataclass
class Reached:
    """What one test met: the keys of guards, in how many seconds, and whether it passes as things are."""

    seconds: float = 0
    keys: list[str] = field(default_factory=list)
    passed: bool = True


@dataclass(frozen=True)
class Tried:
    """What came of a guard that was away: `how` is "noticed", "survived" or "odd"; by which test."""

    key: str
    how: str
    by: str = ""
    seconds: float = 0
    tests: int = 0


def numbers(count: int) -> int:
    """The reading end of a pipe that holds the numbers below `count`, for whoever asks next."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        with contextlib.suppress(BrokenPipeError):
            for number in range(count):
                os.write(write, number.to_bytes(4))
        os._exit(0)
    os.close(write)
    return read


def _next(pipe: int) -> int | None:
    said = os.read(pipe, 4)
    return int.from_bytes(said) if said else None


def run_hosts(jobs: int, folder: Path, work: Callable[[Host], None], tests: list[str]) -> bool:
    """Starts the hosts, each of which does the work; whether all of them came to their end."""
    children = []
    for number in range(jobs):
        pid = os.fork()
        if pid == 0:
            status = 1
            with contextlib.suppress(BaseException):
                base = folder / f"host{number}"
                options = [
                    "-q",
                    "-s",
                    "-n",
                    "0",
                    "-p",
                    "no:cacheprovider",
                    "-m",
                    "not browser and not slow",
                ]
                host = Host(number, folder, work)
                with (folder / f"host{number}.log").open("w") as log:
                    os.dup2(log.fileno(), 1)
                    os.dup2(log.fileno(), 2)
                    pytest.main([*options, f"--basetemp={base}", *tests], plugins=[host])
                    status = 0 if host.is_done else 1
            os._exit(status)
        children.append(pid)
    return all([os.waitpid(pid, 0)[1] == 0 for pid in children])  # noqa: C419  # wait for each


class _Door(ModuleType):
    """Stands in the place of a library, and knows whether somebody wanted it."""

    asked = False

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):
            self.asked = True
        raise AttributeError(name)


@contextlib.contextmanager
def _shut(names: tuple[str, ...]) -> Iterator[list[_Door]]:
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    doors = [_Door(name) for name in names]
    sys.modules.update({door.__name__: door for door in doors})
    try:
        yield doors
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(kept)


class Host:
    """The plugin that stands in the place of pytest's own loop."""

    def __init__(self, number: int, folder: Path, work: Callable[[Host], None]) -> None:
        self.number, self.folder, self._work = number, folder, work
        self.is_done = False
        self._fixtures: dict[str, Any] = {}
        self._items: dict[str, pytest.Item] = {}
        self._nothing: Any = None
        self._warm: dict[str, bool] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Keeps what all tests share: their applications and their folder."""
        made = yield
        if fixturedef.argname in {"shared_app", "spare_app", "tmp_path_factory"}:
            self._fixtures[fixturedef.argname] = made
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Warms up, works, and is done."""
        self._items = {item.nodeid: item for item in session.items}
        # what all tests share outlives each of them, and nothing else does
        self._nothing = SimpleNamespace(listchain=lambda: [session])
        for name in ("app", "own_app"):
            ready = (i for i in session.items if name in getattr(i, "fixturenames", ()))
            if first := next(ready, None):
                runtestprotocol(first, nextitem=self._nothing, log=False)
        self._let_go()
        self._work(self)
        self.is_done = True
        return True

    @property
    def app(self) -> Flask:
        """The application of the tests."""
        app: Flask = self._fixtures["shared_app"]
        return app

    def files(self) -> dict[str, list[str]]:
        """The tests of each file."""
        found = defaultdict(list)
        for name in self._items:
            found[name.partition("::")[0]].append(name)
        return dict(found)

    def has(self, name: str) -> bool:
        """Whether there is such a test."""
        return name in self._items

    def _let_go(self) -> None:
        """No connection of a database goes into a child."""
        from ideas_app.core.db import db

        for name in ("shared_app", "spare_app"):
            if app := self._fixtures.get(name):
                with app.app_context():
                    db.engine.dispose()

    def passes(self, name: str) -> bool:
        """Whether a test passes as things are; it is run once. What draws is not tried, and taken to pass."""
        if name not in self._warm:
            with _shut(ENGINES) as doors:
                self._warm[name] = self.run(name)[0] or any(door.asked for door in doors)
            self._let_go()
        return self._warm[name]

    def fork(self, do: Callable[[], Any]) -> Any:
        """What a child says when it has done this; None where it ended otherwise. Its files are gone afterwards."""
        base = self.folder / f"child{self.number}"
        base.mkdir()
        said = base / "said.json"
        pid = os.fork()
        if pid == 0:
            try:
                setattr(self._fixtures["tmp_path_factory"], "_basetemp", base)  # noqa: B010  # its own
                said.write_text(json.dumps(do()))
            except BaseException:  # noqa: BLE001  # it goes into the host's log
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(0)
        os.waitpid(pid, 0)
        answer = json.loads(said.read_text()) if said.exists() else None
        shutil.rmtree(base, ignore_errors=True)
        return answer

    def run(self, name: str, then: str | None = None) -> tuple[bool, float]:
        """Runs a test; whether it passed, and in how many seconds. `then` is the next one, where it is known."""
        begun = time.monotonic()
        following = self._items[then] if then else self._nothing
        reports = runtestprotocol(self._items[name], nextitem=following, log=False)
        failed = [each for each in reports if each.failed]
        for each in failed:
            say(name, each.when, each.longrepr)  # into the host's log
        return not failed, time.monotonic() - begun


# Which test meets which guard -------------------------------------------------------------------


def record(host: Host, guards: list[Guard], files: list[str], pipe: int) -> None:
    """Runs the tests of these files, as they come from the pipe, and writes down what each meets."""
    tests = host.files()
    met: set[str] = set()

    def do() -> bool:
        mark_all(guards, met.add)
        with (host.folder / f"reached{host.number}.jsonl").open("w") as out:
            while (number := _next(pipe)) is not None:
                names = tests.get(files[number], [])
                for place, name in enumerate(names, 1):
                    met.clear()
                    passed, seconds = host.run(name, names[place] if names[place:] else None)
                    line = Reached(round(seconds, 3), sorted(met), passed)
                    out.write(json.dumps({name: asdict(line)}) + "\n")
                    out.flush()
        return True

    if not host.fork(do):
        raise RuntimeError("the tests could not be recorded")


# Trying -----------------------------------------------------------------------------------------


@cache
def _text_of(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def order(guard: Guard, reached: dict[str, Reached], killers: dict[str, str]) -> list[str]:
    """The tests that may notice, the likeliest first: the one that did, those of the room that name it, quick ones."""
    if guard.kind not in OF_CODE:
        names = [name for name, one in reached.items() if name.startswith(GATES) and one.passed]
    else:
        names = [name for name, one in reached.items() if guard.key in one.keys and one.passed]
    word = guard.function.rpartition(".")[2]
    if guard.kind == "refusal":
        word = guard.words.partition("(")[2].strip("\"'").partition('"')[0].partition("'")[0]

    def place(name: str) -> tuple[bool, bool, bool, float]:
        file = name.partition("::")[0]
        own = file.startswith(f"tests/{guard.room}/")
        named = word in _text_of(file)
        return (
            name != killers.get(guard.key, LIKELIEST.get(guard.kind)),
            not (own and named),
            not own,
            reached[name].seconds,
        )

    return sorted(names, key=place)


def try_all(
    host: Host,
    guards: list[Guard],
    reached: dict[str, Reached],
    killers: dict[str, str],
    pipes: tuple[int, int],
    most: int,
) -> None:
    """Tries guards by so many tests at most, as they come from the pipe, and answers one line of JSON each."""
    work, answers = pipes
    while (number := _next(work)) is not None:
        guard = guards[number]
        tests = [name for name in order(guard, reached, killers) if host.has(name)]
        tests = [name for name in tests[:WARM] if host.passes(name)] + tests[WARM:most]
        begun = time.monotonic()
        said = host.fork(partial(_try, host, guard, tests))
        how, by, count = said or ("noticed", "a test hung, or ended the process", 0)
        tried = Tried(guard.key, how, by, round(time.monotonic() - begun, 2), count)
        os.write(answers, (json.dumps(asdict(tried)) + "\n").encode())


def _try(host: Host, guard: Guard, tests: list[str]) -> tuple[str, str, int]:
    try:
        take_out(guard, host.app)
    except (LookupError, ValueError) as fault:
        return "odd", str(fault), 0
    for count, name in enumerate(tests, 1):
        signal.alarm(3 * LONGEST)
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        passed, _seconds = host.run(name)
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if not passed:
            return "noticed", name, count
    return "survived", "", len(tests)


def check(host: Host, names: list[str], out: Path) -> None:
    """Runs tests with every guard in its place, and writes down those that fail."""

    def do() -> list[str]:
        return [name for name in names if host.has(name) and not host.run(name)[0]]

    out.write_text(json.dumps(host.fork(do)))


def say(*words: object, sep: str = " ") -> None:
    """A line for whoever waits."""
    print(*words, sep=sep, flush=True)
