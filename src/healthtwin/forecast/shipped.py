"""The shipped models at run time: features in, calibrated probabilities out, by ONNX Runtime.

What lies in `models/`: one ONNX file per trained member and `card.json`, which says in which order members
and targets stand, how they are stacked and calibrated, and what was measured. The members "news2" and
"last_value" need no file. ONNX Runtime is imported when models are loaded, not before.

Stacking, per target: the members' scores of all targets, standardised, times weights plus a constant: log
odds. Calibration, per target: a straight line (Platt) or steps between knots (isotonic) on those log odds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast.feature_names import FEATURE, FEATURES
from healthtwin.forecast.features import FEATURES_VERSION
from healthtwin.forecast.onnx_session import open_session
from healthtwin.forecast.targets import TARGET, TRAINED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Floats32 = NDArray[np.float32]
    StructuredArray = NDArray[np.void]

MODELS: Final = Path(__file__).parent / "models"
CARD: Final = "card.json"

FILELESS: Final = ("news2", "last_value")
"""Members that are a formula over the features: the trivial ones that everything must beat."""

UNKNOWN_SATURATION: Final = 97.0
"""What the last value is taken to be where none is known: the usual one, so that it says nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What the shipped models say of one row per person.

    Attributes:
        member: score of each member, shape (n, members, targets), order of `Shipped.members`; NaN for one
            that was not asked.
        ensemble: stacked score (log odds), shape (n, targets); order of `targets.TRAINED`.

    What is kept of a person is the score; `Shipped.calibrated` turns it into a probability when one is told.
    """

    member: Floats32
    ensemble: Floats32


class Shipped:
    """The models of one folder, ready to be asked.

    Do not use it to judge people under 16 or in pregnancy: nobody like them was in the training data.

    Args:
        folder: what `healthtwin train forecast` wrote; the shipped models where none is given.
        everyone: ask the members too that the ensemble does not use (to compare them); slower.

    Raises:
        ConfigurationError: when a file is missing, or was trained on other features or targets.
    """

    def __init__(self, folder: Path = MODELS, *, everyone: bool = False) -> None:
        self.card = load_card(folder)
        self.members: tuple[str, ...] = tuple(self.card["members"])
        self.used: tuple[str, ...] = tuple(self.card["used"])
        self.version: str = self.card["version"]
        asked = self.members if everyone else self.used
        self._sessions = {name: _session(folder, name) for name in asked if name not in FILELESS}
        self._asked = asked
        widths = {name: _state_width(session) for name, session in self._sessions.items()}
        self._remembering = tuple(name for name, width in widths.items() if width)
        self.state_dtype = np.dtype([(name, "f4", (widths[name],)) for name in self._remembering])
        self._stack = Stack.from_card(self.card["stack"])
        self._calibration = Calibration.from_card(self.card["calibration"])

    def blank(self, count: int) -> StructuredArray:
        """What the members remember of `count` people of whom nothing was seen, shape (count,)."""
        return np.zeros(count, self.state_dtype)

    def score(self, state: StructuredArray, x: Floats32) -> Scores:
        """Score one feature row per person; `state` changes in place.

        Args:
            state: `state_dtype`, shape (n,). x: from `features.advance`, shape (n, features).
        """
        member = np.full((len(x), len(self.members), len(TRAINED)), np.nan, np.float32)
        for place, name in enumerate(self.members):
            if name not in self._asked:
                continue
            if name in FILELESS:
                member[:, place] = fileless(name, x)
            elif name in self._remembering:
                session = self._sessions[name]
                feed = {"x": x, "state": np.ascontiguousarray(state[name])}
                member[:, place], new_state = session.run(["scores", "new_state"], feed)
                state[name] = new_state
            else:
                member[:, place] = self._sessions[name].run(["scores"], {"x": x})[0]
        ensemble = self._stack.of(member[:, [self.members.index(name) for name in self.used]])
        return Scores(member, ensemble.astype(np.float32))

    def calibrated(self, ensemble: NDArray[np.floating[Any]]) -> Floats32:
        """Probabilities from stacked scores, shape (n, targets)."""
        return self._calibration.of(ensemble.astype(np.float64)).astype(np.float32)

    def threshold(self, target: str, false_alarms_per_day: float) -> float:
        """Stacked score from which an hourly chart gave this many false alarms a day on the training side.

        One of the numbers that were measured: 0.5, 1 or 2 a person-day.

        Raises:
            KeyError: for another number or target.
        """
        found: float = self.card["thresholds"][target][f"{false_alarms_per_day:g}"]
        return found


def load_card(folder: Path = MODELS) -> dict[str, Any]:
    """The model card of a folder.

    Raises:
        ConfigurationError: when there is none, or it is of other features or targets than this program's.
    """
    path = folder / CARD
    if not path.is_file():
        raise ConfigurationError(
            f"no model card {path}; `healthtwin train forecast --out {folder}` makes one"
        )
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if card.get("features_version") != FEATURES_VERSION or card.get("features") != len(FEATURES):
        raise ConfigurationError(
            f"{path} was trained on features version {card.get('features_version')} "
            f"({card.get('features')} columns); this program computes version {FEATURES_VERSION} "
            f"({len(FEATURES)} columns): train again"
        )
    if card.get("targets") != [target.name for target in TRAINED]:
        raise ConfigurationError(f"{path} was trained on other targets than this program's: train again")
    return card


def _session(folder: Path, name: str) -> Any:  # noqa: ANN401 (the type lives in a package imported late)
    path = folder / f"{name}.onnx"
    if not path.is_file():
        raise ConfigurationError(f"no model {path}, which {folder / CARD} names")
    return open_session(path)


def _state_width(session: Any) -> int:  # noqa: ANN401
    widths = [entry.shape[1] for entry in session.get_inputs() if entry.name == "state"]
    return int(widths[0]) if widths else 0


def fileless(name: str, x: Floats32) -> Floats32:
    """Scores of a member that is a formula, shape (n, targets).

    "news2" says the total of the chart for every target. "last_value" says how near the present value of what
    the target is about stands to its limit: what somebody would guess who only looks at the screen.
    """
    if name == "news2":
        total = x[:, FEATURE["news2.total"], None]
        return np.repeat(total, len(TRAINED), axis=1)
    saturation = x[:, FEATURE["oxygen_saturation.now"]]
    fall = -np.where(np.isnan(saturation), np.float32(UNKNOWN_SATURATION), saturation)
    heart = np.nan_to_num(x[:, FEATURE["heart_rate.now"]], nan=80.0)
    nearest = [x[:, FEATURE[f"{edge}.room_now"]] for edge in ("spo2_90", "breathing_25", "heart_131")]
    red = -np.fmin(np.fmin(nearest[0], nearest[1]), nearest[2])
    red = np.nan_to_num(red, nan=-8.0)
    of_target = {
        "news_red": red,
        "news_red_3h": red,
        "news_red_6h": red,
        "personal_hypoxia": -np.nan_to_num(x[:, FEATURE["oxygen_saturation.above_own"]], nan=0.0),
        "tachycardia": heart,
        "hypotension": -np.nan_to_num(x[:, FEATURE["blood_pressure_systolic.now"]], nan=120.0),
        "infection": np.nan_to_num(x[:, FEATURE["body_temperature.now"]], nan=36.8),
    }
    return np.stack([of_target.get(target.name, fall) for target in TRAINED], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """How the members' scores become one: standardised, weighted, summed.

    Attributes:
        center, scale: of each member's score of each target, shape (members, targets).
        weight: shape (members, targets, targets): from a member's score of one target to another target.
        constant: shape (targets,).
    """

    center: Floats
    scale: Floats
    weight: Floats
    constant: Floats

    @classmethod
    def from_card(cls, card: dict[str, Any]) -> Stack:
        """As written by `as_card`."""
        return cls(*(np.array(card[name], np.float64) for name in ("center", "scale", "weight", "constant")))

    def as_card(self) -> dict[str, Any]:
        """JSON-ready."""
        names = ("center", "scale", "weight", "constant")
        return {name: np.round(getattr(self, name), 7).tolist() for name in names}

    def of(self, member: NDArray[np.floating[Any]]) -> Floats:
        """Log odds, shape (n, targets), from scores of shape (n, members, targets)."""
        z = standardised(member.astype(np.float64), self.center, self.scale)
        total = np.broadcast_to(self.constant, (len(z), len(self.constant))).copy()
        # Not a matrix product: that one rounds by the size of the batch.
        for place, column in np.argwhere(np.abs(self.weight).sum(axis=2) > 0):
            total += z[:, place, column, None] * self.weight[place, column]
        return total


MOST_SCORE: Final = 6.0
"""A member's score counts at most this many spreads from its mean: a new site must not be ruled by one."""


