"""`healthtwin evaluate …`: measurements on named data, with what they must beat in the same run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from healthtwin.cli.options import DEFAULT_DATA, DataOption, JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table
from healthtwin_lab.commands.evaluate_forecast import budget, early_warning, five_minutes, forecast

evaluate_app = typer.Typer(
    help="Measure on named data, beside what has to be beaten.", no_args_is_help=True, rich_markup_mode=None
)

evaluate_app.command("early-warning")(early_warning)
evaluate_app.command()(forecast)
evaluate_app.command()(budget)
evaluate_app.command("five-minutes")(five_minutes)


@evaluate_app.command()
def baseline(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """The personal baseline: width, coverage and error on people it was not tuned on."""
    from healthtwin_lab.evaluate.baseline import evaluate_baseline

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
def twin(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """What each rule of learning brings: context, speed, freezes, phases, against what the product runs."""
    from healthtwin_lab.evaluate.twin import evaluate_twin

    found = evaluate_twin(data)
    if as_json:
        tell_json(found)
        return
    tell_table(
        ("data", "metric", "variant", "error ratio", "interval score ratio", "coverage"),
        [
            (
                dataset,
                metric,
                variant,
                f"{ratio['error_ratio']['value']:.3f}",
                f"{ratio['interval_score_ratio']['value']:.3f}",
                f"{ratio['coverage']:.2f}",
            )
            for dataset, halves in found["variants"].items()
            for metric, got in halves["report"].items()
            for variant, ratio in got["variants"].items()
        ],
    )
    tell("ratios are to the product on the same readings; above 1 the variant is worse")
    tell_table(
        (
            "freeze rule, synthetic people",
            "worsening noticed, weeks 10 and 11",
            "days until new normal",
            "never",
        ),
        [
            (
                rule,
                f"{got['worsening_noticed_in_weeks']['10 and 11']['value']:.2f}",
                f"{got['days_until_new_normal']['value']:.1f}",
                got["never"],
            )
            for rule, got in found["freezes"]["rules"].items()
        ],
    )
    tell_table(
        ("data", "phases", "days known", "person-days", "alerts", "warnings or worse"),
        [
            (
                dataset,
                policy,
                "{} to {}".format(*row["days_known"]),
                row["person_days"],
                row["any"],
                row["warning_or_worse"],
            )
            for dataset, policies in found["phases"].items()
            for policy, rows in policies.items()
            for row in rows
        ],
    )


@evaluate_app.command()
def genes(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Alleles found again, phenotype words, rows of the guidelines, on the official release."""
    from healthtwin_lab.evaluate.genes import evaluate_genes

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
def report(
    source: Annotated[Path, typer.Option("--from", help="What an evaluation printed with --json.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the pages and pictures.")],
    as_json: JsonOption = False,
) -> None:
    """Turn an evaluation's JSON into pages: HTML that stands alone, Markdown and pictures."""
    from healthtwin_lab.evaluate.report import write_report

    written = [str(path) for path in write_report(source, out)]
    if as_json:
        tell_json({"written": written})
        return
    for path in written:
        tell(path)


@evaluate_app.command()
def sensing(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Heart rate, its variability and breathing from light, beside their rivals, per recording."""
    from healthtwin_lab.evaluate.sensing import evaluate_sensing

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


@evaluate_app.command()
def surveillance(data: DataOption = DEFAULT_DATA, seed: int = 0, as_json: JsonOption = False) -> None:
    """Outbreaks planted into recorded series, and false runs per year, for every method and a plain rule."""
    from healthtwin_lab.evaluate.surveillance import SIZES, evaluate_surveillance

    found = evaluate_surveillance(data, seed)
    if as_json:
        tell_json(found)
        return
    tell_table(
        ("method", "false runs a year", *(f"found, {size} sd" for size in SIZES)),
        [
            (
                name,
                f"{got['false_runs_per_year']:.2f}",
                *(f"{got['found'][str(size)]:.2f}" for size in SIZES),
            )
            for name, got in found["methods"].items()
        ],
    )
    tell(f"{found['planted_each_size']} planted outbreaks of each size; a run of alarm weeks counts once")


@evaluate_app.command()
def effects(data: DataOption = DEFAULT_DATA, seed: int = 0, as_json: JsonOption = False) -> None:
    """Effects of treatments where the truth is known (IHDP), and refutations where it is not (RHC)."""
    from healthtwin_lab.evaluate.effects import evaluate_effects

    found = evaluate_effects(data, seed)
    if as_json:
        tell_json(found)
        return
    names = list(found["mean"])
    rows = {**found["replications"], "mean": found["mean"]}
    tell_table(("what", *rows), [(name, *(f"{row[name]:.3f}" for row in rows.values())) for name in names])
    if "catheter" in found:
        got = found["catheter"]
        low, high = got["interval"]
        tell(
            f"right heart catheter, {got['people']} people: {got['effect']:.3f} [{low:.3f}, {high:.3f}], "
            f"plain means {got['naive']:.3f}, placebo {got['placebo']:.3f}, dummy {got['dummy']:.3f}"
        )


@evaluate_app.command()
def alarms(
    people: Annotated[int, typer.Option(min=2, help="How many adults are made up.")] = 40,
    days: Annotated[int, typer.Option(min=15, help="Ordinary days of each.")] = 49,
    seed: int = 0,
    as_json: JsonOption = False,
) -> None:
    """What alarms cost quiet synthetic people, and what they find, beside two plain rules."""
    from healthtwin_lab.evaluate.alarms import evaluate_alarms

    found = evaluate_alarms(people, days, seed)
    if as_json:
        tell_json(found)
        return
    tell(f"{found['label']}. Tellings per quiet person-day, with 95 % intervals over people:")
    tell_table(
        ("rule", "info", "warning", "critical"),
        [
            (name, *(f"{got['value']:.4f} [{got['low']:.4f}, {got['high']:.4f}]" for got in levels.values()))
            for name, levels in found["quiet"].items()
        ],
    )
    tell("Told at warning or worse after the onset (+ only as information), median of minutes until then:")
    tell_table(
        ("what", "wanted", "rule", *("clear", "weak", "placebo")),
        [
            (
                name,
                got["wanted"],
                rule,
                *(_told_of(got[strength][rule]) for strength in ("clear", "weak", "null")),
            )
            for name, got in found["scenarios"].items()
            for rule in found["quiet"]
        ],
    )


def _told_of(got: dict[str, Any]) -> str:
    after = "" if got["median_minutes"] is None else f", {got['median_minutes']:.0f} min"
    return f"{got['told']} + {got['only_info']} of {got['of']}{after}"
