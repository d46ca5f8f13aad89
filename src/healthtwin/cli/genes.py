"""`healthtwin genes`: phenotypes, guidance on medicines, reports, and the import of official releases."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.options import JsonOption, LanguageOption, chosen_language
from healthtwin.cli.output import remark, tell, tell_json, tell_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.genes import Guidance, Knowledge, Profile
    from healthtwin.genes.report import Report

genes_app = typer.Typer(
    help="Genes and medicines: phenotypes, guidance, reports. Not a medical device.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ROWS_REFUSED = 1
"""Exit status when a table was answered, but some of its rows could not be."""

GeneHome = Annotated[
    Path | None,
    typer.Option(
        "--home",
        envvar="HEALTHTWIN_HOME",
        help="Directory with the imported release; else the user's data directory.",
    ),
]
SexOption = Annotated[str | None, typer.Option(help="male or female; matters for genes on X.")]
MedicineOption = Annotated[
    list[str] | None, typer.Option("--medicine", help="A current medicine; may be given several times.")
]


@genes_app.command()
def phenotype(
    gene: Annotated[str | None, typer.Option(help="Gene symbol.")] = None,
    diplotype: Annotated[str | None, typer.Option(help="Two alleles, such as *1/*2.")] = None,
    table: Annotated[Path | None, typer.Option(help="CSV with the columns gene and diplotype.")] = None,
    sex: SexOption = None,
    home: GeneHome = None,
    as_json: JsonOption = False,
) -> None:
    """The phenotype of a diplotype, or of every row of a table."""
    from healthtwin.domain.errors import InvalidInput

    if table is not None:
        _phenotype_table(table, _knowledge(home), as_json=as_json)
        return
    if gene is None or diplotype is None:
        raise InvalidInput("phenotype", "neither", "--gene with --diplotype, or --table FILE.csv")
    from healthtwin.genes import assign_phenotype
    from healthtwin.words import say

    result = assign_phenotype(gene, diplotype, sex=sex, knowledge=_knowledge(home))
    if as_json:
        tell_json(result.as_dict())
        return
    score = f", activity score {result.activity_score}" if result.activity_score else ""
    tell(f"{result.gene} {result.diplotype}: {result.phenotype}{score}")
    tell(result.reason)
    for warning in result.warnings:
        remark(say(warning))


@genes_app.command()
def guidance(
    profile: Annotated[Path, typer.Option(help="JSON: gene to diplotype or result, and medicines.")],
    drug: Annotated[str | None, typer.Option(help="A medicine; else every medicine with guidance.")] = None,
    population: Annotated[
        str | None, typer.Option(help="adults, pediatrics, naive, established, or the guideline's own word.")
    ] = None,
    home: GeneHome = None,
    as_json: JsonOption = False,
) -> None:
    """What the genes say about a medicine, and what they do not say."""
    from healthtwin.genes import guidance_for, guidance_for_all

    knowledge = _knowledge(home)
    person = _profile(profile, knowledge)
    if drug is None:
        found = guidance_for_all(person, knowledge=knowledge)
    else:
        found = (guidance_for(person, drug, population=population, knowledge=knowledge),)
    if as_json:
        tell_json(found[0].as_dict() if drug is not None else [item.as_dict() for item in found])
        return
    for item in found:
        _tell_guidance(item)


@genes_app.command()
def report(  # noqa: PLR0913, PLR0917  # the options of a command are its arguments
    vcf: Annotated[Path | None, typer.Option(help="VCF 4.x on GRCh38, plain or bgzip.")] = None,
    calls: Annotated[Path | None, typer.Option(help="Outside calls, tab-separated as for PharmCAT.")] = None,
    profile: Annotated[Path | None, typer.Option(help="JSON profile instead of, or beside, a VCF.")] = None,
    sample: Annotated[str | None, typer.Option(help="Sample column, where the file has several.")] = None,
    sex: SexOption = None,
    medicine: MedicineOption = None,
    missing_is_reference: Annotated[
        bool,
        typer.Option("--missing-is-reference", help="Positions not in the file were read and unchanged."),
    ] = False,
    bare_names: Annotated[
        bool, typer.Option("--bare-names", help="Accept 10 for chr10, where the file is on GRCh38.")
    ] = False,
    subject: Annotated[str | None, typer.Option(help="Name on the report; else the sample.")] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Mark as made-up data.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to read here.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write a PDF here.")] = None,
    fhir: Annotated[Path | None, typer.Option(help="Write an HL7 FHIR R4 bundle here.")] = None,
    card: Annotated[Path | None, typer.Option(help="Write a card for the wallet (HTML) here.")] = None,
    language: LanguageOption = None,
    home: GeneHome = None,
    as_json: JsonOption = False,
) -> None:
    """A person's genes and what they mean for medicines."""
    from healthtwin.cli.gene_report import Given, gather_report
    from healthtwin.words import speaking

    given = Given(
        vcf=vcf,
        calls=calls,
        profile=profile,
        sample=sample,
        sex=sex,
        medicines=tuple(medicine or ()),
        missing_is_reference=missing_is_reference,
        bare_names=bare_names,
        subject=subject,
        synthetic=synthetic,
    )
    made = gather_report(given, _knowledge(home))
    with speaking(chosen_language(language)):
        _write_forms(made, html=html, pdf=pdf, fhir=fhir, card=card)
    if as_json:
        tell_json(made.as_dict())
    elif not any((html, pdf, fhir, card)):
        _tell_report(made)


