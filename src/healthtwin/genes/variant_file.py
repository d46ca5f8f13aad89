"""Reads one person's genotypes from a VCF 4.x file on GRCh38, plain, gzip or bgzip.

Nothing is believed that the file does not say: an absent position stays absent, and whatever contradicts the
format or the genome is an error with line and column. Format: VCF 4.1 to 4.5 (samtools/hts-specs).
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from healthtwin.domain.errors import TooLarge
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.genome_build import HeaderBuild

_FIXED = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_FIRST_SAMPLE = 9
_BASES = re.compile(r"^[ACGTNRYSWKMBDHV]+$", re.IGNORECASE)  # GRCh38 has a few bases that stand for several
_ALTERNATIVE = re.compile(r"^([ACGTNacgtn]+|\*|\.|<[^<>]+>|.*[\[\]].*)$")
_VERSION = re.compile(r"^##fileformat=VCFv4\.[0-9]\s*$")
_GT = re.compile(r"^[./|0-9]+$")
_BGZF_HEADER = 18  # bytes of a block's header; "BC" at 12 marks bgzip
_BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_LONGEST_FILE = 4 * 1024**3  # bytes after decompression; a whole genome with every position is larger
REFERENCE_BLOCKS = frozenset({"<NON_REF>", "<*>"})
_NOTHING = re.compile(r"^0+(\.0*)?$")
_NO_READS_IN_INFO = re.compile(r"(?:^|;)(?:MIN_)?DP=0+(?:;|$)")
_CHROMOSOMES = frozenset({*map(str, range(1, 23)), "X", "Y", "M", "MT"})
_DEPTHS = ("DP", "MIN_DP")
_QUALITIES = ("GQ", "RGQ", "GQX")
_LIKELIHOODS = ("PL", "GL")


@dataclass(frozen=True, slots=True)
class Call:
    """One row at a position somebody asked for.

    Args:
        line: 1-based line in the file.
        chromosome, at, reference, others: as written, bases in capitals.
        alleles: index of each copy, ``None`` for a missing one; one entry where the call is haploid.
        phased: written with ``|``.
        phase_set: the PS value, empty where none is given.
        end: last position the row speaks of (longer than the reference bases for reference blocks).
        unread: the row says itself that nothing was read there; then no allele of it is believed.
    """

    line: int
    chromosome: str
    at: int
    reference: str
    others: tuple[str, ...]
    alleles: tuple[int | None, ...]
    phased: bool
    phase_set: str
    end: int
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Genotypes:
    """What a file says about one person.

    Args:
        calls: rows that overlap a wanted region, in file order, per chromosome.
        sample: name of the sample column.
        notes: what a reader should know about the file.
        build: ``"GRCh38"`` where the header says so, empty where it does not tell.
    """

    sample: str
    calls: Mapping[str, tuple[Call, ...]]
    notes: tuple[str, ...] = field(default=())
    build: str = ""


def read_variant_file(
    path: Path,
    regions: Mapping[str, Iterable[tuple[int, int]]],
    *,
    sample: str | None = None,
    bare_names: bool = False,
) -> Genotypes:
    """Reads the rows that touch the wanted regions.

    Args:
        path: ``.vcf``, ``.vcf.gz`` or ``.vcf.bgz``.
        regions: chromosome (``"chr10"``) -> (first, last) positions, both included.
        sample: which column to read; needed when the file holds several people.
        bare_names: accept ``10`` for ``chr10`` (GRCh38 files of some providers).

    Raises:
        VariantFileError: with file, line and column, for everything that cannot be right.
    """
    try:
        with path.open("rb") as raw:
            return read_variants(raw, path.name, regions, sample=sample, bare_names=bare_names)
    except OSError as error:
        raise VariantFileError(str(path), error.strerror or str(error), "a file that can be read") from error


def read_variants(
    raw: BinaryIO,
    name: str,
    regions: Mapping[str, Iterable[tuple[int, int]]],
    *,
    sample: str | None = None,
    bare_names: bool = False,
) -> Genotypes:
    """The same of a file that is open at its beginning and can be searched; `name` is what errors call it."""
    wanted = {chromosome: _merged(spans) for chromosome, spans in regions.items()}
    reader = _Reader(name, wanted, sample, bare_names)
    for number, text in enumerate(_lines(raw, name), start=1):
        reader.take(number, text)
    return reader.finish()


class _Reader:
    """Walks the lines once; keeps only what was asked for."""

    def __init__(
        self, name: str, wanted: Mapping[str, list[tuple[int, int]]], sample: str | None, bare_names: bool
    ) -> None:
        self.name = name
        self.wanted = wanted
        self.asked_sample = sample
        self.bare_names = bare_names
        self.header = HeaderBuild()
        self.column = -1
        self.columns = 0
        self.sample = ""
        self.prefix: bool | None = None
        self.elsewhere: tuple[int, str] | None = None
        self.calls: dict[str, list[Call]] = {}
        self.last_line = 0

    def take(self, number: int, text: str) -> None:
        """One line of the file."""
        self.last_line = number
        if number == 1 and not _VERSION.match(text):
            raise self.wrong(1, "", text, "##fileformat=VCFv4.x on the first line")
        if text.startswith("##"):
            self._meta(number, text)
        elif self.column < 0:
            self._columns(number, text)
        elif text:
            self._row(number, text)

    def finish(self) -> Genotypes:
        """Everything is read: was it a whole file?"""
        if self.last_line == 0:
            raise self.wrong(1, "", "", "a VCF file; this one is empty")
        if self.column < 0:
            raise self.wrong(
                self.last_line, "", "end of file", "a #CHROM line; the file ends inside its header"
            )
        if self.prefix is None and self.elsewhere is not None:
            number, name = self.elsewhere
            raise self.wrong(number, "CHROM", name, "chr1 to chr22, chrX, chrY, chrM in at least one row")
        notes: tuple[str, ...] = ()
        if not self.header.named:
            notes = ("the header names no genome build; the reference bases were checked against GRCh38",)
        calls = {name: tuple(calls) for name, calls in self.calls.items()}
        return Genotypes(self.sample, calls, notes, self.header.named)

    def wrong(self, line: int, column: str, value: object, allowed: str) -> VariantFileError:
        """The error for a place in this file."""
        where = f"{self.name}, line {line}" + (f", column {column}" if column else "")
        return VariantFileError(where, value, allowed)

    def _meta(self, number: int, text: str) -> None:
        objection = self.header.objection(text, number)
        if objection is not None:
            raise self.wrong(number, "", text, objection)

    def _columns(self, number: int, text: str) -> None:
        names = text.split("\t")
        if not text.startswith("#CHROM"):
            raise self.wrong(number, "", text, "the #CHROM line before the first row, columns parted by tabs")
        late = self.header.last_objection()
        if late is not None:
            line, said, allowed = late
            raise self.wrong(line, "", said, allowed)
        for place, expected in enumerate(_FIXED):
            found = names[place] if place < len(names) else "nothing"
            if found != expected:
                raise self.wrong(number, f"{place + 1}", found, f"{expected}; the order of columns is fixed")
        samples = names[_FIRST_SAMPLE:]
        if len(names) <= _FIRST_SAMPLE or names[_FIRST_SAMPLE - 1] != "FORMAT":
            raise self.wrong(
                number, "FORMAT", len(samples), "FORMAT and at least one sample column with genotypes"
            )
        self.column = _FIRST_SAMPLE + self._sample_place(number, samples)
        self.sample = names[self.column]
        self.columns = len(names)

    def _sample_place(self, number: int, samples: list[str]) -> int:
        if len(set(samples)) != len(samples):
            raise self.wrong(number, "samples", ", ".join(samples), "different names for different samples")
        if self.asked_sample is not None:
            if self.asked_sample not in samples:
                raise self.wrong(number, "samples", self.asked_sample, "one of " + ", ".join(samples[:20]))
            return samples.index(self.asked_sample)
        if len(samples) != 1:
            raise self.wrong(
                number,
                "samples",
                f"{len(samples)} samples",
                "one sample, or say which: " + ", ".join(samples[:20]),
            )
        return 0

    def _row(self, number: int, text: str) -> None:
        found = text.count("\t") + 1
        if found != self.columns:
            expected = f"{self.columns} as in the #CHROM line (cut off or not tab-parted?)"
            raise self.wrong(number, "", f"{found} columns", expected)
        # A genome has millions of rows: the whole row is parted only where it is wanted.
        cells = text.split("\t", 5)
        chromosome = self._chromosome(number, cells[0])
        if not cells[1].isdigit():
            raise self.wrong(number, "POS", cells[1], "a whole number from 1 (are columns swapped?)")
        spans = self.wanted.get(chromosome)
        at = int(cells[1])
        if not _BASES.match(cells[3]):
            raise self.wrong(number, "REF", cells[3], "bases A, C, G, T or N (are columns swapped?)")
        if spans is None:
            return
        cells = text.split("\t")
        end = self._end(number, cells, at)
        if not any(first <= end and at <= last for first, last in spans):
            return
        others = tuple(other.upper() for other in cells[4].split(",") if other != ".")
        for other in others:
            if not _ALTERNATIVE.match(other):
                raise self.wrong(
                    number, "ALT", cells[4], "bases, *, a symbol in <> or . (are columns swapped?)"
                )
        call = self._call(number, cells, chromosome, at, others, end)
        self.calls.setdefault(chromosome, []).append(call)

    def _chromosome(self, number: int, name: str) -> str:
        has_prefix = name.startswith("chr")
        if name.casefold().removeprefix("chr").upper() not in _CHROMOSOMES:
            self.elsewhere = self.elsewhere or (number, name)
            return (
                name  # a contig beside the chromosomes (HLA-A*01:01:01:01, chrUn_...) has a name of its own
            )
        if self.prefix is None:
            self.prefix = has_prefix
        if has_prefix != self.prefix:
            raise self.wrong(
                number, "CHROM", name, "one way of naming chromosomes; this file mixes chr10 and 10"
            )
        if has_prefix:
            return "chrM" if name == "chrMT" else name
        if not self.bare_names:
            expected = "chr1 to chr22, chrX, chrY, chrM"
            if name in {"M", "MT", "X", "Y"} or name.isdigit():
                expected = "chrM" if name in {"M", "MT"} else f"chr{name}"
            raise self.wrong(
                number,
                "CHROM",
                name,
                f"{expected}, as GRCh38 names it; if the file is on GRCh38, allow bare names",
            )
        return "chrM" if name in {"M", "MT"} else f"chr{name}"

    def _end(self, number: int, cells: list[str], at: int) -> int:
        end = at + len(cells[3]) - 1
        if "END=" in cells[7] and _covers_a_span(cells[4].split(",")):
            found = re.search(r"(?:^|;)END=(\d+)", cells[7])
            if found:
                end = max(end, int(found.group(1)))
                if end < at:
                    raise self.wrong(number, "INFO", cells[7], "END at or after POS")
        return end

    def _call(
        self, number: int, cells: list[str], chromosome: str, at: int, others: tuple[str, ...], end: int
    ) -> Call:
        keys = cells[8].split(":")
        values = cells[self.column].split(":")
        sample = dict(zip(keys, values, strict=False))
        written = sample.get(
            "GT", "./."
        )  # a row may have no genotype (a segment with its copies): it was not read
        if not _GT.match(written):
            raise self.wrong(number, self.sample, written, "a genotype such as 0/1, 1|0 or ./.")
        phase_set = ""
        if sample.get("PS", ".") != ".":
            phase_set = sample["PS"]
        copies = re.split(r"[/|]", written.lstrip("/|"))  # VCF 4.4 may open with the phasing sign
        if len(copies) > 2:  # noqa: PLR2004  # a person has two copies of a chromosome
            raise self.wrong(
                number, self.sample, written, "one or two alleles; more copies cannot be phased here"
            )
        alleles: list[int | None] = []
        for copy in copies:
            if copy == ".":
                alleles.append(None)
            elif copy.isdigit() and int(copy) <= len(others):
                alleles.append(int(copy))
            else:
                raise self.wrong(number, self.sample, written, f"allele numbers 0 to {len(others)}")
        unread = "GT" not in sample or _nothing_was_read(cells[7], sample)
        return Call(
            line=number,
            chromosome=chromosome,
            at=at,
            reference=cells[3].upper(),
            others=others,
            alleles=(None,) * len(alleles) if unread else tuple(alleles),
            phased="|" in written,
            phase_set=phase_set,
            end=end,
            unread=unread,
        )


def _covers_a_span(others: list[str]) -> bool:
    """Whether a row speaks of all bases to its END: reference blocks, and symbols for lost bases."""
    return any(other in REFERENCE_BLOCKS or other.startswith(("<DEL", "<CN", "<INV")) for other in others)


def _nothing_was_read(info: str, sample: Mapping[str, str]) -> bool:
    """Whether a row's own numbers say that no read stood behind its genotype.

    Callers write ``0/0`` for "no coverage" too: GATK and DRAGEN as ``0/0:0:0`` (DP and GQ), DeepVariant and
    Clair3 by MIN_DP, bcftools in INFO, others by likelihoods that are all the same.
    """
    depths = [sample[name] for name in _DEPTHS if name in sample and sample[name] != "."]
    if any(_NOTHING.match(value) for value in depths):
        return True
    if any(_NOTHING.match(sample.get(name, ".")) for name in _QUALITIES):
        return True
    reads = sample.get("AD", ".").split(",")
    if all(_NOTHING.match(value) for value in reads):
        return True
    for name in _LIKELIHOODS:
        values = sample.get(name, ".").split(",")
        if len(values) > 1 and all(_NOTHING.match(value) for value in values):
            return True
    return not depths and _NO_READS_IN_INFO.search(info) is not None


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _lines(raw: BinaryIO, name: str) -> Iterator[str]:
    """Lines without their ends; a file cut off in the middle is an error, wherever the cut fell."""
    number = 0
    try:
        start = raw.read(_BGZF_HEADER)
        packed = start[:2] == b"\x1f\x8b"
        if packed and start[12:14] == b"BC":
            _check_bgzf_end(raw, name)
        raw.seek(0)
        total = 0
        for raw_line in gzip.GzipFile(fileobj=raw) if packed else raw:
            number += 1
            total += len(raw_line)
            if total > _LONGEST_FILE:
                raise TooLarge(f"{name} is larger than {_LONGEST_FILE} bytes: cut it to the genes first")
            yield raw_line.rstrip(b"\r\n").decode("utf-8")
    except UnicodeDecodeError as error:
        raise VariantFileError(f"{name}, line {number}", error.object[:20], "UTF-8 text") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise VariantFileError(
            f"{name}, line {number + 1}", str(error), "a whole file; it is cut off"
        ) from error


def _check_bgzf_end(raw: BinaryIO, name: str) -> None:
    raw.seek(max(0, raw.seek(0, os.SEEK_END) - len(_BGZF_END)))
    if raw.read() != _BGZF_END:
        raise VariantFileError(name, "no end-of-file block", "a whole bgzip file; this one is cut off")
