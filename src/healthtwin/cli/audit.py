"""`healthtwin audit`: whether the record of who looked is whole, and who looked at whom; served or not."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import remark, tell, tell_json, tell_table
from healthtwin.cli.tables import person_id_of, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from healthtwin.store import Home

audit_app = typer.Typer(
    help="Verify the record of who looked at whom, and read it.", no_args_is_help=True, rich_markup_mode=None
)

OnePerson = Annotated[str, typer.Option("--person", help="Id or name of the person.")]

NOT_WHOLE = 1
"""Exit status when an entry is not as it was, or is missing."""


@audit_app.command("verify")
def verify(home: HomeOption, as_json: JsonOption = False) -> None:
    """Read the whole audit through; exit status 1 names the first entry that is not as it was."""
    from healthtwin.access import AuditSettings
    from healthtwin.access import verify as verified
    from healthtwin.store import Home

    opened = Home.open(home)
    verdict = verified(opened, AuditSettings.of(opened.section("audit"), opened.config_path))
    if as_json:
        tell_json(asdict(verdict))
    elif verdict.ok:
        count = verdict.last - verdict.first + 1 if verdict.first else 0
        tell(f"{count} entries are as they were written; {verdict.heads} signed heads fit them.")
        if verdict.trimmed:
            tell(f"Entries up to {verdict.trimmed} were trimmed, as the retention says.")
        for gap in verdict.gaps:
            tell(f"Entry {gap['seq']}: the audit could not be written for a time, or its file was replaced.")
    if verdict.ok:
        return
    sys.stderr.write(f"healthtwin: audit entry {verdict.bad}: {verdict.why}\n")
    raise typer.Exit(NOT_WHOLE)


@audit_app.command("export")
def export(home: HomeOption, person: OnePerson, as_json: JsonOption = False) -> None:
    """Everything that the audit says about a person, one entry a line, the oldest first."""
    del as_json  # it is nothing else
    opened, found = _found(home, person)
    if found is None:
        tell_json({"person": person, "erased": True})
        return
    for body in _entries(opened, found[1]):
        sys.stdout.write(json.dumps(body, sort_keys=True, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    _note(opened, found[1], "console audit export")


@audit_app.command("who-saw")
def who_saw(home: HomeOption, person: OnePerson, as_json: JsonOption = False) -> None:
    """Who looked at a person, at what, when and from where; refused tries, too."""
    opened, found = _found(home, person)
    if found is None:
        if as_json:
            tell_json({"person": person, "erased": True, "entries": []})
        else:
            tell(f"{person} was erased: what the audit holds can be linked to nobody any more.")
        return
    person_id, pseudonym = found
    labels = _labels(home)
    looks = [_look(body, labels) for body in _entries(opened, pseudonym)]
    if as_json:
        tell_json({"person": person_id, "erased": False, "entries": looks})
    else:
        _tell_looks(looks)
    _note(opened, pseudonym, "console audit who-saw")


def _tell_looks(looks: list[dict[str, Any]]) -> None:
    from healthtwin.domain import from_ms

    if not looks:
        remark("Nobody looked, as far as the audit goes back.")
    tell_table(
        ("when", "who", "as", "what", "result", "from", "times"),
        [
            (
                from_ms(look["at"]).strftime("%Y-%m-%d %H:%M:%S"),
                look["label"] or look["who"],
                look["relation"] or look["role"],
                f"{look['what']} {look['kind'] or ''}".strip(),
                look["result"],
                look["from"],
                look["times"],
            )
            for look in looks
        ],
    )


def _look(body: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    """An entry as it is told; a count stands for so many further accesses."""
    return {
        "seq": body["seq"],
        "at": body["at"],
        "until": body.get("until", body["at"]),
        "who": body["who"],
        "label": labels.get(body["who"]) or None,
        "role": body.get("role"),
        "relation": body.get("relation"),
        "what": body["what"],
        "kind": body.get("kind"),
        "purpose": body.get("purpose"),
        "from": body.get("from"),
        "result": body["result"],
        "times": body.get("again", 1),
        "facts": body.get("facts", {}),
    }


def _found(home: Path, named: str) -> tuple[Home, tuple[str, str] | None]:
    """Id and pseudonym of a person; None for one who was erased.

    Raises:
        InvalidInput: nobody is called so, and nobody was.
    """
    from healthtwin.access import was_erased
    from healthtwin.domain.errors import InvalidInput
    from healthtwin.store import Home
    from healthtwin.store.people import People

    opened = Home.open(home)
    with tables_of(home) as tables:
        try:
            person = People(tables).get(person_id_of(tables, named))
        except InvalidInput:
            if was_erased(opened, tables, named):
                return opened, None
            raise
    return opened, (person.id, person.pseudonym)


def _entries(home: Home, pseudonym: str) -> Iterator[dict[str, Any]]:
    from healthtwin.access import looks_at

    return looks_at(home, pseudonym)


def _labels(home: Path) -> dict[str, str]:
    from healthtwin.access import grant_labels

    with tables_of(home) as tables:
        return grant_labels(tables)


def _note(home: Home, pseudonym: str, what: str) -> None:
    """Who asked who looked has looked, too; what cannot be written keeps no evidence from being read."""
    from healthtwin.cli.noted import note_if_possible

    note_if_possible(home, what, person=pseudonym)
