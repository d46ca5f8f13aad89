"""`POST /api/vitals`: the route that a million phones call, so it goes round the framework's machinery."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response

from healthtwin.access import Need, decide, wall_ms
from healthtwin.api.vitals_description import vitals_operation
from healthtwin.domain.errors import (
    Conflict,
    Gone,
    HealthTwinError,
    InvalidInput,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthenticated,
)
from healthtwin.intake import Parsed, RefusedRow, RowOutcome, Subjects, decode_vitals
from healthtwin.routing import Routes
from healthtwin.routing.body import ClientGone, read_body, require_json
from healthtwin.routing.declaration import NoQuery
from healthtwin.routing.problems import UnsupportedMedia, response_of
from healthtwin.routing.reading import query_of
from healthtwin.routing.request_authenticator import bearer_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from healthtwin.access import Grant, RateLimiter
    from healthtwin.house import House
    from healthtwin.routing import RequestAuthenticator

LEAST_ROW: Final = 4
"""Braces for which at least one row is charged before a body is read: none has so many by itself."""

BESIDE_THE_LOOP_BYTES: Final = 16 * 1024
"""A body above this takes milliseconds to judge; a thread judges it, so that other phones need not wait."""

VITALS_PATH: Final = "/api/vitals"

ERASED: Final = "this person was erased; nothing about them is kept"

SEQUENCE_ALLOWED: Final = "a sequence number that this device has not used for another reading"


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a message: rows stored now, rows that were stored before, rows refused.

    Attributes:
        passed_over: values of rows that were taken which say that a device had no value; left out if none.
    """

    accepted: int
    duplicates: int
    refused: list[RefusedRow]
    passed_over: list[RefusedRow] = []


routes = Routes(tag="readings")


@routes.post(
    VITALS_PATH,
    need=Need.SEND,
    bare=True,
    answer=Receipt,
    errors=(Conflict, Gone, RateLimited, TooLarge, UnsupportedMedia),
    summary="Send readings",
    operation=vitals_operation,
)
def send_vitals(house: House, authenticator: RequestAuthenticator, row_limits: RateLimiter) -> VitalsEndpoint:
    """One reading or many."""
    return VitalsEndpoint(house, authenticator, row_limits)


class VitalsEndpoint:
    """The route as a bare ASGI application.

    Args:
        house: where readings go.
        authenticator: who may send them.
        limiter: how many a token may send.
    """

    def __init__(self, house: House, authenticator: RequestAuthenticator, limiter: RateLimiter) -> None:
        self._house = house
        self._authenticator = authenticator
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            response = await self._answer(Headers(scope=scope), scope, receive)
        except HealthTwinError as error:
            response = response_of(await self._told_of(error, Headers(scope=scope), scope))
        except ClientGone:
            return
        await response(scope, receive, send)

    async def _answer(self, headers: Headers, scope: Scope, receive: Receive) -> Response:
        grant = self._grant(headers, scope)
        decide(grant, Need.SEND, None, None, None, wall_ms()).require()
        require_json(headers)
        if scope["query_string"]:
            from starlette.requests import Request

            query_of(Request(scope), NoQuery)
        body = await read_body(headers, receive)
        subjects = subjects_of(self._house, grant)
        now_ms = self._house.now_ms()
        # Whoever goes on at their limit shall not keep us reading. Each valid row says when it was taken, and
        # what is no row at all is not for nothing either.
        rows = max(body.count(b'"timestamp"'), body.count(b"{") // LEAST_ROW, 1)
        self._limiter.require(grant.actor, rows, time.monotonic())
        if len(body) > BESIDE_THE_LOOP_BYTES:
            parsed = await asyncio.to_thread(decode_vitals, body, now_ms, subjects)
        else:
            parsed = decode_vitals(body, now_ms, subjects)
        self._limiter.take(grant.actor, parsed.count, time.monotonic())
        outcomes = await self._house.intake.ingest(grant, parsed.rows) if parsed.rows else []
        if parsed.ahead_ms:
            self._house.intake.refuse_ahead(grant, parsed.ahead_ms)
        return _answer_for(parsed, outcomes)

    async def _told_of(self, error: HealthTwinError, headers: Headers, scope: Scope) -> HealthTwinError:
        """An error as the sender shall hear it: one whose person was erased need not try again for ever."""
        if isinstance(error, Unauthenticated):
            secret = self._secret(headers, scope)
            if secret is not None and await asyncio.to_thread(self._house.is_of_the_erased, secret):
                return Gone(ERASED)
        elif isinstance(error, NotFound):  # they were there when the message was judged
            return Gone(ERASED)
        return error

    def _secret(self, headers: Headers, scope: Scope) -> str | None:
        """What a request would have been let in by; None where it brought nothing that could be it."""
        from starlette.requests import Request

        try:
            bearer = bearer_of(headers)
        except Unauthenticated:
            return None
        return bearer or Request(scope).cookies.get(self._authenticator.cookie)

    def _grant(self, headers: Headers, scope: Scope) -> Grant:
        bearer = bearer_of(headers)
        if bearer is not None:
            return self._authenticator.access.grant_of_token(bearer)
        from starlette.requests import Request

        return self._authenticator.grant_of(Request(scope))


def subjects_of(house: House, grant: Grant) -> Subjects:
    """Whose readings an asker may send, and whose they are when a message does not say."""
    default = next(iter(grant.people)) if grant.people is not None and len(grant.people) == 1 else None

    def born(person_id: str) -> int | None:
        facts = house.people.facts(person_id) if grant.sends_for(person_id) else None
        if facts is None:
            if grant.covers(person_id) and house.was_erased(person_id):
                raise Gone(ERASED)
            raise KeyError(person_id)
        return facts.birth_year

    return Subjects(default, born)


def _answer_for(parsed: Parsed, outcomes: list[RowOutcome]) -> Response:
    refused = list(parsed.refused)
    conflicts = 0
    for row, outcome in zip(parsed.rows, outcomes, strict=True):
        if outcome is RowOutcome.CONFLICT:
            conflicts += 1
            refused.append(RefusedRow(row.index, "sequence", row.sequence, SEQUENCE_ALLOWED))
    passed_over = [value for row in parsed.rows for value in row.passed_over]
    accepted = outcomes.count(RowOutcome.NEW)
    duplicates = outcomes.count(RowOutcome.DUPLICATE)
    refused.sort(key=lambda refusal: refusal.index)
    if accepted or duplicates:
        return Response(
            msgspec.json.encode(Receipt(accepted, duplicates, refused, passed_over)),
            media_type="application/json",
        )
    first = refused[0]
    if conflicts == len(refused):
        return response_of(
            Conflict(f"sequence {first.value} was used for another reading; what is stored stays"), refused
        )
    place = None if parsed.single else first.index
    return response_of(InvalidInput(first.field, first.value, first.allowed, place), refused)
