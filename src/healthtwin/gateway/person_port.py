"""What a house can be asked and told about one person besides readings: the second half of its face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # read by msgspec, when it describes a view
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from healthtwin.gateway.about import Background, ProfileChange
    from healthtwin.gateway.grants import Grant
    from healthtwin.gateway.port import RowOutcome
    from healthtwin.gateway.timeline import NewEvent


class EventView(msgspec.Struct, frozen=True):
    """Something that happened to a person.

    Attributes:
        kind: of `healthtwin.domain.EventKind`.
        at: when, epoch ms.
        severity: 0 (none) to 10 (worst imaginable); None when not stated.
        actor: id of the grant behind it.
    """

    id: str
    person: str
    kind: str
    at: int
    text: str
    severity: float | None
    codes: Sequence[str]
    actor: str


class ProfileView(msgspec.Struct, frozen=True):
    """What changes how a person's readings are judged (`healthtwin.domain.Profile`), and their name.

    Attributes:
        silence_after_minutes: alarm when no reading came for this long; None is off.
        revision: counts the changes, 1 at first; a new name alone does not count.
    """

    person: str
    name: str
    timezone: str
    birth_year: int | None
    sex: str | None
    pregnant: bool
    spo2_scale_2: bool
    false_alarms_per_week: float
    silence_after_minutes: int | None
    alarms: bool
    revision: int


class Contact(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Whom to call. phone: as dialled; relation: to the person, in words."""

    name: str
    phone: str
    relation: str | None = None


class BackgroundView(msgspec.Struct, frozen=True):
    """What is known about a person beside readings; revision counts the changes, 0 before the first."""

    person: str
    conditions: Sequence[str]
    risk_factors: Sequence[str]
    allergies: Sequence[str]
    emergency_contacts: Sequence[Contact]
    revision: int
    stated_at: int | None


class ShareView(msgspec.Struct, frozen=True):
    """Somebody, or something, that can see a person.

    Attributes:
        id: of the grant.
        scope: ``person`` (a paired phone), ``device``, ``family``, ``clinician`` or ``admin``.
        expires_at: None: never by itself.
        last_used_at: to the hour; None when not known.
        state: ``active``, or ``invited`` when nobody has used the link or code yet.
        current: it is the asker.
        revocable: whether `DELETE` ends it.
    """

    id: str
    scope: str
    label: str
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    state: str
    current: bool
    revocable: bool


class PersonPort(Protocol):
    """Timeline, profile, background and sharing of a person.

    Every method raises `NotFound` for a person that does not exist.
    """

    async def add_event(self, grant: Grant, person_id: str, event: NewEvent) -> RowOutcome:
        """Make something that happened durable, in the log; idempotent by (device, sequence) or content."""
        ...

    def events(self, person_id: str, since_ms: int | None, limit: int) -> list[EventView]:
        """The newest `limit` events, newest first; with `since_ms` only those from then on."""
        ...

    def profile(self, person_id: str) -> ProfileView:
        """What changes how readings are judged."""
        ...

    def set_profile(self, grant: Grant, person_id: str, change: ProfileChange) -> ProfileView:
        """Change what is named; what is not named stays.

        Raises:
            InvalidInput: naming the field.
            Forbidden: somebody changes what only a clinician may order.
            Conflict: the change was made to another revision.
        """
        ...

    def background(self, person_id: str) -> BackgroundView:
        """Conditions, risk factors, allergies, whom to call."""
        ...

    def set_background(self, grant: Grant, person_id: str, stated: Background) -> BackgroundView:
        """Replace all of it; durable and in the log on return.

        Raises:
            InvalidInput: naming the entry.
            Conflict: it was made to another revision.
        """
        ...

    def sharing(self, grant: Grant, person_id: str) -> list[ShareView]:
        """Everything that can see this person, oldest first."""
        ...


def as_json(value: object) -> Mapping[str, Any]:
    """A struct as plain JSON data, for the records."""
    plain: Mapping[str, Any] = msgspec.to_builtins(value)
    return plain
