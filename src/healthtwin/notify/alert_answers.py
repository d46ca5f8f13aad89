"""Alerts as the API and the portal show them: the episode in words, evidence, advice, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain.rules import within_h_of
from healthtwin.episodes import Verb
from healthtwin.episodes.words import advice, summary
from healthtwin.notify.answers import AlertView, DeliveryView
from healthtwin.words import advice_view, evidence_view, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.notify.alerts import StoredAlert, TrailEntry
    from healthtwin.notify.deliveries import StoredDelivery
    from healthtwin.store.people import Person


def alert_view(
    alert: StoredAlert,
    person: Person,
    trail: Sequence[TrailEntry],
    deliveries: Sequence[StoredDelivery],
    *,
    synthetic: bool,
) -> AlertView:
    """An episode as it is shown, with what became of it and whom it reached.

    Args:
        trail: of the episode, oldest entry first, at least one. synthetic: whether everybody is simulated.
    """
    acknowledged = [entry.at_ms for entry in trail if entry.verb == "acknowledged"]
    said = summary(alert.level, alert.rule, alert.dedup_key, Verb(trail[-1].verb))
    return AlertView(
        id=alert.id,
        person=person.id,
        person_name=person.name,
        level=alert.level.word,
        state=alert.state.value,
        rule=alert.rule,
        within_h=within_h_of(alert.level, (alert.rule,)),
        dedup_key=alert.dedup_key,
        summary=say(said),
        said=said,
        started_at=alert.started_ms,
        raised_at=alert.raised_ms,
        updated_at=alert.updated_ms,
        resolved_at=alert.resolved_ms,
        snoozed_until=alert.snoozed_until_ms,
        acknowledged_at=acknowledged[-1] if acknowledged else None,
        evidence=[evidence_view(fact) for fact in alert.evidence],
        advice=[advice_view(step) for step in advice(alert.level, alert.rule, alert.dedup_key)],
        deliveries=[_delivery(each) for each in deliveries],
        synthetic=synthetic,
    )


def _delivery(delivery: StoredDelivery) -> DeliveryView:
    return DeliveryView(
        channel=delivery.channel,
        recipient=delivery.recipient,
        status=delivery.status.value,
        attempts=delivery.attempts,
        updated_at=delivery.updated_ms,
    )
