"""What the operator asks: how the house is, its figures, who holds a token, where alerts are posted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from healthtwin.access import Credentials, wall_ms
from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.house import HealthView, without_particulars
from healthtwin.notify import DeliveryView, ReceiverView, Webhooks
from healthtwin.routing import Kind, Need, Routes

if TYPE_CHECKING:
    from healthtwin.access import Token
    from healthtwin.house import House
    from healthtwin.notify import Webhook
    from healthtwin.routing import Ask

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

URL_SCHEMA: Final = {"format": "uri", "pattern": "^https?://."}
"""The least; `healthtwin.notify.webhooks.Webhooks` judges the rest."""


class BareHealth(msgspec.Struct, frozen=True):
    """How the house is, for anybody: ``ok``, ``degraded`` or ``failing``."""

    status: str


class TokenView(msgspec.Struct, frozen=True):
    """A token without its secret. people: ids it covers; None for everybody; times in epoch ms."""

    id: str
    scope: str
    people: list[str] | None
    device: str | None
    label: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None


class NewWebhook(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where to post alerts to. person: whose; left out: of everybody whom you see."""

    url: Annotated[str, msgspec.Meta(extra_json_schema=URL_SCHEMA)]
    person: str | None = None


class WebhookView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A webhook. secret: key of the signature, hexadecimal, told once when it is made."""

    id: str
    url: str
    person: str | None
    active: bool
    created_at: int
    secret: str | msgspec.UnsetType = msgspec.UNSET


routes = Routes(tag="operation")


@routes.get("/health", need=Need.NOBODY, summary="How the house is")
def health(ask: Ask, house: House) -> HealthView | BareHealth:
    """The status alone; with a token also disk, backlog, lag and what is wrong; an admin's names files."""
    view = house.operations.health()
    if not ask.says_who():
        return BareHealth(view.status)
    ask.require_known()
    return view if ask.may(Need.OPERATE) else without_particulars(view)


@routes.get("/metrics", need=Need.OPERATE, media=METRICS_TYPE, summary="Figures for Prometheus")
def metrics(house: House) -> str:
    """Text exposition 0.0.4; no person stands in it."""
    return house.operations.metrics_text()


@routes.get("/api/tokens", need=Need.OPERATE, summary="Who holds a token")
def tokens(house: House) -> list[TokenView]:
    """Every token, the oldest first, revoked and expired ones too."""
    return [token_view(token) for token in Credentials(house.tables).tokens()]


@routes.delete("/api/tokens/{token_id}", need=Need.OPERATE, errors=(NotFound,))
def revoke_token(house: House, token_id: str) -> None:
    """End a token for good; the next request with it is refused."""
    Credentials(house.tables).revoke_token(token_id, wall_ms())


@routes.get("/api/webhooks", need=Need.OPERATE, summary="Where alerts are posted to")
def webhooks(house: House) -> list[WebhookView]:
    """Every webhook, without its secret."""
    return [webhook_view(webhook) for webhook in Webhooks(house.tables).list()]


@routes.get("/api/receivers", need=Need.OPERATE, summary="How those who are told do")
def receivers(house: House) -> list[ReceiverView]:
    """Every webhook: what waits for it, since when nothing arrives there, what was given up in a day."""
    return house.notify.receivers()


@routes.post(
    "/api/webhooks", need=Need.OPERATE, status=201, example={"url": "https://hooks.example.net/alerts"}
)
def add_webhook(ask: Ask, house: House, body: NewWebhook) -> WebhookView:
    """The secret for checking signatures is in this answer and in no other.

    It is told what whoever adds it may read at the time of telling, of nobody else, and no longer than that.
    """
    ask.require_sight()
    whose = body.person
    if whose is not None and not (ask.sees(whose, Kind.ALERTS) and house.people.facts(whose)):
        raise InvalidInput("person", whose, "the id of a person whose alerts you see; left out: of all")
    added = house.notify.add_webhook(body.url, wall_ms(), whose, ask.grant.actor)
    return msgspec.structs.replace(webhook_view(added), secret=added.secret.hex())


@routes.delete("/api/webhooks/{webhook_id}", need=Need.OPERATE, errors=(NotFound,))
def remove_webhook(house: House, webhook_id: str) -> None:
    """Nothing is posted there any more."""
    Webhooks(house.tables).get(webhook_id)
    Webhooks(house.tables).remove(webhook_id)


@routes.post("/api/webhooks/{webhook_id}/test", need=Need.OPERATE, errors=(NotFound,))
def try_out(house: House, webhook_id: str) -> DeliveryView:
    """Post a message that says it is a test, and tell what came of it."""
    Webhooks(house.tables).get(webhook_id)
    return house.notify.send_test(webhook_id)


def token_view(token: Token) -> TokenView:
    """A token as it may be shown."""
    grant = token.grant
    people = None if grant.every_person else sorted(grant.people)
    return TokenView(
        token.id,
        str(grant.scope),
        people,
        grant.device,
        grant.label,
        token.created_ms,
        token.expires_ms,
        token.revoked_ms,
    )


def webhook_view(webhook: Webhook) -> WebhookView:
    """A webhook as it may be shown."""
    return WebhookView(webhook.id, webhook.url, webhook.person_id, webhook.active, webhook.created_ms)
