"""`healthtwin demo` finds what was planted, says that it was made up, and ends when it is told to."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from healthtwin.store import Home, HomeKind

HEALTHTWIN = str(Path(sys.executable).with_name("healthtwin"))
FIELDS = {"synthetic", "people", "readings", "alerts", "latency_ms", "missed", "false_alarms"}
LONGEST_S = 240


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    words = [HEALTHTWIN, "demo", *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=LONGEST_S, check=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("demo") / "home"
    done = demo("--headless", "--json", "--home", str(home))
    assert done.returncode == 0, done.stderr
    assert Home.open(home).kind is HomeKind.DEMO
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_report_has_the_fields_that_were_promised(report: dict[str, Any]) -> None:
    assert set(report) == FIELDS
    assert report["synthetic"] is True
    assert report["people"] == 4
    assert report["readings"] > 4 * 90 * 24
    assert set(report["latency_ms"]) == {"p50", "p99"}
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p99"]


def test_the_one_who_gets_worse_is_told_of_with_evidence_and_nobody_else(report: dict[str, Any]) -> None:
    assert report["missed"] == report["false_alarms"] == []
    loud = [alert for alert in report["alerts"] if alert["level"] != "info"]
    assert {alert["scenario"] for alert in loud} == {"copd"}
    for alert in loud:
        assert set(alert) == {"person", "level", "scenario", "first_sign_at", "raised_at", "evidence"}
        assert "synthetic" in alert["person"]
        assert alert["first_sign_at"] <= alert["raised_at"]
        assert alert["evidence"]


def test_an_unknown_scenario_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    done = demo("--headless", "--scenario", "doom", "--home", str(tmp_path / "home"))
    assert done.returncode == 2
    assert "cardiac_stress" in done.stderr
    assert not (tmp_path / "home").exists()


def test_the_portal_stays_open_until_a_signal_and_the_home_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    words = [HEALTHTWIN, "demo", "--no-browser", "--seed", "2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            url = process.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:"), process.stderr.read()
            link = re.search(r"http\S+/sign-in/\S+", process.stdout.readline() + process.stdout.readline())
            assert link is not None
            with httpx2.Client(trust_env=False, follow_redirects=True) as browser:
                assert "Sign in" in browser.get(link[0]).text
                signed_in = browser.post(link[0], headers={"origin": url})
                assert signed_in.status_code == 200
                assert "Synthetic data" in signed_in.text
            assert "SYNTHETIC" in process.stdout.readline()
            assert "(synthetic)" in process.stdout.readline()  # the play has begun
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
    assert list(tmp_path.iterdir()) == []
