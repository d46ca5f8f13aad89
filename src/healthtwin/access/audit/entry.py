"""One entry of the audit: what may stand in it, its canonical bytes, and its hash.

An entry is a JSON object. Its bytes are canonical as RFC 8785 has it, of which only the easy part is needed:
keys are ASCII and sorted, there is no white space, numbers are whole and below 2**53, and texts are printable
ASCII without quotes or backslashes. Its hash is the SHA-256 of those bytes, and `prev` in it is the hash
before it, so a change anywhere shows from there on.

Nothing gets in that is not allowed by name and by form: ids, words and route templates of ours, pseudonyms,
numbers. No name, no reading, no text that somebody typed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from healthtwin.domain import HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VERSION: Final = 1

GENESIS: Final = "0" * 64
"""Stands as `prev` of the first entry."""

ALLOWED: Final = "allowed"
REFUSED: Final = "refused"
FAILED: Final = "failed"
RESULTS: Final = (ALLOWED, REFUSED, FAILED)

SET_OF_ONE: Final = 1

_WORD: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.-]{0,63}")
_PSEUDONYM: Final = re.compile(r"[0-9a-f]{24}")
_TEMPLATE: Final = re.compile(r"[A-Za-z0-9 /{}._:-]{1,160}")
_FROM: Final = re.compile(r"[a-z]{1,12}(?::[0-9a-f]{8,32})?")
_LARGEST: Final = 2**53 - 1

FACTS: Final = frozenset(
    {
        "bytes",
        "complete",
        "count",
        "entries",
        "first",
        "hour",
        "last",
        "lost",
        "of",
        "range_end",
        "range_start",
        "seconds",
        "status",
        "through",
    }
)
"""Whole numbers that an entry may carry besides; nothing else has a place for what somebody sent."""


@dataclass(frozen=True, slots=True)
class Access:
    """One access to people's data, before it has its place in the chain.

    Attributes:
        who: id of the grant or account that asked; `console`, `house` or `nobody`.
        what: the route's template with its method, or the command; a constant text of ours.
        result: `allowed`, `refused` or `failed`.
        at_ms: when, epoch ms.
        people: pseudonyms of those it is about.
        role, relation, kind, purpose: one word each; empty where it is not known.
        where: as of `healthtwin.access.audit.where`.
        session: id of the session that asked.
        alarm: the operator is told, by this word.
        erased: of an erasure, `erased_mark` of whom: who asks about them later learns that they were.
        facts: whole numbers, by names in `FACTS`.
    """

    who: str
    what: str
    result: str
    at_ms: int
    people: tuple[str, ...] = ()
    role: str = ""
    relation: str = ""
    kind: str = ""
    purpose: str = ""
    where: str = ""
    session: str = ""
    alarm: str = ""
    erased: str = ""
    facts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require("who", self.who, _ID)
        _require("what", self.what, _TEMPLATE)
        if self.result not in RESULTS:
            raise ValueError("result of an audit entry: allowed, refused or failed")
        for name in ("role", "relation", "kind", "purpose", "alarm"):
            if getattr(self, name):
                _require(name, getattr(self, name), _WORD)
        if self.where:
            _require("where", self.where, _FROM)
        if self.session:
            _require("session", self.session, _ID)
        if self.erased:
            _require("erased", self.erased, _PSEUDONYM)
        for person in self.people:
            _require("people", person, _PSEUDONYM)
        for name, value in self.facts.items():
            if name not in FACTS or isinstance(value, bool) or not isinstance(value, int):
                raise ValueError(f"facts of an audit entry: whole numbers named {', '.join(sorted(FACTS))}")
            if abs(value) > _LARGEST:
                raise ValueError("facts of an audit entry: below 2**53")

    @property
    def same_as(self) -> tuple[object, ...]:
        """Accesses with the same of this within a minute are counted instead of written again.

        The hour is in it, so that of each actor, person, kind and hour something always stands.
        """
        return (
            self.who,
            self.session,
            self.what,
            self.people,
            self.relation,
            self.kind,
            self.purpose,
            self.where,
            self.result,
            self.at_ms // HOUR_MS,
        )


def _require(name: str, value: str, form: re.Pattern[str]) -> None:
    if form.fullmatch(value) is None:
        raise ValueError(f"{name} of an audit entry: only what fits {form.pattern}")


def fits_id(text: str) -> bool:
    """Whether a text may stand as an id; what came from outside is left out rather than written.

    >>> fits_id("t-abc"), fits_id("Ada Lovelace")
    (True, False)
    """
    return _ID.fullmatch(text) is not None


def canonical(body: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed.

    >>> canonical({"b": 1, "a": "x"})
    b'{"a":"x","b":1}'
    """
    return msgspec.json.encode(body, order="sorted")


def hash_of(entry: bytes) -> str:
    """SHA-256 of an entry's bytes, hexadecimal."""
    return hashlib.sha256(entry).hexdigest()


def set_of(people: Sequence[str]) -> str:
    """A short name for so many people; the same people have the same.

    >>> set_of(["a" * 24, "b" * 24])
    '9d2dab99c9eeb5c2f4879389'
    """
    return hashlib.sha256(",".join(sorted(people)).encode()).hexdigest()[:24]


def body_of(
    access: Access,
    seq: int,
    prev: str,
    *,
    again: int = 0,
    until_ms: int = 0,
    known: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """An access with its place in the chain.

    Args:
        access: what is noted.
        seq: counted from 1. prev: hash of the entry before it.
        again: it stands for so many further accesses, the last of them at `until_ms`.
        known: sets of people that an earlier entry of the same day spells out → its number.
    """
    body: dict[str, Any] = {
        "v": VERSION,
        "seq": seq,
        "prev": prev,
        "at": access.at_ms,
        "who": access.who,
        "what": access.what,
        "result": access.result,
    }
    words = (
        ("role", access.role),
        ("relation", access.relation),
        ("kind", access.kind),
        ("purpose", access.purpose),
        ("from", access.where),
        ("session", access.session),
        ("alarm", access.alarm),
        ("erased", access.erased),
    )
    body |= {name: value for name, value in words if value}
    if len(access.people) == SET_OF_ONE:
        body["person"] = access.people[0]
    elif access.people:
        name = set_of(access.people)
        listed = (known or {}).get(name)
        body["people"] = (
            {"set": name, "count": len(access.people), "list": sorted(access.people)}
            if listed is None
            else {"set": name, "count": len(access.people), "in": listed}
        )
    if again:
        body |= {"again": again, "until": until_ms}
    if access.facts:
        body["facts"] = dict(access.facts)
    return body


def subjects_of(body: Mapping[str, Any]) -> Iterator[str]:
    """Under what an entry is found: people, sets of people, alarms."""
    if "person" in body:
        yield str(body["person"])
    if "people" in body:
        yield set_subject(body["people"]["set"])
        yield from body["people"].get("list", ())
    if "alarm" in body:
        yield ALARM_SUBJECT
    if "erased" in body:
        yield erased_subject(body["erased"])


ALARM_SUBJECT: Final = "alarm"


def erased_subject(mark: str) -> str:
    """How the index calls an erasure."""
    return f"erased:{mark}"


def set_subject(name: str) -> str:
    """How the index calls a set of people."""
    return f"set:{name}"
