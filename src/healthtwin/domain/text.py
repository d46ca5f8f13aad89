"""Text that people type: kept as they wrote it, without what no database or screen can hold."""

from __future__ import annotations

import unicodedata
from typing import Final

from healthtwin.domain.errors import InvalidInput

_LINES: Final = frozenset("\n\t")
_UNKEPT: Final = frozenset({"Cc", "Cs"})
"""Control characters and halves of surrogate pairs (Unicode general categories)."""


_KEPT: Final = r"[^\u0000-\u001f\u007f-\u009f]"
_KEPT_IN_LINES: Final = r"[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]"
_SEEN: Final = r"[^\s\u0000-\u001f\u007f-\u009f]"

PLAIN: Final = f"^{_KEPT}*{_SEEN}{_KEPT}*$"
"""The same as a pattern of JSON Schema: something beside blanks, and no control character."""

PLAIN_LINES: Final = f"^{_KEPT_IN_LINES}*{_SEEN}{_KEPT_IN_LINES}*$"
"""The same where line breaks and tabs are welcome."""


_TURNS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction in which text is read: with them one name is shown as another."""


def shows(text: str) -> bool:
    """Whether a name shows something, and shows what it says: no marks that turn it round.

    Joiners within it belong to names of many scripts.

    >>> shows("Ada"), shows("\u200b"), shows("Ada\u202egnp")
    (True, False, False)
    """
    seen = any(unicodedata.category(character)[0] in "LNPS" for character in text)
    return seen and not any(character in _TURNS for character in text)


def is_plain(text: str) -> bool:
    """Whether a text can be kept as it is: something beside blanks, whole characters, none of control.

    >>> is_plain("my watch"), is_plain(" "), is_plain(chr(9) + "a"), is_plain(chr(0xD83D))
    (True, False, False, False)
    """
    return bool(text.strip()) and not any(unicodedata.category(character) in _UNKEPT for character in text)


def plain_text(field: str, text: str, longest: int, *, lines: bool = False) -> str:
    """The text without blanks around it.

    Args:
        field: names it in an error.
        text: as typed.
        longest: in characters.
        lines: line breaks and tabs are welcome.

    Raises:
        InvalidInput: nothing in it, too long, or a character that cannot be kept.

    >>> plain_text("label", " Ada's phone ", 100)
    "Ada's phone"
    """
    kept = text.replace("\r\n", "\n").strip()
    wrong = any(
        unicodedata.category(character) in _UNKEPT and not (lines and character in _LINES)
        for character in kept
    )
    if not kept or len(kept) > longest or wrong:
        raise InvalidInput(field, text, f"1 to {longest} characters, none of them a control character")
    return kept
