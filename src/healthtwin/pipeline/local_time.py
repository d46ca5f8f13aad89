"""Which hour it is for the person: local hour of day and local day, from each person's own time zone."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, from_ms
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUARTER_MS: Final = 15 * MINUTE_MS
"""Every offset from UTC in use since 1972 is a whole number of quarter hours and changes at one of them."""

_KEPT_QUARTERS: Final = 1 << 16


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name.

    Raises:
        InvalidInput: for a name that is in no time-zone database.

    >>> zone("Mars/Olympus")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.InvalidInput: timezone: got 'Mars/Olympus'; allowed: an IANA name ...
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput("timezone", name, "an IANA name such as Europe/Berlin") from error


@lru_cache(maxsize=_KEPT_QUARTERS)
def offset_ms(name: str, quarter: int) -> int:
    """Offset from UTC in ms during one quarter hour (counted from the epoch).

    >>> offset_ms("Asia/Kathmandu", 0) / HOUR_MS
    5.5
    """
    offset = from_ms(quarter * QUARTER_MS).astimezone(zone(name)).utcoffset() or timedelta(0)
    return offset // timedelta(milliseconds=1)


def local_hour_and_day(
    timezones: NDArray[np.bytes_], time_ms: NDArray[np.int64]
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Local hour (0–23) and local day (since 1970-01-01) of each row.

    Args:
        timezones: IANA names, shape (n,), as in `PROFILE["timezone"]`.
        time_ms: epoch milliseconds, shape (n,).

    >>> hours, days = local_hour_and_day(np.array([b"UTC", b"Asia/Tokyo"]), np.array([0, 0]))
    >>> hours.tolist(), days.tolist()
    ([0, 9], [0, 0])
    """
    quarters = time_ms // QUARTER_MS
    if len(timezones) == 1 or (timezones == timezones[:1]).all():
        name = timezones[0].decode() if len(timezones) else "UTC"
        offsets = np.array([offset_ms(name, int(quarter)) for quarter in quarters], np.int64)
    else:
        pairs = zip(timezones.tolist(), quarters.tolist(), strict=True)
        offsets = np.array([offset_ms(name.decode(), quarter) for name, quarter in pairs], np.int64)
    local = time_ms + offsets
    return ((local % DAY_MS) // HOUR_MS).astype(np.int8), (local // DAY_MS).astype(np.int32)
