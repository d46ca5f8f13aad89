"""What the operator should hear of, seen from the accesses as they are noted."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from healthtwin.access.audit.entry import ALLOWED, REFUSED, Access
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS

HOUSE: Final = "house"
NOBODY: Final = "nobody"

MANY_REFUSALS: Final = "refusals"
MANY_BREAK_GLASS: Final = "break-glass-many"
BREAK_GLASS: Final = "break-glass"
NEW_ADMIN: Final = "new-admin"

REFUSALS_WITHIN_MS: Final = 10 * MINUTE_MS
REFUSALS: Final = 30
"""So many in ten minutes with one grant, or from one address: who mistypes makes three or four."""

UNKNOWN_REFUSALS: Final = 300
"""So many from one address by who does not say who they are: a phone that was signed out goes on asking."""

BREAK_GLASS_A_DAY: Final = 5

_MOST_WATCHED: Final = 10_000


class Watch:
    """Counts refusals by source and by grant, and emergency looks by day; in memory."""

    def __init__(self) -> None:
        self._refused: dict[str, deque[int]] = {}
        self._told_ms: dict[str, int] = {}
        self._looks: deque[int] = deque()
        self._lock = threading.Lock()

    def heard(self, access: Access) -> list[Access]:
        """Alarms that an access brings about."""
        with self._lock:
            if access.result == REFUSED:
                return [
                    alarm
                    for source in (access.who, access.where)
                    if source and source not in {NOBODY, "console"}
                    for alarm in self._refusal(source, access)
                ]
            if access.alarm == BREAK_GLASS and access.result == ALLOWED:
                return self._look(access.at_ms)
        return []

    def _refusal(self, source: str, access: Access) -> list[Access]:
        if len(self._refused) >= _MOST_WATCHED:
            self._refused.clear()
        most = UNKNOWN_REFUSALS if access.who == NOBODY else REFUSALS
        times = self._refused.setdefault(f"{access.who == NOBODY} {source}", deque(maxlen=most))
        times.append(access.at_ms)
        if len(times) < most or access.at_ms - times[0] > REFUSALS_WITHIN_MS:
            return []
        if access.at_ms - self._told_ms.get(source, -HOUR_MS) < HOUR_MS:
            return []
        self._told_ms[source] = access.at_ms
        if len(self._told_ms) > _MOST_WATCHED:
            self._told_ms.clear()
        facts = {"count": len(times), "seconds": (access.at_ms - times[0]) // 1_000}
        by_address = source == access.where
        return [
            Access(
                HOUSE if by_address else source,
                "alarm many refusals",
                REFUSED,
                access.at_ms,
                where=access.where,
                alarm=MANY_REFUSALS,
                facts=facts,
            )
        ]

    def _look(self, at_ms: int) -> list[Access]:
        self._looks.append(at_ms)
        while self._looks and at_ms - self._looks[0] >= DAY_MS:
            self._looks.popleft()
        if len(self._looks) < BREAK_GLASS_A_DAY:
            return []
        facts = {"count": len(self._looks)}
        self._looks.clear()
        return [Access(HOUSE, "alarm many break-glass", ALLOWED, at_ms, alarm=MANY_BREAK_GLASS, facts=facts)]
