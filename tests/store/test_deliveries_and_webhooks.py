from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.store import Records
from healthtwin.store.records import DeliveryStatus, Person
from tests.store.test_alerts_as_they_stand import TRIGGER


def enqueue(records: Records, key: str, now_ms: int = 0, body: str = "{}") -> bool:
    return records.deliveries.enqueue(
        key,
        alert_id="a-1",
        person=TRIGGER.person,
        channel="webhook",
        recipient="w-1",
        body=body,
        now_ms=now_ms,
    )


def test_the_same_key_is_told_once(records: Records) -> None:
    assert enqueue(records, "k", body="first")
    assert not enqueue(records, "k", body="second")

    assert [delivery.body for delivery in records.deliveries.claim(0, 10)] == ["first"]


def test_a_delivery_is_tried_until_it_arrives(records: Records) -> None:
    enqueue(records, "k")
    assert [d.attempts for d in records.deliveries.claim(0, 10)] == [1]
    records.deliveries.retry("k", "503", 10, next_attempt_ms=100)

    assert records.deliveries.claim(99, 10) == []
    assert records.deliveries.next_due_ms() == 100
    assert [d.attempts for d in records.deliveries.claim(100, 10)] == [2]
    records.deliveries.delivered("k", "200", 110)

    (told,) = records.deliveries.of_alert("a-1")
    assert (told.status, told.attempts, told.updated_ms) == (DeliveryStatus.DELIVERED, 2, 110)
    assert [(r.attempt, r.at_ms, r.outcome) for r in records.deliveries.receipts("k")] == [
        (1, 10, "503"),
        (2, 110, "200"),
    ]
    assert records.deliveries.claim(10**12, 10) == []
    assert records.deliveries.next_due_ms() is None


def test_a_delivery_that_was_given_up_is_not_tried_again(records: Records) -> None:
    enqueue(records, "k")
    records.deliveries.claim(0, 10)
    records.deliveries.give_up("k", "410", 5)

    assert records.deliveries.claim(10**12, 10) == []
    assert records.deliveries.of_alert("a-1")[0].status is DeliveryStatus.FAILED


def test_an_attempt_that_died_with_its_process_is_made_again(records: Records) -> None:
    enqueue(records, "k")
    records.deliveries.claim(0, 10, claim_ms=1_000)

    assert records.deliveries.claim(999, 10) == []
    assert [d.attempts for d in records.deliveries.claim(1_000, 10)] == [2]


def test_no_two_claims_get_the_same_delivery(records: Records) -> None:
    for number in range(20):
        enqueue(records, f"k-{number}")

    with ThreadPoolExecutor(4) as dispatchers:
        claims = list(dispatchers.map(lambda _: records.deliveries.claim(0, 5), range(4)))

    keys = [delivery.idempotency_key for claim in claims for delivery in claim]
    assert len(keys) == len(set(keys)) == 20


def test_deliveries_follow_their_alert_to_its_new_name(records: Records) -> None:
    records.alerts.apply(TRIGGER)
    enqueue(records, "k")

    records.alerts.apply(replace(TRIGGER, id="c-2", alert_id="a-2", previous_alert_id="a-1"))

    assert records.deliveries.of_alert("a-2") == records.deliveries.of_alert("a-1") != []


def test_deliveries_outlive_a_rebuilt_projection(records: Records) -> None:
    records.alerts.apply(TRIGGER)
    enqueue(records, "k")

    records.alerts.clear()
    records.alerts.apply(TRIGGER)

    assert not enqueue(records, "k"), "it was told before and is not told again"


def test_an_unknown_delivery_says_so(records: Records) -> None:
    with pytest.raises(NotFound, match="no delivery 'k'"):
        records.deliveries.delivered("k", "200", 0)


def test_a_webhook_hears_of_its_person_or_of_everybody(records: Records, ada: Person) -> None:
    everybody = records.webhooks.add("https://example.org/all", 1)
    hers = records.webhooks.add("https://example.org/ada", 2, person_id=ada.id)

    assert records.webhooks.for_person(ada.pseudonym) == [everybody, hers]
    assert records.webhooks.for_person("somebody-else") == [everybody]
    assert records.webhooks.list() == [everybody, hers]
    assert records.webhooks.get(hers.id) == hers


def test_a_webhook_can_be_switched_off_and_forgotten(records: Records, ada: Person) -> None:
    hook = records.webhooks.add("https://example.org/all", 1)

    assert not records.webhooks.set_active(hook.id, active=False).active
    assert records.webhooks.for_person(ada.pseudonym) == []
    assert records.webhooks.set_active(hook.id, active=True).active
    records.webhooks.remove(hook.id)
    assert records.webhooks.list() == []
    with pytest.raises(NotFound):
        records.webhooks.set_active(hook.id, active=True)
    with pytest.raises(NotFound):
        records.webhooks.get(hook.id)


def test_each_webhook_has_a_secret_of_its_own_that_is_not_shown(records: Records) -> None:
    one, other = (records.webhooks.add("https://example.org/", 1) for _ in range(2))

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
def test_what_is_no_plain_web_address_is_refused(records: Records, url: str) -> None:
    with pytest.raises(InvalidInput, match="url"):
        records.webhooks.add(url, 1)


def test_a_webhook_for_nobody_we_know_is_refused(records: Records) -> None:
    with pytest.raises(NotFound):
        records.webhooks.add("https://example.org/", 1, person_id="p-nobody")


def test_what_is_still_to_be_tried_is_counted(records: Records) -> None:
    for key in ("told", "waiting", "given-up"):
        enqueue(records, key)
    records.deliveries.claim(0, 10)
    records.deliveries.delivered("told", "200", 1)
    records.deliveries.give_up("given-up", "410", 1)

    assert records.deliveries.pending() == 1
