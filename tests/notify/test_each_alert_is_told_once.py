"""The dispatcher: from the outbox to rows, browsers and webhooks, through crashes, failures and renamings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import msgspec
import pytest

from healthtwin.access import Actor
from healthtwin.domain import DAY_MS, MINUTE_MS, AlertState, Evidence, quoted
from healthtwin.domain.log import EPISODE_CHANGE, Change
from healthtwin.episodes import EpisodeChange, Moved, Verb, change_of
from healthtwin.notify import Alerts, Deliveries, DeliveryStatus, Webhooks
from healthtwin.notify.alert_rows import AlertRows
from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Message
from healthtwin.notify.channels.in_app import InApp
from healthtwin.notify.channels.webhook import WebhookChannel
from healthtwin.notify.dispatcher import Dispatcher
from healthtwin.notify.sender import MOST_ATTEMPTS
from healthtwin.stream import Follower, OutboxRow, OutboxSource
from healthtwin.words import say
from tests.episodes.one_episode import CRITICAL, NOON_MS, WARNING, OneEpisode, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.notify.channels.channel import Channel
    from healthtwin.store import Tables
    from healthtwin.stream import Source
    from tests.notify.receiver import Receiver

FACT = Evidence(quoted("Oxygen saturation 91 %"), quoted("NEWS2"), "oxygen_saturation", 91.0)


@dataclass
class House:
    """An outbox in memory (the log's own is tested with the log), a clock, and what browsers were told."""

    tables: Tables
    pseudonym: str
    rows: list[OutboxRow] = field(default_factory=list)
    now_ms: int = NOON_MS
    published: list[EpisodeChange] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def put(self, change: EpisodeChange, *, rebuilt: bool = False) -> EpisodeChange:
        self.rows.append(OutboxRow(len(self.rows) + 1, 1, change.as_change(), rebuilt))
        return change

    def moved(
        self, episode: OneEpisode, moved: Moved, minute: float, *, rebuilt: bool = False
    ) -> EpisodeChange:
        return self.put(self.change(episode, moved, minute), rebuilt=rebuilt)

    def change(self, episode: OneEpisode, moved: Moved, minute: float) -> EpisodeChange:
        return change_of(
            self.pseudonym,
            "vitals",
            episode.record[0],
            moved,
            at_ms=at(minute),
            arrived_ms=at(minute),
            rule="news2_red_parameter",
            evidence=(FACT,),
        )

    def outbox(self, after_id: int, limit: int, kind: str | None = None) -> Sequence[OutboxRow]:
        return [row for row in self.rows if row.id > after_id and kind in (None, row.change.kind)][:limit]

    def outbox_kinds(self) -> set[str]:
        return {row.change.kind for row in self.rows}

    def read_through(self, reader: str) -> tuple[int, int]:
        return self.places.get(reader, (0, 0))

    def note_read_through(self, reader: str, version: int, through: int) -> None:
        self.places[reader] = (version, through)

    def dispatcher(self, *channels: Channel) -> Dispatcher:
        return Dispatcher(
            self,
            self.tables,
            channels,
            lambda: self.now_ms,
            self.published.append,
            jitter=lambda: 0.0,
        )


@pytest.fixture
def house(tables: Tables, pseudonym: str) -> House:
    return House(tables, pseudonym)


@pytest.fixture
def webhook(house: House, receiver: Receiver) -> WebhookChannel:
    Webhooks(house.tables).add(receiver.url, NOON_MS)
    return WebhookChannel(Webhooks(house.tables), allow_private=True)


def opened(house: House, level: int = WARNING) -> OneEpisode:
    episode = OneEpisode()
    house.moved(episode, episode.see(0, level), 0)
    return episode


def statuses(house: House) -> list[tuple[str, str]]:
    (alert,) = Alerts(house.tables).list()
    return [(d.channel, d.status.value) for d in Deliveries(house.tables).of_alert(alert.id)]


def test_an_opened_episode_becomes_one_row_one_event_and_one_message(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    opened(house)
    dispatcher = house.dispatcher(InApp(lambda: 1), webhook)
    assert dispatcher.tell() == 1
    assert dispatcher.send_due() == 1  # the portal had it in the transaction that told it
    (alert,) = Alerts(house.tables).list()
    assert (alert.state, alert.level, alert.rule) == (AlertState.TRIGGERED, WARNING, "news2_red_parameter")
    assert alert.evidence == (FACT,)
    assert [change.verb for change in house.published] == [Verb.OPENED]
    assert sorted(statuses(house)) == [("in_app", "delivered"), ("webhook", "delivered")]
    body = json.loads(receiver.received[0].body)
    assert body["summary"] == "Be seen now, within 2 hours: one vital sign alone scores 3 in NEWS2."
    assert (body["type"], body["event"], body["level"], body["alert"]) == (
        "alert",
        "opened",
        "warning",
        alert.id,
    )
    assert body["evidence"][0]["text"] == say(FACT.said)
    assert "emergency number" in body["steps"][0]["action"]
    assert "Ada" not in receiver.received[0].body.decode()


def test_a_dispatcher_that_starts_again_tells_nothing_twice(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    opened(house)
    for _ in range(3):
        dispatcher = house.dispatcher(webhook)
        dispatcher.tell()
        dispatcher.send_due()
    assert len(receiver.received) == 1
    assert len(house.published) == 1
    assert len(Alerts(house.tables).list()) == 1


def test_a_crash_between_noting_and_applying_loses_and_doubles_nothing(
    house: House, webhook: WebhookChannel, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(house)

    def power_cut(_alerts: Alerts, *_what: object) -> bool:
        raise KeyboardInterrupt

    crashing = house.dispatcher(webhook)
    with monkeypatch.context() as crash:
        crash.setattr(Alerts, "apply", power_cut)
        with pytest.raises(KeyboardInterrupt):
            crashing.tell()
    again = house.dispatcher(webhook)
    again.tell()
    again.send_due()
    assert len(receiver.received) == 1
    assert [change.verb for change in house.published] == [Verb.OPENED]


def test_each_level_is_told_once_and_then_the_end(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    episode = opened(house)
    house.moved(episode, episode.see(5, CRITICAL), 5)
    episode.see(10, 0)
    house.moved(episode, episode.see(45, 0), 45)
    dispatcher = house.dispatcher(webhook)
    dispatcher.tell()
    dispatcher.send_due()
    bodies = [json.loads(request.body) for request in receiver.received]
    assert sorted(body["event"] for body in bodies) == ["opened", "raised", "resolved"]
    over = next(body for body in bodies if body["event"] == "resolved")
    assert over["summary"] == "Back in your usual range; if you feel ill, call."
    assert "steps" not in over
    assert len({request.headers["Idempotency-Key"] for request in receiver.received}) == 3


def test_quiet_episodes_are_shown_but_not_sent(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    episode = OneEpisode()
    episode.see(0, WARNING)
    episode.act("snooze", 1, until=300)
    episode.see(5, 0)
    episode.see(40, 0)
    house.moved(episode, episode.see(50, WARNING), 50)
    episode.see(55, 0)
    house.moved(episode, episode.see(90, 0), 90)
    dispatcher = house.dispatcher(webhook)
    dispatcher.tell()
    dispatcher.send_due()
    assert receiver.received == []
    assert [change.state for change in house.published] == [AlertState.SNOOZED, AlertState.RESOLVED]


def test_the_past_judged_again_brings_the_list_up_to_date_and_wakes_nobody(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    episode = OneEpisode()
    house.moved(episode, episode.see(0, CRITICAL), 0, rebuilt=True)
    dispatcher = house.dispatcher(webhook)
    dispatcher.tell()
    assert dispatcher.send_due() == 0
    assert len(Alerts(house.tables).list()) == 1


def test_an_alert_whose_beginning_was_corrected_keeps_its_row_and_is_not_told_again(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    first = opened(house)
    earlier = OneEpisode()
    earlier.see(-10, WARNING)
    told = house.change(first, Moved.OPENED, 0)
    now = house.change(earlier, Moved.OPENED, 2)
    house.put(msgspec.structs.replace(now, id="c-fix", verb=Verb.CORRECTED, previous_alert_id=told.alert_id))
    house.moved(earlier, Moved.OPENED, 2)
    dispatcher = house.dispatcher(webhook)
    dispatcher.tell()
    dispatcher.send_due()
    (alert,) = Alerts(house.tables).list()
    assert (alert.id, alert.first_id, alert.started_ms) == (now.alert_id, told.alert_id, at(-10))
    assert Alerts(house.tables).get(told.alert_id).id == now.alert_id
    assert len(receiver.received) == 1


def test_failed_attempts_come_again_later_each_time_under_the_same_key(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    receiver.statuses = [500, 503, 200]
    opened(house)
    dispatcher = house.dispatcher(webhook)
    dispatcher.tell()
    attempts = []
    for _ in range(40):
        attempts.append(dispatcher.send_due())
        house.now_ms += 1_000
    assert [second for second, made in enumerate(attempts) if made] == [0, 5, 15]
    assert len({request.headers["Idempotency-Key"] for request in receiver.received}) == 1
    assert statuses(house) == [("webhook", "delivered")]
    key = receiver.received[0].headers["Idempotency-Key"]
    assert [receipt.outcome for receipt in Deliveries(house.tables).receipts(key)] == ["500", "503", "200"]


@pytest.mark.parametrize("ahead_ms", [20 * MINUTE_MS, 30 * DAY_MS])
@pytest.mark.parametrize("restarted", [False, True], ids=["running on", "restarted"])
def test_what_was_noted_while_the_clock_was_ahead_is_sent_when_it_is_right(
    house: House, webhook: WebhookChannel, receiver: Receiver, ahead_ms: int, *, restarted: bool
) -> None:
    receiver.statuses = [500, 200]
    house.now_ms += ahead_ms
    opened(house)
    dispatcher = house.dispatcher(webhook)
    dispatcher.tell()
    assert dispatcher.send_due() == 1
    house.now_ms -= ahead_ms - 3_000
    if restarted:
        dispatcher = house.dispatcher(webhook)
    assert dispatcher.send_due() == 1
    assert statuses(house) == [("webhook", "delivered")]


class Closed:
    """A receiver that is never there: what an operator sees of an unplugged pager."""

    name = "pager"
    at_once = False

    def __init__(self, disposition: Disposition) -> None:
        self._disposition = disposition

    def recipients(self, person: str) -> Sequence[str]:
        return ("4711",) if person else ()

    def words_of(self, change: EpisodeChange, first_id: str) -> str:
        return f"{first_id} {change.verb}"

    def actor_of(self, recipient: str) -> Actor:
        return Actor(recipient)

    def without_readings(self, body: str) -> str:
        return body

    def words_of_trial(self, at_ms: int) -> str:
        return f"test {at_ms}"

    def send(self, message: Message) -> DeliveryResult:
        return DeliveryResult(self._disposition, f"no answer from {message.recipient}")


@pytest.mark.parametrize(
    ("disposition", "attempts"), [(Disposition.RETRY, MOST_ATTEMPTS), (Disposition.REFUSED, 1)]
)
def test_after_the_last_attempt_it_is_given_up_and_said_so(
    house: House, disposition: Disposition, attempts: int, caplog: pytest.LogCaptureFixture
) -> None:
    opened(house)
    dispatcher = house.dispatcher(Closed(disposition))
    dispatcher.tell()
    made = 0
    for _ in range(40):
        made += dispatcher.send_due()
        house.now_ms += 3_600_000
    assert made == attempts
    assert statuses(house) == [("pager", DeliveryStatus.FAILED.value)]
    assert "Gave up telling 4711 over pager" in caplog.text


def test_a_channel_that_was_taken_away_leaves_nothing_pending(house: House) -> None:
    opened(house)
    house.dispatcher(Closed(Disposition.RETRY)).tell()
    house.dispatcher().send_due()
    assert statuses(house) == [("pager", "failed")]


def test_an_outbox_row_that_cannot_be_read_does_not_hold_up_the_next(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.rows.append(
        OutboxRow(1, 1, Change("c-1", house.pseudonym, EPISODE_CHANGE, b"\x00garbage"), rebuilt=False)
    )
    opened(house)
    assert house.dispatcher().tell() == 2
    assert len(Alerts(house.tables).list()) == 1
    assert "Outbox row 1 cannot be read" in caplog.text


def test_a_kind_that_nobody_knows_is_kept_and_reported(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.rows.append(OutboxRow(1, 1, Change("f-1", house.pseudonym, "finding", b"\x80"), rebuilt=False))
    opened(house)
    dispatcher = house.dispatcher()
    assert dispatcher.tell() == 1
    assert dispatcher.failure == "Nobody here knows changes of kind 'finding'; they wait"
    assert "Nobody here knows changes of kind 'finding'" in caplog.text
    assert house.outbox(0, 10, "finding") == house.rows[:1]


def test_a_listener_that_is_added_later_hears_what_waited_for_it(house: House) -> None:
    class Findings:
        name, version, offset = "findings", 1, None
        heard: ClassVar[list[str]] = []

        def apply(self, batch: Sequence[OutboxRow], through_offset: int) -> None:
            assert through_offset == batch[-1].id
            self.heard.extend(row.change.id for row in batch)

        def sync(self) -> None:
            """Nothing lies on a disk."""

        def rebuild(self, source: Source[OutboxRow]) -> None:
            """Nothing is ever forgotten."""

    house.rows.append(OutboxRow(1, 1, Change("f-1", house.pseudonym, "finding", b"\x80"), rebuilt=False))
    opened(house)
    house.dispatcher().tell()
    later = Dispatcher(
        house,
        house.tables,
        [],
        lambda: house.now_ms,
        house.published.append,
        listeners={"finding": Findings()},
    )
    assert later.tell() == 1, "episodes were told before"
    assert Findings.heard == ["f-1"]
    assert later.failure is None
    assert later.caught_up()


def test_alerts_that_are_made_anew_are_the_same_and_tell_nobody(
    house: House, webhook: WebhookChannel
) -> None:
    episode = opened(house)
    house.dispatcher(webhook).tell()
    house.moved(episode, episode.see(5, CRITICAL), 5)
    before = Alerts(house.tables).list()
    rows = AlertRows(house.tables, house)
    source = OutboxSource(house.outbox, EPISODE_CHANGE, rows.told)
    follower = Follower(source, rows, house)
    follower.begin()
    for _ in range(2):
        assert follower.rebuild() == 1, "what nobody was told of yet is left to whoever tells"
        assert Alerts(house.tables).list() == before
    dispatcher = house.dispatcher(webhook)
    assert dispatcher.tell() == 1
    (alert,) = Alerts(house.tables).list()
    assert alert.level == CRITICAL
    assert [d.attempts for d in Deliveries(house.tables).of_alert(alert.id)] == [0, 0]


def test_running_it_tells_what_comes_and_drains_when_stopped(
    house: House, webhook: WebhookChannel, receiver: Receiver
) -> None:
    dispatcher = house.dispatcher(InApp(lambda: 0), webhook)
    dispatcher.start()
    try:
        episode = opened(house)
        dispatcher.wake()
        receiver.wait_for(1)
        house.moved(episode, episode.see(5, CRITICAL), 5)
        dispatcher.wake()
        receiver.wait_for(2)
        assert dispatcher.failure is None
        episode.see(10, 0)
        house.moved(episode, episode.see(45, 0), 45)
    finally:
        dispatcher.stop()
    (alert,) = Alerts(house.tables).list()
    assert alert.state is AlertState.RESOLVED
    assert dispatcher.cursor() == 3
    started = house.dispatcher(InApp(lambda: 0), webhook)
    started.start()
    receiver.wait_for(3)
    started.stop()
    assert len(receiver.received) == 3
