"""One report as JSON, page, PDF, FHIR bundle and wallet card."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from healthtwin.genes import profile_from, response_of
from healthtwin.genes.report import Report, build_report, fhir_bundle, html_page, pdf_document, wallet_card
from healthtwin.words import say, speaking

PROFILE = {
    "CYP2C19": "*2/*2",
    "CYP2D6": "*1/*1",
    "CYP2C9": "*1/*1",
    "HLA-B": "*15:02/*40:01",
    "SLCO1B1": "*1/*6",
    "medicines": ["paroxetine", "lithium", "Zoloft", "a <b>herb</b>"],
}


@pytest.fixture
def report() -> Report:
    return build_report(profile_from(PROFILE), subject="Ann <Example>", made="2025-11-20", synthetic=True)


class _Tags(HTMLParser):
    """Collects what a browser would fetch or run, and unclosed tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.risky: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        if tag in {"script", "img", "link", "iframe"} or any(name.startswith("on") for name, _ in attrs):
            self.risky.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_fetches_nothing(report: Report) -> None:
    for text in (html_page(report), wallet_card(report)):
        tags = _Tags()
        tags.feed(text)
        assert (tags.open, tags.risky) == ([], [])
        assert "Ann &lt;Example&gt;" in text
        assert "Synthetic data" in text
        assert "not a medical device" in text.lower()


def test_the_page_opens_with_current_medicines_and_changes(report: Report) -> None:
    page = html_page(report)
    order = [
        page.index(f"<h2>{title}")
        for title in ("Current medicines", "Medicines that ask", "No change", "Genes")
    ]
    assert order == sorted(order)
    assert "a &lt;b&gt;herb&lt;/b&gt;" in page
    assert "No gene guidance for lithium" in page
    assert "missed its primary endpoint" in page


def test_gravest_psychiatric_medicines_come_first(report: Report) -> None:
    first = report.changes[0]
    assert first.psychiatric
    assert (first.advice.action, first.advice.strength) == ("avoid", "Strong")


def test_medicines_with_the_same_advice_stand_together(report: Report) -> None:
    together = [change.medicines for change in report.changes if "clomipramine" in change.medicines]
    assert together == [("amitriptyline", "clomipramine", "doxepin", "imipramine", "trimipramine")]


def test_a_medicine_behind_a_result_is_named_with_it(report: Report) -> None:
    codeine = next(change for change in report.changes if "codeine" in change.medicines)
    assert codeine.because == "CYP2D6 Poor Metabolizer (score 0.0, with paroxetine)"


def test_the_card_speaks_of_genes_not_of_todays_medicines(report: Report) -> None:
    assert not any("codeine" in change.medicines for change in report.lasting_changes)
    assert "codeine" not in wallet_card(report)
    assert "thioridazine" not in wallet_card(report)


def test_the_card_names_what_must_be_avoided(report: Report) -> None:
    card = wallet_card(report)
    assert "<strong>HLA-B *15:02 positive</strong>: avoid: carbamazepine, oxcarbazepine" in card
    assert "CYP2C19 *2/*2" in card


def test_the_json_is_laid_out_like_pharmcats(report: Report) -> None:
    document = report.as_dict()
    genes = document["genes"]
    assert isinstance(genes, dict)
    gene = genes["CPIC"]["CYP2C19"]
    assert gene["geneSymbol"] == "CYP2C19"
    assert gene["sourceDiplotypes"][0]["label"] == "*2/*2"
    assert gene["sourceDiplotypes"][0]["allele1"] == {"name": "*2", "function": "No function"}
    drugs = document["drugs"]
    assert isinstance(drugs, dict)
    annotation = drugs["CPIC"]["citalopram"]["guidelines"][0]["annotations"][0]
    assert annotation["classification"] == "Strong"
    assert annotation["alternateDrugAvailable"] is True
    assert document["unknownMedicines"] == ["a <b>herb</b>"]


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_the_pdf_has_its_words_and_counts_its_pages(report: Report) -> None:
    data = pdf_document(report)
    text = pdf_text(data)
    assert "Ann <Example>" in text
    assert "Synthetic data" in text
    assert "carbamazepine" in text
    pages = len(PdfReader(io.BytesIO(data)).pages)
    assert f"page 1 of {pages}" in text
    assert f"page {pages} of {pages}" in text


