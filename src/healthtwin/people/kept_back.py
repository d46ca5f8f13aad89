"""What is left of an answer about a person when they keep kinds of data back from whoever reads it.

Kinds are named as in `healthtwin.access.Kind`. What is left out is said, and what stands there instead never
looks like good news: a status that cannot be told is ``unknown``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.access import Kind
from healthtwin.people.views import worst_first

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from healthtwin.people.answers import PersonView

ALERTING: Final = frozenset({"critical", "warning", "info"})
"""What a status says when an alert is open."""


def person_without(view: PersonView, withheld: Collection[str]) -> PersonView:
    """A line of "who needs me now" as somebody may see it from whom these kinds are kept back."""
    if not withheld:
        return view
    left = msgspec.structs.replace(view, withheld=list(withheld))
    if Kind.ALERTS in withheld:
        left = msgspec.structs.replace(
            left,
            status="unknown",
            open_alerts=0,
            closed_by_hand=None,
            alerts_off=False,
            alerts_off_until=None,
        )
    if Kind.VITALS in withheld:
        left = msgspec.structs.replace(
            left,
            status=left.status if left.status in ALERTING else "unknown",
            phase="silent",
            days=0,
            latest=[],
            last_reading_at=None,
            last_vital_at=None,
            news2=None,
            clock_problems=[],
        )
    return left


def people_without(
    views: Iterable[PersonView], withheld: Callable[[str], Collection[str]]
) -> list[PersonView]:
    """A list as somebody may see it, in the order of what they see: the place in a list tells, too.

    Args:
        withheld: what the person with this id keeps back from them.
    """
    return sorted((person_without(view, withheld(view.id)) for view in views), key=worst_first)
