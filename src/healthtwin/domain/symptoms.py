"""What people say that makes a reading an emergency: words and codes to a few kinds of symptoms.

Words only ever raise what a value says, never lower it. A word counts where it is not denied ("no chest
pain"), not past ("last year") and not somebody else's ("my mother"); where that is unsure, it counts.
"""

from __future__ import annotations

import re
from enum import IntFlag
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class Symptom(IntFlag):
    """Kinds of symptoms; a bit each, fixed for ever since they stand in the log."""

    CHEST = 1
    BREATH = 2
    BACK = 4
    WEAK = 8
    VISION = 16
    SPEECH = 32
    CONFUSED = 64
    HEADACHE = 128
    RIBS = 256
    FAINT = 512
    TIRED = 1024


_STEMS: Final[tuple[tuple[Symptom, str], ...]] = (
    (Symptom.CHEST, r"chest (pain|tight|press|hurt)|(tight|press\w*|pain\w*) (in|on) (my |the )?chest"),
    (Symptom.CHEST, r"brust(schmerz|enge|druck)|(druck|schmerz\w*|enge) (in|auf) der brust|heart attack"),
    (Symptom.BREATH, r"breathless|short\w* of breath|can.?t (get )?(breath|air)|trouble breathing|gasping"),
    (Symptom.BREATH, r"atemnot|luftnot|keine luft|kurzatmig|schwer atmen"),
    (Symptom.BACK, r"back pain|pain in (my |the )?back|r(ü|ue)ckenschmerz"),
    (
        Symptom.WEAK,
        r"numb|weak(ness)? (in|on|of)|(arm|leg|side|face) (is |feels )?(weak|drop)|taub|l(ä|ae)hm",
    ),
    (Symptom.WEAK, r"schw(ä|ae)che (im|in|einer)|kraftlos"),
    (Symptom.VISION, r"blurr|double vision|can.?t see|spots before|flashing|seh(st|en)|doppelbild|flimmer"),
    (Symptom.SPEECH, r"slur|can.?t (speak|find words)|speech|sprachst|lall|wortfind"),
    (Symptom.CONFUSED, r"confus|not making sense|disorient|verwirr|desorient"),
    (Symptom.HEADACHE, r"headache|head hurts|kopfschmerz|kopfweh"),
    (Symptom.RIBS, r"under (my |the )?ribs|upper belly|oberbauch|unter den rippen|rippenbogen"),
    (
        Symptom.TIRED,
        r"\btired|exhaust|fatigue|worn out|no energy|m(ü|ue)de|ersch(ö|oe)pf|schlapp",
    ),
    (Symptom.FAINT, r"faint|passed out|collaps|dizz|light.?headed|ohnm(a|ä)cht|schwindel|bewusstlos"),
)

_CODES: Final = {
    "chest": Symptom.CHEST,
    "chest_pain": Symptom.CHEST,
    "breath": Symptom.BREATH,
    "short_of_breath": Symptom.BREATH,
    "stroke": Symptom.WEAK,
    "faint": Symptom.FAINT,
    "dizzy": Symptom.FAINT,
    "headache": Symptom.HEADACHE,
    "confusion": Symptom.CONFUSED,
    "vision": Symptom.VISION,
    "tired": Symptom.TIRED,
    "fatigue": Symptom.TIRED,
}
"""What the app and others send beside the words."""

_DENIED: Final = re.compile(
    r"\b(no|not|never|without|denies|kein\w*|nicht|ohne|nie)\b[^.,;!?]{0,25}$", re.IGNORECASE
)
_ELSEWHERE: Final = re.compile(
    r"\b(last (year|month|week)|years? ago|months? ago|used to|letzte[snr]? (jahr|monat|woche)|fr(ü|ue)her"
    r"|my (mother|father|wife|husband|son|daughter)|meine? (mutter|vater|frau|mann|sohn|tochter))\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[.;!?\n]|\bbut\b|\baber\b", re.IGNORECASE)


def symptoms_in(text: str, codes: Iterable[str] = ()) -> Symptom:
    """The kinds of symptoms that somebody speaks of.

    >>> symptoms_in("Bad headache, and spots before my eyes")
    <Symptom.VISION|HEADACHE: 144>
    >>> symptoms_in("no chest pain. dizzy last year")
    <Symptom: 0>
    """
    found = Symptom(0)
    for code in codes:
        found |= _CODES.get(code.casefold(), Symptom(0))
    for clause in _CLAUSE.split(text):
        if _ELSEWHERE.search(clause):
            continue
        for kind, stems in _STEMS:
            for match in re.finditer(stems, clause, re.IGNORECASE):
                if not _DENIED.search(clause[: match.start()]):
                    found |= kind
    return found
