"""Who is asking, and what they are to whom; what they may do stands in `healthtwin.access.policy`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from healthtwin.access.ties import NO_TIES, USUAL_TIES, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.access.stored_grants import StoredGrant
    from healthtwin.access.ties import Tie

__all__ = ["Grant", "Scope"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One authenticated asker.

    Attributes:
        actor: id of the grant behind the token or session; what the log names, never a person's name.
        device: under which sequences are counted: the id minted with a device's token or a phone's pairing;
            an admin's or a service's token, which may be a hub for many people, counts under its own; empty
            for any other browser, which sends no readings.
        scope: its role: the most it may do.
        people: ids of whom it names; None is everybody, who comes later too. An admin that names nobody
            runs the house and sees nobody.
        ties: what it is to people, where that is not the usual of its scope (`USUAL_TIES`).
        account: whose proof began the session; empty for tokens, links and paired phones.
        session: id of the session; empty for a token.
        verified_ms: when the owner of the session last gave a proof; None where nobody was asked for one.

    >>> phone = Grant("t-1", "d-1", Scope.DEVICE, frozenset({"p-ada"}))
    >>> phone.covers("p-ada"), phone.covers("p-bob")
    (True, False)
    >>> phone.tie("p-ada").relation
    <Relation.SELF: 'self'>
    """

    actor: str
    device: str
    scope: Scope
    people: frozenset[str] | None
    ties: Mapping[str, Tie] = field(default_factory=lambda: NO_TIES, hash=False)
    account: str = ""
    session: str = ""
    verified_ms: int | None = None

    @classmethod
    def of(cls, stored: StoredGrant, *, token: bool) -> Grant:
        """The grant behind a token, or behind a browser's session."""
        people = None if stored.every_person else stored.people
        hub = token and stored.scope in {Scope.ADMIN, Scope.SERVICE}
        device = stored.device or (stored.id if hub else "")
        proof = (stored.account, stored.session, stored.verified_ms)
        return cls(stored.id, device, stored.scope, people, stored.ties, *proof)

    @property
    def lasts(self) -> bool:
        """Whether its session goes on for as long as it is used: a paired phone's, a relative's."""
        return self.scope in {Scope.PERSON, Scope.FAMILY} and not self.account

    @property
    def sees_nobody(self) -> bool:
        """Whether it is an admin's that runs the house and has no relation to anybody."""
        return self.scope is Scope.ADMIN and self.people is not None and not self.people

    def tie(self, person_id: str) -> Tie | None:
        """What joins it to a person, ended or not; None: nothing."""
        stated = self.ties.get(person_id)
        if stated is None and (self.people is None or person_id in self.people):
            return USUAL_TIES[self.scope]
        return stated

    def changes_at(self, now_ms: int) -> int | None:
        """When a tie or a consent ends or rests next by the clock, epoch ms; None: nothing does."""
        ends = [
            end
            for tie in self.ties.values()
            for end in (tie.until_ms, tie.rests_from_ms, *(consent.until_ms for consent in tie.consents))
            if end is not None and end > now_ms
        ]
        return min(ends, default=None)

    def covers(self, person_id: str) -> bool:
        """Whether this asker has, or had, anything to do with that person."""
        return self.tie(person_id) is not None

    def sends_for(self, person_id: str) -> bool:
        """Whether it may send readings about them: an admin's hub for anybody, and sees nothing back."""
        return self.scope is Scope.ADMIN or self.covers(person_id)
