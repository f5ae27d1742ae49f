"""The trials R1 to R15: each breaks something under load and says in figures what came of it.

A trial gets an empty house, raises `AssertionError` or `TimeoutError` where a promise does not hold, and returns
one line.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import func, insert, select, update

from bench.faults.load import Load
from bench.faults.machines import NotHere
from bench.faults.raw import HIDDEN, answers_to, cases, two_requests
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Idea
from ideas_app.programmes.models import Participation
from ideas_app.votes.models import Support
from tests.cli.post_office import PostOffice
from tests.factories import make_programme
from tests.people import make_account
from tests.programmes.scenes import csv_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.faults.house import House
    from bench.faults.machines import Machines

    Run = Callable[[House, Machines], str]


@dataclass(frozen=True, slots=True)
class Trial:
    """`on`: the databases that it runs on. `redis`: whether the house has one."""

    key: str
    title: str
    run: Run
    on: tuple[str, ...] = ("sqlite", "postgresql")
    redis: bool = False


def killed_at_full_load(house: House, _machines: Machines) -> str:
    """R1: server and worker killed three times while people vote."""
    house.fill(people=800, ideas=10)
    load, back = Load(house), []
    house.start()
    for _ in range(3):
        before = load.acknowledged.total()
        load.start()
        load.wait_for(before + 150)
        house.kill()
        load.stop()
        back.append(house.start())
    line = load.check()
    for idea_id in house.ideas:
        assert house.shown(idea_id) == house.counted()[idea_id]
    assert max(back) < 10, f"back after {max(back):.1f} s"
    return f"{line}; back in {max(back):.1f} s at most"


def one_person_many_times(house: House, _machines: Machines) -> str:
    """R2: 64 threads, one person, one idea; then 40 people at once."""
    house.fill(people=41, ideas=2)
    house.start()
    first, second = house.ideas
    same = Load(house, threads=64)
    same.start(iter([(house.people[0], first)] * 128))
    same.join()
    many = Load(house, threads=40)
    many.start((person, second) for person in house.people[1:])
    many.join()
    rows = house.counted()
    assert rows[first] == 1, f"one person counts {rows[first]}"
    assert rows[second] == many.acknowledged[second] == 40, f"40 people count {rows[second]}"
    assert not any(status >= 500 for status in same.answers | many.answers)
    return f"128 attempts of one person count {rows[first]}, 40 people at once count {rows[second]}"


def reloaded_under_load(house: House, _machines: Machines) -> str:
    """R3: the server's processes are exchanged three times, then it is stopped."""
    house.fill(people=1500, ideas=10)
    house.start()
    load = Load(house, threads=8)
    load.start()
    for number in range(1, 4):
        load.wait_for(150 * number, seconds=60)
        house.reload()
        time.sleep(3)
    load.stop()
    failed = sum(count for status, count in load.answers.items() if status not in {200, 303})
    line = load.check()
    assert not failed, f"{failed} failed: {dict(load.answers)}"
    taken = house.stop()
    assert taken < 35, f"stopped after {taken:.0f} s"
    slowest = load.slowest(1)
    return f"{line}; 0 failed in 3 reloads, slowest {slowest:.1f} s, stop {taken:.1f} s"


def killed_while_importing(house: House, _machines: Machines) -> str:
    """R4: the import of 5,000 rows is killed at four moments: all rows or none."""
    house.fill(people=1, ideas=1)
    roster = house.folder / "roster.csv"
    roster.write_bytes(csv_of(5000))
    with house.inside():
        slugs = [make_programme(f"course-{number}").slug for number in range(5)]

    def rows() -> int:
        with house.inside():
            return session().scalar(select(func.count(Participation.id))) or 0

    begun = time.monotonic()
    assert house.flask("rosters", "import", str(roster), "--programme", slugs[0]).wait() == 0
    whole, found = time.monotonic() - begun, [rows()]
    assert found == [5000]
    for share, slug in zip((0.25, 0.5, 0.7, 0.9), slugs[1:], strict=True):
        before = rows()
        child = house.flask("rosters", "import", str(roster), "--programme", slug)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=whole * share)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        found.append(rows() - before)
    assert set(found) <= {0, 5000}, f"parts of an import: {found}"
    house.doctor()
    return f"rows after each kill: {', '.join(map(str, found[1:]))}"


