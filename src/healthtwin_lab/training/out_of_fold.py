"""Scores of every row by models that never saw its person: what stacking and tables are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.shipped import FILELESS, fileless
from healthtwin_lab.training.net_member import lstm, spiking
from healthtwin_lab.training.trees import Trees
from healthtwin_lab.training.trend import Trend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.tables import FeatureTable
    from healthtwin_lab.training.member import TrainedMember

    Scores = NDArray[np.float32]
    People = NDArray[np.intp]
    Tick = Callable[[str], None]

FITTED: Final[Mapping[str, Callable[[], TrainedMember]]] = {
    "trend": Trend,
    "trees": Trees,
    "lstm": lstm,
    "snn": spiking,
}
"""Every member that is fitted, in the order of tables."""

MEMBERS: Final = (*FITTED, *FILELESS)

NETS: Final = ("lstm", "snn")
"""Those whose result hangs on the seed, so that they are fitted with several."""


def out_of_fold(
    table: FeatureTable,
    fold: People,
    make: Callable[[], TrainedMember],
    seed: int,
    tick: Tick,
    kept: Path | None = None,
) -> Scores:
    """One member's scores, shape (rows, targets), each row by a model fitted on the other folds' people.

    Args:
        fold: of the person of each row, shape (rows,). tick: told after each fold.
        kept: folder in which each fold's scores are kept (`MEMBER_SEED_FOLD.npz`: rows, scores), so that a
            run that was cut off goes on. Whoever changes data, features or a member empties it.
    """
    scores = np.full(table.targets.shape, np.nan, np.float32)
    for held in np.unique(fold).tolist():
        inside, member = fold != held, make()
        path = None if kept is None else kept / f"{member.name}_{seed}_{held}.npz"
        if path is not None and path.is_file():
            with np.load(path) as found:
                scores[found["rows"]] = found["scores"]
        else:
            x, y, eligible = table.x[inside], table.targets[inside], table.eligible[inside]
            member.fit(x, y, eligible, table.person[inside], seed)
            scores[~inside] = member.predict(table.x[~inside], table.person[~inside])
            if path is not None:
                np.savez(path, rows=np.flatnonzero(~inside), scores=scores[~inside])
        tick(f"{member.name}, fold {held + 1}")
    return scores


def all_out_of_fold(
    table: FeatureTable,
    fold: People,
    seed: int,
    tick: Tick,
    members: Mapping[str, Callable[[], TrainedMember]] = FITTED,
    kept: Path | None = None,
) -> Scores:
    """All members' scores, shape (rows, members, targets): those fitted, then those that are a formula."""
    fitted = [out_of_fold(table, fold, make, seed, tick, kept) for make in members.values()]
    return np.stack([*fitted, *(fileless(name, table.x) for name in FILELESS)], axis=1)
