"""Every error the product raises on purpose, drawn once.

::

    HealthTwinError
    ├── InvalidInput            what came in cannot be right: field, value, allowed        → 422
    │   └── MalformedInput      it could not even be read (broken JSON, UTF-8, truncation) → 400
    │       └── Unparsable      its reader was ended: too long, too much memory, a crash   → 400
    ├── TooLarge                the body or file exceeds a stated limit                    → 413
    ├── NotFound                the named thing does not exist, or is not yours to see     → 404
    ├── Conflict                same key, other content; a verb that the state forbids     → 409
    │   └── SeenLess            a verb whose sender had not seen all that stands           → 409
    ├── Unauthenticated         no token, or one that is unknown, expired or revoked       → 401
    │   └── MissingFactor       the password is right, and something more is needed        → 401
    ├── Forbidden               a good token without the right for this                    → 403
    │   └── StepUp              first prove anew who you are                               → 403
    ├── RateLimited             too much in too short a time: retry_after_s                → 429
    ├── Unrecorded              who looks cannot be written down, so nothing is shown      → 503
    ├── StorageError            what was promised to be kept is in danger
    │   ├── StorageFull         refused early, before a write could fail half-way          → 507
    │   ├── StorageBusy         the file is locked by somebody else                        → 503
    │   └── CorruptStorage      what was read back is not what was written                 → 500
    └── ConfigurationError      a setting or a home directory that cannot work             → exit 2

Each says what was wrong, with what value, and what would be right. The HTTP status beside an error is the
one that `healthtwin.api` answers with; the error itself knows nothing of HTTP.
"""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN_CHARACTERS: Final = 80
"""A wrong value is echoed so that it can be recognised, not so that it can flood a log."""


class _Brief(reprlib.Repr):
    """Looks no deeper and no further into a value than an echo of it can show, however large it is."""

    def repr_instance(self, x: object, level: int) -> str:
        """Of a kind of its own: a dict is still one."""
        return self.repr_dict(x, level) if isinstance(x, dict) else super().repr_instance(x, level)


_BRIEFLY: Final = _Brief()
_BRIEFLY.maxlevel = 4
_BRIEFLY.maxstring = _BRIEFLY.maxother = _BRIEFLY.maxlong = 4 * _SHOWN_CHARACTERS
_BRIEFLY.maxdict = _BRIEFLY.maxlist = _BRIEFLY.maxtuple = _BRIEFLY.maxset = 20


def briefly(value: object) -> str:
    """`repr` of anything that came in, in bounded time and depth.

    >>> briefly({"a": [1, 2]}), briefly([[[[[[]]]]]])
    ("{'a': [1, 2]}", '[[[[[...]]]]]')
    """
    return _BRIEFLY.repr(value)


class HealthTwinError(Exception):
    """Base of every error raised on purpose.

    >>> str(HealthTwinError("the log is closed"))
    'the log is closed'
    """


class InvalidInput(HealthTwinError):
    """A field holds what cannot be right.

    Args:
        field: the name as the sender wrote it (``"heart_rate"``, ``"line 7, column POS"``).
        value: what was received; shortened to 80 characters in the message.
        allowed: what would have been right, in words and units.
        index: position in a batch, counted from 0, when there was a batch.

    >>> str(InvalidInput("heart_rate", -5, "10 to 350 /min"))
    'heart_rate: got -5; allowed: 10 to 350 /min'
    """

    def __init__(self, field: str, value: object, allowed: str, index: int | None = None) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        self.index = index
        shown = briefly(value)
        if len(shown) > _SHOWN_CHARACTERS:
            half = _SHOWN_CHARACTERS // 2  # both ends: of a path, the name is the end
            shown = f"{shown[: half - 3]}...{shown[-half:]}"
        where = field if index is None else f"row {index}, {field}"
        super().__init__(f"{where}: got {shown}; allowed: {allowed}")


class MalformedInput(InvalidInput):
    """The input could not be read at all, so no field can be judged."""


class Unparsable(MalformedInput):
    """Its reader had to be ended, or crashed: in a process of its own (`healthtwin.sandbox`), alone."""


class TooLarge(HealthTwinError):
    """The input exceeds a stated limit."""


class NotFound(HealthTwinError):
    """The named thing does not exist, or is not the asker's to see (the two are not told apart)."""


class Gone(NotFound):
    """The named person was erased: what comes now about them is not kept."""


class Conflict(HealthTwinError):
    """The request contradicts what is already stored."""


class SeenLess(Conflict):
    """Somebody decided on less than what stands; nothing was done.

    Args:
        alert: as it is now. new: what of it they had not seen.
    """

    def __init__(self, message: str, alert: object, new: Sequence[object]) -> None:
        self.alert = alert
        self.new = new
        super().__init__(message)


class Unauthenticated(HealthTwinError):
    """No token, or one that is unknown, expired or revoked."""


class MissingFactor(Unauthenticated):
    """The password is right, and something more is needed.

    Args:
        needs: which factor. clock_ms: by how much the clock that made the code is ahead, where that is why.
    """

    def __init__(self, message: str, needs: str, clock_ms: int | None = None) -> None:
        self.needs = needs
        self.clock_ms = clock_ms
        super().__init__(message)


class Forbidden(HealthTwinError):
    """A good token without the right for this."""


class Withheld(Forbidden):
    """A person keeps a kind of data back from whoever asks."""

    def __init__(self, message: str, kind: str) -> None:
        self.kind = kind
        super().__init__(message)


class StepUp(Forbidden):
    """Something that hands data on, asked in a session whose owner gave no proof lately."""


class RateLimited(HealthTwinError):
    """Too much in too short a time."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class Unrecorded(HealthTwinError):
    """Who looks at health data cannot be written down at the moment, so nothing of it is shown."""


class StorageError(HealthTwinError):
    """What was promised to be kept is in danger."""


class StorageFull(StorageError):
    """Free space fell below the reserve; new data is refused before a write could fail half-way."""


class StorageBusy(StorageError):
    """The file stayed locked by somebody else for longer than we wait."""


class CorruptStorage(StorageError):
    """What was read back is not what was written."""


class KeyGone(CorruptStorage):
    """What was read back was sealed with a key that is gone: whom it is about was erased."""


class ConfigurationError(HealthTwinError):
    """A setting or a home directory that cannot work; the message says what to change."""
