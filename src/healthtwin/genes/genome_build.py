"""Which genome a VCF's positions are on, judged by the names and the lengths in its header.

A file on another genome gives wrong alleles silently: its rows are found at our positions by chance, and
those that are not there would pass for unchanged. So whatever names another genome refuses the file, in any
spelling, and a chromosome whose length is not that of GRCh38 refuses it too, whatever the names say.

Lengths: GRCh38 assembly report (GCA_000001405.15), unchanged through all of its patches.
"""

from __future__ import annotations

import re
from typing import Final

GRCH38: Final = "GRCh38"

_LENGTHS: Final = {
    "1": 248956422,
    "2": 242193529,
    "3": 198295559,
    "4": 190214555,
    "5": 181538259,
    "6": 170805979,
    "7": 159345973,
    "8": 145138636,
    "9": 138394717,
    "10": 133797422,
    "11": 135086622,
    "12": 133275309,
    "13": 114364328,
    "14": 107043718,
    "15": 101991189,
    "16": 90338345,
    "17": 83257441,
    "18": 80373285,
    "19": 58617616,
    "20": 64444167,
    "21": 46709983,
    "22": 50818468,
    "X": 156040895,
    "Y": 57227415,
    "M": 16569,
}
"""Bases of each chromosome."""

_EDGE: Final = r"(?<![A-Za-z0-9])"
_OLD: Final = re.compile(
    "|".join(
        (
            r"GRCh[-_ ]?3[67]",
            r"NCBI[-_ ]?(?:build[-_ ]?)?3[567]",
            r"hg[-_ ]?1[6-9](?!\d)",
            r"hs[-_ ]?37|37d5|g1k[-_. ]?v?37",
            rf"{_EDGE}[bv]3[67](?!\d)",
            r"(?:human|sapiens|ref|genome|build)[-_. ]?3[67](?!\d)",
            r"^\"?3[67](?:\.\d+)?\"?$",
            r"assembly[-_ ]?1[89](?!\d)",
            r"GCF_000001405\.(?:1[0-9]|2[0-5])(?!\d)",
            r"GCA_000001405\.(?:[1-9]|1[0-4])(?!\d)",
            rf"T2T|CHM13|{_EDGE}hs1(?![A-Za-z0-9])",
        )
    ),
    re.IGNORECASE,
)
_NEW: Final = re.compile(
    "|".join(
        (
            r"(?:GRCh|NCBI|hg|hs|assembly)[-_ ]?38",
            rf"{_EDGE}[bv]38(?!\d)",
            r"(?:human|sapiens|ref|genome|build)[-_. ]?38(?!\d)",
            r"^\"?38(?:\.\d+)?\"?$",
            r"GCF_000001405\.(?:2[6-9]|[3-9]\d)",
            r"GCA_000001405\.(?:1[5-9]|[2-9]\d)",
        )
    ),
    re.IGNORECASE,
)
_META: Final = re.compile(r"^##([^=]+)=(.*)$")
_SPEAKS: Final = re.compile(r"reference|assembly|genome|build|fasta", re.IGNORECASE)
_CONTIG: Final = re.compile(r"^<.*?ID=([^,>]+)(.*)>\s*$")
_DESCRIBES: Final = frozenset({"INFO", "FORMAT", "FILTER", "ALT", "SAMPLE", "PEDIGREE", "META"})
_OTHER_GENOME: Final = "GRCh38; lift the file over first, positions differ between builds"


class HeaderBuild:
    """What a header's lines say of the genome, taken in one after the other.

    Attributes:
        named: ``"GRCh38"`` once a name or a length says so, empty before.

    >>> build = HeaderBuild()
    >>> build.objection("##reference=file:///ref/human_g1k_v37.fasta")
    'GRCh38; lift the file over first, positions differ between builds'
    >>> build.objection("##contig=<ID=chr10,length=133797422>"), build.named
    (None, 'GRCh38')
    """

    def __init__(self) -> None:
        self.named = ""
        self._hint: tuple[int, str] | None = None

    def objection(self, text: str, line: int = 0) -> str | None:
        """What would have been right, where a line speaks of another genome; ``None`` else."""
        found = _META.match(text)
        if not found:
            return None
        key, value = found.groups()
        if key.casefold() == "contig":
            return self._contig(value)
        if _SPEAKS.search(key) and not key.casefold().startswith("dbsnp"):
            return self._name(value)
        if key not in _DESCRIBES and self._hint is None and _OLD.search(value) and not _NEW.search(value):
            self._hint = (line, text)
        return None

    def last_objection(self) -> tuple[int, str, str] | None:
        """(line, text, what would be right) where only a command names a genome, and another one."""
        return (*self._hint, _OTHER_GENOME) if self._hint and not self.named else None

    def _name(self, value: str) -> str | None:
        # The file's own name decides; the folders above it may be named after anything.
        for text in (value.rstrip('/">').replace("\\", "/").rsplit("/", 1)[-1], value):
            old, new = _OLD.search(text), _NEW.search(text)
            if old:
                return _OTHER_GENOME if not new else "GRCh38 alone; this names two genomes"
            if new:
                self.named = GRCH38
                return None
        return None

    def _contig(self, value: str) -> str | None:
        found = _CONTIG.match(value)
        if not found:
            return None
        name, rest = found.groups()
        length = re.search(r"length=(\d+)", rest)
        chromosome = _plain(name)
        if length and chromosome in _LENGTHS and int(length.group(1)) != _LENGTHS[chromosome]:
            return f"GRCh38 (chromosome {chromosome} has {_LENGTHS[chromosome]} bases there)"
        objection = self._name(f"{name} {rest}")
        if objection is None and length and chromosome in _LENGTHS:
            self.named = GRCH38
        return objection


def _plain(name: str) -> str:
    plain = name.casefold().removeprefix("chr").upper()
    return "M" if plain == "MT" else plain
