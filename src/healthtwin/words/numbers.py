"""Numbers as people read them: rounded half away from zero, as `Intl.NumberFormat` does in a browser."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MOST_DIGITS: Final = 3
"""Decimals of a number of which nothing is known, as in `Intl.NumberFormat`."""


def fixed(value: float, digits: int) -> str:
    """With exactly so many decimals and a point; a zero that was rounded to has no sign.

    >>> fixed(84.5, 0), fixed(37, 1), fixed(-0.04, 1)
    ('85', '37.0', '0.0')
    """
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded.is_zero() else rounded:f}"


def between(value: float, least: int, most: int) -> str:
    """With `least` to `most` decimals.

    >>> between(2, 0, 3), between(2.50, 0, 3), between(2.5, 2, 3)
    ('2', '2.5', '2.50')
    """
    text = fixed(value, max(least, most))
    whole, _, fraction = text.partition(".")
    kept = fraction[:least] + fraction[least:].rstrip("0")
    return f"{whole}.{kept}" if kept else whole


def significant(value: float, digits: int) -> str:
    """With at most so many significant digits, without trailing zeros.

    >>> significant(36.66, 3), significant(97, 3), significant(1234.5, 3)
    ('36.7', '97', '1230')
    """
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return between(float(rounded), 0, max(places, 0))
