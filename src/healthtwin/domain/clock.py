"""Time as the product knows it: aware UTC, or whole milliseconds since 1970-01-01T00:00:00Z.

>>> to_ms(datetime(2026, 3, 1, 12, tzinfo=UTC))
1772366400000
>>> from_ms(1772366400000).isoformat()
'2026-03-01T12:00:00+00:00'
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from healthtwin.domain.errors import InvalidInput

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

AHEAD_MS: Final = 5 * MINUTE_MS
"""How far a phone's clock may run ahead of the house's; a reading of later is refused."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch.

    Raises:
        InvalidInput: for a naive datetime, since nobody can know which instant it means.
    """
    if moment.tzinfo is None:
        raise InvalidInput("time", moment.isoformat(), "a time with its offset from UTC")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(time_ms: int) -> datetime:
    """The aware UTC datetime of an epoch millisecond."""
    return _EPOCH + timedelta(milliseconds=time_ms)
