"""The facts behind the safety rules: the values beyond a limit, then NEWS2 with what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import Evidence, rules
from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.clock import DAY_MS, SECOND_MS
from healthtwin.domain.said import Said
from healthtwin.forecast import news2
from healthtwin.forecast.beyond import as_usual, fallen_far, passed, told, with_symptoms
from healthtwin.forecast.doubt import doubted_at, side_and_tier
from healthtwin.forecast.exertion import elapsed_s, exerting, seconds_of
from healthtwin.forecast.lasting_fever import lasting_fever
from healthtwin.forecast.limit import ASK, LOW, METRICS, PLACE
from healthtwin.forecast.limits import (
    NUMBERS,
    SOURCES,
    ages,
    expecting,
    limited_of,
    limits_at,
)
from healthtwin.forecast.member import measured
from healthtwin.forecast.with_symptoms import TOLD_S, least_tier, slow_and_tired, slow_heart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.member import ExpectedValues, StructuredArray

ROUND_S: Final = 15 * 60
"""Seconds within which single values count as one set: one round at a bedside, one session with a cuff."""

CARRIED_S: Final = 4 * 3600
"""Seconds for which an older value is still shown beside a new one: NEWS2 has patients of low risk
re-measured every 4 to 6 hours (RCP, 2017, chart 4), so an older one has been replaced by any standard."""

NORMAL_SPO2: Final = 94.0
"""Slow breathing below it is believed at once."""


def effort_ceiling(observations: StructuredArray, profiles: StructuredArray) -> NDArray[np.float64]:
    """The highest heart rate that effort explains at each person's age, /min: see HEART_RATE_BEYOND_EFFORT.

    Where the age is unknown, that of a person of 20.
    """
    year = observations["time_ms"].astype("M8[ms]").astype("M8[Y]").astype(np.int64) + 1970
    born = profiles["birth_year"].astype(np.int64)
    age = np.where(born > 0, np.clip(year - born, 0, 120), 20)
    ceiling: NDArray[np.float64] = 208.0 - 0.7 * age + 20.0
    return ceiling


def parts_of(state: np.void, observation: np.void, profile: np.void, within_s: int) -> news2.News2 | None:
    """NEWS2 over what was measured within `within_s` of the observation; None where it does not apply."""
    rows, people = _one(observation), _one(profile)
    if bool(ages(rows, people).minor[0]) or bool(expecting(rows, people)[0]):
        return None
    age_s = elapsed_s(state["at_s"], seconds_of(rows["time_ms"]))
    values: dict[str, float | None] = {
        name: float(state["charted"][i]) / news2.CHART_UNITS[i]
        for i, name in enumerate(news2.PARAMETERS)
        if age_s[i] <= within_s
    }
    return news2.news2(values, spo2_scale_2=bool(profile["spo2_scale_2"]))


def limit_facts(
    observation: np.void, profile: np.void, state: np.void, expected: ExpectedValues
) -> list[Evidence]:
    """The values beyond a limit, gravest first; what was felt, lasts, or waits for a second reading."""
    rows, people, states = _one(observation), _one(profile), _one(state)
    values = measured(rows)
    resting = ~exerting(rows, states["active_s"])
    known = ages(rows, people)
    limits = limits_at(known, rows, people)
    at_ms = int(observation["time_ms"])
    limited, now_s = limited_of(rows, values), seconds_of(rows["time_ms"])
    over = passed(limits.value, limited, resting)
    fallen_far(over, limited, expected.center[None], expected.ready[None])
    fresh = elapsed_s(states["at_s"], now_s[:, None]) <= ROUND_S
    low = fresh[:, news2.SATURATION] & (states["charted"][:, news2.SATURATION] < NORMAL_SPO2)
    believed = low | (rows["consciousness"] > 0)
    doubtful = doubted_at(states, now_s)
    usual = as_usual(expected.center[None], expected.ready[None], limited)
    beyond = told(limits, over, limited, states["since_s"], now_s, believed, doubtful, usual)
    ordinary = ~known.minor & ~expecting(rows, people)
    plain, beyond = beyond.tier, with_symptoms(beyond, least_tier(states, now_s, ordinary))
    facts: list[tuple[int, Evidence]] = []
    for place, side in np.argwhere(beyond.tier[0] != 0).tolist():
        tier = int(beyond.tier[0, place, side])
        value, alone = float(limited[0, place]), bool(beyond.alone[0, place, side]) or tier == ASK
        deepest = int(beyond.own[0, place, side]) - 1 if tier == ASK else tier - 1
        source = SOURCES[int(limits.source[0, place, side, deepest])]
        number = int(NUMBERS[place, side, deepest])
        fact = _value_fact(number, METRICS[place], value, at_ms, source=source, alone=alone)
        facts.append((-tier, fact))
    told_facts = [fact for _, fact in sorted(facts, key=lambda pair: pair[0])]
    waits = (state["doubt_s"] > 0) & np.isnan(limited[0])
    told_facts.extend(waited_fact(state, place) for place in np.flatnonzero(waits).tolist())
    heart_rate = float(values[0, COLUMN["heart_rate"]])
    slow_told = beyond.tier[0, PLACE["heart_rate"], LOW] > 0
    if slow_heart(states, now_s)[0] and not slow_told and not np.isnan(heart_rate):
        told_facts.insert(0, _value_fact(rules.HEART_RATE_VERY_LOW, "heart_rate", heart_rate, at_ms))
    temperature = limited[:, PLACE["body_temperature"]]
    if lasting_fever(states, temperature, now_s, known.minor)[0]:
        days = int(elapsed_s(states["fever_since_s"], now_s)[0] // (DAY_MS // SECOND_MS)) + 1
        lasts = Said.of("evidence-fever-lasts", days=days)
        told_facts.append(Evidence(lasts, Said.of("limit-ng143"), "body_temperature", time_ms=at_ms))
    if slow_and_tired(states, people, now_s)[0]:
        slow = float(states["charted"][0, news2.PULSE]) / news2.CHART_UNITS[news2.PULSE]
        told_facts.append(_value_fact(rules.HEART_RATE_LOWERED, "heart_rate", slow, at_ms))
    if not resting[0] and heart_rate > float(effort_ceiling(rows, people)[0]):
        told_facts.append(_value_fact(rules.HEART_RATE_BEYOND_EFFORT, "heart_rate", heart_rate, at_ms))
    if int(observation["oxygen"]) > 0 and int(state["hot"]) >> news2.OXYGEN & 1:
        rule = rules.RULES[rules.OXYGEN_NEWLY_NEEDED]
        told_facts.append(Evidence(rule.said, rule.cited, "supplemental_oxygen", time_ms=at_ms))
    if int(observation["consciousness"]) > 0:
        rule = rules.RULES[rules.NOT_ALERT]
        told_facts.insert(0, Evidence(rule.said, rule.cited, "consciousness", time_ms=at_ms))
    felt = elapsed_s(states["symptom_s"], now_s)[0]
    if felt <= TOLD_S and bool((beyond.tier != plain).any()):  # else it is no reason for this alarm
        with_it = Said.of("evidence-symptom", ms=int(felt) * SECOND_MS)
        told_facts.append(Evidence(with_it, Said.of("limit-aha-911"), time_ms=at_ms))
    if told_facts and bool(known.coarse[0]):
        coarse = Evidence(Said.of("evidence-coarse-age"), Said.of("limit-own-choice"), time_ms=at_ms)
        told_facts.append(coarse)
    return told_facts


def waited_fact(state: np.void, place: int) -> Evidence:
    """The reading of a metric (`METRICS`) of which no second one came, in words."""
    side, tier = map(int, side_and_tier(state["doubt_what"][place]))
    rule = int(NUMBERS[place, side, tier - 1])
    at_ms = int(state["doubt_s"][place]) * SECOND_MS
    value = round(float(state["doubt_value"][place]), 2)
    return _value_fact(rule, METRICS[place], value, at_ms, alone=True)


def _value_fact(
    rule: int, metric: str, value: float, time_ms: int, *, source: str = "", alone: bool = False
) -> Evidence:
    spoken = rules.RULES[rule]
    once = Said.of("evidence-limit-once", metric=metric, value=value, rule=spoken.said)
    return Evidence(
        said=once if alone else Said.of("evidence-limit", metric=metric, value=value, rule=spoken.said),
        source=Said.of(source) if source else spoken.cited,
        metric=metric,
        value=value,
        time_ms=time_ms,
    )


def news2_facts(state: np.void, observation: np.void, profile: np.void) -> list[Evidence]:
    """The score with its parts, where it speaks; and with older values, as what they would add."""
    now = parts_of(state, observation, profile, ROUND_S)
    if now is None or not now.points:
        return []
    at_ms = int(observation["time_ms"])
    facts = []
    if now.red or now.total >= news2.URGENT_TOTAL:
        heaviest = sorted(now.points.items(), key=lambda part: -part[1])
        scored = tuple(
            Said.of("news2-points", metric=name, points=score) for name, score in heaviest if score
        )
        told = Said.of("evidence-news2", score=now.said, parts=scored)
        facts.append(Evidence(told, Said.of("source-news2"), value=float(now.total), time_ms=at_ms))
        with_older = parts_of(state, observation, profile, CARRIED_S)
        if with_older is not None and len(with_older.points) > len(now.points):
            facts.append(_older_fact(state, observation, now, with_older))
    return facts


def _older_fact(state: np.void, observation: np.void, now: news2.News2, all_: news2.News2) -> Evidence:
    now_s = seconds_of(_one(observation)["time_ms"])
    age_s = elapsed_s(state["at_s"], now_s)
    older = tuple(
        Said.of("news2-points-older", metric=name, points=all_.points[name], age_ms=int(age_s[i]) * SECOND_MS)
        for i, name in enumerate(news2.PARAMETERS)
        if name in all_.points and name not in now.points
    )
    return Evidence(
        said=Said.of("evidence-news2-older", score=all_.said, parts=older),
        source=Said.of("source-news2"),
        value=float(all_.total),
        time_ms=int(observation["time_ms"]),
    )


def _one(record: np.void) -> StructuredArray:
    return np.array([record], record.dtype)
