"""What the operator is told: what is wrong, since when, and that it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from healthtwin.domain.errors import StorageBusy
from healthtwin.house.operations import Figures, Operations
from healthtwin.store import SpaceGuard

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.house import HealthView


class Told:
    """An operator's view of a house whose failures a test sets."""

    def __init__(self, home: Path, reserve_bytes: int = 1) -> None:
        self.failures: dict[str, HealthTwinError | None] = {"log": None, "alerts": None}
        self.figures = Figures(0, 1, 10, 10, 0, 0, live_readers=2)
        self.operations = Operations(
            SpaceGuard(home, reserve_bytes), lambda: self.failures, lambda: self.figures, list
        )

    def health(self, now_ms: int, *, head: int = 10, through: int = 10, lag_ms: int = 0) -> HealthView:
        self.figures = self.figures._replace(
            now_ms=now_ms, log_head=head, processed_through=through, lag_ms=lag_ms
        )
        return self.operations.health()


def test_a_house_without_faults_is_ok(tmp_path: Path) -> None:
    health = Told(tmp_path).health(1000)
    assert (health.status, health.faults, health.backlog) == ("ok", [], 0)


def test_a_fault_is_named_with_its_beginning_until_it_is_over(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.failures["alerts"] = StorageBusy("records.db is locked")
    told.health(1000)
    health = told.health(5000)
    assert health.status == "degraded"
    assert [(fault.part, fault.text, fault.since_at) for fault in health.faults] == [
        ("alerts", "records.db is locked", 1000)
    ]
    told.failures["alerts"] = None
    assert told.health(6000).status == "ok"
    told.failures["alerts"] = StorageBusy("again")
    assert told.health(9000).faults[0].since_at == 9000


def test_a_log_that_refuses_readings_is_failing_not_merely_degraded(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.failures["log"] = StorageBusy("log.db is locked")
    assert told.health(0).status == "failing"


def test_a_twin_that_falls_behind_is_said_before_an_alert_comes_too_late(tmp_path: Path) -> None:
    told = Told(tmp_path)
    assert told.health(0, head=50, lag_ms=4_000).status == "ok"
    health = told.health(10_000, head=5_000, lag_ms=60_000)
    assert (health.status, health.backlog, health.faults[0].part) == ("degraded", 4_990, "twin")
    assert told.health(20_000).status == "ok"


def test_a_disk_below_its_reserve_is_failing(tmp_path: Path) -> None:
    health = Told(tmp_path, reserve_bytes=1 << 60).health(7)
    assert (health.status, health.faults[0].part, health.faults[0].since_at) == ("failing", "disk", 7)


def test_the_figures_for_prometheus_add_up(tmp_path: Path) -> None:
    told = Told(tmp_path)
    for seconds in (0.001, 0.03, 0.03, 99.0):
        told.operations.ingested(["new"], seconds)
    told_figures = {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told.operations.metrics_text())
        for sample in family.samples
    }
    assert told_figures["healthtwin_ingest_seconds_bucket0.005"] == 1
    assert told_figures["healthtwin_ingest_seconds_bucket0.05"] == 3
    assert told_figures["healthtwin_ingest_seconds_bucket+Inf"] == 4
    assert told_figures["healthtwin_ingest_seconds_count"] == 4
    assert told_figures["healthtwin_rows_totalnew"] == 4
    assert told_figures["healthtwin_rows_totalconflict"] == 0
    assert told_figures["healthtwin_live_readers"] == 2
