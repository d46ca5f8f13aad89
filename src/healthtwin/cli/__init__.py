"""The command line. It only reads options, calls the rooms and tells what they answered.

Every command module is light to import; what a command needs it imports when it runs, so that `--help` does
not wait for numpy or a web framework.
"""

from __future__ import annotations

import sys

import typer

from healthtwin.cli.access import sign_in_link, token_app
from healthtwin.cli.account import account_app
from healthtwin.cli.archive import backup, move_records, restore
from healthtwin.cli.audit import audit_app
from healthtwin.cli.demo import demo
from healthtwin.cli.doctor import doctor
from healthtwin.cli.effects import effects_app
from healthtwin.cli.federation import federation_app
from healthtwin.cli.genes import genes_app
from healthtwin.cli.keys import keys_app
from healthtwin.cli.laboratory import laboratory_group
from healthtwin.cli.measure import measure_app
from healthtwin.cli.migrate import migrate
from healthtwin.cli.pair import pair
from healthtwin.cli.person import person_app
from healthtwin.cli.rebuild import rebuild
from healthtwin.cli.replay import replay
from healthtwin.cli.research import export_app, research
from healthtwin.cli.serve import serve
from healthtwin.cli.surveillance import surveillance_app
from healthtwin.cli.version import global_options, version
from healthtwin.cli.webhook import webhook_app
from healthtwin.domain.errors import HealthTwinError, StorageError

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(global_options)
app.command()(demo)
app.command()(serve)
app.add_typer(audit_app, name="audit")
app.add_typer(laboratory_group("Measure on named data, beside what has to be beaten."), name="evaluate")
app.add_typer(effects_app, name="effects")
app.add_typer(export_app, name="export")
app.add_typer(federation_app, name="federation")
app.add_typer(genes_app, name="genes")
app.add_typer(keys_app, name="keys")
app.add_typer(measure_app, name="measure")
person_app.command("export-research", hidden=True)(research)
app.add_typer(person_app, name="person")
app.add_typer(surveillance_app, name="surveillance")
app.add_typer(account_app, name="account")
app.add_typer(token_app, name="token")
app.command()(sign_in_link)
app.command()(pair)
app.add_typer(webhook_app, name="webhook")
app.add_typer(laboratory_group("Make the shipped models again, from recordings."), name="train")
app.command()(replay)
app.command()(backup)
app.command()(restore)
app.command()(move_records)
app.command()(migrate)
app.command()(rebuild)
app.command()(doctor)
app.command()(version)

INPUT_ERROR = 2
"""Exit status when what was asked cannot work; the same as for a misspelt option."""

TROUBLE = 1
"""Exit status when what was asked was right but could not be done."""


def main() -> None:
    """Run the command line; what goes wrong is one line on stderr and an exit status."""
    try:
        app()
    except HealthTwinError as error:
        sys.stderr.write(f"healthtwin: {error}\n")
        raise SystemExit(TROUBLE if isinstance(error, StorageError) else INPUT_ERROR) from None
