"""Other medicines that a guideline names, without those that the same genes speak against."""

from __future__ import annotations

import re
from collections.abc import Callable

from healthtwin.genes.knowledge import Knowledge
from healthtwin.genes.medicine_names import medicine_named

# Where a list of names ends: "aspirin or naproxen, where nothing speaks against them".
_TAIL = re.compile(r"(?= \()|(?=, where )|(?=, by )")
_BETWEEN = re.compile(r", | or | and |/")


def without_those(
    alternative: str, speaks_against: Callable[[str], bool], knowledge: Knowledge
) -> tuple[str, tuple[str, ...]]:
    """(what is left of it, medicines taken out of it).

    A kind of medicine ("another statin") stays as it is: it names none.

    >>> from healthtwin.genes import starter
    >>> without_those("aripiprazole or olanzapine, by indication", {"aripiprazole"}.__contains__, starter())
    ('olanzapine, by indication', ('aripiprazole',))
    >>> without_those("a medicine that CYP2D6 does not clear", lambda name: True, starter())
    ('a medicine that CYP2D6 does not clear', ())
    """
    head, *rest = _TAIL.split(alternative, maxsplit=1)
    names = _BETWEEN.split(head)
    known = {name: found.name for name in names if (found := medicine_named(name, knowledge))}
    against = tuple(name for name, found in known.items() if speaks_against(found))
    if not against:
        return alternative, ()
    left = [name for name in names if name not in against]
    return (" or ".join(left) + "".join(rest) if left else ""), against
