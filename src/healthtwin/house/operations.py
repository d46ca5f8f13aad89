"""How the house is: health for the operator, figures for Prometheus. No person ids, no names."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, NamedTuple

from healthtwin import __version__
from healthtwin.domain import SECOND_MS
from healthtwin.house.health import DriftItem, Fault, HealthView
from healthtwin.house.weeks import drift_item, week_items

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.forecast import Drift
    from healthtwin.house.health import TrainedAlarmsItem, WeekItem
    from healthtwin.store import SpaceGuard
    from healthtwin.store.records import HouseWeek

OK: Final = "ok"
DEGRADED: Final = "degraded"
FAILING: Final = "failing"

LONGEST_LAG_MS: Final = 5 * SECOND_MS
"""A critical reading is promised to be an alert within five seconds."""

LATENCY_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the latency histograms: the 1-second goal lies in the middle."""


class Histogram:
    """Counts of observations by upper bound, as Prometheus wants them."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._counts = [0] * (len(LATENCY_BUCKETS_S) + 1)
        self._sum = 0.0
        self._lock = threading.Lock()

    def observe(self, seconds: float, times: int = 1) -> None:
        """Count one duration, `times` over."""
        place = next(
            (i for i, bound in enumerate(LATENCY_BUCKETS_S) if seconds <= bound), len(LATENCY_BUCKETS_S)
        )
        with self._lock:
            self._counts[place] += times
            self._sum += seconds * times

    def lines(self) -> list[str]:
        """Prometheus text exposition."""
        with self._lock:
            counts, total = list(self._counts), self._sum
        lines = [f"# HELP {self._name} {self._text}", f"# TYPE {self._name} histogram"]
        running = 0
        for bound, count in zip(LATENCY_BUCKETS_S, counts, strict=False):
            running += count
            lines.append(f'{self._name}_bucket{{le="{bound:g}"}} {running}')
        running += counts[-1]
        lines += [f'{self._name}_bucket{{le="+Inf"}} {running}', f"{self._name}_sum {total:g}"]
        return [*lines, f"{self._name}_count {running}"]


class Figures(NamedTuple):
    """What the operator is told of, as it is now; see `HealthView`."""

    now_ms: int
    people: int = 0
    log_head: int = 0
    processed_through: int = 0
    lag_ms: int = 0
    deliveries_pending: int = 0
    live_readers: int = 0
    drift: Sequence[Drift] = ()
    trained_alarms: TrainedAlarmsItem | None = None


class Operations:
    """Counts what happens and says how the house is.

    Args:
        space: the disk the home lies on.
        failures: part of the house → its present failure, asked anew each time.
        figures: how the house stands, asked anew each time; cheap, never waits for a locked file.
        weeks: what is known of the house's forecasts, newest week first.
    """

    def __init__(
        self,
        space: SpaceGuard,
        failures: Callable[[], Mapping[str, HealthTwinError | None]],
        figures: Callable[[], Figures],
        weeks: Callable[[], Sequence[HouseWeek]],
    ) -> None:
        self._started_ms = 0
        self._space = space
        self._failures = failures
        self._figures = figures
        self._weeks = weeks
        self._since_ms: dict[str, int] = {}
        self._outcomes: dict[str, int] = {"new": 0, "duplicate": 0, "conflict": 0}
        self._lock = threading.Lock()
        self._ingest_seconds = Histogram(
            "healthtwin_ingest_seconds", "From taking a message to its rows being durable."
        )
        self._alert_seconds = Histogram(
            "healthtwin_alert_seconds", "From acknowledging the reading behind an alert to showing it."
        )

    def ingested(self, outcomes: Sequence[str], seconds: float) -> None:
        """Note what became of the rows of one message, and how long that took."""
        with self._lock:
            for outcome in self._outcomes:
                self._outcomes[outcome] += outcomes.count(outcome)
        self._ingest_seconds.observe(seconds)

    def alert_shown(self, seconds: float) -> None:
        """Note how long after its reading was acknowledged an alert stood on the list."""
        self._alert_seconds.observe(seconds)

    def started(self, now_ms: int) -> None:
        """Note when the house was ready, on its own clock."""
        self._started_ms = now_ms

    def health(self) -> HealthView:
        """How the house is now; cheap, never blocks on a locked file."""
        return self._health(self._figures())

    def weeks(self) -> list[WeekItem]:
        """The house's forecasts week by week, newest first, at most two years."""
        return week_items(self._weeks())

    def _health(self, told: Figures) -> HealthView:
        space = self._space.space()
        faults = [Fault(part, str(error), self._since(part, told.now_ms)) for part, error in self._failing()]
        if not space.enough:
            faults.append(
                Fault(
                    "disk",
                    "free space is below the reserve; new readings are refused",
                    self._since("disk", told.now_ms),
                )
            )
        else:
            self._since_ms.pop("disk", None)
        if told.lag_ms > LONGEST_LAG_MS:
            behind = f"the twin is {told.lag_ms // SECOND_MS} s behind the log; alerts come that much later"
            faults.append(Fault("twin", behind, self._since("twin", told.now_ms)))
        else:
            self._since_ms.pop("twin", None)
        refusing = not space.enough or any(fault.part in ("log", "runner") for fault in faults)
        status = FAILING if refusing else DEGRADED if faults else OK
        return HealthView(
            status=status,
            version=__version__,
            started_at=self._started_ms,
            people=told.people,
            log_head=told.log_head,
            processed_through=told.processed_through,
            backlog=max(told.log_head - told.processed_through, 0),
            lag_ms=told.lag_ms,
            disk_free_bytes=space.free_bytes,
            disk_reserve_bytes=space.reserve_bytes,
            deliveries_pending=told.deliveries_pending,
            faults=faults,
            drift=[drift_item(each.target, each.hours, each.index) for each in told.drift],
            trained_alarms=told.trained_alarms,
        )

    def metrics_text(self) -> str:
        """Prometheus text exposition 0.0.4; no person ids, no names."""
        figures = self._figures()
        health = self._health(figures)
        gauges = {
            "healthtwin_up": (health.status != FAILING, "Whether readings are taken."),
            "healthtwin_people": (health.people, "People known."),
            "healthtwin_backlog_records": (health.backlog, "Log records not yet in twin and series."),
            "healthtwin_lag_seconds": (
                health.lag_ms / 1000,
                "Age of the oldest record that the twin has not seen.",
            ),
            "healthtwin_disk_free_bytes": (health.disk_free_bytes, "Free space on the home's disk."),
            "healthtwin_deliveries_pending": (health.deliveries_pending, "Messages not yet confirmed."),
            "healthtwin_live_readers": (figures.live_readers, "Open live streams."),
        }
        lines: list[str] = []
        for name, (value, text) in gauges.items():
            lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge", f"{name} {float(value):g}"]
        with self._lock:
            outcomes = dict(self._outcomes)
        lines += [
            "# HELP healthtwin_rows_total Valid rows by what became of them.",
            "# TYPE healthtwin_rows_total counter",
        ]
        lines += [
            f'healthtwin_rows_total{{outcome="{outcome}"}} {count}' for outcome, count in outcomes.items()
        ]
        lines += _drift_lines(health.drift)
        lines += _alarm_lines(health.trained_alarms)
        lines += self._ingest_seconds.lines() + self._alert_seconds.lines()
        return "\n".join(lines) + "\n"

    def _failing(self) -> list[tuple[str, HealthTwinError]]:
        failing = []
        for part, error in self._failures().items():
            if error is None:
                self._since_ms.pop(part, None)
            else:
                failing.append((part, error))
        return failing

    def _since(self, part: str, now_ms: int) -> int:
        return self._since_ms.setdefault(part, now_ms)


