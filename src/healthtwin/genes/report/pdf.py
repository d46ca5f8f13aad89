"""The report on A4, by fpdf2 (extra `pdf`), in a font with Latin, Greek, Cyrillic, Arabic and more scripts.

The first page holds every gene's result, what was not seen or is not known, and the medicines taken now; then
come the medicines that ask for a change, gravest first; how each result came about stands last, in small
letters.

The same report gives the same bytes. A sign that the font lacks (Chinese, say) is printed as its code point,
such as [U+738B], and the last line says so: a name is never silently printed as something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain import Said
from healthtwin.domain.errors import ConfigurationError
from healthtwin.genes.guidance import CAUTION, Guidance, Recommendation
from healthtwin.genes.report.content import Report, because_of
from healthtwin.genes.report.page import (
    ABBREVIATIONS,
    CAVEATS,
    CHANGES,
    CURRENT,
    GLANCE,
    NO_CHANGES,
    NO_OTHER_CHANGES,
    SHORT_WORDS,
    SYNTHETIC,
    UNANSWERED,
    UNCHANGED,
    WILL_IT_WORK,
    converted,
    for_whom,
    instead,
    made_of,
    marked,
    marks,
    result_of,
    title_of,
    views,
    watch,
)
from healthtwin.genes.wording import PROVISIONAL_MARK
from healthtwin.words import say, spoken_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fpdf import FPDF
    from fpdf.enums import MethodReturnValue

_FONTS: Final = Path(__file__).parent / "fonts"
_FONT: Final = "DejaVu"

_MARGIN: Final = 42.0
"""Points (1/72 inch)."""

_FOOT: Final = 28.0
_LINE: Final = 1.22
"""Line height over font size."""

_ROOM_BELOW_A_TITLE: Final = 50.0
"""A title never stands alone at the foot of a page."""

_LEFT: Final = 140.0
"""Points: the column of names, beside which the advice stands."""

_SMALL: Final = 7.5
"""Points: letters of what is looked up rather than read."""

_SMALLEST: Final = 6.8

_MANY: Final = 3
"""Medicines with one advice, from which their names are set small."""

_MOST_PAGES: Final = 3
_SMALLER: Final = (0.95, 0.9, 0.85)
"""A long report is set in smaller letters until it has no more pages than anybody reads."""

_BODY: Final = 8.0

_SHAPED: Final = re.compile("[\u0300-\u036f\u0590-\u1dff\u2c00-\uffff\U00010000-\U0010ffff]")
"""Combining accents, and the scripts from Hebrew to Khmer and beyond."""

_INK: Final = (27, 31, 36)
_COLOURS: Final = {"avoid": (154, 28, 28), "alternative": (154, 28, 28)} | dict.fromkeys(
    ("reduce", "increase", "test", "caution"), (122, 75, 0)
)
"""By kind of advice; each stands beside its shape and its word, so that nothing hangs on colour."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph of a column."""

    words: str
    size: float = _BODY
    bold: bool = False
    colour: tuple[int, int, int] = _INK


