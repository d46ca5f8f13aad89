"""Every error as `application/problem+json` (RFC 9457): what was wrong, and what would be right."""

from __future__ import annotations

import logging
import math
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import Response
from starlette.websockets import WebSocket

from healthtwin.domain.errors import (
    Conflict,
    CorruptStorage,
    Forbidden,
    Gone,
    HealthTwinError,
    InvalidInput,
    MalformedInput,
    MissingFactor,
    NotFound,
    RateLimited,
    SeenLess,
    StepUp,
    StorageBusy,
    StorageError,
    StorageFull,
    TooLarge,
    Unauthenticated,
    Unrecorded,
    Withheld,
)
from healthtwin.domain.plain_log import Logged
from healthtwin.intake import RefusedRow, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

log = logging.getLogger("healthtwin.api")

MEDIA_TYPE: Final = "application/problem+json"

SOCKET_CODES: Final = 4_000
"""Close codes from here on are an application's own (RFC 6455, 7.4.2)."""

BUSY_RETRY_S: Final = 2
"""How long a sender should wait when the store is locked: longer than any of our own transactions."""


class UnsupportedMedia(InvalidInput):
    """The body is labelled as something that this route does not read."""


class TooSlow(InvalidInput):
    """The body did not come in the time that there is for it."""


class Misdirected(InvalidInput):
    """The request names a host that this server does not answer for."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every error.

    Attributes:
        type: stable name of the kind of error, a URN.
        title: the kind in words; status: the HTTP status.
        detail: this occurrence in words.
        field, value, allowed: which field, what stood there (shortened), what would have been right.
        refused: the rows that were refused, when there were rows.
        withheld: the kinds of data that the person keeps back from who asks.
        needs, clock_ms: of a sign-in whose password is right: what it lacks, and by how much the clock of who
            signs in is ahead, where that is why. step_up: first prove anew who you are.
        alert, new: of a decision on less than what stands: the alert as it is now, and what was not seen.
    """

    type: str
    title: str
    status: int
    detail: str
    field: str | msgspec.UnsetType = msgspec.UNSET
    value: str | int | float | bool | msgspec.UnsetType | None = msgspec.UNSET
    allowed: str | msgspec.UnsetType = msgspec.UNSET
    refused: list[RefusedRow] | msgspec.UnsetType = msgspec.UNSET
    withheld: list[str] | msgspec.UnsetType = msgspec.UNSET
    needs: str | msgspec.UnsetType = msgspec.UNSET
    clock_ms: int | msgspec.UnsetType = msgspec.UNSET
    step_up: bool | msgspec.UnsetType = msgspec.UNSET
    alert: Any = msgspec.UNSET
    new: Any = msgspec.UNSET


