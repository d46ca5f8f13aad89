"""`healthtwin evaluate early-warning` for readers: tables, and the pictures that go with alarm figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin.forecast.targets import COMPARED
from healthtwin_lab.evaluate.report.document import Document, Picture, Section, Table
from healthtwin_lab.evaluate.report.drawing import Line, draw_bars, draw_lines
from healthtwin_lab.evaluate.report.words import figure_of, made_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SENTENCES: Final = (
    (
        "Scored by the models as they are shipped, without fitting anything to these people. Thresholds come "
        "from the training side; a false alarm is an hour with an alarm that was judged and stayed quiet. "
        "Intervals are 95 % bootstrap intervals over people."
    ),
    (
        "Intensive-care stays charted hourly are not people at home: what is learned here is shown at home "
        "as information only."
    ),
)

ONE_FALSE_ALARM: Final = "sensitivity_at_1_false_alarm"


def document_of_early_warning(report: dict[str, Any], name: str = "early-warning") -> Document:
    """Discrimination, calibration, price in alarms and placebo of every target.

    Args:
        report: what `healthtwin_lab.evaluate.early_warning.evaluate_early_warning` returned.
        name: of the files.
    """
    judged = {target: told for target, told in report["targets"].items() if "ensemble" in told}
    return Document(
        name,
        f"Early warning on {report['data']['file']}",
        made_by({"data": report["data"], **report["method"]}),
        (
            Section("All targets", SENTENCES, (overview(judged),)),
            *(
                Section(target, (told["words"] + ".",), *about_target(name, target, told))
                for target, told in judged.items()
            ),
        ),
    )


def overview(targets: Mapping[str, Any]) -> Table:
    """One row per judged target; the budget where it was measured."""
    budgeted = all("budget" in told for told in targets.values())
    return Table(
        (
            "target",
            "hours judged",
            "events",
            "AUROC",
            "AUPRC",
            "sensitivity at 1 false alarm a day",
            "placebo of that",
            "calibration error",
            "Brier skill",
            *(("budget: asked, got a day",) if budgeted else ()),
        ),
        tuple(
            (
                target,
                f"{told['eligible']:,}",
                f"{told['positives']:,}",
                figure_of(told["ensemble"], "auroc"),
                figure_of(told["ensemble"], "auprc"),
                figure_of(told["ensemble"], ONE_FALSE_ALARM),
                f"{told['placebo']['permuted'][ONE_FALSE_ALARM]:.3f}",
                f"{told['ensemble']['ece']:.4f}",
                f"{told['ensemble']['brier_skill']:.1%}",
                *((_budget(told["budget"]),) if budgeted else ()),
            )
            for target, told in targets.items()
        ),
    )


def _budget(told: Mapping[str, Any]) -> str:
    interval = told.get("got_interval")
    got = figure_of({"got": told["got"], "got_interval": interval}, "got", 2)
    return f"{told['asked']:g}, {got}"


def about_target(
    name: str, target: str, told: Mapping[str, Any]
) -> tuple[tuple[Table, ...], tuple[Picture, ...]]:
    """Every scorer of one target, and its pictures; `name` begins the names of their files."""
    scorers = {"ensemble": told["ensemble"], **told["members"]}
    members = Table(
        ("scorer", "AUROC", "AUPRC", *(f"sensitivity at {k} false alarms a day" for k in ("0.5", "1", "2"))),
        tuple(
            (
                scorer,
                figure_of(got, "auroc"),
                figure_of(got, "auprc"),
                figure_of(got, "sensitivity_at_0.5_false_alarms"),
                figure_of(got, ONE_FALSE_ALARM),
                figure_of(got, "sensitivity_at_2_false_alarms"),
            )
            for scorer, got in scorers.items()
        ),
    )
    # Pictures of the targets that are compared are enough; the tables hold the others.
    return (members,), tuple(_pictures(f"{name}-{target}", told)) if target in COMPARED else ()


def _pictures(stem: str, told: Mapping[str, Any]) -> Iterator[Picture]:
    curves = told["curves"]
    bins = curves["reliability"]
    most = max(max(one["forecast"], one["observed"]) for one in bins)
    yield Picture(
        f"{stem}-reliability",
        draw_lines(
            [
                Line(
                    "observed",
                    [one["forecast"] for one in bins],
                    [one["observed"] for one in bins],
                    marked=True,
                ),
                Line("as forecast", [0.0, most], [0.0, most], dashed=True),
            ],
            "forecast probability",
            "share in which it came",
        ),
        "Reliability: forecast against observed share, in bins of equally many hours.",
    )
    yield Picture(
        f"{stem}-roc",
        draw_lines(
            [
                Line("ensemble", *_columns(curves["roc"])),
                Line("placebo: labels dealt out anew", [0.0, 1.0], [0.0, 1.0], dashed=True),
            ],
            "share of quiet hours with an alarm",
            "share of events with an alarm",
            unit_square=True,
        ),
        f"ROC; with labels dealt out anew its area is {told['placebo']['permuted']['auroc']:.3f}.",
    )
    share = told["positives"] / told["eligible"]
    yield Picture(
        f"{stem}-pr",
        draw_lines(
            [
                Line("ensemble", *_columns(curves["pr"])),
                Line("placebo: share of all hours", [0.0, 1.0], [share, share], dashed=True),
            ],
            "share of events found",
            "share of alarms that were right",
        ),
        "Precision and recall; an alarm at random would be right as often as the dashed line says.",
    )
    per_day = curves["false_alarms_per_person_day"]
    yield Picture(
        f"{stem}-alarms",
        draw_bars(_at_most(per_day), list(per_day.values()), "false alarm hours that day", "person-days"),
        "How the false alarms of the budget spread over person-days; the last bar holds that many and more.",
    )
    if "lead_times" in told:
        leads = told["lead_times"]["histogram"]
        yield Picture(
            f"{stem}-lead",
            draw_bars(list(leads), list(leads.values()), "hours from warning to event (0: none)", "events"),
            "Lead times: hours before the event in which the warning that reaches it began.",
        )


def _columns(points: list[list[float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _at_most(counts: Mapping[str, int]) -> list[str]:
    *exact, last = counts
    return [*exact, f"{last}+"]
