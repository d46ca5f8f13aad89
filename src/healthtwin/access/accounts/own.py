"""What somebody does with their own account: proofs, sessions, and what they do when a phone is gone.

Each change of a proof gives the session another cookie and ends every other session of the account, with what
waits for a proof inside those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, or_, select, update

from healthtwin.access.account_tables import (
    AccountNoticeRow,
    AccountRow,
    KnownBrowserRow,
    RecoveryCodeRow,
)
from healthtwin.access.accounts.accounts import end_rest, names_of, rests, row_of, shown
from healthtwin.access.accounts.factors import factors_of, require_way_in
from healthtwin.access.accounts.passwords import LEAST_ALONE, checked_password
from healthtwin.access.accounts.recovery import new_recovery_codes, recovery_hash
from healthtwin.access.accounts.sessions import (
    end_others,
    lengthen,
    notify,
    rotate,
    sessions_of,
)
from healthtwin.access.accounts.sign_in import (
    RECOVERY_CODE_USED,
    REFUSED,
    enrolled,
    second_factor,
    use_recovery_code,
)
from healthtwin.access.accounts.totp import matching_step, new_totp_secret, otpauth_uri
from healthtwin.access.accounts.tries import Knock, Pace, is_too_early, note_try
from healthtwin.access.grants import Scope
from healthtwin.access.tables import DeviceRow, GrantPersonRow, GrantRow, SessionRow, TokenRow
from healthtwin.domain import MINUTE_MS, SECOND_MS
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.access.accounts.accounts import Account
    from healthtwin.access.accounts.blocklist import StolenPasswords
    from healthtwin.access.accounts.passwords import PasswordHashes
    from healthtwin.access.accounts.sessions import OwnSession
    from healthtwin.access.client import Client
    from healthtwin.access.grants import Grant
    from healthtwin.access.stored_grants import Minted
    from healthtwin.store import Tables

PENDING_MS: Final = 10 * MINUTE_MS
"""For so long a fresh TOTP secret waits for its first code."""

STEP_UP: Final = Pace(free=10, first_ms=2 * SECOND_MS, longest_ms=15 * MINUTE_MS)
"""Wrong proofs inside an open session: they slow further ones down and leave the session as it is."""

NOTICES: Final = 50


@dataclass(frozen=True, slots=True)
class AccountNotice:
    """Something that happened to an account.

    Attributes:
        kind: a stable word; address: where it came from.
        seen: its owner has seen it on another browser than the one that did it.
    """

    id: str
    kind: str
    at_ms: int
    address: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """An account as its owner sees it.

    Attributes:
        totp_pending: a secret waits for its first code.
        notices: newest first.
        phones: id and label of what sends readings of the person whose account it is.
    """

    account: Account
    totp_pending: bool
    notices: tuple[AccountNotice, ...]
    phones: tuple[tuple[str, str], ...]


class OwnAccount:
    """An account in the hands of its owner. Every change is one transaction.

    Args:
        tables: the house's.
        hashes: makes and checks what is kept of passwords.
        stolen: passwords that nobody may take.
        now_ms: the wall clock.
    """

    def __init__(
        self,
        tables: Tables,
        hashes: PasswordHashes,
        stolen: StolenPasswords | None,
        now_ms: Callable[[], int],
    ) -> None:
        self._tables = tables
        self._hashes = hashes
        self._stolen = stolen
        self._now_ms = now_ms

    def overview(self, grant: Grant) -> Overview:
        """Everything that its owner may know; what other browsers did is seen from here on.

        Raises:
            NotFound: no account stands behind this session.
        """
        now_ms = self._now_ms()
        with self._tables.write() as session:
            row = own_row(session, grant)
            rows = session.scalars(
                select(AccountNoticeRow)
                .where(AccountNoticeRow.account_id == row.id)
                .order_by(AccountNoticeRow.at_ms.desc(), AccountNoticeRow.id)
                .limit(NOTICES)
            ).all()
            notices = tuple(
                AccountNotice(each.id, each.kind, each.at_ms, each.address, each.seen_ms is not None)
                for each in rows
            )
            for each in rows:
                if each.seen_ms is None and each.session_id != grant.session:
                    each.seen_ms = now_ms
            pending = row.totp_pending is not None and now_ms < (row.totp_pending_ms or 0) + PENDING_MS
            return Overview(shown(session, row, now_ms), pending, notices, _phones(session, row))

    def sessions(self, grant: Grant) -> Sequence[OwnSession]:
        """Those that stand, newest first."""
        with self._tables.read() as session:
            return sessions_of(session, own_row(session, grant).id, self._now_ms())

    def end_session(self, grant: Grant, session_id: str) -> None:
        """End one of one's own sessions.

        Raises:
            NotFound: it is none of theirs.
        """
        with self._tables.write(changes_access=True) as session:
            _end_session(session, own_row(session, grant).id, session_id)

    def step_up(
        self, grant: Grant, password: str, totp: str | None, recovery_code: str | None, client: Client
    ) -> Minted:
        """Give a proof anew; the session goes on under another cookie.

        A paired phone whose person has an account gives that account's proof.

        Raises:
            Unauthenticated: it is not right; the session stays as it was. MissingFactor: more is needed.
        """
        now_ms = self._now_ms()
        with self._tables.read() as session:
            row = proving_row(session, grant)
            account_id, kept = row.id, row.password
            knock = Knock(((f"s:{grant.session}", STEP_UP),))
            early = is_too_early(session, knock, now_ms)
        right = self._hashes.matches(None if early else kept, password, known=True)
        with self._tables.write(changes_access=True) as session:
            row = row_of(session, account_id)
            wrong: Unauthenticated | None = Unauthenticated(REFUSED)
            if right and row.password == kept and row.disabled_ms is None:
                wrong = second_factor(session, row, totp, recovery_code, now_ms)
            asked = right and totp is None and recovery_code is None
            note_try(session, knock, now_ms, wrong=None if early or (wrong and asked) else wrong is not None)
            if wrong is None:
                if recovery_code is not None:
                    notify(session, row.id, RECOVERY_CODE_USED, now_ms, client, grant.session)
                return rotate(session, own_session(session, grant), client, now_ms)
        raise wrong

    def set_password(self, grant: Grant, password: str, client: Client) -> Minted:
        """Another password, or the first; every other session ends.

        Raises:
            InvalidInput: one that cannot be taken.
        """
        now_ms = self._now_ms()
        with self._tables.read() as session:
            row = own_row(session, grant)
            factors, words = factors_of(session, row), (row.name, *names_of(session, row.grant_id))
        alone = not factors.totp and factors.passkeys == 0
        kept = checked_password(password, alone=alone, words=words, stolen=self._stolen)
        made = self._hashes.of(kept)
        with self._tables.write(changes_access=True) as session:
            row = own_row(session, grant)
            row.password, row.password_ms = made, now_ms
            row.password_long = len(kept) >= LEAST_ALONE
            return changed(session, row, grant, "password_changed", client, now_ms)

    def begin_totp(self, grant: Grant) -> tuple[str, str]:
        """A fresh secret and its URI; it counts once a code of it was shown.

        Raises:
            Conflict: the account has no password that the code would stand beside.
        """
        now_ms = self._now_ms()
        with self._tables.write() as session:
            row = own_row(session, grant)
            if row.password is None:
                raise Conflict("a code stands beside a password; set one first")
            secret = new_totp_secret()
            row.totp_pending, row.totp_pending_ms = secret, now_ms
            return secret, otpauth_uri(secret, row.name)

    def confirm_totp(self, grant: Grant, code: str, client: Client) -> Minted:
        """Set the second factor up with its first code, which is used up by that.

        Raises:
            Conflict: none was begun, or too long ago. InvalidInput: it is not the code.
        """
        now_ms = self._now_ms()
        with self._tables.write(changes_access=True) as session:
            row = own_row(session, grant)
            if row.totp_pending is None or now_ms >= (row.totp_pending_ms or 0) + PENDING_MS:
                raise Conflict("no second factor waits for its first code; begin again")
            step = matching_step(row.totp_pending, code, now_ms)
            if step is None:
                raise InvalidInput("code", "another one", "the six digits that the app shows now")
            row.totp, row.totp_ms, row.totp_step, row.totp_told = row.totp_pending, now_ms, step, []
            row.totp_pending = row.totp_pending_ms = None
            return changed(session, row, grant, "totp_set_up", client, now_ms)

    def remove_totp(self, grant: Grant, client: Client) -> Minted:
        """Take the second factor away.

        Raises:
            NotFound: there is none. Conflict: what is left would let nobody in.
        """
        now_ms = self._now_ms()
        with self._tables.write(changes_access=True) as session:
            row = own_row(session, grant)
            if row.totp is None:
                raise NotFound("no second factor is set up")
            before = factors_of(session, row)
            require_way_in(before, replace(before, totp=False))
            row.totp = row.totp_ms = None
            return changed(session, row, grant, "totp_removed", client, now_ms)

    def new_recovery_codes(self, grant: Grant, client: Client) -> list[str]:
        """Ten fresh codes; those of before end. They are shown once."""
        now_ms, codes = self._now_ms(), new_recovery_codes()
        with self._tables.write() as session:
            row = own_row(session, grant)
            session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == row.id))
            session.add_all(
                RecoveryCodeRow(hash=recovery_hash(row.id, code), account_id=row.id, created_ms=now_ms)
                for code in codes
            )
            notify(session, row.id, "recovery_codes_made", now_ms, client, grant.session)
        return codes

    def confirm_reset(
        self,
        grant: Grant,
        client: Client,
        *,
        password: str | None = None,
        totp: str | None = None,
        recovery_code: str | None = None,
    ) -> None:
        """End the rest after a reset with a proof of before: the old password, app or a recovery code.

        Raises:
            Unauthenticated: it is none. Conflict: nothing rests.
        """
        now_ms = self._now_ms()
        with self._tables.read() as session:
            row = own_row(session, grant)
            if not rests(row, now_ms):
                raise Conflict("nothing rests")
            kept, knock = row.former_password, Knock(((f"s:{grant.session}", STEP_UP),))
            early = is_too_early(session, knock, now_ms)
        right = self._hashes.matches(None if early else kept, password or "", known=True)
        with self._tables.write(changes_access=True) as session:
            row = own_row(session, grant)
            if not early and not right and totp is not None and row.former_totp is not None:
                step = matching_step(row.former_totp, totp, now_ms, above=row.totp_step, told=row.totp_told)
                right = step is not None
            if not early and not right and recovery_code is not None:
                right = use_recovery_code(session, row, recovery_code, now_ms, before_ms=row.reset_ms)
            note_try(session, knock, now_ms, wrong=None if early else not right)
            if right:
                end_rest(row)
                notify(session, row.id, "reset_confirmed", now_ms, client, grant.session)
        if not right:
            raise Unauthenticated(REFUSED)

    def phone_is_gone(self, grant: Grant, phone: str, client: Client) -> str:
        """End everything that a lost phone could open; gives the person whose readings it sent, or nothing.

        Args:
            grant: of whoever reports it, on another device.
            phone: id of a session, or of a device that sends the readings of the account's person.
            client: where they are.

        Raises:
            NotFound: it is none of theirs. Conflict: it is the one that they hold.
        """
        now_ms = self._now_ms()
        with self._tables.write(changes_access=True) as session:
            row = own_row(session, grant)
            if phone == grant.session:
                raise Conflict("this is the device you hold; report it gone from another one, or sign out")
            person = ""
            if phone.startswith("d-"):
                person = _end_device(session, row, phone, now_ms)
            else:
                _end_session(session, row.id, phone)
            # Which browser was on it nobody can tell, so all of them prove themselves anew.
            session.execute(delete(KnownBrowserRow).where(KnownBrowserRow.account_id == row.id))
            notify(session, row.id, "phone_gone", now_ms, client, grant.session)
            return person


def changed(
    session: Session, row: AccountRow, grant: Grant, kind: str, client: Client, now_ms: int
) -> Minted:
    """A proof of the account has changed: everybody else is out, and this session has another cookie."""
    enrolled(session, row, now_ms, client)
    end_others(session, row.id, grant.session)
    notify(session, row.id, kind, now_ms, client, grant.session)
    own = own_session(session, grant)
    if row.enrolled_ms is not None:
        lengthen(own, row, now_ms)
    return rotate(session, own, client, now_ms)


def needs_proof(session: Session, grant: Grant, now_ms: int, fresh_ms: int) -> bool:
    """Whether whoever asks must give a proof anew before something that hands data on.

    A session of an account with a proof, or a paired phone whose person has such an account, must have given
    one within `fresh_ms`; a bearer token, and a session that nobody could give a proof in, need none.
    """
    if not grant.session or (grant.verified_ms is not None and now_ms < grant.verified_ms + fresh_ms):
        return False
    try:
        row = proving_row(session, grant)
    except NotFound:
        return False
    return factors_of(session, row).any


def own_row(session: Session, grant: Grant) -> AccountRow:
    """The account behind a grant.

    Raises:
        NotFound: none stands behind it.
    """
    row = session.get(AccountRow, grant.account, with_for_update=True) if grant.account else None
    if row is None:
        raise NotFound("no account stands behind this; sign in with one")
    return row


def proving_row(session: Session, grant: Grant) -> AccountRow:
    """The account whose proof a session can be asked for: its own, or that of a paired phone's person."""
    if grant.account or grant.scope is not Scope.PERSON or not grant.people:
        return own_row(session, grant)
    found = session.scalars(
        select(AccountRow)
        .join(GrantPersonRow, GrantPersonRow.grant_id == AccountRow.grant_id)
        .where(
            AccountRow.role == str(Scope.PERSON),
            AccountRow.disabled_ms.is_(None),
            AccountRow.enrolled_ms.is_not(None),
            GrantPersonRow.person_id.in_(grant.people),
        )
        .order_by(AccountRow.created_ms)
    ).first()
    if found is None:
        raise NotFound("no account stands behind this; sign in with one")
    return found


