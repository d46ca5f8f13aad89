"""The log of a process: everything that would be said on stderr goes through one allow-list."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from healthtwin.domain.plain_log import OURS, PlainLines, where_it_failed

if TYPE_CHECKING:
    from types import TracebackType


def log_plainly(level: int = logging.INFO) -> None:
    """Send logs, warnings and errors that nobody caught to stderr, as `PlainLines` allows."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainLines())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)
    for chatty in ("alembic", "uvicorn"):  # what they tell at INFO is about themselves
        logging.getLogger(chatty).setLevel(logging.WARNING)
    log = logging.getLogger(OURS)

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("The program ended by an error that nobody expected: %s", where_it_failed(error))

    def in_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and isinstance(told.exc_value, Exception):
            log.critical(
                "A thread ended by an error that nobody expected: %s", where_it_failed(told.exc_value)
            )

    def unraisable(told: Any) -> None:  # noqa: ANN401 - the interpreter's own kind
        if told.exc_value is not None:
            log.error("An error came where nobody could catch it: %s", where_it_failed(told.exc_value))

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable
