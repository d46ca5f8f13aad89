"""What leaves for research: of people who agreed, about nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.house.research.consents import ResearchConsents
    from healthtwin.house.research.release import ResearchWish, release_to

__all__ = ["ResearchConsents", "ResearchWish", "release_to"]

__getattr__ = face(__name__, consents="ResearchConsents", release="ResearchWish release_to")
