"""`healthtwin evaluate surveillance`: what is planted is looked for, and the plain rule stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.surveillance import series_of
from healthtwin_lab.evaluate import surveillance

if TYPE_CHECKING:
    from pathlib import Path


def test_a_planted_outbreak_adds_cases_to_its_own_weeks_only() -> None:
    series = series_of(np.random.default_rng(1).poisson(5, 209).astype(float).tolist())
    more, first, last = surveillance.plant(series, 10, np.random.default_rng(2))
    added = more.cases - series.cases
    assert added[first] > 0
    assert added.sum() == added[first : last + 1].sum()


def test_every_method_and_the_plain_rule_are_measured_on_the_same_outbreaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveillance, "PLANTED_EACH", 2)
    folder = tmp_path / "surveillance"
    folder.mkdir()
    cases = np.random.default_rng(3).poisson(4, 160)
    rows = [f"{week},{count},{int(week == 90)}" for week, count in enumerate(cases, 1)]
    (folder / "rki_x.csv").write_text('"week","cases","state"\n' + "\n".join(rows) + "\n")
    found = surveillance.evaluate_surveillance(tmp_path)
    assert set(found["methods"]) >= {"farrington", "ears", "cusum", "second-highest of 52 weeks"}
    assert all(got["found"]["10"] >= got["found"]["3"] >= 0 for got in found["methods"].values())
    assert found["labelled"]["rki_x"] == [{"first": "90", "last": "90"}]


def test_without_series_the_error_says_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="rki_"):
        surveillance.evaluate_surveillance(tmp_path)
