"""People, their series, their twin, their risks: everything that is read about one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.api.parameters import (
    StepText,
    TimeText,
    body_of,
    require_known_parameters,
    step_ms_of,
    time_ms_of,
)
from healthtwin.api.schema import answers, takes
from healthtwin.domain import LEARNED, METRIC_BY_FIELD, metric_named
from healthtwin.domain.errors import InvalidInput
from healthtwin.people.answers import PersonView, RiskView, SeriesView, TwinView

if TYPE_CHECKING:
    from healthtwin.api.identity import Identity
    from healthtwin.house import House

MetricName = Annotated[str, Query(json_schema_extra={"enum": sorted(METRIC_BY_FIELD)})]

LEARNED_NAMES: Final = [metric.name for metric in LEARNED]


class NewNormal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Body of a confirmation. metrics: names of those that have a new usual; none: all."""

    metrics: list[Annotated[str, msgspec.Meta(extra_json_schema={"enum": LEARNED_NAMES})]] = []


def json_of(value: object) -> Response:
    """A value as a JSON answer."""
    return Response(msgspec.json.encode(value), media_type="application/json")


def people_routes(house: House, identity: Identity) -> APIRouter:
    """`/api/people` and below. Somebody else's people are answered like ones that do not exist."""
    router = APIRouter(prefix="/api/people", tags=["people"], dependencies=[Depends(identity.authenticate)])

    def require_covered(request: Request, person_id: str) -> None:
        identity.grant_of(request).require_covers(person_id)

    @router.get("", responses=answers(list[PersonView]), summary="Who needs me now")
    def people(request: Request) -> Response:
        """The people you cover, the worst off first."""
        require_known_parameters(request, ())
        return json_of(house.people.list(identity.grant_of(request).people))

    @router.get("/{person_id}", responses=answers(PersonView, 404), summary="One person now")
    def person(request: Request, person_id: str) -> Response:
        """Status, phase of learning and newest values."""
        require_known_parameters(request, ())
        require_covered(request, person_id)
        return json_of(house.people.view(person_id))

    @router.get("/{person_id}/series", responses=answers(SeriesView, 404, 422), summary="Values over time")
    def series(
        request: Request,
        person_id: str,
        metric: MetricName,
        start: Annotated[TimeText, Query(alias="from")] = None,
        end: Annotated[TimeText, Query(alias="to")] = None,
        step: StepText = None,
    ) -> Response:
        """Every value of a metric, ascending, both ends included; with a step, its mean, range and count."""
        require_known_parameters(request, ("metric", "from", "to", "step"))
        require_covered(request, person_id)
        from_ms, to_ms = time_ms_of("from", start), time_ms_of("to", end)
        if from_ms is not None and to_ms is not None and from_ms > to_ms:
            raise InvalidInput("to", end, "not before from")
        name = metric_named(metric).name
        return json_of(house.people.series(person_id, name, from_ms, to_ms, step_ms_of(step)))

    @router.get("/{person_id}/twin", responses=answers(TwinView, 404), summary="What is usual for them")
    def twin(request: Request, person_id: str) -> Response:
        """The learned normal by hour of day, and how the newest values compare with it."""
        require_known_parameters(request, ())
        require_covered(request, person_id)
        return json_of(house.people.twin(person_id))

    @router.get("/{person_id}/risk", responses=answers(RiskView, 404), summary="What may be coming")
    def risk(request: Request, person_id: str) -> Response:
        """What each member says, with the deviations that carry it."""
        require_known_parameters(request, ())
        require_covered(request, person_id)
        return json_of(house.people.risk(person_id))

    @router.post(
        "/{person_id}/new-normal",
        status_code=204,
        responses=answers(None, 403, 404, 409, 413, 415, 422),
        openapi_extra=takes(NewNormal, required=False),
        summary="What deviates now is this person's new usual",
    )
    async def new_normal(request: Request, person_id: str) -> Response:
        """After a new medicine, a move to altitude, a pregnancy: learn the new usual fast."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(identity.grant_of, request)
        grant.require_state(person_id)
        wanted = await body_of(request, NewNormal, optional=True)
        names = [_learned_metric(name) for name in wanted.metrics]
        await run_in_threadpool(house.intake.confirm_new_normal, grant, person_id, names)
        return Response(status_code=204)

    return router


def _learned_metric(name: str) -> str:
    metric = METRIC_BY_FIELD.get(name)
    if metric is None or not metric.learned:
        raise InvalidInput("metrics", name, "one of " + ", ".join(LEARNED_NAMES))
    return metric.name
