"""Current medicines against genes: taken in, checked whenever either changes, told to open browsers."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec

from healthtwin.domain import is_plain
from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.medicines.answers import FindingsView, GeneResult, GenesView, MedicinesView, PersonFinding
from healthtwin.medicines.findings import Findings
from healthtwin.medicines.gene_tables import GeneTables
from healthtwin.medicines.sources import SOURCES, Stated
from healthtwin.room import Room
from healthtwin.store.statements import Statements, Subject
from healthtwin.words import evidence_view, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack
    from typing import Self

    from healthtwin.access import Grant
    from healthtwin.domain import Finding
    from healthtwin.genes import Knowledge
    from healthtwin.genes import Profile as GeneProfile
    from healthtwin.medicines.findings import StoredFinding
    from healthtwin.room import Ports
    from healthtwin.store.statements import Statement

MOST_MEDICINES: Final = 100
LONGEST_MEDICINE: Final = 200
SEX: Final = "sex"
RESULT_FIELDS: Final = frozenset({"diplotype", "phenotype", "activity_score"})


class MedicinesRoom(Room):
    """What is stated about people's medicines and genes, and what follows from both.

    Findings are computed from the two statements and the gene tables alone, so they can be computed again at
    any time. They are shown and never pushed: nothing here raises an alert. Every question raises `NotFound`
    for somebody who does not exist.

    Attributes:
        gene_tables: what is known of genes and medicines, with the release that this home imported.
    """

    name = "medicines"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._statements = Statements(ports.tables)
        self._findings = Findings(ports.tables)
        self.gene_tables = GeneTables(ports.home.path).current
        self._checked_with: Knowledge | None = None
        self._unchecked: list[str] = []
        # One change at a time: findings are made from both statements, and the log gets them in order.
        self._changing = threading.Lock()

    @classmethod
    def open(cls, ports: Ports, undo: ExitStack) -> Self:
        """Nothing to close."""
        del undo
        return cls(ports)

    def medicines(self, person_id: str) -> MedicinesView:
        """Current medicines as stated; none before somebody states them."""
        person_id = self._ports.directory.get(person_id).id
        stated = self._statements.get(person_id, Subject.MEDICINES)
        names = _names(stated)
        return MedicinesView(
            person_id,
            names,
            self._unknown(names),
            0 if stated is None else stated.revision,
            None if stated is None else stated.stated_ms,
        )

    def genes(self, person_id: str) -> GenesView:
        """Gene results as stated, with the phenotypes that they mean by the tables of today."""
        person_id = self._ports.directory.get(person_id).id
        stated = self._statements.get(person_id, Subject.GENES)
        document = {} if stated is None else dict(stated.content)
        profile = self._profile(document)
        return GenesView(
            person_id,
            document,
            [
                GeneResult(
                    gene=result.gene,
                    diplotype=result.diplotype,
                    phenotype=result.phenotype,
                    activity_score=result.activity_score,
                    why=result.reason,
                    said=result.why,
                )
                for result in profile.genes.values()
            ],
            0 if stated is None else stated.revision,
            None if stated is None else stated.stated_ms,
        )

    def findings(self, person_id: str) -> FindingsView:
        """What stands, the most urgent first."""
        person_id = self._ports.directory.get(person_id).id
        stored = self._findings.findings(person_id)
        return FindingsView(person_id, [_view(each) for each in stored])

    def set_medicines(self, grant: Grant, person_id: str, names: Sequence[str]) -> MedicinesView:
        """Replace the whole list; checked against the genes before this returns.

        Raises:
            InvalidInput: an empty, overlong, unprintable or repeated name, or too many.
        """
        person_id = self._ports.directory.get(person_id).id
        _check_names(names)
        with self._changing:
            genes = self._statements.get(person_id, Subject.GENES)
            document = {} if genes is None else genes.content
            self._state(
                grant, person_id, Subject.MEDICINES, {"medicines": list(names)}, self._found(document, names)
            )
        return self.medicines(person_id)

    def set_genes(self, grant: Grant, person_id: str, document: Mapping[str, Any]) -> GenesView:
        """Replace all gene results; current medicines are checked against them before this returns.

        Raises:
            InvalidInput, UnknownGene, UnknownAllele: naming the gene or field.
        """
        person_id = self._ports.directory.get(person_id).id
        _check_results(document)
        self._profile(document)
        with self._changing:
            names = _names(self._statements.get(person_id, Subject.MEDICINES))
            self._state(grant, person_id, Subject.GENES, document, self._found(document, names))
        return self.genes(person_id)

    def tidy(self, at_most_s: float) -> bool:
        """Compute everybody's findings again where the tables are others than at the last time.

        That is so once after a start, which also mends what a crash left undone, and after an import. It is
        done a little at a time, since the thread that does it also notes the time; True when nothing is left.
        """
        self._ports.bring_statements()
        people = self._statements.people_with(Subject.MEDICINES)
        if not people:
            return True  # and nobody loads the tables
        tables = self.gene_tables()
        if tables is not self._checked_with:
            self._unchecked, self._checked_with = list(people), tables
        ends = time.monotonic() + at_most_s
        while self._unchecked:
            with suppress(NotFound):  # erased meanwhile
                self._recheck_one(self._unchecked[-1])
            self._unchecked.pop()
            if time.monotonic() >= ends:
                break
        return not self._unchecked

    def _recheck_one(self, person_id: str) -> None:
        kept = self._findings
        with self._changing:
            genes = self._statements.get(person_id, Subject.GENES)
            names = _names(self._statements.get(person_id, Subject.MEDICINES))
            found = self._found({} if genes is None else genes.content, names)
            now_ms = self._ports.now_ms()
            changed = [
                kept.replace_findings(person_id, specialty, theirs, now_ms)
                for specialty, theirs in found.items()
            ]
        if any(changed):
            self._told(person_id)

    def _state(
        self,
        grant: Grant,
        person_id: str,
        subject: Subject,
        content: Mapping[str, Any],
        found: Mapping[str, Sequence[Finding]],
    ) -> None:
        kept = self._findings
        before = [each.finding for each in kept.findings(person_id)]
        kept.state(
            person_id,
            subject,
            content,
            actor=grant.actor,
            now_ms=self._ports.now_ms(),
            found=found,
        )
        self._ports.bring_statements()
        if [each.finding for each in kept.findings(person_id)] != before:
            self._told(person_id)

    def _profile(self, document: Mapping[str, Any]) -> GeneProfile:
        from healthtwin.genes import profile_from

        return profile_from(document, knowledge=self.gene_tables())

    def _told(self, person_id: str) -> None:
        self._ports.publish(person_id, "findings", lambda: msgspec.json.encode(self.findings(person_id)))

    def _found(self, genes: Mapping[str, Any], names: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
        """What each specialty finds now."""
        stated = Stated(genes, names, self.gene_tables)
        return {source.specialty: source.findings(stated) for source in SOURCES}

    def _unknown(self, names: Sequence[str]) -> list[str]:
        from healthtwin.genes import UnknownMedicine, find_medicine

        unknown = []
        for name in names:
            try:
                find_medicine(name, self.gene_tables())
            except UnknownMedicine:
                unknown.append(name)
        return unknown


def _names(stated: Statement | None) -> list[str]:
    return [] if stated is None else list(stated.content["medicines"])


def _view(stored: StoredFinding) -> PersonFinding:
    finding = stored.finding
    return PersonFinding(
        finding.specialty,
        say(finding.hypothesis),
        finding.urgency.word,
        [evidence_view(fact) for fact in finding.evidence],
        [say(each) for each in finding.contraindications],
        finding.version,
        stored.found_ms,
        finding.hypothesis,
        list(finding.contraindications),
    )


def _check_names(names: Sequence[str]) -> None:
    if len(names) > MOST_MEDICINES:
        raise InvalidInput("medicines", len(names), f"at most {MOST_MEDICINES} names")
    seen = set()
    for place, name in enumerate(names):
        field = f"medicines[{place}]"
        if len(name) > LONGEST_MEDICINE or not is_plain(name):
            raise InvalidInput(
                field, name, f"1 to {LONGEST_MEDICINE} characters, none of them a control character"
            )
        if name.strip().casefold() in seen:
            raise InvalidInput(field, name, "each medicine once")
        seen.add(name.strip().casefold())


def _check_results(document: Mapping[str, Any]) -> None:
    """Nothing is kept that no check reads: `profile_from` passes over what is not about genes."""
    for gene, result in document.items():
        if gene in {"medicines", "conditions", "name", "id", "age", "population", "populations"}:
            raise InvalidInput(f"genes.{gene}", result, "genes with their results, and sex")
        if isinstance(result, dict):
            for name in result:
                if name not in RESULT_FIELDS:
                    raise InvalidInput(f"genes.{gene}.{name}", result[name], ", ".join(sorted(RESULT_FIELDS)))
