"""The portal's page "who sees whom": whom one sees, who sees one, and seeing somebody in an emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from healthtwin.domain.said import Said
from healthtwin.routing import Need, Routes
from healthtwin.web.pages import failed_page, page_of

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask


class SharingPage(msgspec.Struct, frozen=True, tag_field="page", tag="sharing"):
    """What the page opens with; who sees whom it asks for. may_break: the visitor may break the glass."""

    now: int
    kind: str
    mark: str
    may_break: bool


routes = Routes(strict=False, failed=failed_page)


@routes.get("/sharing", need=Need.KNOWN)
def who_sees_whom(ask: Ask, house: House) -> Response:
    """Who sees whom."""
    data = SharingPage(
        now=house.now_ms(), kind=house.kind, mark=house.feed.newest, may_break=ask.may(Need.BREAK)
    )
    return page_of(ask, house, "sharing.html", Said("access-title"), data, synthetic=False)
