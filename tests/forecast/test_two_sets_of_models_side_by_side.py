"""Models are passed in: one set speaks, others run in the shadow, are compared and told to nobody."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.arrays import COLUMN, blank_observations, blank_profiles
from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast import (
    Forecast,
    ModelFolder,
    agreement_counts,
    agreement_of,
    expected_row,
    models_in,
    nothing_expected,
    shipped_forecast,
    shipped_models,
)
from healthtwin.forecast.shipped import CARD, MODELS
from healthtwin.pipeline import HouseStep
from tests.forecast.observed import NOON_MS

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.domain.arrays import StructuredArray

if shipped_models() is None:
    pytest.skip("no models lie in healthtwin/forecast/models", allow_module_level=True)

PEOPLE = 5
IMPORT_AND_LIST_FILES = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import healthtwin.forecast
import healthtwin.pipeline
print([name for name in opened if "card.json" in name or name.endswith(".onnx")])
assert "onnxruntime" not in sys.modules
"""


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same models under another card: twice as sure of everything."""
    folder = tmp_path_factory.mktemp("models") / "next"
    shutil.copytree(MODELS, folder)
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    card["version"] = "next"
    for part in card["calibration"]:
        part["probability"] = [min(1.0, 2 * chance) for chance in part["probability"]]
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")
    return folder


def ward(hour: int) -> StructuredArray:
    rng = np.random.default_rng(hour)
    rows = blank_observations(PEOPLE)
    rows["time_ms"], rows["live"] = NOON_MS + hour * 3_600_000, True
    for name, middle, width in (
        ("oxygen_saturation", 94.0, 2.0),
        ("respiratory_rate", 20.0, 4.0),
        ("heart_rate", 95.0, 15.0),
    ):
        rows["value"][:, COLUMN[name]] = rng.normal(middle, width, PEOPLE)
    return rows


def lived_through(forecast: Forecast, hours: int = 20) -> tuple[StructuredArray, list[bytes]]:
    state, told = forecast.blank(PEOPLE), []
    profiles = blank_profiles(PEOPLE)
    phase, shut = np.full(PEOPLE, 3, "u1"), np.zeros(PEOPLE, "u1")
    for hour in range(hours):
        judged = forecast.judge(state, ward(hour), nothing_expected(PEOPLE), profiles, phase, shut)
        told.append(judged.level.tobytes() + judged.signs.tobytes() + judged.calm.tobytes())
    return state, told


def test_importing_reads_no_model_file() -> None:
    run = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_LIST_FILES], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stderr == ""
    assert run.stdout.strip() == "[]"


def test_a_shadow_changes_nothing_that_is_told(other: Path) -> None:
    alone, aloud = lived_through(shipped_forecast())
    beside = Forecast(shipped_models(), [models_in(other)])
    shadowed, told = lived_through(beside)
    assert told == aloud
    for name in alone.dtype.names or ():
        mine, theirs = alone[name], shadowed[name]
        for field in mine.dtype.names or ():
            if field != "spare":
                assert mine[field].tobytes() == theirs[field].tobytes()
    rows, one = ward(20), expected_row(nothing_expected(PEOPLE), 0)
    said = [
        list(each.risks(state[0], rows[0], one, blank_profiles(1)[0]))
        for each, state in ((shipped_forecast(), alone), (beside, shadowed))
    ]
    assert said[0] == said[1]


def test_the_two_are_compared_over_everybody(other: Path) -> None:
    shadow = models_in(other)
    state, _ = lived_through(Forecast(shipped_models(), [shadow]))
    counts = agreement_counts(state["trained"], 1).sum(axis=0)
    found = agreement_of(counts, [shadow.version])
    assert sum(told.shadow_only for told in found) > 0
    for told in found:
        assert told.models == "next"
        assert told.asked == 20 * PEOPLE
        assert told.gap is not None
        assert 0 < told.gap < 0.5  # the shadow is twice as sure
        assert told.speaking_only == 0  # of what those that speak would tell, it misses nothing


def test_a_shadow_of_the_same_models_agrees_in_every_bit() -> None:
    state, _ = lived_through(Forecast(shipped_models(), [ModelFolder()]))
    assert (state["trained"]["shadow_0"]["score"] == state["trained"]["score"]).all()
    told = agreement_of(agreement_counts(state["trained"], 1).sum(axis=0), ["same"])
    assert [(each.gap, each.speaking_only, each.shadow_only) for each in told] == [(0.0, 0, 0)] * 2


def test_another_set_of_models_may_speak_and_states_are_computed_again(other: Path) -> None:
    plain, moved = HouseStep(900_000), HouseStep(900_000, forecast=Forecast(ModelFolder(other)))
    assert moved.version != plain.version
    assert HouseStep(900_000, forecast=Forecast(shipped_models(), [ModelFolder(other)])).version not in (
        plain.version,
        moved.version,
    )


def test_without_models_everything_else_still_judges() -> None:
    state, told = lived_through(Forecast(None), 3)
    assert len(told) == 3
    assert np.isnan(state["trained"]["score"]).all()


def test_a_folder_that_lacks_a_file_is_named_at_the_start(other: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no model card"):
        models_in(tmp_path)
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copy(other / CARD, bare / CARD)
    with pytest.raises(ConfigurationError, match="no model file for trend, trees"):
        models_in(bare)
