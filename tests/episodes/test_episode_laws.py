"""Laws that hold whatever comes in whatever order: against a tiny model, and cut into any batches."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from healthtwin.domain.signs import SIGN_WORDS, only_where
from healthtwin.episodes import Moved, advance, blank_episodes, open_level
from tests.episodes.one_episode import OneEpisode


class EpisodeAgainstModel(RuleBasedStateMachine):
    """The model keeps what a person would write down: open or not, how bad, quiet until when."""

    @initialize()
    def begin(self) -> None:
        self.episode = OneEpisode()
        self.minute = 0
        self.open = False
        self.level = 0
        self.quiet_up_to = 0
        self.quiet_until: int | None = None  # None: until the episode is over
        self.calm_since: int | None = None
        self.hand_resolved: int | None = None
        self.ids: set[int] = set()

    def _audible(self) -> bool:
        return self.open and not self.quiet_up_to

    def _end_snooze(self) -> None:
        if self.quiet_until is not None and self.quiet_until <= self.minute:
            self.quiet_up_to, self.quiet_until = 0, None

    @rule(level=st.integers(1, 3), later=st.integers(0, 40))
    def sign(self, level: int, later: int) -> None:
        self.minute += later
        self.calm_since = None
        self._end_snooze()
        moved = self.episode.see(self.minute, level)
        if not self.open:
            held = (
                self.hand_resolved is not None
                and level <= self.level
                and self.minute < self.hand_resolved + 30
            )
            if held:
                assert moved is Moved.NOTHING
                return
            assert moved is Moved.OPENED
            assert self.episode.started_ms not in self.ids or later == 0
            self.open, self.level, self.hand_resolved = True, level, None
            self.ids.add(self.episode.started_ms)
            if level > self.quiet_up_to:
                self.quiet_up_to, self.quiet_until = 0, None
        elif level > self.level:
            assert moved is Moved.RAISED
            self.level = level
            if level > self.quiet_up_to:
                self.quiet_up_to, self.quiet_until = 0, None
        else:
            assert moved in (Moved.NOTHING, Moved.WOKEN)

    @rule(later=st.integers(0, 40), clear=st.booleans())
    def no_sign(self, later: int, clear: bool) -> None:
        self.minute += later
        self._end_snooze()
        moved = self.episode.see(self.minute, 0, calm=clear)
        if not clear:
            self.calm_since = None
            return
        self.hand_resolved = None
        self.calm_since = self.minute if self.calm_since is None else self.calm_since
        if self.open and self.minute - self.calm_since >= 30:
            assert moved is Moved.RESOLVED
            self._close()

    def _close(self) -> None:
        self.open = False
        if self.quiet_until is None:
            self.quiet_up_to = 0

    @precondition(lambda self: self.open)
    @rule()
    def acknowledge(self) -> None:
        self.episode.act("acknowledge", self.minute)
        self.quiet_up_to, self.quiet_until = self.level, None

    @precondition(lambda self: self.open)
    @rule(minutes=st.integers(1, 300))
    def snooze(self, minutes: int) -> None:
        self.episode.act("snooze", self.minute, until=self.minute + minutes)
        self.quiet_up_to, self.quiet_until = self.level, self.minute + minutes

    @precondition(lambda self: self.open)
    @rule()
    def resolve(self) -> None:
        assert self.episode.act("resolve", self.minute) is Moved.RESOLVED_BY_HAND
        self.hand_resolved = self.minute if self.calm_since is None else None
        self.quiet_until = None  # a snooze does not outlive what somebody closes
        self._close()

    @rule(later=st.integers(0, 120))
    def clock(self, later: int) -> None:
        self.minute += later
        self._end_snooze()
        self.episode.tick(self.minute)

    @invariant()
    def they_agree(self) -> None:
        is_open = self.episode.state in ("triggered", "acknowledged", "snoozed")
        assert is_open == self.open
        assert int(open_level(self.episode.record)[0]) == (self.level if self.open else 0)
        assert (self.episode.state == "triggered") == self._audible()


TestEpisodeAgainstModel = EpisodeAgainstModel.TestCase
TestEpisodeAgainstModel.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), people=st.integers(1, 30), cut=st.integers(0, 30))
def test_cutting_people_into_batches_changes_no_bit(seed: int, people: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    whole, cuts = blank_episodes(people), blank_episodes(people)
    parts = [slice(0, cut % people), slice(cut % people, people)]
    for step in range(30):
        level = rng.choice([0, 0, 0, 1, 2, 3], people).astype(np.uint8)
        signs = rng.integers(1, 2**63, (people, SIGN_WORDS)).astype(np.uint64)
        signs = only_where(signs, level > 0)
        calm = (level == 0) & (rng.random(people) < 0.8)
        time_ms = np.full(people, 1_772_366_400_000 + step * 900_000, np.int64)
        before = open_level(whole)
        moved = advance(whole, level, signs, calm, time_ms)
        for part in parts:
            part_moved = advance(cuts[part], level[part], signs[part], calm[part], time_ms[part])
            assert (part_moved == moved[part]).all()
        after = open_level(whole)
        assert ((after >= before) | (after == 0)).all()  # while open, a level never falls
    assert whole.tobytes() == cuts.tobytes()
