"""`healthtwin person`: who lives in this home."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table
from healthtwin.cli.tables import now_ms, tables_of
from healthtwin.domain import MINUTE_MS, Profile
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from healthtwin.store.people import Person

person_app = typer.Typer(
    help="Add, list, change, export and erase people.", no_args_is_help=True, rich_markup_mode=None
)

BirthYear = Annotated[int | None, typer.Option(help="Year of birth; warning scores for adults need it.")]
Sex = Annotated[str | None, typer.Option(help="female, male or other.")]
Pregnant = Annotated[
    bool | None, typer.Option("--pregnant/--not-pregnant", help="Warning scores for adults do not apply.")
]
Scale2 = Annotated[
    bool | None,
    typer.Option("--spo2-scale-2/--spo2-scale-1", help="NEWS2 oxygen scale; 2 only on a clinician's order."),
]
Budget = Annotated[
    float | None,
    typer.Option("--false-alarms-per-week", help="How many false deviation alarms are bearable."),
]
Silence = Annotated[
    int | None,
    typer.Option("--silence-after-minutes", help="Alarm when no reading came for this long; 0: never."),
]
Alarms = Annotated[
    bool | None, typer.Option("--alarms/--no-alarms", help="Whether alerts are raised at all.")
]


@person_app.command("add")
def add(  # noqa: PLR0913, PLR0917 - the options of a command are its parameters
    home: HomeOption,
    name: Annotated[str, typer.Option(help="What to call the person on the screen.")],
    timezone: Annotated[str, typer.Option(help="IANA name, such as Europe/Berlin; decides 'this hour'.")],
    birth_year: BirthYear = None,
    sex: Sex = None,
    pregnant: Pregnant = None,
    spo2_scale_2: Scale2 = None,
    false_alarms_per_week: Budget = None,
    silence_after_minutes: Silence = None,
    alarms: Alarms = None,
    as_json: JsonOption = False,
) -> None:
    """Add a person; a home that does not exist yet is made."""
    from healthtwin.store.people import People

    profile = _changed(
        Profile(timezone),
        birth_year=birth_year,
        sex=sex,
        pregnant=pregnant,
        spo2_scale_2=spo2_scale_2,
        false_alarms_per_week=false_alarms_per_week,
        silence_after_minutes=silence_after_minutes,
        alarms=alarms,
    )
    with tables_of(home, create=True) as tables:
        person = People(tables).add(name, profile, now_ms())
    _tell(person, as_json=as_json)


@person_app.command("set")
def change(  # noqa: PLR0913, PLR0917 - as above
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    home: HomeOption,
    name: Annotated[str | None, typer.Option(help="What to call the person on the screen.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name.")] = None,
    birth_year: BirthYear = None,
    sex: Sex = None,
    pregnant: Pregnant = None,
    spo2_scale_2: Scale2 = None,
    false_alarms_per_week: Budget = None,
    silence_after_minutes: Silence = None,
    alarms: Alarms = None,
    as_json: JsonOption = False,
) -> None:
    """Change what is known about a person; what is not named stays."""
    from healthtwin.store.people import People

    with tables_of(home) as tables:
        known = People(tables).get(person)
        profile = _changed(
            known.profile,
            timezone=timezone,
            birth_year=birth_year,
            sex=sex,
            pregnant=pregnant,
            spo2_scale_2=spo2_scale_2,
            false_alarms_per_week=false_alarms_per_week,
            silence_after_minutes=silence_after_minutes,
            alarms=alarms,
        )
        if name is not None:
            People(tables).rename(person, name)
        changed = People(tables).update_profile(person, profile)
    _tell(changed, as_json=as_json)


@person_app.command("erase")
def erase(
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    home: HomeOption,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; needed where nobody can answer.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Forget a person for good, with everything that is known about them; backups are not reached."""
    from healthtwin.house.erasure import erase_person
    from healthtwin.store import Home
    from healthtwin.store.people import People

    with tables_of(home) as tables:
        name = People(tables).get(person).name
    if not yes:
        if not sys.stdin.isatty():
            raise InvalidInput("--yes", "not given", "--yes, where nobody can be asked")
        typer.confirm(f"Erase {name} ({person}) and everything known about them? This is final.", abort=True)
    done = erase_person(Home.open(home), person, now_ms())
    if as_json:
        tell_json({"id": person, "erased": done})
    elif done:
        tell(f"{person} is erased.")
    else:
        tell(f"{person} is gone; the server is still clearing its files.")


@person_app.command("export")
def export(
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", help="ZIP file to write; it must not exist yet.")],
    as_json: JsonOption = False,
) -> None:
    """Write everything that is known about a person into one file: JSON, and CSV for values."""
    from healthtwin.house.export import export_to
    from healthtwin.store import Home

    names = export_to(Home.open(home), person, out)
    if as_json:
        tell_json({"id": person, "file": str(out), "parts": names})
    else:
        tell(f"{out}  {len(names)} files")


@person_app.command("list")
def show(home: HomeOption, as_json: JsonOption = False) -> None:
    """Everybody in this home."""
    from healthtwin.store.people import People

    with tables_of(home) as tables:
        people = People(tables).list()
    if as_json:
        tell_json([_facts(person) for person in people])
        return
    tell_table(
        ("id", "name", "born", "sex", "time zone"),
        [(p.id, p.name, p.profile.birth_year, p.profile.sex, p.profile.timezone) for p in people],
    )


def _changed(profile: Profile, *, silence_after_minutes: int | None, **named: object) -> Profile:
    """The profile with what was named on the command line; `None` was not named."""
    changes: dict[str, Any] = {field: value for field, value in named.items() if value is not None}
    if silence_after_minutes is not None:
        changes["silence_after_ms"] = silence_after_minutes * MINUTE_MS or None
    return replace(profile, **changes)


def _facts(person: Person) -> dict[str, object]:
    profile = person.profile
    return {
        "id": person.id,
        "name": person.name,
        "birth_year": profile.birth_year,
        "sex": profile.sex,
        "timezone": profile.timezone,
        "pregnant": profile.pregnant,
        "spo2_scale_2": profile.spo2_scale_2,
        "false_alarms_per_week": profile.false_alarms_per_week,
        "silence_after_minutes": None
        if profile.silence_after_ms is None
        else profile.silence_after_ms // MINUTE_MS,
        "alarms": profile.alarms,
    }


def _tell(person: Person, *, as_json: bool) -> None:
    if as_json:
        tell_json(_facts(person))
    else:
        tell(f"{person.id}  {person.name}")
