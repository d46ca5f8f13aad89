"""Everything about one person, to take away: what it holds, and the file it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.house.export.file import export_to, write_export
    from healthtwin.house.export.parts import parts_about
    from healthtwin.house.export.wanted import Wanted

__all__ = ["Wanted", "export_to", "parts_about", "write_export"]

__getattr__ = face(__name__, file="export_to write_export", parts="parts_about", wanted="Wanted")
