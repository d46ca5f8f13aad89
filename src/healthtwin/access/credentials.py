"""Who may do what: devices and tokens, one-time sign-in links, sessions. Only hashes of them are stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, insert, select, update

from healthtwin.access.account_tables import AccountNoticeRow, AccountRow, EnrolmentRow, KnownBrowserRow
from healthtwin.access.reach import COVERED, REACH_COLUMNS, STATED, reach_of, stated_by_all
from healthtwin.access.relation_tables import JoinedGrantRow
from healthtwin.access.stored_grants import Minted, StoredGrant, Token, grant_in, session_by
from healthtwin.access.tables import DeviceRow, GrantPersonRow, GrantRow, SessionRow, SignInLinkRow, TokenRow
from healthtwin.access.ties import USUAL_TIES, Relation, Scope
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import InvalidInput, NotFound, Unauthenticated
from healthtwin.store.base import Base, PersonRow
from healthtwin.store.sealed import SEALED
from healthtwin.store.secrets import (
    LINK_PREFIX,
    SESSION_PREFIX,
    TOKEN_PREFIX,
    hash_of,
    new_id,
    new_secret,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session as Transaction

    from healthtwin.store import Tables

LINK_LIFETIME_MS: Final = 15 * MINUTE_MS
"""Long enough to carry a link from the terminal to a phone, short enough that a stray copy is dead."""

SESSION_LIFETIME_MS: Final = 30 * DAY_MS
"""A clinician's and an administrator's browser: signed in anew once a month (NIST SP 800-63B, 4.1.3: at least
once per 30 days, whatever is done in between). A link that has to be fetched from a terminal every day is
fetched by nobody; whoever shares a computer signs out, and `healthtwin token` ends what was lost."""

LASTING_MS: Final = 400 * DAY_MS
"""A paired phone and a relative's browser, counted from their last use: as long as a browser keeps any cookie
(RFC 6265bis, section 5.5)."""

NOTED_EVERY_MS: Final = HOUR_MS
"""How finely a session's last use is known; a write for every request would wear the disk for nothing."""

_ASKED_AT_ONCE: Final = 500

_TOKENS, _GRANTS = TokenRow.__table__, GrantRow.__table__

_TOKEN_BY_HASH: Final = (
    select(
        _TOKENS.c.revoked_ms,
        _TOKENS.c.expires_ms,
        _GRANTS.c.id,
        _GRANTS.c.scope,
        _GRANTS.c.device_id,
        _GRANTS.c.person_id.label("grant_person_id"),
        _GRANTS.c.sealed,
        _GRANTS.c.every_person,
        *REACH_COLUMNS,
    )
    .select_from(
        _TOKENS.join(_GRANTS, _GRANTS.c.id == _TOKENS.c.grant_id)
        .outerjoin(COVERED, COVERED.c.grant_id == _GRANTS.c.id)
        .outerjoin(STATED, STATED.c.person_id == COVERED.c.person_id)
    )
    .where(_TOKENS.c.hash == bindparam("hash"))
)
"""One question of plain tables: a house with many phones asks it for every one of them."""


_WITH_DEVICE: Final = frozenset({Scope.DEVICE, Scope.PERSON})
_LASTING: Final = frozenset({Scope.PERSON, Scope.FAMILY})


