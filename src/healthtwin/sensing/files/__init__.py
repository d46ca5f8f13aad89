"""Reading raw recordings from files: light, motion and sound, each into what its detector takes."""

from healthtwin.sensing.files.light import read_light
from healthtwin.sensing.files.motion import read_motion_file
from healthtwin.sensing.files.sound import read_sound
from healthtwin.sensing.files.table import read_columns, take_clock, take_named

__all__ = ["read_columns", "read_light", "read_motion_file", "read_sound", "take_clock", "take_named"]
