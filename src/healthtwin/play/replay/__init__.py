"""Playing recordings through the whole pipeline, on a clock that follows event time."""

from healthtwin.play.replay.mapping import ColumnMapping, known_mappings, load_mapping
from healthtwin.play.replay.plan import shortened
from healthtwin.play.replay.play import parse_speed, replay
from healthtwin.play.replay.reading import read_recording
from healthtwin.play.replay.recording import RecordedPerson, Recording
from healthtwin.play.replay.report import ReplayReport
from healthtwin.play.replay.report_text import lines as report_lines
from healthtwin.play.replay.report_text import nothing_taken

__all__ = [
    "ColumnMapping",
    "RecordedPerson",
    "Recording",
    "ReplayReport",
    "known_mappings",
    "load_mapping",
    "nothing_taken",
    "parse_speed",
    "read_recording",
    "replay",
    "report_lines",
    "shortened",
]
