from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, Evidence, Said, Verb, quoted
from healthtwin.domain.errors import NotFound
from healthtwin.notify import Alerts
from healthtwin.store import Tables
from healthtwin.store.people import Person

FACT = Evidence(quoted("84 /min"), quoted("own baseline"), "heart_rate", 84.0, 68.0, 5.0, 1_000)
TRIGGER = EpisodeChange(
    id="c-1",
    person="ba75bb794d557bc4c817b000",
    alert_id="a-1",
    verb=Verb.OPENED,
    dedup_key="vitals",
    rule="deviation",
    level=AlertLevel.INFO,
    state=AlertState.TRIGGERED,
    started_ms=1_000,
    at_ms=1_000,
    arrived_ms=1_500,
    evidence=(FACT,),
)
WORSEN = replace(
    TRIGGER,
    id="c-2",
    verb=Verb.RAISED,
    level=AlertLevel.CRITICAL,
    rule="spo2",
    at_ms=2_000,
    arrived_ms=2_500,
)
RESOLVE = replace(
    TRIGGER,
    id="c-3",
    verb=Verb.RESOLVED,
    state=AlertState.RESOLVED,
    at_ms=9_000,
    arrived_ms=9_500,
    resolved_ms=9_000,
    evidence=(
        Evidence(Said.of("evidence-silence", ms=5, of=(Said("a"), Said("b"))), quoted("own baseline")),
    ),
)


@pytest.fixture
def tables(records_url: str) -> Iterator[Tables]:
    """Of a home of before there were keys: nobody need stand behind a pseudonym."""
    with Tables(records_url) as tables:
        yield tables


def test_an_alert_stands_as_its_last_change_left_it(tables: Tables) -> None:
    for change in (TRIGGER, WORSEN, RESOLVE):
        assert Alerts(tables).apply(change)

    alert = Alerts(tables).get("a-1")

    assert (alert.state, alert.level, alert.rule) == (AlertState.RESOLVED, AlertLevel.INFO, "deviation")
    assert (alert.started_ms, alert.raised_ms, alert.updated_ms, alert.resolved_ms) == (
        1_000,
        1_500,
        9_500,
        9_000,
    )
    assert alert.evidence == (FACT,), "why it was raised is still said after it was resolved"


def test_the_trail_keeps_every_step_with_its_evidence(tables: Tables) -> None:
    for change in (TRIGGER, WORSEN, RESOLVE):
        Alerts(tables).apply(change)

    trail = Alerts(tables).trail("a-1")

    assert [entry.verb for entry in trail] == ["opened", "raised", "resolved"]
    assert [entry.level for entry in trail] == [AlertLevel.INFO, AlertLevel.CRITICAL, AlertLevel.INFO]
    assert trail[0].evidence == (FACT,)
    assert trail[2].evidence == RESOLVE.evidence


def test_a_change_that_comes_again_changes_nothing(tables: Tables) -> None:
    for change in (TRIGGER, WORSEN):
        Alerts(tables).apply(change)

    assert not Alerts(tables).apply(TRIGGER)

    assert Alerts(tables).get("a-1").level is AlertLevel.CRITICAL
    assert len(Alerts(tables).trail("a-1")) == 2


def test_a_renamed_alert_answers_to_every_name_it_had(tables: Tables) -> None:
    Alerts(tables).apply(TRIGGER)
    Alerts(tables).apply(
        replace(
            TRIGGER, id="c-2", alert_id="a-2", previous_alert_id="a-1", started_ms=900, verb=Verb.CORRECTED
        )
    )
    Alerts(tables).apply(
        replace(
            TRIGGER, id="c-3", alert_id="a-3", previous_alert_id="a-2", started_ms=800, verb=Verb.CORRECTED
        )
    )

    for name in ("a-1", "a-2", "a-3"):
        alert = Alerts(tables).get(name)
        assert (alert.id, alert.first_id, alert.started_ms, alert.raised_ms) == ("a-3", "a-1", 800, 1_500)
        assert len(Alerts(tables).trail(name)) == 3
    assert len(Alerts(tables).list()) == 1


