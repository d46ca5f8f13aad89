"""Signing in by name and password, and setting up a way in from an invitation.

Whatever is wrong (no such account, a disabled one, one that a passkey alone opens, too many tries, the
password itself) is answered in the same words, costs one hash at today's cost and the same rows written.
Only a right password brings out more: that a second factor is missing, or that the phone's clock is off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update

from healthtwin.access.account_tables import AccountRow, EnrolmentRow, RecoveryCodeRow
from healthtwin.access.accounts.accounts import (
    NEVER_MS,
    REST_MS,
    account_named,
    folded,
    names_of,
    rests,
    row_of,
)
from healthtwin.access.accounts.factors import factors_of
from healthtwin.access.accounts.passwords import checked_password, normalised
from healthtwin.access.accounts.recovery import recovery_hash
from healthtwin.access.accounts.sessions import (
    begin,
    end_others,
    know_browser,
    knows_browser,
    notify,
)
from healthtwin.access.accounts.totp import STEP_MS, WINDOW, drift_of, matching_step, step_of
from healthtwin.access.accounts.tries import is_still_known, is_too_early, knock_of, note_try
from healthtwin.access.grants import Scope
from healthtwin.access.relations.notices import TO_PERSON, NoticeKind, note
from healthtwin.access.tables import GrantPersonRow, SessionRow
from healthtwin.domain.errors import Conflict, MissingFactor, Unauthenticated
from healthtwin.store.secrets import hash_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from healthtwin.access.accounts.blocklist import StolenPasswords
    from healthtwin.access.accounts.passwords import PasswordHashes
    from healthtwin.access.accounts.tries import Knock
    from healthtwin.access.client import Client
    from healthtwin.access.stored_grants import Minted
    from healthtwin.store import Tables

REFUSED: Final = (
    "name, password or code are not right, or too many were tried: check them, and wait a few minutes after "
    "several tries"
)
"""The one answer to everything that is wrong."""

RECOVERY_CODE_USED: Final = "recovery_code_used"
"""A notice that every other browser of the account shows."""

SIGNED_IN: Final = "signed_in"
"""By a browser that the account did not know."""

BAD_LINK: Final = "this link is unknown, used or expired; ask for a new one"


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody who signs in brings.

    Attributes:
        totp: the code that their app shows. recovery_code: one of those for when it is lost.
        client: where they are.
        browser: the cookie of a browser that signed in before, good or bad.
        former: the cookie of the session that the browser had; it ends.
    """

    name: str
    password: str
    totp: str | None
    recovery_code: str | None
    client: Client
    browser: str | None = None
    former: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun.

    Attributes:
        browser: the cookie that makes this browser a known one.
    """

    account_id: str
    session: Minted
    browser: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an invitation is for, as its page says it before anything is used up.

    Attributes:
        again: the account was reset: it had a way in before.
        people: names of whom it reaches.
    """

    account_id: str
    name: str
    role: Scope
    people: tuple[str, ...]
    again: bool
    expires_ms: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found before the hash was made."""

    account_id: str | None
    kept: str | None
    knock: Knock
    early: bool
    known: bool


class SignIn:
    """The door for accounts. Safe to share between threads.

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

    def sign_in(self, proof: Proof) -> SignedIn:
        """Begin a session, with a cookie that nobody had before.

        Raises:
            Unauthenticated: whatever is wrong. MissingFactor: the password is right, and more is needed.
            RateLimited: so many sign in that this one was not looked at.
        """
        now_ms = self._now_ms()
        seen = self._look(proof, now_ms)
        right = self._hashes.matches(seen.kept, proof.password, known=seen.known)
        if not right or seen.account_id is None:
            with self._tables.write() as session:
                note_try(session, seen.knock, now_ms, wrong=None if seen.early else True)
            raise Unauthenticated(REFUSED)
        anew = self._anew(seen.kept, proof.password)
        with self._tables.write(changes_access=proof.former is not None) as session:
            row = session.get(AccountRow, seen.account_id, with_for_update=True)
            # Between the hash and now somebody may have disabled the account or changed the password.
            if row is None or row.disabled_ms is not None or row.password != seen.kept:
                missing: Exception | None = Unauthenticated(REFUSED)
            else:
                missing = second_factor(session, row, proof.totp, proof.recovery_code, now_ms)
            if row is not None and missing is None:
                note_try(session, seen.knock, now_ms, wrong=False)
                if anew is not None:
                    row.password = anew
                if proof.former is not None:
                    session.execute(delete(SessionRow).where(SessionRow.hash == hash_of(proof.former)))
                browser = know_browser(session, row.id, proof.browser, now_ms)
                begun = begin(session, row, proof.client, now_ms)
                if not seen.known:
                    notify(session, row.id, SIGNED_IN, now_ms, proof.client, begun.id)
                if proof.recovery_code is not None:
                    notify(session, row.id, RECOVERY_CODE_USED, now_ms, proof.client, begun.id)
                return SignedIn(row.id, begun, browser)
            asked = isinstance(missing, MissingFactor) and proof.totp is None and proof.recovery_code is None
            note_try(session, seen.knock, now_ms, wrong=None if asked else True)
        raise missing or Unauthenticated(REFUSED)

    def enrolment(self, secret: str) -> Enrolment | None:
        """What an invitation is for; None for one that is unknown, used or expired. It is not used up."""
        now_ms = self._now_ms()
        with self._tables.read() as session:
            link = session.get(EnrolmentRow, hash_of(secret))
            if link is None or link.used_ms is not None or link.expires_ms <= now_ms:
                return None
            row = row_of(session, link.account_id)
            again = row.reset_ms is not None
            return Enrolment(
                row.id, row.name, Scope(row.role), names_of(session, row.grant_id), again, link.expires_ms
            )

    def enrol(
        self,
        secret: str,
        password: str | None,
        client: Client,
        *,
        browser: str | None = None,
        signed_in_as: str | None = None,
    ) -> SignedIn:
        """Use an invitation up, keep the password that comes with it, and begin a session.

        Without a password the session is short, and waits for a passkey or a password.

        Args:
            secret: of the link. password: its owner's choice.
            client: where they are.
            browser: the cookie of a browser that signed in before.
            signed_in_as: id of the grant under which this browser is signed in already.

        Raises:
            Unauthenticated: the link is unknown, used or expired (they are not told apart).
            Conflict: somebody else is signed in here; the link is still good.
            InvalidInput: a password that cannot be taken; the link is still good.
        """
        now_ms, kept = self._now_ms(), None
        words = self._words(secret, now_ms)
        if password is not None:
            # Hashed before anybody looks whether there is such a link: the time does not tell.
            kept = self._hashes.of(
                checked_password(password, alone=True, words=words, stolen=self._stolen), known=False
            )
        with self._tables.write(changes_access=True) as session:
            row = take_invitation(session, secret, now_ms, signed_in_as=signed_in_as)
            if kept is not None:
                row.password, row.password_long, row.password_ms = kept, True, now_ms
                enrolled(session, row, now_ms, client)
            return first_session(session, row, client, browser, now_ms)

    def _look(self, proof: Proof, now_ms: int) -> _Seen:
        """Everything that is known before the password is judged; as much work for every name."""
        with self._tables.read() as session:
            row = account_named(session, proof.name)
            account_id = None if row is None else row.id
            browser = knows_browser(session, account_id or "", proof.browser, now_ms)
            if browser is not None and not is_still_known(session, browser, now_ms):
                browser = None
            knock = knock_of(
                account_id, folded(proof.name), row.salt if row else "", proof.client.address, browser
            )
            early = is_too_early(session, knock, now_ms)
            code = session.get(RecoveryCodeRow, recovery_hash(account_id or "", proof.recovery_code or ""))
            # Nobody guesses 80 bits: whoever has a code is not kept waiting for what others tried.
            early = early and not (code is not None and code.used_ms is None)
            usable = row is not None and row.disabled_ms is None and row.role != Scope.SERVICE
            kept = row.password if row is not None and usable and not early else None
            return _Seen(account_id, kept, knock, early, browser is not None)

    def _anew(self, kept: str | None, password: str) -> str | None:
        """The hash at today's cost, where the one that is kept was cheaper."""
        if kept is None or not self._hashes.is_of_before(kept):
            return None
        return self._hashes.of(normalised(password))

    def _words(self, secret: str, now_ms: int) -> tuple[str, ...]:
        """Names that stand near the account of a link; none for a link that is no good."""
        del now_ms
        found = self.enrolment(secret)
        return () if found is None else (found.name, *found.people)


