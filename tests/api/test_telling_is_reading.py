"""Whoever a webhook stands on is judged when it is sent, like who asks: never more, and no longer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest

from healthtwin.access import Credentials, wall_ms
from healthtwin.access.account_tables import AccountRow
from healthtwin.notify import DeliveryView, Webhooks
from tests.api.conftest import World, eventually, problem_of, reading, unreadable, world_in
from tests.notify.receiver import Receiver, receiving


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A house that may call loopback."""
    home = tmp_path_factory.mktemp("near") / "home"
    with world_in(home):
        pass  # the home is made
    (home / "config.toml").write_text("[webhooks]\nallow_private = true\n", encoding="utf-8")
    with world_in(home) as served:
        yield served


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def no_webhooks_are_left(near: World) -> Iterator[None]:
    yield
    for webhook in Webhooks(near.house.tables).list():
        Webhooks(near.house.tables).remove(webhook.id)


def keep_back(near: World, person: str, *kinds: str, to: str = "treating") -> None:
    me = near.client(near.token("person", person))
    lines = [{"what": list(kinds), "to": to, "until": None, "allowed": False}] if kinds else []
    assert me.put(f"/api/people/{person}/consents", json={"consents": lines}).status_code == 200


def hook(client: httpx2.Client, receiver: Receiver, person: str | None = None) -> str:
    body = {"url": receiver.url} | ({} if person is None else {"person": person})
    added = client.post("/api/webhooks", json=body)
    assert added.status_code == 201, added.text
    return str(added.json()["id"])


def alarm(near: World, person: str, spo2: float = 80) -> str:
    """Id of a fresh critical alert, once it stands."""
    assert near.phone(person).post("/api/vitals", json=reading(spo2=spo2)).status_code == 200
    watcher = near.client(near.token("person", person))
    return str(eventually(lambda: watcher.get("/api/alerts").json())[0]["id"])


def fate(near: World, person: str, alert: str) -> list[str]:
    """How the deliveries of webhooks about an alert stand."""
    shown = near.client(near.token("person", person)).get(f"/api/alerts/{alert}").json()
    return [each["status"] for each in shown["deliveries"] if each["channel"] == "webhook"]


def test_it_is_told_what_whoever_added_it_may_read(near: World, receiver: Receiver) -> None:
    ada = near.person()
    hook(near.client(near.token("admin", ada)), receiver, ada)
    alert = alarm(near, ada)
    (told,) = receiver.wait_for(1)
    assert json.loads(told.body)["alert"] == alert
    assert json.loads(told.body)["evidence"]


def test_an_admin_of_some_is_not_told_of_others(near: World, receiver: Receiver) -> None:
    ada, bob = near.person(), near.person()
    hook(near.client(near.token("admin", ada)), receiver)
    of_bob = alarm(near, bob)
    of_ada = alarm(near, ada)
    eventually(lambda: fate(near, bob, of_bob) == ["withheld"])
    assert [json.loads(each.body)["alert"] for each in receiver.wait_for(1)] == [of_ada]
    assert near.client().get("/health").json() == {"status": "ok"}, "what is kept back is nobody's fault"


def test_who_sees_nobody_adds_no_webhook_and_nobody_adds_one_about_a_stranger(
    near: World, receiver: Receiver
) -> None:
    ada, bob = near.person(), near.person()
    for body in ({"url": receiver.url}, {"url": receiver.url, "person": ada}):
        assert "--person" in problem_of(near.operator().post("/api/webhooks", json=body), 403)["detail"]
    theirs = near.client(near.token("admin", bob))
    for person in (ada, "p-none"):
        refused = theirs.post("/api/webhooks", json={"url": receiver.url, "person": person})
        assert problem_of(refused, 422)["field"] == "person"
    assert Webhooks(near.house.tables).list() == []


