"""What people take, what their genes say, and what both make of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.medicines.answers import FindingsView, GeneResult, GenesView, MedicinesView, PersonFinding
    from healthtwin.medicines.findings import Findings
    from healthtwin.medicines.room import LONGEST_MEDICINE, MOST_MEDICINES, MedicinesRoom

__all__ = [
    "LONGEST_MEDICINE",
    "MOST_MEDICINES",
    "Findings",
    "FindingsView",
    "GeneResult",
    "GenesView",
    "MedicinesRoom",
    "MedicinesView",
    "PersonFinding",
]

__getattr__ = face(
    __name__,
    answers="FindingsView GeneResult GenesView MedicinesView PersonFinding",
    findings="Findings",
    room="LONGEST_MEDICINE MOST_MEDICINES MedicinesRoom",
)
