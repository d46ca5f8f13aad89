"""The phones of a load measurement: their own process, so that what they cost is counted apart.

Each POST carries one phone's metrics under that phone's own token. Connections are kept alive and shared by
the phones, as behind a proxy that ends TLS; a phone never waits for another's answer on the same connection.
Import: earlier messages of everybody come through a few hubs first. Once: each phone sends one message.
Closed loop: each connection sends as soon as it has its answer (how much the server can take). Open loop:
phones send when it is their turn, whatever the server does (what it is like at a stated rate); a wait is
counted from the turn, so that a slow server cannot hide by slowing the phones down.

Usage: python -m benchmarks.phones --url URL --kits FILE --mode closed --seconds 20 --out FILE
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import uvloop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STEP_MS: Final = 300_000
"""A message every five minutes."""

ROWS_AT_ONCE: Final = 1_500
"""Of an import: a body stays below a megabyte."""

HUB_LINES: Final = 4

LOW_OXYGEN: Final = 82
"""Below the limit at which the safety rules speak at once, on every person."""

LISTENS_AFTER_S: Final = 0.5
ALERTS_WITHIN_S: Final = 10.0
"""After the last answer; an alert that takes longer counts as none."""


@dataclass(frozen=True, slots=True)
class Kit:
    """A phone and whom it belongs to."""

    person: str
    token: str
    usual: tuple[float, float, float, float, float]
    """Heart rate /min, RMSSD ms, breathing /min, oxygen saturation %, temperature Cel."""


@dataclass(slots=True)
class Figures:
    """What came back; times in seconds."""

    posts: int = 0
    refused: int = 0
    waits: list[float] = field(default_factory=list)
    alert_waits: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


def read_kits(file: Path) -> list[Kit]:
    """The phones, as `bench_growth` left them."""
    return [
        Kit(person, token, tuple(usual))
        for person, token, usual in json.loads(file.read_text(encoding="utf-8"))
    ]


class Sending:
    """Builds the bytes that a phone sends; synthetic values around its owner's usual ones."""

    def __init__(self, host: str, kits: list[Kit], first_sequence: int) -> None:
        self._kits = kits
        self._chance = random.Random(first_sequence)  # noqa: S311 - made-up vitals, no secret
        self._sequences = [first_sequence] * len(kits)
        self._head = (
            f"POST /api/vitals HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            "Authorization: Bearer "
        ).encode()

    def request(self, phone: int, *, critical: bool = False) -> bytes:
        """One message of now."""
        sequence = self._sequences[phone]
        self._sequences[phone] = sequence + 1
        row = self._row(phone, time.time_ns() // 1_000_000, f'"sequence": {sequence}', critical=critical)
        return self._post(self._kits[phone].token, row)

    def imports(self, hubs: Sequence[str], rows_each: int) -> Iterator[bytes]:
        """Earlier messages of everybody, `rows_each` a person up to five minutes ago, many in one POST."""
        at_once = ROWS_AT_ONCE // rows_each
        for turn, start in enumerate(range(0, len(self._kits), at_once)):
            now_ms = time.time_ns() // 1_000_000
            rows = [
                self._row(phone, now_ms - STEP_MS * back, f'"person": "{self._kits[phone].person}"')
                for back in range(rows_each, 0, -1)
                for phone in range(start, min(start + at_once, len(self._kits)))
            ]
            yield self._post(hubs[turn % len(hubs)], "[" + ",".join(rows) + "]")

    def _post(self, token: str, body: str) -> bytes:
        length = f"\r\nContent-Length: {len(body)}\r\n\r\n"
        return self._head + (token + length + body).encode()

    def _row(self, phone: int, time_ms: int, whose: str, *, critical: bool = False) -> str:
        heart_rate, rmssd, breathing, oxygen, temperature = self._kits[phone].usual
        noise = self._chance.random() - 0.5
        oxygen = LOW_OXYGEN if critical else min(100, round(oxygen + noise))
        return (
            f'{{"timestamp": {time_ms}, {whose}, "heart_rate": {heart_rate + 6 * noise:.0f}, '
            f'"hrv_rmssd": {rmssd * (1 + 0.3 * noise):.1f}, "respiratory_rate": {breathing + 2 * noise:.1f}, '
            f'"spo2": {oxygen}, "temperature": {temperature + 0.2 * noise:.1f}, "activity_level": 0}}'
        )


class Line(asyncio.Protocol):
    """One kept connection: one request under way, its answer reported to `done`."""

    def __init__(self, done: Callable[[Line, int], None]) -> None:
        self._done = done
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to send."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes) -> None:
        """Send the next request; the last one must have been answered."""
        assert self._transport is not None
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; an answer is whole when its stated length is there."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        start = head.lower().index(b"content-length:") + 15
        if len(body) >= int(head[start:].partition(b"\r\n")[0]):
            self._buffer = b""
            self._done(self, int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """The server never closes a line that is in use; if it does, the run is void."""
        if self._buffer:
            raise ConnectionError("the server hung up in the middle of an answer") from exc

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def lines_to(url: str, count: int, done: Callable[[Line, int], None]) -> list[Line]:
    """Open connections."""
    host, port = _address(url)
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Line(done), host, port) for _ in range(count)]
    return [line for _, line in made]


