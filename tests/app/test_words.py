"""Every sentence that portal and app say stands in every language, and none of them says that all is well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from healthtwin.domain import METRICS
from healthtwin.web.assets import STATIC
from healthtwin.web.rendering import TEMPLATES
from healthtwin.web.spoken import READERS, catalogue_text
from healthtwin.words import LANGUAGES
from healthtwin.words.languages import FOLDER

if TYPE_CHECKING:
    from healthtwin.web.spoken import Reader

OF_SCREENS: Final = ("screen.ftl", "portal.ftl", "app.ftl", "measure.ftl", "doors.ftl", "access.ftl")

SAID_IN_CODE: Final = re.compile(r"\b(?:say|sayOr|hasWords|canSay)\(\"([a-z0-9-]+)\"")
CHOSEN_IN_CODE: Final = re.compile(r"\bsay\([^\"`)]*\? \"([a-z0-9-]+)\" : \"([a-z0-9-]+)\"[,)]")
SAID_IN_TEMPLATES: Final = re.compile(r"\bsay(?:_in)?\('([a-z0-9-]+)'[,)]")

MODULES: Final[dict[Reader, tuple[str, ...]]] = {
    "portal": ("js/*.js",),
    "app": ("app/*.js", "app/screens/*.js", "js/words.js", "js/frame.js", "js/server.js", "js/alert_card.js"),
}


class _Facts(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)


def messages(language: str, *files: str) -> dict[str, ast.Message]:
    paths = [path for path in sorted((FOLDER / language).glob("*.ftl")) if not files or path.name in files]
    parser = FluentParser(with_spans=False)
    entries = [entry for path in paths for entry in parser.parse(path.read_text(encoding="utf-8")).body]
    assert [entry for entry in entries if isinstance(entry, ast.Junk)] == []
    return {entry.id.name: entry for entry in entries if isinstance(entry, ast.Message)}


def facts(message: ast.Message) -> set[str]:
    visitor = _Facts()
    visitor.visit(message)
    return visitor.names


def code(*places: str) -> str:
    return "".join(path.read_text(encoding="utf-8") for place in places for path in STATIC.glob(place))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_facts(language: str) -> None:
    english, other = messages("en", *OF_SCREENS), messages(language, *OF_SCREENS)
    assert set(english) == set(other)
    assert len(english) > 600
    assert [key for key in english if facts(english[key]) != facts(other[key])] == []


@pytest.mark.parametrize("reader", READERS)
def test_no_module_says_a_sentence_that_its_reader_does_not_get(reader: Reader) -> None:
    text = code(*MODULES[reader])
    said = set(SAID_IN_CODE.findall(text)) | {key for pair in CHOSEN_IN_CODE.findall(text) for key in pair}
    assert len(said) > 80
    assert said - set(re.findall(r"^([\w-]+) *=", catalogue_text(reader, "en"), re.MULTILINE)) == set()


def test_no_template_says_a_sentence_that_does_not_exist() -> None:
    said = set(SAID_IN_TEMPLATES.findall("".join(path.read_text() for path in TEMPLATES.iterdir())))
    assert len(said) > 40
    assert said - set(messages("en")) == set()


def test_every_sentence_for_a_screen_is_said_somewhere() -> None:
    """What no screen says would be translated into every language for nobody."""
    written = code("js/*.js", "app/**/*.js") + "".join(
        path.read_text() for path in (*TEMPLATES.iterdir(), *TEMPLATES.parent.glob("*.py"))
    )
    literals = {name.replace("_", "-") for name in re.findall(r"[\"'`]([a-z0-9][\w-]*)[\"'`]", written)}
    shapes = [
        re.compile(re.sub(r"\$\{[^}]*\}", "[a-z0-9-]+", shape.replace("_", "-")))
        for shape in re.findall(r"`([\w${}.()\[\]-]+)`", written)
        if "-" in re.sub(r"\$\{[^}]*\}", "", shape)
    ]
    starts = {start.replace("_", "-") for start in re.findall(r"['\"]([a-z-]+-)['\"] ~", written)}

    def is_said(key: str) -> bool:
        bare = key.removesuffix("-app")
        names = {bare, bare.removeprefix("measure-")}
        return (
            not names.isdisjoint(literals)
            or any(shape.fullmatch(name) for shape in shapes for name in names)
            or any(bare.startswith(start) for start in starts)
        )

    assert [key for key in messages("en", *OF_SCREENS) if not is_said(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_has_a_name(language: str) -> None:
    assert {f"metric-{name.replace('_', '-')}" for name in METRICS} - set(messages(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_promised_what_nobody_can_know(language: str) -> None:
    promise = re.compile(
        r"all clear|you are fine|\bhealthy\b|diagnos|alles in ordnung|alles gut|unbedenklich|\bgesund\b",
        re.IGNORECASE,
    )
    for path in (FOLDER / language).glob("*.ftl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if not line.startswith("#") and promise.search(line)] == []
