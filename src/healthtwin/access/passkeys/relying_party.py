"""For which name passkeys are made and on which pages they work, and why not on this one.

A passkey belongs to a host name (WebAuthn, "RP ID"): it works there and below it, on any port whose origin is
listed, and nowhere else. So the name is the operator's to say, and where they say none, the one under which
the house is served when the first passkey is made is kept for good. What a request says of itself
(`Host`, `X-Forwarded-Host`) never chooses it; it can only withhold the offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from healthtwin.access.settings import LOCALHOST, covers, is_address, is_host_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from healthtwin.access.settings import SignInSettings


class WhyNot(StrEnum):
    """Why a page can offer no passkeys."""

    ADDRESS = "address"
    """It was opened by an IP address: browsers make passkeys for names only."""
    PLAIN = "plain"
    """It came over plain HTTP, from another machine than this one."""
    ELSEWHERE = "elsewhere"
    """This house's passkeys belong to another name or port."""
    NAMELESS = "nameless"
    """The house is served under no name that passkeys could belong to."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whose passkeys they are.

    Attributes:
        rp_id: the host name.
        origins: of the pages where they work, best first.
        name: what a device shows beside them.
    """

    rp_id: str
    origins: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a page offers passkeys.

    Attributes:
        party: whose; None where there is no name at all.
        why_not: None where it does.
        instead: an address of ours where it would; empty where there is none.
    """

    party: RelyingParty | None
    why_not: WhyNot | None = None
    instead: str = ""


def served_origins(
    names: Iterable[str], port: int, *, secure: bool, proxied: bool = False
) -> tuple[str, ...]:
    """Where a house is reached as far as passkeys go: its names, the most public first.

    Args:
        names: that the operator or the machine gave it; addresses are left out.
        port: that it listens on.
        secure: browsers reach it over TLS. proxied: by somebody in front, at the usual port.

    >>> served_origins(["127.0.0.1"], 8420, secure=False)
    ('http://localhost:8420',)
    >>> served_origins(["twin.local", "192.168.1.5", "twin.example.org"], 8443, secure=True)
    ('https://twin.example.org:8443', 'https://twin.local:8443')
    >>> served_origins(["twin.example.org"], 8420, secure=True, proxied=True)
    ('https://twin.example.org',)
    """
    if not secure:
        return (f"http://{LOCALHOST}{'' if port == 80 else f':{port}'}",)  # noqa: PLR2004 - of HTTP
    fit = sorted({name.lower() for name in names if is_host_name(name.lower())}, key=_publicness)
    suffix = "" if proxied or port == 443 else f":{port}"  # noqa: PLR2004 - of HTTPS
    return tuple(f"https://{name}{suffix}" for name in fit)


def _publicness(name: str) -> tuple[int, str]:
    if covers(LOCALHOST, name):
        return (3, name)
    if "." not in name:
        return (2, name)
    return (1 if name.endswith(".local") else 0, name)


def party_of(
    settings: SignInSettings, kept: RelyingParty | None, served: Sequence[str]
) -> RelyingParty | None:
    """Whose passkeys are made now: as the settings say, else as at the first enrolment, else as served.

    Args:
        settings: the operator's.
        kept: what the first enrolment fixed; None before it.
        served: as of `served_origins`.

    >>> from healthtwin.access.settings import SignInSettings
    >>> first = RelyingParty("twin.local", ("https://twin.local:8420",), "healthtwin")
    >>> party_of(SignInSettings(), first, ["https://twin.example.org"]).rp_id
    'twin.local'
    >>> party_of(SignInSettings(rp_id="twin.example.org"), first, ["https://twin.example.org"]).origins
    ('https://twin.example.org',)
    """
    rp_id = settings.rp_id or (kept.rp_id if kept else "") or (host_of(served[0]) if served else "")
    if not rp_id:
        return None
    fixed = kept.origins if kept is not None and kept.rp_id == rp_id else ()
    below = [origin for origin in served if covers(rp_id, host_of(origin))]
    found = settings.origins or tuple(dict.fromkeys([*fixed, *below])) or (f"https://{rp_id}",)
    return RelyingParty(rp_id, found, settings.rp_name)


def offer_at(origin: str, party: RelyingParty | None) -> Offer:
    """Whether a page of this origin offers passkeys, and if not, why and where they would work.

    >>> party = RelyingParty("twin.local", ("https://twin.local:8443",), "healthtwin")
    >>> [offer_at(f"https://{place}", party).why_not for place in ("twin.local:8443", "192.168.1.5:8443")]
    [None, <WhyNot.ADDRESS: 'address'>]
    >>> offer_at("https://twin.local:9443", party).instead
    'https://twin.local:8443'
    """
    if party is not None and origin in party.origins:
        return Offer(party)
    instead = party.origins[0] if party is not None else ""
    host = host_of(origin)
    if is_address(host):
        return Offer(party, WhyNot.ADDRESS, instead)
    if not origin.startswith("https://") and not covers(LOCALHOST, host):
        return Offer(party, WhyNot.PLAIN, instead)
    return Offer(party, WhyNot.NAMELESS if party is None else WhyNot.ELSEWHERE, instead)


def host_of(origin: str) -> str:
    """The host name of an origin, lower case; empty where it has none."""
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""
