"""What stands for the keys of a home that was made before there were any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from healthtwin.domain.errors import KeyGone
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.store.keys.envelope import HOUSE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from healthtwin.domain.sealing import Place
    from healthtwin.store.keys.envelope import SealingKey


class NoKeys:
    """Stands for the key store of a home that was made before there were keys: everything stays as it is."""

    encrypted = False
    house_key = PLAINTEXT_KEY
    tenant = b""

    def mint(self, pseudonym: str) -> int:
        """None is made."""
        del pseudonym
        return PLAINTEXT_KEY

    def mint_many(self, pseudonyms: Sequence[str]) -> list[int]:
        """None is made."""
        return [PLAINTEXT_KEY] * len(pseudonyms)

    def key_of(self, pseudonym: str) -> int:
        """None."""
        del pseudonym
        return PLAINTEXT_KEY

    def forget(self, key_id: int, person_id: str) -> None:
        """There is nothing to forget."""

    def forget_person(self, pseudonym: str, person_id: str, proofs: Sequence[str] = ()) -> None:
        """There is nothing to forget."""

    def is_erased(self, name: str) -> bool:
        """Nobody says so here."""
        del name
        return False

    def erased_among(self, names: Iterable[str]) -> list[str]:
        """Nobody says so here."""
        del names
        return []

    def seal(self, key_id: int, plain: bytes, place: Place) -> bytes:
        """As it is."""
        del place
        _require_none(key_id)
        return plain

    seal_alike = seal

    def head_alike(self, key_id: int) -> bytes:
        """Nothing is sealed."""
        del key_id
        return b""

    def open(self, key_id: int, sealed: bytes, place: Place) -> bytes:
        """As it is.

        Raises:
            KeyGone: it was sealed by keys that are not here.
        """
        del place
        _require_none(key_id)
        return sealed

    def read_all(self) -> None:
        """There is none."""

    def key(self, key_id: int) -> SealingKey:
        """There is none."""
        raise KeyGone(f"it is encrypted with key {key_id}, which this home does not hold")

    def refresh(self) -> bool:
        """Nothing changes."""
        return False

    def status(self) -> Mapping[str, object]:
        """That there are none."""
        return {"encrypted": False}

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""


def _require_none(key_id: int) -> None:
    if key_id not in (PLAINTEXT_KEY, HOUSE_KEY):
        raise KeyGone(f"it is encrypted with key {key_id}, which this home does not hold")
