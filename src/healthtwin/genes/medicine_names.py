"""From what a person or a prescription calls a medicine to the name our tables use."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from healthtwin.domain import Said
from healthtwin.genes.errors import UnknownMedicine
from healthtwin.genes.knowledge import Knowledge, starter

Coverage = Literal["guided", "algorithm only", "nothing known", "modulator"]


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine as our tables know it.

    Args:
        name: the table's name (the international name, small letters).
        coverage: guided; only an algorithm we do not run; nothing known; or known only as an inhibitor
            or inducer.
        group: what kind of medicine it is, empty where no table says.
        why: the reason where nothing is advised.
    """

    name: str
    coverage: Coverage
    group: str = ""
    psychiatric: bool = False
    why: Said | None = None


def uncovered(reason: str) -> Said:
    """Why nothing is advised on a medicine, by the word that the tables have for it.

    >>> uncovered("none").code
    'gene-uncovered-none'
    """
    return Said(f"gene-uncovered-{reason}")


def find_medicine(written: str, knowledge: Knowledge | None = None) -> Medicine:
    """The medicine behind a written name (dose and form may follow it).

    Raises:
        UnknownMedicine: with the closest names.

    >>> find_medicine("Cipralex 10 mg").name
    'escitalopram'
    >>> find_medicine("lithium").coverage
    'nothing known'
    """
    known = knowledge or starter()
    index = known.remembered("medicine names", _index)
    words = " ".join(written.casefold().replace(",", " ").split())
    for length in range(len(words.split()), 0, -1):
        found = index.get(" ".join(words.split()[:length]))
        if found:
            return found
    from difflib import get_close_matches  # only a misspelt name needs it

    close = get_close_matches(words, list(index), n=3)
    raise UnknownMedicine(
        "drug", written, f"one of {len(index)} names" + (f", such as {', '.join(close)}" if close else "")
    )


def medicine_named(name: str, knowledge: Knowledge) -> Medicine | None:
    """The medicine of exactly this name, ``None`` where the words name none; nothing is guessed at.

    >>> medicine_named("another statin", starter()) is None
    True
    """
    return knowledge.remembered("medicine names", _index).get(name.strip().casefold())


def names_among(written: Iterable[str], knowledge: Knowledge) -> frozenset[str]:
    """The table's names of medicines as written; those that nobody knows are passed over.

    >>> sorted(names_among(["Zoloft 50 mg", "rice"], starter()))
    ['sertraline']
    """
    found = set()
    for name in written:
        with suppress(UnknownMedicine):
            found.add(find_medicine(name, knowledge).name)
    return frozenset(found)


def _index(knowledge: Knowledge) -> dict[str, Medicine]:
    tables = knowledge.table("medicines")
    index: dict[str, Medicine] = {}
    modulators = knowledge.table("modulators")
    for kind in ("inhibitors", "inducers"):
        for strengths in modulators[kind].values():
            for names in strengths.values():
                for name in names:
                    _add(index, Medicine(name, "modulator"), modulators["aliases"].get(name, ()))
    for name, entry in tables["nothing_known"].items():
        medicine = Medicine(name, "nothing known", "", entry["psychiatric"], uncovered(entry["why"]))
        _add(index, medicine, (*entry["aliases"], *modulators["aliases"].get(name, ())))
    for name, entry in tables["algorithm_only"].items():
        _add(index, Medicine(name, "algorithm only", "", False, uncovered(entry["why"])), entry["aliases"])
    for name, entry in tables["guided"].items():
        medicine = Medicine(name, "guided", entry["class"], entry["psychiatric"])
        _add(index, medicine, (*entry["aliases"], *modulators["aliases"].get(name, ())))
    for name in knowledge.guided_medicines:
        index.setdefault(name.casefold(), Medicine(name, "guided"))
    return index


def _add(index: dict[str, Medicine], medicine: Medicine, aliases: tuple[str, ...] | list[str]) -> None:
    for name in (medicine.name, *aliases):
        index[name.casefold()] = medicine
