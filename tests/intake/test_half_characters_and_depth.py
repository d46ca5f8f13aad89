"""What no text can hold, what is nested beyond reason, names beyond number: refused, and by name."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput, MalformedInput, briefly
from healthtwin.intake import Subjects, decode_vitals, inflate, may_hold_halves, parse, require_whole_text
from healthtwin.intake.vitals import FIELDS, MOST_HINTS, Hints

NOW = 1_772_366_400_000
ADA = Subjects("p-ada", {"p-ada": 1980}.__getitem__)
GOOD = {"timestamp": NOW, "heart_rate": 72}


@pytest.mark.parametrize("field", [*FIELDS, "latitude", "nobody's field", "ab\ud800cd"])
@pytest.mark.parametrize("value", ["\ud800", "x\udfffx", ["\ud800"], {"\udc00": 1}, {"a": {"b": "\ud83d"}}])
def test_half_a_character_anywhere_costs_its_own_row_and_names_the_field(field: str, value: object) -> None:
    body = json.dumps([GOOD, {**GOOD, field: value}, GOOD]).encode()
    parsed = decode_vitals(body, NOW, ADA)
    assert [row.index for row in parsed.rows] == [0, 2]
    (refused,) = parsed.refused
    assert refused.field.encode()
    assert json.dumps([refused.field, refused.value, refused.allowed]).encode().decode()


def test_whole_characters_outside_the_first_plane_are_no_halves() -> None:
    body = json.dumps({**GOOD, "device": "my \U0001f600 watch"}).encode()
    assert b"\\ud83d" in body
    assert decode_vitals(body, NOW, ADA).rows[0].payload.source == "my \U0001f600 watch"


@pytest.mark.parametrize("depth", [50, 900, 960, 964, 966, 967, 968, 970, 985, 1_000, 3_000])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
def test_however_deep_a_value_is_nested_it_is_refused_not_a_fault(
    depth: int, brackets: tuple[str, str]
) -> None:
    opens, closes = brackets
    deep = opens * depth + "1" + closes * depth
    body = f'[{json.dumps(GOOD)}, {{"timestamp": {NOW}, "spo2": {deep}}}]'.encode()
    try:
        parsed = decode_vitals(body, NOW, ADA)
    except MalformedInput:
        assert depth > 900, "no decoder reads that"
        return
    assert len(parsed.rows) == 1
    assert parsed.refused[0].field == "spo2"


nested = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*FIELDS, "x"]), nested)
def test_no_value_of_any_field_is_a_fault(field: str, value: object) -> None:
    body = json.dumps([GOOD, {**GOOD, field: value}]).encode()
    parsed = decode_vitals(body, NOW, ADA)
    assert parsed.rows
    assert parsed.count == 2


@settings(max_examples=100, deadline=None)
@given(nested)
def test_an_echo_is_short_whatever_it_is_of(value: object) -> None:
    assert len(briefly(value)) < 200_000
    assert str(InvalidInput("x", value, "y"))


def test_whole_text_is_asked_for_only_where_an_escape_could_hide_a_half() -> None:
    assert not may_hold_halves(b'{"device": "watch"}')
    assert may_hold_halves(b'{"device": "\\uD83D"}')
    with pytest.raises(InvalidInput, match=r"a\[1\]\.b"):
        require_whole_text(parse(b'{"a": [1, {"b": "\\ud83d"}]}'))


def test_a_message_of_nothing_but_unknown_names_is_no_work() -> None:
    """64 KiB of them once took .4 s of everybody's time."""
    names = (f"h{number}rt_rate" for number in range(3_000))
    body = json.dumps([{name: 1} for name in names])[:-1].encode() + b"]"
    decode_vitals(body, NOW, ADA)  # imports and caches are warm
    began = time.process_time()
    parsed = decode_vitals(body, NOW, ADA)
    assert time.process_time() - began < 0.25
    hinted = [refused for refused in parsed.refused if "did you mean heart_rate" in refused.allowed]
    assert len(hinted) == MOST_HINTS
    assert all(len(refused.allowed) < 100 for refused in parsed.refused[MOST_HINTS:])


def test_a_name_that_was_explained_once_is_explained_again_for_nothing() -> None:
    hints = Hints(most=1)
    assert hints.of("hart_rate") == hints.of("hart_rate") == "no such field; did you mean heart_rate?"
    assert "did you mean" not in hints.of("sp02")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
def test_a_body_of_several_gzip_members_is_all_of_them(parts: list[bytes]) -> None:
    assert inflate(b"".join(map(gzip.compress, parts))) == b"".join(parts)


def test_what_follows_a_gzip_member_and_is_none_is_refused() -> None:
    with pytest.raises(MalformedInput):
        inflate(gzip.compress(b"{}") + b"more")
    with pytest.raises(MalformedInput):
        inflate(gzip.compress(b"{}") + gzip.compress(b"[1]")[:-3])