def _drift_lines(drift: Sequence[DriftItem]) -> list[str]:
    """Pooled over everybody, by target; a target of which too little is known has hours and no index."""
    name, hours = "healthtwin_forecast_drift_index", "healthtwin_forecast_scored_hours"
    lines = [
        f"# HELP {name} Population stability index of a forecast's scores against its training.",
        f"# TYPE {name} gauge",
        *(f'{name}{{target="{each.target}"}} {each.index:g}' for each in drift if each.index is not None),
        f"# HELP {hours} Person-hours of about a week behind that index.",
        f"# TYPE {hours} gauge",
        *(f'{hours}{{target="{each.target}"}} {each.hours:g}' for each in drift),
    ]
    return lines if drift else []


def _alarm_lines(alarms: TrainedAlarmsItem | None) -> list[str]:
    if alarms is None:
        return []
    told = {
        "healthtwin_trained_alarms_allowed": (
            alarms.allowed,
            "False trained alarms that were allowed so far.",
        ),
        "healthtwin_trained_alarms_false": (alarms.false, "False trained alarms that came."),
        "healthtwin_site_alarm_offset": (
            alarms.offset,
            "House threshold above the training side's, log units.",
        ),
    }
    return [
        line
        for name, (value, meaning) in told.items()
        for line in (f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value:g}")
    ]
