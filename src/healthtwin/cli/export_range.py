"""Of what time, and in which language, somebody wants their data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from datetime import time as clock_time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.options import chosen_language
from healthtwin.domain import DAY_MS, to_ms
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from healthtwin.house.export import Wanted

FromOption = Annotated[
    str | None,
    typer.Option(
        "--from", help="Only what was measured or happened since: a day (UTC) or a time (RFC 3339)."
    ),
]
ToOption = Annotated[
    str | None, typer.Option("--to", help="Only what was measured or happened until then, that day included.")
]
LangOption = Annotated[
    str | None,
    typer.Option("--lang", "--language", help="Of what people read in it, en or de; else the environment's."),
]


ParquetOption = Annotated[
    bool, typer.Option("--parquet", help="Values as Parquet files, too (extra: parquet).")
]


def wanted_of(since: str | None, until: str | None, language: str | None, *, parquet: bool = False) -> Wanted:
    """What is wanted, from the options of a command.

    Raises:
        InvalidInput: no day and no time, a range that ends before it begins, a language we do not speak.
    """
    from healthtwin.house.export import Wanted

    whole = Wanted(language=chosen_language(language))
    from_ms = whole.from_ms if since is None else day_or_time_ms("--from", since, ends=False)
    to_ms_ = whole.to_ms if until is None else day_or_time_ms("--to", until, ends=True)
    if from_ms > to_ms_:
        raise InvalidInput("--to", until, f"not before --from {since}")
    if parquet and find_spec("pyarrow") is None:
        raise InvalidInput("--parquet", "given", "with pyarrow installed: pip install 'healthtwin[parquet]'")
    return Wanted(from_ms, to_ms_, whole.language, parquet)


def day_or_time_ms(option: str, text: str, *, ends: bool) -> int:
    """A time as epoch ms; of a day its first, or its last.

    >>> (
    ...     day_or_time_ms("--to", "1970-01-01", ends=True),
    ...     day_or_time_ms("--from", "1970-01-01T00:00:01Z", ends=False),
    ... )
    (86399999, 1000)
    """
    from healthtwin.routing.reading import time_ms_of

    try:
        day = date.fromisoformat(text)
    except ValueError:
        at = time_ms_of(option, text)
        if at is None:
            raise InvalidInput(option, text, "a day as YYYY-MM-DD, or a time with its offset") from None
        return at
    return to_ms(datetime.combine(day, clock_time(), UTC)) + (DAY_MS - 1 if ends else 0)
