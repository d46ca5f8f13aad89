"""What `healthtwin_lab.training.member.TrainedMember` promises, of every one; needs `train`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast.feature_names import FEATURE, FEATURES
from healthtwin.forecast.onnx_session import open_session
from healthtwin.forecast.targets import TRAINED
from healthtwin_lab.measures import Ranked, auroc
from healthtwin_lab.training.out_of_fold import FITTED, NETS
from healthtwin_lab.training.trees import Trees, shown_rows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin_lab.training.member import TrainedMember

pytest.importorskip("onnx")


Shown = tuple["NDArray[np.float32]", "NDArray[np.int8]", "NDArray[np.bool_]", "NDArray[np.intp]"]


def shown(people: int = 80, seed: int = 0) -> Shown:
    """Rows in which a fast pulse foretells every target; a third of the cells is not known."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(4, 20, people)
    person = np.repeat(np.arange(people), lengths)
    x = rng.normal(0, 1, (len(person), len(FEATURES))).astype(np.float32)
    x[rng.random(x.shape) < 0.3] = np.nan
    x[:, FEATURE["known_hours"]] = np.concatenate([np.arange(length) for length in lengths])
    pulse = x[:, FEATURE["heart_rate.now"]]
    chance = 1 / (1 + np.exp(-(3.0 * np.nan_to_num(pulse) - 1.0)))
    y = (rng.random((len(person), len(TRAINED))) < chance[:, None]).astype(np.int8)
    eligible = rng.random(y.shape) < 0.9
    return x, y, eligible, person.astype(np.intp)


@pytest.fixture(scope="module", params=list(FITTED))
def member(request: pytest.FixtureRequest) -> TrainedMember:
    pytest.importorskip({"trees": "xgboost", "lstm": "torch", "snn": "torch"}.get(request.param, "scipy"))
    made = Trees(rounds=15) if request.param == "trees" else FITTED[request.param]()
    made.fit(*shown(120), 3)
    return made


def test_it_finds_what_is_there(member: TrainedMember) -> None:
    x, y, eligible, person = shown(seed=1)
    scores = member.predict(x, person)
    assert scores.shape == y.shape
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    if member.name in NETS:
        pytest.skip("a net learns nothing from 120 people; test_a_net_remembers shows it what it can learn")
    came, score = y[eligible] == 1, scores[eligible].astype(float)
    assert auroc(*Ranked.of(came, score).counts()) > 0.6


def test_what_is_saved_says_the_same(member: TrainedMember, tmp_path: Path) -> None:
    x, _, _, person = shown(seed=2)
    path = member.save(tmp_path)
    assert path == tmp_path / f"{member.name}.onnx"
    again = FITTED[member.name]()
    again.load(tmp_path)
    assert np.allclose(again.predict(x, person), member.predict(x, person), atol=1e-5, rtol=1e-5)


def test_the_file_takes_one_row_and_gives_all_targets(member: TrainedMember, tmp_path: Path) -> None:
    x, _, _, person = shown(seed=2)
    session = open_session(member.save(tmp_path))
    inputs = {entry.name: entry.shape for entry in session.get_inputs()}
    assert inputs["x"][1] == len(FEATURES)
    assert member.remembers == (inputs["state"][1] if "state" in inputs else 0)
    feed = {"x": x[:1]}
    if "state" in inputs:
        feed["state"] = np.zeros((1, inputs["state"][1]), np.float32)
    scores = session.run(["scores"], feed)[0]
    assert np.allclose(scores[0], member.predict(x, person)[0], atol=1e-5, rtol=1e-5)


def test_it_explains_itself_by_the_names_of_features(member: TrainedMember) -> None:
    weights = member.explain()
    assert set(weights) <= {feature.name for feature in FEATURES}
    assert list(weights.values()) == sorted(weights.values(), reverse=True)
    assert "heart_rate.now" in weights


def test_it_says_what_it_measured_while_fitting(member: TrainedMember) -> None:
    assert all(isinstance(value, float) for value in member.metrics().values())
    assert member.metrics()


@pytest.mark.parametrize("name", list(FITTED))
def test_the_same_seed_gives_the_same_member(name: str) -> None:
    pytest.importorskip({"trees": "xgboost", "lstm": "torch", "snn": "torch"}.get(name, "scipy"))
    x, y, eligible, person = shown(people=50)
    scores = []
    for _ in range(2):
        made = Trees(rounds=3) if name == "trees" else FITTED[name]()
        made.fit(x, y, eligible, person, 5)
        scores.append(made.predict(x, person))
    assert scores[0].tobytes() == scores[1].tobytes()


def test_quiet_rows_that_are_left_out_are_counted_by_the_others() -> None:
    rng = np.random.default_rng(0)
    events = rng.random(90_000) < 0.01
    eligible = np.ones(90_000, np.bool_)
    rows, weights = shown_rows(events, eligible, rng)
    assert set(np.flatnonzero(events)) <= set(rows.tolist())
    assert weights.sum() == pytest.approx(90_000, rel=1e-4)
    assert (np.diff(rows) > 0).all()


def test_without_the_extra_it_says_which_one_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xgboost", None)
    with pytest.raises(ConfigurationError, match="install the extra `train`"):
        Trees(rounds=1).fit(*shown(people=5), 0)
