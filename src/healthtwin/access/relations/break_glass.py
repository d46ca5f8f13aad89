"""Break-glass: a clinician sees somebody whom nobody gave them to see, for one hour, and it is told.

One person, one session or token, read only. It is no part of the session or token: it is asked for with each
request, so that it ends the moment somebody ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from healthtwin.access.account_tables import AccountRow
from healthtwin.access.relation_tables import BreakGlassRow
from healthtwin.access.relations.notices import TO_ADMINS, TO_PERSON, NoticeKind, note
from healthtwin.domain import HOUR_MS, MINUTE_MS, is_plain
from healthtwin.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from healthtwin.store.base import PersonRow
from healthtwin.store.secrets import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin.store import Tables

GLASS_PREFIX: Final = "b-"
"""Of ids, so that a message about broken glass is known by what it is about."""

GLASS_MS: Final = HOUR_MS
"""How long it lasts: as long as an emergency takes until somebody who may can be asked."""

SHORTEST_REASON: Final = 3
LONGEST_REASON: Final = 500
"""In characters: a word is no reason, and a report belongs elsewhere."""

CLOCK_SLACK_MS: Final = MINUTE_MS
"""A clock that was set back further than this before the opening closes the glass and stretches nothing."""

VERDICTS: Final = ("right", "wrong")


@dataclass(frozen=True, slots=True)
class Glass:
    """One hour, asked for and told.

    Attributes:
        grant_id: of the clinician; who: as the house calls them.
        reason: as typed; None to whom it is not shown.
        ended_ms: before its end, by somebody.
        verdict: what the person says of it: ``right``, ``wrong``, or empty.
    """

    id: str
    person_id: str
    grant_id: str
    who: str
    reason: str
    at_ms: int
    until_ms: int
    ended_ms: int | None
    verdict: str

    @property
    def from_ms(self) -> int:
        """Before this nothing was opened: a clock that says so was set back."""
        return self.at_ms - CLOCK_SLACK_MS

    def runs(self, now_ms: int) -> bool:
        """Whether it opens anything now, by the server's clock."""
        return self.ended_ms is None and self.from_ms <= now_ms < self.until_ms


def checked_reason(reason: str) -> str:
    """A reason as it is kept.

    Raises:
        InvalidInput: too short, too long or unreadable; the reason is not said again: it is about health.

    >>> checked_reason(" found unconscious in the street ")
    'found unconscious in the street'
    """
    kept = " ".join(reason.split())
    letters = sum(character.isalnum() for character in kept)
    if not SHORTEST_REASON <= len(kept) <= LONGEST_REASON or not is_plain(kept) or letters < SHORTEST_REASON:
        raise InvalidInput(
            "reason",
            f"{len(kept)} characters",
            f"why you must see them now, in {SHORTEST_REASON} to {LONGEST_REASON} characters",
        )
    return kept


