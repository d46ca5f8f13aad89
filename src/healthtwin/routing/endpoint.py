"""A declaration at work: who asks is judged, then what came is read, then the handler answers."""

from __future__ import annotations

import inspect
import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketState

from healthtwin.access import Need, Relation, Scope, Verdict
from healthtwin.domain.errors import Forbidden, HealthTwinError, NotFound, Unauthenticated
from healthtwin.domain.plain_log import where_it_failed
from healthtwin.routing.ask import Ask
from healthtwin.routing.body import ClientGone
from healthtwin.routing.problems import refuse
from healthtwin.routing.reading import body_of, bytes_of, query_of
from healthtwin.words import OTHER, SELF, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from starlette.types import Receive, Send
    from starlette.types import Scope as AsgiScope

    from healthtwin.access import Grant
    from healthtwin.routing.declaration import About, Declaration

log = logging.getLogger("healthtwin.api")

STREAMED = "text/event-stream"
"""An answer of this type goes on: that it ended stands in the audit, too."""

INTERNAL_ERROR = 1011
"""Close code of a socket whose handler failed (RFC 6455, 7.4.1)."""


@runtime_checkable
class KnowsTheErased(Protocol):
    """What a house says about those who were erased."""

    def was_erased(self, name: str) -> bool:
        """Whether this is the id of somebody who was erased."""

    def is_of_the_erased(self, secret: str) -> bool:
        """Whether this let somebody in to one of them alone."""


