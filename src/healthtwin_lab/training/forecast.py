"""`healthtwin train forecast`: recordings in, shipped models out, the same ones for the same seed.

1. Stays are read and turned into the feature table by the running house's own code.
2. Every member scores every person out of fold.
3. Stack and calibration are learned from those scores; what they are worth is measured by doing it once more
   per fold. Thresholds and the tail for the alarm budget come from the same cross-fitted scores.
4. Every member is fitted on everybody and written with a card.
"""

from __future__ import annotations

import json
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import healthtwin
from healthtwin.domain.errors import ConfigurationError, InvalidInput
from healthtwin.forecast.feature_names import FEATURES
from healthtwin.forecast.features import FEATURES_VERSION
from healthtwin.forecast.shipped import CARD, FILELESS, Calibration
from healthtwin.forecast.site_budget import TailReference
from healthtwin.forecast.targets import TRAINED
from healthtwin_lab.cohorts.folds import fold_of
from healthtwin_lab.cohorts.tables import feature_table, load_stays
from healthtwin_lab.measures import FALSE_ALARMS_PER_DAY, threshold_at
from healthtwin_lab.training.cards import write_cards
from healthtwin_lab.training.ensemble import CrossFitted, cross_fit, enough_people, figures
from healthtwin_lab.training.out_of_fold import FITTED, all_out_of_fold
from healthtwin_lab.training.stacking import Fitted, fit_ensemble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.tables import FeatureTable, Stays
    from healthtwin_lab.training.member import TrainedMember

    Tick = Callable[[str], None]
    Makers = Mapping[str, Callable[[], TrainedMember]]
    Floats = NDArray[np.float64]

RECORDING: Final = "cinc2019_setB/dev.parquet"

USED: Final = ("trend", "trees")
"""Members in the ensemble. The nets added nothing to these two in cross-validation (docs/evaluation,
`ablation`), so they ship, are measured and can be asked, but the house does not ask them by itself. NEWS2 and
the last value stand beside, to be beaten."""

MOST_FEATURES: Final = 20
"""The heaviest features of a member that its card names."""

PACKAGES: Final = ("numpy", "scipy", "xgboost-cpu", "torch", "onnx", "onnxruntime")


def recording_in(data: Path) -> Path:
    """The Parquet file to train on: `data` itself, the named recording below it, or its only Parquet file.

    Raises:
        ConfigurationError: saying what was looked for.
    """
    if data.is_file():
        return data
    named = [data / RECORDING, data / Path(RECORDING).name]
    found = [path for path in named if path.is_file()] or sorted(data.glob("*.parquet"))
    if len(found) == 1 or (found and found[0] in named):
        return found[0]
    raise ConfigurationError(f"no recording in {data}: looked for {RECORDING} and for one Parquet file")


def steps_of(members: Makers, folds: int) -> int:
    """How many times `train_forecast` ticks."""
    return len(members) * (folds + 1) + 3


