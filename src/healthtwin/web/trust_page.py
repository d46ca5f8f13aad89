"""The page that explains how a phone comes to trust this home; it needs no style sheet but its own."""

from __future__ import annotations

from typing import Final

from healthtwin.web.rendering import render

TRUST_STYLE: Final = """\
body { font: 18px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem;
       color: CanvasText; background: Canvas; color-scheme: light dark; overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; }
h2 { margin-top: 2rem; font-size: 1.2rem; }
a.step { display: inline-block; min-height: 2.75rem; padding: .5rem 1rem; border: 2px solid currentcolor;
         border-radius: .5rem; box-sizing: border-box; }
li { margin: .5rem 0; }
"""


def trust_page(language: str, name: str, fingerprint: str, app_url: str) -> str:
    """HTML of the page.

    Args:
        language: of the reader.
        name: under which a phone lists the authority.
        fingerprint: SHA-256 of its certificate.
        app_url: where to go afterwards.

    >>> "AB:CD" in trust_page("en", "healthtwin at home (1)", "AB:CD", "https://192.168.1.20:8420/app")
    True
    """
    return render(
        "trust.html",
        theme=None,
        language=language,
        name=name,
        fingerprint=fingerprint,
        app_url=app_url,
    )
