"""The table of targets: what is forecast, when it can be judged, and when it came true.

One place says it, for training, evaluation, the documentation and the screen. What is *now* is
the latest value of each metric if it is at most `CARRIED_H` old; physiologically impossible values
(`healthtwin.domain.METRICS`) were dropped before. All times are hours of the record, not of the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

CARRIED_H: Final = 4.0
"""A value this old still says how somebody is now. Part of the definition of the reference targets."""

ONE_HOUR_TOLERANCE_H: Final = 1.0 / 60.0
"""Charts kept in minutes or days do not hit the hour exactly."""

CHARTED_SHARE: Final = 0.5
"""Over 3 and 6 hours, at least this share of the hours must hold a value, or "no" would mean "not looked"."""

HYPOXIC: Final = 90.0  # %: below this the oxygen content of blood falls steeply; the reference's limit
NOT_YET: Final = 92.0  # %: from here on one is not in it already
RED_SATURATION: Final = 91.0  # NEWS2 chart, 3 points each; compared as given, not rounded to the chart
RED_BREATHING_HIGH: Final = 25.0
RED_BREATHING_LOW: Final = 8.0
RED_HEART_HIGH: Final = 131.0
RED_HEART_LOW: Final = 40.0
OWN_FALL: Final = 4.0  # points below the own usual: NEWS2 scale 2 begins to score 3 points below 88
FAST_HEART: Final = 131.0
LOW_PRESSURE: Final = 90.0  # mm[Hg] systolic: 3 points in NEWS2, and one of the qSOFA-era shock limits


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that may be coming.

    Attributes:
        name: in files, tables and the API; what people read is `said`, never a diagnosis.
        horizon_h: how far ahead, in hours.
        eligible: when an hour can be judged. positive: when it came true.
        trained: on labelled real recordings; otherwise a rule or the simulator speaks, and `note` says so.
        note: what must be known before believing a number.
    """

    name: str
    horizon_h: float
    eligible: str
    positive: str
    trained: bool = True
    note: str = ""

    @property
    def said(self) -> Said:
        """What is forecast, for people."""
        return Said.of(f"target-{self.name.replace('_', '-')}")


_HYPOXIA_NOW: Final = "SpO2 now ≥ 92 % and that of the row before not < 92 %"
_RED_NOW: Final = "heart rate, breathing rate and SpO2 known now, and neither now nor the row before red"
_RED: Final = "SpO2 ≤ 91 %, breathing rate ≥ 25 or ≤ 8 /min, heart rate ≥ 131 or ≤ 40 /min"
_WINDOW: Final = "the record goes on for the whole time with a value in at least half of its hours"

TARGETS: Final[tuple[Target, ...]] = (
    Target(
        "hypoxia",
        1.0,
        f"the next row is exactly 1 h later with SpO2 measured; {_HYPOXIA_NOW}",
        "the next SpO2 is < 90 %",
        note="compared with the reference",
    ),
    Target(
        "news_red",
        1.0,
        f"the next row is exactly 1 h later with all three measured; {_RED_NOW}",
        f"the next row is red: {_RED}",
        note="compared with the reference",
    ),
    Target(
        "hypoxia_3h",
        3.0,
        f"{_HYPOXIA_NOW}; {_WINDOW}",
        "any SpO2 in (0, 3] h is < 90 %",
    ),
    Target(
        "hypoxia_6h",
        6.0,
        f"{_HYPOXIA_NOW}; {_WINDOW}",
        "any SpO2 in (0, 6] h is < 90 %",
    ),
    Target(
        "news_red_3h",
        3.0,
        f"{_RED_NOW}; {_WINDOW} (of SpO2)",
        f"any value in (0, 3] h is red: {_RED}",
    ),
    Target(
        "news_red_6h",
        6.0,
        f"{_RED_NOW}; {_WINDOW} (of SpO2)",
        f"any value in (0, 6] h is red: {_RED}",
    ),
    Target(
        "personal_hypoxia",
        1.0,
        "the next row is exactly 1 h later with SpO2 measured; own mean of at least 6 readings known; "
        "neither now nor the row before 4 points or more below it",
        "the next SpO2 is ≤ own mean of the earlier readings − 4",
        note="for people whose usual is low (COPD) a fixed 90 % says nothing",
    ),
    Target(
        "tachycardia",
        1.0,
        "the next row is exactly 1 h later with heart rate measured; neither now nor the row before "
        "≥ 131 /min",
        "the next heart rate is ≥ 131 /min",
    ),
    Target(
        "hypotension",
        1.0,
        "the next row is exactly 1 h later with systolic pressure measured; neither now nor the row before "
        "≤ 90 mmHg",
        "the next systolic pressure is ≤ 90 mmHg",
    ),
    Target(
        "infection",
        6.0,
        "the stay has SepsisLabel, did not begin with it, and it was not yet 1 in the row before",
        "SepsisLabel is 1 in this row: onset by Sepsis-3 lies at most 6 h ahead",
        note="Sepsis-3 onset is set by the antibiotics and cultures that clinicians ordered, so part of what "
        "is learned is when they became worried. Only the first labelled hour counts as positive.",
    ),
    Target(
        "cardiac_stress",
        1.0,
        "resting heart rate or HRV known, and an own baseline",
        "not judged",
        trained=False,
        note="There is no labelled data: it is a rule (HRV down 15 % within half an hour with rising heart "
        "rate, or heart rate above and HRV below the usual) beside the deviation score; no probability.",
    ),
    Target(
        "hypoxia_30min",
        1.0,
        "SpO2 now ≥ 92 % and the reading before not < 92 %",
        "any SpO2 in [30, 60] min is < 90 %",
        trained=False,
        note="There is no labelled 5-minute recording of deterioration here: it is looked at in the "
        "simulator only, labelled synthetic (`healthtwin evaluate five-minutes`), where a straight line "
        "through half an hour of readings sees more than the hourly model. So no probability is shown.",
    ),
)
"""Every target; the trained ones come first, and `TRAINED` numbers the columns of scores."""

TRAINED: Final[tuple[Target, ...]] = tuple(target for target in TARGETS if target.trained)
"""What the shipped models score, in column order."""

TARGET: Final[Mapping[str, int]] = MappingProxyType({target.name: i for i, target in enumerate(TRAINED)})
"""Column of a trained target by name."""

COMPARED: Final = ("hypoxia", "news_red")
"""The two with a published reference to beat."""

WATCHED: Final = COMPARED
"""Targets that may raise an alarm: those that are compared with a reference. The others are only shown."""
