"""What opens an account besides passwords: passkeys, and identities that a provider vouches for.

They stand beside the tables of access, since both the accounts and the passkeys look at them.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Hash, Id
from healthtwin.store.sealed import Fact, Sealed

HOST = String(253)
"""A host name (RFC 1035, 2.3.4)."""

THE_PARTY = 1
"""There is one name that passkeys are made for."""


class PasskeyRow(Sealed, Base):
    """A passkey: its public half, which opens nothing.

    `credential` is its id, of one account only. `rp_id` is the host name that it was made for. `count` is the
    highest that it ever told, `stepped_back_ms` when it told less and nobody has said yet whether that was
    them. `former_ms`: its account was reset since, so it opens nothing and only confirms that.
    """

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    credential: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    count: Mapped[int]
    rp_id: Mapped[str] = mapped_column(HOST)
    device_bound: Mapped[bool]
    backed_up: Mapped[bool]
    created_ms: Mapped[int]
    last_used_ms: Mapped[int | None]
    stepped_back_ms: Mapped[int | None]
    former_ms: Mapped[int | None]
    label = Fact[str]("")
    model = Fact[str]("")
    transports = Fact[list[str]]([])


class RelyingPartyRow(Base):
    """The name that passkeys are made for: fixed when the first was made, unless settings say another."""

    __tablename__ = "relying_party"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rp_id: Mapped[str] = mapped_column(HOST)
    origins: Mapped[list[str]]
    fixed_ms: Mapped[int]


class IdentityRow(Sealed, Base):
    """Somebody at an identity provider, linked to an account by whoever was signed in here.

    `hash` is of issuer and subject, which are all that counts; `provider` is the name of the settings that it
    was linked by.
    """

    __tablename__ = "identities"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str] = mapped_column(Hash, unique=True)
    created_ms: Mapped[int]
    last_used_ms: Mapped[int | None]
    provider = Fact[str]("")
