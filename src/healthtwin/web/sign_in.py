"""What somebody sees who is not signed in; the routes and the cookies are the API's, these its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from healthtwin.domain.said import Said
from healthtwin.web.rendering import render
from healthtwin.words import DEFAULT_LANGUAGE, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.access import InsideView

SignInState = Literal["ask", "confirm", "refused", "signed_out"]


def sign_in_page(
    state: SignInState,
    *,
    action: str | None = None,
    hidden: Mapping[str, str] | None = None,
    theme: str | None = None,
    language: str = DEFAULT_LANGUAGE,
    inside: InsideView | None = None,
) -> str:
    """HTML of a sign-in page.

    Args:
        state: ``ask`` (how to get a link), ``confirm`` (a one-time link was opened: nothing is used up until
            its button is pressed, so a mail scanner that follows links cannot spend it), ``refused`` (used,
            expired or unknown) or ``signed_out``.
        action: where the button of ``confirm`` posts to.
        hidden: fields that it sends along.
        theme: value of the theme cookie.
        inside: whose session the browser has and for whom the link is; None: nobody is signed in.
        language: of the reader (`healthtwin.web.language_of`).

    >>> '<form method="post" action="/sign-in/abc">' in sign_in_page("confirm", action="/sign-in/abc")
    True
    """
    return render(
        "sign_in.html",
        theme=theme,
        language=language,
        title=say(Said(f"sign-in-{state.replace('_', '-')}"), language),
        state=state,
        action=action,
        hidden=dict(hidden or {}),
        inside=inside,
    )