def database_stopped(house: House, machines: Machines) -> str:
    """R5: PostgreSQL falls for four seconds."""
    house.fill(people=1500, ideas=10)
    house.start()
    load = Load(house)
    load.start()
    load.wait_for(200)
    machines.stop_postgres()
    time.sleep(2)
    alive, _text = house.get("/healthz")
    ready, _text = house.get("/readyz")
    begun = time.monotonic()
    page, _text = house.get("/ideas")
    waited = time.monotonic() - begun
    time.sleep(2)
    machines.go_on_postgres()
    back = house.wait_until_up()
    before = load.acknowledged.total()
    load.wait_for(before + 50)
    load.stop()
    assert (alive, ready, page) == (200, 503, 503), f"{alive} {ready} {page}"
    assert waited < 5, f"the page took {waited:.1f} s"
    assert back < 10, f"back after {back:.1f} s"
    odd = set(load.answers) - {0, 200, 303, 429, 503}
    assert not odd, f"answers {odd}"
    house.doctor()
    return f"{load.check()}; 503 in {waited:.1f} s, back in {back:.1f} s"


def redis_stopped(house: House, machines: Machines) -> str:
    """R6: Redis falls for four seconds and comes back."""
    house.fill(people=1500, ideas=10)
    house.start()
    load = Load(house)
    load.start()
    load.wait_for(200)
    machines.stop_redis()
    time.sleep(4)
    load.stop()
    failed = sum(count for status, count in load.answers.items() if status not in {200, 303})
    assert not failed, f"{failed} votes failed: {dict(load.answers)}"
    return f"{load.check()}; 0 failed, slowest {load.slowest(1):.1f} s"


def mail_server_away(house: House, _machines: Machines) -> str:
    """R7: a new password is asked for while the mail server is away; it comes back."""
    office = PostOffice()
    house.environ["MAIL_URL"] = f"smtp://127.0.0.1:{office.port}?tls=0"
    house.fill(people=1, ideas=1)
    address = "reset@example.org"
    with house.inside(), transaction():
        make_account("Reset", email=address)
    house.start()
    try:
        begun = time.monotonic()
        status = _ask_for_password(house, address)
        asked = time.monotonic() - begun
        time.sleep(5)
        assert status in {200, 303}, f"the page answered {status}"
        assert asked < 3, f"the page took {asked:.1f} s"
        office.open()
        begun = time.monotonic()
        while not office.letters and time.monotonic() - begun < 90:
            time.sleep(0.2)
        arrived = time.monotonic() - begun
        time.sleep(5)
        assert office.got()[address] == 1, f"mails: {dict(office.got())}"
    finally:
        house.stop()
        office.close()
    return f"page in {asked:.1f} s, one mail {arrived:.0f} s after the server was back"


def _ask_for_password(house: House, address: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=10)
    connection.request("GET", "/reset")
    answer = connection.getresponse()
    text = answer.read().decode()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert token, "the form has no token"
    form = urlencode({"email": address, "csrf_token": token[1]})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/reset", form, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def backed_up_under_load(house: House, machines: Machines) -> str:
    """R8: a back-up while people vote, restored on a clean clone by an operator's commands, and served there."""
    clone = machines.clone()
    house.fill(people=1500, ideas=10)
    house.start()
    load = Load(house)
    load.start()
    load.wait_for(200)
    least = load.acknowledged.total()
    file = house.folder / "saved.zip"
    begun = time.monotonic()
    assert house.flask("backup", str(file)).wait() == 0
    taken = time.monotonic() - begun
    most = load.attempted.total()
    load.stop()
    load.check()
    other = machines.new_house()
    other.root = clone
    assert other.flask("restore", str(file), "--check").wait() == 0, "the file is not whole"
    begun = time.monotonic()
    assert other.flask("restore", str(file)).wait() == 0, "restore failed"
    restored = time.monotonic() - begun
    other.ideas = house.ideas
    other.doctor()
    held = other.counted()
    assert least <= sum(held.values()) <= most, (
        f"{least} <= {sum(held.values())} <= {most} is wrong"
    )
    other.start()
    assert {idea_id: other.shown(idea_id) for idea_id in held} == held, "pages show other figures"
    return (
        f"{least} <= {sum(held.values())} <= {most}; back-up in {taken:.1f} s, restored on a clean clone in "
        f"{restored:.1f} s, doctor found nothing, its pages show the same"
    )


def disk_full(house: House, _machines: Machines) -> str:
    """R9: no file may grow beyond a few MB: writing is refused, reading goes on, nothing acknowledged is lost."""
    house.fill(people=1500, ideas=10)
    size = Path(house.database_url.removeprefix("sqlite:///")).stat().st_size
    house.largest_file = size + 1_000_000
    house.start()
    load = Load(house)
    load.start()
    until = time.monotonic() + 30
    while not load.answers[503] + load.answers[507] and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1)
    read, _text = house.get("/ideas")
    load.stop()
    refused = {status: count for status, count in load.answers.items() if status not in {200, 303}}
    assert refused, "the disk was never full"
    assert set(refused) <= {503, 507}, f"answers {refused}"
    assert read == 200, f"reading answered {read}"
    house.kill()
    house.largest_file = 0
    house.start()
    again = load.acknowledged.total()
    load.start()
    load.wait_for(again + 20)
    load.stop()
    house.doctor()
    return f"{load.check()}; {sum(refused.values())} refused with {'/'.join(map(str, refused))}, works after"


