"""Whose state a call changed, by comparing bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray


class Touched:
    """Some fields of some states as they are now.

    Args:
        states: each of shape `(people,)`. fields: those that may change.
    """

    def __init__(self, states: Sequence[StructuredArray], fields: Sequence[str]) -> None:
        self._states = [(state, field) for state in states for field in fields]
        self._before = [_bytes_of(state[field]) for state, field in self._states]

    def since(self) -> NDArray[np.bool_]:
        """Whose changed since then, of shape `(people,)`."""
        changed = [
            (_bytes_of(state[field]) != before).any(axis=1)
            for (state, field), before in zip(self._states, self._before, strict=True)
        ]
        touched: NDArray[np.bool_] = np.logical_or.reduce(changed)
        return touched


def _bytes_of(field: NDArray[Any]) -> NDArray[np.uint8]:
    """A copy of one field of everybody's state, of shape `(people, bytes)`."""
    return np.frombuffer(field.tobytes(), np.uint8).reshape(len(field), -1)
