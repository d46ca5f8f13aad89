"""Episodes: what comes together for one person, silence, and what is told about them."""

from healthtwin.domain import EpisodeChange, Verb, decode_change, encode_change
from healthtwin.episodes.changes import change_of, reconcile
from healthtwin.episodes.episodes import (
    DEDUP_KEYS,
    EPISODE,
    EPISODE_VERSION,
    SILENCE_KEY,
    VITALS_KEY,
    Moved,
    advance,
    apply_verb,
    blank_episodes,
    is_open,
    open_level,
    wake,
)
from healthtwin.episodes.learning_pace import (
    DEFAULT_FREEZE,
    QUESTIONED,
    Freeze,
    doubt,
    learning_pace,
    question,
    settle,
)
from healthtwin.episodes.silence import Standing, close_silence, silence, silence_evidence, standing

__all__ = [
    "DEDUP_KEYS",
    "DEFAULT_FREEZE",
    "EPISODE",
    "EPISODE_VERSION",
    "QUESTIONED",
    "SILENCE_KEY",
    "VITALS_KEY",
    "EpisodeChange",
    "Freeze",
    "Moved",
    "Standing",
    "Verb",
    "advance",
    "apply_verb",
    "blank_episodes",
    "change_of",
    "close_silence",
    "decode_change",
    "doubt",
    "encode_change",
    "is_open",
    "learning_pace",
    "open_level",
    "question",
    "reconcile",
    "settle",
    "silence",
    "silence_evidence",
    "standing",
    "wake",
]
