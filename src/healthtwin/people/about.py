"""What is known about a person: profile (it changes how readings are judged) and background (it does not)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from healthtwin.access import COUNTRY, Scope
from healthtwin.domain import MINUTE_MS, PLAIN, from_ms, plain_text
from healthtwin.domain.errors import Forbidden, InvalidInput
from healthtwin.domain.profile_check import (
    ALTITUDE_M,
    EARLIEST_BIRTH_YEAR,
    LATEST_BIRTH_YEAR,
    LOW_PULSE,
    PACED,
    USUAL_NEWS2,
    checked_now,
)
from healthtwin.people.answers import PHONE, BackgroundView, Contact, ProfileView, as_json
from healthtwin.store.people import SEXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.domain import Profile
    from healthtwin.store.people import Person
    from healthtwin.store.statements import Statement

LONGEST_NAME: Final = 200
LONGEST_ENTRY: Final = 200
MOST_ENTRIES: Final = 100
MOST_CONTACTS: Final = 10

ADULT_AGE: Final = 16
"""Where the limits of children end (`healthtwin.forecast`), years."""

LONGEST_SILENCE_MIN: Final = 366 * 24 * 60

_PHONE: Final = re.compile(PHONE)

_UNSET: Final = msgspec.UNSET

Entry = Annotated[
    str, msgspec.Meta(min_length=1, max_length=LONGEST_ENTRY, extra_json_schema={"pattern": PLAIN})
]
Entries = Annotated[
    list[Entry], msgspec.Meta(max_length=MOST_ENTRIES, extra_json_schema={"uniqueItems": True})
]
Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME, extra_json_schema={"pattern": PLAIN})
]
Month = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 1, "maximum": 12})]
BirthYear = Annotated[
    int, msgspec.Meta(extra_json_schema={"minimum": EARLIEST_BIRTH_YEAR, "maximum": LATEST_BIRTH_YEAR})
]
Altitude = Annotated[
    int, msgspec.Meta(extra_json_schema={"minimum": ALTITUDE_M[0], "maximum": ALTITUDE_M[1]})
]
LowPulse = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": LOW_PULSE[0], "maximum": LOW_PULSE[1]})]
Paced = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": PACED[0], "maximum": PACED[1]})]
UsualNews2 = Annotated[
    int, msgspec.Meta(extra_json_schema={"minimum": USUAL_NEWS2[0], "maximum": USUAL_NEWS2[1]})
]
SexWord = Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(SEXES)})]
Revision = Annotated[int, msgspec.Meta(ge=0)]
Country = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": COUNTRY})]


class ProfileChange(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is to change; what is left out stays, null clears.

    Attributes:
        spo2_scale_2: NEWS2's second oxygen scale; only a clinician or an admin changes it.
        birth_month: 1 to 12; without it the limits of a child are coarse.
        gave_birth_on: for six weeks from then on the limits of pregnancy hold.
        low_pulse_floor: a low pulse is known down to this rate, 30 to 40 /min (30 where left out), until
            low_pulse_known_until, at most a year ahead; low_pulse_known_by: who says so; left out: the asker.
        pacemaker_rate: its lower rate, 1/min. beta_blocker_since: since when a medicine slows the heart.
        altitude_m: where the person lives, above the sea; altitude_since, altitude_until, altitude_by: alike.
        atrial_fibrillation: known; one slow reading is no evidence then.
        usual_news2: NEWS2 total that is usual, 1 to 6, as on oxygen at home; usual_news2_until and
            usual_news2_by: alike.
        silence_after_minutes: alarm when no reading came for this long; null switches it off.
        country: where they live, a code of ISO 3166; it decides from which age on they decide alone.
        revision: the one that this was made to; left out: whichever stands.
    """

    name: Name | msgspec.UnsetType = _UNSET
    timezone: str | msgspec.UnsetType = _UNSET
    birth_year: BirthYear | msgspec.UnsetType | None = _UNSET
    sex: SexWord | msgspec.UnsetType | None = _UNSET
    pregnant: bool | msgspec.UnsetType = _UNSET
    spo2_scale_2: bool | msgspec.UnsetType = _UNSET
    false_alarms_per_week: float | msgspec.UnsetType = _UNSET
    silence_after_minutes: (
        Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SILENCE_MIN)] | msgspec.UnsetType | None
    ) = _UNSET
    alarms: bool | msgspec.UnsetType = _UNSET
    birth_month: Month | msgspec.UnsetType | None = _UNSET
    gave_birth_on: date | msgspec.UnsetType | None = _UNSET
    low_pulse_floor: LowPulse | msgspec.UnsetType | None = _UNSET
    low_pulse_known_by: Name | msgspec.UnsetType | None = _UNSET
    low_pulse_known_until: date | msgspec.UnsetType | None = _UNSET
    pacemaker_rate: Paced | msgspec.UnsetType | None = _UNSET
    beta_blocker_since: date | msgspec.UnsetType | None = _UNSET
    altitude_m: Altitude | msgspec.UnsetType | None = _UNSET
    altitude_by: Name | msgspec.UnsetType | None = _UNSET
    altitude_since: date | msgspec.UnsetType | None = _UNSET
    altitude_until: date | msgspec.UnsetType | None = _UNSET
    atrial_fibrillation: bool | msgspec.UnsetType = _UNSET
    usual_news2: UsualNews2 | msgspec.UnsetType | None = _UNSET
    usual_news2_by: Name | msgspec.UnsetType | None = _UNSET
    usual_news2_until: date | msgspec.UnsetType | None = _UNSET
    country: Country | msgspec.UnsetType | None = _UNSET
    revision: Revision | msgspec.UnsetType = _UNSET


