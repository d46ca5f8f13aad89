"""The log holds texts of ours and what is known to be harmless; whatever else is given to it is withheld."""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import pytest

import healthtwin
from healthtwin.domain.errors import InvalidInput, StorageFull
from healthtwin.domain.plain_log import Logged, PlainLines

SOURCE = Path(healthtwin.__file__).parent

CALLS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})

REVIEWED = frozenset(
    {
        "Logged(alarm.alarm)",
        "Logged(channel.name)",
        "Logged(name)",
        "Logged(self.name)",
        "address",
        "aside",
        "by_ms / SECOND_MS",
        "count",
        "delivery.attempts",
        "delivery.channel",
        "delivery.recipient",
        "error",
        "failed",
        "folder",
        "head.seq",
        "home / ADDRESS_FILE",
        "kind",
        "lapsed",
        "len(group)",
        "new[-1].offset",
        "new[0].offset",
        "offset",
        "outcome.text",
        "path",
        "progress.version",
        "row.id",
        "self._log.trimmed_through()",
        "self._offset",
        "self._path",
        "self._through",
        "soft",
        "text",
        "time.monotonic() - self._failing_since",
        "version",
        "VERB_SHOWS_S",
        "what",
        "why",
        "where_it_failed(error)",
        "where_it_failed(told.exc_value)",
        "*failing.address[::-1]",
    }
)
"""What calls of the product give to the log: counts, places in the log, versions, seconds. Texts among them
are withheld unless they are marked; a number that says something about somebody has no place here."""


def line(
    message: object, *args: object, name: str = "healthtwin.api", error: BaseException | None = None
) -> str:
    info = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord(name, logging.ERROR, "", 0, message, args, info)
    return PlainLines().format(record)


def test_a_constant_text_of_ours_stands_as_it_is() -> None:
    assert line("The log takes records again after %.1f s", 2.25).endswith(
        "ERROR healthtwin.api: The log takes records again after 2.2 s"
    )


@pytest.mark.parametrize("said", ["Ada Lovelace", b"Ada", ["Ada"], {"name": "Ada"}, object()])
def test_a_text_that_nobody_marked_is_withheld(said: object) -> None:
    assert line("of %s and %r", said, said).endswith("of … and …")


def test_a_word_of_ours_stands() -> None:
    assert line("over %s", Logged("webhook")).endswith("over webhook")


def test_an_error_stands_by_its_kind_and_not_by_what_it_quotes() -> None:
    told = line("refused: %s", InvalidInput("name", "Ada Lovelace", "a name"))
    assert told.endswith("refused: InvalidInput")


def test_of_an_error_and_its_causes_only_kinds_and_lines_of_the_program_stand() -> None:
    try:
        try:
            raise KeyError("Ada Lovelace")
        except KeyError as error:
            raise StorageFull("/home/ada/twin/log.db: Ada") from error
    except StorageFull as error:
        told = line("It broke", error=error)
    assert "StorageFull < KeyError" in told
    assert "Ada" not in told
    assert "ada" not in told
    assert "\n" not in told


def test_a_file_of_a_home_stands_by_its_name_and_no_other_file_does() -> None:
    assert line("%s", Path("/home/ada/twin/log.db")).endswith(": log.db")
    assert line("%s", Path("/home/ada/twin/Ada.pdf")).endswith(": …")


def test_a_number_in_the_place_of_a_text_and_a_text_in_that_of_a_number_break_nothing() -> None:
    assert line("%s of %d", 7, "Ada").endswith("7 of …")
    assert "Ada" not in line("%d", "Ada")
    assert "Ada" not in line("nothing asked", "Ada")
    assert "Ada" not in line("%s and %s", "Ada")


def test_what_other_programs_say_is_withheld_but_for_its_kind() -> None:
    told = line("GET /people/p-ada?name=Ada", name="uvicorn.error", error=ValueError("Ada"))
    assert "uvicorn.error" in told
    assert "ValueError" in told
    assert "Ada" not in told
    assert "/people" not in told


def test_every_argument_that_the_product_gives_to_the_log_was_looked_at() -> None:
    found = {argument for file in SOURCE.rglob("*.py") for argument in _logged_in(file)}
    assert found <= REVIEWED, found - REVIEWED


def test_every_text_that_the_product_gives_to_the_log_is_a_constant() -> None:
    for file in SOURCE.rglob("*.py"):
        for call in _calls_in(file):
            assert isinstance(call.args[0], ast.Constant), f"{file}:{call.lineno}"


def _calls_in(file: Path) -> list[ast.Call]:
    text = file.read_text(encoding="utf-8")
    if "logging" not in text:
        return []
    return [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CALLS
        and _is_logger(node.func.value)
    ]


def _is_logger(value: ast.expr) -> bool:
    if isinstance(value, ast.Name):
        return value.id in {"log", "_LOG", "_log", "logger"}
    return isinstance(value, ast.Call) and ast.unparse(value).startswith("logging.getLogger")


def _logged_in(file: Path) -> list[str]:
    return [ast.unparse(argument) for call in _calls_in(file) for argument in call.args[1:]]
