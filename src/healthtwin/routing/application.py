"""Declarations as one ASGI application, behind the host gate and the security headers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.routing import Route, Router, WebSocketRoute

from healthtwin.domain.errors import NotFound
from healthtwin.routing.declaration import SOCKET, Declaration, WronglyDeclared
from healthtwin.routing.endpoint import Endpoint, SocketEndpoint
from healthtwin.routing.hosts import HostGate
from healthtwin.routing.problems import plain_problem, refuse
from healthtwin.routing.security_headers import SecurityHeaders
from healthtwin.words import language_for, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from healthtwin.domain.errors import HealthTwinError

SCOPES: Final = frozenset({"http", "websocket", "lifespan"})


class Application:
    """Everything that is declared, and nothing else.

    Args:
        declarations: in the order in which paths are tried.
        provided: what handlers may ask for by name.
        allowed_hosts: as of `HostGate`.
        secure: as of `SecurityHeaders`.
        missing: a page for who opened in a browser what is not served; None: it gets a problem.

    Attributes:
        declarations: as given.

    Raises:
        WronglyDeclared: two declarations for one method and path, or a handler asks for what is not provided.
    """

    def __init__(
        self,
        declarations: Iterable[Declaration],
        provided: Mapping[str, object],
        *,
        allowed_hosts: Collection[str],
        secure: bool,
        missing: Callable[[Request, HealthTwinError], Response | None] = lambda _request, _error: None,
    ) -> None:
        self._missing = missing
        self.declarations = tuple(declarations)
        self._bare: dict[tuple[str, str], ASGIApp] = {}
        methods: dict[str, dict[str, ASGIApp]] = {}
        routes: list[Route | WebSocketRoute] = []
        for declared in self.declarations:
            declared.require_provided(provided)
            if declared.method == SOCKET:
                routes.append(WebSocketRoute(declared.path, SocketEndpoint(declared, provided)))
                continue
            if declared.path not in methods:
                methods[declared.path] = {}
                routes.append(Route(declared.path, _OnePath(methods[declared.path])))
            if declared.method in methods[declared.path]:
                raise WronglyDeclared(f"{declared.method} {declared.path}: declared twice")
            if declared.bare:
                made = declared.handler(**{name: provided[name] for name in declared.arguments})
                self._bare[declared.method, declared.path] = made
            else:
                made = Endpoint(declared, provided)
            methods[declared.path][declared.method] = made
        self._router = Router(routes, redirect_slashes=False, default=self._no_such_path)
        self._app = SecurityHeaders(HostGate(self._find, allowed_hosts), secure=secure)

    @property
    def has_sockets(self) -> bool:
        """Whether a server must speak the WebSocket protocol."""
        return any(declared.method == SOCKET for declared in self.declarations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in SCOPES:
            raise WronglyDeclared(f"nothing is declared for connections of type {scope['type']!r}")
        await self._app(scope, receive, send)

    async def _find(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The search for a route costs about as much as storing a reading, so what is bare goes round it.
        found = self._bare.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is not None:
            await found(scope, receive, send)
            return
        with speaking(_language_of(scope)):
            await self._router(scope, receive, send)

    async def _no_such_path(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await refuse(NotFound("no socket is served here"), scope, receive, send)
            return
        detail = f"nothing is served at {scope['path'][:80]!r}; what is, stands in /openapi.json"
        page = self._missing(Request(scope), NotFound(detail))
        await (page or plain_problem(HTTPStatus.NOT_FOUND, detail))(scope, receive, send)


class _OnePath:
    """Everything that one path answers to, by method."""

    def __init__(self, methods: Mapping[str, ASGIApp]) -> None:
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._methods.get(scope["method"])
        if app is None:
            allowed = ", ".join(sorted(self._methods))
            status = HTTPStatus.METHOD_NOT_ALLOWED
            detail = f"{scope['method'][:20]} is not answered here; allowed: {allowed}"
            app = plain_problem(status, detail, {"Allow": allowed})
        await app(scope, receive, send)


def _language_of(scope: Scope) -> str | None:
    """The language that who asks would rather read; None where they say nothing, and for a lifespan."""
    for name, value in scope.get("headers", ()):
        if name == b"accept-language":
            return language_for(value.decode("latin-1"))
    return None
