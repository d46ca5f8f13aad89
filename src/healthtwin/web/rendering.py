"""Templates to HTML: autoescaped, strict about names, with the page's data as inert JSON."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from healthtwin.web.assets import APP_STYLESHEET, STYLESHEET, load_assets

TEMPLATES: Final = Path(__file__).parent / "templates"
THEMES: Final = ("light", "dark")

_DANGEROUS_IN_HTML: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def inert_json(value: object) -> Markup:
    r"""JSON that may stand between script tags: nothing in it can close the element or open a comment.

    >>> inert_json({"name": "</script><b>"})
    Markup('{"name":"\\u003c/script\\u003e\\u003cb\\u003e"}')
    """
    text = msgspec.json.encode(value).decode()
    for character, escaped in _DANGEROUS_IN_HTML.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704  # the characters that HTML gives a meaning to were escaped above


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    assets = load_assets()
    environment.globals["asset"] = assets.url
    environment.globals["stylesheet"] = STYLESHEET
    environment.globals["app_stylesheet"] = APP_STYLESHEET
    environment.globals["app_urls"] = assets.app_urls()
    environment.globals["fingerprint"] = assets.fingerprint
    environment.filters["inert_json"] = inert_json
    return environment


def render(template: str, *, theme: str | None, **values: object) -> str:
    """The HTML of a page.

    Args:
        template: file below `templates`.
        theme: value of the theme cookie; anything but ``light`` or ``dark`` follows the system.
        values: what the template names; a name that it misses is an error, not a blank.
    """
    chosen = theme if theme in THEMES else None
    return _environment().get_template(template).render(theme=chosen, **values)
