"""CLDR's cardinal plural categories for the languages that a catalogue may come in (CLDR 48, plurals.xml)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _operands(written: str) -> tuple[float, int, int, int]:
    """CLDR's n, i, v, f of a number as it is written with a point, such as ``1.50``."""
    whole, _, fraction = written.lstrip("-").partition(".")
    return float(written.lstrip("-")), int(whole), len(fraction), int(fraction or 0)


def _none(_written: str) -> str:
    return "other"


def _germanic(written: str) -> str:
    _, i, v, _ = _operands(written)
    return "one" if (i, v) == (1, 0) else "other"


def _one_is_one(written: str) -> str:
    return "one" if _operands(written)[0] == 1 else "other"


def _romance(written: str) -> str:
    """French and Portuguese count 0 as one; round millions are "many"."""
    n, i, v, _ = _operands(written)
    if n < 2 and i in (0, 1):  # noqa: PLR2004 (1.9 is "one" in French)
        return "one"
    return "many" if v == 0 and i and i % 1_000_000 == 0 else "other"


def _southern(written: str) -> str:
    """Italian and Catalan count as English does; round millions are "many"."""
    _, i, v, _ = _operands(written)
    if i == 1 and v == 0:
        return "one"
    return "many" if v == 0 and i and i % 1_000_000 == 0 else "other"


def _spanish(written: str) -> str:
    return "one" if _operands(written)[0] == 1 else _southern(written)


def _few(i: int) -> bool:
    return i % 10 in (2, 3, 4) and i % 100 not in (12, 13, 14)


def _east_slavic(written: str) -> str:
    _, i, v, _ = _operands(written)
    if v:
        return "other"
    if i % 10 == 1 and i % 100 != 11:  # noqa: PLR2004 (21, 31 ... but not 11)
        return "one"
    return "few" if _few(i) else "many"


def _polish(written: str) -> str:
    _, i, v, _ = _operands(written)
    if v:
        return "other"
    if i == 1:
        return "one"
    return "few" if _few(i) else "many"


def _czech(written: str) -> str:
    _, i, v, _ = _operands(written)
    if v:
        return "many"
    if i == 1:
        return "one"
    return "few" if i in (2, 3, 4) else "other"


def _arabic(written: str) -> str:
    n, i, v, _ = _operands(written)
    if v:
        return "other"
    named = {0: "zero", 1: "one", 2: "two"}.get(int(n))
    if named:
        return named
    if 3 <= i % 100 <= 10:  # noqa: PLR2004 (CLDR's own bounds)
        return "few"
    return "many" if i % 100 >= 11 else "other"  # noqa: PLR2004


_RULES: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(("de", "en", "et", "fi", "nl", "sv"), _germanic),
    **dict.fromkeys(("bg", "da", "el", "eu", "hu", "nb", "no", "sq", "tr"), _one_is_one),
    **dict.fromkeys(("fr", "pt"), _romance),
    **dict.fromkeys(("ca", "it"), _southern),
    **dict.fromkeys(("be", "ru", "uk"), _east_slavic),
    **dict.fromkeys(("cs", "sk"), _czech),
    "es": _spanish,
    "pl": _polish,
    "ar": _arabic,
    **dict.fromkeys(("id", "ja", "ko", "ms", "th", "vi", "zh"), _none),
}

COUNTED: Final = frozenset(_RULES)
"""Languages whose plural rules are here: a catalogue in another one needs its line above."""


def plural(language: str, written: str) -> str:
    """The category of a number, by how it is written.

    >>> plural("en", "1"), plural("en", "1.0"), plural("ru", "22"), plural("ja", "1")
    ('one', 'other', 'few', 'other')
    """
    return _RULES.get(language, _germanic)(written)
