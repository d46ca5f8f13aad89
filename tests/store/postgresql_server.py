"""A throw-away PostgreSQL server on a Unix socket, for one test session."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN_S = 60


class PostgresqlServer:
    """A running server; each call of `new_database` gives an empty database."""

    def __init__(self, socket_folder: Path) -> None:
        self._socket_folder = socket_folder
        self._numbers = itertools.count(1)
        self._shared: str | None = None

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://healthtwin@/{name}?host={self._socket_folder}"

    def new_database(self) -> str:
        return self.url(self._create())

    def emptied_database(self) -> str:
        """One database that all tests share, empty each time: a new one takes files for 7 MB."""
        import psycopg

        if self._shared is None:
            self._shared = self._create()
        with psycopg.connect(self._dsn(self._shared), autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url(self._shared)

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self._dsn("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create(self) -> str:
        import psycopg

        name = f"house_{next(self._numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return name

    def _dsn(self, name: str) -> str:
        return f"host={self._socket_folder} user=healthtwin dbname={name}"


def server_programs() -> Path | None:
    """The folder of `initdb` and `postgres`; Debian keeps it out of PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return installed[-1].parent if installed else None


@contextmanager
def running_server(programs: Path) -> Iterator[PostgresqlServer]:
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        account = next(a for name in ("postgres", "nobody") for a in pwd.getpwall() if a.pw_name == name)
        user = account.pw_uid
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    server = None
    try:
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "healthtwin",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            user=user,
        )
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-h", "", "-F"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            user=user,
        )
        postgresql = PostgresqlServer(folder)
        give_up_at = time.monotonic() + STARTS_WITHIN_S
        while not postgresql.answers():
            if server.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"PostgreSQL did not start (exit status {server.poll()})")
            time.sleep(0.05)
        yield postgresql
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth keeping
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
