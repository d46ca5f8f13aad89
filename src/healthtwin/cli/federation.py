"""`healthtwin federation …`: what hospitals that learn together spend of their patients' privacy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import remark, tell, tell_json

if TYPE_CHECKING:
    from enum import StrEnum

    from healthtwin.privacy import Schedule

Word = TypeVar("Word", bound="StrEnum")

federation_app = typer.Typer(help="Hospitals learn together.", no_args_is_help=True)


@federation_app.callback()
def federation() -> None:
    """Hospitals learn together. Privacy is computed from what is run, never stated beside it."""


@federation_app.command()
def privacy(  # noqa: PLR0913, PLR0917 - each is an option of the command
    noise_multiplier: Annotated[
        float | None,
        typer.Option(
            "--noise-multiplier", help="Standard deviation of the noise over the clip norm; gives epsilon."
        ),
    ] = None,
    epsilon: Annotated[
        float | None,
        typer.Option("--epsilon", help="What may be spent; gives the least noise that keeps it."),
    ] = None,
    rounds: Annotated[int, typer.Option("--rounds", help="Releases of a noisy sum.")] = 1,
    sample_rate: Annotated[
        float,
        typer.Option(
            "--sample-rate", help="Probability with which each unit is in a round, by a coin of its own."
        ),
    ] = 1.0,
    delta: Annotated[float, typer.Option("--delta", help="Probability of failure; below 1/units.")] = 1e-5,
    unit: Annotated[
        str, typer.Option("--unit", help="Whose presence is hidden: patient or hospital.")
    ] = "patient",
    units: Annotated[
        int | None,
        typer.Option("--units", help="How many patients or hospitals there are; delta is checked."),
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows-per-unit", help="Rows that one unit may have, where each is clipped alone.")
    ] = 1,
    adjacency: Annotated[
        str, typer.Option("--adjacency", help="add-or-remove-one or replace-one.")
    ] = "add-or-remove-one",
    as_json: JsonOption = False,
) -> None:
    """Epsilon from noise, or noise from epsilon."""
    from healthtwin.domain.errors import InvalidInput
    from healthtwin.privacy import Adjacency, Schedule, Unit, check_delta, epsilon_of_many_rows, noise_for

    if (noise_multiplier is None) == (epsilon is None):
        raise InvalidInput("--noise-multiplier, --epsilon", "both or neither", "exactly one of the two")
    schedule = Schedule(rounds, sample_rate, delta, _one_of(Adjacency, "--adjacency", adjacency))
    whose = _one_of(Unit, "--unit", unit)
    if units is not None and not check_delta(delta, units):
        remark(f"delta {delta:g} is above a tenth of 1/{units}: allowed, but not careful")
    answer: dict[str, Any]
    if noise_multiplier is not None:
        answer = {"epsilon": epsilon_of_many_rows(noise_multiplier, rows, schedule)}
    else:
        assert epsilon is not None  # noqa: S101 - exactly one of the two, as checked above
        answer = {"noise_multiplier": rows * noise_for(epsilon, schedule)}
    answer |= {
        "accountant": schedule.accountant,
        **_terms(schedule),
        "unit": whose.value,
        "rows_per_unit": rows,
    }
    if as_json:
        tell_json(answer)
        return
    if "epsilon" in answer:
        tell(f"epsilon {answer['epsilon']:.4g} at delta {delta:g} for one {whose.value} ({adjacency})")
    else:
        tell(
            f"noise multiplier {answer['noise_multiplier']:.4f} keeps epsilon {epsilon:g} at delta {delta:g}"
        )
    tell(f"{rounds} rounds, sample rate {sample_rate:g}; {schedule.accountant}")


def _terms(schedule: Schedule) -> dict[str, Any]:
    return {
        "rounds": schedule.rounds,
        "sample_rate": schedule.sample_rate,
        "delta": schedule.delta,
        "adjacency": schedule.adjacency.value,
    }


def _one_of(kind: type[Word], option: str, word: str) -> Word:
    from healthtwin.domain.errors import InvalidInput

    try:
        return kind(word)
    except ValueError as error:
        raise InvalidInput(option, word, " or ".join(one.value for one in kind)) from error
