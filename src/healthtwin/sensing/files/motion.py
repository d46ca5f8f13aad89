"""The motion columns of a recording: time, ax, ay, az (m/s²), and gx, gy, gz (°/s) with a gyroscope."""

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

AXES: Final[Mapping[str, Sequence[str]]] = {
    "ax": ("ax", "acc_x", "accx", "accelerometer_x"),
    "ay": ("ay", "acc_y", "accy", "accelerometer_y"),
    "az": ("az", "acc_z", "accz", "accelerometer_z"),
    "gx": ("gx", "gyr_x", "gyrx", "gyroscope_x"),
    "gy": ("gy", "gyr_y", "gyry", "gyroscope_y"),
    "gz": ("gz", "gyr_z", "gyrz", "gyroscope_z"),
}
"""Our name and how files call it, in lower case."""


def read_motion_file(path: Path, rate_hz: float | None = None) -> dict[str, Floats]:
    """Columns by the names that `healthtwin.sensing.measure_motion` takes, each of shape (n,).

    Raises:
        InvalidInput, MalformedInput, TooLarge: see `read_columns` and `take_clock`; or an axis is missing.
    """
    time_ms, values = take_clock(path, read_columns(path), rate_hz)
    found = take_named(values, AXES)
    missing = [name for name in ("ax", "ay", "az") if name not in found]
    if missing:
        raise InvalidInput(
            f"columns of {path.name}",
            ", ".join(values),
            f"time (ms), ax, ay, az (m/s²) and maybe gx, gy, gz (°/s); missing: {', '.join(missing)}",
        )
    return {"time_ms": time_ms, **found}