async def closed_loop(url: str, requests: Iterator[bytes], *, connections: int, seconds: float) -> Figures:
    """Send as fast as answers come, until the requests or (above 0) the seconds are used up."""
    figures = Figures()
    started: dict[Line, float] = {}
    finished = asyncio.Event()
    begins = time.perf_counter()
    under_way = 0

    def next_from(line: Line) -> None:
        nonlocal under_way
        in_time = not seconds or time.perf_counter() - begins < seconds
        request = next(requests, None) if in_time else None
        if request is None:
            if not under_way:
                finished.set()
            return
        under_way += 1
        started[line] = time.perf_counter()
        line.send(request)

    def answered(line: Line, status: int) -> None:
        nonlocal under_way
        under_way -= 1
        _count(figures, status, time.perf_counter() - started[line])
        next_from(line)

    lines = await lines_to(url, connections, answered)
    begins = time.perf_counter()
    for line in lines:
        next_from(line)
    await finished.wait()
    figures.seconds = time.perf_counter() - begins
    for line in lines:
        line.close()
    return figures


def one_each(sending: Sending, phones: int, *, again: bool) -> Iterator[bytes]:
    """A message of each phone in turn, once or for ever."""
    while True:
        for phone in range(phones):
            yield sending.request(phone)
        if not again:
            return


