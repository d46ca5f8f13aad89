"""A person's current medicines and genes, and what was found about both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from healthtwin.domain import PLAIN
from healthtwin.medicines import LONGEST_MEDICINE, MOST_MEDICINES, FindingsView, GenesView, MedicinesView
from healthtwin.routing import Kind, Need, Routes

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask

Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=LONGEST_MEDICINE, extra_json_schema={"pattern": PLAIN})
]


class CurrentMedicines(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Everything a person takes now, each once, as it is written; an empty list: nothing."""

    medicines: Annotated[
        list[Name], msgspec.Meta(max_length=MOST_MEDICINES, extra_json_schema={"uniqueItems": True})
    ]


class CurrentGenes(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Gene to diplotype, phenotype or activity score, and `sex`, as `healthtwin genes` reads a profile."""

    genes: dict[str, Any]


routes = Routes("/api/people/{person_id}", tag="genes")


@routes.get("/medicines", need=Need.READ, kind=Kind.GENES, summary="What they take now")
def medicines(house: House, person_id: str) -> MedicinesView:
    """Current medicines, as stated, and which of them no table knows."""
    return house.medicines.medicines(person_id)


@routes.put(
    "/medicines",
    need=Need.STATE,
    kind=Kind.GENES,
    summary="State what they take now",
    example={"medicines": ["codeine"]},
)
def set_medicines(ask: Ask, house: House, person_id: str, body: CurrentMedicines) -> MedicinesView:
    """The whole list, in place of the one before; checked against their genes at once."""
    return house.medicines.set_medicines(ask.grant, person_id, body.medicines)


@routes.get("/genes", need=Need.READ, kind=Kind.GENES, summary="Their gene results")
def genes(house: House, person_id: str) -> GenesView:
    """Results as stated, and the phenotypes that they mean."""
    return house.medicines.genes(person_id)


@routes.put(
    "/genes",
    need=Need.STATE,
    kind=Kind.GENES,
    summary="State their gene results",
    example={"genes": {"CYP2D6": "*4/*4"}},
)
def set_genes(ask: Ask, house: House, person_id: str, body: CurrentGenes) -> GenesView:
    """All results, in place of those before; current medicines are checked against them at once."""
    return house.medicines.set_genes(ask.grant, person_id, body.genes)


@routes.get("/findings", need=Need.READ, kind=Kind.GENES, summary="Medicines against genes")
def findings(house: House, person_id: str) -> FindingsView:
    """What current medicines and genes make of each other, the most urgent first; never an alert."""
    return house.medicines.findings(person_id)