def own_session(session: Session, grant: Grant) -> SessionRow:
    """The row of the session that asks.

    Raises:
        Unauthenticated: it has ended meanwhile.
    """
    row = session.get(SessionRow, grant.session)
    if row is None:
        raise Unauthenticated("not signed in, or the session has ended")
    return row


def _end_session(session: Session, account_id: str, session_id: str) -> None:
    ended = session.scalars(
        delete(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.account_id == account_id)
        .returning(SessionRow.id)
    ).all()
    if not ended:
        raise NotFound("no such session of yours")


def _phones(session: Session, row: AccountRow) -> tuple[tuple[str, str], ...]:
    """What sends readings of the person whose own account this is, as far as anything still opens it."""
    if row.role != Scope.PERSON:
        return ()
    theirs = select(GrantPersonRow.person_id).where(GrantPersonRow.grant_id == row.grant_id)
    proven = select(GrantRow.device_id).where(
        or_(
            GrantRow.id.in_(select(SessionRow.grant_id)),
            GrantRow.id.in_(select(TokenRow.grant_id).where(TokenRow.revoked_ms.is_(None))),
        )
    )
    found = session.scalars(
        select(DeviceRow)
        .where(DeviceRow.person_id.in_(theirs), DeviceRow.id.in_(proven))
        .order_by(DeviceRow.created_ms, DeviceRow.id)
    )
    return tuple((device.id, device.label) for device in found)


def _end_device(session: Session, row: AccountRow, device_id: str, now_ms: int) -> str:
    if all(known != device_id for known, _ in _phones(session, row)):
        raise NotFound("no such phone of yours")
    grants = select(GrantRow.id).where(GrantRow.device_id == device_id)
    session.execute(delete(SessionRow).where(SessionRow.grant_id.in_(grants)))
    session.execute(
        update(TokenRow)
        .where(TokenRow.grant_id.in_(grants), TokenRow.revoked_ms.is_(None))
        .values(revoked_ms=now_ms)
    )
    return session.scalars(select(DeviceRow.person_id).where(DeviceRow.id == device_id)).one()
