"""The one step: twin → members → episodes. Every engine runs exactly this.

`HouseStep` knows nothing of logs, files, clocks or threads. It takes states and rows, one row per person, and
says what changed. One reading is a batch of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.arrays import COLUMN, COLUMNS
from healthtwin.domain.log import TICK, Change
from healthtwin.domain.signs import rule_name
from healthtwin.episodes import (
    DEDUP_KEYS,
    SILENCE_KEY,
    VITALS_KEY,
    Knows,
    Look,
    Moved,
    Told,
    advance,
    apply_verb,
    change_of,
    doubt,
    is_open,
    learning_pace,
    look_at,
    note_last,
    open_level,
    question,
    reconcile,
    rest_after_medicine,
    settle,
    silence,
    silence_evidence,
    told_in,
    wake,
)
from healthtwin.forecast import (
    confirm_low_pulse,
    exerting,
    expected_row,
    note_symptoms,
    shipped_forecast,
)
from healthtwin.pipeline.codec import Codec
from healthtwin.pipeline.explaining import facts_of, with_standing
from healthtwin.pipeline.hearing import note_heard
from healthtwin.pipeline.learning import DEFAULT_LEARNING, Learning
from healthtwin.pipeline.local_time import local_hour_and_day
from healthtwin.pipeline.messages import TickPayload, decode
from healthtwin.pipeline.overdue import rise_overdue
from healthtwin.pipeline.rows import IS_PROFILE, IS_VERB, IS_VITALS, ROW, VERBS, rows_of
from healthtwin.pipeline.sensors import note_sensors
from healthtwin.pipeline.state import (
    blank_states,
    come_back,
    site_offsets,
    state_dtype_of,
    state_version_of,
)
from healthtwin.twin import confirm_new_normal, expect, learn, note_departures, phase, say_usual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.domain import Evidence, NewRecord
    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.forecast import Forecast, Judgement
    from healthtwin.twin import Expectation

Changes = list[tuple[int, Change]]

CONFIRM: Final = "confirm_new_normal"
FEEL: Final = "feel"
SAYS: Final = {"say_usual": Moved.SAID_USUAL, "say_unusual": Moved.SAID_UNUSUAL}
"""What somebody may answer when they are asked whether something was unusual for them."""

_TELLS_NEWS: Final = frozenset({Moved.RAISED, Moved.WORSENED})
"""Moves that tell what was not told before; the others tell, or end, all of it."""
_TELLS_ALL: Final = frozenset({Moved.WOKEN, Moved.REMINDED})


class HouseStep:
    """Takes one row per person into their states and says what the world must be told.

    Args:
        allowed_lateness_ms: a reading that arrived later than this after it was measured teaches and is kept,
            but raises no alarm: it no longer says anything about now.
        learning: another one than the product's measures what a rule of learning brings.
        forecast: members and models; those of the program when None.
        codec: reads log records; the one that others read them with, so that a sealed one is opened once.

    It is a `healthtwin.stream.Step`, though it does not know it.
    """

    version: str
    state_dtype: np.dtype[np.void]
    row_dtype: np.dtype[np.void] = ROW
    tells_on_the_way: bool = False
    tick_fields: tuple[str, ...] = (*DEDUP_KEYS, "ladder", "site")

    def __init__(
        self,
        allowed_lateness_ms: int,
        learning: Learning = DEFAULT_LEARNING,
        forecast: Forecast | None = None,
        codec: Codec | None = None,
    ) -> None:
        self._codec = codec or Codec()
        self._lateness_ms = allowed_lateness_ms
        self._learning = learning
        self._forecast = shipped_forecast() if forecast is None else forecast
        self.state_dtype = state_dtype_of(self._forecast)
        self.version = f"{state_version_of(self._forecast)}, lateness {allowed_lateness_ms}"
        if learning is not DEFAULT_LEARNING:
            self.version += f", {learning}"

    def blank(self, count: int) -> StructuredArray:
        """States of people of whom nothing is known, of shape `(count,)`."""
        return blank_states(count, self._forecast)

    def rows(self, records: Sequence[NewRecord]) -> StructuredArray:
        """Decode log records, one row each.

        Raises:
            CorruptStorage: when a payload cannot be read.
        """
        return rows_of(records, self._codec)

    def advance(self, state: StructuredArray, rows: StructuredArray, *, late: bool) -> Changes:
        """Take one row per person into `state`, in place; both of shape `(people,)`.

        Late rows are older than what was settled already: the twin learns from them, nothing is raised.
        """
        state["person"] = rows["person"]
        kind = rows["kind"]
        told: Changes = []
        for i in np.flatnonzero(kind == IS_PROFILE).tolist():
            state["profile"][i] = _profile_after(state["profile"][i], rows["profile"][i])
            _begin_with(state["site"][i : i + 1], rows["site_offset"][i])
        for i in np.flatnonzero(kind == IS_VERB).tolist():
            told += [(i, change) for change in _act(state[i : i + 1], rows[i], self._forecast)]
        measured = kind == IS_VITALS
        if measured.all():
            told += self._observe(state, rows, late=late)
        elif measured.any():
            index = np.flatnonzero(measured)
            chosen = state[index]
            observed = self._observe(chosen, rows[index], late=late)
            told += [(int(index[i]), change) for i, change in observed]
            state[index] = chosen
        return told

    def tick(
        self, head: StructuredArray, committed: StructuredArray, now_ms: int, payload: bytes = b""
    ) -> Changes:
        """Let time pass for everybody, in place: who has gone silent, whose snooze is over, what was learned.

        Silence is judged on the newest states alone and copied to the settled ones: those have not heard the
        pending readings yet and would find silent who is not.

        Args:
            head: newest states, shape `(people,)`. committed: the settled ones of the same people.
            payload: a `TickPayload`, or nothing.

        Raises:
            CorruptStorage: when the payload cannot be read.
        """
        if payload and isinstance(learned := decode(TICK, payload), TickPayload):
            for state in (head, committed):
                _hold_from(state["site"], learned.site_offset, now_ms)
        wake(committed[VITALS_KEY], now_ms, committed["ladder"])
        told = []
        for key in DEDUP_KEYS:
            before = head[[key, "ladder"]].copy()
            for i, moved in _moved(wake(head[key], now_ms, _ladder_of(key, head))):
                facts = self._facts(head[i]) if key == VITALS_KEY else ()
                known = told_in(before[i][key], _ladder_of(key, before[i]))
                known = {} if moved in _TELLS_ALL else known
                told.append((i, _change(head[i], key, moved, now_ms, now_ms, facts, before=known)))
        for i, moved in self._overdue(head, committed, now_ms):
            facts = self._facts(head[i])
            told.append((i, _change(head[i], VITALS_KEY, moved, now_ms, now_ms, facts)))
        quiet, heard = head[SILENCE_KEY], head["heard"]
        after_ms = head["profile"]["silence_after_ms"]  # a switch of its own: alarms off leaves it as it is
        for i, moved in _moved(silence(quiet, heard["present_ms"], after_ms, now_ms)):
            facts = (silence_evidence(int(heard["vital_ms"][i]), now_ms),)
            told.append((i, _change(head[i], SILENCE_KEY, moved, now_ms, now_ms, facts)))
        committed[SILENCE_KEY] = quiet
        return told

    def _overdue(
        self, head: StructuredArray, committed: StructuredArray, now_ms: int
    ) -> list[tuple[int, Moved]]:
        """What no second reading came of rises, in both; returns who moved in the newest states."""
        moved: list[tuple[int, Moved]] = []
        for state in (committed, head):
            level, signs = self._forecast.overdue(state["forecast"], state["profile"], now_ms)
            moved = []
            if level.any():
                moved = rise_overdue(state[VITALS_KEY], level, signs, now_ms, state["ladder"])
        return moved

    def come_back(
        self, state: StructuredArray, now_ms: NDArray[np.int64], from_ms: NDArray[np.int64]
    ) -> None:
        """The house's clock was ahead by `from_ms - now_ms`: nobody has heard of what comes after now."""
        come_back(state, now_ms, from_ms)

    def reconcile(self, before: np.void, after: np.void, at_ms: int) -> list[Change]:
        """What to tell when a state was computed again because an earlier reading came in later."""
        person = after["person"].decode()
        changes = []
        for key in DEDUP_KEYS:
            ladders = _ladder_of(key, before), _ladder_of(key, after)
            if _bytes(before[key], ladders[0]) == _bytes(after[key], ladders[1]):
                continue
            facts = self._facts(after) if key == VITALS_KEY else ()
            moved = reconcile(
                person,
                key,
                before[key],
                after[key],
                at_ms=at_ms,
                arrived_ms=at_ms,
                rule=_gravest(after[key]) or _gravest(before[key]),
                evidence=facts,
                ladder_before=ladders[0],
                ladder=ladders[1],
            )
            changes += [change.as_change() for change in moved]
        return changes

    def _observe(self, state: StructuredArray, rows: StructuredArray, *, late: bool) -> Changes:
        """One observation per person, all vitals: those that speak of now are judged, the rest teach."""
        observations = rows["observation"]
        hours, days = local_hour_and_day(state["profile"]["timezone"], rows["time_ms"])
        observations["hour"], observations["day"] = hours, days
        observations["time_ms"] = rows["time_ms"]  # as judged: a slow clock may say another
        observations["live"] = rows["arrived_ms"] - rows["time_ms"] <= self._lateness_ms
        note_sensors(state["sensors"], observations, rows["time_ms"])
        if late:
            note_heard(state, rows)  # the newest states are computed again from here, and `reconcile` tells
            learn(state["twin"], observations, self._pace(state, rows["time_ms"]), self._learning.tuning)
            return []
        live = observations["live"]
        if live.all():
            return self._judge_and_learn(state, rows)
        if not live.any():
            return self._learn_of_the_past(state, rows)
        told: Changes = []
        for which, take in ((live, self._judge_and_learn), (~live, self._learn_of_the_past)):
            index = np.flatnonzero(which)
            chosen = state[index]
            told += [(int(index[i]), change) for i, change in take(chosen, rows[index])]
            state[index] = chosen
        return told

    def _judge_and_learn(self, state: StructuredArray, rows: StructuredArray) -> Changes:
        """Expect, judge, move the episodes, learn."""
        observations, time_ms = rows["observation"], rows["time_ms"]
        twins, vitals, forecast = state["twin"], state[VITALS_KEY], state["forecast"]
        site = site_offsets(state, time_ms)
        expected = expect(twins, observations, self._learning.tuning)
        note_departures(twins, observations, expected)
        reached = phase(twins, self._learning.phases)
        judged = self._forecast.judge(
            forecast, observations, expected, state["profile"], reached, open_level(vitals), site
        )
        before = state[[VITALS_KEY, "ladder"]].copy()
        look = _look(state, observations, judged)
        moved = advance(vitals, judged.level, judged.signs, judged.calm, time_ms, look, state["ladder"])
        heard_again = note_heard(state, rows)
        told = self._tell(state, rows, expected, moved, heard_again, judged.signs, before)
        doubted = self._forecast.in_question(forecast, observations, expected, judged, twins["confirmed"])
        question(state["questioned"], doubted, ~np.isnan(observations["value"]), time_ms)
        learn(twins, observations, self._pace(state, time_ms), self._learning.tuning)
        _note_last(state, rows)
        return told

    def _learn_of_the_past(self, state: StructuredArray, rows: StructuredArray) -> Changes:
        """An offline queue, an import: it says nothing about now, so no member is asked and no episode moves.

        Asking them would cost most of the time of an import, and what a detector accumulates from readings
        that raise no alarm could only raise one later, for reasons that are long over.
        """
        time_ms = rows["time_ms"]
        told: Changes = []
        for i, move in _moved(note_heard(state, rows)):
            at_ms, arrived_ms = int(time_ms[i]), int(rows["arrived_ms"][i])
            told.append((i, _change(state[i], SILENCE_KEY, move, at_ms, arrived_ms)))
        learn(state["twin"], rows["observation"], self._pace(state, time_ms), self._learning.tuning)
        _note_last(state, rows)
        return told

    def _pace(self, state: StructuredArray, time_ms: NDArray[np.int64]) -> NDArray[np.float64]:
        """How fast each metric of each person may be learned from readings of this time."""
        pace = learning_pace(state[VITALS_KEY], state["questioned"], time_ms, self._learning.freeze)
        begun = state["profile"]["beta_blocker"]
        return rest_after_medicine(pace, begun, state["twin"]["confirmed"], time_ms) if begun.any() else pace

    def _tell(
        self,
        state: StructuredArray,
        rows: StructuredArray,
        expected: Expectation,
        moved: NDArray[np.uint8],
        heard_again: NDArray[np.uint8],
        signs: NDArray[np.uint64],
        before: StructuredArray,
    ) -> Changes:
        told: Changes = []
        for i, move in _moved(heard_again):
            at_ms, arrived_ms = int(rows["time_ms"][i]), int(rows["arrived_ms"][i])
            told.append((i, _change(state[i], SILENCE_KEY, move, at_ms, arrived_ms)))
        for i, move in _moved(moved):
            person, row = state[i], rows[i]
            facts = self._forecast.explain(
                person["forecast"],
                row["observation"],
                expected_row(expected, i),
                person["profile"],
                signs[i],
            )
            known = told_in(before[i][VITALS_KEY], before[i]["ladder"]) if move in _TELLS_NEWS else {}
            facts = with_standing(person, facts)
            at_ms, arrived_ms = int(row["time_ms"]), int(row["arrived_ms"])
            told.append((i, _change(person, VITALS_KEY, move, at_ms, arrived_ms, facts, before=known)))
        return told

    def _facts(self, person: np.void) -> tuple[Evidence, ...]:
        return facts_of(self._forecast, person)


