"""The report on A4, by fpdf2 (extra `pdf`), in a font with Latin, Greek, Cyrillic, Arabic and more scripts.

The same report gives the same bytes. A sign that the font lacks (Chinese, say) is printed as its code point,
such as [U+738B], and the last line says so: a name is never silently printed as something else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain import Said
from healthtwin.domain.errors import ConfigurationError
from healthtwin.genes.guidance import CAUTION
from healthtwin.genes.report.content import Report
from healthtwin.genes.report.page import (
    CHANGES,
    CURRENT,
    GENES,
    NO_CHANGES,
    SYNTHETIC,
    UNCHANGED,
    WILL_IT_WORK,
    advice_line,
    converted,
    in_short,
    instead,
    made_of,
    title_of,
    watch,
)
from healthtwin.genes.wording import phenotype_said, with_remarks
from healthtwin.words import say, spoken_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fpdf import FPDF

_FONTS: Final = Path(__file__).parent / "fonts"
_FONT: Final = "DejaVu"

_MARGIN: Final = 48.0
"""Points (1/72 inch)."""

_FOOT: Final = 28.0
_LINE: Final = 1.32
"""Line height over font size."""

_ROOM_BELOW_A_TITLE: Final = 60.0
"""A title never stands alone at the foot of a page."""


class _Pages:
    """Lines laid down from top to bottom, a new page where one is full.

    Args:
        title: of the document.
        made: ISO date that the file bears.
    """

    def __init__(self, title: str, made: str) -> None:
        self._pdf = _blank_document(title, made)
        self._known = frozenset(_signs_of(self._pdf))
        self.unknown: set[str] = set()

    def text(self, words: str, size: float = 9.5, *, bold: bool = False, indent: float = 0.0) -> None:
        """A paragraph, wrapped to the column."""
        self._pdf.set_font(_FONT, "B" if bold else "", size)
        self._pdf.set_x(_MARGIN + indent)
        self._pdf.multi_cell(
            0, size * _LINE, self._printable(words), align="L", new_x="LMARGIN", new_y="NEXT"
        )

    def gap(self, points: float) -> None:
        """Free space."""
        self._pdf.set_y(self._pdf.get_y() + points)

    def heading(self, words: str) -> None:
        """A section's title with a rule below it."""
        if self._pdf.will_page_break(_ROOM_BELOW_A_TITLE):
            self._pdf.add_page()
        self.gap(8)
        self.text(words, 12, bold=True)
        right, y = self._pdf.w - _MARGIN, self._pdf.get_y() + 2
        self._pdf.line(_MARGIN, y, right, y)
        self.gap(5)

    def bytes(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())

    def _printable(self, words: str) -> str:
        if all(ord(sign) in self._known or sign.isspace() for sign in words):
            return words
        self.unknown |= {sign for sign in words if ord(sign) not in self._known and not sign.isspace()}
        return "".join(f"[U+{ord(sign):04X}]" if sign in self.unknown else sign for sign in words)


def _signs_of(pdf: FPDF) -> Iterable[int]:
    """Code points that the font has."""
    from fpdf.fonts import TTFFont

    font = pdf.fonts[_FONT.lower()]
    return font.cmap if isinstance(font, TTFFont) else ()


