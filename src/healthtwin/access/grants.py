"""Who is asking and what they may do: asked by every route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from healthtwin.access.credentials import Scope
from healthtwin.domain.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    >>> phone.require_act("p-ada")
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.Forbidden: a device token may write and read, but not decide anything
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

    def require_covers(self, person_id: str) -> None:
        """Refuse a foreign person in the same words as one that does not exist.

        Raises:
            NotFound: when the person is not covered.
        """
        if not self.covers(person_id):
            raise NotFound("no such person")

    def require_write(self) -> None:
        """Only devices and hubs send readings.

        Raises:
            Forbidden: for family, a clinician, or a browser that is no paired phone.
        """
        if not self.device:
            raise Forbidden("only a paired phone, or a device or admin token, may send readings")

    def require_act(self, person_id: str) -> None:
        """Alerts are decided on by people, not by a sensor.

        Raises:
            NotFound: when the person is not covered.
            Forbidden: for a device.
        """
        self.require_covers(person_id)
        if self.scope is Scope.DEVICE:
            raise Forbidden("a device token may write and read, but not decide anything")

    def require_state(self, person_id: str) -> None:
        """What is known about somebody is stated by themselves or by who treats them.

        Raises:
            NotFound: when the person is not covered.
            Forbidden: for a device or a relative.
        """
        self.require_act(person_id)
        if self.scope is Scope.FAMILY:
            raise Forbidden("family may see this and act on alerts, but not change what is known")

    def require_share(self, person_id: str) -> None:
        """Who sees somebody is for them to decide, or for the operator.

        Raises:
            NotFound: when the person is not covered.
            Forbidden: for anybody else.
        """
        self.require_covers(person_id)
        if self.scope not in {Scope.PERSON, Scope.ADMIN}:
            raise Forbidden("only the person themselves or an admin may see and change who sees them")

    def require_admin(self) -> None:
        """Webhooks, devices and metrics belong to the operator.

        Raises:
            Forbidden: for anybody else.
        """
        if self.scope is not Scope.ADMIN:
            raise Forbidden("only an admin token may do this")

    def visible(self, person_ids: Iterable[str]) -> list[str]:
        """Those of `person_ids` that this asker may see, in the order given."""
        return [person_id for person_id in person_ids if self.covers(person_id)]
