"""People, access, alerts, deliveries and webhooks in tables, the same on SQLite and PostgreSQL."""

from healthtwin.store.records.access import Access, Grant, Minted, Scope, Token
from healthtwin.store.records.alerts import AlertChange, Alerts, StoredAlert, TrailEntry
from healthtwin.store.records.deliveries import Deliveries, DeliveryStatus, Receipt, StoredDelivery
from healthtwin.store.records.people import People, Person
from healthtwin.store.records.records import Records
from healthtwin.store.records.webhooks import Webhook, Webhooks

__all__ = [
    "Access",
    "AlertChange",
    "Alerts",
    "Deliveries",
    "DeliveryStatus",
    "Grant",
    "Minted",
    "People",
    "Person",
    "Receipt",
    "Records",
    "Scope",
    "StoredAlert",
    "StoredDelivery",
    "Token",
    "TrailEntry",
    "Webhook",
    "Webhooks",
]
