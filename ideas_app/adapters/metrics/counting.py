"""The counters of this process, and their text. Must not be imported before the first request: see the door."""

from __future__ import annotations

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

    from ideas_app.adapters.metrics import Measure

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
    """Counts an answer."""
    _requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
    _seconds.observe(seconds)


def render(measures: Sequence[Measure], *, shared: bool) -> bytes:
    """Everything in Prometheus' text format."""
    counted = _registry
    if shared:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    shown = CollectorRegistry()
    shown.register(_Shown(measures))
    return generate_latest(counted) + generate_latest(shown)
