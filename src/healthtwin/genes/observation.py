"""What a file shows at the positions that define a gene: two alleles, one, or nothing; and their phase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from healthtwin.domain import Said
from healthtwin.genes.definition import Definition, Edit
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.variant_file import REFERENCE_BLOCKS, Call, Genotypes

UNDOCUMENTED = 30  # code of a change at a defining position that no allele's definition knows
_BESIDE = 60  # bases read to the right of a position, where shifted spellings of its indels may stand
_COPIES = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """The alleles at one position: 0 the reference, i the i-th other, `UNDOCUMENTED` something else.

    ``block`` names the haplotype block that tells the order of the two; empty where the order is unknown.
    """

    codes: tuple[int, ...]
    block: str


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything seen of one gene.

    Args:
        seen: index into the definition's positions -> alleles; absent where nothing was seen.
        copies: 2, or 1 where the person has one chromosome of the kind.
        assumed: positions read as reference only because the person said so.
    """

    seen: dict[int, Seen]
    copies: int
    assumed: int = 0
    notes: tuple[Said, ...] = field(default=())


def regions_of(definition: Definition) -> Iterator[tuple[int, int]]:
    """The spans of the chromosome that must be read, both ends included."""
    for position in definition.positions:
        # Shifted spellings start further right; one base to the left holds an anchor.
        reach = (
            _BESIDE if len(position.reference) > 1 or any(len(other) > 1 for other in position.others) else 0
        )
        yield position.at - 1, position.at + len(position.reference) - 1 + reach


def observe(
    definition: Definition, genotypes: Genotypes, *, missing_is_reference: bool = False
) -> Observation:
    """Reads the defining positions of a gene out of a person's rows.

    Args:
        missing_is_reference: the person says that unlisted positions were looked at and found unchanged.

    Raises:
        VariantFileError: reference bases that are not GRCh38's; rows that contradict each other.
    """
    rows: dict[int, list[tuple[Call, tuple[int | None, ...]]]] = {}
    index = {position.at: number for number, position in enumerate(definition.positions)}
    for call in genotypes.calls.get(definition.chromosome, ()):
        _check_reference(definition, call)
        edits = [_edits(definition, call, copy) for copy in call.alleles]
        covered = {number for at, number in index.items() if call.at <= at <= call.end}
        covered.update(
            definition.edits[edit][0] for copy in edits if copy for edit in copy if edit in definition.edits
        )
        for number in covered:
            codes = tuple(_code(definition, number, copy) for copy in edits)
            rows.setdefault(number, []).append((call, codes))
    seen: dict[int, Seen] = {}
    notes: list[Said] = []
    for number, found in sorted(rows.items()):
        merged = _merge(definition, number, found)
        if merged is not None:
            seen[number] = merged
            if UNDOCUMENTED in merged.codes:
                notes.append(Said.of("gene-warns-unlisted", position=definition.positions[number].label))
        elif any(code is not None for _, codes in found for code in codes):
            notes.append(Said.of("gene-warns-half", position=definition.positions[number].label))
    copies = min((len(item.codes) for item in seen.values()), default=_COPIES)
    if copies == 1 and any(len(item.codes) == _COPIES for item in seen.values()):
        copies = _COPIES
        seen = {
            n: item if len(item.codes) == _COPIES else Seen(item.codes * 2, "") for n, item in seen.items()
        }
    assumed = 0
    if missing_is_reference:
        for number in range(len(definition.positions)):
            if number not in seen and number not in rows:
                seen[number] = Seen((0,) * copies, "")
                assumed += 1
    return Observation(seen, copies, assumed, tuple(notes))


def _check_reference(definition: Definition, call: Call) -> None:
    for offset, base in enumerate(call.reference):
        known = definition.known_bases.get(call.at + offset)
        if known is not None and base not in {known, "N"}:
            raise VariantFileError(
                f"line {call.line}, {call.chromosome}:{call.at}, column REF",
                call.reference,
                f"{known} at {call.at + offset} on GRCh38 (another build, or REF and ALT swapped?)",
            )


def _edits(definition: Definition, call: Call, allele: int | None) -> frozenset[Edit] | None:
    """The changes of one copy against the reference; ``None`` where the copy is not known."""
    if allele is None:
        return None
    if allele == 0:
        return frozenset()
    other = call.others[allele - 1]
    if other in REFERENCE_BLOCKS or other == "*":
        return None
    if not other.isalpha():
        # A symbolic change (<DEL>, a breakend) touches the bases without telling how.
        return frozenset({(call.at, call.reference, "?")})
    if len(other) == len(call.reference):
        return frozenset(
            (call.at + offset, old, new)
            for offset, (old, new) in enumerate(zip(call.reference, other, strict=True))
            if old != new
        )
    return frozenset({definition.left_aligned(call.at, call.reference, other)})


def _code(definition: Definition, number: int, edits: frozenset[Edit] | None) -> int | None:
    if edits is None:
        return None
    position = definition.positions[number]
    is_indel = len(position.reference) > 1 or any(len(other) > 1 for other in position.others)
    code = 0
    for edit in edits:
        known = definition.edits.get(edit)
        if known is not None and known[0] == number:
            return known[1]
        at, old, new = edit
        single = len(old) == 1 and len(new) == 1
        if single and is_indel:
            continue  # a base change beside an indel says nothing about the indel
        # The first base of an indel's spelling is only its anchor.
        first = at if single or new == "?" else at + (old[0] == new[0])
        if first <= position.at <= at + len(old) - 1 or (is_indel and at == position.at):
            code = UNDOCUMENTED
    return code


def _merge(
    definition: Definition, number: int, found: list[tuple[Call, tuple[int | None, ...]]]
) -> Seen | None:
    """One genotype from the rows that speak of a position (sites with several others may be split)."""
    whole = [(call, codes) for call, codes in found if None not in codes]
    if not whole:
        return None
    first_call, first = whole[0]
    genotypes = {tuple(sorted(c for c in codes if c is not None)) for _, codes in whole}
    if len(whole) == 1 or len(genotypes) == 1:
        return _seen(first_call, first)
    copies = max(len(codes) for _, codes in whole)
    slots = [0] * copies
    others: list[int] = []
    for call, codes in whole:
        for slot, code in enumerate(codes):
            if code:
                others.append(code)
                if call.phased and slot < copies and slots[slot] == 0:
                    slots[slot] = code
    same_block = len({(call.phase_set, call.phased) for call, _ in whole}) == 1 and first_call.phased
    if len(others) > copies:
        place = definition.positions[number]
        lines = ", ".join(str(call.line) for call, _ in whole)
        raise VariantFileError(
            f"lines {lines}, {definition.chromosome}:{place.at}", genotypes, "rows that agree on one genotype"
        )
    if same_block and sorted(code for code in slots if code) == sorted(others):
        return _seen(first_call, tuple(slots))
    return Seen(tuple([0] * (copies - len(others)) + others), "")


def _seen(call: Call, codes: tuple[int | None, ...]) -> Seen:
    known = tuple(code for code in codes if code is not None)
    block = f"{call.chromosome}:{call.phase_set}" if call.phased and len(set(known)) > 1 else ""
    return Seen(known, block)
