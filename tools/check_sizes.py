"""Holds files to 600 lines and functions to 80, so that each can be read in one sitting.

A numeric kernel or a rule table may be longer when it says why in `size_exemptions.toml`. An exemption
that is no longer needed fails too, so the list cannot outlive its reasons.

Usage: python tools/check_sizes.py [FOLDER]   (default: the repository this file lies in)
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LONGEST_FILE: Final = 600
"""Lines; the files that people fear to touch in well-known projects start at about 2,000."""

LONGEST_FUNCTION: Final = 80
"""Lines from `def` to the last statement, docstring included."""

FOLDERS: Final = ("src", "tests", "benchmarks", "tools")
SUFFIXES: Final = frozenset({".css", ".html", ".js", ".py", ".sh"})
VENDORED: Final = "vendor"
"""Folders of this name hold other projects' files, kept byte for byte as they were published."""

EXEMPTIONS: Final = Path("tools") / "size_exemptions.toml"


@dataclass(frozen=True, slots=True, order=True)
class Oversize:
    """One file or function beyond its limit.

    Attributes:
        path: file, relative to the repository, with forward slashes.
        function: dotted name inside the file; empty for the file itself.
        lines: how long it is.
        limit: how long it may be.
    """

    path: str
    function: str
    lines: int
    limit: int

    @property
    def subject(self) -> str:
        """What is too long, as the exemption list names it."""
        return f"{self.path}:{self.function}" if self.function else self.path


def oversize_in(root: Path) -> Iterator[Oversize]:
    """Everything in the repository that is longer than allowed, in a stable order."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and VENDORED not in path.parts:
                yield from _oversize_in_file(path, path.relative_to(root).as_posix())


def _oversize_in_file(path: Path, name: str) -> Iterator[Oversize]:
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > LONGEST_FILE:
        yield Oversize(name, "", lines, LONGEST_FILE)
    if path.suffix == ".py":
        for function, length in _functions(ast.parse(text, name), ()):
            if length > LONGEST_FUNCTION:
                yield Oversize(name, function, length, LONGEST_FUNCTION)


def _functions(node: ast.AST, outer: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for child in ast.iter_child_nodes(node):
        inner = outer
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = (*outer, child.name)
            if not isinstance(child, ast.ClassDef) and child.end_lineno is not None:
                yield ".".join(inner), child.end_lineno - child.lineno + 1
        yield from _functions(child, inner)


def exemptions_in(root: Path) -> dict[str, str]:
    """Reason of each exempted subject.

    Raises:
        ValueError: an entry without a reason.
    """
    listing = root / EXEMPTIONS
    if not listing.exists():
        return {}
    table = tomllib.loads(listing.read_text(encoding="utf-8"))
    for subject, reason in table.items():
        if not (isinstance(reason, str) and reason.strip()):
            raise ValueError(f'{EXEMPTIONS}: "{subject}" needs a reason in words, not {reason!r}')
    return table


def complaints(root: Path) -> list[str]:
    """One line for everything that is too long without a reason, or exempted without need."""
    exempt = exemptions_in(root)
    found = sorted(oversize_in(root))
    lines = [
        f"{each.subject}: {each.lines} lines, at most {each.limit}"
        for each in found
        if each.subject not in exempt
    ]
    stale = exempt.keys() - {each.subject for each in found}
    lines += [f"{EXEMPTIONS}: {subject} is within the limit; drop its exemption" for subject in sorted(stale)]
    return lines


def main() -> int:
    """Print the complaints; 1 when there are any."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = complaints(root)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
