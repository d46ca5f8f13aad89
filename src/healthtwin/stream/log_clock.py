"""The log's clock: what the house's clock shows by all that was written, though it was wrong for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain import DAY_MS
from healthtwin.domain.log import ERASED

if TYPE_CHECKING:
    from healthtwin.domain.log import LogRecord


def clock_after(clock_ms: int, record: LogRecord, lateness_ms: int) -> int:
    """What the log's clock shows after this record.

    It goes on, and by more than the allowed lateness back only where a reading bears it out: one whose own
    stamp is of that day. Then two clocks agree, and it was ahead before. A machine that starts without
    knowing the time writes ticks of long ago, too, but readings of now it refuses as of a time to come.

    Args:
        clock_ms: what it showed before. lateness_ms: less is no jump, since writers overtake one another.
    """
    arrived_ms = record.arrived_ms
    if arrived_ms >= clock_ms:
        return arrived_ms
    measured = bool(record.device) or record.kind == ERASED
    agrees = measured and arrived_ms - record.time_ms <= DAY_MS
    return arrived_ms if agrees and clock_ms - arrived_ms > lateness_ms else clock_ms
