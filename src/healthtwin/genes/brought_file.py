"""A file of genotypes as a plain value, there and back: one process reads it, another keeps it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from healthtwin.genes.variant_file import Call, Genotypes, read_variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import BinaryIO

PARSER = "healthtwin.genes.brought_file:genotypes_in"
"""What `healthtwin.sandbox` is told to run."""


def options_of(
    name: str, regions: Mapping[str, Iterable[tuple[int, int]]], sample: str | None, *, bare_names: bool
) -> dict[str, Any]:
    """What `genotypes_in` needs besides the file."""
    wanted = {chromosome: list(spans) for chromosome, spans in regions.items()}
    return {"name": name, "regions": wanted, "sample": sample, "bare_names": bare_names}


def genotypes_in(stream: BinaryIO, options: dict[str, Any]) -> dict[str, Any]:
    """Read a VCF.

    Raises:
        VariantFileError: whatever is wrong with the file, with line and column.
    """
    found = read_variants(
        stream,
        options["name"],
        options["regions"],
        sample=options["sample"],
        bare_names=options["bare_names"],
    )
    return asdict(found)


def genotypes_from(told: Any) -> Genotypes:  # noqa: ANN401 - what came out of JSON
    """The same again.

    >>> seen = Genotypes("S1", {"chr1": (Call(9, "chr1", 5, "A", ("C",), (0, None), False, "", 5),)})
    >>> genotypes_from(asdict(seen)) == seen
    True
    """
    return Genotypes(
        str(told["sample"]),
        {str(name): tuple(map(_call_from, calls)) for name, calls in told["calls"].items()},
        tuple(map(str, told["notes"])),
        str(told["build"]),
    )


def _call_from(told: dict[str, Any]) -> Call:
    return Call(**{**told, "others": tuple(told["others"]), "alleles": tuple(told["alleles"])})
