"""Who looked, a day at a time: entries of the audit as the person reads them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from healthtwin.access.relations.answers import LookedView
from healthtwin.domain import from_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from healthtwin.access.relations.break_glass import Glass


def looked_views(
    entries: Iterable[Mapping[str, Any]],
    broken: Sequence[Glass],
    zone: ZoneInfo,
    named: Callable[[str], str],
    relations: Mapping[str, str] = MappingProxyType({}),
) -> list[LookedView]:
    """Entries about one person by day, who, relation, kind and result; the newest day first.

    Args:
        entries: of the audit (`healthtwin.access.audit`). broken: glass of this person.
        zone: whose days are counted. named: what the house calls a grant; empty: it is gone.
        relations: of grants as they are now, for looks at a list, which is about nobody in particular.

    >>> from zoneinfo import ZoneInfo
    >>> look = {"who": "g-bo", "at": 0, "result": "allowed", "relation": "family", "kind": "vitals"}
    >>> again = {**look, "again": 4, "until": 60_000}
    >>> (view,) = looked_views([look, again], [], ZoneInfo("UTC"), lambda _: "Bo")
    >>> view.day, view.who, view.kind, view.count, view.last_at
    ('1970-01-01', 'Bo', 'vitals', 5, 60000)
    """
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for entry in entries:
        at_ms, grant_id = int(entry["at"]), str(entry["who"])
        last_ms = int(entry.get("until", at_ms))
        glass = any(
            each.grant_id == grant_id and each.at_ms <= at_ms < (each.ended_ms or each.until_ms)
            for each in broken
        )
        key = (
            from_ms(at_ms).astimezone(zone).date().isoformat(),
            grant_id,
            str(entry.get("relation") or relations.get(grant_id, "")),
            str(entry.get("kind", "")),
            str(entry["result"]),
            "glass" if glass else "",
        )
        count, latest_ms = found.get(key, (0, 0))
        found[key] = (count + int(entry.get("again", 1)), max(latest_ms, last_ms))
    views = [
        LookedView(day, grant_id, named(grant_id), relation, kind, count, last_ms, result, glass != "")
        for (day, grant_id, relation, kind, result, glass), (count, last_ms) in found.items()
    ]
    return sorted(views, key=lambda view: (view.last_at, view.grant, view.kind), reverse=True)
