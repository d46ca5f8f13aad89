"""One codec stands between payloads and the log: each is decoded once, and a key has its place there."""

from __future__ import annotations

import msgspec
import pytest

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import STATEMENT, TICK, VITALS
from healthtwin.pipeline import Codec, StatementPayload, TickPayload, VitalsPayload, decode, encode
from healthtwin.pipeline.codec import REMEMBERED


class Mirror:
    """A cipher that anybody can break, and the same every time, as a real one must be."""

    def seal(self, plain: bytes) -> bytes:
        return plain[::-1]

    def open(self, sealed: bytes) -> bytes:
        return sealed[::-1]


def test_a_payload_stands_in_the_log_under_its_own_kind() -> None:
    codec = Codec()
    said = (VitalsPayload({1: 60.0}), TickPayload(0.5), StatementPayload("genes", 2))
    records = [codec.record(each, time_ms=1, arrived_ms=2) for each in said]
    assert [record.kind for record in records] == [VITALS, TICK, STATEMENT]
    assert [codec.read(record) for record in records] == list(said)


def test_whoever_reads_the_same_record_gets_the_same_payload() -> None:
    codec = Codec()
    record = codec.record(VitalsPayload({1: 60.0}), person="ada", time_ms=1, arrived_ms=2)
    assert codec.read(record) is codec.read(record)
    assert Codec().read(record) == codec.read(record)


def test_what_is_remembered_is_bounded() -> None:
    codec = Codec()
    kept = codec.record(VitalsPayload({1: 0.0}), time_ms=1, arrived_ms=2)
    first = codec.read(kept)
    for n in range(1, REMEMBERED + 1):
        codec.read(codec.record(VitalsPayload({1: float(n)}), time_ms=1, arrived_ms=2))
    assert codec.read(kept) is not first
    assert codec.read(kept) == first


def test_a_sealed_payload_is_read_with_its_key_alone() -> None:
    said = VitalsPayload({1: 61.0})
    codec = Codec({7: Mirror()}.__getitem__)
    record = codec.record(said, person="ada", time_ms=1, arrived_ms=2, key_id=7)
    assert record.payload == encode(said)[::-1]
    assert codec.read(record) == said
    with pytest.raises(CorruptStorage, match="key 7, which this home does not hold"):
        Codec().read(record)


def test_a_place_in_a_former_log_is_passed_over_and_a_repetition_is_still_one() -> None:
    before = msgspec.msgpack.encode([{1: 60.0}, 1.0, None, None, None, (52.5, 13.4, None)])

    payload = decode(VITALS, before)

    assert isinstance(payload, VitalsPayload)
    assert payload.values == {1: 60.0}
    # Without a place the bytes are the same as ever, by which the log recognises what was sent before.
    assert encode(VitalsPayload({1: 60.0})) == msgspec.msgpack.encode(
        [{1: 60.0}, 1.0, None, None, None, None]
    )
