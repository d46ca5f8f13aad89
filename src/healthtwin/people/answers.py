"""What is answered about a person. Times are epoch milliseconds UTC; `…_at` and `t` hold one too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # read by msgspec, when it describes a view
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

import msgspec

from healthtwin.domain import PLAIN, Said


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The little that validation must know about a person before a row is accepted.

    Attributes:
        id: ``p-…``.
        birth_year: None when unknown.
    """

    id: str
    birth_year: int | None


class LatestValue(msgspec.Struct, frozen=True):
    """The newest value of one metric.

    Attributes:
        at: when it was measured, epoch ms.
        level: that an absolute limit gives this value alone; None inside the limits. Needs no learned usual.
        freshness: what it may be taken for at its age: ``now`` (young enough to decide an alarm), ``current``
            (how things are), ``old`` (how they were) or ``unknown`` (it says nothing any more); how long each
            lasts is the metric's (`healthtwin.domain.Ages`).
        current_until: until then it is `current`, epoch ms.
    """

    metric: str
    label: str
    value: float
    unit: str
    at: int
    level: str | None = None
    freshness: str = "unknown"
    current_until: int = 0


class ClockProblemView(msgspec.Struct, frozen=True):
    """A device whose clock is wrong, or whose readings come as late as if it were.

    Attributes:
        device: its id; empty where it is not known any more. label: what it is called.
        kind: ``behind``, ``ahead`` (its readings are refused) or ``jumping``.
        by_ms: by so much.
        since_at: since when, epoch ms on the house's clock.
        text: the same in words; said: as a code and facts.
    """

    device: str
    label: str
    kind: str
    by_ms: int
    since_at: int
    text: str
    said: Said


class HeldAlert(msgspec.Struct, frozen=True):
    """An alert that somebody closed while its signs stood, and they stand still; `by`: label or scope."""

    level: str
    alert_id: str
    at: int
    by: str


class PersonView(msgspec.Struct, frozen=True):
    """One line of "who needs me now".

    Attributes:
        status: ``critical``, ``warning``, ``info`` (the worst open alert), ``usual`` (fresh readings, nothing
            open), ``learning`` (fresh readings, days 1–30) or ``unknown`` (no vital sign, or stale ones:
            never shown as fine).
        phase: ``silent``, ``soft``, ``full`` or ``adapting``; see `healthtwin.twin.phase`.
        days: days with data so far.
        last_reading_at: of anything; None before the first.
        last_vital_at: of a vital sign: what status, silence and risks go by; None before the first.
        alerts_off_until: end of the snooze in force; None when alerts are on.
        open_alerts: episodes that are not resolved.
        clock_problems: devices whose clocks are wrong.
        news2: the score of the newest round of readings; None where it does not apply or nothing is fresh.
        closed_by_hand: what somebody closed while its signs stood; `status` stays its level while they stand.
        alerts_off: no alerts are wanted of this person (`alarms` in the profile).
        withheld: kinds of data that they keep back from the asker, and that are left out here.
        synthetic: simulated data, to be labelled as such wherever it is shown.
    """

    id: str
    name: str
    birth_year: int | None
    sex: str | None
    timezone: str
    status: str
    phase: str
    days: int
    last_reading_at: int | None
    alerts_off_until: int | None
    open_alerts: int
    latest: list[LatestValue]
    synthetic: bool = False
    clock_problems: list[ClockProblemView] = []
    last_vital_at: int | None = None
    news2: int | None = None
    closed_by_hand: HeldAlert | None = None
    alerts_off: bool = False
    withheld: list[str] = []


class SeriesView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A metric over time; arrays of one length, ascending in `t`, both ends included.

    Attributes:
        t: epoch ms; with a step, the start of each step that holds a reading.
        v: value, or the step's mean.
        unit: UCUM.
        min, max, count: per step; None without a step.
    """

    t: list[int]
    v: list[float]
    unit: str
    min: list[float] | None = None
    max: list[float] | None = None
    count: list[int] | None = None


class HourBand(msgspec.Struct, frozen=True):
    """What is usual for the person at one local hour of day (0–23), at rest, in the metric's unit.

    Attributes:
        low, high: the usual range: two spreads to either side, and at least the meter's error.
    """

    hour: int
    center: float
    spread: float
    low: float
    high: float


class MetricTwin(msgspec.Struct, frozen=True):
    """One metric of a person against their own normal.

    Attributes:
        value, at: the newest reading; None before the first.
        expected, spread: for that reading's hour and activity; None until `ready`.
        low, high: the personal range: two spreads to either side, and at least the meter's error; None until
            `ready`.
        z: (value − expected) / spread.
        direction: ``above`` or ``below`` the usual; None inside it.
        since_at: when it left the usual range.
        ready: enough has been learned to judge.
        text: the explanation in words, "84 /min, 16 /min above your usual 68 ± 10 at 14:00, resting, for 40
            minutes"; said: the same as a code and facts.
        hours: the band by hour of day; empty until `ready`.
        level: that an absolute limit gives this value alone, as in `LatestValue`.
    """

    metric: str
    label: str
    unit: str
    value: float | None
    at: int | None
    expected: float | None
    spread: float | None
    low: float | None
    high: float | None
    z: float | None
    direction: str | None
    since_at: int | None
    ready: bool
    text: str
    said: Said
    hours: list[HourBand]
    level: str | None = None


class TwinView(msgspec.Struct, frozen=True):
    """A person's learned normal. Phases as in `PersonView`; `metrics` in the order of the metric table."""

    person: str
    phase: str
    days: int
    updated_at: int | None
    metrics: list[MetricTwin]
    synthetic: bool = False


