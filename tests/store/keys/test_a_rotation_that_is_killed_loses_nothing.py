"""The master key is replaced while everything stays readable, also when the process dies on the way."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from healthtwin.domain.errors import ConfigurationError, StorageBusy
from healthtwin.engines.sqlite import Connection, connect_sqlite
from healthtwin.store.keys import KeySettings, KeyStore, Place
from healthtwin.store.keys.locking import keys_locked
from healthtwin.store.keys.rotation import rotate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PEOPLE = [f"person-{number}" for number in range(4)]
HERE = Place("notes", "text", "n-1")


def opened(folder: Path) -> KeyStore:
    return KeyStore(folder, KeySettings())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir(mode=0o700)
    with opened(tmp_path / "keys") as store:
        store.prepare()
        store.mint_many(PEOPLE)
    return tmp_path / "keys"


def envelopes(folder: Path) -> dict[int, bytes]:
    with opened(folder) as store:
        keys = [1, *(store.key_of(person) for person in PEOPLE)]
        return {key: store.seal(key, b"%d" % key, HERE) for key in keys}


def assert_all_open(folder: Path, sealed: dict[int, bytes]) -> None:
    with opened(folder) as store:
        assert [store.open(key, each, HERE) for key, each in sealed.items()] == [b"%d" % k for k in sealed]
        store.key_of("somebody new")


def wrapped_by(folder: Path) -> set[int]:
    with closing(sqlite3.connect(folder / "keys.db")) as database:
        return {master for (master,) in database.execute("SELECT DISTINCT master FROM keys")}


class Countdown:
    """Kills its process when it was asked often enough."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """A connection whose commits, and whatever writes pages of its own accord, count."""

    def __init__(self, connection: Connection, count: Countdown) -> None:
        self._connection = connection
        self._count = count

    def execute(self, sql: str, *parameters: Any) -> Any:  # noqa: ANN401
        if sql.startswith(("COMMIT", "VACUUM", "PRAGMA wal_checkpoint", "PRAGMA journal_mode")):
            self._count()
        return self._connection.execute(sql, *parameters)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._connection, name)


def make_and_rotate(folder: Path, step: int) -> None:
    """Dies before the nth sync, rename, unlink or commit: before each in turn is after each, too."""
    count = Countdown(step)

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            count()
            return real(*arguments, **named)

        return counted

    for name in ("fsync", "rename", "replace", "unlink"):
        setattr(os, name, counting(getattr(os, name)))
    with KeyStore(folder, KeySettings(), connect=lambda path: Watched(connect_sqlite(path), count)) as store:
        store.prepare()
        rotate(store)


def killed_at(folder: Path, step: int) -> bool:
    """Whether the child was killed there; False when it came to its end before."""
    pid = os.fork()
    if pid == 0:
        try:
            make_and_rotate(folder, step)
        except BaseException:  # noqa: BLE001 - the parent sees the status
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def test_killed_before_any_durable_step_everything_opens_and_the_next_rotation_ends_it(
    folder: Path, tmp_path: Path
) -> None:
    sealed = envelopes(folder)
    step = 1
    while True:
        at_risk = tmp_path / f"killed-{step}"
        shutil.copytree(folder, at_risk)
        if not killed_at(at_risk, step):
            break
        assert_all_open(at_risk, sealed)
        with opened(at_risk) as store:
            rotate(store)
            assert store.masters.versions() == [store.current_version()]
        assert_all_open(at_risk, sealed)
        assert len(wrapped_by(at_risk)) == 1
        shutil.rmtree(at_risk)
        step += 1
    assert step > 12, "there are as many steps as there are things to make durable"


def test_the_making_of_the_first_keys_may_be_killed_too(tmp_path: Path) -> None:
    for step in range(1, 40, 3):
        folder = tmp_path / f"new-{step}"
        folder.mkdir()
        if not killed_at(folder, step):
            break
        with opened(folder) as store:
            store.prepare()
            key = store.mint("ada")
            assert store.open(key, store.seal(key, b"well", HERE), HERE) == b"well"


def test_a_rotation_wraps_every_key_anew_and_destroys_the_former_master(folder: Path) -> None:
    sealed = envelopes(folder)
    former = (folder / "master-1.json").read_bytes()
    with opened(folder) as store:
        done = rotate(store)
        assert (done.version, done.keys, done.resumed) == (2, len(PEOPLE) + 1, False)
        assert rotate(store).version == 3
    assert sorted(path.name for path in folder.glob("master-*")) == ["master-3.json"]
    assert all(former not in path.read_bytes() for path in folder.iterdir())
    assert stat.S_IMODE((folder / "master-3.json").stat().st_mode) == 0o600
    assert_all_open(folder, sealed)


def test_others_read_and_mint_while_a_rotation_runs(folder: Path) -> None:
    sealed = envelopes(folder)
    stop, minted = threading.Event(), list[int]()
    trouble: list[Exception] = []

    def work() -> None:
        while not stop.is_set():
            try:
                with opened(folder) as store:
                    assert all(store.open(key, each, HERE) == b"%d" % key for key, each in sealed.items())
                    minted.append(store.mint(f"new-{len(minted)}"))
            except Exception as error:  # noqa: BLE001 - seen below
                trouble.append(error)
                return

    worker = threading.Thread(target=work)
    worker.start()
    with opened(folder) as store:
        for _ in range(3):
            rotate(store)
    stop.set()
    worker.join()
    assert trouble == []
    with opened(folder) as store:
        rotate(store)
        assert len({store.key_of(f"new-{n}") for n in range(len(minted))}) == len(minted)
        assert store.require_all_open() == len(PEOPLE) + 1 + len(minted)


def test_a_second_rotation_is_told_that_one_is_under_way(folder: Path) -> None:
    with (
        keys_locked(folder),
        opened(folder) as store,
        pytest.raises(StorageBusy, match="being made or rotated"),
    ):
        rotate(store)


def test_a_master_key_that_others_may_read_is_refused(folder: Path) -> None:
    (folder / "master-1.json").chmod(0o640)
    with opened(folder) as store, pytest.raises(ConfigurationError, match="chmod 600"):
        store.seal(1, b"well", HERE)


def test_a_key_wrapped_for_another_number_or_owner_does_not_open(folder: Path) -> None:
    with opened(folder) as store:
        first, second = (store.key_of(person) for person in PEOPLE[:2])
    with closing(sqlite3.connect(folder / "keys.db", isolation_level=None)) as database:
        database.execute(
            "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE id = ?) WHERE id = ?", (first, second)
        )
    with opened(folder) as store, pytest.raises(Exception, match="damaged, or wrapped by another"):
        store.seal(second, b"well", HERE)
