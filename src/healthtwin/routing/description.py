"""The OpenAPI description: it comes out of the declarations and of the structs that are encoded."""

from __future__ import annotations

import inspect
from collections import Counter
from http import HTTPStatus
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec
from starlette.responses import Response

from healthtwin.access import Need, is_about_a_person
from healthtwin.routing.declaration import WronglyDeclared
from healthtwin.routing.problems import MEDIA_TYPE, Problem, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from healthtwin.routing.declaration import Declaration

TEMPLATE: Final = "#/components/schemas/{name}"

ALWAYS: Final = (400, 401, 403, 421, 422, 500, 503, 507)
"""What any route may answer: a bad request line, no token, another host, a store in trouble."""

WITH_A_BODY: Final = (413, 415)
ABOUT_A_PERSON: Final = (404,)


class Description:
    """Collects the schemas that the description refers to.

    Attributes:
        schemas: by name, for the description's components.
    """

    def __init__(self) -> None:
        self.schemas: dict[str, Any] = {}

    def of(
        self, declarations: Iterable[Declaration], *, title: str, version: str, about: str
    ) -> dict[str, Any]:
        """The description of what is declared with a tag.

        Raises:
            WronglyDeclared: two handlers have one name.
        """
        paths: dict[str, dict[str, Any]] = {}
        described = [each for each in declarations if each.tag is not None]
        for name, times in Counter(each.handler.__name__ for each in described).items():
            if times > 1:
                raise WronglyDeclared(
                    f"{times} described handlers are called {name}; clients need one name each"
                )
        for each in described:
            paths.setdefault(each.path, {})[each.method.lower()] = self._operation(each)
        return {
            "openapi": "3.1.0",
            "info": {"title": title, "version": version, "description": about},
            "paths": paths,
            "components": {
                "schemas": dict(sorted(self.schemas.items())),
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
            "security": [{"token": []}],
        }

    def schema(self, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any type that msgspec can encode
        """The JSON schema of a type; its parts go to the components."""
        (schema,), components = msgspec.json.schema_components([kind], ref_template=TEMPLATE)
        for name, part in components.items():
            if self.schemas.setdefault(name, part) != part:
                raise WronglyDeclared(
                    f"{name}: two types that are not alike, of which one would describe both"
                )
        return schema

    def answers(self, route: Declaration) -> dict[str, Any]:
        """What a route may answer, by status."""
        codes = {*ALWAYS, *(status_of(error) for error in route.errors)}
        if route.body is not None:
            codes.update(WITH_A_BODY)
        if is_about_a_person(route.need):
            codes.update(ABOUT_A_PERSON)
        problem = {MEDIA_TYPE: {"schema": self.schema(Problem)}}
        answers: dict[str, Any] = {
            str(int(code)): {"description": HTTPStatus(code).phrase, "content": problem}
            for code in sorted(codes)
        }
        good: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
        if route.answer is not None and route.answer is not Response:
            kinds = get_args(route.answer) if isinstance(route.answer, UnionType) else (route.answer,)
            schemas = [self.schema(kind) for kind in kinds]
            schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
            good["content"] = {route.media.partition(";")[0]: {"schema": schema}}
        return {**answers, str(route.status): good}

    def _operation(self, route: Declaration) -> dict[str, Any]:
        operation: dict[str, Any] = {
            "tags": [route.tag],
            "summary": route.summary or route.handler.__name__.replace("_", " ").capitalize(),
            "description": inspect.getdoc(route.handler) or "",
            "operationId": route.handler.__name__,
            "parameters": [*self._path_parameters(route), *self._query_parameters(route)],
            "responses": self.answers(route),
        }
        if route.body is not None:
            content: dict[str, Any] = {"schema": self.schema(route.body)}
            if route.example is not None:
                content["example"] = route.example
            operation["requestBody"] = {
                "required": not route.body_optional,
                "content": {"application/json": content},
            }
        if route.need is Need.NOBODY:
            operation["security"] = [{}, {"token": []}]
        if route.operation is not None:
            operation |= route.operation(self)
        return operation

    def _path_parameters(self, route: Declaration) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in route.path_parameters
        ]

    def _query_parameters(self, route: Declaration) -> list[dict[str, Any]]:
        found = []
        for field in () if route.query is None else msgspec.structs.fields(route.query):
            schema = self.schema(field.type)
            choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
            if choices:  # absent is absent here, never null
                schema = choices[0] if len(choices) == 1 else {**schema, "anyOf": choices}
            found.append(
                {"name": field.encode_name, "in": "query", "required": field.required, "schema": schema}
            )
        return found
