"""The face of the house towards `healthtwin.api` and `healthtwin.web`: what a running process can be asked.

Everything here speaks in person ids (``p-…``); pseudonyms never leave the house. Every time is epoch
milliseconds UTC; a field named ``…_at`` or ``t`` holds one too, since that is what goes over the wire.
Reads and verbs are plain calls, safe from any thread, and may take milliseconds (the API runs them beside its
event loop); `ingest` and `live` belong to the event loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from healthtwin.gateway.person_port import PersonPort

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from healthtwin.gateway.grants import Grant
    from healthtwin.gateway.vitals import VitalsRow
    from healthtwin.genes import Knowledge
    from healthtwin.store import Records

# ---------------------------------------------------------------- ingest


class RowOutcome(StrEnum):
    """What became of one valid row.

    new: stored now. duplicate: the same key and content was stored before. conflict: the key was used for
    other content; nothing was stored for this row and nothing that was stored is lost.
    """

    NEW = "new"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The little that validation must know about a person before a row is accepted.

    Attributes:
        id: ``p-…``.
        birth_year: None when unknown.
    """

    id: str
    birth_year: int | None


# ---------------------------------------------------------------- what is read


class LatestValue(msgspec.Struct, frozen=True):
    """The newest value of one metric. `at`: when it was measured, epoch ms."""

    metric: str
    label: str
    value: float
    unit: str
    at: int


class PersonView(msgspec.Struct, frozen=True):
    """One line of "who needs me now".

    Attributes:
        status: ``critical``, ``warning``, ``info`` (the worst open alert), ``usual`` (fresh readings, nothing
            open), ``learning`` (fresh readings, days 1–30) or ``unknown`` (no reading, or stale ones: never
            shown as fine).
        phase: ``silent``, ``soft``, ``full`` or ``adapting``; see `healthtwin.twin.phase`.
        days: days with data so far.
        last_reading_at: None before the first.
        alerts_off_until: end of the snooze in force; None when alerts are on.
        open_alerts: episodes that are not resolved.
        synthetic: simulated data, to be labelled as such wherever it is shown.
    """

    id: str
    name: str
    birth_year: int | None
    sex: str | None
    timezone: str
    status: str
    phase: str
    days: int
    last_reading_at: int | None
    alerts_off_until: int | None
    open_alerts: int
    latest: list[LatestValue]
    synthetic: bool = False


class SeriesView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A metric over time; arrays of one length, ascending in `t`, both ends included.

    Attributes:
        t: epoch ms; with a step, the start of each step that holds a reading.
        v: value, or the step's mean.
        unit: UCUM.
        min, max, count: per step; None without a step.
    """

    t: list[int]
    v: list[float]
    unit: str
    min: list[float] | None = None
    max: list[float] | None = None
    count: list[int] | None = None


class HourBand(msgspec.Struct, frozen=True):
    """What is usual for the person at one local hour of day (0–23), at rest, in the metric's unit."""

    hour: int
    center: float
    spread: float


class MetricTwin(msgspec.Struct, frozen=True):
    """One metric of a person against their own normal.

    Attributes:
        value, at: the newest reading; None before the first.
        expected, spread: for that reading's hour and activity; None until `ready`.
        low, high: the personal range shown, expected ± the alert threshold's spreads; None until `ready`.
        z: (value − expected) / spread.
        direction: ``above`` or ``below`` the usual; None inside it.
        since_at: when it left the usual range.
        ready: enough has been learned to judge.
        text: the explanation in words, "84 /min; for you at 14:00, resting, 68 ± 5; 3.2 above; 40 minutes".
        hours: the band by hour of day; empty until `ready`.
    """

    metric: str
    label: str
    unit: str
    value: float | None
    at: int | None
    expected: float | None
    spread: float | None
    low: float | None
    high: float | None
    z: float | None
    direction: str | None
    since_at: int | None
    ready: bool
    text: str
    hours: list[HourBand]


class TwinView(msgspec.Struct, frozen=True):
    """A person's learned normal. Phases as in `PersonView`; `metrics` in the order of the metric table."""

    person: str
    phase: str
    days: int
    updated_at: int | None
    metrics: list[MetricTwin]
    synthetic: bool = False


