"""`healthtwin evaluate five-minutes` for readers: synthetic people, and said so in every table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin_lab.evaluate.report.document import Document, Section, Table
from healthtwin_lab.evaluate.report.words import figure_of, made_by

if TYPE_CHECKING:
    from collections.abc import Mapping

SYNTHETIC: Final = (
    "Synthetic people. A planted fall is a ramp that somebody wrote; whoever finds it has found that ramp. "
    "It is no evidence about people, and no probability is shipped for this target."
)
LINE: Final = (
    "The line is drawn through the last half hour and read three quarters of an hour on. What does worse "
    "than it adds nothing here."
)
FALSE: Final = (
    "An alarm counts as false where oxygen did not fall below 90 %, also in an infection, where something "
    "else is the matter. Alarms per person-day by scenario are of looks without an event."
)


def document_of_five_minutes(report: dict[str, Any]) -> Document:
    """Predictors, then scenarios.

    Args:
        report: what `healthtwin_lab.evaluate.five_minutes.evaluate_five_minutes` returned.
    """
    return Document(
        "five-minutes",
        "Low oxygen 30 to 60 minutes ahead, readings every five minutes, synthetic people",
        made_by(report),
        (
            Section("What sees it coming", (SYNTHETIC, LINE), (_predictors(report),)),
            Section("By scenario", (FALSE,), tuple(_scenario(*each) for each in report["scenarios"].items())),
        ),
    )


def _predictors(report: Mapping[str, Any]) -> Table:
    asked = report["false_alarms_per_day"]
    return Table(
        (
            "synthetic, predictor",
            "AUROC",
            "AUPRC",
            f"sensitivity at {asked:g} false alarm a day",
            "false alarms a day, got",
        ),
        tuple(
            (
                name,
                *(figure_of(got, figure) for figure in ("auroc", "auprc", "sensitivity")),
                f"{got['false_alarms_per_day_got']:.2f}",
            )
            for name, got in report["predictors"].items()
        ),
    )


def _scenario(name: str, told: Mapping[str, Any]) -> Table:
    return Table(
        (
            f"synthetic, {name}: {told['people']} people, {told['fell_below_90']} fell below 90 %",
            "alarmed in the hour before",
            "median lead, minutes",
            "false alarms a day",
        ),
        tuple(
            (
                predictor,
                str(got["alarmed_before"]) if told["fell_below_90"] else "–",
                figure_of(got, "median_lead_minutes", 0),
                figure_of(got, "false_alarms_per_day", 2),
            )
            for predictor, got in told["predictors"].items()
        ),
    )
