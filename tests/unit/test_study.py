"""A study: frozen, whole, and refused with everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_folders import OUTPUT, USE, codes, write_study

from sxsh_audit import check_study, read_study
from sxsh_audit.errors import StudyError


def test_a_study_is_frozen(tmp_path: Path) -> None:
    study = read_study(write_study(tmp_path))
    with pytest.raises(AttributeError):
        study.settings = None
    table = study.consumption  # a copy
    table["use"] = 0.0
    assert study.consumption["use"].tolist() == [1_200_000.0, 1_210_000.0]
    assert set(study.hashes) == {"study.toml", "san_luong.csv", "tieu_thu.csv"}


def test_the_refusal_holds_every_finding(tmp_path: Path) -> None:
    path = write_study(tmp_path, tieu_thu=USE.replace("1.200.000", "-1").replace("1.210.000", "x"))
    with pytest.raises(StudyError) as caught:
        read_study(path, language="en")
    assert str(caught.value).splitlines()[0].endswith("that must be mended first: 2")
    assert [item.place.row for item in caught.value.findings] == [2, 3]


@pytest.mark.parametrize(
    ("files", "settings", "expected"),
    [
        ({"san_luong": None}, None, ["study.no_production"]),
        ({}, 'locale = "vi"\n', ["study.no_periods"]),
        ({}, 'locale = "vi"\nbaseline = "2010"\nreporting = "2014"\n', ["study.empty_phase"] * 2),
        (
            {},
            'locale = "vi"\nbaseline = "2014"\nreporting = "2013"\n',
            ["settings.periods_overlap"],
        ),
    ],
)
def test_what_only_the_whole_study_shows(
    tmp_path: Path, files: dict[str, str | None], settings: str | None, expected: list[str]
) -> None:
    path = write_study(tmp_path, settings, **files) if settings else write_study(tmp_path, **files)
    assert codes(path) == expected


def test_findings_as_a_table_in_both_languages(tmp_path: Path) -> None:
    path = write_study(tmp_path, tieu_thu=USE.replace("1.200.000", "-1"))
    for language, rule in (("vi", "số phải ≥ 0."), ("en", "the figure must be ≥ 0.")):
        (row,) = check_study(path, language=language).to_dict("records")
        assert (row["file"], row["row"], row["column"], row["value"]) == (
            "tieu_thu.csv",
            2,
            "Lượng mua",
            "-1",
        )
        assert row["rule"] == rule


def test_rows_outside_both_periods_are_said(tmp_path: Path) -> None:
    path = write_study(tmp_path, san_luong=OUTPUT + "Vật đúc;2012;900;tấn\n")
    assert codes(path, "note") == ["study.outside_periods"]


def test_tons_of_other_countries_are_spelled_as_data_files_spell_them(tmp_path: Path) -> None:
    rows = "Tài nguyên;Kỳ;Lượng mua;Đơn vị\nThan;2013;1;short_ton\nThan;2014;1;long_ton\n"
    use = read_study(write_study(tmp_path, tieu_thu=rows)).consumption["use"].tolist()
    # 2,000 lb and 2,240 lb of 0.45359237 kg each
    assert use == [pytest.approx(0.90718474, rel=1e-15), pytest.approx(1.0160469088, rel=1e-15)]
