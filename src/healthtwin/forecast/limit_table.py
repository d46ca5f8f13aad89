"""Every absolute limit, with its source and how well that was read. No clinician has signed this table.

Adults are people of 16 and over who are not pregnant; what stands for `PREGNANT` holds for six weeks after
birth too. Children are at rest, awake and calm; asleep their low limits need a second reading. What was
chosen here because no source sets it is marked `OURS`.
"""

from __future__ import annotations

from typing import Final

from healthtwin.forecast.limit import ADULT, ASK, CHILD, PREGNANT, Limit, Read, Tier, above, below

_A, _B, _C = Tier.EMERGENCY, Tier.NOW, Tier.TODAY
_READ, _RESTATED, _RECALLED, _OURS = Read.READ, Read.RESTATED, Read.RECALLED, Read.OURS

SPO2, HEART, BREATH, TEMP = "oxygen_saturation", "heart_rate", "respiratory_rate", "body_temperature"
SYS, DIA = "blood_pressure_systolic", "blood_pressure_diastolic"
GLUCOSE = "blood_glucose"

AGAIN_S: Final = 60
"""A second reading of the same sitting: at least so long after the first (AHA: "wait 1 to 2 minutes")."""

LASTING_S: Final = 30 * 60
"""A value that is worth a word only because it stays: half the hour at which NEWS2 watches medium risk."""

TWICE_SPO2_S: Final = 10 * 60
"""93 and 94 % come and go in health; ten minutes of nothing above are another reading (OURS)."""

QUARTER_S: Final = 14 * 60
"""15 minutes apart, less one for meters that write whole minutes."""


def _glucose(who: str, months: tuple[int, int] = (0, 0)) -> tuple[Limit, ...]:
    """Blood sugar, the same for all from the first month on, mg/dL."""
    return (
        Limit(who, GLUCOSE, _A, "limit-own-choice", _OURS, low=below(40), months=months),
        Limit(who, GLUCOSE, _B, "limit-glucose", _RECALLED, low=below(54), months=months),
        Limit(
            who,
            GLUCOSE,
            _C,
            "limit-glucose",
            _RECALLED,
            low=below(70),
            after_s=QUARTER_S,
            first=ASK,
            months=months,
        ),
        Limit(who, GLUCOSE, _A, "limit-glucose", _RECALLED, high=600, months=months),
        Limit(who, GLUCOSE, _B, "limit-own-choice", _OURS, high=400, months=months),
        Limit(
            who,
            GLUCOSE,
            _C,
            "limit-glucose",
            _RECALLED,
            high=250,
            after_s=QUARTER_S,
            first=ASK,
            months=months,
        ),
    )


ADULTS: Final = (
    Limit(ADULT, SPO2, _A, "limit-who-spo2", _RECALLED, low=below(90)),
    Limit(ADULT, SPO2, _B, "limit-oximetry-home", _RESTATED, low=92),
    Limit(ADULT, SPO2, _C, "limit-oximetry-home", _RESTATED, low=94, after_s=TWICE_SPO2_S, own=True),
    Limit(ADULT, HEART, _A, "limit-aha-tachycardia", _RECALLED, high=150),
    Limit(ADULT, HEART, _B, "limit-news2", _RESTATED, high=131),
    Limit(ADULT, HEART, _C, "limit-own-choice", _OURS, high=120, after_s=LASTING_S, own=True),
    Limit(ADULT, HEART, _A, "limit-heart-slow", _RESTATED, low=35),
    Limit(ADULT, HEART, _B, "limit-met", _RESTATED, low=40),
    Limit(ADULT, BREATH, _A, "limit-curb65", _RECALLED, high=30),
    Limit(ADULT, BREATH, _B, "limit-nice-sepsis", _RESTATED, high=25),
    Limit(ADULT, BREATH, _C, "limit-news2", _RESTATED, high=21, after_s=LASTING_S, own=True),
    Limit(
        ADULT,
        BREATH,
        _A,
        "limit-breathing-slow",
        _READ,
        low=8,
        after_s=AGAIN_S,
        first=_B,
        at_once=5,
        waits=True,
    ),
    Limit(ADULT, BREATH, _C, "limit-news2", _RESTATED, low=11, after_s=LASTING_S, at_once=9, own=True),
    Limit(ADULT, TEMP, _A, "limit-hyperpyrexia", _OURS, high=41),
    Limit(ADULT, TEMP, _B, "limit-heatstroke", _RESTATED, high=40),
    Limit(ADULT, TEMP, _A, "limit-cold-meter", _OURS, low=below(34)),
    Limit(ADULT, TEMP, _B, "limit-cold", _READ, low=35),
    Limit(ADULT, SYS, _A, "limit-met-cuff", _RESTATED, low=below(80)),
    Limit(ADULT, SYS, _B, "limit-nice-sepsis", _RESTATED, low=90, after_s=AGAIN_S, first=_C, waits=True),
    Limit(ADULT, SYS, _B, "limit-aha-911", _OURS, high=220, after_s=AGAIN_S, first=_C),
    Limit(ADULT, SYS, _C, "limit-aha-911", _READ, high=180),
    Limit(ADULT, DIA, _C, "limit-aha-911", _READ, high=120),
    *_glucose(ADULT),
)
"""From 16 on, not pregnant."""

