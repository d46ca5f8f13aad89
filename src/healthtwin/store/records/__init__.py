"""People, access, alerts, deliveries, statements, events and the house's weeks, on SQLite and PostgreSQL."""

from healthtwin.store.records.access import Access, Grant, Minted, Scope, Token
from healthtwin.store.records.alerts import Alerts, StoredAlert, TrailEntry
from healthtwin.store.records.deliveries import Deliveries, DeliveryStatus, Receipt, StoredDelivery
from healthtwin.store.records.events import Events, StoredEvent
from healthtwin.store.records.house_weeks import WEEKS_KEPT, HouseWeek, HouseWeeks
from healthtwin.store.records.pairing import Pairing
from healthtwin.store.records.people import People, Person
from healthtwin.store.records.pharmacy import Pharmacy, StoredFinding
from healthtwin.store.records.records import Records
from healthtwin.store.records.sharing import Share, Sharing
from healthtwin.store.records.statements import Statement, Statements, Subject
from healthtwin.store.records.webhooks import Webhook, Webhooks

__all__ = [
    "WEEKS_KEPT",
    "Access",
    "Alerts",
    "Deliveries",
    "DeliveryStatus",
    "Events",
    "Grant",
    "HouseWeek",
    "HouseWeeks",
    "Minted",
    "Pairing",
    "People",
    "Person",
    "Pharmacy",
    "Receipt",
    "Records",
    "Scope",
    "Share",
    "Sharing",
    "Statement",
    "Statements",
    "StoredAlert",
    "StoredDelivery",
    "StoredEvent",
    "StoredFinding",
    "Subject",
    "Token",
    "TrailEntry",
    "Webhook",
    "Webhooks",
]
