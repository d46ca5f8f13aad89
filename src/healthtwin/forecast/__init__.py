"""What may be coming: members that judge every observation, the rule table, and the alarm budget. Pure."""

from healthtwin.forecast.budget import AlarmBudget
from healthtwin.forecast.deviation import DeviationCusum
from healthtwin.forecast.drift import Drift, drift_of, drift_said
from healthtwin.forecast.judgement import (
    FORECAST,
    FORECAST_VERSION,
    MEMBERS,
    Judgement,
    blank_forecasts,
    explain,
    judge,
    risks,
)
from healthtwin.forecast.member import (
    Expected,
    ExpectedValues,
    Member,
    Verdict,
    expected_row,
    nothing_expected,
)
from healthtwin.forecast.news2 import News2, news2
from healthtwin.forecast.safety import SafetyRules
from healthtwin.forecast.signatures import Signatures
from healthtwin.forecast.site_budget import SiteBudget, TailReference
from healthtwin.forecast.trained import TrainedForecast, base_rate
from healthtwin.forecast.trained_alarms import TrainedAlarms

__all__ = [
    "FORECAST",
    "FORECAST_VERSION",
    "MEMBERS",
    "AlarmBudget",
    "DeviationCusum",
    "Drift",
    "Expected",
    "ExpectedValues",
    "Judgement",
    "Member",
    "News2",
    "SafetyRules",
    "Signatures",
    "SiteBudget",
    "TailReference",
    "TrainedAlarms",
    "TrainedForecast",
    "Verdict",
    "base_rate",
    "blank_forecasts",
    "drift_of",
    "drift_said",
    "expected_row",
    "explain",
    "judge",
    "news2",
    "nothing_expected",
    "risks",
]
