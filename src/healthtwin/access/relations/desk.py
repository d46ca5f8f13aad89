"""What people do about who sees whom, and what they are told: broken glass, notices, age, the overview."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec

from healthtwin.access.audit import newest_looks
from healthtwin.access.consents import consents_of
from healthtwin.access.credentials import Credentials
from healthtwin.access.names import known_as
from healthtwin.access.policy import Need, kinds_seen, may
from healthtwin.access.relations.acting import JOINS, Acting
from healthtwin.access.relations.ages import may_come_of_age
from healthtwin.access.relations.answers import (
    AccessView,
    ActingView,
    GlassView,
    InsideView,
    LookedView,
    NoticesView,
    NoticeView,
    ReachView,
    StandingView,
    WhoView,
    YoungView,
)
from healthtwin.access.relations.break_glass import BreakGlass, Glass, checked_reason
from healthtwin.access.relations.looked import looked_views
from healthtwin.access.relations.notices import TO_ADMINS, TO_PERSON, NoticeKind, Notices, note
from healthtwin.access.relations.reach import shared_grant
from healthtwin.access.shares import Shares
from healthtwin.access.ties import SHARED_KINDS, Kind, Relation, Scope, consented
from healthtwin.domain import HOUR_MS
from healthtwin.domain.errors import Conflict, CorruptStorage, Forbidden, HealthTwinError, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from healthtwin.access.audit import Audit
    from healthtwin.access.client import Client
    from healthtwin.access.consents import ConsentLine
    from healthtwin.access.grants import Grant
    from healthtwin.access.relations.ages import Youth
    from healthtwin.access.relations.majority import Growing
    from healthtwin.access.relations.notices import Notice
    from healthtwin.access.shares import Share
    from healthtwin.access.stored_grants import StoredGrant
    from healthtwin.room import Ports
    from healthtwin.store.people import Person

_LOG: Final = logging.getLogger(__name__)

MOST_ENTRIES: Final = 5_000
"""Of the audit, for one overview: weeks of a family's looking; the whole is in the export."""

LOOK_AHEAD_EVERY_MS: Final = HOUR_MS
"""Who comes of age soon is looked for once an hour: it is told a month ahead."""

ACCESS_EVENT: Final = "access"
"""Name of the live event: something about who sees this person changed; what, they ask for."""


