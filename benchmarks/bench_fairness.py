"""Does one person's import of a year hold anybody else's alarm up? Over real HTTP, alone and with others.

A fresh home, the real `healthtwin serve` in its own process. One person's phone uploads days of five-minute
readings, message after message, as fast as they are taken. Alone first; then, in another fresh home, the same
import while other people's phones report a danger each in turn and a portal's live stream is watched for the
alerts. At last with the newest readings first: the last quarter of an hour of a phone that measures once a
second, in one message.

The import's speed is counted until the last of its readings is in the twin; its processor time is the
kernel's figure for the server, which other programs on the machine stretch little.

Usage: python -m benchmarks.bench_fairness [--days 400] [--others 60] [--every-s 0.5]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import numpy as np

from benchmarks.bench_growth import Served, served
from benchmarks.phones import Line, lines_to, quantile_ms, watch_alerts
from benchmarks.table import Row, add_rows_option, is_busy, leave_rows, load, machine
from healthtwin.access import Credentials
from healthtwin.domain import Profile
from healthtwin.simulate import draw_person
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STEP_MS: Final = 300_000
ROWS_AT_ONCE: Final = 2_000
GOAL_ALERT_MS: Final = 1_000.0
GOAL_LOSS: Final = 0.2
BACKWARDS_ROWS: Final = 840
"""Fourteen minutes at one a second: all of them young enough to raise an alarm."""
LOW_OXYGEN: Final = 82
ALERTS_WITHIN_S: Final = 30.0
RETRY_S: Final = 0.25
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Household:
    """A home with somebody who imports and others who go about their day; tokens by person id."""

    path: Path
    importer: str
    others: dict[str, str]
    portal: str


@dataclass(slots=True)
class Figures:
    """What one import came to. Times in seconds, processor time the server's."""

    rows: int = 0
    accepted_s: float = 0.0
    taken_s: float = 0.0
    cpu_s: float = 0.0
    alert_waits: list[float] = field(default_factory=list)
    answer_waits: list[float] = field(default_factory=list)
    missing: int = 0


def household(folder: Path, name: str, others: int) -> Household:
    """A fresh home."""
    home = Home.create(folder / name, HomeKind.LIVE)
    now_ms = time.time_ns() // 1_000_000
    chance = np.random.default_rng(5)
    names = [draw_person(chance, this_year=2026) for _ in range(others + 1)]
    with Tables.of(home) as tables:
        people = People(tables).add_many(
            [
                (f"{someone.name} {n}", Profile("UTC", labels={"source": "synthetic"}))
                for n, someone in enumerate(names)
            ],
            now_ms,
        )
        access = Credentials(tables)
        tokens = access.create_device_tokens([person.id for person in people], now_ms)
        portal = access.create_token("admin", [], now_ms, every_person=True).secret
    secrets = {person.id: token.secret for person, token in zip(people, tokens, strict=True)}
    return Household(home.path, secrets.pop(people[0].id), secrets, portal)


# ---------------------------------------------------------------- what is sent


