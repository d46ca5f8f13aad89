"""`healthtwin person`: who lives in this home."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from healthtwin.cli.export_range import FromOption, LangOption, ParquetOption, ToOption, wanted_of
from healthtwin.cli.noted import note, pseudonyms_of
from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table
from healthtwin.cli.tables import now_ms, person_id_of, tables_of
from healthtwin.domain import MINUTE_MS, Profile
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.profile_check import checked_now

if TYPE_CHECKING:
    from healthtwin.store.people import Person

person_app = typer.Typer(
    help="Add, list, change, export and erase people.", no_args_is_help=True, rich_markup_mode=None
)

_DAYS: Final = frozenset(
    {"gave_birth_on", "low_pulse_known_until", "beta_blocker_since", "altitude_until", "usual_news2_until"}
)
_CLEARED_BY_ZERO: Final = frozenset({"low_pulse_floor", "pacemaker_rate", "altitude_m", "usual_news2"})

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
BirthMonth = Annotated[
    int | None, typer.Option(help="Month of birth, 1 to 12; without it limits of children are coarse.")
]
GaveBirth = Annotated[
    str | None,
    typer.Option("--gave-birth-on", help="YYYY-MM-DD; for six weeks limits of pregnancy hold; '' clears."),
]
LowPulse = Annotated[
    int | None,
    typer.Option(
        "--low-pulse-floor", help="A low pulse is known down to this rate, 30 to 40 /min; 0: not known."
    ),
]
LowPulseUntil = Annotated[
    str | None,
    typer.Option("--low-pulse-known-until", help="YYYY-MM-DD, at most a year ahead: when that ends."),
]
LowPulseBy = Annotated[str | None, typer.Option("--low-pulse-known-by", help="Who says so.")]
Paced = Annotated[
    int | None, typer.Option("--pacemaker-rate", help="Lower rate of a pacemaker, /min; 0: none.")
]
BetaBlocker = Annotated[
    str | None,
    typer.Option("--beta-blocker-since", help="YYYY-MM-DD: a medicine slows the heart; '' clears."),
]
Altitude = Annotated[
    int | None,
    typer.Option("--altitude-m", help="Height of the home above the sea, m; 0: not known or low."),
]
AltitudeUntil = Annotated[
    str | None, typer.Option("--altitude-until", help="YYYY-MM-DD, at most a year ahead: when that ends.")
]
AltitudeBy = Annotated[str | None, typer.Option("--altitude-by", help="Who says so.")]
Fibrillation = Annotated[
    bool | None,
    typer.Option("--atrial-fibrillation/--no-atrial-fibrillation", help="Known irregular heartbeat."),
]
UsualScore = Annotated[
    int | None,
    typer.Option(help="NEWS2 total that is usual, 1 to 6, as on oxygen at home; 0: not known."),
]
UsualScoreUntil = Annotated[
    str | None, typer.Option(help="YYYY-MM-DD, at most a year ahead: when that ends.")
]
UsualScoreBy = Annotated[str | None, typer.Option(help="Who says so.")]


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
    birth_month: BirthMonth = None,
    gave_birth_on: GaveBirth = None,
    low_pulse_floor: LowPulse = None,
    low_pulse_known_until: LowPulseUntil = None,
    low_pulse_known_by: LowPulseBy = None,
    pacemaker_rate: Paced = None,
    beta_blocker_since: BetaBlocker = None,
    altitude_m: Altitude = None,
    altitude_until: AltitudeUntil = None,
    altitude_by: AltitudeBy = None,
    atrial_fibrillation: Fibrillation = None,
    usual_news2: UsualScore = None,
    usual_news2_until: UsualScoreUntil = None,
    usual_news2_by: UsualScoreBy = None,
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
        birth_month=birth_month,
        gave_birth_on=gave_birth_on,
        low_pulse_floor=low_pulse_floor,
        low_pulse_known_until=low_pulse_known_until,
        low_pulse_known_by=low_pulse_known_by,
        pacemaker_rate=pacemaker_rate,
        beta_blocker_since=beta_blocker_since,
        altitude_m=altitude_m,
        altitude_until=altitude_until,
        altitude_by=altitude_by,
        atrial_fibrillation=atrial_fibrillation,
        usual_news2=usual_news2,
        usual_news2_until=usual_news2_until,
        usual_news2_by=usual_news2_by,
    )
    with tables_of(home, create=True) as tables:
        person = People(tables).add(name, profile, now_ms())
    _tell(person, as_json=as_json)


@person_app.command("set")
def change(  # noqa: PLR0913, PLR0917 - as above
    person: Annotated[str, typer.Argument(help="Id or name of the person.")],
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
    birth_month: BirthMonth = None,
    gave_birth_on: GaveBirth = None,
    low_pulse_floor: LowPulse = None,
    low_pulse_known_until: LowPulseUntil = None,
    low_pulse_known_by: LowPulseBy = None,
    pacemaker_rate: Paced = None,
    beta_blocker_since: BetaBlocker = None,
    altitude_m: Altitude = None,
    altitude_until: AltitudeUntil = None,
    altitude_by: AltitudeBy = None,
    atrial_fibrillation: Fibrillation = None,
    usual_news2: UsualScore = None,
    usual_news2_until: UsualScoreUntil = None,
    usual_news2_by: UsualScoreBy = None,
    as_json: JsonOption = False,
) -> None:
    """Change what is known about a person; what is not named stays."""
    from healthtwin.store import Home
    from healthtwin.store.people import People

    with tables_of(home) as tables:
        person = person_id_of(tables, person)
        known = People(tables).get(person)
        note(Home.open(home), "console person set", person=known.pseudonym, kind="profile")
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
            birth_month=birth_month,
            gave_birth_on=gave_birth_on,
            low_pulse_floor=low_pulse_floor,
            low_pulse_known_until=low_pulse_known_until,
            low_pulse_known_by=low_pulse_known_by,
            pacemaker_rate=pacemaker_rate,
            beta_blocker_since=beta_blocker_since,
            altitude_m=altitude_m,
            altitude_until=altitude_until,
            altitude_by=altitude_by,
            atrial_fibrillation=atrial_fibrillation,
            usual_news2=usual_news2,
            usual_news2_until=usual_news2_until,
            usual_news2_by=usual_news2_by,
        )
        if name is not None:
            People(tables).rename(person, name)
        changed = People(tables).update_profile(person, profile)
    _tell(changed, as_json=as_json)


@person_app.command("remove", hidden=True)
@person_app.command("erase")
def erase(
    person: Annotated[str, typer.Argument(help="Id or name of the person.")],
    home: HomeOption,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; needed where nobody can answer.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write the signed certificate of erasure to; new.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Forget a person for good, with everything that is known about them, and give out a certificate.

    Their key is destroyed, so that backups of the data hold nothing of them that can be read.
    """
    from healthtwin.house.erasure import erase_person
    from healthtwin.store import Home
    from healthtwin.store.people import People

    if out is not None and (out.exists() or not out.absolute().parent.is_dir()):
        raise InvalidInput("--out", str(out), "a file that does not exist yet, in a folder that does")
    with tables_of(home) as tables:
        person = person_id_of(tables, person)
        name = People(tables).get(person).name
    if not yes:
        if not sys.stdin.isatty():
            raise InvalidInput("--yes", "not given", "--yes, where nobody can be asked")
        typer.confirm(f"Erase {name} ({person}) and everything known about them? This is final.", abort=True)
    erased = erase_person(Home.open(home), person, now_ms())
    if out is not None and erased.certificate is not None:
        out.write_text(json.dumps(erased.certificate, indent=2) + "\n", encoding="utf-8")
    if as_json:
        tell_json(
            {
                "id": person,
                "erased": erased.done,
                "erased_at": erased.erased_ms,
                "certificate": erased.certificate,
            }
        )
    elif erased.certificate is not None:
        tell(f"{person} is erased. What this does not reach:")
        for each in erased.certificate["not_reached"]:
            tell(f"  {each}")
    else:
        tell(f"{person} is gone; the server is still clearing its files.")


