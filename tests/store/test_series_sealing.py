"""Whatever is sealed, retained or still hot: a store answers as a plain table of its rows would."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from healthtwin.domain import DAY_MS, MINUTE_MS, graver
from healthtwin.store import SeriesRow, SeriesStore

ADA, BEN = "ba75bb794d557bc4c817b000", "ca75bb794d557bc4c817b111"
HEART_RATE, WEIGHT = 1, 20
FIRST_DAY = 20_500 * DAY_MS  # 2026-02-16: the days below reach over the end of a month


def five_minutes(person: str, day: int) -> list[SeriesRow]:
    times = [FIRST_DAY + day * DAY_MS + i * 5 * MINUTE_MS for i in range(288)]
    return [(person, HEART_RATE, t, 60.0 + (i * 7 + day) % 23 / 10, 1.0) for i, t in enumerate(times)]


def test_each_block_says_which_key_it_was_written_with(series: SeriesStore, tmp_path: Path) -> None:
    series.append(five_minutes(ADA, 0), 1)
    series.seal(FIRST_DAY + 3 * DAY_MS)

    database = sqlite3.connect(tmp_path / "series.db")
    keys = database.execute("SELECT key_id FROM block").fetchall()
    database.close()
    assert keys == [(0,)]


class StoreAgainstPlainTable(RuleBasedStateMachine):
    """Appends, seals and reopens at random; a set of rows is what is right."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "series.db"
        self.store = SeriesStore(self.path)
        self.rows: dict[tuple[str, int], set[tuple[int, float]]] = {}
        self.offset = 0

    @rule(
        person=st.sampled_from([ADA, BEN]),
        metric=st.sampled_from([HEART_RATE, WEIGHT]),
        day=st.integers(0, 20),
        minutes=st.lists(st.integers(0, 1439), min_size=1, max_size=10),
        value=st.floats(0, 400),
    )
    def append_some(self, person: str, metric: int, day: int, minutes: list[int], value: float) -> None:
        times = [FIRST_DAY + day * DAY_MS + minute * MINUTE_MS for minute in minutes]
        self._append([(person, metric, t, value + i, 1.0) for i, t in enumerate(times)])

    @rule(person=st.sampled_from([ADA, BEN]), day=st.integers(0, 20))
    def append_a_full_day(self, person: str, day: int) -> None:
        self._append(five_minutes(person, day))

    @rule(day=st.integers(0, 60))
    def seal(self, day: int) -> None:
        self.store.seal(FIRST_DAY + day * DAY_MS)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = SeriesStore(self.path)

    @rule(person=st.sampled_from([ADA, BEN]))
    def erase(self, person: str) -> None:
        self.store.erase(person)
        self.rows = {key: table for key, table in self.rows.items() if key[0] != person}

    @invariant()
    def ranges_agree(self) -> None:
        for (person, metric), table in self.rows.items():
            t, v = self.store.range(person, metric, FIRST_DAY + DAY_MS, FIRST_DAY + 15 * DAY_MS)
            right = sorted(row for row in table if DAY_MS <= row[0] - FIRST_DAY <= 15 * DAY_MS)
            assert list(zip(t.tolist(), v.tolist(), strict=True)) == right

    @invariant()
    def latest_agrees(self) -> None:
        for person in (ADA, BEN):
            right = {}
            for (whose, metric), table in self.rows.items():
                last = max(t for t, _ in table)
                if whose == person:
                    right[metric] = (last, graver(metric, [v for t, v in table if t == last]))
            assert self.store.latest(person) == right

    @invariant()
    def days_agree(self) -> None:
        for (person, metric), table in self.rows.items():
            days = self.store.daily(person, metric, FIRST_DAY, FIRST_DAY + 30 * DAY_MS)
            values: dict[int, list[float]] = {}
            for t, value in sorted(table):
                values.setdefault(t - t % DAY_MS, []).append(value)
            assert days.t.tolist() == list(values)
            assert days.count.tolist() == [len(v) for v in values.values()]
            assert days.minimum.tolist() == [min(v) for v in values.values()]
            assert days.maximum.tolist() == [max(v) for v in values.values()]
            assert np.allclose(days.mean, [sum(v) / len(v) for v in values.values()], rtol=1e-12)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def _append(self, rows: list[SeriesRow]) -> None:
        self.offset += 1
        self.store.append(rows, self.offset)
        for person, metric, t, value, _ in rows:
            self.rows.setdefault((person, metric), set()).add((t, value))


StoreAgainstPlainTable.TestCase.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
TestStoreAgainstPlainTable = StoreAgainstPlainTable.TestCase
