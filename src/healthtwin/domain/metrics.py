"""The metric table: the one place that knows what is measured, and all that holds for one metric alone.

`code` is the number that stands in the log and in the series for ever: never reuse or renumber one.
Plausible ranges are what a living person can show and a sensor can report; a value outside is refused at the
house, never clipped. LOINC codings from loinc.org; units are UCUM.

Of a baseline, physiology and sensor repeatability decided the spreads; planted rhythms and the design half of
the recorded people decided the square root for HRV and the weight of the priors (docs/evaluation/twin.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain.clock import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.vocabulary import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_VALUE_CODES: Final = frozenset({-1, 0, 127, 254, 255, 511, 2047, 4095, 32767, 65535})
"""What devices and file formats write for "no value": all bits set in 7 to 16 bits, 0 and -1 (FIT: 0xFF and
0xFFFF; Bluetooth SFLOAT: 0x07FF). Whether one can be a value of a metric stands at the metric."""

LOCAL_CODE_SYSTEM: Final = "urn:healthtwin:metric"

STALE_AFTER_MS: Final = 4 * HOUR_MS
"""Older readings say nothing about now: the longest that a value may stand in for a missing one (as in
`healthtwin.forecast`), and the longest interval at which NEWS2 has an unremarkable ward patient re-measured
is 12 hours, so 4 hours at home errs on the side of saying "unknown"."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What may be the meter's doing alone: a smaller shift is never worth more than being seen.

    Attributes:
        lasting: smallest lasting shift worth calling unusual, in the metric's unit (a share of what is
            expected where `relative`): the error that such meters are allowed.
        once: smallest shift of one reading worth it; infinite where one reading says nothing.
        lasts_h: how many hours a shift must last before it is a lasting one.
        relative: whether both are shares of what is expected.
    """

    lasting: float = 0.0
    once: float = 0.0
    lasts_h: float = 6.0
    relative: bool = False


ANY_METER: Final = Meter()
"""Of a metric whose meters nobody has described: spreads alone decide."""

PULSE_METER: Final = Meter(lasting=5.0, once=12.0)
"""/min. ANSI/AAMI EC13: 5 or 10 %; a wrist against a chest strap in sinus rhythm: limits of agreement of
about 11."""

VARIABILITY_METER: Final = Meter(lasting=0.25, once=inf, lasts_h=7 * 24.0, relative=True)
"""From day to day it moves by 15 to 20 % in health, and one reading says nothing."""


@dataclass(frozen=True, slots=True)
class Ages:
    """How old a value may be, in ms, for what is said by it.

    Attributes:
        decides: to decide an alarm.
        current: to be shown as how things are.
        known: for the person to be known at all; older, it leaves them unknown. 0 where it says nothing of
            how they are, however young: what is no vital sign keeps nobody known and ends no silence.
    """

    decides: int = 15 * MINUTE_MS
    current: int = HOUR_MS
    known: int = 0

    def freshness(self, age_ms: int) -> str:
        """What a value of this age may be taken for.

        >>> [PRESSURE.freshness(hours * HOUR_MS) for hours in (0, 23, 71, 73)]
        ['now', 'current', 'old', 'unknown']
        """
        if age_ms <= self.decides:
            return "now"
        if age_ms <= self.current:
            return "current"
        return "old" if age_ms <= self.known else "unknown"


NO_VITAL_SIGN: Final = Ages(current=STALE_AFTER_MS)

WATCHED: Final = Ages(known=STALE_AFTER_MS)
"""Heart, breathing, oxygen: a watch measures them all day, and a value of an hour ago says little of now."""

SPOT: Final = Ages(current=4 * HOUR_MS, known=12 * HOUR_MS)
"""A thermometer: 12 hours is the longest interval at which NEWS2 (Royal College of Physicians, 2017) has an
unremarkable patient measured again."""

PRESSURE: Final = Ages(current=DAY_MS, known=3 * DAY_MS)
"""Blood pressure at home is measured in series of two sittings a day (ESH 2021 practice guidelines for home
measurement); after three days without one the series is broken off."""

AWAKE: Final = Ages(known=HOUR_MS)
"""Consciousness, which somebody states."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is known about a learned metric before the person is, and which of its deviations count.

    Attributes:
        column: place in every `(people, metrics)` array, from 0 up without gaps. It stands in the log
            (``confirm_new_normal``) and in stored states: the next metric takes the next free one.
        prior_spread: spread assumed before anything was seen; wide on purpose, so that few readings err on
            the quiet side. In the metric's unit, or in its square root where `square_root`.
        least_spread: smallest spread ever claimed, in the same unit: what a good sensor repeats on an
            unchanged person.
        worrying: the side on which deterioration usually shows; the other side counts half.
        group: metrics of one group say the same thing twice; of each only the larger deviation counts.
        square_root: whether the baseline is learned on the square root of the value. HRV is skewed, the more
            the shorter the recording, and its spread grows with its level; on the design half the root gave
            narrower bands at the same coverage than the value itself for phone recordings, and than the
            logarithm for nights.
        slope_prior: evidence (squared activity levels x readings) that the effect of activity must outweigh;
            small where effort is known to move the metric within seconds. On the design half it lowered the
            error of a day's mean heart rate by a tenth and did nothing for the others.
        moved_by_effort: effort moves it in ways that no slope learned from everyday life foretells, so what
            it shows then is not judged.
        meter: what its meters may be off by, and so the smallest shift worth calling unusual.
    """

    column: int
    prior_spread: float
    least_spread: float
    worrying: Direction
    group: str
    square_root: bool = False
    slope_prior: float = 2.0
    moved_by_effort: bool = True
    meter: Meter = ANY_METER


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured.

    Attributes:
        code: number in the log and the series, fixed for ever.
        name: our name, the field in `POST /api/vitals`.
        label: for people to read.
        unit: UCUM.
        low, high: plausible range, both ends allowed, in `unit`.
        resolution: smallest step worth keeping, in `unit`.
        digits: decimals that mean something to people, in `unit`.
        loinc: LOINC codes; empty when only a local code exists.
        aliases: other field names accepted for the same metric.
        baseline: how the twin learns what is usual for a person; None where it learns nothing.
        stale_after_ms: a value older than this stands in for no missing one.
        ages: how old a value may be for what is said by it.
        no_value: numbers within the range that devices send where they have no value, and nobody has.
    """

    code: int
    name: str
    label: str
    unit: str
    low: float
    high: float
    resolution: float
    digits: int = 0
    loinc: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    baseline: Baseline | None = None
    stale_after_ms: int = STALE_AFTER_MS
    ages: Ages = NO_VITAL_SIGN
    no_value: tuple[float, ...] = ()

    @property
    def is_vital_sign(self) -> bool:
        """Whether having measured it says that somebody is there, and how they are."""
        return self.ages.known > 0

    @property
    def learned(self) -> bool:
        """Whether the twin learns a personal baseline for it."""
        return self.baseline is not None

    @property
    def label_code(self) -> str:
        """The code under which catalogues of words have its name.

        >>> METRICS["heart_rate"].label_code
        'metric-heart-rate'
        """
        return "metric-" + self.name.replace("_", "-")

    @property
    def allowed(self) -> str:
        """The plausible range in words.

        >>> METRICS["heart_rate"].allowed
        'a number from 10 to 350 /min'
        >>> METRICS["steps"].allowed
        'a number from 0 to 200000'
        """
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"a number from {self.low:g} to {self.high:g}{unit}"

    def check(self, value: object) -> float:
        """The value as a float, if it is a real number in the plausible range.

        Strict: booleans and strings are not numbers, NaN and infinities are not values.

        Raises:
            InvalidInput: with this metric's name and range.

        >>> METRICS["oxygen_saturation"].check(97)
        97.0
        >>> METRICS["oxygen_saturation"].check("97")
        Traceback (most recent call last):
        ...
        healthtwin.domain.errors.InvalidInput: oxygen_saturation: got '97'; allowed: a number from 30 to 100 %
        """
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise InvalidInput(self.name, value, self.allowed)
        if not self.possible(value):
            raise InvalidInput(self.name, value, self.allowed_instead_of(value))
        return float(value)

    def possible(self, value: float) -> bool:
        """Whether somebody can have this value: in the plausible range (NaN is not), and no device's code.

        >>> METRICS["heart_rate"].possible(127), METRICS["heart_rate"].possible(255)
        (True, False)
        """
        return self.low <= value <= self.high and value not in self.no_value

    def allowed_instead_of(self, value: object) -> str:
        """The plausible range in words; where the value is a code for "no value", that too.

        >>> METRICS["heart_rate"].allowed_instead_of(255)
        'a number from 10 to 350 /min (255 is what devices send when they have no value)'
        """
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and (value in self.no_value or value in NO_VALUE_CODES):
            return f"{self.allowed} ({value:g} is what devices send when they have no value)"
        return self.allowed


