"""Everything about one person, to take away: what it holds, and the file it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.house.export.desk import ExportDesk
    from healthtwin.house.export.file import export_to, write_export
    from healthtwin.house.export.kept import FAILED, READY, Kept, drop_exports
    from healthtwin.house.export.parts import parts_about
    from healthtwin.house.export.wanted import FOR_EVER_MS, Wanted

__all__ = [
    "FAILED",
    "FOR_EVER_MS",
    "READY",
    "ExportDesk",
    "Kept",
    "Wanted",
    "drop_exports",
    "export_to",
    "parts_about",
    "write_export",
]

__getattr__ = face(
    __name__,
    desk="ExportDesk",
    file="export_to write_export",
    kept="FAILED READY Kept drop_exports",
    parts="parts_about",
    wanted="FOR_EVER_MS Wanted",
)
