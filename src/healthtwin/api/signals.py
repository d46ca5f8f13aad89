"""`POST /api/signals/…`: raw windows in, readings or the reason why there are none out."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
import msgspec
from anyio import CapacityLimiter

from healthtwin.access import RateLimiter
from healthtwin.api.vitals import subjects_of
from healthtwin.domain.errors import Conflict, RateLimited
from healthtwin.intake import MAX_BODY_BYTES, MotionWindow, PpgWindow, RowOutcome, SoundWindow, measured
from healthtwin.routing import Need, Routes
from healthtwin.routing.reading import struct_of
from healthtwin.words import say

if TYPE_CHECKING:
    from healthtwin.access import Grant
    from healthtwin.house import House
    from healthtwin.intake import Measured, Subjects, Window
    from healthtwin.routing import Ask

AT_ONCE: Final = 2
"""Windows measured at a time: the rest of the machine belongs to readings and pages."""

WINDOWS_PER_S: Final = 1.0
BURST_WINDOWS: Final = 120
"""A day's measurements of an offline phone, one every quarter of an hour, and some to spare."""


class RefusedMetric(msgspec.Struct, frozen=True):
    """Why a metric was not measured: a stable code, a sentence, and the numbers in it by name.

    Attributes:
        words: in the language of who asked.
    """

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
    """Measures a window beside the event loop, and stores the reading.

    Args:
        house: where readings go.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._rate = RateLimiter(WINDOWS_PER_S, BURST_WINDOWS, "signal windows")
        self._workers: CapacityLimiter | None = None

    async def answer(self, grant: Grant, body: bytes, kind: type[Window]) -> SignalAnswer:
        """Answer one request whose body is a window of this kind.

        Raises:
            RateLimited: too many windows of one sender.
            MalformedInput, InvalidInput: the body. Conflict: its sequence was used for another reading.
        """
        self._rate.take(grant.actor, 1, time.monotonic())
        subjects = subjects_of(self._house, grant)
        if self._workers is None:
            self._workers = CapacityLimiter(AT_ONCE)
        work = partial(_read_and_measure, body, kind, self._house.now_ms(), subjects)
        found = await anyio.to_thread.run_sync(work, limiter=self._workers)
        return _answer_of(found, await self._store(grant, found))

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
        found.measurement.as_json(say),
        {
            metric: RefusedMetric(refusal.code, say(refusal.said), refusal.facts)
            for metric, refusal in found.refusals.items()
        },
        dict(found.values),
        outcome,
    )


routes = Routes("/api/signals", tag="readings")
"""One for each sensor. A body is read where it is measured, as that takes as long. No raw window is kept."""

WINDOW: Final[dict[str, Any]] = {
    "need": Need.SEND,
    "body_limit": MAX_BODY_BYTES,
    "errors": (Conflict, RateLimited),
}


@routes.post("/ppg", body=PpgWindow, summary="A finger on the camera", **WINDOW)
async def ppg(ask: Ask, signal_desk: SignalDesk, body: bytes) -> SignalAnswer:
    """Heart rate, its variability and breathing from the mean colours of camera frames."""
    return await signal_desk.answer(ask.grant, body, PpgWindow)


@routes.post("/motion", body=MotionWindow, summary="A phone's motion", **WINDOW)
async def motion(ask: Ask, signal_desk: SignalDesk, body: bytes) -> SignalAnswer:
    """Breathing, tremor, balance, gait or activity from acceleration and rotation."""
    return await signal_desk.answer(ask.grant, body, MotionWindow)


@routes.post("/audio", body=SoundWindow, summary="A sound", **WINDOW)
async def audio(ask: Ask, signal_desk: SignalDesk, body: bytes) -> SignalAnswer:
    """Coughs, breath and voice: features, no diagnoses; the sound itself is never kept."""
    return await signal_desk.answer(ask.grant, body, SoundWindow)
