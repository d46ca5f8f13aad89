"""Runs every measurement on recorded people and writes what it printed to docs/evaluation.

`python tools/write_evaluation.py [NAME…]`; the recordings are looked for in HEALTHTWIN_DATA, and it takes
minutes. The README's tables are then copied from the reports by tools/readme_figures.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
REPORTS: Final = ROOT / "docs" / "evaluation"
DATA: Final = Path(os.environ.get("HEALTHTWIN_DATA", ROOT.parent / "shared" / "data"))
HEALTHTWIN: Final = Path(sys.executable).parent / "healthtwin"

REPLAYS: Final = {
    "replay-cinc2019": "cinc2019_setB/dev.parquet",
    "replay-lifesnaps": "lifesnaps_daily/daily.csv.gz",
    "replay-welltory": "welltory_hrv_covid19",
}
EVALUATIONS: Final[dict[str, Path | None]] = {
    "alarms": None,
    "baseline": DATA,
    "budget": DATA,
    "early-warning": DATA / REPLAYS["replay-cinc2019"],
    "five-minutes": None,
    "forecast": DATA,
    "genes": DATA,
    "sensing": DATA,
    "twin": DATA,
}
"""`healthtwin evaluate NAME` → what it is given as --data; None: it needs no recording."""

PAGES: Final = ("budget", "early-warning", "five-minutes", "forecast", "twin")
"""Reports that `healthtwin evaluate report` turns into pages."""

ENVIRONMENTS: Final = {"forecast": ".venv-train", "sensing": ".venv-rivals"}
"""Where the heavy extras of a measurement are installed (`make figures` does it); without, it says so."""


def told_by(arguments: list[str], environment: str = "") -> dict[str, Any]:
    """What a command of ours printed as JSON."""
    print("healthtwin", *arguments, file=sys.stderr)
    heavy = ROOT / environment / "bin" / "healthtwin"
    command = heavy if environment and heavy.is_file() else HEALTHTWIN
    ran = subprocess.run([str(command), *arguments], check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def replay(source: str) -> dict[str, Any]:
    """A replay's report, with what is needed to repeat it and without where its home was."""
    path = DATA / source
    with tempfile.TemporaryDirectory() as folder:
        told = told_by(["replay", str(path), "--home", f"{folder}/home", "--speed", "max", "--json"])
    told.pop("home")
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    made = {
        "command": f"healthtwin replay $HEALTHTWIN_DATA/{source} --home HOME --speed max --json",
        "sha256": digests,
        "date": datetime.now(UTC).date().isoformat(),
    }
    return {"made_by": made, **told}


def main() -> int:
    """Write the reports named on the command line, or all."""
    wanted = sys.argv[1:] or [*REPLAYS, *EVALUATIONS]
    for name in wanted:
        if name in REPLAYS:
            report = replay(REPLAYS[name])
        else:
            data = EVALUATIONS[name]
            given = [] if data is None else ["--data", str(data)]
            report = told_by(["evaluate", name, *given, "--json"], ENVIRONMENTS.get(name, ""))
        text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
        path = REPORTS / f"{name}.json"
        path.write_text(text, encoding="utf-8")
        if name in PAGES:
            told_by(["evaluate", "report", "--from", str(path), "--out", str(REPORTS), "--json"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
