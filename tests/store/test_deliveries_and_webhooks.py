from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.notify import Alerts, Deliveries, DeliveryStatus, Webhooks
from healthtwin.store import Tables
from healthtwin.store.people import Person
from tests.store.test_alerts_as_they_stand import TRIGGER


@pytest.fixture
def tables(records_url: str) -> Iterator[Tables]:
    """Of a home of before there were keys: nobody need stand behind a pseudonym."""
    with Tables(records_url) as tables:
        yield tables


def enqueue(tables: Tables, key: str, now_ms: int = 0, body: str = "{}") -> bool:
    return Deliveries(tables).enqueue(
        key,
        alert_id="a-1",
        person=TRIGGER.person,
        channel="webhook",
        recipient="w-1",
        body=body,
        now_ms=now_ms,
    )


def test_the_same_key_is_told_once(tables: Tables) -> None:
    assert enqueue(tables, "k", body="first")
    assert not enqueue(tables, "k", body="second")

    assert [delivery.body for delivery in Deliveries(tables).claim(0, 10)] == ["first"]


def test_a_delivery_is_tried_until_it_arrives(tables: Tables) -> None:
    enqueue(tables, "k")
    assert [d.attempts for d in Deliveries(tables).claim(0, 10)] == [1]
    Deliveries(tables).retry("k", "503", 10, next_attempt_ms=100)

    assert Deliveries(tables).claim(99, 10) == []
    assert Deliveries(tables).next_due_ms() == 100
    assert [d.attempts for d in Deliveries(tables).claim(100, 10)] == [2]
    Deliveries(tables).delivered("k", "200", 110)

    (told,) = Deliveries(tables).of_alert("a-1")
    assert (told.status, told.attempts, told.updated_ms) == (DeliveryStatus.DELIVERED, 2, 110)
    assert [(r.attempt, r.at_ms, r.outcome) for r in Deliveries(tables).receipts("k")] == [
        (1, 10, "503"),
        (2, 110, "200"),
    ]
    assert Deliveries(tables).claim(10**12, 10) == []
    assert Deliveries(tables).next_due_ms() is None


def test_a_delivery_that_was_given_up_is_not_tried_again(tables: Tables) -> None:
    enqueue(tables, "k")
    Deliveries(tables).claim(0, 10)
    Deliveries(tables).give_up("k", "410", 5)

    assert Deliveries(tables).claim(10**12, 10) == []
    assert Deliveries(tables).of_alert("a-1")[0].status is DeliveryStatus.FAILED


def test_an_attempt_that_died_with_its_process_is_made_again(tables: Tables) -> None:
    enqueue(tables, "k")
    Deliveries(tables).claim(0, 10, claim_ms=1_000)

    assert Deliveries(tables).claim(999, 10) == []
    assert [d.attempts for d in Deliveries(tables).claim(1_000, 10)] == [2]


def test_no_two_claims_get_the_same_delivery(tables: Tables) -> None:
    for number in range(20):
        enqueue(tables, f"k-{number}")

    with ThreadPoolExecutor(4) as dispatchers:
        claims = list(dispatchers.map(lambda _: Deliveries(tables).claim(0, 5), range(4)))

    keys = [delivery.idempotency_key for claim in claims for delivery in claim]
    assert len(keys) == len(set(keys)) == 20


def test_deliveries_follow_their_alert_to_its_new_name(tables: Tables) -> None:
    Alerts(tables).apply(TRIGGER)
    enqueue(tables, "k")

    Alerts(tables).apply(replace(TRIGGER, id="c-2", alert_id="a-2", previous_alert_id="a-1"))

    assert Deliveries(tables).of_alert("a-2") == Deliveries(tables).of_alert("a-1") != []


def test_deliveries_outlive_a_rebuilt_projection(tables: Tables) -> None:
    Alerts(tables).apply(TRIGGER)
    enqueue(tables, "k")

    Alerts(tables).forget([TRIGGER.id])
    Alerts(tables).drop_empty()
    Alerts(tables).apply(TRIGGER)

    assert not enqueue(tables, "k"), "it was told before and is not told again"


def test_an_unknown_delivery_says_so(tables: Tables) -> None:
    with pytest.raises(NotFound, match="no delivery 'k'"):
        Deliveries(tables).delivered("k", "200", 0)


def test_a_webhook_hears_of_its_person_or_of_everybody(tables: Tables, ada: Person) -> None:
    everybody = Webhooks(tables).add("https://example.org/all", 1)
    hers = Webhooks(tables).add("https://example.org/ada", 2, person_id=ada.id)

    assert Webhooks(tables).for_person(ada.pseudonym) == [everybody, hers]
    assert Webhooks(tables).for_person("somebody-else") == [everybody]
    assert Webhooks(tables).list() == [everybody, hers]
    assert Webhooks(tables).get(hers.id) == hers


def test_a_webhook_can_be_switched_off_and_forgotten(tables: Tables, ada: Person) -> None:
    hook = Webhooks(tables).add("https://example.org/all", 1)

    assert not Webhooks(tables).set_active(hook.id, active=False).active
    assert Webhooks(tables).for_person(ada.pseudonym) == []
    assert Webhooks(tables).set_active(hook.id, active=True).active
    Webhooks(tables).remove(hook.id)
    assert Webhooks(tables).list() == []
    with pytest.raises(NotFound):
        Webhooks(tables).set_active(hook.id, active=True)
    with pytest.raises(NotFound):
        Webhooks(tables).get(hook.id)


def test_each_webhook_has_a_secret_of_its_own_that_is_not_shown(tables: Tables) -> None:
    one, other = (Webhooks(tables).add("https://example.org/", 1) for _ in range(2))

    assert len(one.secret) == 32
    assert one.secret != other.secret
    assert repr(one.secret) not in repr(one)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "https://user:pass@example.org/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://example.org/\r\nX: y",
        "https://example.org/" + "x" * 2_000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(tables: Tables, url: str) -> None:
    with pytest.raises(InvalidInput, match="url"):
        Webhooks(tables).add(url, 1)


def test_a_webhook_for_nobody_we_know_is_refused(tables: Tables) -> None:
    with pytest.raises(NotFound):
        Webhooks(tables).add("https://example.org/", 1, person_id="p-nobody")


def test_what_is_still_to_be_tried_is_counted(tables: Tables) -> None:
    for key in ("told", "waiting", "given-up"):
        enqueue(tables, key)
    Deliveries(tables).claim(0, 10)
    Deliveries(tables).delivered("told", "200", 1)
    Deliveries(tables).give_up("given-up", "410", 1)

    assert Deliveries(tables).pending() == 1