SCALE_2: Final = (
    Limit(ADULT, SPO2, _A, "limit-news2", _RESTATED, low=83),
    Limit(ADULT, SPO2, _B, "limit-bts", _RESTATED, low=85),
    Limit(ADULT, SPO2, _C, "limit-bts", _RESTATED, low=below(88)),
)
"""In place of the others for oxygen, where a clinician prescribed 88 to 92 %."""

# months, heart low A below / B, heart high A / B, breathing high A / B, low A / B, systolic low A / B below
_BANDS: Final = (
    ((0, 1), 80, 90, 190, 160, 81, 60, 15, 19, 45, 60),
    ((1, 3), 80, 90, 190, 160, 81, 60, 15, 19, 45, 70),
    ((3, 6), 70, 80, 180, 160, 71, 60, 15, 19, 60, 70),
    ((6, 12), 70, 80, 180, 160, 71, 60, 15, 19, 60, 70),
    ((12, 24), 60, 70, 170, 150, 61, 50, 12, 15, 65, 72),
    ((24, 36), 60, 70, 170, 150, 61, 50, 12, 15, 65, 74),
    ((36, 48), 60, 70, 170, 140, 61, 40, 12, 15, 65, 76),
    ((48, 60), 60, 70, 170, 140, 61, 40, 12, 15, 65, 78),
    ((60, 72), 50, below(60), above(150), 130, 41, 29, 10, 14, 70, 80),
    ((72, 84), 50, below(60), above(150), 120, 41, 27, 10, 14, 70, 82),
    ((84, 96), 50, below(60), above(150), 120, 41, 27, 10, 14, 70, 84),
    ((96, 108), 50, below(60), above(150), 115, 41, 25, 10, 14, 70, 86),
    ((108, 120), 50, below(60), above(150), 115, 41, 25, 10, 14, 70, 88),
    ((120, 144), 50, below(60), above(150), 115, 41, 25, 10, 14, 70, 90),
    ((144, 192), 40, below(50), 140, above(130), 30, 25, 9, 10, 75, 90),
)

_TEEN_MONTHS: Final = 144


def _of_band(months: tuple[int, int], *numbers: float) -> tuple[Limit, ...]:
    slow_a, slow_b, fast_a, fast_b, quick_a, quick_b, few_a, few_b, sys_a, sys_b = numbers
    old = months[0] >= _TEEN_MONTHS
    return (
        Limit(CHILD, HEART, _A, "limit-pews", _READ, low=below(slow_a), months=months),
        Limit(CHILD, HEART, _B, "limit-pews", _READ, low=slow_b, months=months),
        Limit(CHILD, HEART, _A, "limit-pews", _READ, high=fast_a, months=months),
        Limit(
            CHILD,
            HEART,
            _B,
            "limit-ng51",
            _RESTATED,
            high=fast_b,
            months=months,
            after_s=QUARTER_S,
            first=ASK,
        ),
        Limit(CHILD, BREATH, _A, "limit-pews", _READ if old else _OURS, high=quick_a, months=months),
        Limit(CHILD, BREATH, _B, "limit-ng51", _RESTATED, high=quick_b, months=months),
        Limit(CHILD, BREATH, _A, "limit-pews", _READ, low=few_a, months=months),
        Limit(CHILD, BREATH, _B, "limit-pews", _READ, low=few_b, months=months),
        Limit(CHILD, SYS, _A, "limit-pews", _READ, low=sys_a, months=months),
        Limit(CHILD, SYS, _B, "limit-pals", _RESTATED, low=below(sys_b), months=months),
    )


def _child(
    metric: str, tier: Tier, source: str, read: Read, months: tuple[int, int], **limit: float
) -> Limit:
    return Limit(CHILD, metric, tier, source, read, months=months, **limit)  # type: ignore[arg-type]


