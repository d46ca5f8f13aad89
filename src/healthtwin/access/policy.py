"""Who may do what about whom: one table, asked by whatever answers or tells; deny by default.

>>> print(policy_table())
need      device  person  family  clinician  admin   service  as
known     yes     yes     yes     yes        yes     yes      nobody in particular
read      yes     yes     yes     yes        yes     yes      self, family, treating
act       -       yes     yes     yes        yes     -        self, family, treating
state     -       yes     -       yes        yes     -        self, treating
send      sender  sender  -       -          sender  sender   nobody in particular
tell      sender  sender  -       -          sender  sender   self, treating
share     -       yes     -       -          yes     -        self, treating
export    -       yes     -       -          yes     -        self, treating
erase     -       yes     -       -          yes     -        self, treating
break     -       -       -       yes        -       -        none
find      -       -       -       yes        -       -        nobody in particular
mend      -       yes     -       yes        yes     -        none
operate   -       -       -       -          yes     -        nobody in particular

The columns are roles: the most that a grant may. The last one says as what to the person that a route is
about; what a grant is to somebody stands in its tie (`healthtwin.access.ties`), and an admin that names
nobody is nothing to anybody. A sender has a device that its sequences are counted under; whom readings are
about stands in each row, and is judged there. Then the purpose must be the relation's own, and the person's
consents are asked about the kind of data.

In this order: somebody without a living tie is answered like about somebody who does not exist, before
anything else is judged; then role and relation, purpose, consent. Nothing here asks a database or a clock:
whoever could not read ties and consents has no grant to ask with, so a check that fails closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.access.ties import SHARED_KINDS, Kind, Relation, Scope
from healthtwin.domain.errors import Forbidden, NotFound, Withheld

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.access.grants import Grant
    from healthtwin.access.ties import Tie


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
    EXPORT = "export"
    """To take away everything about a person in one piece."""
    ERASE = "erase"
    """To erase a person, with everything that is known about them."""
    BREAK = "break"
    """To see a person for an hour whom nobody gave the asker to see (break-glass)."""
    FIND = "find"
    """To say by name and year of birth for whom the glass shall be broken."""
    MEND = "mend"
    """To end that hour at once; whose it is, or of whom, is judged where it ends."""
    OPERATE = "operate"
    """To run the house: tokens, webhooks, figures."""


class Purpose(StrEnum):
    """What for."""

    SELF = "self"
    FAMILY = "family"
    CARE = "care"
    OPERATION = "operation"
    RESEARCH = "research"
    """No relation has it: what leaves the house for research is de-identified, and about nobody."""


PURPOSES: Final[Mapping[Relation, Purpose]] = MappingProxyType(
    {
        Relation.SELF: Purpose.SELF,
        Relation.FAMILY: Purpose.FAMILY,
        Relation.TREATING: Purpose.CARE,
        Relation.NONE: Purpose.OPERATION,
    }
)
"""What each relation is for."""


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One line of the table.

    Attributes:
        scopes: roles that may.
        relations: as what to the person that the route is about; empty: it is about nobody in particular.
        refusal: what everybody else is told.
        sender: only with a device that sequences are counted under.
    """

    scopes: frozenset[Scope]
    relations: frozenset[Relation]
    refusal: str = "not allowed"
    sender: bool = False


_EVERYBODY: Final = frozenset(Scope)
_SENDERS: Final = frozenset({Scope.DEVICE, Scope.PERSON, Scope.ADMIN, Scope.SERVICE})
_SENDS: Final = "only a paired phone, or a device or admin token, may send readings"
_OWN: Final = frozenset({Scope.PERSON, Scope.ADMIN})

_NOBODY: Final[frozenset[Relation]] = frozenset()
_ANYBODY_TIED: Final = frozenset({Relation.SELF, Relation.FAMILY, Relation.TREATING})
_NOT_FAMILY: Final = frozenset({Relation.SELF, Relation.TREATING})
_NO_RELATION: Final = frozenset({Relation.NONE})
"""The route names a person to whom the asker need be nothing: the role alone is judged, whoever that is."""

_CLINICIANS: Final = frozenset({Scope.CLINICIAN})
_BREAKS: Final = "only a clinician may see somebody in an emergency whom nobody gave them to see"

