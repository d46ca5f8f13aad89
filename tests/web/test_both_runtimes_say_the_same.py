"""What the server says and what a page says of the same code and facts is one sentence, in every language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import pytest
from fluent.syntax import FluentParser, ast

from healthtwin.domain import Said
from healthtwin.web.assets import load_assets
from healthtwin.web.spoken import Words, script
from healthtwin.words import LANGUAGES, OTHER, SELF, say, speaking
from healthtwin.words.catalogue import catalogue
from healthtwin.words.languages import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser

NUMBERS = (1, 0, 2.5, 36.66, 1234.5, 97)
TIMES = (1_772_323_500_000, 90_000, 3_600_000 * 5 + 60_000 * 7, 86_400_000 * 12)
METRIC_NAMES = (
    "body_temperature",
    "heart_rate",
    "oxygen_saturation",
    "gait_regularity",
    "sway_area",
    "steps",
)
PLURALS = ("zero", "one", "two", "few", "many")
TEXTS = ("Ada", "18:00", "{ x }")

SAY_ALL = """async ({ words, sentences, module }) => {
  const { speak, told } = await import(module);
  speak(words);
  return sentences.map((said) => told(said, "Europe/Berlin"));
}"""


@dataclass
class Facts:
    """The facts of a message, each with the values that it is tried with."""

    tried: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, *values: object) -> None:
        known = self.tried.setdefault(name, [])
        known.extend(value for value in values if value not in known)

    def sets(self) -> Iterator[dict[str, Any]]:
        """As many sets as the fact with most values has, so that every value is in one of them."""
        for turn in range(max((len(values) for values in self.tried.values()), default=1)):
            yield {name: values[turn % len(values)] for name, values in self.tried.items()}


NUMERIC = {"NUMBER": NUMBERS, "UNIT": NUMBERS, "DURATION": TIMES, "TIME": TIMES, "DATE": TIMES}


def collect_call(node: ast.FunctionReference, facts: Facts) -> None:
    for place, argument in enumerate(node.arguments.positional):
        if isinstance(argument, ast.VariableReference):
            is_metric = node.id.name == "METRIC" or (node.id.name == "UNIT" and place == 1)
            facts.add(argument.id.name, *(METRIC_NAMES if is_metric else NUMERIC[node.id.name]))


def chosen_by(variant: ast.Variant) -> tuple[object, ...]:
    """What chooses this variant."""
    if isinstance(variant.key, ast.NumberLiteral):
        return (float(variant.key.value),)
    return (1, 2) if variant.key.name in PLURALS else (variant.key.name,)


def collect(node: object, facts: Facts, entries: dict[str, ast.Message], plain: set[str]) -> None:
    """Walk a pattern: what a function or a selector asks for decides which values a fact is tried with."""
    match node:
        case ast.FunctionReference():
            collect_call(node, facts)
        case ast.SelectExpression():
            if isinstance(node.selector, ast.VariableReference):
                facts.add(node.selector.id.name, *(each for key in node.variants for each in chosen_by(key)))
            else:
                collect(node.selector, facts, entries, plain)
            for variant in node.variants:
                collect(variant.value, facts, entries, plain)
        case ast.VariableReference():
            plain.add(node.id.name)
        case ast.MessageReference():
            entry = entries[node.id.name]
            chosen = [each.value for each in entry.attributes if node.attribute and each.id == node.attribute]
            collect(chosen[0] if chosen else entry.value, facts, entries, plain)
        case ast.Pattern():
            for element in node.elements:
                collect(element, facts, entries, plain)
        case ast.Placeable():
            collect(node.expression, facts, entries, plain)


def sentences(language: str) -> list[Said]:
    """Every message and attribute with every value that makes it say something else."""
    parser = FluentParser(with_spans=False)
    bodies = [
        parser.parse(path.read_text(encoding="utf-8")).body for path in (FOLDER / language).glob("*.ftl")
    ]
    entries = {each.id.name: each for body in bodies for each in body if isinstance(each, ast.Message)}
    found = []
    for name, entry in entries.items():
        patterns = [(name, entry.value)] if entry.value else []
        for code, pattern in [
            *patterns,
            *((f"{name}.{each.id.name}", each.value) for each in entry.attributes),
        ]:
            facts, plain = Facts(), set[str]()
            collect(pattern, facts, entries, plain)
            for each in plain - set(facts.tried):
                facts.add(each, *TEXTS, *NUMBERS)
            found += [Said(code, values) for values in facts.sets()]
    return found


def words_of_the_phone(said: Said, language: str) -> Said:
    """The phone has words of its own for some messages, under the same id with `-app`."""
    own = f"{said.code}-app"
    return Said(own, said.facts) if own in catalogue(language) else said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page_of", "reader"), [("portal", OTHER), ("app", SELF)])
def test_python_and_browser_say_every_sentence_alike(
    portal: Portal, stranger: Visitor, page_of: Literal["portal", "app"], reader: str, language: str
) -> None:
    page = stranger.page
    page.goto(portal.url + "/sign-in")  # it loads words of its own, for which the ones in question are put
    told = re.search(rb'\["\w+"\] = (\{.*\});', script(page_of, language))
    assert told is not None
    everything = "\n".join(path.read_text(encoding="utf-8") for path in (FOLDER / language).glob("*.ftl"))
    words = msgspec.structs.replace(msgspec.json.decode(told[1], type=Words), catalogue=everything)
    asked = sentences(language)
    assert len(asked) > 1000
    said = page.evaluate(
        SAY_ALL,
        {
            "words": msgspec.to_builtins(words),
            "sentences": msgspec.to_builtins(asked),
            "module": load_assets().url("js/words.js"),
        },
    )
    with speaking(language, "Europe/Berlin", reader):
        own = [say(words_of_the_phone(each, language) if page_of == "app" else each) for each in asked]
    assert [pair for pair in zip(asked, own, said, strict=True) if pair[1] != pair[2]] == []
    assert stranger.complaints == []