class Credentials:
    """Tokens, links and sessions of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def create_token(
        self,
        scope: Scope | str,
        people: Collection[str],
        now_ms: int,
        *,
        label: str = "",
        expires_ms: int | None = None,
        every_person: bool = False,
    ) -> Minted:
        """A new token; for scope `device`, with the id of a new device.

        Args:
            scope: see `Scope`.
            people: ids: exactly one for a device, at least one for a clinician; of an admin those whom it
                treats, and without any it sees nobody.
            now_ms: the present.
            label: whose it is, for the list of tokens.
            expires_ms: when it ends; None is never.
            every_person: of an admin only: it treats everybody, whoever comes later too.

        Raises:
            InvalidInput: when people do not fit the scope, or the end is not in the future.
            NotFound: for an unknown person.
        """
        _check_expiry(expires_ms, now_ms)
        secret, token_id = new_secret(TOKEN_PREFIX), new_id("t-")
        with self._tables.write(changes_access=True) as session:
            known = _known_scope(scope)
            grant = new_grant(session, known, people, label, now_ms, expires_ms, every_person=every_person)
            session.add(
                TokenRow(
                    id=token_id,
                    hash=hash_of(secret),
                    grant_id=grant.id,
                    created_ms=now_ms,
                    expires_ms=expires_ms,
                )
            )
        return Minted(secret, token_id, grant, expires_ms)

    def create_device_tokens(
        self,
        people: Sequence[str],
        now_ms: int,
        *,
        labels: Sequence[str] | None = None,
        expires_ms: int | None = None,
    ) -> Sequence[Minted]:
        """One device token for each person, in one transaction: for an import of many people at once.

        Args:
            people: ids; somebody named twice gets two devices.
            now_ms: the present.
            labels: one per person, for the list of tokens; none when None.
            expires_ms: when all of them end; None is never.

        Returns:
            The tokens, in the order of `people`.

        Raises:
            InvalidInput: labels do not fit the people, or the end is not in the future.
            NotFound: for an unknown person; no token was made then.
        """
        _check_expiry(expires_ms, now_ms)
        if labels is not None and len(labels) != len(people):
            raise InvalidInput("labels", len(labels), f"one for each of the {len(people)} people")
        tables: dict[type[Base], list[dict[str, object]]] = {
            table: [] for table in (DeviceRow, GrantRow, GrantPersonRow, TokenRow)
        }
        minted, labels_of = [], {}
        for person_id, label in zip(people, labels or [""] * len(people), strict=True):
            secret, grant_id, device_id, token_id = new_secret(TOKEN_PREFIX), *map(new_id, ("g-", "d-", "t-"))
            grant = StoredGrant(grant_id, Scope.DEVICE, frozenset((person_id,)), device_id, label, expires_ms)
            minted.append(Minted(secret, token_id, grant, expires_ms))
            shared = {"person_id": person_id, "created_ms": now_ms}
            labels_of[device_id] = labels_of[grant_id] = label
            tables[DeviceRow].append({"id": device_id, **shared})
            tables[GrantRow].append(
                {"id": grant_id, "scope": str(Scope.DEVICE), "device_id": device_id, **shared}
            )
            tables[GrantPersonRow].append(
                {"grant_id": grant_id, "person_id": person_id, "relation": str(Relation.SELF)}
            )
            tables[TokenRow].append(
                {
                    "id": token_id,
                    "hash": hash_of(secret),
                    "grant_id": grant_id,
                    "created_ms": now_ms,
                    "expires_ms": expires_ms,
                }
            )
        with self._tables.write(changes_access=True) as session:
            pseudonyms = _require_people(session, people)
            keys, sealer = self._tables.keys, self._tables.sealer
            for kind in (DeviceRow, GrantRow):
                for row in tables[kind]:
                    facts = {"label": labels_of[str(row["id"])]}
                    row[SEALED] = sealer.body(
                        kind, row, facts, keys.key_of(pseudonyms[str(row["person_id"])])
                    )
            for table, rows in tables.items():
                if rows:
                    session.execute(insert(table), rows)
        return minted

    def lookup_token(self, secret: str, now_ms: int) -> StoredGrant:
        """What this token allows now.

        Raises:
            Unauthenticated: for an unknown, expired or revoked token.
        """
        with self._tables.asking() as connection:
            rows = connection.execute(_TOKEN_BY_HASH, {"hash": hash_of(secret)}).all()
            if not rows:
                raise Unauthenticated("unknown token")
            first = rows[0]
            if first.revoked_ms is not None:
                raise Unauthenticated("this token was revoked; create a new one")
            if first.expires_ms is not None and first.expires_ms <= now_ms:
                raise Unauthenticated("this token has expired; create a new one")
            everybody = stated_by_all(connection) if first.every_person else ()
        scope = Scope(first.scope)
        people, ties = reach_of(scope, rows, everybody)
        sealed = {"id": first.id, "person_id": first.grant_person_id, "sealed": first.sealed}
        said = self._tables.sealer.each(
            GrantRow, [sealed], lambda row: self._tables.sealer.facts(GrantRow, row)
        )
        label = said[0].get("label", "") if said else ""  # whose label is damaged still sends readings
        return StoredGrant(
            first.id, scope, people, first.device_id, label, first.expires_ms, first.every_person, ties
        )

    def stored(self, grant_id: str) -> StoredGrant | None:
        """What a grant allows, whatever proves it; None: there is none of this id."""
        with self._tables.read() as session:
            row = session.get(GrantRow, grant_id)
            return None if row is None else grant_in(session, row, None)

    def revoke_token(self, token_id: str, now_ms: int) -> None:
        """End a token for good; sessions that stem from other proofs go on.

        Raises:
            NotFound: no such token.
        """
        with self._tables.write(changes_access=True) as session:
            token = session.get(TokenRow, token_id)
            if token is None:
                raise NotFound(f"no token {token_id!r}")
            if token.revoked_ms is None:
                token.revoked_ms = now_ms

    def tokens(self) -> Sequence[Token]:
        """Every token, oldest first, revoked and expired ones too."""
        with self._tables.read() as session:
            found = session.execute(
                select(TokenRow, GrantRow)
                .join(GrantRow, GrantRow.id == TokenRow.grant_id)
                .order_by(TokenRow.created_ms, TokenRow.id)
            )
            return [
                Token(
                    token.id,
                    grant_in(session, grant, token.expires_ms),
                    token.created_ms,
                    token.expires_ms,
                    token.revoked_ms,
                )
                for token, grant in found.all()
            ]

    def create_link(
        self,
        scope: Scope | str,
        people: Collection[str],
        now_ms: int,
        *,
        label: str = "",
        lifetime_ms: int = LINK_LIFETIME_MS,
        every_person: bool = False,
    ) -> Minted:
        """The secret of a link that signs in once, as somebody with this scope and these people.

        Raises:
            InvalidInput, NotFound: as `create_token`; a device has no browser to sign in with, and a
                person's phone is paired (`Pairing`).
        """
        known = _known_scope(scope)
        if known in _WITH_DEVICE:
            raise InvalidInput("scope", scope, "family, clinician or admin")
        if lifetime_ms <= 0:
            raise InvalidInput("lifetime_ms", lifetime_ms, "above 0 ms")
        secret, expires_ms = new_secret(LINK_PREFIX), now_ms + lifetime_ms
        with self._tables.write(changes_access=True) as session:
            grant = new_grant(session, known, people, label, now_ms, expires_ms, every_person=every_person)
            session.add(
                SignInLinkRow(
                    hash=hash_of(secret), grant_id=grant.id, created_ms=now_ms, expires_ms=expires_ms
                )
            )
        return Minted(secret, "", grant, expires_ms)

    def redeem_link(self, secret: str, now_ms: int, *, lifetime_ms: int | None = None) -> Minted:
        """Use a link up and begin a session; of several who try at once, one succeeds.

        Args:
            secret: of the link.
            now_ms: the present.
            lifetime_ms: of the session; by default what suits its scope.

        Raises:
            Unauthenticated: for an unknown, expired or used link (they are not told apart).
        """
        with self._tables.write(changes_access=True) as session:
            is_link = secret.startswith(LINK_PREFIX)
            grant_id = use_link_up(session, hash_of(secret), now_ms) if is_link else None
            if grant_id is None:
                raise Unauthenticated("this sign-in link is unknown, used or expired; ask for a new one")
            return begin_session(session, session.get_one(GrantRow, grant_id), now_ms, lifetime_ms)

    def invited(self, secret: str, now_ms: int) -> StoredGrant | None:
        """What a link would sign in as, which is not used up by asking; None for one that is no good."""
        with self._tables.read() as session:
            grant_id = session.scalar(
                select(SignInLinkRow.grant_id).where(
                    SignInLinkRow.hash == hash_of(secret),
                    SignInLinkRow.used_ms.is_(None),
                    SignInLinkRow.expires_ms > now_ms,
                )
            )
            row = None if grant_id is None else session.get(GrantRow, grant_id)
            return None if row is None else grant_in(session, row, None)

    def lookup_session(self, secret: str, now_ms: int, client: str = "") -> StoredGrant:
        """What this session allows now.

        Args:
            secret: its cookie; one that was replaced seconds ago is good once more.
            now_ms: the present.
            client: the mark of the browser that asks (`Client.mark`).

        Raises:
            Unauthenticated: for an unknown, ended or expired session.
        """
        digest = hash_of(secret)
        with self._tables.read() as session:
            stored = session_by(session, SessionRow.hash == digest, now_ms)
            if stored is not None:
                return stored
            replaced = session.scalar(select(SessionRow.id).where(SessionRow.former_hash == digest))
        if replaced is not None and client:
            with self._tables.write() as session:
                good = update(SessionRow).where(
                    SessionRow.former_hash == digest,
                    SessionRow.former_until_ms > now_ms,
                    SessionRow.client == client,
                )
                if session.scalars(good.values(former_hash=None).returning(SessionRow.id)).all():
                    stored = session_by(session, SessionRow.id == replaced, now_ms)
                    if stored is not None:
                        return replace(stored, once=True)
        raise Unauthenticated("not signed in, or the session has ended")

    def touch(self, session_id: str, now_ms: int, idle_ms: int) -> None:
        """Let a session that ends when nobody uses it last from now, as far as it may."""
        with self._tables.write() as session:
            row = session.get(SessionRow, session_id)
            if row is not None and row.absolute_ms is not None and row.expires_ms > now_ms:
                row.last_used_ms = now_ms
                row.expires_ms = min(row.absolute_ms, now_ms + idle_ms)

    def note_use(self, secret: str, now_ms: int) -> int | None:
        """Note that a session is in use, and let a lasting one last from now; when it ends, None when it has.

        Whoever remembers what a session allows need not hear of it: it allows the same, only longer.
        """
        with self._tables.write() as session:
            found = session.execute(
                select(SessionRow, GrantRow.scope)
                .join(GrantRow, GrantRow.id == SessionRow.grant_id)
                .where(SessionRow.hash == hash_of(secret), SessionRow.expires_ms > now_ms)
            ).one_or_none()
            if found is None:
                return None
            row, scope = found
            due = row.last_used_ms is None or now_ms - row.last_used_ms >= NOTED_EVERY_MS
            if due and row.account_id is None:  # an account's are noted with every use (`touch`)
                row.last_used_ms = now_ms
                if Scope(scope) in _LASTING:
                    row.expires_ms = max(row.expires_ms, now_ms + LASTING_MS)
            ends: int = row.expires_ms
            return ends

    def end_session(self, secret: str) -> None:
        """Sign out; nothing happens when the session is over already."""
        with self._tables.write(changes_access=True) as session:
            session.execute(delete(SessionRow).where(SessionRow.hash == hash_of(secret)))

    def purge(self, now_ms: int) -> int:
        """Delete expired links and sessions (how many), and grants and devices without any proof left."""
        with self._tables.write() as session:
            gone = 0
            for table in (SignInLinkRow, SessionRow):
                gone += len(
                    session.scalars(
                        delete(table).where(table.expires_ms <= now_ms).returning(table.hash)
                    ).all()
                )
            for of_account in (EnrolmentRow, KnownBrowserRow):
                session.execute(delete(of_account).where(of_account.expires_ms <= now_ms))
            session.execute(delete(AccountNoticeRow).where(AccountNoticeRow.at_ms <= now_ms - LASTING_MS))
            tables = (TokenRow, SignInLinkRow, SessionRow, AccountRow, JoinedGrantRow)
            proofs = [select(table.grant_id) for table in tables]
            session.execute(delete(GrantRow).where(*(GrantRow.id.not_in(proof) for proof in proofs)))
            in_use = select(GrantRow.device_id).where(GrantRow.device_id.is_not(None))
            session.execute(delete(DeviceRow).where(DeviceRow.id.not_in(in_use)))
            return gone


def _known_scope(scope: Scope | str) -> Scope:
    try:
        return Scope(scope)
    except ValueError:
        raise InvalidInput("scope", scope, ", ".join(Scope)) from None


def _check_expiry(expires_ms: int | None, now_ms: int) -> None:
    if expires_ms is not None and expires_ms <= now_ms:
        raise InvalidInput("expires_ms", expires_ms, f"a time after now ({now_ms})")


def _require_people(session: Transaction, people: Sequence[str]) -> dict[str, str]:
    """The pseudonym of each; asks for some at a time: a database takes only so many parameters."""
    wanted, pseudonyms = sorted(set(people)), {}
    for at in range(0, len(wanted), _ASKED_AT_ONCE):
        some = wanted[at : at + _ASKED_AT_ONCE]
        found = session.execute(select(PersonRow.id, PersonRow.pseudonym).where(PersonRow.id.in_(some)))
        pseudonyms.update({row.id: row.pseudonym for row in found})
        for person_id in some:
            if person_id not in pseudonyms:
                raise NotFound(f"no person {person_id!r}")
    return pseudonyms


def use_link_up(session: Transaction, link_hash: str, now_ms: int) -> str | None:
    """The grant of a link that is good, which it then is no more; None for any other."""
    return session.scalars(
        update(SignInLinkRow)
        .where(
            SignInLinkRow.hash == link_hash,
            SignInLinkRow.used_ms.is_(None),
            SignInLinkRow.expires_ms > now_ms,
        )
        .values(used_ms=now_ms)
        .returning(SignInLinkRow.grant_id)
    ).one_or_none()


def begin_session(session: Transaction, row: GrantRow, now_ms: int, lifetime_ms: int | None = None) -> Minted:
    """A browser's session under a grant."""
    if lifetime_ms is None:
        lifetime_ms = LASTING_MS if Scope(row.scope) in _LASTING else SESSION_LIFETIME_MS
    secret, session_id, expires_ms = new_secret(SESSION_PREFIX), new_id("s-"), now_ms + lifetime_ms
    session.add(
        SessionRow(
            id=session_id,
            hash=hash_of(secret),
            grant_id=row.id,
            created_ms=now_ms,
            expires_ms=expires_ms,
            last_used_ms=now_ms,
        )
    )
    return Minted(secret, session_id, grant_in(session, row, expires_ms), expires_ms)


