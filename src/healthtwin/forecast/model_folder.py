"""The trained models of one folder, as a person's state and its words need them: the card, not the files.

A card says how wide a memory is, how scores become probabilities, how high they go on the training side and
what was measured. ONNX Runtime and the model files are opened when the first score is asked for.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast.shipped import CARD, MODELS, Calibration, Shipped, load_card
from healthtwin.forecast.site_budget import TailReference
from healthtwin.forecast.targets import TARGET, WATCHED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.member import Floats, StructuredArray

    Floats32 = NDArray[np.float32]

_LEAST_ROWS: Final = 2
_MOST_ROWS: Final = 1024
"""Rows per call of a model: more leave the processor's cache and gain nothing."""

SCORE_GRID: Final = 2.0**-10
MEMORY_GRID: Final = 2.0**-14
"""Steps to which scores (log odds) and the nets' memories are rounded before they are kept."""


class ModelFolder:
    """The models that `healthtwin train forecast` wrote into one folder; several may run side by side.

    Args:
        folder: with its card and, for each model that the card uses, an ONNX file.

    Attributes:
        card: as it stands there. version: as the card says.
        digest: differs whenever the card does, whatever its version is called.
        memory_dtype: what the models remember of one person.
        calibration: from stacked scores to probabilities.
        references: how high the scores of each watched target go on the training side.

    Raises:
        ConfigurationError: no card, or one of other features or targets than this program's.
    """

    def __init__(self, folder: Path = MODELS) -> None:
        self.folder = folder
        self.card: dict[str, Any] = load_card(folder)
        self.version = str(self.card["version"])
        text = json.dumps(self.card, sort_keys=True)
        self.digest = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
        self.memory_dtype = self._memory_dtype()
        self.calibration = Calibration.from_card(self.card["calibration"])
        self.references = tuple(TailReference.from_json(self.card["tails"][name]) for name in WATCHED)

    def _memory_dtype(self) -> np.dtype[np.void]:
        widths = self.card.get("state_widths")
        if widths is None:  # a card of before they were noted: the files must be opened to know
            return self.models.state_dtype
        fields: list[Any] = [(name, "f4", (width,)) for name, width in widths.items() if width]
        return np.dtype(fields or [("none", "u1")])

    @functools.cached_property
    def models(self) -> Shipped:
        """The models themselves, opened at the first use."""
        return Shipped(self.folder)

    def score(self, memory: StructuredArray, x: Floats32) -> Floats32:
        """Stacked scores (log odds) of one feature row per person, on `SCORE_GRID`; `memory` is kept up.

        A matrix product adds in another order for one row than for several, so nobody is ever scored alone
        (`_LEAST_ROWS`), and what is remembered is rounded to a grid that is far coarser than single
        precision: what differs in the last bits on another machine differs no more.

        Args:
            memory: `memory_dtype`, shape (n,). x: from `features.advance`, shape (n, features).
        """
        scores = np.empty((len(x), len(TARGET)), np.float32)
        names = self.models.state_dtype.names or ()
        for begin in range(0, len(x), _MOST_ROWS):
            part = slice(begin, begin + _MOST_ROWS)
            count = len(x[part])
            # One row would be multiplied in another order than several: it comes twice, and is read once.
            rows = np.r_[np.arange(count), np.zeros(max(_LEAST_ROWS - count, 0), np.intp)]
            asked = self.models.blank(len(rows))
            for name in names:
                asked[name] = memory[name][part][rows]
            told = self.models.score(asked, x[part][rows])
            scores[part] = _on_grid(told.ensemble[:count], SCORE_GRID)
            for name in names:
                memory[name][part] = _on_grid(asked[name][:count], MEMORY_GRID)
        return scores

    def probability(self, scores: NDArray[np.floating[Any]]) -> Floats:
        """Calibrated probabilities of stacked scores, shape (people, targets)."""
        return self.calibration.of(scores.astype(np.float64))

    def surprises(self, scores: Floats32) -> Floats:
        """How far out each watched score lies on the training side, shape (people, watched); NaN unknown."""
        columns = [
            reference.surprise_of(scores[:, TARGET[name]].astype(np.float64))
            for name, reference in zip(WATCHED, self.references, strict=True)
        ]
        return np.stack(columns, axis=1)

    def score_at_probability(self, target: str, probability: float) -> float:
        """The lowest score of a target whose probability is this high; infinite where none is."""
        knots, heights = (
            self.calibration.knots[TARGET[target]],
            self.calibration.probability[TARGET[target]],
        )
        if heights[-1] < probability:
            return float("inf")
        after = int(np.searchsorted(heights, probability))
        if after == 0:
            return float(knots[0])
        share = (probability - heights[after - 1]) / (heights[after] - heights[after - 1])
        return float(knots[after - 1] + share * (knots[after] - knots[after - 1]))

    def base_rate(self, target: str) -> float:
        """Share of the measured hours that were followed by a target."""
        found = self.card["measured"]["targets"][target]
        return float(found["positives"]) / float(found["eligible"])


def _on_grid(values: Floats32, grid: float) -> Floats32:
    rounded: Floats32 = (np.rint(values.astype(np.float64) / grid) * grid).astype(np.float32)
    return rounded


@functools.cache
def shipped_models() -> ModelFolder | None:
    """The models that came with the program, read at the first call; None in an installation without any."""
    return ModelFolder() if (MODELS / CARD).is_file() else None


def models_in(folder: Path) -> ModelFolder:
    """The models of a folder that a setting names, with every file that they need.

    Raises:
        ConfigurationError: a file is missing or does not fit this program.
    """
    found = ModelFolder(folder)
    missing = [name for name in found.card["used"] if not _has_file(folder, name)]
    if missing:
        raise ConfigurationError(f"{folder}: no model file for {', '.join(missing)}, which its card uses")
    return found


def _has_file(folder: Path, name: str) -> bool:
    from healthtwin.forecast.shipped import FILELESS

    return name in FILELESS or (folder / f"{name}.onnx").is_file()
