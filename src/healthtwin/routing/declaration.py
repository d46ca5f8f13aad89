"""A route is a declaration: who may call it, what it takes, what it answers, and the function that does it.

::

    routes = Routes("/api/people/{person_id}", tag="genes")


    @routes.put("/medicines", need=Need.STATE, body=CurrentMedicines, answer=MedicinesView)
    def set_medicines(ask: Ask, house: House, person_id: str, body: CurrentMedicines) -> MedicinesView:
        return house.medicines.set_medicines(ask.grant, person_id, body.medicines)

Everything else follows from it: who asks is found and judged before anything is read, the query and the
body are read as strictly as a reading, a plain function runs in a thread of the pool (a coroutine on the
event loop), its answer is encoded, errors are problems, and the description of the API says all this.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
from starlette.responses import Response

from healthtwin.access import POLICY, Need, is_about_a_person
from healthtwin.routing.body import SMALL_BODY_BYTES
from healthtwin.routing.problems import response_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from starlette.requests import HTTPConnection

    from healthtwin.domain.errors import HealthTwinError

Handler = TypeVar("Handler", bound="Callable[..., Any]")

_IN_PATH: Final = re.compile(r"{(\w+)(?::\w+)?}")

OF_THE_REQUEST: Final = frozenset({"ask", "body", "query", "socket"})
"""Arguments that come from the request itself; the path gives its own, and the application the rest."""


class WronglyDeclared(TypeError):
    """A route that says too little or contradicts itself; it is never built."""


class NoQuery(msgspec.Struct, frozen=True):
    """No parameter at all."""


@dataclass(frozen=True, slots=True)
class About:
    """How a path tells whom it is about, where it does not name the person.

    Attributes:
        parameter: of the path, which holds the id of a thing.
        name: under which the handler gets the thing that was found.
        unknown: what is said of one that does not exist, and of a foreign one.
        find: (house, id) → the thing, which has a `person`.
    """

    parameter: str
    name: str
    unknown: str
    find: Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Declaration:
    """One method of one path.

    Attributes:
        method, path: as they stand in the request line, `{names}` in the path.
        need: what the policy is asked.
        handler: what answers: a function, a coroutine function, or, when `bare`, a function that makes an
            ASGI application, once.
        answer: type of a good answer, a tuple of types, None for no content, `Response` when the handler
            makes its own.
        status: of a good answer.
        body: what it takes; None: nothing. body_optional: an empty body says ``{}``. body_limit: in bytes.
        unread: the handler gets the bytes of the body and reads them itself.
        query: the parameters it takes; None: any, and reads none.
        errors: kinds of error that it answers with besides those that follow from all this.
        about: whom it is about, where the path does not say `{person_id}`.
        tag: heading in the description; None: it does not stand there.
        summary: the route in a few words. example: a body that is good.
        media: of an answer that is no JSON.
        failed: how an error is answered.
        bare: outside the usual machinery; it asks `need` by itself.
        operation: makes its part of the description (`Description` in), where that does not follow.
    """

    method: str
    path: str
    need: Need
    handler: Callable[..., Any]
    answer: Any = None
    status: int = 200
    body: type[msgspec.Struct] | None = None
    body_optional: bool = False
    body_limit: int = SMALL_BODY_BYTES
    unread: bool = False
    query: type[msgspec.Struct] | None = NoQuery
    errors: tuple[type[HealthTwinError], ...] = ()
    about: About | None = None
    tag: str | None = None
    summary: str = ""
    example: Mapping[str, Any] | None = None
    media: str = "application/json"
    failed: Callable[[HTTPConnection, HealthTwinError], Response] = lambda _request, error: response_of(error)
    bare: bool = False
    operation: Callable[[Any], dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        where = f"{self.method} {self.path}"
        require_need(self.need, self.path, self.about, where)
        if self.body is None and (self.body_optional or self.unread or self.example is not None):
            raise WronglyDeclared(f"{where}: says how its body is read, and takes none")

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names in the path, in its order."""
        return names_in(self.path)

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of what the handler asks for."""
        return tuple(inspect.signature(self.handler).parameters)


@dataclass(frozen=True, slots=True)
class SocketDeclaration:
    """A WebSocket; attributes as of `Declaration`. The handler gets it before it is accepted."""

    path: str
    need: Need
    handler: Callable[..., Any]
    query: type[msgspec.Struct] = NoQuery
    about: About | None = None

    def __post_init__(self) -> None:
        require_need(self.need, self.path, self.about, f"socket {self.path}")
        if not inspect.iscoroutinefunction(self.handler):
            raise WronglyDeclared(f"socket {self.path}: its handler is a coroutine function")

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names in the path, in its order."""
        return names_in(self.path)

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of what the handler asks for."""
        return tuple(inspect.signature(self.handler).parameters)


def names_in(path: str) -> tuple[str, ...]:
    """Names that a path leaves open.

    >>> names_in("/static/{fingerprint}/{path:path}")
    ('fingerprint', 'path')
    """
    return tuple(_IN_PATH.findall(path))


def require_need(need: object, path: str, about: About | None, where: str) -> None:
    """Refuse a route that does not say who may call it, or about whom.

    Raises:
        WronglyDeclared: naming the route.
    """
    if not isinstance(need, Need):
        raise WronglyDeclared(f"{where}: need is {need!r}; say one of {', '.join(Need)}")
    if need is not Need.NOBODY and need not in POLICY:
        raise WronglyDeclared(f"{where}: the policy has no line for {need}")
    names = names_in(path)
    names_person = about is not None or "person_id" in names
    if is_about_a_person(need) and not names_person:
        raise WronglyDeclared(
            f"{where}: {need} is about a person; name {{person_id}} in the path, or say about="
        )
    if names_person and not is_about_a_person(need):
        raise WronglyDeclared(f"{where}: it is about a person, and {need} asks nothing about them")
    if about is not None and about.parameter not in names:
        raise WronglyDeclared(f"{where}: it is about {{{about.parameter}}}, which its path does not name")


@dataclass(slots=True)
class Routes:
    """The routes of one feature, below one path.

    Args:
        prefix: of all their paths.
        tag: heading in the description; None: they do not stand there.
        strict: a parameter that no route reads is refused; pages do not mind it.
        failed: how errors are answered; None: as problems.
    """

    prefix: str = ""
    tag: str | None = None
    strict: bool = True
    failed: Callable[[HTTPConnection, HealthTwinError], Response] | None = None
    declared: list[Declaration] = field(default_factory=list)
    sockets: list[SocketDeclaration] = field(default_factory=list)

    def get(self, path: str, *, need: Need, **said: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401
        """Declare what a GET is answered with; `said`: other attributes of a `Declaration`."""
        return self._method("GET", path, need, said)

    def put(self, path: str, *, need: Need, **said: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401
        """Declare what a PUT does."""
        return self._method("PUT", path, need, said)

    def post(self, path: str, *, need: Need, **said: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401
        """Declare what a POST does."""
        return self._method("POST", path, need, said)

    def delete(self, path: str, *, need: Need, **said: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401
        """Declare what a DELETE does."""
        return self._method("DELETE", path, need, said)

    def bare(
        self,
        method: str,
        path: str,
        *,
        need: Need,
        **said: Any,  # noqa: ANN401
    ) -> Callable[[Handler], Handler]:
        """Declare a route outside the usual machinery: the handler makes an ASGI application, once.

        For a route that is called so often that the machinery would cost more than its work. It asks its need
        by itself (`healthtwin.access.policy.require`).
        """
        return self._method(method, path, need, {**said, "bare": True})

    def websocket(
        self, path: str, *, need: Need, query: type[msgspec.Struct] = NoQuery, about: About | None = None
    ) -> Callable[[Handler], Handler]:
        """Declare a socket: host, origin, who asks and the need are judged before it opens."""

        def declare(handler: Handler) -> Handler:
            self.sockets.append(SocketDeclaration(self.prefix + path, need, handler, query, about))
            return handler

        return declare

    def _method(
        self, method: str, path: str, need: Need, said: dict[str, Any]
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            told = {"tag": self.tag, **said}
            if "answer" not in told and not told.get("bare"):
                raise WronglyDeclared(f"{method} {self.prefix}{path}: say what it answers; None: nothing")
            if told.get("answer", Response) is None:
                told.setdefault("status", 204)
            if not self.strict:
                told.setdefault("query", None)
            if self.failed is not None:
                told.setdefault("failed", self.failed)
            self.declared.append(Declaration(method, self.prefix + path, need, handler, **told))
            return handler

        return declare


def all_of(features: Sequence[Routes]) -> Iterator[Declaration | SocketDeclaration]:
    """Everything that these features declare, in their order."""
    for feature in features:
        yield from feature.declared
        yield from feature.sockets


def require_provided(declaration: Declaration | SocketDeclaration, provided: Mapping[str, object]) -> None:
    """Refuse a handler that asks for something that nobody gives it.

    Raises:
        WronglyDeclared: naming the route and the argument.
    """
    about = () if declaration.about is None else (declaration.about.name,)
    given = OF_THE_REQUEST | set(declaration.path_parameters) | set(about) | set(provided)
    for name in declaration.arguments:
        if name not in given:
            raise WronglyDeclared(f"{declaration.path}: nobody gives its handler {name!r}")
