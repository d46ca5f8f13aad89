"""Alerts of everybody: listed, decided on, told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from healthtwin.access import Growing, Telling, country_in, known_as
from healthtwin.domain import DAY_MS, AlertState
from healthtwin.domain.errors import InvalidInput, NotFound, SeenLess
from healthtwin.notify.alert_answers import alert_view, as_of_now, news_since
from healthtwin.notify.alerts import Alerts, ClosingNote
from healthtwin.notify.answers import ReceiverView
from healthtwin.notify.channels import channel_kinds, open_channels
from healthtwin.notify.channels.webhook import add_webhook, glass_notice, names_told
from healthtwin.notify.deciding import check, verb_of
from healthtwin.notify.deliveries import Deliveries
from healthtwin.notify.exporting import alerts_about
from healthtwin.notify.notifier import Notifier
from healthtwin.notify.questions import payload_of, with_question, without_answers
from healthtwin.notify.webhooks import Webhooks
from healthtwin.room import ExportPart, Room
from healthtwin.store import HomeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import ExitStack
    from typing import Self

    from healthtwin.access import Grant
    from healthtwin.domain.errors import StorageError
    from healthtwin.episodes import EpisodeChange
    from healthtwin.notify.alerts import StoredAlert
    from healthtwin.notify.answers import AlertView
    from healthtwin.notify.deciding import Decision
    from healthtwin.notify.deliveries import GivenUp
    from healthtwin.notify.questions import Answer
    from healthtwin.notify.webhooks import Webhook
    from healthtwin.room import BrokenGlass, Ports
    from healthtwin.store import Home, Tables
    from healthtwin.store.people import Person

GIVEN_UP_MS: Final = DAY_MS
"""For how long a message that was given up is a fault of the house: somebody has a day to see it."""

_WEBHOOK: Final = "webhook"

OPEN_STATES: Final = (AlertState.TRIGGERED, AlertState.ACKNOWLEDGED, AlertState.SNOOZED)


class NotifyRoom(Room):
    """Episodes as people see them and decide on them, and the telling of them."""

    name = "notify"
    part = "alerts"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._notifier = Notifier(
            ports.runner,
            ports.tables,
            open_channels(ports),
            ports.now_ms,
            self._told,
            ports.note_telling,
            Telling(ports.tables, growing=Growing(ports.tables, country_in(ports.home))),
        )
        self.send_test = self._notifier.send_test
        self.failing_receivers = self._notifier.failing
        self.pending = self._notifier.pending
        ports.open_alerts = self.open_by_person
        ports.closed_by = self.closed_by
        ports.tell_of_glass = self.tell_of_glass
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

    def act(self, grant: Grant, alert_id: str, decision: Decision) -> AlertView:
        """Do what somebody decided; returns the episode as it then is.

        The verb goes through the log like a reading and is durable on return. Repeating one is no error.

        Raises:
            NotFound: no such alert.
            SeenLess: more stands than they had seen; nothing is done.
            Conflict: it is resolved and cannot be acknowledged or snoozed, or it cannot be opened again.
            InvalidInput: a version that the alert never had, or a snooze longer than may be.
        """
        alerts = Alerts(self._ports.tables)
        alert = alerts.get(alert_id)
        if alert.state is AlertState.RESOLVED and decision.verb == "resolve":
            return self.alert(alert_id)
        head, now_ms = self._ports.state_of(alert.person), self._ports.now_ms()
        check(decision, alert, head, now_ms)
        if decision.seen is not None and decision.seen < alert.version:
            new = news_since(alerts.trail(alert.id), decision.seen)
            message = "more was told of this alert since; look at it again, then decide"
            raise SeenLess(message, self.alert(alert_id), new)
        if decision.verb == "resolve":
            alerts.note(alert, grant.actor, ClosingNote(decision.reason, decision.note), now_ms)
        self._ports.note_verb(alert.person, verb_of(decision, alert, head, grant.actor))
        return self.alert(alert_id)

    def closed_by(self, alert_ids: Iterable[str]) -> dict[str, str]:
        """Who closed each of these alerts by hand, as people call them; without those that nobody did."""
        closed = {}
        for alert_id in alert_ids:
            try:
                view = self.alert(alert_id)
            except NotFound:
                continue
            if view.closed_by_hand is not None:
                closed[alert_id] = view.closed_by_hand.by
        return closed

    def add_webhook(self, url: str, now_ms: int, person_id: str | None = None, grant_id: str = "") -> Webhook:
        """Where alerts are posted to from now on, on behalf of a grant.

        Raises:
            InvalidInput: no URL that could be called, or one into the own network that the settings do not
                allow.
            NotFound: no such person.
        """
        return add_webhook(self._ports.home, self._ports.tables, url, now_ms, person_id, grant_id)

    def given_up(self) -> Sequence[GivenUp]:
        """What was given up in the last `GIVEN_UP_MS`, by whom it was meant for; none for who is gone."""
        since_ms = self._ports.now_ms() - GIVEN_UP_MS
        told = {webhook.id for webhook in Webhooks(self._ports.tables).list() if webhook.active}
        found = Deliveries(self._ports.tables).given_up(since_ms)
        return [each for each in found if each.channel != _WEBHOOK or each.recipient in told]

    def receivers(self) -> list[ReceiverView]:
        """Every webhook and how it does, for the operator."""
        deliveries = Deliveries(self._ports.tables)
        waiting = deliveries.waiting_for()
        given_up = {(each.channel, each.recipient): each for each in self.given_up()}
        failing = {tuple(each.address): each for each in self._notifier.failing()}
        views = []
        for webhook in Webhooks(self._ports.tables).list():
            key = (_WEBHOOK, webhook.id)
            lost, bad = given_up.get(key), failing.get(key)
            views.append(
                ReceiverView(
                    id=webhook.id,
                    host=urlsplit(webhook.url).netloc,
                    person=webhook.person_id,
                    active=webhook.active,
                    waiting=waiting.get(key, 0),
                    failing_since=None if bad is None else bad.since_ms,
                    given_up=0 if lost is None else lost.count,
                    given_up_at=None if lost is None else lost.last_ms,
                    last=(bad.text if bad is not None else "" if lost is None else lost.text),
                )
            )
        return views

    def answer(self, grant: Grant, alert_id: str, answer: Answer) -> AlertView:
        """Note whether what a soft alert asks about was usual; returns the alert as it then is.

        Raises:
            NotFound: no such alert.
            Conflict: it asks nothing, or no more.
        """
        alert = Alerts(self._ports.tables).get(alert_id)
        payload = payload_of(alert, self._ports.state_of(alert.person), answer, grant.actor)
        if self.alert(alert_id).answer != answer:
            self._ports.note_verb(alert.person, payload)
        return self.alert(alert_id)

    def open_by_person(self, people: Iterable[Person] | None = None) -> Counter[str]:
        """How many episodes stand open, by pseudonym."""
        pseudonyms = None if people is None else [person.pseudonym for person in people]
        stored = Alerts(self._ports.tables).list(people=pseudonyms, states=OPEN_STATES)
        return Counter(alert.person for alert in stored)

    @classmethod
    def export(cls, home: Home, tables: Tables, person: Person) -> Iterable[ExportPart]:
        """Alerts in words: why, who was told, what became of them."""
        told = list(alerts_about(tables, person, synthetic=home.kind is HomeKind.DEMO))
        yield ExportPart("alerts.json", "application/json", [msgspec.json.encode(told)])

    def tell_of_glass(self, glass: BrokenGlass) -> None:
        """Tell of broken glass over each webhook of the person and of the house, whatever the hour."""
        person = self._ports.directory.find(glass.person_id)
        if person is None:
            return
        name_of = names_told(self._ports.home, self._ports.tables)
        for webhook in Webhooks(self._ports.tables).for_person(person.pseudonym):
            own = webhook.person_id is not None
            body = glass_notice(
                person.pseudonym,
                by=glass.who,
                at_ms=glass.at_ms,
                until_ms=glass.until_ms,
                reason=glass.reason if own else "",
                name=name_of(person.pseudonym) if own else None,
            )
            Deliveries(self._ports.tables).enqueue(
                f"{glass.id}:{webhook.id}",
                alert_id=glass.id,
                person=person.pseudonym,
                channel=_WEBHOOK,
                recipient=webhook.id,
                body=body,
                now_ms=self._ports.now_ms(),
            )

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
        head = self._ports.state_of(alert.person)
        alert = as_of_now(alert, head, self._ports.forecast)
        trail = Alerts(self._ports.tables).trail(alert.id)
        deliveries = Deliveries(self._ports.tables).of_alert(alert.id)
        told = without_answers(trail)
        view = alert_view(
            alert,
            person,
            told,
            deliveries,
            synthetic=self._ports.synthetic,
            named=lambda actor: known_as(self._ports.tables, actor),
            note_of=lambda actor: Alerts(self._ports.tables).note_of(alert.id, actor),
        )
        return with_question(view, alert, trail, head)