_KINDS: Final[tuple[tuple[type[HealthTwinError], HTTPStatus, str, str], ...]] = (
    # The first that fits counts, so a kind stands before the one it is a special case of.
    (MalformedInput, HTTPStatus.BAD_REQUEST, "malformed-input", "The input cannot be read"),
    (UnsupportedMedia, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media", "Not a format read here"),
    (TooSlow, HTTPStatus.REQUEST_TIMEOUT, "too-slow", "The body took too long"),
    (Misdirected, HTTPStatus.MISDIRECTED_REQUEST, "misdirected", "Not a host served here"),
    (InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-input", "A value cannot be right"),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "Too much at once"),
    (Gone, HTTPStatus.GONE, "gone", "Erased"),
    (NotFound, HTTPStatus.NOT_FOUND, "not-found", "Not found"),
    (Conflict, HTTPStatus.CONFLICT, "conflict", "Contradicts what is stored"),
    (Unauthenticated, HTTPStatus.UNAUTHORIZED, "unauthenticated", "Not signed in"),
    (Forbidden, HTTPStatus.FORBIDDEN, "forbidden", "Not allowed"),
    (RateLimited, HTTPStatus.TOO_MANY_REQUESTS, "rate-limited", "Too much in too short a time"),
    (Unrecorded, HTTPStatus.SERVICE_UNAVAILABLE, "unrecorded", "Nobody could say later who looked"),
    (StorageFull, HTTPStatus.INSUFFICIENT_STORAGE, "storage-full", "The disk is full"),
    (StorageBusy, HTTPStatus.SERVICE_UNAVAILABLE, "storage-busy", "The store is busy"),
    (CorruptStorage, HTTPStatus.INTERNAL_SERVER_ERROR, "corrupt-storage", "The store is damaged"),
    (StorageError, HTTPStatus.SERVICE_UNAVAILABLE, "storage", "The store is in trouble"),
    (HealthTwinError, HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Something went wrong here"),
)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as an HTTP answer."""
    keep = {"Cache-Control": "no-store", **(headers or {})}
    return Response(msgspec.json.encode(problem), problem.status, keep, MEDIA_TYPE)


def response_of(error: HealthTwinError, refused: list[RefusedRow] | None = None) -> Response:
    """The answer that an error deserves.

    Errors of the store are logged, since they are the operator's to mend; the sender learns no path and no
    statement of it.
    """
    status, name, title = next((s, n, t) for kind, s, n, t in _KINDS if isinstance(error, kind))
    if isinstance(error, StorageError):
        log.error("%s: %s", Logged(name), error)
    ours = is_ours(error)
    problem = Problem(
        f"urn:healthtwin:problem:{name}",
        title,
        int(status),
        f"{title}; nothing was kept" if ours else str(error).encode(errors="replace").decode(),
        refused=msgspec.UNSET if refused is None else refused,
    )
    if isinstance(error, MissingFactor):
        clock_ms = msgspec.UNSET if error.clock_ms is None else error.clock_ms
        problem = msgspec.structs.replace(problem, needs=error.needs, clock_ms=clock_ms)
    if isinstance(error, StepUp):
        problem = msgspec.structs.replace(problem, step_up=True)
    if isinstance(error, SeenLess):
        problem = msgspec.structs.replace(problem, alert=error.alert, new=list(error.new))
    if isinstance(error, Withheld):
        problem = msgspec.structs.replace(problem, withheld=[error.kind])
    if isinstance(error, InvalidInput):
        field, value, allowed = str(shown(error.field)), shown(error.value), error.allowed
        problem = msgspec.structs.replace(problem, field=field, value=value, allowed=allowed)
    elif refused:
        field, value, allowed = refused[0].field, refused[0].value, refused[0].allowed
        problem = msgspec.structs.replace(problem, field=field, value=value, allowed=allowed)
    return problem_response(problem, _headers_of(error))


def is_ours(error: HealthTwinError) -> bool:
    """Whether it is a failure of this house, whose message is for its operator alone: it may name files."""
    return isinstance(error, StorageError) or status_of(type(error)) is HTTPStatus.INTERNAL_SERVER_ERROR


def name_of(error: HealthTwinError) -> str:
    """The kind of an error, as the URN of its problem ends."""
    return next(name for kind, _, name, _ in _KINDS if isinstance(error, kind))


def _headers_of(error: HealthTwinError) -> dict[str, str]:
    if isinstance(error, RateLimited):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after_s)))}
    if isinstance(error, (StorageBusy, Unrecorded)):
        return {"Retry-After": str(BUSY_RETRY_S)}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="healthtwin"'}
    return {}


def status_of(kind: type[HealthTwinError]) -> HTTPStatus:
    """The status that errors of this kind are answered with."""
    return next(status for each, status, _, _ in _KINDS if issubclass(kind, each))


def plain_problem(status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A problem of HTTP itself: a path or method that is not served."""
    return problem_response(Problem("about:blank", status.phrase, int(status), detail), headers)


async def refuse(error: HealthTwinError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer an error: with a problem, or, for a socket, by not opening it.

    Where the server can, a socket's refusal is a problem too; else it is the close code 4000 + the status.
    """
    if scope["type"] != "websocket":
        await response_of(error)(scope, receive, send)
    elif "websocket.http.response" in scope.get("extensions", {}):
        await WebSocket(scope, receive, send).send_denial_response(response_of(error))
    else:
        await send({"type": "websocket.close", "code": SOCKET_CODES + status_of(type(error)), "reason": ""})
