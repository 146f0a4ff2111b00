"""From tables to flow sheets: which rows, which period, which amounts; sheets in less detail."""

from __future__ import annotations

import dataclasses
import math
import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flow_plants import FLOWS, flow, plant, table
from study_folders import write_book, write_study

import sxsh_audit as sx
from sxsh_audit.assessment.flows.flow_sheet import Content, FlowStep
from sxsh_audit.assessment.flows.layers import layers_of
from sxsh_audit.errors import StudyError

YEARS = {"baseline": "2013", "reporting": "2014", "language": "en"}


def sheet_of(flows: pd.DataFrame, **more: Any) -> sx.FlowSheet:
    return sx.FlowSheet.from_tables(flows, language="en", **more)


def told(study: sx.Study, code: str) -> list[dict[str, Any]]:
    return [item.numbers for item in sx.assess(study).findings if item.code == code]


def same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


# -- amounts ------------------------------------------------------------------------------------


def test_months_are_added_up_and_their_error_does_not_average_out() -> None:
    months = table(("A", "", "S", "input", 10.0, "2013-01"), ("A", "", "S", "input", 12.0,
                   "2013-02"), ("P", "S", "", "product", 9.0, "2013-01"),
                   ("P", "S", "", "product", 11.0, "2013-02"),
                   columns=f"{FLOWS} period", unit="t", error="2 %", error_meaning="95 %")
    found = sheet_of(months, baseline="2013", reporting="2014")
    assert (found.phase, found.days) == ("baseline", 31 + 28)
    assert found.flow("A").amount == 22.0
    # One scale weighs every month: 2 % of 22 t at 95 %, and not √(0.2² + 0.24²).
    assert found.flow("A").sd == pytest.approx(0.02 * 22 / 1.96, rel=2e-4)


def test_a_month_that_was_not_measured_leaves_the_sum_unknown() -> None:
    months = table(("A", "", "S", "input", 10.0, "2013-01"), ("A", "", "S", "input", None,
                   "2013-02"), ("P", "S", "", "product", 9.0, "2013-01"),
                   ("P", "S", "", "product", 0.0, "2013-02"),
                   columns=f"{FLOWS} period", unit="t")
    found = sheet_of(months, baseline="2013", reporting="2014")
    assert math.isnan(found.flow("A").amount)
    assert found.flow("P").amount == 9.0  # a measured zero is a zero


def test_money_and_ends_of_months_are_added_up_and_one_that_lacks_leaves_them_unknown() -> None:
    months = table(("A", "", "S", "input", 10.0, "2013-01", 5e6, 9.0, 11.0),
                   ("A", "", "S", "input", 12.0, "2013-02", 6e6, 10.0, 14.0),
                   ("B", "", "S", "input", 1.0, "2013-01", 1e6, 0.5, 2.0),
                   ("B", "", "S", "input", 1.0, "2013-02", None, None, 2.0),
                   columns=f"{FLOWS} period cost quantity_low quantity_high", unit="t")
    found = sheet_of(months, baseline="2013", reporting="2014")
    a, b = found.flow("A"), found.flow("B")
    assert (a.cost, a.low, a.high) == (11e6, 19.0, 25.0)
    assert math.isnan(b.cost)
    assert math.isnan(b.low)
    assert b.high == 4.0


def test_rows_outside_the_periods_are_of_no_sheet_and_are_told() -> None:
    rows = table(("A", "", "S", "input", 10.0, "2013-01"), ("P", "S", "", "product", 10.0,
                 "2013-01"), ("A", "", "S", "input", 99.0, "2011-01"),
                 columns=f"{FLOWS} period", unit="t")
    study = sx.Study(flows=rows, **YEARS)
    assert [sheet.flow("A").amount for sheet in sx.FlowSheet.all_of(study)] == [10.0]
    assert told(study, "flow.outside_periods") == [{"count": 1, "rows": [4]}]


def test_flows_that_cover_other_days_are_told() -> None:
    rows = table(("A", "", "S", "input", 10.0, "2013-01"), ("A", "", "S", "input", 10.0,
                 "2013-02"), ("P", "S", "", "product", 9.0, "2013-01"),
                 columns=f"{FLOWS} period", unit="t")
    assert told(sx.Study(flows=rows, **YEARS), "flow.uneven_periods") == [
        {"flows": ["P"]}
    ]