@person_app.command("verify-certificate")
def verify_certificate(
    file: Annotated[Path, typer.Argument(help="Certificate of erasure, as 'person erase' gave it out.")],
    home: Annotated[
        Path | None, typer.Option("--home", help="Home whose key must have signed it; else any key is fine.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that a certificate of erasure was signed by a house and not changed since."""
    from healthtwin.house.certificate import verified
    from healthtwin.store import Home

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("file", str(file), "a file that can be read") from error
    told = verified(text, None if home is None else Home.open(home))
    if as_json:
        tell_json({"good": True, **told})
    else:
        tell(f"Good: {told['person']} was erased at {told['erased_at_utc']}; signed by {told['public_key']}.")


@person_app.command("export")
def export(
    person: Annotated[str, typer.Argument(help="Id or name of the person.")],
    home: HomeOption,
    out: Annotated[Path, typer.Option("--out", help="ZIP file to write; it must not exist yet.")],
    since: FromOption = None,
    until: ToOption = None,
    language: LangOption = None,
    parquet: ParquetOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write everything that is known about a person into one file: a page, FHIR, and CSV for values."""
    from healthtwin.house.export import export_to
    from healthtwin.store import Home

    wanted = wanted_of(since, until, language, parquet=parquet)
    with tables_of(home) as tables:
        person = person_id_of(tables, person)
        note(Home.open(home), "console person export", people=pseudonyms_of(tables, [person]))
    names = export_to(Home.open(home), person, out, wanted)
    if as_json:
        tell_json({"id": person, "file": str(out), "parts": names})
    else:
        tell(f"{out}  {len(names)} files")


@person_app.command("list")
def show(home: HomeOption, as_json: JsonOption = False) -> None:
    """Everybody in this home."""
    from healthtwin.store import Home
    from healthtwin.store.people import People

    with tables_of(home) as tables:
        people = People(tables).list()
    seen = [person.pseudonym for person in people]
    note(Home.open(home), "console person list", people=seen, kind="profile")
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
    for field in _DAYS & changes.keys():
        changes[field] = _day(field, changes[field])
    for field in _CLEARED_BY_ZERO & changes.keys():
        changes[field] = changes[field] or None
    if "low_pulse_floor" in changes and changes["low_pulse_floor"] is None:
        changes.setdefault("low_pulse_known_until", None)
    return checked_now(replace(profile, **changes), profile, now_ms(), "healthtwin person")


def _day(option: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"--{option.replace('_', '-')}", text, "a day as YYYY-MM-DD") from None


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
        "birth_month": profile.birth_month,
        "gave_birth_on": _iso(profile.gave_birth_on),
        "low_pulse_floor": profile.low_pulse_floor,
        "low_pulse_known_by": profile.low_pulse_known_by,
        "low_pulse_known_until": _iso(profile.low_pulse_known_until),
        "pacemaker_rate": profile.pacemaker_rate,
        "beta_blocker_since": _iso(profile.beta_blocker_since),
        "altitude_m": profile.altitude_m,
        "altitude_by": profile.altitude_by,
        "altitude_since": _iso(profile.altitude_since),
        "altitude_until": _iso(profile.altitude_until),
        "atrial_fibrillation": profile.atrial_fibrillation,
        "usual_news2": profile.usual_news2,
        "usual_news2_by": profile.usual_news2_by,
        "usual_news2_until": _iso(profile.usual_news2_until),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _tell(person: Person, *, as_json: bool) -> None:
    if as_json:
        tell_json(_facts(person))
    else:
        tell(f"{person.id}  {person.name}")
