"""Everything that pure rooms can say has a sentence in every language, and says what it is given."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor

import healthtwin
from healthtwin.domain import METRICS, RULES, Said
from healthtwin.forecast.targets import TARGETS
from healthtwin.genes import starter
from healthtwin.genes.response import GROUPS
from healthtwin.genes.wording import FUNCTIONS as ALLELE_FUNCTIONS
from healthtwin.genes.wording import SAID as PHENOTYPES
from healthtwin.genes.wording import function_said, phenotype_said, phenotype_terms
from healthtwin.words import DEFAULT_LANGUAGE, LANGUAGES, say
from healthtwin.words.catalogue import Catalogue, catalogue
from healthtwin.words.languages import FOLDER
from healthtwin.words.plurals import COUNTED
from healthtwin.words.sentences import Speaker, unit_id

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(healthtwin.__file__).parent
FUNCTIONS = {"NUMBER", "UNIT", "METRIC", "DURATION", "TIME", "DATE", "READER"}
OTHERS = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]

EFFECTS = starter().table("response")


def uncovered_reasons() -> set[str]:
    medicines = starter().table("medicines")
    return {row["why"] for kind in ("nothing_known", "algorithm_only") for row in medicines[kind].values()}


FAMILIES = {
    "rule-": [rule.said.code for rule in RULES.values()] + [rule.cited.code for rule in RULES.values()],
    "target-": [target.said.code for target in TARGETS],
    "metric-": [metric.label_code for metric in METRICS.values()],
    "phenotype-": [f"phenotype-{code}" for code in PHENOTYPES.values()],
    "function-": [f"function-{code}" for code in ALLELE_FUNCTIONS.values()],
    "gene-group-": [f"gene-group-{name}" for name in GROUPS],
    "gene-uncovered-": [f"gene-uncovered-{reason}" for reason in sorted(uncovered_reasons())],
    "gene-effect-": [f"gene-effect-{row['finding']}" for row in EFFECTS["efficacy"]],
    "gene-trial-": [f"gene-trial-{row['finding']}" for row in EFFECTS["trials"]],
}
"""Codes that are put together from a table, by how they begin; each is said without a fact."""


class _Asked(Visitor):
    """What a pattern asks for."""

    def __init__(self) -> None:
        self.facts: set[str] = set()
        self.messages: set[str] = set()
        self.functions: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802 (Fluent's name)
        self.facts.add(node.id.name)

    def visit_MessageReference(self, node: fluent.MessageReference) -> None:  # noqa: N802
        self.messages.add(node.id.name + (f".{node.attribute.name}" if node.attribute else ""))

    def visit_FunctionReference(self, node: fluent.FunctionReference) -> None:  # noqa: N802
        self.functions.add(node.id.name)
        self.generic_visit(node)


def files(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("*.ftl"))


@cache
def patterns(language: str) -> dict[str, fluent.Pattern]:
    """Every message and attribute of a language, by code."""
    found: dict[str, fluent.Pattern] = {}
    for path in files(language):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, fluent.Message):
                if entry.value is not None:
                    found[entry.id.name] = entry.value
                found.update({f"{entry.id.name}.{each.id.name}": each.value for each in entry.attributes})
    return found


@cache
def facts_of(language: str, code: str) -> frozenset[str]:
    """The facts that a sentence asks for, through the messages that it is made of."""
    asked = _Asked()
    asked.visit(patterns(language)[code])
    return frozenset(asked.facts).union(*(facts_of(language, each) for each in asked.messages))


def said_in_code() -> Iterator[tuple[str, frozenset[str], str]]:
    """Every ``Said.of("code", fact=…)`` with a literal code: code, names of facts, where."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = ast.unparse(node.func)
            code = node.args[0]
            if name in {"Said.of", "Said"} and isinstance(code, ast.Constant) and isinstance(code.value, str):
                facts = frozenset(str(each.arg) for each in node.keywords)
                if name == "Said" and (len(node.args) > 1 or facts):
                    continue  # the facts come from elsewhere, and so did their names
                yield code.value, facts, f"{path.relative_to(SOURCE)}:{node.lineno}"


