"""Arrays that grow with the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

_GROWTH: Final = 1.25
"""Small, since a person's state is kilobytes; a state is copied about four times while a house grows."""

_SMALLEST: Final = 64


def grown(array: NDArray[Any], needed: int, fill: int | None = None) -> NDArray[Any]:
    """The array itself when it holds `needed` entries, otherwise a longer copy.

    Entries beyond the old ones are `fill`, or not yet touched (and then take no memory) when it is None.
    """
    held = len(array)
    if needed <= held:
        return array
    longer = np.empty(max(needed, int(held * _GROWTH), _SMALLEST), array.dtype)
    longer[:held] = array
    if fill is not None:
        longer[held:] = fill
    return longer