class Turns:
    """Phones that send when it is their turn, over whichever line is free.

    Args:
        sending: builds what they send.
        kits: the phones; the first `planted` of them report a danger once and nothing else.
        planted: how many.
    """

    def __init__(self, sending: Sending, kits: list[Kit], planted: int) -> None:
        self.figures = Figures()
        self._sending = sending
        self._kits = kits
        self._planted = planted
        self._free: deque[Line] = deque()
        self._waiting: deque[tuple[int, bool, float]] = deque()
        self._turns: dict[Line, float] = {}
        self._danger_at: dict[str, float] = {}
        self._expected = 0
        self._all_answered = asyncio.Event()
        self.all_alerted = asyncio.Event()

    async def run(self, url: str, *, rate: float, seconds: float, connections: int) -> None:
        """Send `rate` a second for so long; returns when everything was answered."""
        self._free.extend(await lines_to(url, connections, self._answered))
        self._expected = round(rate * seconds)
        every = max(self._expected // self._planted, 1) if self._planted else self._expected + 1
        dangers = 0
        begins = time.perf_counter()
        for index in range(self._expected):
            at = begins + index / rate
            pause = at - time.perf_counter()
            if pause > 0:
                await asyncio.sleep(pause)
            critical = index % every == every // 2 and dangers < self._planted
            others = len(self._kits) - self._planted
            phone = dangers if critical else self._planted + index % others
            dangers += critical
            self._waiting.append((phone, critical, at))
            self._dispatch()
        await self._all_answered.wait()
        self.figures.seconds = time.perf_counter() - begins

    def alerted(self, person: str) -> None:
        """Somebody's critical alert reached the portal."""
        if person in self._danger_at:
            self.figures.alert_waits.setdefault(person, time.perf_counter() - self._danger_at[person])
            if len(self.figures.alert_waits) == self._planted:
                self.all_alerted.set()

    def _dispatch(self) -> None:
        while self._free and self._waiting:
            phone, critical, at = self._waiting.popleft()
            line = self._free.popleft()
            self._turns[line] = at
            if critical:
                self._danger_at[self._kits[phone].person] = at
            line.send(self._sending.request(phone, critical=critical))

    def _answered(self, line: Line, status: int) -> None:
        _count(self.figures, status, time.perf_counter() - self._turns[line])
        if self.figures.posts + self.figures.refused == self._expected:
            self._all_answered.set()
        self._free.append(line)
        self._dispatch()


async def open_loop(
    url: str, turns: Turns, *, rate: float, seconds: float, connections: int, watch: str
) -> Figures:
    """Everybody sends at their turn while a portal watches for the alerts that must come of it."""
    if not watch:
        await turns.run(url, rate=rate, seconds=seconds, connections=connections)
        return turns.figures
    watching = asyncio.create_task(watch_alerts(url, watch, turns.alerted))
    await asyncio.sleep(LISTENS_AFTER_S)
    await turns.run(url, rate=rate, seconds=seconds, connections=connections)
    with suppress(TimeoutError):
        await asyncio.wait_for(turns.all_alerted.wait(), ALERTS_WITHIN_S)
    watching.cancel()
    return turns.figures


async def watch_alerts(url: str, token: str, alerted: Callable[[str], None]) -> None:
    """Follow the live stream as an open portal does; `alerted` hears of each person with a critical alert."""
    host, port = _address(url)
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET /api/live HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    kind = ""
    async for line in reader:
        if line.startswith(b"event:"):
            kind = line[6:].strip().decode()
        elif line.startswith(b"data:") and kind == "alert":
            alert: dict[str, Any] = json.loads(line[5:])
            if alert["level"] == "critical":
                alerted(alert["person"])


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def _count(figures: Figures, status: int, wait: float) -> None:
    if status // 100 == 2:
        figures.posts += 1
        figures.waits.append(wait)
    else:
        figures.refused += 1


def quantile_ms(waits: list[float], quantile: float) -> float | None:
    """In milliseconds; None of nothing."""
    ascending = sorted(waits)
    if not ascending:
        return None
    return 1e3 * ascending[min(int(quantile * len(ascending)), len(ascending) - 1)]


def main() -> None:
    """Send, and leave the figures in a file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True)
    parser.add_argument("--kits", type=Path, required=True)
    parser.add_argument("--mode", choices=("import", "once", "closed", "open"), required=True)
    parser.add_argument("--seconds", type=float, default=20.0, help="closed and open loop")
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--messages", type=int, default=3, help="import: earlier messages of each person")
    parser.add_argument("--hubs", nargs="+", default=[], help="import: admin tokens, taken in turn")
    parser.add_argument("--rate", type=float, default=0.0, help="open loop: POSTs a second")
    parser.add_argument("--planted", type=int, default=0, help="open loop: critical readings")
    parser.add_argument("--watch", default="", help="open loop: token that sees those in danger")
    parser.add_argument("--first-sequence", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    kits = read_kits(asked.kits)
    sending = Sending(urlsplit(asked.url).netloc, kits, asked.first_sequence)
    before = resource.getrusage(resource.RUSAGE_SELF)
    if asked.mode == "open":
        turns = Turns(sending, kits, asked.planted)
        figures = uvloop.run(
            open_loop(
                asked.url,
                turns,
                rate=asked.rate,
                seconds=asked.seconds,
                connections=asked.connections,
                watch=asked.watch,
            )
        )
    else:
        importing, ever = asked.mode == "import", asked.mode == "closed"
        requests = (
            sending.imports(asked.hubs, asked.messages)
            if importing
            else one_each(sending, len(kits), again=ever)
        )
        figures = uvloop.run(
            closed_loop(
                asked.url,
                requests,
                connections=min(len(asked.hubs), HUB_LINES) if importing else asked.connections,
                seconds=asked.seconds if ever else 0.0,
            )
        )
    after = resource.getrusage(resource.RUSAGE_SELF)
    alerts = list(figures.alert_waits.values())
    report = {
        "posts": figures.posts,
        "refused": figures.refused,
        "seconds": figures.seconds,
        "post_p50_ms": quantile_ms(figures.waits, 0.5),
        "post_p99_ms": quantile_ms(figures.waits, 0.99),
        "alerts": len(alerts),
        "alert_p50_ms": quantile_ms(alerts, 0.5),
        "alert_p99_ms": quantile_ms(alerts, 0.99),
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    }
    asked.out.write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
