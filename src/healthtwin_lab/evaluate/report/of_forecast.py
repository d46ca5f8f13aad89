"""`healthtwin evaluate forecast` for readers: cross-validated figures, goals, and what each member adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin_lab.evaluate.report.document import Document, Section, Table
from healthtwin_lab.evaluate.report.of_early_warning import ONE_FALSE_ALARM, about_target, overview
from healthtwin_lab.evaluate.report.words import figure_of, made_by

if TYPE_CHECKING:
    from collections.abc import Mapping

METHOD: Final = (
    "Cross-validated over people: nobody's hours are judged by a model that has seen any of them. Nets are "
    "fitted with several seeds, and their figures are means over seeds. Thresholds come from the other folds."
)

ABLATION: Final = (
    "The ensemble without each of its members in turn, and with the trivial ones added. A member whose "
    "absence changes nothing adds nothing."
)

MEASURES: Final = ("auroc", "auprc", ONE_FALSE_ALARM, "ece", "brier_skill")


def document_of_forecast(report: dict[str, Any]) -> Document:
    """Goals, targets, members, ablation, pictures.

    Args:
        report: what `healthtwin_lab.evaluate.cross_validation.evaluate_forecast` returned.
    """
    targets = report["targets"]
    return Document(
        "forecast",
        "The forecast, cross-validated",
        made_by({"data": report["data"], **report["method"]}),
        (
            Section("Goals", (), (_goals(report["goals"]),)),
            Section("All targets", (METHOD,), (overview(targets),)),
            Section("What each member adds", (ABLATION,), tuple(_ablations(report["ablation"]))),
            *(
                Section(target, (told["words"] + ".",), *about_target("forecast", target, told))
                for target, told in targets.items()
                if target in report["ablation"]
            ),
        ),
    )


def _goals(goals: list[dict[str, Any]]) -> Table:
    return Table(
        ("target", "measure", "wanted", "reached", "met"),
        tuple(
            (
                goal["target"],
                goal["measure"].replace("_", " "),
                goal["wanted"],
                f"{goal['reached']:.4f}",
                "yes" if goal["met"] else "no",
            )
            for goal in goals
        ),
    )


def _ablations(ablation: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    return [
        Table(
            (f"{target}, ensemble", *(name.replace("_", " ") for name in MEASURES)),
            tuple(
                (variant, *(figure_of(got, name, 4) for name in MEASURES))
                for variant, got in variants.items()
            ),
        )
        for target, variants in ablation.items()
    ]