POLICY: Final[Mapping[Need, PolicyLine]] = MappingProxyType(
    {
        Need.KNOWN: PolicyLine(_EVERYBODY, _NOBODY),
        Need.READ: PolicyLine(_EVERYBODY, _ANYBODY_TIED),
        Need.ACT: PolicyLine(
            _EVERYBODY - {Scope.DEVICE, Scope.SERVICE},
            _ANYBODY_TIED,
            "a device token may write and read, but not decide anything",
        ),
        Need.STATE: PolicyLine(
            frozenset({Scope.PERSON, Scope.CLINICIAN, Scope.ADMIN}),
            _NOT_FAMILY,
            "only the person themselves, a clinician or an admin may change what is known; devices send "
            "readings, and family sees and acts on alerts",
        ),
        Need.SEND: PolicyLine(_SENDERS, _NOBODY, _SENDS, sender=True),
        Need.TELL: PolicyLine(_SENDERS, _NOT_FAMILY, _SENDS, sender=True),
        Need.SHARE: PolicyLine(
            _OWN, _NOT_FAMILY, "only the person themselves or an admin may see and change who sees them"
        ),
        Need.EXPORT: PolicyLine(
            _OWN, _NOT_FAMILY, "only the person themselves or an admin may take everything away"
        ),
        Need.ERASE: PolicyLine(_OWN, _NOT_FAMILY, "only the person themselves or an admin may erase them"),
        Need.BREAK: PolicyLine(_CLINICIANS, _NO_RELATION, _BREAKS),
        Need.FIND: PolicyLine(_CLINICIANS, _NOBODY, _BREAKS),
        Need.MEND: PolicyLine(
            _OWN | _CLINICIANS,
            _NO_RELATION,
            "only the person themselves, whoever runs the house or the clinician may end an emergency access",
        ),
        Need.OPERATE: PolicyLine(frozenset({Scope.ADMIN}), _NOBODY, "only an admin may do this"),
    }
)
"""Every need but `NOBODY`, which asks nothing."""

_ALL_KINDS: Final = frozenset(Kind)
_NO_KINDS: Final[frozenset[Kind]] = frozenset()

READ_ONLY: Final = frozenset({Need.READ})
"""What a tie that only reads is good for: no export, no sharing, no deciding."""

SEES_NOBODY: Final = (
    "this admin runs the house and sees nobody's health data; name people when it is made (healthtwin token "
    "create --scope admin --person ID, or --every-person), or use a clinician token"
)


class Verdict(StrEnum):
    """What the policy says."""

    ALLOWED = "allowed"
    UNKNOWN = "unknown"
    """No living tie: told like about somebody who does not exist."""
    SEES_NOBODY = "sees-nobody"
    """An admin that has no relation to anybody."""
    RESTS = "rests"
    """The tie carries nothing until it is confirmed."""
    ROLE = "role"
    """Not with this role or in this relation."""
    PURPOSE = "purpose"
    WITHHELD = "withheld"
    """The person keeps this kind of data back from the asker."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says about one question.

    Attributes:
        verdict: allowed, or why not.
        relation: as what the asker was judged.
        purpose: what for.
        refusal: in words, where it is refused.
        kind: of data that was asked about.
    """

    verdict: Verdict
    relation: Relation
    purpose: Purpose
    refusal: str = ""
    kind: Kind | None = None

    @property
    def allowed(self) -> bool:
        """Whether it may be."""
        return self.verdict is Verdict.ALLOWED

    def require(self, unknown: str = "no such person") -> None:
        """Go on only if it may be.

        Args:
            unknown: what is said of a person to whom there is no tie, in the words of one who does not exist.

        Raises:
            NotFound: there is no tie.
            Forbidden: the asker may not; `Withheld` where the person keeps this kind back.
        """
        if self.verdict is Verdict.ALLOWED:
            return
        if self.verdict is Verdict.UNKNOWN:
            raise NotFound(unknown)
        if self.verdict is Verdict.WITHHELD and self.kind is not None:
            raise Withheld(self.refusal, self.kind)
        raise Forbidden(self.refusal)


def is_about_a_person(need: Need) -> bool:
    """Whether a route with this need must say whom it is about, and which kind of data."""
    return need is not Need.NOBODY and bool(POLICY[need].relations)


def may(grant: Grant, need: Need) -> bool:
    """Whether this role may at all, about people to whom it has a fitting relation.

    >>> from healthtwin.access.grants import Grant
    >>> phone = Grant("t-1", "d-1", Scope.DEVICE, frozenset({"p-ada"}))
    >>> may(phone, Need.SEND), may(phone, Need.ACT)
    (True, False)
    """
    if need is Need.NOBODY:
        return True
    line = POLICY[need]
    return grant.scope in line.scopes and (bool(grant.device) or not line.sender)


