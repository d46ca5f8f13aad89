"""The durable log and the runner that folds it into everybody's state.

A `Log` keeps what happened (`SqliteLog` in one file); `GroupCommit` lets many senders share one fsync; a
`Runner` feeds the log to a pure `Step`, in order for each person, keeps snapshots, and tells every `Change`
exactly once through its outbox. After a stop, at whatever point, a replay leads to the same bytes.

Beside them: windows that hop over readings, and events joined in time, one by one or in arrays.
"""

from healthtwin.domain.log import Change, LogRecord, NewRecord
from healthtwin.engines.sqlite import Connect, Connection, connect_sqlite
from healthtwin.stream.fold import Fold
from healthtwin.stream.follower import Follower
from healthtwin.stream.group_commit import GroupCommit
from healthtwin.stream.journal import Journal
from healthtwin.stream.log import Log
from healthtwin.stream.projection import LogSource, OutboxSource, Projection, Reach, Source
from healthtwin.stream.record import HOUSE_DEVICE, Appended, content_digest, device_key
from healthtwin.stream.runner import Runner
from healthtwin.stream.sensor_clocks import ClockProblem
from healthtwin.stream.sqlite_log import SqliteLog
from healthtwin.stream.state_file import OutboxRow, StateFile
from healthtwin.stream.step import Caused, Step
from healthtwin.stream.windows import (
    LEFT,
    RIGHT,
    HoppingWindows,
    HoppingWindowsInArrays,
    IntervalJoin,
    IntervalJoinInArrays,
    Match,
    Window,
)

__all__ = [
    "HOUSE_DEVICE",
    "LEFT",
    "RIGHT",
    "Appended",
    "Caused",
    "Change",
    "ClockProblem",
    "Connect",
    "Connection",
    "Fold",
    "Follower",
    "GroupCommit",
    "HoppingWindows",
    "HoppingWindowsInArrays",
    "IntervalJoin",
    "IntervalJoinInArrays",
    "Journal",
    "Log",
    "LogRecord",
    "LogSource",
    "Match",
    "NewRecord",
    "OutboxRow",
    "OutboxSource",
    "Projection",
    "Reach",
    "Runner",
    "Source",
    "SqliteLog",
    "StateFile",
    "Step",
    "Window",
    "connect_sqlite",
    "content_digest",
    "device_key",
]
