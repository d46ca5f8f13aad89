"""Opening, raising, resolving: one episode from the first sign to the end of a calm stretch."""

from __future__ import annotations

from healthtwin.episodes import EPISODE, Moved
from tests.episodes.one_episode import CRITICAL, INFO, WARNING, OneEpisode, at


def test_the_first_sign_opens_and_a_worse_one_raises_the_same_episode() -> None:
    episode = OneEpisode()
    assert episode.see(0, INFO) is Moved.OPENED
    assert episode.see(5, INFO) is Moved.NOTHING
    assert episode.see(10, CRITICAL) is Moved.RAISED
    assert (episode.level, episode.started_ms, episode.state) == (CRITICAL, at(0), "triggered")


def test_one_critical_value_opens_at_once() -> None:
    assert OneEpisode().see(0, CRITICAL) is Moved.OPENED


def test_a_lesser_sign_lowers_nothing() -> None:
    episode = OneEpisode()
    episode.see(0, CRITICAL)
    assert episode.see(5, INFO) is Moved.NOTHING
    assert episode.level == CRITICAL


def test_every_rule_that_spoke_is_remembered() -> None:
    episode = OneEpisode()
    episode.see(0, INFO, signs=0b001)
    episode.see(5, INFO, signs=0b100)
    assert int(episode.record["signs"][0, 0]) == 0b101


def test_it_resolves_after_half_an_hour_of_calm_readings() -> None:
    episode = OneEpisode()
    episode.see(0, WARNING)
    assert [episode.see(minute, 0) for minute in range(5, 35, 5)] == [Moved.NOTHING] * 6
    assert episode.see(35, 0) is Moved.RESOLVED
    assert episode.state == "resolved"


def test_a_sign_or_an_unclear_reading_in_between_starts_the_calm_stretch_anew() -> None:
    for disturbance in ({"level": WARNING}, {"level": 0, "calm": False}):
        episode = OneEpisode()
        episode.see(0, WARNING)
        episode.see(5, 0)
        episode.see(20, **disturbance)  # type: ignore[arg-type]  # the two ways of not being calm
        assert episode.see(36, 0) is Moved.NOTHING
        assert episode.see(66, 0) is Moved.RESOLVED


def test_a_single_calm_reading_after_a_long_pause_is_not_a_calm_stretch() -> None:
    episode = OneEpisode()
    episode.see(0, WARNING)
    assert episode.see(600, 0) is Moved.NOTHING


def test_time_alone_resolves_nothing() -> None:
    episode = OneEpisode()
    episode.see(0, WARNING)
    assert episode.tick(10_000) is Moved.NOTHING
    assert episode.state == "triggered"


def test_what_recurs_is_a_new_episode_with_a_new_start() -> None:
    episode = OneEpisode()
    episode.see(0, WARNING)
    episode.see(5, 0)
    episode.see(40, 0)
    assert episode.see(60, INFO) is Moved.OPENED
    assert (episode.level, episode.started_ms) == (INFO, at(60))


def test_an_episode_is_small() -> None:
    assert EPISODE.itemsize <= 104
