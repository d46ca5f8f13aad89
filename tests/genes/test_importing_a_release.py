"""An official release goes into the home with version, checksum and attribution, whole or not at all."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from healthtwin.genes import (
    VariantFileError,
    assign_phenotype,
    guidance_for,
    import_release,
    knowledge_in,
    profile_from,
    starter,
)


@pytest.fixture
def folder(recordings: Path, tmp_path: Path) -> Path:
    target = tmp_path / "release"
    for path in (recordings / "cpic").rglob("*"):
        if path.is_file():
            place = target / path.relative_to(recordings / "cpic")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return target


def test_version_checksum_and_attribution_are_kept(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    release = import_release(folder, home)
    manifest = json.loads((home / "genes/manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == release.version == "2025-11-05-00-25"
    assert manifest["checksum"] == f"sha256:{release.checksum}"
    assert "CC BY-SA 4.0" in manifest["attribution"]
    assert len(manifest["medicines"]) == 82


def test_the_same_files_have_the_same_checksum_and_others_another(folder: Path, tmp_path: Path) -> None:
    first = import_release(folder, tmp_path / "one").checksum
    assert import_release(folder, tmp_path / "two").checksum == first
    table = folder / "allele_function.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("CYP2C19,*17,Increased", "CYP2C19,*17,Normal"))
    assert import_release(folder, tmp_path / "three").checksum != first


def test_imported_definitions_equal_the_starters(folder: Path, tmp_path: Path) -> None:
    import_release(folder, tmp_path / "home")
    imported = knowledge_in(tmp_path / "home")
    for gene in starter().called_genes:
        ours, theirs = starter().definition(gene), imported.definition(gene)
        assert ours is not None
        assert theirs is not None
        assert (ours.positions, ours.alleles, ours.edits) == (theirs.positions, theirs.alleles, theirs.edits)
        assert ours.known_bases == theirs.known_bases


def test_a_newer_function_changes_the_phenotype(folder: Path, tmp_path: Path) -> None:
    table = folder / "allele_function.csv"
    text = table.read_text(encoding="utf-8").replace("CYP2C19,*17,Increased", "CYP2C19,*17,Normal")
    table.write_text(text, encoding="utf-8")
    import_release(folder, tmp_path / "home")
    knowledge = knowledge_in(tmp_path / "home")
    assert assign_phenotype("CYP2C19", "*1/*17", knowledge=knowledge).phenotype == "Normal Metabolizer"
    assert assign_phenotype("CYP2C19", "*1/*17").phenotype == "Rapid Metabolizer"


def test_a_medicine_only_the_release_knows_is_answered_with_its_text(folder: Path, tmp_path: Path) -> None:
    source = folder / "guidelines/CPIC_abacavir_and_HLA_B.json.gz"
    text = gzip.decompress(source.read_bytes()).decode().replace('"abacavir"', '"newdrug"')
    (folder / "guidelines/CPIC_newdrug.json").write_text(text, encoding="utf-8")
    import_release(folder, tmp_path / "home")
    knowledge = knowledge_in(tmp_path / "home")
    person = profile_from({"HLA-B": {"phenotype": "*57:01 positive"}}, knowledge=knowledge)
    (advice,) = guidance_for(person, "newdrug", knowledge=knowledge).recommendations
    assert advice.rule is None
    assert (advice.strength, advice.action) == ("Strong", "read")


@pytest.mark.parametrize(
    ("remove", "said"),
    [
        ("alleles", "alleles/"),
        ("guidelines", "guidelines/"),
        ("allele_function.csv", "table of allele functions"),
    ],
)
def test_a_release_that_lacks_a_part_is_refused(remove: str, said: str, folder: Path, tmp_path: Path) -> None:
    target = folder / remove
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()
    with pytest.raises(VariantFileError, match=said):
        import_release(folder, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_broken_file_is_named_and_the_old_release_stays(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    import_release(folder, home)
    broken = folder / "guidelines/CPIC_codeine_and_CYP2D6.json.gz"
    broken.write_bytes(broken.read_bytes()[:100])
    with pytest.raises(VariantFileError, match="CPIC_codeine_and_CYP2D6"):
        import_release(folder, home)
    assert knowledge_in(home).release is not None


def test_a_swapped_function_table_is_refused(folder: Path, tmp_path: Path) -> None:
    table = folder / "allele_function.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("gene,allele", "allele,gene", 1), encoding="utf-8"
    )
    with pytest.raises(VariantFileError, match="line 1"):
        import_release(folder, tmp_path / "home")


def test_without_an_import_the_starter_answers(tmp_path: Path) -> None:
    assert knowledge_in(tmp_path) is starter()
    assert knowledge_in(None) is starter()


def test_a_damaged_import_is_said_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "genes").mkdir()
    (tmp_path / "genes/release.json").write_text('{"format": 1', encoding="utf-8")
    with pytest.raises(VariantFileError, match="genes update"):
        knowledge_in(tmp_path)
