"""The row that flows through the twin, the members and the episodes: one observation as one numpy record.

Columns of `value` follow `healthtwin.domain.LEARNED`; a metric that was not measured is NaN, never 0. Whoever
computes on these arrays works elementwise, one row per person, so that one reading is a batch of one and how
events are cut into batches never changes a result.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.metrics import LEARNED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]

COLUMNS: Final = len(LEARNED)
"""How many metrics the twin learns: the width of every `(people, metrics)` array."""

COLUMN: Final[Mapping[str, int]] = MappingProxyType({m.name: i for i, m in enumerate(LEARNED)})
"""Column of a learned metric by name."""

UNKNOWN: Final = -1
"""For small integer fields (`asleep`, `posture`, `oxygen`, `consciousness`): not stated."""

_WORD: Final = 8


def whole_words(fields: list[Any]) -> np.dtype[np.void]:
    """A record of these fields, filled up to whole words of 8 bytes by a field `spare` that is always 0.

    Unnamed padding would not be copied, and a state must be the same to the byte wherever it was computed.

    >>> whole_words([("level", "u1"), ("at_s", "u4")]).itemsize
    8
    """
    missing = -np.dtype(fields).itemsize % _WORD
    return np.dtype([*fields, ("spare", "u1", (missing,))] if missing else fields)


OBSERVATION: Final = np.dtype(
    [
        ("time_ms", "i8"),  # when it was measured
        ("arrived_ms", "i8"),  # when the house acknowledged it
        ("value", "f8", (COLUMNS,)),  # in each metric's unit, NaN where not measured
        ("quality", "f8"),  # 0 to 1
        ("activity", "f8"),  # 0 sedentary, 1 light, 2 active …; NaN unknown
        ("asleep", "i1"),  # 1, 0, UNKNOWN
        ("posture", "i1"),  # 0 lying, 1 sitting, 2 standing, UNKNOWN
        ("oxygen", "i1"),  # supplemental oxygen: 1, 0, UNKNOWN
        ("consciousness", "i1"),  # 0 alert, 1 new confusion or less, UNKNOWN
        ("glucose", "f8"),  # mg/dL; nobody's usual is learned, and its limits hold for all. NaN not measured
        ("hour", "i1"),  # local hour of day 0–23
        ("day", "i4"),  # local days since 1970-01-01
        ("live", "?"),  # young enough at arrival to raise an alarm
        ("worn", "?"),  # the sensor is known to be a watch or the like
        ("sensor", "u4"),  # which one it was, as a hash; 0 not stated
        ("new_sensor", "?", (COLUMNS,)),  # one that has measured this metric of this person for days only
    ]
)
"""One observation: everything one message said about one person at one instant."""

PROFILE: Final = np.dtype(
    [
        ("birth_year", "i2"),  # 0 unknown
        ("sex", "i1"),  # 0 female, 1 male, 2 other, UNKNOWN
        ("pregnant", "?"),
        ("spo2_scale_2", "?"),  # only ever set by a clinician
        ("alarms", "?"),
        ("false_alarms_per_week", "f8"),
        ("silence_after_ms", "i8"),  # 0 off
        ("timezone", "S40"),  # IANA name
        ("birth_month", "i1"),  # 1 to 12, 0 unknown
        ("own", "?"),  # any of what follows is set: most people need not be asked further
        ("atrial_fibrillation", "?"),
        ("low_pulse", "u1"),  # known down to this rate, /min; 0 not known
        ("confirmed_low_pulse", "u1"),  # the same, from a confirmed new normal
        ("pacemaker_rate", "u1"),  # its lower rate, /min; 0 none
        ("altitude_m", "i2"),
        ("low_pulse_until", "i4"),  # days since 1970-01-01, as all that follow; 0 none
        ("confirmed_until", "i4"),
        ("gave_birth", "i4"),
        ("beta_blocker", "i4"),
        ("altitude_since", "i4"),
        ("altitude_until", "i4"),
        ("usual_news2_until", "i4"),
        ("usual_news2", "u1"),  # total of NEWS2; 0 not known
    ]
)
"""`healthtwin.domain.Profile` as a record: what changes how readings are judged."""

OWN_FIELDS: Final = (
    "atrial_fibrillation",
    "low_pulse",
    "confirmed_low_pulse",
    "pacemaker_rate",
    "altitude_m",
    "gave_birth",
    "beta_blocker",
    "usual_news2",
)
"""Fields of a profile that move a limit; `own` says whether any is set."""


def blank_observations(count: int) -> StructuredArray:
    """`count` observations in which nothing was measured, of shape `(count,)`.

    >>> blank_observations(2)["value"].shape == (2, COLUMNS)
    True
    """
    rows = np.zeros(count, OBSERVATION)
    rows["value"] = np.nan
    rows["activity"] = np.nan
    rows["glucose"] = np.nan
    rows["quality"] = 1.0
    for name in ("asleep", "posture", "oxygen", "consciousness"):
        rows[name] = UNKNOWN
    return rows


def blank_profiles(count: int) -> StructuredArray:
    """`count` profiles of people of whom nothing is known, in UTC, of shape `(count,)`."""
    rows = np.zeros(count, PROFILE)
    rows["sex"] = UNKNOWN
    rows["alarms"] = True
    rows["false_alarms_per_week"] = 1.0
    rows["timezone"] = b"UTC"
    return rows
