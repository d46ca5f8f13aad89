from dataclasses import replace

import pytest

from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, Profile, Verb, pseudonym_of
from healthtwin.domain.errors import InvalidInput, NotFound, Unauthenticated
from healthtwin.store import Records
from healthtwin.store.records import Person, Scope

LONDON = Profile("Europe/London", birth_year=1990, sex="female", labels={"source": "synthetic"})


def test_a_person_is_found_as_they_were_added(records: Records) -> None:
    ada = records.people.add("Ada", LONDON, now_ms=5)

    assert records.people.get(ada.id) == ada
    assert records.people.by_pseudonym(ada.pseudonym) == ada
    assert (ada.name, ada.profile, ada.profile_revision, ada.created_ms) == ("Ada", LONDON, 1, 5)


def test_two_people_of_one_name_share_nothing_else(records: Records) -> None:
    one, other = (records.people.add("Ada", LONDON, now_ms=5) for _ in range(2))

    assert one.id != other.id
    assert one.pseudonym != other.pseudonym
    assert pseudonym_of(one.id, b"") != one.pseudonym


def test_people_are_listed_in_the_order_in_which_they_came(records: Records) -> None:
    for time_ms, name in enumerate(["Cleo", "Ada", "Ben"]):
        records.people.add(name, LONDON, now_ms=time_ms)

    assert [person.name for person in records.people.list()] == ["Cleo", "Ada", "Ben"]


def test_a_changed_profile_has_the_next_revision(records: Records, ada: Person) -> None:
    changed = records.people.update_profile(
        ada.id, replace(ada.profile, pregnant=True, silence_after_ms=3_600_000)
    )

    assert changed.profile_revision == 2
    assert records.people.get(ada.id).profile.pregnant
    assert records.people.get(ada.id).profile.silence_after_ms == 3_600_000


def test_the_same_profile_again_is_no_change(records: Records, ada: Person) -> None:
    assert records.people.update_profile(ada.id, ada.profile).profile_revision == 1


def test_a_person_can_be_renamed(records: Records, ada: Person) -> None:
    assert records.people.rename(ada.id, "Ada L.").name == "Ada L."


@pytest.mark.parametrize(
    ("name", "profile", "field"),
    [
        ("", LONDON, "name"),
        ("   ", LONDON, "name"),
        ("x" * 201, LONDON, "name"),
        ("a\x00b", LONDON, "name"),
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
    records: Records, name: str, profile: Profile, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        records.people.add(name, profile, now_ms=0)

    assert refusal.value.field == field
    assert records.people.list() == []


@pytest.mark.parametrize("wicked", ["'; DROP TABLE people; --", "' OR '1'='1", "%", 'p"--', "\\"])
def test_text_is_never_taken_for_a_statement(records: Records, ada: Person, wicked: str) -> None:
    named = records.people.add(wicked, replace(LONDON, labels={wicked: wicked}), now_ms=0)

    assert records.people.get(named.id).name == wicked
    assert records.people.get(named.id).profile.labels == {wicked: wicked}
    with pytest.raises(NotFound):
        records.people.get(wicked)
    with pytest.raises(NotFound):
        records.people.by_pseudonym(wicked)
    with pytest.raises(Unauthenticated):
        records.access.lookup_token(wicked, now_ms=0)
    assert records.alerts.list(people=[wicked]) == []
    assert records.people.get(ada.id) == ada


def test_an_erased_person_takes_everything_of_theirs_along(records: Records, ada: Person) -> None:
    ben = records.people.add("Ben", LONDON, now_ms=1)
    phone = records.access.create_token(Scope.DEVICE, [ada.id], now_ms=1)
    hers = records.access.create_token(Scope.CLINICIAN, [ada.id], now_ms=1)
    both = records.access.create_token(Scope.CLINICIAN, [ada.id, ben.id], now_ms=1)
    admin = records.access.create_token(Scope.ADMIN, [], now_ms=1)
    for person in (ada, ben):
        records.webhooks.add("https://example.org/hook", 1, person_id=person.id)
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
        records.alerts.apply(change)
        records.deliveries.enqueue(
            f"k-{person.id}",
            alert_id=change.alert_id,
            person=person.pseudonym,
            channel="in-app",
            recipient=person.id,
            body="{}",
            now_ms=1,
        )
        records.deliveries.claim(1, 10)
        records.deliveries.delivered(f"k-{person.id}", "shown", 2)

    records.people.erase(ada.id)

    assert [person.name for person in records.people.list()] == ["Ben"]
    for dead in (phone, hers):
        with pytest.raises(Unauthenticated):
            records.access.lookup_token(dead.secret, now_ms=2)
    assert records.access.lookup_token(both.secret, now_ms=2).people == {ben.id}
    assert records.access.lookup_token(admin.secret, now_ms=2).scope is Scope.ADMIN
    assert [alert.person for alert in records.alerts.list()] == [ben.pseudonym]
    assert records.deliveries.of_alert(f"a-{ada.id}") == []
    assert records.deliveries.receipts(f"k-{ada.id}") == []
    assert len(records.deliveries.receipts(f"k-{ben.id}")) == 1
    assert [hook.person_id for hook in records.webhooks.list()] == [ben.id]
    with pytest.raises(NotFound):
        records.alerts.get(f"b-{ada.id}")


def test_whoever_is_not_there_cannot_be_changed(records: Records) -> None:
    with pytest.raises(NotFound, match="no person 'p-nobody'"):
        records.people.get("p-nobody")
    with pytest.raises(NotFound):
        records.people.update_profile("p-nobody", LONDON)
    with pytest.raises(NotFound):
        records.people.rename("p-nobody", "Nobody")
    with pytest.raises(NotFound):
        records.people.erase("p-nobody")
