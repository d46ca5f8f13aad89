"""The OpenAPI description: request and answer schemas come from the same structs that are encoded."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from fastapi.openapi.utils import get_openapi

from healthtwin.api.problems import MEDIA_TYPE, Problem
from healthtwin.domain import ACTIVITY_WORDS, METRIC_BY_FIELD, Posture
from healthtwin.intake.vitals import (
    EITHER,
    HALF_EQUATOR_M,
    MAX_LABEL,
    MAX_ROWS,
    MAX_SEQUENCE,
    SMALLEST_EPOCH_MS,
    Refusal,
)

if TYPE_CHECKING:
    from fastapi import FastAPI

VITALS_PATH: Final = "/api/vitals"

ABOUT: Final = """A personal health twin: readings in, your own normal learned, trouble seen early.

Research and wellness software; not a medical device. In an emergency call the emergency services first.
Times in answers are epoch milliseconds UTC; units are UCUM. Every error is `application/problem+json`.

`GET /api/live` streams what changes as server-sent events (`reading`, `alert`, `person`, `findings`,
`event`, `deleted`, `reset`);
`?person=` narrows it, `Last-Event-ID` (or `?after=`) resumes it.
"""

_TEMPLATE: Final = "#/components/schemas/{name}"
_components: Final[dict[str, Any]] = {}
ALWAYS: Final = (400, 401, 403, 421, 422, 500, 503, 507)
"""What any route may answer: a bad request line, no token, another host, a store in trouble."""


class Receipt(msgspec.Struct, frozen=True):
    """What became of a message: rows stored now, rows that were stored before, rows refused."""

    accepted: int
    duplicates: int
    refused: list[Refusal]


def schema_of(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any type that msgspec can encode
    """The JSON schema of a struct or a list of them; its parts are kept for the description's components."""
    (schema,), components = msgspec.json.schema_components([kind], ref_template=_TEMPLATE)
    _components.update(components)
    return schema


def answers(kind: Any, *errors: int, status: int = 200) -> dict[int | str, dict[str, Any]]:  # noqa: ANN401
    """`responses=` of a route.

    Args:
        kind: what a good answer holds, or a tuple of what it may hold; None when its body is empty.
        errors: statuses it may answer besides `ALWAYS`.
        status: of the good answer.
    """
    problem = schema_of(Problem)
    described: dict[int | str, dict[str, Any]] = {
        code: {"description": HTTPStatus(code).phrase, "content": {MEDIA_TYPE: {"schema": problem}}}
        for code in sorted({*ALWAYS, *errors})
    }
    if kind is not None:
        schemas = [schema_of(each) for each in (kind if isinstance(kind, tuple) else (kind,))]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        described[status] = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return described


def takes(kind: type[msgspec.Struct], *, required: bool = True) -> dict[str, Any]:
    """`openapi_extra=` of a route that reads a JSON body."""
    content = {"application/json": {"schema": schema_of(kind)}}
    return {"requestBody": {"required": required, "content": content}}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _row_schema() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "timestamp": {
            "description": "when it was measured: epoch milliseconds, or RFC 3339 with an offset; at most 5 "
            "minutes ahead of the server's clock and not before the person's birth",
            "anyOf": [
                {"type": "integer", "minimum": SMALLEST_EPOCH_MS},
                {"type": "string", "format": "date-time"},
            ],
        },
        "sequence": _nullable({"type": "integer", "minimum": 0, "maximum": MAX_SEQUENCE}),
        "quality": _nullable({"type": "number", "minimum": 0, "maximum": 1}),
        "posture": _nullable({"type": "string", "enum": [str(posture) for posture in Posture]}),
        "asleep": _nullable({"type": "boolean"}),
        "device": _nullable({"type": "string", "minLength": 1, "maxLength": MAX_LABEL}),
        "location": _nullable(
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["latitude", "longitude"],
                "properties": {
                    "latitude": {"type": "number", "minimum": -90, "maximum": 90},
                    "longitude": {"type": "number", "minimum": -180, "maximum": 180},
                    "accuracy_m": _nullable({"type": "number", "minimum": 0, "maximum": HALF_EQUATOR_M}),
                },
            }
        ),
        "person": _nullable({"type": "string", "description": "needed when the token covers several people"}),
    }
    for field, metric in METRIC_BY_FIELD.items():
        number: dict[str, Any] = {"type": "number", "minimum": metric.low, "maximum": metric.high}
        if field == "activity_level":
            number = {"anyOf": [number, {"type": "string", "enum": list(ACTIVITY_WORDS)}]}
        elif metric.name in EITHER:
            number = {"type": "integer", "enum": [0, 1]}
        properties[field] = {**_nullable(number), "description": f"{metric.label}, {metric.unit}"}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["timestamp"],
        "anyOf": [
            {"required": [field], "properties": {field: {"not": {"type": "null"}}}}
            for field in METRIC_BY_FIELD
        ],
        "properties": properties,
    }


def _vitals_operation() -> dict[str, Any]:
    row = {"$ref": _TEMPLATE.format(name="VitalsRow")}
    body = {"anyOf": [row, {"type": "array", "minItems": 1, "items": row}]}
    return {
        "tags": ["readings"],
        "summary": "Send readings",
        "description": f"One reading or a list of up to {MAX_ROWS}. `null` means absent. A bad field refuses "
        "its row and no other; 422 only when every row is refused. A row is the same when its device and "
        "sequence (or, without a sequence, its content) are the same: sending it again is harmless. An "
        "answer of 200 means that what it counts as accepted is on disk.",
        "operationId": "send_vitals",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {str(code): answer for code, answer in answers(Receipt, 409, 413, 415, 429).items()},
    }


def openapi_of(app: FastAPI, version: str) -> dict[str, Any]:
    """The description of everything that the application answers."""
    if app.openapi_schema is None:
        described = get_openapi(
            title="healthtwin",
            version=version,
            description=ABOUT,
            routes=app.routes,
        )
        described["paths"][VITALS_PATH] = {"post": _vitals_operation()}
        components = described.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas |= {"VitalsRow": _row_schema(), **_components}
        for unused in ("HTTPValidationError", "ValidationError"):  # the framework's own, never answered here
            schemas.pop(unused, None)
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
        described["paths"]["/health"]["get"]["security"] = [{}, {"token": []}]
        described["paths"]["/api/pair"]["post"]["security"] = [{}]
        app.openapi_schema = described
    return app.openapi_schema
