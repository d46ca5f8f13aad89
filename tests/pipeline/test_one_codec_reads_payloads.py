"""One codec stands between payloads and the log, and a key has its place there."""

from __future__ import annotations

import msgspec
import pytest

from healthtwin.domain.errors import CorruptStorage, Gone, KeyGone
from healthtwin.domain.log import PLAINTEXT_KEY, STATEMENT, TICK, VITALS
from healthtwin.domain.sealing import Place
from healthtwin.pipeline import Codec, StatementPayload, TickPayload, VitalsPayload, decode, encode
from healthtwin.pipeline.codec import REMEMBERED


class Mirror:
    """Keys that anybody can break, the same every time, as real ones must be; says how often it opened."""

    opened = 0

    def key_of(self, pseudonym: str) -> int:
        if pseudonym == "gone":
            raise Gone("erased")
        return 7

    def seal(self, key_id: int, plain: bytes, place: Place) -> bytes:
        return self.head_alike(key_id) + place.row.encode() + plain[::-1]

    seal_alike = seal

    def head_alike(self, key_id: int) -> bytes:
        return f"{key_id:08}".encode()

    def open(self, key_id: int, sealed: bytes, place: Place) -> bytes:
        if key_id != 7:
            raise KeyGone(f"key {key_id} is gone")
        self.opened += 1
        return sealed.removeprefix(self.head_alike(key_id) + place.row.encode())[::-1]

    def is_erased(self, name: str) -> bool:
        return name == "gone"


def test_a_payload_stands_in_the_log_under_its_own_kind() -> None:
    codec = Codec()
    said = (VitalsPayload({1: 60.0}), TickPayload(0.5), StatementPayload("genes", 2))
    records = [codec.record(each, time_ms=1, arrived_ms=2) for each in said]
    assert [record.kind for record in records] == [VITALS, TICK, STATEMENT]
    assert [codec.read(record) for record in records] == list(said)


def test_what_is_sealed_is_opened_once_however_many_read_it() -> None:
    keys = Mirror()
    codec = Codec(keys)
    record = codec.record(VitalsPayload({1: 60.0}), person="ada", time_ms=1, arrived_ms=2)
    assert codec.read(record) is codec.read(record)
    assert keys.opened == 1


def test_what_is_remembered_is_bounded() -> None:
    keys = Mirror()
    codec = Codec(keys)
    for _ in range(2):
        for n in range(REMEMBERED + 1):
            said = VitalsPayload({1: float(n)})
            assert codec.read(codec.record(said, person="ada", time_ms=1, arrived_ms=2)) == said
    assert keys.opened == 2 * (REMEMBERED + 1)


def test_a_sealed_payload_is_read_with_its_key_alone() -> None:
    said = VitalsPayload({1: 61.0})
    codec = Codec(Mirror())
    record = codec.record(said, person="ada", time_ms=1, arrived_ms=2)
    assert (record.key_id, record.payload.endswith(encode(said)[::-1])) == (7, True)
    assert codec.read(record) == said
    with pytest.raises(CorruptStorage, match="key 7, which this home does not hold"):
        Codec().read(record)


def test_what_is_about_nobody_is_not_sealed() -> None:
    record = Codec(Mirror()).record(TickPayload(0.5), time_ms=1, arrived_ms=2)
    assert (record.key_id, record.payload) == (PLAINTEXT_KEY, encode(TickPayload(0.5)))


def test_a_missing_key_is_damage_unless_its_person_was_erased() -> None:
    codec = Codec(Mirror())
    record = codec.record(VitalsPayload({1: 61.0}), person="ada", time_ms=1, arrived_ms=2)
    with pytest.raises(CorruptStorage) as missing:
        codec.read(msgspec.structs.replace(record, key_id=8))
    assert not isinstance(missing.value, KeyGone)
    with pytest.raises(KeyGone):
        codec.read(msgspec.structs.replace(record, key_id=8, person="gone"))


def test_nothing_is_written_about_somebody_who_was_erased() -> None:
    with pytest.raises(Gone):
        Codec(Mirror()).record(VitalsPayload({1: 61.0}), person="gone", time_ms=1, arrived_ms=2)


def test_a_place_in_a_former_log_is_passed_over_and_a_repetition_is_still_one() -> None:
    before = msgspec.msgpack.encode([{1: 60.0}, 1.0, None, None, None, (52.5, 13.4, None)])

    payload = decode(VITALS, before)

    assert isinstance(payload, VitalsPayload)
    assert payload.values == {1: 60.0}
    # Without a place the bytes are the same as ever, by which the log recognises what was sent before.
    assert encode(VitalsPayload({1: 60.0})) == msgspec.msgpack.encode(
        [{1: 60.0}, 1.0, None, None, None, None]
    )
