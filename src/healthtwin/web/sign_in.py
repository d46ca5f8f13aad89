"""What somebody sees who is not signed in; the routes and the cookies are the API's, these its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from healthtwin.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping

SignInState = Literal["ask", "confirm", "refused", "signed_out"]

TITLES: Final[Mapping[SignInState, str]] = {
    "ask": "Sign in",
    "confirm": "One more step",
    "refused": "This link no longer works",
    "signed_out": "Signed out",
}


def sign_in_page(
    state: SignInState,
    *,
    action: str | None = None,
    hidden: Mapping[str, str] | None = None,
    theme: str | None = None,
) -> str:
    """HTML of a sign-in page.

    Args:
        state: ``ask`` (how to get a link), ``confirm`` (a one-time link was opened: nothing is used up until
            its button is pressed, so a mail scanner that follows links cannot spend it), ``refused`` (used,
            expired or unknown) or ``signed_out``.
        action: where the button of ``confirm`` posts to.
        hidden: fields that it sends along.
        theme: value of the theme cookie.

    >>> '<form method="post" action="/sign-in/abc">' in sign_in_page("confirm", action="/sign-in/abc")
    True
    """
    return render(
        "sign_in.html",
        theme=theme,
        title=TITLES[state],
        state=state,
        action=action,
        hidden=dict(hidden or {}),
    )
