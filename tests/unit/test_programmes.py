"""Programmes: their files against the sources, phases, and verdicts."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import numpy as np
import pytest

from sxsh_audit.assessment.programme_files import read_programme
from sxsh_audit.assessment.programmes import Programme, programme, programmes, resource_category
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.data import open_fact
from sxsh_audit.errors import DataError, PeriodError, ProgrammeError
from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.language.messages import has_message
from sxsh_audit.language.periods import parse_period

ALL_FOUR = {"purchased_energy", "fuel", "raw_material", "other_material"}

# Written by hand from the decisions and the pages that the files name.
STATED = {
    "vn-qb-2384": (ALL_FOUR, [("2013-09-30", "2015-12-31", 0.05, 0.08),
                              ("2016-01-01", "2020-12-31", 0.08, 0.13)]),
    "vn-1419": (ALL_FOUR, [("2009-09-07", "2015-12-31", 0.05, 0.08),
                           ("2016-01-01", "2020-12-31", 0.08, 0.13)]),
    "vn-889": ({"fuel", "raw_material", "other_material"},
               [("2021-01-01", "2025-12-31", 0.05, 0.08),
                ("2026-01-01", "2030-12-31", 0.07, 0.10)]),
    "vn-pt-4282": (ALL_FOUR, [("2015-10-15", "2020-12-31", 0.05, 0.08)]),
    "vn-na": (ALL_FOUR, [(None, "2020-12-31", 0.05, 0.13)]),
    "vn-th-160": (ALL_FOUR, [("2017-01-01", "2020-12-31", 0.08, 0.13)]),
    "vn-hn-2024": ({"purchased_energy", "fuel"}, [("2024-11-18", "2025-12-31", None, None)]),
}  # fmt: skip
HANOI = {
    "textile": (0.015, None), "alcohol_beverages": (0.016, 0.024), "paper": (0.04, 0.05),
    "chemicals": (0.02, None), "plastics": (0.06, 0.08),
}  # fmt: skip

MINIMAL = """
id = "my-programme"
title_vi = "Chương trình của tôi"
title_en = "My programme"
legal_ref = "Quyết định 1/QĐ-UBND"
authority = "UBND tỉnh"
source = "https://example.org"
counted = ["purchased_energy", "water"]
basis = "unit_of_product"

