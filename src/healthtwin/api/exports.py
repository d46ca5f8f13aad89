"""Everything about a person, to take away: asked for, made, fetched piece by piece, gone after a while."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.access import wall_ms
from healthtwin.api.export_file import ExportFile, part_of
from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound, RateLimited
from healthtwin.house.export import FAILED, FOR_EVER_MS, READY, Wanted
from healthtwin.routing import Kind, Need, Routes
from healthtwin.routing.reading import TimeText, time_ms_of
from healthtwin.web import language_of
from healthtwin.words import LANGUAGES

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.house.export import Kept
    from healthtwin.routing import Ask

WAITS_S: Final = 90.0
"""How long a download waits for a file that is still being made: ten years take half of it."""

PROVEN_MS: Final = 5 * MINUTE_MS
"""So old may the proof be with which an export is asked for."""

ASKED: Final = "export asked"
FETCHED: Final = "export fetched"

Language = Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(LANGUAGES)})]


class ExportWish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What it is to hold: from when to when (left out: everything), and the language of its words."""

    start: TimeText = msgspec.field(default=None, name="from")
    end: TimeText = msgspec.field(default=None, name="to")
    language: Language | None = None


class ExportView(msgspec.Struct, frozen=True):
    """An export.

    Attributes:
        state: ``making``, ``ready`` or ``failed``.
        bytes, sha256: of the file, once it is ready.
        url: where it is fetched, by the same token or session that asked for it, until `expires_at`.
    """

    id: str
    person: str
    state: str
    bytes: int | None
    sha256: str | None
    url: str
    asked_at: int
    expires_at: int


routes = Routes("/api/people/{person_id}/exports", tag="sharing")


@routes.post(
    "",
    need=Need.EXPORT,
    kind=Kind.PROFILE,
    status=201,
    fresh=True,
    body_optional=True,
    errors=(RateLimited,),
    summary="Make everything about them ready to take away",
)
def ask_for_export(ask: Ask, house: House, person_id: str, body: ExportWish) -> ExportView:
    """A ZIP file with a page to read, FHIR, and every value; it is being made when this answers."""
    start, end = time_ms_of("from", body.start), time_ms_of("to", body.end)
    if start is not None and end is not None and start > end:
        raise InvalidInput("to", body.end, "not before from")
    if body.language is not None and body.language not in LANGUAGES:
        raise InvalidInput("language", body.language, "one of " + ", ".join(LANGUAGES))
    wanted = Wanted(
        -FOR_EVER_MS if start is None else start,
        FOR_EVER_MS if end is None else end,
        body.language or language_of(ask.request),
        made_ms=wall_ms(),
    )
    _require_everything(ask, person_id)
    kept = house.exports.ask(person_id, ask.grant.actor, wanted)
    _note(ask, house, kept, ASKED, count=house.exports.count(kept))
    return _view(kept)


@routes.get("", need=Need.EXPORT, kind=Kind.PROFILE, summary="What lies ready to take away")
def exports(ask: Ask, house: House, person_id: str) -> list[ExportView]:
    """What you asked for and may fetch, the oldest first."""
    return [_view(kept) for kept in house.exports.list(person_id, ask.grant.actor)]


@routes.get(
    "/{export_id}", need=Need.EXPORT, kind=Kind.PROFILE, errors=(NotFound,), summary="Whether it is ready"
)
def export(ask: Ask, house: House, person_id: str, export_id: str) -> ExportView:
    """For whoever asked for it; others are answered as if it were not there."""
    kept = house.exports.find(person_id, export_id, ask.grant.actor)
    _require_proof(ask, kept)
    return _view(kept)


@routes.delete(
    "/{export_id}",
    need=Need.EXPORT,
    kind=Kind.PROFILE,
    errors=(NotFound,),
    summary="Delete it before its time",
)
def drop_export(ask: Ask, house: House, person_id: str, export_id: str) -> None:
    """Whoever is fetching it gets no further."""
    house.exports.drop(house.exports.find(person_id, export_id, ask.grant.actor))


@routes.get(
    "/{export_id}/file",
    need=Need.EXPORT,
    kind=Kind.PROFILE,
    errors=(NotFound, Conflict),
    media="application/zip",
    summary="Fetch it",
)
async def export_file(ask: Ask, house: House, person_id: str, export_id: str) -> Response:
    """The ZIP file, as soon as it is ready; `Range` resumes where a broken line left off."""
    _require_everything(ask, person_id)
    actor = ask.grant.actor
    kept = await run_in_threadpool(house.exports.find, person_id, export_id, actor)
    await run_in_threadpool(_require_proof, ask, kept)
    work = house.exports.being_made(export_id)
    if work is not None:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(work)), WAITS_S)
    kept = await run_in_threadpool(house.exports.find, person_id, export_id, actor)
    if kept.state == FAILED:
        raise Conflict("it could not be made; ask for a new one")
    if kept.state != READY:
        raise Conflict("it is still being made; ask again in a minute")

    def still() -> None:
        ask.require_still_valid()
        _require_everything(ask, person_id)
        house.exports.find(person_id, export_id, actor)

    def told(sent: int, complete: bool) -> None:
        _note(ask, house, kept, FETCHED, first=part.start, bytes=sent, complete=int(complete))

    reader = await run_in_threadpool(house.exports.open, kept)
    part = part_of(ask.request.headers, kept.size, f'"{kept.digest}"')
    return ExportFile(reader, kept, part, still, told)


def _require_everything(ask: Ask, person_id: str) -> None:
    """Whoever may not see all of it gets none of it: half a copy that looks like a whole one helps nobody.

    Raises:
        NotFound, Forbidden: as of `healthtwin.access.decide`; `Withheld` names what is kept back.
    """
    for kind in Kind:
        ask.judge(Need.EXPORT, kind, person_id).require()


def _require_proof(ask: Ask, kept: Kept) -> None:
    """Ask for a proof in a session that gave none since this was asked for.

    Another browser of the same account is perhaps a thief's; a slow line needs none for every part.

    Raises:
        StepUp: as of `RequestAuthenticator.require_fresh`.
    """
    proven = ask.grant.verified_ms
    if proven is None or proven < kept.asked_ms - PROVEN_MS:
        ask.authenticator.require_fresh(ask.grant)


def _note(ask: Ask, house: House, kept: Kept, what: str, **facts: int) -> None:
    """Beside the request itself, what came of it: how much was asked for, how much left the house."""
    person = house.exports.whose(kept)
    if person is None:  # erased meanwhile
        return
    facts |= {"range_start": kept.from_ms, "range_end": kept.to_ms}
    relation = "" if ask.decision is None else ask.decision.relation
    house.access.audit.note(ask.grant, person, what, "export", relation=relation, facts=facts)


def _view(kept: Kept) -> ExportView:
    ready = kept.state == READY
    return ExportView(
        kept.id,
        kept.person_id,
        kept.state,
        kept.size if ready else None,
        kept.digest if ready else None,
        f"/api/people/{kept.person_id}/exports/{kept.id}/file",
        kept.asked_ms,
        kept.expires_ms,
    )
