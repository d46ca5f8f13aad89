"""Current medicines against genes: asked whenever either changes, answered with findings.

A pure function of both, so that the log can be replayed: the same genes and medicines give the same findings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from healthtwin.domain import AlertLevel, Evidence, Finding, Said, quoted
from healthtwin.genes.errors import UnknownMedicine
from healthtwin.genes.guidance import Guidance, Recommendation, guidance_for
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.phenoconversion import Conversion
from healthtwin.genes.profile import Profile
from healthtwin.genes.wording import people_said, phenotype_said

SPECIALTY = "pharmacogenomics"
# "warning" asks for a clinician within a day. Nothing here is louder: a gene is no emergency by itself.
_WARN = frozenset({"avoid"})
_QUIET = frozenset({"usual", "none"})
_STRONG = frozenset({"Strong", "Moderate", "FDA label", "DPWG action"})


def check_medicines(
    profile: Profile, medicines: Iterable[str], *, knowledge: Knowledge | None = None
) -> tuple[Finding, ...]:
    """Findings for a person's current medicines, most urgent first.

    Args:
        profile: the person's genes; its own list of medicines is not used.
        medicines: current medicines, as written; names nobody knows give no finding.

    >>> from healthtwin.genes import profile_from
    >>> found = check_medicines(profile_from({"CYP2D6": "*4/*4"}), ["codeine", "lithium"])
    >>> from healthtwin.words import say
    >>> [(item.urgency.word, say(item.hypothesis)) for item in found]
    [('warning', 'codeine and CYP2D6 Poor Metabolizer: avoid')]
    """
    tables = knowledge or starter()
    names = tuple(medicines)
    person = replace(profile, medicines=names)
    found: list[Finding] = []
    for name in dict.fromkeys(names):
        try:
            guidance = guidance_for(person, name, knowledge=tables)
        except UnknownMedicine:
            continue
        finding = _finding(guidance)
        if finding is not None:
            found.append(finding)
    return tuple(sorted(found, key=lambda item: (-item.urgency, item.hypothesis.facts["medicine"])))


def _finding(guidance: Guidance) -> Finding | None:
    telling = [item for item in guidance.recommendations if item.action not in _QUIET]
    # Who takes it already is not "naive": rows for newcomers would only frighten.
    settled = [item for item in telling if not item.population.endswith(("naive", "no alternatives"))]
    telling = settled or telling
    if not telling and not guidance.risks:
        return None
    loud = [item for item in telling if item.action in _WARN and item.strength in _STRONG]
    level = AlertLevel.WARNING if loud else AlertLevel.INFO
    lead = (loud or telling)[0] if telling else None
    results = _results(guidance, lead)
    if lead:
        what = Said.of("gene-action", action=lead.action)
    else:
        what = Said.of("gene-risk-of", risk=guidance.risks[0].risk)
    evidence = [_evidence(item) for item in telling]
    for risk in guidance.risks:
        said = Said.of("gene-risk", risk=risk.risk, mechanism=risk.mechanism, absolute=risk.absolute or None)
        source = " ".join(filter(None, (risk.source.guideline, risk.source.version)))
        evidence.append(Evidence(said, quoted(source)))
    evidence.extend(_converted(item, item.why) for item in guidance.conversions if item.why is not None)
    against = tuple(
        Said.of("gene-against", gene=item.gene, result=phenotype_said(item.result), risk=item.risk)
        for item in guidance.risks
        if item.level == "critical"
    )
    return Finding(
        specialty=SPECIALTY,
        hypothesis=Said.of("gene-finding", medicine=guidance.medicine.name, results=results, what=what),
        urgency=level,
        confidence=None,
        evidence=tuple(evidence),
        contraindications=against,
        version=guidance.version,
    )


def _converted(item: Conversion, why: Said) -> Evidence:
    by_genes = phenotype_said(item.by_genes.phenotype)
    said = Said.of("gene-converted", gene=item.gene, why=why, by_genes=by_genes)
    return Evidence(said, Said.of("source-modulators"))


def _results(guidance: Guidance, lead: Recommendation | None) -> Said:
    working = {item.gene: item.working for item in guidance.conversions}
    genes = [gene for gene in lead.guideline.genes if gene in guidance.genes] if lead else []
    genes = genes or [risk.gene for risk in guidance.risks]
    named = []
    for gene in dict.fromkeys(genes):
        result = working.get(gene, guidance.genes[gene])
        term = lead.lookup.get(gene, result.phenotype) if result.results and lead else result.phenotype
        named.append(Said.of("gene-result", gene=gene, result=phenotype_said(term)))
    return _both(named)


def _both(named: list[Said]) -> Said:
    """One result, or this one and the others."""
    first, *others = named
    return Said.of("gene-results", first=first, others=_both(others)) if others else first


def _evidence(item: Recommendation) -> Evidence:
    source = item.guideline.source
    cited = f"{source.guideline}, {source.version}" + (f", PMID {source.pmid}" if source.pmid else "")
    people = people_said(item.population) or item.population
    said = Said.of("gene-recommendation", text=item.text, strength=item.strength, population=people)
    return Evidence(said, quoted(cited))
