"""What is answered about alerts. A field named `…_at` holds epoch milliseconds UTC."""

from __future__ import annotations

from typing import Literal

import msgspec

from healthtwin.domain import Said
from healthtwin.words.evidence import AdviceView, EvidenceView


class DeliveryView(msgspec.Struct, frozen=True):
    """One recipient over one channel: `status` is ``pending``, ``delivered`` or ``failed``."""

    channel: str
    recipient: str
    status: str
    attempts: int
    updated_at: int


class ReceiverView(msgspec.Struct, frozen=True):
    """A webhook and how it does.

    Attributes:
        host: of its URL, with the port when it has one; the path may be a secret. person: whose alerts; None:
            everybody's.
        waiting: messages still to be tried. given_up: in the last 24 hours; given_up_at: the newest of them.
        failing_since: since when nothing arrives there; None while it answers.
        last: what came of the last attempt that failed, empty where none did.
    """

    id: str
    host: str
    person: str | None
    active: bool
    waiting: int
    failing_since: int | None
    given_up: int
    given_up_at: int | None
    last: str


class AlertView(msgspec.Struct, frozen=True):
    """An episode as the API and the portal show it.

    Attributes:
        id: ``a-…``; a renamed episode answers under its former ids too.
        level: ``critical``, ``warning`` or ``info``.
        state: ``triggered``, ``acknowledged``, ``snoozed`` or ``resolved``.
        rule: what opened it; dedup_key: what may be open only once at a time.
        summary: one sentence for the card's head; said: the same as a code and facts.
        within_h: of a warning, within how many hours somebody must see the person (2 or 24); else null.
        started_at: first sign (event time); raised_at: when it was told; updated_at: last change.
        answerable: whether it asks if this was unusual for the person, and takes an answer now.
        answer: what was answered last, ``usual`` or ``unusual``; null where nobody did.
    """

    id: str
    person: str
    person_name: str
    level: str
    state: str
    rule: str
    dedup_key: str
    summary: str
    said: Said
    started_at: int
    raised_at: int
    updated_at: int
    resolved_at: int | None
    snoozed_until: int | None
    acknowledged_at: int | None
    evidence: list[EvidenceView]
    advice: list[AdviceView]
    deliveries: list[DeliveryView]
    synthetic: bool = False
    within_h: int | None = None
    answerable: bool = False
    answer: Literal["usual", "unusual"] | None = None
