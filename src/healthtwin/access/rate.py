"""How much somebody may ask for: a bucket per asker that fills at a steady rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from healthtwin.domain.errors import RateLimited

ROWS_PER_S: Final = 6_000.0
"""The contract promises every token at least 5,000 rows a second; a fifth more keeps an honest sender, whose
seconds are not quite ours, clear of the limit."""

BURST_ROWS: Final = 30_000
"""Five seconds' worth at once: an offline queue of a hundred days of 5-minute readings in one go."""

FORGET_EVERY: Final = 4_096
"""New tokens between two sweeps that forget full buckets, so that a million phones do not pile up."""


@dataclass(slots=True)
class _Bucket:
    rows: float
    at_s: float


class RateLimiter:
    """Token buckets, one per asker; for one event loop, so without locks.

    Args:
        rows_per_s: steady rate.
        burst_rows: what a full bucket holds; also the most that one message may cost.
        what: the rows, in words.

    >>> limiter = RateLimiter(rows_per_s=10, burst_rows=20)
    >>> limiter.take("t-1", 20, now_s=0.0)
    >>> limiter.take("t-1", 5, now_s=0.25)
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.RateLimited: more than 10 readings a second; try again in 0.25 s
    >>> limiter.take("t-1", 5, now_s=0.5)
    """

    def __init__(
        self, rows_per_s: float = ROWS_PER_S, burst_rows: int = BURST_ROWS, what: str = "readings"
    ) -> None:
        self._rate = rows_per_s
        self._what = what
        self._burst = float(burst_rows)
        self._buckets: dict[str, _Bucket] = {}
        self._sweep_at = FORGET_EVERY

    def take(self, key: str, rows: int, now_s: float) -> None:
        """Spend `rows` of the bucket `key` at the monotonic time `now_s`, or nothing at all.

        Raises:
            RateLimited: with the time after which the same message will be taken.
        """
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= self._sweep_at:
                self._forget_full(now_s)
            bucket = self._buckets[key] = _Bucket(self._burst, now_s)
        filled = min(self._burst, bucket.rows + max(0.0, now_s - bucket.at_s) * self._rate)
        bucket.at_s = now_s
        bucket.rows = filled
        if rows > filled:
            wait_s = (min(rows, self._burst) - filled) / self._rate
            raise RateLimited(
                f"more than {self._rate:g} {self._what} a second; try again in {wait_s:.2f} s", wait_s
            )
        bucket.rows = filled - rows

    def require(self, key: str, rows: int, now_s: float) -> None:
        """Refuse what `take` would refuse, and spend nothing: before a message is read that is too much.

        Raises:
            RateLimited: as `take`.
        """
        bucket = self._buckets.get(key)
        if bucket is not None:
            filled = min(self._burst, bucket.rows + max(0.0, now_s - bucket.at_s) * self._rate)
            if min(rows, self._burst) > filled:
                self.take(key, rows, now_s)

    def _forget_full(self, now_s: float) -> None:
        """A bucket that has filled up again says nothing that a new one would not."""
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if bucket.rows + (now_s - bucket.at_s) * self._rate < self._burst
        }
        self._sweep_at = len(self._buckets) + FORGET_EVERY
