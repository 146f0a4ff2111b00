"""The table of the team: read in both languages, told in a result, changing no figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from study_folders import codes, found, write_study

import sxsh_audit as sx

TEAM = "Họ tên;Chức vụ;Nhiệm vụ trong đội\nLê Thị An;Giám đốc;đội trưởng\nTrần Bình;;\n"


def recorded(folder: Path) -> list[dict[str, str]]:
    found = sx.assess(sx.read_study(folder))
    team: list[dict[str, str]] = found.study["recorded"]["team"]
    return team


@pytest.mark.parametrize(
    ("name", "headings"),
    [("doi_sxsh", "Họ tên;Chức vụ;Nhiệm vụ trong đội"), ("nhom_sxsh", "Họ và tên;Bộ phận;Vai trò"),
     ("team", "Name;Position;Duty in the team"), ("members", "Full name;Department;Role")],
)  # fmt: skip
def test_it_is_read_under_its_names(tmp_path: Path, name: str, headings: str) -> None:
    rows = f"{headings}\nLê Thị An;Giám đốc;đội trưởng\nTrần Bình;;\n"
    folder = write_study(tmp_path / "plant", **{name: rows})
    study = sx.read_study(folder)
    assert study.team["name"].tolist() == ["Lê Thị An", "Trần Bình"]
    assert study.team["position"].tolist() == ["Giám đốc", ""]
    first, second = recorded(folder)
    assert {key: first[key] for key in ("name", "position", "duty")} == {
        "name": "Lê Thị An", "position": "Giám đốc", "duty": "đội trưởng"}  # fmt: skip
    assert not {"position", "duty"} & {*second}  # what is not known is left out


def test_no_figure_depends_on_it(tmp_path: Path) -> None:
    with_team = sx.assess(sx.read_study(write_study(tmp_path / "a" / "plant", team=TEAM)))
    without = sx.assess(sx.read_study(write_study(tmp_path / "b" / "plant")))
    documents = [with_team.to_dict(), without.to_dict()]
    for document in documents:
        document.pop("study")
    assert documents[0] == documents[1]
    assert without.study["recorded"]["team"] == []


def test_it_survives_json_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = "".join(f"Người {number};;\n" for number in range(12, 0, -1))
    folder = write_study(tmp_path / "p", team=f"Họ tên;Chức vụ;Nhiệm vụ\n{rows}")
    result = sx.assess(sx.read_study(folder))
    back = sx.Assessment.from_dict(json.loads(json.dumps(result.to_dict())))
    told = [row["name"] for row in back.study["recorded"]["team"]]
    assert told == [f"Người {number}" for number in range(12, 0, -1)]


def test_a_member_without_a_name_and_of_no_plant_is_told_in_its_row(tmp_path: Path) -> None:
    rows = "Họ tên;Mã cơ sở;Chức vụ\n;A;Giám đốc\nAn;C;Kế toán\nBình;A;\n"
    folder = write_study(
        tmp_path / "p", facility="facility;name\nA;Nhà máy A\nB;Nhà máy B\n", team=rows,
        san_luong="Mã cơ sở;Kỳ;Sản lượng;Đơn vị\nA;2013;1.000;tấn\nA;2014;1.100;tấn\n",
        tieu_thu="Mã cơ sở;Tài nguyên;Kỳ;Lượng mua;Đơn vị\nA;Điện;2013;1.200;kWh\n"
                 "A;Điện;2014;1.210;kWh\n",
    )  # fmt: skip
    told = {(item.place.file, item.place.row) for item in found(folder)
            if item.severity == "error"}  # fmt: skip
    assert told == {("team.csv", 2), ("team.csv", 3)}


def test_it_comes_from_a_data_frame_too() -> None:
    import pandas as pd

    totals = {"Giai đoạn": ["nền", "báo cáo"]}
    study = sx.Study(
        production=pd.DataFrame({**totals, "Sản lượng": [10, 10], "Đơn vị": "t"}),
        consumption=pd.DataFrame(
            {**totals, "Tài nguyên": "Điện", "Lượng mua": [12, 11], "Đơn vị": "kWh"}),
        team=pd.DataFrame({"Họ tên": ["An"], "Chức vụ": ["Giám đốc"]}),
    )  # fmt: skip
    assert study.team["name"].tolist() == ["An"]


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x","y")', "\u202eyàgn", "x" * 300, "<b>An</b>"]
)
def test_a_hostile_name_is_kept_as_typed(tmp_path: Path, name: str) -> None:
    cell = '"' + name.replace('"', '""') + '"'
    folder = write_study(tmp_path / "p", team=f"Họ tên;Chức vụ\n{cell};x\n")
    assert codes(folder) == []
    assert recorded(folder)[0]["name"] == name
