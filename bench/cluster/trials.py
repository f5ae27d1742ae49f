"""What is tried on the cluster: what a request costs with more processes, and what happens when something goes away.

A trial raises `AssertionError` or `TimeoutError` where a promise does not hold, and returns one line.
"""

from __future__ import annotations

import http.client
import os
import shutil
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.cluster.hosts import PORT, Host
from bench.cluster.network import Network
from bench.cluster.servers import Postgres, cpu_of, end, start_nginx, start_pgbouncer, start_redis
from bench.cluster.traffic import Traffic
from bench.faults.house import House
from ideas_app.accounts.events import ResetAsked
from ideas_app.core import outbox
from ideas_app.core.db import transaction

if TYPE_CHECKING:
    import subprocess
    from types import TracebackType
    from typing import Self

NAMES = ("a", "b")
DATABASE = "ideas"
NOTICED = 5.0
"""Seconds after which nginx has noticed that a host is away: connecting takes 3 s at most, then it is left alone."""
EVENTS = 200


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured of one set-up. CPU in milliseconds a request: service, primary, replica and pooler."""

    what: str
    reads_a_second: float
    votes_a_second: float
    read_cpu: tuple[float, float]
    vote_cpu: tuple[float, float]


@dataclass
class Cluster:
    """All of it, as long as the block lasts."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="ideas-cluster-")))
    network: Network = field(default_factory=lambda: Network(NAMES))
    hosts: dict[str, Host] = field(default_factory=dict)
    _ending: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.chmod(0o711)
        self.network.__enter__()
        centre = self.network.centre
        self.primary = Postgres(self.folder / "primary", centre)
        self.primary.make()
        self.primary.start()
        self.primary.query(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
        self.replica = Postgres(self.folder / "replica", centre)
        self.replica.follow(self.primary)
        self.replica.start()
        redis, redis_url = start_redis(self.folder, centre)
        self.pooler, pooler_port = start_pgbouncer(self.folder, self.primary)
        at = [f"{self.network.address(name)}:{PORT}" for name in NAMES]
        nginx, nginx_port = start_nginx(self.folder, at)
        self._ending += [redis, self.pooler, nginx]
        self.direct_url = self.primary.url_of(DATABASE)
        self.pooled_url = self.direct_url.replace(f":{self.primary.port}/", f":{pooler_port}/")
        self.house = House(self.folder / "house", self.direct_url, redis_url)
        self.house.port = nginx_port
        self.house.environ |= {"BASE_URL": f"http://127.0.0.1:{nginx_port}", "TRUSTED_PROXIES": "1"}
        # more votes than all trials give: each person supports each idea once
        self.house.fill(people=2500, ideas=40)
        self.traffic = Traffic(self.house)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for host in self.hosts.values():
            host.kill()
        for process in self._ending:
            end(process)
        self.replica.stop()
        self.primary.stop()
        self.network.__exit__(None, None, None)
        shutil.rmtree(self.folder, ignore_errors=True)

    def serve(self, names: str, *, workers: int, pooled: bool, replica: bool) -> None:
        """Starts the named hosts anew with these settings; the others stand still."""
        for host in self.hosts.values():
            host.kill()
        for name in names:
            environ = {
                **self.house.environ,
                "WORKERS": str(workers),
                "DATABASE_URL": self.pooled_url if pooled else self.direct_url,
                "DATABASE_POOLED": "1" if pooled else "0",
                "DATABASE_READ_URL": self.replica.url_of(DATABASE) if replica else "",
            }
            where = self.network.address(name), self.network.within(name)
            self.hosts[name] = Host(self.folder / name, *where, environ)
            self.hosts[name].start()

    def cpu(self) -> tuple[float, float]:
        """Seconds of CPU so far: of the hosts, and of databases and pooler."""
        hosts = sum(host.cpu() for host in self.hosts.values())
        stores = self.primary.cpu() + self.replica.cpu() + cpu_of(self.pooler.pid)
        return hosts, stores

    def warm_up(self) -> None:
        """Some requests first: connections, and the first look at the replica."""
        self.load(threads=2, readers=4, seconds=3)

    def load(self, *, threads: int, readers: int, seconds: float) -> None:
        """So much traffic for so long."""
        self.traffic.threads, self.traffic.readers = threads, readers
        self.traffic.begin()
        time.sleep(seconds)
        self.traffic.stop()


def measure(cluster: Cluster, what: str, seconds: float) -> Cost:
    """What reads and votes cost now."""
    cluster.warm_up()
    found = []
    for threads, readers, marks in (
        (0, 8, cluster.traffic.reads),
        (8, 0, cluster.traffic.votes),
    ):
        before, had, begun = cluster.cpu(), len(marks), time.monotonic()
        cluster.load(threads=threads, readers=readers, seconds=seconds)
        count, passed = max(1, len(marks) - had), time.monotonic() - begun
        used = [
            (now - then) * 1000 / count for now, then in zip(cluster.cpu(), before, strict=True)
        ]
        found.append((count / passed, (used[0], used[1])))
    (reads, read_cpu), (votes, vote_cpu) = found
    return Cost(what, reads, votes, read_cpu, vote_cpu)


def _under_load(cluster: Cluster, seconds: float) -> float:
    """Begins traffic and lets it run; the moment now."""
    cluster.traffic.threads = cluster.traffic.readers = 4
    cluster.traffic.begin()
    time.sleep(seconds)
    return time.monotonic()


def _told(cluster: Cluster, since: float) -> str:
    """Ends the traffic; what failed since a moment, and whether votes add up."""
    traffic = cluster.traffic
    traffic.stop()
    noticed = since + NOTICED
    late, all_of_them = traffic.failed(noticed), traffic.failed(since)
    asked = traffic.begun_since(noticed)
    line = traffic.check()
    assert asked, "nobody asked after it was noticed"
    assert any(vote.begun >= noticed for vote in traffic.votes), "nobody voted after it was noticed"
    assert not late, f"{late} of {asked} failed after it was noticed"
    return f"{all_of_them} failed in the first {NOTICED:.0f} s, then 0 of {asked}; votes {line}"


def host_killed(cluster: Cluster) -> str:
    """One of two hosts is killed under load, and comes back."""
    begun = _under_load(cluster, 4)
    cluster.hosts["b"].kill()
    time.sleep(NOTICED + 10)
    line = _told(cluster, begun)
    cluster.hosts["b"].start()
    again = _under_load(cluster, 8)
    cluster.traffic.stop()
    assert not cluster.traffic.failed(again - 8), "failed after it was back"
    return line


def host_cut_off(cluster: Cluster) -> str:
    """The plug of one of two hosts is pulled under load: nobody says no, nothing arrives."""
    if not cluster.network.real:
        return "not tried: hosts on loopback cannot be cut off (needs root and `ip`)"
    begun = _under_load(cluster, 4)
    cluster.network.cut("b")
    time.sleep(NOTICED + 20)
    try:
        return _told(cluster, begun)
    finally:
        cluster.network.join("b")
        time.sleep(3)


def replica_lost(cluster: Cluster) -> str:
    """The replica is killed under load, and comes back: nobody notices."""
    begun = _under_load(cluster, 4)
    cluster.replica.stop()
    time.sleep(8)
    away = cluster.hosts["a"].ready()["replica"]
    cluster.replica.start()
    back = cluster.hosts["a"].wait_for_replica("ready")
    cluster.traffic.stop()
    failed = cluster.traffic.failed(begun)
    asked, line = cluster.traffic.begun_since(begun), cluster.traffic.check()
    assert away == "away", f"readyz said {away}"
    assert not failed, f"{failed} of {asked} failed"
    return f"0 of {asked} failed; read again {back:.0f} s after it was back; votes {line}"


def replica_behind(cluster: Cluster) -> str:
    """The replica stands still: own votes are seen at once, and after 5 s everybody reads from the primary."""
    host, idea_id = cluster.hosts["a"], cluster.house.ideas[-1]
    cluster.load(threads=0, readers=2, seconds=2)
    host.wait_for_replica("ready")
    person = cluster.house.people[-1]
    cluster.replica.query("SELECT pg_wal_replay_pause()")
    try:
        cookie = _vote(cluster, person.cookie, person.csrf, idea_id)
        seen = 'aria-pressed="true"' in _page(host, idea_id, cookie)
        cluster.load(threads=2, readers=2, seconds=9)
        standing = host.ready()["replica"]
    finally:
        cluster.replica.query("SELECT pg_wal_replay_resume()")
    assert seen, "whoever voted was shown the state before"
    assert standing == "behind", f"readyz said {standing}"
    cluster.load(threads=0, readers=2, seconds=2)
    back = host.wait_for_replica("ready")
    return f"own vote seen at once, left alone while it was behind, read again after {back:.0f} s"


def _vote(cluster: Cluster, cookie: str, csrf: str, idea_id: int) -> str:
    """A vote through a browser; its cookie afterwards."""
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    cluster.traffic.attempted[idea_id] += 1
    with closing(
        http.client.HTTPConnection("127.0.0.1", cluster.house.port, timeout=20)
    ) as browser:
        browser.request(
            "POST", f"/ideas/{idea_id}/support", urlencode({"csrf_token": csrf}), headers
        )
        answer = browser.getresponse()
        answer.read()
        assert answer.status == 303, f"the vote was answered {answer.status}"
        return (answer.getheader("Set-Cookie") or cookie).split(";")[0]


def _page(host: Host, idea_id: int, cookie: str) -> str:
    """The idea's page, as this person sees it."""
    text = host.ask(f"/ideas/{idea_id}", cookie)[1]
    path = text.split('href="', 1)[1].split('"')[0] if "Redirecting" in text else ""
    return host.ask(path, cookie)[1] if path else text


def workers_share(cluster: Cluster) -> str:
    """Workers on both hosts handle events: each once."""
    people = [person.account_id for person in cluster.house.people[:EVENTS]]
    with cluster.house.inside(), transaction():
        for account_id in people:
            outbox.publish(ResetAsked(account_id))
    waits = "SELECT count(*) FROM outbox_event WHERE done_at IS NULL AND dead_at IS NULL"
    until = time.monotonic() + 180
    while cluster.primary.query(waits, DATABASE) != [(0,)] and time.monotonic() < until:
        time.sleep(0.5)
    kinds = (
        "SELECT count(*), count(done_at), max(attempts) FROM outbox_event WHERE kind = 'ResetAsked'"
    )
    (row,) = cluster.primary.query(kinds, DATABASE)
    mails = len(list((cluster.house.folder / "mail").glob("*.eml")))
    assert row == (EVENTS, EVENTS, 1), f"events, done, attempts: {row}"
    assert mails == EVENTS, f"{mails} mails for {EVENTS} events"
    return f"{EVENTS} events, each handled once, {mails} mails"


TRIALS = (
    ("workers on both hosts", workers_share),
    ("a host is killed, and comes back", host_killed),
    ("a host is cut off", host_cut_off),
    ("the replica is killed, and comes back", replica_lost),
    ("the replica stands still", replica_behind),
)


def cores() -> int:
    """Of this machine."""
    return os.cpu_count() or 1