def test_a_flow_by_months_and_one_by_the_year_cover_the_same_year() -> None:
    rows = table(*(("A", "", "S", "input", 10.0, f"2013-{month:02}") for month in range(1, 13)),
                 ("P", "S", "", "product", 110.0, "2013"), columns=f"{FLOWS} period", unit="t")
    study = sx.Study(flows=rows, **YEARS)
    found = sx.FlowSheet.from_study(study)
    assert (found.flow("A").amount, found.days) == (120.0, 365)
    assert told(study, "flow.uneven_periods") == []


def test_a_phase_without_dates_has_the_days_of_its_period() -> None:
    rows = table(("A", "", "S", "input", 10.0, "baseline"), ("P", "S", "", "product", 10.0,
                 "baseline"), ("A", "", "S", "input", 8.0, "reporting"),
                 columns=f"{FLOWS} phase", unit="t")
    sheets = sx.FlowSheet.all_of(sx.Study(flows=rows, language="en", baseline="2012",
                                          reporting="2013-01..2013-03"))  # fmt: skip
    assert [(sheet.phase, sheet.days) for sheet in sheets] == [
        ("baseline", 366), ("reporting", 90)]  # fmt: skip
    assert [sheet.flow("A").days for sheet in sheets] == [0, 0]


def test_batches_stand_for_themselves_after_the_periods() -> None:
    rows = table(("A", "", "S", "input", 10.0, "", "M2"), ("P", "S", "", "product", 9.0, "", "M2"),
                 ("A", "", "S", "input", 11.0, "", "M1"), ("A", "", "S", "input", 99.0,
                 "reporting", ""), ("A", "", "S", "input", 98.0, "baseline", ""),
                 columns=f"{FLOWS} phase batch", unit="t")
    sheets = sx.FlowSheet.all_of(sx.Study(flows=rows, language="en"))
    assert [(s.phase, s.batch, s.flow("A").amount, s.days) for s in sheets] == [
        ("baseline", "", 98.0, 0), ("reporting", "", 99.0, 0), ("", "M1", 11.0, 0),
        ("", "M2", 10.0, 0)]  # fmt: skip


def test_a_stock_is_what_closes_less_what_opens() -> None:
    rows = table(("A", "", "K", "input", 100.0, None, None), ("P", "K", "", "product", 95.0, None,
                 None), ("T", "K", "", "stock", None, 60.0, 45.0),
                 columns=f"{FLOWS} opening_stock closing_stock", unit="t")
    found = sheet_of(rows)
    assert found.flow("T").amount == -15.0
    assert [row["unaccounted"] for row in sx.balance(found).rows] == [100 - 95 + 15]


# -- layers -------------------------------------------------------------------------------------


def test_a_volume_is_of_the_mass_where_its_density_is_stated() -> None:
    rows = table(("A", "", "S", "input", 100.0, "m3", "0.9 t/m3"),
                 ("P", "S", "", "product", 80.0, "t", None),
                 ("W", "S", "", "waste_water", 7.0, "m3", None),
                 columns=f"{FLOWS} unit density")
    layers = {layer.name: layer for layer in layers_of(sheet_of(rows))}
    assert list(layers) == ["mass", "volume"]
    assert layers["mass"].amount.tolist() == [90.0, 80.0]
    assert layers["volume"].amount.tolist() == [7.0]


def test_fuels_in_tonnes_are_no_part_of_the_mass() -> None:
    found = plant(flow("A", "", "S", "input", 10.0), flow("P", "S", "", "product", 10.0),
                  flow("C", "", "S", "input", 3.0, resource="coal", category="fuel"))
    assert [layer.name for layer in layers_of(found)] == ["mass", "fuel:coal"]


def test_a_flow_without_a_unit_is_of_the_layer_of_its_step() -> None:
    volumes = plant(flow("W", "", "S", "input", 10.0, unit="m3"),
                    flow("X", "S", "", "waste_water", math.nan, unit=""))
    assert [(one.name, len(one.flows)) for one in layers_of(volumes)] == [("volume", 2)]
    both = plant(flow("W", "", "S", "input", 10.0, unit="m3"), flow("A", "", "S", "input", 5.0),
                 flow("X", "S", "", "waste_water", math.nan, unit=""))
    assert [(one.name, [f.flow for f in one.flows]) for one in layers_of(both)] == [
        ("mass", ["A", "X"]), ("volume", ["W"])]  # fmt: skip


