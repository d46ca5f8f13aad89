"""An official release of definitions, functions and guideline annotations, and its one-file form in a home.

The importer reads the files of the release folder (CPIC content, CC0; ClinPGx annotation texts, CC BY-SA 4.0)
and keeps them as one JSON document with version, checksum and attribution. The texts stay in the home: they
are shown with their source and never become part of the package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from healthtwin.domain.bounded import unpacked
from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.gene_facts import GeneFacts, function_word
from healthtwin.genes.score import NOT_ASSIGNED, ActivityScore

ATTRIBUTION = (
    "Text: ClinPGx (PharmGKB) annotation of the CPIC guideline, CC BY-SA 4.0, https://www.clinpgx.org; "
    "imported by the operator of this installation, unchanged except for markup."
)
FORMAT = 1
_MOST_BYTES = 256 * 1024 * 1024
"""Of one file of a release; the largest known has 8 MB."""
_FUNCTION_COLUMNS = ["gene", "allele", "function", "activity_value"]
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OfficialText:
    """One imported recommendation, word for word."""

    population: str
    strength: str
    text: str
    implications: tuple[str, ...]
    gives: tuple[str, ...]
    id: str


@dataclass(frozen=True, slots=True)
class Release:
    """An imported release.

    Args:
        version: the version its files state.
        checksum: SHA-256 over names and contents of its files, in name order.
        functions: gene -> allele -> function word.
        values: gene -> allele -> activity value, for genes with scores.
        definitions: gene -> document in the form of ``data/positions``.
        guidelines: one document per annotated guideline.
    """

    version: str
    checksum: str
    attribution: str
    functions: Mapping[str, Mapping[str, str]]
    values: Mapping[str, Mapping[str, str]]
    definitions: Mapping[str, Mapping[str, Any]]
    guidelines: tuple[Mapping[str, Any], ...]

    @property
    def medicines(self) -> tuple[str, ...]:
        """Medicines it annotates, sorted."""
        return tuple(sorted({name for guideline in self.guidelines for name in guideline["medicines"]}))

    def overlay(self, facts: GeneFacts) -> GeneFacts:
        """The gene's table with this release's functions laid over ours."""
        values = {**facts.values, **self.values.get(facts.gene, {})} if facts.values else facts.values
        newer = self.functions[facts.gene]
        if facts.values:
            newer = {allele: function_word(value) for allele, value in values.items()}
        source = replace(facts.source, version=f"import {self.version}")
        return replace(facts, functions={**facts.functions, **newer}, values=values, source=source)

    def texts_for(self, medicine: str) -> dict[Key, tuple[OfficialText, ...]]:
        """Lookup keys -> texts for a medicine."""
        found: dict[Key, list[OfficialText]] = {}
        for guideline in self.guidelines:
            for row in guideline["rows"]:
                if row["medicine"] == medicine:
                    found.setdefault(tuple(sorted(row["key"].items())), []).append(_official(row))
        return {key: tuple(texts) for key, texts in found.items()}

    def to_json(self) -> str:
        """The one-file form."""
        return json.dumps(
            {
                "format": FORMAT,
                "version": self.version,
                "checksum": self.checksum,
                "attribution": self.attribution,
                "functions": self.functions,
                "values": self.values,
                "definitions": self.definitions,
                "guidelines": self.guidelines,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def release_from_json(text: str, name: str = "release.json") -> Release:
    """Reads the one-file form back."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise VariantFileError(name, document["format"], f"format {FORMAT}; import the release again")
        return Release(
            version=document["version"],
            checksum=document["checksum"],
            attribution=document["attribution"],
            functions=document["functions"],
            values=document["values"],
            definitions=document["definitions"],
            guidelines=tuple(document["guidelines"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise VariantFileError(name, str(error), "a file written by `healthtwin genes update`") from error


def release_from_files(files: Mapping[str, bytes]) -> Release:
    """Builds a release from the contents of its folder.

    Args:
        files: name -> bytes, as they lie in the folder (``alleles/*_translation.json.gz``,
            ``allele_function.csv``, ``guidelines/*.json.gz``).

    Raises:
        VariantFileError: naming the file that is missing or cannot be read.
    """
    definitions_files = {name: data for name, data in files.items() if "_translation.json" in name}
    guideline_files = {
        name: data for name, data in files.items() if "guidelines/" in name and ".json" in name
    }
    functions_file = next((name for name in files if name.endswith("allele_function.csv")), None)
    if not definitions_files:
        raise VariantFileError("release folder", "no *_translation.json", "allele definitions in alleles/")
    if functions_file is None:
        raise VariantFileError("release folder", "no allele_function.csv", "the table of allele functions")
    if not guideline_files:
        raise VariantFileError("release folder", "no guidelines", "guideline annotations in guidelines/")
    exemptions_file = next((name for name in files if "exemptions.json" in name), None)
    exemptions = _json(exemptions_file, files[exemptions_file]) if exemptions_file else {}
    translations = [_json(name, data) for name, data in sorted(definitions_files.items())]
    functions, values = _functions(functions_file, files[functions_file])
    definitions = {}
    for name, document in zip(sorted(definitions_files), translations, strict=True):
        definition = _checked_definition(name, document, exemptions)
        if definition is not None:
            definitions[definition["gene"]] = definition
    return Release(
        version=max(str(document.get("version", "unknown")) for document in translations),
        checksum=_checksum(files),
        attribution=ATTRIBUTION,
        functions=functions,
        values=values,
        definitions=definitions,
        guidelines=tuple(
            _annotation(name, _json(name, data)) for name, data in sorted(guideline_files.items())
        ),
    )


def plain_text(markup: str) -> str:
    """Text without markup.

    >>> plain_text("<p>Avoid &lt; 5&nbsp;mg</p> <h4>Other</h4>")
    'Avoid < 5 mg Other'
    """
    import html

    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def _uncallable(document: Mapping[str, Any]) -> bool:
    """CYP2D6: its definitions carry no scores, since a bare VCF cannot call it."""
    return all(not allele["score"] for allele in document["namedAlleles"])


def _checked_definition(
    name: str, document: Mapping[str, Any], exemptions: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Our form of a definition, read once to see that it can be; ``None`` for a gene a VCF cannot show."""
    from healthtwin.genes.definition import definition_from

    try:
        alleles = document["namedAlleles"]
        if any(allele["structuralVariant"] for allele in alleles) or _uncallable(document):
            return None
        ours = _definition(document, exemptions.get(document["gene"], {}))
        definition_from(ours)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise VariantFileError(name, repr(error), "an allele definition of format 2") from error
    except InvalidInput as error:
        raise VariantFileError(f"{name}, {error.field}", error.value, error.allowed) from error
    return ours


def _json(name: str, data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(unpacked(data, _MOST_BYTES))
    except (MalformedInput, TooLarge, ValueError) as error:
        raise VariantFileError(name, str(error), "JSON, plain or gzip") from error
    if not isinstance(document, dict):
        raise VariantFileError(name, type(document).__name__, "a JSON object")
    return document


def _checksum(files: Mapping[str, bytes]) -> str:
    import hashlib

    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()


def _functions(name: str, data: bytes) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    import csv
    import io

    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise VariantFileError(name, str(error), "CSV in UTF-8") from error
    if not rows or rows[0] != _FUNCTION_COLUMNS:
        raise VariantFileError(f"{name}, line 1", rows[:1], ", ".join(_FUNCTION_COLUMNS))
    functions: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(_FUNCTION_COLUMNS):
            raise VariantFileError(f"{name}, line {number}", row, f"{len(_FUNCTION_COLUMNS)} columns")
        gene, allele, function, value = row
        functions.setdefault(gene, {})[allele] = function
        if value:
            if value != NOT_ASSIGNED:
                ActivityScore.parse(value)
            values.setdefault(gene, {})[allele] = value
    return functions, values


def _definition(document: Mapping[str, Any], exemption: Mapping[str, Any]) -> dict[str, Any]:
    variants = document["variants"]
    ignored = set(exemption.get("ignoredAlleles") or ())
    reference = next(allele for allele in document["namedAlleles"] if allele["reference"])
    spelled: dict[str, dict[str, str]] = {}
    fully = []
    for allele in document["namedAlleles"]:
        if allele["reference"] or allele["name"] in ignored:
            continue
        complete = all(bases is not None for bases in allele["alleles"])
        if complete:
            fully.append(allele["name"])
        spelled[allele["name"]] = {
            str(variant["position"]): bases
            for variant, bases in zip(variants, allele["alleles"], strict=True)
            if bases is not None and not (complete and bases == variant["ref"])
        }
    must_see = exemption.get("amp1Positions") or exemption.get("requiredPositions") or []
    priorities = exemption.get("unphasedDiplotypePriorities") or []
    return {
        "gene": document["gene"],
        "chromosome": document["chromosome"],
        "build": "GRCh38",
        "source": f"{document['source']} allele definitions, {document['version']}",
        "reference": reference["name"],
        "fully_specified": fully,
        "suballeles": dict(document.get("suballelesMap") or {}),
        "must_see": sorted(must_see),
        "context": dict(_context(variants)),
        "preferred": [[entry["list"], entry["pick"]] for entry in priorities],
        "positions": [[v["position"], v["ref"], v["alts"], v["rsid"] or ""] for v in variants],
        "alleles": spelled,
    }


def _context(variants: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Reference bases beside an indel, as far as its HGVS name tells how far it can slide to the right."""
    for variant in variants:
        at, reference, other = variant["position"], variant["ref"], variant["alts"][0]
        if len(reference) == len(other):
            continue
        name = variant["chromosomeHgvsName"]
        slides = re.match(r"g\.\d+(?:_(\d+))?(dup|del)|g\.(\d+)(dup|del)", name)
        if slides:
            last = int(re.findall(r"\d+", name.split("d")[0])[-1])
            unit = other[1:] if len(other) > len(reference) else reference[1:]
            length = max(last - at, len(reference) - 1)
            yield str(at), reference[0] + "".join(unit[i % len(unit)] for i in range(length))
        repeats = re.match(r"g\.(\d+)([ACGT]+)\[\d+\]", name)
        if repeats:
            first, unit = int(repeats.group(1)), repeats.group(2)
            spelled = [found for found in variant["cpicAlleles"] if found.startswith(f"{unit}(")]
            here = [found for found in spelled if variant["cpicToVcfAlleleMap"][found] == reference]
            count = int(here[0].removeprefix(f"{unit}(").rstrip(")")) if here else 0
            yield str(at), reference[: first - at] + unit * count


def _annotation(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    try:
        guideline = document["guideline"]
        citations = document.get("citations") or []
        flags = (("dosingInformation", "dosing"), ("alternateDrugAvailable", "alternative"))
        rows = [
            {
                "id": row["id"],
                "medicine": chemical["name"],
                "population": row["population"] or "",
                "strength": (row["classification"] or {}).get("term", ""),
                "text": plain_text(row["text"]["html"]),
                "implications": row["implications"],
                "gives": [
                    word for flag, word in (*flags, ("otherPrescribingGuidance", "other")) if row[flag]
                ],
                "key": row["lookupKey"],
            }
            for row in document["recommendations"]
            for chemical in row["relatedChemicals"]
        ]
        return {
            "name": guideline["name"],
            "version": str(guideline["version"]),
            "url": guideline["url"],
            "pmid": citations[0]["pmid"] if citations else "",
            "medicines": [chemical["name"] for chemical in guideline["relatedChemicals"]],
            "genes": [gene["symbol"] for gene in guideline["relatedGenes"]],
            "rows": rows,
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise VariantFileError(name, str(error), "a guideline annotation with its recommendations") from error


def _official(row: Mapping[str, Any]) -> OfficialText:
    return OfficialText(
        population=row["population"],
        strength=row["strength"],
        text=row["text"],
        implications=tuple(row["implications"]),
        gives=tuple(row["gives"]),
        id=row["id"],
    )
