"""`train forecast` and `evaluate forecast`: from a file to models, card and tables, by one that fits fast."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.errors import ConfigurationError, InvalidInput
from healthtwin.forecast.feature_names import FEATURE
from healthtwin.forecast.shipped import load_card
from healthtwin.forecast.targets import COMPARED, TRAINED
from healthtwin_lab.evaluate.cross_validation import evaluate_forecast
from healthtwin_lab.evaluate.cross_validation import steps_of as steps_to_evaluate
from healthtwin_lab.training.forecast import recording_in, steps_of, train_forecast
from healthtwin_lab.training.trend import Trend

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin_lab.training.member import Flags, Labels, People, Scores, TrainedMember, X

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@dataclass
class Leaning:
    """A member of one number per target: how far the mean saturation of events lies from the others'."""

    name: str = "leaning"
    lean: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    @property
    def remembers(self) -> int:
        return 3

    def fit(self, x: X, y: Labels, eligible: Flags, person: People, seed: int) -> None:
        del person, seed
        saturation = np.nan_to_num(x[:, FEATURE["oxygen_saturation.now"]], nan=95.0)
        came = (y == 1) & eligible
        self.lean = np.array(
            [saturation[came[:, i]].mean() - saturation.mean() for i in range(y.shape[1])], np.float32
        )

    def predict(self, x: X, person: People) -> Scores:
        del person
        saturation = np.nan_to_num(x[:, FEATURE["oxygen_saturation.now"]], nan=95.0)
        return ((saturation[:, None] - 95.0) * self.lean).astype(np.float32)

    def save(self, folder: Path) -> Path:
        path = folder / f"{self.name}.onnx"
        path.write_bytes(self.lean.tobytes())
        return path

    def load(self, folder: Path) -> None:
        self.lean = np.frombuffer((folder / f"{self.name}.onnx").read_bytes(), np.float32)

    def explain(self) -> dict[str, float]:
        return {"oxygen_saturation.now": float(np.abs(self.lean).mean())}

    def metrics(self) -> dict[str, float]:
        return {"targets": float(len(self.lean))}


MEMBERS = {"leaning": Leaning}
USED = ("leaning",)


def recording(folder: Path, people: int = 60, hours: int = 30) -> Path:
    rng = np.random.default_rng(7)
    count = people * hours
    ill = np.repeat(rng.random(people) < 0.5, hours)
    label = np.zeros((people, hours))
    label[::2, 20:] = 1.0
    table = {
        "pid": np.repeat([f"q{who:03}" for who in range(people)], hours).tolist(),
        "HR": rng.normal(95, 18, count) + 10 * ill,
        "O2Sat": np.clip(rng.normal(95, 2.6, count) - 1.0 * ill, 60, 100),
        "Temp": rng.normal(37, 0.5, count),
        "SBP": rng.normal(112, 18, count),
        "DBP": rng.normal(62, 9, count),
        "Resp": rng.normal(18, 3.5, count) + 2 * ill,
        "Age": np.full(count, 61.0),
        "Gender": np.zeros(count),
        "ICULOS": np.tile(np.arange(1.0, hours + 1), people),
        "SepsisLabel": label.ravel(),
    }
    file = folder / "dev.parquet"
    parquet.write_table(pa.table(table), file)
    return file


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, list[str]]:
    folder = tmp_path_factory.mktemp("training")
    recording(folder)
    told: list[str] = []
    card = train_forecast(folder, folder / "models", 3, told.append, MEMBERS, USED)
    return card, folder, told


def test_the_card_is_what_the_house_loads(trained: tuple[dict[str, Any], Path, list[str]]) -> None:
    card, folder, _ = trained
    loaded = load_card(folder / "models")
    assert loaded["used"] == ["leaning"]
    assert loaded["members"] == ["leaning", "news2", "last_value"]
    assert loaded["seed"] == 3
    assert loaded["state_widths"] == {"leaning": 3}
    assert loaded["data"]["people"] == 60
    assert set(loaded["thresholds"]) == {target.name for target in TRAINED}
    assert json.loads(json.dumps(card)) == loaded


