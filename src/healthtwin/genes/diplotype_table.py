"""A table of diplotypes in, the same rows with phenotype and activity score out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.errors import UnknownGene, VariantFileError
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.phenotype import assign_phenotype

ADDED = ("phenotype", "activity_score")
Row = dict[str, str]


def phenotype_rows(
    stream: TextIO, *, name: str = "table", knowledge: Knowledge | None = None
) -> Iterator[tuple[Row, InvalidInput | None]]:
    r"""Each row with its two new columns, or with them empty and the reason beside it.

    Args:
        stream: CSV with a header that holds ``gene`` and ``diplotype``; other columns are kept.
        name: the file's name, for error messages.

    Raises:
        VariantFileError: the header lacks a column, or the two columns are swapped.

    >>> import io
    >>> rows = phenotype_rows(io.StringIO("gene,diplotype\nCYP2C9,*1/*3\n"))
    >>> [(row["phenotype"], row["activity_score"]) for row, problem in rows]
    [('Intermediate Metabolizer', '1.0')]
    """
    tables = knowledge or starter()
    reader = csv.reader(stream)
    header = next(reader, [])
    for column in ("gene", "diplotype"):
        if header.count(column) != 1:
            raise VariantFileError(f"{name}, line 1", ",".join(header), "a header with gene and diplotype")
    known: dict[tuple[str, str, str], tuple[str, str]] = {}
    for cells in reader:
        if not cells:
            continue
        where = f"{name}, line {reader.line_num}"
        row = dict(zip(header, cells, strict=False))
        key = (row.get("gene", ""), row.get("diplotype", ""), row.get("sex", ""))
        try:
            if len(cells) != len(header):
                raise VariantFileError(where, ",".join(cells), f"{len(header)} columns as in the header")
            if key not in known:
                _check_order(key[0], key[1], where, tables)
                result = assign_phenotype(key[0], key[1], sex=key[2] or None, knowledge=tables)
                known[key] = (result.phenotype, result.activity_score or "")
            row["phenotype"], row["activity_score"] = known[key]
            yield row, None
        except InvalidInput as error:
            row["phenotype"] = row["activity_score"] = ""
            if error.field.startswith(name):
                yield row, error
            else:
                yield row, type(error)(f"{where}, {error.field}", error.value, error.allowed)


def write_rows(rows: Iterable[Row], out: TextIO) -> int:
    """Writes rows as CSV with the two added columns last; gives their number."""
    writer: csv.DictWriter[str] | None = None
    count = 0
    for row in rows:
        if writer is None:
            columns = [key for key in row if key not in ADDED]
            writer = csv.DictWriter(out, [*columns, *ADDED], extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
        count += 1
    return count


def _check_order(gene: str, diplotype: str, where: str, tables: Knowledge) -> None:
    """Gene and diplotype exchanged give a better message than "unknown gene *1/*2"."""
    if gene.strip().upper() not in tables.genes and diplotype.strip().upper() in tables.genes:
        raise VariantFileError(
            where, f"{gene},{diplotype}", "gene first, diplotype second: the columns are swapped"
        )
    if not gene.strip():
        raise UnknownGene(f"{where}, gene", gene, "a gene symbol")
