"""Who finds something in what is stated about a person: asked whenever a statement or the tables change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from healthtwin.domain import Finding
    from healthtwin.genes import Knowledge


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated about a person.

    Attributes:
        genes: gene to result, and ``sex``; empty before somebody states it. medicines: names, as written.
        tables: what is known of genes and medicines, loaded when it is first asked for.
    """

    genes: Mapping[str, Any]
    medicines: Sequence[str]
    tables: Callable[[], Knowledge]


class FindingSource(Protocol):
    """A specialty. It knows nothing but what is stated, so it can be asked again at any time."""

    @property
    def specialty(self) -> str:
        """The name that its findings carry; no other source's."""
        ...

    def findings(self, stated: Stated) -> tuple[Finding, ...]:
        """What it holds to be so, the most urgent first."""
        ...


class Pharmacogenomics:
    """What current medicines and genes make of each other (`healthtwin.genes.check_medicines`)."""

    specialty = "pharmacogenomics"

    def findings(self, stated: Stated) -> tuple[Finding, ...]:
        """See `FindingSource`."""
        from healthtwin.genes import check_medicines, profile_from

        profile = profile_from(stated.genes, knowledge=stated.tables())
        if not profile.genes:
            return ()
        return check_medicines(profile, stated.medicines, knowledge=stated.tables())


SOURCES: Final[tuple[FindingSource, ...]] = (Pharmacogenomics(),)
"""Everybody who is asked. What they find is kept, shown and brought up to date; it is never pushed."""