def test_an_alert_may_get_a_former_name_back(tables: Tables) -> None:
    Alerts(tables).apply(TRIGGER)
    Alerts(tables).apply(replace(TRIGGER, id="c-2", alert_id="a-2", previous_alert_id="a-1"))
    Alerts(tables).apply(replace(TRIGGER, id="c-3", alert_id="a-1", previous_alert_id="a-2"))

    assert Alerts(tables).get("a-1").id == Alerts(tables).get("a-2").id == "a-1"
    assert [alert.id for alert in Alerts(tables).list()] == ["a-1"]


def test_two_episodes_that_turn_out_to_be_one_become_one(tables: Tables) -> None:
    Alerts(tables).apply(replace(TRIGGER, id="c-1", alert_id="a-1", arrived_ms=1_000))
    Alerts(tables).apply(replace(TRIGGER, id="c-2", alert_id="a-2", arrived_ms=2_000))

    Alerts(tables).apply(replace(WORSEN, id="c-3", alert_id="a-2", previous_alert_id="a-1"))

    assert [alert.id for alert in Alerts(tables).list()] == ["a-2"]
    assert Alerts(tables).get("a-1") == Alerts(tables).get("a-2")
    assert (Alerts(tables).get("a-1").first_id, Alerts(tables).get("a-1").raised_ms) == ("a-1", 1_000)
    assert len(Alerts(tables).trail("a-1")) == 3


def test_a_former_name_that_nobody_ever_saw_is_known_all_the_same(tables: Tables) -> None:
    Alerts(tables).apply(replace(TRIGGER, alert_id="a-2", previous_alert_id="a-1"))

    assert Alerts(tables).get("a-1").id == "a-2"


def test_alerts_are_listed_by_person_and_state_last_raised_first(tables: Tables, ada: Person) -> None:
    for number in range(4):
        Alerts(tables).apply(
            replace(
                TRIGGER,
                id=f"c-{number}",
                alert_id=f"a-{number}",
                person=ada.pseudonym if number % 2 else "somebody-else",
                state=AlertState.SNOOZED if number == 3 else AlertState.TRIGGERED,
                snoozed_until_ms=5 if number == 3 else None,
                arrived_ms=number,
            )
        )

    def ids(**asked: object) -> list[str]:
        return [alert.id for alert in Alerts(tables).list(**asked)]  # type: ignore[arg-type]

    assert ids() == ["a-3", "a-2", "a-1", "a-0"]
    assert ids(people=[ada.pseudonym]) == ["a-3", "a-1"]
    assert ids(people=[]) == []
    assert ids(states=[AlertState.TRIGGERED]) == ["a-2", "a-1", "a-0"]
    assert ids(people=[ada.pseudonym], states=[AlertState.SNOOZED]) == ["a-3"]
    assert ids(limit=2) == ["a-3", "a-2"]
    assert [alert.person_id for alert in Alerts(tables).list(limit=2)] == [ada.id, None]


def test_a_cleared_projection_fills_again_to_the_same(tables: Tables) -> None:
    history = [
        TRIGGER,
        WORSEN,
        replace(RESOLVE, alert_id="a-9", previous_alert_id="a-1"),
        replace(TRIGGER, id="c-4", alert_id="a-5", dedup_key="silence"),
    ]
    for change in history:
        Alerts(tables).apply(change)
    before = (Alerts(tables).list(), Alerts(tables).trail("a-1"))

    Alerts(tables).forget([change.id for change in history])
    Alerts(tables).drop_empty()
    assert Alerts(tables).list() == []
    for change in history:
        Alerts(tables).apply(change)

    assert (Alerts(tables).list(), Alerts(tables).trail("a-1")) == before


def test_an_alert_of_which_a_change_is_left_is_kept(tables: Tables) -> None:
    for change in (TRIGGER, WORSEN):
        Alerts(tables).apply(change)
    Alerts(tables).forget([WORSEN.id])
    Alerts(tables).drop_empty()
    assert [alert.id for alert in Alerts(tables).list()] == ["a-1"]
    assert Alerts(tables).apply(WORSEN)
    assert [entry.verb for entry in Alerts(tables).trail("a-1")] == ["opened", "raised"]


def test_an_unknown_alert_says_so(tables: Tables) -> None:
    with pytest.raises(NotFound, match="no alert 'a-0'"):
        Alerts(tables).get("a-0")
    with pytest.raises(NotFound, match="no alert 'a-0'"):
        Alerts(tables).trail("a-0")
