"""The accounts of a house, as its operator handles them: made, listed, disabled, reset.

An account stands on a grant: what it may do, and about whom, is the grant's, so policy, sharing and audit
know grants alone. Whoever has an account proves who they are by what hangs on it.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update

from healthtwin.access.account_tables import AccountRow, AgreedRow, EnrolmentRow
from healthtwin.access.accounts.factors import Factors, factors_of
from healthtwin.access.accounts.sessions import end_all_ways_in
from healthtwin.access.credentials import new_grant
from healthtwin.access.grants import Scope
from healthtwin.access.proof_tables import IdentityRow, PasskeyRow
from healthtwin.access.relations.notices import TO_PERSON, NoticeKind, note
from healthtwin.access.tables import STAFF, GrantPersonRow, GrantRow, SessionRow, TokenRow
from healthtwin.domain import DAY_MS, HOUR_MS, plain_text
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound
from healthtwin.domain.text import shows
from healthtwin.store.base import PersonRow, RevisionRow
from healthtwin.store.secrets import TOKEN_PREFIX, hash_of, new_id, new_secret

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables

ENROL_PREFIX: Final = "he_"
ENROL_MS: Final = DAY_MS
"""An invitation by post or message is opened the next morning; one that lies around longer is a key under the
mat."""

REST_MS: Final = 24 * HOUR_MS
"""For so long after a reset the people concerned can say no before an account reaches them again."""

NEVER_MS: Final = 2**52
"""Until somebody comes: nobody has enrolled again yet."""

LONGEST_NAME: Final = 100
HANDLE_BYTES: Final = 32
ROLES: Final = (Scope.ADMIN, Scope.CLINICIAN, Scope.FAMILY, Scope.PERSON, Scope.SERVICE)


@dataclass(frozen=True, slots=True)
class Added:
    """A fresh account, and the secret that is shown once.

    Attributes:
        enrol_secret: of the link that sets up its way in; None for a service.
        token: of a service; None for everybody else.
        expires_ms: when the link ends.
    """

    id: str
    grant_id: str
    enrol_secret: str | None = field(repr=False)
    token: str | None = field(repr=False)
    expires_ms: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it may be shown.

    Attributes:
        state: ``invited`` (nobody has set up a way in, or none since it was reset), ``active``, ``disabled``.
        people: ids of whom its grant names.
        rests_until_ms: its reach to people rests until then; `NEVER_MS` until somebody enrols again.
        last_used_ms: as far as its sessions tell.
    """

    id: str
    name: str
    role: Scope
    grant_id: str
    state: str
    people: tuple[str, ...]
    factors: Factors
    created_ms: int
    enrolled_ms: int | None
    disabled_ms: int | None
    rests_until_ms: int | None
    last_used_ms: int | None


