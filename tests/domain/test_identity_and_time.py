"""Pseudonyms, partitions, alert ids and times."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import PARTITIONS, alert_id_of, from_ms, partition_of, pseudonym_of, to_ms
from healthtwin.domain.errors import InvalidInput

secrets = st.binary(min_size=32, max_size=32)


@given(st.text(min_size=1), secrets, secrets)
def test_a_pseudonym_is_stable_for_one_secret_and_another_for_another(
    person_id: str, secret: bytes, other: bytes
) -> None:
    assert pseudonym_of(person_id, secret) == pseudonym_of(person_id, secret)
    assert (pseudonym_of(person_id, secret) == pseudonym_of(person_id, other)) == (secret == other)


def test_partitions_are_filled_evenly() -> None:
    counts = Counter(partition_of(pseudonym_of(f"p-{i}", b"s" * 32)) for i in range(64_000))
    assert set(counts) == set(range(PARTITIONS))
    assert max(counts.values()) < 1.2 * 1000  # six standard deviations of a fair draw


@given(st.text(), st.sampled_from(["vitals", "silence"]), st.integers(0, 2**45))
def test_an_alert_id_depends_on_person_rule_and_start_alone(person: str, rule: str, started_ms: int) -> None:
    alert_id = alert_id_of(person, rule, started_ms)
    assert alert_id == alert_id_of(person, rule, started_ms)
    assert alert_id != alert_id_of(person, rule, started_ms + 1)
    assert alert_id != alert_id_of(person + "x", rule, started_ms)


@given(st.integers(0, 4_102_444_800_000))
def test_milliseconds_survive_the_way_through_datetime(time_ms: int) -> None:
    assert to_ms(from_ms(time_ms)) == time_ms
    assert from_ms(time_ms).tzinfo is UTC


def test_the_same_instant_in_another_zone_is_the_same_millisecond() -> None:
    berlin_summer = timezone(timedelta(hours=2))
    noon_in_utc = to_ms(datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert to_ms(datetime(2026, 7, 1, 14, tzinfo=berlin_summer)) == noon_in_utc


def test_a_naive_time_is_refused_since_nobody_knows_which_instant_it_means() -> None:
    with pytest.raises(InvalidInput, match="offset from UTC"):
        to_ms(datetime(2026, 7, 1, 12))  # noqa: DTZ001 - the naive time is the point
