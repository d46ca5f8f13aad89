"""Commands that read people's data, or change who may, stand in the audit as acts of the console."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from healthtwin.store import Home


def note(
    home: Home,
    what: str,
    *,
    person: str | None = None,
    people: Iterable[str] = (),
    kind: str = "",
    alarm: str = "",
) -> None:
    """Write down what a command is about to do; it goes on only once that is durable.

    Args:
        home: whose audit.
        what: the command; a constant text, "console …".
        person, people: pseudonyms of those it is about.
        kind: of data. alarm: the operator is told, by this word.

    Raises:
        Unrecorded: it cannot be written down.
    """
    from healthtwin.access import CONSOLE, Audit

    with closing(Audit(home)) as audit:
        audit.note(
            CONSOLE, person, what, "operation", people=people, kind=kind, alarm=alarm, waited=True
        ).result()


def note_if_possible(home: Home, what: str, *, person: str | None = None, alarm: str = "") -> None:
    """As `note`, for what must be possible whatever state the audit is in."""
    from healthtwin.domain.errors import HealthTwinError

    try:
        note(home, what, person=person, alarm=alarm)
    except (HealthTwinError, OSError):
        return


def note_by_id(home: Home, what: str, person_id: str, *, kind: str = "") -> None:
    """As `note`, about the person with this id; nothing is said where there is none."""
    from healthtwin.domain.errors import NotFound
    from healthtwin.store import Tables
    from healthtwin.store.people import People

    with Tables.of(home) as tables:
        try:
            pseudonym = People(tables).get(person_id).pseudonym
        except NotFound:
            return
    note(home, what, person=pseudonym, kind=kind)
