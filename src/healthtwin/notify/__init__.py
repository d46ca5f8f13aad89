"""Telling people: from the outbox to alert rows, and over channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.notify.alert_rows import AlertRows
    from healthtwin.notify.alerts import Alerts
    from healthtwin.notify.answers import AlertView, DeliveryView, ReceiverView
    from healthtwin.notify.deciding import LONGEST_NOTE, Decision
    from healthtwin.notify.deliveries import Deliveries, DeliveryStatus
    from healthtwin.notify.exporting import alerts_about
    from healthtwin.notify.kept_back import alert_without
    from healthtwin.notify.room import NotifyRoom
    from healthtwin.notify.trial import add_webhook, try_webhook
    from healthtwin.notify.webhooks import Webhook, Webhooks

__all__ = [
    "LONGEST_NOTE",
    "AlertRows",
    "AlertView",
    "Alerts",
    "Decision",
    "Deliveries",
    "DeliveryStatus",
    "DeliveryView",
    "NotifyRoom",
    "ReceiverView",
    "Webhook",
    "Webhooks",
    "add_webhook",
    "alert_without",
    "alerts_about",
    "try_webhook",
]

__getattr__ = face(
    __name__,
    alert_rows="AlertRows",
    alerts="Alerts",
    answers="AlertView DeliveryView ReceiverView",
    deciding="LONGEST_NOTE Decision",
    kept_back="alert_without",
    deliveries="Deliveries DeliveryStatus",
    exporting="alerts_about",
    room="NotifyRoom",
    trial="add_webhook try_webhook",
    webhooks="Webhook Webhooks",
)
