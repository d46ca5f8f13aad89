"""What may be said about how well a medicine will work, and the refusal to say more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from healthtwin.domain import Said
from healthtwin.genes.guidance import Guidance, guidance_for_all
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.profile import Profile
from healthtwin.words import say

# From "nothing speaks against it" to "do not": an order of care, not of expected benefit.
GROUPS = ("usual", "caution", "dose", "alternative", "avoid", "unknown")
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


NO_RANKING = Said.of("gene-no-ranking")


@dataclass(frozen=True, slots=True)
class Effect:
    """Evidence on how well a medicine works for people with such a result.

    Args:
        pmid: PubMed id.
    """

    medicine: str
    gene: str
    finding: Said
    pmid: str

    def as_dict(self) -> dict[str, object]:
        """Plain form for reports."""
        return {
            "medicine": self.medicine,
            "gene": self.gene,
            "finding": say(self.finding),
            "said": asdict(self.finding),
            "pmid": self.pmid,
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial of choosing medicines by genes."""

    name: str
    finding: Said
    pmid: str

    def as_dict(self) -> dict[str, object]:
        """Plain form for reports."""
        return {
            "name": self.name,
            "finding": say(self.finding),
            "said": asdict(self.finding),
            "pmid": self.pmid,
        }


@dataclass(frozen=True, slots=True)
class Response:
    """Psychiatric medicines by what the genes ask for, and what is known of their effect.

    Args:
        groups: (group, meaning, medicines); inside a group the order is alphabetical, never a rank.
        findings: evidence on efficacy for this person's results, with PubMed ids.
        statement: why there is no ranking by expected benefit.
    """

    groups: tuple[tuple[str, Said, tuple[str, ...]], ...]
    findings: tuple[Effect, ...]
    trials: tuple[Trial, ...]
    statement: Said = NO_RANKING

    def as_dict(self) -> dict[str, object]:
        """Plain form for reports."""
        return {
            "statement": say(self.statement),
            "ranked": False,
            "groups": [
                {"group": name, "meaning": say(meaning), "medicines": list(medicines)}
                for name, meaning, medicines in self.groups
            ],
            "efficacy": [each.as_dict() for each in self.findings],
            "trials": [each.as_dict() for each in self.trials],
        }


def response_of(
    profile: Profile, *, knowledge: Knowledge | None = None, guidance: Iterable[Guidance] | None = None
) -> Response:
    """Sorts psychiatric medicines by what the genes ask for; refuses to rank them by benefit.

    >>> from healthtwin.genes import profile_from
    >>> result = response_of(profile_from({"CYP2B6": {"phenotype": "Normal Metabolizer"}}))
    >>> [(name, medicines) for name, meaning, medicines in result.groups]
    [('usual', ('sertraline',))]
    """
    tables = knowledge or starter()
    every = tuple(guidance) if guidance is not None else guidance_for_all(profile, knowledge=tables)
    placed: dict[str, list[str]] = {name: [] for name in GROUPS}
    for item in every:
        if item.medicine.psychiatric:
            worst = max((_GROUP_OF[r.action] for r in item.recommendations), key=_weight)
            placed[worst].append(item.medicine.name)
    known = tables.table("response")
    findings = tuple(
        Effect(name, entry["gene"], Said(f"gene-effect-{entry['finding']}"), entry["pmid"])
        for entry in known["efficacy"]
        for name in entry["medicines"]
        if entry["gene"] in profile.genes and profile.genes[entry["gene"]].phenotype in entry["keys"]
    )
    return Response(
        groups=tuple(
            (name, Said(f"gene-group-{name}"), tuple(sorted(placed[name]))) for name in GROUPS if placed[name]
        ),
        findings=findings,
        trials=tuple(
            Trial(each["name"], Said(f"gene-trial-{each['finding']}"), each["pmid"])
            for each in known["trials"]
        ),
    )


def _weight(group: str) -> int:
    """What asks for most care counts; "unknown" never hides a warning."""
    return {"unknown": 0, "usual": 1, "caution": 2, "dose": 3, "alternative": 4, "avoid": 5}[group]
