"""Playing recordings through the whole pipeline, on a clock that follows event time."""

from healthtwin.replay.mapping import ColumnMapping, known_mappings, load_mapping
from healthtwin.replay.plan import shortened
from healthtwin.replay.play import parse_speed, replay
from healthtwin.replay.reading import read_recording
from healthtwin.replay.recording import Recording, Subject
from healthtwin.replay.report import ReplayReport
from healthtwin.replay.report_text import lines as report_lines

__all__ = [
    "ColumnMapping",
    "Recording",
    "ReplayReport",
    "Subject",
    "known_mappings",
    "load_mapping",
    "parse_speed",
    "read_recording",
    "replay",
    "report_lines",
    "shortened",
]
