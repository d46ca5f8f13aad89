"""The commands as a person types them: JSON alone on stdout, errors that say what and where."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.genes.vcf_writing import rows_for, write_vcf


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def _run(home: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from healthtwin.cli import main; main()", "genes", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HEALTHTWIN_HOME": str(home), "PYTHONUTF8": "1"},
    )
    assert done.returncode == status, done.stderr
    return done


def test_one_diplotype(home: Path) -> None:
    done = _run(home, "phenotype", "--gene", "CYP2C19", "--diplotype", "*1/*2", "--json")
    answer = json.loads(done.stdout)
    assert answer["phenotype"] == "Intermediate Metabolizer"
    assert answer["activity_score"] is None
    assert "No function" in answer["why"]


def test_a_table_keeps_its_rows_and_gains_two_columns(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text('id,gene,diplotype\n1,CYP2D6,*1x≥3/*4\n2,CFTR,"F508C,S1251N/G551D"\n', encoding="utf-8")
    done = _run(home, "phenotype", "--table", str(table))
    assert done.stdout.splitlines() == [
        "id,gene,diplotype,phenotype,activity_score",
        "1,CYP2D6,*1x≥3/*4,Ultrarapid Metabolizer,≥3.0",
        '2,CFTR,"F508C,S1251N/G551D",ivacaftor responsive in CF patients,',
    ]


def test_a_bad_row_is_named_and_the_good_ones_are_kept(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("gene,diplotype\nCYP2C19,*1/*2\nCYP2C19,*1/*99\n*1/*1,CYP2D6\n", encoding="utf-8")
    done = _run(home, "phenotype", "--table", str(table), status=1)
    assert len(done.stdout.splitlines()) == 4
    assert "t.csv, line 3" in done.stderr
    assert "*99" in done.stderr
    assert "line 4" in done.stderr
    assert "columns are swapped" in done.stderr


def test_a_table_without_its_columns_is_refused(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "t.csv, line 1" in _run(home, "phenotype", "--table", str(table), status=2).stderr


def test_guidance_for_a_profile(home: Path, tmp_path: Path) -> None:
    profile = tmp_path / "p.json"
    profile.write_text('{"CYP2C19": "*2/*2", "medicines": ["lithium"]}', encoding="utf-8")
    done = _run(home, "guidance", "--profile", str(profile), "--drug", "citalopram", "--json")
    answer = json.loads(done.stdout)
    first = answer["recommendations"][0]
    assert (first["strength"], first["dose_factor"], first["dose_of"]) == ("Strong", 0.5, "maintenance dose")
    assert first["source"]["pmid"] == "37032427"


def test_the_whole_way_from_vcf_to_every_form(home: Path, tmp_path: Path) -> None:
    vcf = write_vcf(tmp_path / "person.vcf", rows_for("CYP2C19", "*2", "*2"))
    calls = tmp_path / "calls.tsv"
    calls.write_text("CYP2D6\t*4/*4\n", encoding="utf-8")
    forms = {kind: tmp_path / f"out.{kind}" for kind in ("pdf", "html", "fhir", "card")}
    options = [part for kind, path in forms.items() for part in (f"--{kind}", str(path))]
    done = _run(
        home, "report", "--vcf", str(vcf), "--calls", str(calls), "--medicine", "Cipralex", *options, "--json"
    )
    answer = json.loads(done.stdout)
    assert answer["genes"]["CPIC"]["CYP2C19"]["sourceDiplotypes"][0]["label"] == "*2/*2"
    assert answer["genes"]["CPIC"]["CYP2D6"]["callSource"] == "OUTSIDE"
    assert answer["genes"]["CPIC"]["CYP2C9"]["status"] == "no data"
    assert answer["currentMedicines"][0]["drug"] == "escitalopram"
    assert forms["pdf"].read_bytes().startswith(b"%PDF")
    assert json.loads(forms["fhir"].read_text(encoding="utf-8"))["resourceType"] == "Bundle"
    assert "Cipralex" not in forms["card"].read_text(encoding="utf-8")


def test_an_import_is_used_by_the_next_command(home: Path, tmp_path: Path, recordings: Path) -> None:
    answer = json.loads(_run(home, "update", "--from", str(recordings / "cpic"), "--json").stdout)
    assert answer["version"] == "2025-11-05-00-25"
    profile = tmp_path / "p.json"
    profile.write_text('{"CYP2D6": "*4/*4"}', encoding="utf-8")
    done = _run(home, "guidance", "--profile", str(profile), "--drug", "codeine", "--json")
    official = json.loads(done.stdout)["recommendations"][0]["official"]
    assert "CC BY-SA" in official[0]["attribution"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("phenotype", "--gene", "CYP2C19"), "--gene with --diplotype"),
        (("phenotype", "--gene", "ABC", "--diplotype", "*1/*1"), "one of ABCG2"),
        (("report",), "--vcf, --calls or --profile"),
        (("report", "--vcf", "absent.vcf"), "absent.vcf"),
        (("guidance", "--profile", "absent.json", "--drug", "codeine"), "absent.json"),
        (("update", "--from", "absent"), "a folder with alleles/"),
        (("update", "--from", "http://example.org/x.zip"), "https address"),
    ],
)
def test_what_cannot_work_is_said_in_one_line(arguments: tuple[str, ...], said: str, home: Path) -> None:
    done = _run(home, *arguments, status=2)
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_list_of_medicines_names_what_nothing_is_known_of(home: Path) -> None:
    answer = json.loads(_run(home, "medicines", "--json").stdout)
    assert "lithium" in answer["nothing_known"]
    assert {"citalopram", "amitriptyline", "risperidone"} <= {entry["medicine"] for entry in answer["guided"]}


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys; before = set(sys.modules); import healthtwin.genes; "
        "print(sorted(name for name in ('numpy', 'pydantic', 'fastapi', 'msgspec') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_people_get_lines_to_read(home: Path, tmp_path: Path) -> None:
    profile = tmp_path / "p.json"
    profile.write_text('{"CYP2D6": "*4/*4", "medicines": ["paroxetine"]}', encoding="utf-8")
    one = _run(home, "phenotype", "--gene", "CYP2D6", "--diplotype", "*17x3/*4")
    assert one.stdout.startswith("CYP2D6 *17x3/*4: Normal Metabolizer, activity score 1.5")
    assert "CPIC lists no activity value" in one.stderr
    drug = _run(home, "guidance", "--profile", str(profile), "--drug", "codeine")
    assert drug.stdout.startswith("[avoid] codeine: Avoid: little pain relief")
    report = _run(home, "report", "--profile", str(profile))
    assert "[avoid] amitriptyline" in report.stdout
    assert "No gene guidance: " in _run(home, "medicines").stdout


def test_every_medicine_at_once(home: Path, tmp_path: Path) -> None:
    profile = tmp_path / "p.json"
    profile.write_text('{"CYP2D6": "*4/*4"}', encoding="utf-8")
    answer = json.loads(_run(home, "guidance", "--profile", str(profile), "--json").stdout)
    assert {"atomoxetine", "haloperidol", "tamoxifen"} <= {item["drug"] for item in answer}


def test_where_no_home_is_named_the_users_own_directory_is_used(tmp_path: Path, recordings: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "HEALTHTWIN_HOME"}
    environment["XDG_DATA_HOME"] = str(tmp_path)
    code = "from healthtwin.cli import main; main()"
    command = [sys.executable, "-c", code, "genes", "update", "--from", str(recordings / "cpic"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert json.loads(done.stdout)["home"] == str(tmp_path / "healthtwin")
    assert (tmp_path / "healthtwin/genes/release.json").is_file()


def test_a_report_is_written_in_the_language_that_was_asked_for(home: Path, tmp_path: Path) -> None:
    profile, page = tmp_path / "p.json", tmp_path / "p.html"
    profile.write_text('{"CYP2D6": "*4/*4"}', encoding="utf-8")
    _run(home, "report", "--profile", str(profile), "--html", str(page), "--language", "de")
    assert "<h1>Gene und Medikamente: p</h1>" in page.read_text(encoding="utf-8")
    refused = _run(
        home, "report", "--profile", str(profile), "--language", "xx", "--html", str(page), status=2
    )
    assert "--language" in refused.stderr
    assert "de, en" in refused.stderr


def test_a_small_file_that_unpacks_to_one_endless_line_is_refused(home: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.vcf.gz"
    member = gzip.compress(b"A" * 32 * 1024 * 1024)
    bomb.write_bytes(gzip.compress(b"##fileformat=VCFv4.2\n") + member * 24)
    assert bomb.stat().st_size < 3_000_000
    done = _run(home, "report", "--vcf", str(bomb), status=2)
    (line,) = done.stderr.splitlines()
    assert "bomb.vcf.gz: got 'it needs more memory than it may have'" in line
