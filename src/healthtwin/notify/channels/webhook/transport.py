"""Alerts posted to an address that somebody configured: signed, at least once, never into the own network.

A receiver gets ``POST`` with a JSON body and these headers::

    Idempotency-Key: the same for every attempt at the same message; drop what you have seen
    Healthtwin-Signature: t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "<t>.<body>" under the shared secret>

and answers any 2xx. 408, 425, 429 and 5xx are tried again later, everything else is final; redirects are not
followed, since they would lead past the check of the address.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from healthtwin.access import Actor
from healthtwin.domain.errors import NotFound
from healthtwin.egress.outside_address import AddressRefused, judged_address, resolve
from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Message
from healthtwin.notify.channels.webhook.words import notice_of, trial_notice, without_evidence

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine, Sequence

    import httpx2

    from healthtwin.domain import EpisodeChange
    from healthtwin.egress.outside_address import Resolve
    from healthtwin.notify.webhooks import Webhook, Webhooks

SIGNATURE_HEADER: Final = "Healthtwin-Signature"
CONNECT_S: Final = 3.0
ANSWER_S: Final = 5.0
"""Seconds for the connection, and for each step of the exchange. The answer's body is not read."""

WHOLE_S: Final = 10.0
"""Seconds for all of it: whoever drips an answer byte by byte must not hold a sender for ever."""

TOLERANCE_S: Final = 300
"""How old a signature a receiver should accept: five minutes allow for clocks that differ."""

LONGEST_WISH_S: Final = 3600.0
"""A receiver may ask to be left alone (`Retry-After`) for an hour at most; an alert is not for tomorrow."""

_REDIRECTION: Final = 3  # the hundreds of the status
_TRY_AGAIN: Final = frozenset({408, 425, 429})


