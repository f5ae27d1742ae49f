"""The door to prometheus-client: counts requests, and writes what /metrics answers.

With several server processes each counts for itself; `PROMETHEUS_MULTIPROC_DIR` names a folder, empty at the
start, in which the counts of all are found (`flask serve` makes one). Must not know any feature: what else is
shown is handed in. The library is imported with the first request: workers and commands answer none.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_muted: ContextVar[bool] = ContextVar("measures_muted", default=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """What stands at the moment of asking: a value for each set of label values."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: dict[tuple[str, ...], float] = field(default_factory=dict)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Counts an answer. Whatever a client may send as a method or path, the number of series stays bounded."""
    from ideas_app.adapters.metrics import counting

    if not _muted.get():
        counting.observe(method, route, status, seconds)


@contextmanager
def uncounted() -> Iterator[None]:
    """Within this block no answer is counted: for pages that nobody asked for."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def render(measures: Sequence[Measure], *, shared: bool) -> tuple[bytes, str]:
    """Everything in Prometheus' text format, and the type that says so. `shared`: with the counts of the
    other processes.
    """
    from ideas_app.adapters.metrics import counting

    return counting.render(measures, shared=shared), counting.CONTENT_TYPE
