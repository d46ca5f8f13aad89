"""Surveillance: are there more cases this week than the weeks and years before explain?

Pure: a series in, weeks with an alarm out. Three methods stand side by side (`METHODS`): the improved
Farrington for places with years of history, EARS for places without, and a cumulative sum for what creeps up.

>>> from healthtwin.surveillance import detect, series_of
>>> quiet = [3, 2, 4, 3, 2, 3, 4, 3, 2, 3, 4, 2, 3] * 9
>>> found = detect(series_of([*quiet, 19], "2024-W01"), "farrington")
>>> [(alarm.week, alarm.observed) for alarm in found.alarms]
[('2026-W14', 19.0)]
"""

from healthtwin.surveillance.cusum import CusumSettings, cusum
from healthtwin.surveillance.detection import Alarm, Detection, false_runs, runs_of
from healthtwin.surveillance.ears import VARIANTS, EarsSettings, ears
from healthtwin.surveillance.farrington import FarringtonSettings, farrington
from healthtwin.surveillance.limits import EnoughCases
from healthtwin.surveillance.methods import METHODS, detect, with_enough_history
from healthtwin.surveillance.nowcast import shares_arrived, with_delay
from healthtwin.surveillance.weekly_series import WeeklySeries, read_series, series_of

__all__ = [
    "METHODS",
    "VARIANTS",
    "Alarm",
    "CusumSettings",
    "Detection",
    "EarsSettings",
    "EnoughCases",
    "FarringtonSettings",
    "WeeklySeries",
    "cusum",
    "detect",
    "ears",
    "false_runs",
    "farrington",
    "read_series",
    "runs_of",
    "series_of",
    "shares_arrived",
    "with_delay",
    "with_enough_history",
]
