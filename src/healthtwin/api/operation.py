"""What the operator asks: how the house is, its figures, who holds a token, where alerts are posted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.access.authenticator import wall_ms
from healthtwin.api.parameters import body_of, require_known_parameters
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.domain.errors import InvalidInput
from healthtwin.house.health import HealthView
from healthtwin.notify.answers import DeliveryView

if TYPE_CHECKING:
    from healthtwin.api.identity import Identity
    from healthtwin.house import House
    from healthtwin.store.records import Token, Webhook

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

URL_SCHEMA: Final = {"format": "uri", "pattern": "^https?://."}
"""The least; `healthtwin.store.records.Webhooks` judges the rest."""


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
    """Where to post alerts to. person: whose; left out: everybody's."""

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


def health_routes(house: House, identity: Identity) -> APIRouter:
    """`/health`, the one route that answers to nobody in particular."""
    router = APIRouter(tags=["operation"])

    @router.get("/health", responses=answers((HealthView, BareHealth)), summary="How the house is")
    def health(request: Request) -> Response:
        """The status alone; with a token also disk, backlog, lag and what is wrong."""
        require_known_parameters(request, ())
        view = house.operations.health()
        known = "authorization" in request.headers or identity.cookie in request.cookies
        if not known:
            return json_of(BareHealth(view.status))
        identity.authenticate(request)
        return json_of(view)

    return router


def operation_routes(house: House, identity: Identity) -> APIRouter:
    """`/metrics`, `/api/tokens`, `/api/webhooks`: for an admin only."""

    def require_admin(request: Request) -> None:
        identity.grant_of(request).require_admin()

    router = APIRouter(tags=["operation"], dependencies=[Depends(require_admin)])
    records = house.records

    @router.get(
        "/metrics",
        responses={**answers(None, 403), 200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
        summary="Figures for Prometheus",
    )
    def metrics(request: Request) -> Response:
        """Text exposition 0.0.4; no person stands in it."""
        require_known_parameters(request, ())
        return Response(house.operations.metrics_text(), headers={"Content-Type": METRICS_TYPE})

    @router.get("/api/tokens", responses=answers(list[TokenView], 403), summary="Who holds a token")
    def tokens(request: Request) -> Response:
        """Every token, the oldest first, revoked and expired ones too."""
        require_known_parameters(request, ())
        return json_of([token_view(token) for token in records.access.tokens()])

    @router.delete("/api/tokens/{token_id}", status_code=204, responses=answers(None, 403, 404))
    def revoke(request: Request, token_id: str) -> Response:
        """End a token for good; the next request with it is refused."""
        require_known_parameters(request, ())
        records.access.revoke_token(token_id, wall_ms())
        return Response(status_code=204)

    @router.get(
        "/api/webhooks", responses=answers(list[WebhookView], 403), summary="Where alerts are posted to"
    )
    def webhooks(request: Request) -> Response:
        """Every webhook, without its secret."""
        require_known_parameters(request, ())
        return json_of([webhook_view(webhook) for webhook in records.webhooks.list()])

    @router.post(
        "/api/webhooks",
        status_code=201,
        responses=answers(WebhookView, 403, 413, 415, 422, status=201),
        openapi_extra=takes(NewWebhook),
    )
    async def add_webhook(request: Request) -> Response:
        """The secret for checking signatures is in this answer and in no other."""
        require_known_parameters(request, ())
        wanted = await body_of(request, NewWebhook)
        if wanted.person is not None and house.people.facts(wanted.person) is None:
            raise InvalidInput("person", wanted.person, "a person's id; left out: everybody's alerts")
        added = await run_in_threadpool(records.webhooks.add, wanted.url, wall_ms(), person_id=wanted.person)
        told_once = msgspec.structs.replace(webhook_view(added), secret=added.secret.hex())
        return Response(msgspec.json.encode(told_once), 201, media_type="application/json")

    @router.delete("/api/webhooks/{webhook_id}", status_code=204, responses=answers(None, 403, 404))
    def remove_webhook(request: Request, webhook_id: str) -> Response:
        """Nothing is posted there any more."""
        require_known_parameters(request, ())
        records.webhooks.get(webhook_id)
        records.webhooks.remove(webhook_id)
        return Response(status_code=204)

    @router.post("/api/webhooks/{webhook_id}/test", responses=answers(DeliveryView, 403, 404))
    def test_webhook(request: Request, webhook_id: str) -> Response:
        """Post a message that says it is a test, and tell what came of it."""
        require_known_parameters(request, ())
        records.webhooks.get(webhook_id)
        return json_of(house.notify.send_test(webhook_id))

    return router


def token_view(token: Token) -> TokenView:
    """A token as it may be shown."""
    grant = token.grant
    people = None if grant.scope == "admin" else sorted(grant.people)
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
