"""Alerts as the API and the portal show them: the episode in words, evidence, advice, deliveries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from healthtwin.domain import METRICS, AlertState
from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.episodes import Verb
from healthtwin.episodes.words import advice, summary
from healthtwin.notify.answers import AlertView, DeliveryView
from healthtwin.words.evidence import AdviceView, EvidenceView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from healthtwin.domain import Evidence
    from healthtwin.people.directory import Directory
    from healthtwin.store import Records
    from healthtwin.store.records import Person, StoredAlert, StoredDelivery

OPEN_STATES: Final = (AlertState.TRIGGERED, AlertState.ACKNOWLEDGED, AlertState.SNOOZED)


class AlertViews:
    """Reads alerts for people who may see them.

    Args:
        records: the stored episodes, their trails and deliveries.
        directory: whose they are.
        synthetic: whether everybody here is simulated.
    """

    def __init__(self, records: Records, directory: Directory, *, synthetic: bool) -> None:
        self._records = records
        self._directory = directory
        self._synthetic = synthetic

    def list(self, person_ids: frozenset[str] | None, state: str | None) -> list[AlertView]:
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

    def get(self, alert_id: str) -> AlertView:
        """One episode, by the id it has or had.

        Raises:
            NotFound: no such alert, or its person was erased.
        """
        view = self._view(self._records.alerts.get(alert_id))
        if view is None:
            raise NotFound("no such alert")
        return view

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
        acknowledged = [entry.at_ms for entry in trail if entry.verb == "acknowledged"]
        return AlertView(
            id=alert.id,
            person=person.id,
            person_name=person.name,
            level=alert.level.word,
            state=alert.state.value,
            rule=alert.rule,
            dedup_key=alert.dedup_key,
            summary=summary(alert.level, alert.rule, alert.dedup_key, Verb(trail[-1].verb)),
            started_at=alert.started_ms,
            raised_at=alert.raised_ms,
            updated_at=alert.updated_ms,
            resolved_at=alert.resolved_ms,
            snoozed_until=alert.snoozed_until_ms,
            acknowledged_at=acknowledged[-1] if acknowledged else None,
            evidence=[_evidence(fact) for fact in alert.evidence],
            advice=[
                AdviceView(step.action, step.source)
                for step in advice(alert.level, alert.rule, alert.dedup_key)
            ],
            deliveries=[_delivery(d) for d in self._records.deliveries.of_alert(alert.id)],
            synthetic=self._synthetic,
        )


def _evidence(fact: Evidence) -> EvidenceView:
    return EvidenceView(
        text=fact.text,
        source=fact.source,
        metric=fact.metric,
        value=fact.value,
        unit=None if fact.metric is None else METRICS[fact.metric].unit,
        expected=fact.expected,
        spread=fact.spread,
        at=fact.time_ms,
    )


def _delivery(delivery: StoredDelivery) -> DeliveryView:
    return DeliveryView(
        channel=delivery.channel,
        recipient=delivery.recipient,
        status=delivery.status.value,
        attempts=delivery.attempts,
        updated_at=delivery.updated_ms,
    )
