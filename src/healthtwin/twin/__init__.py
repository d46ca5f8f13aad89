"""The twin: a person's own normal, learned in constant memory, and how far a reading lies from it."""

from healthtwin.twin.baseline import Expectation, expect, learn, note_departures
from healthtwin.twin.personal import PersonalBaseline
from healthtwin.twin.state import (
    DEFAULT_PHASES,
    SOFT,
    TWIN,
    TWIN_VERSION,
    Phases,
    blank_twins,
    confirm_new_normal,
    phase,
    say_usual,
)
from healthtwin.twin.tuning import DEFAULT_TUNING, Tuning
from healthtwin.twin.words import (
    Moment,
    UsualRange,
    daily_rhythm,
    deviations,
    explain,
    moments,
    usual_ranges,
)

__all__ = [
    "DEFAULT_PHASES",
    "DEFAULT_TUNING",
    "SOFT",
    "TWIN",
    "TWIN_VERSION",
    "Expectation",
    "Moment",
    "PersonalBaseline",
    "Phases",
    "Tuning",
    "UsualRange",
    "blank_twins",
    "confirm_new_normal",
    "daily_rhythm",
    "deviations",
    "expect",
    "explain",
    "learn",
    "moments",
    "note_departures",
    "phase",
    "say_usual",
    "usual_ranges",
]
