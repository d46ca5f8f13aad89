"""Alerts of everybody: listed, decided on, told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.domain import AlertState
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound
from healthtwin.notify.alert_answers import alert_view
from healthtwin.notify.alerts import Alerts
from healthtwin.notify.channels import channel_kinds, open_channels
from healthtwin.notify.deliveries import Deliveries
from healthtwin.notify.notifier import Notifier
from healthtwin.pipeline import VerbPayload
from healthtwin.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import ExitStack
    from typing import Self

    from healthtwin.access import Grant
    from healthtwin.domain.errors import StorageError
    from healthtwin.episodes import EpisodeChange
    from healthtwin.notify.alerts import StoredAlert
    from healthtwin.notify.answers import AlertView
    from healthtwin.room import Ports
    from healthtwin.store.people import Person

OPEN_STATES: Final = (AlertState.TRIGGERED, AlertState.ACKNOWLEDGED, AlertState.SNOOZED)


class NotifyRoom(Room):
    """Episodes as people see them and decide on them, and the telling of them."""

    name = "notify"
    part = "alerts"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._notifier = Notifier(ports.runner, ports.tables, open_channels(ports), ports.now_ms, self._told)
        self.send_test = self._notifier.send_test
        self.pending = self._notifier.pending
        ports.open_alerts = self.open_by_person
        ports.journal.await_also(self._notifier.caught_up)
        ports.listen(self._notifier.wake)

    @classmethod
    def open(cls, ports: Ports, undo: ExitStack) -> Self:
        """Begins to tell; when the house stops, what stands in the outbox is told before it ends."""
        room = cls(ports)
        room._notifier.start()
        undo.callback(room._notifier.stop)
        return room

    @classmethod
    def sections(cls) -> frozenset[str]:
        """Those of the channels."""
        kinds = channel_kinds().values()
        return frozenset(kind.settings.SECTION for kind in kinds if kind.settings is not None)

    def alerts(self, person_ids: frozenset[str] | None, state: str | None) -> list[AlertView]:
        """Episodes of these people (None: all), optionally in one state; newest first.

        Raises:
            InvalidInput: for a state that does not exist.
        """
        if state is not None and state not in set(AlertState):
            raise InvalidInput("state", state, "one of " + ", ".join(AlertState))
        pseudonyms = None
        if person_ids is not None:
            found = [self._ports.directory.find(person_id) for person_id in person_ids]
            pseudonyms = [person.pseudonym for person in found if person is not None]
        states = None if state is None else [AlertState(state)]
        stored = Alerts(self._ports.tables).list(people=pseudonyms, states=states)
        shown = [self._view(alert) for alert in stored]
        return [alert for alert in shown if alert is not None]

    def alert(self, alert_id: str) -> AlertView:
        """One episode, by the id it has or had.

        Raises:
            NotFound: no such alert, or its person was erased.
        """
        view = self._view(Alerts(self._ports.tables).get(alert_id))
        if view is None:
            raise NotFound("no such alert")
        return view

    def act(self, grant: Grant, alert_id: str, verb: str, until_ms: int | None = None) -> AlertView:
        """``acknowledge``, ``snooze`` (until `until_ms`) or ``resolve``; returns the episode as it then is.

        The verb goes through the log like a reading and is durable on return. Repeating one is no error.

        Raises:
            NotFound: no such alert.
            Conflict: the episode is resolved and cannot be acknowledged or snoozed.
        """
        alert = Alerts(self._ports.tables).get(alert_id)
        if alert.resolved_ms is not None:
            if verb == "resolve":
                return self.alert(alert_id)
            raise Conflict(f"the alert is resolved; it cannot be {verb}d any more")
        payload = VerbPayload(
            verb, alert.dedup_key, alert.started_ms, until_ms, int(alert.level), actor=grant.actor
        )
        self._ports.note_verb(alert.person, payload)
        return self.alert(alert_id)

    def open_by_person(self, people: Iterable[Person] | None = None) -> Counter[str]:
        """How many episodes stand open, by pseudonym."""
        pseudonyms = None if people is None else [person.pseudonym for person in people]
        stored = Alerts(self._ports.tables).list(people=pseudonyms, states=OPEN_STATES)
        return Counter(alert.person for alert in stored)

    def failure(self) -> StorageError | None:
        """What keeps alerts from being told right now."""
        return self._notifier.failure

    def _told(self, change: EpisodeChange) -> None:
        """In the dispatcher's thread, once an alert row shows a change: to open browsers."""
        person = self._ports.directory.by_pseudonym(change.person)
        if person is None:
            return
        if self._ports.live:
            self._ports.counters.alert_shown(max(self._ports.now_ms() - change.arrived_ms, 0) / 1000)
        self._ports.publish(person.id, "alert", lambda: msgspec.json.encode(self.alert(change.alert_id)))
        self._ports.person_changed(person.id)

    def _view(self, alert: StoredAlert) -> AlertView | None:
        person = self._ports.directory.by_pseudonym(alert.person)
        if person is None:
            return None
        trail = Alerts(self._ports.tables).trail(alert.id)
        deliveries = Deliveries(self._ports.tables).of_alert(alert.id)
        return alert_view(alert, person, trail, deliveries, synthetic=self._ports.synthetic)
