"""The metric table: the one place that knows what is measured, in which unit, and what is possible.

`code` is the number that stands in the log and in the series for ever: never reuse or renumber one.
Plausible ranges are what a living person can show and a sensor can report; a value outside is refused at the
gateway, never clipped. LOINC codings from loinc.org; units are UCUM.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_CODE_SYSTEM: Final = "urn:healthtwin:metric"


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
        loinc: LOINC codes; empty when only a local code exists.
        aliases: other field names accepted for the same metric.
        learned: whether the twin learns a personal baseline for it.
    """

    code: int
    name: str
    label: str
    unit: str
    low: float
    high: float
    resolution: float
    loinc: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    learned: bool = False

    @property
    def allowed(self) -> str:
        """The plausible range in words.

        >>> METRICS["heart_rate"].allowed
        'a number from 10 to 350 /min'
        """
        return f"a number from {self.low:g} to {self.high:g} {self.unit}"

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
        if not self.low <= value <= self.high:  # NaN fails this comparison too
            raise InvalidInput(self.name, value, self.allowed)
        return float(value)


_TABLE: Final = (
    Metric(1, "heart_rate", "Heart rate", "/min", 10, 350, 0.1, ("8867-4",), learned=True),
    Metric(2, "resting_heart_rate", "Resting heart rate", "/min", 10, 250, 0.1, ("40443-4",), learned=True),
    Metric(3, "respiratory_rate", "Breathing rate", "/min", 1, 100, 0.1, ("9279-1",), learned=True),
    Metric(
        4, "oxygen_saturation", "Oxygen saturation", "%", 30, 100, 0.1, ("2708-6", "59408-5"), ("spo2",), True
    ),
    Metric(
        5, "body_temperature", "Body temperature", "Cel", 25, 45, 0.01, ("8310-5",), ("temperature",), True
    ),
    Metric(6, "hrv_rmssd", "Heart rate variability (RMSSD)", "ms", 0, 1000, 0.1, (), (), True),
    Metric(7, "hrv_sdnn", "Heart rate variability (SDNN)", "ms", 0, 1000, 0.1, ("80404-7",), (), True),
    Metric(
        8,
        "blood_pressure_systolic",
        "Systolic blood pressure",
        "mm[Hg]",
        30,
        320,
        1,
        ("8480-6",),
        ("systolic",),
        True,
    ),
    Metric(
        9,
        "blood_pressure_diastolic",
        "Diastolic blood pressure",
        "mm[Hg]",
        10,
        220,
        1,
        ("8462-4",),
        ("diastolic",),
        True,
    ),
    Metric(10, "activity_level", "Activity level", "1", 0, 10, 0.01),
    Metric(11, "steps", "Steps", "1", 0, 200_000, 1, ("55423-8",)),
    Metric(12, "consciousness", "Level of consciousness (0 alert, 1 new confusion or less)", "1", 0, 1, 1),
    Metric(13, "supplemental_oxygen", "Supplemental oxygen (0 room air, 1 oxygen)", "1", 0, 1, 1),
    Metric(14, "tremor_frequency", "Tremor frequency", "Hz", 0, 30, 0.01),
    Metric(15, "tremor_amplitude", "Tremor amplitude", "m/s2", 0, 100, 0.001),
    Metric(16, "gait_cadence", "Cadence", "/min", 0, 400, 0.1),
    Metric(17, "cough_count", "Coughs", "1", 0, 10_000, 1),
    Metric(18, "hrv_pnn50", "Heart rate variability (pNN50)", "%", 0, 100, 0.01),
    Metric(19, "blood_glucose", "Blood glucose", "mg/dL", 10, 1500, 1, ("2339-0",), ("glucose",)),
    Metric(20, "body_weight", "Body weight", "kg", 0.3, 650, 0.01, ("29463-7",), ("weight",)),
    Metric(21, "ambient_temperature", "Ambient temperature", "Cel", -90, 70, 0.1),
    Metric(22, "barometric_pressure", "Barometric pressure", "hPa", 300, 1100, 0.1),
    Metric(23, "postural_tremor_frequency", "Tremor frequency, arm held out", "Hz", 0, 30, 0.01),
    Metric(24, "postural_tremor_amplitude", "Tremor amplitude, arm held out", "m/s2", 0, 100, 0.001),
    Metric(25, "gait_regularity", "Likeness of strides (1 all alike)", "1", 0, 1, 0.001),
    Metric(26, "gait_asymmetry", "Difference of left and right steps", "%", 0, 200, 0.1),
    Metric(27, "gait_unsteadiness", "Variation of stride times", "%", 0, 200, 0.01),
    Metric(28, "sway_rms", "Sway", "m/s2", 0, 100, 0.0001),
    Metric(29, "sway_path", "Sway path in a second", "m/s3", 0, 10_000, 0.001),
    Metric(30, "sway_area", "Sway area (95 %)", "m2/s4", 0, 10_000, 0.00001),
    Metric(31, "voice_pitch", "Pitch of the voice", "Hz", 20, 2000, 0.1),
    Metric(32, "voice_jitter", "Jitter of the voice", "%", 0, 100, 0.001),
    Metric(33, "voice_shimmer", "Shimmer of the voice", "%", 0, 200, 0.001),
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
"""Every metric by any field name the gateway accepts."""

LEARNED: Final[tuple[Metric, ...]] = tuple(metric for metric in _TABLE if metric.learned)
"""The metrics with a personal baseline; their order is the column order of the twin's arrays."""

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
