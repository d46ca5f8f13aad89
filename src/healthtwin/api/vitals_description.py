"""How `POST /api/vitals` is described: its rows are judged by hand, so no struct says what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from healthtwin.domain import ACTIVITY_WORDS, METRIC_BY_FIELD, PLAIN, Posture
from healthtwin.intake import (
    EITHER,
    HALF_EQUATOR_M,
    MAX_LABEL,
    MAX_ROWS,
    MAX_SEQUENCE,
    RFC3339,
    SMALLEST_EPOCH_MS,
)
from healthtwin.routing.description import TEMPLATE

if TYPE_CHECKING:
    from healthtwin.routing import Description


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _row_schema() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "timestamp": {
            "description": "when it was measured: epoch milliseconds, or RFC 3339 with an offset; at most 5 "
            "minutes ahead of the server's clock and not before the person's birth",
            "anyOf": [
                {"type": "integer", "minimum": SMALLEST_EPOCH_MS},
                {"type": "string", "format": "date-time", "pattern": RFC3339},
            ],
        },
        "sequence": _nullable({"type": "integer", "minimum": 0, "maximum": MAX_SEQUENCE}),
        "quality": _nullable({"type": "number", "minimum": 0, "maximum": 1}),
        "posture": _nullable({"type": "string", "enum": [str(posture) for posture in Posture]}),
        "asleep": _nullable({"type": "boolean"}),
        "device": _nullable({"type": "string", "minLength": 1, "maxLength": MAX_LABEL, "pattern": PLAIN}),
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
        if metric.no_value:
            number["not"] = {"enum": list(metric.no_value)}
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


def vitals_operation(description: Description) -> dict[str, Any]:
    """The route's part of the description, as far as it does not follow from its declaration."""
    description.schemas["VitalsRow"] = _row_schema()
    row = {"$ref": TEMPLATE.format(name="VitalsRow")}
    body = {"anyOf": [row, {"type": "array", "minItems": 1, "items": row}]}
    return {
        "description": f"One reading or a list of up to {MAX_ROWS}. `null` means absent. A bad field refuses "
        "its row and no other (what devices write for no value, such as a pulse of 255, is passed over "
        "beside a vital sign and named in the answer); 422 only when every row is refused. A row is the same "
        "when its device and sequence (or, without a sequence, its content) are the same: sending it again "
        "is harmless. An answer of 200 means that what it counts as accepted is on disk.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
    }
