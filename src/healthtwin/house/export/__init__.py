"""Everything about one person, to take away: what it holds, and the file it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.house.export.file import export_to, write_export
    from healthtwin.house.export.parts import Wanted, parts_about

__all__ = ["Wanted", "export_to", "parts_about", "write_export"]

__getattr__ = face(__name__, file="export_to write_export", parts="Wanted parts_about")
