"""What an operator sees: health, figures, tokens, webhooks, the description."""

from __future__ import annotations

import pytest

from healthtwin.notify import Deliveries
from healthtwin.store.people import People
from tests.api.conftest import World, problem_of, reading


def test_health_tells_everybody_its_status_and_nothing_else(world: World) -> None:
    assert world.client().get("/health").json() == {"status": "ok"}
    problem_of(world.client("ht_wrong").get("/health"), 401)


def test_health_tells_more_to_whom_it_knows(world: World) -> None:
    person = world.person()
    world.phone(person).post("/api/vitals", json=reading())
    told = world.phone(person).get("/health").json()
    assert told["status"] == "ok"
    assert told["faults"] == []
    assert told["disk_free_bytes"] > told["disk_reserve_bytes"] > 0
    assert told["log_head"] >= 1
    assert person not in str(told)


def test_figures_are_prometheus_text_without_people(world: World) -> None:
    person = world.person()
    world.phone(person).post("/api/vitals", json=reading())
    answer = world.admin().get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    samples = [line for line in answer.text.splitlines() if line and not line.startswith("#")]
    assert samples
    for sample in samples:
        float(sample.rpartition(" ")[2])
    assert "p-" not in answer.text
    for known in People(world.house.tables).list():
        assert known.pseudonym not in answer.text
        assert known.name not in answer.text


def test_tokens_are_listed_without_their_secrets(world: World) -> None:
    person = world.person()
    secret = world.token("device", person)
    answer = world.admin().get("/api/tokens")
    (listed,) = [token for token in answer.json() if token["people"] == [person]]
    assert listed["device"].startswith("d-")
    assert secret not in answer.text
    problem_of(world.admin().delete("/api/tokens/t-none"), 404)


def test_a_webhook_tells_its_key_once(world: World) -> None:
    admin, person = world.admin(), world.person()
    made = admin.post("/api/webhooks", json={"url": "https://hooks.example.net/", "person": person})
    assert made.status_code == 201
    added = made.json()
    assert len(bytes.fromhex(added["secret"])) == 32
    listed = admin.get("/api/webhooks")
    assert added["secret"] not in listed.text
    assert added["id"] in [webhook["id"] for webhook in listed.json()]
    assert admin.delete(f"/api/webhooks/{added['id']}").status_code == 204
    problem_of(admin.delete(f"/api/webhooks/{added['id']}"), 404)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"url": "file:///etc/passwd"}, 422, "url"),
        ({"url": 5}, 422, "url"),
        ({}, 422, "url"),
        ({"url": "https://u:p@example.org/"}, 422, "url"),
        ({"url": "https://hooks.example.net/", "people": []}, 422, "people"),
        ({"url": "https://hooks.example.net/", "person": "p-none"}, 422, "person"),
        ({"url": "http://127.0.0.1:9/"}, 422, "url"),
        ({"url": "http://192.168.1.7/hook"}, 422, "url"),
        ({"url": "http://hooks..example.net/"}, 422, "url"),
    ],
)
def test_a_webhook_that_cannot_work_is_refused_by_field(
    world: World, body: object, status: int, field: str
) -> None:
    assert problem_of(world.admin().post("/api/webhooks", json=body), status)["field"] == field


def test_how_a_receiver_does_is_told_to_the_operator_and_what_was_lost_to_everybody(world: World) -> None:
    admin, person = world.admin(), world.person()
    hook = admin.post(
        "/api/webhooks", json={"url": "https://hooks.example.net/secret", "person": person}
    ).json()
    deliveries, now_ms = Deliveries(world.house.tables), world.house.now_ms()
    pseudonym = People(world.house.tables).get(person).pseudonym
    for number in range(2):
        deliveries.enqueue(
            f"d-{hook['id']}-{number}",
            alert_id="a-nobody",
            person=pseudonym,
            channel="webhook",
            recipient=hook["id"],
            body="{}",
            now_ms=now_ms + 3_600_000,
        )
    deliveries.give_up(f"d-{hook['id']}-0", "404", now_ms)
    (told,) = [each for each in admin.get("/api/receivers").json() if each["id"] == hook["id"]]
    assert (told["host"], told["given_up"], told["waiting"], told["last"]) == (
        "hooks.example.net",
        1,
        1,
        "404",
    )
    assert "secret" not in admin.get("/api/receivers").text
    health = world.phone(person).get("/health").json()
    assert (health["status"], health["deliveries_given_up"]) == ("degraded", 1)
    assert [fault["part"] for fault in health["faults"]] == ["deliveries"]
    assert "healthtwin_deliveries_given_up 1.0" in admin.get("/metrics").text
    admin.delete(f"/api/webhooks/{hook['id']}")
    assert world.client().get("/health").json() == {"status": "ok"}, "it was taken away on purpose"


def test_the_description_is_a_page_of_its_own_without_foreign_scripts(world: World) -> None:
    admin = world.admin()
    page = admin.get("/docs")
    assert page.status_code == 200
    assert "POST /api/vitals" in page.text
    assert "<script" not in page.text
    assert 'src="' not in page.text
    assert 'href="http' not in page.text
    assert world.client().get("/docs/style.css").headers["content-type"].startswith("text/css")


def test_the_page_shows_what_a_body_may_hold_and_an_example(world: World) -> None:
    page = world.admin().get("/docs").text
    snooze = page[page.index("/api/alerts/{alert_id}/snooze</code></h3>") :][:4000]
    assert "<code>minutes</code>" in snooze
    assert "integer 1" in snooze
    vitals = page[page.index('id="post-api-vitals"') :]
    assert "curl -X POST" in vitals
    assert "heart_rate" in vitals


def test_a_browser_gets_pages_and_a_program_gets_problems(world: World) -> None:
    browser, program = world.client(Accept="text/html,*/*"), world.client(Accept="application/json")
    led = browser.get("/docs", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in")
    assert problem_of(program.get("/docs"), 401)
    nowhere = browser.get("/no/such/page")
    assert (nowhere.status_code, nowhere.headers["content-type"].partition(";")[0]) == (404, "text/html")
    assert "Back to everybody" in nowhere.text
    german = world.client(Accept="text/html", **{"Accept-Language": "de"}).get("/no/such/page")
    assert '<html lang="de"' in german.text
    assert problem_of(program.get("/no/such/page"), 404)
    assert problem_of(browser.get("/api/no-such"), 404)
