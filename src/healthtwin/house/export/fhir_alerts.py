"""Alerts as FHIR R4: a DetectedIssue each, and a Communication for everybody who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin.house.export.entries import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from healthtwin.house.export.entries import Addresses
    from healthtwin.notify import AlertView

_SEVERITY: Final[Mapping[str, str]] = {"critical": "high", "warning": "moderate", "info": "low"}

_OUTCOME: Final[Mapping[str, str]] = {
    "delivered": "completed",
    "pending": "in-progress",
    "failed": "not-done",
}
"""A delivery's status as one of FHIR's EventStatus."""


def alerts_told(at: Addresses, alerts: Iterable[AlertView]) -> Iterator[dict[str, Any]]:
    """Each alert, then whom it was sent to."""
    for alert in alerts:
        issue: dict[str, Any] = {
            "resourceType": "DetectedIssue",
            "id": alert.id,
            "status": "preliminary" if alert.resolved_at is None else "final",
            "code": {"text": alert.summary},
            "severity": _SEVERITY[alert.level],
            "patient": at.patient,
            "identifiedDateTime": instant(alert.raised_at),
        }
        if alert.evidence:
            issue["detail"] = " ".join(fact.text for fact in alert.evidence)
        if alert.acknowledged_at is not None:
            issue["mitigation"] = [
                {"action": {"text": "acknowledged"}, "date": instant(alert.acknowledged_at)}
            ]
        yield issue
        for number, delivery in enumerate(alert.deliveries, 1):
            sent: dict[str, Any] = {
                "resourceType": "Communication",
                "id": f"{alert.id}-told-{number}"[:64],
                "status": _OUTCOME.get(delivery.status, "unknown"),
                "medium": [{"text": delivery.channel}],
                "subject": at.patient,
                "about": [at.to("DetectedIssue", alert.id)],
                "recipient": [{"display": delivery.recipient}],
            }
            if delivery.status == "delivered":
                sent["sent"] = instant(delivery.updated_at)
            yield sent
