"""One codec stands between payloads and the log, and a key has its place there."""

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


class Counting(Mirror):
    """Says how often it was asked to open something."""

    opened = 0

    def open(self, sealed: bytes) -> bytes:
        self.opened += 1
        return super().open(sealed)


def test_what_is_sealed_is_opened_once_however_many_read_it() -> None:
    key = Counting()
    codec = Codec({7: key}.__getitem__)
    record = codec.record(VitalsPayload({1: 60.0}), person="ada", time_ms=1, arrived_ms=2, key_id=7)
    assert codec.read(record) is codec.read(record)
    assert key.opened == 1


def test_what_is_remembered_is_bounded() -> None:
    key = Counting()
    codec = Codec({7: key}.__getitem__)
    for _ in range(2):
        for n in range(REMEMBERED + 1):
            said = VitalsPayload({1: float(n)})
            assert codec.read(codec.record(said, time_ms=1, arrived_ms=2, key_id=7)) == said
    assert key.opened == 2 * (REMEMBERED + 1)


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
