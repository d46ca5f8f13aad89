"""People, access, alerts, deliveries, webhooks, medicines and genes, the same on SQLite and PostgreSQL."""

from healthtwin.store.records.access import Access, Grant, Minted, Scope, Token
from healthtwin.store.records.alerts import AlertChange, Alerts, StoredAlert, TrailEntry
from healthtwin.store.records.deliveries import Deliveries, DeliveryStatus, Receipt, StoredDelivery
from healthtwin.store.records.people import People, Person
from healthtwin.store.records.pharmacy import Pharmacy, Statement, StoredFinding, Subject
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
    "Pharmacy",
    "Receipt",
    "Records",
    "Scope",
    "Statement",
    "StoredAlert",
    "StoredDelivery",
    "StoredFinding",
    "Subject",
    "Token",
    "TrailEntry",
    "Webhook",
    "Webhooks",
]
