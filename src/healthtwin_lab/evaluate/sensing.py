"""How well sensing measures on named recordings, with its rivals and the trivial answers in the same run.

Every section is a file of its own and a row of `SECTIONS`; a section takes the folder of the recordings and
answers with JSON types, with a list `goals` among them. Where its recordings or its rivals are absent it
says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.evaluate.cadence import evaluate_cadence
from healthtwin_lab.evaluate.cough import evaluate_cough
from healthtwin_lab.evaluate.motion import evaluate_planted_motion
from healthtwin_lab.evaluate.planted_rhythms import evaluate_planted_rhythms
from healthtwin_lab.evaluate.sensing_oximetry import evaluate_oximetry
from healthtwin_lab.evaluate.sensing_rivals import installed_rivals
from healthtwin_lab.evaluate.sensing_strap import evaluate_strap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Section = Callable[[Path, int], dict[str, Any]]

SECTIONS: Final[Mapping[str, Section]] = {
    "welltory_ppg": evaluate_strap,
    "uw_oximetry_ppg": evaluate_oximetry,
    "mobgap_lab": evaluate_cadence,
    "covid19_cough_cc0": evaluate_cough,
}
"""Folder of the recordings → what measures on them."""


SYNTHETIC: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "planted_motion": evaluate_planted_motion,
    "planted_rhythms": evaluate_planted_rhythms,
}
"""Sections that need no recordings, since they make their own."""


def evaluate_sensing(data_dir: Path, seed: int = 0) -> dict[str, Any]:
    """Every row of the sensing goals on the recordings found.

    Args:
        data_dir: folder that holds the folders named in `SECTIONS`.
        seed: of the bootstrap.

    Returns:
        `rivals` (name → version or "not installed"), `sections` by folder, and `goals`, one row each with
        what was wanted, what was reached and whether that is met (None where it could not be measured).

    Raises:
        InvalidInput: when none of the folders is there, or a file in one is broken.
    """
    found = {name: section for name, section in SECTIONS.items() if (data_dir / name).is_dir()}
    if not found:
        raise InvalidInput("data_dir", str(data_dir), f"a folder that holds one of {', '.join(SECTIONS)}")
    sections = {name: section(data_dir, seed) for name, section in found.items()}
    sections |= {name: section() for name, section in SYNTHETIC.items()}
    return {
        "rivals": installed_rivals(),
        "absent": sorted(set(SECTIONS) - set(found)),
        "goals": [goal for section in sections.values() for goal in section.pop("goals")],
        "sections": sections,
    }