class WebhookChannel:
    """Posts to every webhook that hears of a person. A recipient is a webhook's id.

    Args:
        webhooks: where the addresses and their secrets are kept.
        allow_private: whether loopback and private networks may be called (see `outside_address`).
        resolver: host and port → addresses; the system's by default.
        now_s: seconds since 1970, for the signature.
        portal: where people see alerts, a URL without a path; None: not known.
        name_of: what a pseudonym is called; None: nobody, or not to be told.
    """

    name = "webhook"
    at_once = False

    def __init__(
        self,
        webhooks: Webhooks,
        *,
        allow_private: bool = False,
        resolver: Resolve = resolve,
        now_s: Callable[[], float] = time.time,
        portal: Callable[[], str | None] = lambda: None,
        name_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._webhooks = webhooks
        self._allow_private = allow_private
        self._resolver = resolver
        self._now_s = now_s
        self._portal = portal
        self._name_of = name_of
        self._calls: set[tuple[asyncio.AbstractEventLoop, asyncio.Task[DeliveryResult]]] = set()

    def recipients(self, person: str) -> Sequence[str]:
        """The active webhooks that hear of this pseudonym."""
        return [webhook.id for webhook in self._webhooks.for_person(person)]

    def words_of(self, change: EpisodeChange, first_id: str) -> str:
        """The JSON text that tells a change (`words.Notice`)."""
        return notice_of(change, first_id, self._portal(), self._name_of(change.person))

    def actor_of(self, recipient: str) -> Actor | None:
        """Whoever added the webhook; None where it was removed."""
        try:
            webhook = self._webhooks.get(recipient)
        except NotFound:
            return None
        return Actor(webhook.id, webhook.grant, webhook.person_id)

    def without_readings(self, body: str) -> str:
        """The JSON text without its evidence."""
        return without_evidence(body)

    def words_of_trial(self, at_ms: int) -> str:
        """The JSON text of a test."""
        return trial_notice(at_ms)

    def send(self, message: Message) -> DeliveryResult:
        """Make one attempt; every failure is an outcome, in words that hold neither secret nor body."""
        import httpx2

        try:
            webhook = self._webhooks.get(message.recipient)
        except NotFound:
            return DeliveryResult(Disposition.REFUSED, "the webhook was removed")
        if not webhook.active:
            return DeliveryResult(Disposition.REFUSED, "the webhook is switched off")
        try:
            return self._post(webhook, message)
        except AddressRefused as refusal:
            return DeliveryResult(Disposition.REFUSED, f"not called: {refusal}")
        except httpx2.TimeoutException:
            return DeliveryResult(Disposition.RETRY, "timed out")
        except asyncio.CancelledError:
            return DeliveryResult(Disposition.RETRY, "broken off, since the house was stopping")
        except (httpx2.InvalidURL, ValueError):  # a host that no name can be; `UnicodeError` is one too
            return DeliveryResult(Disposition.REFUSED, "the URL cannot be called")
        except (httpx2.TransportError, OSError) as error:
            return DeliveryResult(Disposition.RETRY, f"no connection ({type(error).__name__})")

    def _post(self, webhook: Webhook, message: Message) -> DeliveryResult:
        import httpx2

        url = httpx2.URL(webhook.url)
        host = url.host
        port = url.port or (443 if url.scheme == "https" else 80)
        address = judged_address(host, port, allow_private=self._allow_private, resolver=self._resolver)
        body = message.body.encode()
        headers = {
            "Host": urlsplit(webhook.url).netloc,
            "Content-Type": "application/json",
            "Idempotency-Key": message.idempotency_key,
            "User-Agent": "healthtwin",
            SIGNATURE_HEADER: signature(webhook.secret, body, int(self._now_s())),
        }
        pinned = url.copy_with(host=address)
        return asyncio.run(self._call(_exchange(pinned, body, headers, host)))

    async def _call(self, exchange: Coroutine[Any, Any, DeliveryResult]) -> DeliveryResult:
        """The exchange, as a task that `hang_up` knows."""
        task = asyncio.ensure_future(exchange)
        call = (asyncio.get_running_loop(), task)
        self._calls.add(call)
        try:
            return await task
        finally:
            self._calls.discard(call)

    def hang_up(self) -> None:
        """End every exchange under way; from any thread."""
        for loop, task in list(self._calls):
            with suppress(RuntimeError):  # it ended by itself meanwhile
                loop.call_soon_threadsafe(task.cancel)


async def _exchange(url: httpx2.URL, body: bytes, headers: dict[str, str], host: str) -> DeliveryResult:
    """One exchange, within `WHOLE_S` whatever the receiver does: a drip of single bytes ends here too."""
    import httpx2

    timeout = httpx2.Timeout(ANSWER_S, connect=CONNECT_S)
    try:
        # trust_env off: a proxy from the environment would connect to the name, past the judged address.
        async with (
            asyncio.timeout(WHOLE_S),
            httpx2.AsyncClient(
                verify=_trust(), timeout=timeout, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(
                "POST",
                url,
                content=body,
                headers=headers,
                extensions={"sni_hostname": host},  # the certificate must be the name's, not the address's
            ) as answer,
        ):
            return _outcome_of(answer)
    except TimeoutError:
        return DeliveryResult(Disposition.RETRY, "timed out")


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that are trusted, read once: that takes longer than a whole exchange at home."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def _outcome_of(answer: httpx2.Response) -> DeliveryResult:
    status = answer.status_code
    if answer.is_success:
        return DeliveryResult(Disposition.DELIVERED, str(status))
    if status // 100 == _REDIRECTION:
        return DeliveryResult(
            Disposition.REFUSED, f"{status}: redirects are not followed; enter the final address"
        )
    if status in _TRY_AGAIN or answer.is_server_error:
        return DeliveryResult(Disposition.RETRY, str(status), _wish(answer.headers.get("Retry-After")))
    return DeliveryResult(Disposition.REFUSED, str(status))


def _wish(retry_after: str | None) -> float | None:
    """Seconds from a `Retry-After` in seconds; a date in it is not worth a parser here."""
    if retry_after is None or not retry_after.strip().isdecimal():
        return None
    return min(float(retry_after), LONGEST_WISH_S)


def signature(secret: bytes, body: bytes, at_s: int) -> str:
    """The value of `SIGNATURE_HEADER` for a body.

    >>> signature(b"shared", b"{}", 1_772_366_400)[:15]
    't=1772366400,v1'
    """
    mac = hmac.new(secret, b"%d." % at_s + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={mac}"


def verify(secret: bytes, header: str, body: bytes, now_s: float) -> bool:
    """What a receiver does before it believes a message: the signature fits and is fresh.

    >>> header = signature(b"shared", b"{}", 1_772_366_400)
    >>> verify(b"shared", header, b"{}", 1_772_366_410)
    True
    >>> verify(b"shared", header, b"{ }", 1_772_366_410)
    False
    """
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not stamp.isdecimal() or abs(now_s - int(stamp)) > TOLERANCE_S:
        return False
    return hmac.compare_digest(signature(secret, body, int(stamp)), f"t={stamp},v1={parts.get('v1', '')}")
