"""A mapping says in a few lines of TOML what a file's columns mean, and is held to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthtwin.domain import to_ms
from healthtwin.domain.errors import ConfigurationError
from healthtwin.play.replay import Recording, known_mappings, load_mapping, read_recording


def recording_of(folder: Path, mapping: str, csv: str) -> Recording:
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    (folder / "table.csv").write_text(csv, encoding="utf-8")
    return read_recording(folder / "table.csv", load_mapping(folder / "mapping.toml"))


def mapping_of(
    metrics: str,
    time: str = '{ column = "t", format = "epoch_s" }',
    person: str = 'person = "id"',
    more: str = "",
) -> str:
    return f'name = "x"\n[[table]]\n{person}\ntime = {time}\n{more}\n[table.metrics]\n{metrics}\n'


@pytest.mark.parametrize(
    ("metric", "unit", "told", "ours"),
    [
        ("body_temperature", "[degF]", "98.6", 37.0),
        ("hrv_rmssd", "s", "0.042", 42.0),
        ("heart_rate", "Hz", "1.2", 72.0),
        ("oxygen_saturation", "1", "0.97", 97.0),
        ("blood_pressure_systolic", "kPa", "16", 120.009872),
        ("blood_glucose", "mmol/L", "5", 90.078),
    ],
)
def test_a_unit_in_the_file_is_converted_into_the_metrics_own(
    tmp_path: Path, metric: str, unit: str, told: str, ours: float
) -> None:
    mapping = mapping_of(f'{metric} = {{ column = "v", unit = "{unit}" }}')
    recording = recording_of(tmp_path, mapping, f"id,t,v\nada,1767225600,{told}\n")
    assert recording.metrics == (metric,)
    assert recording.values.tolist() == [[ours]]


def test_scale_and_offset_stand_in_for_a_unit_nobody_knows(tmp_path: Path) -> None:
    mapping = mapping_of('heart_rate = { column = "v", scale = 2.0, offset = 10.0 }')
    assert recording_of(tmp_path, mapping, "id,t,v\nada,1767225600,30\n").values.tolist() == [[70.0]]


@pytest.mark.parametrize(
    ("time", "text"),
    [
        ('{ column = "t", format = "epoch_s" }', "1767229200"),
        ('{ column = "t", format = "epoch_ms" }', "1767229200000"),
        ('{ column = "t", format = "hours", epoch = 2026-01-01T00:00:00Z }', "1"),
        ('{ column = "t", format = "minutes", epoch = 2026-01-01T00:00:00Z }', "60"),
        ('{ column = "t" }', "2026-01-01T02:00:00+01:00"),
        ('{ column = "t", timezone = "Europe/Berlin" }', "2026-01-01 02:00"),
        ('{ column = "t", format = "%d.%m.%Y %H:%M", timezone = "UTC" }', "01.01.2026 01:00"),
        ('{ column = "t", at = "01:00", timezone = "UTC" }', "2026-01-01"),
        ('{ column = "t", format = "%d.%m.%Y", at = "01:00", timezone = "UTC" }', "01.01.2026"),
    ],
)
def test_every_way_of_writing_a_time_names_the_same_instant(tmp_path: Path, time: str, text: str) -> None:
    recording = recording_of(tmp_path, mapping_of('heart_rate = "v"', time), f"id,t,v\nada,{text},60\n")
    assert recording.times_ms.tolist() == [1_767_229_200_000]


def test_a_number_that_stands_for_no_value_is_absent_and_counted(tmp_path: Path) -> None:
    mapping = mapping_of('hrv_rmssd = { column = "v", absent = [0, -1] }')
    recording = recording_of(
        tmp_path, mapping, "id,t,v\nada,1767225600,0\nada,1767225700,-1.0\nada,1767225800,9\n"
    )
    assert recording.counts.declared_absent == {"v": 2}
    assert recording.values.tolist() == [[9]]


def test_a_constant_is_added_to_rows_that_measured_something_only(tmp_path: Path) -> None:
    mapping = mapping_of('heart_rate = "v"', more="constants = { activity_level = 0 }")
    recording = recording_of(tmp_path, mapping, "id,t,v\nada,1767225600,60\nada,1767225700,\n")
    assert recording.metrics == ("heart_rate", "activity_level")
    assert recording.values.tolist() == [[60, 0]]


def test_people_are_made_from_what_the_file_says_of_them_and_nothing_more(tmp_path: Path) -> None:
    mapping = mapping_of('heart_rate = "v"') + (
        '[people]\nage = "age"\nsex = "sex"\nsex_words = { w = "female" }\ntimezone_column = "zone"\n'
    )
    csv = (
        "id,t,v,age,sex,zone\n"
        "ada,1767225600,60,40,w,Asia/Tokyo\nben,1767225600,60,25-34,x,\ncy,1767225600,60,>=30,,\n"
    )
    ada, ben, cy = recording_of(tmp_path, mapping, csv).subjects
    assert (ada.birth_year, ada.sex, ada.timezone) == (1986, "female", "Asia/Tokyo")
    assert (ben.birth_year, ben.sex, ben.timezone) == (1997, None, "UTC")
    assert (cy.birth_year, cy.sex) == (None, None)


def test_copies_shifted_by_a_time_zone_are_dropped_and_counted_when_the_mapping_says_so(
    tmp_path: Path,
) -> None:
    csv = "id,t,v\nada,1767225600,60\nada,1767236400,60\nada,1767236401,60\nada,1767240000,61\n"
    plain = recording_of(tmp_path, mapping_of('heart_rate = "v"'), csv)
    cleaned = recording_of(tmp_path, mapping_of('heart_rate = "v"', more="drop_shifted_copies = true"), csv)
    assert (plain.rows, cleaned.rows, cleaned.counts.shifted_copies) == (4, 3, 1)


def test_a_label_is_remembered_with_the_first_row_that_carries_it(tmp_path: Path) -> None:
    mapping = 'label_means = "fever"\n' + mapping_of('heart_rate = "v"', more='label = "ill"')
    csv = "id,t,v,ill\nada,1767225600,60,0\nada,1767225700,,1\nada,1767225800,60,1\nben,1767225600,60,0\n"
    ada, ben = recording_of(tmp_path, mapping, csv).subjects
    assert (ada.labelled_ms, ben.labelled_ms) == (1_767_225_700_000, None)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (mapping_of('pulse = "v"'), "no metric 'pulse'"),
        (mapping_of('heart_rate = { column = "v", unit = "furlong" }'), "'furlong' cannot be converted"),
        (mapping_of('heart_rate = { column = "v", unit = "Hz", scale = 2.0 }'), "not both"),
        (mapping_of('heart_rate = "v"', '{ column = "t", format = "hours" }'), "epoch"),
        (mapping_of('heart_rate = "v"', '{ column = "t", format = "stardate" }'), "stardate"),
        (mapping_of('heart_rate = "v"', '{ column = "t", timezone = "Mars/Olympus" }'), "Mars/Olympus"),
        (mapping_of('heart_rate = "v"', '{ column = "t", at = "25:00" }'), "25:00"),
        (mapping_of('heart_rate = "v"', person=""), "person"),
        (mapping_of('heart_rate = "v"', more="constants = { heart_rate = -5 }"), "-5"),
        (mapping_of('heart_rate = "v"', more="speed = 1"), "speed"),
        (mapping_of(""), "at least one metric"),
        (mapping_of('heart_rate = "v"') + '[people]\nfile = "p.csv"', "column of names"),
        (mapping_of('heart_rate = "v"') + '[people]\nsex_words = { w = "woman" }', "woman"),
        ("name = ", "not a mapping"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_naming_the_key(
    tmp_path: Path, mapping: str, said: str
) -> None:
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_mapping(tmp_path / "mapping.toml")


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_mapping(tmp_path / "mapping.toml")


def test_the_mappings_that_come_with_the_product_say_where_their_times_come_from() -> None:
    known = known_mappings()
    assert sorted(known) == ["cinc2019_setB", "lifesnaps_daily", "welltory_hrv_covid19"]
    assert all(mapping.notes for mapping in known.values())
    epoch = known["cinc2019_setB"].table[0].time.epoch
    assert epoch is not None
    assert to_ms(epoch) == 1_546_300_800_000