class _Pages:
    """Lines laid down from top to bottom, a new page where one is full.

    Args:
        title: of the document.
        made: ISO date that the file bears.
        scale: of all letters.
    """

    def __init__(self, title: str, made: str, scale: float = 1.0) -> None:
        self._scale = scale
        self._pdf = _blank_document(title, made)
        self._measured = _height_of_a_cell()
        self._known = frozenset(_signs_of(self._pdf))
        self.unknown: set[str] = set()

    def text(self, words: str, size: float = _BODY, *, bold: bool = False) -> None:
        """A paragraph, as wide as the page."""
        self._cell(_MARGIN, 0, words, size, bold=bold)

    def row(self, left: Iterable[_Line], right: Iterable[_Line]) -> None:
        """Two columns side by side, kept together on one page."""
        columns = ((_MARGIN, _LEFT - 8, tuple(left)), (_MARGIN + _LEFT, 0.0, tuple(right)))
        height = max(sum(self._height(width, line) for line in lines) for _, width, lines in columns)
        if self._pdf.will_page_break(height):
            self._pdf.add_page()
        top = self._pdf.get_y()
        for x, width, lines in columns:
            self._pdf.set_y(top)
            for line in lines:
                self._cell(x, width, line.words, line.size, bold=line.bold, colour=line.colour)
        self._pdf.set_y(top + height + 2.5)

    def grid(self, cells: Iterable[str], columns: int = 2) -> None:
        """Short lines side by side, read down each column."""
        every = list(cells)
        deep = -(-len(every) // columns)
        width = (self._pdf.w - 2 * _MARGIN) / columns - 8
        for place in range(deep):
            beside = every[place::deep]
            height = max(self._height(width, _Line(words)) for words in beside)
            if self._pdf.will_page_break(height):
                self._pdf.add_page()
            top = self._pdf.get_y()
            for column, words in enumerate(beside):
                self._pdf.set_y(top)
                self._cell(_MARGIN + column * (width + 8), width, words, _BODY)
            self._pdf.set_y(top + height)

    def _height(self, width: float, line: _Line) -> float:
        size = line.size * self._scale
        self._pdf.set_font(_FONT, "B" if line.bold else "", size)
        if not width:
            width = self._pdf.w - 2 * _MARGIN - _LEFT
        words = self._printable(line.words)
        self._pdf.set_text_shaping(_needs_shaping(words))
        found = self._pdf.multi_cell(
            width, size * _LINE, words, align="L", dry_run=True, output=self._measured
        )
        return float(found) if isinstance(found, float | int) else 0.0

    def _cell(
        self,
        x: float,
        width: float,
        words: str,
        size: float,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
    ) -> None:
        size *= self._scale
        self._pdf.set_font(_FONT, "B" if bold else "", size)
        self._pdf.set_text_color(*colour)
        self._pdf.set_x(x)
        words = self._printable(words)
        self._pdf.set_text_shaping(_needs_shaping(words))
        self._pdf.multi_cell(width, size * _LINE, words, align="L", new_x="LMARGIN", new_y="NEXT")
        self._pdf.set_text_color(*_INK)

    def gap(self, points: float) -> None:
        """Free space."""
        self._pdf.set_y(self._pdf.get_y() + points)

    def heading(self, words: str) -> None:
        """A section's title with a rule below it."""
        if self._pdf.will_page_break(_ROOM_BELOW_A_TITLE):
            self._pdf.add_page()
        self.gap(6)
        self.text(words, 10.5, bold=True)
        right, y = self._pdf.w - _MARGIN, self._pdf.get_y() + 1
        self._pdf.line(_MARGIN, y, right, y)
        self.gap(3.5)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return int(self._pdf.page_no())

    def close(self) -> None:
        """Lets go of the font files of pages that nobody prints."""
        from fpdf.fonts import TTFFont

        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def bytes(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())

    def _printable(self, words: str) -> str:
        if all(ord(sign) in self._known or sign.isspace() for sign in words):
            return words
        self.unknown |= {sign for sign in words if ord(sign) not in self._known and not sign.isspace()}
        return "".join(f"[U+{ord(sign):04X}]" if sign in self.unknown else sign for sign in words)


def _needs_shaping(words: str) -> bool:
    """Whether letters change with their neighbours or run from right to left: most words are spared the work.

    >>> _needs_shaping("Żółć ≥ 5 → Иван"), _needs_shaping("\N{ARABIC LETTER MEEM}\N{ARABIC LETTER REH}")
    (False, True)
    """
    return _SHAPED.search(words) is not None


def _signs_of(pdf: FPDF) -> Iterable[int]:
    """Code points that the font has."""
    from fpdf.fonts import TTFFont

    font = pdf.fonts[_FONT.lower()]
    return font.cmap if isinstance(font, TTFFont) else ()


def _height_of_a_cell() -> MethodReturnValue:
    from fpdf.enums import MethodReturnValue

    return MethodReturnValue.HEIGHT


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
    pdf.set_auto_page_break(True, _MARGIN + 10)  # the foot stands below
    pdf.c_margin = 0  # text begins where it is set
    pdf.set_line_width(0.6)
    pdf.add_font(_FONT, "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font(_FONT, "B", _FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_font(_FONT, "", 9.5)
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
    pages = _laid_out(report, 1.0)
    for scale in _SMALLER:
        if pages.count <= _MOST_PAGES:
            break
        pages.close()
        pages = _laid_out(report, scale)
    return pages.bytes()


def _laid_out(report: Report, scale: float) -> _Pages:
    pages = _Pages(title_of(report), report.made, scale)
    pages.text(title_of(report), 15, bold=True)
    pages.text(made_of(report), _SMALL)
    if report.synthetic:
        pages.text(say(SYNTHETIC), 9, bold=True)
    pages.text(say(CAUTION), _BODY, bold=True)
    _glance(report, pages)
    _current(report, pages)
    _changes(report, pages)
    _why(report, pages)
    pages.heading(say(WILL_IT_WORK))
    pages.text(say(report.response.statement), _SMALL)
    effects = [
        f"{entry.medicine}: {say(entry.finding)} (PMID {entry.pmid})" for entry in report.response.findings
    ]
    effects.extend(
        f"{trial.name}: {say(trial.finding)} (PMID {trial.pmid})" for trial in report.response.trials
    )
    pages.text(" · ".join(effects), _SMALLEST)
    pages.heading(say(SHORT_WORDS))
    pages.text(marks(), _SMALLEST)
    pages.text(say(ABBREVIATIONS), _SMALLEST)
    if pages.unknown:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(pages.unknown))
        pages.text(say(Said.of("gene-report-signs", signs=signs)), _SMALL)
    return pages


def _glance(report: Report, pages: _Pages) -> None:
    """Every result and every doubt, before any advice."""
    pages.heading(say(GLANCE))
    pages.grid(f"{gene}: {result_of(report, gene)}" for gene in sorted(report.profile.genes))
    caveats = report.caveats
    if caveats:
        pages.heading(say(CAVEATS))
        for names, why in caveats:
            pages.text(f"{', '.join(names)}: {say(why)}", _SMALL)


def _current(report: Report, pages: _Pages) -> None:
    if not report.current and not report.unknown_medicines:
        return
    pages.heading(say(CURRENT))
    for item in report.current:
        lines: list[_Line] = []
        for advice in item.recommendations:
            lines.extend(_advice(item, advice))
        for risk in item.risks:
            word = say(Said.of("gene-risk-word"))
            lines.append(_Line(f"{word}: {risk.risk} ({risk.mechanism}). {risk.absolute}".strip(), _SMALL))
        lines.extend(_Line(say(converted(change)), _SMALL) for change in item.conversions)
        lines.extend(_Line(say(text), _SMALL) for text in item.not_known)
        pages.row([_Line(item.medicine.name, bold=True)], lines)
    for name in report.unknown_medicines:
        unknown = say(Said.of("gene-unknown-medicine"))
        pages.row([_Line(name, bold=True)], [_Line(unknown, _SMALL)])


def _advice(item: Guidance, advice: Recommendation) -> Iterator[_Line]:
    """One advice on a medicine taken now, with what must be read together with it."""
    people = f" [{for_whom(advice.population)}]" if for_whom(advice.population) else ""
    changed = [] if advice in item.by_genes else [change for change in item.conversions if change.changed]
    source = f"{because_of(item, advice, changed)}; {advice.strength}, {advice.guideline.organisation}"
    yield _Line(f"{marked(advice.action)}{people}", bold=True, colour=_COLOURS.get(advice.action, _INK))
    yield _Line(f"{advice.text} ({source})")
    yield from _remarks(advice)
    small = [say(instead(advice.alternatives))] if advice.alternatives else []
    if advice.rule and advice.rule.monitor:
        small.append(say(watch(advice.rule.monitor)))
    if small:
        yield _Line(" · ".join(small), _SMALL)


def _remarks(advice: Recommendation) -> Iterator[_Line]:
    mark = f"{PROVISIONAL_MARK} " if advice.provisional else ""
    for remark in advice.remarks:
        yield _Line(f"{mark}{say(remark)}", _SMALL, bold=True)


def _remarks_in_short(advice: Recommendation) -> Iterator[_Line]:
    """The same; what was not seen of a gene stands on the first page, so that its name suffices here."""
    genes = ", ".join(advice.provisional_genes)
    if genes:
        yield _Line(
            f"{PROVISIONAL_MARK} {say(Said.of('gene-provisional-in', genes=genes))}", _SMALL, bold=True
        )
    for remark in advice.remarks[len(advice.provisional_genes) :]:
        yield _Line(say(remark), _SMALL, bold=True)


def _changes(report: Report, pages: _Pages) -> None:
    pages.heading(say(CHANGES))
    above = {item.medicine.name for item in report.current}
    for change in report.changes:
        medicines = [name for name in change.medicines if name not in above]
        if not medicines:
            continue  # it is taken now, and stands with all of its advice above
        advice = change.advice
        people = for_whom(advice.population)
        left = [
            _Line(", ".join(medicines), _SMALL if len(medicines) > _MANY else _BODY, bold=True),
            _Line(marked(advice.action), bold=True, colour=_COLOURS.get(advice.action, _INK)),
            *([_Line(people, _SMALL)] if people else []),
        ]
        small = []
        if advice.alternatives:
            small.append(say(instead(advice.alternatives)))
        if advice.rule and advice.rule.monitor:
            small.append(say(watch(advice.rule.monitor)))
        small.append(f"{change.because}; {advice.strength}, {advice.guideline.organisation}")
        if change.views:
            small.append(views(change))
        pages.row(left, [_Line(advice.text), *_remarks_in_short(advice), _Line(" · ".join(small), _SMALL)])
    if all(name in above for change in report.changes for name in change.medicines):
        pages.text(say(NO_OTHER_CHANGES if report.changes else NO_CHANGES))
    for heading, names in ((UNCHANGED, report.unchanged), (UNANSWERED, report.unanswered)):
        if names:
            pages.heading(say(heading))
            pages.text(", ".join(names), _SMALL)


def _why(report: Report, pages: _Pages) -> None:
    pages.heading(say(Said.of("gene-heading-why")))
    told = (f"{gene}: {say(result.why)}" for gene, result in sorted(report.profile.genes.items()))
    pages.text(" · ".join(told), _SMALLEST)
