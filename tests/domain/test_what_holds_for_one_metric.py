"""Everything that differs from metric to metric stands on its row, and arrays follow the rows."""

from healthtwin.domain import BASELINES, LEARNED, METRICS
from healthtwin.domain.arrays import COLUMN, COLUMNS


def test_columns_in_the_log_have_no_gap_and_never_change() -> None:
    """A column stands in logged requests: one that moved would confirm another metric's new normal."""
    assert [baseline.column for baseline in BASELINES] == list(range(COLUMNS))
    assert [metric.name for metric in LEARNED][:9] == [
        "heart_rate",
        "resting_heart_rate",
        "respiratory_rate",
        "oxygen_saturation",
        "body_temperature",
        "hrv_rmssd",
        "hrv_sdnn",
        "blood_pressure_systolic",
        "blood_pressure_diastolic",
    ]
    assert all(COLUMN[metric.name] == place for place, metric in enumerate(LEARNED))


def test_a_shown_value_is_never_finer_than_what_is_kept() -> None:
    for metric in METRICS.values():
        assert 10**-metric.digits >= metric.resolution, metric.name


def test_a_baseline_starts_wider_than_its_narrowest() -> None:
    for metric, baseline in zip(LEARNED, BASELINES, strict=True):
        assert baseline.prior_spread > baseline.least_spread > 0, metric.name


def test_digits_names_and_staleness_are_told_from_the_row() -> None:
    temperature = METRICS["body_temperature"]
    assert (temperature.digits, temperature.label_code) == (1, "metric-body-temperature")
    assert all(metric.stale_after_ms > 0 for metric in METRICS.values())