# -- which sheet --------------------------------------------------------------------------------


TWO = table(("A", "", "S", "input", 10.0, "baseline"), ("A", "", "S", "input", 8.0, "reporting"),
            columns=f"{FLOWS} phase", unit="t")  # fmt: skip


def test_one_of_several_sheets_is_asked_for_by_name() -> None:
    study = sx.Study(flows=TWO, language="en")
    assert sx.FlowSheet.from_study(study, phase="reporting").flow("A").amount == 8.0
    with pytest.raises(KeyError, match=r"2 flow sheets.*phase='baseline'.*phase='reporting'"):
        sx.FlowSheet.from_study(study)
    with pytest.raises(KeyError, match=r"no flow sheet; there are: .*baseline"):
        sx.FlowSheet.from_study(study, phase="baseline", batch="M1")
    with pytest.raises(KeyError, match="2 flow sheets"):
        sheet_of(TWO)


def test_a_study_without_flows_has_no_sheet() -> None:
    phases = {"phase": ["baseline", "reporting"], "quantity": ["30 t", "29 t"]}
    study = sx.Study(production=pd.DataFrame({"product": "x", **phases}),
                     consumption=pd.DataFrame({"resource": "diesel", **phases}),
                     language="en")  # fmt: skip
    assert sx.FlowSheet.all_of(study) == ()
    with pytest.raises(KeyError, match="no flow sheet; there are: –"):
        sx.FlowSheet.from_study(study)


def test_tables_at_fault_are_refused() -> None:
    wrong = table(("A", "S", "S", "internal", 10.0), columns=FLOWS, unit="t")
    with pytest.raises(StudyError):
        sheet_of(wrong)


def test_steps_are_the_listed_ones_and_those_that_flows_name() -> None:
    flows = table(("A", "", "Mix", "input", 10.0, "baseline"), ("B", "Mix", "Dry", "internal",
                  10.0, "baseline"), ("P", "Dry", "", "product", 10.0, "baseline"),
                  columns=f"{FLOWS} phase", unit="t")
    steps = table(("Dry", "energy", 70.0, ""), ("Dry", "energy", 50.0, "baseline"),
                  ("Mix", "", None, ""), ("Idle", "", None, ""),
                  columns="step key system_cost phase")
    found = sheet_of(flows, steps=steps)
    # The row of the very period goes before the one of all periods; Idle has no flow, no cost.
    assert [(s.step, s.key, s.kind, s.system_cost) for s in found.steps[:1]] == [
        ("Dry", "energy", "process", 50.0)]  # fmt: skip
    assert [s.step for s in found.steps] == ["Dry", "Mix"]
    assert math.isnan(found.step("Mix").system_cost)


def test_a_content_of_the_period_goes_before_one_of_all_periods() -> None:
    parts = table(("A", "solids", 0.30, ""), ("A", "solids", 0.35, "baseline"),
                  ("A", "ash", 0.02, ""), columns="flow component quantity phase")
    found = sx.FlowSheet.all_of(sx.Study(flows=TWO, components=parts, language="en"))
    values = [{c.component: c.value for c in sheet.contents} for sheet in found]
    assert values == [{"solids": 0.35, "ash": 0.02}, {"solids": 0.30, "ash": 0.02}]


# -- one sheet ----------------------------------------------------------------------------------


def test_parts_are_found_by_their_keys() -> None:
    found = plant(flow("A", "", "S", "input", 10.0), flow("P", "S", "", "product", 9.0))
    assert (found.flow("P").amount, found.step("S").label, len(found)) == (9.0, "S", 2)
    assert [one.flow for one in found] == ["A", "P"]
    with pytest.raises(KeyError, match="no flow 'X'; there are: A, P"):
        found.flow("X")
    with pytest.raises(KeyError, match="no step 'X'; there are: S"):
        found.step("X")


