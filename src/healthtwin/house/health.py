"""How the house is, as its operator is told."""

from __future__ import annotations

import msgspec

from healthtwin.domain import Said
from healthtwin.words import say


class Fault(msgspec.Struct, frozen=True):
    """Something that is wrong now.

    Attributes:
        part: of the house, a fixed word (``log``, ``disk``, ``alerts``).
        text: what is wrong, in the language of who asks; said: the same as a code.
        since_at: since when.
    """

    part: str
    text: str
    said: Said
    since_at: int | None = None


class WarningItem(msgspec.Struct, frozen=True):
    """Something that happened within a week and concerns who may come in; for an administrator alone.

    Attributes:
        kind: ``audit-gap``, ``break-glass``, ``break-glass-many``, ``new-admin``, ``account-reset``,
            ``account-confirmed`` or ``refusals``.
        at: when. who: id of the grant, where there is one. person: pseudonym of whom it is about.
        count: of what, where that is known.
        entry: its number in the audit.
        text, said: as of a `Fault`.
    """

    kind: str
    at: int
    who: str
    person: str
    count: int | None
    entry: int
    text: str
    said: Said


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


class ShadowItem(msgspec.Struct, frozen=True):
    """How forecast models that run in the shadow stand to those that speak, of one target.

    Attributes:
        models: version of the shadow. asked: how often both were asked about somebody.
        gap: mean distance of the two chances, 0 to 1; None before the first.
        both: how often both saw a chance worth telling; speaking_only, shadow_only: how often one alone did.
    """

    models: str
    target: str
    asked: int
    gap: float | None
    both: int
    speaking_only: int
    shadow_only: int


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
        receivers_failing: webhooks where nothing arrives any more; `/api/receivers` says which.
        deliveries_given_up: messages of the last 24 hours that never arrived and are not tried again.
        clock_problems: devices whose clocks are wrong, of all people; each of them shows whose.
        drift: of each watched forecast; never a fault, since at home scores are not those of a hospital.
        trained_alarms: what the budget of false alarms came to; None before the first tick.
        shadows: of the models that ``[house] shadow_models`` names; nobody is told what they say.
        warnings: what concerns who may come in, newest first; empty but for an administrator.
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
    shadows: list[ShadowItem] = []
    receivers_failing: int = 0
    deliveries_given_up: int = 0
    clock_problems: int = 0
    warnings: list[WarningItem] = []


def without_particulars(view: HealthView) -> HealthView:
    """The same for who does not run the house: no message that names files, nothing of who came in."""
    faults = [_plain(fault) for fault in view.faults]
    return msgspec.structs.replace(view, faults=faults, warnings=[])


def _plain(fault: Fault) -> Fault:
    if fault.said.code != "fault-error":
        return fault
    said = Said.of("fault-kind", kind=str(fault.said.facts.get("kind", "other")))
    return Fault(fault.part, say(said), said, fault.since_at)