_TABLE: Final = (
    Metric(
        1,
        "heart_rate",
        "Heart rate",
        "/min",
        10,
        350,
        0.1,
        loinc=("8867-4",),
        # pain, fever, dehydration, a failing pump: nearly everything makes it rise
        baseline=Baseline(0, 10.0, 1.5, Direction.ABOVE, "heart", slope_prior=0.1, meter=PULSE_METER),
        ages=WATCHED,
        no_value=(254, 255),
    ),
    Metric(
        2,
        "resting_heart_rate",
        "Resting heart rate",
        "/min",
        10,
        250,
        0.1,
        loinc=("40443-4",),
        baseline=Baseline(1, 4.0, 1.0, Direction.ABOVE, "heart", meter=PULSE_METER),
    ),
    Metric(
        3,
        "respiratory_rate",
        "Breathing rate",
        "/min",
        1,
        100,
        0.1,
        loinc=("9279-1",),
        # its rise is the earliest sign on hospital wards; counting and phones: 2 to 3 breaths a minute
        baseline=Baseline(
            2, 2.0, 0.5, Direction.ABOVE, "breathing", slope_prior=0.5, meter=Meter(lasting=3.0, once=6.0)
        ),
        ages=WATCHED,
    ),
    Metric(
        4,
        "oxygen_saturation",
        "Oxygen saturation",
        "%",
        30,
        100,
        0.1,
        loinc=("2708-6", "59408-5"),
        aliases=("spo2",),
        # Pulse oximeters state an accuracy of 2 to 3 points, one standard deviation (ISO 80601-2-61). Effort
        # does not move it in health, and where it does, that is worth knowing.
        baseline=Baseline(
            3, 1.5, 0.7, Direction.BELOW, "oxygen", moved_by_effort=False, meter=Meter(lasting=2.0, once=4.0)
        ),
        ages=WATCHED,
    ),
    Metric(
        5,
        "body_temperature",
        "Body temperature",
        "Cel",
        25,
        45,
        0.01,
        digits=1,
        loinc=("8310-5",),
        aliases=("temperature",),
        # clinical thermometers: 0.1 to 0.3 °C in a laboratory; the site and the hour add to 0.5
        baseline=Baseline(4, 0.4, 0.1, Direction.ABOVE, "temperature", meter=Meter(lasting=0.5, once=1.0)),
        ages=SPOT,
    ),
    Metric(
        6,
        "hrv_rmssd",
        "Heart rate variability (RMSSD)",
        "ms",
        0.1,  # two beats are never alike to the tenth of a millisecond: 0 is a device without a value
        1000,
        0.1,
        # the vagal brake lets go under load
        baseline=Baseline(
            5, 1.3, 0.2, Direction.BELOW, "variability", square_root=True, meter=VARIABILITY_METER
        ),
    ),
    Metric(
        7,
        "hrv_sdnn",
        "Heart rate variability (SDNN)",
        "ms",
        0.1,  # two beats are never alike to the tenth of a millisecond: 0 is a device without a value
        1000,
        0.1,
        loinc=("80404-7",),
        baseline=Baseline(
            6, 1.3, 0.2, Direction.BELOW, "variability", square_root=True, meter=VARIABILITY_METER
        ),
    ),
    Metric(
        8,
        "blood_pressure_systolic",
        "Systolic blood pressure",
        "mm[Hg]",
        30,
        320,
        1,
        loinc=("8480-6",),
        aliases=("systolic",),
        # Cuffs: mean error up to 5 mmHg with a standard deviation of 8 (ISO 81060-2), so two readings differ
        # by 11. NEWS2 scores the fall from 110, the rise from 220 on.
        baseline=Baseline(
            7,
            12.0,
            3.0,
            Direction.BELOW,
            "pressure",
            slope_prior=0.5,
            meter=Meter(lasting=10.0, once=20.0, lasts_h=3 * 24.0),
        ),
        ages=PRESSURE,
    ),
    Metric(
        9,
        "blood_pressure_diastolic",
        "Diastolic blood pressure",
        "mm[Hg]",
        10,
        220,
        1,
        loinc=("8462-4",),
        aliases=("diastolic",),
        baseline=Baseline(
            8,
            8.0,
            2.0,
            Direction.BELOW,
            "pressure",
            slope_prior=0.5,
            meter=Meter(lasting=6.0, once=12.0, lasts_h=3 * 24.0),
        ),
        ages=PRESSURE,
    ),
    Metric(10, "activity_level", "Activity level", "1", 0, 10, 0.01, digits=1),
    Metric(11, "steps", "Steps", "1", 0, 200_000, 1, loinc=("55423-8",), no_value=(65_535,)),
    Metric(
        12,
        "consciousness",
        "Level of consciousness (0 alert, 1 new confusion or less)",
        "1",
        0,
        1,
        1,
        ages=AWAKE,
    ),
    Metric(
        13,
        "supplemental_oxygen",
        "Supplemental oxygen (0 room air, 1 oxygen)",
        "1",
        0,
        1,
        1,
        ages=Ages(decides=12 * HOUR_MS, current=12 * HOUR_MS),  # stated until it changes
    ),
    Metric(14, "tremor_frequency", "Tremor frequency", "Hz", 0, 30, 0.01, digits=1),
    Metric(15, "tremor_amplitude", "Tremor amplitude", "m/s2", 0, 100, 0.001, digits=2),
    Metric(16, "gait_cadence", "Cadence", "/min", 0, 400, 0.1, no_value=(254, 255)),
    Metric(17, "cough_count", "Coughs", "1", 0, 10_000, 1),
    Metric(18, "hrv_pnn50", "Heart rate variability (pNN50)", "%", 0, 100, 0.01),
    Metric(
        19,
        "blood_glucose",
        "Blood glucose",
        "mg/dL",
        10,
        1500,
        1,
        loinc=("2339-0",),
        aliases=("glucose",),
        ages=Ages(decides=30 * MINUTE_MS, current=4 * HOUR_MS),
    ),
    Metric(
        20,
        "body_weight",
        "Body weight",
        "kg",
        0.3,
        650,
        0.01,
        digits=1,
        loinc=("29463-7",),
        aliases=("weight",),
        ages=Ages(decides=0, current=7 * DAY_MS),
    ),
    Metric(21, "ambient_temperature", "Ambient temperature", "Cel", -90, 70, 0.1, digits=1),
    Metric(22, "barometric_pressure", "Barometric pressure", "hPa", 300, 1100, 0.1),
    Metric(23, "postural_tremor_frequency", "Tremor frequency, arm held out", "Hz", 0, 30, 0.01, digits=1),
    Metric(
        24, "postural_tremor_amplitude", "Tremor amplitude, arm held out", "m/s2", 0, 100, 0.001, digits=2
    ),
    Metric(25, "gait_regularity", "Likeness of strides (1 all alike)", "1", 0, 1, 0.001, digits=2),
    Metric(26, "gait_asymmetry", "Difference of left and right steps", "%", 0, 200, 0.1),
    Metric(27, "gait_unsteadiness", "Variation of stride times", "%", 0, 200, 0.01, digits=1),
    Metric(28, "sway_rms", "Sway", "m/s2", 0, 100, 0.0001, digits=2),
    Metric(29, "sway_path", "Sway path in a second", "m/s3", 0, 10_000, 0.001, digits=2),
    Metric(30, "sway_area", "Sway area (95 %)", "m2/s4", 0, 10_000, 0.00001, digits=3),
    Metric(31, "voice_pitch", "Pitch of the voice", "Hz", 20, 2000, 0.1),
    Metric(32, "voice_jitter", "Jitter of the voice", "%", 0, 100, 0.001, digits=2),
    Metric(33, "voice_shimmer", "Shimmer of the voice", "%", 0, 200, 0.001, digits=1),
    Metric(34, "voice_pause_share", "Pauses while speaking", "%", 0, 100, 0.1),
    Metric(35, "breath_tonal_share", "Breathing that carries a tone", "%", 0, 100, 0.1),
)

