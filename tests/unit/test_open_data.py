"""Open data: who is in, under which code, in which files."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sxsh_audit
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.reports.open_data import OpenData, folder, write_open_data
from sxsh_audit.reports.open_data.anonymous import SECTIONS, SIZE_BANDS, pseudonym
from sxsh_audit.tables.register import Register

SALT = bytes(range(32))
NAMES = [f"Công ty TNHH Hồng Hà {letter}" for letter in "ABCDEFGH"]


@pytest.fixture
def register() -> Register:
    """Return a register: six plants alike, one rare, one that did not agree."""
    count = len(NAMES)
    establishments = pd.DataFrame({
        "establishment": [f"MST-31006{i}" for i in range(count)], "name": NAMES,
        "tax_code": [f"310060000{i}" for i in range(count)], "vsic": ["1701"] * 6 + ["2394"] * 2,
        "vsic_version": "2018", "address": "Đường Trần Hưng Đạo", "district": "Lệ Thủy",
        "employees": [40, 60, 30, 20, 80, 90, 700, 70], "publish": ["yes"] * 7 + ["no"],
        "product": "giấy bao gói",
    })  # fmt: skip
    results = pd.DataFrame({
        "establishment": establishments["establishment"], "study": "Đợt 2016",
        "resource": ["electricity"] * 7 + ["Keo Hồng Hà"], "category": "purchased_energy",
        "unit": "kWh", "output_unit": "t", "baseline": 1000.0, "reporting": 920.0,
        "output_reporting": [100.0 * (i + 1) for i in range(count)], "saving": 0.08,
        "status": "within", "price": 1500.0, "currency": "VND", "quality": "billed",
        "end": [dt.date(2016, 12, 31)] * count, "programme": "vn-qb-2384",
    })  # fmt: skip
    options = pd.DataFrame({
        "establishment": "MST-310060", "study": "Đợt 2016", "option": ["G1", "G2", "G3"],
        "name": "Thay lò hơi của Hồng Hà", "cp_category": "technology_change",
        "resource": ["electricity", "electricity", ""], "status": "implemented",
        "cost": [6e6, np.nan, 2e6], "annual_saving": [2e6, 1e6, 4e6], "years": [3.0, np.nan, 0.5],
        "payback_class": ["years", "unknown", "years"], "currency": "VND",
        "evidence": "Biên bản Hồng Hà",
    })  # fmt: skip
    verdicts = results[["establishment", "study", "saving", "status", "programme"]]
    return Register.from_frames(establishments=establishments, results=results, options=options,
                                verdicts=verdicts)  # fmt: skip


def written(register: Register, place: Path, **terms: Any) -> OpenData:
    return write_open_data(register, place, salt=SALT, **terms)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_rare_plant_and_the_one_that_did_not_agree_are_left_out(
    register: Register, tmp_path: Path
) -> None:
    done = written(register, tmp_path)
    assert done.plants == 6
    assert done.smallest_class == 6
    assert done.left_out == {"unclear": 0, "earlier_study": 0, "no_consent": 1, "rare": 1}
    told = {tuple(row[key] for key in ("section", "division", "employees", "year"))
            for row in rows(tmp_path / "plants.csv")}  # fmt: skip
    assert told == {("C", "17", "11-100", "2016")}


def test_all_are_taken_where_the_publisher_says_so(register: Register, tmp_path: Path) -> None:
    done = written(register, tmp_path, agreed_only=False, minimum=2)
    # the two of division 23 differ in size: only the division is told of them
    assert done.plants == 8
    assert "no_consent" not in done.left_out
    coarse = [row for row in rows(tmp_path / "plants.csv") if row["division"] == "23"]
    assert [(row["employees"], row["year"]) for row in coarse] == [("", "")] * 2


def test_no_name_place_or_text_of_a_plant_is_in_any_file(
    register: Register, tmp_path: Path
) -> None:
    written(register, tmp_path, agreed_only=False, minimum=2)
    found = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for word in ("Hồng Hà", "31006", "Trần", "Lệ Thủy", "giấy bao gói", "Đợt", "G1", "Biên bản",
                 "2016-12-31"):  # fmt: skip
        assert word.encode() not in found, word


def test_a_code_cannot_be_found_by_hashing_names(register: Register, tmp_path: Path) -> None:
    written(register, tmp_path)
    codes = {row["plant"] for row in rows(tmp_path / "plants.csv")}
    known = [*register.establishments["establishment"], *NAMES]
    for kind in ("md5", "sha1", "sha256"):
        for name in known:
            digest = hashlib.new(kind, name.encode())
            assert digest.hexdigest()[:12] not in codes
    assert codes == {pseudonym(f"MST-31006{i}", SALT) for i in range(6)}
    # HMAC-SHA-256 of RFC 4231, test case 1: key 20 × 0b, «Hi There» → b0344c61 d8db3853 …;
    # its first 60 bits in base 32, five bits a letter, by hand:
    # 10110 00000 11010 00100 11000 11000 01110 11000 11011 01100 11100 00101
    assert pseudonym("Hi There", b"\x0b" * 20) == "wa2eyyoy3m4f"


def test_scaled_amounts_keep_saving_overall_and_payback(register: Register, tmp_path: Path) -> None:
    done = written(register, tmp_path)
    again = sxsh_audit.assess(sxsh_audit.read_study(done.study))
    assert [round(row["saving"], 12) for row in again.savings.rows] == [0.08] * 6
    assert {row["output_baseline"] for row in again.savings.rows} == {1000.0}
    assert [round(row["saving"], 12) for row in again.verdict.rows] == [0.08] * 6
    # 6 and 2 triệu over a yearly 2 and 4 triệu, of a plant with 100 t: ten times as much at 1000
    payback = {row["option"]: (row["years"], row["cost"]) for row in again.options.rows}
    assert payback["o1"] == (3.0, pytest.approx(60e6))
    assert payback["o3"] == (0.5, pytest.approx(20e6))
    assert payback["o2"][1] is None


def test_exact_amounts_keep_the_absolute_saving(register: Register, tmp_path: Path) -> None:
    done = written(register, tmp_path, amounts="exact")
    again = sxsh_audit.assess(sxsh_audit.read_study(done.study))
    # (1000 − 920) kWh/t × 100 … 600 t
    found = sorted(round(row["absolute_saving"], 6) for row in again.savings.rows)
    assert found == [8000.0, 16000.0, 24000.0, 32000.0, 40000.0, 48000.0]
    assert {row["output_reporting"] for row in rows(tmp_path / "results.csv")} == {
        "100.0", "200.0", "300.0", "400.0", "500.0", "600.0"}  # fmt: skip


def test_only_the_latest_study_of_a_plant_is_in(register: Register, tmp_path: Path) -> None:
    results = register.results
    later = results.assign(study="Đợt 2018", reporting=900.0, saving=0.1,
                           end=[dt.date(2018, 12, 31)] * len(results))  # fmt: skip
    both = register.with_tables(results=pd.concat([later, results]))
    done = written(both, tmp_path)
    assert done.left_out["earlier_study"] == 8
    assert done.plants == 6
    assert {row["saving"] for row in rows(tmp_path / "results.csv")} == {"0.1"}
    twice = register.with_tables(results=pd.concat([results, results.iloc[:1]]))
    done = written(twice, tmp_path / "twice")
    assert done.left_out["unclear"] == 1
    assert done.plants == 5


def test_own_resources_are_known_by_category_and_number(register: Register, tmp_path: Path) -> None:
    results = register.results
    own = results.assign(resource="Mực in Hồng Hà", category="other_material", unit="kg")
    done = written(register.with_tables(results=pd.concat([results, own])), tmp_path)
    again = sxsh_audit.assess(sxsh_audit.read_study(done.study))
    assert {(row["resource"], row["category"]) for row in again.savings.rows} == {
        ("electricity", "purchased_energy"), ("other_material_1", "other_material")}  # fmt: skip


def test_several_currencies_leave_money_out_of_the_study(
    register: Register, tmp_path: Path
) -> None:
    results = register.results
    results.loc[0, "currency"] = "USD"
    done = written(register.with_tables(results=results), tmp_path)
    assert not (done.study / "prices.csv").exists()
    assert not (done.study / "options.csv").exists()
    assert {row["currency"] for row in rows(tmp_path / "results.csv")} == {"USD", "VND"}
    assert len(sxsh_audit.assess(sxsh_audit.read_study(done.study)).savings.rows) == 6


def test_every_column_and_code_is_described(register: Register, tmp_path: Path) -> None:
    written(register, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in package["resources"]] == [
        "plants", "results", "verdicts", "options"]  # fmt: skip
    for one in package["resources"]:
        table = rows(tmp_path / one["path"])
        fields = one["schema"]["fields"]
        assert [field["name"] for field in fields] == list(table[0])
        assert one["rows"] == len(table)
        keys = [tuple(row[key] for key in one["schema"]["primaryKey"]) for row in table]
        assert len(keys) == len(set(keys))
        for field in fields:
            cells = {row[field["name"]] for row in table} - {""}
            if field["type"] in ("number", "integer"):
                assert all(np.isfinite(float(cell)) for cell in cells)
            if "constraints" in field:
                assert cells <= set(field["constraints"]["enum"]), field["name"]
    for name, word in (
        ("README.md", "at least 5 alike"),
        ("README.vi.md", "ít nhất 5 cơ sở giống nhau"),
    ):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert word in text
        assert all(f"`{field['name']}`" in text for one in package["resources"]
                   for field in one["schema"]["fields"])  # fmt: skip


def test_codes_of_the_description_are_those_of_the_library() -> None:
    from sxsh_audit.assessment.programme_files import CATEGORIES, OVERALL_RULES
    from sxsh_audit.calc.bands import Status
    from sxsh_audit.calc.payback import PaybackClass
    from sxsh_audit.data import load_toml
    from sxsh_audit.tables.schema import choice_keys

    codes = load_toml("open_data.toml")["codes"]
    assert set(codes["status"]) == set(Status)
    assert set(codes["payback_class"]) == set(PaybackClass)
    assert set(codes["category"]) == set(CATEGORIES)
    assert set(codes["rule"]) == set(OVERALL_RULES)
    assert set(codes["employees"]) == {band for _, band in SIZE_BANDS}
    for word, choice in (("quality", "quality"), ("option_status", "option_status"),
                         ("cost_class", "cost_class"), ("cp_category", "cp_category")):  # fmt: skip
        assert set(codes[word]) == set(choice_keys(choice)), word
    # Divisions of ISIC, revision 4: mining 05–09, manufacturing 10–33, energy 35, water 36–39
    assert dict(SECTIONS) == {3: "A", 9: "B", 33: "C", 35: "D", 39: "E", 43: "F", 99: "G-U"}


def test_parquet_says_what_csv_says(register: Register, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    written(register, tmp_path, parquet=True)
    for name in ("plants", "results", "verdicts", "options"):
        with duckdb.connect() as connection:
            frame = connection.execute(
                "SELECT * FROM read_parquet(?)", [str(tmp_path / f"{name}.parquet")]
            ).df()
        table = rows(tmp_path / f"{name}.csv")
        assert list(frame.columns) == list(table[0])
        assert len(frame) == len(table)
        for column in frame.columns:
            for cell, text in zip(frame[column], (row[column] for row in table), strict=True):
                same = str(cell) == text or (text == "" and (cell == "" or cell != cell))
                assert same or float(cell) == float(text), (name, column)


def test_parquet_without_duckdb_is_refused_before_anything_is_written(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "find_spec", lambda name: None)
    with pytest.raises(OutputError, match="duckdb") as found:
        written(register, tmp_path / "out", parquet=True)
    assert found.value.code == "open_data.no_parquet"
    assert not (tmp_path / "out").exists()
    written(register, tmp_path / "out")
    assert not list((tmp_path / "out").glob("*.parquet"))


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"salt": b"short"}, "open_data.salt"),
        ({"minimum": 1}, "open_data.minimum"),
        ({"minimum": 50}, "open_data.too_few"),
        ({"amounts": "rounded"}, "open_data.amounts"),
    ],
)
def test_what_would_hide_nothing_is_refused(
    register: Register, tmp_path: Path, terms: dict[str, Any], code: str
) -> None:
    for language in ("vi", "en"):
        with pytest.raises(Refusal) as found:
            write_open_data(register, tmp_path / "out", **{"salt": SALT, **terms},
                            language=language)  # fmt: skip
        assert found.value.code == code
    assert not (tmp_path / "out").exists()


def test_files_that_are_there_are_not_replaced_unasked(register: Register, tmp_path: Path) -> None:
    written(register, tmp_path)
    with pytest.raises(OutputError):
        written(register, tmp_path)
    assert written(register, tmp_path, overwrite=True).plants == 6
