"""The nouns of the house: frozen, typed, without I/O. Everybody imports them; they import nobody.

Every time is epoch milliseconds UTC (`*_ms`). A missing value is missing (`None`), never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain.clock import HOUR_MS
from healthtwin.domain.said import Said, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Posture(StrEnum):
    """How the body was held while it was measured."""

    LYING = "lying"
    SITTING = "sitting"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a reading.

    Attributes:
        activity_level: 0 sedentary, 1 light, 2 active, up to 10 for the hardest effort; None when unknown.
        posture: None when unknown.
        asleep: None when unknown.
    """

    activity_level: float | None = None
    posture: Posture | None = None
    asleep: bool | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one metric of one person at one instant.

    Attributes:
        person: pseudonym.
        metric: name in `healthtwin.domain.METRICS`.
        value: in the metric's unit.
        time_ms: when it was measured.
        quality: 0 (useless) to 1 (clean).
        device: id minted with the device's token.
    """

    person: str
    metric: str
    value: float
    time_ms: int
    quality: float = 1.0
    device: str = ""
    context: Context = field(default_factory=Context)


class EventKind(StrEnum):
    """What can happen to a person besides being measured."""

    SYMPTOM = "symptom"
    RELIEF = "relief"
    ACTIVITY = "activity"
    MEDICATION = "medication"
    MEAL = "meal"
    SLEEP = "sleep"
    WEATHER = "weather"
    DOCUMENT = "document"
    DIAGNOSIS = "diagnosis"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a person."""

    person: str
    kind: EventKind
    time_ms: int
    text: str
    source: str


class Direction(StrEnum):
    """Which side of the usual a value lies on."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Deviation:
    """How unusual a value is for *this* person.

    Attributes:
        metric: name in `METRICS`.
        value, expected, spread: in the metric's unit; `spread` is one robust standard deviation.
        z: (value − expected) / spread, dimensionless.
        direction: side of the usual.
        since_ms: when the value left the usual range; None when it has not.
        hour: local hour of day (0–23) that `expected` stands for.
        low, high: the usual range then, in the metric's unit; None where nobody's own usual is known.
    """

    metric: str
    value: float
    expected: float
    spread: float
    z: float
    direction: Direction
    since_ms: int | None
    hour: int
    low: float | None = None
    high: float | None = None

    @property
    def outside(self) -> bool:
        """Whether the value lies outside the usual range; only then do words say above or below."""
        if self.low is None or self.high is None:
            return False
        return not self.low <= self.value <= self.high


@dataclass(frozen=True, slots=True)
class Risk:
    """What may be coming.

    Attributes:
        condition: what is forecast, e.g. ``"unusual_for_you"``, ``"news2"``.
        probability: calibrated 0–1; None while the member has no calibration on named data.
        score: the member's own scale, for ordering only.
        horizon_ms: how far ahead; 0 says "now".
        drivers: the few deviations that carry the score, heaviest first.
        model: name and version of the member.
        said: what the probability means and where it was measured; None where there is none.
        reasons: what is to say of each driver, where it is not its deviation from the own baseline.
        would_fall: what would make the risk fall, by the model; None where nothing known raises it.
        base_rate: share of all measured hours that were followed by it; None where nothing was measured.
    """

    condition: str
    probability: float | None
    score: float
    horizon_ms: int
    drivers: tuple[Deviation, ...]
    model: str
    said: Said | None = None
    reasons: tuple[Said, ...] = ()
    would_fall: Said | None = None
    base_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact behind a finding or an alert, with where it comes from.

    Attributes:
        said: the fact. source: where its limit, pattern or number comes from.
    """

    said: Said
    source: Said
    metric: str | None = None
    value: float | None = None
    expected: float | None = None
    spread: float | None = None
    time_ms: int | None = None


