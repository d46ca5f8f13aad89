"""The page a prescriber reads in a minute, and the card a person carries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from healthtwin.domain import Said
from healthtwin.genes.guidance import CAUTION, Guidance, Recommendation
from healthtwin.genes.phenoconversion import Conversion
from healthtwin.genes.report.content import Change, Report, because_of
from healthtwin.genes.wording import (
    INDETERMINATE,
    MARKS,
    PROVISIONAL_MARK,
    people_said,
    phenotype_said,
    with_remarks,
)
from healthtwin.words import say, spoken_language

SYNTHETIC = Said.of("gene-report-synthetic")
CURRENT = Said.of("gene-heading-current")
CHANGES = Said.of("gene-heading-changes")
NO_CHANGES = Said.of("gene-no-changes")
NO_OTHER_CHANGES = Said.of("gene-no-other-changes")
UNCHANGED = Said.of("gene-heading-unchanged")
UNANSWERED = Said.of("gene-heading-unanswered")
GENES = Said.of("gene-heading-genes")
PROVISIONAL = Said.of("gene-glance-provisional")
GLANCE = Said.of("gene-heading-glance")
CAVEATS = Said.of("gene-heading-caveats")
SHORT_WORDS = Said.of("gene-heading-short-words")
ABBREVIATIONS = Said.of("gene-abbreviations")
WILL_IT_WORK = Said.of("gene-heading-will-it-work")


def in_short(action: str) -> str:
    """What an advice comes down to, in two words."""
    return say(Said.of("gene-in-short", action=action))


def marked(action: str) -> str:
    """The same, led by its shape: read without colour, and across a room."""
    mark = MARKS.get(action)
    return f"{mark} {in_short(action)}" if mark else in_short(action)


def marks() -> str:
    """What the shapes mean."""
    known = tuple(
        Said.of("gene-mark", mark=mark, words=Said.of("gene-in-short", action=action))
        for action, mark in MARKS.items()
    )
    return say(Said.of("gene-marks", marks=known, provisional=PROVISIONAL_MARK))


def for_whom(population: str) -> str:
    """The people that an advice is for, in words; empty where it is for everybody."""
    said = people_said(population)
    return say(said) if said else ""


def views(change: Change) -> str:
    """What other organisations make of the same medicines."""
    return "; ".join(
        say(
            Said.of(
                "gene-view",
                organisation=organisation,
                medicine=medicine,
                action=Said.of("gene-in-short", action=action),
            )
        )
        for medicine, organisation, action in change.views
    )


def result_of(report: Report, gene: str) -> str:
    """One gene's result in a line: its phenotype with the score, and whether it is provisional."""
    result = report.profile.genes[gene]
    words = say(phenotype_said(result.phenotype))
    if result.activity_score:
        words = say(Said.of("gene-scored", phenotype=words, score=result.activity_score))
    if gene in report.profile.provisional:
        words += f" {PROVISIONAL_MARK} {say(PROVISIONAL)}"
    return words


def alleles_of(report: Report, gene: str) -> str:
    """One gene's two alleles; with a question mark where they are only one of several possibilities."""
    result = report.profile.genes[gene]
    is_open = result.phenotype == INDETERMINATE and gene in report.profile.provisional
    return f"{result.diplotype} ?" if is_open and result.diplotype else result.diplotype


def html_page(report: Report) -> str:
    """One self-contained HTML page: no script, no outside file.

    >>> from healthtwin.genes import profile_from
    >>> from healthtwin.genes.report import build_report
    >>> "avoid" in html_page(build_report(profile_from({"CYP2D6": "*4/*4"}), subject="x", made="2025-11-20"))
    True
    """
    parts = [
        f'<!doctype html><html lang="{spoken_language()}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title_of(report))}</title>",
        f"<style>{_style()}</style></head><body><main>",
        f"<h1>{escape(title_of(report))}</h1>",
        f'<p class="soft">{escape(made_of(report))}</p>',
    ]
    if report.synthetic:
        parts.append(f'<p class="mark">{_said(SYNTHETIC)}</p>')
    parts.append(f'<p class="mark">{_said(CAUTION)}</p>')
    parts.append(_glance(report))
    parts.append(_current(report))
    parts.append(_changes(report))
    parts.append(_unchanged(report))
    parts.append(_genes(report))
    parts.append(_effect(report))
    parts.append(_official(report))
    parts.append(f'<p class="soft">{escape(marks())}</p>')
    parts.append(f'<p class="soft">{_said(ABBREVIATIONS)}</p>')
    parts.append("</main></body></html>")
    return "\n".join(part for part in parts if part)


