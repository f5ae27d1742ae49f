"""`make bench`: takes all measurements, prints one table, writes the report, exits 1 where a goal is missed.

python -m bench.speed [--database sqlite|postgresql] [--full] [--minutes N] [--only speed,growth,...]
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.speed import measures
from bench.speed.goals import judge
from bench.speed.load import require_wrk
from bench.speed.machine import Patience
from bench.speed.measures import Findings
from bench.speed.report import write_report
from bench.speed.scene import Scene
from config import ROOT
from tools.services import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = (
    *("speed", "growth", "counters", "statements", "mixed", "files", "shortlist", "memory"),
    *("start", "clone"),
)
"""In the order in which they are taken; from `memory` on only one service is left."""
FRONT = ROOT / "bench" / "REPORT-front.md"
REPORTS = {"sqlite": "REPORT.md", "postgresql": "REPORT-postgresql.md"}


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--database", choices=REPORTS, default="sqlite")
    parser.add_argument(
        "--full", action="store_true", help="a million ideas, a million ballots, a clean clone"
    )
    parser.add_argument(
        "--minutes", type=float, help="length of the mixed load (1; with --full 10)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each probe")
    parser.add_argument("--seconds", type=float, default=4, help="length of a turn")
    parser.add_argument(
        "--patience", type=float, default=180, help="seconds to wait for quiet cores in all"
    )
    parser.add_argument("--only", help=f"parts, commas between: {', '.join(PARTS)}")
    parser.add_argument("--sizes", help="ideas in the cities, commas between")
    parser.add_argument(
        "--no-report", action="store_true", help="print only, as always with --only"
    )
    options = parser.parse_args(arguments)
    options.parts = options.only.split(",") if options.only else list(PARTS)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    options.no_report |= bool(options.only)
    if not options.only and not options.full:
        options.parts.remove("clone")
    usual = "1000,100000,1000000" if options.full else "1000,100000"
    options.sizes = sorted({int(size) for size in (options.sizes or usual).split(",")})
    options.minutes = options.minutes or (10.0 if options.full else 1.0)
    return options


def main(arguments: list[str] | None = None) -> int:
    """The exit status."""
    options = read_options(arguments)
    require_wrk()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # so that blocks end what they have started
        signal.signal(number, lambda kind, _frame: sys.exit(128 + kind))
    begun, found = time.monotonic(), Findings()
    # PostgreSQL runs under an account of its own and must be able to enter
    with tempfile.TemporaryDirectory(prefix="ideas-bench-") as name:
        try:
            with Scene(options.database, options.sizes, Path(name)) as scene:
                version = scene.version
                measure(scene, found, options, Path(name))
        except ServiceError as lack:
            print(f"bench: {lack}", file=sys.stderr)
            return 2
    missed = [line for line in judge(found.figures) if line.is_missed]
    minutes = (time.monotonic() - begun) / 60
    given = [word for word in (arguments or sys.argv[1:]) if word != "--full"]
    words = ["make bench-full" if options.full else "make bench"]
    if given:
        words.append(f'ARGS="{" ".join(given)}"')
    report = write_report(
        found,
        engine={"sqlite": "SQLite", "postgresql": "PostgreSQL"}[options.database],
        version=version,
        command=" ".join(words),
        date=datetime.now(UTC).date().isoformat(),
        minutes=minutes,
        front=FRONT.read_text(encoding="utf-8") if FRONT.exists() else "",
    )
    print("\n" + report)
    print(f"{len(missed)} goals missed, {minutes:.0f} min")
    if not options.no_report:
        target = ROOT / "bench" / REPORTS[options.database]
        target.write_text(report, encoding="utf-8")
        print(f"written to bench/{target.name}")
    return 1 if missed else 0


def measure(scene: Scene, found: Findings, options: argparse.Namespace, folder: Path) -> None:
    """Every part that was asked for, in an order in which none disturbs the next."""
    patience = Patience(options.patience)
    turns = {"rounds": options.rounds, "seconds": options.seconds, "patience": patience}
    few = turns | {"rounds": max(1, options.rounds - 2)}
    # of a usual run, or where nothing but they was asked for
    wanted = not options.no_report or options.parts == ["statements"]
    plans = ROOT / "bench" / "plans" / f"{options.database}.txt" if wanted else None
    steps: dict[str, Callable[[], None]] = {
        "speed": lambda: measures.measure_speed(scene, found, **turns),
        "growth": lambda: measures.measure_growth(scene, found, **few),
        "counters": lambda: measures.check_counters(scene, found),
        "statements": lambda: measures.count_queries(scene, found, plans),
        "mixed": lambda: measures.measure_mixed(scene, found, minutes=options.minutes),
        "files": lambda: measures.measure_files(scene, found, folder),
        "shortlist": lambda: measures.measure_shortlist(found, million=options.full),
        "memory": lambda: measures.measure_memory(scene, found, seconds=options.seconds),
        "start": lambda: measures.measure_start(scene, found, patience),
        "clone": lambda: measures.measure_clone(found, folder),
    }
    for part in PARTS:
        if part in options.parts:
            print(part, flush=True)
            steps[part]()


if __name__ == "__main__":
    sys.exit(main())
