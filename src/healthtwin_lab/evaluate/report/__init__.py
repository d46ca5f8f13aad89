"""What `healthtwin evaluate …` measured, as pages for readers: HTML that stands alone, Markdown and SVG."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.evaluate.report.document import Document, as_markdown
from healthtwin_lab.evaluate.report.of_budget import document_of_budget
from healthtwin_lab.evaluate.report.of_early_warning import document_of_early_warning
from healthtwin_lab.evaluate.report.of_five_minutes import document_of_five_minutes
from healthtwin_lab.evaluate.report.of_forecast import document_of_forecast
from healthtwin_lab.evaluate.report.of_twin import document_of_twin
from healthtwin_lab.evaluate.report.page import as_html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

WRITERS: Final[Mapping[str, Callable[[dict[str, Any]], Document]]] = {
    "budget": document_of_budget,
    "early-warning": document_of_early_warning,
    "five-minutes": document_of_five_minutes,
    "forecast": document_of_forecast,
    "twin": document_of_twin,
}
"""Which report is read by what: by the name of its file."""


def write_report(source: Path, folder: Path) -> list[Path]:
    """Turn what an evaluation printed as JSON into pages.

    Args:
        source: a file that is named after its evaluation, such as `early-warning.json`.
        folder: where the pages and pictures go.

    Returns:
        The files written.

    Raises:
        InvalidInput: no such report, or a file that is not one.
        ConfigurationError: the extra `plots` is needed for its pictures and not installed.
    """
    if source.stem not in WRITERS:
        raise InvalidInput("--from", source.name, "one of " + ", ".join(f"{name}.json" for name in WRITERS))
    try:
        report = json.loads(source.read_text(encoding="utf-8"))
        document = WRITERS[source.stem](report)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            "--from", str(source), f"what `healthtwin evaluate {source.stem} --json` printed ({error!r})"
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{document.name}.html": as_html(document), f"{document.name}.md": as_markdown(document)}
    for section in document.sections:
        files |= {f"{picture.name}.svg": picture.svg for picture in section.pictures}
    written = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


__all__ = ["WRITERS", "write_report"]