def decide(
    grant: Grant,
    need: Need,
    kind: Kind | None,
    person: str | None,
    purpose: Purpose | None,
    now_ms: int,
) -> Decision:
    """The one question that routes, pages, streams, sockets, messages, reports and exports ask.

    Args:
        grant: of the asker, or of the actor on whose behalf something is told.
        need: what is to be done.
        kind: of data; None only where the need is about nobody in particular.
        person: id of whom it is about; None where the need is about nobody in particular.
        purpose: what for; None: what the relation is for.
        now_ms: the wall clock's, epoch ms.

    >>> from healthtwin.access.grants import Grant
    >>> phone = Grant("t-1", "d-1", Scope.DEVICE, frozenset({"p-ada"}))
    >>> decide(phone, Need.READ, Kind.VITALS, "p-ada", None, 0).allowed
    True
    >>> decide(phone, Need.READ, Kind.VITALS, "p-bob", None, 0).verdict
    <Verdict.UNKNOWN: 'unknown'>
    >>> decide(phone, Need.ACT, Kind.ALERTS, "p-ada", None, 0).refusal
    'a device token may write and read, but not decide anything'
    """
    if need is Need.NOBODY:
        return Decision(Verdict.ALLOWED, Relation.NONE, purpose or Purpose.OPERATION, kind=kind)
    if POLICY[need].relations <= _NO_RELATION:
        verdict, said = (Verdict.ALLOWED, "") if may(grant, need) else (Verdict.ROLE, POLICY[need].refusal)
        return Decision(verdict, Relation.NONE, purpose or Purpose.OPERATION, said, kind)
    if grant.sees_nobody and not grant.ties:
        return Decision(Verdict.SEES_NOBODY, Relation.NONE, Purpose.OPERATION, SEES_NOBODY, kind)
    tie = None if person is None else grant.tie(person)
    if tie is None or kind is None or not tie.lives(now_ms):
        return Decision(Verdict.UNKNOWN, Relation.NONE, purpose or Purpose.OPERATION, "no such person", kind)
    wanted = purpose or PURPOSES[tie.relation]
    verdict, said = _judged(grant, tie, need, wanted, now_ms)
    if verdict is Verdict.ALLOWED and not tie.carries(kind, grant.actor, now_ms):
        verdict, said = Verdict.WITHHELD, f"they do not share their {kind} with you"
    return Decision(verdict, tie.relation, wanted, said, kind)


def _judged(grant: Grant, tie: Tie, need: Need, purpose: Purpose, now_ms: int) -> tuple[Verdict, str]:
    """Whether this may be done in a living tie, before consents are asked; and what is said where not."""
    line, meant = POLICY[need], PURPOSES[tie.relation]
    if tie.rests_at(now_ms):
        return Verdict.RESTS, "this access rests until it is confirmed"
    if not may(grant, need) or tie.relation not in line.relations:
        return Verdict.ROLE, line.refusal
    if tie.reads_only and need not in READ_ONLY:
        return Verdict.ROLE, "this access is for reading alone"
    if purpose is not meant:
        return Verdict.PURPOSE, f"this relation is for {meant}, not for {purpose}"
    return Verdict.ALLOWED, ""


def kinds_seen(grant: Grant, person: str, now_ms: int) -> frozenset[Kind]:
    """Every kind of data about this person that the asker may read now; empty: they do not exist for them."""
    if not decide(grant, Need.READ, Kind.PROFILE, person, None, now_ms).allowed:
        return _NO_KINDS
    tie = grant.tie(person)
    if tie is None or not tie.consents:
        return _ALL_KINDS
    return frozenset(kind for kind in Kind if tie.carries(kind, grant.actor, now_ms))


def withheld_from(grant: Grant, person: str, now_ms: int) -> tuple[Kind, ...]:
    """The kinds that this person keeps back from the asker, in the order of `Kind`."""
    seen = kinds_seen(grant, person, now_ms)
    return () if seen is _ALL_KINDS else tuple(kind for kind in SHARED_KINDS if kind not in seen)


def policy_table() -> str:
    """The whole table as text, a need a line."""
    scopes = (Scope.DEVICE, Scope.PERSON, Scope.FAMILY, Scope.CLINICIAN, Scope.ADMIN, Scope.SERVICE)
    lines = [["need", *scopes, "as"]]
    for need, line in POLICY.items():
        granted = "sender" if line.sender else "yes"
        tied = ", ".join(relation for relation in Relation if relation in line.relations)
        cells = (granted if scope in line.scopes else "-" for scope in scopes)
        lines.append([need, *cells, tied or "nobody in particular"])
    widths = [max(8, *(len(line[k]) + 2 for line in lines)) for k in range(len(lines[0]))]
    widths[0], widths[-2] = 10, 9
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
