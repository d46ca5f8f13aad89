"""The tables of `series.db`."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import CorruptStorage

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.engines.sqlite import Database

FORMAT: Final = 3
"""Stands in SQLite's `user_version`; a file of a later format is refused, one of an earlier is brought up.

2: hot rows of one instant are told apart by their value. 3: what is about a person is sealed under the
key that stands beside the person. The form of blocks is the same in all.
"""


class Span(IntEnum):
    """How much time one block covers."""

    MONTH = 0
    DAY = 1


_TABLES: Final = """
CREATE TABLE state (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    pseudonym TEXT NOT NULL UNIQUE,
    key_id INTEGER NOT NULL DEFAULT 0 -- of values in `hot` and `daily`: sealed, each is 16 bytes
);

-- Not sealed yet. A person's message lies together, since its metrics follow each other in the key. Two
-- devices that measured in one millisecond have a row each.
CREATE TABLE hot (
    person INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    metric INTEGER NOT NULL,
    value REAL NOT NULL,
    quality INTEGER NOT NULL,
    PRIMARY KEY (person, time_ms, metric, value)
) WITHOUT ROWID;

-- With a rowid: a table without one spills every body of more than a quarter page to a page of its own.
CREATE TABLE block (
    person INTEGER NOT NULL,
    metric INTEGER NOT NULL,
    span INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX block_of ON block (person, metric, span, start_ms);

CREATE TABLE daily (
    person INTEGER NOT NULL,
    metric INTEGER NOT NULL,
    day_ms INTEGER NOT NULL,
    count INTEGER NOT NULL,
    mean REAL NOT NULL,
    minimum REAL NOT NULL,
    maximum REAL NOT NULL,
    PRIMARY KEY (person, metric, day_ms)
) WITHOUT ROWID;

INSERT INTO state VALUES ('offset', -1);
"""


_FROM_1: Final = """
ALTER TABLE hot RENAME TO hot_of_1;
CREATE TABLE hot (
    person INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    metric INTEGER NOT NULL,
    value REAL NOT NULL,
    quality INTEGER NOT NULL,
    PRIMARY KEY (person, time_ms, metric, value)
) WITHOUT ROWID;
INSERT INTO hot SELECT person, time_ms, metric, value, quality FROM hot_of_1;
DROP TABLE hot_of_1
"""

_FROM_2: Final = "ALTER TABLE person ADD COLUMN key_id INTEGER NOT NULL DEFAULT 0"

_STEPS: Final = {0: (_TABLES,), 1: (_FROM_1, _FROM_2), 2: (_FROM_2,)}
"""What brings a file of a format up to this one."""


def prepare(database: Database, path: Path) -> None:
    """Make the tables in a new file, bring up those of an earlier one; refuse a file of a later version.

    Raises:
        CorruptStorage: for a later format.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version < FORMAT:
            for step in _STEPS[version]:
                for statement in step.split(";"):
                    database.execute(statement)
            database.execute(f"PRAGMA user_version={FORMAT}")
        elif version != FORMAT:
            raise CorruptStorage(
                f"{path}: series of format {version}, this release reads {FORMAT}; use the one that made it"
            )
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
