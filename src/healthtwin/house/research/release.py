"""De-identified data of those who agreed, as a ZIP file: classes of at least k, no date, place or text."""

from __future__ import annotations

import csv
import io
import os
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from healthtwin.domain import DAY_MS, METRICS, AlertLevel, Said, from_ms
from healthtwin.domain.errors import HealthTwinError, InvalidInput
from healthtwin.house.research.consents import ResearchConsents, recipient_of
from healthtwin.notify import Alerts
from healthtwin.privacy.deidentify import (
    CAPPED_AGE,
    UNKNOWN,
    WEEK_MS,
    Person,
    Released,
    TooFew,
    fewest_values,
    released,
    shifted_ms,
    smallest_class,
)
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.people import People
from healthtwin.store.statements import Statements, Subject
from healthtwin.words import DEFAULT_LANGUAGE, say, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from healthtwin.domain import Metric
    from healthtwin.store import Home
    from healthtwin.store.people import Person as Resident

STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""Of every file in the ZIP: when it was made is a real date, too."""

NO_SERIES: Final = "none"
WEEKLY: Final = "weekly"
SERIES: Final = (NO_SERIES, WEEKLY)

LEAST_K: Final = 2
_MONDAY_MS: Final = 4 * DAY_MS
"""The epoch was a Thursday: the first Monday after it."""

_FOR_EVER_MS: Final = 2**52


@dataclass(frozen=True, slots=True)
class ResearchWish:
    """What is to leave, for whom.

    Attributes:
        recipient: by name; consents are given to it, and dates move by another secret for each.
        people: ids; empty: everybody who agreed.
        k: least people in a class. least: least values of what is sensitive in a class.
        series: ``none``, or ``weekly`` means; a series is like a fingerprint, whatever the classes are.
        genes: whether phenotypes by gene are told.
        language: of the report's words.
    """

    recipient: str
    people: tuple[str, ...] = ()
    k: int = 5
    least: int = 2
    series: str = NO_SERIES
    genes: bool = False
    language: str = DEFAULT_LANGUAGE


def release_to(home: Home, wish: ResearchWish, file: Path | str, now_ms: int) -> dict[str, Any]:
    """Write what may leave into one new ZIP file.

    Returns:
        The report, as it stands in the file.

    Raises:
        InvalidInput: a person who did not agree, too few people for k, or a file that is there already.
    """
    target = Path(file).expanduser().absolute()
    if target.exists() or not target.parent.is_dir():
        raise InvalidInput("--out", str(file), "a file that does not exist yet, in a folder that does")
    _check(wish)
    with Tables.of(home) as tables:
        agreed = ResearchConsents(tables).shifts(wish.recipient, now_ms)
        ids = list(dict.fromkeys(wish.people)) or sorted(agreed)
        for person_id in ids:
            if person_id not in agreed:
                raise InvalidInput(
                    "--person", person_id, f"somebody who agreed that {wish.recipient} gets their data"
                )
        residents = {secrets.token_hex(8): People(tables).get(person_id) for person_id in ids}
        year = from_ms(now_ms).year
        people = [
            Person(new, _age(each, year), each.profile.sex, _sensitive(home, tables, each, genes=wish.genes))
            for new, each in sorted(residents.items())
        ]
        try:
            told = released(people, wish.k, wish.least)
        except TooFew as error:
            raise InvalidInput("people", len(people), f"at least {wish.k} who agreed: {error}") from None
        kept = {row.pseudonym: residents[row.pseudonym] for row in told.rows}
        with speaking(wish.language):
            series = _series(home, tables, kept, agreed, wish) if wish.series == WEEKLY else {}
            report = _report(wish, told, len(people), sorted(series))
            files = {
                "people.csv": _people_csv(told),
                **series,
                "report.json": msgspec.json.format(msgspec.json.encode(report), indent=1),
                "report.txt": _words(report).encode(),
            }
    _write(target, files)
    return report


def _check(wish: ResearchWish) -> None:
    recipient_of(wish.recipient)
    if wish.k < LEAST_K:
        raise InvalidInput("--k", wish.k, f"at least {LEAST_K}")
    if wish.least < 1:
        raise InvalidInput("--l", wish.least, "at least 1")
    if wish.series not in SERIES:
        raise InvalidInput("--series", wish.series, "one of " + ", ".join(SERIES))


def _age(resident: Resident, year: int) -> int | None:
    born = resident.profile.birth_year
    return None if born is None else max(year - born, 0)


def _sensitive(home: Home, tables: Tables, resident: Resident, *, genes: bool) -> dict[str, str]:
    """What is coded, and nothing that somebody typed."""
    levels = [alert.level for alert in Alerts(tables).list(people=[resident.pseudonym])]
    told = {"gravest_alert": AlertLevel(max(levels)).word if levels else "none"}
    if genes:
        told |= _phenotypes(home, tables, resident)
    return told


def _phenotypes(home: Home, tables: Tables, resident: Resident) -> dict[str, str]:
    from healthtwin.genes import knowledge_in, profile_from

    knowledge = knowledge_in(home.path)
    told = dict.fromkeys(knowledge.genes, UNKNOWN)
    stated = Statements(tables).get(resident.id, Subject.GENES)
    if stated is not None:
        try:
            found = profile_from(dict(stated.content), knowledge=knowledge).genes
        except HealthTwinError:  # stated to other tables than today's: nothing is told of it
            found = {}
        told |= {gene: result.phenotype for gene, result in found.items()}
    return told


def _series(
    home: Home, tables: Tables, kept: Mapping[str, Resident], agreed: Mapping[str, int], wish: ResearchWish
) -> dict[str, bytes]:
    """Weekly means, a file a metric; a metric that fewer than k people have is left out."""
    del tables
    if not home.series_path.exists():
        return {}
    files = {}
    with SeriesStore(home.series_path) as series:
        for metric in METRICS.values():
            lines = {
                new: list(_weeks(series, resident, metric, agreed[resident.id]))
                for new, resident in kept.items()
            }
            having = {new: found for new, found in lines.items() if found}
            if len(having) >= wish.k:
                rows = [(new, *line) for new, found in sorted(having.items()) for line in found]
                files[f"series/{metric.name}.csv"] = _csv(("person", "week", "mean"), rows)
    return files


def _weeks(series: SeriesStore, resident: Resident, metric: Metric, shift: int) -> Iterator[tuple[str, str]]:
    """Monday of each week as it is told, and the week's mean as people read it."""
    days = series.daily(resident.pseudonym, metric.code, -_FOR_EVER_MS, _FOR_EVER_MS)
    weeks = (days.t - _MONDAY_MS) // WEEK_MS
    for week in np.unique(weeks).tolist():
        here = weeks == week
        mean = float((days.mean[here] * days.count[here]).sum() / days.count[here].sum())
        monday = from_ms(shifted_ms(week * WEEK_MS + _MONDAY_MS, shift)).date().isoformat()
        yield monday, f"{mean:.{metric.digits}f}"