@genes_app.command()
def update(
    source: Annotated[
        str, typer.Option("--from", help="Folder of an official release, or an https address.")
    ],
    home: GeneHome = None,
    as_json: JsonOption = False,
) -> None:
    """Import an official release: definitions, functions, guideline texts with their attribution."""
    from healthtwin.cli.gene_report import fetched_folder
    from healthtwin.genes import import_release

    place = home or _data_directory()
    with fetched_folder(source) as folder:
        release = import_release(folder, place)
    if as_json:
        tell_json(
            {
                "version": release.version,
                "checksum": f"sha256:{release.checksum}",
                "genes": len(release.functions),
                "definitions": len(release.definitions),
                "medicines": len(release.medicines),
                "home": str(place),
                "attribution": release.attribution,
            }
        )
        return
    tell(f"Release {release.version}: {len(release.functions)} genes, {len(release.medicines)} medicines.")
    tell(f"Checksum sha256:{release.checksum}, kept in {place / 'genes'}.")
    tell(release.attribution)


@genes_app.command("medicines")
def list_medicines(home: GeneHome = None, as_json: JsonOption = False) -> None:
    """Every medicine with guidance, and those nothing is known of."""
    knowledge = _knowledge(home)
    guided = [
        {
            "medicine": name,
            "genes": sorted({gene for entry in knowledge.guidelines_for(name) for gene in entry.genes}),
            "sources": [entry.organisation for entry in knowledge.guidelines_for(name)],
            "populations": sorted({p for entry in knowledge.guidelines_for(name) for p in entry.populations}),
        }
        for name in knowledge.guided_medicines
    ]
    unknown = knowledge.table("medicines")["nothing_known"]
    if as_json:
        from healthtwin.genes.medicine_names import uncovered
        from healthtwin.words import say

        reasons = {name: say(uncovered(entry["why"])) for name, entry in unknown.items()}
        tell_json({"guided": guided, "nothing_known": reasons})
        return
    rows = [(e["medicine"], ", ".join(e["genes"]), ", ".join(e["sources"])) for e in guided]
    tell_table(("medicine", "genes", "sources"), rows)
    tell(f"No gene guidance: {', '.join(sorted(unknown))}")


def _phenotype_table(path: Path, knowledge: Knowledge, *, as_json: bool) -> None:
    from healthtwin.genes import VariantFileError, phenotype_rows, write_rows

    refused = 0

    def kept() -> Iterator[dict[str, str]]:
        nonlocal refused
        for row, problem in phenotype_rows(stream, name=path.name, knowledge=knowledge):
            if problem is not None:
                refused += 1
                remark(str(problem))
            yield row

    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            if as_json:
                tell_json(list(kept()))
            else:
                write_rows(kept(), sys.stdout)
    except (OSError, UnicodeDecodeError) as error:
        raise VariantFileError(str(path), str(error), "a CSV file in UTF-8 that can be read") from error
    if refused:
        remark(f"{refused} rows could not be answered.")
        raise typer.Exit(ROWS_REFUSED)


def _knowledge(home: Path | None) -> Knowledge:
    from healthtwin.genes import knowledge_in

    return knowledge_in(home or _data_directory())


def _data_directory() -> Path:
    """Where a user's data lies when no home is named (XDG base directories)."""
    import os

    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "healthtwin"


def _profile(path: Path, knowledge: Knowledge) -> Profile:
    from healthtwin.cli.gene_report import read_profile

    return read_profile(path, knowledge)


def _write_forms(
    made: Report, *, html: Path | None, pdf: Path | None, fhir: Path | None, card: Path | None
) -> None:
    import json

    from healthtwin.domain.errors import ConfigurationError
    from healthtwin.genes.report import fhir_bundle, html_page, pdf_document, wallet_card

    try:
        if html:
            html.write_text(html_page(made), encoding="utf-8")
        if card:
            card.write_text(wallet_card(made), encoding="utf-8")
        if pdf:
            pdf.write_bytes(pdf_document(made))
        if fhir:
            fhir.write_text(json.dumps(fhir_bundle(made), ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot write {error.filename}: {error.strerror}") from error
    for path in (html, card, pdf, fhir):
        if path:
            remark(f"wrote {path}")


def _tell_guidance(item: Guidance) -> None:
    from healthtwin.genes.report.page import advice_line, instead
    from healthtwin.words import say

    for advice in item.recommendations:
        tell(f"[{advice.action}] {advice_line(item, advice)}")
        if advice.alternatives:
            tell(f"  {say(instead(advice.alternatives))}")
        for said in advice.remarks:
            tell(f"  {say(said)}")
    for change in item.conversions:
        before, now = change.by_genes.phenotype, change.working.phenotype
        tell(f"  {change.gene}: {before} by genes, now {now} ({change.reason})")
    for risk in item.risks:
        tell(f"  risk: {risk.risk} ({risk.mechanism}). {risk.absolute}".rstrip())
    for said in item.not_known:
        tell(f"  not known: {say(said)}")


def _tell_report(made: Report) -> None:
    from healthtwin.words import say

    rows = [
        (gene, result.diplotype, result.phenotype, result.activity_score)
        for gene, result in sorted(made.profile.genes.items())
    ]
    tell_table(("gene", "alleles", "phenotype", "score"), rows)
    for gene, why in sorted(made.profile.not_known.items()):
        tell(f"{gene}: {say(why)}")
    tell("")
    for change in made.changes:
        tell(f"[{change.advice.action}] {', '.join(change.medicines)}: {change.advice.text}")
        tell(f"    {change.because}; {change.advice.strength}, {change.advice.guideline.source.guideline}")
        for said in change.advice.remarks:
            tell(f"    {say(said)}")
