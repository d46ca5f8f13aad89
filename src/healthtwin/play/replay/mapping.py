"""Saying in a small TOML file what the columns of a recording mean.

::

    name = "my watch"

    [[table]]
    person_is = "me"                                  # or  person = "a column"
    time = { column = "when", format = "iso", timezone = "Europe/Berlin" }

    [table.metrics]
    heart_rate = "HR"
    body_temperature = { column = "temp_f", unit = "[degF]" }

    [people]
    timezone = "Europe/Berlin"
"""

from __future__ import annotations

import re
from datetime import date, datetime
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from healthtwin.domain import METRICS
from healthtwin.domain.errors import ConfigurationError, InvalidInput
from healthtwin.play.replay.cells import NoNumber, unit_in_words
from healthtwin.play.replay.table_file import Conversion
from healthtwin.play.replay.units import conversion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIME_STEPS_MS: Final = {"seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
"""Formats that count from `epoch`."""

_EPOCH_FORMATS: Final = ("epoch", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns")

_IN_BRACKETS: Final = re.compile(r"(?:\(([^()]+)\)|\[([^\[\]]+)\]?\])\s*$")
"""The unit at the end of a header: ``Temp (°F)``, ``Weight [lb]``, ``T [[degF]]``."""


class MetricColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a metric stands in the file.

    A unit that stands in a cell itself (``98.6 °F``), or at the end of the header in brackets, counts.

    Attributes:
        column: name in the header; in a table with `type`, what stands in that column.
        unit: UCUM unit in the file; None is the metric's own, or the one in the header.
        unit_column: column that states the unit row by row.
        scale, offset: instead of a unit: ours = theirs × scale + offset.
        absent: numbers that stand for "no value" in this file; counted in the report.
    """

    column: str
    unit: str | None = None
    unit_column: str | None = None
    scale: float | None = None
    offset: float | None = None
    absent: tuple[float, ...] = ()

    def factors(self, metric: str) -> tuple[float, float]:
        """Scale and offset into the metric's unit.

        Raises:
            ConfigurationError: an unknown unit, or a unit beside a scale.
        """
        stated = self.scale is not None or self.offset is not None
        if self.unit is not None and stated:
            raise ConfigurationError(f"mapping, {metric}: state a unit, or scale and offset, not both")
        if self.unit is not None:
            return conversion(metric, self.unit)
        if stated:
            return (1.0 if self.scale is None else self.scale), (0.0 if self.offset is None else self.offset)
        in_header = _IN_BRACKETS.search(self.column)
        named = None if in_header is None else unit_in_words(in_header[1] or in_header[2])
        return (1.0, 0.0) if named is None else conversion(metric, named)

    def conversion(self, metric: str) -> Conversion:
        """From the column into the metric's unit."""

        def by_unit(written: str) -> tuple[float, float]:
            unit = unit_in_words(written)
            if unit is None:
                raise NoNumber(f"a number, and no unit beside it but one of {metric}; {written!r} is none")
            if self.scale is not None or self.offset is not None:
                raise NoNumber("a number without a unit, since the mapping states scale and offset")
            try:
                return conversion(metric, unit)
            except ConfigurationError:
                own = METRICS[metric].unit
                raise NoNumber(
                    f"a number in {own} or a unit that becomes it, which {written!r} is not"
                ) from None

        return Conversion(self.factors(metric), by_unit)


class TimeColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a row was measured.

    Attributes:
        column: name in the header.
        format: ``iso`` (a date, or date and time), ``epoch`` (since 1970, in seconds, milli-, micro- or
            nanoseconds, whichever makes sense), ``epoch_s``, ``epoch_ms``, ``epoch_us``, ``epoch_ns``,
            ``seconds``, ``minutes``, ``hours`` or ``days`` (since `epoch`), or a `datetime.strptime` pattern,
            ``%d.%m.%Y %H:%M``.
        epoch: what a count starts from.
        timezone: IANA zone of times that state no offset; None is the person's own.
        at: time of day for rows that state a date only; None: a day's one row stands at 12:00, and several of
            a day are refused.
        time_column: another column, that states the time of day. time_format: ``iso`` (08:30, 8:30:15, 8:30
            PM) or a pattern, ``%H.%M``.
    """

    column: str
    format: str = "iso"
    epoch: datetime | None = None
    timezone: str | None = None
    at: str | None = None
    time_column: str | None = None
    time_format: str = "iso"

    @property
    def step_ms(self) -> int | None:
        """Milliseconds of one count; None when the column holds no count from `epoch`."""
        return TIME_STEPS_MS.get(self.format)

    def check(self) -> None:
        """Insist that the format is one of those known.

        Raises:
            ConfigurationError: naming the formats.
        """
        if self.step_ms is not None:
            if self.epoch is None or self.epoch.tzinfo is None:
                raise ConfigurationError(
                    f"mapping, time: format {self.format!r} needs epoch = 2019-01-01T00:00:00Z, say"
                )
        elif self.format not in ("iso", *_EPOCH_FORMATS) and "%" not in self.format:
            known = ", ".join(("iso", *_EPOCH_FORMATS, *TIME_STEPS_MS))
            raise ConfigurationError(
                f"mapping, time: format {self.format!r} is not known; {known}, or a pattern such as %d.%m.%Y"
            )
        _check_zone(self.timezone)
        if self.time_column is not None and self.format != "iso" and "%" not in self.format:
            raise ConfigurationError(
                f"mapping, time: time_column goes with a day, and format {self.format!r} is a whole time"
            )
        try:
            datetime.strptime(self.at or "12:00", "%H:%M")  # noqa: DTZ007 - a time of day alone
        except ValueError:
            raise ConfigurationError(f"mapping, time: at = {self.at!r}; allowed: 00:00 to 23:59") from None


class TypeColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a table says row by row what it measured.

    Attributes:
        column: holds the word that names the metric; ``[table.metrics]`` says which: heart_rate = "HR".
        value: column of the values.
        unit: column of their units; None where none is stated.
    """

    column: str
    value: str
    unit: str | None = None


class TableMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the columns of one file mean.

    Attributes:
        file: its name inside the folder that is replayed; None is the replayed file itself.
        person: column that names the person. person_is: instead of it, one name for the whole file.
        time: when.
        metrics: metric → column; with `type`, metric → the word in its column.
        type: for a table with one metric per row.
        constants: metric → a value that holds for every row, such as ``activity_level = 0``.
        label: column that is above 0 in rows that carry the label.
        drop_shifted_copies: drop rows whose values, minute and second equal those of an earlier row of the
            person within a day: a file in which a time zone was applied twice.
        encoding, delimiter, decimal: of a CSV. A delimiter that is not stated is found; without `decimal`, a
            comma in a number is neither decimal mark nor mark between thousands unless only one can be meant.
    """

    time: TimeColumn
    metrics: dict[str, str | MetricColumn]
    type: TypeColumn | None = None
    file: str | None = None
    person: str | None = None
    person_is: str | None = None
    constants: dict[str, float] = {}
    label: str | None = None
    drop_shifted_copies: bool = False
    encoding: str = "utf-8"
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None

    def columns(self) -> Iterator[tuple[str, MetricColumn]]:
        """(metric, its column) in the order of the file."""
        for metric, told in self.metrics.items():
            yield metric, MetricColumn(told) if isinstance(told, str) else told

    def needed(self) -> list[str]:
        """The header names without which this table cannot be read."""
        told = [told for _, told in self.columns()]
        named = [self.person, self.time.column, self.time.time_column, self.label]
        if self.type is None:
            named += [each.column for each in told]
        else:
            named += [self.type.column, self.type.value, self.type.unit]
        named += [each.unit_column for each in told]
        return [name for name in dict.fromkeys(named) if name is not None]


class PeopleMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who the people are.

    Attributes:
        file: a file of its own with one row per person; None: the (first) table of readings says it.
        person: its column that names the person; needed with `file`.
        birth_year: column. age: column with an age in years, or a range, ``25-34`` (its middle counts).
        age_on: day on which that age held; None: the day of the person's first reading.
        sex: column. sex_words: what stands there → ``female``, ``male`` or ``other``.
        timezone: IANA zone of everybody. timezone_column: instead of it, a column.
    """

    file: str | None = None
    person: str | None = None
    birth_year: str | None = None
    age: str | None = None
    age_on: date | None = None
    sex: str | None = None
    sex_words: dict[str, str] = {}
    timezone: str = "UTC"
    timezone_column: str | None = None

    def needed(self) -> list[str]:
        """The header names without which the people cannot be read."""
        named = (self.person, self.birth_year, self.age, self.sex, self.timezone_column)
        return [name for name in named if name is not None]


class ColumnMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mapping file.

    Attributes:
        name: of the recording, for the report.
        table: one per file of readings.
        notes: what a reader of the results must know.
        label_means: what the label column says, e.g. ``"sepsis"``.
        people: who they are.
    """

    name: str
    table: Annotated[list[TableMapping], msgspec.Meta(min_length=1)]
    notes: tuple[str, ...] = ()
    label_means: str | None = None
    people: PeopleMapping = PeopleMapping()

    def check(self) -> None:
        """Insist that metrics, units, zones and words are known.

        Raises:
            ConfigurationError: naming the key.
        """
        for table in self.table:
            if (table.person is None) == (table.person_is is None):
                raise ConfigurationError("mapping, table: state person (a column) or person_is (a name)")
            if not table.metrics:
                raise ConfigurationError("mapping, table.metrics: at least one metric is needed")
            table.time.check()
            for metric, told in table.columns():
                _check_metric(metric)
                told.factors(metric)
            for metric, value in table.constants.items():
                _check_metric(metric)
                try:
                    METRICS[metric].check(value)
                except InvalidInput as error:
                    raise ConfigurationError(f"mapping, constants, {error}") from error
        if self.people.file is not None and self.people.person is None:
            raise ConfigurationError("mapping, people: a file of its own needs person, its column of names")
        _check_zone(self.people.timezone)
        for word, sex in self.people.sex_words.items():
            if sex not in ("female", "male", "other"):
                raise ConfigurationError(f"mapping, sex_words.{word}: got {sex!r}; female, male or other")


def load_mapping(path: Path) -> ColumnMapping:
    """The mapping in a TOML file.

    Raises:
        ConfigurationError: naming the key and what it may be.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: the mapping cannot be read ({error.strerror})") from error
    return _decode(content, path.name)


def known_mappings() -> dict[str, ColumnMapping]:
    """The mappings that come with the product, by name.

    >>> sorted(known_mappings())
    ['cinc2019_setB', 'lifesnaps_daily', 'welltory_hrv_covid19']
    """
    folder = resources.files("healthtwin.play.replay") / "mappings"
    found = (
        _decode(entry.read_bytes(), entry.name) for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
    return {mapping.name: mapping for mapping in found}


def _decode(content: bytes, name: str) -> ColumnMapping:
    try:
        mapping = msgspec.toml.decode(content, type=ColumnMapping)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{name}: not a mapping: {error}") from error
    mapping.check()
    return mapping


def _check_metric(name: str) -> None:
    if name not in METRICS:
        raise ConfigurationError(f"mapping: no metric {name!r}; one of {', '.join(METRICS)}")


def _check_zone(name: str | None) -> None:
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"mapping, timezone: {name!r} is not an IANA name") from error
