"""`healthtwin evaluate budget`: asked against got at sites, and in people of daily life."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.evaluate import budget
from healthtwin_lab.evaluate.recordings import Recording
from tests.lab.evaluate.test_an_early_warning_on_any_file import stays
from tests.lab.evaluate.test_baseline_report import LIFESNAPS_HEADER, WELLTORY_HEADER, write

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(budget, "SITES", 4)
    monkeypatch.setattr(budget, "LEAST_EXPECTED", 20.0)
    day = "bob,2021-05-24 08:00:00,60,50,40\n"
    write(
        tmp_path,
        LIFESNAPS_HEADER + "ada,2021-05-24,64.5,58.1,14.8,97,35.2,300,20,10\n",
        WELLTORY_HEADER + day,
    )
    (tmp_path / "cinc2019_setB").mkdir()
    table = pa.table({**stays(people=160, hours=30), "ICULOS": list(range(1, 31)) * 160})
    parquet.write_table(table, tmp_path / budget.STAYS_FILE)
    return tmp_path


def test_the_report_has_every_kind_of_site_and_every_recording(data: Path) -> None:
    told = CliRunner().invoke(app, ["evaluate", "budget", "--data", str(data), "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert set(found["sites"]) == {"hypoxia", "news_red"}
    kinds = found["sites"]["hypoxia"]
    assert set(kinds) == set(budget.SHIFTS)
    plain = kinds["as it is"]
    assert plain["sites_judged"] == 4
    assert plain["kept"]["site and person"]["ratio"] == pytest.approx(1.0, abs=0.3)
    louder = kinds["scores 0.6 log odds higher"]["kept"]
    assert louder["training side"]["ratio_least"] > plain["kept"]["training side"]["ratio_least"]
    for kept in ("site", "site and person"):
        assert abs(louder[kept]["ratio"] - 1) < abs(louder["training side"]["ratio_most"] - 1)
    assert found["healthy"]["lifesnaps_daily"]["met"] is None
    assert all(len(each["sha256"]) == 64 for each in found["data"].values())


def test_alarms_of_people_in_daily_life_count_from_the_end_of_the_silent_phase() -> None:
    days = 60
    rows = blank_observations(days)
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    rng = np.random.default_rng(1)
    rows["time_ms"] = [int((start + timedelta(days=day)).timestamp()) * 1000 for day in range(days)]
    rows["value"][:, COLUMN["heart_rate"]] = rng.normal(65, 2, days)
    rows["day"] = rows["time_ms"] // 86_400_000
    found = budget.healthy_alarms([Recording("made up", "ada", rows)], seed=0)
    assert 3 <= found["asked"] <= 5  # about thirty of the sixty days, by the week
    assert (found["got"], found["people_heard"], found["met"]) == (0, 1, None)


def test_a_folder_without_the_stays_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cinc2019_setB"):
        budget.evaluate_budget(tmp_path)
