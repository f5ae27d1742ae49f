"""The measurements themselves: each fills in figures by the names of `goals`, and lines for the report's tables."""

from __future__ import annotations

import json
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from bench.floor.app import differences
from bench.speed import files, load
from bench.speed.counts import listening, send_all
from bench.speed.load import press
from bench.speed.machine import cpu_of, mapped_of, memory_of
from bench.speed.plans import explain
from bench.speed.scene import LIST, SPREAD
from bench.speed.turns import Probe, Result, cpu, rate, ratio, take_turns
from config import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.faults.house import House
    from bench.speed.machine import Patience
    from bench.speed.scene import Place, Scene

ROSTER = "bench-roster"
ANEW, KEPT = ("list", "signed", "lively"), ("etag", "same")
READS = (*ANEW, *KEPT)
WRITES = ("support", "hot")


@dataclass
class Findings:
    """Everything that was measured in one run."""

    figures: dict[str, float | None] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    growth: list[tuple[str, dict[int, Result]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        """A line for the report, told at once as well."""
        self.notes.append(words)
        print(f"  {words}", flush=True)


def measure_speed(
    scene: Scene, found: Findings, *, rounds: int, seconds: float, patience: Patience
) -> None:
    """Goals 1 to 6 and 9: the service and the bare application in turns."""
    bare, main = scene.floor, scene.main
    people = main.file("people")
    tag = _etag_of(main.house)
    probes = [
        Probe("R", "R: constant page", bare, load.same_page("/")),
        Probe("bare", "bare application, five letters", bare, load.same_page("/readyz")),
        Probe("list", "list, nothing cached", main.target, load.many_pages(main.file("cursors"))),
        Probe("same", "list, the same page again", main.target, load.same_page(LIST)),
        Probe(
            "signed", "list, signed in", main.target,
            load.many_pages_signed_in(main.file("cursors"), people),
        ),
        Probe(
            "lively", "idea page, 50 comments, nothing cached", main.target,
            load.many_pages(main.file("lively")),
        ),
        Probe("V", "V: bare vote", bare, load.bare_votes(SPREAD), writes=True),
        Probe(
            "support", "support, spread over 10,000 ideas", main.target,
            load.supports(people, main.file("spread"), hot=False), writes=True,
        ),
        Probe(
            "hot", "support, all on one idea", main.target,
            load.supports(people, main.file("hot"), hot=True), writes=True,
        ),
    ]  # fmt: skip
    if tag:
        header = ',["If-None-Match"]=' + json.dumps(tag)
        script = load.same_page(LIST, header)
        probes.insert(4, Probe("etag", "list, 304 by ETag", main.target, script))
    else:
        found.note("the list has no ETag: goal 2 counts as 0 % there")
        found.figures["etag"] = 0.0
    results = take_turns(probes, rounds=rounds, seconds=seconds, patience=patience)
    found.results |= results
    for key in ("list", "same", "etag", "signed", "lively"):
        if key in results:
            found.figures[key] = 100 * ratio(results[key], results["R"], rate)
    found.figures["support"] = 100 * ratio(results["support"], results["V"], rate)
    found.figures["hot"] = 100 * ratio(results["hot"], results["support"], rate)
    ours = [results[key] for key in (*READS, *WRITES) if key in results]
    found.figures["tail of reads"] = max(results[key].tail for key in ANEW)
    found.figures["tail of kept"] = max(results[key].tail for key in KEPT if key in results)
    found.note(
        f"an answer of five letters by the bare application: p99 {results['bare'].tail:.1f} times p50. Answers as "
        "short as those of kept pages wait for the load generator's turns on the cores, not for a server"
    )
    found.figures["tail of writes"] = max(results[key].tail for key in WRITES)
    found.figures["longest"] = max(one.longest for one in ours)
    found.figures["refused"] = float(sum(one.refused for one in ours))
    if results["list"].median(cpu) < 1.5 * results["same"].median(cpu):
        found.note("nothing cached costs about as much as cached: the page is not kept, or always")


def _etag_of(house: House) -> str:
    connection = HTTPConnection("127.0.0.1", house.port, timeout=30)
    connection.request("GET", LIST, headers={"User-Agent": "bench", "Accept-Language": "ko"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers.get("ETag") or ""


def measure_growth(
    scene: Scene, found: Findings, *, rounds: int, seconds: float, patience: Patience
) -> None:
    """Goal 8: CPU a request in cities of different sizes, nothing cached in any."""
    kinds: list[tuple[str, str, Callable[[Place], str]]] = [
        ("list", "list in its usual order", lambda place: load.many_pages(place.file("first"))),
        ("pages", "any page by cursor", lambda place: load.many_pages(place.file("cursors"))),
        ("idea", "idea page", lambda place: load.many_pages(place.file("usual"))),
        ("support", "support", partial(_spread)),
        ("search", "search", lambda place: load.many_pages(place.file("queries"))),
        ("similar", "similar ideas", _wishes),
    ]
    for key, title, script in kinds:
        probes = [
            Probe(str(size), title, place.target, script(place), writes=key == "support")
            for size, place in scene.places.items()
        ]
        taken = take_turns(probes, rounds=rounds, seconds=seconds, patience=patience)
        by_size = {int(size): result for size, result in taken.items()}
        found.growth.append((title, by_size))
        least, most = min(by_size), max(by_size)
        if key != "similar":
            found.figures[f"growth {key}"] = (
                ratio(by_size[most], by_size[least], cpu) if most > least else None
            )
        elif scene.main.size == 100_000:
            found.figures["similar"] = by_size[scene.main.size].median(cpu)


def _spread(place: Place) -> str:
    return load.supports(place.file("people"), place.file("spread"), hot=False)


def _wishes(place: Place) -> str:
    # each person may ask so often a minute: they take turns
    return load.many_pages_signed_in(place.file("wishes"), place.file("people"))


def measure_memory(scene: Scene, found: Findings, *, seconds: float) -> None:
    """Goal 10: of one server alone on the machine after every kind of load; what minds the processes counts too.

    Alone, because what several servers hold in common is counted in parts.
    """
    house, place = scene.leave_alone(), scene.main
    people = place.file("people")
    for script in (
        load.many_pages(place.file("cursors")),
        load.many_pages(place.file("lively")),
        load.many_pages(place.file("queries")),
        load.many_pages_signed_in(place.file("cursors"), people),
    ):
        press(place.target, script, seconds)
    press(place.target, _spread(place), seconds, writes=True)
    each = memory_of([house.pid])
    mapped = mapped_of([house.pid], house.database_url.rsplit("/", 1)[-1])
    found.figures["memory"] = sum(each.values()) - mapped
    sizes = ", ".join(f"{size:.0f}" for size in sorted(each.values(), reverse=True))
    found.note(
        f"memory of the server's processes after the load, PSS in MiB: {sizes}; of these {mapped:.0f} are pages of "
        "the database's file, which the kernel takes back at will"
    )


def check_counters(scene: Scene, found: Findings) -> None:
    """Goal 14: every support that was answered stands as a row, no more than were sent, and every counter is right."""
    wrong = 0
    for size, place in scene.places.items():
        said = place.target.acknowledged
        most = said + place.target.cut_off
        rows = place.house.query("SELECT count(*) FROM support")[0][0] - place.supports_before
        wrong += not said <= rows <= most
        found.note(
            f"{size:,} ideas: {said:,} supports answered, {rows:,} new rows, {most:,} sent at most"
        )
        wrong += _ask_doctor(place, found)
    off = differences(scene.floor_url)
    if off:
        found.note(f"the bare application lost count of {off} votes")
    found.figures["wrong counters"] = float(wrong)


def _ask_doctor(place: Place, found: Findings) -> int:
    """How many faults the doctor finds; the first of them goes into the report."""
    doctor = place.house.flask("doctor", "--json", stdout=subprocess.PIPE)
    told = json.loads(doctor.communicate()[0].decode() or "[]")
    if told:
        found.note(
            f"{place.size:,} ideas: {len(told)} faults, {told[0]['check']}: {told[0]['found']}"
        )
    return len(told)


def count_queries(scene: Scene, found: Findings, target: Path | None) -> None:
    """Goal 7: statements by kind of request, in the largest city; how the database goes about them, into a file."""
    place = scene.places[max(scene.places)]
    with listening():
        sent = send_all(place)
    for name, statements in sent.items():
        found.figures[f"statements {name}"] = float(len(statements))
        print(f"  {name}: {len(statements)} statements", flush=True)
    told, whole = explain(place, sent, scene.version)
    if whole:
        found.note(f"tables that are read from end to end: {', '.join(whole)}")
    if target is not None:
        target.parent.mkdir(exist_ok=True)
        target.write_text(told, encoding="utf-8")
        found.note(f"plans of the statements: {target.relative_to(ROOT)}")


def measure_files(scene: Scene, found: Findings, folder: Path) -> None:
    """Goal 11: a large roster in, a hundred thousand ideas out."""
    small, main = scene.places[min(scene.places)], scene.main
    roster = folder / "roster.xlsx"
    files.write_roster(roster)
    files.flask(
        small.house,
        "programmes",
        "create",
        "--slug",
        ROSTER,
        "--title",
        "큰 명단",
        "--year",
        "2026",
    )
    read = files.flask(
        small.house, "rosters", "import", str(roster), "--programme", ROSTER, "--json"
    )
    rows = json.loads(read.said.strip().splitlines()[-1]) if read.status == 0 else {}
    found.note(
        f"roster: {read.cpu:.1f} s of CPU, ended with {read.status}, {rows.get('rows', 0)} rows"
    )
    if read.status == 0:
        found.figures |= {"roster seconds": read.seconds, "roster memory": read.peak}
    else:
        found.figures["roster seconds"] = float("inf")
        found.note(read.said.strip().splitlines()[-1])
    peaks = []
    for place in (small, main):
        target = folder / "ideas.xlsx"
        slug = place.house.query("SELECT slug FROM campaign WHERE slug LIKE 'city-%'")[0][0]
        words = ("export", "ideas", "--campaign", slug, "--format", "xlsx", "-o", str(target))
        done = files.flask(place.house, *words)
        peaks.append(done.own)
        kilobytes = target.stat().st_size / 1024 if target.exists() else 0
        found.note(
            f"{place.size:,} ideas to XLSX: {done.seconds:.1f} s ({done.cpu:.1f} s of CPU), {done.peak:.0f} MiB "
            f"at most, {done.own:.0f} without mapped files, {kilobytes:,.0f} kB, ended with {done.status}"
        )
        found.figures["export seconds"] = done.seconds if done.status == 0 else float("inf")
    if main.size < 100_000:
        found.figures["export seconds"] = None
    found.figures["export memory"] = peaks[1] - peaks[0] if main is not small else None


def measure_shortlist(found: Findings, *, million: bool) -> None:
    """Goal 12, by `bench/shortlist.py`."""
    names = ("mes", "phragmen", "seqpav", "satisfaction", "approval")
    for size in ("city", *(("million",) if million else ())):
        taken = files.shortlist_seconds(size)
        rules = {name: taken[name] for name in names if name in taken}
        if not rules:
            found.note(f"the shortlist of a {size} could not be timed")
            continue
        found.figures[f"shortlist {size}"] = max(seconds for seconds, _mib in rules.values())
        if size == "million":
            found.figures["shortlist memory"] = max(mib for _seconds, mib in rules.values())
        told = ", ".join(f"{name} {seconds:.2f} s" for name, (seconds, _mib) in rules.items())
        found.note(f"shortlist of a {size}: {told}")


def measure_start(scene: Scene, found: Findings, patience: Patience) -> None:
    """Goal 13: the middle of three starts of the whole service, tables looked after and worker included."""
    house, taken, worked = scene.main.house, [], []
    for _ in range(3):
        house.stop()
        patience.wait()
        taken.append(house.start())
        worked.append(cpu_of([house.pid]))
    found.figures["start"] = statistics.median(taken)
    each = memory_of([house.pid])
    sizes = ", ".join(f"{size:.0f}" for size in sorted(each.values(), reverse=True))
    found.note(
        f"starts took {', '.join(f'{one:.1f}' for one in taken)} s, {statistics.median(worked):.1f} s of CPU until "
        f"the first answer; at rest with a worker, PSS in MiB: {sizes}"
    )


def measure_clone(found: Findings, folder: Path) -> None:
    """Goal 13: `make run` in a fresh clone, packages fetched as they come."""
    took = files.clean_clone(folder)
    if isinstance(took, str):
        found.note(f"a clean clone was not measured: {took}")
        return
    found.figures["clean clone"] = took[0]
    found.note(f"clean clone: {took[0]:.0f} s, {took[1]:.0f} s of CPU")


def _own_memory(house: House) -> float:
    """MiB of a server's processes without pages of the database's file, which the kernel takes back at will."""
    file = house.database_url.rsplit("/", 1)[-1]
    return sum(memory_of([house.pid]).values()) - mapped_of([house.pid], file)


def measure_mixed(scene: Scene, found: Findings, *, minutes: float) -> None:
    """Goal 9: an evening's mixture for minutes; what memory does meanwhile. The first tenth is for warming up."""
    place = scene.main
    script = load.mixed(
        place.file("cursors"), place.file("usual"), place.file("people"), place.file("spread")
    )
    samples: list[tuple[float, float]] = []
    ended = threading.Event()

    def watch() -> None:
        begun = time.monotonic()
        while not ended.wait(2):
            samples.append((time.monotonic() - begun, _own_memory(place.house)))

    idle = _own_memory(place.house)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        taken = press(place.target, script, 60 * minutes, writes=True)
    finally:
        ended.set()
        watcher.join()
    length = 60 * minutes
    early = [mib for at, mib in samples if 0.1 * length <= at < 0.3 * length]
    late = [mib for at, mib in samples if at >= 0.8 * length]
    if early and late:
        first, last = statistics.median(early), statistics.median(late)
        found.figures["memory growth"] = 100 * (last / first - 1)
        found.note(
            f"mixed load of {minutes:g} minutes: {taken.rate:.0f} requests/s, p50 {taken.p50:.1f} ms, "
            f"p99 {taken.p99:.1f} ms, longest {taken.longest:.0f} ms, {taken.refused} refused; "
            f"PSS without mapped pages {idle:.0f} MiB before, {first:.0f} early, {last:.0f} late"
        )
    found.figures["refused"] = (found.figures.get("refused") or 0.0) + taken.refused
    before = found.figures.get("wrong counters") or 0.0
    found.figures["wrong counters"] = before + _ask_doctor(place, found)
