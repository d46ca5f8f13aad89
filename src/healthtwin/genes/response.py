"""What may be said about how well a medicine will work, and the refusal to say more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from healthtwin.genes.guidance import Guidance, guidance_for_all
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.profile import Profile

# From "nothing speaks against it" to "do not": an order of care, not of expected benefit.
GROUPS = (
    ("usual", "no change by these genes"),
    ("caution", "start or watch with more care"),
    ("dose", "another dose"),
    ("alternative", "another medicine preferred"),
    ("avoid", "avoid"),
    ("unknown", "no advice possible"),
)
_GROUP_OF = {
    "usual": "usual",
    "caution": "caution",
    "test": "caution",
    "reduce": "dose",
    "increase": "dose",
    "alternative": "alternative",
    "avoid": "avoid",
    "none": "unknown",
    "read": "unknown",
}


@dataclass(frozen=True, slots=True)
class Response:
    """Psychiatric medicines by what the genes ask for, and what is known of their effect.

    Args:
        groups: (group, meaning, medicines); inside a group the order is alphabetical, never a rank.
        findings: evidence on efficacy for this person's results, with PubMed ids.
        statement: why there is no ranking by expected benefit.
    """

    groups: tuple[tuple[str, str, tuple[str, ...]], ...]
    findings: tuple[dict[str, str], ...]
    trials: tuple[dict[str, str], ...]
    statement: str

    def as_dict(self) -> dict[str, object]:
        """Plain form for reports."""
        return {
            "statement": self.statement,
            "ranked": False,
            "groups": [
                {"group": name, "meaning": meaning, "medicines": list(medicines)}
                for name, meaning, medicines in self.groups
            ],
            "efficacy": list(self.findings),
            "trials": list(self.trials),
        }


def response_of(
    profile: Profile, *, knowledge: Knowledge | None = None, guidance: Iterable[Guidance] | None = None
) -> Response:
    """Sorts psychiatric medicines by what the genes ask for; refuses to rank them by benefit.

    >>> from healthtwin.genes import profile_from
    >>> result = response_of(profile_from({"CYP2B6": {"phenotype": "Normal Metabolizer"}}))
    >>> result.groups
    (('usual', 'no change by these genes', ('sertraline',)),)
    """
    tables = knowledge or starter()
    every = tuple(guidance) if guidance is not None else guidance_for_all(profile, knowledge=tables)
    order = [name for name, _ in GROUPS]
    placed: dict[str, list[str]] = {name: [] for name in order}
    for item in every:
        if item.medicine.psychiatric:
            worst = max((_GROUP_OF[r.action] for r in item.recommendations), key=_weight)
            placed[worst].append(item.medicine.name)
    known = tables.table("response")
    findings = tuple(
        {"medicine": name, "gene": entry["gene"], "finding": entry["finding"], "pmid": entry["pmid"]}
        for entry in known["efficacy"]
        for name in entry["medicines"]
        if entry["gene"] in profile.genes and profile.genes[entry["gene"]].phenotype in entry["keys"]
    )
    return Response(
        groups=tuple(
            (name, meaning, tuple(sorted(placed[name]))) for name, meaning in GROUPS if placed[name]
        ),
        findings=findings,
        trials=tuple(known["trials"]),
        statement=known["statement"],
    )


def _weight(group: str) -> int:
    """What asks for most care counts; "unknown" never hides a warning."""
    return {"unknown": 0, "usual": 1, "caution": 2, "dose": 3, "alternative": 4, "avoid": 5}[group]
