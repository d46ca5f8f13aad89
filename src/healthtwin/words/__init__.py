"""From facts to sentences, once, at the edge: what leaves the house for people."""

from healthtwin.words.evidence import AdviceView, EvidenceView

__all__ = ["AdviceView", "EvidenceView"]
