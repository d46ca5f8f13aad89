"""`healthtwin effects …`: what a treatment does, from people of whom some were treated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table

if TYPE_CHECKING:
    from healthtwin.effects import Effect, Refutations, Study

effects_app = typer.Typer(help="Effects of treatments from observed data.", no_args_is_help=True)

OBSERVATIONAL = (
    "observational: nobody threw a coin; an unmeasured cause of treatment and outcome can make or hide this"
)


@effects_app.callback()
def effects() -> None:
    """Effects of treatments from observed data: with interval, overlap and refutations, or refused."""


@effects_app.command()
def estimate(
    data: Annotated[
        Path, typer.Option("--data", help="CSV with a header, a row a person; plain or in gzip.")
    ],
    treatment: Annotated[str, typer.Option("--treatment", help="Column of 0 and 1.")],
    outcome: Annotated[str, typer.Option("--outcome", help="Column of numbers: what became of them.")],
    covariates: Annotated[
        str | None,
        typer.Option(
            "--covariates", help="Columns measured before the treatment, between commas; else all others."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Deals people to folds.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Mean effect with its 95 % interval, effects in each person, and what speaks against it."""
    from healthtwin.effects import estimate as estimate_effect
    from healthtwin.effects import read_study, refute

    chosen = None if covariates is None else [name.strip() for name in covariates.split(",") if name.strip()]
    study = read_study(data, treatment, outcome, chosen)
    effect = estimate_effect(study, seed)
    against = refute(study, effect, seed)
    answer = _answer(study, effect, against, taken_as_before=chosen is None)
    if as_json:
        tell_json(answer)
        return
    tell(f"effect {effect.value:.4g} [{effect.low:.4g}, {effect.high:.4g}] in {effect.estimand.value}")
    tell_table(
        ("asked", "answer", "wanted"),
        [
            ("difference of the plain means", f"{effect.naive:.4g}", None),
            (
                "people hardly ever in the other group",
                f"{effect.overlap.outside:.0%}",
                "20 % at most, for everybody",
            ),
            ("placebo treatment", f"{against.placebo.value:.3g}", "0"),
            ("dummy outcome", f"{against.dummy.value:.3g}", "0"),
            (
                "an unknown cause must explain",
                f"{against.robustness:.1%}",
                "much, to bring the effect to 0",
            ),
        ],
    )
    for remark in answer["remarks"]:
        tell(remark)


def _answer(study: Study, effect: Effect, against: Refutations, *, taken_as_before: bool) -> dict[str, Any]:
    overlap = effect.overlap
    remarks = [OBSERVATIONAL]
    if taken_as_before:
        remarks.append("all other columns were taken as measured before the treatment; name them if not")
    if not overlap.everybody:
        remarks.append(
            f"for {overlap.outside:.0%} of people one of the two was hardly possible: the effect is that in "
            "people for whom both were, not in everybody"
        )
    if overlap.clipped:
        remarks.append(f"chances of treatment of {overlap.clipped} people were clipped to 5 and 95 %")
    remarks += [f"column {name} was left out: {why}" for name, why in study.left_out]
    for name, known in (("placebo treatment", against.placebo), ("dummy outcome", against.dummy)):
        if not known.passed:
            remarks.append(
                f"the {name} has an effect of {known.value:.3g}, where there is none: do not use this"
            )
    return {
        "ate": effect.value,
        "ci": [effect.low, effect.high],
        "estimand": effect.estimand.value,
        "naive": effect.naive,
        "people": len(study),
        "treated": int(study.treated.sum()),
        "overlap": {
            "share_outside": overlap.outside,
            "effective_people": overlap.effective,
            "largest_weight": overlap.largest_weight,
            "overlap_weight": overlap.shared,
            "separation": overlap.separation,
            "clipped": overlap.clipped,
        },
        "refutations": {
            "placebo_treatment": _known(against.placebo),
            "dummy_outcome": _known(against.dummy),
            "unobserved_confounder": {
                "robustness_value": against.robustness,
                "robustness_value_of_interval": against.robustness_of_interval,
            },
        },
        "cate": {
            "effect": [round(value, 6) for value in effect.each.tolist()],
            "low": [round(value, 6) for value in effect.each_low.tolist()],
            "high": [round(value, 6) for value in effect.each_high.tolist()],
            "sd": float(effect.each.std()),
        },
        "remarks": remarks,
    }


def _known(known: Any) -> dict[str, Any]:  # noqa: ANN401 - `Known` is private to its room
    return {
        "effect": known.value,
        "standard_error": known.error,
        "intervals_with_0": known.covered,
        "passed": known.passed,
    }
