"""Alerts and what people do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from healthtwin.api.people import whom
from healthtwin.domain import HOUR_MS, LONGEST_SNOOZE_MS, MINUTE_MS, AlertState
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound
from healthtwin.notify import AlertView
from healthtwin.routing import About, Need, Routes
from healthtwin.routing.reading import TIME_SCHEMA, time_ms_of

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask

DEFAULT_SNOOZE_MIN: Final = 60

ALERT: Final = About(
    "alert_id", "alert", "no such alert", lambda house, alert_id: house.notify.alert(alert_id)
)


class Which(msgspec.Struct, frozen=True):
    """Of one person, or in one state; left out: all."""

    person: str | None = None
    state: AlertState | None = None


class Nothing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A body without fields; it may be left out."""


class Snooze(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """For how long to be quiet: `minutes` from now, or `until` an instant; an hour when neither is said."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SNOOZE_MS // MINUTE_MS)] | None = None
    until: Annotated[int | str | None, msgspec.Meta(extra_json_schema=TIME_SCHEMA)] = None


routes = Routes("/api/alerts", tag="alerts")


@routes.get("", need=Need.KNOWN, errors=(NotFound,), summary="Alerts, the newest first")
def alerts(ask: Ask, house: House, query: Which) -> list[AlertView]:
    """Episodes of the people you cover; of one person or in one state when you say so."""
    return house.notify.alerts(whom(ask, house, query.person), query.state)


@routes.get("/{alert_id}", need=Need.READ, about=ALERT, summary="One alert with its evidence")
def alert(alert: AlertView) -> AlertView:
    """What was seen, against which usual, what was sent to whom, what to do."""
    return alert


@routes.post(
    "/{alert_id}/acknowledge",
    need=Need.ACT,
    about=ALERT,
    body=Nothing,
    body_optional=True,
    errors=(Conflict,),
)
def acknowledge(ask: Ask, house: House, alert: AlertView) -> AlertView:
    """I have seen it: quiet until it resolves and recurs, or gets worse."""
    return house.notify.act(ask.grant, alert.id, "acknowledge")


@routes.post("/{alert_id}/snooze", need=Need.ACT, about=ALERT, body_optional=True, errors=(Conflict,))
def snooze(ask: Ask, house: House, alert: AlertView, body: Snooze) -> AlertView:
    """Quiet for a while; a worse level breaks it."""
    return house.notify.act(ask.grant, alert.id, "snooze", _until_ms(body, house.now_ms()))


@routes.post(
    "/{alert_id}/resolve", need=Need.ACT, about=ALERT, body=Nothing, body_optional=True, errors=(Conflict,)
)
def resolve(ask: Ask, house: House, alert: AlertView) -> AlertView:
    """It is over."""
    return house.notify.act(ask.grant, alert.id, "resolve")


def _until_ms(wanted: Snooze, now_ms: int) -> int:
    if wanted.until is None:
        minutes = DEFAULT_SNOOZE_MIN if wanted.minutes is None else wanted.minutes
        return now_ms + minutes * MINUTE_MS
    if wanted.minutes is not None:
        raise InvalidInput("until", wanted.until, "either minutes or until")
    until_ms = time_ms_of("until", wanted.until)
    if until_ms is None or not now_ms < until_ms <= now_ms + LONGEST_SNOOZE_MS:
        raise InvalidInput(
            "until", wanted.until, f"a time from now to {LONGEST_SNOOZE_MS // HOUR_MS} hours ahead"
        )
    return until_ms