class RiskDriver(msgspec.Struct, frozen=True):
    """A deviation that carries a score; `expected` and `spread` in the metric's unit.

    `direction` is ``above`` or ``below``, of the person's own usual (a typical adult's where `text` says so).
    """

    metric: str
    value: float
    unit: str
    expected: float | None
    spread: float | None
    z: float | None
    text: str
    direction: str = ""


class RiskItem(msgspec.Struct, frozen=True):
    """What may be coming, by one member (`healthtwin.domain.Risk`).

    Attributes:
        probability: None while the member has no calibration on named data.
        score: the member's own scale.
        horizon_ms: 0 says "now".
        text: for a calibrated probability, what it means and where it was measured.
        would_fall: what would make the risk fall, by the model; a statement about the model, not an advice.
        base_rate: share of all measured hours that were followed by it; None where nothing was measured.
    """

    condition: str
    probability: float | None
    score: float
    horizon_ms: int
    drivers: list[RiskDriver]
    model: str
    text: str
    would_fall: str = ""
    base_rate: float | None = None


class RiskView(msgspec.Struct, frozen=True):
    """All members' risks for a person.

    Attributes:
        at: time of the reading they were judged on; None before the first.
        stale: that reading is too old to say anything about now; `risks` is then empty.
    """

    person: str
    at: int | None
    stale: bool
    risks: list[RiskItem]


class EvidenceView(msgspec.Struct, frozen=True):
    """One fact behind an alert (`healthtwin.domain.Evidence`)."""

    text: str
    source: str
    metric: str | None = None
    value: float | None = None
    unit: str | None = None
    expected: float | None = None
    spread: float | None = None
    at: int | None = None


class AdviceView(msgspec.Struct, frozen=True):
    """An action with its source."""

    action: str
    source: str


class DeliveryView(msgspec.Struct, frozen=True):
    """One recipient over one channel: `status` is ``pending``, ``delivered`` or ``failed``."""

    channel: str
    recipient: str
    status: str
    attempts: int
    updated_at: int


class AlertView(msgspec.Struct, frozen=True):
    """An episode as the API and the portal show it.

    Attributes:
        id: ``a-…``; a renamed episode answers under its former ids too.
        level: ``critical``, ``warning`` or ``info``.
        state: ``triggered``, ``acknowledged``, ``snoozed`` or ``resolved``.
        rule: what opened it; dedup_key: what may be open only once at a time.
        summary: one sentence for the card's head.
        started_at: first sign (event time); raised_at: when it was told; updated_at: last change.
    """

    id: str
    person: str
    person_name: str
    level: str
    state: str
    rule: str
    dedup_key: str
    summary: str
    started_at: int
    raised_at: int
    updated_at: int
    resolved_at: int | None
    snoozed_until: int | None
    acknowledged_at: int | None
    evidence: list[EvidenceView]
    advice: list[AdviceView]
    deliveries: list[DeliveryView]
    synthetic: bool = False


class MedicinesView(msgspec.Struct, frozen=True):
    """What a person takes now, as stated.

    Attributes:
        unknown: names among them that no table knows, so that nothing was checked for them.
        revision: counts the changes; 0 before the first.
    """

    person: str
    medicines: list[str]
    unknown: list[str]
    revision: int
    stated_at: int | None


class GeneResult(msgspec.Struct, frozen=True):
    """A gene's phenotype in the field's wording. activity_score: None for genes that have none."""

    gene: str
    diplotype: str
    phenotype: str
    activity_score: str | None
    why: str


class GenesView(msgspec.Struct, frozen=True):
    """A person's gene results as stated (`genes`), and what they mean; revision as in `MedicinesView`."""

    person: str
    genes: dict[str, Any]
    results: list[GeneResult]
    revision: int
    stated_at: int | None


class PersonFinding(msgspec.Struct, frozen=True):
    """What a specialty holds to be so (`healthtwin.domain.Finding`); shown, never pushed.

    Attributes:
        urgency: ``info`` or ``warning``.
        version: of the tables it was made from.
        found_at: since when it has stood in these words.
    """

    specialty: str
    hypothesis: str
    urgency: str
    evidence: list[EvidenceView]
    contraindications: list[str]
    version: str
    found_at: int