def test_an_alert_that_is_kept_back_is_not_told_and_without_readings_it_has_no_values(
    near: World, receiver: Receiver
) -> None:
    ada, bob = near.person(), near.person()
    hook(near.admin(), receiver)
    keep_back(near, ada, "alerts")
    keep_back(near, bob, "vitals")
    first = alarm(near, ada)
    eventually(lambda: fate(near, ada, first) == ["withheld"])
    alarm(near, bob, spo2=81.5)
    (told,) = receiver.wait_for(1)
    said = json.loads(told.body)
    assert said["level"] == "critical"
    assert "evidence" not in said
    assert "81" not in told.body.decode()


def test_a_message_that_waits_goes_by_what_is_allowed_when_it_is_sent(
    near: World, receiver: Receiver
) -> None:
    ada = near.person()
    receiver.statuses = [503, 200]
    receiver.headers = {"Retry-After": "1"}
    hook(near.client(near.token("admin", ada)), receiver, ada)
    alert = alarm(near, ada)
    receiver.wait_for(1)
    keep_back(near, ada, "alerts")
    eventually(lambda: fate(near, ada, alert) == ["withheld"], within_s=20)
    assert len(receiver.received) == 1


def test_it_ends_with_the_right_of_whoever_added_it_and_the_operator_is_told(
    near: World, receiver: Receiver
) -> None:
    ada = near.person()
    access = Credentials(near.house.tables)
    made = access.create_token("admin", [ada], wall_ms())
    hook(near.client(made.secret), receiver, ada)
    access.revoke_token(made.id, wall_ms())
    alert = alarm(near, ada)
    eventually(lambda: fate(near, ada, alert) == ["failed"])
    assert receiver.received == []
    (told,) = [each for each in near.operator().get("/api/receivers").json() if each["person"] == ada]
    assert "no access any more" in told["last"]


def test_what_an_account_set_up_goes_on_without_a_browser_and_rests_with_it(
    near: World, receiver: Receiver
) -> None:
    ada, tables, accounts = near.person(), near.house.tables, near.house.access.accounts
    made = accounts.add(f"Dr {ada}", "admin", [ada], wall_ms())
    with tables.write(changes_access=True) as session:
        row = session.get_one(AccountRow, made.id)
        row.enrolled_ms, grant = wall_ms(), row.grant_id
    Webhooks(tables).add(receiver.url, wall_ms(), grant_id=grant)
    first = alarm(near, ada)
    eventually(lambda: fate(near, ada, first) == ["delivered"])
    accounts.reset(made.id, wall_ms())
    assert near.client(near.token("person", ada)).post(f"/api/alerts/{first}/resolve").status_code == 200
    eventually(lambda: fate(near, ada, first) == ["delivered", "withheld"])
    assert len(receiver.received) == 1


def test_what_was_set_up_at_the_home_itself_is_bound_by_consents_as_well(
    near: World, receiver: Receiver
) -> None:
    ada, bob = near.person(), near.person()
    Webhooks(near.house.tables).add(receiver.url, wall_ms())
    keep_back(near, ada, "alerts")
    first = alarm(near, ada)
    eventually(lambda: fate(near, ada, first) == ["withheld"])
    second = alarm(near, bob)
    assert [json.loads(each.body)["alert"] for each in receiver.wait_for(1)] == [second]


def test_what_cannot_be_judged_is_not_sent_and_not_lost(near: World, receiver: Receiver) -> None:
    ada = near.person()
    phone, notify = near.phone(ada), near.house.notify
    hook(near.client(near.token("admin", ada)), receiver, ada)
    assert phone.get("/api/me").status_code == 200
    with unreadable(near, "consents"):
        assert phone.post("/api/vitals", json=reading(spo2=80)).status_code == 200
        (alert,) = eventually(lambda: notify.alerts(frozenset({ada}), None))
        tried = eventually(lambda: [each for each in outside(near, alert.id) if each.attempts])
        assert [each.status for each in tried] == ["pending"]
        assert receiver.received == []
    receiver.wait_for(1)


def outside(near: World, alert: str) -> list[DeliveryView]:
    """Deliveries of webhooks about an alert."""
    return [each for each in near.house.notify.alert(alert).deliveries if each.channel == "webhook"]
