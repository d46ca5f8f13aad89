"""Was that unusual for you? What is answered moves what is expected, and what is asked next."""

from __future__ import annotations

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, AlertLevel, Verb, decode_change
from healthtwin.domain.arrays import COLUMN
from healthtwin.episodes import VITALS_KEY, is_open
from healthtwin.pipeline import blank_rows
from healthtwin.pipeline.rows import IS_VERB, VERBS
from tests.pipeline.lives import Lives

USUAL = {"heart_rate": 60.0, "temperature": 36.5}
OFF = {"heart_rate": 70.0, "temperature": 36.5}
HEART = COLUMN["heart_rate"]


def asked(days: int = 40) -> Lives:
    """Somebody in the soft phase whose heart has been faster since this morning, and who was told."""
    lives = Lives(1)
    lives.during(days * DAY_MS, 60, lambda _: USUAL, live=False)
    lives.during(4 * HOUR_MS, 5, lambda _: OFF)
    assert lives.loudest() == [AlertLevel.INFO]
    assert bool(is_open(lives.state[VITALS_KEY])[0])
    return lives


def answer(lives: Lives, verb: str, shift: float = 10.0, started_ms: int | None = None) -> list[Verb]:
    row = blank_rows(1)
    row["kind"], row["verb"] = IS_VERB, VERBS.index(verb)
    row["time_ms"] = row["arrived_ms"] = lives.now_ms
    row["person"], row["dedup_key"] = b"person-0", VITALS_KEY.encode()
    row["verb_started_ms"] = lives.state[VITALS_KEY]["started_ms"] if started_ms is None else started_ms
    row["columns"], row["shift"][0, HEART] = 1 << HEART, shift
    told = lives.step.advance(lives.state, row, late=False)
    return [decode_change(change.payload).verb for _, change in told]


def test_usual_for_me_moves_and_widens_what_is_expected_and_ends_the_question() -> None:
    lives = asked()
    center, spread = (found[0] for found in lives.usual_at(4, "heart_rate"))
    assert answer(lives, "say_usual") == [Verb.SAID_USUAL]
    after, wider = (found[0] for found in lives.usual_at(4, "heart_rate"))
    assert after == pytest.approx(center + 5.0, abs=0.1)
    assert wider > 2 * spread
    told = len(lives.told[0])
    lives.during(DAY_MS, 5, lambda _: OFF)
    assert [change.verb for change in lives.told[0][told:]] == [Verb.RESOLVED]
    lives.during(3 * DAY_MS, 30, lambda now: OFF if now % DAY_MS > DAY_MS // 2 else USUAL)
    assert len(lives.told[0]) == told + 1


def test_unusual_for_me_keeps_it_from_being_learned_and_asks_sooner_next_time() -> None:
    lives, other = asked(), asked()
    threshold = float(lives.state["forecast"]["budget"]["threshold"][0])
    assert answer(lives, "say_unusual") == [Verb.SAID_UNUSUAL]
    assert float(lives.state["forecast"]["budget"]["threshold"][0]) < threshold
    before = lives.usual_at(4, "heart_rate")[0][0]
    for each in (lives, other):
        each.during(DAY_MS, 5, lambda _: OFF)
    assert lives.usual_at(4, "heart_rate")[0][0] == before
    assert other.usual_at(4, "heart_rate")[0][0] > before
    assert bool(is_open(lives.state[VITALS_KEY])[0])


def test_an_answer_about_one_metric_leaves_the_others_as_they_are() -> None:
    lives = asked()
    before = lives.usual_at(4, "body_temperature")
    answer(lives, "say_usual")
    assert lives.usual_at(4, "body_temperature") == before


def test_the_last_answer_counts_and_an_answer_to_an_older_question_still_teaches() -> None:
    lives = asked()
    answer(lives, "say_unusual")
    lives.now_ms += MINUTE_MS
    assert answer(lives, "say_usual") == [Verb.SAID_USUAL]
    assert not lives.state["questioned"]["unusual"].any()
    before = lives.usual_at(4, "heart_rate")[0][0]
    assert answer(lives, "say_usual", shift=4.0, started_ms=1) == []
    assert lives.usual_at(4, "heart_rate")[0][0] == pytest.approx(before + 2.0, abs=0.1)


def test_hrv_is_answered_on_the_scale_on_which_it_is_learned() -> None:
    lives = Lives(1)
    lives.during(40 * DAY_MS, 60, lambda _: {"hrv_rmssd": 49.0}, live=False)
    row = blank_rows(1)
    column = COLUMN["hrv_rmssd"]
    row["kind"], row["verb"], row["columns"] = IS_VERB, VERBS.index("say_usual"), 1 << column
    row["time_ms"], row["dedup_key"], row["shift"][0, column] = lives.now_ms, VITALS_KEY.encode(), -24.0
    lives.step.advance(lives.state, row, late=False)
    assert lives.usual_at(4, "hrv_rmssd")[0][0] == pytest.approx(36.0, abs=0.5)  # half way from √49 to √25
