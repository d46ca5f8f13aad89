"""Values over time: bytes per row and how long the last 24 hours of one person take, beside other stores.

The same synthetic rows (five metrics every five minutes, sent a few seconds early or late, rounded as phones
round them) go into the sealed series and into plain rows of SQLite, DuckDB, Parquet and PostgreSQL, as far as
those are installed. A question is one metric of one person over 24 hours, people and days at random.
"File" is what lies on disk at the end, divided by rows; every store is closed or checkpointed first.

Usage: python -m benchmarks.bench_series [--people 40] [--days 30] [--questions 2000] [--json]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.domain import DAY_MS, METRICS, MINUTE_MS
from healthtwin.store import SeriesRow, SeriesStore

FIRST_DAY: Final = 20_500 * DAY_MS
BATCH_ROWS: Final = 1_000
GOAL_BYTES_PER_ROW: Final = 8.0
GOAL_P99_MS: Final = 5.0

USUAL: Final = {
    "heart_rate": (70.0, 8.0, 0),
    "respiratory_rate": (15.0, 2.0, 1),
    "oxygen_saturation": (97.0, 1.0, 0),
    "body_temperature": (36.8, 0.3, 1),
    "hrv_rmssd": (42.0, 12.0, 1),
}
"""Metric → mean, standard deviation, decimals that devices send."""

Question = tuple[str, int, int, int]
Answer = Callable[[Question], int]


@dataclass(frozen=True, slots=True)
class Result:
    """One store. Rates are rows per second of wall time; `None` where it has no such step.

    `day_cpu_p99_ms` is this process's own processor time, which other programs on the machine do not stretch.
    """

    store: str
    rows: int
    bytes_per_row: float
    write_rows_per_s: float
    seal_rows_per_s: float | None
    day_p50_ms: float
    day_p99_ms: float
    day_cpu_p99_ms: float


def rows_of_day(people: int, day: int, *, rounded: bool = True) -> list[SeriesRow]:
    """One day of everybody's readings in the order in which they would arrive; synthetic.

    Args:
        people: how many.
        day: counted from the first.
        rounded: as devices round; else every bit of the float is random, which no compression survives.
    """
    chance = np.random.default_rng([7, day])
    times = FIRST_DAY + day * DAY_MS + np.arange(288) * 5 * MINUTE_MS
    columns = []
    for person in range(people):
        sent = times + chance.integers(0, 3_000, 288)
        swing = np.sin(np.arange(288) / 288 * 2 * np.pi)
        for name, (mean, spread, places) in USUAL.items():
            values = mean + spread * (0.6 * swing + 0.5 * chance.standard_normal(288))
            values = np.round(values, places) if rounded else values
            columns.append((f"{person:024x}", METRICS[name].code, sent.tolist(), values.tolist()))
    return [(p, m, t[i], v[i], 1.0) for i in range(288) for p, m, t, v in columns]


def questions_of(people: int, days: int, count: int) -> list[Question]:
    """(person, metric code, from ms, to ms) over 24 hours, at random."""
    chance = np.random.default_rng(11)
    codes = [METRICS[name].code for name in USUAL]
    asked = []
    for _ in range(count):
        start = FIRST_DAY + int(chance.integers(0, max(1, (days - 1) * DAY_MS)))
        person, code = int(chance.integers(people)), codes[int(chance.integers(len(codes)))]
        asked.append((f"{person:024x}", code, start, start + DAY_MS))
    return asked


def timed(answer: Answer, questions: list[Question]) -> tuple[float, float, float]:
    """p50, p99 and p99 of processor time, in ms; an answer far from a day of rows is a mistake in here."""
    waits, worked = [], []
    for question in questions:
        began, idle = time.perf_counter(), time.process_time()
        found = answer(question)
        waits.append((time.perf_counter() - began) * 1_000)
        worked.append((time.process_time() - idle) * 1_000)
        assert 280 <= found <= 292, f"{question}: {found} rows"
    p50, p99 = np.percentile(waits, [50, 99])
    return float(p50), float(p99), float(np.percentile(worked, 99))


def measure_series(
    folder: Path, people: int, days: int, questions: list[Question], *, rounded: bool
) -> Result:
    """The sealed series: append, seal every day but the hot ones, ask."""
    path = folder / f"series-{rounded}.db"
    with SeriesStore(path) as store:
        rows, writing, sealing = 0, 0.0, 0.0
        for day in range(days):
            batch = rows_of_day(people, day, rounded=rounded)
            began = time.perf_counter()
            for at in range(0, len(batch), BATCH_ROWS):
                store.append(batch[at : at + BATCH_ROWS], rows + at)
            writing += time.perf_counter() - began
            rows += len(batch)
            began = time.perf_counter()
            store.seal(FIRST_DAY + (day + 1) * DAY_MS)
            sealing += time.perf_counter() - began
        began = time.perf_counter()
        store.seal(FIRST_DAY + (days + 5) * DAY_MS)
        sealing += time.perf_counter() - began
        store.retain(FIRST_DAY)
        waits = timed(lambda q: len(store.range(*q)[0]), questions)
    name = "healthtwin series" + ("" if rounded else ", unrounded floats")
    return Result(name, rows, path.stat().st_size / rows, rows / writing, rows / sealing, *waits)


@contextmanager
def plain_sqlite(
    folder: Path,
) -> Iterator[tuple[Callable[[list[SeriesRow]], None], Answer, Callable[[], int]]]:
    """A table of plain rows, clustered by its key."""
    path = folder / "plain.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute(
        "CREATE TABLE rows (person INTEGER, metric INTEGER, t INTEGER, v REAL,"
        " PRIMARY KEY (person, metric, t)) WITHOUT ROWID"
    )

    def write(batch: list[SeriesRow]) -> None:
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?)", [(int(p, 16), m, t, v) for p, m, t, v, _ in batch]
        )
        database.execute("COMMIT")

    def answer(question: Question) -> int:
        person, *rest = question
        found = database.execute(
            "SELECT t, v FROM rows WHERE person = ? AND metric = ? AND t BETWEEN ? AND ?",
            (int(person, 16), *rest),
        ).fetchall()
        return len(found)

    def size() -> int:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return path.stat().st_size

    yield write, answer, size
    database.close()


@contextmanager
def duckdb_rows(
    folder: Path,
) -> Iterator[tuple[Callable[[list[SeriesRow]], None], Answer, Callable[[], int]]]:
    """A DuckDB table; batches go in as columns, its fastest way."""
    duckdb: Any = importlib.import_module("duckdb")
    pyarrow: Any = importlib.import_module("pyarrow")
    path = folder / "rows.duckdb"
    database = duckdb.connect(str(path))
    database.execute("CREATE TABLE rows (person INTEGER, metric SMALLINT, t BIGINT, v DOUBLE)")

    def write(batch: list[SeriesRow]) -> None:
        people, metrics, times, values, _ = zip(*batch, strict=True)
        columns = {"p": [int(p, 16) for p in people], "m": metrics, "t": times, "v": values}
        database.register("batch", pyarrow.table(columns))
        database.execute("INSERT INTO rows SELECT p, m, t, v FROM batch")
        database.unregister("batch")

    def answer(question: Question) -> int:
        person, *rest = question
        query = "SELECT t, v FROM rows WHERE person = ? AND metric = ? AND t BETWEEN ? AND ? ORDER BY t"
        return len(database.execute(query, (int(person, 16), *rest)).fetchnumpy()["t"])

    def size() -> int:
        database.execute("CREATE TABLE ordered AS SELECT * FROM rows ORDER BY person, metric, t")
        database.execute("DROP TABLE rows")
        database.execute("ALTER TABLE ordered RENAME TO rows")
        database.execute("CHECKPOINT")
        database.execute(f"ATTACH '{folder / 'compact.duckdb'}' AS compact")
        database.execute("CREATE TABLE compact.rows AS SELECT * FROM rows ORDER BY person, metric, t")
        database.execute("DETACH compact")
        return (folder / "compact.duckdb").stat().st_size

    yield write, answer, size
    database.close()


@contextmanager
def parquet_file(
    folder: Path,
) -> Iterator[tuple[Callable[[list[SeriesRow]], None], Answer, Callable[[], int]]]:
    """One sorted Parquet file with zstd; asked by row group and filter."""
    pyarrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    path, kept = folder / "rows.parquet", list[SeriesRow]()

    def answer(question: Question) -> int:
        person, metric, from_ms, to_ms = question
        where = [("p", "=", int(person, 16)), ("m", "=", metric), ("t", ">=", from_ms), ("t", "<=", to_ms)]
        return len(parquet.read_table(path, filters=where, columns=["t", "v"]))

    def size() -> int:
        kept.sort()
        people, metrics, times, values, _ = zip(*kept, strict=True)
        columns = {"p": [int(p, 16) for p in people], "m": metrics, "t": times, "v": values}
        table = pyarrow.table(columns)
        parquet.write_table(table, path, compression="zstd", row_group_size=100_000)
        return path.stat().st_size

    yield kept.extend, answer, size


@contextmanager
def postgresql_rows(_: Path) -> Iterator[tuple[Callable[[list[SeriesRow]], None], Answer, Callable[[], int]]]:
    """A plain table with its primary key in a throw-away server."""
    from tests.store.postgresql_server import running_server, server_programs

    psycopg: Any = importlib.import_module("psycopg")
    programs = server_programs()
    assert programs is not None
    with running_server(programs) as server:
        name = server.url("postgres").split("host=")[1]
        database = psycopg.connect(f"host={name} user=healthtwin dbname=postgres", autocommit=True)
        database.execute(
            "CREATE TABLE rows (person int, metric smallint, t bigint, v float8,"
            " PRIMARY KEY (person, metric, t))"
        )

        def write(batch: list[SeriesRow]) -> None:
            with database.cursor().copy("COPY rows FROM STDIN") as copy:
                for person, metric, t, v, _ in batch:
                    copy.write_row((int(person, 16), metric, t, v))

        def answer(question: Question) -> int:
            person, *rest = question
            query = "SELECT t, v FROM rows WHERE person = %s AND metric = %s AND t BETWEEN %s AND %s"
            return len(database.execute(query, (int(person, 16), *rest)).fetchall())

        def size() -> int:
            database.execute("VACUUM ANALYZE rows")
            return int(database.execute("SELECT pg_total_relation_size('rows')").fetchone()[0])

        yield write, answer, size
        database.close()


Peer = Callable[[Path], Any]


def peers() -> dict[str, Peer]:
    """The peers that are installed here."""
    from tests.store.postgresql_server import server_programs

    there: dict[str, Peer] = {"SQLite rows": plain_sqlite}
    arrow = importlib.util.find_spec("pyarrow") is not None
    if arrow and importlib.util.find_spec("duckdb") is not None:
        there["DuckDB, sorted"] = duckdb_rows
    if arrow:
        there["Parquet zstd, sorted"] = parquet_file
    if server_programs() is not None and importlib.util.find_spec("psycopg") is not None:
        there["PostgreSQL rows"] = postgresql_rows
    return there


def measure_peer(
    name: str, peer: Peer, folder: Path, people: int, days: int, questions: list[Question]
) -> Result:
    """The same rows and questions for another store."""
    with peer(folder) as (write, answer, size):
        rows, writing = 0, 0.0
        for day in range(days):
            batch = rows_of_day(people, day)
            began = time.perf_counter()
            for at in range(0, len(batch), BATCH_ROWS):
                write(batch[at : at + BATCH_ROWS])
            writing += time.perf_counter() - began
            rows += len(batch)
        began = time.perf_counter()
        on_disk = size()
        writing += time.perf_counter() - began
        waits = timed(answer, questions)
    return Result(name, rows, on_disk / rows, rows / writing, None, *waits)


def common_rows(results: list[Result]) -> list[Row]:
    """For the common table: ours, and what the others took in the same run."""
    ours, others = results[0], [result for result in results if not result.store.startswith("healthtwin")]
    return [
        Row(
            "sealed series, 5-minute data",
            f"<= {GOAL_BYTES_PER_ROW:g} B/row",
            f"{ours.bytes_per_row:.2f} B/row",
            ours.bytes_per_row <= GOAL_BYTES_PER_ROW,
            "; ".join(f"{other.store} {other.bytes_per_row:.1f}" for other in others),
        ),
        Row(
            "last 24 h of one metric of one person, p99",
            f"<= {GOAL_P99_MS:g} ms",
            f"{ours.day_p99_ms:.2f} ms (own processor time p99 {ours.day_cpu_p99_ms:.2f})",
            ours.day_p99_ms <= GOAL_P99_MS,
            "; ".join(f"{other.store} {other.day_p99_ms:.2f}" for other in others),
        ),
    ]


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--questions", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    add_rows_option(parser)
    asked = parser.parse_args()
    questions = questions_of(asked.people, asked.days, asked.questions)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = [
            measure_series(folder, asked.people, asked.days, questions, rounded=rounded)
            for rounded in (True, False)
        ]
        for peer_name, peer in peers().items():
            few = questions if peer is not parquet_file else questions[: max(1, asked.questions // 20)]
            results.append(measure_peer(peer_name, peer, folder, asked.people, asked.days, few))
    leave_rows(common_rows(results), asked.rows)
    if asked.json:
        print(json.dumps([asdict(result) for result in results], indent=2))
        return
    print(f"{results[0].rows:,} rows of {asked.people} synthetic people over {asked.days} days\n")
    heads = (
        ("B/row", 8),
        ("written/s", 12),
        ("sealed/s", 12),
        ("24 h p50 ms", 13),
        ("p99 ms", 9),
        ("cpu p99", 9),
    )
    print(f"{'store':36}" + "".join(f"{head:>{width}}" for head, width in heads))
    for r in results:
        sealed = "" if r.seal_rows_per_s is None else f"{r.seal_rows_per_s:,.0f}"
        print(
            f"{r.store:36}{r.bytes_per_row:8.2f}{r.write_rows_per_s:12,.0f}{sealed:>12}"
            f"{r.day_p50_ms:13.2f}{r.day_p99_ms:9.2f}{r.day_cpu_p99_ms:9.2f}"
        )
    ours = results[0]
    met = ours.bytes_per_row <= GOAL_BYTES_PER_ROW and ours.day_p99_ms <= GOAL_P99_MS
    goal = f"<= {GOAL_BYTES_PER_ROW:g} B/row and p99 <= {GOAL_P99_MS:g} ms"
    print(f"\ngoal: {goal}: {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    main()
