"""One small question to a named service, and its answer: judged address, whole time and size bounded.

For what an operator configured by URL and whose answer is read, such as an identity provider. Redirects are
not followed, since they would lead past the check of the address; a proxy from the environment is not used,
since it would connect to the name, past the address that was judged.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from healthtwin.domain.errors import HealthTwinError
from healthtwin.egress.outside_address import AddressRefused, judged_address

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping

CONNECT_S: Final = 3.0
STEP_S: Final = 5.0
"""Seconds for the connection, and for each step of the exchange."""

WHOLE_S: Final = 10.0
"""Seconds for all of it: whoever drips an answer byte by byte holds nobody for ever."""

LARGEST_ANSWER_BYTES: Final = 512 * 1024
"""Key sets and token answers are a few kilobytes."""

_PORTS: Final = {"https": 443, "http": 80}


class Unreachable(HealthTwinError):
    """The service could not be asked; the message says why, and holds nothing of what was sent."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: HTTP status and body."""

    status: int
    body: bytes


def fetch(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    allow_private: bool = False,
) -> Fetched:
    """GET a URL, or POST a form to it.

    Args:
        url: ``https://…``; ``http://`` is the caller's to allow.
        form: fields to post; None: GET.
        headers: besides our own.
        allow_private: whether loopback and private networks may be called.

    Raises:
        Unreachable: no connection, an address that must not be called, too slow, or too long an answer.
    """
    try:
        return asyncio.run(_fetch(url, form, dict(headers or {}), allow_private=allow_private))
    except AddressRefused as refusal:
        raise Unreachable(f"not called: {refusal}") from refusal


async def _fetch(
    url: str, form: Mapping[str, str] | None, headers: dict[str, str], *, allow_private: bool
) -> Fetched:
    import httpx2

    try:
        parts = urlsplit(url)
        target = httpx2.URL(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError, httpx2.InvalidURL) as error:
        raise Unreachable("the URL cannot be called") from error
    try:
        async with asyncio.timeout(WHOLE_S):
            address = await asyncio.to_thread(judged_address, host, port, allow_private=allow_private)
            async with (
                httpx2.AsyncClient(
                    verify=_trust(),
                    timeout=httpx2.Timeout(STEP_S, connect=CONNECT_S),
                    follow_redirects=False,
                    trust_env=False,
                ) as client,
                client.stream(
                    "GET" if form is None else "POST",
                    target.copy_with(host=address),
                    data=None if form is None else dict(form),
                    headers={
                        "Accept": "application/json",
                        "User-Agent": "healthtwin",
                        **headers,
                        "Host": parts.netloc,
                    },
                    extensions={"sni_hostname": host},  # the certificate is the name's, not the address's
                ) as answer,
            ):
                return Fetched(answer.status_code, await _whole(answer.aiter_bytes()))
    except TimeoutError as error:
        raise Unreachable("it did not answer in time") from error
    except (httpx2.HTTPError, OSError) as error:
        raise Unreachable(f"no connection ({type(error).__name__})") from error


async def _whole(chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > LARGEST_ANSWER_BYTES:
            raise Unreachable(f"its answer is longer than {LARGEST_ANSWER_BYTES} bytes")
    return bytes(body)


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that are trusted, read once."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)