def wallet_card(report: Report) -> str:
    """A card with what an unknown prescriber must know, by genes alone, as one HTML page."""
    lines: dict[tuple[str, str], list[str]] = {}
    for change in report.lasting_changes:
        advice = change.advice
        if advice.action in {"avoid", "alternative"} and advice.strength != "Optional":
            word = in_short(advice.action)
            if advice.guideline.organisation != "CPIC":
                word = f"{word} ({advice.guideline.organisation})"
            if advice.provisional:
                word = f"{word} {PROVISIONAL_MARK} {say(PROVISIONAL)}"
            lines.setdefault((change.because, word), []).extend(change.medicines)
    items = "".join(
        f"<li><strong>{escape(because)}</strong>: {escape(word)}: {escape(', '.join(sorted(names)))}</li>"
        for (because, word), names in lines.items()
    )
    results = "; ".join(
        f"{gene} {result.diplotype or say(phenotype_said(result.phenotype))}"
        f"{f' {PROVISIONAL_MARK} {say(PROVISIONAL)}' if gene in report.profile.provisional else ''}"
        for gene, result in sorted(report.profile.genes.items())
        if result.phenotype != INDETERMINATE and gene not in report.genes_of_no_use
    )
    mark = f"<p><strong>{_said(SYNTHETIC)}</strong></p>" if report.synthetic else ""
    nothing = f"<li>{_said(Said.of('gene-card-nothing'))}</li>"
    note = Said.of("gene-card-note", made=report.made, version=report.version)
    return (
        f'<!doctype html><html lang="{spoken_language()}"><head><meta charset="utf-8">'
        f"<title>{_said(Said.of('gene-card-title', subject=report.subject))}</title>"
        f"<style>{_style()}</style></head><body><main>"
        f'<section class="card"><strong>{escape(title_of(report))}</strong>{mark}'
        f"<ul>{items or nothing}</ul>"
        f'<p class="soft">{escape(results)}</p>'
        f'<p class="soft">{_said(note)}</p>'
        "</section></main></body></html>"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def advice_line(item: Guidance, advice: Recommendation) -> str:
    """One line of plain text: medicine, advice, reason, strength, source."""
    said = advice.text
    people = f" [{for_whom(advice.population)}]" if for_whom(advice.population) else ""
    changed = [] if advice in item.by_genes else [change for change in item.conversions if change.changed]
    return (
        f"{item.medicine.name}{people}: {said} ({because_of(item, advice, changed)}; {advice.strength}, "
        f"{advice.guideline.source.guideline} {advice.guideline.source.version})"
    )


def title_of(report: Report) -> str:
    """What stands at its head."""
    return say(Said.of("gene-report-title", subject=report.subject))


def made_of(report: Report) -> str:
    """When it was made, from which tables."""
    return say(Said.of("gene-report-made", made=report.made, version=report.version))


def converted(change: Conversion) -> Said:
    """What current medicines make of a gene's result."""
    return Said.of(
        "gene-report-converted",
        gene=change.gene,
        by_genes=phenotype_said(change.by_genes.phenotype),
        working=phenotype_said(change.working.phenotype),
        why=change.why,
    )


def instead(alternatives: Iterable[str]) -> Said:
    """What may be taken in its place."""
    return Said.of("gene-report-instead", alternatives="; ".join(alternatives))


def watch(signs: Iterable[str]) -> Said:
    """What is to be looked out for."""
    return Said.of("gene-report-watch", signs=", ".join(signs))


def _said(said: Said) -> str:
    return escape(say(said))


def _head(*columns: str) -> str:
    return f"<tr>{''.join(f'<th>{_said(Said(column))}</th>' for column in columns)}</tr>"


def _current(report: Report) -> str:
    if not report.current and not report.unknown_medicines:
        return ""
    rows = []
    for item in report.current:
        said = [
            f'<span class="{r.action}">{escape(marked(r.action))}</span>: {escape(advice_line(item, r))}'
            f"{_remarks(r)}"
            for r in item.recommendations
        ]
        said.extend(
            f"<strong>{_said(Said.of('gene-risk-word'))}</strong>: "
            f"{escape(risk.risk)} ({escape(risk.mechanism)}). {escape(risk.absolute)}"
            for risk in item.risks
        )
        said.extend(_said(converted(change)) for change in item.conversions)
        said.extend(f'<span class="soft">{_said(text)}</span>' for text in item.not_known)
        rows.append(f"<tr><th>{escape(item.medicine.name)}</th><td>{'<br>'.join(said)}</td></tr>")
    rows.extend(
        f"<tr><th>{escape(name)}</th><td>{_said(Said.of('gene-unknown-medicine'))}</td></tr>"
        for name in report.unknown_medicines
    )
    return f'<h2>{_said(CURRENT)}</h2><table class="wide">{"".join(rows)}</table>'


def _changes(report: Report) -> str:
    rows = []
    for change in report.changes:
        advice = change.advice
        extra = ""
        if advice.alternatives:
            extra += f"<br>{_said(instead(advice.alternatives))}"
        if advice.rule and advice.rule.monitor:
            extra += f"<br>{_said(watch(advice.rule.monitor))}"
        people = f"<br>{escape(for_whom(advice.population))}" if for_whom(advice.population) else ""
        others = f"<br>{escape(views(change))}" if change.views else ""
        rows.append(
            f'<tr><th>{escape(", ".join(change.medicines))}<span class="soft">{people}</span></th>'
            f'<td class="{advice.action}">{escape(marked(advice.action))}</td>'
            f'<td>{escape(advice.text)}{_remarks(advice)}<span class="soft">{extra}</span></td>'
            f'<td class="soft">{escape(change.because)}<br>{escape(advice.strength)}, '
            f"{escape(advice.guideline.organisation)}{others}</td></tr>"
        )
    if not rows:
        return f"<h2>{_said(CHANGES)}</h2><p>{_said(NO_CHANGES)}</p>"
    head = _head("gene-column-medicine", "gene-column-in-short", "gene-column-advice", "gene-column-because")
    return f'<h2>{_said(CHANGES)}</h2><table class="wide headed">{head}{"".join(rows)}</table>'


def _remarks(advice: Recommendation) -> str:
    """What must be read with the advice, right beside it."""
    mark = f"{PROVISIONAL_MARK} " if advice.provisional else ""
    return "".join(f'<br><strong class="remark">{mark}{_said(each)}</strong>' for each in advice.remarks)


def _glance(report: Report) -> str:
    """All results and all that was not seen, before any advice."""
    genes = "".join(
        f"<li><strong>{escape(gene)}</strong> {escape(result_of(report, gene))}</li>"
        for gene in sorted(report.profile.genes)
    )
    caveats = "".join(
        f"<li><strong>{escape(', '.join(names))}</strong>: {_said(why)}</li>" for names, why in report.caveats
    )
    section = f'<h2>{_said(GLANCE)}</h2><ul class="genes">{genes}</ul>'
    return f"{section}<h2>{_said(CAVEATS)}</h2><ul>{caveats}</ul>" if caveats else section


def _unchanged(report: Report) -> str:
    told = ""
    for heading, names in ((UNCHANGED, report.unchanged), (UNANSWERED, report.unanswered)):
        if names:
            told += f"<h2>{_said(heading)}</h2><p>{escape(', '.join(names))}</p>"
    return told


def _genes(report: Report) -> str:
    rows = []
    for gene, result in sorted(report.profile.genes.items()):
        note = [report.profile.provisional[gene]] if gene in report.profile.provisional else []
        rows.append(
            f"<tr><th>{escape(gene)}</th><td>{escape(alleles_of(report, gene))}</td>"
            f"<td>{_said(phenotype_said(result.phenotype))}</td>"
            f"<td>{escape(result.activity_score or '')}</td>"
            f'<td class="soft">{_said(with_remarks(result.why, *note))}</td></tr>'
        )
    head = _head(
        "gene-column-gene",
        "gene-column-alleles",
        "gene-column-phenotype",
        "gene-column-score",
        "gene-column-why",
    )
    return f'<h2>{_said(GENES)}</h2><table class="wide headed">{head}{"".join(rows)}</table>'


def _effect(report: Report) -> str:
    trials = "".join(
        f"<li>{escape(trial.name)}: {_said(trial.finding)} (PMID {escape(trial.pmid)})</li>"
        for trial in report.response.trials
    )
    findings = "".join(
        f"<li>{escape(entry.medicine)}: {_said(entry.finding)} (PMID {escape(entry.pmid)})</li>"
        for entry in report.response.findings
    )
    return (
        f"<h2>{_said(WILL_IT_WORK)}</h2><p>{_said(report.response.statement)}</p><ul>{findings}{trials}</ul>"
    )


def _official(report: Report) -> str:
    imported = []
    attribution = ""
    for item in report.guidance:
        for advice in item.recommendations:
            for text in advice.official:
                attribution = item.attribution
                imported.append(
                    f"<h3>{escape(item.medicine.name)}</h3><blockquote>{escape(text.text)}</blockquote>"
                )
    if not imported:
        return ""
    return (
        f"<details><summary>{_said(Said.of('gene-heading-imported'))}</summary>{''.join(imported)}</details>"
        f'<p class="soft">{escape(attribution)}</p>'
    )
