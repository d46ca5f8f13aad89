"""A challenge is good once, for a short time, for one purpose, in one browser; nothing else is one."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.access.passkeys.challenges import LIFETIME_MS, ChallengeOver, Challenges, Purpose

PURPOSES = list(Purpose)


class Clock:
    def __init__(self) -> None:
        self.now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


def test_it_expires() -> None:
    clock = Clock()
    challenges = Challenges(clock)
    made = challenges.make(Purpose.SIGN_IN, "here")
    clock.now_ms += LIFETIME_MS - 1
    challenges.use(made, Purpose.SIGN_IN, "here")
    late = challenges.make(Purpose.SIGN_IN, "here")
    clock.now_ms += LIFETIME_MS
    with pytest.raises(ChallengeOver):
        challenges.use(late, Purpose.SIGN_IN, "here")


@given(st.sampled_from(PURPOSES), st.sampled_from(PURPOSES), st.text(), st.text())
def test_it_is_good_for_one_purpose_in_one_browser(
    purpose: Purpose, other: Purpose, here: str, there: str
) -> None:
    challenges = Challenges(lambda: 0)
    made = challenges.make(purpose, here)
    if (purpose, here) != (other, there):
        with pytest.raises(ChallengeOver):
            challenges.use(made, other, there)
    challenges.use(made, purpose, here)
    with pytest.raises(ChallengeOver):
        challenges.use(made, purpose, here)


@given(st.integers(min_value=0, max_value=63), st.integers(min_value=0, max_value=7))
def test_a_changed_bit_makes_it_nobodys(byte: int, bit: int) -> None:
    challenges = Challenges(lambda: 0)
    made = bytearray(challenges.make(Purpose.STEP_UP, "s-1"))
    made[byte] ^= 1 << bit
    with pytest.raises(ChallengeOver):
        challenges.use(bytes(made), Purpose.STEP_UP, "s-1")


@given(st.binary(max_size=200))
def test_whatever_else_comes_is_refused(sent: bytes) -> None:
    with pytest.raises(ChallengeOver):
        Challenges(lambda: 0).use(sent, Purpose.SIGN_IN, "here")


def test_of_two_at_once_one_wins() -> None:
    challenges = Challenges(lambda: 0)
    made = challenges.make(Purpose.SIGN_IN, "here")
    won: list[int] = []
    together = threading.Barrier(8)

    def answer(number: int) -> None:
        together.wait()
        try:
            challenges.use(made, Purpose.SIGN_IN, "here")
            won.append(number)
        except ChallengeOver:
            pass

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_another_process_knows_none_of_ours() -> None:
    made = Challenges(lambda: 0).make(Purpose.SIGN_IN, "here")
    with pytest.raises(ChallengeOver):
        Challenges(lambda: 0).use(made, Purpose.SIGN_IN, "here")
