"""Accelerometer and gyroscope of a page, played through the DevTools protocol in real time.

Chromium rounds what a page sees of the accelerometer to 0.1 m/s² (W3C Device Orientation, "mitigation"), so
the rounding in these tests is the browser's own.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Page

GRAVITY: Final = 9.81
SENSORS: Final = ("accelerometer", "linear-acceleration", "gyroscope")
STEP_S: Final = 0.005
ASKING_S: Final = 1.0


Movement: TypeAlias = "Callable[[float], Motion]"
"""What the sensors read at a time in seconds."""


class Motion(NamedTuple):
    """What the sensors read: acceleration with gravity in m/s², turning in °/s."""

    ax: float
    ay: float
    az: float
    gx: float = 0.0
    gy: float = 0.0
    gz: float = 0.0


class MotionSensors:
    """The sensors of one page; make it before the page is opened."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._devtools = page.context.new_cdp_session(page)
        for sensor in SENSORS:
            self._devtools.send(
                "Emulation.setSensorOverrideEnabled",
                {
                    "enabled": True,
                    "type": sensor,
                    "metadata": {"available": True, "minimumFrequency": 1, "maximumFrequency": 100},
                },
            )

    def _read(self, sensor: str, x: float, y: float, z: float) -> None:
        self._devtools.send(
            "Emulation.setSensorOverrideReadings",
            {"type": sensor, "reading": {"xyz": {"x": x, "y": y, "z": z}}},
        )

    def show(self, motion: Motion) -> None:
        """What the sensors read from now on."""
        self._read("accelerometer", motion.ax, motion.ay, motion.az)
        self._read("linear-acceleration", motion.ax, motion.ay, motion.az - GRAVITY)
        # The protocol takes rad/s, the page reads °/s.
        self._read("gyroscope", *np.radians([motion.gx, motion.gy, motion.gz]))

    @staticmethod
    def play_all(
        moved: Sequence[tuple[MotionSensors, Movement]], until: Callable[[], bool], limit_s: float
    ) -> float:
        """Move every phone as its movement says, in seconds from now, until `until()`.

        Returns:
            Moves of each per second. Below twice a tremor's frequency, what was played is another one.

        Raises:
            AssertionError: it did not come true within `limit_s`.
        """
        start = asked = time.monotonic()
        moves = 0
        while (now := time.monotonic()) - start < limit_s:
            for sensors, movement in moved:
                sensors.show(movement(now - start))
            moves += 1
            if now - asked > ASKING_S:
                asked = now
                if until():
                    return moves / (now - start)
            time.sleep(STEP_S)
        raise AssertionError(f"not done after {limit_s} s")


def breathing(per_min: float, depth: float = 0.25) -> Movement:
    """A phone on a chest: it is tilted and lifted with each breath. `depth` in m/s²."""
    angular = 2 * np.pi * per_min / 60

    def movement(time_s: float) -> Motion:
        breath = float(np.sin(angular * time_s))
        turning = float(np.degrees(depth / GRAVITY * angular * np.cos(angular * time_s)))
        return Motion(0.1, depth * breath, GRAVITY + 0.2 * depth * breath, turning, 0.0, 0.0)

    return movement


def trembling(hertz: float, strength: float = 0.8) -> Movement:
    """A hand that trembles; `strength` in m/s²."""

    def movement(time_s: float) -> Motion:
        shake = float(np.sin(2 * np.pi * hertz * time_s))
        turn = float(np.cos(2 * np.pi * hertz * time_s))
        return Motion(strength * shake, 0.3 * strength * shake, GRAVITY, 8 * turn, 20 * turn, 2 * turn)

    return movement


def swaying(time_s: float) -> Motion:
    """Somebody who stands: slow and small."""
    return Motion(
        0.25 * float(np.sin(2 * np.pi * 0.4 * time_s)),
        GRAVITY,
        0.35 * float(np.sin(2 * np.pi * 0.27 * time_s)),
        1.5 * float(np.cos(2 * np.pi * 0.27 * time_s)),
        0.0,
        1.0 * float(np.cos(2 * np.pi * 0.4 * time_s)),
    )
