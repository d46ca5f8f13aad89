"""The phones of a load measurement: their own process, so that what they cost is counted apart.

Each POST carries one phone's metrics under that phone's own token. Connections are kept alive and shared by
the phones, as behind a proxy that ends TLS; a phone never waits for another's answer on the same connection.
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
    from collections.abc import Callable

STEP_MS: Final = 300_000
"""A message every five minutes."""

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
    rows: int = 0
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

    def request(self, phone: int, *, rows: int = 1, critical: bool = False) -> bytes:
        """One POST of `rows` messages, five minutes apart, the newest of now."""
        now_ms = time.time_ns() // 1_000_000
        members = [self._row(phone, now_ms - STEP_MS * back, critical) for back in range(rows - 1, -1, -1)]
        body = (members[0] if rows == 1 else "[" + ",".join(members) + "]").encode()
        token = self._kits[phone].token.encode()
        return self._head + token + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body

    def _row(self, phone: int, time_ms: int, critical: bool) -> str:
        heart_rate, rmssd, breathing, oxygen, temperature = self._kits[phone].usual
        sequence = self._sequences[phone]
        self._sequences[phone] = sequence + 1
        noise = self._chance.random() - 0.5
        oxygen = LOW_OXYGEN if critical else min(100, round(oxygen + noise))
        return (
            f'{{"timestamp": {time_ms}, "sequence": {sequence}, "heart_rate": {heart_rate + 6 * noise:.0f}, '
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


async def closed_loop(
    url: str, sending: Sending, phones: int, *, connections: int, seconds: float, rows: int
) -> Figures:
    """Send as fast as answers come, phone after phone; 0 seconds: until each has sent once."""
    figures = Figures()
    started: dict[Line, float] = {}
    finished = asyncio.Event()
    begins = time.perf_counter()
    turn = under_way = 0

    def next_from(line: Line) -> None:
        nonlocal turn, under_way
        over = turn >= phones if not seconds else time.perf_counter() - begins >= seconds
        if over:
            if not under_way:
                finished.set()
            return
        request = sending.request(turn % phones, rows=rows)
        turn += 1
        under_way += 1
        started[line] = time.perf_counter()
        line.send(request)

    def answered(line: Line, status: int) -> None:
        nonlocal under_way
        under_way -= 1
        _count(figures, status, rows, time.perf_counter() - started[line])
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
        _count(self.figures, status, 1, time.perf_counter() - self._turns[line])
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


def _count(figures: Figures, status: int, rows: int, wait: float) -> None:
    if status // 100 == 2:
        figures.posts += 1
        figures.rows += rows
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
    parser.add_argument("--mode", choices=("closed", "open"), required=True)
    parser.add_argument("--seconds", type=float, default=20.0, help="closed loop: 0 is once round")
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--messages", type=int, default=1, help="closed loop: messages in one POST")
    parser.add_argument("--rate", type=float, default=0.0, help="open loop: POSTs a second")
    parser.add_argument("--planted", type=int, default=0, help="open loop: critical readings")
    parser.add_argument("--watch", default="", help="open loop: token that sees those in danger")
    parser.add_argument("--first-sequence", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    kits = read_kits(asked.kits)
    sending = Sending(urlsplit(asked.url).netloc, kits, asked.first_sequence)
    before = resource.getrusage(resource.RUSAGE_SELF)
    if asked.mode == "closed":
        figures = uvloop.run(
            closed_loop(
                asked.url,
                sending,
                len(kits),
                connections=asked.connections,
                seconds=asked.seconds,
                rows=asked.messages,
            )
        )
    else:
        figures = uvloop.run(
            open_loop(
                asked.url,
                Turns(sending, kits, asked.planted),
                rate=asked.rate,
                seconds=asked.seconds,
                connections=asked.connections,
                watch=asked.watch,
            )
        )
    after = resource.getrusage(resource.RUSAGE_SELF)
    alerts = list(figures.alert_waits.values())
    report = {
        "posts": figures.posts,
        "rows": figures.rows,
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
