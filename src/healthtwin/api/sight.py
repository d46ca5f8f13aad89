"""What the reader of an open stream may see: judged anew at each event, and never more than at its beginning.

A stream ends as soon as its reader may see less than when it began, or something else: the browser comes
back with what it may see then. So nothing that was taken back is told after the record that took it back, and
the reader learns of it also where nothing happens for a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.access import kinds_seen, wall_ms
from healthtwin.domain.errors import Forbidden
from healthtwin.notify import AlertView, alert_without
from healthtwin.people import PersonView, person_without
from healthtwin.routing import Kind

if TYPE_CHECKING:
    from healthtwin.house import LiveEvent
    from healthtwin.routing import Ask

KIND_OF_EVENT: Final = {
    "reading": Kind.VITALS,
    "alert": Kind.ALERTS,
    "person": Kind.PROFILE,
    "findings": Kind.GENES,
    "event": Kind.TIMELINE,
    "deleted": Kind.PROFILE,
    "access": Kind.PROFILE,
}
"""What the events of the feed are about; one that does not stand here is told to nobody."""


class Sight:
    """How far the reader of one stream sees.

    Args:
        ask: the request that opened it, renewed (`Ask.require_still_valid`) before each question.
        people: whom it follows; None: everybody whom the asker names, whoever comes later too.
    """

    def __init__(self, ask: Ask, people: frozenset[str] | None) -> None:
        self._ask = ask
        self._people = people
        self._began = ask.grant
        self._ties = ask.grant.ties
        self._holds_until_ms = ask.grant.changes_at(wall_ms())
        self._seen: dict[str, frozenset[Kind]] = {person: ask.kinds(person) for person in people or ()}

    def of(self, event: LiveEvent | None) -> LiveEvent | None:
        """An event as the reader may see it; None: not at all. Without one, they are only judged.

        Raises:
            Forbidden: they may see less by now than when they opened the stream, or something else.
        """
        self._require_unchanged()
        if event is None or not event.person:
            return event
        kind = KIND_OF_EVENT.get(event.event)
        kinds = self._seen.get(event.person)
        if kinds is None:  # of somebody who is followed since they came
            kinds = self._seen[event.person] = self._ask.kinds(event.person)
        elif kinds != self._ask.kinds(event.person):
            raise Forbidden("access to this person changed")
        if kind is None or kind not in kinds:
            return None
        return self._narrowed(event)

    def _require_unchanged(self) -> None:
        """Judge everybody anew when anything was stated or ended by the clock; else all stands as it was."""
        grant, now_ms = self._ask.grant, wall_ms()
        until_ms = self._holds_until_ms
        if grant.ties is self._ties and (until_ms is None or now_ms < until_ms):
            return
        followed = self._seen if self._people is not None else {*self._seen, *grant.ties}
        for person in followed:
            before = self._seen.get(person) or kinds_seen(self._began, person, now_ms)
            if before != self._ask.kinds(person):
                raise Forbidden("access to this person changed")
        self._ties, self._holds_until_ms = grant.ties, grant.changes_at(now_ms)

    def _narrowed(self, event: LiveEvent) -> LiveEvent:
        """What holds several kinds of data, without those that are kept back."""
        withheld = self._ask.withheld(event.person)
        if not withheld or event.event not in {"person", "alert"}:
            return event
        if event.event == "person":
            line = msgspec.json.decode(event.data, type=PersonView)
            return msgspec.structs.replace(event, data=msgspec.json.encode(person_without(line, withheld)))
        alert = msgspec.json.decode(event.data, type=AlertView)
        return msgspec.structs.replace(event, data=msgspec.json.encode(alert_without(alert, withheld)))