def migrated(house: House, _machines: Machines) -> str:
    """R10: the newest step of the tables, down and up, over 100,000 votes."""
    house.fill(people=1000, ideas=100)
    with house.inside(), transaction():
        for idea_id in house.ideas:
            _insert_supports(idea_id, [person.account_id for person in house.people])
    before = house.counted()
    begun = time.monotonic()
    assert house.flask("db", "downgrade").wait() == 0
    down = time.monotonic() - begun
    begun = time.monotonic()
    assert house.flask("db", "upgrade").wait() == 0
    up = time.monotonic() - begun
    assert house.counted() == before, "rows were lost"
    assert up < 60, f"up took {up:.0f} s"
    return f"{sum(before.values()):,} votes kept; down {down:.1f} s, up {up:.1f} s"


def _insert_supports(idea_id: int, people: list[int]) -> None:
    now = clock.now()
    rows = [{"idea_id": idea_id, "account_id": one, "given_at": now} for one in people]
    session().execute(insert(Support), rows)
    session().execute(update(Idea).where(Idea.id == idea_id).values(supports_count=len(people)))


def clock_moved(house: House, _machines: Machines) -> str:
    """R11: the clock of the machine steps an hour back, then a day on, then past the end of voting."""
    program = shutil.which("faketime")
    if program is None:
        raise NotHere("faketime is not installed: apt-get install faketime")
    house.fill(people=300, ideas=3)
    load = Load(house, threads=8)
    # an hour back, a day on: what was signed before stays signed
    for shift in ("+1h", "+0", "+1d"):
        house.before = (program, "-f", shift)
        house.start()
        before = load.acknowledged.total()
        load.start()
        load.wait_for(before + 60)
        load.stop()
        house.stop()
    house.before = (program, "-f", "+6d")
    house.start()
    late = Load(house, threads=4)
    late.start((person, house.ideas[-1]) for person in house.people[-40:])
    late.join()
    house.stop()
    house.before = ()
    assert not late.acknowledged, f"{late.acknowledged.total()} votes after the end"
    line = load.check()
    house.doctor()
    return f"{line} over an hour back and a day on; {late.answers.total()} after the end refused"


def as_fast_as_it_can(house: House, _machines: Machines) -> str:
    """R12: ten seconds of votes from as many keep-alive connections as answer fastest."""
    house.fill(people=3000, ideas=4)
    house.start()
    load = Load(house, threads=8)
    begun = time.monotonic()
    load.start()
    time.sleep(10)
    load.stop()
    rate = load.acknowledged.total() / (time.monotonic() - begun)
    failed = sum(count for status, count in load.answers.items() if status not in {200, 303})
    assert not failed, f"{failed} failed: {dict(load.answers)}"
    late = load.slowest(0.95)
    assert late < 1, f"95 % within {late:.2f} s"
    return (
        f"{load.check()}; {rate:.0f} votes/s beside the clients, 95 % within {late * 1000:.0f} ms"
    )


def slow_people(house: House, machines: Machines) -> str:
    """R14: behind nginx as `deploy/` sets it up, 50 slow connections, and a reload of the service under load."""
    house.fill(people=600, ideas=10)
    house.environ["TRUSTED_PROXIES"] = "1"
    house.start()
    service, house.port = house.port, machines.start_nginx(house.port)
    house.wait_until_up("/healthz")
    slow = [
        _dawdle(house.port, half) for half in (b"GET /ideas HT", b"POST /login HTTP/1.1\r\n") * 25
    ]
    time.sleep(1)
    waits = []
    for path in ("/", "/ideas", "/answers", "/programmes") * 3:
        begun = time.monotonic()
        status, _text = house.get(path)
        waits.append(time.monotonic() - begun)
        assert status == 200, f"{path} answered {status}"
    for connection in slow:
        connection.close()
    load = Load(house, threads=4)
    load.start()
    load.wait_for(60)
    house.reload()
    load.wait_for(260, seconds=60)
    load.stop()
    house.port = service
    failed = {status: n for status, n in load.answers.items() if status not in {200, 303, 429}}
    assert not failed, f"failed: {failed}"
    assert max(waits) < 2, f"others waited {max(waits):.1f} s"
    line = load.check()
    return (
        f"{line}; beside 50 slow ones others wait {max(waits):.2f} s at most, 0 failed in a reload"
    )


