"""Laws of TOTP, for any secret and any time."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from healthtwin.access.accounts.recovery import new_recovery_codes, recovery_hash
from healthtwin.access.accounts.totp import (
    DRIFT_STEPS,
    STEP_MS,
    WINDOW,
    code_at,
    drift_of,
    matching_step,
    step_of,
)

secrets = st.binary(min_size=20, max_size=20).map(lambda key: base64.b32encode(key).decode())
times = st.integers(min_value=10**12, max_value=4 * 10**12)


@given(secrets, times, st.integers(-WINDOW, WINDOW))
def test_a_code_of_a_step_nearby_is_taken_as_that_step(secret: str, now_ms: int, steps: int) -> None:
    step = step_of(now_ms) + steps
    found = matching_step(secret, code_at(secret, step), now_ms)
    assert found is not None
    assert code_at(secret, found) == code_at(secret, step)
    assert abs(found - step_of(now_ms)) <= WINDOW


@given(secrets, times, st.lists(st.integers(-3, 3), max_size=12), st.lists(st.integers(-90, 90), max_size=12))
def test_no_step_is_taken_twice_or_after_a_greater_one_whatever_the_clock_does(
    secret: str, now_ms: int, asked: list[int], jumps: list[int]
) -> None:
    used: int | None = None
    for steps, jump_s in zip(asked, jumps, strict=False):
        now_ms += jump_s * 1000
        found = matching_step(secret, code_at(secret, step_of(now_ms) + steps), now_ms, above=used)
        if found is not None:
            assert used is None or found > used
            used = found


@given(secrets, times, st.integers(WINDOW + 1, DRIFT_STEPS), st.booleans())
def test_a_clock_that_is_off_is_recognised_and_its_code_not_taken(
    secret: str, now_ms: int, steps: int, ahead: bool
) -> None:
    away = steps if ahead else -steps
    code = code_at(secret, step_of(now_ms) + away)
    near = {code_at(secret, step_of(now_ms) + k) for k in range(-DRIFT_STEPS, DRIFT_STEPS + 1) if k != away}
    if code in near:
        return  # two steps with one code: once in ten thousand
    assert matching_step(secret, code, now_ms) is None
    assert drift_of(secret, code, now_ms) == away


@given(secrets, times, st.text(max_size=12))
def test_whatever_is_typed_is_judged_without_a_fault(secret: str, now_ms: int, typed: str) -> None:
    found = matching_step(secret, typed, now_ms)
    assert found is None or code_at(secret, found) == "".join(typed.split())


@given(secrets, times)
def test_a_step_lasts_half_a_minute(secret: str, now_ms: int) -> None:
    begin = step_of(now_ms) * STEP_MS
    assert step_of(begin) == step_of(begin + STEP_MS - 1) == step_of(begin + STEP_MS) - 1


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    for code in new_recovery_codes():
        typed = code.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
        assert recovery_hash("a-1", typed) == recovery_hash("a-1", code)
        assert recovery_hash("a-2", typed) != recovery_hash("a-1", code)
