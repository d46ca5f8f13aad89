"""How a body lies or stands, from where gravity points in a phone that is worn flat on the chest.

A phone cannot tell sitting from standing, nor whether it is on a chest at all: the words say only how its
screen stands to gravity, and whoever asks knows where the phone was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from healthtwin.sensing.motion_axes import Motion

LYING_DEG: Final = 30.0
UPRIGHT_DEG: Final = 60.0
"""Angle between the screen's normal and gravity. Below 30° the chest is flat; hospital beds are raised to
30–45° for half-sitting; above 60° the chest is nearer to standing than to lying."""


def posture_of(motion: Motion) -> str:
    """``"lying"``, ``"reclined"`` or ``"upright"``, of a phone whose back lies flat on the chest.

    >>> from healthtwin.sensing.motion_axes import read_motion
    >>> clock, nothing = np.arange(100) * 20.0, np.zeros(100)
    >>> on_the_back = read_motion(clock, (nothing, nothing, nothing + 9.8), (None, None, None))
    >>> posture_of(on_the_back)
    'lying'
    """
    along = min(1.0, abs(float(motion.gravity[2])))
    angle = float(np.degrees(np.arccos(along)))
    if angle <= LYING_DEG:
        return "lying"
    return "reclined" if angle <= UPRIGHT_DEG else "upright"
