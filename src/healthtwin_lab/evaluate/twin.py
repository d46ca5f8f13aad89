"""What the rules by which a twin learns bring: context, speed, freezes, phases, each against the product."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from healthtwin.twin import TWIN_VERSION
from healthtwin_lab.evaluate.baseline import is_design
from healthtwin_lab.evaluate.freeze_rules import compare_freezes
from healthtwin_lab.evaluate.learning_variants import compare_variants, synthetic_recordings
from healthtwin_lab.evaluate.phase_policy import compare_phases
from healthtwin_lab.evaluate.recordings import (
    LIFESNAPS_FILE,
    WELLTORY_HRV_FILE,
    WELLTORY_PRESSURE_FILE,
    read_lifesnaps,
    read_welltory,
)

if TYPE_CHECKING:
    from pathlib import Path


def evaluate_twin(data_dir: Path, seed: int = 0) -> dict[str, Any]:
    """Every rule of learning changed once, on recordings and on synthetic people.

    Args:
        data_dir: folder that holds `lifesnaps_daily` and `welltory_hrv_covid19`.
        seed: of the synthetic people and the bootstrap.

    Returns:
        JSON-ready. `variants`: context and speed by data set, on the half of the people that no setting was
        chosen on (`report`) and on the other one (`design`). `phases`: alerts by days known, everybody.
        `freezes`: on synthetic people only.

    Raises:
        InvalidInput: when a file or a column is missing.
    """
    files = (LIFESNAPS_FILE, WELLTORY_HRV_FILE, WELLTORY_PRESSURE_FILE)
    recorded = {
        "lifesnaps_daily": read_lifesnaps(data_dir),
        "welltory_hrv_covid19": read_welltory(data_dir),
    }
    variants: dict[str, Any] = {
        name: {
            half: compare_variants([one for one in found if is_design(one.person) is design], seed)
            for half, design in (("report", False), ("design", True))
        }
        for name, found in recorded.items()
    }
    variants["synthetic"] = {"report": compare_variants(synthetic_recordings(seed), seed)}
    return {
        "command": "healthtwin evaluate twin --data $HEALTHTWIN_DATA --json",
        "data": {
            name: {"sha256": hashlib.sha256((data_dir / name).read_bytes()).hexdigest()} for name in files
        },
        "twin_version": TWIN_VERSION,
        "seed": seed,
        "variants": variants,
        "phases": {name: compare_phases(found) for name, found in recorded.items()},
        "freezes": compare_freezes(seed),
    }
