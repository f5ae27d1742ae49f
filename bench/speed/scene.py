"""The scene of the measurements: services over cities of several sizes, the bare application, and what to ask.

Every service is the one of `flask serve` in production, with two server processes and no worker beside. Limits per
person are as always: there are enough people to stay below them.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import select

from bench.faults.house import House
from bench.floor import app as floor
from bench.speed import cities
from bench.speed.load import Target
from config import ROOT, Settings
from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.rules import address_slug
from tools import services
from tools.services import find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Self

PEOPLE = 6_000
"""Signed-in people: each supports less than once in three seconds, whatever the service can do."""
HOT, SPREAD = 100, 10_000
"""Ideas for loads on one at a time, and for those over many."""
LIST = "/ideas?sort=new"
PATIENT = 300.0
"""Seconds within which a server must answer on a machine that others use too."""
_DEPTHS, _WALK, _STRIDE = 12, 400, 2_000
_WORDS_LINE = """
청년 월세 버스 막차 도서관 자격증 면접 산단 통근버스 원룸 보증금 자전거 소아과 창업 취업 군산대 나운동 수송동
이력서 시험비 급식 동아리 공유주방 알바 주휴수당 심리상담 농촌 어촌 축제 공방
"""
_WORDS = _WORDS_LINE.split()


@dataclass
class Place:
    """A service over a city, and the files that say what to ask it."""

    size: int
    house: House
    folder: Path
    target: Target
    hot: list[int] = field(default_factory=list)
    lively_path: str = ""
    supports_before: int = 0

    def file(self, name: str) -> Path:
        """A file of requests, a line each."""
        return self.folder / f"{name}.txt"

    def keep(self, name: str, lines: Sequence[object]) -> None:
        """Writes one. Raises `SystemExit` where there is nothing to ask."""
        if not lines:
            raise SystemExit(f"the city of {self.size:,} has no {name} to ask for")
        self.file(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


class Scene:
    """All servers of one run on one kind of database; a block in which they live."""

    def __init__(self, engine: str, sizes: Sequence[int], folder: Path) -> None:
        self.engine = engine
        self.sizes = sorted(sizes)
        self.folder = folder
        self.places: dict[int, Place] = {}
        self._stack = ExitStack()
        self._floor_stack = ExitStack()
        self._server = ""

    def __enter__(self) -> Self:
        try:
            if self.engine == "postgresql":
                self._start_postgres()
            for size in self.sizes:
                self.places[size] = self._open(size)
            self.floor, self.floor_url = self._start_floor()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_fault: object) -> None:
        self._stack.close()

    @property
    def main(self) -> Place:
        """Where everything but growth is measured."""
        return self.places[100_000 if 100_000 in self.sizes else self.sizes[-1]]

    def leave_alone(self) -> House:
        """Ends every server but the main one, which is started anew: what it holds is its own."""
        for place in self.places.values():
            place.house.stop()
        self._floor_stack.close()
        self._start(self.main.house)
        return self.main.house

    @property
    def version(self) -> str:
        """The database by its name and version."""
        if self._server:
            told = self.main.house.query("SHOW server_version")[0][0]
            return f"PostgreSQL {told.split()[0]}, durable (fsync on)"
        return f"SQLite {sqlite3.sqlite_version}, durable (synchronous=FULL)"

    def _start_postgres(self) -> None:
        # as in earnest: what was acknowledged is on the disk
        safe = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        services.POSTGRES_OPTIONS |= safe | {"shared_buffers": "512MB", "max_wal_size": "4GB"}
        self.folder.chmod(0o711)
        self._stack.callback(services.stop_postgres, self.folder)
        self._server = services.start_postgres(self.folder)

    def database_roots(self) -> list[int]:
        """The database's own processes, where it has any."""
        told = self.folder / "postgres" / "data" / "postmaster.pid"
        return [int(told.read_text().split("\n", 1)[0])] if self._server else []

    def _open(self, size: int) -> Place:
        folder = self.folder / f"place-{size}"
        folder.mkdir()
        if self._server:
            url = cities.take_postgres(size, self._server, self.folder)
        else:
            url = cities.take_sqlite(size, self.folder)
        house = House(folder / "house", url, up_within=PATIENT)
        house.invite(PEOPLE)
        place = Place(size, house, folder, self._target(f"{size:,} ideas", house))
        with house.inside():
            _collect(place)
        place.supports_before = house.query("SELECT count(*) FROM support")[0][0]
        place.keep("people", [f"{one.cookie} {one.csrf}" for one in house.people])
        self._start(house)
        _look(place)
        return place

    def _start(self, house: House) -> None:
        house.start("--no-migrate", "--no-worker")
        self._stack.callback(house.kill)

    def _target(self, name: str, house: House) -> Target:
        return Target(name, house.port, lambda: [house.pid, *self.database_roots()])

    def _start_floor(self) -> tuple[Target, str]:
        url = f"sqlite:///{self.folder}/floor.db"
        if self._server:
            url = cities.create_database(self._server, "floor")
            url = url.replace("postgresql://", "postgresql+psycopg://")
        floor.fill(url)
        size = len(self.main.house.get(LIST, within=PATIENT)[1].encode())
        port = find_free_port()
        self._stack.callback(self._floor_stack.close)
        child = self._floor_stack.enter_context(_floor_server(self.main.house, port, size, url))
        probe = House(self.folder / "probe", url, port=port, up_within=PATIENT)
        probe.wait_until_up()
        return Target("bare", port, lambda: [child.pid, *self.database_roots()]), url


