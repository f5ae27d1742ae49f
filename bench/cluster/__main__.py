"""Runs everything on the cluster and prints two tables; exit 1 where a promise did not hold.

python -m bench.cluster [--seconds 8] [--only costs|trials] [--write docs/operators/scale.md]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.cluster.trials import TRIALS, Cluster, Cost, cores, measure
from bench.faults.machines import NotHere
from tools.services import ServiceError

BEGIN, END = "<!-- cluster: begin -->", "<!-- cluster: end -->"
SET_UPS = (
    ("1 process", "a", {"workers": 1, "pooled": False, "replica": False}),
    ("2 processes", "a", {"workers": 2, "pooled": False, "replica": False}),
    ("4 processes", "a", {"workers": 4, "pooled": False, "replica": False}),
    ("2 processes, PgBouncer", "a", {"workers": 2, "pooled": True, "replica": False}),
    ("2 processes, replica", "a", {"workers": 2, "pooled": False, "replica": True}),
    ("2 hosts of 2, PgBouncer, replica", "ab", {"workers": 2, "pooled": True, "replica": True}),
)


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of each measurement")
    parser.add_argument("--only", choices=("costs", "trials"))
    parser.add_argument("--write", type=Path, help="put the tables between the marks of this file")
    options = parser.parse_args()
    costs: list[Cost] = []
    lines, failed = [], 0
    try:
        with Cluster() as cluster:
            if options.only != "trials":
                for what, names, settings in SET_UPS:
                    cluster.serve(names, **settings)
                    costs.append(measure(cluster, what, options.seconds))
                    print(costs[-1], flush=True)
            if options.only != "costs":
                cluster.serve("ab", workers=2, pooled=True, replica=True)
                cluster.warm_up()
                for title, run in TRIALS:
                    try:
                        verdict = run(cluster)
                    except (AssertionError, TimeoutError) as fault:
                        cluster.traffic.stop()
                        verdict, failed = f"FAILED: {fault}", failed + 1
                    print(f"{title}: {verdict}", flush=True)
                    lines.append(f"| {title} | {verdict} |")
            real = cluster.network.real
    except (NotHere, ServiceError) as lack:
        print(f"not tried: {lack}", file=sys.stderr)
        return 1
    where = "network namespaces" if real else "addresses of loopback (without root)"
    table = [f"{cores()} cores, which the clients share; hosts in {where}.", "", *_table(costs), ""]
    table += ["| what happens | what came of it |", "|---|---|", *lines] if lines else []
    print("\n" + "\n".join(table))
    if options.write:
        _write(options.write, table)
    return 1 if failed else 0


def _table(costs: list[Cost]) -> list[str]:
    if not costs:
        return []
    head = "| set-up | lists/s | votes/s | CPU ms a list: service + databases | CPU ms a vote |"
    rows = [
        f"| {cost.what} | {cost.reads_a_second:.0f} | {cost.votes_a_second:.0f} "
        f"| {cost.read_cpu[0]:.1f} + {cost.read_cpu[1]:.1f} "
        f"| {cost.vote_cpu[0]:.1f} + {cost.vote_cpu[1]:.1f} |"
        for cost in costs
    ]
    return [head, "|---|---|---|---|---|", *rows]


def _write(path: Path, table: list[str]) -> None:
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{chr(10).join(table)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
