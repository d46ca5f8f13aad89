"""A small packed file that unpacks to a large one is refused by everything that reads files."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from healthtwin.domain.bounded import content_of, unpacked
from healthtwin.domain.errors import MalformedInput, TooLarge
from healthtwin.effects.study import read_study
from healthtwin.play.replay import table_file
from healthtwin.sensing.files.table import read_columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOMB = gzip.compress(b"a,b\n" + b"1,2\n" * 100_000)


def test_it_is_refused_as_soon_as_it_unpacks_to_more(tmp_path: Path) -> None:
    path = tmp_path / "small.csv.gz"
    path.write_bytes(BOMB)
    assert len(BOMB) < 3_000
    with pytest.raises(TooLarge, match=r"small\.csv\.gz: larger than"):
        content_of(path, 100_000)
    with pytest.raises(TooLarge):
        unpacked(BOMB, 100_000)
    assert len(content_of(path, 500_000)) == len(unpacked(BOMB, 500_000)) == 400_004


@pytest.mark.parametrize(
    "read",
    [lambda path: read_study(path, "treated", "outcome"), read_columns, table_file.read_table],
    ids=["study", "signals", "recording"],
)
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_what_cannot_be_unpacked_says_so(read: Callable[[Path], object], damage: str, tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"treated,outcome,x\n" + bytes(range(48, 58)) * 400))
    if damage == "cut":
        packed = packed[:-12]
    else:
        packed[15] ^= 0xFF
    path = tmp_path / "damaged.csv.gz"
    path.write_bytes(bytes(packed))
    with pytest.raises(MalformedInput, match=r"damaged\.csv\.gz"):
        read(path)