def test_amounts_are_exchanged_for_known_flows_only() -> None:
    found = plant(flow("A", "", "S", "input", 10.0), flow("P", "S", "", "product", 9.0))
    other = found.with_amounts({"A": 12.0})
    assert [one.amount for one in other] == [12.0, 9.0]
    assert [one.amount for one in found] == [10.0, 9.0]
    with pytest.raises(KeyError, match="'X'"):
        found.with_amounts({"X": 1.0})


PARTS = plant(
    flow("A", "", "a1", "input", 100.0), flow("B", "a1", "a2", "internal", 90.0),
    flow("C", "a2", "b", "internal", 80.0), flow("P", "b", "", "product", 75.0),
    flow("L", "a1", "", "loss", 10.0),
    steps=(FlowStep("a", "Hall A", system_cost=5.0), FlowStep("a1", "", "a", system_cost=1.0),
           FlowStep("a2", "", "a", system_cost=2.0), FlowStep("b", system_cost=7.0)),
    contents=(Content("B", "ash", 0.1, "1"), Content("C", "ash", 0.2, "1")),
)  # fmt: skip


def test_a_level_draws_parts_together() -> None:
    found = PARTS.level(1)
    assert [(one.flow, one.source, one.target) for one in found] == [
        ("A", "", "a"), ("C", "a", "b"), ("P", "b", ""), ("L", "a", "")]  # fmt: skip
    assert [(step.step, step.system_cost) for step in found.steps] == [("a", 8.0), ("b", 7.0)]
    assert [content.flow for content in found.contents] == ["C"]  # B flows inside
    assert [(one.flow, one.source) for one in PARTS.level(2)] == [
        (one.flow, one.source) for one in PARTS]  # fmt: skip
    assert PARTS.level(5).flows == PARTS.flows


def test_the_whole_plant_is_one_step() -> None:
    found = PARTS.level(0)
    assert [(one.flow, one.source, one.target) for one in found] == [
        ("A", "", "plant"), ("P", "plant", ""), ("L", "plant", "")]  # fmt: skip
    assert [(step.step, step.system_cost) for step in found.steps] == [("plant", 15.0)]
    with pytest.raises(ValueError, match="depth"):
        PARTS.level(-1)


@pytest.mark.parametrize(
    ("whole", "parts", "sum_"),
    [(5.0, (1.0, 2.0), 8.0), (math.nan, (1.0, 2.0), 3.0), (math.nan, (1.0, math.nan), math.nan),
     (5.0, (1.0, math.nan), math.nan),  # neither is the 1 lost, nor is the other taken for 0
     (5.0, (math.nan, math.nan), 5.0),  # stated for the whole alone
     (math.nan, (math.nan, math.nan), math.nan)],
)  # fmt: skip
def test_a_cost_that_is_not_stated_is_not_nothing(
    whole: float, parts: tuple[float, float], sum_: float
) -> None:
    found = plant(
        flow("A", "", "x", "input", 1.0), flow("B", "x", "y", "internal", 1.0),
        flow("P", "y", "", "product", 1.0),
        steps=(FlowStep("a", system_cost=whole), FlowStep("x", "", "a", system_cost=parts[0]),
               FlowStep("y", "", "a", system_cost=parts[1])),
    ).level(1)  # fmt: skip
    assert same(found.step("a").system_cost, sum_)


# -- after cuts ---------------------------------------------------------------------------------

ONE = plant(flow("A", "", "S", "input", 60.0, resource="a"),
            flow("B", "", "S", "input", 40.0, resource="b"),
            flow("P", "S", "", "product", 80.0), flow("L", "S", "", "loss", 20.0))  # fmt: skip


def test_what_is_cut_need_not_enter() -> None:
    after = ONE.after({"L": 0.5})
    assert after is not None
    # Least Σ (Δ/x)² with Δa + Δb = −10: by the squares, 3600 : 1600.
    assert [one.amount for one in after] == pytest.approx(
        [60 - 10 * 3600 / 5200, 40 - 10 * 1600 / 5200, 80.0, 10.0])  # fmt: skip
    only_b = ONE.after({"L": 0.5}, {"b"})
    assert only_b is not None
    assert [one.amount for one in only_b] == pytest.approx([60.0, 30.0, 80.0, 10.0])


