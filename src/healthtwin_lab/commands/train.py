"""`healthtwin train …`: make the models that the house ships."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from healthtwin.cli.output import remark, tell_table

train_app = typer.Typer(
    help="Make the shipped models again, from recordings.", no_args_is_help=True, rich_markup_mode=None
)


@train_app.callback()
def _train() -> None:
    """Keeps `forecast` a command of its own while it is the only one."""


@train_app.command()
def forecast(
    data: Annotated[
        Path,
        typer.Option(
            "--data", envvar="HEALTHTWIN_DATA", help="Folder that holds the recordings, or one file."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the models and their cards.")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of everything random.")] = 0,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep each fold's scores here, to go on after a break.")
    ] = None,
) -> None:
    """Train every member, stack and calibrate them, and write ONNX files with their cards.

    The same data, seed and versions give the same files. Needs the extra `train`.
    """
    from rich.console import Console
    from rich.progress import Progress

    from healthtwin_lab.cohorts.folds import FOLDS
    from healthtwin_lab.training.forecast import steps_of, train_forecast
    from healthtwin_lab.training.out_of_fold import FITTED

    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=steps_of(FITTED, FOLDS))
        card = train_forecast(
            data, out, seed, lambda done: bar.update(task, advance=1, description=done), kept=keep
        )
    rows: list[tuple[object, ...]] = []
    for target, found in card["measured"]["targets"].items():
        got = found["ensemble"]
        cells = (got["auroc"], got["auprc"], got["sensitivity_at_1_false_alarm"])
        rows.append((target, found["positives"], *(f"{cell:.3f}" for cell in cells)))
    tell_table(("target", "events", "AUROC", "AUPRC", "sensitivity at 1 false alarm a day"), rows)
    remark(f"models and cards are in {out}")
