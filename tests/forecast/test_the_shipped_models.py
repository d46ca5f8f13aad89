"""The models that lie in the package, asked as the running house asks them: by ONNX Runtime alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast import nothing_expected
from healthtwin.forecast.drivers import explain_risks
from healthtwin.forecast.features import advance, blank_features
from healthtwin.forecast.shipped import CARD, MODELS, Shipped, target_column
from healthtwin.forecast.targets import TRAINED
from tests.forecast.observed import observed, somebody

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return Shipped(everyone=True)


def hours_of(saturations: list[float], breathing: float = 16.0) -> NDArray[np.float32]:
    """Feature rows of one adult whose saturation runs like this, hourly."""
    state = blank_features(1)
    return np.concatenate(
        [
            advance(
                state,
                observed(
                    60 * hour,
                    oxygen_saturation=saturation,
                    respiratory_rate=breathing,
                    heart_rate=78.0,
                    blood_pressure_systolic=122.0,
                    body_temperature=36.8,
                ),
                somebody(),
                nothing_expected(1),
            )
            for hour, saturation in enumerate(saturations)
        ]
    )


def last_scores(shipped: Shipped, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    state = shipped.blank(1)
    for row in rows[:, None]:
        scores = shipped.score(state, row)
    chance: NDArray[np.float32] = shipped.calibrated(scores.ensemble)[0]
    return chance


def test_every_member_has_a_file_a_card_and_room(shipped: Shipped) -> None:
    for name in ("trend", "trees", "lstm", "snn"):
        assert name in shipped.members
        assert (MODELS / f"{name}.onnx").is_file()
        assert (MODELS / f"{name}.md").is_file()
    assert sum(path.stat().st_size for path in MODELS.iterdir()) < 3.0 * 2**20


def test_somebody_whose_saturation_sinks_is_more_at_risk_than_somebody_steady(shipped: Shipped) -> None:
    steady = last_scores(shipped, hours_of([97.0] * 8))
    sinking = last_scores(shipped, hours_of([97, 96, 96, 95, 94, 91, 93, 92]))
    for target in ("hypoxia", "hypoxia_3h", "news_red"):
        assert sinking[target_column(target)] > 2 * steady[target_column(target)]


def test_probabilities_are_probabilities_and_later_horizons_are_likelier(shipped: Shipped) -> None:
    chance = last_scores(shipped, hours_of([97, 95, 93, 92]))
    assert ((chance > 0) & (chance < 1)).all()
    hypoxia = [chance[target_column(name)] for name in ("hypoxia", "hypoxia_3h", "hypoxia_6h")]
    assert hypoxia == sorted(hypoxia)


def test_one_person_alone_is_scored_as_among_many(shipped: Shipped) -> None:
    rng = np.random.default_rng(0)
    many = np.concatenate([hours_of(list(rng.normal(94, 2, 5)))[-1:] for _ in range(40)])
    state = shipped.blank(40)
    together = shipped.score(state, many)
    for i in (0, 17, 39):
        own = shipped.blank(1)
        alone = shipped.score(own, many[i : i + 1])
        assert np.allclose(alone.ensemble[0], together.ensemble[i], atol=1e-4)
        assert np.allclose(alone.member[0], together.member[i], atol=1e-4)
        for name in shipped.state_dtype.names or ():
            assert np.allclose(own[name][0], state[name][i], atol=1e-5)


def test_somebody_of_whom_nothing_is_known_gets_a_finite_answer(shipped: Shipped) -> None:
    row = advance(blank_features(1), observed(0), somebody(), nothing_expected(1))
    found = shipped.score(shipped.blank(1), row)
    assert np.isfinite(found.member).all()
    assert np.isfinite(shipped.calibrated(found.ensemble)).all()


def test_members_that_the_ensemble_leaves_out_are_asked_only_on_request() -> None:
    house = Shipped()
    found = house.score(house.blank(1), hours_of([96.0]))
    for place, name in enumerate(house.members):
        assert np.isnan(found.member[0, place]).all() == (name not in house.used)
    assert np.isfinite(found.ensemble).all()


def test_the_shipped_models_explain_a_risk_by_what_moved(shipped: Shipped) -> None:
    rows = hours_of([97, 97, 97, 97, 97, 97, 93, 92])
    memory = shipped.blank(1)
    for row in rows[:-1, None]:
        shipped.score(memory, row)

    def probability_of(asked: NDArray[np.float32]) -> NDArray[np.float32]:
        return shipped.calibrated(shipped.score(np.repeat(memory, len(asked)), asked).ensemble)

    found = explain_risks(rows[-1], [target_column("hypoxia")], probability_of)[0]
    assert found.drivers[0].metric == "oxygen_saturation"
    assert found.drivers[0].direction == "below"
    assert found.all_usual < found.probability


def test_thresholds_rise_as_fewer_false_alarms_are_wanted(shipped: Shipped) -> None:
    for target in TRAINED:
        half, one, two = (shipped.threshold(target.name, k) for k in (0.5, 1.0, 2.0))
        assert half > one > two


def test_the_card_says_what_was_trained_on_and_what_was_measured(shipped: Shipped) -> None:
    assert len(shipped.card["data"]["sha256"]) == 64
    assert shipped.card["versions"]["xgboost-cpu"]
    for target in TRAINED:
        assert 0.5 < shipped.card["measured"]["targets"][target.name]["ensemble"]["auroc"] < 1.0


def test_a_folder_without_models_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="healthtwin train forecast"):
        Shipped(tmp_path)


@pytest.mark.parametrize(("field", "wrong"), [("features_version", 0), ("targets", ["hypoxia"])])
def test_models_of_another_version_are_refused(tmp_path: Path, field: str, wrong: object) -> None:
    card = json.loads((MODELS / CARD).read_text())
    card[field] = wrong
    (tmp_path / CARD).write_text(json.dumps(card))
    with pytest.raises(ConfigurationError, match="train again"):
        Shipped(tmp_path)


def test_a_file_that_the_card_names_must_be_there(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text((MODELS / CARD).read_text())
    with pytest.raises(ConfigurationError, match=r"no model .*\.onnx"):
        Shipped(tmp_path)
