"""From which age on somebody decides alone: the law of countries as a table, and when an age is reached.

Pure: a birth date, a place and a time in, an instant out. The sources stand beside the numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from healthtwin.domain import from_ms
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.domain import Profile

COUNTRY: Final = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
"""ISO 3166-1 alpha-2, or ISO 3166-2 where a part of the country has its own age: ``DE``, ``US-AL``."""

LAST_MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages in full years.

    Attributes:
        own: from then on an own sign-in is usual: they see who looks, and keep back what is most their own.
        consent: from then on their own consent to care is presumed: they decide about everything.
        majority: from then on whoever looked after them needs their word.
        source: of the three, in this order.
    """

    own: int
    consent: int
    majority: int
    source: str


ELSEWHERE: Final = Ages(
    16,
    18,
    18,
    "16: GDPR Art. 8(1) where no law says less; 18: UN Convention on the Rights of the Child, Art. 1",
)
"""Where nothing is known of the country: the highest of the usual ages."""

AGES: Final[Mapping[str, Ages]] = MappingProxyType(
    {
        "DE": Ages(15, 16, 18, "SGB I § 36 (own claims, electronic record); GDPR Art. 8(1); BGB § 2"),
        "AT": Ages(14, 14, 18, "DSG § 4(4); ABGB § 173(1) (consent to treatment); ABGB § 21(2)"),
        "CH": Ages(16, 16, 18, "ZGB Art. 16 and 19c (capable of judgement, no fixed age); ZGB Art. 14"),
        "GB": Ages(13, 16, 18, "Data Protection Act 2018 s. 9; Family Law Reform Act 1969 s. 8; s. 1"),
        "IE": Ages(
            16,
            16,
            18,
            "Data Protection Act 2018 (IE) s. 31; Non-Fatal Offences Act 1997 s. 23; "
            "Age of Majority Act 1985 s. 2",
        ),
        "FR": Ages(
            15,
            18,
            18,
            "Loi Informatique et libertés art. 45; Code de la santé publique L1111-5; Code civil art. 414",
        ),
        "IT": Ages(14, 18, 18, "D.lgs. 101/2018 art. 2-quinquies; L. 219/2017 art. 3; Codice civile art. 2"),
        "ES": Ages(14, 16, 18, "LO 3/2018 art. 7; Ley 41/2002 art. 9.4; Constitución art. 12"),
        "NL": Ages(16, 16, 18, "GDPR Art. 8(1) and UAVG art. 5; BW 7:447; BW 1:233"),
        "SE": Ages(13, 16, 18, "SFS 2018:218 2:4; practice of care; Föräldrabalken 9:1"),
        "NO": Ages(
            13,
            16,
            18,
            "Personopplysningsloven § 5; Pasient- og brukerrettighetsloven § 4-3; Vergemålsloven § 2",
        ),
        "DK": Ages(15, 15, 18, "Databeskyttelsesloven § 6; Sundhedsloven § 17; Værgemålsloven § 1"),
        "PL": Ages(
            16, 18, 18, "GDPR Art. 8(1); Ustawa o prawach pacjenta art. 17 (both agree from 16); KC art. 10"
        ),
        "US": Ages(
            13, 18, 18, "15 U.S.C. 6501 (COPPA); 45 CFR 164.502(g)(3), state law; usual age of majority"
        ),
        "US-AL": Ages(13, 16, 19, "15 U.S.C. 6501; Code of Alabama § 22-8-4 (2025); § 26-1-1"),
        "US-NE": Ages(13, 18, 19, "15 U.S.C. 6501; Neb. Rev. Stat. § 43-2101"),
        "US-MS": Ages(13, 18, 21, "15 U.S.C. 6501; 18: as for the country; Miss. Code § 1-3-27"),
    }
)
"""By country. Where the law knows no fixed age (Switzerland) or several, the later is taken."""


def checked_country(country: str) -> str:
    """A country as it is kept.

    Raises:
        InvalidInput: it is not written as a country's code.

    >>> checked_country("DE")
    'DE'
    """
    if re.fullmatch(COUNTRY, country) is None:
        raise InvalidInput("country", country, "a code of ISO 3166, such as DE or US-AL")
    return country


def ages_in(country: str | None) -> Ages:
    """The ages of a country, of the country around a part of it, or those of `ELSEWHERE`.

    >>> ages_in("US-AL").majority, ages_in("US-TX").majority, ages_in(None).majority
    (19, 18, 18)
    """
    if country is None:
        return ELSEWHERE
    return AGES.get(country) or AGES.get(country[:2]) or ELSEWHERE


def turns_ms(profile: Profile, age: int) -> int | None:
    """When somebody has surely reached an age, epoch ms; None where the year of birth is not known.

    The day of birth is not kept. With the month, it is the end of that month, else the end of that year, in
    their own time zone: nobody loses who looks after them before the day.

    >>> from healthtwin.domain import Profile, from_ms
    >>> from_ms(turns_ms(Profile("Etc/UTC", birth_year=2010, birth_month=5), 18)).isoformat()
    '2028-06-01T00:00:00+00:00'
    >>> from_ms(turns_ms(Profile("Etc/UTC", birth_year=2010), 18)).isoformat()
    '2029-01-01T00:00:00+00:00'
    """
    if profile.birth_year is None:
        return None
    year, month = profile.birth_year + age, profile.birth_month or LAST_MONTH
    after = (year, month + 1) if month < LAST_MONTH else (year + 1, 1)
    local = datetime(*after, 1, tzinfo=ZoneInfo(profile.timezone))
    return round(local.astimezone(UTC).timestamp() * 1000)


def may_come_of_age(profile: Profile, now_ms: int) -> bool:
    """Whether somebody comes of age about now, wherever they live: so most are not asked about at all.

    >>> from healthtwin.domain import Profile
    >>> at_ms = 1_796_000_000_000  # at the end of 2026
    >>> [
    ...     may_come_of_age(Profile("Etc/UTC", birth_year=year), at_ms)
    ...     for year in (1961, 2008, 2005, 2015, None)
    ... ]
    [False, True, True, False, False]
    """
    if profile.birth_year is None:
        return False
    ages = [each.majority for each in (ELSEWHERE, *AGES.values())]
    age = from_ms(now_ms).year - profile.birth_year
    return min(ages) - 1 <= age <= max(ages) + 2


@dataclass(frozen=True, slots=True)
class Youth:
    """Somebody of whom a year of birth is known, by the law of where they live.

    Attributes:
        country: as known; None: nobody said.
        own_ms, consent_ms, majority_ms: when they have surely reached the ages of `Ages`, epoch ms.
        by_month: counted by the end of their month of birth; else by the end of that year.
    """

    country: str | None
    own_ms: int
    consent_ms: int
    majority_ms: int
    by_month: bool

    def is_minor(self, now_ms: int) -> bool:
        """Whether somebody may still be looking after them."""
        return now_ms < self.majority_ms


def youth_of(profile: Profile, country: str | None) -> Youth | None:
    """When somebody comes of age; None where the year of birth is not known: an adult, then.

    >>> from healthtwin.domain import Profile
    >>> youth_of(Profile("Europe/Berlin"), "DE") is None
    True
    """
    ages = ages_in(country)
    own, consent, majority = (turns_ms(profile, age) for age in (ages.own, ages.consent, ages.majority))
    if own is None or consent is None or majority is None:
        return None
    return Youth(country, own, consent, majority, profile.birth_month is not None)
