"""What people do with an episode, and for how long it holds."""

from __future__ import annotations

import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.episodes import Moved
from tests.episodes.one_episode import CRITICAL, INFO, WARNING, OneEpisode, at


def opened(level: int = WARNING) -> OneEpisode:
    episode = OneEpisode()
    episode.see(0, level)
    return episode


def test_an_acknowledged_episode_stays_quiet_until_it_recurs() -> None:
    episode = opened()
    assert episode.act("acknowledge", 1) is Moved.ACKNOWLEDGED
    for minute in range(5, 600, 5):
        assert episode.see(minute, WARNING) is Moved.NOTHING
    assert episode.state == "acknowledged"
    episode.see(600, 0)
    assert episode.see(640, 0) is Moved.RESOLVED
    assert episode.see(700, WARNING) is Moved.OPENED
    assert episode.state == "triggered"


def test_acknowledging_a_warning_is_not_acknowledging_a_critical_sign() -> None:
    episode = opened(WARNING)
    episode.act("acknowledge", 1)
    assert episode.see(5, CRITICAL) is Moved.RAISED
    assert episode.state == "triggered"


def test_a_click_on_what_has_become_worse_since_has_no_effect() -> None:
    episode = opened(INFO)
    episode.see(5, CRITICAL)
    assert episode.act("acknowledge", 6, level=INFO) is Moved.NOTHING
    assert episode.act("snooze", 6, level=INFO, until=60) is Moved.NOTHING
    assert episode.state == "triggered"


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
def test_a_click_on_an_earlier_episode_does_not_land_on_this_one(verb: str) -> None:
    episode = opened()
    assert episode.act(verb, 1, until=60, started_ms=at(-500)) is Moved.NOTHING


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
def test_there_is_nothing_to_do_where_no_episode_is(verb: str) -> None:
    assert OneEpisode().act(verb, 1, until=60) is Moved.NOTHING


def test_acknowledging_twice_changes_nothing_the_second_time() -> None:
    episode = opened()
    episode.act("acknowledge", 1)
    assert episode.act("acknowledge", 2) is Moved.NOTHING


def test_a_snooze_holds_through_flapping_and_ends_when_it_said() -> None:
    episode = opened()
    assert episode.act("snooze", 1, until=240) is Moved.SNOOZED
    episode.see(5, 0)
    assert episode.see(40, 0) is Moved.RESOLVED
    assert episode.see(60, WARNING) is Moved.OPENED
    assert episode.state == "snoozed"
    assert episode.tick(239) is Moved.NOTHING
    assert episode.tick(240) is Moved.WOKEN
    assert episode.state == "triggered"


def test_a_worse_level_breaks_a_snooze_also_that_of_an_episode_gone_by() -> None:
    episode = opened(WARNING)
    episode.act("snooze", 1, until=240)
    assert episode.see(5, CRITICAL) is Moved.RAISED
    assert episode.state == "triggered"
    episode = opened(WARNING)
    episode.act("snooze", 1, until=240)
    episode.see(5, 0)
    episode.see(40, 0)
    assert episode.see(60, CRITICAL) is Moved.OPENED
    assert episode.state == "triggered"


def test_a_snooze_that_is_broken_does_not_silence_the_next_episode() -> None:
    episode = opened(INFO)
    episode.act("snooze", 1, until=240)
    episode.see(5, WARNING)
    episode.see(10, 0)
    episode.see(45, 0)
    assert episode.see(60, INFO) is Moved.OPENED
    assert episode.state == "triggered"


def test_a_snooze_lasts_a_day_at_most_and_not_into_the_past() -> None:
    episode = opened()
    episode.act("snooze", 0, until=10_000)
    assert int(episode.record["snoozed_until_ms"][0]) == at(24 * 60)
    episode = opened()
    assert episode.act("snooze", 5, until=4) is Moved.NOTHING


def test_a_reading_after_the_end_of_a_snooze_wakes_it_even_before_the_clock_does() -> None:
    episode = opened()
    episode.act("snooze", 1, until=30)
    assert episode.see(31, WARNING) is Moved.WOKEN


def test_resolving_by_hand_holds_while_the_same_signs_last_but_not_for_ever() -> None:
    episode = opened()
    assert episode.act("resolve", 1) is Moved.RESOLVED_BY_HAND
    assert episode.see(5, WARNING) is Moved.NOTHING
    assert episode.see(30, WARNING) is Moved.NOTHING
    assert episode.see(31, WARNING) is Moved.OPENED


def test_after_resolving_by_hand_a_worse_sign_opens_at_once_and_so_does_a_recurrence() -> None:
    episode = opened()
    episode.act("resolve", 1)
    assert episode.see(5, CRITICAL) is Moved.OPENED
    episode = opened()
    episode.act("resolve", 1)
    episode.see(5, 0)
    assert episode.see(10, WARNING) is Moved.OPENED


def test_an_unknown_verb_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="acknowledge, snooze, resolve or reopen"):
        opened().act("silence", 1)
