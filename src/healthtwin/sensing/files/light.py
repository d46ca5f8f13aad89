"""The light columns of a recording: three colours, or one column of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing.files.table import read_columns, take_clock, take_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COLOURS: Final[Mapping[str, Sequence[str]]] = {
    "red": ("r", "red", "mean_r", "red_mean"),
    "green": ("g", "green", "mean_g", "green_mean"),
    "blue": ("b", "blue", "mean_b", "blue_mean"),
}
"""Our name and how files call it, in lower case."""


def read_light(
    path: Path, rate_hz: float | None = None, column: str | None = None
) -> tuple[Floats, list[Floats]]:
    """Read a camera's or an oximeter's light curve.

    Args:
        path: CSV with a header, or the same in gzip.
        rate_hz: samples per second, for a file without a clock.
        column: the one column to take; without it the colours, or the only column beside the clock.

    Returns:
        milliseconds, shape (n,), and one to three channels of shape (n,).

    Raises:
        InvalidInput, MalformedInput, TooLarge: see `read_columns` and `take_clock`; or it does not say which
            columns are light.
    """
    time_ms, values = take_clock(path, read_columns(path), rate_hz)
    if column is not None:
        if column not in values:
            raise InvalidInput("--column", column, f"one of {', '.join(values)}")
        return time_ms, [values[column]]
    colours = take_named(values, COLOURS)
    if colours:
        return time_ms, list(colours.values())
    if len(values) == 1:
        return time_ms, list(values.values())
    raise InvalidInput(
        f"columns of {path.name}",
        ", ".join(values),
        "R, G, B, or one column of values; else name it with --column",
    )
