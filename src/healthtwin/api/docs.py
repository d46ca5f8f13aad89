"""`/docs` and `/openapi.json`: the description of the API, for whoever holds a token or is signed in.

The page is plain HTML made from the description. The usual interactive pages load their scripts from
somebody else's host, and nothing here may.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import HTMLResponse, Response

from healthtwin.domain.errors import Unauthenticated
from healthtwin.routing import Need, Routes
from healthtwin.routing.problems import response_of
from healthtwin.web import failed_page, reads_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.requests import HTTPConnection

    from healthtwin.domain.errors import HealthTwinError

STYLE: Final = """\
:root { color-scheme: light dark; --rule: light-dark(#e2dbce, #36322d); --soft: light-dark(#57615d, #b0a99c);
        --wash: light-dark(#efe9de, #272421); --accent: light-dark(#0d5c58, #86d6ca); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: light-dark(#1c2422, #f0ebe2); background: light-dark(#f6f2ea, #151413);
       overflow-wrap: anywhere; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, monospace; font-size: .9rem; }
pre { padding: .7rem 1rem; overflow-x: auto; border-radius: 9px; background: var(--wash);
      overflow-wrap: normal; }
h2 { margin-top: 2.5rem; text-transform: capitalize; }
h3 { margin: 2rem 0 .3rem; border-top: 1px solid var(--rule); padding-top: 1rem; font-size: 1.05rem; }
h4 { margin: 1rem 0 .2rem; font-size: .95rem; }
.method { padding: .1rem .5rem; border-radius: 6px; background: var(--wash); color: var(--accent);
          font-weight: 700; }
.soft { color: var(--soft); }
nav ul { columns: 2; padding-left: 1.2rem; }
.fields { overflow-x: auto; }
table { border-collapse: collapse; font-size: .95rem; }
th, td { padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: start;
         vertical-align: top; overflow-wrap: normal; }
@media (max-width: 40rem) { nav ul { columns: 1; } }
"""

MOST_FIELDS: Final = 60
"""Of a body with more fields than this (a reading), the page shows so many and points to the JSON."""


def to_a_browser(request: HTTPConnection, error: HealthTwinError) -> Response:
    """A person at a browser who is not signed in is led to where they can be; a program gets the problem."""
    if isinstance(error, Unauthenticated) and reads_pages(request):
        return failed_page(request, error)
    return response_of(error)


routes = Routes(failed=to_a_browser)


@routes.get("/openapi.json", need=Need.KNOWN)
def openapi(description: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """OpenAPI."""
    return description()


@routes.get("/docs", need=Need.KNOWN)
def for_people(description: Callable[[], dict[str, Any]]) -> Response:
    """The same for people."""
    return HTMLResponse(docs_page(description()))


@routes.get("/docs/style.css", need=Need.NOBODY)
def style() -> Response:
    """A file of its own, since inline styles are forbidden everywhere."""
    return Response(STYLE, media_type="text/css")


def docs_page(description: dict[str, Any]) -> str:
    """The HTML page of an OpenAPI description.

    >>> page = docs_page({"info": {"title": "twin", "version": "1", "description": "About."}, "paths": {}})
    >>> "<h1>twin 1</h1>" in page
    True
    """
    info = description["info"]
    schemas = description.get("components", {}).get("schemas", {})
    title = escape(f"{info['title']} {info['version']}")
    about = "".join(f"<p>{escape(part)}</p>" for part in info["description"].split("\n\n"))
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in sorted(description["paths"].items()):
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            by_tag.setdefault(tag, []).append((method.upper(), path, operation))
    contents = "".join(
        f'<li><a href="#{_anchor(method, path)}"><code>{method} {escape(path)}</code></a></li>'
        for found in by_tag.values()
        for method, path, _ in found
    )
    parts = "".join(
        f"<section><h2>{escape(tag)}</h2>{''.join(_operation(*each, schemas) for each in found)}</section>"
        for tag, found in sorted(by_tag.items())
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/docs/style.css"></head>'
        f'<body><main><h1>{title}</h1>{about}<p><a href="/openapi.json">OpenAPI as JSON</a> · '
        f'<a href="/">healthtwin</a></p><nav aria-label="Contents"><ul>{contents}</ul></nav>{parts}'
        "</main></body></html>"
    )


def _anchor(method: str, path: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in f"{method}{path}".lower())


def _operation(method: str, path: str, operation: dict[str, Any], schemas: Mapping[str, Any]) -> str:
    parameters = [
        (p["name"], p.get("schema", {}), bool(p.get("required")), str(p["in"]))
        for p in operation.get("parameters", ())
    ]
    statuses = ", ".join(sorted(operation.get("responses", {})))
    return (
        f'<h3 id="{_anchor(method, path)}"><span class="method">{method}</span> '
        f"<code>{escape(path)}</code></h3>"
        f"<p><strong>{escape(operation.get('summary', ''))}</strong></p>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        + (f"<h4>Parameters</h4>{_table(parameters, schemas)}" if parameters else "")
        + _body(method, path, operation, schemas)
        + f"<p class='soft'>Answers: {escape(statuses)}</p>"
    )


def _body(method: str, path: str, operation: dict[str, Any], schemas: Mapping[str, Any]) -> str:
    told = operation.get("requestBody")
    if told is None:
        return ""
    (media, content), *_ = told["content"].items()
    schema = _fields_of(content.get("schema", {}), schemas)
    required = set(schema.get("required", ()))
    fields = [(name, each, name in required, "") for name, each in schema.get("properties", {}).items()]
    example = content.get("example", _example(schema, schemas))
    call = f"curl -X {method} $URL{path} -H 'Authorization: Bearer TOKEN'"
    shown = fields[:MOST_FIELDS]
    more = f"<p class='soft'>and {len(fields) - len(shown)} more, as in the JSON</p>"
    needed = "" if told.get("required", True) else " (may be left out)"
    return (
        f"<h4>Body: {escape(media)}{needed}</h4>"
        + (f"<p>{escape(schema['description'])}</p>" if schema.get("description") else "")
        + (_table(shown, schemas) if fields else "")
        + (more if len(fields) > len(shown) else "")
        + (
            f"<h4>Example</h4><pre tabindex='0'><code>{escape(call)} \\\n"
            f"  -H 'Content-Type: {escape(media)}' \\\n"
            f"  -d '{escape(json.dumps(example, ensure_ascii=False))}'</code></pre>"
            if media.endswith("json")
            else ""
        )
    )


def _fields_of(schema: dict[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The object that a body is, or that it is a list of."""
    inner = _inside(schema, schemas)
    for each in (*inner.get("anyOf", ()), *inner.get("oneOf", ())):
        found = _fields_of(each, schemas)
        if found.get("properties"):
            return found
    return _fields_of(inner.get("items", {}), schemas) if inner.get("type") == "array" else inner


def _table(fields: list[tuple[str, dict[str, Any], bool, str]], schemas: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(name)}</code></th><td>{escape(_type(schema, schemas))}</td>"
        f"<td>{'required' if required else 'optional'}{f', in the {where}' if where else ''}</td>"
        f"<td>{escape(str(_inside(schema, schemas).get('description', '')))}</td></tr>"
        for name, schema, required, where in fields
    )
    heads = "".join(f"<th scope='col'>{head}</th>" for head in ("Field", "Type", "Needed", "Meaning"))
    return (
        "<div class='fields' tabindex='0' role='group' aria-label='Fields'>"
        f"<table><thead><tr>{heads}</tr></thead>{rows}</table></div>"
    )


def _inside(schema: dict[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema refers to, or the schema itself; of a choice with null, the other."""
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) == 1 and "$ref" in choices[0]:
        schema = choices[0]
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schemas.get(name, schema)
    return found


def _type(schema: dict[str, Any], schemas: Mapping[str, Any]) -> str:
    """A schema's type in a few words.

    >>> _type({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9}, {"type": "null"}]}, {})
    'integer 1–9 or null'
    """
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(each, schemas) for each in schema["anyOf"]))
    if "$ref" in schema:
        inner = _inside(schema, schemas)
        return schema["$ref"].rpartition("/")[2] if inner.get("type") == "object" else _type(inner, schemas)
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), schemas)}"
    return " ".join(_words(schema))


def _words(schema: dict[str, Any]) -> Iterator[str]:
    yield str(schema.get("type", "anything"))
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        yield f"{low}–{high}"
    elif low is not None or high is not None:
        yield f"from {low}" if high is None else f"up to {high}"


_EXAMPLES: Final = {"integer": 1, "number": 1.0, "boolean": True, "array": [], "object": {}, "null": None}


def _example(schema: dict[str, Any], schemas: Mapping[str, Any]) -> object:
    """A body that has what is required, and else its first field: the shortest that shows the form."""
    fields = schema.get("properties", {})
    named = list(schema.get("required", ())) or list(fields)[:1]
    return {name: _value(fields[name], schemas) for name in named if name in fields}


def _value(schema: dict[str, Any], schemas: Mapping[str, Any]) -> object:
    inner = _inside(schema, schemas)
    for each in inner.get("anyOf", ()):
        if each.get("type") != "null":
            return _value(each, schemas)
    if "enum" in inner:
        return inner["enum"][0]
    if inner.get("type") == "object":
        return _example(inner, schemas)
    if "minimum" in inner:
        return inner["minimum"]
    return _EXAMPLES.get(inner.get("type", ""), "text")
