"""The audit of a home, as the rest of the house uses it.

`note` queues an entry and hands out what resolves once it is durable. Whoever shows health data waits for
that before the answer leaves; ingest, judging and telling never do. What cannot be written keeps `ready`
refusing until it can again, and the gap becomes an entry of its own.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from healthtwin.access.audit.entry import ALLOWED, Access, fits_id
from healthtwin.access.audit.file import AUDIT_FILE, Written
from healthtwin.access.audit.keys import UNKNOWN, address_key, erased_mark, where_from
from healthtwin.access.audit.reading import alarms_of
from healthtwin.access.audit.settings import AuditSettings
from healthtwin.access.audit.watch import Watch
from healthtwin.access.audit.writer import HOUSE, Waiting, Writer, trim_before, unrecorded
from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import HealthTwinError, StorageError, StorageFull
from healthtwin.store.space import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from healthtwin.access.grants import Grant
    from healthtwin.store import Home

__all__ = ["CONSOLE", "HOUSE", "NOBODY", "Audit"]

CONSOLE: Final = "console"
NOBODY: Final = "nobody"
"""Who asks where there is no grant: a command on the machine, somebody unknown; `HOUSE`: the house itself."""

SAME_WITHIN_MS: Final = MINUTE_MS
"""Accesses that are the same but for their time are counted for so long: one entry, then one more with the
count."""

_MOST_RECENT: Final = 10_000
_NEARLY_FULL: Final = 0.9
_WHOLE_S: Final = 30.0
_LOOK_AGAIN_S: Final = 1.0


@dataclass(slots=True)
class _Recent:
    """An access that was written lately, and how often it came again since."""

    access: Access
    done: Future[int]
    again: int = 0
    until_ms: int = 0


class Audit:
    """Any thread may note; several processes may, at once.

    Args:
        home: whose.
        settings: how it is kept; None: as the home's `config.toml` says.
        now_ms: the wall clock.
        on_alarm: hears of alarms for the operator, once they are written; it should only pass them on.
    """

    def __init__(
        self,
        home: Home,
        settings: AuditSettings | None = None,
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        on_alarm: Callable[[Access], None] = lambda _: None,
    ) -> None:
        self._home = home
        self._path = home.path / AUDIT_FILE
        self._settings = settings or AuditSettings.of(home.section("audit"), home.config_path)
        self._now_ms = now_ms
        self._address_key: bytes | None = None
        self._recent: dict[tuple[object, ...], _Recent] = {}
        self._watch = Watch()
        self._alarms: list[dict[str, Any]] = []
        self._alarms_at = -_LOOK_AGAIN_S
        self._lock = threading.Lock()
        self._closed = False
        self._writer = Writer(home, self._settings, now_ms, self._count_what_is_over, on_alarm)

    # ---------------------------------------------------------------- noting

    def ready(self) -> None:
        """Refuse to show anything while nothing can be written.

        Raises:
            Unrecorded: saying so.
        """
        if self._writer.failure is not None:
            raise unrecorded()

    def where(self, address: str) -> str:
        """What the audit calls an address."""
        if self._address_key is None:
            try:
                self._address_key = address_key(self._home)
            except (HealthTwinError, OSError):
                return UNKNOWN  # the writer fails for the same reason, and says so
        return where_from(address, self._address_key)

    def note(  # noqa: PLR0913 - each says one thing about an access
        self,
        who: Grant | str,
        person: str | None,
        what: str,
        purpose: str = "",
        where: str = "",
        result: str = ALLOWED,
        *,
        people: Iterable[str] = (),
        kind: str = "",
        relation: str = "",
        facts: Mapping[str, int] | None = None,
        alarm: str = "",
        waited: bool = False,
    ) -> Future[int]:
        """Queue an entry; never blocks.

        Args:
            who: whose grant; or `CONSOLE`, `HOUSE`, `NOBODY`.
            person: pseudonym; None: of `people`, or nobody in particular.
            what: route template with its method, or the command; constant texts of ours.
            purpose, kind, relation: one word each.
            where: the client's address, as it is.
            result: `allowed`, `refused` or `failed`.
            people: pseudonyms of a list that is shown.
            facts: whole numbers, such as ``bytes``.
            alarm: the operator is told, by this word.
            waited: the caller shows nothing before the entry is durable; else it is kept and tried again.

        Returns:
            Its number, once it is durable; fails with `Unrecorded` when it was `waited` for and cannot be.

        Raises:
            ValueError: a text that may not stand in the audit.
        """
        named = who if isinstance(who, str) else who.actor
        session = "" if isinstance(who, str) else str(getattr(who, "session", ""))
        access = Access(
            who=named if fits_id(named) else NOBODY,
            what=what,
            result=result,
            at_ms=self._now_ms(),
            people=tuple(sorted({*people, *(() if person is None else (person,))})),
            role="" if isinstance(who, str) else str(who.scope),
            relation=relation,
            kind=kind,
            purpose=purpose,
            where=self.where(where) if where else "",
            session=session if fits_id(session) else "",
            alarm=alarm,
            facts=facts or {},
        )
        done = self._noted(access, waited=waited)
        for further in self._watch.heard(access):
            self._put(Written(further), Future(), waited=False)
        return done

    def note_erasure(self, who: Grant | str, person_id: str, pseudonym: str) -> Future[int]:
        """That somebody was erased; never waited for. Nothing that is hashed names them."""
        try:
            key = self._address_key or address_key(self._home)
        except (HealthTwinError, OSError):
            key = b""  # the writer fails for the same reason, and says so
        named = who if isinstance(who, str) else who.actor
        return self._put(
            Written(
                Access(
                    named if fits_id(named) else NOBODY,
                    "erasure",
                    ALLOWED,
                    self._now_ms(),
                    (pseudonym,),
                    erased=erased_mark(person_id, key),
                )
            ),
            Future(),
            waited=False,
        )

    def _noted(self, access: Access, *, waited: bool) -> Future[int]:
        if access.facts or access.alarm:
            return self._put(Written(access), Future(), waited=waited)
        with self._lock:
            known = self._recent.get(access.same_as)
            if known is not None and _stands(known, access.at_ms):
                known.again += 1
                known.until_ms = access.at_ms
                return known.done
            if known is not None:
                self._count(known)
            if len(self._recent) >= _MOST_RECENT:
                self._count_up_to(None)
            done: Future[int] = Future()
            self._recent[access.same_as] = _Recent(access, done)
            return self._put(Written(access), done, waited=waited)

    def _count_what_is_over(self) -> None:
        with self._lock:
            self._count_up_to(self._now_ms())

    def _count_up_to(self, now_ms: int | None) -> None:
        """Write the counts of what is no longer recent (None: of all); the lock is held."""
        for key, known in list(self._recent.items()):
            if now_ms is None or not 0 <= now_ms - known.access.at_ms < SAME_WITHIN_MS:
                self._count(known)
                del self._recent[key]

    def _count(self, known: _Recent) -> None:
        if known.again:
            self._put(Written(known.access, known.again, known.until_ms), Future(), waited=False)

    def _put(self, written: Written, done: Future[int], *, waited: bool) -> Future[int]:
        if self._closed:
            done.set_exception(unrecorded())
        else:
            self._writer.put(Waiting(written, done, waited))
        return done

    # ---------------------------------------------------------------- by the clock

    def tidy(self) -> bool:
        """Trim some thousands of what outlived its days, and keep the reserve; False when unfinished."""
        if self._closed or self._writer.failure is not None:
            return True
        self._writer.keep_reserve()
        before_ms = trim_before(self._now_ms(), self._settings.keep_days)
        return self._asked(Waiting(None, Future(), trim_before_ms=before_ms)) == 0

    def failures(self) -> Mapping[str, HealthTwinError | None]:
        """What keeps it from its work, or soon will, by part of the house."""
        return {
            "audit": self._writer.failure,
            "audit-anchor": self._writer.anchor_failure,
            "audit-room": self._room_failure(),
        }

    def alarms(self, since_ms: int, most: int = 100) -> list[dict[str, Any]]:
        """Alarms for the operator since an instant, newest first, those of other processes too.

        Looked for once a second at most; what cannot be read is told by `failures`.
        """
        now = time.monotonic()
        if now - self._alarms_at >= _LOOK_AGAIN_S:
            self._alarms_at = now
            try:
                self._alarms = alarms_of(self._path, most)
            except HealthTwinError:
                self._alarms = []
        return [body for body in self._alarms if body["at"] >= since_ms]

    def flush(self) -> None:
        """Wait until all that was noted so far is written or refused, counts included."""
        with self._lock:
            self._count_up_to(None)
        self._asked(Waiting(None, Future()))

    def close(self) -> None:
        """Write what waits, and release the file."""
        with self._lock:
            if self._closed:
                return
            self._count_up_to(None)
            self._closed = True
        self._writer.close()

    def _asked(self, waiting: Waiting) -> int:
        self._writer.put(waiting)
        try:
            return waiting.done.result(_WHOLE_S)
        except TimeoutError:
            return 0

    def _room_failure(self) -> HealthTwinError | None:
        if self._writer.on_reserve:
            return StorageFull(
                f"{self._path}: the disk is full, and the audit lives on what was set aside for it"
            )
        used, room = self._writer.bytes(), self._settings.room_mib * MEBIBYTE
        if used < _NEARLY_FULL * room:
            return None
        return StorageError(
            f"{self._path}: {used // MEBIBYTE} of {self._settings.room_mib} MiB used; give it more by "
            "[audit] room_mib, or keep entries for fewer days by [audit] keep_days. Nothing is overwritten"
        )


def _stands(known: _Recent, at_ms: int) -> bool:
    if not 0 <= at_ms - known.access.at_ms < SAME_WITHIN_MS:
        return False
    return not known.done.done() or known.done.exception() is None
