"""What entries of a FHIR bundle share: addresses that resolve inside it, times, quantities in UCUM."""

from __future__ import annotations

import uuid
from typing import Any, Final

from healthtwin.domain import from_ms

UCUM: Final = "http://unitsofmeasure.org"

_ENTRIES: Final = uuid.UUID("2c1b1f0e-4f5e-5b0a-8b1c-6d0f8c3f6e21")
"""One name space of our own for the entries' addresses."""


class Addresses:
    """What the entries of one person's bundle are called.

    Args:
        person_id: whose.

    Attributes:
        patient: reference to the person.
    """

    def __init__(self, person_id: str) -> None:
        self._person = person_id
        self.patient = self.to("Patient", person_id)

    def url(self, kind: str, name: str) -> str:
        """The address of an entry."""
        return uuid.uuid5(_ENTRIES, f"{self._person}\0{kind}\0{name}").urn

    def to(self, kind: str, name: str) -> dict[str, str]:
        """A reference that resolves to the entry."""
        return {"reference": self.url(kind, name)}


def instant(time_ms: int) -> str:
    """A FHIR instant in UTC.

    >>> instant(1_772_366_400_250)
    '2026-03-01T12:00:00.250Z'
    """
    return from_ms(time_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def quantity(value: float, unit: str) -> dict[str, Any]:
    """A FHIR quantity in UCUM."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}
