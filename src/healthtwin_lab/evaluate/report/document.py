"""A report as what it says: sections of sentences, tables and pictures, before it is HTML or Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Table:
    """A table; cells are text already.

    Attributes:
        head: one entry per column. rows: each as long as `head`.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure.

    Attributes:
        name: file name without its ending, lower case. svg: the drawing. caption: what it shows and how to
            read it; also what is read aloud in its place.
    """

    name: str
    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what belongs under it, in this order: sentences, tables, pictures."""

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes:
        name: of its files. title: for people. made_by: the command, data checksums, seeds, versions.
    """

    name: str
    title: str
    made_by: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def as_markdown(document: Document) -> str:
    """The report in GitHub's Markdown; pictures are linked as files beside it.

    >>> table = Table(("a", "b"), (("1", "2"),))
    >>> print(as_markdown(Document("x", "X", (("seed", "0"),), (Section("S", ("Said.",), (table,)),))))
    <!-- Written by `healthtwin evaluate report`; do not edit. -->
    <BLANKLINE>
    # X
    <BLANKLINE>
    - **seed**: 0
    <BLANKLINE>
    ## S
    <BLANKLINE>
    Said.
    <BLANKLINE>
    | a | b |
    |---|---|
    | 1 | 2 |
    <BLANKLINE>
    """
    parts = ["<!-- Written by `healthtwin evaluate report`; do not edit. -->", f"# {document.title}"]
    parts.append("\n".join(f"- **{name}**: {value}" for name, value in document.made_by))
    for section in document.sections:
        parts.append(f"## {section.title}")
        parts += section.sentences
        parts += [_markdown_table(table) for table in section.tables]
        parts += [f"![{picture.caption}]({picture.name}.svg)" for picture in section.pictures]
    return "\n\n".join(parts) + "\n"


def _markdown_table(table: Table) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(table.head), "|" + "---|" * len(table.head), *map(line, table.rows)])
