"""Answers that hold several kinds of data or several people, as whoever asks may see them.

What people keep back is left out and said (`withheld`); whoever is nothing to the asker is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.notify import alert_without
from healthtwin.people import BackgroundView, RiskView, TwinView, people_without
from healthtwin.routing import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from healthtwin.house import House
    from healthtwin.notify import AlertView
    from healthtwin.people import PersonView
    from healthtwin.routing import Ask


def people_seen(ask: Ask, house: House) -> list[PersonView]:
    """Everybody whom the asker may see, worst off first as far as they may see that."""
    people = (view for view in house.people.list(ask.people) if ask.sees(view.id))
    return people_without(people, ask.withheld)


def alert_seen(ask: Ask, alert: AlertView) -> AlertView:
    """An alert whose kind the policy has let through."""
    return alert_without(alert, ask.withheld(alert.person))


def alerts_seen(ask: Ask, alerts: Iterable[AlertView]) -> list[AlertView]:
    """Those of these alerts that the asker may see."""
    return [alert_seen(ask, alert) for alert in alerts if ask.sees(alert.person, Kind.ALERTS)]


def no_twin(person_id: str) -> TwinView:
    """Of somebody who keeps their readings back."""
    return TwinView(person_id, "silent", 0, None, [])


def no_risk(person_id: str) -> RiskView:
    """Of somebody who keeps their readings back: nothing is said, and nothing is called fine."""
    return RiskView(person_id, None, stale=True, risks=[])


def no_background(person_id: str) -> BackgroundView:
    """Of somebody who keeps their history back."""
    return BackgroundView(person_id, (), (), (), (), 0, None)