def _dawdle(port: int, half: bytes) -> socket.socket:
    """Somebody who sends half a request and goes to sleep."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(half)
    return connection


def soaked(house: House, machines: Machines) -> str:
    """R13: mixed load; memory and open files stay as they are."""
    house.fill(people=3000, ideas=20)
    house.start()
    load, stop = Load(house, threads=2), threading.Event()
    paths = [
        "/",
        "/ideas",
        "/ideas?q=%EB%B2%84%EC%8A%A4",
        "/ideas?sort=supported",
        "/answers",
        "/programmes",
    ]
    paths += [f"/ideas/{idea_id}" for idea_id in house.ideas[:5]]

    def read() -> None:
        while not stop.is_set():
            for path in paths:
                assert house.get(path)[0] in {200, 301, 302, 303, 308}, path

    readers = [threading.Thread(target=read) for _ in range(2)]
    load.start()
    for reader in readers:
        reader.start()
    memory, files = [], []
    begun = time.monotonic()
    while time.monotonic() - begun < machines.soak:
        time.sleep(machines.soak / 20)
        memory.append(sum(map(_resident, house.processes())))
        files.append(sum(map(_open_files, house.processes())))
    stop.set()
    load.stop()
    for reader in readers:
        reader.join()
    # what is imported at first use, and filled caches, belong to the beginning
    early, late = statistics.mean(memory[5:10]), statistics.mean(memory[-5:])
    growth = late / early - 1
    assert growth < 0.10, f"memory grew by {growth:.0%}"
    assert max(files[5:]) <= 1.1 * min(files[5:]) + 8, (
        f"open files {min(files[5:])}..{max(files[5:])}"
    )
    house.doctor()
    minutes = machines.soak / 60
    return f"{load.check()}; {minutes:.0f} min, {late / 1e6:.0f} MB in all ({growth:+.1%})"


def _resident(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _open_files(pid: int) -> int:
    with suppress(OSError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return 0


_TELLING = (b"evil.example", b"Traceback")
"""What an answer to a malformed request must not hold: names that it brought along, our inside."""


def no_http_at_all(house: House, _machines: Machines) -> str:
    """R15: malformed requests straight to the server: nothing breaks, hangs, or is read as two requests."""
    house.fill(people=1, ideas=1)
    house.start()
    before, found, faults = house.processes(), Counter[str](), []
    host = f"127.0.0.1:{house.port}"
    plain, got = answers_to(house.port, two_requests(host))
    assert plain == [200, 404], f"two plain requests: {plain} {got[:200]!r}"
    for name, sent in cases(host):
        try:
            statuses, got = answers_to(house.port, sent)
        except TimeoutError:
            faults.append(f"{name}: neither answered nor let go")
            continue
        found.update(map(str, statuses or ["closed"]))
        if any(status >= 500 and status != 501 for status in statuses):
            faults.append(f"{name}: {statuses}")
        faults += [f"{name}: {word!r} comes back" for word in _TELLING if word in got]
        if HIDDEN in sent and 404 in statuses:
            faults.append(f"{name}: the hidden request was answered: {statuses}")
    assert not faults, "; ".join(faults)
    assert house.processes() == before, "a process of the server ended"
    status, _text = house.get("/ideas")
    assert status == 200, f"afterwards {status}"
    house.doctor()
    told = ", ".join(f"{count} {status}" for status, count in sorted(found.items()))
    return f"malformed requests: {told}; none 5xx, none hangs, all processes live"


_POSTGRES = ("postgresql",)
TRIALS = (
    Trial("R2", "one person 64 times at once, 40 people at once", one_person_many_times),
    Trial("R1", "kill -9 at full load, three times", killed_at_full_load),
    Trial("R4", "kill -9 while a roster is read", killed_while_importing),
    Trial("R8", "back-up under load, restored", backed_up_under_load),
    Trial("R9", "disk full", disk_full, on=("sqlite",)),
    Trial("R3", "three reloads under load", reloaded_under_load),
    Trial("R5", "database away for 4 s", database_stopped, on=_POSTGRES),
    Trial("R6", "Redis away", redis_stopped, on=_POSTGRES, redis=True),
    Trial("R7", "mail server away", mail_server_away),
    Trial("R10", "tables down and up", migrated),
    Trial("R11", "clock moved", clock_moved, on=("sqlite",)),
    Trial("R12", "votes as fast as they come", as_fast_as_it_can),
    Trial("R14", "slow connections, reload behind nginx", slow_people, on=_POSTGRES),
    Trial("R15", "what is no HTTP", no_http_at_all, on=("sqlite",)),
    Trial("R13", "soak", soaked),
)
"""In the order of what would hurt most."""

__all__ = ["TRIALS", "NotHere", "Trial"]