def take_invitation(
    session: Session, secret: str, now_ms: int, *, signed_in_as: str | None = None, use: bool = True
) -> AccountRow:
    """The account that an invitation is for, which is used up by that.

    Args:
        session: of a write transaction that changes access; any, where nothing is used up.
        secret: of the link.
        now_ms: the present.
        signed_in_as: id of the grant under which this browser is signed in already.
        use: False only looks.

    Raises:
        Unauthenticated: the link is unknown, used or expired, or the account is disabled.
        Conflict: somebody else is signed in here; the link is still good.
    """
    good = (
        EnrolmentRow.hash == hash_of(secret),
        EnrolmentRow.used_ms.is_(None),
        EnrolmentRow.expires_ms > now_ms,
    )
    query = (
        update(EnrolmentRow).where(*good).values(used_ms=now_ms).returning(EnrolmentRow.account_id)
        if use
        else select(EnrolmentRow.account_id).where(*good)
    )
    found = session.scalars(query).one_or_none()
    row = None if found is None else session.get(AccountRow, found, with_for_update=use)
    if row is None or row.disabled_ms is not None:
        raise Unauthenticated(BAD_LINK)
    if signed_in_as is not None and row.grant_id != signed_in_as:
        here = session.scalar(select(AccountRow).where(AccountRow.grant_id == signed_in_as))
        whose = f"you are {here.name}" if here else "somebody is signed in in this browser"
        raise Conflict(f"{whose}; this is for {row.name}. Sign out first, or open it in their browser")
    return row


