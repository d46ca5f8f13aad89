"""What an account can be opened by, and what must stay so that its owner can still get in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from healthtwin.access.account_tables import RecoveryCodeRow
from healthtwin.access.proof_tables import THE_PARTY, PasskeyRow, RelyingPartyRow
from healthtwin.domain.errors import Conflict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from healthtwin.access.account_tables import AccountRow


@dataclass(frozen=True, slots=True)
class Factors:
    """The proofs that an account has.

    Attributes:
        password: whether there is one; password_long: it would do alone.
        totp: whether an authenticator app is set up.
        passkeys: how many.
        recovery_codes: how many are left.

    >>> Factors(password=True, password_long=False, totp=False, passkeys=0, recovery_codes=10).can_sign_in
    False
    """

    password: bool
    password_long: bool
    totp: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Whether its owner can be asked for a proof."""
        return self.password or self.passkeys > 0

    @property
    def can_sign_in(self) -> bool:
        """Whether its owner gets in: by a passkey, or a password that is long or has a second factor."""
        return self.passkeys > 0 or (self.password and (self.password_long or self.totp))


def factors_of(session: Session, row: AccountRow) -> Factors:
    """The proofs that an account has now."""
    left = session.scalar(
        select(func.count())
        .select_from(RecoveryCodeRow)
        .where(RecoveryCodeRow.account_id == row.id, RecoveryCodeRow.used_ms.is_(None))
    )
    return Factors(
        row.password is not None,
        row.password_long,
        row.totp is not None,
        passkeys_of(session, row),
        left or 0,
    )


def passkeys_of(session: Session, row: AccountRow) -> int:
    """How many passkeys open an account: made for the name that the house has, and not of before a reset."""
    here = select(RelyingPartyRow.rp_id).where(RelyingPartyRow.id == THE_PARTY).scalar_subquery()
    counted = select(func.count()).where(
        PasskeyRow.account_id == row.id, PasskeyRow.former_ms.is_(None), PasskeyRow.rp_id == here
    )
    return session.scalar(counted) or 0


def require_way_in(before: Factors, after: Factors) -> None:
    """Refuse to take away what lets somebody in, when nothing else does.

    Raises:
        Conflict: saying what to set up first.
    """
    if before.can_sign_in and not after.can_sign_in:
        raise Conflict(
            "this is your last way in; first set up a passkey, or a password of at least 15 characters"
        )
