"""What the server counts, in the text format of Prometheus."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.app import App
from knowledge.engine.method_cache import method_cache

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""

disable_created_metrics()  # type: ignore[no-untyped-call]


KEPT = {
    "band": ("zhiwen_answers", "Answers by band", "band"),
    "decision": ("zhiwen_verdicts", "Verdicts on postings by decision", "decision"),
    "feedback": ("zhiwen_feedback", "Thumbs up and down", "thumb"),
    "door": ("zhiwen_doors", "Messages of bots, calls of tools", "door"),
    "connection": ("zhiwen_connections", "Long connections made and lost", "event"),
}
"""What is counted -> its series: name, text, label."""
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of one server add up what they count, if it has several."""


class Metrics:
    """Counts of one server; each server has a registry of its own."""

    def __init__(self, app: App) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "zhiwen_requests", "Requests by route and status", ("method", "route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "zhiwen_request_seconds", "Seconds a request took", ("route",),
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._kept = {
            what: Counter(name, text, (label,), registry=self._registry)
            for what, (name, text, label) in KEPT.items()
        }
        app.counts.heard = self._count
        self._content = _Content(app)
        self._registry.register(self._content)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; *route* is the template, never the path that was asked for."""
        requests, took = self._series(method, route, status)
        requests.inc()
        took.observe(seconds)

    @method_cache(1_000)
    def _series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(method, route, str(status)), self._seconds.labels(route)

    def _count(self, counted: Mapping[tuple[str, str], int]) -> None:
        for (what, value), count in counted.items():
            if what in self._kept:
                self._kept[what].labels(value).inc(count)

    def text(self) -> bytes:
        """Everything that is counted, by all workers together; the content is this one's."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        together.register(self._content)
        return generate_latest(together)


class _Content(Collector):
    """The content in use when it is asked for."""

    def __init__(self, app: App) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Its version, and what keeps newer content out."""
        live = self._app.content
        content = GaugeMetricFamily(
            "zhiwen_content_info", "The content in use", labels=("version",)
        )
        content.add_metric((live.book.version,), 1)
        yield content
        refused = len(live.refusal.problems) if live.refusal else 0
        yield GaugeMetricFamily(
            "zhiwen_content_refused", "Problems for which newer content is not in use", refused
        )
