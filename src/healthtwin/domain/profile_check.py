"""What a profile may say: each field within what a person can be, and nothing that lies in the future.

A field that loosens a limit (a known low pulse, a height above the sea) needs a name, a date and an end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from healthtwin.domain.clock import from_ms
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.text import is_plain

if TYPE_CHECKING:
    from healthtwin.domain.vocabulary import Profile

EARLIEST_BIRTH_YEAR: Final = 1880
LATEST_BIRTH_YEAR: Final = 2200

LOW_PULSE: Final = (30, 40)
"""Between which rates a low pulse may be said to be known, 1/min: no heart below 30 is anybody's usual, and
above 40 no limit needs moving."""

PACED: Final = (30, 120)
"""Lower rates that pacemakers are set to, 1/min, with room."""

ALTITUDE_M: Final = (-430, 6000)
"""Where people live, m: from the Dead Sea to above the highest towns."""

USUAL_NEWS2: Final = (1, 6)
"""NEWS2 totals that may be said to be somebody's usual: 7 and more is an emergency for everybody."""

LONGEST_LOOSER_DAYS: Final = 366
"""A looser limit ends after a year at the latest: whoever set it is asked again."""

LONGEST_NAME: Final = 200

_LAST_MONTH: Final = 12


def check_ranges(profile: Profile) -> None:
    """Whether every number of a profile is one that a person can have.

    Raises:
        InvalidInput: naming the field.
    """
    _within("birth_year", profile.birth_year, EARLIEST_BIRTH_YEAR, LATEST_BIRTH_YEAR)
    _within("birth_month", profile.birth_month, 1, _LAST_MONTH)
    if profile.birth_month is not None and profile.birth_year is None:
        raise InvalidInput("birth_month", profile.birth_month, "only together with birth_year")
    _within("low_pulse_floor", profile.low_pulse_floor, *LOW_PULSE)
    _within("pacemaker_rate", profile.pacemaker_rate, *PACED)
    _within("altitude_m", profile.altitude_m, *ALTITUDE_M)
    _within("usual_news2", profile.usual_news2, *USUAL_NEWS2)
    for field in ("low_pulse_known_by", "altitude_by", "usual_news2_by"):
        name = getattr(profile, field)
        if name is not None and (len(name) > LONGEST_NAME or not is_plain(name)):
            raise InvalidInput(field, name, f"1 to {LONGEST_NAME} characters, none of control")


def checked_now(profile: Profile, known: Profile, now_ms: int, by: str) -> Profile:
    """The profile as it is kept, once it is sure that it says nothing of the future.

    Args:
        known: what was known before; what has not changed is not checked again.
        by: who says so, where a looser limit names nobody.

    Raises:
        InvalidInput: naming the field.

    >>> from healthtwin.domain.vocabulary import Profile
    >>> checked_now(Profile("UTC", 2030), Profile("UTC"), 1_772_366_400_000, "somebody")
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.InvalidInput: birth_year: got 2030; allowed: 1880 to 2026, the present year
    """
    check_ranges(profile)
    today = from_ms(now_ms).date() + timedelta(days=1)  # somewhere it is tomorrow already
    year, month = profile.birth_year, profile.birth_month
    if (year, month) != (known.birth_year, known.birth_month) and year is not None:
        if year > today.year:
            raise InvalidInput("birth_year", year, f"{EARLIEST_BIRTH_YEAR} to {today.year}, the present year")
        if year == today.year and month is not None and month > today.month:
            raise InvalidInput("birth_month", month, f"1 to {today.month}: {year} has come no further")
    for field in ("gave_birth_on", "beta_blocker_since", "altitude_since"):
        day = getattr(profile, field)
        if day is not None and day != getattr(known, field) and day > today:
            raise InvalidInput(field, day.isoformat(), f"a day up to {today.isoformat()}")
    profile = _low_pulse(profile, known, today, by)
    profile = _usual_score(profile, known, today, by)
    return _altitude(profile, known, today, by)


def _low_pulse(profile: Profile, known: Profile, today: date, by: str) -> Profile:
    until = profile.low_pulse_known_until
    if until is None and profile.low_pulse_floor is None:
        return replace(profile, low_pulse_known_by=None)
    if until is not None and profile.low_pulse_floor is None:
        profile = replace(profile, low_pulse_floor=LOW_PULSE[0])
    _ends("low_pulse_known_until", until, known.low_pulse_known_until, today)
    return replace(profile, low_pulse_known_by=profile.low_pulse_known_by or by)


def _usual_score(profile: Profile, known: Profile, today: date, by: str) -> Profile:
    if profile.usual_news2 is None:
        return replace(profile, usual_news2_by=None, usual_news2_until=None)
    until = profile.usual_news2_until or today + timedelta(days=LONGEST_LOOSER_DAYS)
    _ends("usual_news2_until", until, known.usual_news2_until, today)
    return replace(profile, usual_news2_by=profile.usual_news2_by or by, usual_news2_until=until)


def _altitude(profile: Profile, known: Profile, today: date, by: str) -> Profile:
    if profile.altitude_m is None:
        return replace(profile, altitude_by=None, altitude_since=None, altitude_until=None)
    since = profile.altitude_since
    if since is None:
        since = today
    until = profile.altitude_until or today + timedelta(days=LONGEST_LOOSER_DAYS)
    _ends("altitude_until", until, known.altitude_until, today)
    by = profile.altitude_by or by
    return replace(profile, altitude_by=by, altitude_since=since, altitude_until=until)


def _ends(field: str, until: date | None, before: date | None, today: date) -> None:
    last = today + timedelta(days=LONGEST_LOOSER_DAYS)
    allowed = f"a day from {today.isoformat()} to {last.isoformat()}: a looser limit has an end"
    if until is None:
        raise InvalidInput(field, None, allowed)
    if until != before and not today - timedelta(days=1) <= until <= last:
        raise InvalidInput(field, until.isoformat(), allowed)


def _within(field: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        raise InvalidInput(field, value, f"{low} to {high}")