SAID = sorted({each for each in said_in_code() if each[0] != "plain"})


def test_the_scan_finds_what_is_said() -> None:
    assert len(SAID) > 40
    assert "evidence-limit" in {code for code, _, _ in SAID}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "facts", "where"), SAID, ids=[f"{code} {where}" for code, _, where in SAID])
def test_every_code_has_a_sentence_that_asks_for_its_facts_and_for_no_other(
    code: str, facts: frozenset[str], where: str, language: str
) -> None:
    assert code in patterns(language), f"{where} says {code}"
    assert facts_of(language, code) == facts, f"{where} says {code}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [code for codes in FAMILIES.values() for code in codes])
def test_every_row_of_a_table_has_its_words(code: str, language: str) -> None:
    assert code in patterns(language)
    assert facts_of(language, code) == frozenset()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_is_written(language: str) -> None:
    assert {unit_id(metric.unit) for metric in METRICS.values()} <= set(patterns(language))


def test_the_metric_table_and_the_english_catalogue_call_a_metric_the_same() -> None:
    assert all(say(Said(metric.label_code), "en") == metric.label for metric in METRICS.values())
    units = {metric.unit: say(Said(unit_id(metric.unit)), "en") for metric in METRICS.values()}
    assert (units["Cel"], units["mm[Hg]"], units["m2/s4"], units["1"]) == ("°C", "mmHg", "m²/s⁴", "")


def test_another_language_is_one_more_folder(tmp_path: Path) -> None:
    for path in files(DEFAULT_LANGUAGE):
        text = path.read_text(encoding="utf-8").replace("decimal-mark = .", "decimal-mark = ,")
        (tmp_path / path.name).write_text(text.replace("less than a minute", "moins d’une minute"), "utf-8")
    french = Catalogue("fr", {path.name: path.read_text("utf-8") for path in sorted(tmp_path.glob("*.ftl"))})
    assert "fr" in COUNTED
    assert Speaker(french).say(Said.of("lasting", ms=1)) == "moins d’une minute"
    assert Speaker(french).say(Said.of("evidence-silence", ms=5_400_000)) == "no reading for 90 minutes"


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_message_of_english_with_the_same_facts(language: str) -> None:
    english, here = patterns(DEFAULT_LANGUAGE), patterns(language)
    messages = {code for code in english if "." not in code}
    assert {code for code in here if "." not in code} == messages
    differ = [
        code for code in sorted(messages) if facts_of(language, code) != facts_of(DEFAULT_LANGUAGE, code)
    ]
    assert not differ


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_well_formed_and_calls_only_what_both_sides_have(language: str) -> None:
    assert language in COUNTED
    assert len(list(catalogue(language))) > 100  # an id that stands twice is an error already
    for path in files(language):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{path.name}: {entry.content}"
    for code, pattern in patterns(language).items():
        asked = _Asked()
        asked.visit(pattern)
        assert asked.functions <= FUNCTIONS, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quick_index_finds_what_the_parser_finds(language: str) -> None:
    for code in patterns(language):
        assert code.partition(".")[0] in catalogue(language)
        catalogue(language).entry(code.partition(".")[0])


PURE = ("domain", "twin", "forecast", "episodes", "pipeline")
IN_WORDS = re.compile(r"^\s*(?:text|said|hypothesis|action|words)=f?\"", re.MULTILINE)


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_says_codes_and_writes_no_sentence(room: str) -> None:
    for path in sorted((SOURCE / room).rglob("*.py")):
        assert not IN_WORDS.search(path.read_text(encoding="utf-8")), path


def test_every_term_of_the_gene_tables_is_said_in_every_language() -> None:
    facts = [starter().gene(gene) for gene in starter().genes]
    terms = {term for each in facts for term in phenotype_terms(each)}
    bases = re.compile(r"-1639 [AG]{2}")
    assert not [term for term in terms if phenotype_said(term).code == "plain" and not bases.fullmatch(term)]
    functions = {function for each in facts for function in each.functions.values()}
    assert not [function for function in functions if function_said(function).code == "plain"]
