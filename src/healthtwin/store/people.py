"""People: who they are, and what about them changes how their readings are judged."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import date
from sys import intern
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import insert, select

from healthtwin.domain import Profile, pseudonym_of
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.domain.profile_check import check_ranges
from healthtwin.domain.text import shows
from healthtwin.store.base import PersonRow
from healthtwin.store.sealed import SEALED, facts_of
from healthtwin.store.secrets import SECRET_BYTES, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session

    from healthtwin.store import Tables
    from healthtwin.store.sealed import Sealer

LONGEST_NAME: Final = 200

_NO_LETTERS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Signs that end a line or steer a terminal, and halves of signs; joiners belong to names of many scripts."""

OWN_FIELDS: Final = frozenset(
    {
        "birth_month",
        "gave_birth_on",
        "low_pulse_floor",
        "low_pulse_known_by",
        "low_pulse_known_until",
        "pacemaker_rate",
        "beta_blocker_since",
        "altitude_m",
        "altitude_by",
        "altitude_since",
        "altitude_until",
        "atrial_fibrillation",
        "usual_news2",
        "usual_news2_by",
        "usual_news2_until",
    }
)
"""Fields of a profile that stand together in one column, since most people have none of them."""

SEXES: Final = ("female", "male", "other")

_ADDED_AT_ONCE: Final = 10_000