METRICS: Final[Mapping[str, Metric]] = MappingProxyType({metric.name: metric for metric in _TABLE})
"""Every metric by name, in code order."""

METRIC_BY_CODE: Final[Mapping[int, Metric]] = MappingProxyType({metric.code: metric for metric in _TABLE})
"""Every metric by its number in the log."""

METRIC_BY_FIELD: Final[Mapping[str, Metric]] = MappingProxyType(
    {field: metric for metric in _TABLE for field in (metric.name, *metric.aliases)}
)
"""Every metric by any field name the house accepts."""

_BY_COLUMN: Final = {metric.baseline.column: metric for metric in _TABLE if metric.baseline is not None}

VITAL_SIGNS: Final = tuple(metric for metric in _TABLE if metric.is_vital_sign)
"""What says that somebody is there, and how they are."""

LEARNED: Final[tuple[Metric, ...]] = tuple(_BY_COLUMN[column] for column in range(len(_BY_COLUMN)))
"""The metrics with a personal baseline, in the column order of the twin's arrays."""

BASELINES: Final[tuple[Baseline, ...]] = tuple(
    metric.baseline for metric in LEARNED if metric.baseline is not None
)
"""Their baselines, in the same order."""

ACTIVITY_WORDS: Final[Mapping[str, float]] = MappingProxyType({"sedentary": 0.0, "light": 1.0, "active": 2.0})
"""`activity_level` may be sent as one of these words; the scale between and above them is continuous."""


def metric_named(name: str) -> Metric:
    """The metric with this name or alias.

    Raises:
        InvalidInput: listing the names that exist.

    >>> metric_named("spo2").loinc
    ('2708-6', '59408-5')
    """
    metric = METRIC_BY_FIELD.get(name)
    if metric is None:
        raise InvalidInput("metric", name, "one of " + ", ".join(METRICS))
    return metric
