"""A child's fever that has lasted to its fifth day: to be seen, however high it is (NICE NG143)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.exertion import elapsed_s

if TYPE_CHECKING:
    from healthtwin.forecast.exertion import Seconds
    from healthtwin.forecast.member import Flags, Floats, StructuredArray

FEVER: Final = 37.95
"""Shown as 38.0 °C: fever in children (NICE NG143)."""

FIFTH_DAY_S: Final = 95 * 3600
"""Somebody who measures once a day reads the fever of the fifth day about 96 hours after the first."""

APART_S: Final = 36 * 3600
"""A fever comes and goes within a day; without one for so long it was over (OURS)."""

FEVER_STATE: Final = (
    ("fever_since_s", "u4"),  # first reading of the present fever; 0 none
    ("fever_s", "u4"),  # its latest
)
"""What is remembered of one person."""


def note_fever(state: StructuredArray, temperature: Floats, now_s: Seconds) -> None:
    """Remember since when there is a fever, in place.

    Args:
        temperature: Cel, NaN where not measured, shape (n,).
    """
    hot = temperature >= FEVER  # NaN compares as False
    if not hot.any():
        return
    begins = hot & (elapsed_s(state["fever_s"], now_s) > APART_S)
    np.copyto(state["fever_since_s"], now_s, where=begins)
    np.copyto(state["fever_s"], now_s, where=hot)


def lasting_fever(state: StructuredArray, temperature: Floats, now_s: Seconds, minor: Flags) -> Flags:
    """Whose fever of now, once noted, has lasted to its fifth day, shape (n,)."""
    lasted = elapsed_s(state["fever_since_s"], now_s) >= FIFTH_DAY_S
    found: Flags = minor & (temperature >= FEVER) & lasted & (state["fever_since_s"] > 0)
    return found