def _blank_document(title: str, made: str) -> FPDF:
    try:
        from fpdf import FPDF
    except ImportError:
        raise ConfigurationError("printing a PDF needs fpdf2: pip install 'healthtwin[pdf]'") from None

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-_FOOT - 8)
            self.set_font(_FONT, "", 8)
            self.cell(0, 8, say(Said.of("gene-report-page", page=self.page_no(), pages="{nb}")))

    pdf = Document(unit="pt", format="A4")
    pdf.set_creation_date(datetime.fromisoformat(made).replace(tzinfo=UTC))
    pdf.set_title(title)
    pdf.set_lang(spoken_language())
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    pdf.c_margin = 0  # text begins where it is set
    pdf.set_line_width(0.6)
    pdf.add_font(_FONT, "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font(_FONT, "B", _FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_font(_FONT, "", 9.5)
    pdf.set_text_shaping(True)  # letters that change with their neighbours, and scripts from right to left
    pdf.add_page()
    return pdf


def pdf_document(report: Report) -> bytes:
    """The report as a PDF file.

    >>> from healthtwin.genes import profile_from
    >>> from healthtwin.genes.report import build_report
    >>> pdf_document(build_report(profile_from({"CYP2D6": "*4/*4"}), subject="x", made="2025-11-20"))[:5]
    b'%PDF-'

    Raises:
        ConfigurationError: the extra `pdf` is not installed.
    """
    pages = _Pages(title_of(report), report.made)
    pages.text(title_of(report), 16, bold=True)
    pages.text(made_of(report), 8.5)
    if report.synthetic:
        pages.text(say(SYNTHETIC), 10, bold=True)
    pages.text(say(CAUTION), 9, bold=True)
    _current(report, pages)
    pages.heading(say(CHANGES))
    for change in report.changes:
        advice = change.advice
        said = advice.text
        people = "" if advice.population in {"general", ""} else f" [{advice.population}]"
        pages.text(f"{', '.join(change.medicines)}{people}: {in_short(advice.action)}", bold=True)
        pages.text(said, 9, indent=12)
        if advice.rule and advice.rule.alternatives:
            pages.text(say(instead(advice.rule.alternatives)), 9, indent=12)
        if advice.rule and advice.rule.monitor:
            pages.text(say(watch(advice.rule.monitor)), 9, indent=12)
        source = advice.guideline.source
        pages.text(f"{change.because}; {advice.strength}, {source.guideline} {source.version}", 8, indent=12)
    if not report.changes:
        pages.text(say(NO_CHANGES))
    changed = {name for change in report.changes for name in change.medicines}
    usual = [item.medicine.name for item in report.guidance if item.medicine.name not in changed]
    if usual:
        pages.heading(say(UNCHANGED))
        pages.text(", ".join(usual))
    _genes(report, pages)
    pages.heading(say(WILL_IT_WORK))
    pages.text(say(report.response.statement))
    for entry in report.response.findings:
        pages.text(f"{entry.medicine}: {say(entry.finding)} (PMID {entry.pmid})", 9, indent=12)
    for trial in report.response.trials:
        pages.text(f"{trial.name}: {say(trial.finding)} (PMID {trial.pmid})", 9, indent=12)
    if pages.unknown:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(pages.unknown))
        pages.text(say(Said.of("gene-report-signs", signs=signs)), 8)
    return pages.bytes()


def _genes(report: Report, pages: _Pages) -> None:
    pages.heading(say(GENES))
    for gene, result in sorted(report.profile.genes.items()):
        phenotype = say(phenotype_said(result.phenotype))
        if result.activity_score:
            phenotype = say(Said.of("gene-scored", phenotype=phenotype, score=result.activity_score))
        note = [report.profile.provisional[gene]] if gene in report.profile.provisional else []
        pages.text(f"{gene} {result.diplotype}: {phenotype}", bold=True)
        pages.text(say(with_remarks(result.why, *note)), 8.5, indent=12)
    for gene, why in sorted(report.profile.not_known.items()):
        pages.text(f"{gene}: {say(why)}", 8.5)


def _current(report: Report, pages: _Pages) -> None:
    if not report.current and not report.unknown_medicines:
        return
    pages.heading(say(CURRENT))
    for item in report.current:
        pages.text(item.medicine.name, bold=True)
        for advice in item.recommendations:
            pages.text(advice_line(item, advice), 9, indent=12)
        for risk in item.risks:
            word = say(Said.of("gene-risk-word"))
            pages.text(f"{word}: {risk.risk} ({risk.mechanism}). {risk.absolute}", 9, indent=12)
        for change in item.conversions:
            pages.text(say(converted(change)), 9, indent=12)
        for text in item.not_known:
            pages.text(say(text), 9, indent=12)
    for name in report.unknown_medicines:
        pages.text(f"{name}: {say(Said.of('gene-unknown-medicine'))}", 9)
