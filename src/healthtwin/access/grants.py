"""Who is asking, and about whom; what they may do stands in `healthtwin.access.policy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from healthtwin.access.credentials import Scope

if TYPE_CHECKING:
    from healthtwin.access.credentials import StoredGrant

__all__ = ["Grant", "Scope"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One authenticated asker.

    Attributes:
        actor: id of the grant behind the token or session; what the log names, never a person's name.
        device: under which sequences are counted: the id minted with a device's token or a phone's pairing;
            an admin token, which may be a hub for many people, counts under its own; empty for any other
            browser, which sends no readings.
        scope: what it may do.
        people: ids it may do it for; None is everybody (admin only).

    >>> phone = Grant("t-1", "d-1", Scope.DEVICE, frozenset({"p-ada"}))
    >>> phone.covers("p-ada"), phone.covers("p-bob")
    (True, False)
    """

    actor: str
    device: str
    scope: Scope
    people: frozenset[str] | None

    @classmethod
    def of(cls, stored: StoredGrant, *, token: bool) -> Grant:
        """The grant behind a token, or behind a browser's session."""
        people = None if stored.scope is Scope.ADMIN else stored.people
        device = stored.device or (stored.id if token and stored.scope is Scope.ADMIN else "")
        return cls(stored.id, device, stored.scope, people)

    @property
    def lasts(self) -> bool:
        """Whether its session goes on for as long as it is used: a paired phone's, a relative's."""
        return self.scope in {Scope.PERSON, Scope.FAMILY}

    def covers(self, person_id: str) -> bool:
        """Whether this asker has anything to do with that person."""
        return self.people is None or person_id in self.people
