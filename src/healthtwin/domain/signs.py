"""Which rules speak, for many people at once: one bit a rule, in as many words as the rule table needs.

An array of signs has the shape `(people, SIGN_WORDS)`; rule number `n` is bit `n % 64` of word `n // 64`.
While no rule's number reaches 64 that is one word, 8 bytes a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.rules import GRAVEST_FIRST, RULES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.rules import Rule

    Flags = NDArray[np.bool_]
    Signs = NDArray[np.uint64]

_BITS: Final = 64

SIGN_WORDS: Final = max(RULES) // _BITS + 1
"""Words of 64 bits that hold every rule."""


def no_signs(people: int) -> Signs:
    """Nobody's rule speaks, shape `(people, SIGN_WORDS)`.

    >>> no_signs(2).any()
    np.False_
    """
    return np.zeros((people, SIGN_WORDS), np.uint64)


def signs_of(*numbers: int) -> Signs:
    """The signs of one person for whom exactly these rules speak, shape `(SIGN_WORDS,)`."""
    row = np.zeros(SIGN_WORDS, np.uint64)
    for number in numbers:
        row[number // _BITS] |= np.uint64(1 << number % _BITS)
    return row


def speak(signs: Signs, where: Flags, number: int) -> None:
    """Let a rule speak for some people, in place.

    Args:
        signs: shape (people, SIGN_WORDS). where: shape (people,). number: of the rule.

    >>> signs = no_signs(2)
    >>> speak(signs, np.array([True, False]), 10)
    >>> [rule.name for rule in rules_in(signs[0])], rules_in(signs[1])
    (['news2_red_parameter'], ())
    """
    word = signs[:, number // _BITS]
    np.bitwise_or(word, np.where(where, np.uint64(1 << number % _BITS), np.uint64(0)), out=word)


def only_where(signs: Signs, where: Flags) -> Signs:
    """The signs of some people, nobody's elsewhere, shape as `signs`."""
    return np.where(where[:, None], signs, np.uint64(0))


def any_of(signs: Signs) -> Flags:
    """For whom any rule speaks, shape `(people,)`."""
    spoken: Flags = np.logical_or.reduce(signs != 0, axis=1)
    return spoken


def says(signs: Signs, number: int) -> bool:
    """Whether a rule speaks in one person's signs, of shape `(SIGN_WORDS,)`."""
    return bool(int(signs[number // _BITS]) >> number % _BITS & 1)


def rules_in(signs: Signs) -> tuple[Rule, ...]:
    """The rules that speak in one person's signs, gravest first.

    >>> [rule.name for rule in rules_in(signs_of(10, 0))]
    ['oxygen_saturation_very_low', 'news2_red_parameter']
    """
    return tuple(RULES[number] for number in GRAVEST_FIRST if says(signs, number))


def rule_name(signs: Signs) -> str:
    """The name of the gravest rule that speaks; empty when none does."""
    spoken = rules_in(signs)
    return spoken[0].name if spoken else ""
