"""Passwords that are guessed first: common ones, words of this house, patterns, and a list of stolen ones.

The list is a file on this machine; nothing is asked over a network. Two kinds are read: hashes as they can be
had from Have I Been Pwned (40 hexadecimal digits of SHA-1, perhaps a colon and a count, sorted), searched by
halving, so that 40 GB take some forty small reads; and one password a line in any order, read through.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import BinaryIO

_SHA1: Final = re.compile(rb"[0-9A-Fa-f]{40}(:[0-9]+)?\s*")
_LONGEST_LINE: Final = 4_096

COMMON: Final = frozenset(
    word
    for line in (
        "password passwort kennwort passw0rd p@ssword letmein welcome willkommen hallo login admin",
        "administrator secret geheim iloveyou ichliebedich qwerty qwertz qwertyuiop qwertzuiop asdfghjkl",
        "yxcvbnm zxcvbnm sunshine sonnenschein princess prinzessin football fussball baseball dragon master",
        "monkey schatz shadow superman batman trustno1 starwars whatever computer internet changeme default",
        "guest test tester correcthorsebatterystaple thequickbrownfox health twin healthtwin gesundheit",
        "doctor doktor hospital krankenhaus patient family familie mother mutter father vater",
    )
    for word in line.split()
)
"""What stands on top of every list of stolen passwords, and what this house is about."""

SEQUENCES: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "qwertzuiopü",
    "asdfghjklöä",
    "zxcvbnm",
    "yxcvbnm",
)
"""The alphabet, digits and the rows of a keyboard."""

WORTH: Final = 4
"""So many characters must be left when words, runs and repetitions are taken out: with fewer a guesser who
knows the house needs some thousand tries."""

WORTH_DIGITS: Final = 8
"""Where only digits are left they are a year or a day more often than not."""

_SHORTEST_WORD: Final = 3
_SHORTEST_RUN: Final = 4


def is_guessable(password: str, words: Iterable[str] = ()) -> bool:
    """Whether little is left of a password without common words, names, runs and repetitions.

    Args:
        password: as it is kept.
        words: what stands near the account: its name, the people it is for.

    >>> (
    ...     is_guessable("passwordpassword"),
    ...     is_guessable("healthtwin2026!!"),
    ...     is_guessable("AdaAdaAdaAda123", ["Ada"]),
    ... )
    (True, True, True)
    >>> is_guessable("vier Enten am Teich"), is_guessable("tr0mbone-lattice-9")
    (False, False)
    """
    left = _folded(password)
    near = {part for word in words for part in re.split(r"[\W_]+", _folded(word))}
    for word in sorted({*COMMON, *near}, key=lambda each: (-len(each), each)):
        if len(word) >= _SHORTEST_WORD:
            left = left.replace(word, "")
    left = _without_runs(left)
    left = re.sub(r"(.{1,6}?)\1+", r"\1", left)
    letters = [each for each in left if each.isalnum()]
    return len(set(letters)) < WORTH or (all(map(str.isdigit, letters)) and len(letters) < WORTH_DIGITS)


class StolenPasswords:
    """A list of passwords that were stolen somewhere, as a file.

    Args:
        path: of the file.

    Raises:
        ConfigurationError: it cannot be read, or holds nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                first = file.readline(_LONGEST_LINE)
        except OSError as error:
            raise ConfigurationError(
                f"{path}: the list of stolen passwords cannot be read ({error.strerror})"
            ) from error
        if not first.strip():
            raise ConfigurationError(f"{path}: the list of stolen passwords begins with an empty line")
        self._hashed = _SHA1.fullmatch(first) is not None

    def holds(self, password: str) -> bool:
        """Whether this password is on the list; of a large file only a few lines are read."""
        text = password.encode("utf-8", "surrogatepass")
        with self._path.open("rb") as file:
            if self._hashed:
                # The list's own hash, of what is public anyhow; nothing is protected by it.
                digest = hashlib.sha1(text, usedforsecurity=False).hexdigest().upper().encode()
                return _is_in_sorted(file, digest)
            return any(
                line.rstrip(b"\r\n") == text for line in iter(lambda: file.readline(_LONGEST_LINE), b"")
            )


def _is_in_sorted(file: BinaryIO, wanted: bytes) -> bool:
    """Whether a line of a sorted file begins with what is wanted."""
    low, high = 0, file.seek(0, 2)
    while low < high:  # its line begins somewhere in [low, high)
        middle = (low + high) // 2
        file.seek(max(middle - 1, 0))
        if middle > 0:
            file.readline(_LONGEST_LINE)  # to the first line that begins at `middle` or behind it
        begins = file.tell()
        found = file.readline(_LONGEST_LINE)[: len(wanted)].upper() if begins < high else None
        if found is None or found > wanted:
            high = middle
        elif found == wanted:
            return True
        else:
            low = file.tell()
    return False


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _without_runs(text: str) -> str:
    """Without four and more characters in the order of an alphabet or a keyboard, either way."""
    rows = [*SEQUENCES, *(row[::-1] for row in SEQUENCES)]
    kept, at = [], 0
    while at < len(text):
        longest = 0
        for row in rows:
            length = 0
            while at + length < len(text) and text[at : at + length + 1] in row:
                length += 1
            longest = max(longest, length)
        if longest >= _SHORTEST_RUN:
            at += longest
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)