_SHOWN_COLUMNS: Final = tuple(
    column for column in PersonRow.__table__.columns if column is not PersonRow.__table__.c.secret
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the house.

    Attributes:
        id: names them in the API; pseudonym: in the log, the series and the metrics.
        key_id: the first key that was minted for them (`healthtwin.store.keys`); 0 is none.
        profile_revision: 1 at first, one more with every change of the profile.
    """

    id: str
    pseudonym: str
    name: str
    key_id: int
    profile: Profile
    profile_revision: int
    created_ms: int


class People:
    """The people of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._opened: dict[str, tuple[int, Person]] = {}

    def add(self, name: str, profile: Profile, now_ms: int) -> Person:
        """A new person, with a random id and a random secret behind the pseudonym.

        Raises:
            InvalidInput: for an empty or overlong name, an unknown time zone or sex, an impossible year.
        """
        row = _new_row(name, profile, now_ms)
        self._tables.keys.mint(row.pseudonym)  # durable before anything is sealed with it
        with self._tables.write(changes_access=True) as session:
            session.add(row)
            return _person(row)

    def add_many(self, people: Sequence[tuple[str, Profile]], now_ms: int) -> Sequence[Person]:
        """Many new people in one transaction, each as `add` makes one: all of them or none.

        Args:
            people: (name, profile) of each.
            now_ms: the present.

        Returns:
            The new people, in the order given.

        Raises:
            InvalidInput: as `add`.
        """
        rows = [_new_row(name, profile, now_ms) for name, profile in people]
        keys = self._tables.keys.mint_many([row.pseudonym for row in rows])
        added = [_person(row) for row in rows]
        columns = [name for name in PersonRow.__table__.columns.keys() if name != SEALED]  # noqa: SIM118
        sealer = self._tables.sealer
        with self._tables.write(changes_access=True) as session:
            # As plain values: a million mapped objects in a session would take minutes.
            for start in range(0, len(rows), _ADDED_AT_ONCE):
                ended = start + _ADDED_AT_ONCE
                part = [{name: getattr(row, name) for name in columns} for row in rows[start:ended]]
                for plain, row, key_id in zip(part, rows[start:ended], keys[start:ended], strict=True):
                    plain[SEALED] = sealer.body(PersonRow, plain, facts_of(row), key_id)
                session.execute(insert(PersonRow), part)
        return added

    def get(self, person_id: str) -> Person:
        """Raises: NotFound."""
        with self._tables.read() as session:
            return _person(_row(session, person_id))

    def by_pseudonym(self, pseudonym: str) -> Person:
        """Whom a pseudonym in the log stands for.

        Raises:
            NotFound: also for somebody who was erased.
        """
        with self._tables.read() as session:
            row = session.scalars(select(PersonRow).where(PersonRow.pseudonym == pseudonym)).one_or_none()
            if row is None:
                raise NotFound("no person has this pseudonym")
            return _person(row)

    def list(self) -> Sequence[Person]:
        """Everybody, oldest entry first; who cannot be read is left out, and told of as damage."""
        if not self._opened:
            self._tables.keys.read_all()
        with self._tables.read() as session:
            # Plain columns: a hundred thousand mapped objects would take seconds.
            found = session.execute(
                select(*_SHOWN_COLUMNS).order_by(PersonRow.created_ms, PersonRow.id)
            ).mappings()
            several = self._tables.sealer.each(PersonRow, found, self._opened_once)
            opened = {each[1].id: each for each in several}
        self._opened = opened
        return [person for _, person in opened.values()]

    def _opened_once(self, row: RowMapping) -> tuple[int, Person]:
        """Somebody, opened only when their envelope is another than last time: no two are alike."""
        stood = hash(row[SEALED].stored)
        known = self._opened.get(row["id"])
        return (
            known
            if known is not None and known[0] == stood
            else (stood, _person_of(row, self._tables.sealer))
        )

    def rename(self, person_id: str, name: str) -> Person:
        """Raises: InvalidInput, NotFound."""
        _check_name(name)
        with self._tables.write(changes_access=True) as session:
            row = _row(session, person_id)
            row.name = name
            return _person(row)

    def update_profile(
        self,
        person_id: str,
        profile: Profile,
        *,
        name: str | None = None,
        expected_revision: int | None = None,
    ) -> Person:
        """The person with the new profile and the next revision; unchanged when nothing differs.

        Args:
            name: what to call them from now on; None keeps the name. It is no part of the revision.
            expected_revision: the one that this replaces; None: whichever.

        Raises:
            InvalidInput: as `add`.
            NotFound: no such person.
            Conflict: another revision stands.
        """
        _check_profile(profile)
        if name is not None:
            _check_name(name)
        with self._tables.write(changes_access=True) as session:
            row = _row(session, person_id, for_update=True)
            if expected_revision is not None and expected_revision != row.profile_revision:
                raise Conflict(
                    f"the profile is of revision {row.profile_revision} by now, not {expected_revision}; "
                    "read it again"
                )
            if name is not None:
                row.name = name
            if _profile(facts_of(row)) != profile:
                _write_profile(row, profile)
                row.profile_revision += 1
            return _person(row)


def _new_row(name: str, profile: Profile, now_ms: int) -> PersonRow:
    _check_name(name)
    _check_profile(profile)
    person_id = new_id("p-")
    secret = secrets.token_bytes(SECRET_BYTES)
    row = PersonRow(
        id=person_id,
        pseudonym=pseudonym_of(person_id, secret),
        secret=secret,
        key_id=PLAINTEXT_KEY,
        name=name,
        profile_revision=1,
        created_ms=now_ms,
    )
    _write_profile(row, profile)
    return row


def _row(session: Session, person_id: str, *, for_update: bool = False) -> PersonRow:
    row = session.get(PersonRow, person_id, with_for_update=for_update)
    if row is None:
        raise NotFound(f"no person {person_id!r}")
    return row


def _profile(facts: Mapping[str, Any]) -> Profile:
    return Profile(
        timezone=intern(facts["timezone"]),  # shared by thousands
        birth_year=facts["birth_year"],
        sex=facts["sex"],
        pregnant=facts["pregnant"],
        spo2_scale_2=facts["spo2_scale_2"],
        false_alarms_per_week=facts["false_alarms_per_week"],
        silence_after_ms=facts["silence_after_ms"],
        alarms=facts["alarms"],
        **_own(facts["own"]),
        labels=dict(facts["labels"]),
    )


_DAYS: Final = frozenset(
    {
        "gave_birth_on",
        "low_pulse_known_until",
        "beta_blocker_since",
        "altitude_since",
        "altitude_until",
        "usual_news2_until",
    }
)
"""Which fields of `own` are days, in ISO form."""


def _own(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in _DAYS else value for name, value in kept.items()}


def _write_profile(row: PersonRow, profile: Profile) -> None:
    own: dict[str, Any] = {}
    for field in fields(Profile):
        value = getattr(profile, field.name)
        if field.name in OWN_FIELDS:
            if value:
                own[field.name] = value.isoformat() if isinstance(value, date) else value
        else:
            setattr(row, field.name, dict(value) if field.name == "labels" else value)
    row.own = own


def _person(row: PersonRow) -> Person:
    facts = facts_of(row)
    return Person(
        row.id,
        row.pseudonym,
        facts["name"],
        row.key_id,
        _profile(facts),
        row.profile_revision,
        row.created_ms,
    )


def _person_of(row: RowMapping, sealer: Sealer) -> Person:
    facts = sealer.facts(PersonRow, row)
    return Person(
        row["id"],
        row["pseudonym"],
        facts["name"],
        row["key_id"],
        _profile(facts),
        row["profile_revision"],
        row["created_ms"],
    )


def _check_name(name: str) -> None:
    unread = any(category(sign) in _NO_LETTERS for sign in name)
    if not shows(name) or len(name) > LONGEST_NAME or unread:
        raise InvalidInput("name", name, f"1 to {LONGEST_NAME} characters on one line")


def _check_profile(profile: Profile) -> None:
    try:
        ZoneInfo(profile.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput("timezone", profile.timezone, "an IANA time zone such as Europe/Berlin") from None
    check_ranges(profile)
    if profile.sex is not None and profile.sex not in SEXES:
        raise InvalidInput("sex", profile.sex, ", ".join(SEXES))
    if not 0 < profile.false_alarms_per_week <= 1_000:  # noqa: PLR2004 - more than one in ten minutes is noise
        raise InvalidInput("false_alarms_per_week", profile.false_alarms_per_week, "above 0, up to 1000")
    if profile.silence_after_ms is not None and profile.silence_after_ms <= 0:
        raise InvalidInput("silence_after_ms", profile.silence_after_ms, "above 0, or none to switch it off")
