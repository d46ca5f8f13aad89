"""Alerts and what people do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, cast

import msgspec

from healthtwin.api.people import whom
from healthtwin.domain import HOUR_MS, LONGEST_SNOOZE_MS, MINUTE_MS, AlertState
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound, SeenLess
from healthtwin.notify import LONGEST_NOTE, AlertView, Decision
from healthtwin.routing import About, Kind, Need, Routes
from healthtwin.routing.reading import TIME_SCHEMA, time_ms_of
from healthtwin.web import alert_seen, alerts_seen

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


Version = Annotated[int, msgspec.Meta(ge=1, description="of the alert, as it was shown")]


class Seen(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What was on the screen: `seen` is the alert's `version`. Left out, what stands now is meant."""

    seen: Version | None = None


class Snooze(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """For how long to be quiet: `minutes` from now, or `until` an instant; an hour when neither is said.

    A critical alert can be quiet for an hour at most, any other for 24. `seen`: see acknowledge.
    """

    minutes: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SNOOZE_MS // MINUTE_MS)] | None = None
    until: Annotated[int | str | None, msgspec.Meta(extra_json_schema=TIME_SCHEMA)] = None
    seen: Version | None = None


class Closing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why it is closed, where its signs stand still; `seen`: see acknowledge."""

    seen: Version | None = None
    reason: Literal["treated", "measuring_error", "usual_for_them", "other"] | None = None
    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] | None = None


class Nothing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A body without fields; it may be left out."""


routes = Routes("/api/alerts", tag="alerts")


@routes.get("", need=Need.KNOWN, errors=(NotFound,), summary="Alerts, the newest first")
def alerts(ask: Ask, house: House, query: Which) -> list[AlertView]:
    """Episodes of the people you cover; of one person or in one state when you say so."""
    return alerts_seen(ask, house.notify.alerts(whom(ask, house, query.person), query.state))


@routes.get(
    "/{alert_id}", need=Need.READ, kind=Kind.ALERTS, about=ALERT, summary="One alert with its evidence"
)
def alert(ask: Ask, alert: AlertView) -> AlertView:
    """What was seen, against which usual, what was sent to whom, what to do."""
    return alert_seen(ask, alert)


@routes.post(
    "/{alert_id}/acknowledge",
    need=Need.ACT,
    kind=Kind.ALERTS,
    about=ALERT,
    body_optional=True,
    errors=(Conflict,),
)
def acknowledge(ask: Ask, house: House, alert: AlertView, body: Seen) -> AlertView:
    """I have seen it: quiet until something new or clearly worse comes.

    409 with `alert` and `new` where more stands than was seen.
    """
    return _decided(ask, house, alert, Decision("acknowledge", body.seen))


@routes.post(
    "/{alert_id}/snooze", need=Need.ACT, kind=Kind.ALERTS, about=ALERT, body_optional=True, errors=(Conflict,)
)
def snooze(ask: Ask, house: House, alert: AlertView, body: Snooze) -> AlertView:
    """Quiet for a while; something new or clearly worse breaks it."""
    until_ms = _until_ms(body, house.now_ms())
    field, value = ("minutes", body.minutes) if body.until is None else ("until", body.until)
    return _decided(ask, house, alert, Decision("snooze", body.seen, until_ms, field, value))


@routes.post(
    "/{alert_id}/resolve",
    need=Need.ACT,
    kind=Kind.ALERTS,
    about=ALERT,
    body_optional=True,
    errors=(Conflict,),
)
def resolve(ask: Ask, house: House, alert: AlertView, body: Closing) -> AlertView:
    """Close it; while its signs stand, the person is shown as closed by hand, and it can be opened again."""
    decision = Decision("resolve", body.seen, reason=body.reason or "", note=(body.note or "").strip())
    return _decided(ask, house, alert, decision)


@routes.post(
    "/{alert_id}/reopen",
    need=Need.ACT,
    kind=Kind.ALERTS,
    about=ALERT,
    body=Nothing,
    body_optional=True,
    errors=(Conflict,),
)
def reopen(ask: Ask, house: House, alert: AlertView) -> AlertView:
    """Take back a close by hand, while its signs stand."""
    return _decided(ask, house, alert, Decision("reopen"))


def _decided(ask: Ask, house: House, alert: AlertView, decision: Decision) -> AlertView:
    try:
        return alert_seen(ask, house.notify.act(ask.grant, alert.id, decision))
    except SeenLess as error:
        shown = alert_seen(ask, cast("AlertView", error.alert))
        new = () if Kind.VITALS in shown.withheld else error.new
        raise SeenLess(str(error), shown, new) from error


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