def standardised(member: Floats, center: Floats, scale: Floats) -> Floats:
    """Scores in spreads from their mean, at most `MOST_SCORE` of them; 0 where a member said nothing."""
    z = (member - center) / scale
    return np.where(np.isnan(z), 0.0, np.minimum(np.maximum(z, -MOST_SCORE), MOST_SCORE))


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Per target, knots of log odds and the probability at each; between them a straight line.

    A line in log odds (Platt) is written as many knots, so that one form serves both.
    """

    knots: tuple[Floats, ...]
    probability: tuple[Floats, ...]

    @classmethod
    def from_card(cls, card: list[dict[str, Any]]) -> Calibration:
        """As written by `as_card`."""
        return cls(
            tuple(np.array(part["knots"], np.float64) for part in card),
            tuple(np.array(part["probability"], np.float64) for part in card),
        )

    def of(self, ensemble: Floats) -> Floats:
        """Probabilities, shape (n, targets)."""
        columns = [
            np.interp(ensemble[:, i], knots, probability)
            for i, (knots, probability) in enumerate(zip(self.knots, self.probability, strict=True))
        ]
        return np.stack(columns, axis=1)


def target_column(name: str) -> int:
    """Column of a trained target in `Scores`.

    >>> target_column("hypoxia")
    0
    """
    return TARGET[name]
