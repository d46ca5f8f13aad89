"""Alerts as the API and the portal show them: the episode in words, evidence, advice, deliveries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from healthtwin.domain import METRICS
from healthtwin.episodes import VITALS_KEY, Verb, shown_signs, sign_said, standing_signs
from healthtwin.episodes.words import advice, closing, summary
from healthtwin.notify.answers import AlertView, ClosedByHand, DeliveryView, SignView
from healthtwin.pipeline import facts_of
from healthtwin.words import advice_view, evidence_view, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from healthtwin.domain import Sign
    from healthtwin.forecast import Forecast
    from healthtwin.notify.alerts import ClosingNote, StoredAlert, TrailEntry
    from healthtwin.notify.deliveries import StoredDelivery
    from healthtwin.store.people import Person


def alert_view(
    alert: StoredAlert,
    person: Person,
    trail: Sequence[TrailEntry],
    deliveries: Sequence[StoredDelivery],
    *,
    synthetic: bool,
    named: Callable[[str], str],
    note_of: Callable[[str], ClosingNote],
) -> AlertView:
    """An episode as it is shown, with what became of it and whom it reached.

    Args:
        trail: of the episode, oldest entry first, at least one. synthetic: whether everybody is simulated.
        named: what people call an actor. note_of: why an actor closed it.
    """
    acknowledged = [entry for entry in trail if entry.verb == Verb.ACKNOWLEDGED]
    standing = shown_signs(alert.standing)
    rules = [sign.rule for sign in standing] or [alert.rule]
    said = summary(alert.level, rules, alert.dedup_key, Verb(trail[-1].verb))
    closes = closing(alert.level, rules, alert.dedup_key) if alert.resolved_ms is None else None
    return AlertView(
        id=alert.id,
        person=person.id,
        person_name=person.name,
        level=alert.level.word,
        state=alert.state.value,
        rule=alert.rule,
        dedup_key=alert.dedup_key,
        summary=say(said),
        said=said,
        started_at=alert.started_ms,
        raised_at=alert.raised_ms,
        updated_at=alert.updated_ms,
        resolved_at=alert.resolved_ms,
        snoozed_until=alert.snoozed_until_ms,
        acknowledged_at=acknowledged[-1].at_ms if acknowledged else None,
        evidence=[evidence_view(fact) for fact in alert.evidence],
        advice=[advice_view(step) for step in advice(alert.level, rules, alert.dedup_key)],
        deliveries=[_delivery(each) for each in deliveries],
        synthetic=synthetic,
        version=alert.version,
        within_h=alert.within_h,
        standing=[sign_view(sign) for sign in standing],
        acknowledged_by=named(acknowledged[-1].actor) if acknowledged else None,
        closed_by_hand=_closed(trail, note_of, named) if alert.resolved_ms is not None else None,
        closes="" if closes is None else say(closes),
        closes_said=closes,
    )


def as_of_now(alert: StoredAlert, head: np.void | None, forecast: Forecast) -> StoredAlert:
    """An open alert with the newest value of whatever stands: what came since it was told last may be worse.

    Args:
        head: the person's newest state; None for somebody unheard of. forecast: what wrote it.
    """
    if head is None or alert.dedup_key != VITALS_KEY or alert.resolved_ms is not None:
        return alert
    episode = head[VITALS_KEY]
    if int(episode["started_ms"]) != alert.started_ms or not int(head["ladder"]["read_s"].max()):
        return alert
    standing = standing_signs(episode, head["ladder"])
    if not standing or standing == alert.standing:
        return alert
    return replace(alert, standing=standing, evidence=facts_of(forecast, head) or alert.evidence)


def news_since(trail: Sequence[TrailEntry], seen: int) -> list[SignView]:
    """What was told of an alert after this version."""
    signs = [sign for entry in trail if entry.version > seen for sign in entry.news]
    newest = {(sign.rule, sign.metric): sign for sign in signs}
    return [sign_view(sign) for sign in shown_signs(newest.values())]


def sign_view(sign: Sign) -> SignView:
    """A sign in the language that is being spoken."""
    said = sign_said(sign)
    unit = None if sign.metric is None else METRICS[sign.metric].unit
    return SignView(sign.rule, say(said), said, sign.metric, sign.value, unit, sign.time_ms)


def _closed(
    trail: Sequence[TrailEntry], note_of: Callable[[str], ClosingNote], named: Callable[[str], str]
) -> ClosedByHand | None:
    ends = [entry for entry in trail if entry.verb in (Verb.CLOSED, Verb.RESOLVED, Verb.WITHDRAWN)]
    if not ends or ends[-1].verb != Verb.CLOSED:
        return None
    said = note_of(ends[-1].actor)
    return ClosedByHand(named(ends[-1].actor), ends[-1].at_ms, said.reason or None, said.note or None)


def _delivery(delivery: StoredDelivery) -> DeliveryView:
    return DeliveryView(
        channel=delivery.channel,
        recipient=delivery.recipient,
        status=delivery.status.value,
        attempts=delivery.attempts,
        updated_at=delivery.updated_ms,
    )