def evidence_of(stored: Mapping[str, Any]) -> Evidence:
    """A fact as it was stored; older releases stored it in English words.

    >>> evidence_of({"text": "no reading for 6 h", "source": "the clock"}).said.facts["text"]
    'no reading for 6 h'
    """
    if "text" in stored:
        said, source = quoted(stored["text"]), quoted(stored["source"])
    else:
        said, source = Said.from_plain(stored["said"]), Said.from_plain(stored["source"])
    numbers = {name: each for name, each in stored.items() if name not in {"text", "said", "source"}}
    return Evidence(said, source, **numbers)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a specialist (or a rule) holds to be so.

    Attributes:
        specialty: ``"safety"``, ``"cardiology"``, ``"pharmacogenomics"`` …
        hypothesis: "unusual for you" is a fact, a diagnosis is not.
        urgency: the alert level it asks for.
        confidence: 0–1; None when nobody measured it.
    """

    specialty: str
    hypothesis: Said
    urgency: AlertLevel
    confidence: float | None
    evidence: tuple[Evidence, ...]
    contraindications: tuple[Said, ...]
    version: str


class AlertLevel(IntEnum):
    """How loud: ordered, so that `max` is the worse one.

    info: yellow, be aware. warning: orange, contact a clinician within 24 h. critical: red, act now.
    """

    INFO = 1
    WARNING = 2
    CRITICAL = 3

    @property
    def word(self) -> str:
        """The lower-case name that stands in the API.

        >>> AlertLevel.CRITICAL.word
        'critical'
        """
        return self.name.lower()


class AlertState(StrEnum):
    """Where an episode stands."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


LONGEST_SNOOZE_MS: Final = 24 * HOUR_MS
"""How long an alert may be quiet. A snooze for longer would be a way to switch alarms off without anybody
seeing it; switching them off is a setting of the person, which every screen shows."""

LONGEST_CRITICAL_SNOOZE_MS: Final = HOUR_MS
"""How long a critical alert may be quiet: NEWS2 has whoever scores 5 or more watched at least every hour
(Royal College of Physicians, 2017)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """An action with its source, and when it is withheld.

    Attributes:
        said: what to do.
        withheld_if: conditions under which it must not be shown, e.g. ``"anticoagulant"``.
        audience: ``"person"``, ``"family"`` or ``"clinician"``.
    """

    said: Said
    source: Said
    withheld_if: tuple[str, ...]
    audience: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known about a person that changes how readings are judged; travels in the log as an event.

    Attributes:
        timezone: IANA name; decides "this hour".
        birth_year: None when unknown; NEWS2 needs age ≥ 16. birth_month: 1 to 12, None when unknown: limits
            of children are coarse then.
        sex: ``"female"``, ``"male"``, ``"other"`` or None.
        pregnant: NEWS2 does not apply.
        spo2_scale_2: NEWS2's second oxygen scale (target 88–92 %), only ever set by a clinician.
        false_alarms_per_week: the alarm budget for deviation warnings.
        silence_after_ms: "no reading for …" alarm; None is off.
        alarms: False where only learning is wanted (a replay's placebo run, a paused person).
        gave_birth_on: for six weeks after it the limits of pregnancy hold.
        low_pulse_floor: a low pulse is known and usual, down to this rate, 30 to 40 /min. It loosens a limit,
            so it has a name (`low_pulse_known_by`) and an end (`low_pulse_known_until`).
        pacemaker_rate: lower rate of a pacemaker, /min: a pulse more than 5 below it is told.
        beta_blocker_since: since when a medicine slows the heart. It moves no limit by itself: a slower heart
            is confirmed as the new normal, and a fast one means more, not less.
        altitude_m: height above the sea at which the person lives, m, since `altitude_since`. It loosens the
            limits of oxygen above 2500 m, so it has a name (`altitude_by`) and an end (`altitude_until`).
        atrial_fibrillation: one slow reading of a wrist is no evidence then.
        usual_news2: the NEWS2 total that is usual for somebody on oxygen at home or with a lasting illness, 1
            to 6: told from two points above it on. It loosens, so it has a name (`usual_news2_by`) and an end
            (`usual_news2_until`); 7 points are an emergency all the same.
    """

    timezone: str
    birth_year: int | None = None
    sex: str | None = None
    pregnant: bool = False
    spo2_scale_2: bool = False
    false_alarms_per_week: float = 1.0
    silence_after_ms: int | None = None
    alarms: bool = True
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
    labels: Mapping[str, str] = field(default_factory=dict)
