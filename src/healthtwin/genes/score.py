"""Activity scores: a number, or "at least" a number where more than two gene copies were not counted out."""

from __future__ import annotations

from dataclasses import dataclass

from healthtwin.domain.errors import InvalidInput

_HIGHEST = 100.0  # beyond any number of gene copies ever seen
NOT_ASSIGNED = "n/a"  # the field's word where an allele's activity is not known


@dataclass(frozen=True, slots=True, order=True)
class ActivityScore:
    """Sum of the activity values of a person's gene copies (no unit; one normal copy is 1).

    Args:
        value: 0 or more.
        at_least: copies beyond the third were not counted, so the true score may be higher.

    Source: Gaedigk 2008 (PMID 17971818), CPIC/DPWG consensus of 2020 (PMID 31647186).

    >>> str(ActivityScore.parse("≥3.0") + ActivityScore.parse("0.25"))
    '≥3.25'
    >>> str(ActivityScore(2.0).times(0.5))
    '1.0'
    """

    value: float
    at_least: bool = False

    @staticmethod
    def parse(text: str) -> ActivityScore:
        """Reads ``"1.25"``, ``"≥3.0"`` or ``">=3"``; anything else is an `InvalidInput`."""
        body = text.strip()
        at_least = body.startswith(("≥", ">="))
        number = body.removeprefix("≥").removeprefix(">=").strip()
        try:
            value = float(number)
        except ValueError:
            raise InvalidInput("activity_score", text, "a number such as 1.25 or ≥3.0") from None
        if not 0.0 <= value <= _HIGHEST:
            raise InvalidInput("activity_score", text, f"0 to {_HIGHEST:g}")
        return ActivityScore(value, at_least)

    def __add__(self, other: ActivityScore) -> ActivityScore:
        return ActivityScore(self.value + other.value, self.at_least or other.at_least)

    def times(self, factor: float) -> ActivityScore:
        """The score left when an inhibitor takes a share of it away."""
        return ActivityScore(self.value * factor, self.at_least and factor > 0)

    def __str__(self) -> str:
        digits = f"{self.value:.4f}".rstrip("0")
        return ("≥" if self.at_least else "") + (digits + "0" if digits.endswith(".") else digits)
