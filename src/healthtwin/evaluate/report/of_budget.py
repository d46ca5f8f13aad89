"""`healthtwin evaluate budget` for readers: false alarms asked for against false alarms got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin.evaluate.report.document import Document, Section, Table
from healthtwin.evaluate.report.words import made_by

if TYPE_CHECKING:
    from collections.abc import Mapping

SITES: Final = (
    "Stays of one recording are dealt to sites; the score and first threshold of each come from others, and "
    "the sites are made to differ. A site is judged where at least a hundred alarms were expected. Beside "
    "the controller stands the threshold of the training side left as it was."
)

HOME: Final = (
    "Recordings of daily life through the house's own step. Nobody's trouble is labelled, so every alarm "
    "counts as false. Where fewer than a hundred were expected nothing is concluded."
)


def document_of_budget(report: dict[str, Any]) -> Document:
    """Asked against got, by kind of site and in healthy people.

    Args:
        report: what `healthtwin.evaluate.budget.evaluate_budget` returned.
    """
    return Document(
        "budget",
        "False alarms asked for, false alarms got",
        made_by({"data": report["data"], **report["method"]}),
        (
            Section(
                "Hospitals never seen", (SITES,), tuple(_sites(*told) for told in report["sites"].items())
            ),
            Section("People of daily life", (HOME,), (_home(report["healthy"]),)),
        ),
    )


def _sites(target: str, kinds: Mapping[str, Any]) -> Table:
    return Table(
        (
            f"{target}, kind of site",
            "sites within 20 %",
            "got / asked",
            "least and most of a site",
            "fixed threshold: least and most",
            "sensitivity",
            "of the fixed threshold",
        ),
        tuple(
            (
                kind,
                f"{got['sites_within']} of {got['sites_judged']}",
                _ratio(got["ratio"]),
                f"{_ratio(got['ratio_least'])} to {_ratio(got['ratio_most'])}",
                f"{_ratio(got['fixed_ratio_least'])} to {_ratio(got['fixed_ratio_most'])}",
                _ratio(got["sensitivity"]),
                _ratio(got["fixed_sensitivity"]),
            )
            for kind, got in kinds.items()
        ),
    )


def _home(recordings: Mapping[str, Any]) -> Table:
    return Table(
        ("recording", "people", "alarms asked for", "alarms got", "got / asked (95 %)", "within 20 %"),
        tuple(
            (
                name,
                str(got["people"]),
                f"{got['asked']:.0f}",
                str(got["got"]),
                f"{_ratio(got['ratio'])} ({_ratio(got['ratio_low'])} to {_ratio(got['ratio_high'])})",
                {True: "yes", False: "no", None: "too few expected to tell"}[got["met"]],
            )
            for name, got in recordings.items()
        ),
    )


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
