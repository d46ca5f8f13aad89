"""An envelope opens with its key, at its place, as it was sealed, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain.errors import CorruptStorage
from healthtwin.store.keys import OVERHEAD_BYTES, Place, SealingKey, key_id_of

NAMES = st.text(max_size=12)
PLACES = st.builds(Place, NAMES, NAMES, NAMES)
SECRET, TENANT = bytes(range(32)), b"a home of 16 byt"
KEY = SealingKey(SECRET, 2, TENANT, "ba75")
HERE = Place("notes", "text", "n-1")


@given(plain=st.binary(max_size=200), place=PLACES, alike=st.booleans())
def test_what_was_sealed_opens_to_what_it_was(plain: bytes, place: Place, alike: bool) -> None:
    sealed = (KEY.seal_alike if alike else KEY.seal)(plain, place)
    assert KEY.open(sealed, place) == plain
    assert len(sealed) == len(plain) + OVERHEAD_BYTES
    assert key_id_of(sealed) == KEY.key_id


@pytest.mark.parametrize("alike", [False, True])
def test_with_any_bit_flipped_it_does_not_open(alike: bool) -> None:
    sealed = (KEY.seal_alike if alike else KEY.seal)(b"the canary sings at noon", HERE)
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CorruptStorage):
            KEY.open(bytes(changed), HERE)


@given(plain=st.binary(min_size=1, max_size=60), cut=st.integers(0, 300), alike=st.booleans())
def test_cut_off_it_does_not_open(plain: bytes, cut: int, alike: bool) -> None:
    sealed = (KEY.seal_alike if alike else KEY.seal)(plain, HERE)
    with pytest.raises(CorruptStorage):
        KEY.open(sealed[: cut % len(sealed)], HERE)


@given(plain=st.binary(max_size=40), here=PLACES, there=PLACES, alike=st.booleans())
def test_moved_to_another_table_column_or_row_it_does_not_open(
    plain: bytes, here: Place, there: Place, alike: bool
) -> None:
    sealed = (KEY.seal_alike if alike else KEY.seal)(plain, here)
    if here == there:
        assert KEY.open(sealed, there) == plain
        return
    with pytest.raises(CorruptStorage):
        KEY.open(sealed, there)


@given(st.integers(0, 30), st.integers(0, 30), NAMES)
def test_table_and_column_cannot_borrow_letters_from_each_other(first: int, second: int, text: str) -> None:
    word = "abcdefghijklmnopqrstuvwxyzabcdef"
    here, there = Place(word[:first], word[first:], text), Place(word[:second], word[second:], text)
    sealed = KEY.seal(b"", here)
    if first != second:
        with pytest.raises(CorruptStorage):
            KEY.open(sealed, there)


@pytest.mark.parametrize(
    "other",
    [
        SealingKey(SECRET, 3, TENANT, "ba75"),
        SealingKey(SECRET, 2, b"the home next do", "ba75"),
        SealingKey(SECRET, 2, TENANT, "cc01"),
        SealingKey(bytes(32), 2, TENANT, "ba75"),
    ],
    ids=["key id", "home", "person", "key"],
)
@pytest.mark.parametrize("alike", [False, True])
def test_another_key_home_or_person_does_not_open_it(other: SealingKey, alike: bool) -> None:
    sealed = (KEY.seal_alike if alike else KEY.seal)(b"the canary sings at noon", HERE)
    with pytest.raises(CorruptStorage):
        other.open(sealed, HERE)


@settings(max_examples=50)
@given(a=st.binary(max_size=40), b=st.binary(max_size=40), place=PLACES, elsewhere=PLACES)
def test_the_same_content_is_recognised_by_its_bytes_and_nothing_else_is(
    a: bytes, b: bytes, place: Place, elsewhere: Place
) -> None:
    assert (KEY.seal_alike(a, place) == KEY.seal_alike(b, place)) == (a == b)
    assert (KEY.seal_alike(a, place) == KEY.seal_alike(a, elsewhere)) == (place == elsewhere)
    assert KEY.seal(a, place) != KEY.seal(a, place)
