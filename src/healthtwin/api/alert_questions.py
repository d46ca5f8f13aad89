"""What somebody answers when a soft alert asks whether that was unusual for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from healthtwin.api.alerts import ALERT
from healthtwin.domain.errors import Conflict
from healthtwin.notify import AlertView
from healthtwin.routing import Kind, Need, Routes
from healthtwin.web import alert_seen

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask


class SaidUsual(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whether what the alert shows was usual for this person."""

    answer: Literal["usual", "unusual"]


routes = Routes("/api/alerts", tag="alerts")


@routes.post(
    "/{alert_id}/answer",
    need=Need.ACT,
    kind=Kind.ALERTS,
    about=ALERT,
    errors=(Conflict,),
    example={"answer": "usual"},
)
def answer(ask: Ask, house: House, alert: AlertView, body: SaidUsual) -> AlertView:
    """Was that unusual for you? The twin learns from the answer.

    A soft alert (days 31 to 60, `answerable`) asks; any other is a 409. `usual`: the usual range becomes wide
    enough for it, and it takes more to be asked again. `unusual`: none of it is learned, and it takes less.
    The last answer counts.
    """
    return alert_seen(ask, house.notify.answer(ask.grant, alert.id, body.answer))
