from dataclasses import replace

import pytest

from healthtwin.access import Credentials, Scope
from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, Profile, Verb, pseudonym_of
from healthtwin.domain.errors import InvalidInput, NotFound, Unauthenticated
from healthtwin.notify import Alerts, Deliveries, Webhooks
from healthtwin.store import Tables
from healthtwin.store.erasure import Erasures
from healthtwin.store.people import People, Person

LONDON = Profile("Europe/London", birth_year=1990, sex="female", labels={"source": "synthetic"})


def test_a_person_is_found_as_they_were_added(tables: Tables) -> None:
    ada = People(tables).add("Ada", LONDON, now_ms=5)

    assert People(tables).get(ada.id) == ada
    assert People(tables).by_pseudonym(ada.pseudonym) == ada
    assert (ada.name, ada.profile, ada.profile_revision, ada.created_ms) == ("Ada", LONDON, 1, 5)


def test_two_people_of_one_name_share_nothing_else(tables: Tables) -> None:
    one, other = (People(tables).add("Ada", LONDON, now_ms=5) for _ in range(2))

    assert one.id != other.id
    assert one.pseudonym != other.pseudonym
    assert pseudonym_of(one.id, b"") != one.pseudonym


def test_people_are_listed_in_the_order_in_which_they_came(tables: Tables) -> None:
    for time_ms, name in enumerate(["Cleo", "Ada", "Ben"]):
        People(tables).add(name, LONDON, now_ms=time_ms)

    assert [person.name for person in People(tables).list()] == ["Cleo", "Ada", "Ben"]


def test_a_changed_profile_has_the_next_revision(tables: Tables, ada: Person) -> None:
    changed = People(tables).update_profile(
        ada.id, replace(ada.profile, pregnant=True, silence_after_ms=3_600_000)
    )

    assert changed.profile_revision == 2
    assert People(tables).get(ada.id).profile.pregnant
    assert People(tables).get(ada.id).profile.silence_after_ms == 3_600_000


def test_the_same_profile_again_is_no_change(tables: Tables, ada: Person) -> None:
    assert People(tables).update_profile(ada.id, ada.profile).profile_revision == 1


def test_a_person_can_be_renamed(tables: Tables, ada: Person) -> None:
    assert People(tables).rename(ada.id, "Ada L.").name == "Ada L."


@pytest.mark.parametrize(
    ("name", "profile", "field"),
    [
        ("", LONDON, "name"),
        ("   ", LONDON, "name"),
        ("x" * 201, LONDON, "name"),
        ("a\x00b", LONDON, "name"),
        ("a\nb", LONDON, "name"),
        ("\x1b[2J", LONDON, "name"),
        ("a\u2028b", LONDON, "name"),
        ("Ada", replace(LONDON, timezone="Mars/Olympus"), "timezone"),
        ("Ada", replace(LONDON, timezone="../../etc/passwd"), "timezone"),
        ("Ada", replace(LONDON, timezone=""), "timezone"),
        ("Ada", replace(LONDON, birth_year=1), "birth_year"),
        ("Ada", replace(LONDON, sex="f"), "sex"),
        ("Ada", replace(LONDON, false_alarms_per_week=0.0), "false_alarms_per_week"),
        ("Ada", replace(LONDON, false_alarms_per_week=float("nan")), "false_alarms_per_week"),
        ("Ada", replace(LONDON, silence_after_ms=0), "silence_after_ms"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(
    tables: Tables, name: str, profile: Profile, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        People(tables).add(name, profile, now_ms=0)

    assert refusal.value.field == field
    assert People(tables).list() == []


@pytest.mark.parametrize("wicked", ["'; DROP TABLE people; --", "' OR '1'='1", "%", 'p"--', "\\"])
def test_text_is_never_taken_for_a_statement(tables: Tables, ada: Person, wicked: str) -> None:
    named = People(tables).add(wicked, replace(LONDON, labels={wicked: wicked}), now_ms=0)

    assert People(tables).get(named.id).name == wicked
    assert People(tables).get(named.id).profile.labels == {wicked: wicked}
    with pytest.raises(NotFound):
        People(tables).get(wicked)
    with pytest.raises(NotFound):
        People(tables).by_pseudonym(wicked)
    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_token(wicked, now_ms=0)
    assert Alerts(tables).list(people=[wicked]) == []
    assert People(tables).get(ada.id) == ada


def test_an_erased_person_takes_everything_of_theirs_along(tables: Tables, ada: Person) -> None:
    ben = People(tables).add("Ben", LONDON, now_ms=1)
    phone = Credentials(tables).create_token(Scope.DEVICE, [ada.id], now_ms=1)
    hers = Credentials(tables).create_token(Scope.CLINICIAN, [ada.id], now_ms=1)
    both = Credentials(tables).create_token(Scope.CLINICIAN, [ada.id, ben.id], now_ms=1)
    admin = Credentials(tables).create_token(Scope.ADMIN, [], now_ms=1)
    for person in (ada, ben):
        Webhooks(tables).add("https://example.org/hook", 1, person_id=person.id)
        change = EpisodeChange(
            id=f"c-{person.id}",
            person=person.pseudonym,
            alert_id=f"a-{person.id}",
            previous_alert_id=f"b-{person.id}",
            verb=Verb.OPENED,
            dedup_key="vitals",
            rule="news2",
            level=AlertLevel.WARNING,
            state=AlertState.TRIGGERED,
            started_ms=1,
            at_ms=1,
            arrived_ms=1,
        )
        Alerts(tables).apply(change)
        Deliveries(tables).enqueue(
            f"k-{person.id}",
            alert_id=change.alert_id,
            person=person.pseudonym,
            channel="in-app",
            recipient=person.id,
            body="{}",
            now_ms=1,
        )
        Deliveries(tables).claim(1, 10)
        Deliveries(tables).delivered(f"k-{person.id}", "shown", 2)

    Erasures(tables).begin(ada.id, 1)

    assert [person.name for person in People(tables).list()] == ["Ben"]
    for dead in (phone, hers):
        with pytest.raises(Unauthenticated):
            Credentials(tables).lookup_token(dead.secret, now_ms=2)
    assert Credentials(tables).lookup_token(both.secret, now_ms=2).people == {ben.id}
    assert Credentials(tables).lookup_token(admin.secret, now_ms=2).scope is Scope.ADMIN
    assert [alert.person for alert in Alerts(tables).list()] == [ben.pseudonym]
    assert Deliveries(tables).of_alert(f"a-{ada.id}") == []
    assert Deliveries(tables).receipts(f"k-{ada.id}") == []
    assert len(Deliveries(tables).receipts(f"k-{ben.id}")) == 1
    assert [hook.person_id for hook in Webhooks(tables).list()] == [ben.id]
    with pytest.raises(NotFound):
        Alerts(tables).get(f"b-{ada.id}")


def test_whoever_is_not_there_cannot_be_changed(tables: Tables) -> None:
    with pytest.raises(NotFound, match="no person 'p-nobody'"):
        People(tables).get("p-nobody")
    with pytest.raises(NotFound):
        People(tables).update_profile("p-nobody", LONDON)
    with pytest.raises(NotFound):
        People(tables).rename("p-nobody", "Nobody")
    with pytest.raises(NotFound):
        Erasures(tables).begin("p-nobody", 1)
