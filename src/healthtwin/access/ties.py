"""What joins a grant to a person: the relation, until when, and which kinds of data the person lets it carry.

>>> shown = Consent(frozenset({Kind.ALERTS, Kind.VITALS}), "family", None, allowed=True)
>>> tie = Tie(Relation.FAMILY, consents=(shown,))
>>> [kind for kind in (Kind.PROFILE, Kind.VITALS, Kind.GENES) if tie.carries(kind, "g-bo", now_ms=0)]
[<Kind.PROFILE: 'profile'>, <Kind.VITALS: 'vitals'>]
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Scope(StrEnum):
    """The role of a grant: the most that it may, about people whom it names.

    device: write and read its one person. person: somebody themselves, on a paired phone: write, read, act,
    share. family: read, and act on alerts. clinician: read and act for the people named. admin: run the
    house, and everything for the people named. service: a program that reads and sends for the people named.
    """

    DEVICE = "device"
    PERSON = "person"
    FAMILY = "family"
    CLINICIAN = "clinician"
    ADMIN = "admin"
    SERVICE = "service"


class Relation(StrEnum):
    """What an asker is to a person."""

    SELF = "self"
    FAMILY = "family"
    TREATING = "treating"
    NONE = "none"


class Kind(StrEnum):
    """A kind of data about a person, as people think of it when they share it."""

    PROFILE = "profile"
    """Name, age, and the limits that are theirs: goes with any relation and cannot be kept back."""
    VITALS = "vitals"
    """Readings, series, what was learned from them, and risks."""
    ALERTS = "alerts"
    TIMELINE = "timeline"
    """What they told: symptoms, meals, events."""
    GENES = "genes"
    """Gene results, medicines, and what was found about both."""
    DOCUMENTS = "documents"
    """What is known of their history: conditions, allergies, whom to call, papers."""
    CHAT = "chat"
    PLACE = "place"


SHARED_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.PROFILE)
"""What a person decides about, one by one."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of what a person lets others see.

    Attributes:
        what: kinds of data. to: ``family``, ``treating``, or the id of one grant.
        until_ms: up to then (epoch ms, not included); None: until it is taken back.
        allowed: False keeps these kinds back.
    """

    what: frozenset[Kind]
    to: str
    until_ms: int | None
    allowed: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """What one grant has to do with one person.

    Attributes:
        relation: what whoever holds the grant is to them.
        until_ms: when it ends; None: not by itself.
        rests: it carries nothing until it is confirmed.
        reads_only: nothing can be done in it but reading.
        from_ms: it is nothing before, which shows when a clock was set back; None: since ever.
        rests_from_ms: from then on it rests, since somebody came of age and has not confirmed it.
        consents: what the person said about kinds; read for others than themselves.
    """

    relation: Relation
    until_ms: int | None = None
    rests: bool = False
    reads_only: bool = False
    consents: tuple[Consent, ...] = ()
    from_ms: int | None = None
    rests_from_ms: int | None = None

    def lives(self, now_ms: int) -> bool:
        """Whether it has begun and has not ended."""
        begun = self.from_ms is None or now_ms >= self.from_ms
        return begun and (self.until_ms is None or now_ms < self.until_ms)

    def rests_at(self, now_ms: int) -> bool:
        """Whether it carries nothing then, until it is confirmed."""
        return self.rests or (self.rests_from_ms is not None and now_ms >= self.rests_from_ms)

    def carries(self, kind: Kind, grant_id: str, now_ms: int) -> bool:
        """Whether the person lets this kind through, as far as consents go."""
        if not self.consents or kind is Kind.PROFILE or self.relation is Relation.SELF:
            return True
        return consented(self.consents, self.relation, grant_id, kind, now_ms)


NO_TIES: Final[Mapping[str, Tie]] = MappingProxyType({})

USUAL_TIES: Final[Mapping[Scope, Tie]] = MappingProxyType(
    {
        Scope.DEVICE: Tie(Relation.SELF),
        Scope.PERSON: Tie(Relation.SELF),
        Scope.FAMILY: Tie(Relation.FAMILY),
        Scope.CLINICIAN: Tie(Relation.TREATING),
        Scope.ADMIN: Tie(Relation.TREATING),
        Scope.SERVICE: Tie(Relation.TREATING),
    }
)
"""What a grant is to the people it names, where nothing else was said."""


def consented(
    consents: Sequence[Consent], relation: Relation, grant_id: str, kind: Kind, now_ms: int
) -> bool:
    """What a person's lines say about one kind for one grant.

    Lines about the grant itself go before lines about its relation. Of lines about the same, one that keeps
    back wins. Whoever says what is allowed has said all that is: what such a list does not name, or named
    until a time that has passed, is kept back. Where no line speaks to somebody, everything is as it was.

    >>> back = Consent(frozenset({Kind.VITALS}), "family", None, allowed=False)
    >>> [consented([back], Relation.FAMILY, "g-1", kind, 0) for kind in (Kind.VITALS, Kind.ALERTS)]
    [False, True]
    >>> for_one = Consent(frozenset({Kind.VITALS}), "g-1", 10, allowed=True)
    >>> [consented([back, for_one], Relation.FAMILY, "g-1", Kind.VITALS, now) for now in (9, 10)]
    [True, False]
    """
    for to in (grant_id, relation.value):
        theirs = [consent for consent in consents if consent.to == to]
        said = [
            consent.allowed
            for consent in theirs
            if kind in consent.what and (consent.until_ms is None or now_ms < consent.until_ms)
        ]
        if said:
            return all(said)
        if any(consent.allowed for consent in theirs):
            return False
    return True
