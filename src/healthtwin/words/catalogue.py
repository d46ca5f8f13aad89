"""The messages of one language: found in its files at once, parsed one by one when they are first said.

Parsing a whole catalogue takes longer than anybody waits for a first sentence; where each entry begins can be
seen from the start of its line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from healthtwin.words.languages import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fluent.syntax import ast

_ENTRY: Final = re.compile(r"^(-?[a-zA-Z][a-zA-Z0-9_-]*)[ ]*=.*(?:\n(?:[ }].*)?)*", re.MULTILINE)
"""An entry: its id at the start of a line, and the indented, closing or blank lines after it."""


class CatalogueError(Exception):
    """A catalogue does not say what is asked of it, or says it wrongly: our mistake, never a reader's."""


class Catalogue:
    """The messages and terms (``-name``) of one language.

    Args:
        language: its tag. sources: the text of each file, by the file's name.

    Raises:
        CatalogueError: an id that stands twice.
    """

    def __init__(self, language: str, sources: Mapping[str, str]) -> None:
        self.language = language
        self._sources: dict[str, str] = {}
        self._parsed: dict[str, ast.Message | ast.Term] = {}
        for name, text in sources.items():
            for found in _ENTRY.finditer(text):
                if found[1] in self._sources:
                    raise CatalogueError(f"{language}/{name}: {found[1]} stands twice")
                self._sources[found[1]] = found[0]

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def entry(self, message_id: str) -> ast.Message | ast.Term:
        """A message, or a term by its name with the hyphen.

        Raises:
            CatalogueError: there is none, or it cannot be parsed.
        """
        found = self._parsed.get(message_id)
        if found is None:
            found = self._parsed[message_id] = self._parse(message_id)
        return found

    def _parse(self, message_id: str) -> ast.Message | ast.Term:
        from fluent.syntax import FluentParser, ast

        source = self._sources.get(message_id)
        if source is None:
            raise CatalogueError(f"{self.language}: no message {message_id}")
        entry = FluentParser(with_spans=False).parse_entry(source)
        if not isinstance(entry, ast.Message | ast.Term):
            raise CatalogueError(f"{self.language}: {message_id} is no Fluent message")
        return entry


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language, read once.

    Args:
        language: one of `healthtwin.words.LANGUAGES`.
    """
    files = sorted((FOLDER / language).glob("*.ftl"))
    return Catalogue(language, {path.name: path.read_text(encoding="utf-8") for path in files})