class _Gate:
    """Judges who asks, and finds what a handler asks for."""

    def __init__(self, declaration: Declaration, provided: Mapping[str, object]) -> None:
        self._declaration = declaration
        self._authenticator: Any = provided.get("authenticator")  # `Application` sees to it where it is asked
        self._provided = provided
        self._wanted = frozenset(declaration.arguments)
        self._witness: Any = provided.get("witness")  # absent where there is no house to show anything of

    def admit(self, request: HTTPConnection) -> tuple[Ask, dict[str, Any]]:
        """Judge a request by its head alone; gives what the handler asks for so far. It may block.

        Raises:
            Unauthenticated, Forbidden, NotFound: it is not let in.
            InvalidInput: a parameter of the query.
        """
        declaration, ask = self._declaration, Ask(request, self._authenticator)
        request.state.ask = ask
        given: dict[str, Any] = {**self._provided, **request.path_params, "ask": ask}
        if declaration.need is not Need.NOBODY:
            try:
                ask.reader = _reader_of(ask.grant)
                self._require(ask, request.path_params, given)
                # Who treats everybody has a tie to any id.
                if ask.grant.people is None and self._is_erased(request):
                    raise NotFound("no such person")
            except (Unauthenticated, Forbidden) as refused:
                if self._is_about_the_erased(ask, request, refused):
                    raise NotFound("no such person") from refused
                raise
            if declaration.fresh:
                ask.authenticator.require_fresh(ask.grant)
            if self._witness is not None:
                self._witness.ready(declaration)
        if declaration.query is not None:
            given["query"] = query_of(request, declaration.query)
        return ask, given

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Of all that is given, what the handler asks for."""
        return {name: value for name, value in given.items() if name in self._wanted}

    def _require(self, ask: Ask, path: Mapping[str, str], given: dict[str, Any]) -> None:
        """Ask the policy, once; what it said stands on the request from here on."""
        declaration = self._declaration
        about, person, unknown = declaration.about, path.get("person_id"), "no such person"
        if about is not None:
            unknown = about.unknown
            with speaking(reader=ask.reader):
                found = self._found(about, path, seen=not ask.grant.sees_nobody)
            person = None if found is None else found.person
            given[about.name] = found
        decision = ask.judge(declaration.need, declaration.kind, person)
        if about is not None and decision.verdict is Verdict.WITHHELD:
            raise NotFound(unknown)  # that there is such a thing is part of what is kept back
        decision.require(unknown)
        if decision.relation is not Relation.NONE:
            ask.reader = SELF if decision.relation is Relation.SELF else OTHER

    def _is_erased(self, request: HTTPConnection) -> bool:
        """Whether whom the path names was erased."""
        person, house = request.path_params.get("person_id"), self._provided.get("house")
        return person is not None and isinstance(house, KnowsTheErased) and house.was_erased(person)

    def _is_about_the_erased(self, ask: Ask, request: HTTPConnection, refused: HealthTwinError) -> bool:
        """Whether what was refused is about somebody who was erased, and the asker may know that much.

        Who shows what let them in before, and whoever else is somebody here, hears that there is nobody, and
        not that a token is unknown or how a relation comes about; to anybody else nothing is said.
        """
        if not self._is_erased(request):
            return False
        if isinstance(refused, Forbidden):
            return True
        house, secret = self._provided.get("house"), ask.authenticator.secret_of(request)
        return isinstance(house, KnowsTheErased) and secret is not None and house.is_of_the_erased(secret)

    def _found(self, about: About, path: Mapping[str, str], *, seen: bool) -> Any:  # noqa: ANN401 - any thing
        """The thing that a path names; not even looked for on behalf of who sees nobody anyway."""
        if not seen:
            return None
        try:
            return about.find(self._provided["house"], path[about.parameter])
        except NotFound as error:
            raise NotFound(about.unknown) from error


def _reader_of(grant: Grant) -> str:
    """Whether who asks is the person spoken of (their phone or device) or somebody who looks after them.

    Of an answer about nobody in particular; else the relation says it.
    """
    return SELF if grant.scope in {Scope.PERSON, Scope.DEVICE} else OTHER


class Endpoint(_Gate):
    """Answers the requests of one declaration.

    Args:
        declaration: what it does.
        provided: what handlers may ask for by name; `authenticator` among it, and `house` where it is needed.
    """

    def __init__(self, declaration: Declaration, provided: Mapping[str, object]) -> None:
        super().__init__(declaration, provided)
        self._route = declaration
        self._awaited = inspect.iscoroutinefunction(declaration.handler)

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive, send)
        try:
            response = await self._witnessed(request)
        except ClientGone:
            return
        except HealthTwinError as error:
            response = self._route.failed(request, error)
        if self._witness is None or response.media_type != STREAMED:
            await response(scope, receive, send)
            return
        with self._witness.until_it_ends(self._route, request):
            await response(scope, receive, send)

    async def _witnessed(self, request: Request) -> Response:
        """The answer, once it stands in the audit that it was given."""
        if self._witness is None:
            return await self._answer(request)
        try:
            response = await self._answer(request)
        except Exception as error:
            self._witness.refused(self._route, request, error)
            raise
        await self._witness.answered(self._route, request)
        return response

    async def _answer(self, request: Request) -> Response:
        route = self._route
        if route.body is None and not self._awaited:
            return await run_in_threadpool(self._at_once, request)
        ask, given = await run_in_threadpool(self.admit, request)
        if route.unread:
            given["body"] = await bytes_of(request, route.body_limit)
        elif route.body is not None:
            given["body"] = await body_of(
                request, route.body, optional=route.body_optional, limit=route.body_limit
            )
        if not self._awaited:
            return await run_in_threadpool(self._handled, ask, given)
        with speaking(reader=ask.reader):
            return self._encoded(ask, await route.handler(**self.arguments(given)))

    def _at_once(self, request: Request) -> Response:
        return self._handled(*self.admit(request))

    def _handled(self, ask: Ask, given: Mapping[str, Any]) -> Response:
        with speaking(reader=ask.reader):
            return self._encoded(ask, self._route.handler(**self.arguments(given)))

    def _encoded(self, ask: Ask, answer: object) -> Response:
        if isinstance(answer, Response):
            response = answer
        elif self._route.answer is None:
            response = Response(status_code=self._route.status)
        else:
            content = answer if isinstance(answer, str) else msgspec.json.encode(answer)
            headers = {"Content-Type": self._route.media}
            response = Response(content, self._route.status, headers)
        for step in ask.finishing:
            step(response)
        return response


class SocketEndpoint(_Gate):
    """Opens the sockets of one declaration; arguments as of `Endpoint`."""

    def __init__(self, declaration: Declaration, provided: Mapping[str, object]) -> None:
        super().__init__(declaration, provided)
        self._handler = declaration.handler

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Serve one socket."""
        request = HTTPConnection(scope)
        try:
            _, given = await run_in_threadpool(self.admit, request)
            if self._witness is not None:
                await self._witness.answered(self._declaration, request)
        except HealthTwinError as error:
            if self._witness is not None:
                self._witness.refused(self._declaration, request, error)
            await refuse(error, scope, receive, send)
            return
        given["socket"] = socket = WebSocket(scope, receive, send)
        try:
            with self._noted_until_it_ends(request):
                await self._handler(**self.arguments(given))
        except Exception as error:  # noqa: BLE001 - whatever it was, its message may hold readings
            log.error("a socket failed: %s", where_it_failed(error))  # noqa: TRY400 - see where_it_failed
            if socket.application_state is not WebSocketState.DISCONNECTED:
                await socket.close(INTERNAL_ERROR)

    def _noted_until_it_ends(self, request: HTTPConnection) -> AbstractContextManager[None]:
        if self._witness is None:
            return nullcontext()
        ends: AbstractContextManager[None] = self._witness.until_it_ends(self._declaration, request)
        return ends
