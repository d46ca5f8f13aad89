"""How the house is, as its operator is told."""

from __future__ import annotations

import msgspec

from healthtwin.domain import Said


class Fault(msgspec.Struct, frozen=True):
    """Something that is wrong now: `part` of the house, what is wrong, since when."""

    part: str
    text: str
    since_at: int | None = None


class DriftItem(msgspec.Struct, frozen=True):
    """How far the scores of one forecast stand from those of its training (`healthtwin.forecast.drift`).

    Attributes:
        hours: person-hours of about the last week behind it.
        index: population stability index; None while those are too few.
        words: what that says; said: the same as a code.
    """

    target: str
    hours: float
    index: float | None
    words: str
    said: Said


class TrainedAlarmsItem(msgspec.Struct, frozen=True):
    """False alarms of the trained forecasts, all people together.

    Attributes:
        allowed: that their time was allowed so far. false: that came.
        offset: how far the house's threshold stands above the training side's for who is new here, natural
            log units; 0.7 halves the alarms. See `healthtwin.forecast.site_budget`.
    """

    allowed: float
    false: float
    offset: float


class WeekItem(msgspec.Struct, frozen=True):
    """One week of the house's forecasts, all people together, as it stood when it was last looked at.

    Attributes:
        week: its Monday, 00:00 UTC, epoch ms.
        allowed, false: false trained alarms of that week.
        offset: as in `TrainedAlarmsItem`.
        drift: of about the last week before that.
    """

    week: int
    allowed: float
    false: float
    offset: float
    drift: list[DriftItem]


class HealthView(msgspec.Struct, frozen=True):
    """How the house is.

    Attributes:
        status: ``ok``, ``degraded`` (serves, but something needs the operator) or ``failing`` (refuses
            readings).
        processed_through: log offset through which everything shows, in the twin and in the series.
        backlog: log records beyond it.
        lag_ms: age of the oldest record that the twin has not seen: by so much alerts are late.
        disk_free_bytes, disk_reserve_bytes: readings are refused when free falls below the reserve.
        deliveries_pending: messages that no receiver has confirmed yet.
        drift: of each watched forecast; never a fault, since at home scores are not those of a hospital.
        trained_alarms: what the budget of false alarms came to; None before the first tick.
    """

    status: str
    version: str
    started_at: int
    people: int
    log_head: int
    processed_through: int
    backlog: int
    lag_ms: int
    disk_free_bytes: int
    disk_reserve_bytes: int
    deliveries_pending: int
    faults: list[Fault]
    drift: list[DriftItem] = []
    trained_alarms: TrainedAlarmsItem | None = None
