"""Alerts of everybody: listed, decided on, told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from healthtwin.domain import AlertState
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound
from healthtwin.notify.alert_answers import alert_view
from healthtwin.pipeline import VerbPayload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from healthtwin.access.grants import Grant
    from healthtwin.notify.answers import AlertView
    from healthtwin.notify.notifier import Notifier
    from healthtwin.people.directory import Directory
    from healthtwin.store import Records
    from healthtwin.store.records import Person, StoredAlert

OPEN_STATES: Final = (AlertState.TRIGGERED, AlertState.ACKNOWLEDGED, AlertState.SNOOZED)


class NotifyRoom:
    """Episodes as people see them and decide on them.

    Args:
        records: the stored episodes, their trails and deliveries.
        directory: whose they are.
        notifier: tells of them.
        note: puts what somebody did with an episode of a pseudonym into the log, and waits until it shows.
        synthetic: whether everybody here is simulated.
    """

    def __init__(
        self,
        records: Records,
        directory: Directory,
        notifier: Notifier,
        note: Callable[[str, VerbPayload], None],
        *,
        synthetic: bool,
    ) -> None:
        self._records = records
        self._directory = directory
        self._note = note
        self._synthetic = synthetic
        self.send_test = notifier.send_test

    def alerts(self, person_ids: frozenset[str] | None, state: str | None) -> list[AlertView]:
        """Episodes of these people (None: all), optionally in one state; newest first.

        Raises:
            InvalidInput: for a state that does not exist.
        """
        if state is not None and state not in set(AlertState):
            raise InvalidInput("state", state, "one of " + ", ".join(AlertState))
        pseudonyms = None
        if person_ids is not None:
            found = [self._directory.find(person_id) for person_id in person_ids]
            pseudonyms = [person.pseudonym for person in found if person is not None]
        states = None if state is None else [AlertState(state)]
        stored = self._records.alerts.list(people=pseudonyms, states=states)
        shown = [self._view(alert) for alert in stored]
        return [alert for alert in shown if alert is not None]

    def alert(self, alert_id: str) -> AlertView:
        """One episode, by the id it has or had.

        Raises:
            NotFound: no such alert, or its person was erased.
        """
        view = self._view(self._records.alerts.get(alert_id))
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
        alert = self._records.alerts.get(alert_id)
        if alert.resolved_ms is not None:
            if verb == "resolve":
                return self.alert(alert_id)
            raise Conflict(f"the alert is resolved; it cannot be {verb}d any more")
        payload = VerbPayload(
            verb, alert.dedup_key, alert.started_ms, until_ms, int(alert.level), actor=grant.actor
        )
        self._note(alert.person, payload)
        return self.alert(alert_id)

    def open_by_person(self, people: Iterable[Person] | None = None) -> Counter[str]:
        """How many episodes stand open, by pseudonym."""
        pseudonyms = None if people is None else [person.pseudonym for person in people]
        stored = self._records.alerts.list(people=pseudonyms, states=OPEN_STATES)
        return Counter(alert.person for alert in stored)

    def _view(self, alert: StoredAlert) -> AlertView | None:
        person = self._directory.by_pseudonym(alert.person)
        if person is None:
            return None
        trail = self._records.alerts.trail(alert.id)
        deliveries = self._records.deliveries.of_alert(alert.id)
        return alert_view(alert, person, trail, deliveries, synthetic=self._synthetic)
