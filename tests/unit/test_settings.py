"""Settings of every wrong type, each said once and on its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from study_folders import SETTINGS, USE, codes, found, write_study

from sxsh_audit import read_study
from sxsh_audit.language.messages import describe
from sxsh_audit.tables.settings import read_settings


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("study", True, "settings.not_text"),
        ("title", [1], "settings.not_text"),
        ("programme", {"a": 1}, "settings.not_text"),
        ("locale", 5, "settings.choice"),
        ("quality", "x", "settings.quality"),
        ("overall", 1.5, "settings.choice"),
        ("currency", "tấn", "settings.currency"),
        ("currency", "triệu đồng", "settings.currency"),
        ("baseline", 2013.5, "period.not_a_period"),
        ("baseline", "03/04/2014", "period.two_readings"),
        ("baseline", {"start": "2013"}, "settings.period_table"),
        ("baseline", [2013], "period.not_a_period"),
        ("reporting", {"start": "2014", "end": "2013"}, "settings.period_reversed"),
        ("report_date", "hôm qua", "period.not_a_period"),
        ("files", 3, "settings.not_table"),
        ("files", {"x": "a.csv"}, "settings.unknown_table"),
        ("files", {"prices": 3}, "settings.not_text"),
        ("columns", [1], "settings.not_table"),
        ("columns", {"prices": 4}, "settings.not_table"),
        ("columns", {"prices": {"Giá": "pricee"}}, "settings.unknown_field"),
        ("spellings", 5, "settings.not_spellings"),
        ("spellings", {"số": "kWhh"}, "settings.spelling"),
        ("facter_set", "x", "settings.unknown_key"),
    ],
)
def test_wrong_settings(key: str, value: object, code: str) -> None:
    _, findings = read_settings({key: value})
    assert [item.code for item in findings] == [code]


def test_a_fault_stands_on_its_line(tmp_path: Path) -> None:
    path = write_study(tmp_path, 'locale = "vi"\nbaseline = "2013"\nreporting = "hôm qua"\n')
    (item,) = found(path)
    assert (item.place.file, item.place.row, item.value) == ("study.toml", 3, "reporting = hôm qua")


@pytest.mark.parametrize(
    "data", [b'locale = "vi"\nbaseline = 2013 2014\n', SETTINGS.encode("utf-16")]
)
def test_unreadable_settings_are_the_only_fault(tmp_path: Path, data: bytes) -> None:
    path = write_study(tmp_path)
    (path / "study.toml").write_bytes(data)
    assert codes(path) in (["file.toml"], ["file.toml_encoding"])


def test_words_of_settings_may_be_vietnamese() -> None:
    settings, findings = read_settings(
        {"kỳ nền": "2013", "Kỳ báo cáo": 2014, "quality": "hóa đơn", "currency": "đồng"}
    )
    assert findings == []
    assert (settings.baseline.days, settings.quality, settings.currency) == (365, "billed", "VND")


def test_own_spellings_in_the_settings(tmp_path: Path) -> None:
    path = write_study(
        tmp_path,
        SETTINGS + '[spellings]\n"số điện" = "kWh"\n',
        tieu_thu=USE.replace("1.210.000;kWh", "1.210.000 số điện;").replace(";kWh", ";Số điện"),
        gia="Tài nguyên;Đơn giá;Đơn vị\nĐiện;1.500;đồng/số điện\n",
    )
    study = read_study(path)
    assert study.consumption["use"].tolist() == [1_200_000.0, 1_210_000.0]
    assert study.prices["price"].tolist() == [1500.0]


def test_own_spellings_in_a_file_of_the_shape_of_ours(tmp_path: Path) -> None:
    own = "# của tôi\nunit,power,noun,spellings,source\n"
    own += "kWh,,,số điện | so dien,tôi\nkWh,3,,chục,tôi\n"
    path = write_study(
        tmp_path,
        SETTINGS.replace("locale", 'spellings = "cua_toi.csv"\nlocale'),
        tieu_thu=USE.replace("kWh", "số điện", 1).replace("1.210.000;kWh", "1.210;chục"),
        cua_toi=own,
    )
    assert found(path) == []
    # 1,200,000 kWh and 1,210 × 10³ kWh
    assert read_study(path).consumption["use"].tolist() == [1_200_000.0, 1_210_000.0]
    path = write_study(
        tmp_path, SETTINGS + 'spellings = "cua_toi.csv"\n', cua_toi=own + "kWhx,,,a,\n"
    )
    (item,) = found(path)
    assert (item.code, item.place.file, item.place.row) == ("settings.spelling", "cua_toi.csv", 5)


def test_own_files_stand_beside_the_study(tmp_path: Path) -> None:
    own = 'programme = "cua_toi.toml"\nfactor_set = "he_so.toml"\n[files]\nprices = "gia2013.csv"\n'
    path = write_study(tmp_path, SETTINGS + own)
    assert codes(path) == ["file.missing"] * 3
    for name in ("cua_toi.toml", "he_so.toml"):
        (path / name).write_text("", encoding="utf-8")
    path = write_study(
        tmp_path, SETTINGS + own, gia2013="Tài nguyên;Đơn giá;Đơn vị\nĐiện;1.500;đồng/kWh\n"
    )
    study = read_study(path)
    assert study.settings.programme == str(path / "cua_toi.toml")
    assert study.prices["price"].tolist() == [1500.0]


def test_the_words_for_quality_are_told_in_the_language_of_the_reader() -> None:
    _, (item,) = read_settings({"quality": "không rõ"})
    assert "hóa đơn (billed)" in describe(item, "vi")
    assert 'quality = "hóa đơn"' in describe(item, "vi")
    assert "billed, estimated, nameplate" in describe(item, "en")


def test_a_date_is_no_period() -> None:
    _, (item,) = read_settings({"baseline": dt.datetime(2013, 1, 1), "reporting": "2014"})
    assert item.code == "settings.one_day"
    days = {"start": "2013-01-01", "end": "2013-01-01"}
    assert read_settings({"baseline": days, "reporting": "2014"})[1] == []  # said in full
