"""What somebody sees who is not signed in; the routes and the cookies are the API's, these its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import msgspec

from healthtwin.domain.said import Said
from healthtwin.web.rendering import render
from healthtwin.words import DEFAULT_LANGUAGE, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin.access import InsideView

SignInState = Literal["ask", "confirm", "refused", "signed_out"]


class ProviderButton(msgspec.Struct, frozen=True):
    """An identity provider: its name in paths, and what its button says."""

    name: str
    title: str


class Door(msgspec.Struct, frozen=True):
    """What a page can offer whoever wants in.

    Attributes:
        offer: passkeys work on this page. why_not: else the reason, as `passkey-not-…` ends.
        instead: an address of ours where they would work. rp_id: the name that they belong to.
        trust: this home's own authority signed the certificate, so its page on how to trust it is there.
        providers: who else vouches for people.
        to: where to go afterwards.
    """

    offer: bool
    why_not: str
    instead: str
    rp_id: str
    trust: bool
    providers: list[ProviderButton]
    to: str = "/"


class EnrolPage(msgspec.Struct, frozen=True):
    """What the page of an invitation begins with.

    Attributes:
        secret: of the link. name, role: whose invitation it is, and as what.
        signed_in: who else is signed in in this browser; empty: nobody, or they themselves.
        offer, trust: as of `Door`. why_not: a sentence.
    """

    secret: str
    name: str
    role: str
    signed_in: str
    offer: bool
    why_not: str
    trust: bool


def sign_in_page(
    state: SignInState,
    *,
    door: Door | None = None,
    action: str | None = None,
    hidden: Mapping[str, str] | None = None,
    csrf_token: str = "",
    theme: str | None = None,
    language: str = DEFAULT_LANGUAGE,
    inside: InsideView | None = None,
) -> str:
    """HTML of a sign-in page.

    Args:
        state: ``ask`` (how to get in), ``confirm`` (a one-time link was opened: nothing is used up until
            its button is pressed, so a mail scanner that follows links cannot spend it), ``refused`` (used,
            expired or unknown) or ``signed_out``.
        door: what can be offered; None: links alone.
        action: where the button of ``confirm`` posts to.
        hidden: fields that it sends along.
        csrf_token: of a session that this browser still has.
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
        data=door,
        csrf_token=csrf_token,
    )


def enrol_page(
    data: EnrolPage | None,
    *,
    people: Sequence[str] = (),
    again: bool = False,
    csrf_token: str = "",
    theme: str | None = None,
    language: str = DEFAULT_LANGUAGE,
) -> str:
    """HTML of the page that an invitation opens; it uses nothing up.

    Args:
        data: None: the invitation is no good.
        people: names of whom it reaches; again: the account was reset.
        csrf_token, theme, language: as of `sign_in_page`.
    """
    title = Said("enrol-refused") if data is None else Said.of("enrol-title", name=data.name)
    return render(
        "enrol.html",
        theme=theme,
        language=language,
        title=say(title, language),
        data=data,
        people=list(people),
        again=again,
        csrf_token=csrf_token,
    )


_WAYS_BACK: Final = {
    "signed-in": ("way-back-title", "way-back-words"),
    "linked": ("way-back-linked", "way-back-linked-words"),
    "over": ("way-back-over", "way-back-over-words"),
    "denied": ("way-back-denied", "way-back-denied-words"),
    "unknown": ("way-back-unknown", "way-back-unknown-words"),
    "role": ("way-back-denied", "way-back-role-words"),
    "taken": ("way-back-taken", "way-back-taken-words"),
    "trouble": ("way-back-trouble", "way-back-trouble-words"),
}


def way_back_page(
    ending: str, target: str, *, signed_in: bool, theme: str | None, language: str = DEFAULT_LANGUAGE
) -> str:
    """HTML of the page that the way back from an identity provider ends at.

    Args:
        ending: how it ended. target: a path of ours.
        signed_in: it is over, and this browser is signed in.
        theme, language: as of `sign_in_page`.
    """
    title, words = _WAYS_BACK[ending]
    if signed_in:
        title, words = "way-back-title", "way-back-signed-in-words"
    return render(
        "way_back.html",
        theme=theme,
        language=language,
        title=say(Said(title), language),
        words=words,
        target=target if ending in {"signed-in", "linked"} else "",
        onward="/",
    )