def post(host: str, token: str, body: str) -> bytes:
    """A request's bytes."""
    return (
        f"POST /api/vitals HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def reading(time_ms: int, chance: random.Random, oxygen: int = 97) -> str:
    """Made-up vitals of somebody well, unless the oxygen says otherwise."""
    noise = chance.random() - 0.5
    return (
        f'{{"timestamp": {time_ms}, "heart_rate": {66 + 6 * noise:.0f}, "hrv_rmssd": {42 + 8 * noise:.1f}, '
        f'"respiratory_rate": {15 + 2 * noise:.1f}, "spo2": {oxygen}, '
        f'"temperature": {36.6 + 0.2 * noise:.1f}}}'
    )


def messages(days: float, until_ms: int) -> Iterator[list[str]]:
    """An import, oldest first, in messages."""
    chance = random.Random(11)  # noqa: S311 - made-up vitals, no secret
    rows = round(days * 86_400_000 / STEP_MS)
    times = range(until_ms - rows * STEP_MS, until_ms, STEP_MS)
    for start in range(0, rows, ROWS_AT_ONCE):
        yield [reading(at, chance) for at in times[start : start + ROWS_AT_ONCE]]


def newest_first(until_ms: int) -> Iterator[list[str]]:
    """The last minutes of a phone that measures once a second, the newest reading first, in one message."""
    chance = random.Random(12)  # noqa: S311 - made-up vitals, no secret
    yield [reading(until_ms - 1_000 * n, chance) for n in range(BACKWARDS_ROWS)]


class Asking:
    """One kept connection: each request waits for its answer."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[int] | None = None
        self._line: Line | None = None

    async def open(self, url: str) -> None:
        """Connect."""
        (self._line,) = await lines_to(url, 1, self._done)

    async def ask(self, request: bytes) -> int:
        """The status of the answer."""
        assert self._line is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._line.send(request)
        return await self._answer

    def _done(self, line: Line, status: int) -> None:
        assert self._line is line
        assert self._answer is not None
        self._answer.set_result(status)


async def backlog(url: str, token: str) -> int:
    """Records that the twin has not taken yet, as `/health` tells the operator."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        f"GET /health HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n"
        "Connection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    said = json.loads(answer.partition(b"\r\n\r\n")[2])
    return int(said["log_head"]) - int(said["processed_through"])


async def upload(url: str, home: Household, sent: Iterator[list[str]], figures: Figures) -> None:
    """Send everything, waiting where the server says so, until all of it is in the twin."""
    host = urlsplit(url).netloc
    asking = Asking()
    await asking.open(url)
    began = time.perf_counter()
    for rows in sent:
        request = post(host, home.importer, "[" + ",".join(rows) + "]")
        while (status := await asking.ask(request)) == TOO_MANY:  # noqa: ASYNC110 - the server asks to wait
            await asyncio.sleep(RETRY_S)
        assert status // 100 == 2, f"the import was answered {status}"
        figures.rows += len(rows)
    figures.accepted_s = time.perf_counter() - began
    while await backlog(url, home.portal):  # noqa: ASYNC110 - in another process
        await asyncio.sleep(RETRY_S)
    figures.taken_s = time.perf_counter() - began


async def dangers(url: str, home: Household, every_s: float, figures: Figures) -> None:
    """Each of the others reports a danger in their turn; then their alerts are waited for."""
    host = urlsplit(url).netloc
    chance = random.Random(13)  # noqa: S311 - made-up vitals, no secret
    sent_at: dict[str, float] = {}
    came: dict[str, float] = {}

    def alerted(person: str) -> None:
        if person in sent_at:
            came.setdefault(person, time.perf_counter() - sent_at[person])

    watching = asyncio.create_task(watch_alerts(url, home.portal, alerted))
    asking = Asking()
    await asking.open(url)
    try:
        for person, token in home.others.items():
            await asyncio.sleep(every_s)
            body = reading(time.time_ns() // 1_000_000, chance, LOW_OXYGEN)
            sent_at[person] = time.perf_counter()
            status = await asking.ask(post(host, token, body))
            assert status // 100 == 2, f"a reading was answered {status}"
            figures.answer_waits.append(time.perf_counter() - sent_at[person])
        ends = time.perf_counter() + ALERTS_WITHIN_S
        while len(came) < len(sent_at) and time.perf_counter() < ends:  # noqa: ASYNC110 - a bench may poll
            await asyncio.sleep(0.05)
    finally:
        watching.cancel()
        figures.alert_waits = list(came.values())
        figures.missing = len(sent_at) - len(came)


async def both(
    server: Served, home: Household, sent: Iterator[list[str]], *, every_s: float, with_others: bool
) -> Figures:
    """An import, and beside it the others if they are to be there."""
    figures = Figures()
    before = server.cpu_s()
    importing = asyncio.create_task(upload(server.url, home, sent, figures))
    if with_others:
        beside = asyncio.create_task(dangers(server.url, home, every_s, figures))
        await importing
        if not beside.done():
            figures.cpu_s = server.cpu_s() - before
        await beside
    await importing
    figures.cpu_s = figures.cpu_s or server.cpu_s() - before
    return figures


def measured(
    folder: Path, name: str, sent: Iterator[list[str]], others: int, every_s: float, *, with_others: bool
) -> Figures:
    """One import into a fresh home."""
    home = household(folder, name, others)
    with served(home.path) as server:
        return asyncio.run(both(server, home, sent, every_s=every_s, with_others=with_others))


# ---------------------------------------------------------------- what came out


def line_of(name: str, figures: Figures) -> str:
    """One line of the table."""
    alerts = [quantile_ms(figures.alert_waits, share) for share in (0.5, 0.99, 1.0)]
    waits = " / ".join("-" if wait is None else f"{wait:.0f}" for wait in alerts)
    answer = quantile_ms(figures.answer_waits, 0.99)
    return (
        f"{name:<34}{figures.rows:>9,}{figures.accepted_s:>10.1f}{figures.taken_s:>10.1f}"
        f"{figures.rows / figures.taken_s:>10,.0f}{1e6 * figures.cpu_s / figures.rows:>12,.0f}"
        f"{'-' if answer is None else f'{answer:.0f}':>14}{waits:>24}{figures.missing:>9}"
    )


def rows_of(alone: Figures, beside: Figures, backwards: Figures) -> list[Row]:
    """The rows of the common table."""

    def alert(figures: Figures, what: str) -> Row:
        wait = quantile_ms(figures.alert_waits, 0.99)
        got = "none came" if wait is None else f"{wait:.0f} ms, {figures.missing} missing"
        met = wait is not None and wait <= GOAL_ALERT_MS and not figures.missing
        return Row(f"POST → alert p99 of others, {what}", "<= 1 s", got, met)

    slower = 1 - alone.taken_s / beside.taken_s
    return [
        alert(beside, f"while {beside.rows:,} rows of one person are imported"),
        Row("what the import loses by the others", "<= 20 %", f"{100 * slower:.0f} %", slower <= GOAL_LOSS),
        alert(backwards, f"while {backwards.rows} rows of one person come newest first"),
    ]


def main() -> None:
    """Import alone, beside others, and backwards; print the figures, leave the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=float, default=400.0, help="of five-minute readings in the import")
    parser.add_argument("--others", type=int, default=60, help="people who report a danger meanwhile")
    parser.add_argument("--every-s", type=float, default=0.5, help="between two of them")
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    add_rows_option(parser)
    asked = parser.parse_args()
    print(f"{machine()}, load {load():.1f}{' (BUSY: elapsed times say little)' if is_busy() else ''}")
    heads = ("rows", "sent s", "in twin s", "rows/s", "CPU µs/row", "answer p99 ms", "alert p50/p99/max ms")
    widths = (9, 10, 10, 10, 12, 14, 24)
    named = "".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
    print(f"{'':<34}{named}{'missing':>9}")
    found: list[Figures] = []
    kinds: Sequence[tuple[str, bool, bool]] = (
        ("alone", False, False),
        ("beside others", False, True),
        ("newest first, beside others", True, True),
    )
    for name, backwards, with_others in kinds:
        now_ms = time.time_ns() // 1_000_000
        sent = newest_first(now_ms) if backwards else messages(asked.days, now_ms)
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder, suppress(KeyboardInterrupt):
            found.append(
                measured(Path(folder), name, sent, asked.others, asked.every_s, with_others=with_others)
            )
            print(line_of(name, found[-1]), flush=True)
    rows = rows_of(*found)
    for row in rows:
        print(f"{row.measure}: {row.got} (goal {row.goal}: {row.verdict})")
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
