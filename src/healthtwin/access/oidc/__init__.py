"""Sign-in by an identity provider: authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 9700)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.access.oidc.flow import FLOW_MS, OIDC_COOKIE, path_of_ours
    from healthtwin.access.oidc.identities import Answer, Ended, Ending, Identities, OwnIdentity
    from healthtwin.access.oidc.provider import ProviderTrouble

__all__ = [
    "FLOW_MS",
    "OIDC_COOKIE",
    "Answer",
    "Ended",
    "Ending",
    "Identities",
    "OwnIdentity",
    "ProviderTrouble",
    "path_of_ours",
]

__getattr__ = face(
    __name__,
    flow="FLOW_MS OIDC_COOKIE path_of_ours",
    identities="Answer Ended Ending Identities OwnIdentity",
    provider="ProviderTrouble",
)
