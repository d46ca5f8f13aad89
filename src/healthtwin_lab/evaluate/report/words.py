"""Figures of a report as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_range(figure: Mapping[str, float], digits: int) -> str:
    """A figure with its interval.

    >>> with_range({"value": 1.2345, "low": 1.0, "high": 1.5}, 2)
    '1.23 (1.00 to 1.50)'
    """
    return f"{figure['value']:.{digits}f} ({figure['low']:.{digits}f} to {figure['high']:.{digits}f})"


def made_by(report: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Command, seeds, versions and checksums of a report, as rows.

    >>> made_by({"command": "healthtwin evaluate x", "seed": 0, "data": {"a.csv": {"sha256": "ab"}}})
    (('command', 'healthtwin evaluate x'), ('seed', '0'), ('data a.csv, sha256', 'ab'))
    """
    rows = []
    for name, value in report.items():
        if name == "data" and "sha256" in value:
            rows += [
                (f"data, {fact}", f"{told:,}" if isinstance(told, int) else str(told))
                for fact, told in value.items()
            ]
        elif name == "data":
            rows += [(f"data {file}, sha256", facts["sha256"]) for file, facts in value.items()]
        elif isinstance(value, (str, int, float)):
            rows.append((name.replace("_", " "), str(value)))
        elif name == "versions":
            rows += [(f"version of {package}", str(version)) for package, version in value.items()]
    return tuple(rows)


def figure_of(figures: Mapping[str, Any], name: str, digits: int = 3) -> str:
    """A named figure with its interval where it has one, or a dash.

    >>> figure_of({"auroc": 0.78, "auroc_interval": [0.76, 0.8]}, "auroc")
    '0.780 (0.760 to 0.800)'
    >>> figure_of({"auroc": 0.78}, "auroc"), figure_of({}, "ece")
    ('0.780', '–')
    """
    value, interval = figures.get(name), figures.get(f"{name}_interval")
    if value is None:
        return "–"
    if interval is None:
        return f"{value:.{digits}f}"
    return with_range({"value": value, "low": interval[0], "high": interval[1]}, digits)


def _told(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(told)}" for name, told in value.items())
    if isinstance(value, list):
        return ", ".join(map(_told, value)) or "none"
    return str(value)