class Background(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Everything known beside readings, in place of what was stated before; a list left out is empty."""

    conditions: Entries = []
    risk_factors: Entries = []
    allergies: Entries = []
    emergency_contacts: Annotated[list[Contact], msgspec.Meta(max_length=MOST_CONTACTS)] = []
    revision: Revision | msgspec.UnsetType = _UNSET


def profile_with(
    change: ProfileChange, known: Profile, asker: Scope, *, by: str, now_ms: int
) -> tuple[Profile, str | None, int | None]:
    """The profile once `change` is made to `known`; the new name and the expected revision, None for neither.

    Args:
        by: who asks, for the record of a looser limit. now_ms: the present.

    Raises:
        InvalidInput: naming the field. Forbidden: `spo2_scale_2` without a clinician's order.
    """
    named = {field: value for field, value in msgspec.structs.asdict(change).items() if value is not _UNSET}
    revision, name = named.pop("revision", None), named.pop("name", None)
    named.pop("country", None)  # no limit follows from it; kept beside the profile
    if "silence_after_minutes" in named:
        minutes = named.pop("silence_after_minutes")
        named["silence_after_ms"] = None if minutes is None else minutes * MINUTE_MS
    if named.get("birth_year", known.birth_year) is None:
        named.setdefault("birth_month", None)
    if "low_pulse_known_until" in named and named["low_pulse_known_until"] is None:
        named.setdefault("low_pulse_floor", None)
    profile = checked_now(replace(known, **named), known, now_ms, by)
    if profile.spo2_scale_2 != known.spo2_scale_2 and asker not in {Scope.CLINICIAN, Scope.ADMIN}:
        raise Forbidden("spo2_scale_2 changes only on a clinician's order")
    return profile, None if name is None else plain_text("name", name, LONGEST_NAME), revision


def content_of(stated: Background) -> tuple[dict[str, Any], int | None]:
    """What is kept of a background, as plain JSON data; and the expected revision, None for any.

    Raises:
        InvalidInput: naming the field.
    """
    content = {
        "conditions": _entries("conditions", stated.conditions),
        "risk_factors": _entries("risk_factors", stated.risk_factors),
        "allergies": _entries("allergies", stated.allergies),
        "emergency_contacts": _contacts(stated.emergency_contacts),
    }
    return content, None if stated.revision is _UNSET else stated.revision


def limits_coarse(profile: Profile, now_ms: int) -> bool:
    """Whether somebody is a child whose month of birth is not known (`healthtwin.forecast`).

    >>> from healthtwin.domain import Profile
    >>> [limits_coarse(Profile("UTC", born), 1_772_366_400_000) for born in (2020, 1980)]
    [True, False]
    """
    year = profile.birth_year
    return year is not None and profile.birth_month is None and from_ms(now_ms).year - year <= ADULT_AGE


def profile_view(person: Person, now_ms: int, country: str | None = None) -> ProfileView:
    """A profile as it is shown."""
    profile = person.profile
    return ProfileView(
        person.id,
        person.name,
        profile.timezone,
        profile.birth_year,
        profile.sex,
        profile.pregnant,
        profile.spo2_scale_2,
        profile.false_alarms_per_week,
        None if profile.silence_after_ms is None else profile.silence_after_ms // MINUTE_MS,
        profile.alarms,
        person.profile_revision,
        profile.birth_month,
        profile.gave_birth_on,
        profile.low_pulse_floor,
        profile.low_pulse_known_by,
        profile.low_pulse_known_until,
        profile.pacemaker_rate,
        profile.beta_blocker_since,
        profile.altitude_m,
        profile.altitude_by,
        profile.altitude_since,
        profile.altitude_until,
        profile.atrial_fibrillation,
        profile.usual_news2,
        profile.usual_news2_by,
        profile.usual_news2_until,
        limits_coarse=limits_coarse(profile, now_ms),
        country=country,
    )


def background_view(person_id: str, stated: Statement | None) -> BackgroundView:
    """A background as it is shown; empty lists before anything was stated."""
    content = {} if stated is None else stated.content
    return BackgroundView(
        person_id,
        content.get("conditions", []),
        content.get("risk_factors", []),
        content.get("allergies", []),
        [msgspec.convert(contact, Contact) for contact in content.get("emergency_contacts", [])],
        0 if stated is None else stated.revision,
        None if stated is None else stated.stated_ms,
    )


def _entries(field: str, entries: Sequence[str]) -> list[str]:
    kept: list[str] = []
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        text = plain_text(f"{field}[{place}]", entry, LONGEST_ENTRY)
        if text.casefold() in seen:
            raise InvalidInput(f"{field}[{place}]", entry, "each entry once")
        seen.add(text.casefold())
        kept.append(text)
    return kept


def _contacts(contacts: Sequence[Contact]) -> list[Any]:
    kept = []
    for place, contact in enumerate(contacts):
        field = f"emergency_contacts[{place}]"
        phone = contact.phone.strip()
        if not _PHONE.fullmatch(phone):
            raise InvalidInput(f"{field}.phone", contact.phone, "a number as dialled, such as +49 30 1234567")
        relation = contact.relation
        checked = Contact(
            plain_text(f"{field}.name", contact.name, LONGEST_NAME),
            phone,
            None if relation is None else plain_text(f"{field}.relation", relation, LONGEST_ENTRY),
        )
        kept.append(as_json(checked))
    return kept