def _profile_after(before: np.void, told: np.void) -> np.void:
    """The profile as it is told; what the person confirmed as their new normal is no part of it and stays."""
    after = told.copy()
    for field in ("confirmed_low_pulse", "confirmed_until"):
        after[field] = before[field]
    after["own"] |= bool(before["confirmed_low_pulse"])
    return after


def _begin_with(site: StructuredArray, offset: float) -> None:
    if site["from_ms"][0] == 0:  # no tick has told this person anything
        site["offset"] = site["before"] = offset


def _hold_from(site: StructuredArray, offset: float, now_ms: int) -> None:
    new = site["offset"] != offset
    site["before"] = np.where(new, site["offset"], site["before"])
    site["from_ms"] = np.where(new, now_ms, site["from_ms"])
    site["offset"] = offset


def _note_last(state: StructuredArray, rows: StructuredArray) -> None:
    state["last"] = rows["observation"]
    state["last"]["arrived_ms"] = 0  # the state says what happened, not by which way it was learned
    state["last_seen_ms"] = np.maximum(state["last_seen_ms"], rows["time_ms"])


def _act(state: StructuredArray, row: np.void, forecast: Forecast) -> list[Change]:
    """What somebody did with one person's alert; `state` is that person's, of shape `(1,)`."""
    verb = VERBS[int(row["verb"])]
    if verb == CONFIRM:
        bits = int(row["columns"])
        chosen = [column for column in range(COLUMNS) if bits >> column & 1] or list(range(COLUMNS))
        confirm_new_normal(state["twin"], chosen)
        forecast.begin_again(state["forecast"], chosen)
        settle(state["questioned"], chosen)
        if COLUMN["heart_rate"] in chosen:
            confirm_low_pulse(state["profile"], state["forecast"]["safety"], int(row["time_ms"]))
        return []
    if verb == FEEL:
        return _feel(state, row, forecast)
    if verb in SAYS:
        return _say(state, row, forecast, SAYS[verb])
    key = row["dedup_key"].decode()
    time_ms = row["time_ms"].reshape(1)
    knows = Knows(
        started_ms=row["verb_started_ms"].reshape(1),
        level=row["verb_level"].reshape(1),
        stated=row["verb_stated"].reshape(1),
        signs=row["verb_rules"][None],
        rungs=row["verb_rungs"][None],
        clicked_ms=row["arrived_ms"].reshape(1),
    )
    until_ms = row["verb_until_ms"].reshape(1)
    codes = apply_verb(state[key], verb, knows, until_ms, time_ms, _ladder_of(key, state))
    at_ms, arrived_ms = int(row["time_ms"]), int(row["arrived_ms"])
    actor = row["actor"].decode()
    return [_change(state[0], key, move, at_ms, arrived_ms, (), actor) for _, move in _moved(codes)]


