"""The page a prescriber reads in a minute, and the card a person carries."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from healthtwin.genes.guidance import CAUTION, Guidance, Recommendation
from healthtwin.genes.phenotype import INDETERMINATE
from healthtwin.genes.report.content import Report, because_of

_WORDS = {
    "avoid": "avoid",
    "alternative": "prefer another",
    "reduce": "lower dose",
    "increase": "higher dose",
    "caution": "with care",
    "test": "test first",
    "usual": "as usual",
    "none": "no advice",
    "read": "see text",
}


def html_page(report: Report) -> str:
    """One self-contained HTML page: no script, no outside file.

    >>> from healthtwin.genes import profile_from
    >>> from healthtwin.genes.report import build_report
    >>> "avoid" in html_page(build_report(profile_from({"CYP2D6": "*4/*4"}), subject="x", made="2025-11-20"))
    True
    """
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>Genes and medicines: {escape(report.subject)}</title>",
        f"<style>{_style()}</style></head><body><main>",
        f"<h1>Genes and medicines: {escape(report.subject)}</h1>",
        f'<p class="soft">{escape(report.made)} · knowledge {escape(report.version)}</p>',
    ]
    if report.synthetic:
        parts.append('<p class="mark">Synthetic data: this is not a person.</p>')
    parts.append(f'<p class="mark">{escape(CAUTION)}</p>')
    parts.append(_current(report))
    parts.append(_changes(report))
    parts.append(_unchanged(report))
    parts.append(_genes(report))
    parts.append(_effect(report))
    parts.append(_official(report))
    parts.append("</main></body></html>")
    return "\n".join(part for part in parts if part)


def wallet_card(report: Report) -> str:
    """A card with what an unknown prescriber must know, by genes alone, as one HTML page."""
    lines: dict[tuple[str, str], list[str]] = {}
    for change in report.lasting_changes:
        if change.advice.action in {"avoid", "alternative"} and change.advice.strength != "Optional":
            lines.setdefault((change.because, _WORDS[change.advice.action]), []).extend(change.medicines)
    items = "".join(
        f"<li><strong>{escape(because)}</strong>: {escape(word)}: {escape(', '.join(sorted(names)))}</li>"
        for (because, word), names in lines.items()
    )
    results = "; ".join(
        f"{gene} {result.diplotype or result.phenotype}"
        for gene, result in sorted(report.profile.genes.items())
        if result.phenotype != INDETERMINATE
    )
    mark = "<p><strong>Synthetic data: this is not a person.</strong></p>" if report.synthetic else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Card: {escape(report.subject)}</title><style>{_style()}</style></head><body><main>"
        f'<section class="card"><strong>Genes and medicines: {escape(report.subject)}</strong>{mark}'
        f"<ul>{items or '<li>nothing to avoid by the genes tested</li>'}</ul>"
        f'<p class="soft">{escape(results)}</p>'
        f'<p class="soft">{escape(report.made)} · {escape(report.version)} · not a medical device; confirm '
        "with the full report. Current medicines are not part of this card.</p>"
        "</section></main></body></html>"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def advice_line(item: Guidance, advice: Recommendation) -> str:
    """One line of plain text: medicine, advice, reason, strength, source."""
    said = advice.text
    people = "" if advice.population in {"general", ""} else f" [{advice.population}]"
    changed = [] if advice in item.by_genes else [change for change in item.conversions if change.changed]
    return (
        f"{item.medicine.name}{people}: {said} ({because_of(item, advice, changed)}; {advice.strength}, "
        f"{advice.guideline.source.guideline} {advice.guideline.source.version})"
    )


def _current(report: Report) -> str:
    if not report.current and not report.unknown_medicines:
        return ""
    rows = []
    for item in report.current:
        said = [
            f'<span class="{r.action}">{_WORDS[r.action]}</span>: {escape(advice_line(item, r))}'
            for r in item.recommendations
        ]
        said.extend(
            f"<strong>Risk</strong>: {escape(risk.risk)} ({escape(risk.mechanism)}). {escape(risk.absolute)}"
            for risk in item.risks
        )
        said.extend(
            f"{escape(c.gene)} by genes: {escape(c.by_genes.phenotype)}; with current medicines: "
            f"<strong>{escape(c.working.phenotype)}</strong> ({escape(c.reason)})"
            for c in item.conversions
        )
        said.extend(f'<span class="soft">{escape(text)}</span>' for text in item.not_known)
        rows.append(f"<tr><th>{escape(item.medicine.name)}</th><td>{'<br>'.join(said)}</td></tr>")
    rows.extend(
        f"<tr><th>{escape(name)}</th><td>not known to these tables</td></tr>"
        for name in report.unknown_medicines
    )
    return f"<h2>Current medicines</h2><table>{''.join(rows)}</table>"


def _changes(report: Report) -> str:
    rows = []
    for change in report.changes:
        advice = change.advice
        said = advice.text
        extra = ""
        if advice.rule and advice.rule.alternatives:
            extra += f"<br>Instead: {escape('; '.join(advice.rule.alternatives))}"
        if advice.rule and advice.rule.monitor:
            extra += f"<br>Watch: {escape(', '.join(advice.rule.monitor))}"
        people = "" if advice.population in {"general", ""} else f"<br>{escape(advice.population)}"
        rows.append(
            f'<tr><th>{escape(", ".join(change.medicines))}<span class="soft">{people}</span></th>'
            f'<td class="{advice.action}">{_WORDS[advice.action]}</td>'
            f'<td>{escape(said)}<span class="soft">{extra}</span></td>'
            f'<td class="soft">{escape(change.because)}<br>{escape(advice.strength)}, '
            f"{escape(advice.guideline.organisation)}</td></tr>"
        )
    if not rows:
        return "<h2>Medicines that ask for a change</h2><p>None by the genes tested.</p>"
    head = "<tr><th>Medicine</th><th>In short</th><th>Advice</th><th>Because of</th></tr>"
    return f"<h2>Medicines that ask for a change</h2><table>{head}{''.join(rows)}</table>"


def _unchanged(report: Report) -> str:
    changed = {name for change in report.changes for name in change.medicines}
    usual = [item.medicine.name for item in report.guidance if item.medicine.name not in changed]
    if not usual:
        return ""
    return f"<h2>No change by these genes</h2><p>{escape(', '.join(usual))}</p>"


def _genes(report: Report) -> str:
    rows = []
    for gene, result in sorted(report.profile.genes.items()):
        note = report.profile.provisional.get(gene, "")
        rows.append(
            f"<tr><th>{escape(gene)}</th><td>{escape(result.diplotype)}</td>"
            f"<td>{escape(result.phenotype)}</td>"
            f"<td>{escape(result.activity_score or '')}</td>"
            f'<td class="soft">{escape(result.why)}{"; " + escape(note) if note else ""}</td></tr>'
        )
    missing = "".join(
        f"<li>{escape(gene)}: {escape(text)}</li>" for gene, text in sorted(report.profile.not_known.items())
    )
    head = "<tr><th>Gene</th><th>Alleles</th><th>Phenotype</th><th>Score</th><th>Why</th></tr>"
    unknown = f"<h2>Not known</h2><ul>{missing}</ul>" if missing else ""
    return f"<h2>Genes</h2><table>{head}{''.join(rows)}</table>{unknown}"


def _effect(report: Report) -> str:
    trials = "".join(
        f"<li>{escape(trial['name'])}: {escape(trial['finding'])} (PMID {escape(trial['pmid'])})</li>"
        for trial in report.response.trials
    )
    findings = "".join(
        f"<li>{escape(entry['medicine'])}: {escape(entry['finding'])} (PMID {escape(entry['pmid'])})</li>"
        for entry in report.response.findings
    )
    return f"<h2>Will it work?</h2><p>{escape(report.response.statement)}</p><ul>{findings}{trials}</ul>"


def _official(report: Report) -> str:
    quoted = []
    attribution = ""
    for item in report.guidance:
        for advice in item.recommendations:
            for text in advice.official:
                attribution = item.attribution
                quoted.append(
                    f"<h3>{escape(item.medicine.name)}</h3><blockquote>{escape(text.text)}</blockquote>"
                )
    if not quoted:
        return ""
    return (
        f"<details><summary>Imported guideline texts</summary>{''.join(quoted)}</details>"
        f'<p class="soft">{escape(attribution)}</p>'
    )