class Accounts:
    """The accounts of a house. Every method is one transaction.

    Args:
        tables: where they are; other processes may change them at any time.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(
        self,
        name: str,
        role: Scope | str,
        people: Collection[str],
        now_ms: int,
        *,
        lifetime_ms: int = ENROL_MS,
    ) -> Added:
        """A new account, and the link that sets up its way in; for a service its token.

        Args:
            name: what they sign in with, and what others call them.
            role: one of `ROLES`.
            people: ids: exactly one for a person, at least one for family, a clinician and a service; of an
                admin those whom it also treats.
            now_ms: the present.
            lifetime_ms: how long the link is good for.

        Raises:
            InvalidInput: an unknown role, people that do not fit it, or a name that is empty or taken.
            NotFound: for an unknown person.
        """
        scope, name = _role(role), plain_text("name", name, LONGEST_NAME)
        if not shows(name):
            raise InvalidInput("name", name, "letters, and no marks that turn the direction of reading")
        if lifetime_ms <= 0:
            raise InvalidInput("lifetime_ms", lifetime_ms, "above 0 ms")
        with self._tables.write(changes_access=True) as session:
            _one_at_a_time(session)
            if account_named(session, name) is not None:
                raise InvalidInput("name", name, "a name that no other account has")
            grant = new_grant(session, scope, people, name, now_ms, None, with_device=False)
            if scope in STAFF:
                # Theirs, not the person's: it does not end with whom it reaches.
                session.get_one(GrantRow, grant.id).person_id = None
            row = AccountRow(
                id=new_id("a-"),
                grant_id=grant.id,
                role=str(scope),
                name=name,
                salt=secrets.token_hex(HANDLE_BYTES),
                handle=secrets.token_bytes(HANDLE_BYTES),
                created_ms=now_ms,
            )
            session.add(row)
            session.flush()
            return _open_way(session, row, now_ms, lifetime_ms)

    def list(self, now_ms: int) -> Sequence[Account]:
        """Every account, the oldest first."""
        with self._tables.read() as session:
            rows = session.scalars(select(AccountRow).order_by(AccountRow.created_ms, AccountRow.id)).all()
            return [shown(session, row, now_ms) for row in rows]

    def get(self, account_id: str, now_ms: int) -> Account:
        """One account.

        Raises:
            NotFound: there is none of this id.
        """
        with self._tables.read() as session:
            return shown(session, row_of(session, account_id), now_ms)

    def of_grant(self, grant_id: str, now_ms: int) -> Account | None:
        """The account that stands on a grant; None for one that a token, link or phone proves."""
        with self._tables.read() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.grant_id == grant_id))
            return None if row is None else shown(session, row, now_ms)

    def id_of(self, named: str) -> str:
        """The id of the account that is named by it, or by its name.

        Raises:
            InvalidInput: there is none.
        """
        with self._tables.read() as session:
            row = session.get(AccountRow, named) or account_named(session, named)
            if row is None:
                raise InvalidInput("account", named, "an id or a name that 'healthtwin account list' shows")
            return row.id

    def disable(self, account_id: str, now_ms: int) -> None:
        """Let nobody in by this account, at once; what it did stays under its name.

        Raises:
            NotFound: no such account. Conflict: it is the last administrator who could get in.
        """
        with self._tables.write(changes_access=True) as session:
            _one_at_a_time(session)
            row = row_of(session, account_id)
            if row.disabled_ms is None:
                require_another_admin(session, row, "disabled")
                row.disabled_ms = now_ms
            end_all_ways_in(session, row, now_ms)

    def enable(self, account_id: str, now_ms: int) -> None:
        """Let it be used again, by the proofs that it had; a service gets a new token by a reset.

        Raises:
            NotFound: no such account.
        """
        del now_ms
        with self._tables.write(changes_access=True) as session:
            row_of(session, account_id).disabled_ms = None

    def reset(self, account_id: str, now_ms: int, *, lifetime_ms: int = ENROL_MS) -> Added:
        """End everything that opened an account, and make a link that sets up a new way in.

        The link grants nothing by itself: until its owner confirms with a proof of before, the people
        concerned agree again, or 24 hours pass after somebody enrolled, its reach to people rests.

        Raises:
            NotFound: no such account. Conflict: a service that is disabled; its token would work.
        """
        with self._tables.write(changes_access=True) as session:
            row = row_of(session, account_id)
            if row.role == Scope.SERVICE and row.disabled_ms is not None:
                raise Conflict(f"{account_id} is disabled; enable it first")
            end_all_ways_in(session, row, now_ms)
            if row.enrolled_ms is not None:
                if not rests(row, now_ms):
                    # Who set up a way in during a rest has shown no proof of before: theirs would be none.
                    row.former_password, row.former_totp, row.reset_ms = row.password, row.totp, now_ms
                row.rests_until_ms = NEVER_MS
                facts = {"who": row.name, "grant": row.grant_id}
                named = select(GrantPersonRow.person_id).where(GrantPersonRow.grant_id == row.grant_id)
                for person in session.scalars(named).all():
                    what, of = NoticeKind.ACCOUNT_RESET, f"{row.id}:{now_ms}"
                    note(session, what, person, TO_PERSON, facts, now_ms, of=of)
                session.execute(delete(AgreedRow).where(AgreedRow.account_id == account_id))
            row.password, row.password_long, row.password_ms = None, False, None
            row.totp, row.totp_ms, row.totp_pending, row.totp_pending_ms = None, None, None, None
            row.enrolled_ms, row.enrolled_from = None, ""
            opened = (PasskeyRow.account_id == account_id, PasskeyRow.former_ms.is_(None))
            session.execute(update(PasskeyRow).where(*opened).values(former_ms=now_ms))
            session.execute(delete(IdentityRow).where(IdentityRow.account_id == account_id))
            session.flush()
            return _open_way(session, row, now_ms, lifetime_ms)

    def confirm(self, account_id: str) -> None:
        """End the rest of an account after a reset, as the console may.

        Raises:
            NotFound: no such account.
        """
        with self._tables.write(changes_access=True) as session:
            end_rest(row_of(session, account_id))

    def agree(self, person_id: str, grant_id: str, now_ms: int) -> None:
        """The person agrees again to the reach of an account that was reset; only to themselves.

        Raises:
            NotFound: no such grant, or it does not name this person, or it does not rest.
        """
        with self._tables.write(changes_access=True) as session:
            row = session.scalar(select(AccountRow).where(AccountRow.grant_id == grant_id))
            named = session.get(GrantPersonRow, (grant_id, person_id))
            if row is None or named is None or not rests(row, now_ms):
                raise NotFound("no such grant that rests")
            if session.get(AgreedRow, (row.id, person_id)) is None:
                session.add(AgreedRow(account_id=row.id, person_id=person_id, agreed_ms=now_ms))


def row_of(session: Session, account_id: str) -> AccountRow:
    """An account's row.

    Raises:
        NotFound: there is none.
    """
    row = session.get(AccountRow, account_id, with_for_update=True)
    if row is None:
        raise NotFound(f"no account {account_id!r}")
    return row


def folded(name: str) -> str:
    r"""A name as it is compared: two that look the same are one.

    >>> folded("  Änna  B. ") == folded("A\u0308NNA b.")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def account_named(session: Session, name: str) -> AccountRow | None:
    """The account of this name.

    Every name is compared, whatever comes of it: they may lie sealed, and the time tells nobody who is
    known.
    """
    wanted, found = folded(name), None
    for row in session.scalars(select(AccountRow)):
        if folded(row.name) == wanted:
            found = row
    return found


