"""What counts as a value of a metric, and what is refused by name."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from healthtwin.domain import METRIC_BY_CODE, METRIC_BY_FIELD, METRICS, Metric, metric_named
from healthtwin.domain.errors import InvalidInput

metrics = st.sampled_from(list(METRICS.values()))


@given(metrics, st.floats(0, 1))
def test_every_value_in_the_plausible_range_is_kept_as_it_is(metric: Metric, share: float) -> None:
    value = metric.low + share * (metric.high - metric.low)
    value = min(max(value, metric.low), metric.high)
    assume(value not in metric.no_value)
    assert metric.check(value) == value


@given(metrics, st.one_of(st.floats(allow_nan=True), st.integers(), st.text(), st.booleans(), st.none()))
def test_what_is_accepted_is_a_finite_float_in_range_and_the_rest_is_refused_with_the_range(
    metric: Metric, value: object
) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    number = float(value) if is_number and isinstance(value, int | float) else math.nan
    if metric.low <= number <= metric.high and number not in metric.no_value:
        assert metric.check(value) == value
    else:
        with pytest.raises(InvalidInput) as refused:
            metric.check(value)
        assert refused.value.field == metric.name
        unit = "" if metric.unit == "1" else f" {metric.unit}"  # UCUM's 1 means none
        assert f"{metric.low:g} to {metric.high:g}{unit}" in str(refused.value)


@pytest.mark.parametrize("value", ["72", True, False, math.nan, math.inf, -5, 1e9, None, [72]])
def test_a_heart_rate_that_nobody_can_have_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="heart_rate"):
        METRICS["heart_rate"].check(value)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("heart_rate", 255),
        ("heart_rate", 254),
        ("heart_rate", 0),
        ("heart_rate", 511),
        ("heart_rate", 65535),
        ("heart_rate", -1),
        ("oxygen_saturation", 127),
        ("oxygen_saturation", 255),
        ("respiratory_rate", 0),
        ("respiratory_rate", 255),
        ("body_temperature", 0),
        ("blood_pressure_systolic", 2047),
        ("blood_pressure_diastolic", 255),
        ("hrv_rmssd", 0),
        ("hrv_sdnn", 65535),
        ("steps", 65535),
        ("body_weight", 0),
        ("blood_glucose", 4095),
        ("gait_cadence", 255),
    ],
)
def test_a_code_for_no_value_is_refused_and_said_to_be_one(metric: str, value: float) -> None:
    with pytest.raises(InvalidInput, match="is what devices send when they have no value"):
        METRICS[metric].check(value)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("heart_rate", 127),
        ("blood_pressure_systolic", 127),
        ("blood_pressure_systolic", 255),
        ("blood_pressure_diastolic", 127),
        ("steps", 0),
        ("cough_count", 0),
        ("blood_glucose", 511),
        ("body_weight", 127),
        ("ambient_temperature", -1),
        ("activity_level", 0),
    ],
)
def test_a_number_that_is_elsewhere_a_code_stays_a_value_where_somebody_can_have_it(
    metric: str, value: float
) -> None:
    assert METRICS[metric].check(value) == value


def test_codes_names_and_aliases_are_each_used_once() -> None:
    fields = [field for metric in METRICS.values() for field in (metric.name, *metric.aliases)]
    assert len(fields) == len(set(fields)) == len(METRIC_BY_FIELD)
    assert len(METRIC_BY_CODE) == len(METRICS)


def test_the_codes_in_the_log_never_change() -> None:
    """A renumbered code would silently turn stored heart rates into something else."""
    known = {metric.code: metric.name for metric in METRICS.values()}
    assert (
        known
        | {
            1: "heart_rate",
            2: "resting_heart_rate",
            3: "respiratory_rate",
            4: "oxygen_saturation",
            5: "body_temperature",
            6: "hrv_rmssd",
            7: "hrv_sdnn",
            8: "blood_pressure_systolic",
            9: "blood_pressure_diastolic",
            10: "activity_level",
            11: "steps",
            12: "consciousness",
            13: "supplemental_oxygen",
            14: "tremor_frequency",
            15: "tremor_amplitude",
            16: "gait_cadence",
            17: "cough_count",
            18: "hrv_pnn50",
            19: "blood_glucose",
            20: "body_weight",
            21: "ambient_temperature",
            22: "barometric_pressure",
            23: "postural_tremor_frequency",
            24: "postural_tremor_amplitude",
            25: "gait_regularity",
            26: "gait_asymmetry",
            27: "gait_unsteadiness",
            28: "sway_rms",
            29: "sway_path",
            30: "sway_area",
            31: "voice_pitch",
            32: "voice_jitter",
            33: "voice_shimmer",
            34: "voice_pause_share",
            35: "breath_tonal_share",
        }
        == known
    )


def test_rmssd_has_no_loinc_code_and_is_not_sdnn() -> None:
    assert METRICS["hrv_rmssd"].loinc == ()
    assert METRICS["hrv_sdnn"].loinc == ("80404-7",)


def test_an_unknown_metric_is_answered_with_the_ones_that_exist() -> None:
    with pytest.raises(InvalidInput, match="heart_rate, resting_heart_rate"):
        metric_named("hart_rate")
