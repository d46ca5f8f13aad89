"""Alerts of older releases stand in English words: they are shown as they were written."""

import msgspec

from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, decode_change, encode_change, evidence_of
from healthtwin.episodes import Verb
from healthtwin.words import say

OLD = {
    "text": "Heart rate 120 /min; for you at 14:00, resting, 68 ± 5; 10.4 above",
    "source": "own baseline, learned from this person's readings",
    "metric": "heart_rate",
    "value": 120.0,
    "expected": 68.0,
    "spread": 5.0,
    "time_ms": 1_000,
}


def test_a_stored_fact_is_shown_as_it_was_written() -> None:
    fact = evidence_of(OLD)
    assert (say(fact.said, "de"), say(fact.source, "de")) == (OLD["text"], OLD["source"])
    assert (fact.metric, fact.value, fact.spread, fact.time_ms) == ("heart_rate", 120.0, 5.0, 1_000)


def test_an_outbox_row_of_before_is_read() -> None:
    change = EpisodeChange(
        id="c-1",
        person="ada",
        alert_id="a-1",
        verb=Verb.OPENED,
        dedup_key="vitals",
        rule="unusual_for_you",
        level=AlertLevel.INFO,
        state=AlertState.TRIGGERED,
        started_ms=1,
        at_ms=1,
        arrived_ms=1,
    )
    told = msgspec.msgpack.decode(encode_change(change)) | {"evidence": [OLD]}
    read = decode_change(msgspec.msgpack.encode(told))
    assert [say(fact.said) for fact in read.evidence] == [OLD["text"]]
    assert decode_change(encode_change(read)) == read
