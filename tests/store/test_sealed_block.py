import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import METRICS, Metric
from healthtwin.domain.errors import CorruptStorage
from healthtwin.store.series.block import Rows, seal, unseal

TIMES = st.integers(-(2**51), 2**51)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def rows_of(values: dict[int, float], quality: int = 255) -> Rows:
    t = np.array(sorted(values), np.int64)
    return Rows(t, np.array([values[x] for x in t.tolist()]), np.full(len(t), quality, np.uint8))


def same_bits(one: Rows, other: Rows) -> bool:
    return (
        np.array_equal(one.t, other.t)
        and np.array_equal(one.v.view(np.int64), other.v.view(np.int64))
        and np.array_equal(one.q, other.q)
    )


@given(st.dictionaries(TIMES, FLOATS, min_size=1, max_size=60), st.integers(0, 255))
def test_any_floats_come_back_bit_for_bit(values: dict[int, float], quality: int) -> None:
    rows = rows_of(values, quality)

    assert same_bits(unseal(seal(rows)), rows)


@given(
    st.sampled_from(list(METRICS.values())),
    st.integers(0, 6),
    st.lists(st.floats(0, 1), min_size=1, max_size=300),
)
def test_values_of_a_metric_come_back_bit_for_bit_with_any_decimals(
    metric: Metric, decimals: int, shares: list[float]
) -> None:
    values = [round(metric.low + share * (metric.high - metric.low), decimals) for share in shares]
    rows = rows_of({300_000 * i: value for i, value in enumerate(values)})

    assert same_bits(unseal(seal(rows)), rows)


@pytest.mark.parametrize("value", [-0.0, 5e-324, 1.7976931348623157e308, 2.0**53 + 2, 0.1 + 0.2, 1 / 3])
def test_awkward_floats_come_back_bit_for_bit(value: float) -> None:
    rows = rows_of({0: value, 1: 72.5})

    assert same_bits(unseal(seal(rows)), rows)


def test_a_day_of_five_minute_readings_takes_less_than_four_bytes_a_row() -> None:
    chance = np.random.default_rng(7)
    t = np.arange(288) * 300_000 + chance.integers(-2_000, 2_000, 288)
    v = np.round(70 + 8 * chance.standard_normal(288), 1)
    rows = Rows(t, v, np.full(288, 255, np.uint8))

    assert len(seal(rows)) / 288 < 4


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    block = bytearray(seal(rows_of({i * 300_000: 60.0 + i % 7 for i in range(50)})))
    at = data.draw(st.integers(0, len(block) - 1))
    block[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(CorruptStorage):
        unseal(bytes(block))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_block_are_refused(junk: bytes) -> None:
    with pytest.raises(CorruptStorage):
        unseal(junk)


def test_a_block_cut_short_is_refused() -> None:
    block = seal(rows_of({i: float(i) for i in range(100)}))

    for length in range(len(block)):
        with pytest.raises(CorruptStorage):
            unseal(block[:length])


@given(st.binary(max_size=100), st.sampled_from([1, 2]))
def test_a_block_with_a_right_checksum_over_nonsense_is_refused_or_yields_rows(
    body: bytes, form: int
) -> None:
    block = struct.pack("<BI", form, zlib.crc32(body)) + body

    try:
        rows = unseal(block)
    except CorruptStorage:
        return
    assert len(rows.t) == len(rows.v) == len(rows.q)
