"""Results and doubts first, three pages at most, doubt beside advice, shapes beside colours."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from healthtwin.genes import (
    Profile,
    call_genes,
    profile_from,
    profile_of,
    read_outside_calls,
    read_person,
    with_outside_calls,
)
from healthtwin.genes.report import Report, build_report, html_page, pdf_document
from healthtwin.words import say, speaking
from tests.genes.vcf_writing import definition_of, rows_for, write_vcf

CARRIED = {
    "CYP2C19": ("*2", "*17"),
    "CYP2C9": ("*1", "*3"),
    "CYP2B6": ("*6", "*6"),
    "CYP3A5": ("*3", "*3"),
    "CYP3A4": ("*1", "*22"),
    "SLCO1B1": ("*1", "*15"),
    "TPMT": ("*1", "*3A"),
    "NUDT15": ("*1", "*3"),
    "DPYD": ("Reference", "c.1905+1G>A (*2A)"),
    "UGT1A1": ("*28", "*28"),
    "NAT2": ("*5", "*6"),
    "G6PD": ("B (reference)", "A- 202A_376G"),
    "VKORC1": ("rs9923231 variant (T)", "rs9923231 variant (T)"),
}
UNCHANGED = ("ABCG2", "CFTR", "CACNA1S", "IFNL3", "MT-RNR1")
OUTSIDE = ("CYP2D6\t*4/*41", "HLA-B\t*15:02/*57:01", "HLA-A\t*31:01/*02:01")
MEDICINES = ("sertraline", "clopidogrel", "simvastatin", "tramadol", "lithium", "a herb")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Somebody with changes in nearly every gene, some of them not read in full."""
    rows = []
    for gene, pair in {**CARRIED, **{g: (definition_of(g).reference.name,) * 2 for g in UNCHANGED}}.items():
        found = rows_for(gene, *pair)
        rows += found[:-6] if gene == "CYP2C9" else found
    path = write_vcf(tmp_path_factory.mktemp("person") / "crowded.vcf", rows)
    calls = with_outside_calls(read_person(path, sex="female"), read_outside_calls(OUTSIDE))
    profile = profile_of(calls, medicines=MEDICINES, sex="female")
    return build_report(profile, subject="Erika Mustermann", made="2026-11-29", calls=calls)


@pytest.fixture(scope="module")
def partly_read(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """CYP2B6 read at one of its positions; efavirenz taken."""
    rows = [row for row in rows_for("CYP2B6", "*1", "*1") if "rs3745274" in row]
    calls = read_person(write_vcf(tmp_path_factory.mktemp("person") / "part.vcf", rows))
    return build_report(
        profile_of(calls, medicines=("efavirenz",)), subject="x", made="2026-11-29", calls=calls
    )


@pytest.fixture(scope="module")
def printed(crowded: Report) -> str:
    """The crowded report as it stands on paper."""
    return "\n".join(pages_of(crowded))


def pages_of(report: Report) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf_document(report))).pages]


@pytest.mark.parametrize("language", ["en", "de"])
def test_even_a_crowded_report_has_three_pages_and_all_results_and_doubts_on_the_first(
    crowded: Report, language: str
) -> None:
    with speaking(language):
        pages = pages_of(crowded)
        first = re.sub(r"\s+", " ", pages[0])
        assert len(pages) <= 3
        for gene in crowded.profile.genes:
            assert f"{gene}:" in first
        for names, why in crowded.caveats:
            assert f"{', '.join(names)}: {say(why)}"[:60] in first
        for name in MEDICINES:
            assert name in first


def test_the_page_begins_with_results_and_doubts(crowded: Report) -> None:
    page = html_page(crowded)
    order = ["In a minute", "Not seen, or not known", "Current medicines", "Medicines that ask", "Genes"]
    places = [page.index(f"<h2>{title}") for title in order]
    assert places == sorted(places)


def test_what_rests_on_what_was_not_seen_says_so_where_it_stands(partly_read: Report) -> None:
    doubt = "read at 1 of 48 positions"
    page = html_page(partly_read)
    current = page[page.index("<h2>Current medicines") : page.index("<h2>Medicines that ask")]
    assert "provisional" in current
    assert doubt in current
    (first, *_) = pages_of(partly_read)
    block = first[first.index("Current medicines") :]
    assert "provisional" in block
    assert doubt in re.sub(r"\s+", " ", block)
    (advice,) = [r for item in partly_read.current for r in item.recommendations]
    document = partly_read.as_dict()
    assert advice.as_dict()["provisional"] is True
    assert '"provisional": true' in json.dumps(document)
    assert "600 mg/day" not in current  # no confident dose from one position of 48