def test_every_member_gets_a_page_that_says_where_it_comes_from(
    trained: tuple[dict[str, Any], Path, list[str]],
) -> None:
    card, folder, _ = trained
    page = (folder / "models" / "leaning.md").read_text()
    assert card["data"]["sha256"] in page
    assert "not a medical device" in page
    assert "| hypoxia | leaning |" in page
    assert "| hypoxia | ensemble |" in (folder / "models" / "README.md").read_text()


def test_the_same_seed_writes_the_same_card(
    trained: tuple[dict[str, Any], Path, list[str]], tmp_path: Path
) -> None:
    _, folder, _ = trained
    train_forecast(folder, tmp_path, 3, members=MEMBERS, used=USED)
    assert (tmp_path / "card.json").read_bytes() == (folder / "models" / "card.json").read_bytes()


def test_progress_is_told_step_by_step(trained: tuple[dict[str, Any], Path, list[str]]) -> None:
    told = trained[2]
    assert len(told) == steps_of(MEMBERS, 5)
    assert told[0] == "features"
    assert told[-1] == "cards"


def test_kept_scores_are_taken_up_again(
    trained: tuple[dict[str, Any], Path, list[str]], tmp_path: Path
) -> None:
    _, folder, _ = trained
    kept = tmp_path / "kept"
    kept.mkdir()
    first = evaluate_forecast(folder, 1, members=MEMBERS, used=USED, kept=kept)
    assert len(list(kept.glob("leaning_0_*.npz"))) == 5
    for path in kept.glob("*.npz"):
        with np.load(path) as found:
            np.savez(path, rows=found["rows"], scores=-found["scores"])
    turned = evaluate_forecast(folder, 1, members=MEMBERS, used=USED, kept=kept)
    both = [one["targets"]["hypoxia"]["members"]["leaning"]["auroc"] for one in (first, turned)]
    assert both[0] != pytest.approx(0.5, abs=0.01)
    assert both[0] + both[1] == pytest.approx(1.0)


def test_cross_validation_shows_members_ablation_and_goals(
    trained: tuple[dict[str, Any], Path, list[str]],
) -> None:
    told: list[str] = []
    makers: dict[str, Callable[[], TrainedMember]] = {
        "leaning": Leaning,
        "trend": Trend,
        "lstm": lambda: Leaning("lstm"),
    }
    found = evaluate_forecast(trained[1], 2, told.append, makers, ("leaning", "lstm"))
    assert len(told) == steps_to_evaluate(2, makers, ("leaning", "lstm"))
    for target in COMPARED:
        assert set(found["ablation"][target]) == {
            "all",
            "without leaning",
            "without lstm",
            "with trend",
            "with news2",
            "with last_value",
        }
        assert found["targets"][target]["ensemble"]["seeds"] == 2
        assert found["targets"][target]["members"]["lstm"]["auroc_sd"] == 0.0
        assert "seeds" not in found["targets"][target]["members"]["trend"]
    assert {goal["measure"] for goal in found["goals"]} >= {"auroc", "ece", "brier_skill"}
    json.dumps(found, allow_nan=False)


def test_a_recording_without_events_is_refused_by_the_names_of_what_lacks(tmp_path: Path) -> None:
    recording(tmp_path, people=6, hours=4)
    with pytest.raises(InvalidInput, match=r"no event of .*infection"):
        train_forecast(tmp_path, tmp_path / "models", members=MEMBERS, used=USED)


def test_the_recording_is_found_by_folder_name_or_as_the_only_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no recording"):
        recording_in(tmp_path)
    file = recording(tmp_path, people=2, hours=2)
    assert recording_in(tmp_path) == file
    assert recording_in(file) == file
    named = tmp_path / "cinc2019_setB"
    named.mkdir()
    file.rename(named / "dev.parquet")
    assert recording_in(tmp_path) == named / "dev.parquet"


@pytest.mark.parametrize("command", [["train", "forecast", "--out", "models"], ["evaluate", "forecast"]])
def test_the_commands_say_where_they_looked(tmp_path: Path, command: list[str]) -> None:
    told = CliRunner().invoke(app, [*command, "--data", str(tmp_path), "--keep", str(tmp_path / "kept")])
    assert isinstance(told.exception, ConfigurationError)
    assert "cinc2019_setB/dev.parquet" in str(told.exception)
