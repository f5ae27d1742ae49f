"""`flask demo load --scale N`: a made-up large city beside the demonstration year, to see what size does.

Rows are made in bulk and past the services, batch by batch: each batch is whole in itself - ideas with their
versions, supports, readers, comments, families, clocks and log, every counter as its rows say - so that a load that
was stopped leaves a smaller city and nothing wrong. The index of the texts is written at the end, all at once. The
same size and seed give the same city, its dates counted from the day of loading. Must not hold texts (they lie in
`data/`).
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ideas_app.cli.demo import SEED
from ideas_app.cli.demo.city.batch import Batch
from ideas_app.cli.demo.city.ground import found_city, settle_people
from ideas_app.core import outbox
from ideas_app.core.db import transaction
from ideas_app.search import service as search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ideas_app.cli.demo.stage import SignIn

BATCH = 5_000
"""Ideas of one transaction: indexes of a large city are written all over, and a commit writes each page once."""


def build_city(
    size: int, *, seed: int = SEED, notice: Callable[[int, int], None] | None = None
) -> SignIn:
    """A campaign of `size` ideas, open now, with its people; how the first of them signs in, as can all.

    Needs the demonstration beside it, for its staff, and no other city.
    """
    with outbox.muted(), _rare_collection():
        with transaction():
            city = found_city(size, seed)
            sign_in = settle_people(city)
        try:
            for start in range(0, size, BATCH):
                with transaction():
                    Batch(city, start, min(start + BATCH, size)).write()
                if notice is not None:
                    notice(min(start + BATCH, size), size)
        finally:
            with transaction():
                search.rebuild(lambda _kind, _number: None)
    return sign_in


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Millions of rows hold no cycles: looking for them every 700 objects took a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


__all__ = ["BATCH", "build_city"]
