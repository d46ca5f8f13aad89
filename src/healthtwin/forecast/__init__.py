"""What may be coming: members that judge every observation, and the alarm budget. Pure.

Importing it reads no file; models are passed in (`Forecast`), or those of the program are read when first
asked for (`shipped_forecast`).
"""

from healthtwin.forecast.agreement import Agreement, agreement_counts, agreement_of
from healthtwin.forecast.budget import AlarmBudget
from healthtwin.forecast.deviation import DeviationCusum
from healthtwin.forecast.drift import Drift, drift_of, drift_said
from healthtwin.forecast.exertion import exerting
from healthtwin.forecast.judgement import MEMBERS, MOST_FACTS, Forecast, Judgement, shipped_forecast
from healthtwin.forecast.member import (
    Expected,
    ExpectedValues,
    Member,
    Verdict,
    Voice,
    expected_row,
    measured,
    nothing_expected,
)
from healthtwin.forecast.model_folder import ModelFolder, models_in, shipped_models
from healthtwin.forecast.news2 import News2, news2
from healthtwin.forecast.own_floor import confirm_low_pulse
from healthtwin.forecast.safety import SafetyRules
from healthtwin.forecast.signatures import Signatures
from healthtwin.forecast.site_budget import SiteBudget, TailReference
from healthtwin.forecast.trained import TrainedForecast
from healthtwin.forecast.trained_alarms import TrainedAlarms
from healthtwin.forecast.with_symptoms import note_symptoms

__all__ = [
    "MEMBERS",
    "MOST_FACTS",
    "Agreement",
    "AlarmBudget",
    "DeviationCusum",
    "Drift",
    "Expected",
    "ExpectedValues",
    "Forecast",
    "Judgement",
    "Member",
    "ModelFolder",
    "News2",
    "SafetyRules",
    "Signatures",
    "SiteBudget",
    "TailReference",
    "TrainedAlarms",
    "TrainedForecast",
    "Verdict",
    "Voice",
    "agreement_counts",
    "agreement_of",
    "confirm_low_pulse",
    "drift_of",
    "drift_said",
    "exerting",
    "expected_row",
    "measured",
    "models_in",
    "news2",
    "note_symptoms",
    "nothing_expected",
    "shipped_forecast",
    "shipped_models",
]