@contextmanager
def _floor_server(
    house: House, port: int, size: int, url: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The bare application under the server of `flask serve`: granian, as many processes and threads."""
    settings = Settings.from_env(house.environ, instance=house.folder / "instance")
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", str(settings.workers)),
        *("--blocking-threads", str(settings.threads), "--no-ws", "--log-level", "warning"),
        "bench.floor.app:create_app",
    ]
    environ = {**house.whole_environment, "FLOOR_BYTES": str(size), "FLOOR_DATABASE": url}
    log = (house.folder / "floor.log").open("ab")
    with log:
        child = subprocess.Popen(
            command, cwd=ROOT, env=environ, start_new_session=True, stdout=log, stderr=log
        )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


# -- what to ask ---------------------------------------------------------------------------------


def _collect(place: Place) -> None:
    """Reads from the city what there is to ask for, and writes the files."""
    listed = select(Idea.id, Idea.title).where(Idea.is_listed)
    campaign = (
        session().scalars(select(Campaign.id).where(Campaign.slug.startswith(cities.CITY))).one()
    )
    in_city = listed.where(Idea.campaign_id == campaign)
    place.keep("first", ["/ideas"])
    place.keep("cursors", [f"{LIST}&after={cursor}" for cursor in _cursors(place.size)])
    lively = session().execute(in_city.where(Idea.comments_count.between(50, 80)).limit(400)).all()
    place.keep("lively", _paths(lively) or _paths(session().execute(in_city.limit(1)).all()))
    place.lively_path = place.file("lively").read_text(encoding="utf-8").split("\n", 1)[0]
    usual = in_city.where(
        Idea.comments_count == 2, Idea.supports_count.between(3, 15), Idea.family_id.is_(None)
    )
    found = session().execute(usual.order_by(Idea.number % 97, Idea.id).limit(3000)).all()
    place.keep("usual", _paths(found))
    titles = session().scalars(
        select(Idea.title).where(Idea.is_listed, Idea.campaign_id == campaign).limit(60)
    )
    streets = [" ".join(title.split()[1:3]) for title in titles]
    pairs = [f"{one} {other}" for one, other in zip(_WORDS, _WORDS[7:], strict=False)]
    queries = [*_WORDS, *pairs, *streets]
    place.keep("queries", [f"/ideas?q={quote(query)}" for query in queries])
    wishes = session().scalars(
        select(Idea.title).where(Idea.is_listed, Idea.campaign_id != campaign).limit(80)
    )
    place.keep("wishes", [f"/ideas/similar?title={quote(title)}" for title in wishes])
    open_now = select(Idea.id).where(Idea.state == State.PUBLISHED, Idea.campaign_id == campaign)
    ids = list(session().scalars(open_now.order_by(Idea.number % 101, Idea.id).limit(HOT + SPREAD)))
    place.hot = ids[:HOT]
    place.keep("hot", ids[:HOT])
    place.keep("spread", ids[HOT:])


def _look(place: Place) -> None:
    """Asks for one page of each kind: a load on redirections would look fast. Raises `SystemExit`."""
    cookie = place.house.people[0].cookie
    for name in ("first", "cursors", "lively", "usual", "queries", "wishes"):
        path = place.file(name).read_text(encoding="utf-8").split("\n", 1)[0]
        for address in (path, f"{path}{'&' if '?' in path else '?'}turn=1"):
            status, _text = place.house.get(
                address, cookie if name == "wishes" else "", within=PATIENT
            )
            if status != 200:
                raise SystemExit(f"{address} was answered {status}, not 200")


def _paths(rows: Sequence[tuple[int, str]]) -> list[str]:
    return [f"/ideas/{key}-{quote(address_slug(title))}" for key, title in rows]


def _cursors(size: int) -> list[str]:
    """Cursors of pages from the first to the last: some depths of the list, and a walk from each.

    By the service's own way from page to page, whatever a cursor is made of.
    """
    found: list[str] = []
    passed, after = 0, None
    for depth in range(_DEPTHS):
        while passed < size * depth // _DEPTHS:
            stride = min(_STRIDE, size * depth // _DEPTHS - passed)
            page = ideas.list_ideas(sort="new", limit=stride, after=after)
            passed, after = passed + stride, page.next
        page = ideas.list_ideas(sort="new", limit=20, after=after)
        for _step in range(min(_WALK, size // 20 // _DEPTHS + 1)):
            if page.next is None:
                break
            found.append(page.next)
            page = ideas.list_ideas(sort="new", limit=20, after=page.next)
    return found