def _feel(state: StructuredArray, row: np.void, forecast: Forecast) -> list[Change]:
    """Somebody told a symptom: it may make an emergency of a value that was measured just before."""
    time_ms = int(row["time_ms"])
    note_symptoms(state["forecast"]["safety"], int(row["columns"]), time_ms)
    level, signs = forecast.overdue(state["forecast"], state["profile"], time_ms)
    moved = rise_overdue(state[VITALS_KEY], level, signs, time_ms, state["ladder"], felt=True)
    if not moved:
        return []
    resting = ~exerting(state["last"], state["forecast"]["safety"]["active_s"].copy())
    note_last(state["ladder"], state["last"], state["profile"], resting)
    expected = expected_row(expect(state["twin"], state["last"]), 0)
    person, arrived_ms = state[0], int(row["arrived_ms"])
    signs_now = person[VITALS_KEY]["signs"]
    facts = forecast.explain(person["forecast"], person["last"], expected, person["profile"], signs_now)
    return [_change(person, VITALS_KEY, move, time_ms, arrived_ms, facts) for _, move in moved]


def _say(state: StructuredArray, row: np.void, forecast: Forecast, said: Moved) -> list[Change]:
    """Somebody was asked whether what was seen is unusual for them; the twin learns from it."""
    bits, usual = int(row["columns"]), said is Moved.SAID_USUAL
    chosen = [column for column in range(COLUMNS) if bits >> column & 1]
    if usual:
        say_usual(state["twin"], chosen, row["shift"])
        settle(state["questioned"], chosen)
    else:
        doubt(state["questioned"], chosen, row["time_ms"].reshape(1))
    forecast.answered(state["forecast"], chosen, usual=usual)
    key = row["dedup_key"].decode()
    started_ms = int(state[key]["started_ms"][0])
    if not started_ms or started_ms != int(row["verb_started_ms"]):
        return []
    at_ms, arrived_ms = int(row["time_ms"]), int(row["arrived_ms"])
    return [_change(state[0], key, said, at_ms, arrived_ms, (), row["actor"].decode())]


