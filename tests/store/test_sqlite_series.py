"""The series of a home: one SQLite file keeps the contract of every store of values over time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from healthtwin.store import Series, SeriesStore
from tests.store.series_contract import SeriesContract


class TestSqliteSeries(SeriesContract):
    @pytest.fixture
    def open_series(self, tmp_path: Path) -> Callable[..., Series]:
        return lambda **days: SeriesStore(tmp_path / "series.db", **days)
