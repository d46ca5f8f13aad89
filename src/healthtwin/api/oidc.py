"""The way to an identity provider and back: pages, since a browser walks it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from healthtwin.access import Answer, Ending, ProviderTrouble
from healthtwin.api.account import client_of, keep
from healthtwin.api.identities import cookie_name, set_flow_cookie, way_back
from healthtwin.domain.errors import HealthTwinError
from healthtwin.routing import Need, Routes
from healthtwin.web import failed_page, language_of, way_back_page

if TYPE_CHECKING:
    from healthtwin.access import Identities
    from healthtwin.routing import Ask

log = logging.getLogger("healthtwin.api")

_STATUS: Final = {Ending.SIGNED_IN: 200, Ending.LINKED: 200, Ending.TROUBLE: 503}
"""Every other ending is 400: this request cannot be right, and nothing was done."""

routes = Routes("/sign-in/oidc", strict=False, failed=failed_page)


@routes.get("/{provider}", need=Need.NOBODY)
def leave(ask: Ask, identities: Identities, provider: str) -> Response:
    """Off to the provider; what it sends back is good in this browser alone."""
    target = ask.request.query_params.get("to", "/")
    try:
        url, cookie = identities.begin(provider, way_back(ask, provider), target)
    except ProviderTrouble as error:
        log.warning("an identity provider cannot be asked: %s", error)
        return _page(ask, Ending.TROUBLE, "/")
    response = RedirectResponse(url, 303)
    set_flow_cookie(ask, response, url, cookie)
    return response


@routes.get("/{provider}/callback", need=Need.NOBODY)
def come_back(ask: Ask, identities: Identities, provider: str) -> Response:
    """Back from there. A page and no redirect: only what our own page opens brings our cookie along."""
    said, authenticator = ask.request.query_params, ask.authenticator
    one = {name: said[name] for name in ("code", "state", "iss", "error") if len(said.getlist(name)) == 1}
    name = cookie_name(ask, one.get("state", ""))
    ended = identities.finish(
        provider,
        ask.request.cookies.get(name),
        Answer(one.get("code"), one.get("state"), one.get("iss"), one.get("error")),
        client_of(ask),
        known=authenticator.browser_of(ask.request),
        former=ask.request.cookies.get(authenticator.cookie),
    )
    response = _page(ask, ended.ending, ended.target)
    if name in ask.request.cookies:
        response.delete_cookie(name, path="/", secure=authenticator.secure, httponly=True, samesite="lax")
    if ended.signed_in is not None:
        keep(ask, ended.signed_in.session, ended.signed_in.browser)
    return response


def _page(ask: Ask, ending: Ending, target: str) -> Response:
    signed_in = False
    if ending is Ending.OVER and ask.says_who():
        try:
            ask.require_known()
            signed_in = True
        except HealthTwinError:
            signed_in = False
    html = way_back_page(
        ending,
        target,
        signed_in=signed_in,
        theme=ask.request.cookies.get("theme"),
        language=language_of(ask.request),
    )
    return HTMLResponse(html, _STATUS.get(ending, 400), headers={"Cache-Control": "no-store"})