def first_session(
    session: Session, row: AccountRow, client: Client, browser: str | None, now_ms: int
) -> SignedIn:
    """The session of whoever has just used an invitation up; every other one of the account ends."""
    end_others(session, row.id, None)
    known = know_browser(session, row.id, browser, now_ms)
    return SignedIn(row.id, begin(session, row, client, now_ms), known)


def second_factor(
    session: Session,
    row: AccountRow,
    totp: str | None,
    recovery_code: str | None,
    now_ms: int,
) -> Unauthenticated | None:
    """What is missing besides a right password; None when nothing is. What was given is used up.

    Args:
        session: of a write transaction.
        row: of the account.
        totp, recovery_code: as typed.
        now_ms: the present.
    """
    if recovery_code is not None:
        if not use_recovery_code(session, row, recovery_code, now_ms):
            return Unauthenticated(REFUSED)
        return None
    if row.totp is None:
        return None
    if totp is None:
        return MissingFactor("the password is right; the code of your authenticator app is needed", "totp")
    return use_totp(session, row, totp, now_ms)


def use_totp(session: Session, row: AccountRow, typed: str, now_ms: int) -> Unauthenticated | None:
    """Take a code of the app, once: of two requests with one code, one wins; None when it was good."""
    secret = row.totp or ""
    step = matching_step(secret, typed, now_ms, above=row.totp_step, told=row.totp_told)
    if step is not None:
        taken = session.scalars(
            update(AccountRow)
            .where(
                AccountRow.id == row.id,
                (AccountRow.totp_step.is_(None)) | (AccountRow.totp_step < step),
            )
            .values(totp_step=step)
            .returning(AccountRow.id)
            .execution_options(synchronize_session=False)
        ).all()
        session.refresh(row)
        return None if taken else Unauthenticated(REFUSED)
    drift = drift_of(secret, typed, now_ms)
    if drift is None:
        return MissingFactor(REFUSED, "totp")
    if drift > 0:
        # Whoever guesses codes and hears that one is early must not use it when its time has come.
        now = step_of(now_ms)
        row.totp_told = sorted({*(told for told in row.totp_told if told >= now - WINDOW), now + drift})
    minutes = max(1, round(abs(drift) * STEP_MS / 60_000))
    way = "ahead" if drift > 0 else "behind"
    return MissingFactor(
        f"your phone's clock is {minutes} min {way}; let it set its time by itself, then take the next code",
        "totp",
        drift * STEP_MS,
    )


def use_recovery_code(
    session: Session, row: AccountRow, typed: str, now_ms: int, *, before_ms: int | None = None
) -> bool:
    """Use a recovery code up, and with it the present codes of the app: whoever has the phone has those.

    Args:
        session: of a write transaction. row: of the account. typed: the code. now_ms: the present.
        before_ms: only a code that was made before that counts.
    """
    used = session.scalars(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.hash == recovery_hash(row.id, typed),
            RecoveryCodeRow.account_id == row.id,
            RecoveryCodeRow.used_ms.is_(None),
            *(() if before_ms is None else (RecoveryCodeRow.created_ms < before_ms,)),
        )
        .values(used_ms=now_ms)
        .returning(RecoveryCodeRow.hash)
    ).all()
    if not used:
        return False
    row.totp_step = max(row.totp_step or 0, step_of(now_ms) + WINDOW)
    return True


def enrolled(session: Session, row: AccountRow, now_ms: int, client: Client) -> None:
    """Somebody has set up a way in: the people concerned hear of it, and after a reset the rest begins."""
    if row.enrolled_ms is not None or not factors_of(session, row).can_sign_in:
        return
    row.enrolled_ms, row.enrolled_from = now_ms, client.address
    if row.rests_until_ms == NEVER_MS:
        row.rests_until_ms = now_ms + REST_MS
    named = select(GrantPersonRow.person_id).where(GrantPersonRow.grant_id == row.grant_id)
    facts: dict[str, str | int] = {
        "who": row.name,
        "agent": client.shown,
        "address": client.address,
        "grant": row.grant_id,
        "role": row.role,
    }
    if rests(row, now_ms) and row.rests_until_ms is not None:
        facts["rests_until"] = row.rests_until_ms
    for person_id in session.scalars(named).all():
        note(session, NoticeKind.JOINED, person_id, TO_PERSON, facts, now_ms, of=f"{row.id}:{now_ms}")
    notify(session, row.id, "enrolled", now_ms, client)
