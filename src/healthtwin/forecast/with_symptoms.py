"""What a symptom of the last hours makes of a value: a pressure or a slow heart becomes an emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.symptoms import Symptom
from healthtwin.forecast.exertion import elapsed_s, seconds_of
from healthtwin.forecast.limit import HIGH, LOW, METRICS, PLACE, Tier
from healthtwin.forecast.news2 import CHART_UNITS, MISSING, PULSE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.exertion import Seconds
    from healthtwin.forecast.member import Flags, StructuredArray

TOLD_S: Final = 4 * 3600
"""A symptom told longer ago says nothing about this value."""

READ_S: Final = 3600
"""A value measured longer ago says nothing about this symptom."""

SYMPTOM_STATE: Final = (
    ("symptoms", "u2"),  # `domain.symptoms.Symptom` of the last hours
    ("symptom_s", "u4"),  # when the newest was felt; 0 never
)
"""What is remembered of one person."""

WITH_PRESSURE: Final = (
    Symptom.CHEST
    | Symptom.BREATH
    | Symptom.BACK
    | Symptom.WEAK
    | Symptom.VISION
    | Symptom.SPEECH
    | Symptom.CONFUSED
)
"""With 180/120 and one of these: call (American Heart Association, When to call 911)."""

WITH_PRESSURE_PREGNANT: Final = WITH_PRESSURE | Symptom.HEADACHE | Symptom.RIBS
"""With 160/110 in pregnancy (NICE NG133; CDC, Hear Her)."""

SLOW_HEART: Final = 40.0
"""A heart as slow as this is an emergency with one of `WITH_SLOW_HEART`, 1/min (MET, MERIT 2005)."""

SLOW_AND_TIRED: Final = 50.0
"""A heart slower than this, with tiredness, is to be seen in the first days of a slowing medicine (OURS)."""

NEW_MEDICINE_DAYS: Final = 14
_DAY_S: Final = 86_400

WITH_SLOW_HEART: Final = Symptom.FAINT | Symptom.CHEST | Symptom.BREATH | Symptom.CONFUSED


def note_symptoms(safety: StructuredArray, symptoms: int, time_ms: int) -> None:
    """Somebody felt this then, in place. `safety`: records of the safety rules, shape (n,)."""
    now_s = seconds_of(np.full(len(safety), time_ms, np.int64))
    kept = np.where(elapsed_s(safety["symptom_s"], now_s) <= TOLD_S, safety["symptoms"], 0)
    safety["symptoms"] = kept | symptoms
    safety["symptom_s"] = np.maximum(safety["symptom_s"], now_s)


def least_tier(safety: StructuredArray, now_s: Seconds, ordinary: Flags) -> NDArray[np.int8]:
    """From which tier on a value is an emergency with what was felt, shape (people, metrics, sides).

    Above every tier where nothing that was felt has to do with it.

    Args:
        ordinary: neither a child nor pregnant, shape (people,).
    """
    never = np.int8(Tier.EMERGENCY + 1)
    least = np.full((len(safety), len(METRICS), 2), never)
    fresh = elapsed_s(safety["symptom_s"], now_s) <= TOLD_S
    felt = np.where(fresh, safety["symptoms"], 0)
    pressed = np.where(
        ordinary,
        np.where(felt & int(WITH_PRESSURE), np.int8(Tier.TODAY), never),
        np.where(felt & int(WITH_PRESSURE_PREGNANT), np.int8(Tier.EMERGENCY), never),
    )
    for name in ("blood_pressure_systolic", "blood_pressure_diastolic"):
        least[:, PLACE[name], HIGH] = pressed
    slow = np.where(felt & int(WITH_SLOW_HEART), np.int8(Tier.TODAY), never)
    least[:, PLACE["heart_rate"], LOW] = slow
    for side in (LOW, HIGH):
        hot = np.where(felt & int(Symptom.CONFUSED), np.int8(Tier.NOW), never)
        least[:, PLACE["body_temperature"], side] = hot
    return least


def slow_heart(safety: StructuredArray, now_s: Seconds) -> Flags:
    """Whose heart was slow in the hour, with something felt that makes an emergency of it, shape (people,).

    Whatever is usual for them: a floor of one's own is for somebody who feels well (Sharma et al., 2017).
    """
    pulse, felt = _pulse_while(safety, now_s, WITH_SLOW_HEART)
    return felt & (pulse <= SLOW_HEART * CHART_UNITS[PULSE])


def slow_and_tired(safety: StructuredArray, profiles: StructuredArray, now_s: Seconds) -> Flags:
    """Whose heart was below 50 /min in the hour, tired, in the first days of a medicine that slows it."""
    day = now_s.astype(np.int64) // _DAY_S
    new = (profiles["beta_blocker"] > 0) & (day - profiles["beta_blocker"] < NEW_MEDICINE_DAYS)
    pulse, felt = _pulse_while(safety, now_s, Symptom.TIRED)
    slow: Flags = new & felt & (pulse < SLOW_AND_TIRED * CHART_UNITS[PULSE])
    return slow


def _pulse_while(
    safety: StructuredArray, now_s: Seconds, symptoms: Symptom
) -> tuple[NDArray[np.int16], Flags]:
    """The newest pulse, charted, and whether it is of the hour and any of these was felt with it."""
    told = np.where(elapsed_s(safety["symptom_s"], now_s) <= TOLD_S, safety["symptoms"], 0)
    pulse = safety["charted"][:, PULSE]
    recent = (pulse != MISSING) & (elapsed_s(safety["at_s"][:, PULSE], now_s) <= READ_S)
    felt: Flags = recent & ((told & int(symptoms)) > 0)
    return pulse, felt


def since_then(safety: StructuredArray, now_s: Seconds, ordinary: Flags) -> Flags:
    """Which values measured before are an emergency with what was felt since, (people, metrics, sides)."""
    passed = safety["since_s"] > 0
    own = np.where(passed, np.arange(1, passed.shape[-1] + 1), 0).max(axis=-1)
    recent = elapsed_s(safety["read_s"], now_s[:, None]) <= READ_S
    grave: Flags = recent[:, :, None] & (own >= least_tier(safety, now_s, ordinary))
    grave[:, PLACE["heart_rate"], LOW] |= slow_heart(safety, now_s)
    return grave