def train_forecast(
    data: Path,
    out: Path,
    seed: int = 0,
    tick: Tick = lambda _: None,
    members: Makers = FITTED,
    used: tuple[str, ...] = USED,
    kept: Path | None = None,
) -> dict[str, Any]:
    """Train, write models and cards to `out`, and return the card.

    Args:
        data: folder with the recording, or the Parquet file. out: made if absent. seed: of everything random.
        tick: told what was done after each step, for a progress bar.
        members: how each fitted member is made. used: members that the ensemble uses.
        kept: see `out_of_fold`.

    Raises:
        ConfigurationError: no recording, or the extra `train` is missing.
        InvalidInput: too few people or events to learn every target.
    """
    stays = load_stays(recording_in(data))
    table = feature_table(stays)
    fold = fold_of(table.people)[table.person]
    lacking = enough_people(table, fold)
    if lacking:
        raise InvalidInput("recording", f"no event of {', '.join(lacking)} in some fold", "more people")
    tick("features")
    names = (*members, *FILELESS)
    member = all_out_of_fold(table, fold, seed, tick, members, kept)
    stacked = member[:, [names.index(name) for name in used]].astype(np.float64)
    honest = cross_fit(stacked, table, fold)
    fitted = fit_ensemble(stacked, table.targets == 1, table.eligible, fold)
    tick("ensemble")
    out.mkdir(parents=True, exist_ok=True)
    saved = _fit_and_save(table, out, seed, tick, members)
    card = _card(stays, table, names, used, seed, fitted, honest)
    card["member_thresholds"] = _member_thresholds(table, names, member)
    card["state_widths"] = {name: saved[name]["remembers"] for name in used}
    card["members_cards"] = saved
    card["measured"] = {
        "how": f"{len(np.unique(fold))}-fold cross-validation by person; ensemble cross-fitted",
        "targets": _measures(table, fold, names, member, honest),
    }
    (out / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_cards(card, out)
    tick("cards")
    return card


def _fit_and_save(
    table: FeatureTable, out: Path, seed: int, tick: Tick, members: Makers
) -> dict[str, dict[str, Any]]:
    saved: dict[str, dict[str, Any]] = {}
    for name, make in members.items():
        whole = make()
        whole.fit(table.x, table.targets, table.eligible, table.person, seed)
        saved[name] = {
            "bytes": whole.save(out).stat().st_size,
            "features": {
                feature: round(weight, 5) for feature, weight in list(whole.explain().items())[:MOST_FEATURES]
            },
            "remembers": whole.remembers,
        }
        tick(f"{name}, everybody")
    return saved


def _card(
    stays: Stays,
    table: FeatureTable,
    names: tuple[str, ...],
    used: tuple[str, ...],
    seed: int,
    fitted: Fitted,
    honest: CrossFitted,
) -> dict[str, Any]:
    thresholds, tails = {}, {}
    for i, target in enumerate(TRAINED):
        quiet = honest.score[table.eligible[:, i] & (table.targets[:, i] == 0), i]
        thresholds[target.name] = {f"{k:g}": threshold_at(quiet, k) for k in FALSE_ALARMS_PER_DAY}
        tails[target.name] = TailReference.of(quiet).as_json()
    return {
        "version": f"forecast models 1, features {FEATURES_VERSION}, data {stays.sha256[:12]}, seed {seed}",
        "features_version": FEATURES_VERSION,
        "features": len(FEATURES),
        "targets": [target.name for target in TRAINED],
        "members": list(names),
        "used": list(used),
        "data": {
            "sha256": stays.sha256,
            "people": len(table.people),
            "rows": len(table.person),
            "missing_columns": list(stays.missing),
            "impossible_values_dropped": stays.impossible,
        },
        "seed": seed,
        "versions": versions(),
        "thresholds": thresholds,
        "tails": tails,
        "stack": fitted.stack.as_card(),
        "calibration": _calibration_card(fitted.calibration),
        "chosen_on_inner_folds": {
            target.name: choice for target, choice in zip(TRAINED, fitted.chosen, strict=True)
        },
    }


def _member_thresholds(
    table: FeatureTable, names: tuple[str, ...], member: NDArray[np.float32]
) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for i, target in enumerate(TRAINED):
        quiet = table.eligible[:, i] & (table.targets[:, i] == 0)
        found[target.name] = {
            name: {f"{k:g}": threshold_at(member[quiet, place, i], k) for k in FALSE_ALARMS_PER_DAY}
            for place, name in enumerate(names)
        }
    return found


def _calibration_card(calibration: Calibration) -> list[dict[str, list[float]]]:
    return [
        {"knots": np.round(knots, 6).tolist(), "probability": np.round(height, 8).tolist()}
        for knots, height in zip(calibration.knots, calibration.probability, strict=True)
    ]


def _measures(
    table: FeatureTable,
    fold: NDArray[np.intp],
    names: tuple[str, ...],
    member: NDArray[np.float32],
    honest: CrossFitted,
) -> dict[str, Any]:
    found = {}
    for i, target in enumerate(TRAINED):
        rows = table.eligible[:, i]
        of_members = {
            name: figures(member[:, place, i].astype(np.float64), table, fold, i, [])
            for place, name in enumerate(names)
        }
        found[target.name] = {
            "eligible": int(rows.sum()),
            "positives": int(table.targets[rows, i].sum()),
            "ensemble": figures(honest.score[:, i], table, fold, i, [], honest.probability[:, i]),
            "members": of_members,
        }
    return found


def versions() -> dict[str, str]:
    """Of everything that shapes a model."""
    found = {"healthtwin": healthtwin.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
