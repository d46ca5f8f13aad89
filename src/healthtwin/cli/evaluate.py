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
def sensing(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Heart rate, its variability and breathing from light, beside their rivals, per recording."""
    from healthtwin.evaluate.sensing import evaluate_sensing

    found = evaluate_sensing(data)
    if as_json:
        tell_json(found)
        return
    tell_table(
        ("goal", "wanted", "reached", "met"),
        [(goal["goal"], goal["wanted"], goal["reached"], goal["met"]) for goal in found["goals"]],
    )
    for name, version in found["rivals"].items():
        tell(f"rival {name}: {version}")


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