class Relations:
    """Who sees whom, as it is done and asked.

    Args:
        ports: of the house.
        growing: who comes of age when.
        audit: where broken glass is noted, so that the operator hears of it.
        now_ms: the wall clock: access ends by it, also in a replay.
    """

    def __init__(self, ports: Ports, growing: Growing, audit: Audit, now_ms: Callable[[], int]) -> None:
        self._ports = ports
        self._audit = audit
        self._now_ms = now_ms
        self._growing = growing
        self._looked_ahead_ms: int | None = None
        self._glass = BreakGlass(ports.tables)
        self._acting = Acting(ports.tables)
        self._notices = Notices(ports.tables)

    # ---------------------------------------------------------------- broken glass

    def only_one_named(self, name: str, birth_year: int) -> str | None:
        """The id of the one person who is called just this and was born then; None: nobody, or several."""
        wanted = _plain(name)
        found = [
            person.id
            for person in self._ports.directory.everybody()
            if _plain(person.name) == wanted and person.profile.birth_year == birth_year
        ]
        return found[0] if len(found) == 1 else None

    def break_glass(self, grant: Grant, person_id: str, reason: str) -> Glass:
        """Open a person to this session or token for an hour; they and the admins are told at once.

        Raises:
            InvalidInput: no reason.
            Forbidden: their account was reset and is not confirmed yet.
            NotFound: no such person.
            Conflict: they treat this person anyway, or gave this reason within the hour.
        """
        reason, now_ms = checked_reason(reason), self._now_ms()
        tie = grant.tie(person_id)
        if (
            tie is not None
            and tie.relation is Relation.TREATING
            and tie.lives(now_ms)
            and not tie.rests_at(now_ms)
            and not tie.reads_only
        ):
            raise Conflict("you treat this person already; nothing has to be broken")
        glass = self._glass.open(
            person_id,
            grant_id=grant.actor,
            proof=proof_of(grant),
            who=known_as(self._ports.tables, grant.actor),
            reason=reason,
            now_ms=now_ms,
        )
        pseudonym = self._ports.directory.get(person_id).pseudonym
        self._audit.note(grant, pseudonym, "break-glass", "care", relation="treating", alarm="break-glass")
        self._changed(person_id)
        try:
            self._ports.tell_of_glass(glass)
        except HealthTwinError:
            # It is open, and stands in both lists; what goes out by message is tried again by the clock.
            _LOG.warning("Broken glass could not be told by message yet", exc_info=True)
        return glass

    def mend(self, grant: Grant, *, person_id: str | None = None, glass_id: str | None = None) -> None:
        """End what runs, at once: by the person, whoever runs the house, or the clinician for their own.

        Raises:
            NotFound: no such person or glass, or none of theirs.
        """
        about = person_id
        if glass_id is not None:
            found = self._glass.find(glass_id)
            if found is None:
                raise NotFound("no such emergency access")
            about = found.person_id
        if about is None or self._ports.directory.find(about) is None:
            raise NotFound("no such person")
        by_themselves = grant.scope is Scope.PERSON and _is(grant, about)
        own = grant.scope is Scope.CLINICIAN
        if not (by_themselves or own or grant.scope is Scope.ADMIN):
            raise NotFound("no such emergency access" if glass_id is not None else "no such person")
        ended = self._glass.end(
            self._now_ms(), person_id=person_id, glass_id=glass_id, grant_id=grant.actor if own else None
        )
        if own and not ended:
            raise NotFound("no such emergency access" if glass_id is not None else "no such person")
        self._changed(about)

    def judge_glass(self, grant: Grant, glass_id: str, verdict: str) -> GlassView:
        """What the person says of it. Raises: NotFound, for everybody else, too."""
        for person_id in _themselves(grant):
            if any(glass.id == glass_id for glass in self._glass.of_person(person_id)):
                return glass_view(self._glass.judge(person_id, glass_id, verdict), self._now_ms())
        raise NotFound("no such emergency access")

    # ---------------------------------------------------------------- notices

    def notices(self, grant: Grant) -> NoticesView:
        """What the asker was told, the newest first."""
        person = self._self_of(grant)
        glass = (
            []
            if person is None
            else [glass_view(each, self._now_ms()) for each in self._glass.of_person(person.id)]
        )
        return NoticesView(
            None if person is None else person.id,
            None if person is None else person.name,
            glass,
            self._told_to(grant, person),
        )

    def read_notice(self, grant: Grant, notice_id: str) -> None:
        """Somebody has read it. Raises: NotFound."""
        audiences = [grant.actor, *([TO_ADMINS] if grant.scope is Scope.ADMIN else [])]
        self._notices.read(notice_id, audiences, frozenset(_themselves(grant)), self._now_ms())

    def _told_to(self, grant: Grant, person: Person | None) -> list[NoticeView]:
        told: list[Notice] = list(self._notices.to_grant(grant.actor, admin=grant.scope is Scope.ADMIN))
        if person is not None:
            told += self._notices.to_person(person.id)
        told.sort(key=lambda notice: (-notice.at_ms, notice.id))
        return [self._notice_view(grant, notice) for notice in told]

    def _notice_view(self, grant: Grant, notice: Notice) -> NoticeView:
        # Whoever runs the house hears of a pseudonym, also where they may see who that is.
        facts, known = dict(notice.facts), notice.audience != TO_ADMINS and grant.covers(notice.person_id)
        if notice.kind is NoticeKind.MAJORITY and known:
            about = self._ports.directory.find(notice.person_id)
            facts["name"] = "" if about is None else about.name
        return NoticeView(
            notice.id,
            str(notice.kind),
            notice.person_id if known else None,
            notice.at_ms,
            notice.read_ms,
            facts,
        )

    # ---------------------------------------------------------------- two relations, and invitations

    def act_as(self, grant: Grant, person_id: str, relation: str) -> ActingView:
        """See a person in the other of two relations, in this session, from the next request on.

        Raises:
            NotFound: they are nothing to this person. Conflict: they are not that to this person.
        """
        if self._ports.directory.find(person_id) is None:
            raise NotFound("no such person")
        self._acting.choose(grant.actor, proof_of(grant), person_id, Relation(relation))
        choices = [str(each) for each in self._acting.choices(grant.actor, person_id)]
        return ActingView(person_id, relation, choices)

    def standing(self, grant: Grant, person_id: str) -> StandingView:
        """In which relation the asker sees a person, for a page that says so."""
        tie = grant.tie(person_id)
        relation = Relation.NONE if tie is None else tie.relation
        return StandingView(
            person_id,
            self._ports.directory.get(person_id).name,
            str(relation),
            [str(each) for each in self._acting.choices(grant.actor, person_id)],
            tie.until_ms if tie is not None and tie.reads_only else None,
        )

    def join(self, grant: Grant, secret: str, client: Client) -> None:
        """Take an invitation as family into the sign-in at hand.

        Raises:
            Unauthenticated: the link is no good. Conflict: it cannot be taken in; nothing is used up.
        """
        joined = self._acting.join(secret, grant.actor, self._now_ms())
        self.joined(joined, client)

    def invitation(self, grant: Grant, secret: str) -> InsideView | None:
        """What an invitation says inside a session; None for a link that is no good: its button says so."""
        stored = Credentials(self._ports.tables).invited(secret, self._now_ms())
        if stored is None or stored.id == grant.actor:
            return None
        takes = grant.scope in JOINS and stored.scope is Scope.FAMILY
        names = [
            person.name
            for person_id in sorted(stored.people)
            if (person := self._ports.directory.find(person_id)) is not None
        ]
        return InsideView(
            known_as(self._ports.tables, grant.actor), stored.label, ", ".join(names) if takes else ""
        )

    def joined(self, stored: StoredGrant, client: Client) -> None:
        """An invitation was used: the people whom it names see by whom, from where, and can undo it."""
        if stored.scope not in {Scope.FAMILY, Scope.CLINICIAN}:
            return
        facts = {"grant": stored.id, "who": stored.label, "agent": client.shown, "address": client.address}
        for person_id in stored.people:
            with self._ports.tables.write() as session:
                note(session, NoticeKind.JOINED, person_id, TO_PERSON, facts, self._now_ms(), of=stored.id)
            self._changed(person_id)

    # ---------------------------------------------------------------- coming of age

    def invited(self, grant: Grant, person_id: str, grant_id: str) -> None:
        """An invitation was made: one that a young person made by themselves is no parent's."""
        if _is(grant, person_id):
            self._growing.note_own_invitation(grant_id, self._ports.directory.get(person_id), self._now_ms())

    def require_may_take_back(self, grant: Grant, person_id: str, grant_id: str) -> None:
        """Refuse a child's phone that would end a parent's relation.

        Raises:
            Forbidden: saying so.
        """
        if _is(grant, person_id):
            person = self._ports.directory.get(person_id)
            self._growing.require_may_take_back(person, grant_id, self._now_ms())

    def require_may_state(self, grant: Grant, person_id: str, lines: Sequence[ConsentLine]) -> None:
        """Refuse what a young person cannot yet keep back from who looks after them.

        Raises:
            Forbidden: saying what they can.
        """
        if not _is(grant, person_id):
            return
        now_ms, person = self._now_ms(), self._ports.directory.get(person_id)
        youth = self._growing.youth(person)
        if youth is None or now_ms >= youth.consent_ms:
            return
        try:
            stated = consents_of(msgspec.to_builtins(line) for line in lines)
        except CorruptStorage:  # which line is wrong is said where it is judged
            return
        kept_back = {
            kind
            for grant_id in self._growing.looking_after(person_id)
            for kind in SHARED_KINDS
            if not consented(stated, Relation.FAMILY, grant_id, kind, now_ms)
        }
        if kept_back:
            self._growing.require_may_keep_back(person, kept_back, now_ms)

    def confirm_relation(self, grant: Grant, person_id: str, grant_id: str) -> int:
        """Let a relation of before somebody came of age go on; when, epoch ms.

        Raises:
            Forbidden: only the person themselves may.
            NotFound: no such relation.
            Conflict: it does not rest.
        """
        if not _is(grant, person_id):
            raise Forbidden("only the person themselves may say that a relation goes on")
        now_ms = self._now_ms()
        self._growing.confirm(self._ports.directory.get(person_id), grant_id, now_ms)
        self._changed(person_id)
        return now_ms

    def tidy(self) -> None:
        """Tell who comes of age soon, and who looks after them; of glass, should telling have broken off."""
        for glass in self._glass.lately(self._now_ms()):
            self._ports.tell_of_glass(glass)
        now_ms = self._now_ms()
        if self._looked_ahead_ms is not None and 0 <= now_ms - self._looked_ahead_ms < LOOK_AHEAD_EVERY_MS:
            return
        self._looked_ahead_ms = now_ms
        near = [each for each in self._ports.directory.everybody() if may_come_of_age(each.profile, now_ms)]
        for person_id in self._growing.tell_ahead(near, now_ms):
            self._changed(person_id)

    # ---------------------------------------------------------------- the overview

    def access(self, grant: Grant) -> AccessView:
        """Who can see what of the asker, and who looked; and whom the asker can see."""
        now_ms, person = self._now_ms(), self._self_of(grant)
        reach, told = self._reach(grant, person, now_ms), self._told_to(grant, person)
        if person is None:
            return AccessView(None, None, [], [], [], None, reach, told)
        who = self._who(grant, person, now_ms)
        return AccessView(
            person.id,
            person.name,
            who,
            self._looked(person, {each.grant: each.relation for each in who}),
            [glass_view(glass, now_ms) for glass in self._glass.of_person(person.id)],
            young_view(self._growing.youth(person)),
            reach,
            told,
        )

    def _self_of(self, grant: Grant) -> Person | None:
        found = [self._ports.directory.find(person_id) for person_id in _themselves(grant)]
        return next((person for person in found if person is not None), None)

    def _who(self, grant: Grant, person: Person, now_ms: int) -> list[WhoView]:
        return [
            self._who_view(grant, person, share, now_ms)
            for share in Shares(self._ports.tables).list(person.id, now_ms)
        ]

    def _who_view(self, asker: Grant, person: Person, share: Share, now_ms: int) -> WhoView:
        theirs = shared_grant(self._ports.tables, self._growing, share.id, now_ms)
        tie = None if theirs is None else theirs.tie(person.id)
        seen = frozenset[Kind]() if theirs is None else kinds_seen(theirs, person.id, now_ms)
        ends = [end for end in (share.expires_ms, None if tie is None else tie.until_ms) if end is not None]
        return WhoView(
            grant=share.id,
            label=share.label,
            scope=str(share.scope),
            relation=str(Relation.NONE if tie is None else tie.relation),
            kinds=[kind.value for kind in Kind if kind in seen and share.rests_until_ms is None],
            since=share.created_ms,
            until=min(ends, default=None),
            rests=share.rests_until_ms is not None or (tie is not None and tie.rests_at(now_ms)),
            reset=share.rests_until_ms is not None,
            state="invited" if share.invited else "active",
            last_used_at=share.last_used_ms,
            current=share.id == asker.actor,
            revocable=not share.reaches_all,
            looks_after=share.scope is Scope.FAMILY
            and not self._growing.may_take_back(person, share.id, now_ms),
        )

    def _looked(self, person: Person, relations: Mapping[str, str]) -> list[LookedView]:
        entries = newest_looks(self._ports.home, person.pseudonym, MOST_ENTRIES)
        broken = self._glass.of_person(person.id)
        labels: dict[str, str] = {}

        def named(grant_id: str) -> str:
            if grant_id not in labels:
                labels[grant_id] = known_as(self._ports.tables, grant_id)
            return labels[grant_id]

        return looked_views(entries, broken, ZoneInfo(person.profile.timezone), named, relations)

    def _reach(self, grant: Grant, person: Person | None, now_ms: int) -> list[ReachView]:
        if grant.people is None:
            return []
        reach = []
        for person_id in sorted(grant.people):
            about, tie = self._ports.directory.find(person_id), grant.tie(person_id)
            if about is None or tie is None or not tie.lives(now_ms) or about == person:
                continue
            seen = kinds_seen(grant, person_id, now_ms)
            reach.append(
                ReachView(
                    person_id,
                    about.name,
                    str(tie.relation),
                    [str(relation) for relation in self._acting.choices(grant.actor, person_id)],
                    [kind.value for kind in Kind if kind in seen],
                    tie.until_ms,
                    tie.rests_at(now_ms),
                    tie.reads_only,
                )
            )
        return sorted(reach, key=lambda each: (each.name.casefold(), each.person))

    def _changed(self, person_id: str) -> None:
        """Every open browser of theirs asks again; nothing about anybody travels in the event itself."""
        self._ports.publish(person_id, ACCESS_EVENT, lambda: msgspec.json.encode({"person": person_id}))


