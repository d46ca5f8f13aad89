"""How fast a token may send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.access import BURST_ROWS, RateLimiter
from healthtwin.domain.errors import RateLimited
from healthtwin.intake import MAX_ROWS


def test_five_thousand_rows_a_second_are_never_limited() -> None:
    limiter = RateLimiter()
    for tenth in range(600):
        limiter.take("t-1", 500, tenth / 10)


def test_the_largest_message_passes_with_a_full_bucket() -> None:
    assert MAX_ROWS <= BURST_ROWS
    RateLimiter().take("t-1", MAX_ROWS, 0.0)


def test_one_token_never_spends_for_another() -> None:
    limiter = RateLimiter(10, 10)
    limiter.take("t-1", 10, 0.0)
    limiter.take("t-2", 10, 0.0)
    with pytest.raises(RateLimited):
        limiter.take("t-1", 1, 0.0)


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 50)), min_size=1, max_size=50))
def test_no_sequence_of_messages_exceeds_rate_and_burst(steps: list[tuple[float, int]]) -> None:
    limiter = RateLimiter(10, 50)
    now_s = taken = 0.0
    for pause_s, rows in steps:
        now_s += pause_s
        try:
            limiter.take("t-1", rows, now_s)
        except RateLimited as limited:
            limiter.take("t-1", rows, now_s := now_s + limited.retry_after_s + 1e-9)
        taken += rows
        assert taken <= 50 + 10 * now_s + 1e-6


def test_full_buckets_are_forgotten_and_spent_ones_are_not() -> None:
    limiter = RateLimiter(1, 10)
    limiter.take("t-busy", 10, 0.0)
    for number in range(10_000):
        limiter.take(f"t-{number}", 1, number / 5_000)
    with pytest.raises(RateLimited):
        limiter.take("t-busy", 10, 2.0)


def test_what_cannot_be_paid_is_refused_unread_and_costs_nothing() -> None:
    limiter = RateLimiter(rows_per_s=10, burst_rows=20)
    limiter.require("t-1", 1_000, now_s=0.0)  # nothing was spent yet: let it be read
    limiter.take("t-1", 20, now_s=0.0)
    with pytest.raises(RateLimited, match=r"try again in 1\.00 s"):
        limiter.require("t-1", 10, now_s=0.0)
    limiter.require("t-1", 10, now_s=1.0)
    limiter.take("t-1", 10, now_s=1.0)
