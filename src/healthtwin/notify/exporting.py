"""What of a person's alerts leaves the house with them: in words, with who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.access import known_as
from healthtwin.notify.alert_answers import alert_view
from healthtwin.notify.alerts import Alerts
from healthtwin.notify.deliveries import Deliveries
from healthtwin.notify.questions import without_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.notify.alerts import ClosingNote
    from healthtwin.notify.answers import AlertView
    from healthtwin.store import Tables
    from healthtwin.store.people import Person


def alerts_about(tables: Tables, person: Person, *, synthetic: bool) -> Iterator[AlertView]:
    """Every alert about somebody as it stands in the rows, newest first, in the language being spoken.

    It needs no running house; so an open alert shows what was told last, not what was measured since.
    """
    alerts, deliveries = Alerts(tables), Deliveries(tables)
    for alert in alerts.list(people=[person.pseudonym]):

        def note_of(actor: str, alert_id: str = alert.id) -> ClosingNote:
            return alerts.note_of(alert_id, actor)

        trail = without_answers(alerts.trail(alert.id))
        if trail:
            yield alert_view(
                alert,
                person,
                trail,
                deliveries.of_alert(alert.id),
                synthetic=synthetic,
                named=lambda actor: known_as(tables, actor),
                note_of=note_of,
            )
