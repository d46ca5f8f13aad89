"""Which sensors a person's metrics come from: another one shifts a level by its error, and that is no news.

The last `KEPT` sensors of each metric are remembered, so that a phone and a watch in turn are no new sensors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import COLUMNS, whole_words
from healthtwin.domain.clock import SECOND_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray

KEPT: Final = 3

NEW_S: Final = 3 * 24 * 3600
"""For three days after a sensor's first reading a shift of one meter's error more is expected (our own
choice): by then the twin has moved with it."""

SENSORS: Final = whole_words(
    [
        ("known", "u2", (KEPT, COLUMNS)),  # newest first, as hashes; 0 none
        ("since_s", "u4", (COLUMNS,)),  # when the newest was first heard; 0: it was the first of all
    ]
)
"""Which sensors measured each metric of one person, 96 bytes."""


def note_sensors(sensors: StructuredArray, observations: StructuredArray, time_ms: NDArray[np.int64]) -> None:
    """Remember who measured what, and mark in the observations what a new sensor measured, both in place.

    Args:
        sensors: `SENSORS`, shape (n,). observations: shape (n,). time_ms: of the readings, shape (n,).
    """
    sensor = (observations["sensor"] % np.uint32(65_535) + np.uint32(1)).astype(np.uint16)
    seen = ~np.isnan(observations["value"]) & (observations["sensor"] != 0)[:, None]
    if not seen.any():
        return
    known = sensors["known"]
    now_s = np.maximum(time_ms // SECOND_MS, 1).astype(np.uint32)[:, None]
    heard = (known == sensor[:, None, None]).any(axis=1)
    begins = seen & ~heard
    if begins.any():
        first = known[:, 0] == 0
        for place in range(KEPT - 1, 0, -1):
            np.copyto(known[:, place], known[:, place - 1], where=begins)
        np.copyto(known[:, 0], np.broadcast_to(sensor[:, None], begins.shape), where=begins)
        np.copyto(sensors["since_s"], np.where(first, np.uint32(0), now_s), where=begins)
    newest = seen & (known[:, 0] == sensor[:, None]) & (sensors["since_s"] > 0)
    passed_s = now_s.astype(np.int64) - sensors["since_s"]
    observations["new_sensor"] = newest & (passed_s < NEW_S)