def new_grant(  # noqa: PLR0913 - what a grant is made of
    session: Transaction,
    scope: Scope,
    people: Collection[str],
    label: str,
    now_ms: int,
    expires_ms: int | None,
    *,
    every_person: bool = False,
    relations: Mapping[str, Relation] | None = None,
    with_device: bool = True,
) -> StoredGrant:
    """A grant that nothing proves yet, inside a transaction; with a device where the scope has one.

    Args:
        session: of the transaction. scope, people, label, now_ms, expires_ms: as of `create_token`.
        relations: as what it covers people, by their ids, where that is not the usual of its scope.
        with_device: False for an account, which may be used on several at once: readings come from phones
            that are paired, whose sequences are their own.

    Raises:
        InvalidInput, NotFound: as `Access.create_token`.
    """
    covered = frozenset(people)
    if scope in _WITH_DEVICE and len(covered) != 1:
        raise InvalidInput("person", sorted(covered), f"exactly one person for a {scope}")
    if scope in {Scope.FAMILY, Scope.CLINICIAN, Scope.SERVICE} and not covered:
        raise InvalidInput("person", [], f"at least one person for a {scope}")
    if every_person and (scope is not Scope.ADMIN or covered):
        raise InvalidInput("every_person", every_person, "for an admin only, who then names nobody else")
    for person_id in sorted(covered):
        if session.get(PersonRow, person_id) is None:
            raise NotFound(f"no person {person_id!r}")
    device_id = None
    if scope in _WITH_DEVICE and with_device:
        device_id = new_id("d-")
        session.add(DeviceRow(id=device_id, person_id=min(covered), label=label, created_ms=now_ms))
        session.flush()
    row = GrantRow(
        id=new_id("g-"),
        scope=str(scope),
        person_id=min(covered) if len(covered) == 1 else None,
        label=label,
        device_id=device_id,
        created_ms=now_ms,
        every_person=every_person,
    )
    session.add(row)
    session.flush()
    said, usual = relations or {}, USUAL_TIES[scope].relation
    session.add_all(
        GrantPersonRow(grant_id=row.id, person_id=person_id, relation=str(said.get(person_id, usual)))
        for person_id in sorted(covered)
    )
    session.flush()
    return grant_in(session, row, expires_ms)
