"""What is answered about alerts. A field named `…_at` holds epoch milliseconds UTC."""

from __future__ import annotations

from typing import Literal

import msgspec

from healthtwin.domain import Said
from healthtwin.words.evidence import AdviceView, EvidenceView


class DeliveryView(msgspec.Struct, frozen=True):
    """One recipient over one channel: `status` is ``pending``, ``delivered``, ``failed`` or ``withheld``."""

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


class SignView(msgspec.Struct, frozen=True):
    """One sign of an alert with its newest value.

    Attributes:
        rule: name of the rule that speaks of it. text: it in words; said: the same as a code and facts.
        metric, value, unit, at: what was measured; null where no single value stands behind it.
    """

    rule: str
    text: str
    said: Said
    metric: str | None = None
    value: float | None = None
    unit: str | None = None
    at: int | None = None


class ClosedByHand(msgspec.Struct, frozen=True):
    """Who closed an alert, and why.

    Attributes:
        by: their token's label, or its scope. reason: ``treated``, ``measuring_error``, ``usual_for_them``,
            ``other``, or null where they did not say. note: in their words.
    """

    by: str
    at: int
    reason: str | None = None
    note: str | None = None


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
        version: 1 at first, one more whenever something is told; a verb that names an older one as `seen` is
            answered with what is new.
        standing: signs that stand, gravest first. acknowledged_by: label or scope of who did, the last time.
        closed_by_hand: null unless somebody closed it. closes: what would close it; empty once it is closed.
        withheld: kinds of data that the person keeps back from the asker: without ``vitals`` there is neither
            evidence nor a sign with its value.
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
    version: int = 1
    within_h: int | None = None
    answerable: bool = False
    answer: Literal["usual", "unusual"] | None = None
    standing: list[SignView] = msgspec.field(default_factory=list)
    acknowledged_by: str | None = None
    closed_by_hand: ClosedByHand | None = None
    closes: str = ""
    closes_said: Said | None = None
    withheld: list[str] = []
