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
    blank_episodes,
    is_open,
    open_level,
    wake,
)
from healthtwin.episodes.ladders import CHANNELS, LADDER, Look, look_at
from healthtwin.episodes.learning_pace import (
    DEFAULT_FREEZE,
    QUESTIONED,
    Freeze,
    doubt,
    learning_pace,
    question,
    settle,
)
from healthtwin.episodes.silence import Standing, close_silence, is_held, silence, silence_evidence, standing
from healthtwin.episodes.told import (
    Told,
    is_news,
    shown_signs,
    standing_facts,
    standing_signs,
    told_in,
    with_told,
)
from healthtwin.episodes.verbs import Knows, apply_verb

__all__ = [
    "CHANNELS",
    "DEDUP_KEYS",
    "DEFAULT_FREEZE",
    "EPISODE",
    "EPISODE_VERSION",
    "LADDER",
    "QUESTIONED",
    "SILENCE_KEY",
    "VITALS_KEY",
    "EpisodeChange",
    "Freeze",
    "Knows",
    "Look",
    "Moved",
    "Standing",
    "Told",
    "Verb",
    "advance",
    "apply_verb",
    "blank_episodes",
    "change_of",
    "close_silence",
    "decode_change",
    "doubt",
    "encode_change",
    "is_held",
    "is_news",
    "is_open",
    "learning_pace",
    "look_at",
    "open_level",
    "question",
    "reconcile",
    "settle",
    "shown_signs",
    "silence",
    "silence_evidence",
    "standing",
    "standing_facts",
    "standing_signs",
    "told_in",
    "wake",
    "with_told",
]