def test_a_provisional_result_is_marked_beside_every_advice_that_rests_on_it(
    crowded: Report, printed: str
) -> None:
    assert "CYP2C9" in crowded.profile.provisional
    resting = [c for c in crowded.changes if "CYP2C9" in c.advice.guideline.genes]
    assert resting
    for change in resting:
        assert change.advice.provisional
        assert any("provisional" in say(each) for each in change.advice.remarks)
    page = html_page(crowded)
    row = next(part for part in page.split("<tr>") if part.startswith("<th>piroxicam"))
    assert "provisional" in row
    assert "provisional" in printed[printed.index("piroxicam") :][:400]


def test_no_kind_of_advice_is_told_by_colour_alone(crowded: Report, printed: str) -> None:
    page = html_page(crowded)
    shapes = {"avoid": "✕", "reduce": "▼", "alternative": "⇄", "test": "?", "caution": "!"}
    for kind, shape in shapes.items():
        cells = re.findall(rf'<td class="{kind}">([^<]+)</td>', page)
        assert cells
        assert all(cell.startswith(f"{shape} ") and len(cell) > 4 for cell in cells)
    assert "✕ avoid" in printed
    assert "▼ lower dose" in printed
    assert "Marks: ✕ avoid" in printed


def test_short_words_are_explained_where_they_stand_and_once_more_at_the_end(
    crowded: Report, printed: str
) -> None:
    for text in (html_page(crowded), printed):
        flat = re.sub(r"\s+", " ", text)
        assert "after a heart attack or with a stent (ACS, PCI)" in flat
        assert "after a stroke or TIA (NVI)" in flat
        assert "CVI ACS PCI" not in flat
        for word in ("CPIC:", "DPWG:", "ACS:", "PCI:", "NVI:", "CVI:", "INR:", "CNSHA:"):
            assert word in flat


def test_another_organisations_view_stands_beside_the_advice() -> None:
    report = build_report(profile_from({"CYP2D6": "*4/*4"}), subject="x", made="2026-11-29")
    paroxetine = next(change for change in report.changes if "paroxetine" in change.medicines)
    assert paroxetine.views == (("paroxetine", "DPWG", "usual"),)
    assert "DPWG on paroxetine: as usual" in html_page(report)


def test_genes_with_the_same_reason_stand_together() -> None:
    from healthtwin.genes.variant_file import Genotypes

    calls = call_genes(Genotypes("S1", {}))
    report = build_report(profile_of(calls), subject="x", made="2026-11-29", calls=calls)
    told = {names: say(why) for names, why in report.caveats}
    assert ("HLA-A", "HLA-B") in told
    assert any(len(names) > 10 and "nothing was read" in why for names, why in told.items())


def test_a_report_without_genes_is_made_too() -> None:
    report = build_report(Profile({}), subject="x", made="2026-11-29")
    assert len(pages_of(report)) == 1
    assert "<h2>In a minute" in html_page(report)


def test_the_report_is_written_by_the_command_with_one_bad_line(tmp_path: Path) -> None:
    """Through the command: a line without a call, a line that cannot be read, and the rest in every form."""
    import os
    import subprocess
    import sys

    calls = tmp_path / "calls.tsv"
    calls.write_text("CYP2D6\t*4/*4\nNAT2\t./.\nTPMT\t*1/*99\n", encoding="utf-8")
    html = tmp_path / "out.html"
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from healthtwin.cli import main; main()", "genes", "report"),
            *("--calls", str(calls), "--html", str(html), "--json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HEALTHTWIN_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    genes = json.loads(done.stdout)["genes"]["CPIC"]
    assert genes["CYP2D6"]["sourceDiplotypes"][0]["label"] == "*4/*4"
    assert (genes["NAT2"]["status"], genes["NAT2"]["sourceDiplotypes"]) == ("not called", [])
    assert genes["TPMT"]["status"] == "not called"
    assert "calls.tsv, line 3" in done.stderr
    assert "*99" in html.read_text(encoding="utf-8")


def test_no_answer_is_not_called_no_change(partly_read: Report) -> None:
    assert partly_read.unchanged == ()
    assert "efavirenz" in partly_read.unanswered
    page = html_page(partly_read)
    assert "<h2>No change by these genes" not in page
    assert "efavirenz" in page[page.index("<h2>No answer from these genes") :]


def test_what_stays_as_usual_by_a_provisional_result_bears_its_mark(crowded: Report) -> None:
    plain = {name.removesuffix(" ◇") for name in crowded.unchanged}
    marked = {name.removesuffix(" ◇") for name in crowded.unchanged if name.endswith(" ◇")}
    by_name = {item.medicine.name: item for item in crowded.guidance}
    assert marked == {n for n in plain if any(r.provisional for r in by_name[n].recommendations)}
