"""How the house is: health for the operator, figures for Prometheus. No person ids, no names."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from healthtwin import __version__
from healthtwin.domain import SECOND_MS, Said
from healthtwin.domain.errors import CorruptStorage, StorageBusy, StorageError, StorageFull
from healthtwin.house.exposition import Exposition, standing_metrics
from healthtwin.house.health import Fault, HealthView, ShadowItem, WarningItem
from healthtwin.house.weeks import drift_item, week_items
from healthtwin.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from prometheus_client.metrics_core import Metric

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.forecast import Agreement, Drift
    from healthtwin.house.clock import Jump
    from healthtwin.house.health import TrainedAlarmsItem, WeekItem
    from healthtwin.house.house_weeks import HouseWeek
    from healthtwin.store import SpaceGuard

OK: Final = "ok"
DEGRADED: Final = "degraded"
FAILING: Final = "failing"

ROW_OUTCOMES: Final = ("new", "duplicate", "conflict")
"""What may become of a valid row."""

LONGEST_LAG_MS: Final = 5 * SECOND_MS
"""A critical reading is promised to be an alert within five seconds."""

_KINDS: Final = (
    (StorageFull, "full"),
    (StorageBusy, "busy"),
    (CorruptStorage, "corrupt"),
    (StorageError, "storage"),
)
"""A kind of failure and the word that the catalogues have for it."""


class Figures(NamedTuple):
    """What the operator is told of, as it is now; see `HealthView`."""

    now_ms: int
    people: int = 0
    log_head: int = 0
    processed_through: int = 0
    lag_ms: int = 0
    deliveries_pending: int = 0
    live_readers: int = 0
    clock_problems: int = 0
    clock_jump: Jump | None = None
    receivers_failing: int = 0
    deliveries_given_up: int = 0
    drift: Sequence[Drift] = ()
    trained_alarms: TrainedAlarmsItem | None = None
    agreement: Sequence[Agreement] = ()
    warnings: Sequence[Mapping[str, Any]] = ()


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
        self._exposition = Exposition(ROW_OUTCOMES, self._standing)

    def ingested(self, outcomes: Sequence[str], seconds: float) -> None:
        """Note what became of the rows of one message, and how long that took."""
        self._exposition.count(outcomes)
        self._exposition.ingest_seconds.observe(seconds)

    def alert_shown(self, seconds: float) -> None:
        """Note how long it took from acknowledging the reading behind an alert to showing it."""
        self._exposition.alert_seconds.observe(seconds)

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
        faults = [self._fault(part, said_of(error), told.now_ms) for part, error in self._failing()]
        if not space.enough:
            faults.append(self._fault("disk", Said.of("fault-space"), told.now_ms))
        else:
            self._since_ms.pop("disk", None)
        faults += self._standing_faults(told)
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
            receivers_failing=told.receivers_failing,
            deliveries_given_up=told.deliveries_given_up,
            clock_problems=told.clock_problems,
            warnings=[_warning(entry) for entry in told.warnings],
            faults=faults,
            drift=[drift_item(each.target, each.hours, each.index) for each in told.drift],
            trained_alarms=told.trained_alarms,
            shadows=[ShadowItem(*astuple(each)) for each in told.agreement],
        )

    def metrics_text(self) -> str:
        """Prometheus text exposition 0.0.4; no person ids, no names."""
        return self._exposition.text()

    def _standing(self) -> Iterable[Metric]:
        figures = self._figures()
        health = self._health(figures)
        return standing_metrics(health, failing=health.status == FAILING, live_readers=figures.live_readers)

    def _standing_faults(self, told: Figures) -> list[Fault]:
        """What is wrong by the figures alone."""
        lag_s = told.lag_ms // SECOND_MS
        lost = told.deliveries_given_up
        wrong = {
            "twin": Said.of("fault-behind", seconds=lag_s) if told.lag_ms > LONGEST_LAG_MS else None,
            "receivers": (
                Said.of("fault-receivers", count=told.receivers_failing) if told.receivers_failing else None
            ),
            "deliveries": Said.of("fault-given-up", count=lost) if lost else None,
            "clock": _said_of_jump(told.clock_jump),
        }
        for part in (part for part, said in wrong.items() if said is None):
            self._since_ms.pop(part, None)
        return [self._fault(part, said, told.now_ms) for part, said in wrong.items() if said is not None]

    def _failing(self) -> list[tuple[str, HealthTwinError]]:
        failing = []
        for part, error in self._failures().items():
            if error is None:
                self._since_ms.pop(part, None)
            else:
                failing.append((part, error))
        return failing

    def _fault(self, part: str, said: Said, now_ms: int) -> Fault:
        return Fault(part, say(said), said, self._since(part, now_ms))

    def _since(self, part: str, now_ms: int) -> int:
        return self._since_ms.setdefault(part, now_ms)


def _warning(entry: Mapping[str, Any]) -> WarningItem:
    """An alarm of the audit, as the operator reads it."""
    said = Said.of("house-warning", kind=entry["alarm"])
    count = entry.get("facts", {}).get("count")
    kind, at, who, person = entry["alarm"], entry["at"], entry["who"], entry.get("person", "")
    return WarningItem(kind, at, who, person, count, entry["seq"], say(said), said)


def _said_of_jump(jump: Jump | None) -> Said | None:
    if jump is None:
        return None
    return Said.of("fault-clock", way="ahead" if jump.by_ms > 0 else "back", ms=abs(jump.by_ms))


def said_of(error: HealthTwinError) -> Said:
    """What kind of failure it is, with the message as the program has it: that names files and numbers."""
    kind = next((word for drawn, word in _KINDS if isinstance(error, drawn)), "other")
    return Said.of("fault-error", kind=kind, message=str(error))
