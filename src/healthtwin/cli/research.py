"""`healthtwin export`: what leaves the house for research, and who agreed to that."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from healthtwin.cli.export_range import LangOption, day_or_time_ms
from healthtwin.cli.noted import note, pseudonyms_of
from healthtwin.cli.options import HomeOption, JsonOption, PeopleOption, chosen_language
from healthtwin.cli.output import tell, tell_json
from healthtwin.cli.tables import now_ms, person_id_of, tables_of

export_app = typer.Typer(
    help="Data for research, and who agreed to that.", no_args_is_help=True, rich_markup_mode=None
)

RecipientOption = Annotated[str, typer.Option("--recipient", help="Who gets it, by name.")]


@export_app.command("research")
def research(  # noqa: PLR0913, PLR0917 - the options of a command are its parameters
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", help="ZIP file to write; it must not exist yet.")],
    recipient: RecipientOption,
    person: PeopleOption = None,
    k: Annotated[int, typer.Option(help="Least number of people who are alike in what others may know.")] = 5,
    least: Annotated[int, typer.Option("--l", help="Least number of sensitive values among them.")] = 2,
    series: Annotated[
        str, typer.Option(help="none, or weekly: means of a week; a series is like a fingerprint.")
    ] = "none",
    genes: Annotated[bool, typer.Option("--genes", help="Phenotypes by gene, too.")] = False,
    language: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write data of those who agreed, without who they are: dates moved, ages capped, nobody alone."""
    from healthtwin.house.research import ResearchConsents, ResearchWish, release_to
    from healthtwin.store import Home

    with tables_of(home) as tables:
        people = tuple(person_id_of(tables, each) for each in person or ())
        asked = people or tuple(ResearchConsents(tables).shifts(recipient, now_ms()))
        note(
            Home.open(home),
            "console export research",
            people=pseudonyms_of(tables, asked),
            purpose="research",
        )
    wish = ResearchWish(recipient, people, k, least, series, genes, chosen_language(language))
    report = release_to(Home.open(home), wish, out, now_ms())
    if as_json:
        tell_json({"file": str(out), **report})
    else:
        tell(f"{out}  {report['released']} of {report['people']} people, {report['left_out']} left out")


@export_app.command("consent")
def consent(
    home: HomeOption,
    person: Annotated[str, typer.Option(help="Id or name of the person who agreed.")],
    recipient: RecipientOption,
    until: Annotated[str | None, typer.Option("--until", help="The last day on which that holds.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="They take it back.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Note that a person agreed to give data without their name to somebody, or takes that back."""
    from healthtwin.house.research import ResearchConsents
    from healthtwin.store import Home

    until_ms = None if until is None else day_or_time_ms("--until", until, ends=True)
    with tables_of(home) as tables:
        person_id = person_id_of(tables, person)
        note(Home.open(home), "console export consent", people=pseudonyms_of(tables, [person_id]))
        if withdraw:
            ResearchConsents(tables).withdraw(person_id, recipient, now_ms())
        else:
            ResearchConsents(tables).give(person_id, recipient, now_ms(), until_ms)
    if as_json:
        tell_json({"person": person_id, "recipient": recipient, "allowed": not withdraw, "until": until_ms})
    else:
        tell(f"{person_id}  {'took it back' if withdraw else 'agreed'}: {recipient}")
