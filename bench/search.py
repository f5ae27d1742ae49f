"""Times the search and the likeness over 20,000 ideas: `make bench-search`. Never run by CI.

The database is SQLite in a temporary folder, and PostgreSQL where a server can be started for the run. Texts are
made of the labelled set's ideas, cut and mixed, so that words are as common as people make them. Medians in
milliseconds of whole calls, statements included; the first call of each query is not counted. Beside them the
processor time of this process, which other work on the machine does not move.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.engine import make_url

from config import ROOT
from ideas_app.campaigns.models import Field
from ideas_app.core import clock
from ideas_app.core.db import db, session, transaction
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.queries import Filters, find_similar, search_ideas
from ideas_app.search import service
from tests.conftest import _create_database, _drop_database, make_app, make_settings, migrate
from tests.factories import make_campaign
from tests.people import make_account
from tests.search.corpus import list_ideas, list_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED = 20_251_117
ROUNDS = 3
GOALS = {"search": 20, "similar": 50}


def fill(number: int) -> None:
    """A campaign of so many ideas: titles and reasons of the set, their words mixed two and two."""
    author, campaign = make_account("Mina"), make_campaign()
    dice = random.Random(SEED)
    known = list_ideas()
    now = clock.now()
    with transaction() as current:
        field_id = current.scalars(select(Field.id).where(Field.campaign_id == campaign.id)).first()
        for start in range(0, number, 1000):
            rows = []
            for at in range(start, min(start + 1000, number)):
                (_, title, why), (_, other, because) = dice.sample(known, 2)
                words = [*title.split()[: dice.randint(2, 6)], *other.split()[: dice.randint(1, 4)]]
                rows.append(
                    {
                        "campaign_id": campaign.id,
                        "number": at + 1,
                        "field_id": field_id,
                        "author_id": author.id,
                        "title": " ".join(words),
                        "why": f"{why} {because}"[:300],
                        "how": "",
                        "why_html": "",
                        "how_html": "",
                        "state": State.PUBLISHED,
                        "is_listed": True,
                        "submitted_at": now,
                        "published_at": now,
                        "active_at": now,
                    }
                )
            current.execute(insert(Idea), rows)
        service.rebuild(lambda _kind, _number: None)


def median(calls: Sequence[Callable[[], object]]) -> tuple[float, float, float]:
    """The median and the 95th percentile of some calls, and their median on the processor, in milliseconds."""
    for call in calls:
        call()
    seen, worked = [], []
    for _round in range(ROUNDS):
        for call in calls:
            start, begun = time.perf_counter(), time.process_time()
            call()
            seen.append(1000 * (time.perf_counter() - start))
            worked.append(1000 * (time.process_time() - begun))
            session().rollback()
    return (
        statistics.median(seen),
        statistics.quantiles(seen, n=20)[-1],
        statistics.median(worked),
    )


def measure(url: str, number: int, folder: Path) -> bool:
    """Fills a database, times both, prints a line each; whether the goals were met."""
    app = make_app(make_settings(folder, url))
    migrate(app)
    with app.app_context():
        fill(number)
        if url.startswith("postgresql"):
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
                server.exec_driver_sql("ANALYZE")
        queries = [entry["q"] for entry in list_queries("queries_shaped.yaml") if entry["want"]]
        titles = [entry["q"] for entry in list_queries("rewordings_shaped.yaml")]
        figures = {
            "search": median([lambda q=q: search_ideas(Filters(q=q)) for q in queries]),
            "similar": median([lambda q=q: find_similar(q) for q in titles]),
        }
        session().close()
        db.engine.dispose()
    name = make_url(url).get_backend_name()
    for what, (middle, high, busy) in figures.items():
        print(
            f"{name:<12} {what:<8} {number:>8,} {middle:>10.1f} {high:>10.1f} {busy:>8.1f} {GOALS[what]:>8}"
        )
    return all(figures[what][0] < goal for what, goal in GOALS.items())


def main() -> int:
    """Runs on SQLite, and on PostgreSQL through `tools/services.py`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=20_000, help="ideas")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    server = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        if given.here:
            url = _create_database(server, "ideas_bench_search")
            try:
                return 0 if measure(url, given.number, Path(folder)) else 1
            finally:
                _drop_database(server, "ideas_bench_search")
        print(
            f"{'database':<12} {'what':<8} {'ideas':>8} {'median ms':>10} {'p95 ms':>10} {'cpu ms':>8} {'goal ms':>8}"
        )
        is_met = measure(f"sqlite:///{folder}/bench.db", given.number, Path(folder))
    again = [sys.executable, str(ROOT / "tools" / "services.py"), "run", "--"]
    again += [sys.executable, __file__, str(given.number), "--here"]
    return subprocess.run(again, check=False, cwd=ROOT).returncode or (0 if is_met else 1)  # noqa: S603  # ourselves


if __name__ == "__main__":
    sys.exit(main())
