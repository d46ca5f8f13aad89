"""A person's current medicines and genes, and what was found about both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.api.parameters import body_of, require_known_parameters
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.medicines.answers import FindingsView, GenesView, MedicinesView
from healthtwin.medicines.room import LONGEST_MEDICINE, MOST_MEDICINES

if TYPE_CHECKING:
    from healthtwin.api.identity import Identity
    from healthtwin.house import House

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_MEDICINE)]


class CurrentMedicines(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Everything a person takes now, each once, as it is written; an empty list: nothing."""

    medicines: Annotated[list[Name], msgspec.Meta(max_length=MOST_MEDICINES)]


class CurrentGenes(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Gene to diplotype, phenotype or activity score, and `sex`, as `healthtwin genes` reads a profile."""

    genes: dict[str, Any]


def medicine_routes(house: House, identity: Identity) -> APIRouter:
    """`/api/people/{person}/medicines`, `…/genes` and `…/findings`."""
    router = APIRouter(
        prefix="/api/people/{person_id}", tags=["genes"], dependencies=[Depends(identity.authenticate)]
    )

    def require_covered(request: Request, person_id: str) -> None:
        require_known_parameters(request, ())
        identity.grant_of(request).require_covers(person_id)

    @router.get("/medicines", responses=answers(MedicinesView, 404), summary="What they take now")
    def medicines(request: Request, person_id: str) -> Response:
        """Current medicines, as stated, and which of them no table knows."""
        require_covered(request, person_id)
        return json_of(house.medicines.medicines(person_id))

    @router.put(
        "/medicines",
        responses=answers(MedicinesView, 403, 404, 413, 415, 422),
        openapi_extra=takes(CurrentMedicines),
        summary="State what they take now",
    )
    async def set_medicines(request: Request, person_id: str) -> Response:
        """The whole list, in place of the one before; checked against their genes at once."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(identity.grant_of, request)
        grant.require_state(person_id)
        stated = await body_of(request, CurrentMedicines)
        return json_of(
            await run_in_threadpool(house.medicines.set_medicines, grant, person_id, stated.medicines)
        )

    @router.get("/genes", responses=answers(GenesView, 404), summary="Their gene results")
    def genes(request: Request, person_id: str) -> Response:
        """Results as stated, and the phenotypes that they mean."""
        require_covered(request, person_id)
        return json_of(house.medicines.genes(person_id))

    @router.put(
        "/genes",
        responses=answers(GenesView, 403, 404, 413, 415, 422),
        openapi_extra=takes(CurrentGenes),
        summary="State their gene results",
    )
    async def set_genes(request: Request, person_id: str) -> Response:
        """All results, in place of those before; current medicines are checked against them at once."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(identity.grant_of, request)
        grant.require_state(person_id)
        stated = await body_of(request, CurrentGenes)
        return json_of(await run_in_threadpool(house.medicines.set_genes, grant, person_id, stated.genes))

    @router.get("/findings", responses=answers(FindingsView, 404), summary="Medicines against genes")
    def findings(request: Request, person_id: str) -> Response:
        """What current medicines and genes make of each other, the most urgent first; never an alert."""
        require_covered(request, person_id)
        return json_of(house.medicines.findings(person_id))

    return router
