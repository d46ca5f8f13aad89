"""LSTM and spiking network as trained members: fitted with torch, saved and asked as one ONNX step.

A member is one net, or several of the same kind that differ in their seed and whose log odds are averaged
inside the file; their states then stand side by side. Fitting needs the extra `train`; a saved member needs
ONNX Runtime only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import ConfigurationError, InvalidInput
from healthtwin.forecast.feature_names import FEATURE, FEATURES
from healthtwin.forecast.features import FEATURES_VERSION
from healthtwin.forecast.onnx_session import open_session
from healthtwin_lab.training import sequences
from healthtwin_lab.training.lstm import LstmCell
from healthtwin_lab.training.net_inputs import Layout
from healthtwin_lab.training.recurrent_fit import Settings
from healthtwin_lab.training.spiking import SpikingCell
from healthtwin_lab.training.step_model import written

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin_lab.training.cell import Cell
    from healthtwin_lab.training.member import Flags, Labels, People, Scores, X
    from healthtwin_lab.training.recurrent_fit import Fitted

_TAUGHT: Final = (
    "oxygen_saturation",
    "respiratory_rate",
    "heart_rate",
    "blood_pressure_systolic",
    "blood_pressure_diastolic",
    "body_temperature",
)
"""Metrics whose next value is taught beside the targets."""

LAYOUT: Final = Layout(
    FEATURE["known_hours"], tuple((FEATURE[f"{name}.now"], FEATURE[f"{name}.age"]) for name in _TAUGHT)
)
"""Where a net finds the hours and the values among `healthtwin.forecast.feature_names.FEATURES`."""

SPIKING_SETTINGS: Final = Settings(together=128, dropout=0.15, rate=6e-3)
"""Spikes are noise enough: with more silence the net learns less in the same time."""


class NetMember:
    """A net with memory; a `healthtwin_lab.training.member.TrainedMember`.

    Not for a handful of people: with fewer than a few dozen, nobody can judge when to stop.

    Args:
        cell: the net. settings: how it is fitted. nets: how many are averaged.
        layout: which columns of the features carry the hours and the values; those of the product by default.
    """

    def __init__(self, cell: Cell, settings: Settings, *, nets: int = 1, layout: Layout = LAYOUT) -> None:
        self.name = cell.name
        self._cell = cell
        self._settings = settings
        self._nets = nets
        self._layout = layout
        self._fitted: list[Fitted] = []
        self._file = b""
        self._session: Any = None

    @property
    def remembers(self) -> int:
        """Numbers of state per person.

        Raises:
            ConfigurationError: before `fit` or `load`.
        """
        return int(self._asked().get_inputs()[1].shape[1])

    def fit(self, x: X, y: Labels, eligible: Flags, person: People, seed: int) -> None:
        """Learn; see `TrainedMember.fit`. Several nets take the seeds `seed`, `seed` + 1, ….

        Raises:
            ConfigurationError: without the extra `train`.
            InvalidInput: where a person's rows do not stand together, or time runs backwards.
        """
        try:
            import onnx  # noqa: F401 – missed now rather than after the fitting
            import torch  # noqa: F401
        except ImportError as error:
            raise ConfigurationError(
                f"{error.name} is not installed; `pip install 'healthtwin[train]'` brings what fitting needs"
            ) from error
        from healthtwin_lab.training.recurrent_fit import fit

        _check(x, y, eligible, person, self._layout)
        self._fitted = [
            fit(self._cell, x, y, eligible, person, self._layout, seed + k, self._settings)
            for k in range(self._nets)
        ]
        self._file, self._session = self._written(x.shape[1], y.shape[1]), None

    def predict(self, x: X, person: People) -> Scores:
        """Scores of all targets, shape (rows, T), row by row through ONNX Runtime as in the running house.

        Raises:
            ConfigurationError: before `fit` or `load`.
        """
        session = self._asked()
        names = ["scores", "new_state"]
        width = session.get_inputs()[1].shape[1]
        scores = np.empty((len(x), session.get_outputs()[0].shape[1]), np.float32)
        starts = np.flatnonzero(sequences.first_rows(person))
        lengths = np.diff(np.r_[starts, len(person)])
        longest_first = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[longest_first], lengths[longest_first]
        state = np.zeros((len(starts), width), np.float32)
        for k in range(int(lengths.max(initial=0))):
            count = int((lengths > k).sum())
            rows = starts[:count] + k
            scores[rows], state = session.run(names, {"x": x[rows], "state": state[:count]})
        return scores

    def save(self, folder: Path) -> Path:
        """Write `NAME.onnx`; returns its path.

        Raises:
            ConfigurationError: before `fit` or `load`.
        """
        self._asked()
        path = folder / f"{self.name}.onnx"
        path.write_bytes(self._file)
        return path

    def load(self, folder: Path) -> None:
        """Read what `save` wrote.

        Raises:
            ConfigurationError: when there is no such file.
        """
        path = folder / f"{self.name}.onnx"
        if not path.is_file():
            raise ConfigurationError(f"no model {path}; fit this member and save it there")
        self._file, self._session, self._fitted = path.read_bytes(), None, []

    def explain(self) -> dict[str, float]:
        """How much each feature moves the log odds, by name, largest first; empty after `load`.

        See `Fitted.slope`: it says where the net looks, not in which direction.
        """
        total = dict.fromkeys((feature.name for feature in FEATURES), 0.0)
        if not self._fitted or self._layout is not LAYOUT:
            return {}
        for fitted in self._fitted:
            for column, slope in zip(fitted.scaling.columns, fitted.slope, strict=True):
                total[FEATURES[column].name] += float(slope) / len(self._fitted)
        return dict(sorted(((k, v) for k, v in total.items() if v), key=lambda item: -item[1]))

    def metrics(self) -> dict[str, float]:
        """What `fit` measured on those held out to stop it, averaged over the nets; empty after `load`."""
        names = self._fitted[0].metrics if self._fitted else {}
        return {name: float(np.mean([one.metrics[name] for one in self._fitted])) for name in names}

    def _written(self, features: int, targets: int) -> bytes:
        """All nets as one file."""
        facts = {
            "member": self.name,
            "features_version": str(FEATURES_VERSION),
            "nets": str(self._nets),
            "settings": json.dumps({"cell": repr(self._cell), "fit": repr(self._settings)}),
        }
        return written(self._cell, self._fitted, self._layout, (features, targets), facts)

    def _asked(self) -> Any:  # noqa: ANN401 – ONNX Runtime is imported late
        if not self._file:
            raise ConfigurationError(f"the member {self.name} knows nothing yet: fit or load it first")
        if self._session is None:
            self._session = open_session(self._file)
        return self._session


def lstm(nets: int = 1) -> NetMember:
    """The LSTM as it is shipped."""
    return NetMember(LstmCell(), Settings(), nets=nets)


def spiking(nets: int = 1) -> NetMember:
    """The spiking network as it is shipped."""
    return NetMember(SpikingCell(), SPIKING_SETTINGS, nets=nets)


def _check(x: X, y: Labels, eligible: Flags, person: People, layout: Layout) -> None:
    if len({len(x), len(y), len(eligible), len(person)}) != 1 or y.shape != eligible.shape or not len(x):
        raise InvalidInput(
            "rows",
            (x.shape, y.shape, eligible.shape, person.shape),
            "as many rows in x, y, eligible and person",
        )
    first = sequences.first_rows(person)
    if len(np.unique(person)) != int(first.sum()):
        raise InvalidInput("person", "rows of one person in several places", "each person's rows together")
    back = np.flatnonzero(~first[1:] & (np.diff(x[:, layout.hours]) < 0))
    if len(back):
        raise InvalidInput("x", f"row {back[0] + 1} earlier than the row before", "rows in time order")
