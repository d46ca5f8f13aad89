"""A small PDF writer: text and rules on A4, in the fonts every reader has. No dependency.

PDF 1.4 with the standard fonts Helvetica and Helvetica-Bold in WinAnsi encoding (ISO 32000-1, 9.6.2.2).
Not for layout beyond one column, and not for scripts beyond Western European: other signs are spelled out.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from healthtwin.genes.guidance import CAUTION
from healthtwin.genes.report.content import Report
from healthtwin.genes.report.page import advice_line

# A4 and its margins in points (1/72 inch).
_WIDTH, _HEIGHT, _MARGIN = 595.0, 842.0, 48.0
_LINE = 1.32  # line height over font size
_SPELLED = {
    "≥": ">=",
    "≤": "<=",
    "→": "->",
    "–": "-",
    "—": "-",
    "’": "'",
    "“": '"',
    "”": '"',
    "µ": "u",
    "×": "x",
}
# Widths of Helvetica for codes 32 to 126, in thousandths of the font size (Adobe font metrics).
_HELVETICA = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 "
    "556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 "
    "611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 "
    "667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 "
    "222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 "
)
_WIDTHS = [int(width) for width in _HELVETICA.split()]
_FIRST_SIGN, _LAST_SIGN, _OTHER_WIDTH = 32, 126, 556  # codes the table covers; width taken for others
_BOLD_WIDER = 1.07  # Helvetica-Bold runs at most this much wider


@dataclass(slots=True)
class _Pages:
    """Lines laid down from top to bottom, a new page where one is full."""

    streams: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = _HEIGHT - _MARGIN

    def text(self, words: str, size: float = 9.5, *, bold: bool = False, indent: float = 0.0) -> None:
        """A paragraph, wrapped to the column."""
        for line in _wrapped(_winansi(words), size, _WIDTH - 2 * _MARGIN - indent, bold):
            if self.y - size * _LINE < _MARGIN:
                self.streams.append([])
                self.y = _HEIGHT - _MARGIN
            self.y -= size * _LINE
            font = "F2" if bold else "F1"
            escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            self.streams[-1].append(
                f"BT /{font} {size:g} Tf {_MARGIN + indent:.1f} {self.y:.1f} Td ({escaped}) Tj ET"
            )

    def gap(self, points: float) -> None:
        """Free space."""
        self.y -= points

    def heading(self, words: str) -> None:
        """A section's title with a rule below it."""
        if self.y < _MARGIN + 60:  # a title never stands alone at the foot
            self.streams.append([])
            self.y = _HEIGHT - _MARGIN
        self.gap(8)
        self.text(words, 12, bold=True)
        self.y -= 3
        self.streams[-1].append(f"0.6 w {_MARGIN:.1f} {self.y:.1f} m {_WIDTH - _MARGIN:.1f} {self.y:.1f} l S")
        self.gap(2)


def pdf_document(report: Report) -> bytes:
    """The report as a PDF file.

    >>> from healthtwin.genes import profile_from
    >>> from healthtwin.genes.report import build_report
    >>> pdf_document(build_report(profile_from({"CYP2D6": "*4/*4"}), subject="x", made="2025-11-20"))[:8]
    b'%PDF-1.4'
    """
    pages = _Pages()
    pages.text(f"Genes and medicines: {report.subject}", 16, bold=True)
    pages.text(f"{report.made} · knowledge {report.version}", 8.5)
    if report.synthetic:
        pages.text("Synthetic data: this is not a person.", 10, bold=True)
    pages.text(CAUTION, 9, bold=True)
    _current(report, pages)
    pages.heading("Medicines that ask for a change")
    for change in report.changes:
        advice = change.advice
        said = advice.text
        people = "" if advice.population in {"general", ""} else f" [{advice.population}]"
        pages.text(f"{', '.join(change.medicines)}{people}: {advice.action}", bold=True)
        pages.text(said, 9, indent=12)
        if advice.rule and advice.rule.alternatives:
            pages.text("Instead: " + "; ".join(advice.rule.alternatives), 9, indent=12)
        if advice.rule and advice.rule.monitor:
            pages.text("Watch: " + "; ".join(advice.rule.monitor), 9, indent=12)
        source = advice.guideline.source
        pages.text(f"{change.because}; {advice.strength}, {source.guideline} {source.version}", 8, indent=12)
    if not report.changes:
        pages.text("None by the genes tested.")
    changed = {name for change in report.changes for name in change.medicines}
    usual = [item.medicine.name for item in report.guidance if item.medicine.name not in changed]
    if usual:
        pages.heading("No change by these genes")
        pages.text(", ".join(usual))
    pages.heading("Genes")
    for gene, result in sorted(report.profile.genes.items()):
        score = f", activity score {result.activity_score}" if result.activity_score else ""
        note = report.profile.provisional.get(gene)
        pages.text(f"{gene} {result.diplotype}: {result.phenotype}{score}", bold=True)
        pages.text(result.why + (f"; {note}" if note else ""), 8.5, indent=12)
    for gene, text in sorted(report.profile.not_known.items()):
        pages.text(f"{gene}: {text}", 8.5)
    pages.heading("Will it work?")
    pages.text(report.response.statement)
    for entry in report.response.findings:
        pages.text(f"{entry['medicine']}: {entry['finding']} (PMID {entry['pmid']})", 9, indent=12)
    for trial in report.response.trials:
        pages.text(f"{trial['name']}: {trial['finding']} (PMID {trial['pmid']})", 9, indent=12)
    return _file(pages.streams)


def _current(report: Report, pages: _Pages) -> None:
    if not report.current and not report.unknown_medicines:
        return
    pages.heading("Current medicines")
    for item in report.current:
        pages.text(item.medicine.name, bold=True)
        for advice in item.recommendations:
            pages.text(advice_line(item, advice), 9, indent=12)
        for risk in item.risks:
            pages.text(f"Risk: {risk.risk} ({risk.mechanism}). {risk.absolute}", 9, indent=12)
        for change in item.conversions:
            pages.text(
                f"{change.gene} by genes {change.by_genes.phenotype}, with current medicines "
                f"{change.working.phenotype}: {change.reason}",
                9,
                indent=12,
            )
        for text in item.not_known:
            pages.text(text, 9, indent=12)
    for name in report.unknown_medicines:
        pages.text(f"{name}: not known to these tables", 9)


def _winansi(words: str) -> str:
    spelled = "".join(_SPELLED.get(sign, sign) for sign in words)
    return spelled.encode("cp1252", "replace").decode("cp1252")


def _width(line: str, size: float, bold: bool) -> float:
    thousandths = sum(
        _WIDTHS[ord(sign) - _FIRST_SIGN] if _FIRST_SIGN <= ord(sign) <= _LAST_SIGN else _OTHER_WIDTH
        for sign in line
    )
    return thousandths * size / 1000 * (_BOLD_WIDER if bold else 1.0)


def _wrapped(words: str, size: float, width: float, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if line and _width(longer, size, bold) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _file(streams: list[list[str]]) -> bytes:
    count = len(streams)
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(count))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    for number, lines in enumerate(streams):
        foot = f"BT /F1 8 Tf {_MARGIN:.1f} 28 Td (page {number + 1} of {count}) Tj ET"
        body = zlib.compress("\n".join([*lines, foot]).encode("cp1252"))
        objects.append(
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH:g} {_HEIGHT:g}] "
                f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + 2 * number} 0 R >>"
            ).encode()
        )
        objects.append(
            f"<< /Length {len(body)} /Filter /FlateDecode >>\nstream\n".encode() + body + b"\nendstream"
        )
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
