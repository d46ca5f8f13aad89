"""The `[access]` table of a home's `config.toml`: whose passkeys are made, and who else vouches for people.

::

    [access]
    rp_id = "twin.example.org"
    origins = ["https://twin.example.org"]

    [access.oidc.hospital]
    issuer = "https://id.hospital.example"
    client_id = "healthtwin"
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final, Self, TypeGuard
from urllib.parse import urlsplit

from healthtwin.access.grants import Scope
from healthtwin.domain.errors import ConfigurationError
from healthtwin.domain.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCALHOST: Final = "localhost"

_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PROVIDER: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
_LONGEST_NAME: Final = 64
_LONGEST_HOST: Final = 253
"""RFC 1035, 2.3.4, without the final dot."""

MAPPED_ROLES: Final = frozenset({Scope.PERSON.value, Scope.FAMILY.value, Scope.CLINICIAN.value})
"""What a provider's claims may let in as. Never an administrator: whoever runs the provider would run the
house, and a claim that its users can write (`preferred_username`) would be a master key."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An identity provider (`[access.oidc.NAME]`).

    Attributes:
        name: as it stands in paths of ours.
        title: what its button says.
        issuer: as in its tokens; discovery is below it.
        client_id, client_secret: of this house there; no secret: a public client, with PKCE alone.
        scopes: asked for, besides `openid`.
        allow_private: it may be called on loopback and in private networks.
        roles_claim, roles: an account enters only while this claim holds one of the values given for its
            role; without `roles`, every linked account does.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = ""
    title: str = ""
    scopes: tuple[str, ...] = ()
    allow_private: bool = False
    roles_claim: str = "roles"
    roles: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, name: str, table: object, where: Path | str) -> Self:
        """The settings that the table says.

        Raises:
            ConfigurationError: for an unknown key, a wrong type, an issuer that is not https, a role that no
                claim may give.
        """
        place = f"{where}, [access.oidc.{name}]"
        if not _PROVIDER.fullmatch(name):
            raise ConfigurationError(f"{place}: a name is of a-z, 0-9 and -, and begins with a letter")
        if not isinstance(table, dict):
            raise ConfigurationError(f"{place}: must be a table")
        known = {"issuer", "client_id", "client_secret", "title", "scopes", "allow_private"} | {
            "roles_claim",
            "roles",
        }
        if unknown := sorted(set(table) - known):
            raise ConfigurationError(
                f"{place}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}"
            )
        texts = {key: table.get(key, "") for key in ("issuer", "client_id", "client_secret", "title")}
        for key, value in texts.items():
            if not isinstance(value, str) or (key in {"issuer", "client_id"} and not value):
                raise ConfigurationError(f"{place} {key}: got {value!r}; allowed: a text")
        scopes, private = table.get("scopes", []), table.get("allow_private", False)
        if not _are_texts(scopes) or any(" " in scope for scope in scopes):
            raise ConfigurationError(f'{place} scopes: got {scopes!r}; allowed: a list such as ["email"]')
        if not isinstance(private, bool):
            raise ConfigurationError(f"{place} allow_private: got {private!r}; allowed: true or false")
        issuer = texts["issuer"]
        if not _is_issuer(issuer, allow_plain=private):
            raise ConfigurationError(
                f"{place} issuer: got {issuer!r}; allowed: https://… without query or fragment "
                "(http://… on this machine alone, with allow_private = true)"
            )
        claim, roles = table.get("roles_claim", "roles"), table.get("roles", {})
        if not isinstance(claim, str) or not claim:
            raise ConfigurationError(f"{place} roles_claim: got {claim!r}; allowed: the name of a claim")
        return cls(
            name,
            issuer,
            texts["client_id"],
            texts["client_secret"],
            texts["title"] or name,
            tuple(scopes),
            private,
            claim,
            _roles(roles, place),
        )


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """How people get in.

    Attributes:
        rp_id: host name that passkeys are made for (WebAuthn, 5.1.3: "RP ID"); empty: the name under which
            the house was served at the first enrolment.
        origins: addresses of pages that may use them, with scheme and port; empty: follows from where the
            house is served.
        rp_name: what a device shows beside a passkey.
        oidc: identity providers by name.
    """

    SECTION: ClassVar[str] = "access"
    MEANING: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "rp_id": "host name that passkeys are made for, such as `twin.example.org`; empty: the name that "
            "the house is served under when the first one is made. Those of another name no longer work",
            "origins": 'addresses of pages where they work, such as `["https://twin.example.org"]`; empty: '
            "`rp_id` as it is served",
            "rp_name": "what a device shows beside a passkey",
            "oidc": "identity providers, a table each (`[access.oidc.NAME]`): `issuer`, `client_id`, "
            "`client_secret`, `title`, `scopes`, `allow_private`, `roles_claim`, `roles`",
        }
    )

    rp_id: str = ""
    origins: tuple[str, ...] = ()
    rp_name: str = "healthtwin"
    oidc: Mapping[str, OidcSettings] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> Self:
        """The settings that the table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for a wrong type, or a name that can have no passkeys; other keys of the
                table are somebody else's to judge.

        >>> SignInSettings.of({"rp_id": "twin.local"}, "config.toml").rp_id
        'twin.local'
        >>> SignInSettings.of({"rp_id": "192.168.1.5"}, "config.toml")
        Traceback (most recent call last):
        ...
        healthtwin.domain.errors.ConfigurationError: config.toml, [access] rp_id: got '192.168.1.5'; \
allowed: a host name such as "twin.example.org" (browsers make no passkeys for an address)
        """
        place = f"{where}, [{cls.SECTION}]"
        rp_id, rp_name = (
            table.get("rp_id", ""),
            table.get("rp_name", cls.__dataclass_fields__["rp_name"].default),
        )
        if not isinstance(rp_id, str) or (rp_id and not is_host_name(rp_id)):
            raise ConfigurationError(
                f'{place} rp_id: got {rp_id!r}; allowed: a host name such as "twin.example.org" '
                "(browsers make no passkeys for an address)"
            )
        if not isinstance(rp_name, str) or not 0 < len(rp_name.strip()) <= _LONGEST_NAME:
            raise ConfigurationError(
                f"{place} rp_name: got {rp_name!r}; allowed: 1 to {_LONGEST_NAME} characters"
            )
        origins = table.get("origins", [])
        if not _are_texts(origins):
            raise ConfigurationError(f"{place} origins: got {origins!r}; allowed: a list of addresses")
        for origin in origins:
            _check_origin(origin, rp_id, place)
        providers = table.get("oidc", {})
        if not isinstance(providers, dict):
            raise ConfigurationError(f"{place} oidc: must be tables, [access.oidc.NAME]")
        oidc = {name: OidcSettings.of(name, of, where) for name, of in providers.items()}
        return cls(rp_id, tuple(origins), rp_name.strip(), MappingProxyType(oidc))


