"""No reading for too long: told once, over with the next reading, and never taken for health."""

from __future__ import annotations

import numpy as np
import pytest

from healthtwin.domain import HOUR_MS
from healthtwin.episodes import (
    Moved,
    Standing,
    apply_verb,
    blank_episodes,
    close_silence,
    open_level,
    silence,
    silence_evidence,
    standing,
)
from healthtwin.words import say
from tests.episodes.one_episode import CRITICAL, NOON_MS, WARNING, OneEpisode, as_shown, at

LIMIT_MS = 6 * HOUR_MS


def silent(episodes: np.ndarray, hours: float, *, last_ms: int = NOON_MS, limit_ms: int = LIMIT_MS) -> Moved:
    codes = silence(
        episodes,
        np.array([last_ms], np.int64),
        np.array([limit_ms], np.int64),
        NOON_MS + round(hours * HOUR_MS),
    )
    return Moved(int(codes[0]))


def test_it_opens_once_when_the_limit_is_over_and_starts_there_whenever_the_clock_was_read() -> None:
    early, late = blank_episodes(1), blank_episodes(1)
    assert silent(early, 5.99) is Moved.NOTHING
    assert silent(early, 6.01) is Moved.OPENED
    assert silent(early, 6.02) is Moved.NOTHING
    assert silent(late, 9.0) is Moved.OPENED
    assert early["started_ms"][0] == late["started_ms"][0] == NOON_MS + LIMIT_MS
    assert int(open_level(early)[0]) == WARNING


def test_the_next_reading_ends_it_and_the_next_silence_is_another() -> None:
    episodes = blank_episodes(1)
    silent(episodes, 7)
    eight, there = np.array([NOON_MS + 8 * HOUR_MS]), np.array([True])
    assert close_silence(episodes, eight, ~there)[0] == Moved.NOTHING
    assert close_silence(episodes, eight, there)[0] == Moved.RESOLVED
    assert close_silence(episodes, eight, there)[0] == Moved.NOTHING
    assert silent(episodes, 14.5, last_ms=NOON_MS + 8 * HOUR_MS) is Moved.OPENED
    assert episodes["started_ms"][0] == NOON_MS + 14 * HOUR_MS


def test_dealt_with_by_hand_the_same_silence_is_not_told_again() -> None:
    episodes = blank_episodes(1)
    silent(episodes, 7)
    now = np.array([NOON_MS + 7 * HOUR_MS])
    codes = apply_verb(episodes, "resolve", as_shown(episodes), now, now)
    assert codes[0] == Moved.RESOLVED_BY_HAND
    assert silent(episodes, 12) is Moved.NOTHING
    assert silent(episodes, 40) is Moved.NOTHING


@pytest.mark.parametrize(("last_ms", "limit_ms"), [(0, LIMIT_MS), (NOON_MS, 0)])
def test_nobody_is_missed_who_was_never_there_or_did_not_ask(last_ms: int, limit_ms: int) -> None:
    assert silent(blank_episodes(1), 100, last_ms=last_ms, limit_ms=limit_ms) is Moved.NOTHING


def test_the_evidence_says_for_how_long() -> None:
    fact = silence_evidence(NOON_MS, NOON_MS + 6 * HOUR_MS + 5 * 60_000)
    assert say(fact.said) == "no reading for 6 h 5 min"
    assert say(fact.said, "de") == "keine Messung seit 6 h 5 min"


def test_stale_readings_leave_the_state_unknown_never_usual() -> None:
    episode = OneEpisode()
    assert standing(episode.record[0], 0, at(0)) is Standing.UNKNOWN
    assert standing(episode.record[0], at(240), at(239)) is Standing.USUAL
    assert standing(episode.record[0], at(240), at(241)) is Standing.UNKNOWN


def test_what_was_bad_when_last_seen_stays_so_however_long_ago() -> None:
    episode = OneEpisode()
    episode.see(0, CRITICAL)
    assert standing(episode.record[0], at(0), at(5000)) is Standing.CRITICAL