def shown(session: Session, row: AccountRow, now_ms: int) -> Account:
    """An account as it may be shown."""
    people = session.scalars(
        select(GrantPersonRow.person_id).where(GrantPersonRow.grant_id == row.grant_id)
    ).all()
    used = session.scalar(select(func.max(SessionRow.last_used_ms)).where(SessionRow.account_id == row.id))
    state = "active" if row.enrolled_ms is not None or row.role == Scope.SERVICE else "invited"
    return Account(
        row.id,
        row.name,
        Scope(row.role),
        row.grant_id,
        "disabled" if row.disabled_ms is not None else state,
        tuple(sorted(people)),
        factors_of(session, row),
        row.created_ms,
        row.enrolled_ms,
        row.disabled_ms,
        row.rests_until_ms if rests(row, now_ms) else None,
        used,
    )


def names_of(session: Session, grant_id: str) -> tuple[str, ...]:
    """What the people whom a grant names are called."""
    named = select(PersonRow).join(GrantPersonRow, GrantPersonRow.person_id == PersonRow.id)
    found = session.scalars(named.where(GrantPersonRow.grant_id == grant_id))
    return tuple(sorted(person.name for person in found))


def rests(row: AccountRow, now_ms: int) -> bool:
    """Whether an account reaches nobody who has not agreed again, since it was reset."""
    return row.rests_until_ms is not None and now_ms < row.rests_until_ms


def end_rest(row: AccountRow) -> None:
    """Let an account reach its people again."""
    row.rests_until_ms = row.former_password = row.former_totp = None


def is_able(session: Session, row: AccountRow) -> bool:
    """Whether somebody can get in by an account: enrolled, not disabled, with a proof."""
    return row.disabled_ms is None and row.enrolled_ms is not None and factors_of(session, row).can_sign_in


def require_another_admin(session: Session, row: AccountRow, done: str) -> None:
    """Refuse what would leave the house without an administrator who can get in.

    Args:
        session: of the transaction.
        row: whose account is about to be of no use.
        done: what is about to be done to it, in one word.

    Raises:
        Conflict: saying what to do first.
    """
    if row.role != Scope.ADMIN or not is_able(session, row):
        return
    others = session.scalars(
        select(AccountRow).where(AccountRow.role == str(Scope.ADMIN), AccountRow.id != row.id)
    ).all()
    if not any(is_able(session, other) for other in others):
        raise Conflict(
            f"{row.id} is the last administrator who can get in, so it cannot be {done}; first add another "
            "(healthtwin account add --role admin) and let them set up their way in"
        )


def _role(role: Scope | str) -> Scope:
    if role in ROLES:
        return Scope(role)
    raise InvalidInput("role", role, ", ".join(ROLES))


def _one_at_a_time(session: Session) -> None:
    """Whoever checks before they write waits here for whoever does the same, on PostgreSQL too."""
    session.execute(update(RevisionRow).values(count=RevisionRow.count))


def _open_way(session: Session, row: AccountRow, now_ms: int, lifetime_ms: int) -> Added:
    """A service's token, or the link of everybody else; a new one ends those before."""
    if row.role == Scope.SERVICE:
        secret = new_secret(TOKEN_PREFIX)
        session.add(
            TokenRow(
                id=new_id("t-"),
                hash=hash_of(secret),
                grant_id=row.grant_id,
                created_ms=now_ms,
                expires_ms=None,
            )
        )
        return Added(row.id, row.grant_id, None, secret, None)
    session.execute(delete(EnrolmentRow).where(EnrolmentRow.account_id == row.id))
    secret, expires_ms = new_secret(ENROL_PREFIX), now_ms + lifetime_ms
    session.add(
        EnrolmentRow(hash=hash_of(secret), account_id=row.id, created_ms=now_ms, expires_ms=expires_ms)
    )
    return Added(row.id, row.grant_id, secret, None, expires_ms)
