"""The outbox: the same history gives the same ids, and a late reading is told for what it changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import AlertLevel, AlertState, Evidence, alert_id_of, quoted
from healthtwin.domain.errors import CorruptStorage
from healthtwin.episodes import EpisodeChange, Moved, Verb, change_of, decode_change, encode_change, reconcile
from tests.episodes.one_episode import CRITICAL, INFO, WARNING, OneEpisode, at

ADA = "ba75bb794d557bc4c817b000"
FACT = Evidence(quoted("Oxygen saturation 91 %"), quoted("NEWS2"), "oxygen_saturation", 91.0)


def change(episode: OneEpisode, moved: Moved, minute: float) -> EpisodeChange:
    return change_of(
        ADA,
        "vitals",
        episode.record[0],
        moved,
        at_ms=at(minute),
        arrived_ms=at(minute) + 40,
        rule="news2_red_parameter",
        evidence=(FACT,),
    )


def history(steps: list[tuple[str, int]]) -> list[EpisodeChange]:
    """The changes of a history of (what, level) steps five minutes apart."""
    episode, told = OneEpisode(), []
    for number, (what, level) in enumerate(steps):
        minute = 5.0 * number
        if what == "see":
            moved = episode.see(minute, level)
        elif what == "tick":
            moved = episode.tick(minute)
        else:
            moved = episode.act(what, minute, until=minute + 20)
        if moved is not Moved.NOTHING:
            told.append(change(episode, moved, minute))
    return told


_steps = st.lists(
    st.tuples(
        st.sampled_from(["see", "see", "see", "acknowledge", "snooze", "resolve", "tick"]), st.integers(0, 3)
    ),
    max_size=40,
)


@given(_steps)
def test_the_same_history_gives_the_same_ids_and_no_two_changes_share_one(
    steps: list[tuple[str, int]],
) -> None:
    once, again = history(steps), history(steps)
    assert once == again
    ids = [told.id for told in once]
    assert len(set(ids)) == len(ids)


@given(_steps)
def test_what_is_encoded_is_read_back_whole(steps: list[tuple[str, int]]) -> None:
    for told in history(steps):
        assert decode_change(encode_change(told)) == told


def test_bytes_that_are_no_change_are_refused() -> None:
    with pytest.raises(CorruptStorage, match="outbox payload"):
        decode_change(b"\x93\x01\x02\x03")


def test_a_change_carries_the_whole_episode() -> None:
    episode = OneEpisode()
    told = change(episode, episode.see(0, CRITICAL), 0)
    assert told.alert_id == alert_id_of(ADA, "vitals", at(0))
    assert (told.verb, told.level, told.state) == (Verb.OPENED, AlertLevel.CRITICAL, AlertState.TRIGGERED)
    assert (told.started_ms, told.at_ms, told.arrived_ms) == (at(0), at(0), at(0) + 40)
    assert told.resolved_ms is None
    assert told.evidence == (FACT,)
    assert told.audible


def test_only_what_nobody_has_put_to_rest_is_audible() -> None:
    episode = OneEpisode()
    episode.see(0, WARNING)
    assert not change(episode, episode.act("acknowledge", 1), 1).audible
    assert change(episode, episode.see(5, CRITICAL), 5).audible
    snoozed = change(episode, episode.act("snooze", 6, until=60), 6)
    assert not snoozed.audible
    assert snoozed.snoozed_until_ms == at(60)
    assert snoozed.by_hand
    assert change(episode, episode.tick(60), 60).audible
    closed = change(episode, episode.act("resolve", 61), 61)
    assert (closed.verb, closed.resolved_ms, closed.audible) == (Verb.CLOSED, at(61), False)


def told_late(before: OneEpisode, after: OneEpisode) -> list[EpisodeChange]:
    return reconcile(
        ADA,
        "vitals",
        before.record[0],
        after.record[0],
        at_ms=at(2),
        arrived_ms=at(30),
        rule="news2_red_parameter",
        evidence=(FACT,),
    )


def seen(*readings: tuple[float, int]) -> OneEpisode:
    episode = OneEpisode()
    for minute, level in readings:
        episode.see(minute, level)
    return episode


def test_where_nothing_came_out_differently_nothing_is_told() -> None:
    assert told_late(seen((5, WARNING)), seen((5, WARNING), (7, INFO))) == []


def test_an_earlier_first_sign_corrects_the_beginning_and_keeps_the_old_id_beside_the_new() -> None:
    before, after = seen((5, WARNING)), seen((2, INFO), (5, WARNING))
    (corrected,) = told_late(before, after)
    assert corrected.verb is Verb.CORRECTED
    assert corrected.previous_alert_id == alert_id_of(ADA, "vitals", at(5))
    assert corrected.alert_id == alert_id_of(ADA, "vitals", at(2))
    assert not corrected.audible


def test_a_worse_level_that_comes_to_light_is_told_aloud() -> None:
    changes = told_late(seen((5, WARNING)), seen((2, CRITICAL), (5, WARNING)))
    assert [told.verb for told in changes] == [Verb.CORRECTED, Verb.RAISED]
    assert changes[1].audible
    assert changes[1].level is AlertLevel.CRITICAL


def test_an_episode_that_nobody_had_seen_is_opened() -> None:
    (opened,) = told_late(OneEpisode(), seen((2, WARNING)))
    assert opened.id == change(seen((2, WARNING)), Moved.OPENED, 2).id


def test_an_episode_that_a_late_reading_explains_away_is_withdrawn() -> None:
    (withdrawn,) = told_late(seen((5, WARNING)), OneEpisode())
    assert (withdrawn.verb, withdrawn.state) == (Verb.WITHDRAWN, AlertState.RESOLVED)
    assert withdrawn.alert_id == alert_id_of(ADA, "vitals", at(5))


def test_withdrawing_a_recurrence_leaves_the_episode_before_it_alone() -> None:
    earlier = [(0.0, WARNING), (5.0, 0), (40.0, 0)]
    (withdrawn,) = told_late(seen(*earlier, (60, INFO)), seen(*earlier))
    assert (withdrawn.verb, withdrawn.started_ms) == (Verb.WITHDRAWN, at(60))


def test_an_end_that_a_late_sign_undoes_is_corrected() -> None:
    before = seen((0, WARNING), (5, 0), (36, 0))
    after = seen((0, WARNING), (5, 0), (20, WARNING), (36, 0))
    (corrected,) = told_late(before, after)
    assert (corrected.verb, corrected.state, corrected.previous_alert_id) == (
        Verb.CORRECTED,
        AlertState.TRIGGERED,
        None,
    )
