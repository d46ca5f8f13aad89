"""What pure rooms say: a code and its facts. `healthtwin.words` makes a sentence of them, at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Fact: TypeAlias = "str | int | float | bool | Said | tuple[Said, ...] | None"
"""Times are epoch milliseconds, durations milliseconds, values in the metric's unit beside its name."""

PLAIN: Final = "plain"
"""The code of a text that is no sentence of ours: a quotation, or what an older release had put in words."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is so, for people, in no language yet.

    Attributes:
        code: id of a message of the catalogues (kebab-case), or ``id.attribute``; fixed once released, since
            stored alerts carry it.
        facts: what the sentence is filled with; a nested `Said` is a part of the sentence, several are
            listed. Treat as frozen.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.facts.items(), key=lambda each: each[0]))))

    @classmethod
    def from_plain(cls, stored: Mapping[str, Any]) -> Said:
        """What `dataclasses.asdict` made of it, after a way through JSON.

        >>> Said.from_plain({"code": "a", "facts": {"part": {"code": "b", "facts": {}}}}).facts["part"].code
        'b'
        """
        return cls(stored["code"], {name: _fact(each) for name, each in stored["facts"].items()})

    @classmethod
    def of(cls, code: str, **facts: Fact) -> Said:
        """The same, written as a call.

        >>> Said.of("silence", ms=21_600_000)
        Said(code='silence', facts={'ms': 21600000})
        """
        return cls(code, facts)


def _fact(stored: Any) -> Fact:  # noqa: ANN401 (whatever JSON has)
    if isinstance(stored, dict):
        return Said.from_plain(stored)
    if isinstance(stored, list | tuple):
        return tuple(Said.from_plain(each) for each in stored)
    fact: Fact = stored
    return fact


def quoted(text: str) -> Said:
    """A text that stands as it is in every language.

    >>> quoted("NHS, When to call 999 (nhs.uk)").facts["text"]
    'NHS, When to call 999 (nhs.uk)'
    """
    return Said.of(PLAIN, text=text)
