"""Everybody of a house: who they are, what is known of them, and how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.access import Growing, country_in
from healthtwin.people.about import background_view, content_of, profile_view, profile_with
from healthtwin.people.answers import PersonFacts
from healthtwin.people.clock_problems import ClockProblems
from healthtwin.people.events import Events
from healthtwin.people.limits import limits_view
from healthtwin.people.projections import SeriesOfReadings, Timeline
from healthtwin.people.timeline import event_view
from healthtwin.people.views import Views, worst_first
from healthtwin.room import Room
from healthtwin.store.people import People
from healthtwin.store.statements import Statements, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from typing import Self

    from healthtwin.access import Grant
    from healthtwin.domain import LogRecord
    from healthtwin.people.about import Background, ProfileChange
    from healthtwin.people.answers import (
        BackgroundView,
        EventView,
        HeldAlert,
        PersonView,
        ProfileView,
        RiskView,
        SeriesView,
        TwinView,
    )
    from healthtwin.people.limits import LimitsView
    from healthtwin.room import Ground, Ports
    from healthtwin.store.people import Person
    from healthtwin.stream import Projection


class PeopleRoom(Room):
    """Answers about people, and takes what is stated about them.

    Every method but `list` and `facts` raises `NotFound` for somebody who does not exist.
    """

    name = "people"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._growing = Growing(ports.tables, country_in(ports.home))
        self._views = Views(
            ports.series,
            ports.state_of,
            ports.now_ms,
            ports.forecast,
            ClockProblems(ports).of,
            synthetic=ports.synthetic,
        )
        ports.person_changed = self._changed

    @classmethod
    def projections(cls, ground: Ground) -> Sequence[Projection[LogRecord]]:
        """What was measured, and what happened."""
        return (
            SeriesOfReadings(ground.series, ground.codec, ground.now_ms, ground.raw_ms),
            Timeline(Events(ground.tables), ground.codec, ground.directory),
        )

    @classmethod
    def open(cls, ports: Ports, undo: ExitStack) -> Self:
        """Nothing to close."""
        del undo
        return cls(ports)

    def facts(self, person_id: str) -> PersonFacts | None:
        """What validation must know of a person, as last read; None when there is no such person."""
        person = self._ports.directory.last_read(person_id)
        return None if person is None else PersonFacts(person.id, person.profile.birth_year)

    def list(self, person_ids: frozenset[str] | None) -> list[PersonView]:
        """These people (None: all), worst status first, then by name."""
        self._ports.journal.catch_up()
        open_alerts = self._ports.open_alerts(None)
        return sorted(
            (
                self._views.person(person, open_alerts.get(person.pseudonym, 0), self._held(person))
                for person in self._ports.directory.everybody()
                if person_ids is None or person.id in person_ids
            ),
            key=worst_first,
        )

    def view(self, person_id: str) -> PersonView:
        """One person, as in the list."""
        person = self._ports.directory.get(person_id)
        self._ports.journal.catch_up(person.pseudonym)
        open_alerts = self._ports.open_alerts([person]).get(person.pseudonym, 0)
        return self._views.person(person, open_alerts, self._held(person))

    def _held(self, person: Person) -> HeldAlert | None:
        held = self._views.held(person)
        if held is None:
            return None
        return msgspec.structs.replace(held, by=self._ports.closed_by([held.alert_id]).get(held.alert_id, ""))

    def series(
        self, person_id: str, metric: str, from_ms: int | None, to_ms: int | None, step_ms: int | None
    ) -> SeriesView:
        """Values of a metric (a name in `METRICS`); None is open-ended, both ends included.

        Raises:
            InvalidInput: for a metric that does not exist.
        """
        person = self._ports.directory.get(person_id)
        self._ports.journal.catch_up(with_twin=False)
        return self._views.series(person, metric, from_ms, to_ms, step_ms)

    def twin(self, person_id: str) -> TwinView:
        """The learned normal and how the newest values compare."""
        person = self._ports.directory.get(person_id)
        self._ports.journal.catch_up(person.pseudonym)
        return self._views.twin(person)

    def limits(self, person_id: str) -> LimitsView:
        """The absolute limits that hold for them now."""
        return limits_view(person_id, self._ports.directory.get(person_id).profile, self._ports.now_ms())

    def risk(self, person_id: str) -> RiskView:
        """What the members say."""
        person = self._ports.directory.get(person_id)
        self._ports.journal.catch_up(person.pseudonym)
        return self._views.risk(person)

    def events(self, person_id: str, since_ms: int | None, limit: int) -> Sequence[EventView]:
        """The newest `limit` events, newest first; with `since_ms` only those from then on."""
        person = self._ports.directory.get(person_id)
        self._ports.journal.catch_up(with_twin=False, shown="timeline")
        return [event_view(stored) for stored in Events(self._ports.tables).list(person.id, since_ms, limit)]

    def profile(self, person_id: str) -> ProfileView:
        """What changes how readings are judged."""
        person = self._ports.directory.get(person_id)
        return profile_view(person, self._ports.now_ms(), self._growing.country_of(person_id))

    def set_profile(self, grant: Grant, person_id: str, change: ProfileChange) -> ProfileView:
        """Change what is named, what is not named stays; the log hears of it with the next reading or tick.

        Raises:
            InvalidInput: naming the field.
            Forbidden: `spo2_scale_2` without a clinician's order; a young person who makes themselves older.
            Conflict: the profile is not at the revision that the change was made to.
        """
        profile, name, revision = profile_with(
            change,
            self._ports.directory.get(person_id).profile,
            grant.scope,
            by=grant.actor,
            now_ms=self._ports.now_ms(),
        )
        self._growing.require_may_date(grant, self._ports.directory.get(person_id), profile, change.country)
        changed = People(self._ports.tables).update_profile(
            person_id, profile, name=name, expected_revision=revision
        )
        if change.country is not msgspec.UNSET:
            self._growing.set_country(person_id, change.country)
        return profile_view(changed, self._ports.now_ms(), self._growing.country_of(person_id))

    def background(self, person_id: str) -> BackgroundView:
        """Conditions, risk factors, allergies, whom to call; empty lists before anything was stated."""
        person = self._ports.directory.get(person_id)
        return background_view(person.id, Statements(self._ports.tables).get(person.id, Subject.BACKGROUND))

    def set_background(self, grant: Grant, person_id: str, stated: Background) -> BackgroundView:
        """Replace all of it; durable and in the log on return.

        Raises:
            InvalidInput: naming the field.
            Conflict: what stands is not the revision that this was made to.
        """
        content, revision = content_of(stated)
        statement = Statements(self._ports.tables).state(
            self._ports.directory.get(person_id).id,
            Subject.BACKGROUND,
            content,
            actor=grant.actor,
            now_ms=self._ports.now_ms(),
            expected_revision=revision,
        )
        self._ports.bring_statements()
        return background_view(person_id, statement)

    def _changed(self, person_id: str) -> None:
        self._ports.publish(person_id, "person", lambda: msgspec.json.encode(self.view(person_id)))