@pytest.mark.parametrize(
    "name", ["Żółć Łęcka", "Ğüneş Şahin", "Ελένη Παπά", "Иван Щукин", "Đặng Thị Hạnh", "≥ 5 µmol → “so”"]
)
def test_a_name_beyond_latin_1_is_printed_as_it_is_written(report: Report, name: str) -> None:
    text = pdf_text(pdf_document(replace(report, subject=name)))
    assert name in text
    assert "?" not in text.split("\n")[0]


def test_a_sign_that_the_font_lacks_is_named_and_never_becomes_another_one(report: Report) -> None:
    text = pdf_text(pdf_document(replace(report, subject="王小明")))
    assert "[U+738B][U+5C0F][U+660E]" in text
    assert "Signs that this font lacks" in text


def test_the_same_report_is_the_same_pdf(report: Report) -> None:
    assert pdf_document(report) == pdf_document(report)


def test_no_line_of_the_pdf_leaves_the_page(report: Report) -> None:
    places: list[tuple[float, float]] = []
    long = replace(report, subject="a name that goes on " * 20)
    for page in PdfReader(io.BytesIO(pdf_document(long))).pages:
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, _size: places.append((tm[4], tm[5])) if text else None
        )
    assert places
    assert all(0 <= x <= 595 and 0 <= y <= 842 for x, y in places)


def test_fhir_references_point_to_resources_of_the_bundle(report: Report) -> None:
    bundle = fhir_bundle(report)
    resources = [entry["resource"] for entry in bundle["entry"]]
    known = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(known) == len(resources)
    assert _references(bundle) <= known
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"]) for resource in resources)
    kinds = {resource["meta"]["profile"][0].rsplit("/", 1)[1] for resource in resources}
    assert kinds == {"genomic-report", "genotype", "therapeutic-implication", "medication-recommendation"}


def test_fhir_genotypes_name_their_gene(report: Report) -> None:
    genotype = next(
        entry["resource"]
        for entry in fhir_bundle(report)["entry"]
        if entry["resource"]["id"] == "genotype-CYP2C19"
    )
    assert genotype["code"]["coding"][0]["code"] == "84413-4"
    assert genotype["component"][0]["valueCodeableConcept"]["coding"][0]["code"] == "HGNC:2621"
    assert genotype["valueCodeableConcept"]["text"] == "CYP2C19 *2/*2"


def test_no_ranking_by_expected_benefit_is_given() -> None:
    result = response_of(profile_from(PROFILE))
    assert result.as_dict()["ranked"] is False
    assert any("primary endpoint" in say(trial.finding) for trial in result.trials)
    for _, _, medicines in result.groups:
        assert list(medicines) == sorted(medicines)


def test_evidence_on_efficacy_is_told_where_there_is_some() -> None:
    result = response_of(profile_from({"CYP2C19": "*17/*17"}))
    assert [entry.medicine for entry in result.findings] == ["citalopram", "escitalopram"]
    assert all(entry.pmid for entry in result.findings)


def _references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
        return own.union(*(_references(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(item) for item in value))
    return set()


def test_a_report_is_in_the_language_that_is_spoken(report: Report) -> None:
    with speaking("de"):
        page, card = html_page(report), wallet_card(report)
    assert '<html lang="de">' in page
    for words in ("Gene und Medikamente: Ann", "langsamer Metabolisierer", "lieber ein anderes", "Warum"):
        assert words in page
    assert "Das ist kein Mensch" in card
    for english in ("Current medicines", "Genes and medicines", "In short", "not known to"):
        assert english not in page
