"""What the server counts, in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.app import App

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""

disable_created_metrics()  # type: ignore[no-untyped-call]


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
        self._registry.register(_Kept(app))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; *route* is the template, never the path that was asked for."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Everything that is counted."""
        return generate_latest(self._registry)


class _Kept(Collector):
    """What the service itself knows when it is asked."""

    def __init__(self, app: App) -> None:
        self._app = app

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """Answers, verdicts, thumbs and the content in use."""
        told = self._app.counts.total()
        for what, name, text, label in (
            ("band", "zhiwen_answers", "Answers by band", "band"),
            ("decision", "zhiwen_verdicts", "Verdicts on postings by decision", "decision"),
            ("feedback", "zhiwen_feedback", "Thumbs up and down", "thumb"),
        ):
            family = CounterMetricFamily(name, text, labels=(label,))
            for (kind, value), count in sorted(told.items()):
                if kind == what:
                    family.add_metric((value,), count)
            yield family
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
