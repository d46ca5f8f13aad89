"""The first page of an export: what is in it, in words, and each year in figures. No script."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain import Said
from healthtwin.words import say, spoken_language
from healthtwin.words.sentences import unit_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.domain import Metric
    from healthtwin.house.export.overview import Overview, Year

_WHAT: Final[Mapping[str, str]] = {
    "README.txt": "readme",
    "fhir/bundle.json": "bundle",
    "alerts.json": "alerts",
    "sharing.json": "sharing",
    "audit.jsonl": "audit",
    "log.jsonl": "log",
    "twin.json": "twin",
}
"""What a file is, in `mydata-about`; those of a folder stand together."""

_FOLDERS: Final = ("series", "tables")

_FIRST: Final = ("fhir/bundle.json", "alerts.json", "sharing.json", "audit.jsonl")
"""What people look for; the rest follows as it was written."""

_EVER_MS: Final = 2**45
"""A time further away than this (the year 3084) is no end that anybody asked for."""


def index_page(overview: Overview) -> str:
    """One self-contained HTML page in the language that is being spoken."""
    name = overview.person.name
    parts = [
        f'<!doctype html><html lang="{spoken_language()}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_said('mydata-title', name=name)}</title><style>{_style()}</style></head><body><main>",
        f"<h1>{_said('mydata-title', name=name)}</h1>",
        f"<p>{_said('mydata-made', name=name, at=overview.made_ms)}</p>",
        *_range(overview),
        f'<p class="mark">{_said("mydata-open")}</p>',
        _files(overview),
        _happened(overview),
        _years(overview),
        f'<p class="soft">{_said("mydata-left-out")}</p>',
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _range(overview: Overview) -> list[str]:
    ends = []
    if overview.from_ms > -_EVER_MS:
        ends.append(f"<p>{_said('mydata-from', at=overview.from_ms)}</p>")
    if overview.to_ms < _EVER_MS:
        ends.append(f"<p>{_said('mydata-until', at=overview.to_ms)}</p>")
    return ends


def _files(overview: Overview) -> str:
    lines = []
    alone = [name for name in overview.files if "/" not in name or name in _WHAT]
    for name in sorted(alone, key=lambda each: _FIRST.index(each) if each in _FIRST else len(_FIRST)):
        about = _said("mydata-about", file=_WHAT.get(name, "other"))
        lines.append(f'<tr><th><a href="{escape(name)}">{escape(name)}</a></th><td>{about}</td></tr>')
    for folder in _FOLDERS:
        count = sum(name.startswith(f"{folder}/") for name in overview.files)
        if count:
            title = _said("mydata-files", folder=f"{folder}/", count=count)
            lines.append(f"<tr><th>{title}</th><td>{_said('mydata-about', file=folder)}</td></tr>")
    head = f'<tr><th scope="col">{_said("mydata-file")}</th><th scope="col">{_said("mydata-holds")}</th></tr>'
    return (
        f'<section><h2>{_said("mydata-what")}</h2><table class="files"><thead>{head}</thead>'
        f"<tbody>{''.join(lines)}</tbody></table></section>"
    )


def _happened(overview: Overview) -> str:
    alerts, notes = (overview.rows.get(table, 0) for table in ("alerts", "events"))
    return (
        f"<section><h2>{_said('mydata-happened')}</h2><p>{_said('mydata-alerts', count=alerts)} "
        f"{_said('mydata-notes', count=notes)}</p></section>"
    )


def _years(overview: Overview) -> str:
    title = f"<h2>{_said('mydata-years')}</h2>"
    if not overview.years:
        return f"<section>{title}<p>{_said('mydata-no-readings')}</p></section>"
    hint = f'<p class="soft">{_said("mydata-years-hint")}</p>'
    tables = [_metric(overview, metric, years) for metric, years in overview.years.items()]
    return f"{title}{hint}{''.join(tables)}"


def _metric(overview: Overview, metric: Metric, years: list[Year]) -> str:
    links = [
        f'<a href="{name}">{_said(words)}</a>'
        for name, words in (
            (f"series/{metric.name}.csv", "mydata-every-value"),
            (f"series/{metric.name}.days.csv", "mydata-every-day"),
        )
        if name in overview.files
    ]
    columns = ("mydata-year", "mydata-count", "mydata-mean", "mydata-low", "mydata-high")
    head = "".join(f'<th scope="col">{_said(column)}</th>' for column in columns)
    rows = "".join(
        f'<tr><th scope="row">{year.year}</th><td>{year.count}</td><td>{_value(metric, year.mean)}</td>'
        f"<td>{_value(metric, year.low)}</td><td>{_value(metric, year.high)}</td></tr>"
        for year in years
    )
    return (
        f"<section><h3>{_heading(metric)}</h3>"
        f'<p class="soft">{" · ".join(links)}</p>'
        f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>'
    )


def _heading(metric: Metric) -> str:
    unit = say(Said(unit_id(metric.unit))).strip()
    return _said("mydata-metric", metric=metric.name, unit=unit or None)


def _value(metric: Metric, value: float) -> str:
    return _said("mydata-value", metric=metric.name, value=value)


def _said(code: str, /, **facts: str | float | None) -> str:
    return escape(say(Said.of(code, **facts)))


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")
