"""Appends, seals and syncs until it is killed; says the offset after each append. For the kill test."""

import sys
from pathlib import Path

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.store import SeriesStore

ROWS_PER_OFFSET = 40


def value_of(number: int) -> float:
    return 40.0 + number % 1_000 / 10


def main() -> None:
    store = SeriesStore(Path(sys.argv[1]))
    while True:
        offset = store.offset + 1
        numbers = range(offset * ROWS_PER_OFFSET, (offset + 1) * ROWS_PER_OFFSET)
        store.append([("ada", 1, n * HOUR_MS // 4, value_of(n), 1.0) for n in numbers], offset)
        sys.stdout.write(f"{offset}\n")
        sys.stdout.flush()
        if offset % 7 == 0:
            store.seal(numbers[-1] * HOUR_MS // 4 + DAY_MS)
        if offset % 11 == 0:
            store.sync()


if __name__ == "__main__":
    main()
