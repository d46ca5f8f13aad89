"""What every projection promises, whatever it keeps: subclass `ProjectionContract` and say what that is.

A history is offered in pieces, pieces are repeated, followers die between any two of them: what is kept is
always the same, and the same again after a rebuild, but for what outlived its source.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from healthtwin.domain.errors import CorruptStorage, StorageFull
from healthtwin.stream import Follower, Projection, Reach, Source
from healthtwin.stream.projection import NEVER


@dataclass
class History:
    """A source in memory; places begin at 1 and have no gaps."""

    items: Sequence[Any]
    arrived_ms: Sequence[int]
    reached: int = 0
    trimmed: int = 0

    def read(self, after: int, limit: int) -> Sequence[Any]:
        return self.items[: self.reached][max(after, self.trimmed) :][:limit]

    def place(self, item: Any) -> int:  # noqa: ANN401
        return self.items.index(item) + 1

    def head(self) -> int:
        return self.reached

    def reach(self) -> Reach:
        if self.trimmed >= self.reached:
            return Reach(self.trimmed, NEVER)
        return Reach(self.trimmed, self.arrived_ms[self.trimmed] if self.trimmed else None)


@dataclass
class Places:
    """Where followers are, as a state file remembers it."""

    kept: dict[str, tuple[int, int]] = field(default_factory=dict)

    def read_through(self, reader: str) -> tuple[int, int]:
        return self.kept.get(reader, (0, 0))

    def note_read_through(self, reader: str, version: int, through: int) -> None:
        self.kept[reader] = (version, through)


class Failing:
    """A projection that refuses now and then."""

    def __init__(self, projection: Projection[Any], refuse: Sequence[int]) -> None:
        self.name, self.version = projection.name, projection.version
        self._projection = projection
        self._refuse = set(refuse)
        self._calls = itertools.count(1)

    @property
    def offset(self) -> int | None:
        return self._projection.offset

    def apply(self, batch: Sequence[Any], through_offset: int) -> None:
        if next(self._calls) in self._refuse:
            raise StorageFull("no room just now")
        self._projection.apply(batch, through_offset)

    def sync(self) -> None:
        self._projection.sync()

    def rebuild(self, source: Source[Any]) -> None:
        self._projection.rebuild(source)


class ProjectionContract(ABC):
    """Each test gets a projection over empty storage; the history has at least six items over three days."""

    @abstractmethod
    def history(self) -> History:
        """What happened; `reached` is 0."""

    @abstractmethod
    def opened(self, places: Places) -> Projection[Any]:
        """The projection over the test's storage, as a process that starts opens it."""

    @abstractmethod
    def content(self) -> object:
        """Everything that can be looked at; falsy while there is nothing."""

    @abstractmethod
    def damage(self) -> None:
        """Empty or falsify what is kept, behind the projection's back."""

    def follower(self, history: History, places: Places, batch: int = 2) -> Follower[Any]:
        follower: Follower[Any] = Follower(history, self.opened(places), places, batch)
        follower.begin()
        return follower

    def straight(self) -> tuple[History, Places]:
        """Everything heard, once, without trouble."""
        history, places = self.history(), Places()
        history.reached = len(history.items)
        follower = self.follower(history, places, batch=len(history.items))
        assert follower.catch_up() == len(history.items)
        follower.note()
        return history, places

    def test_what_was_applied_before_changes_nothing(self) -> None:
        history, places = self.straight()
        before = self.content()
        projection = self.opened(places)
        for start in range(len(history.items)):
            projection.apply(history.items[start : start + 2], min(start + 2, len(history.items)))
        assert self.content() == before

    @pytest.mark.parametrize("batch", [1, 2, 5])
    def test_after_a_death_at_any_point_it_goes_on_from_its_place(self, batch: int) -> None:
        history, places = self.history(), Places()
        for reached in range(1, len(history.items) + 1):
            history.reached = reached
            lost = self.follower(history, places, batch)  # dies before it notes its place
            lost.catch_up()
            follower = self.follower(history, places, batch)
            if follower.offset < reached:
                assert follower.catch_up() >= 1
            if reached % 2:
                follower.note()
        assert self.content() == self.after_a_straight_run()

    def test_what_was_refused_is_offered_again(self) -> None:
        history, places = self.history(), Places()
        follower: Follower[Any] = Follower(history, Failing(self.opened(places), (1, 3, 4)), places, 2)
        follower.begin()
        for reached in range(1, len(history.items) + 1):
            history.reached = reached
            follower.offer(history.items[reached - 1 : reached])
        follower.catch_up()
        assert follower.failure is None
        assert follower.offset == len(history.items)
        assert self.content() == self.after_a_straight_run()

    def test_a_rebuild_leads_to_the_same(self) -> None:
        history, places = self.straight()
        before = self.content()
        self.damage()
        for _ in range(2):
            self.follower(history, places).rebuild()
            assert self.content() == before

    def test_a_rebuild_that_is_cut_off_goes_on(self) -> None:
        history, places = self.straight()
        before = self.content()
        cut: Follower[Any] = Follower(history, Failing(self.opened(places), (2,)), places, 2)
        cut.begin()
        with pytest.raises(StorageFull):
            cut.rebuild()
        self.follower(history, places).catch_up()
        assert self.content() == before

    def test_what_outlived_its_source_is_kept(self) -> None:
        history, places = self.straight()
        before = self.content()
        for trimmed in range(1, len(history.items) + 1):
            history.trimmed = trimmed
            self.follower(history, places).rebuild()
            assert self.content() == before

    def test_another_version_hears_everything_anew(self) -> None:
        history, places = self.straight()
        before = self.content()
        self.damage()
        projection = self.opened(places)
        version, through = places.read_through(projection.name)
        places.note_read_through(projection.name, version + 1, through)
        follower: Follower[Any] = Follower(history, projection, places, 2)
        follower.begin()
        follower.catch_up()
        assert self.content() == before

    def test_it_never_knows_more_than_its_source(self) -> None:
        history, places = self.straight()
        history.reached = 1
        with pytest.raises(CorruptStorage, match="but the log ends at 1"):
            self.follower(history, places)

    def after_a_straight_run(self) -> object:
        """What a second storage holds that heard all without trouble; tests compare with it at their end."""
        self.forget_storage()
        history, places = self.history(), Places()
        history.reached = len(history.items)
        self.follower(history, places, batch=len(history.items)).catch_up()
        straight = self.content()
        assert straight
        return straight

    @abstractmethod
    def forget_storage(self) -> None:
        """From now on the projection is opened over empty storage."""
