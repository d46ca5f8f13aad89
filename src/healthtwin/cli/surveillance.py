"""`healthtwin surveillance …`: weeks with more cases than the weeks before explain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.surveillance import Detection, WeeklySeries

surveillance_app = typer.Typer(help="Outbreaks in weekly counts.", no_args_is_help=True)


@surveillance_app.callback()
def surveillance() -> None:
    """Outbreaks in weekly counts. An alarm is a reason to look, never a finding."""


@surveillance_app.command()
def detect(
    series: Annotated[
        Path, typer.Option("--series", help="CSV with the columns week, cases and maybe state.")
    ],
    method: Annotated[
        str, typer.Option("--method", help="farrington (years of history), ears (weeks) or cusum (a year).")
    ] = "farrington",
    variant: Annotated[str, typer.Option("--variant", help="Of ears: C1, C2 or C3.")] = "C2",
    alpha: Annotated[
        float, typer.Option("--alpha", help="Of farrington: how often an ordinary week may exceed its limit.")
    ] = 0.01,
    least_cases: Annotated[
        int, typer.Option("--least-cases", help="In four weeks, for an alarm; 1 for a rare illness by name.")
    ] = 5,
    arrived: Annotated[
        str | None,
        typer.Option(
            "--arrived",
            help="Where reports are still coming in: share that has arrived of the newest week, "
            "the one before, and so on, such as 0.4,0.8.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Weeks with more cases than the weeks and years before explain."""
    from healthtwin.surveillance import read_series, with_delay, with_enough_history

    chosen = _chosen(method, variant, alpha, least_cases)
    read = read_series(series)

    def run(counts: WeeklySeries) -> Detection:
        return with_enough_history(chosen, counts)

    found = run(read) if arrived is None else with_delay(run, read, _shares(arrived))
    if as_json:
        tell_json(_answer(found))
        return
    tell_table(
        ("week", "observed", "expected", "limit", ""),
        [
            (
                alarm.week,
                f"{alarm.observed:g}",
                f"{alarm.expected:.1f}",
                f"{alarm.upper:.1f}",
                "provisional" if alarm.provisional else "",
            )
            for alarm in found.alarms
        ],
    )
    answer = _answer(found)
    tell(
        f"{found.method}: {answer['tested_weeks']} of {answer['weeks']} weeks tested, "
        f"{answer['runs']} runs of alarms ({answer['runs_per_year'] or 0:.1f} a year). "
        "An alarm is a reason to look, not a finding."
    )


def _chosen(method: str, variant: str, alpha: float, least_cases: int) -> Callable[[WeeklySeries], Detection]:
    from healthtwin.domain.errors import InvalidInput
    from healthtwin.surveillance import (
        METHODS,
        CusumSettings,
        EarsSettings,
        EnoughCases,
        FarringtonSettings,
        cusum,
        ears,
        farrington,
    )

    if least_cases < 1:
        raise InvalidInput("--least-cases", least_cases, "1 or more")
    enough = EnoughCases(least_cases)
    runs: dict[str, Callable[[WeeklySeries], Detection]] = {
        "farrington": lambda series: farrington(series, FarringtonSettings(alpha=alpha, enough=enough)),
        "ears": lambda series: ears(series, EarsSettings(variant=variant, enough=enough)),
        "cusum": lambda series: cusum(series, CusumSettings(enough=enough)),
    }
    if method not in runs:
        raise InvalidInput("--method", method, ", ".join(METHODS))
    return runs[method]


def _shares(text: str) -> list[float]:
    from healthtwin.domain.errors import InvalidInput

    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise InvalidInput("--arrived", text, "shares between commas, such as 0.4,0.8") from error


def _answer(found: Detection) -> dict[str, Any]:
    from healthtwin.surveillance import runs_of

    tested = int(found.tested.sum())
    runs = len(runs_of(found.alarm))
    years = tested / found.series.weeks_a_year
    return {
        "alarms": [
            {
                "week": int(alarm.week) if alarm.week.isdigit() else alarm.week,
                "expected": round(alarm.expected, 3),
                "upper": round(alarm.upper, 3),
                "observed": int(alarm.observed),
                "provisional": alarm.provisional,
            }
            for alarm in found.alarms
        ],
        "method": found.method,
        "weeks": len(found.series),
        "tested_weeks": tested,
        "runs": runs,
        "runs_per_year": round(runs / years, 3) if tested else None,
    }
