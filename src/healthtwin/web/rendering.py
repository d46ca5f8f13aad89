"""Templates to HTML: autoescaped, strict about names, with the page's data as inert JSON."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from healthtwin.domain.said import Said
from healthtwin.twin.state import DEFAULT_PHASES
from healthtwin.web.assets import APP_STYLESHEET, STYLESHEET, load_assets
from healthtwin.web.spoken import language_names, script_name
from healthtwin.words import DEFAULT_LANGUAGE, say

if TYPE_CHECKING:
    from healthtwin.domain.said import Fact

TEMPLATES: Final = Path(__file__).parent / "templates"
THEMES: Final = ("light", "dark")

_DANGEROUS_IN_HTML: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def marked_up(message: str, language: str, **facts: Fact) -> Markup:
    """A sentence as HTML: its words escaped, facts that are markup left as they are.

    >>> [marked_up("person-since", "en", moment=moment) for moment in ("<now>", Markup("<b>9</b>"))]
    [Markup('First sign &lt;now&gt;'), Markup('First sign <b>9</b>')]
    """
    plain: dict[str, Fact] = dict(facts)
    pieces: dict[str, Markup] = {}
    for name, fact in facts.items():
        if isinstance(fact, Markup):
            plain[name] = mark = f"\ue000{name}\ue001"
            pieces[mark] = fact
    html = escape(say(Said(message, plain), language))
    for mark, piece in pieces.items():
        html = html.replace(mark, piece)
    return html


def inert_json(value: object) -> Markup:
    r"""JSON that may stand between script tags: nothing in it can close the element or open a comment.

    >>> inert_json({"name": "</script><b>"})
    Markup('{"name":"\\u003c/script\\u003e\\u003cb\\u003e"}')
    """
    text = msgspec.json.encode(value).decode()
    for character, escaped in _DANGEROUS_IN_HTML.items():
        text = text.replace(character, escaped)
    # The characters that HTML gives a meaning to were escaped above.
    return Markup(text)  # noqa: S704  # nosec B704


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
    environment.globals["say_in"] = marked_up
    environment.globals["silent_days"] = DEFAULT_PHASES.silent_days
    environment.globals["languages"] = language_names()
    environment.globals["words_script"] = lambda language: assets.url(script_name("portal", language))
    environment.filters["inert_json"] = inert_json
    return environment


def render(template: str, *, theme: str | None, language: str = DEFAULT_LANGUAGE, **values: object) -> str:
    """The HTML of a page.

    Args:
        template: file below `templates`.
        theme: value of the theme cookie; anything but ``light`` or ``dark`` follows the system.
        language: one of `healthtwin.words.LANGUAGES`; in templates `say` speaks it.
        values: what the template names; a name that it misses is an error, not a blank.
    """
    chosen = theme if theme in THEMES else None
    spoken = partial(marked_up, language=language)
    return _environment().get_template(template).render(theme=chosen, language=language, say=spoken, **values)