class FindingsView(msgspec.Struct, frozen=True):
    """Everything that stands about a person, the most urgent first."""

    person: str
    findings: list[PersonFinding]


class LiveEvent(msgspec.Struct, frozen=True):
    """Something that changed, for `GET /api/live`.

    Attributes:
        id: opaque to everybody but the house; what a client sends back as `Last-Event-ID`.
        event: ``reading`` {person, t, values: {metric: value}}, ``alert`` (an `AlertView`), ``person``
            (a `PersonView`), ``findings`` (a `FindingsView`), ``event`` (an `EventView`),
            ``deleted`` {person}, or ``reset`` {} when the id a client gave is older than what is kept (or
            unknown), so that it must load everything again.
        data: JSON text in UTF-8 without line breaks.
    """

    id: str
    event: str
    data: bytes


class Fault(msgspec.Struct, frozen=True):
    """Something that is wrong now: `part` of the house, what is wrong, since when."""

    part: str
    text: str
    since_at: int | None = None


class DriftItem(msgspec.Struct, frozen=True):
    """How far the scores of one forecast stand from those of its training (`healthtwin.forecast.drift`).

    Attributes:
        hours: person-hours of about the last week behind it.
        index: population stability index; None while those are too few.
    """

    target: str
    hours: float
    index: float | None
    words: str


class TrainedAlarmsItem(msgspec.Struct, frozen=True):
    """False alarms of the trained forecasts, all people together.

    Attributes:
        allowed: that their time was allowed so far. false: that came.
        offset: how far the house's threshold stands above the training side's for who is new here, natural
            log units; 0.7 halves the alarms. See `healthtwin.forecast.site_budget`.
    """

    allowed: float
    false: float
    offset: float


class WeekItem(msgspec.Struct, frozen=True):
    """One week of the house's forecasts, all people together, as it stood when it was last looked at.

    Attributes:
        week: its Monday, 00:00 UTC, epoch ms.
        allowed, false: false trained alarms of that week.
        offset: as in `TrainedAlarmsItem`.
        drift: of about the last week before that.
    """

    week: int
    allowed: float
    false: float
    offset: float
    drift: list[DriftItem]


class HealthView(msgspec.Struct, frozen=True):
    """How the house is.

    Attributes:
        status: ``ok``, ``degraded`` (serves, but something needs the operator) or ``failing`` (refuses
            readings).
        processed_through: log offset through which everything shows, in the twin and in the series.
        backlog: log records beyond it.
        lag_ms: age of the oldest record that the twin has not seen: by so much alerts are late.
        disk_free_bytes, disk_reserve_bytes: readings are refused when free falls below the reserve.
        deliveries_pending: messages that no receiver has confirmed yet.
        drift: of each watched forecast; never a fault, since at home scores are not those of a hospital.
        trained_alarms: what the budget of false alarms came to; None before the first tick.
    """

    status: str
    version: str
    started_at: int
    people: int
    log_head: int
    processed_through: int
    backlog: int
    lag_ms: int
    disk_free_bytes: int
    disk_reserve_bytes: int
    deliveries_pending: int
    faults: list[Fault]
    drift: list[DriftItem] = []
    trained_alarms: TrainedAlarmsItem | None = None


# ---------------------------------------------------------------- the house


