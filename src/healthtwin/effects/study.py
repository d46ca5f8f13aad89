"""A table of people, some of whom were treated: read from a file, checked, and put into numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.bounded import content_of
from healthtwin.domain.errors import InvalidInput, MalformedInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_BYTES: Final = 256 * 1024 * 1024
LEAST_EACH: Final = 20
"""People with and without the treatment: of fewer nothing can be said that an interval would not swallow."""

MOST_KINDS: Final = 20
"""A column of words with more kinds than this is a name or a free text, no covariate."""

MISSING: Final = frozenset({"", "na", "nan", "null", "none", "?", "."})


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Who was treated, what became of them, and what was known of them before.

    Attributes:
        treated: shape (people,). outcome: shape (people,).
        covariates: standardised, shape (people, columns): numbers as they are, words as a column a kind,
            missing values at the median with a column that says so.
        names: of the columns. left_out: columns that were not used, with the reason.
    """

    treated: NDArray[np.bool_]
    outcome: Floats
    covariates: Floats
    names: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.outcome)


def read_study(path: Path, treatment: str, outcome: str, covariates: Sequence[str] | None = None) -> Study:
    """A study from a CSV with a header, plain or in gzip.

    Args:
        treatment: column of 0 and 1. outcome: column of numbers.
        covariates: columns measured *before* the treatment; all others when None.

    Raises:
        InvalidInput: no such file or column; a treatment that is not 0 or 1; an outcome that is no number;
            too few people on either side; a covariate that is the treatment or the outcome itself.
        MalformedInput: no header, or a row cut short.
    """
    head, rows = _cells(path)
    for option, name in (("--treatment", treatment), ("--outcome", outcome)):
        if name not in head:
            raise InvalidInput(option, name, "a column of the file: " + ", ".join(head[:MOST_KINDS]))
    if treatment == outcome:
        raise InvalidInput("--outcome", outcome, "another column than the treatment")
    chosen = [name for name in head if name not in {treatment, outcome}] if covariates is None else covariates
    for name in chosen:
        if name not in head:
            raise InvalidInput("--covariates", name, "columns of the file: " + ", ".join(head[:MOST_KINDS]))
        if name in {treatment, outcome}:
            raise InvalidInput("--covariates", name, "columns other than treatment and outcome")
    columns = {name: [row[head.index(name)] for row in rows] for name in (treatment, outcome, *chosen)}
    treated = _treatment(path.name, treatment, columns[treatment])
    values = _outcome(path.name, outcome, columns[outcome])
    _check_enough(treated)
    parts: list[Floats] = []
    names: list[str] = []
    left_out: list[tuple[str, str]] = []
    for name in chosen:
        made, why = _covariate(name, columns[name])
        if why:
            left_out.append((name, why))
        for label, column in made:
            names.append(label)
            parts.append(column)
    matrix = np.column_stack(parts) if parts else np.empty((len(rows), 0))
    return Study(treated, values, _standardised(matrix), tuple(names), tuple(left_out))


def study_of(treated: Floats, outcome: Floats, covariates: Floats) -> Study:
    """A study from arrays: 0 or 1 of shape (people,), outcomes (people,), covariates (people, columns).

    Raises:
        InvalidInput: as `read_study`.
    """
    labels = [f"{value:g}" for value in np.asarray(treated, np.float64).tolist()]
    flags = _treatment("treated", "treated", labels)
    _check_enough(flags)
    matrix = np.asarray(covariates, np.float64)
    if not np.isfinite(matrix).all() or not np.isfinite(outcome).all():
        raise InvalidInput("covariates, outcome", "not finite", "numbers")
    names = tuple(f"x{i + 1}" for i in range(matrix.shape[1]))
    return Study(flags, np.asarray(outcome, np.float64), _standardised(matrix), names)


def _cells(path: Path) -> tuple[list[str], list[list[str]]]:
    raw = content_of(path, MOST_BYTES, "a study")
    try:
        rows = [row for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedInput(path.name, str(error), "CSV in UTF-8, plain or in gzip") from error
    if not rows:
        raise MalformedInput(path.name, "nothing", "a header and a row for each person")
    head = [name.strip() for name in rows[0]]
    if len(set(head)) < len(head):
        twice = next(name for name in head if head.count(name) > 1)
        raise MalformedInput(f"{path.name}, line 1", twice, "each column once")
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(head):
            raise MalformedInput(f"{path.name}, line {line}", f"{len(row)} cells", f"{len(head)} cells")
    return head, rows[1:]


def _treatment(file: str, name: str, cells: Sequence[str]) -> NDArray[np.bool_]:
    known = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}
    flags = []
    for line, cell in enumerate(cells, start=2):
        flag = known.get(cell.strip().lower())
        if flag is None:
            raise InvalidInput(f"{file}, line {line}, {name}", cell, "0 (not treated) or 1 (treated)")
        flags.append(flag)
    return np.array(flags, np.bool_)


def _outcome(file: str, name: str, cells: Sequence[str]) -> Floats:
    values = []
    for line, cell in enumerate(cells, start=2):
        value = _number(cell)
        if value is None or not np.isfinite(value):
            raise InvalidInput(f"{file}, line {line}, {name}", cell, "a number: what became of this person")
        values.append(value)
    return np.array(values)


def _check_enough(treated: NDArray[np.bool_]) -> None:
    for who, count in (("treated", int(treated.sum())), ("not treated", int((~treated).sum()))):
        if count < LEAST_EACH:
            raise InvalidInput("people", f"{count} {who}", f"{LEAST_EACH} or more on either side")


def _number(cell: str) -> float | None:
    text = cell.strip()
    if "_" in text:  # Python reads 7_2 as 72; nobody who fills in a table means that
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _covariate(name: str, cells: Sequence[str]) -> tuple[list[tuple[str, Floats]], str]:
    """Columns of numbers for one column of the file, and why there are none."""
    missing = np.array([cell.strip().lower() in MISSING for cell in cells])
    numbers = [None if gone else _number(cell) for cell, gone in zip(cells, missing, strict=True)]
    made: list[tuple[str, Floats]] = []
    if all(number is not None for number, gone in zip(numbers, missing, strict=True) if not gone):
        known = np.array([np.nan if number is None else number for number in numbers])
        missing |= ~np.isfinite(known)
        if missing.all():
            return [], "empty"
        filled = np.where(missing, np.median(known[~missing]), known)
        if np.ptp(filled) > 0:
            made.append((name, filled))
    else:
        words = [cell.strip() for cell in cells]
        kinds = sorted({word for word, gone in zip(words, missing, strict=True) if not gone})
        if len(kinds) > MOST_KINDS:
            return [], f"{len(kinds)} kinds of words"
        made += [(f"{name}={kind}", np.array([float(word == kind) for word in words])) for kind in kinds[1:]]
    if 0 < missing.sum() < len(cells):
        made.append((f"{name} missing", missing.astype(np.float64)))
    return made, "" if made else "the same for everybody"


def _standardised(matrix: Floats) -> Floats:
    if not matrix.shape[1]:
        return matrix
    spread = matrix.std(axis=0)
    return np.asarray((matrix - matrix.mean(axis=0)) / np.where(spread > 0, spread, 1.0), np.float64)
