"""The security checklist leaves nothing out, and names nothing that is not there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[2]
CHECKLIST: Final = ROOT / "docs" / "security_checklist.md"

IDS: Final = Path(__file__).with_name("asvs_5_0_0.json")
"""Of each chapter its sections, of each section the levels of its requirements, one digit each."""

SAFEGUARDS: Final = [
    "(a)(1)",
    "(a)(2)(i)",
    "(a)(2)(ii)",
    "(a)(2)(iii)",
    "(a)(2)(iv)",
    "(b)",
    "(c)(1)",
    "(c)(2)",
    "(d)",
    "(e)(1)",
    "(e)(2)(i)",
    "(e)(2)(ii)",
]
"""Standards and implementation specifications of 45 CFR 164.312."""

WHY_NOT: Final = ("not met", "not verified", "does not apply")


class Row(NamedTuple):
    """One row of the checklist."""

    ids: str
    asked: str
    where: str
    shown: str


def rows() -> list[Row]:
    return [
        Row(*(cell.strip() for cell in line.strip("|").split("|")))
        for line in CHECKLIST.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| \d", line)
    ]


def asked_of_level_two() -> list[str]:
    return [
        f"{chapter}.{section}.{number}"
        for chapter, sections in json.loads(IDS.read_text(encoding="utf-8")).items()
        for section, levels in enumerate(sections, start=1)
        for number, level in enumerate(levels, start=1)
        if level in "12"
    ]


def named(ids: str) -> list[str]:
    """Every id of a row: one, or from one to another of the same section."""
    first, _, last = ids.partition("–")
    if not last:
        return [ids.split(maxsplit=1)[0]]
    section, _, number = first.rpartition(".")
    assert last.rpartition(".")[0] == section, ids
    return [f"{section}.{each}" for each in range(int(number), int(last.rpartition(".")[2]) + 1)]


def test_every_requirement_of_levels_one_and_two_stands_in_it_once() -> None:
    asked = asked_of_level_two()
    assert len(asked) == 253
    told = [each for row in rows() for each in named(row.ids) if not each.startswith("164.")]
    assert sorted(told) == sorted(asked)


def test_every_safeguard_of_the_security_rule_stands_in_it_once() -> None:
    told = [row.ids.split()[0] for row in rows() if row.ids.startswith("164.")]
    assert told == [f"164.312{each}" for each in SAFEGUARDS]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.ids)
def test_a_row_names_what_is_there_or_says_why_not(row: Row) -> None:
    tests = re.findall(r"`((?:[a-z_]+/)+test_[a-z0-9_]+\.py)`", row.shown)
    assert row.asked
    assert tests or row.shown.startswith(WHY_NOT), "a test, or why not"
    for test in tests:
        assert (ROOT / "tests" / test).is_file(), test
    if not row.shown.startswith("does not apply") and not row.shown.startswith(WHY_NOT):
        assert row.where, "where is it met?"
    for part in re.findall(r"`([^`]+)`", row.where):
        if part.startswith(("/", "make ")):
            continue  # a page, a command
        assert (ROOT / "src" / "healthtwin" / part).exists() or (ROOT / part).exists(), part
