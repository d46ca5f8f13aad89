"""How much a net's figures hang on its seed, and what each member adds: by cross-validation over people.

    python -m benchmarks.net_seeds --out DIR [--data ../shared/data] [--seeds 5] [--fit lstm snn] [--ablation]

Every fold of every seed leaves its out-of-fold scores in DIR and is not fitted again, so the run may be
broken off and gone on with (about half a minute of one core for a fold). Printed is, per target, the mean and
standard deviation over the seeds that are complete, and the figures of the seeds' mean score. Thresholds for
"sensitivity at 1 false alarm a person-day" come from the negatives of the other folds.

With --ablation every member of the product is scored (trend and trees once), and the ensemble is stacked
with all of them, and without each, by the product's own cross-fitted stacking.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.targets import COMPARED, TARGET
from healthtwin.training.ensemble import cross_fit, figures
from healthtwin.training.folds import FOLDS, fold_of
from healthtwin.training.forecast import recording_in
from healthtwin.training.out_of_fold import FITTED, NETS, out_of_fold
from healthtwin.training.tables import FeatureTable, feature_table, load_stays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

SHOWN: Final = ("auroc", "auprc", "sensitivity_at_1_false_alarm")


def left(name: str, seed: int, table: FeatureTable, out: Path) -> Scores | None:
    """Out-of-fold scores of every row; None while a fold is missing."""
    paths = [out / f"{name}_{seed}_{held}.npz" for held in range(FOLDS)]
    if not all(path.exists() for path in paths):
        return None
    scores = np.full(table.targets.shape, np.nan, np.float32)
    for path in paths:
        with np.load(path) as part:
            scores[part["rows"]] = part["scores"]
    return scores


def figures_of(scores: Scores, table: FeatureTable, fold: NDArray[np.intp], target: str) -> list[float]:
    """The figures in the order of `SHOWN`."""
    found = figures(scores[:, TARGET[target]].astype(np.float64), table, fold, TARGET[target], [])
    return [float(found[name]) for name in SHOWN]


def print_seeds(
    names: Sequence[str], seeds: int, table: FeatureTable, fold: NDArray[np.intp], out: Path
) -> None:
    """One line per target and net."""
    print("| target | net | seeds | AUROC | AUPRC | sens@1 FA/day | mean of the seeds' scores |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        found = [left(name, seed, table, out) for seed in range(seeds)]
        complete = [scores for scores in found if scores is not None]
        if not complete:
            continue
        for target in TARGET:
            each = np.array([figures_of(scores, table, fold, target) for scores in complete])
            spread = each.std(axis=0, ddof=1) if len(each) > 1 else np.full(len(SHOWN), np.nan)
            cells = [f"{mean:.4f} ± {sd:.4f}" for mean, sd in zip(each.mean(axis=0), spread, strict=True)]
            together = figures_of(np.mean(complete, axis=0), table, fold, target)
            shown = " / ".join(f"{figure:.4f}" for figure in together)
            print(f"| {target} | {name} | {len(complete)} | {' | '.join(cells)} | {shown} |")


def print_ablation(seeds: int, table: FeatureTable, fold: NDArray[np.intp], out: Path) -> None:
    """The ensemble with everybody, without each, without both nets, and each alone; per seed of the nets."""
    print("| target | members | seeds | AUROC | AUPRC | sens@1 FA/day |")
    print("|---|---|---|---|---|---|")
    names = tuple(FITTED)
    without = [tuple(name for name in names if name not in gone) for gone in (*((n,) for n in names), NETS)]
    chosen = [names, *without, *((name,) for name in names)]
    columns = [TARGET[target] for target in COMPARED]
    for members in chosen:
        each: dict[str, list[list[float]]] = {target: [] for target in COMPARED}
        for seed in range(seeds):
            parts = [left(name, seed if name in NETS else 0, table, out) for name in members]
            known = [part for part in parts if part is not None]
            if len(known) < len(members) or (seed and not set(members) & set(NETS)):
                continue
            stacked = cross_fit(np.stack(known, axis=1).astype(np.float64), table, fold, columns)
            for target in COMPARED:
                each[target].append(figures_of(stacked.score.astype(np.float32), table, fold, target))
        for target, rows in each.items():
            if rows:
                mean, sd = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1 if len(rows) > 1 else 0)
                cells = " | ".join(f"{m:.4f} ± {s:.4f}" for m, s in zip(mean, sd, strict=True))
                print(f"| {target} | {' + '.join(members)} | {len(rows)} | {cells} |", flush=True)


def main() -> None:
    """Fit what is missing, then print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, required=True, help="where out-of-fold scores are kept")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument(
        "--fit", nargs="*", choices=NETS, default=NETS, help="nets to fit; none to only print"
    )
    parser.add_argument("--ablation", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    table = feature_table(load_stays(recording_in(asked.data)))
    fold = fold_of(table.people)[table.person]

    def fit(name: str, seed: int) -> None:
        def tell(done: str) -> None:
            print(
                f"{done}, seed {seed}: {time.process_time():.0f} s of one core", file=sys.stderr, flush=True
            )

        out_of_fold(table, fold, FITTED[name], seed, tell, asked.out)

    for seed in range(asked.seeds):
        for name in asked.fit:
            fit(name, seed)
    print_seeds(NETS, asked.seeds, table, fold, asked.out)
    if asked.ablation:
        for name in FITTED:
            if name not in NETS:
                fit(name, 0)
        print()
        print_ablation(asked.seeds, table, fold, asked.out)


if __name__ == "__main__":
    main()
