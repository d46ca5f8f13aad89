"""The tables of accounts. Times are epoch ms; whatever opens a door is kept as a hash.

An account hangs on a grant, so it goes when its grant does; what an account has hangs on the account.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Hash, Id
from healthtwin.store.sealed import Fact, Sealed


class AccountRow(Sealed, Base):
    """Somebody who signs in by a proof of their own; what it says is under the house's key.

    Attributes:
        handle: names the account to passkeys, and says nothing.
        totp_step: the highest time step that was used; only a greater one is taken.
        reset_ms: when it was last reset. rests_until_ms: until then its reach to people rests.
        enrolled_from: the address from which its owner set up their way in.
        password: an Argon2id hash in PHC form. password_long: it would do without a second factor.
        totp: base 32. totp_told: steps whose codes were recognised as early; not taken in their time.
        totp_pending: waits for its first code.
        former_password, former_totp: of before a reset; they end its rest and open nothing.
        salt: of hashes that only this account's rows hold.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    handle: Mapped[bytes]
    created_ms: Mapped[int]
    disabled_ms: Mapped[int | None]
    enrolled_ms: Mapped[int | None]
    reset_ms: Mapped[int | None]
    rests_until_ms: Mapped[int | None]
    totp_step: Mapped[int | None]
    name = Fact[str]("")
    enrolled_from = Fact[str]("")
    password = Fact[str | None](None)
    password_long = Fact[bool](default=False)
    password_ms = Fact[int | None](None)
    former_password = Fact[str | None](None)
    totp = Fact[str | None](None)
    totp_ms = Fact[int | None](None)
    totp_told = Fact[list[int]]([])
    totp_pending = Fact[str | None](None)
    totp_pending_ms = Fact[int | None](None)
    former_totp = Fact[str | None](None)
    salt = Fact[str]("")


class AgreedRow(Base):
    """Somebody who agreed again to an account's reach to them, while it rests after a reset."""

    __tablename__ = "account_agreements"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    agreed_ms: Mapped[int]


class EnrolmentRow(Base):
    """A link that lets somebody set up their way in, once, by its hash."""

    __tablename__ = "enrolments"

    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]


class RecoveryCodeRow(Base):
    """A code that stands in for a second factor once, by its hash."""

    __tablename__ = "recovery_codes"

    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    used_ms: Mapped[int | None]


class KnownBrowserRow(Base):
    """A browser that an account signed in from, by the hash of its cookie."""

    __tablename__ = "known_browsers"

    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int]


class TryRow(Base):
    """Wrong tries to sign in: under whose name and from where, and how many stand."""

    __tablename__ = "sign_in_tries"

    about: Mapped[str] = mapped_column(Id, primary_key=True)
    strikes: Mapped[int]
    at_ms: Mapped[int] = mapped_column(index=True)
    asked_ms: Mapped[int]


class AccountNoticeRow(Sealed, Base):
    """What happened to an account, for whoever holds it to see on every other browser."""

    __tablename__ = "account_notices"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at_ms: Mapped[int]
    session_id: Mapped[str] = mapped_column(Id)
    seen_ms: Mapped[int | None]
    address = Fact[str]("")
