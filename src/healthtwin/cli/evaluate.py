"""`healthtwin evaluate …`: measurements on named data, with what they must beat in the same run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table

evaluate_app = typer.Typer(help="Measure on named data, beside what has to be beaten.", no_args_is_help=True)

DataOption = Annotated[
    Path, typer.Option("--data", envvar="HEALTHTWIN_DATA", help="Folder that holds the recordings.")
]

DEFAULT_DATA = Path("../shared/data")


@evaluate_app.command()
def baseline(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """The personal baseline: width, coverage and error on people it was not tuned on."""
    from healthtwin.evaluate.baseline import evaluate_baseline

    found = evaluate_baseline(data)
    if as_json:
        tell_json(found)
        return
    head = (
        "data",
        "metric",
        "people",
        "narrower",
        "coverage",
        "vs population",
        "vs running mean",
        "vs last value",
    )
    tell_table(head, [_baseline_row(name, metric, got) for name, metric, got in _measured(found)])
    tell("narrower: than the population's range; the goal is 2")
    tell("vs: absolute error against that predictor's; below 1 the twin is better")


@evaluate_app.command()
def genes(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Alleles found again, phenotype words, rows of the guidelines, on the official release."""
    from healthtwin.evaluate.genes import evaluate_genes

    found = evaluate_genes(data)
    if as_json:
        tell_json(found)
        return
    tell_table(
        ("goal", "wanted", "reached", "met"),
        [(goal["goal"], goal["wanted"], goal["reached"], goal["met"]) for goal in found["goals"]],
    )
    tell_table(
        ("gene", "alleles", "phased", "unphased, unique", "truth among fits", "always reference"),
        [
            (
                gene,
                row["alleles"],
                f"{row['phased_right']:.3f}",
                f"{row['unphased_unique_right']:.3f}",
                f"{row['unphased_truth_among_fits']:.3f}",
                f"{row['trivial_reference_right']:.3f}",
            )
            for gene, row in found["calling"].items()
        ],
    )


@evaluate_app.command()
def budget(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """False alarms asked for against false alarms got: at hospitals never seen, and in healthy people."""
    from healthtwin.evaluate.budget import evaluate_budget

    found = evaluate_budget(data)
    if as_json:
        tell_json(found)
        return
    head = ("target", "sites", "judged", "within 20 %", "got/asked", "least–most", "fixed threshold")
    rows = [(target, kind, got) for target, kinds in found["sites"].items() for kind, got in kinds.items()]
    tell_table(head, [_budget_row(*row) for row in rows])
    tell_table(
        ("healthy people", "people", "asked", "got", "got/asked", "within 20 %"),
        [
            (name, got["people"], f"{got['asked']:.0f}", got["got"], f"{got['ratio']:.2f}", _met(got["met"]))
            for name, got in found["healthy"].items()
        ],
    )
    tell(
        "judged: sites with 100 false alarms expected and more; fixed: the training side's threshold, unmoved"
    )


def _budget_row(target: str, kind: str, got: dict[str, Any]) -> tuple[object, ...]:
    if not got["sites_judged"]:
        return (target, kind, 0, "", "", "", "")
    return (
        target,
        kind,
        got["sites_judged"],
        got["sites_within"],
        f"{got['ratio']:.2f}",
        f"{got['ratio_least']:.2f}–{got['ratio_most']:.2f}",
        f"{got['fixed_ratio_least']:.2f}–{got['fixed_ratio_most']:.2f}",
    )


def _met(met: bool | None) -> str:
    return "too few expected" if met is None else "yes" if met else "no"


@evaluate_app.command("early-warning")
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
    from healthtwin.evaluate.early_warning import evaluate_early_warning
    from healthtwin.forecast.shipped import MODELS

    found = evaluate_early_warning(data, predictions, models or MODELS, seed)
    if as_json:
        tell_json(found)
        return
    tell(f"{found['data']['people']} stays, {found['data']['rows']} hours; {found['method']['models']}")
    tell_table(
        _WARNING_HEAD, [row for name, got in found["targets"].items() for row in _warning_rows(name, got)]
    )


@evaluate_app.command("forecast")
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

    from healthtwin.evaluate.cross_validation import evaluate_forecast, steps_of

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


_WARNING_HEAD = (
    "target",
    "scorer",
    "events",
    "AUROC",
    "AUPRC",
    "sensitivity at 1 a day",
    "ECE",
    "Brier skill",
)


def _warning_rows(target: str, got: dict[str, Any]) -> list[tuple[object, ...]]:
    if "ensemble" not in got:
        return [(target, got["not_judged"], got["positives"], None, None, None, None, None)]
    scorers = {"ensemble": got["ensemble"], **got["members"]}
    return [
        (
            target,
            name,
            got["positives"],
            f"{figures['auroc']:.3f}",
            f"{figures['auprc']:.3f}",
            f"{figures['sensitivity_at_1_false_alarm']:.3f}",
            f"{figures['ece']:.4f}" if "ece" in figures else None,
            f"{figures['brier_skill']:.4f}" if "brier_skill" in figures else None,
        )
        for name, figures in scorers.items()
    ]


def _measured(found: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (dataset, metric, got)
        for dataset, metrics in found["datasets"].items()
        for metric, got in metrics.items()
    ]


def _baseline_row(dataset: str, metric: str, got: dict[str, Any]) -> tuple[object, ...]:
    error = got["error_against"]
    return (
        dataset,
        metric,
        got["people"],
        f"{got['narrower_than_population']['value']:.2f}",
        f"{got['predictors']['twin']['coverage']['value']:.2f}",
        f"{error['population_mean']['value']:.2f}",
        f"{error['running_mean']['value']:.2f}",
        f"{error['last_value']['value']:.2f}",
    )