class HousePort(PersonPort, Protocol):
    """What `healthtwin.api` and `healthtwin.web` need; `healthtwin.gateway.House` is it.

    Every method that takes a `person_id` or `alert_id` raises `NotFound` for one that does not exist.
    Authorisation happens in the routes, through `Grant`, before these are called.
    """

    @property
    def records(self) -> Records:
        """People, devices, tokens, sessions, webhooks."""
        ...

    @property
    def kind(self) -> str:
        """``live``, ``demo`` (simulated people) or ``replay`` (recorded data): every screen says which."""
        ...

    def now_ms(self) -> int:
        """The present on the house's own clock (event time in a replay)."""
        ...

    def start(self) -> None:
        """Recover (replay what the twin has not seen) and begin to work; returns when ready to serve."""
        ...

    def stop(self) -> None:
        """Finish what is under way, snapshot, close every file; within seconds. Idempotent.

        What was acknowledged and takes longer is judged and told after the next start.
        """
        ...

    def facts(self, person_id: str) -> PersonFacts | None:
        """What validation needs; None when there is no such person. Answered from memory: called per row."""
        ...

    async def ingest(self, grant: Grant, rows: Sequence[VitalsRow]) -> list[RowOutcome]:
        """Make the rows durable; returns one outcome per row, in order, after the fsync.

        Raises:
            StorageFull, StorageBusy: nothing of this call was stored.
        """
        ...

    def people(self, person_ids: frozenset[str] | None) -> list[PersonView]:
        """These people (None: all), worst status first, then by name."""
        ...

    def person(self, person_id: str) -> PersonView:
        """One person."""
        ...

    def series(
        self, person_id: str, metric: str, from_ms: int | None, to_ms: int | None, step_ms: int | None
    ) -> SeriesView:
        """Values of a metric (a name in `METRICS`); None is open-ended, both ends included."""
        ...

    def twin(self, person_id: str) -> TwinView:
        """The learned normal and how the newest values compare."""
        ...

    def risk(self, person_id: str) -> RiskView:
        """What the members say."""
        ...

    def alerts(self, person_ids: frozenset[str] | None, state: str | None) -> list[AlertView]:
        """Episodes of these people (None: all), optionally in one state; newest first."""
        ...

    def alert(self, alert_id: str) -> AlertView:
        """One episode."""
        ...

    def act(self, grant: Grant, alert_id: str, verb: str, until_ms: int | None = None) -> AlertView:
        """``acknowledge``, ``snooze`` (until `until_ms`) or ``resolve``; returns the episode as it then is.

        The verb goes through the log like a reading and is durable on return. Repeating one is no error.

        Raises:
            Conflict: the state forbids it (a resolved episode cannot be acknowledged or snoozed).
        """
        ...

    def confirm_new_normal(self, grant: Grant, person_id: str, metrics: Sequence[str]) -> None:
        """What deviates now is this person's new usual (empty `metrics`: all); through the log."""
        ...

    def gene_tables(self) -> Knowledge:
        """What is known of genes and medicines, with the release that this home imported."""
        ...

    def medicines(self, person_id: str) -> MedicinesView:
        """Current medicines."""
        ...

    def set_medicines(self, grant: Grant, person_id: str, names: Sequence[str]) -> MedicinesView:
        """Replace the whole list; durable, in the log and checked against the genes on return.

        Raises:
            InvalidInput: naming the entry.
        """
        ...

    def genes(self, person_id: str) -> GenesView:
        """Gene results."""
        ...

    def set_genes(self, grant: Grant, person_id: str, document: Mapping[str, Any]) -> GenesView:
        """Replace all gene results; durable, in the log and checked against the medicines on return.

        Raises:
            InvalidInput: naming the gene or field.
        """
        ...

    def findings(self, person_id: str) -> FindingsView:
        """What was found about medicines and genes; never an alert by itself."""
        ...

    def live(self, after: str | None, person_ids: frozenset[str] | None) -> AsyncIterator[LiveEvent]:
        """Events about these people (None: all) after the event with id `after` (None: from now on).

        Ends when the house stops. A reader that falls too far behind gets ``reset`` instead of everything.
        """
        ...

    def live_mark(self) -> str:
        """What to follow after, to miss nothing that changes once this is answered."""
        ...

    def send_test(self, webhook_id: str) -> DeliveryView:
        """Deliver a message marked as a test to a webhook now, and say what came of it."""
        ...

    def health(self) -> HealthView:
        """How the house is; cheap, never blocks on a locked file."""
        ...

    def weeks(self) -> list[WeekItem]:
        """The house's forecasts week by week, newest first, at most two years."""
        ...

    def metrics_text(self) -> str:
        """Prometheus text exposition 0.0.4; no person ids, no names."""
        ...
