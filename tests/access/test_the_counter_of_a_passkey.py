"""A step back of a key's counter is a signal: noted where the key is backed up, refused where it is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from healthtwin.access.passkeys.counter import Counted, judged_count

COUNTS = st.integers(min_value=0, max_value=2**32 - 1)


def test_keys_that_never_count_are_normal() -> None:
    assert judged_count(0, 0, backed_up=True) == (Counted.FINE, 0)
    assert judged_count(0, 0, backed_up=False) == (Counted.FINE, 0)


def test_five_seven_six_is_noted_or_refused_and_seven_stays() -> None:
    assert judged_count(5, 7, backed_up=False) == (Counted.FINE, 7)
    assert judged_count(7, 6, backed_up=True) == (Counted.NOTED, 7)
    assert judged_count(7, 6, backed_up=False) == (Counted.REFUSED, 7)


def test_a_key_that_counted_and_says_nought_stepped_back() -> None:
    assert judged_count(5, 0, backed_up=True) == (Counted.NOTED, 5)
    assert judged_count(5, 0, backed_up=False) == (Counted.REFUSED, 5)


@given(COUNTS, COUNTS, st.booleans())
def test_a_lower_count_is_never_kept_and_only_a_device_bound_key_is_refused(
    stored: int, told: int, backed_up: bool
) -> None:
    verdict, kept = judged_count(stored, told, backed_up=backed_up)
    assert kept == max(stored, told)
    assert (verdict is Counted.REFUSED) == (not backed_up and told <= stored and stored > 0)
    assert (verdict is Counted.FINE) == (told > stored or stored == told == 0)
