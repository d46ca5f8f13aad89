"""`POST /api/signals/…`: raw windows in, readings or the reason why there are none out."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
import msgspec
from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.access.rate import RateLimiter
from healthtwin.api.body import read_body, require_json
from healthtwin.api.parameters import require_known_parameters, struct_of
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.api.vitals import subjects_of
from healthtwin.domain.errors import Conflict
from healthtwin.intake.outcome import RowOutcome
from healthtwin.intake.signals import MotionWindow, PpgWindow, SoundWindow, measured

if TYPE_CHECKING:
    from healthtwin.access.grants import Grant
    from healthtwin.api.identity import Identity
    from healthtwin.house import House
    from healthtwin.intake.signals import Measured, Window
    from healthtwin.intake.vitals import Subjects

AT_ONCE: Final = 2
"""Windows measured at a time: the rest of the machine belongs to readings and pages."""

WINDOWS_PER_S: Final = 1.0
BURST_WINDOWS: Final = 120
"""A day's measurements of an offline phone, one every quarter of an hour, and some to spare."""


class RefusedMetric(msgspec.Struct, frozen=True):
    """Why a metric was not measured: a stable code, English words, and the numbers in them by name."""

    code: str
    words: str
    facts: dict[str, float]


class SignalAnswer(msgspec.Struct, frozen=True):
    """What a window gave.

    Attributes:
        measurement: every metric by name (null where refused), what anybody needs to check it, quality.
        refusals: by metric.
        stored: what stands in the log now, by metric, in the metric's unit.
        outcome: ``accepted``, ``duplicate`` (it stood there before) or ``nothing_measured``.
    """

    measurement: dict[str, Any]
    refusals: dict[str, RefusedMetric]
    stored: dict[str, float]
    outcome: str


class SignalDesk:
    """Takes a window in, measures it beside the event loop, and stores the reading.

    Args:
        house: where readings go.
        identity: who may send them.
    """

    def __init__(self, house: House, identity: Identity) -> None:
        self._house = house
        self._identity = identity
        self._rate = RateLimiter(WINDOWS_PER_S, BURST_WINDOWS, "signal windows")
        self._workers: CapacityLimiter | None = None

    async def answer(self, request: Request, kind: type[Window]) -> Response:
        """Answer one request whose body is a window of this kind."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(self._identity.grant_of, request)
        grant.require_write()
        self._rate.take(grant.actor, 1, time.monotonic())
        body = await read_body(request.headers, request.receive)
        require_json(request.headers)
        subjects = subjects_of(self._house, grant)
        if self._workers is None:
            self._workers = CapacityLimiter(AT_ONCE)
        work = partial(_read_and_measure, body, kind, self._house.now_ms(), subjects)
        found = await anyio.to_thread.run_sync(work, limiter=self._workers)
        return json_of(_answer_of(found, await self._store(grant, found)))

    async def _store(self, grant: Grant, found: Measured) -> str:
        if found.row is None:
            return "nothing_measured"
        (outcome,) = await self._house.intake.ingest(grant, [found.row])
        if outcome is RowOutcome.CONFLICT:
            raise Conflict(
                f"sequence {found.row.sequence} was used for another reading; what is stored stays"
            )
        return "accepted" if outcome is RowOutcome.NEW else "duplicate"


def _read_and_measure(body: bytes, kind: type[Window], now_ms: int, subjects: Subjects) -> Measured:
    window: Window = struct_of(body, kind)
    return measured(window, now_ms, subjects)


def _answer_of(found: Measured, outcome: str) -> SignalAnswer:
    return SignalAnswer(
        found.measurement.as_json(),
        {
            metric: RefusedMetric(refusal.code, refusal.words, dict(refusal.facts))
            for metric, refusal in found.refusals.items()
        },
        dict(found.values),
        outcome,
    )


def signal_routes(house: House, identity: Identity) -> APIRouter:
    """One route for each sensor. No raw window is kept."""
    router = APIRouter(
        prefix="/api/signals", tags=["readings"], dependencies=[Depends(identity.authenticate)]
    )
    desk = SignalDesk(house, identity)
    described = answers(SignalAnswer, 403, 409, 413, 415, 429)

    @router.post(
        "/ppg", responses=described, openapi_extra=takes(PpgWindow), summary="A finger on the camera"
    )
    async def ppg(request: Request) -> Response:
        """Heart rate, its variability and breathing from the mean colours of camera frames."""
        return await desk.answer(request, PpgWindow)

    @router.post(
        "/motion", responses=described, openapi_extra=takes(MotionWindow), summary="A phone's motion"
    )
    async def motion(request: Request) -> Response:
        """Breathing, tremor, balance, gait or activity from acceleration and rotation."""
        return await desk.answer(request, MotionWindow)

    @router.post("/audio", responses=described, openapi_extra=takes(SoundWindow), summary="A sound")
    async def audio(request: Request) -> Response:
        """Coughs, breath and voice: features, no diagnoses; the sound itself is never kept."""
        return await desk.answer(request, SoundWindow)

    return router
