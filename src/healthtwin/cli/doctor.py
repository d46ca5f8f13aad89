"""`healthtwin doctor`: whether a home is as it should be."""

from __future__ import annotations

from typing import Annotated

import typer

from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import tell, tell_json

DAMAGE = 1
"""Exit status when something is not as it should be."""


def doctor(
    home: HomeOption,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Read everything through: pages, records' checksums, sealed blocks."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look a home through, served or not, and change nothing. Exit status 1 when something is wrong."""
    from healthtwin.house import examine
    from healthtwin.store import Home

    findings = []
    for finding in examine(Home.open(home), verify=verify):
        findings.append(finding)
        if not as_json:
            tell(f"{'ok    ' if finding.ok else 'DAMAGE'}  {finding.what}: {finding.detail}")
    ok = all(finding.ok for finding in findings)
    if as_json:
        tell_json({"ok": ok, "checks": [finding._asdict() for finding in findings]})
    if not ok:
        raise typer.Exit(DAMAGE)
