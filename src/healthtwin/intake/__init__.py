"""What comes in: judged strictly, made durable, answered once it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.intake.events import NewEvent, ToldEvent, judged
    from healthtwin.intake.fields import (
        HALF_EQUATOR_M,
        MAX_LABEL,
        MAX_SEQUENCE,
        RFC3339,
        SMALLEST_EPOCH_MS,
        shown,
    )
    from healthtwin.intake.json_body import (
        MAX_BODY_BYTES,
        Repeated,
        inflate,
        may_hold_halves,
        parse,
        require_whole_text,
    )
    from healthtwin.intake.outcome import RowOutcome
    from healthtwin.intake.room import IntakeRoom
    from healthtwin.intake.signals import Measured, MotionWindow, PpgWindow, SoundWindow, Window, measured
    from healthtwin.intake.vitals import (
        EITHER,
        FIELDS,
        MAX_ROWS,
        Parsed,
        RefusedRow,
        Subjects,
        VitalsRow,
        decode_vitals,
    )

__all__ = [
    "EITHER",
    "FIELDS",
    "HALF_EQUATOR_M",
    "MAX_BODY_BYTES",
    "MAX_LABEL",
    "MAX_ROWS",
    "MAX_SEQUENCE",
    "RFC3339",
    "SMALLEST_EPOCH_MS",
    "IntakeRoom",
    "Measured",
    "MotionWindow",
    "NewEvent",
    "Parsed",
    "PpgWindow",
    "RefusedRow",
    "Repeated",
    "RowOutcome",
    "SoundWindow",
    "Subjects",
    "ToldEvent",
    "VitalsRow",
    "Window",
    "decode_vitals",
    "inflate",
    "judged",
    "may_hold_halves",
    "measured",
    "parse",
    "require_whole_text",
    "shown",
]

__getattr__ = face(
    __name__,
    events="NewEvent ToldEvent judged",
    fields="HALF_EQUATOR_M MAX_LABEL MAX_SEQUENCE RFC3339 SMALLEST_EPOCH_MS shown",
    json_body="MAX_BODY_BYTES Repeated inflate may_hold_halves parse require_whole_text",
    outcome="RowOutcome",
    room="IntakeRoom",
    signals="Measured MotionWindow PpgWindow SoundWindow Window measured",
    vitals="EITHER FIELDS MAX_ROWS Parsed RefusedRow Subjects VitalsRow decode_vitals",
)
