"""How fast genes are read and answered for: whole processes and single calls, with the goals beside them.

    python -m benchmarks.bench_genes [--json] [--rounds 15]

Whole processes count from the start of the interpreter: importing the room, and a table of 30,000 diplotypes
through the command line. Single calls are processor time in a warm process: calling every gene of one person
from genotypes already read, and guidance on every medicine. The people are made of named alleles: synthetic.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from itertools import combinations_with_replacement, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.genes import call_genes, guidance_for_all, profile_from, starter
from healthtwin.genes.variant_file import Call, Genotypes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROWS: Final = 30_000
GOALS: Final = {
    "import_ms": 60.0,
    "import_every_name_ms": None,
    "table_of_30000_s": 3.0,
    "guidance_all_medicines_ms": 5.0,
    "call_all_genes_ms": None,
}
PROFILE: Final = {
    "CYP2C19": "*2/*2",
    "CYP2D6": "*1/*4",
    "CYP2C9": "*1/*2",
    "CYP2B6": "*1/*6",
    "CYP3A5": "*3/*3",
    "DPYD": "Reference/Reference",
    "SLCO1B1": "*1/*5",
    "TPMT": "*1/*3A",
    "NUDT15": "*1/*1",
    "UGT1A1": "*28/*28",
    "G6PD": "B (reference)/B (reference)",
    "HLA-A": "*31:01/*02:01",
    "HLA-B": "*15:02/*40:01",
    "MT-RNR1": "Reference",
    "CACNA1S": "Reference/Reference",
    "medicines": ["paroxetine", "sertraline"],
}


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=15)
    add_rows_option(parser)
    asked = parser.parse_args()
    measured = measure(asked.rounds)
    leave_rows(rows_of(measured), asked.rows)
    if asked.json:
        print(json.dumps(measured))
        return
    print(f"{'measure':28}{'median':>10}{'best':>10}{'worst':>10}{'goal':>8}")
    for name, row in measured["measures"].items():
        goal = "" if row["goal"] is None else f"{row['goal']:g}"
        print(f"{name:28}{row['median']:10.2f}{row['best']:10.2f}{row['worst']:10.2f}{goal:>8}")
    counts = f"{measured['medicines']} medicines, {measured['genes_called']} genes, {ROWS} rows"
    print(f"{counts}; knowledge {measured['knowledge']}")


def rows_of(measured: dict[str, Any]) -> list[Row]:
    """For the common table."""
    rows = []
    for name, row in measured["measures"].items():
        goal, unit = row["goal"], name.rpartition("_")[2]
        met = None if goal is None else row["median"] <= goal
        said = "" if goal is None else f"<= {goal:g} {unit}"
        words = "genes: " + name.removesuffix(f"_{unit}").replace("_", " ")
        rows.append(Row(words, said, f"{row['median']:.2f} {unit}", met))
    return rows


def measure(rounds: int) -> dict[str, Any]:
    """Every figure: median, best and worst over the rounds."""
    profile = profile_from(PROFILE)
    person = _reference_person()
    every_name = "import healthtwin.genes as g; [getattr(g, name) for name in g.__all__]"
    times = {
        "import_ms": [_import_ms("import healthtwin.genes") for _ in range(rounds)],
        "import_every_name_ms": [_import_ms(every_name) for _ in range(rounds)],
        "table_of_30000_s": _table_s(max(3, rounds // 5)),
        "guidance_all_medicines_ms": _processor_ms(lambda: guidance_for_all(profile), rounds),
        "call_all_genes_ms": _processor_ms(lambda: call_genes(person), rounds),
    }
    return {
        "measures": {
            name: {
                "median": sorted(values)[len(values) // 2],
                "best": min(values),
                "worst": max(values),
                "goal": GOALS[name],
            }
            for name, values in times.items()
        },
        "medicines": len(guidance_for_all(profile)),
        "genes_called": len(starter().called_genes),
        "knowledge": starter().version,
    }


def _processor_ms(call: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of processor time per call, tables loaded."""
    call()
    values = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        values.append((time.process_time() - start) * 1000)
    return values


def _import_ms(statement: str) -> float:
    """Milliseconds of processor time that an import takes in a fresh interpreter."""
    code = f"import time; t = time.process_time(); {statement}; print((time.process_time() - t) * 1000)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _table_s(rounds: int) -> list[float]:
    """Seconds of wall clock for the whole command on a table of `ROWS` diplotypes."""
    values = []
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        with table.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["gene", "diplotype"])
            writer.writerows(islice(_diplotypes(), ROWS))
        code = "from healthtwin.cli import main; main()"
        command = [sys.executable, "-c", code, "genes", "phenotype", "--table", str(table)]
        for _ in range(rounds):
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            values.append(time.perf_counter() - start)
            assert len(done.stdout.splitlines()) == ROWS + 1
    return values


def _diplotypes() -> Iterator[tuple[str, str]]:
    for gene in starter().genes:
        facts = starter().gene(gene)
        if facts.copies == "two" and facts.functions:
            for pair in combinations_with_replacement(facts.alleles, 2):
                yield gene, "/".join(pair)


def _reference_person() -> Genotypes:
    """Somebody whose every defining position was read and found unchanged."""
    calls: dict[str, list[Call]] = {}
    for gene in starter().called_genes:
        definition = starter().definition(gene)
        if definition is None:
            continue
        for position in definition.positions:
            end = position.at + len(position.reference) - 1
            call = Call(
                0,
                definition.chromosome,
                position.at,
                position.reference,
                position.others,
                (0, 0),
                False,
                "",
                end,
            )
            calls.setdefault(definition.chromosome, []).append(call)
    return Genotypes("reference", {chromosome: tuple(rows) for chromosome, rows in calls.items()})


if __name__ == "__main__":
    main()