def _people_csv(told: Released) -> bytes:
    sensitive = sorted({name for row in told.rows for name in row.sensitive})
    columns = ("person", *told.columns, *sensitive)
    rows = [
        (
            row.pseudonym,
            *(row.quasi[name] for name in told.columns),
            *(row.sensitive[name] for name in sensitive),
        )
        for row in sorted(told.rows, key=lambda each: each.pseudonym)
    ]
    return _csv(columns, rows)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def _report(wish: ResearchWish, told: Released, people: int, series: Sequence[str]) -> dict[str, Any]:
    sets: list[tuple[str, ...]] = [(column,) for column in told.columns]
    if len(told.columns) > 1:
        sets.append(told.columns)
    classes = [
        {"columns": list(columns), "smallest_class": smallest_class(told.rows, columns)}
        for columns in sets or [()]
    ]
    if series:
        classes.append({"columns": ["series"], "smallest_class": 1})
    return {
        "recipient": wish.recipient,
        "k": wish.k,
        "l": wish.least,
        "people": people,
        "released": len(told.rows),
        "left_out": told.left_out,
        "age_band_years": told.band,
        "ages_capped_at": CAPPED_AGE,
        "quasi_identifiers": classes,
        "sensitive": [
            {"column": column, "fewest_values": fewest_values(told.rows, told.columns, column)}
            for column in sorted({name for row in told.rows for name in row.sensitive})
        ],
        "columns_left_out": dict(sorted(told.dropped.items())),
        "series": list(series),
        "never_in_it": ["names", "ids of the house", "dates", "places", "free text", "time zones"],
    }


def _words(report: Mapping[str, Any]) -> str:
    told = [
        Said.of("research-what", released=report["released"], people=report["people"]),
        Said.of("research-left-out", count=report["left_out"], k=report["k"]),
        *(
            Said.of("research-class", columns=", ".join(each["columns"]) or "-", size=each["smallest_class"])
            for each in report["quasi_identifiers"]
        ),
        *(
            Said.of("research-values", column=each["column"], count=each["fewest_values"])
            for each in report["sensitive"]
        ),
        *(
            Said.of("research-column-left-out", column=column, why=why, k=report["k"])
            for column, why in report["columns_left_out"].items()
        ),
        Said.of("research-series" if report["series"] else "research-no-series"),
        Said.of("research-dates", age=report["ages_capped_at"]),
        Said.of("research-caution"),
    ]
    return "".join(f"{say(each)}\n" for each in told)


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    partial = target.with_name(f".{target.name}.partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w") as packed:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, STAMP)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                packed.writestr(entry, content)
        os.utime(partial, (0, 0))
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
