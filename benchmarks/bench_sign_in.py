"""Whether the time of a refusal tells who has an account, and what a password costs.

Every kind of refusal is asked in random order, as often as every other: a wrong password, a name that nobody
has, an account that is disabled, one that has no password, one that is slowed down; and links that never
were, were used, or have expired. The hash is made small (`--memory-mib 1`), so that it does not drown what
else differs. Between a wrong password and each other kind Welch's t is below 4.5 either way where nothing
shows (the threshold of leakage tests; Goodwill et al. 2011), over times without the slowest twentieth.

Usage: python -m benchmarks.bench_sign_in [--tries 2000] [--memory-mib 1] [--rows FILE]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.table import Row, add_rows_option, is_busy, leave_rows, load, machine
from healthtwin.access import Accounts, Client, PasswordHashes, Proof, SignIn
from healthtwin.domain import HOUR_MS, Profile
from healthtwin.domain.errors import Unauthenticated
from healthtwin.store import Tables
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

T_MOST: Final = 4.5
KEPT: Final = 0.95
PASSWORD: Final = "tr0mbone lattice gorse"  # noqa: S105 - of made-up people
WRONG: Final = "velvet harbour cinnamon"
AT: Final = Client("192.0.2.1", "bench")


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now_ms: int = 10**12

    def __call__(self) -> int:
        """The time."""
        return self.now_ms


def kinds(tables: Tables, hashes: PasswordHashes) -> dict[str, Callable[[], object]]:
    """What is asked, by its name; each call is refused."""
    person = People(tables).add("Ada", Profile("UTC"), 0).id
    accounts, clock, still = Accounts(tables), Clock(), Clock()
    door, slow = SignIn(tables, hashes, None, clock), SignIn(tables, hashes, None, still)
    secrets = {}
    for name in ("wrong", "disabled", "without a password", "slowed down", "used", "expired"):
        made = accounts.add(name, "family", [person], clock())
        secrets[name] = made.enrol_secret or ""
        if name != "expired":
            password = None if name == "without a password" else PASSWORD
            door.enrol(secrets[name], password, AT)
        if name == "disabled":
            accounts.disable(made.id, clock())

    def try_as(name: str, through: SignIn) -> None:
        clock.now_ms += HOUR_MS  # so that only who shall be slowed down is
        with suppress(Unauthenticated):
            through.sign_in(Proof(name, WRONG, None, None, AT))

    def use(secret: str) -> None:
        clock.now_ms += HOUR_MS
        with suppress(Unauthenticated):
            door.enrol(secret, PASSWORD, AT)

    for _ in range(60):
        try_as("slowed down", slow)
    clock.now_ms += 48 * HOUR_MS
    return {
        "wrong": lambda: try_as("wrong", door),
        "nobody": lambda: try_as("nobody", door),
        "disabled": lambda: try_as("disabled", door),
        "without a password": lambda: try_as("without a password", door),
        "slowed down": lambda: try_as("slowed down", slow),
        "link that never was": lambda: use("he_never"),
        "link that was used": lambda: use(secrets["used"]),
        "link that has expired": lambda: use(secrets["expired"]),
    }


def times_ms(asked: dict[str, Callable[[], object]], tries: int) -> dict[str, NDArray[np.float64]]:
    """How long each took, asked in random order."""
    order = [name for name in asked for _ in range(tries)]
    random.Random(1).shuffle(order)  # noqa: S311 - an order
    took: dict[str, list[float]] = {name: [] for name in asked}
    for name in order:
        began = time.perf_counter()
        asked[name]()
        took[name].append(1_000 * (time.perf_counter() - began))
    return {name: np.array(found) for name, found in took.items()}


def welch(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Welch's t of two samples without their slowest twentieth (what the machine did meanwhile)."""
    kept = [np.sort(each)[: int(KEPT * len(each))] for each in (one, other)]
    spread = sum(each.var(ddof=1) / len(each) for each in kept)
    return float((kept[0].mean() - kept[1].mean()) / np.sqrt(spread))


def rows_of(took: dict[str, NDArray[np.float64]], hash_ms: float) -> list[Row]:
    """For the common table."""
    rows = [Row("sign-in: one hash at the shipped parameters, p50", "", f"{hash_ms:.0f} ms", None)]
    for name, against in (
        *((each, "wrong") for each in ("nobody", "disabled", "without a password", "slowed down")),
        *((each, "link that never was") for each in ("link that was used", "link that has expired")),
    ):
        t = welch(took[name], took[against])
        rows.append(
            Row(
                f"sign-in: t of '{name}' against '{against}', {len(took[name])} each",
                f"|t| < {T_MOST}",
                f"{t:+.1f} (p50 {np.median(took[name]):.2f} and {np.median(took[against]):.2f} ms)",
                abs(t) < T_MOST,
            )
        )
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tries", type=int, default=2_000)
    parser.add_argument("--memory-mib", type=int, default=1)
    add_rows_option(parser)
    asked = parser.parse_args()
    print(f"{machine()}, load {load():.1f}{' (BUSY)' if is_busy() else ''}")
    shipped, hashing = PasswordHashes(), []
    for _ in range(9):
        began = time.perf_counter()
        shipped.of(PASSWORD)
        hashing.append(1_000 * (time.perf_counter() - began))
    with tempfile.TemporaryDirectory() as folder, Tables(f"sqlite:///{folder}/records.db") as tables:
        took = times_ms(kinds(tables, PasswordHashes(asked.memory_mib)), asked.tries)
    rows = rows_of(took, float(np.median(hashing)))
    for row in rows:
        print(f"{row.measure}: {row.got} {row.goal and f'(goal {row.goal}: {row.verdict})'}")
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
