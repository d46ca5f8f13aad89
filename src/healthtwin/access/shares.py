"""Who can see a person: every grant that reaches them and can still be used, and how it is taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select, update

from healthtwin.access.account_tables import AccountRow, AgreedRow
from healthtwin.access.relation_tables import JoinedGrantRow
from healthtwin.access.tables import DeviceRow, GrantPersonRow, GrantRow, SessionRow, SignInLinkRow, TokenRow
from healthtwin.access.ties import Relation, Scope
from healthtwin.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables


@dataclass(frozen=True, slots=True)
class Share:
    """One grant that reaches a person.

    Attributes:
        id: of the grant.
        expires_ms: when the last proof of it ends; None: it holds a token that never does.
        last_used_ms: as far as known: browsers and phones tell, tokens do not.
        invited: only a link or code was made that nobody has used yet.
        reaches_all: an admin's that treats everybody, whoever comes later too.
        account: id of the account that stands on it; empty for tokens, links and paired phones.
        joined_ms, joined_from: when, and from which address, its owner set up their way in.
        rests_until_ms: it carries nothing about this person until then, since its account was reset; None:
            it does not rest.
    """

    id: str
    scope: Scope
    label: str
    created_ms: int
    expires_ms: int | None
    last_used_ms: int | None
    invited: bool
    reaches_all: bool
    account: str = ""
    joined_ms: int | None = None
    joined_from: str = ""
    rests_until_ms: int | None = None


class Shares:
    """Grants as the person sees them whom they reach. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def list(self, person_id: str, now_ms: int) -> Sequence[Share]:
        """Everything that opens this person's data now or could with a link that is out, oldest first."""
        of_them = select(GrantPersonRow.grant_id).where(GrantPersonRow.person_id == person_id)
        lives = or_(GrantPersonRow.until_ms.is_(None), GrantPersonRow.until_ms > now_ms)
        query = select(GrantRow).where(
            or_(
                GrantRow.id.in_(of_them.where(lives)),
                and_(GrantRow.every_person.is_(True), GrantRow.id.not_in(of_them)),
            )
        )
        with self._tables.read() as session:
            rows = session.scalars(query.order_by(GrantRow.created_ms, GrantRow.id)).all()
            return [share for row in rows if (share := _share(session, row, person_id, now_ms)) is not None]

    def devices(self, person_id: str) -> dict[str, str]:
        """Id and label of everything that sends this person's readings."""
        query = select(DeviceRow).where(DeviceRow.person_id == person_id)
        with self._tables.read() as session:
            return {row.id: row.label for row in session.scalars(query)}

    def revoke(self, person_id: str, grant_id: str, now_ms: int) -> None:
        """Take this person away from a grant, and end it when it reaches nobody else.

        An admin's goes on to run the house; for one that treats everybody this person is an exception then.

        Raises:
            NotFound: no such grant, or one that does not reach this person.
        """
        with self._tables.write(changes_access=True) as session:
            row = session.get(GrantRow, grant_id)
            covered = select(GrantPersonRow.person_id).where(GrantPersonRow.grant_id == grant_id)
            people = set(session.scalars(covered))
            if row is None or not (row.every_person or person_id in people):
                raise NotFound("no such grant")
            if row.every_person:
                ended = {"relation": str(Relation.TREATING), "until_ms": now_ms}
                session.merge(GrantPersonRow(grant_id=grant_id, person_id=person_id, rests=False, **ended))
                return
            if people != {person_id} or row.scope == Scope.ADMIN.value:
                session.execute(
                    delete(GrantPersonRow).where(
                        GrantPersonRow.grant_id == grant_id, GrantPersonRow.person_id == person_id
                    )
                )
                return
            # An account would only sign in again: it covers nobody from now on.
            if session.scalar(select(AccountRow.id).where(AccountRow.grant_id == grant_id)) is not None:
                session.execute(delete(GrantPersonRow).where(GrantPersonRow.grant_id == grant_id))
            for table in (SessionRow, SignInLinkRow, JoinedGrantRow):
                session.execute(delete(table).where(table.grant_id == grant_id))
            session.execute(
                update(TokenRow)
                .where(TokenRow.grant_id == grant_id, TokenRow.revoked_ms.is_(None))
                .values(revoked_ms=now_ms)
            )


def _share(session: Session, row: GrantRow, person_id: str, now_ms: int) -> Share | None:
    """None when nothing proves the grant any more."""
    tokens = session.scalars(
        select(TokenRow.expires_ms).where(
            TokenRow.grant_id == row.id,
            TokenRow.revoked_ms.is_(None),
            or_(TokenRow.expires_ms.is_(None), TokenRow.expires_ms > now_ms),
        )
    ).all()
    sessions = session.scalars(
        select(SessionRow).where(SessionRow.grant_id == row.id, SessionRow.expires_ms > now_ms)
    ).all()
    links = session.scalars(
        select(SignInLinkRow.expires_ms).where(
            SignInLinkRow.grant_id == row.id,
            SignInLinkRow.used_ms.is_(None),
            SignInLinkRow.expires_ms > now_ms,
        )
    ).all()
    account = session.scalar(select(AccountRow).where(AccountRow.grant_id == row.id))
    stands = account is not None and account.disabled_ms is None
    # Taken into another sign-in, it needs no proof of its own.
    joined = session.get(JoinedGrantRow, row.id) is not None
    lasting = (None,) if stands or joined else ()
    ends = [*tokens, *(each.expires_ms for each in sessions), *links, *lasting]
    if not ends:
        return None
    used = [each.last_used_ms for each in sessions if each.last_used_ms is not None]
    share = Share(
        row.id,
        Scope(row.scope),
        row.label,
        row.created_ms,
        None if None in ends else max(end for end in ends if end is not None),
        max(used, default=None),
        invited=not tokens and not sessions and not joined,
        reaches_all=row.every_person,
    )
    if account is None:
        return share
    rests = account.rests_until_ms is not None and now_ms < account.rests_until_ms
    agreed = session.get(AgreedRow, (account.id, person_id)) is not None
    return replace(
        share,
        invited=account.enrolled_ms is None and not tokens,
        account=account.id,
        joined_ms=account.enrolled_ms,
        joined_from=account.enrolled_from,
        rests_until_ms=account.rests_until_ms if rests and not agreed else None,
    )
