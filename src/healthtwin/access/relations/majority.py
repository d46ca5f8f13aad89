"""Growing up: parents are family relations with an end, and what a young person may already decide.

Whoever was let in as family while somebody was a child counts as looking after them, unless the young person
let them in by themselves. Nobody sets a switch on the birthday: what rests follows from dates.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from msgspec import UNSET
from sqlalchemy import select

from healthtwin.access.relation_tables import ConfirmedRelationRow, CountryRow, OwnInvitationRow
from healthtwin.access.relations.ages import checked_country, youth_of
from healthtwin.access.relations.notices import TO_PERSON, NoticeKind, note
from healthtwin.access.tables import GrantPersonRow, GrantRow
from healthtwin.access.ties import Scope
from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import Conflict, Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from msgspec import UnsetType
    from sqlalchemy.orm import Session

    from healthtwin.access.grants import Grant
    from healthtwin.access.relations.ages import Youth
    from healthtwin.domain import Profile
    from healthtwin.store import Home, Tables
    from healthtwin.store.people import Person

TOLD_AHEAD_MS: Final = 30 * DAY_MS
"""Nobody shall be surprised by it: both are told this long before relations rest."""

OWN_KINDS: Final = frozenset({"chat", "timeline", "genes", "documents", "place"})
"""What a young person may keep back once they have a sign-in of their own. Vitals and alerts stay with who
looks after them until they decide about their care alone: alerts of danger are why parents look."""

_FAMILY: Final = "family"


def country_in(home: Home) -> str | None:
    """Where a house stands, by its settings (`[house] country`); None: it does not say."""
    said = home.section("house").get("country")
    return said if isinstance(said, str) and said else None


class Growing:
    """Who comes of age, and what that does to their relations. Every method is one transaction.

    Args:
        tables: of the home.
        house_country: where people live of whom nobody said it (`[house] country`); None: not known.
        now_ms: the wall clock.
    """

    def __init__(
        self,
        tables: Tables,
        house_country: str | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._tables = tables
        self._now_ms = now_ms
        self._house_country = house_country

    def country_of(self, person_id: str) -> str | None:
        """What was said of this person; None: nothing, and the house's holds."""
        with self._tables.read() as session:
            row = session.get(CountryRow, person_id)
            return None if row is None else row.country

    def set_country(self, person_id: str, country: str | None) -> None:
        """Say where somebody lives; None: nobody says it any more.

        Raises:
            InvalidInput: no country's code.
        """
        if country is not None:
            checked_country(country)
        with self._tables.write(changes_access=True) as session:
            row = session.get(CountryRow, person_id)
            if row is not None and country is None:
                session.delete(row)
            elif row is not None and country is not None:
                row.country = country
            elif country is not None:
                session.add(CountryRow(person_id=person_id, country=country))

    def youth(self, person: Person) -> Youth | None:
        """When they come of age; None where no year of birth is known: an adult, then."""
        return youth_of(person.profile, self.country_of(person.id) or self._house_country)

    def ends(self, grant_id: str, people: Iterable[Person]) -> Mapping[str, int]:
        """Of a family grant: of whom, by id, its relation rests, and from when on, epoch ms.

        An instant that has passed: it rests now.
        """
        with self._tables.read() as session:
            row = session.get(GrantRow, grant_id)
            if row is None:
                return {}
            created_ms = row.created_ms
            free = set(_confirmed(session, grant_id)) | set(_invited(session, grant_id))
        found = {person.id: self.youth(person) for person in people if person.id not in free}
        return {
            person_id: youth.majority_ms
            for person_id, youth in found.items()
            if youth is not None and created_ms < youth.majority_ms
        }

    def rests(self, grant_id: str, person: Person, now_ms: int) -> bool:
        """Whether a family grant of before somebody came of age waits for their word."""
        end_ms = self.ends(grant_id, [person]).get(person.id)
        return end_ms is not None and end_ms <= now_ms

    def note_own_invitation(self, grant_id: str, person: Person, now_ms: int) -> None:
        """A young person with a sign-in of their own let somebody in: whoever that is looks after nobody."""
        youth = self.youth(person)
        if youth is None or not youth.own_ms <= now_ms < youth.majority_ms:
            return
        with self._tables.write(changes_access=True) as session:
            session.add(OwnInvitationRow(grant_id=grant_id, person_id=person.id))

    def confirm(self, person: Person, grant_id: str, now_ms: int) -> None:
        """Somebody who came of age says that a relation of before shall go on. Again is no error.

        Raises:
            NotFound: no such family grant of theirs.
            Conflict: nothing rests yet.
        """
        youth = self.youth(person)
        with self._tables.write(changes_access=True) as session:
            row = session.get(GrantRow, grant_id)
            covered = session.get(GrantPersonRow, (grant_id, person.id)) is not None
            if row is None or not covered or row.scope != _FAMILY:
                raise NotFound("no such relation")
            if youth is None or row.created_ms >= youth.majority_ms or now_ms < youth.majority_ms:
                raise Conflict("this relation does not rest, so there is nothing to confirm")
            if session.get(ConfirmedRelationRow, (grant_id, person.id)) is None:
                session.add(ConfirmedRelationRow(grant_id=grant_id, person_id=person.id, confirmed_ms=now_ms))

    def may_take_back(self, person: Person, grant_id: str, now_ms: int) -> bool:
        """Whether a person may end this grant by themselves: not a child's phone that of a parent."""
        youth = self.youth(person)
        return youth is None or now_ms >= youth.consent_ms or not self._looks_after(grant_id, person.id)

    def require_may_take_back(self, person: Person, grant_id: str, now_ms: int) -> None:
        """Refuse a child's phone that would end a parent's relation, whoever holds that phone.

        So neither of two parents can remove the other, and alerts of danger stay with both. Whoever runs the
        house can, and so can the young person from the age on from which they decide about their care.

        Raises:
            Forbidden: saying so.
        """
        if not self.may_take_back(person, grant_id, now_ms):
            raise Forbidden(
                "a child's phone cannot end the relation of who looks after them; whoever runs the house can"
            )

    def require_may_keep_back(self, person: Person, kinds: Collection[str], now_ms: int) -> None:
        """Refuse what a young person cannot yet keep back from family.

        Raises:
            Forbidden: saying what they can.
        """
        youth = self.youth(person)
        if youth is None or now_ms >= youth.consent_ms:
            return
        if now_ms < youth.own_ms:
            raise Forbidden(
                "those who look after a child see everything until the child has a sign-in of their own"
            )
        too_much = sorted(set(kinds) - OWN_KINDS)
        if too_much:
            raise Forbidden(
                f"{', '.join(too_much)} stay with those who look after you; "
                f"you can keep back {', '.join(sorted(OWN_KINDS))}"
            )

    def require_may_date(
        self, grant: Grant, person: Person, profile: Profile, country: str | UnsetType | None
    ) -> None:
        """Refuse a young person who would come of age earlier by saying so.

        Raises:
            InvalidInput: no country's code.
            Forbidden: saying who can.
        """
        if isinstance(country, str):
            checked_country(country)
        youth, known = self.youth(person), self.country_of(person.id)
        if grant.scope is not Scope.PERSON or youth is None or self._now_ms() >= youth.consent_ms:
            return
        stated = known if country is UNSET else country
        # A month that nobody had said makes the count exact, which is no other birthday.
        before = person.profile
        if before.birth_month is None and profile.birth_year == before.birth_year:
            profile = replace(profile, birth_month=None)
        then = youth_of(profile, stated or self._house_country)
        if then is None or any(
            after_ms < before_ms
            for after_ms, before_ms in (
                (then.own_ms, youth.own_ms),
                (then.consent_ms, youth.consent_ms),
                (then.majority_ms, youth.majority_ms),
            )
        ):
            raise Forbidden(
                "when and where a child was born is changed by whoever treats them or runs the house"
            )

    def tell_ahead(self, people: Iterable[Person], now_ms: int) -> list[str]:
        """Note, once, for both sides, that somebody comes of age soon; ids of those."""
        told = []
        for person in people:
            youth = self.youth(person)
            if youth is None or now_ms < youth.majority_ms - TOLD_AHEAD_MS:
                continue
            if self._tell(person, youth, now_ms):
                told.append(person.id)
        return told

    def _tell(self, person: Person, youth: Youth, now_ms: int) -> bool:
        with self._tables.write() as session:
            free = set(_confirmed_of(session, person.id)) | set(_invited_of(session, person.id))
            parents = [
                row
                for row in session.scalars(
                    select(GrantRow)
                    .join(GrantPersonRow, GrantPersonRow.grant_id == GrantRow.id)
                    .where(
                        GrantPersonRow.person_id == person.id,
                        GrantRow.scope == _FAMILY,
                        GrantRow.created_ms < youth.majority_ms,
                    )
                )
                if row.id not in free
            ]
            if not parents:
                return False
            facts = {
                "at": youth.majority_ms,
                "by_month": youth.by_month,
                "who": [row.label for row in parents],
            }
            of = str(youth.majority_ms)
            noted = [note(session, NoticeKind.MAJORITY, person.id, TO_PERSON, facts, now_ms, of=of)]
            alone = {**facts, "who": []}
            noted += [
                note(session, NoticeKind.MAJORITY, person.id, row.id, alone, now_ms, of=of) for row in parents
            ]
            return any(noted)

    def looking_after(self, person_id: str) -> Sequence[str]:
        """Ids of the family grants of who looks after a person, as far as they are a child."""
        with self._tables.read() as session:
            own = set(_invited_of(session, person_id))
            found = session.scalars(
                select(GrantRow.id)
                .join(GrantPersonRow, GrantPersonRow.grant_id == GrantRow.id)
                .where(GrantPersonRow.person_id == person_id, GrantRow.scope == _FAMILY)
            ).all()
        return [grant_id for grant_id in found if grant_id not in own]

    def _looks_after(self, grant_id: str, person_id: str) -> bool:
        with self._tables.read() as session:
            row = session.get(GrantRow, grant_id)
            if (
                row is None
                or row.scope != _FAMILY
                or session.get(GrantPersonRow, (grant_id, person_id)) is None
            ):
                return False
            return person_id not in set(_invited(session, grant_id))


def _confirmed(session: Session, grant_id: str) -> Iterable[str]:
    return session.scalars(
        select(ConfirmedRelationRow.person_id).where(ConfirmedRelationRow.grant_id == grant_id)
    ).all()


def _invited(session: Session, grant_id: str) -> Iterable[str]:
    return session.scalars(
        select(OwnInvitationRow.person_id).where(OwnInvitationRow.grant_id == grant_id)
    ).all()


def _confirmed_of(session: Session, person_id: str) -> Iterable[str]:
    return session.scalars(
        select(ConfirmedRelationRow.grant_id).where(ConfirmedRelationRow.person_id == person_id)
    ).all()


def _invited_of(session: Session, person_id: str) -> Iterable[str]:
    return session.scalars(
        select(OwnInvitationRow.grant_id).where(OwnInvitationRow.person_id == person_id)
    ).all()
