"""`healthtwin doctor`: what it says of a whole home and of a damaged one, and with which exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def test_a_doctor_says_what_is_wrong_and_what_to_do(healthtwin: Commands, ada: str) -> None:
    assert ada
    whole = healthtwin("doctor", "--verify", "--json").json
    assert whole["ok"] is True
    assert {check["what"] for check in whole["checks"]} == {"disk", "records.db"}
    (healthtwin.home / "series.db").write_bytes(b"no database at all" * 1_000)
    ran = healthtwin("doctor")
    assert ran.status == 1
    assert "DAMAGE  series.db" in ran.out
    assert "healthtwin rebuild series" in ran.out
    assert healthtwin("doctor", "--verify").status == 1
    assert healthtwin("doctor", home=healthtwin.home / "nowhere").status == 2
