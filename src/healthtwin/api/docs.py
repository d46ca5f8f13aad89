"""`/docs` and `/openapi.json`: the description of the API, for whoever holds a token or is signed in.

The page is plain HTML made from the description. The usual interactive pages load their scripts from
somebody else's host, and nothing here may.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import HTMLResponse, Response

from healthtwin.routing import Need, Routes

if TYPE_CHECKING:
    from collections.abc import Callable

STYLE: Final = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: CanvasText; background: Canvas; color-scheme: light dark; overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; }
h2 { margin-top: 2rem; border-top: 1px solid GrayText; padding-top: 1rem; font-size: 1.1rem; }
table { border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: .2rem 1rem .2rem 0; }
"""


routes = Routes()


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
    title = escape(f"{info['title']} {info['version']}")
    about = "".join(f"<p>{escape(part)}</p>" for part in info["description"].split("\n\n"))
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in sorted(description["paths"].items())
        for method, operation in methods.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/docs/style.css"></head>'
        f'<body><main><h1>{title}</h1>{about}<p><a href="/openapi.json">OpenAPI as JSON</a></p>{operations}'
        "</main></body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(parameter['name'])}</code></th>"
        f"<td>{'required' if parameter.get('required') else 'optional'}</td>"
        f"<td>{escape(str(parameter.get('schema', {}).get('description', '')))}</td></tr>"
        for parameter in operation.get("parameters", ())
    )
    statuses = ", ".join(sorted(operation.get("responses", {})))
    return (
        f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p>{escape(operation.get('summary', ''))}</p><p>{escape(operation.get('description', ''))}</p>"
        + (f"<table>{rows}</table>" if rows else "")
        + f"<p>Answers: {escape(statuses)}</p>"
    )
