"""Bodies that cannot be read, hold nothing, or hold too much."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge
from healthtwin.intake import MAX_ROWS, Repeated, Subjects, decode_vitals, inflate, parse

NOW = 1_772_366_400_000
ADA = Subjects("p-ada", {"p-ada": 1980}.__getitem__)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"[]",
        b"{",
        b'{"heart_rate": 72',
        b"[1, 2",
        b'{"heart_rate": 0x48}',
        b"{'heart_rate': 72}",
        b'\xff\xfe{"heart_rate": 72}',
        b'{"device": "\xc3\x28"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
        b"\x00",
    ],
)
def test_a_body_that_cannot_be_read_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedInput):
        decode_vitals(body, NOW, ADA)


@pytest.mark.parametrize("body", [b"5", b'"x"', b"true", b"null", b"NaN"])
def test_json_that_is_no_reading_names_the_body(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="body") as caught:
        decode_vitals(body, NOW, ADA)
    assert not isinstance(caught.value, MalformedInput)


def test_more_rows_than_a_burst_allows_are_refused_whole() -> None:
    row = {"timestamp": NOW, "heart_rate": 72}
    assert len(decode_vitals(json.dumps([row] * MAX_ROWS).encode(), NOW, ADA).rows) == MAX_ROWS
    with pytest.raises(TooLarge, match="at most"):
        decode_vitals(json.dumps([row] * (MAX_ROWS + 1)).encode(), NOW, ADA)


def test_a_byte_order_mark_is_no_offence() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_deep_but_readable_json_is_judged_and_not_a_crash() -> None:
    deep = b'{"timestamp": 1, "location": ' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}"
    (refusal,) = decode_vitals(deep, NOW, ADA).refused
    assert refusal.field == "location.a"


def test_gzip_is_unpacked_up_to_the_limit() -> None:
    assert inflate(gzip.compress(b"reading"), 7) == b"reading"
    with pytest.raises(TooLarge):
        inflate(gzip.compress(b"reading!"), 7)
    with pytest.raises(TooLarge):
        inflate(gzip.compress(b"0" * 20_000_000), 1_000_000)
    with pytest.raises(MalformedInput, match="ends early"):
        inflate(gzip.compress(b"reading" * 100)[:-9], 1_000)
    with pytest.raises(MalformedInput):
        inflate(b"not gzip at all", 1_000)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values, st.booleans())
def test_whatever_is_json_comes_back_as_it_was(value: object, ascii_only: bool) -> None:
    if isinstance(value, str) or value is None or value is True:
        value = [value]
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")) == value


@given(st.text(), st.integers(), st.integers(), st.booleans())
def test_a_repeated_key_never_passes_unseen(key: str, first: int, second: int, ascii_only: bool) -> None:
    name = json.dumps(key, ensure_ascii=ascii_only)
    value = parse(f"[{{{name}: {first}, {name}: {second}}}]".encode())
    assert isinstance(value[0], Repeated)
    assert value[0].key == key


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_decoder(body: bytes) -> None:
    try:
        parsed = decode_vitals(body, NOW, ADA)
    except InvalidInput:
        return
    assert parsed.count
