"""How long the sessions of accounts last."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.access.ties import Scope
from healthtwin.domain import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts.

    Attributes:
        idle_ms: it ends when it was not used for so long.
        absolute_ms: it ends then, whatever was done in between.
    """

    idle_ms: int
    absolute_ms: int


OF_STAFF: Final = Lasting(HOUR_MS, DAY_MS)
"""NIST SP 800-63B-4, 2.2.3, for accounts that reach others: an hour without use, a day altogether."""

OF_FAMILY: Final = Lasting(30 * DAY_MS, 400 * DAY_MS)
"""Somebody at home looks once a month at least (the same, 2.1.3); a lock between them and an alarm costs more
than it saves, and what hands data on asks for their proof anew."""

LASTING: Final[Mapping[Scope, Lasting]] = MappingProxyType(
    {
        Scope.PERSON: OF_FAMILY,
        Scope.FAMILY: OF_FAMILY,
        Scope.CLINICIAN: OF_STAFF,
        Scope.ADMIN: OF_STAFF,
    }
)
