"""What an open browser is told, and what it is told after its connection broke."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from healthtwin.domain.errors import NotFound
from healthtwin.house.live import KEPT_EVENTS, READER_BACKLOG, LiveEvent, LiveFeed


async def take(events: AsyncIterator[LiveEvent], count: int) -> list[LiveEvent]:
    return [await asyncio.wait_for(anext(events), 5) for _ in range(count)]


def test_a_reader_is_told_what_happens_from_now_on() -> None:
    async def scene() -> list[bytes]:
        feed = LiveFeed("r")
        feed.publish("p-ada", "reading", lambda: b"before")
        events = feed.follow(None, None)
        pending = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        feed.publish("p-ada", "reading", lambda: b"after")
        return [(await pending).data]

    assert asyncio.run(scene()) == [b"after"]


def test_a_reader_that_comes_back_gets_what_it_missed_once_and_in_order() -> None:
    async def scene() -> list[bytes]:
        feed = LiveFeed("r")
        ids = [feed.publish("p-ada", "reading", str(i).encode) for i in range(5)]
        return [event.data for event in await take(feed.follow(ids[1], None), 3)]

    assert asyncio.run(scene()) == [b"2", b"3", b"4"]


def test_what_happened_while_nobody_was_there_is_told_to_whoever_comes_back() -> None:
    async def scene() -> list[bytes]:
        feed = LiveFeed("r")
        reader = feed.follow(None, None)
        pending = asyncio.ensure_future(anext(reader))
        await asyncio.sleep(0)
        first = feed.publish("p-ada", "reading", lambda: b"seen")
        await pending
        assert isinstance(reader, AsyncGenerator)
        await reader.aclose()
        assert feed.readers == 0
        feed.publish("p-ada", "alert", lambda: b"missed")
        return [event.data for event in await take(feed.follow(first, None), 1)]

    assert asyncio.run(scene()) == [b"missed"]


def test_an_event_about_something_that_is_gone_is_passed_over() -> None:
    async def scene() -> list[bytes]:
        feed = LiveFeed("r")
        first = feed.publish("p-ada", "reading", lambda: b"0")

        def gone() -> bytes:
            raise NotFound("no such alert")

        feed.publish("p-ada", "alert", gone)
        feed.publish("p-ada", "reading", lambda: b"1")
        return [event.data for event in await take(feed.follow(first, None), 1)]

    assert asyncio.run(scene()) == [b"1"]


def test_nobody_is_told_about_a_person_they_may_not_see() -> None:
    async def scene() -> list[bytes]:
        feed = LiveFeed("r")
        first = feed.publish("p-ada", "reading", lambda: b"0")
        feed.publish("p-bob", "alert", lambda: b"secret")
        feed.publish("p-ada", "reading", lambda: b"1")
        events = feed.follow(first, frozenset({"p-ada"}))
        told = await take(events, 1)
        pending = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        feed.publish("p-bob", "alert", lambda: b"secret")
        feed.publish("p-ada", "reading", lambda: b"2")
        told.append(await pending)
        return [event.data for event in told]

    assert asyncio.run(scene()) == [b"1", b"2"]


def test_an_id_from_before_a_restart_is_answered_with_reset() -> None:
    async def scene() -> list[str]:
        feed = LiveFeed("second-run")
        feed.publish("p-ada", "reading", lambda: b"0")
        names = []
        for unknown in ("first-run-1", "second-run-99", "nonsense", "second-run-x"):
            names += [event.event for event in await take(feed.follow(unknown, None), 1)]
        return names

    assert asyncio.run(scene()) == ["reset"] * 4


def test_an_id_older_than_what_is_kept_is_answered_with_reset() -> None:
    async def scene() -> tuple[str, str]:
        feed = LiveFeed("r")
        for _ in range(KEPT_EVENTS + 2):
            feed.publish("p-ada", "reading", lambda: b"")
        just_kept = await take(feed.follow("r-2", None), 1)
        too_old = await take(feed.follow("r-1", None), 1)
        return just_kept[0].event, too_old[0].event

    assert asyncio.run(scene()) == ("reading", "reset")


def test_a_reader_that_fell_behind_is_told_to_load_afresh_instead_of_filling_memory() -> None:
    async def scene() -> list[str]:
        feed = LiveFeed("r")
        events = feed.follow(None, None)
        pending = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        for _ in range(READER_BACKLOG + 100):
            feed.publish("p-ada", "reading", lambda: b"")
        await asyncio.sleep(0.01)
        names = [(await pending).event]
        names += [event.event for event in await take(events, READER_BACKLOG)]
        return names

    assert asyncio.run(scene())[-1] == "reset"


def test_every_stream_ends_when_the_house_stops() -> None:
    async def scene() -> int:
        feed = LiveFeed("r")
        told = 0

        async def read() -> None:
            nonlocal told
            async for _ in feed.follow(None, None):
                told += 1

        reader = asyncio.ensure_future(read())
        await asyncio.sleep(0)
        feed.publish("p-ada", "reading", lambda: b"")
        feed.close()
        await asyncio.wait_for(reader, 5)
        assert feed.readers == 0
        return told

    assert asyncio.run(scene()) == 1
