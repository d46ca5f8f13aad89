"""Gradient-boosted trees, one small forest per target.

Events are rare (0.1 to 6 rows in 100), so of the quiet rows only some are shown, with the weight of those
left out: the same answer at a fraction of the time. Trees are shallow and learn slowly, each sees a part of
the columns, and a leaf needs many rows: what is left is what holds for many people.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast.feature_names import FEATURES
from healthtwin.forecast.onnx_session import open_session
from healthtwin.forecast.targets import TRAINED

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin_lab.training.member import Flags, Labels, People, Scores, X

MOST_EVENTS: Final = 12_000
MOST_QUIET: Final = 30_000
"""Rows with and without the event that are shown; each stands for those left out. More of them moved the
cross-validated AUROC by less than one seed does, and cost in proportion."""

ROUNDS: Final = 100
PARAMETERS: Final[dict[str, Any]] = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_bin": 64,
    "max_depth": 3,
    "learning_rate": 0.09,
    "min_child_weight": 20.0,
    "subsample": 0.7,
    "colsample_bytree": 0.3,
    "reg_lambda": 30.0,
    "nthread": 1,
    "verbosity": 0,
}
"""Shallow, slow and restrained: what was tried beside them stands in decision 0008."""


def shown_rows(
    events: Flags, eligible: Flags, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Rows to learn from, in order, and how many rows each stands for.

    Args:
        events: where it came true. eligible: where it can be judged. Both (rows,).
    """
    parts, weights = [], []
    for kind, most in ((events & eligible, MOST_EVENTS), (~events & eligible, MOST_QUIET)):
        rows = np.flatnonzero(kind)
        taken = rows if len(rows) <= most else rng.choice(rows, most, replace=False)
        parts.append(taken)
        weights.append(np.full(len(taken), len(rows) / max(len(taken), 1), np.float32))
    rows, weight = np.concatenate(parts), np.concatenate(weights)
    order = np.argsort(rows, kind="stable")
    return rows[order], weight[order]


@dataclass
class Trees:
    """One booster per target. See `healthtwin_lab.training.member.TrainedMember`.

    Attributes:
        rounds: trees per target. parameters: of XGBoost.
    """

    name: str = "trees"
    rounds: int = ROUNDS
    parameters: dict[str, Any] = field(default_factory=lambda: dict(PARAMETERS))
    _boosters: list[Any] = field(default_factory=list)
    _base: list[float] = field(default_factory=list)
    _session: Any = None

    @property
    def remembers(self) -> int:
        """Nothing."""
        return 0

    def fit(self, x: X, y: Labels, eligible: Flags, person: People, seed: int) -> None:
        """Fit all targets."""
        del person
        xgboost = _xgboost()
        self._boosters, self._base, self._session = [], [], None
        first = None
        for target in range(y.shape[1]):
            rng = np.random.default_rng([seed, target])
            rows, weights = shown_rows(y[:, target] == 1, eligible[:, target], rng)
            share = float(np.average(y[rows, target], weights=weights)) if len(rows) else 0.0
            share = min(max(share, 1e-6), 1.0 - 1e-6)
            base = float(np.log(share / (1.0 - share)))
            data = xgboost.QuantileDMatrix(
                x[rows],
                y[rows, target],
                weight=weights,
                max_bin=self.parameters["max_bin"],
                ref=first,  # the same bins for all targets: finding them takes longer than the trees
                nthread=1,
            )
            first = first or data
            data.set_base_margin(np.full(len(rows), base, np.float32))
            settings = {**self.parameters, "seed": seed * len(TRAINED) + target, "base_score": 0.5}
            self._boosters.append(xgboost.train(settings, data, self.rounds))
            self._base.append(base)

    def predict(self, x: X, person: People) -> Scores:
        """Log odds, shape (rows, targets)."""
        del person
        if self._session is not None:
            scored: Scores = self._session.run(["scores"], {"x": np.ascontiguousarray(x)})[0]
            return scored
        columns = [
            booster.inplace_predict(x, predict_type="margin", base_margin=np.full(len(x), base, np.float32))
            for booster, base in zip(self._boosters, self._base, strict=True)
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def save(self, folder: Path) -> Path:
        """Write `trees.onnx`."""
        from healthtwin_lab.training.tree_graph import write_trees

        path = folder / f"{self.name}.onnx"
        written = [json.loads(bytes(booster.save_raw("json"))) for booster in self._boosters]
        write_trees(path, written, self._base, len(FEATURES))
        return path

    def load(self, folder: Path) -> None:
        """Read `trees.onnx`."""
        self._session = open_session(folder / f"{self.name}.onnx")

    def explain(self) -> dict[str, float]:
        """Mean gain of each feature over all targets, largest first."""
        total = np.zeros(len(FEATURES))
        for booster in self._boosters:
            gains = booster.get_score(importance_type="total_gain")
            whole = sum(gains.values()) or 1.0
            for column, gain in gains.items():
                total[int(column.removeprefix("f"))] += gain / whole / len(self._boosters)
        order = np.argsort(-total, kind="stable")
        return {FEATURES[i].name: float(total[i]) for i in order if total[i] > 0}

    def metrics(self) -> dict[str, float]:
        """Rounds per target."""
        return {"rounds": float(self.rounds), "targets": float(len(self._boosters))}


def _xgboost() -> Any:  # noqa: ANN401 (imported late)
    try:
        import xgboost
    except ModuleNotFoundError:
        raise ConfigurationError("training needs xgboost: install the extra `train`") from None
    return xgboost
