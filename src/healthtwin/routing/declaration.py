"""A route is a declaration: who may call it, what it takes, what it answers, and the function that does it.

::

    routes = Routes("/api/people/{person_id}", tag="genes")


    @routes.put("/medicines", need=Need.STATE, kind=Kind.GENES, summary="State what they take now")
    def set_medicines(ask: Ask, house: House, person_id: str, body: CurrentMedicines) -> MedicinesView:
        return house.medicines.set_medicines(ask.grant, person_id, body.medicines)

Everything else follows: who asks is found and judged before anything is read, `query` and `body` are read as
strictly as a reading, as the types that the function says, a plain function runs in a thread of the pool (a
coroutine on the event loop), what it returns is encoded, errors are problems, and the description of the API
says all this.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_type_hints

import msgspec

from healthtwin.access import POLICY, Kind, Need, is_about_a_person
from healthtwin.routing.body import SMALL_BODY_BYTES
from healthtwin.routing.problems import response_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from healthtwin.domain.errors import HealthTwinError

Handler = TypeVar("Handler", bound="Callable[..., Any]")

SOCKET: Final = "WEBSOCKET"
"""Stands where a method stands, for what is no request and answer."""

_UNSAID: Final = object()

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
    """One method of one path, or a socket there.

    Attributes:
        method, path: as they stand in the request line, `{names}` in the path; for a socket `SOCKET`.
        need: what the policy is asked.
        kind: of data about a person, which their consent is asked for; None: about nobody in particular.
        handler: what answers: a function, a coroutine function, or, when `bare`, a function that makes an
            ASGI application, once. A socket's gets it before it is accepted.
        answer: type of a good answer, None for no content, `Response` when the handler makes its own.
        status: of a good answer.
        body: what it takes; None: nothing. A handler whose `body` is bytes reads it by itself.
        body_optional: an empty body says ``{}``. body_limit: in bytes.
        query: the parameters it takes; None: any, and reads none.
        fresh: it hands data on, so whoever asks by a session must have proven lately who they are.
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
    kind: Kind | None = None
    answer: Any = _UNSAID
    status: int = 200
    body: type[msgspec.Struct] | None = None
    body_optional: bool = False
    body_limit: int = SMALL_BODY_BYTES
    query: type[msgspec.Struct] | None = NoQuery
    fresh: bool = False
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
        where, names = f"{self.method} {self.path}", self.path_parameters
        if not isinstance(self.need, Need):
            raise WronglyDeclared(f"{where}: need is {self.need!r}; say one of {', '.join(Need)}")
        if self.need is not Need.NOBODY and self.need not in POLICY:
            raise WronglyDeclared(f"{where}: the policy has no line for {self.need}")
        if self.about is not None and self.about.parameter not in names:
            raise WronglyDeclared(f"{where}: its path does not name {{{self.about.parameter}}}")
        names_person = self.about is not None or "person_id" in names
        if is_about_a_person(self.need) and not names_person:
            raise WronglyDeclared(
                f"{where}: {self.need} is about a person; name {{person_id}} in the path, or say about="
            )
        if names_person and not is_about_a_person(self.need):
            raise WronglyDeclared(f"{where}: it is about a person, and {self.need} asks nothing about them")
        if is_about_a_person(self.need) and not isinstance(self.kind, Kind):
            raise WronglyDeclared(
                f"{where}: kind is {self.kind!r}; a route about a person says which kind of data, one of "
                + ", ".join(Kind)
            )
        if self.kind is not None and not is_about_a_person(self.need):
            raise WronglyDeclared(f"{where}: {self.need} is about nobody, so there is no kind of their data")
        if self.body is None and (self.body_optional or self.example is not None):
            raise WronglyDeclared(f"{where}: says how its body is read, and takes none")
        if self.answer is _UNSAID:
            raise WronglyDeclared(f"{where}: say what it answers; None: nothing")
        if self.method == SOCKET and not inspect.iscoroutinefunction(self.handler):
            raise WronglyDeclared(f"{where}: its handler is a coroutine function")

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names that the path leaves open."""
        return tuple(_IN_PATH.findall(self.path))

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of what the handler asks for."""
        return tuple(inspect.signature(self.handler).parameters)

    @property
    def unread(self) -> bool:
        """Whether the handler gets the bytes of the body."""
        return said_of(self.handler, "body") is bytes

    def require_provided(self, provided: Mapping[str, object]) -> None:
        """Refuse a handler that asks for something that nobody gives it.

        Raises:
            WronglyDeclared: naming the route and the argument.
        """
        found = () if self.about is None else (self.about.name,)
        given = {*OF_THE_REQUEST, *self.path_parameters, *found, *provided}
        for name in self.arguments:
            if name not in given:
                raise WronglyDeclared(f"{self.method} {self.path}: nobody gives its handler {name!r}")
        if self.need is not Need.NOBODY and "authenticator" not in provided:
            raise WronglyDeclared(f"{self.method} {self.path}: nobody could tell who asks")


def said_of(handler: Callable[..., Any], name: str) -> Any:  # noqa: ANN401 - any type at all
    """The type that a handler says of an argument, or of its `return`; `_UNSAID` where it says none.

    Only this one is looked up: what stands beside it may be imported for the type checker alone.
    """
    if name not in handler.__annotations__:
        return _UNSAID
    alone = SimpleNamespace(__annotations__={name: handler.__annotations__[name]})
    hint = get_type_hints(alone, handler.__globals__, include_extras=True)[name]
    return None if hint is type(None) else hint


@dataclass(slots=True)
class Routes:
    """The routes of one feature, below one path.

    What its functions take as `query` and `body`, and what they return, is read from their signatures; each
    method takes any other attribute of a `Declaration` by its name.

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

    def get(self, path: str, *, need: Need, **said: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401
        """Declare what a GET is answered with."""
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

    def websocket(self, path: str, *, need: Need, **said: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401
        """Declare a socket: host, origin, who asks and the need are judged before it opens."""
        return self._method(SOCKET, path, need, {"tag": None, **said})

    def _method(
        self, method: str, path: str, need: Need, said: dict[str, Any]
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            told = {"tag": self.tag, **said}
            for name, of in (("query", "query"), ("body", "body"), ("answer", "return")):
                if name not in told and (kind := said_of(handler, of)) is not _UNSAID:
                    told[name] = kind
            if told.get("answer", _UNSAID) is None:
                told.setdefault("status", 204)
            if not self.strict:
                told.setdefault("query", None)
            if self.failed is not None:
                told.setdefault("failed", self.failed)
            self.declared.append(Declaration(method, self.prefix + path, need, handler, **told))
            return handler

        return declare


def all_of(features: Sequence[Routes]) -> Iterator[Declaration]:
    """Everything that these features declare, in their order."""
    for feature in features:
        yield from feature.declared
