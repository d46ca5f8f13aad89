"""Everything the fold knows about one person, as bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from healthtwin.stream.devices import DEVICE
from healthtwin.stream.sensor_clocks import CLOCK

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

_COUNT_BYTES = np.dtype(np.int64).itemsize


@dataclass(frozen=True, slots=True)
class PersonSnapshot:
    """Everything the fold knows about one person after the record at `offset`, as bytes."""

    number: int
    person: str
    watermark: int
    committed: bytes
    head: bytes
    pending: bytes
    devices: bytes
    offset: int


def packed(devices: StructuredArray, clocks: StructuredArray) -> bytes:
    """A person's devices and sensors' clocks, as a snapshot keeps them."""
    return np.int64(len(devices)).tobytes() + devices.tobytes() + clocks.tobytes()


def unpacked(kept: bytes) -> tuple[StructuredArray, StructuredArray]:
    """What `packed` was given."""
    if not kept:  # of somebody who was erased
        return np.empty(0, DEVICE), np.empty(0, CLOCK)
    count = int(np.frombuffer(kept, np.int64, 1)[0])
    devices = np.frombuffer(kept, DEVICE, count, _COUNT_BYTES)
    return devices, np.frombuffer(kept, CLOCK, -1, _COUNT_BYTES + count * DEVICE.itemsize)