def test_nothing_cut_changes_nothing() -> None:
    after = ONE.after({})
    assert after is not None
    assert [f.amount for f in after] == [f.amount for f in ONE]


def test_less_than_nothing_cannot_flow() -> None:
    small = ONE.with_amounts({"A": 95.0, "B": 5.0})
    assert small.after({"L": 0.5}, {"b"}) is None
    with pytest.raises(KeyError, match="'X'"):
        ONE.after({"X": 0.5})


# -- as an object -------------------------------------------------------------------------------


def test_sheets_and_what_is_found_of_them_refuse_assignment() -> None:
    found = sx.reconcile(ONE)
    for thing, name in ((ONE, "flows"), (ONE.flows[0], "amount"), (ONE.steps[0], "kind"),
                        (PARTS.contents[0], "value"), (found, "sheet"),
                        (sx.loss_costs(found), "streams")):  # fmt: skip
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, None)
    with pytest.raises(TypeError):
        sx.balance(ONE).rows[0:0] = ()  # type: ignore[index]


def test_sheets_and_studies_with_flows_pickle() -> None:
    assert repr(pickle.loads(pickle.dumps(PARTS)).flows) == repr(PARTS.flows)
    study = sx.Study(flows=TWO, language="en")
    again = pickle.loads(pickle.dumps(study))
    assert repr(sx.FlowSheet.all_of(again)) == repr(sx.FlowSheet.all_of(study))
    assert again.tables.flows.equals(study.tables.flows)


def test_a_sheet_says_what_it_is_of() -> None:
    found = plant(flow("A", "", "S", "input", 1.0), phase="baseline", batch="M1")
    assert found.title("vi") == "plant · kỳ nền · mẻ M1"
    assert found.title("en") == "plant · baseline period · batch M1"
    assert repr(found) == "FlowSheet('plant, baseline, M1': 1 steps, 1 flows)"
    frame = found.to_frame()
    assert frame.loc[0, ["flow", "target", "amount", "unit"]].tolist() == ["A", "S", 1.0, "t"]


def test_a_workbook_reads_like_the_folder(tmp_path: Path) -> None:
    sheets = {
        "Công đoạn": ("Công đoạn;Loại công đoạn;Chi phí hệ thống;Phân bổ theo",
                      "Nghiền;sản xuất;50000000;năng lượng", "XLNT;xử lý;9000000;"),
        "Dòng vật chất": ("Mã dòng;Từ công đoạn;Đến công đoạn;Loại dòng;Giai đoạn;Lượng;Đơn vị",
                          "A;;Nghiền;đầu vào;nền;100;tấn", "P;Nghiền;;sản phẩm;nền;80;tấn",
                          "W;Nghiền;XLNT;nước thải;nền;20;m³", "R;XLNT;;nước thải;nền;;m³"),
        "Thành phần dòng": ("Mã dòng;Thành phần;Hàm lượng;Đơn vị;Giới hạn",
                            "W;COD;350;mg/l;150"),
    }  # fmt: skip
    files = dict(zip(("cong_doan", "dong_vat_chat", "thanh_phan"),
                     ("\n".join(lines) + "\n" for lines in sheets.values()), strict=True))
    folder = write_study(tmp_path / "folder", san_luong=None, tieu_thu=None, **files)

    def cell(text: str) -> Any:
        return None if not text else float(text) if text.isdigit() else text

    book = write_book(tmp_path / "book.xlsx", {
        title: [lines[0].split(";"), *([cell(text) for text in line.split(";")]
                                       for line in lines[1:])]
        for title, lines in sheets.items()})  # fmt: skip
    one, other = (sx.FlowSheet.all_of(sx.read_study(path)) for path in (folder, book))
    assert len(one) == 1
    assert len(one[0].flows) == 4
    assert len(one[0].contents) == 1
    # The plant is named after the file or folder that it was read from.
    assert repr(dataclasses.replace(one[0], facility="")) == repr(
        dataclasses.replace(other[0], facility=""))  # fmt: skip
    for mine, theirs in ((a, b) for name in ("flows", "steps", "contents")
                         for a, b in zip(getattr(one[0], name), getattr(other[0], name),
                                         strict=True)):  # fmt: skip
        assert repr(mine) == repr(theirs)
