"""`healthtwin evaluate early-warning|forecast|budget`: how early, how sure, at what price."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from healthtwin.cli.options import DEFAULT_DATA, DataOption, JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table


def budget(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """False alarms asked for against false alarms got: at hospitals never seen, and in healthy people."""
    from healthtwin_lab.evaluate.budget import evaluate_budget

    found = evaluate_budget(data)
    if as_json:
        tell_json(found)
        return
    head = ("target", "sites", "kept by", "judged", "within 20 %", "got/asked", "least–most", "sensitivity")
    tell_table(
        head,
        [
            (target, kind, kept, told["sites_judged"], *_budget_cells(got))
            for target, kinds in found["sites"].items()
            for kind, told in kinds.items()
            if told["sites_judged"]
            for kept, got in told["kept"].items()
        ],
    )
    tell_table(
        ("healthy people", "people", "asked", "got", "got/asked", "within 20 %"),
        [
            (name, got["people"], f"{got['asked']:.0f}", got["got"], f"{got['ratio']:.2f}", _met(got["met"]))
            for name, got in found["healthy"].items()
        ],
    )
    tell(
        "judged: sites with 100 false alarms expected and more; kept by the training side: its threshold, "
        "unmoved; the running house keeps the budget for the site and each person"
    )


def _budget_cells(got: dict[str, Any]) -> tuple[object, ...]:
    return (
        got["sites_within"],
        f"{got['ratio']:.2f}",
        f"{got['ratio_least']:.2f}–{got['ratio_most']:.2f}",
        "–" if got["sensitivity"] is None else f"{got['sensitivity']:.2f}",
    )


def five_minutes(
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the synthetic people.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Low oxygen 30 to 60 minutes ahead, five-minute readings: synthetic people, no evidence about others."""
    from healthtwin_lab.evaluate.five_minutes import evaluate_five_minutes

    found = evaluate_five_minutes(seed)
    if as_json:
        tell_json(found)
        return
    tell_table(
        ("synthetic people, predictor", "AUROC", "AUPRC", "sensitivity", "false alarms per day, got"),
        [
            (
                name,
                *(f"{got[figure]:.3f}" for figure in ("auroc", "auprc", "sensitivity")),
                f"{got['false_alarms_per_day_got']:.2f}",
            )
            for name, got in found["predictors"].items()
        ],
    )
    tell_table(
        ("scenario", "people", "fell below 90 %", "alarmed in the hour before", "median lead, minutes"),
        [
            (f"{scenario}: {name}", told["people"], told["fell_below_90"], got["alarmed_before"], _lead(got))
            for scenario, told in found["scenarios"].items()
            if told["fell_below_90"]
            for name, got in told["predictors"].items()
        ],
    )
    tell("sensitivity: at one false alarm per person-day, the threshold from the other half of the people")


def _lead(got: dict[str, Any]) -> str:
    return "–" if got["median_lead_minutes"] is None else f"{got['median_lead_minutes']:.0f}"


def _met(met: bool | None) -> str:
    return "too few expected" if met is None else "yes" if met else "no"


def early_warning(
    data: Annotated[Path, typer.Option("--data", help="Parquet file with the columns of cinc2019.")],
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", help="Write one row per stay-hour and target to this Parquet file."),
    ] = None,
    models: Annotated[
        Path | None, typer.Option("--models", help="Folder of other models than the shipped ones.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of bootstrap and placebo.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """The shipped forecast models on any file of hospital stays, without fitting anything."""
    from healthtwin.forecast.shipped import MODELS
    from healthtwin_lab.evaluate.early_warning import evaluate_early_warning

    found = evaluate_early_warning(data, predictions, models or MODELS, seed)
    if as_json:
        tell_json(found)
        return
    tell(f"{found['data']['people']} stays, {found['data']['rows']} hours; {found['method']['models']}")
    tell_table(
        _WARNING_HEAD, [row for name, got in found["targets"].items() for row in _warning_rows(name, got)]
    )


def forecast(
    data: DataOption = DEFAULT_DATA,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Fits of each net and fold.")] = 5,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep each fold's scores here, to go on after a break.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The forecast by cross-validation over people, with and without each member; needs the extra `train`."""
    from rich.console import Console
    from rich.progress import Progress

    from healthtwin_lab.evaluate.cross_validation import evaluate_forecast, steps_of

    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=steps_of(seeds))
        found = evaluate_forecast(
            data, seeds, lambda done: bar.update(task, advance=1, description=done), kept=keep
        )
    if as_json:
        tell_json(found)
        return
    tell_table(
        _WARNING_HEAD, [row for name, got in found["targets"].items() for row in _warning_rows(name, got)]
    )


_WARNING_HEAD: Final = (
    "target",
    "scorer",
    "events",
    "AUROC",
    "AUPRC",
    "sensitivity at 1 a day",
    "ECE",
    "Brier skill",
)


_FIGURES: Final = ("auroc", "auprc", "sensitivity_at_1_false_alarm", "ece", "brier_skill")


def _shown(figure: float | None) -> str | None:
    return None if figure is None else f"{figure:.4f}"


def _warning_rows(target: str, got: dict[str, Any]) -> list[tuple[object, ...]]:
    if "ensemble" not in got:
        return [(target, got["not_judged"], got["positives"], None, None, None, None, None)]
    scorers = {"ensemble": got["ensemble"], **got["members"]}
    return [
        (
            target,
            name,
            got["positives"],
            *(_shown(figures.get(name)) for name in _FIGURES),
        )
        for name, figures in scorers.items()
    ]
