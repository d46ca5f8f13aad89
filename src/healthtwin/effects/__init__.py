"""Effects of treatments from observed data: doubly robust, with intervals, overlap and refutations.

Pure: a study in, an effect out. Every answer is observational: nobody threw a coin.

>>> import numpy as np
>>> from healthtwin.effects import estimate, study_of
>>> rng = np.random.default_rng(0)
>>> age = rng.normal(size=400)
>>> treated = (rng.random(400) < 1 / (1 + np.exp(-age))).astype(float)
>>> effect = estimate(study_of(treated, 2 * treated + 3 * age + rng.normal(size=400), age[:, None]))
>>> effect.low < 2 < effect.high, effect.naive > 3
(True, True)
"""

from healthtwin.effects.across_sites import Combined, SiteSummary, combine, summary_of
from healthtwin.effects.estimate import Effect, Estimand, estimate
from healthtwin.effects.propensity import Overlap
from healthtwin.effects.refutation import Refutations, refute, robustness_value
from healthtwin.effects.study import Study, read_study, study_of

__all__ = [
    "Combined",
    "Effect",
    "Estimand",
    "Overlap",
    "Refutations",
    "SiteSummary",
    "Study",
    "combine",
    "estimate",
    "read_study",
    "refute",
    "robustness_value",
    "study_of",
    "summary_of",
]