[[phases]]
id = "2025-2030"
start = 2025-01-01
low = 0.03
"""


@pytest.fixture
def quang_binh() -> Programme:
    return programme("vn-qb-2384")


def test_programmes_are_those_of_the_table_sorted() -> None:
    assert [entry.id for entry in programmes()] == sorted(STATED)


@pytest.mark.parametrize("entry", programmes(), ids=lambda entry: entry.id)
def test_file_says_what_its_source_says(entry: Programme) -> None:
    counted, phases = STATED[entry.id]
    assert set(entry.counted) == counted
    found = [
        (None if p.start is None else p.start.isoformat(), p.end and p.end.isoformat(), p.low,
         p.high)
        for p in entry.phases
    ]
    assert found == phases
    assert entry.source.startswith("http")
    assert entry.legal_ref
    assert entry.authority
    assert entry.confidence[0] in "HML"


def test_hanoi_has_a_band_per_sector_some_one_sided() -> None:
    (phase,) = programme("vn-hn-2024").phases
    assert {band.sector: (band.low, band.high) for band in phase.sectors} == HANOI


def test_denominators_of_2384_differ_between_its_phases(quang_binh: Programme) -> None:
    applying = [entry for entry in quang_binh.indicators if entry.kind == "applying"]
    assert [(entry.denominator, entry.low, entry.high) for entry in applying] == [
        ("capable_establishments", 0.20, 0.25), ("all_establishments", 0.50, None),
    ]  # fmt: skip


@pytest.mark.parametrize("entry", programmes(), ids=lambda entry: entry.id)
def test_every_reading_of_ours_has_its_words(entry: Programme) -> None:
    assert len(entry.notes("vi")) == len(entry.notes("en")) > 0
    for language in LANGUAGES:
        assert entry.title(language)
        for code in (f"basis_{entry.basis}", f"rule_{entry.overall_rule}",
                     f"anchor_{entry.anchor}", f"edges_{entry.edges}"):  # fmt: skip
            assert has_message(f"programme.{code}", language)


@pytest.mark.parametrize(
    ("date", "phase", "status"),
    [
        (dt.date(2014, 12, 31), "2013-2015", "within"),
        (dt.datetime(2015, 12, 31, 23, 59), "2013-2015", "within"),
        ("2016-01-01", "2016-2020", "below"),
        ("12/2015", "2013-2015", "within"),
        ("Quý I/2016", "2016-2020", "below"),
        ("2015", "2013-2015", "within"),
        (np.datetime64("2014-05-01"), "2013-2015", "within"),
        (parse_period("2014"), "2013-2015", "within"),
    ],
)
def test_phase_is_that_of_the_last_day(
    quang_binh: Programme, date: object, phase: str, status: str
) -> None:
    found = quang_binh.verdict(0.06, date, "electricity")
    assert (found.phase, found.status, found.as_if) == (phase, status, False)


def test_verdict_holds_the_band_that_was_applied(quang_binh: Programme) -> None:
    found = quang_binh.verdict(0.08, "2014-06-30", "coal")
    assert found.to_dict() == {
        "programme": "vn-qb-2384", "phase": "2013-2015", "sector": "", "low": 0.05, "high": 0.08,
        "saving": 0.08, "status": "within", "counted": True, "as_if": False,
    }  # fmt: skip


def test_verdict_of_an_array_is_json(quang_binh: Programme) -> None:
    found = quang_binh.verdict([0.05, math.nan, -0.1, 0.2], "2014-06-30")
    assert found.status.tolist() == ["within", "unknown", "worse", "above"]
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["saving"] == [0.05, None, -0.1, 0.2]
    assert record["status"] == ["within", "unknown", "worse", "above"]


def test_unknown_saving_is_unknown(quang_binh: Programme) -> None:
    found = quang_binh.verdict(math.nan, "2014-06-30", "electricity")
    assert found.status == "unknown"
    assert found.to_dict()["saving"] is None


def test_water_is_not_counted_in_2384(quang_binh: Programme) -> None:
    found = quang_binh.verdict(0.3, "2014-06-30", "water")
    assert (found.status, found.counted) == ("not_counted", False)
    assert (found.low, found.high) == (0.05, 0.08)


def test_electricity_is_not_counted_in_889() -> None:
    found = programme("vn-889").verdict(0.06, "2023-12-31", "electricity")
    assert (found.status, found.counted) == ("not_counted", False)
    assert programme("vn-889").verdict(0.06, "2023-12-31", "coal").status == "within"
    assert programme("vn-889").verdict(0.06, "2027-12-31", "fuel").status == "below"


def test_open_start_of_nghe_an() -> None:
    assert programme("vn-na").verdict(0.13, "2001-01-01").status == "within"


def test_outside_every_phase_names_the_phases(quang_binh: Programme) -> None:
    for date in ("2013-09-29", "2021-01-01"):
        with pytest.raises(ProgrammeError, match=r"2013-2015 \(30/09/2013 – 31/12/2015\)") as no:
            quang_binh.verdict(0.06, date)
        assert no.value.code == "programme.outside"


def test_phase_judges_as_if(quang_binh: Programme) -> None:
    after = quang_binh.verdict(0.06, "2022-12-31", phase="2016-2020")
    assert (after.status, after.phase, after.as_if) == ("below", "2016-2020", True)
    inside = quang_binh.verdict(0.06, "2017-12-31", phase="2016-2020")
    assert not inside.as_if
    other = quang_binh.verdict(0.06, "2017-12-31", phase="2013-2015")
    assert (other.status, other.as_if) == ("within", True)
    with pytest.raises(ProgrammeError, match="2013-2015, 2016-2020"):
        quang_binh.verdict(0.06, "2017-12-31", phase="2018")


def test_a_band_per_sector_needs_the_sector() -> None:
    hanoi = programme("vn-hn-2024")
    with pytest.raises(ProgrammeError, match="textile, alcohol_beverages, paper") as refused:
        hanoi.verdict(0.02, "2025-06-30", "electricity")
    assert refused.value.code == "programme.sector_needed"
    with pytest.raises(ProgrammeError, match="steel") as refused:
        hanoi.verdict(0.02, "2025-06-30", sector="steel")
    assert refused.value.code == "programme.sector_unknown"
    found = hanoi.verdict([0.014, 0.015, 0.5], "2025-06-30", "coal", sector="textile")
    assert found.status.tolist() == ["below", "within", "within"]
    assert (found.high, found.sector) == (None, "textile")


def test_a_sector_that_889_does_not_name_is_refused() -> None:
    assert programme("vn-889").verdict(0.06, "2023-12-31", sector="steel").status == "within"
    with pytest.raises(ProgrammeError, match="cement"):
        programme("vn-889").verdict(0.06, "2023-12-31", sector="bricks")


def test_a_percentage_without_its_sign_is_refused(quang_binh: Programme) -> None:
    with pytest.raises(RangeError, match=r"Did you mean 6.1% = 0.061"):
        quang_binh.verdict(6.1, "2014-06-30", language="en")


def test_a_date_without_one_reading_is_refused(quang_binh: Programme) -> None:
    with pytest.raises(PeriodError):
        quang_binh.verdict(0.06, "05/03/2014")
    with pytest.raises(TypeError, match="not float"):
        quang_binh.verdict(0.06, 2014.5)


def test_resource_keys_and_categories() -> None:
    assert resource_category("coal_cam_5_6") == "fuel"
    assert resource_category("purchased_energy") == "purchased_energy"
    assert resource_category("packaging") == "other_material"
    with pytest.raises(ProgrammeError, match="electricity"):
        resource_category("electrcity")


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(ProgrammeError, match=r"vn-qb-2348.*vn-qb-2384") as refused:
        programme("vn-qb-2348")
    assert refused.value.numbers["near"][0] == "vn-qb-2384"
    assert refused.value.numbers["known"] == tuple(sorted(STATED))
    assert programme("VN-QB-2384").id == "vn-qb-2384"


def test_a_file_of_the_users_own(tmp_path: Path) -> None:
    path = tmp_path / "của tôi.toml"
    path.write_text(MINIMAL, encoding="utf-8")
    for given in (path, str(path)):
        mine = programme(given)
        assert (mine.id, mine.anchor, mine.edges) == ("my-programme", "first_baseline", "closed")
        assert mine.verdict(0.5, "2028-01-01", "water").status == "within"
        assert mine.verdict(0.5, "2028-01-01", "coal").status == "not_counted"
    assert mine.phases[0].label("vi") == "2025-2030 (từ 01/01/2025)"


def test_shipped_files_serve_as_models(tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    path.write_text(open_fact("programmes/vn-hn-2024.toml").read_text("utf-8"), "utf-8")
    assert programme(path) == programme("vn-hn-2024")


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match=r"nope\.toml") as refused:
        programme(tmp_path / "nope.toml")
    assert refused.value.code == "programme.no_file"
    path = tmp_path / "broken.toml"
    path.write_text("id = ", encoding="utf-8")
    with pytest.raises(DataError) as wrong:
        programme(path)
    assert wrong.value.code == "programme.not_toml"
    path.write_bytes(b'id = "\xff"')
    with pytest.raises(ProgrammeError) as refused:
        programme(path)
    assert refused.value.code == "programme.unreadable"


FAULTS = [
    ('counted = ["purchased_energy", "water"]', 'counted = ["watr"]', "fault_choice"),
    ('counted = ["purchased_energy", "water"]', "counted = []", "fault_missing"),
    ('counted = ["purchased_energy", "water"]', "counted = [1]", "fault_type"),
    ('basis = "unit_of_product"', 'basis = "unit"', "fault_choice"),
    ('title_en = "My programme"', 'titel_en = "My programme"', "fault_key"),
    ('title_en = "My programme"', 'title_en = " "', "fault_missing"),
    ('title_en = "My programme"', "title_en = 5", "fault_type"),
    ("low = 0.03", "low = 3", "fault_share"),
    ("low = 0.03", "low = true", "fault_type"),
    ("low = 0.03", "low = 0.03\nhigh = 0.02", "fault_band"),
    ("low = 0.03", "high = 0.02", "fault_missing"),
    ("low = 0.03", "", "fault_no_band"),
    ("start = 2025-01-01", "start = 2025-01-01T00:00:00", "fault_type"),
    ("start = 2025-01-01", "start = 2025-01-01\nend = 2024-01-01", "fault_days"),
    ("low = 0.03", 'low = 0.03\n[[phases]]\nid = "2025-2030"\nlow = 0.1', "fault_twice"),
    ("low = 0.03", 'low = 0.03\n[[phases]]\nid = "b"\nlow = 0.1', "fault_overlap"),
    ("low = 0.03", 'low = 0.03\n[[phases.sectors]]\nsector = "a"', "fault_missing"),
    ("low = 0.03", 'low = 0.03\n[[indicators]]\nkind = "aware"', "fault_missing"),
]


@pytest.mark.parametrize(("good", "bad", "code"), FAULTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fault_of_a_file_is_told(
    good: str, bad: str, code: str, language: Language
) -> None:
    assert good in MINIMAL
    with pytest.raises(DataError) as refused:
        read_programme(MINIMAL.replace(good, bad), "mine.toml", language=language)
    assert f"programme.{code}" in refused.value.numbers["codes"]
    assert "mine.toml" in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    text = MINIMAL.replace("low = 0.03", "low = 3").replace("unit_of_product", "unit")
    with pytest.raises(DataError) as refused:
        read_programme(text.replace("legal_ref", "legal"), "mine.toml", language="en")
    assert refused.value.numbers["codes"] == (
        "programme.fault_key", "programme.fault_missing", "programme.fault_choice",
        "programme.fault_share",
    )  # fmt: skip
    assert str(refused.value).count("\n- ") == 4
    assert "Write it as a fraction: 3% = 0.03." in str(refused.value)


@pytest.mark.parametrize("written", ['"6 %"', '"0.06"', '"6%"', "0.06", '"0,06"'])
def test_an_end_of_the_band_may_be_a_number_or_a_text(written: str) -> None:
    found = read_programme(MINIMAL.replace("low = 0.03", f"low = {written}"), "mine.toml")
    assert found.phases[0].low == 0.06


def test_one_cause_is_one_fault_with_its_place_and_type_in_words() -> None:
    text = MINIMAL.replace("low = 0.03", 'low = "sáu"\nhigh = 0.08')
    with pytest.raises(DataError) as refused:
        read_programme(text, "mine.toml", language="vi")
    assert refused.value.numbers["codes"] == ("programme.fault_type",)
    told = str(refused.value)
    assert "giai đoạn 1 (2025-2030), low" in told
    assert "số thập phân, ví dụ 0.06" in told
    with pytest.raises(DataError, match=r"phase 1 \(2025-2030\), low.*a decimal number"):
        read_programme(text, "mine.toml", language="en")
