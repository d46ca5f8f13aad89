"""LSTM and spiking network: what was fitted is what is saved, and row by row is the same as all at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed: no torch")
pytest.importorskip("onnx", reason="the extra `train` is not installed: no onnx")

from healthtwin.domain.errors import ConfigurationError, InvalidInput  # noqa: E402
from healthtwin.forecast.feature_names import FEATURE, FEATURES  # noqa: E402
from healthtwin.forecast.onnx_session import open_session  # noqa: E402
from healthtwin_lab.training import sequences  # noqa: E402
from healthtwin_lab.training.cell import Cell  # noqa: E402
from healthtwin_lab.training.lstm import LstmCell  # noqa: E402
from healthtwin_lab.training.net_member import NetMember, lstm, spiking  # noqa: E402
from healthtwin_lab.training.recurrent_fit import Settings, fit, scored, unrolled, with_absent  # noqa: E402
from healthtwin_lab.training.spiking import SpikingCell  # noqa: E402
from tests.lab.training.made_up_stays import HOURS, LAYOUT, auroc, made_up  # noqa: E402

CELLS: tuple[LstmCell | SpikingCell, ...] = (
    LstmCell(dense=12, hidden=10),
    SpikingCell(neurons=24, membranes=12, ticks=4),
)
QUICK = Settings(passes=2, together=16, steps=10)
GAPS = (0.083333, 0.25, 0.5, 1.0, 1.0, 2.0, 300.0)
NAMES = [cell.name for cell in CELLS]


@cache
def quickly_fitted(cell: LstmCell | SpikingCell, seed: int = 3) -> NetMember:
    data = made_up(gaps=GAPS)
    member = NetMember(cell, QUICK, nets=2, layout=LAYOUT)
    member.fit(data.x, data.y, data.eligible, data.person, seed)
    return member


@pytest.fixture(params=CELLS, ids=NAMES)
def member(request: pytest.FixtureRequest) -> NetMember:
    return quickly_fitted(request.param)


def steps_of(member: NetMember, folder: Path) -> tuple[Any, int]:
    session = open_session(member.save(folder))
    return session, session.get_inputs()[1].shape[1]


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
def test_a_memory_finds_what_no_single_row_shows(cell: Cell) -> None:
    learn, judge = made_up(260, seed=5), made_up(80, seed=6)
    settings = Settings(passes=12, together=24, rate=0.02, dropout=0.0, patience=12)
    member = NetMember(cell, settings, layout=LAYOUT)
    member.fit(learn.x, learn.y, learn.eligible, learn.person, 0)
    scores = member.predict(judge.x, judge.person)
    told = judge.eligible[:, 0]
    # The sign of two rows ago, out of noise; whoever sees one row alone stands at 0.5.
    assert auroc(scores[told, 0], judge.y[told, 0] == 1) > 0.65
    assert auroc(scores[:, 1], judge.y[:, 1] == 1) > 0.95


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
def test_the_saved_step_one_row_at_a_time_is_the_net_unrolled_in_training(cell: Cell) -> None:
    data = made_up(gaps=(1.0, 2.0, 30.0))
    member = NetMember(cell, QUICK, layout=LAYOUT)
    member.fit(data.x, data.y, data.eligible, data.person, 4)
    fitted = fit(cell, data.x, data.y, data.eligible, data.person, LAYOUT, 4, QUICK)
    weights = {name: torch.tensor(array) for name, array in fitted.weights.items()}
    keep = np.ones(len(data.x), np.bool_)
    since = torch.tensor(sequences.hours_since_kept(data.x[:, HOURS], data.person, keep))
    inputs = torch.tensor(fitted.scaling(data.x))
    expected = np.full((len(data.x), 2), np.nan, np.float32)
    for piece in sequences.pieces(data.person, 7, 99):
        rows = torch.tensor(piece.rows.T.copy())
        given = with_absent(weights, inputs[rows])
        ahead = cell.ahead(weights, given, since[rows], lambda tensor: tensor)
        blank = tuple(torch.zeros((rows.shape[1], width)) for width in cell.memory)
        read, _ = unrolled(cell, weights, ahead, blank)
        scores = scored(weights, read, given).numpy().transpose(1, 0, 2)
        expected[piece.rows[piece.real]] = scores[piece.real]
    assert np.abs(member.predict(data.x, data.person) - expected).max() < 1e-5


def test_readings_within_the_hour_are_judged_but_not_kept(member: NetMember, tmp_path: Path) -> None:
    session, width = steps_of(member, tmp_path)
    rows = made_up(gaps=GAPS).x[:3].copy()
    rows[:, HOURS] = (5.0, 5.5, 6.0)
    state = np.zeros((1, width), np.float32)
    kept = session.run(["new_state"], {"x": rows[:1], "state": state})[0]
    assert kept[0, -2:].tolist() == [5.0, 1.0]
    scores, soon = session.run(["scores", "new_state"], {"x": rows[1:2], "state": kept})
    assert np.array_equal(soon, kept)
    assert not np.allclose(scores, session.run(["scores"], {"x": rows[:1], "state": kept})[0])
    later = session.run(["new_state"], {"x": rows[2:], "state": soon})[0]
    assert later[0, -2] == 6.0
    assert not np.array_equal(later, soon)


def test_before_a_first_reading_nothing_is_kept(member: NetMember, tmp_path: Path) -> None:
    session, width = steps_of(member, tmp_path)
    unknown = np.full((2, 6), np.nan, np.float32)
    scores, state = session.run(
        ["scores", "new_state"], {"x": unknown, "state": np.zeros((2, width), np.float32)}
    )
    assert np.isfinite(scores).all()
    assert not state.any()


def test_after_a_week_without_readings_little_of_the_past_counts(member: NetMember, tmp_path: Path) -> None:
    session, width = steps_of(member, tmp_path)
    data = made_up(gaps=(1.0,), seed=9)
    pasts = np.flatnonzero(data.x[:, HOURS] == 2.0)[:20]
    state = np.zeros((len(pasts), width), np.float32)
    for back in (2, 1, 0):
        state = session.run(["new_state"], {"x": data.x[pasts - back], "state": state})[0]

    def apart(hours: float) -> float:
        now = np.repeat(data.x[:1], len(pasts), axis=0)
        now[:, HOURS] = hours
        scores = session.run(["scores"], {"x": now, "state": state})[0]
        return float(np.std(scores, axis=0).max())

    assert apart(1000.0) < 0.5 * apart(3.0)


def test_who_else_is_in_the_batch_changes_nothing(member: NetMember) -> None:
    data = made_up(gaps=GAPS)
    together = member.predict(data.x, data.person)
    for person in (0, 7, 30):
        alone = data.person == person
        assert np.abs(member.predict(data.x[alone], data.person[alone]) - together[alone]).max() < 1e-5


def test_what_is_saved_says_the_same_after_loading(member: NetMember, tmp_path: Path) -> None:
    data = made_up(gaps=GAPS)
    path = member.save(tmp_path)
    again = NetMember(LstmCell() if member.name == "lstm" else SpikingCell(), QUICK, layout=LAYOUT)
    again.load(tmp_path)
    assert path == tmp_path / f"{member.name}.onnx"
    assert np.array_equal(again.predict(data.x, data.person), member.predict(data.x, data.person))
    assert again.save(tmp_path).read_bytes() == path.read_bytes()
    assert again.metrics() == {}
    assert again.explain() == {}


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
def test_the_same_seed_gives_the_same_file_and_another_another(
    cell: LstmCell | SpikingCell, tmp_path: Path
) -> None:
    data = made_up(gaps=GAPS)

    def files() -> Iterator[bytes]:
        for seed in (3, 8):
            member = NetMember(cell, QUICK, nets=2, layout=LAYOUT)
            member.fit(data.x, data.y, data.eligible, data.person, seed)
            yield member.save(tmp_path).read_bytes()

    same, other = files()
    assert same == quickly_fitted(cell).save(tmp_path).read_bytes()
    assert other != same


def test_fitting_tells_how_it_went(member: NetMember) -> None:
    metrics = member.metrics()
    assert 0 < metrics["loss"] < 2
    assert 1 <= metrics["passes"] <= QUICK.passes
    assert metrics["inputs"] == 3


def test_a_net_on_the_products_features_says_what_moves_it() -> None:
    rng = np.random.default_rng(2)
    person = np.repeat(np.arange(120), 8)
    x = rng.normal(size=(960, len(FEATURES))).astype(np.float32)
    x[:, FEATURE["known_hours"]] = np.tile(np.arange(8), 120)
    y = np.repeat(x[:, FEATURE["news2.total"], None] > 0, 2, axis=1).astype(np.int8)
    for shipped in (lstm(), spiking()):
        shipped.fit(x, y, np.ones((960, 2), np.bool_), person, 0)
        weights = shipped.explain()
        assert set(weights) == {feature.name for feature in FEATURES} - {"known_hours"}
        assert next(iter(weights)) == "news2.total"
        assert list(weights.values()) == sorted(weights.values(), reverse=True)


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
def test_what_cannot_be_fitted_or_asked_is_said_plainly(cell: Cell, tmp_path: Path) -> None:
    member = NetMember(cell, QUICK, layout=LAYOUT)
    data = made_up()
    with pytest.raises(ConfigurationError, match="fit or load it first"):
        member.predict(data.x, data.person)
    with pytest.raises(ConfigurationError, match=r"no model .*onnx"):
        member.load(tmp_path)
    with pytest.raises(InvalidInput, match="as many rows"):
        member.fit(data.x, data.y[1:], data.eligible, data.person, 0)
    with pytest.raises(InvalidInput, match="each person's rows together"):
        member.fit(data.x, data.y, data.eligible, np.arange(len(data.x)) % 2, 0)
    backwards = data.x.copy()
    backwards[:, HOURS] *= -1
    with pytest.raises(InvalidInput, match="rows in time order"):
        member.fit(backwards, data.y, data.eligible, data.person, 0)
