"""Texts of people who say what is wrong, with the urgency by public guidance: what triage is judged by.

Three files lie beside this one, one JSON object a line: `vignettes.jsonl` (the cases),
`vignettes_paraphrases.jsonl` (some of them said tersely and at length) and `vignettes_de.jsonl` (some of them
in German). How they were made, and what they cannot show: `docs/panel_vignettes.md`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fact", "Retelling", "Urgency", "Vignette", "german", "paraphrases", "vignettes"]

Urgency = Literal["emergency", "care", "self_care"]
Holder = Literal["me", "other"]
Time = Literal["now", "resolved", "past", "hypothetical"]
Sex = Literal["female", "male"]
Style = Literal["terse", "rambling", "translation"]
Trait = Literal["anticoagulated", "device_numbers", "false_alarm", "immune_suppressed"]
System = Literal[
    "allergy",
    "cardio",
    "endocrine",
    "eye/ent",
    "gastro",
    "general",
    "mental",
    "musculoskeletal",
    "neuro",
    "obstetric",
    "paediatric",
    "respiratory",
    "skin",
    "toxicology",
    "urology",
]

HERE: Final = Path(__file__).parent
OLDEST_AGE: Final = 120
"""Years; beyond it an age is a typing error."""

LONGEST_WAIT_H: Final = 24 * 14
"""Hours; the two weeks of an urgent referral are the longest time that a case names."""

LONGEST_TEXT: Final = 90
"""Words; people who write more are no case of these."""

NEEDED: Final = {
    "id": str, "text": str, "lang": str, "facts": list, "urgency": str, "within": (int, type(None)),
    "why": str, "ambiguous": bool, "alternatives": list, "system": str, "traits": list,
}  # fmt: skip
OPTIONAL: Final = {"age": (int, float), "sex": str, "pregnant": bool, "conditions": list, "medicines": list}
OF_A_FACT: Final = {"finding": str, "present": bool, "holder": str, "time": str}
OF_A_RETELLING: Final = {"id": str, "paraphrase_of": str, "text": str, "lang": str}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing of medical meaning that a text says.

    Attributes:
        finding: its lay name, in English. present: whether the text affirms or denies it.
        holder: the person who writes, or somebody else. time: when it is or was so.
    """

    finding: str
    present: bool
    holder: Holder
    time: Time


@dataclass(frozen=True, slots=True)
class Vignette:
    """One case.

    Attributes:
        id: `v001` and on. text: as a lay person would write it. lang: of the text.
        facts: what it says. urgency: what public guidance gives it.
        within: hours until somebody should be seen; only where `urgency` is care.
        why: organisation and topic of the guidance, and what follows from it, in our own words.
        ambiguous: whether a careful clinician could decide otherwise. alternatives: how, then.
        system: organ system or group of people. traits: what it is counted under besides.
        age: years of who is ill (0.02 is a week). sex, pregnant: of who is ill.
        conditions, medicines: known beforehand, by their usual names.
    """

    id: str
    text: str
    lang: str
    facts: tuple[Fact, ...]
    urgency: Urgency
    within: int | None
    why: str
    ambiguous: bool
    alternatives: tuple[Urgency, ...]
    system: System
    traits: tuple[Trait, ...]
    age: float | None = None
    sex: Sex | None = None
    pregnant: bool = False
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retelling:
    """A case said in another way: its triage must agree with that of the case.

    Attributes:
        id: its own. paraphrase_of: id of the case, which holds everything but the words.
        text: the words. lang: their language. style: what was changed.
    """

    id: str
    paraphrase_of: str
    text: str
    lang: str
    style: Style


def vignettes(path: Path = HERE / "vignettes.jsonl") -> tuple[Vignette, ...]:
    """The cases, in the order of the file; raises `InvalidInput` naming the line that is wrong.

    >>> case = vignettes()[0]
    >>> case.id, case.urgency, case.within, case.facts[0].finding
    ('v001', 'emergency', None, 'chest pain')
    """
    cases = tuple(_vignette(line, where) for where, line in _lines(path))
    _each_once([case.id for case in cases], f"{path.name}, id")
    return cases


def paraphrases(path: Path = HERE / "vignettes_paraphrases.jsonl") -> tuple[Retelling, ...]:
    """Cases said tersely and at length, in English.

    >>> [said.style for said in paraphrases() if said.paraphrase_of == "v001"]
    ['terse', 'rambling']
    """
    return _retellings(path, lang="en", extra={"style": str})


def german(path: Path = HERE / "vignettes_de.jsonl") -> tuple[Retelling, ...]:
    """Cases in German, told anew and not word for word.

    >>> {said.lang for said in german()}
    {'de'}
    """
    return _retellings(path, lang="de", extra={})


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path.name}, line {number}"
        try:
            found = json.loads(text)
        except json.JSONDecodeError as error:
            raise InvalidInput(where, text, f"JSON ({error})") from error
        _hold(isinstance(found, dict), where, found, "a JSON object")
        yield where, found


