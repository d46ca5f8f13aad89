"""Commands that read people's data, or change who may, stand in the audit as acts of the console."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from healthtwin.store import Home, Tables


def note(
    home: Home,
    what: str,
    *,
    person: str | None = None,
    people: Iterable[str] = (),
    kind: str = "",
    purpose: str = "operation",
    alarm: str = "",
) -> None:
    """Write down what a command is about to do; it goes on only once that is durable.

    Args:
        home: whose audit.
        what: the command; a constant text, "console …".
        person, people: pseudonyms of those it is about.
        kind: of data. purpose: what for. alarm: the operator is told, by this word.

    Raises:
        Unrecorded: it cannot be written down.
    """
    from healthtwin.access import CONSOLE, Audit

    with closing(Audit(home)) as audit:
        audit.note(
            CONSOLE, person, what, purpose, people=people, kind=kind, alarm=alarm, waited=True
        ).result()


def note_if_possible(
    home: Home, what: str, *, person: str | None = None, people: Iterable[str] = (), alarm: str = ""
) -> None:
    """As `note`, for what must be possible whatever state the audit is in."""
    from healthtwin.domain.errors import HealthTwinError

    try:
        note(home, what, person=person, people=people, alarm=alarm)
    except (HealthTwinError, OSError):
        return


def note_grant(
    home: Home, tables: Tables, what: str, people: Sequence[str], *, admin: bool, everybody: bool = False
) -> None:
    """Write down that somebody was given access; a new administrator is told to the operator.

    Args:
        home: whose audit. tables: of that home.
        what: the command. people: ids of whom it is about; everybody: of all of them.
        admin: whether it makes an administrator.
    """
    from healthtwin.store.people import People

    seen = [each.pseudonym for each in People(tables).list()] if everybody else pseudonyms_of(tables, people)
    note_if_possible(home, what, people=seen, alarm="new-admin" if admin else "")


def pseudonyms_of(tables: Tables, people: Sequence[str]) -> list[str]:
    """What the people with these ids are called in the audit."""
    from healthtwin.store.people import People

    known = People(tables)
    return [known.get(each).pseudonym for each in people]