def proof_of(grant: Grant) -> str:
    """The session at hand, or the token: what glass is broken for."""
    return grant.session or grant.actor


def glass_view(glass: Glass, now_ms: int) -> GlassView:
    """A broken glass as the person sees it."""
    return GlassView(
        glass.id,
        glass.who,
        glass.reason,
        glass.at_ms,
        glass.until_ms,
        glass.ended_ms,
        glass.runs(now_ms),
        glass.verdict,
    )


def young_view(youth: Youth | None) -> YoungView | None:
    """When somebody comes of age; None for whom no year of birth is known."""
    if youth is None:
        return None
    return YoungView(
        youth.country,
        youth.own_ms,
        youth.consent_ms,
        youth.majority_ms,
        "month" if youth.by_month else "year",
    )


def _themselves(grant: Grant) -> Sequence[str]:
    """Ids of whom the asker is, and decides for: a phone or an account of the person, not a watch."""
    if grant.scope is not Scope.PERSON or grant.people is None or not may(grant, Need.SHARE):
        return ()
    return [person_id for person_id in sorted(grant.people) if _is(grant, person_id)]


def _is(grant: Grant, person_id: str) -> bool:
    tie = grant.tie(person_id)
    return grant.scope is Scope.PERSON and tie is not None and tie.relation is Relation.SELF


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
