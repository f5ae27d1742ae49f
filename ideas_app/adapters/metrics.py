"""The door to prometheus-client: counts requests, and writes what /metrics answers.

With several server processes each counts for itself; `PROMETHEUS_MULTIPROC_DIR` names a folder, empty at the
start, in which the counts of all are found (`flask serve` makes one). Must not know any feature: what else is
shown is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_LATEST
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

_registry = CollectorRegistry()
_requests = Counter(
    "ideas_http_requests", "Answers given.", ("method", "route", "status"), registry=_registry
)
_seconds = Histogram(
    "ideas_http_request_seconds", "Time taken for an answer.", buckets=_SECONDS, registry=_registry
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What stands at the moment of asking: a value for each set of label values."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: dict[tuple[str, ...], float] = field(default_factory=dict)


class _Shown(Collector):
    def __init__(self, measures: Iterable[Measure]) -> None:
        self._measures = measures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for measure in self._measures:
            family = GaugeMetricFamily(measure.name, measure.help, labels=measure.labels)
            for labels, value in measure.values.items():
                family.add_metric(labels, value)
            yield family


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Counts an answer. Whatever a client may send as a method or path, the number of series stays bounded."""
    _requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
    _seconds.observe(seconds)


def render(measures: Sequence[Measure], *, shared: bool) -> bytes:
    """Everything in Prometheus' text format. `shared`: with the counts of the other processes."""
    counted = _registry
    if shared:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    shown = CollectorRegistry()
    shown.register(_Shown(measures))
    return generate_latest(counted) + generate_latest(shown)
