"""Everybody of a house: who they are, what is known of them, and how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.people.about import background_view, content_of, profile_view, profile_with
from healthtwin.people.timeline import event_view
from healthtwin.people.views import worst_first
from healthtwin.store.records import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    from healthtwin.access.grants import Grant
    from healthtwin.people.about import Background, ProfileChange
    from healthtwin.people.answers import (
        BackgroundView,
        EventView,
        PersonView,
        ProfileView,
        RiskView,
        SeriesView,
        TwinView,
    )
    from healthtwin.people.directory import Directory
    from healthtwin.people.views import Views
    from healthtwin.store import Records
    from healthtwin.store.records import Person

    class CatchUp(Protocol):
        """Waits until what was acknowledged before this question shows in its answer."""

        def __call__(self, person: str = "", *, with_twin: bool = True) -> None:
            """Not for ever: a second or two; with a pseudonym, only for what is about them."""
            ...


class PeopleRoom:
    """Answers about people, and takes what is stated about them.

    Every method but `list` raises `NotFound` for somebody who does not exist.

    Args:
        records: where profiles, backgrounds and timelines are kept.
        directory: who is who.
        views: what is shown of somebody.
        catch_up: waits for what was acknowledged.
        open_alerts: how many episodes stand open, by pseudonym, of these people (None: all).
        now_ms: the house's clock.
        bring: notes changed statements in the log; they are durable on return.
    """

    def __init__(
        self,
        records: Records,
        directory: Directory,
        views: Views,
        catch_up: CatchUp,
        open_alerts: Callable[[Sequence[Person] | None], Mapping[str, int]],
        now_ms: Callable[[], int],
        bring: Callable[[], None],
    ) -> None:
        self._records = records
        self._directory = directory
        self._views = views
        self._catch_up = catch_up
        self._open_alerts = open_alerts
        self._now_ms = now_ms
        self._bring = bring
        self.facts = directory.facts

    def list(self, person_ids: frozenset[str] | None) -> list[PersonView]:
        """These people (None: all), worst status first, then by name."""
        self._catch_up()
        open_alerts = self._open_alerts(None)
        return sorted(
            (
                self._views.person(person, open_alerts.get(person.pseudonym, 0))
                for person in self._directory.everybody()
                if person_ids is None or person.id in person_ids
            ),
            key=worst_first,
        )

    def view(self, person_id: str) -> PersonView:
        """One person, as in the list."""
        person = self._directory.get(person_id)
        self._catch_up(person.pseudonym)
        return self._views.person(person, self._open_alerts([person]).get(person.pseudonym, 0))

    def series(
        self, person_id: str, metric: str, from_ms: int | None, to_ms: int | None, step_ms: int | None
    ) -> SeriesView:
        """Values of a metric (a name in `METRICS`); None is open-ended, both ends included.

        Raises:
            InvalidInput: for a metric that does not exist.
        """
        person = self._directory.get(person_id)
        self._catch_up(with_twin=False)
        return self._views.series(person, metric, from_ms, to_ms, step_ms)

    def twin(self, person_id: str) -> TwinView:
        """The learned normal and how the newest values compare."""
        person = self._directory.get(person_id)
        self._catch_up(person.pseudonym)
        return self._views.twin(person)

    def risk(self, person_id: str) -> RiskView:
        """What the members say."""
        person = self._directory.get(person_id)
        self._catch_up(person.pseudonym)
        return self._views.risk(person)

    def events(self, person_id: str, since_ms: int | None, limit: int) -> Sequence[EventView]:
        """The newest `limit` events, newest first; with `since_ms` only those from then on."""
        person = self._directory.get(person_id)
        self._catch_up(with_twin=False)
        return [event_view(stored) for stored in self._records.events.list(person.id, since_ms, limit)]

    def profile(self, person_id: str) -> ProfileView:
        """What changes how readings are judged."""
        return profile_view(self._directory.get(person_id))

    def set_profile(self, grant: Grant, person_id: str, change: ProfileChange) -> ProfileView:
        """Change what is named, what is not named stays; the log hears of it with the next reading or tick.

        Raises:
            InvalidInput: naming the field.
            Forbidden: `spo2_scale_2` without a clinician's order.
            Conflict: the profile is not at the revision that the change was made to.
        """
        profile, name, revision = profile_with(change, self._directory.get(person_id).profile, grant.scope)
        changed = self._records.people.update_profile(
            person_id, profile, name=name, expected_revision=revision
        )
        return profile_view(changed)

    def background(self, person_id: str) -> BackgroundView:
        """Conditions, risk factors, allergies, whom to call; empty lists before anything was stated."""
        person = self._directory.get(person_id)
        return background_view(person.id, self._records.statements.get(person.id, Subject.BACKGROUND))

    def set_background(self, grant: Grant, person_id: str, stated: Background) -> BackgroundView:
        """Replace all of it; durable and in the log on return.

        Raises:
            InvalidInput: naming the field.
            Conflict: what stands is not the revision that this was made to.
        """
        content, revision = content_of(stated)
        statement = self._records.statements.state(
            self._directory.get(person_id).id,
            Subject.BACKGROUND,
            content,
            actor=grant.actor,
            now_ms=self._now_ms(),
            expected_revision=revision,
        )
        self._bring()
        return background_view(person_id, statement)
