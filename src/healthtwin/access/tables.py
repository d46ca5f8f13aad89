"""The tables of access: devices, grants, and what proves them.

Times are epoch ms; whatever opens a door is kept as its SHA-256 only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ForeignKey, String, delete, false, not_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.access import proof_tables as _proofs  # noqa: F401 - its tables are this room's
from healthtwin.access import relation_tables as _relations  # noqa: F401 - its tables are this room's
from healthtwin.access.account_tables import AccountRow
from healthtwin.access.ties import Scope
from healthtwin.store.base import Base, Hash, Id
from healthtwin.store.sealed import Fact, Sealed, drop_unreadable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from healthtwin.store.erasure import Leaving


STAFF: Final = ("admin", "clinician", "service")
"""Roles whose account is theirs, not the person's whom it reaches."""


class DeviceRow(Sealed, Base):
    """What sends readings; its id is the key that makes ingest idempotent."""

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    label = Fact[str]("", lenient=True)


class GrantRow(Sealed, Base):
    """What somebody may do, whichever token, link or session proves it.

    Attributes:
        person_id: whom alone it covers: their key seals what it says, and it ends with them. None for a grant
            that covers several or nobody.
    """

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str | None] = mapped_column(Id, index=True)
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    label = Fact[str]("", lenient=True)
    every_person: Mapped[bool] = mapped_column(server_default=false())
    """Of an admin that treats everybody, whoever comes later too."""


class GrantPersonRow(Base):
    """A person whom a grant covers, and as what (`healthtwin.access.ties.Tie`)."""

    __tablename__ = "grant_people"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    relation: Mapped[str] = mapped_column(String(10), server_default="none")
    until_ms: Mapped[int | None]
    rests: Mapped[bool] = mapped_column(server_default=false())


class ConsentsRow(Base):
    """What a person lets others see of them, as they stated it last."""

    __tablename__ = "consents"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    stated: Mapped[list[dict[str, Any]]]
    revision: Mapped[int]
    stated_by: Mapped[str] = mapped_column(Id)
    stated_ms: Mapped[int]


class TokenRow(Base):
    """A bearer token, by its hash."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    hash: Mapped[str] = mapped_column(Hash, unique=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int | None]
    revoked_ms: Mapped[int | None]


class SignInLinkRow(Base):
    """A link that signs in once, by its hash."""

    __tablename__ = "sign_in_links"

    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]


class SessionRow(Base):
    """A signed-in browser, by the hash of its cookie.

    `expires_ms` is when it ends unless it is used; `absolute_ms` when it ends all the same (None: never).
    `account_id` is whose proof began it (none for a link or a paired phone), `verified_ms` when they last
    gave a proof. A cookie that was replaced (`former_hash`) is good once more until `former_until_ms`, from
    the same `client`: a hash of the browser's name and its network.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    hash: Mapped[str] = mapped_column(Hash, unique=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    last_used_ms: Mapped[int | None]
    account_id: Mapped[str | None] = mapped_column(Id, index=True)
    absolute_ms: Mapped[int | None]
    verified_ms: Mapped[int | None]
    client: Mapped[str] = mapped_column(Hash, server_default="")
    former_hash: Mapped[str | None] = mapped_column(Hash, index=True)
    former_until_ms: Mapped[int | None]


class SessionBrowserRow(Sealed, Base):
    """The browser of an account's session: what it calls itself, and from where it signed in."""

    __tablename__ = "session_browsers"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    agent = Fact[str]("")
    address = Fact[str]("")


def erase(session: Session, leaving: Leaving) -> None:
    """Each grant that was for them alone, whoever held it; others cover them no more.

    Staff keep their accounts, and who runs the house their tokens: they are still who they are.
    """
    covered = select(GrantPersonRow.grant_id).where(GrantPersonRow.person_id == leaving.id)
    also_others = select(GrantPersonRow.grant_id).where(GrantPersonRow.person_id != leaving.id)
    staff = select(AccountRow.grant_id).where(AccountRow.role.in_(STAFF))
    stays = or_(GrantRow.id.in_(also_others), GrantRow.id.in_(staff), GrantRow.scope == Scope.ADMIN.value)
    for grant in session.scalars(select(GrantRow).where(GrantRow.person_id == leaving.id, stays)):
        drop_unreadable(grant)  # its label, where a backup brings back who is erased already
        grant.person_id = None  # the house's key seals its label from now on
    session.flush()
    session.execute(delete(GrantRow).where(GrantRow.id.in_(covered), not_(stays)))