def _vignette(line: dict[str, Any], where: str) -> Vignette:
    _fields(line, NEEDED, OPTIONAL, where)
    _one_of(line["urgency"], Urgency, f"{where}, urgency")
    _one_of(line["system"], System, f"{where}, system")
    _one_of(line["lang"], Literal["en"], f"{where}, lang")
    if "sex" in line:
        _one_of(line["sex"], Sex, f"{where}, sex")
    for name, allowed in (("alternatives", Urgency), ("traits", Trait)):
        _each_once(line[name], f"{where}, {name}")
        for value in line[name]:
            _one_of(value, allowed, f"{where}, {name}")
    for name in ("conditions", "medicines"):
        _each_once(line.get(name, []), f"{where}, {name}")
        for value in line.get(name, []):
            _words(value, f"{where}, {name}")
    _consistent(line, where)
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in line.items()
    }
    return Vignette(**{**said, "facts": tuple(_fact(fact, f"{where}, facts") for fact in line["facts"])})


def _consistent(line: dict[str, Any], where: str) -> None:
    """What the types do not say."""
    within, alternatives = line["within"], line["alternatives"]
    if line["urgency"] == "care":
        timed = within is not None and 1 <= within <= LONGEST_WAIT_H
        _hold(timed, f"{where}, within", within, f"1 to {LONGEST_WAIT_H} hours where urgency is care")
    else:
        _hold(within is None, f"{where}, within", within, "null, unless urgency is care")
    agree = line["ambiguous"] == bool(alternatives) and line["urgency"] not in alternatives
    _hold(agree, f"{where}, alternatives", alternatives, "another urgency exactly where it is ambiguous")
    age = line.get("age", 0)
    _hold(0 <= age <= OLDEST_AGE, f"{where}, age", age, f"0 to {OLDEST_AGE} years")
    possible = not line.get("pregnant") or line.get("sex") != "male"
    _hold(possible, f"{where}, pregnant", True, "false for a man")
    _text(line["text"], where)
    guidance, _, told = line["why"].partition(": ")
    cited = bool(guidance and told) and told.endswith(".")
    _hold(cited, f"{where}, why", line["why"], "'ORGANISATION TOPIC: what follows.'")
    _hold(bool(line["facts"]), f"{where}, facts", line["facts"], "at least one")


def _fact(fact: object, where: str) -> Fact:
    if not isinstance(fact, dict):
        raise InvalidInput(where, fact, "a JSON object")
    _fields(fact, OF_A_FACT, {}, where)
    _words(fact["finding"], f"{where}, finding")
    _one_of(fact["holder"], Holder, f"{where}, holder")
    _one_of(fact["time"], Time, f"{where}, time")
    return Fact(**fact)


def _retellings(path: Path, *, lang: str, extra: dict[str, type]) -> tuple[Retelling, ...]:
    found = []
    for where, line in _lines(path):
        _fields(line, OF_A_RETELLING | extra, {}, where)
        _hold(line["lang"] == lang, f"{where}, lang", line["lang"], lang)
        _one_of(line.get("style", "translation"), Style, f"{where}, style")
        _text(line["text"], where)
        found.append(Retelling(**({"style": "translation"} | line)))
    _each_once([said.id for said in found], f"{path.name}, id")
    return tuple(found)


def _fields(line: dict[str, Any], needed: dict[str, Any], optional: dict[str, Any], where: str) -> None:
    """All that is needed is there, nothing unknown is, and each is of its type (a bool is no number)."""
    lacking = sorted(needed.keys() - line.keys())
    _hold(not lacking, where, sorted(line), f"these besides: {', '.join(lacking)}")
    unknown = sorted(line.keys() - needed.keys() - optional.keys())
    _hold(not unknown, where, unknown, f"only {', '.join(needed | optional)}")
    for name, value in line.items():
        kinds = (needed | optional)[name]
        right = isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool))
        _hold(right, f"{where}, {name}", value, _named(kinds))


def _named(kinds: type | tuple[type, ...]) -> str:
    return " or ".join(kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


def _one_of(value: object, allowed: object, where: str) -> None:
    values = cast("tuple[str, ...]", get_args(allowed))
    _hold(value in values, where, value, ", ".join(values))


def _each_once(values: list[Any], where: str) -> None:
    twice = sorted({str(value) for value in values if values.count(value) > 1})
    _hold(not twice, where, twice, "each once")


def _words(value: object, where: str) -> None:
    right = isinstance(value, str) and value.strip() == value != ""
    _hold(right, where, value, "words without blanks around them")


def _text(text: str, where: str) -> None:
    _words(text, f"{where}, text")
    words = len(text.split())
    _hold(words <= LONGEST_TEXT, f"{where}, text", text, f"{LONGEST_TEXT} words at most, not {words}")


def _hold(right: bool, where: str, got: object, allowed: str) -> None:
    if not right:
        raise InvalidInput(where, got, allowed)
