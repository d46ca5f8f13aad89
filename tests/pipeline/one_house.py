"""One person in a house's step and fold, with the table that tells: everything but HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from healthtwin.domain import PARTITIONS, EpisodeChange, decode_change
from healthtwin.domain.signs import rules_in
from healthtwin.episodes import VITALS_KEY, Told
from healthtwin.notify.alert_rows import told_with
from healthtwin.pipeline import HouseStep, VerbPayload
from healthtwin.stream import Fold
from tests.pipeline.recordings_of_people import ADA, START, profile, tick, verb, vitals

if TYPE_CHECKING:
    import numpy as np

    from healthtwin.stream import LogRecord

MINUTE = 60_000
LATENESS = 15 * MINUTE


def at(minute: float) -> int:
    """So many minutes after the start."""
    return START + round(minute * MINUTE)


@dataclass
class Alert:
    """What an alert table holds: the last change of each alert, and what was told of it."""

    change: EpisodeChange
    told: Told = field(default_factory=dict)
    version: int = 0
    messages: list[EpisodeChange] = field(default_factory=list)


@dataclass
class OneHouse:
    """A fold that is fed record by record, as the house would, and who was told what."""

    lateness_ms: int = LATENESS
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fold = Fold(HouseStep(self.lateness_ms), self.lateness_ms, 2 * self.lateness_ms)
        self.offset = 0
        self.changes: list[EpisodeChange] = []
        self.alerts: dict[str, Alert] = {}
        self.seen_ids: set[str] = set()
        self.records: list[LogRecord] = []
        self.put(profile(START - MINUTE, **{"birth_year": 1960, **self.facts}))

    def put(self, *records: LogRecord) -> list[EpisodeChange]:
        """Records arrive together; returns what is told because of them."""
        placed = []
        for record in records:
            self.offset += 1
            placed.append(
                msgspec.structs.replace(record, offset=self.offset, partition=self.offset % PARTITIONS)
            )
        self.records += placed
        told = [decode_change(change.payload) for _, change in self.fold.take(placed)]
        for change in told:
            self._apply(change)
        return told

    def see(
        self,
        minute: float,
        *,
        arrives: float | None = None,
        device: str = "d-phone",
        **values: Any,  # noqa: ANN401
    ) -> list[EpisodeChange]:
        """A message, at rest."""
        values.setdefault("activity_level", 0)
        arrived = at(minute if arrives is None else arrives)
        return self.put(vitals(at(minute), device=device, arrived_ms=arrived, **values))

    def tick(self, minute: float) -> list[EpisodeChange]:
        """The clock is read."""
        return self.put(tick(at(minute)))

    def act(
        self,
        name: str,
        minute: float,
        *,
        until: float | None = None,
        knows: tuple[tuple[int, ...], tuple[int, ...], int] | None = None,
    ) -> list[EpisodeChange]:
        """Somebody decides, as the house writes it down; on what stands, or on what they knew."""
        episode, ladder = self.episode, self.head["ladder"]
        rules = tuple(rule.number for rule in rules_in(episode["told"]))
        stands = rules, tuple(ladder["told_rung"].tolist()), int(episode["level"])
        known_rules, rungs, level = knows or stands
        payload = VerbPayload(
            name,
            VITALS_KEY,
            int(episode["started_ms"]),
            None if until is None else at(until),
            int(level),
            "t-1",
            rules=known_rules,
            rungs=rungs,
        )
        acted = max(at(minute), int(self.head["last_seen_ms"]) + 1)
        return self.put(msgspec.structs.replace(verb(acted, payload), arrived_ms=at(minute)))

    @property
    def head(self) -> np.void:
        """The newest state."""
        both = self.fold.peek(ADA)
        assert both is not None
        return both[1]

    @property
    def episode(self) -> np.void:
        """Of the vitals."""
        found: np.void = self.head[VITALS_KEY]
        return found

    @property
    def state(self) -> str:
        """In the API's words."""
        return ("never", "triggered", "acknowledged", "snoozed", "resolved")[int(self.episode["state"])]

    @property
    def alert(self) -> Alert:
        """The one that changed last."""
        return list(self.alerts.values())[-1]

    @property
    def messages(self) -> list[EpisodeChange]:
        """Everything that anybody was told aloud, of vitals."""
        return [each for alert in self.alerts.values() for each in alert.messages]

    def _apply(self, change: EpisodeChange) -> None:
        """As `healthtwin.notify` does: nothing is told twice, whatever comes anew."""
        if change.id in self.seen_ids:
            return
        self.seen_ids.add(change.id)
        self.changes.append(change)
        if change.dedup_key != VITALS_KEY:
            return
        alert = self.alerts.pop(change.previous_alert_id or change.alert_id, None) or Alert(change)
        known = told_with(change, alert.told)
        if known != alert.told:
            alert.version += 1
            alert.messages.append(change)
        alert.told, alert.change = known, change
        self.alerts[change.alert_id] = alert
