"""Who may do what: one table, asked by every route; what does not stand in it is refused.

>>> print(policy_table())
need      device  person  family  clinician  admin   about
known     yes     yes     yes     yes        yes     nobody in particular
read      yes     yes     yes     yes        yes     a person covered
act       -       yes     yes     yes        yes     a person covered
state     -       yes     -       yes        yes     a person covered
send      sender  sender  -       -          sender  nobody in particular
tell      sender  sender  -       -          sender  a person covered
share     -       yes     -       -          yes     a person covered
erase     -       yes     -       -          yes     a person covered
operate   -       -       -       -          yes     nobody in particular

A sender has a device that its sequences are counted under; whom readings are about stands in each row, and
is judged there. A `person` grant covers that person and nobody else, so what it may do about people whom it
covers it may do about themselves. Somebody who is not covered is answered like somebody who does not exist,
before anything else is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.access.grants import Scope
from healthtwin.domain.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.access.grants import Grant


class Need(StrEnum):
    """What a route asks of whoever calls it."""

    NOBODY = "nobody"
    """Open: it answers without asking who calls."""
    KNOWN = "known"
    """Any token or session; the answer holds nobody but the people whom it covers."""
    READ = "read"
    """To see what is known about a person."""
    ACT = "act"
    """To decide on a person's alerts."""
    STATE = "state"
    """To state what is known about a person: medicines, genes, background, a new normal."""
    SEND = "send"
    """To send readings."""
    TELL = "tell"
    """To tell what happened to a person."""
    SHARE = "share"
    """To see and change who sees a person."""
    ERASE = "erase"
    """To erase a person, with everything that is known about them."""
    OPERATE = "operate"
    """To run the house: tokens, webhooks, figures."""


class Relation(Enum):
    """What an asker must have to do with the person that a route is about."""

    NONE = "none"
    """The route is about nobody in particular."""
    COVERED = "covered"
    """The route names a person, and the grant covers them."""


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One line of the table.

    Attributes:
        scopes: who may.
        relation: to the person that the route is about.
        refusal: what everybody else is told.
        sender: only with a device that sequences are counted under.
    """

    scopes: frozenset[Scope]
    relation: Relation
    refusal: str = "not allowed"
    sender: bool = False


_EVERYBODY: Final = frozenset(Scope)
_SENDERS: Final = frozenset({Scope.DEVICE, Scope.PERSON, Scope.ADMIN})
_SENDS: Final = "only a paired phone, or a device or admin token, may send readings"

POLICY: Final[Mapping[Need, PolicyLine]] = MappingProxyType(
    {
        Need.KNOWN: PolicyLine(_EVERYBODY, Relation.NONE),
        Need.READ: PolicyLine(_EVERYBODY, Relation.COVERED),
        Need.ACT: PolicyLine(
            _EVERYBODY - {Scope.DEVICE},
            Relation.COVERED,
            "a device token may write and read, but not decide anything",
        ),
        Need.STATE: PolicyLine(
            frozenset({Scope.PERSON, Scope.CLINICIAN, Scope.ADMIN}),
            Relation.COVERED,
            "only the person themselves, a clinician or an admin may change what is known; devices send "
            "readings, and family sees and acts on alerts",
        ),
        Need.SEND: PolicyLine(_SENDERS, Relation.NONE, _SENDS, sender=True),
        Need.TELL: PolicyLine(_SENDERS, Relation.COVERED, _SENDS, sender=True),
        Need.SHARE: PolicyLine(
            frozenset({Scope.PERSON, Scope.ADMIN}),
            Relation.COVERED,
            "only the person themselves or an admin may see and change who sees them",
        ),
        Need.ERASE: PolicyLine(
            frozenset({Scope.PERSON, Scope.ADMIN}),
            Relation.COVERED,
            "only the person themselves or an admin may erase them",
        ),
        Need.OPERATE: PolicyLine(frozenset({Scope.ADMIN}), Relation.NONE, "only an admin may do this"),
    }
)
"""Every need but `NOBODY`, which asks nothing."""


def is_about_a_person(need: Need) -> bool:
    """Whether a route with this need must say whom it is about."""
    return need is not Need.NOBODY and POLICY[need].relation is Relation.COVERED


def may(grant: Grant, need: Need) -> bool:
    """Whether this asker may, about the people whom they cover.

    >>> from healthtwin.access.grants import Grant
    >>> phone = Grant("t-1", "d-1", Scope.DEVICE, frozenset({"p-ada"}))
    >>> may(phone, Need.SEND), may(phone, Need.ACT)
    (True, False)
    """
    if need is Need.NOBODY:
        return True
    rule = POLICY[need]
    return grant.scope in rule.scopes and (bool(grant.device) or not rule.sender)


def require(grant: Grant, need: Need, person_id: str | None = None, unknown: str = "no such person") -> None:
    """Refuse what the table does not grant.

    Args:
        grant: of the asker.
        need: of the route.
        person_id: whom it is about; None where the need is about nobody in particular.
        unknown: what is said of a person who is not covered, in the words of one who does not exist.

    Raises:
        NotFound: the person is not covered, or was not named.
        Forbidden: the asker may not.

    >>> from healthtwin.access.grants import Grant
    >>> phone = Grant("t-1", "d-1", Scope.DEVICE, frozenset({"p-ada"}))
    >>> require(phone, Need.READ, "p-ada")
    >>> require(phone, Need.ACT, "p-ada")
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.Forbidden: a device token may write and read, but not decide anything
    """
    if is_about_a_person(need) and (person_id is None or not grant.covers(person_id)):
        raise NotFound(unknown)
    if not may(grant, need):
        raise Forbidden(POLICY[need].refusal)


def policy_table() -> str:
    """The whole table as text, a need a line."""
    scopes = (Scope.DEVICE, Scope.PERSON, Scope.FAMILY, Scope.CLINICIAN, Scope.ADMIN)
    lines = [["need", *scopes, "about"]]
    for need, rule in POLICY.items():
        granted = "sender" if rule.sender else "yes"
        about = "a person covered" if rule.relation is Relation.COVERED else "nobody in particular"
        lines.append([need, *(granted if scope in rule.scopes else "-" for scope in scopes), about])
    widths = [max(8, *(len(line[k]) + 2 for line in lines)) for k in range(len(lines[0]))]
    widths[0] = 10
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
