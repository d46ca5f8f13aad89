"""People, their series, their twin, their risks: everything that is read about one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from healthtwin.domain import LEARNED, METRIC_BY_FIELD, metric_named
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound
from healthtwin.people import LimitsView, PersonView, RiskView, SeriesView, TwinView, person_without
from healthtwin.routing import Kind, Need, Routes
from healthtwin.routing.reading import StepText, TimeText, step_ms_of, time_ms_of
from healthtwin.web import people_seen

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask

MetricName = Annotated[str, msgspec.Meta(extra_json_schema={"enum": sorted(METRIC_BY_FIELD)})]

LEARNED_NAMES: Final = [metric.name for metric in LEARNED]


class Stretch(msgspec.Struct, frozen=True):
    """Of which metric, from when to when (both included), and in steps of which length."""

    metric: MetricName
    start: TimeText = msgspec.field(default=None, name="from")
    end: TimeText = msgspec.field(default=None, name="to")
    step: StepText = None


class NewNormal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Body of a confirmation. metrics: names of those that have a new usual; none: all."""

    metrics: list[Annotated[str, msgspec.Meta(extra_json_schema={"enum": LEARNED_NAMES})]] = []


routes = Routes("/api/people", tag="people")


@routes.get("", need=Need.KNOWN, summary="Who needs me now")
def people(ask: Ask, house: House) -> list[PersonView]:
    """The people you cover, the worst off first."""
    return people_seen(ask, house)


@routes.get("/{person_id}", need=Need.READ, kind=Kind.PROFILE, summary="One person now")
def person(ask: Ask, house: House, person_id: str) -> PersonView:
    """Status, phase of learning and newest values."""
    return person_without(house.people.view(person_id), ask.withheld(person_id))


@routes.delete(
    "/{person_id}",
    need=Need.ERASE,
    kind=Kind.PROFILE,
    fresh=True,
    errors=(NotFound,),
    summary="Forget a person for good",
)
def erase(house: House, person_id: str) -> None:
    """Everything about them is gone from this home on answer; from its backups it is not."""
    house.erase(person_id)


@routes.get("/{person_id}/series", need=Need.READ, kind=Kind.VITALS, summary="Values over time")
def series(house: House, person_id: str, query: Stretch) -> SeriesView:
    """Every value of a metric, ascending, both ends included; with a step, its mean, range and count."""
    from_ms, to_ms = time_ms_of("from", query.start), time_ms_of("to", query.end)
    if from_ms is not None and to_ms is not None and from_ms > to_ms:
        raise InvalidInput("to", query.end, "not before from")
    return house.people.series(
        person_id, metric_named(query.metric).name, from_ms, to_ms, step_ms_of(query.step)
    )


@routes.get("/{person_id}/twin", need=Need.READ, kind=Kind.VITALS, summary="What is usual for them")
def twin(house: House, person_id: str) -> TwinView:
    """The learned normal by hour of day, and how the newest values compare with it."""
    return house.people.twin(person_id)


@routes.get(
    "/{person_id}/limits", need=Need.READ, kind=Kind.PROFILE, summary="From where on a value is told at once"
)
def limits(house: House, person_id: str) -> LimitsView:
    """The absolute limits for their age and profile, awake and at rest; a phone judges by them offline."""
    return house.people.limits(person_id)


@routes.get("/{person_id}/risk", need=Need.READ, kind=Kind.VITALS, summary="What may be coming")
def risk(house: House, person_id: str) -> RiskView:
    """What each member says, with the deviations that carry it."""
    return house.people.risk(person_id)


@routes.post(
    "/{person_id}/new-normal",
    need=Need.STATE,
    kind=Kind.VITALS,
    body_optional=True,
    errors=(Conflict,),
    summary="What deviates now is this person's new usual",
)
def new_normal(ask: Ask, house: House, person_id: str, body: NewNormal) -> None:
    """After a new medicine, a move to altitude, a pregnancy: learn the new usual fast."""
    names = [_learned_metric(name) for name in body.metrics]
    house.intake.confirm_new_normal(ask.grant, person_id, names)


def whom(ask: Ask, house: House, person_id: str | None) -> frozenset[str] | None:
    """Whom a list is to hold: this person alone, or everybody whom the asker covers (None: everybody).

    Raises:
        NotFound: the person is not covered, or does not exist.
    """
    people = ask.people_or(person_id)
    if person_id is not None and house.people.facts(person_id) is None:
        raise NotFound("no such person")
    return people


def _learned_metric(name: str) -> str:
    metric = METRIC_BY_FIELD.get(name)
    if metric is None or not metric.learned:
        raise InvalidInput("metrics", name, "one of " + ", ".join(LEARNED_NAMES))
    return metric.name
