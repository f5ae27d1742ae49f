"""Runs the trials and prints one table; exit 1 where a promise did not hold.

python -m bench.faults [R1 R2 ...] [--on sqlite|postgresql] [--soak SECONDS] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from bench.faults.machines import Machines
from bench.faults.trials import TRIALS, NotHere
from tools.services import ServiceError

ENGINES = ("sqlite", "postgresql")


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="*", help="trials; all without any")
    parser.add_argument("--on", choices=ENGINES, action="append", help="database; both without")
    parser.add_argument("--soak", type=float, default=60, help="seconds of R13")
    parser.add_argument("--markdown", type=Path, help="write the table here, too")
    options = parser.parse_args()
    lines, failed, begun = [], 0, time.monotonic()
    for engine in options.on or ENGINES:
        for key, title, verdict, seconds in run(engine, options.keys, options.soak):
            failed += verdict.startswith("FAILED")
            lines.append(f"| {key} | {title} | {engine} | {verdict} | {seconds:.0f} s |")
    table = ["| | trial | database | acknowledged <= counted <= attempted; what else | took |"]
    table += ["|---|---|---|---|---|", *lines]
    print("\n" + "\n".join(table))
    whole = f"{time.monotonic() - begun:.0f} s on {os.cpu_count()} cores"
    print(f"\n{len(lines)} trials, {failed} failed, {whole}")
    if options.markdown:
        options.markdown.write_text("\n".join([*table, "", whole, ""]), encoding="utf-8")
    return 1 if failed else 0


def run(engine: str, keys: list[str], soak: float) -> list[tuple[str, str, str, float]]:
    """Key, title, verdict and seconds of each trial on a database."""
    found = []
    try:
        with Machines(engine, soak) as machines:
            for trial in TRIALS:
                if engine not in trial.on or (keys and trial.key not in keys):
                    continue
                print(f"{engine} {trial.key} {trial.title} ...", end=" ", flush=True)
                begun, house = time.monotonic(), None
                try:
                    house = machines.new_house(redis=trial.redis)
                    verdict = trial.run(house, machines)
                except NotHere as lack:
                    verdict = f"not tried: {lack}"
                except (AssertionError, TimeoutError) as fault:
                    verdict = f"FAILED: {fault}"
                finally:
                    if house:
                        house.kill()
                print(verdict, flush=True)
                found.append((trial.key, trial.title, verdict, time.monotonic() - begun))
    except ServiceError as lack:
        found.append(("-", "all", f"not tried: {lack}", 0.0))
    return found


if __name__ == "__main__":
    sys.exit(main())
