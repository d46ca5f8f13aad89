"""`healthtwin webhook`: where alerts are posted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import remark, tell, tell_json, tell_table
from healthtwin.cli.tables import now_ms, person_id_of, tables_of

if TYPE_CHECKING:
    from healthtwin.notify import Webhook

webhook_app = typer.Typer(
    help="Add, list, remove and test webhooks.", no_args_is_help=True, rich_markup_mode=None
)

WebhookId = Annotated[str, typer.Argument(help="Id of the webhook (w-…).")]


@webhook_app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Where alerts are posted to.")],
    home: HomeOption,
    person: Annotated[str | None, typer.Option(help="Id or name: whose alerts; else everybody's.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Post alerts to an address. The key of the signatures is shown once."""
    from healthtwin.notify import add_webhook
    from healthtwin.store import Home

    with tables_of(home) as tables:
        whose = None if person is None else person_id_of(tables, person)
        webhook = add_webhook(Home.open(home), tables, url, now_ms(), whose)
    if as_json:
        tell_json({**_facts(webhook), "secret": webhook.secret.hex()})
        return
    tell(f"{webhook.id}  {webhook.url}")
    remark(f"Key of its signatures (HMAC-SHA256), not shown again: {webhook.secret.hex()}")
    remark(f"To see whether it answers: healthtwin webhook test {webhook.id} --home {home}")


@webhook_app.command("list")
def show(home: HomeOption, as_json: JsonOption = False) -> None:
    """Every webhook."""
    from healthtwin.notify import Webhooks

    with tables_of(home) as tables:
        webhooks = Webhooks(tables).list()
    if as_json:
        tell_json([_facts(webhook) for webhook in webhooks])
        return
    tell_table(
        ("id", "url", "person", "active"),
        [(hook.id, hook.url, hook.person_id or "everybody", hook.active) for hook in webhooks],
    )


@webhook_app.command("remove")
def remove(webhook: WebhookId, home: HomeOption, as_json: JsonOption = False) -> None:
    """Post nothing there any more."""
    from healthtwin.notify import Webhooks

    with tables_of(home) as tables:
        Webhooks(tables).get(webhook)
        Webhooks(tables).remove(webhook)
    if as_json:
        tell_json({"id": webhook, "removed": True})
    else:
        tell(f"{webhook} is removed.")


@webhook_app.command("test")
def try_out(webhook: WebhookId, home: HomeOption, as_json: JsonOption = False) -> None:
    """Post a message that says it is a test, and tell what came of it; status 1 when it did not arrive."""
    from healthtwin.notify import try_webhook
    from healthtwin.store import Home

    with tables_of(home) as tables:
        trial = try_webhook(Home.open(home), tables, webhook, now_ms())
    if as_json:
        tell_json({"id": webhook, "delivered": trial.arrived, "outcome": trial.text})
    else:
        tell(f"{webhook}  {'delivered' if trial.arrived else 'not delivered'}: {trial.text}")
    if not trial.arrived:
        raise typer.Exit(1)


def _facts(webhook: Webhook) -> dict[str, object]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "person": webhook.person_id,
        "active": webhook.active,
        "created_at": webhook.created_ms,
    }
