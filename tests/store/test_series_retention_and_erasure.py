import struct
from pathlib import Path

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.store import SeriesRow, SeriesStore

ADA, BEN = "ba75bb794d557bc4c817b000", "ca75bb794d557bc4c817b111"
HEART_RATE, WEIGHT = 1, 20
FIRST_DAY = 20_454 * DAY_MS  # 2026-01-01


def quarter_hours(person: str, day: int, value: float) -> list[SeriesRow]:
    start = FIRST_DAY + day * DAY_MS
    return [(person, HEART_RATE, start + i * HOUR_MS // 4, value, 1.0) for i in range(96)]


@pytest.fixture
def short(tmp_path: Path) -> SeriesStore:
    return SeriesStore(tmp_path / "short.db", raw_days=10, daily_days=40)


def test_nothing_of_an_erased_person_is_left_in_the_files(tmp_path: Path) -> None:
    """Also not where a hot row lay before it was sealed."""
    canary = 1234.567890123
    bits = struct.pack(">d", canary)  # as SQLite writes a float
    with SeriesStore(tmp_path / "s.db") as store:
        store.append(
            quarter_hours(BEN, 0, 60.0) + [(ADA, HEART_RATE, FIRST_DAY + i, canary, 1.0) for i in range(300)],
            1,
        )
        assert any(bits in path.read_bytes() for path in tmp_path.iterdir())
        store.seal(FIRST_DAY + 5 * DAY_MS)
        store.append([(ADA, HEART_RATE, FIRST_DAY + 6 * DAY_MS, canary, 1.0)], 3)

        store.erase(ADA)

        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert bits not in content
    assert ADA.encode() not in content


def test_the_file_shrinks_when_much_of_it_is_free(short: SeriesStore) -> None:
    for person in range(20):
        short.append(
            [row for day in range(5) for row in quarter_hours(f"p{person}", day, 60.0 + day)], person
        )
    short.seal(FIRST_DAY + 10 * DAY_MS)
    full = short.size().file_bytes

    short.retain(FIRST_DAY + 100 * DAY_MS)

    assert short.size().file_bytes < full / 4
    short.close()
