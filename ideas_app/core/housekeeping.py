"""Work that comes round by itself: deleting what has no purpose left. A worker runs it once an hour.

Must not know any chore: features register theirs with `@hourly`. Running twice does no harm, so several
workers need no agreement.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ideas_app.core.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

_chores: list[Callable[[], None]] = []


def hourly(chore: Callable[[], None]) -> Callable[[], None]:
    """Registers a chore; it runs inside its own transaction."""
    if chore not in _chores:
        _chores.append(chore)
    return chore


def run() -> int:
    """Runs every chore; how many went well. One that fails is logged and does not stop the others."""
    done = 0
    for chore in _chores:
        try:
            with transaction():
                chore()
            done += 1
        except Exception:
            log.exception("chore %s failed", chore.__name__)
    return done