def _ladder_of(key: str, state: Any) -> Any:  # noqa: ANN401 (records of one person or of many)
    """The ladder beside an episode; only that of vitals has one."""
    return state["ladder"] if key == VITALS_KEY else None


def _gravest(episode: np.void) -> str:
    """The gravest rule that stands; of an episode in which all has ceased, the gravest that spoke."""
    return rule_name(episode["told"]) or rule_name(episode["signs"])


def _bytes(episode: np.void, ladder: np.void | None) -> bytes:
    return episode.tobytes() + (b"" if ladder is None else ladder.tobytes())


def _look(state: StructuredArray, observations: StructuredArray, judged: Judgement) -> Look | None:
    """The values behind a judgement; None where nobody has anything to tell of."""
    vitals = state[VITALS_KEY]
    if not ((judged.level > 0) | is_open(vitals) | vitals["held"]).any():
        return None
    resting = ~exerting(observations, state["forecast"]["safety"]["active_s"])
    return look_at(observations, state["profile"], resting, judged)


def _moved(codes: NDArray[np.uint8]) -> list[tuple[int, Moved]]:
    return [(i, Moved(int(codes[i]))) for i in np.flatnonzero(codes).tolist()]


def _change(
    person: np.void,
    key: str,
    moved: Moved,
    at_ms: int,
    arrived_ms: int,
    facts: Sequence[Evidence] = (),
    actor: str = "",
    before: Told | None = None,
) -> Change:
    return change_of(
        person["person"].decode(),
        key,
        person[key],
        moved,
        at_ms=at_ms,
        arrived_ms=arrived_ms,
        rule=_gravest(person[key]),
        evidence=facts,
        actor=actor,
        ladder=_ladder_of(key, person),
        before=before,
    ).as_change()