CHILDREN: Final = (
    *(limit for months, *numbers in _BANDS for limit in _of_band(months, *numbers)),
    _child(SPO2, _A, "limit-ng9", _RECALLED, (0, 3), low=below(92)),
    _child(SPO2, _A, "limit-ng51", _READ, (3, 192), low=below(90)),
    _child(SPO2, _B, "limit-ng51", _RESTATED, (3, 60), low=below(91)),
    _child(SPO2, _B, "limit-ng51", _RESTATED, (60, 192), low=below(92)),
    _child(TEMP, _B, "limit-ng143", _RESTATED, (0, 3), high=38),
    _child(TEMP, _C, "limit-ng143", _RESTATED, (3, 6), high=39),
    _child(TEMP, _C, "limit-ng143", _RESTATED, (6, 192), high=40),
    _child(TEMP, _A, "limit-hyperpyrexia", _OURS, (0, 192), high=41),
    _child(TEMP, _A, "limit-cold", _READ, (0, 192), low=below(35)),
    _child(TEMP, _B, "limit-ng51", _RESTATED, (0, 60), low=below(36), after_s=AGAIN_S, first=_C, waits=True),
    _child(SYS, _B, "limit-pews", _READ, (0, 3), high=130, after_s=AGAIN_S, first=_C),
    _child(SYS, _B, "limit-pews", _READ, (3, 12), high=150, after_s=AGAIN_S, first=_C),
    _child(SYS, _B, "limit-pews", _READ, (12, 60), high=160, after_s=AGAIN_S, first=_C),
    _child(SYS, _B, "limit-pews", _READ, (60, 144), high=170, after_s=AGAIN_S, first=_C),
    _child(SYS, _A, "limit-aap", _RECALLED, (144, 192), high=180, after_s=AGAIN_S, first=_B),
    _child(DIA, _A, "limit-aap", _RECALLED, (144, 192), high=120, after_s=AGAIN_S, first=_B),
    *_glucose(CHILD, (1, 192)),
    _child(GLUCOSE, _B, "limit-glucose", _RECALLED, (0, 1), low=below(47)),
    _child(GLUCOSE, _B, "limit-own-choice", _OURS, (0, 1), high=250),
)
"""Under 16, by age in months."""

PREGNANCY: Final = (
    Limit(PREGNANT, SYS, _A, "limit-ng133", _RECALLED, high=160, after_s=QUARTER_S, first=_B, at_once=180),
    Limit(PREGNANT, DIA, _A, "limit-ng133", _RECALLED, high=110, after_s=QUARTER_S, first=_B, at_once=120),
    Limit(PREGNANT, DIA, _B, "limit-merc", _READ, high=above(100)),
    Limit(PREGNANT, SYS, _C, "limit-ng133", _RECALLED, high=140),
    Limit(PREGNANT, DIA, _C, "limit-ng133", _RECALLED, high=90),
    Limit(PREGNANT, SYS, _A, "limit-own-choice", _OURS, low=below(80)),
    Limit(PREGNANT, SYS, _B, "limit-merc", _READ, low=below(90), after_s=AGAIN_S, first=_C, waits=True),
    Limit(PREGNANT, HEART, _A, "limit-merc", _READ, high=above(130)),
    Limit(PREGNANT, HEART, _B, "limit-merc", _READ, high=above(120)),
    Limit(PREGNANT, HEART, _C, "limit-own-choice", _OURS, high=110, after_s=LASTING_S, own=True),
    Limit(PREGNANT, HEART, _A, "limit-merc", _READ, low=below(40)),
    Limit(PREGNANT, HEART, _B, "limit-merc", _READ, low=below(50)),
    Limit(PREGNANT, BREATH, _A, "limit-merc", _READ, high=above(30)),
    Limit(PREGNANT, BREATH, _B, "limit-nice-sepsis", _RESTATED, high=25),
    Limit(PREGNANT, BREATH, _C, "limit-news2", _RESTATED, high=21, after_s=LASTING_S, own=True),
    Limit(
        PREGNANT,
        BREATH,
        _A,
        "limit-breathing-slow",
        _READ,
        low=8,
        after_s=AGAIN_S,
        first=_B,
        at_once=5,
        waits=True,
    ),
    Limit(PREGNANT, BREATH, _B, "limit-merc", _READ, low=below(10)),
    Limit(PREGNANT, SPO2, _A, "limit-own-choice", _OURS, low=below(92)),
    Limit(PREGNANT, SPO2, _B, "limit-merc", _READ, low=below(95)),
    Limit(PREGNANT, TEMP, _A, "limit-own-choice", _OURS, high=39.5),
    Limit(PREGNANT, TEMP, _B, "limit-hear-her", _READ, high=38),
    Limit(PREGNANT, TEMP, _A, "limit-cold-meter", _OURS, low=below(34)),
    Limit(PREGNANT, TEMP, _B, "limit-mewt", _RESTATED, low=below(36)),
    *_glucose(PREGNANT),
)
"""In pregnancy and for six weeks after birth."""

LIMITS: Final = (*ADULTS, *CHILDREN, *PREGNANCY)
"""Every absolute limit but those of SpO2 scale 2."""
