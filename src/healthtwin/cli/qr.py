"""A QR code in the terminal, so that a phone need not type an address."""

from __future__ import annotations

import io


def qr_code(content: str) -> str:
    """The code in block characters, two rows a line, light on dark; 15 % of it may be unreadable.

    >>> len(qr_code("https://192.168.1.20:8420/app").splitlines()) < 24
    True
    """
    import segno

    drawn = io.StringIO()
    segno.make(content, error="m", micro=False).terminal(drawn, compact=True, border=2)
    return drawn.getvalue().rstrip("\n")
