"""Arrays that grow with the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

_GROWTH: Final = 1.05
"""Small, since what lies idle is gigabytes for a million people, and growing moves pages instead of bytes."""

_SMALLEST_STEP: Final = 64


def newest_keys(known: dict[str, int], count: int) -> list[str]:
    """The last so many keys of a dictionary, in the order in which they came.

    >>> newest_keys({"a": 0, "b": 1, "c": 2}, 2)
    ['b', 'c']
    """
    backwards = reversed(known)
    return [next(backwards) for _ in range(count)][::-1]


def grow(array: NDArray[Any], needed: int, fill: int = 0) -> None:
    """Make a one-dimensional array hold at least `needed` entries, in place; new ones are `fill`.

    The allocator moves large arrays by remapping their pages, so there is neither a copy to wait for nor a
    moment with both in memory. Nobody may keep a view of an array that grows.
    """
    held = len(array)
    if needed <= held:
        return
    array.resize(max(needed, int(held * _GROWTH)) + _SMALLEST_STEP, refcheck=False)
    if fill:
        array[held:] = fill
