"""How many cases a week will have in the end, when reports of it are still coming in.

From past weeks it is known which share of reports arrives how many weeks late; the newest counts are divided
by the share that has arrived, and the uncertainty of that is carried into the limit.

Source: the chain-ladder estimate of reporting delays; J. F. Lawless, Adjustments for reporting delays and the
prediction of occurred but not reported events, Canadian J. Statistics 22 (1994) 15-31.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.surveillance.detection import Detection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from healthtwin.surveillance.weekly_series import WeeklySeries

    Floats = NDArray[np.float64]

LEAST_ARRIVED: Final = 0.1
"""Of a week of which less has arrived nothing is said: a tenfold guess is none."""


def shares_arrived(triangle: Floats) -> Floats:
    """Share of a week's reports that has arrived after each number of weeks.

    Args:
        triangle: reports by week (rows) and by weeks of delay (columns), NaN where that is still to come.

    Returns:
        Shares from 0 to 1, not falling, shape (delays,); the last is 1.

    >>> shares_arrived(np.array([[4.0, 6.0], [8.0, 12.0], [5.0, np.nan]])).tolist()
    [0.4, 1.0]
    """
    known = np.where(np.isnan(triangle), 0.0, triangle)
    delays = triangle.shape[1]
    shares = np.ones(delays)
    for delay in range(delays - 1, 0, -1):
        whole = ~np.isnan(triangle[:, : delay + 1]).any(axis=1)
        before = float(known[whole, :delay].sum())
        with_it = float(known[whole, : delay + 1].sum())
        shares[delay - 1] = shares[delay] * (before / with_it if with_it else 1.0)
    return shares


def with_delay(
    detect: Callable[[WeeklySeries], Detection], series: WeeklySeries, arrived: Sequence[float]
) -> Detection:
    """Run a method on a series whose newest weeks are not complete.

    Args:
        detect: the method.
        series: as reported up to now.
        arrived: share of reports that has arrived of the newest week, the one before it and so on.

    Returns:
        Its limits speak of what was *reported*: expected and limit of an incomplete week are those of the
        whole week times the share that has arrived, the limit wider by what that share leaves open. Weeks
        with an incomplete count are provisional; one of which less than `LEAST_ARRIVED` came is not tested.

    Raises:
        InvalidInput: a share is not above 0 and at most 1.
    """
    for i, one in enumerate(arrived):
        if not 0 < one <= 1:
            raise InvalidInput("arrived", one, "above 0 and at most 1", index=i)
    share = np.ones(len(series))
    newest = np.asarray(arrived[: len(series)], np.float64)
    share[len(series) - len(newest) :] = newest[::-1]
    provisional = share < 1
    estimated = np.where(share >= LEAST_ARRIVED, series.cases / share, np.nan)
    counts = np.asarray(np.round(estimated), np.float64)
    whole = detect(series.with_cases(counts))
    expected = whole.expected * share
    # Of N cases a binomial number has arrived: its scatter comes on top of that of the week.
    open_yet = np.sqrt(np.maximum(whole.upper, 0.0) * share * (1 - share))
    upper = whole.upper * share + 2 * open_yet
    alarm = whole.alarm & (series.cases > upper)
    return Detection(series, expected, upper, alarm, provisional, f"{whole.method}, delay corrected")
