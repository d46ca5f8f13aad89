"""`healthtwin evaluate budget` for readers: false alarms asked for against false alarms got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin_lab.evaluate.report.document import Document, Section, Table
from healthtwin_lab.evaluate.report.words import made_by
from healthtwin_lab.evaluate.site_replay import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SITES: Final = (
    "Stays of one recording are dealt to sites; the score and first threshold of each come from others, and "
    "the sites are made to differ. A site is judged where at least a hundred alarms were expected. The house "
    "keeps the budget for the site and each person. Beside it stand the training side's threshold left as it "
    "was, a budget of the site alone, and one of each person alone. A cell tells how many judged sites came "
    "within 20 % of what was asked, and the least and the most of a site, got / asked."
)

SENSITIVITY: Final = (
    "What is caught at that price: the share of events with an alarm the look before, over the judged sites. "
    "A threshold that rings more often than was asked catches more: only cells of like false alarms compare."
)

HOME: Final = (
    "Recordings of daily life through the house's own step. Nobody's trouble is labelled, so every alarm "
    "counts as false. Where fewer than a hundred were expected nothing is concluded."
)


def document_of_budget(report: dict[str, Any]) -> Document:
    """Asked against got, by kind of site and in healthy people.

    Args:
        report: what `healthtwin_lab.evaluate.budget.evaluate_budget` returned.
    """
    return Document(
        "budget",
        "False alarms asked for, false alarms got",
        made_by({"data": report["data"], **report["method"]}),
        (
            Section(
                "Hospitals never seen",
                (SITES,),
                tuple(_sites(target, kinds, _within) for target, kinds in report["sites"].items()),
            ),
            Section(
                "Events caught there",
                (SENSITIVITY,),
                tuple(_sites(target, kinds, _caught) for target, kinds in report["sites"].items()),
            ),
            Section("People of daily life", (HOME,), (_home(report["healthy"]),)),
        ),
    )


def _sites(target: str, kinds: Mapping[str, Any], cell: Callable[[int, Mapping[str, Any]], str]) -> Table:
    return Table(
        (f"{target}, kind of site", "sites judged", *(f"kept by: {kept}" for kept in KEPT)),
        tuple(
            (
                kind,
                str(told["sites_judged"]),
                *(cell(told["sites_judged"], told["kept"][kept]) for kept in KEPT),
            )
            for kind, told in kinds.items()
        ),
    )


def _within(judged: int, got: Mapping[str, Any]) -> str:
    if not judged:
        return "–"
    return f"{got['sites_within']} of {judged}; {_ratio(got['ratio_least'])} to {_ratio(got['ratio_most'])}"


def _caught(judged: int, got: Mapping[str, Any]) -> str:
    return _ratio(got["sensitivity"]) if judged else "–"


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
