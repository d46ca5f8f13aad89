"""What is left of an alert when its person keeps their readings back from whoever is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.access import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from healthtwin.notify.answers import AlertView


def alert_without(alert: AlertView, withheld: Collection[str]) -> AlertView:
    """An alert as somebody may see it from whom these kinds are kept back.

    That there is one, how grave it is, by which rule, and what to do is the alert; what was measured is not.
    """
    if not withheld:
        return alert
    left = msgspec.structs.replace(alert, withheld=list(withheld))
    if Kind.VITALS in withheld:
        left = msgspec.structs.replace(left, evidence=[], standing=[])
    return left
