"""The house's own alarm threshold: what its trained alarms have shown of all its people together.

Where people come and go, nobody's own budget learns in time; a hospital whose scores are louder than the
training side's would ring for every new patient. So once an hour the false alarms of everybody together are
settled against those they were allowed (`healthtwin.forecast.SiteBudget`), and what came out goes into the
log with the next tick and with each new person's profile. The step takes it from there and from nowhere else,
so a replay judges as the house did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.forecast import SiteBudget
from healthtwin.house.health import TrainedAlarmsItem
from healthtwin.pipeline import TickPayload

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEP: Final = 0.05
"""The offset is told anew when it moved this far: each time everybody's state is saved again."""


class SiteAlarms:
    """Settles the house's budget; nothing of it is saved but the offset that the log holds.

    Args:
        offset: that the log told last; 0 where it never did.
    """

    def __init__(self, offset: float) -> None:
        self._budget = SiteBudget()
        self._site = self._budget.blank(1)
        self._settled: Floats | None = None
        self._counts: Floats | None = None
        self._hour = 0
        self.offset = offset

    def learn(self, counts: Floats, now_ms: int) -> None:
        """Settle what came since the last full hour.

        Args:
            counts: false alarms that all people together were allowed and given so far, shape (2,).
            now_ms: the present.
        """
        self._counts = counts
        hour, day = now_ms // HOUR_MS, now_ms // DAY_MS
        if self._settled is None:
            self._site = self._budget.resumed(self.offset, float(counts[0]), day)
        elif hour > self._hour:
            # Somebody who was erased takes their alarms along: no hour has less than none.
            asked, false = np.maximum(counts - self._settled, 0.0)
            self._budget.settle(self._site, np.array([day]), np.array([asked]), np.array([false]))
        else:
            return
        self._hour, self._settled = hour, counts
        learned = round(float(self._budget.offset(self._site)[0]), 3)  # one number in everybody's state
        if abs(learned - self.offset) >= STEP:
            self.offset = learned

    def pause(self) -> None:
        """What comes now is of hours that are over: nothing is settled of it."""
        self._settled = None

    def item(self) -> TrainedAlarmsItem | None:
        """For `/health`."""
        if self._counts is None:
            return None
        allowed, false = self._counts.round(3).tolist()
        return TrainedAlarmsItem(allowed, false, self.offset)

    def told(self) -> TickPayload:
        """What the next tick says: every one of them, so that none that was lost on the way is missed."""
        return TickPayload(self.offset)