def is_host_name(name: str) -> bool:
    """Whether passkeys can be made for a name: of lower-case labels, no address, no port.

    >>> [is_host_name(name) for name in ("twin.local", "localhost", "10.0.0.1", "twin.local:8443", "Twin")]
    [True, True, False, False, False]
    """
    return not is_address(name) and len(name) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, name.split(".")))


def is_address(host: str) -> bool:
    """Whether a host is written out as an IP address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.replace(".", "").isdecimal()  # also the old ways of writing one
    return True


def covers(rp_id: str, host: str) -> bool:
    """Whether pages of a host may use passkeys of a name: it is the name, or stands below it.

    >>> covers("example.org", "twin.example.org"), covers("example.org", "badexample.org")
    (True, False)
    """
    return host == rp_id or host.endswith(f".{rp_id}")


def _check_origin(origin: str, rp_id: str, place: str) -> None:
    try:
        parts = urlsplit(origin)
        host, scheme = parts.hostname or "", parts.scheme
        _ = parts.port
    except ValueError:
        host = scheme = ""
    plain_here = scheme == "http" and covers(LOCALHOST, host)
    whole = origin == f"{scheme}://{parts.netloc}" and parts.username is None if host else False
    if not whole or not (scheme == "https" or plain_here) or not is_host_name(host):
        raise ConfigurationError(
            f'{place} origins: got {origin!r}; allowed: "https://name" or "https://name:port", without a path'
        )
    if not rp_id:
        raise ConfigurationError(f"{place}: origins go with rp_id; say both or neither")
    if not covers(rp_id, host):
        raise ConfigurationError(f"{place} origins: got {origin!r}; allowed: {rp_id}, or a name below it")


def _roles(roles: object, place: str) -> Mapping[str, frozenset[str]]:
    if not isinstance(roles, dict):
        raise ConfigurationError(f'{place} roles: must be a table, such as {{ clinician = ["doctors"] }}')
    told: dict[str, frozenset[str]] = {}
    for role, values in roles.items():
        if role not in MAPPED_ROLES:
            raise ConfigurationError(
                f"{place} roles: got {role!r}; allowed: {', '.join(sorted(MAPPED_ROLES))} (nobody becomes an "
                "administrator by a claim)"
            )
        if not _are_texts(values) or not values:
            raise ConfigurationError(
                f'{place} roles {role}: got {values!r}; allowed: a list such as ["doctors"]'
            )
        told[role] = frozenset(values)
    return MappingProxyType(told)


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _is_issuer(issuer: str, *, allow_plain: bool) -> bool:
    try:
        parts = urlsplit(issuer)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.query or parts.fragment or parts.username is not None:
        return False
    here = covers(LOCALHOST, host) or (is_address(host) and is_loopback(host))
    return parts.scheme == "https" or (parts.scheme == "http" and allow_plain and here)