class RiskDriver(msgspec.Struct, frozen=True):
    """A deviation that carries a score; `expected` and `spread` in the metric's unit.

    `direction` is ``above`` or ``below``, of the person's own usual (a typical adult's where `text` says so).
    `said` is the text as a code and facts.
    """

    metric: str
    value: float
    unit: str
    expected: float | None
    spread: float | None
    z: float | None
    text: str
    said: Said
    direction: str = ""


class RiskItem(msgspec.Struct, frozen=True):
    """What may be coming, by one member (`healthtwin.domain.Risk`).

    Attributes:
        probability: None while the member has no calibration on named data.
        score: the member's own scale.
        horizon_ms: 0 says "now".
        text: for a calibrated probability, what it means and where it was measured; else its drivers.
        would_fall: what would make the risk fall, by the model; a statement about the model, not an advice.
        said, would_fall_said: the same as codes and facts; None where there is none beside the drivers'.
        base_rate: share of all measured hours that were followed by it; None where nothing was measured.
    """

    condition: str
    probability: float | None
    score: float
    horizon_ms: int
    drivers: list[RiskDriver]
    model: str
    text: str
    would_fall: str = ""
    base_rate: float | None = None
    said: Said | None = None
    would_fall_said: Said | None = None


class RiskView(msgspec.Struct, frozen=True):
    """All members' risks for a person.

    Attributes:
        at: time of the newest vital sign; None before the first.
        stale: that is too old to say anything about now; `risks` is then empty.
    """

    person: str
    at: int | None
    stale: bool
    risks: list[RiskItem]


class EventView(msgspec.Struct, frozen=True):
    """Something that happened to a person.

    Attributes:
        kind: of `healthtwin.domain.EventKind`.
        at: when, epoch ms.
        severity: 0 (none) to 10 (worst imaginable); None when not stated.
        actor: id of the grant behind it.
    """

    id: str
    person: str
    kind: str
    at: int
    text: str
    severity: float | None
    codes: Sequence[str]
    actor: str


class ProfileView(msgspec.Struct, frozen=True):
    """What changes how a person's readings are judged (`healthtwin.domain.Profile`), and their name.

    Attributes:
        silence_after_minutes: alarm when no reading came for this long; None is off.
        low_pulse_floor: a low pulse is known down to this rate, 1/min, said by `low_pulse_known_by`, until
            `low_pulse_known_until`. altitude_m, altitude_by, altitude_since, altitude_until likewise.
        limits_coarse: a child whose month of birth is missing: the loosest limits of that year hold.
        country: where they live, a code of ISO 3166; None: nobody said it.
        revision: counts the changes, 1 at first; a new name or country alone does not count.
    """

    person: str
    name: str
    timezone: str
    birth_year: int | None
    sex: str | None
    pregnant: bool
    spo2_scale_2: bool
    false_alarms_per_week: float
    silence_after_minutes: int | None
    alarms: bool
    revision: int
    birth_month: int | None = None
    gave_birth_on: date | None = None
    low_pulse_floor: int | None = None
    low_pulse_known_by: str | None = None
    low_pulse_known_until: date | None = None
    pacemaker_rate: int | None = None
    beta_blocker_since: date | None = None
    altitude_m: int | None = None
    altitude_by: str | None = None
    altitude_since: date | None = None
    altitude_until: date | None = None
    atrial_fibrillation: bool = False
    usual_news2: int | None = None
    usual_news2_by: str | None = None
    usual_news2_until: date | None = None
    limits_coarse: bool = False
    country: str | None = None


PHONE: Final = r"\+?[0-9*#(][0-9*#() ./-]{1,38}"
"""A number as it is dialled."""


Called = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": PLAIN, "maxLength": 200})]


class Contact(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Whom to call. phone: as dialled; relation: to the person, in words."""

    name: Called
    phone: Annotated[str, msgspec.Meta(extra_json_schema={"pattern": f"^{PHONE}$"})]
    relation: Called | None = None


class BackgroundView(msgspec.Struct, frozen=True):
    """What is known about a person beside readings; revision counts the changes, 0 before the first."""

    person: str
    conditions: Sequence[str]
    risk_factors: Sequence[str]
    allergies: Sequence[str]
    emergency_contacts: Sequence[Contact]
    revision: int
    stated_at: int | None


def as_json(value: object) -> Mapping[str, Any]:
    """A struct as plain JSON data, for the records."""
    plain: Mapping[str, Any] = msgspec.to_builtins(value)
    return plain
