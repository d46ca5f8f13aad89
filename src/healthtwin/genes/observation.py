"""What a file shows at the positions that define a gene: two alleles, one, or nothing; and their phase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from healthtwin.domain import Said
from healthtwin.genes.definition import Definition, Edit
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.variant_file import REFERENCE_BLOCKS, Call, Genotypes

UNDOCUMENTED = 30  # code of a change at a defining position that no allele's definition knows
UNREADABLE = 31  # an unlisted change that is more than one base for another: which bases are left is not told
_BESIDE = 60  # bases read to the right of a position, where shifted spellings of its indels may stand
_SYMBOL = "?"  # in the place of bases: a change that a row names without spelling it
_COPIES = 2

Codes = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The alleles at one position: 0 the reference, i the i-th other, `UNDOCUMENTED` or `UNREADABLE` else.

    ``None`` stands for a copy that nobody saw (``./1``): the other one is known all the same.
    ``block`` names the haplotype block that tells the order of the two; empty where the order is unknown.
    """

    codes: Codes
    block: str

    @property
    def whole(self) -> bool:
        """Whether every copy was seen."""
        return None not in self.codes

    @property
    def known(self) -> tuple[int, ...]:
        """The copies that were seen."""
        return tuple(code for code in self.codes if code is not None)


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
    definition: Definition,
    genotypes: Genotypes,
    *,
    missing_is_reference: bool = False,
    one_copy: bool = False,
) -> Observation:
    """Reads the defining positions of a gene out of a person's rows.

    Args:
        missing_is_reference: the person says that unlisted positions were looked at and found unchanged.
        one_copy: the person has one chromosome of the kind; a row with one allele is whole then.

    Raises:
        VariantFileError: reference bases that are not GRCh38's; rows that contradict each other.
    """
    rows: dict[int, list[tuple[Call, Codes]]] = {}
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
    copies = _copies(rows, one_copy=one_copy)
    seen: dict[int, Seen] = {}
    notes: list[Said] = []
    for number, found in sorted(rows.items()):
        padded = [(call, _padded(codes, copies, one_copy=one_copy)) for call, codes in found]
        merged = _merge(definition, number, padded, copies)
        notes.extend(_notes(definition.positions[number].label, found, merged, copies))
        if merged is not None:
            seen[number] = merged
    assumed = 0
    if missing_is_reference:
        for number in range(len(definition.positions)):
            if number not in seen and number not in rows:
                seen[number] = Seen((0,) * copies, "")
                assumed += 1
    return Observation(seen, copies, assumed, tuple(notes))


def _copies(rows: dict[int, list[tuple[Call, Codes]]], *, one_copy: bool) -> int:
    """1 where every row has one allele; else 2, save where the person has one chromosome of the kind."""
    written = {len(codes) for found in rows.values() for call, codes in found if not call.unread}
    return 1 if written == {1} or (one_copy and not written) else _COPIES


def _padded(codes: Codes, copies: int, *, one_copy: bool) -> Codes:
    """A row with one allele among rows with two: one chromosome is not two, the other copy was not seen."""
    if len(codes) == copies:
        return codes
    if len(codes) > copies:
        return codes[:copies]
    return codes * copies if one_copy else (*codes, None)


def _notes(label: str, found: list[tuple[Call, Codes]], merged: Seen | None, copies: int) -> Iterator[Said]:
    if merged is None or not merged.whole:
        if all(call.unread for call, _ in found):
            yield Said.of("gene-warns-unread", position=label)
        elif merged is not None and any(len(codes) < copies for _, codes in found):
            yield Said.of("gene-warns-one-allele", position=label)
        elif any(code is not None for _, codes in found for code in codes):
            yield Said.of("gene-warns-half", position=label)
    if merged is not None and not {UNDOCUMENTED, UNREADABLE}.isdisjoint(merged.codes):
        yield Said.of("gene-warns-unlisted", position=label)


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
        return frozenset({(call.at, call.reference, _SYMBOL)})
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
        if new == _SYMBOL:
            return UNREADABLE
        single = len(old) == 1 and len(new) == 1
        if single and is_indel:
            continue  # a base change beside an indel says nothing about the indel
        # The first base of an indel's spelling is only its anchor.
        first = at if single else at + (old[0] == new[0])
        if first <= position.at <= at + len(old) - 1 or (is_indel and at == position.at):
            code = UNDOCUMENTED if single else UNREADABLE
    return code


def _merge(definition: Definition, number: int, found: list[tuple[Call, Codes]], copies: int) -> Seen | None:
    """One genotype from the rows that speak of a position (sites with several others may be split).

    In a split site 0 and ``.`` both say "not this one": ``1/.`` beside ``./1`` is whole, alone it is half.
    """
    changes = _changes(found)
    if changes is None or len(changes) > copies:
        place = definition.positions[number]
        lines = ", ".join(str(call.line) for call, _ in found)
        genotypes = {tuple("." if code is None else code for code in codes) for _, codes in found}
        raise VariantFileError(
            f"lines {lines}, {definition.chromosome}:{place.at}", genotypes, "rows that agree on one genotype"
        )
    if len(found) == 1 or len({codes for _, codes in found}) == 1:
        return _seen(*found[0])
    unknown = max(
        (codes.count(None) - _changed_elsewhere(changes, codes) for _, codes in found if None in codes),
        default=0,
    )
    left = copies - len(changes)
    unknown = max(0, min(unknown, left))
    slots = _slots(found, copies)
    call = found[0][0]
    same_block = len({(each.phase_set, each.phased) for each, _ in found}) == 1 and call.phased
    if same_block and unknown == 0 and sorted(code for code in slots if code) == sorted(changes):
        return _seen(call, tuple(slots))
    return _only_known((*changes, *(0,) * (left - unknown), *(None,) * unknown))


def _changes(found: list[tuple[Call, Codes]]) -> list[int] | None:
    """Every change once per copy that carries it, however often repeated; ``None`` for contradictions."""
    counts: dict[int, set[int]] = {}
    halves: dict[int, int] = {}
    for _, codes in found:
        for code in set(codes):
            if not code:
                continue
            count = codes.count(code)
            if None in codes:
                halves[code] = max(halves.get(code, 0), count)
            else:
                counts.setdefault(code, set()).add(count)
    if any(len(told) > 1 for code, told in counts.items() if code < UNDOCUMENTED):
        return None
    most = {code: max((*counts.get(code, ()), halves.get(code, 0))) for code in {*counts, *halves}}
    return sorted(code for code, count in most.items() for _ in range(count))


def _changed_elsewhere(changes: list[int], codes: Codes) -> int:
    """How many changes other rows bring: each takes the place of one copy that this row does not know."""
    return len(changes) - sum(1 for code in codes if code)


def _slots(found: list[tuple[Call, Codes]], copies: int) -> list[int]:
    slots = [0] * copies
    for call, codes in found:
        for slot, code in enumerate(codes):
            if code and call.phased and slots[slot] == 0:
                slots[slot] = code
    return slots


def _seen(call: Call, codes: Codes) -> Seen | None:
    known = {code for code in codes if code is not None}
    ordered = call.phased and len(codes) > 1 and (len(known) > 1 or None in codes)
    return _only_known(codes, f"{call.chromosome}:{call.phase_set}" if ordered else "")


def _only_known(codes: Codes, block: str = "") -> Seen | None:
    return Seen(codes, block) if any(code is not None for code in codes) else None
