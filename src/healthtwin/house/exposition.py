"""The house's figures as Prometheus reads them. No person ids, no names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from prometheus_client.metrics_core import Metric

    from healthtwin.house.health import DriftItem, HealthView, ShadowItem, TrainedAlarmsItem

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter was made says nothing here that `healthtwin_up` does not

LATENCY_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the latency histograms: the 1-second goal lies in the middle."""


class Exposition:
    """What is counted while the house runs, and what is asked of it when somebody reads.

    Args:
        outcomes: what may become of a row; each is a counter of its own, 0 from the start.
        standing: how the house stands now, asked once per reading of the text.
    """

    def __init__(self, outcomes: Iterable[str], standing: Callable[[], Iterable[Metric]]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Standing(standing))
        self._rows = Counter(
            "healthtwin_rows",
            "Valid rows by what became of them.",
            ["outcome"],
            registry=self._registry,
        )
        self._outcomes = tuple(outcomes)
        for outcome in self._outcomes:
            self._rows.labels(outcome)
        self.ingest_seconds = Histogram(
            "healthtwin_ingest_seconds",
            "From taking a message to its rows being durable.",
            buckets=LATENCY_BUCKETS_S,
            registry=self._registry,
        )
        self.alert_seconds = Histogram(
            "healthtwin_alert_seconds",
            "From acknowledging the reading behind an alert to showing it.",
            buckets=LATENCY_BUCKETS_S,
            registry=self._registry,
        )

    def count(self, outcomes: Sequence[str]) -> None:
        """Note what became of the rows of one message."""
        for outcome in self._outcomes:
            if came := outcomes.count(outcome):
                self._rows.labels(outcome).inc(came)

    def text(self) -> str:
        """Prometheus text exposition 0.0.4."""
        return generate_latest(self._registry).decode()


def standing_metrics(health: HealthView, *, failing: bool, live_readers: int) -> list[Metric]:
    """How the house stands, as gauges."""
    told: list[Metric] = [
        GaugeMetricFamily("healthtwin_up", "Whether readings are taken.", float(not failing)),
        GaugeMetricFamily("healthtwin_people", "People known.", health.people),
        GaugeMetricFamily(
            "healthtwin_backlog_records", "Log records not yet in twin and series.", health.backlog
        ),
        GaugeMetricFamily(
            "healthtwin_lag_seconds",
            "Age of the oldest record that the twin has not seen.",
            health.lag_ms / 1000,
        ),
        GaugeMetricFamily(
            "healthtwin_disk_free_bytes", "Free space on the home's disk.", health.disk_free_bytes
        ),
        GaugeMetricFamily(
            "healthtwin_deliveries_pending", "Messages not yet confirmed.", health.deliveries_pending
        ),
        GaugeMetricFamily(
            "healthtwin_deliveries_given_up",
            "Messages of the last 24 hours that never arrived and are not tried again.",
            health.deliveries_given_up,
        ),
        GaugeMetricFamily(
            "healthtwin_clock_problems", "Devices whose clocks are wrong.", health.clock_problems
        ),
        GaugeMetricFamily(
            "healthtwin_receivers_failing", "Webhooks where nothing arrives.", health.receivers_failing
        ),
        GaugeMetricFamily("healthtwin_live_readers", "Open live streams.", live_readers),
    ]
    return [
        *told,
        *_drift_metrics(health.drift),
        *_alarm_metrics(health.trained_alarms),
        *_shadow_metrics(health.shadows),
    ]


class _Standing(Collector):
    def __init__(self, standing: Callable[[], Iterable[Metric]]) -> None:
        self._standing = standing

    def collect(self) -> Iterable[Metric]:
        return self._standing()


def _drift_metrics(drift: Sequence[DriftItem]) -> list[Metric]:
    """Pooled over everybody, by target; a target of which too little is known has hours and no index."""
    index = GaugeMetricFamily(
        "healthtwin_forecast_drift_index",
        "Population stability index of a forecast's scores against its training.",
        labels=["target"],
    )
    hours = GaugeMetricFamily(
        "healthtwin_forecast_scored_hours",
        "Person-hours of about a week behind that index.",
        labels=["target"],
    )
    for each in drift:
        if each.index is not None:
            index.add_metric([each.target], each.index)
        hours.add_metric([each.target], each.hours)
    return [index, hours] if drift else []


def _alarm_metrics(alarms: TrainedAlarmsItem | None) -> list[Metric]:
    if alarms is None:
        return []
    return [
        GaugeMetricFamily(
            "healthtwin_trained_alarms_allowed",
            "False trained alarms that were allowed so far.",
            alarms.allowed,
        ),
        GaugeMetricFamily("healthtwin_trained_alarms_false", "False trained alarms that came.", alarms.false),
        GaugeMetricFamily(
            "healthtwin_site_alarm_offset",
            "House threshold above the training side's, log units.",
            alarms.offset,
        ),
    ]


def _shadow_metrics(shadows: Sequence[ShadowItem]) -> list[Metric]:
    """Pooled over everybody, by shadow and target; a gap once something was compared."""
    labels = ["models", "target"]
    scores, gap, alone, missed = told = [
        GaugeMetricFamily(f"healthtwin_shadow_{name}", text, labels=labels)
        for name, text in (
            ("scores", "Scores of shadow models that were compared."),
            ("gap", "Mean distance of their chances from those told."),
            ("alone", "Chances worth telling that they alone saw."),
            ("missed", "Chances worth telling that they did not see."),
        )
    ]
    for each in shadows:
        of = [each.models, each.target]
        scores.add_metric(of, each.asked)
        if each.gap is not None:
            gap.add_metric(of, each.gap)
        alone.add_metric(of, each.shadow_only)
        missed.add_metric(of, each.speaking_only)
    return list(told) if shadows else []