class BreakGlass:
    """The broken glass of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def open(self, person_id: str, *, grant_id: str, proof: str, who: str, reason: str, now_ms: int) -> Glass:
        """Open a person to one session or token; the person and the admins are told in the same transaction.

        Args:
            grant_id: of the clinician. proof: the id of the session or token that alone it holds for.
            who: as the house calls them.
            reason: as typed.
            now_ms: by the server's clock.

        Raises:
            InvalidInput: no reason.
            Forbidden: their account was reset and is not confirmed yet: it may be somebody else by its link.
            NotFound: no such person.
            Conflict: they gave this reason within the hour.
        """
        reason = checked_reason(reason)
        with self._tables.write(changes_access=True) as session:
            rests = select(AccountRow.id).where(
                AccountRow.grant_id == grant_id, AccountRow.rests_until_ms > now_ms
            )
            if session.scalar(rests.limit(1)) is not None:
                raise Forbidden("this access rests until it is confirmed")
            person = session.get(PersonRow, person_id)
            if person is None:
                raise NotFound("no such person")
            lately = session.scalars(
                select(BreakGlassRow).where(
                    BreakGlassRow.grant_id == grant_id, BreakGlassRow.at_ms > now_ms - GLASS_MS
                )
            ).all()
            if any(row.reason.casefold() == reason.casefold() for row in lately):
                raise Conflict(
                    "you gave this very reason within the hour; say what is new, or whom it is about"
                )
            for row in lately:
                if row.person_id == person_id and row.proof == proof and row.ended_ms is None:
                    row.ended_ms = now_ms
            row = BreakGlassRow(
                id=new_id(GLASS_PREFIX),
                person_id=person_id,
                grant_id=grant_id,
                proof=proof,
                who=who,
                reason=reason,
                at_ms=now_ms,
                until_ms=now_ms + GLASS_MS,
                ended_ms=None,
                verdict="",
            )
            session.add(row)
            session.flush()
            told = {"glass": row.id, "who": who, "until": row.until_ms}
            note(
                session,
                NoticeKind.BREAK_GLASS,
                person_id,
                TO_PERSON,
                {**told, "reason": reason},
                now_ms,
                of=row.id,
            )
            note(
                session,
                NoticeKind.BREAK_GLASS,
                person_id,
                TO_ADMINS,
                {**told, "pseudonym": person.pseudonym},
                now_ms,
                of=row.id,
            )
            return _glass(row)

    def open_to(self, proof: str, now_ms: int) -> Mapping[str, Glass]:
        """Whom a session or token sees by broken glass, by id."""
        query = select(BreakGlassRow).where(
            BreakGlassRow.proof == proof, BreakGlassRow.ended_ms.is_(None), BreakGlassRow.until_ms > now_ms
        )
        with self._tables.read() as session:
            found = [_glass(row) for row in session.scalars(query)]
        return {glass.person_id: glass for glass in found if glass.runs(now_ms)}

    def of_person(self, person_id: str) -> Sequence[Glass]:
        """Every time somebody broke the glass to a person, the newest first."""
        query = select(BreakGlassRow).where(BreakGlassRow.person_id == person_id)
        with self._tables.read() as session:
            return [_glass(row) for row in session.scalars(query.order_by(BreakGlassRow.at_ms.desc()))]

    def lately(self, now_ms: int) -> Sequence[Glass]:
        """What was broken within the hour, by whomever."""
        query = select(BreakGlassRow).where(BreakGlassRow.at_ms > now_ms - GLASS_MS)
        with self._tables.read() as session:
            return [_glass(row) for row in session.scalars(query)]

    def end(
        self,
        now_ms: int,
        *,
        person_id: str | None = None,
        grant_id: str | None = None,
        glass_id: str | None = None,
    ) -> int:
        """End what runs, at once: of a person, of a clinician, one alone; returns how many ended."""
        which = [
            column == value
            for column, value in (
                (BreakGlassRow.person_id, person_id),
                (BreakGlassRow.grant_id, grant_id),
                (BreakGlassRow.id, glass_id),
            )
            if value is not None
        ]
        with self._tables.write(changes_access=True) as session:
            ended = session.scalars(
                update(BreakGlassRow)
                .where(*which, BreakGlassRow.ended_ms.is_(None), BreakGlassRow.until_ms > now_ms)
                .values(ended_ms=now_ms)
                .returning(BreakGlassRow.id)
            ).all()
            return len(ended)

    def find(self, glass_id: str) -> Glass | None:
        """The one with this id; None: there is none, or its person was erased."""
        with self._tables.read() as session:
            row = session.get(BreakGlassRow, glass_id)
            return None if row is None else _glass(row)

    def judge(self, person_id: str, glass_id: str, verdict: str) -> Glass:
        """What the person says of it. Raises: NotFound."""
        with self._tables.write() as session:
            row = session.get(BreakGlassRow, glass_id)
            if row is None or row.person_id != person_id:
                raise NotFound("nobody broke the glass under this id")
            row.verdict = verdict
            return _glass(row)


def _glass(row: BreakGlassRow) -> Glass:
    return Glass(
        row.id,
        row.person_id,
        row.grant_id,
        row.who,
        row.reason,
        row.at_ms,
        row.until_ms,
        row.ended_ms,
        row.verdict,
    )
