"""The trend logistic: levels, slopes and own deviations, standardised, in one ridge regression per target.

Plain, and hard to beat where events are rare. A value that is not known stands at its mean, and a column of
its own says that it was not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.forecast.feature_names import FEATURES
from healthtwin.forecast.onnx_session import open_session
from healthtwin_lab.training.logistic import fit_logistic
from healthtwin_lab.training.trees import shown_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin_lab.training.member import Flags, Labels, People, Scores, X

RIDGE: Final = 1000.0
"""Rows that each weight's pull to 0 is worth; from 300 to 3000 the cross-validated AUROC moved by .002."""

MOST_SPREADS: Final = 5.0
"""An absurd value counts as five spreads."""

NO_SPREAD: Final = 1e-8
"""Variance below which a column is constant."""

OFTEN_MISSING: Final = 0.02
"""Share of rows from which a column's absence becomes a column of its own."""


@dataclass
class Trend:
    """Ridge logistic regression of all targets. See `healthtwin_lab.training.member.TrainedMember`."""

    name: str = "trend"
    ridge: float = RIDGE
    _mean: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    _scale: NDArray[np.float32] = field(default_factory=lambda: np.ones(0, np.float32))
    _missing: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    _weight: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _constant: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    _session: Any = None

    @property
    def remembers(self) -> int:
        """Nothing."""
        return 0

    def fit(self, x: X, y: Labels, eligible: Flags, person: People, seed: int) -> None:
        """Fit all targets."""
        del person
        self._session = None
        known = ~np.isnan(x)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, x, 0.0).sum(axis=0, dtype=np.float64) / count
        square = (np.where(known, x - mean, 0.0) ** 2).sum(axis=0, dtype=np.float64) / count
        self._mean = mean.astype(np.float32)
        # A column without spread (nobody in the data was pregnant) must not blow up where it has one.
        self._scale = np.where(square > NO_SPREAD, np.sqrt(square), np.inf).astype(np.float32)
        self._missing = np.flatnonzero((~known).mean(axis=0) > OFTEN_MISSING)
        fitted = []
        for target in range(y.shape[1]):
            rng = np.random.default_rng([seed, target])
            rows, weights = shown_rows(y[:, target] == 1, eligible[:, target], rng)
            came = y[rows, target].astype(np.float64)
            fitted.append(fit_logistic(self._columns(x[rows]), came, weights.astype(np.float64), self.ridge))
        self._weight = np.stack([weight for weight, _ in fitted], axis=1).astype(np.float32)
        self._constant = np.array([constant for _, constant in fitted], np.float32)

    def _columns(self, x: X) -> NDArray[np.float32]:
        z = np.clip((x - self._mean) / self._scale, -MOST_SPREADS, MOST_SPREADS)
        unknown = np.isnan(z)
        return np.concatenate(
            [np.where(unknown, np.float32(0), z), unknown[:, self._missing].astype(np.float32)], axis=1
        )

    def predict(self, x: X, person: People) -> Scores:
        """Log odds, shape (rows, targets)."""
        del person
        if self._session is not None:
            scored: Scores = self._session.run(["scores"], {"x": np.ascontiguousarray(x)})[0]
            return scored
        return self._columns(x) @ self._weight + self._constant

    def save(self, folder: Path) -> Path:
        """Write `trend.onnx`."""
        from onnx import TensorProto, checker, helper, numpy_helper

        path = folder / f"{self.name}.onnx"
        constants = {
            "mean": self._mean,
            "scale": self._scale,
            "low": np.float32(-MOST_SPREADS),
            "high": np.float32(MOST_SPREADS),
            "zero": np.float32(0),
            "often": self._missing.astype(np.int64),
            "weight": self._weight,
            "constant": self._constant,
        }
        nodes = [
            helper.make_node("Sub", ["x", "mean"], ["apart"]),
            helper.make_node("Div", ["apart", "scale"], ["z"]),
            helper.make_node("Clip", ["z", "low", "high"], ["clipped"]),
            helper.make_node("IsNaN", ["z"], ["unknown"]),
            helper.make_node("Where", ["unknown", "zero", "clipped"], ["filled"]),
            helper.make_node("Gather", ["unknown", "often"], ["missing"], axis=1),
            helper.make_node("Cast", ["missing"], ["flags"], to=TensorProto.FLOAT),
            helper.make_node("Concat", ["filled", "flags"], ["columns"], axis=1),
            helper.make_node("MatMul", ["columns", "weight"], ["product"]),
            helper.make_node("Add", ["product", "constant"], ["scores"]),
        ]
        targets = len(self._constant)
        graph = helper.make_graph(
            nodes,
            "trend",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", len(self._mean)])],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", targets])],
            [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
        )
        model = helper.make_model(
            graph,
            producer_name="healthtwin",
            ir_version=8,
            opset_imports=[helper.make_opsetid("", 17)],
        )
        checker.check_model(model)
        path.write_bytes(model.SerializeToString())
        return path

    def load(self, folder: Path) -> None:
        """Read `trend.onnx`."""
        self._session = open_session(folder / f"{self.name}.onnx")

    def explain(self) -> dict[str, float]:
        """Mean size of each feature's standardised weight over all targets, largest first."""
        size = np.abs(self._weight[: len(FEATURES)]).mean(axis=1) if self._weight.size else np.zeros(0)
        order = np.argsort(-size, kind="stable")
        return {FEATURES[i].name: float(size[i]) for i in order if size[i] > 0}

    def metrics(self) -> dict[str, float]:
        """Size of the fitted regression."""
        return {"columns": float(self._weight.shape[0]), "targets": float(self._weight.shape[1])}
