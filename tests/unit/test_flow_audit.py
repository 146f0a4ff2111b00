"""Faults that an independent audit of the flow sheets found; expected values by hand."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.errors import StudyError
from sxsh_audit.tables.study import Study

HEAD = ("Mã dòng", "Từ", "Đến", "Loại dòng", "Lượng")


def study(
    rows: list[list[Any]], head: tuple[str, ...] = HEAD, *, error: Any = "1 %", **other: Any
) -> Study:
    """Return a checked study with these flows, their errors standard uncertainties."""
    more = other.pop("more", {})
    frame = pd.DataFrame(rows, columns=list(head))
    if error is not None:
        frame = frame.assign(**{"Sai số": error, "Ý nghĩa sai số": "độ lệch chuẩn"})
    tables = {name: pd.DataFrame(value) for name, value in other.items()
              if isinstance(value, dict)}  # fmt: skip
    settings = {name: value for name, value in other.items() if name not in tables}
    return Study(flows=frame.assign(**more), locale="vi", **tables, **settings)


def codes(result: Any) -> list[str]:
    return [item.code for item in result.findings]


def test_exact_amounts_that_contradict_each_other_are_told_and_not_refused() -> None:
    # 100 − 90 − 5 = 5 t go nowhere, all exact: the 5 t are a loss of 5 % of 1 tỷ.
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "100 tấn"], ["F2", "A", "", "sản phẩm", "90 tấn"],
         ["F3", "A", "", "phế phẩm", "5 tấn"]], error="0 %",
        more={"Chi phí": ["1 tỷ đồng", None, None]}))  # fmt: skip
    assert "flow.contradicts" in codes(found)
    assert found.balance_tests[0].status == "contradicts"
    costs = {row["flow"]: row["total"] for row in found.loss_costs.rows}
    assert costs == pytest.approx({"F3": 50e6, "unaccounted:A": 50e6})


def test_bounds_that_no_balance_keeps_are_told_and_not_refused() -> None:
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "100 tấn"], ["F2", "A", "", "sản phẩm", "90 tấn"]],
        error="5 %", more={"Lượng thấp nhất": [None, "80 tấn"],
                           "Lượng cao nhất": ["70 tấn", None]}))  # fmt: skip
    assert "flow.contradicts" in codes(found)


def test_a_volume_that_only_enters_leaves_the_balance_of_mass_as_it_is() -> None:
    rows = [["F1", "", "A", "đầu vào", "101 tấn"], ["F2", "A", "", "sản phẩm", "90 tấn"],
            ["F3", "A", "", "phế phẩm", "10 tấn"], ["W", "", "A", "đầu vào", "50 m³"]]  # fmt: skip
    alone, beside = (sx.assess(study(rows[:count], more={"Chi phí": "1 tỷ đồng"}))
                     for count in (3, 4))  # fmt: skip
    assert [found.loss_totals[0].basis for found in (alone, beside)] == ["reconciled"] * 2
    assert beside.loss_costs[0].amount == pytest.approx(alone.loss_costs[0].amount, rel=1e-12)


def test_an_error_that_nobody_stated_makes_no_suspect() -> None:
    # Electricity without an error against heat of which little leaves: no meter is wrong.
    found = sx.reconcile(sx.FlowSheet.from_study(study(
        [["E", "", "A", "đầu vào", "1.000 kWh"], ["H1", "A", "B", "nội bộ", "100 kWh"],
         ["H2", "B", "", "tổn thất nhiệt", "150 kWh"], ["H3", "", "B", "đầu vào", "50 kWh"]],
        error=[None, "5 %", "5 %", "5 %"],
        more={"Ý nghĩa sai số": [None, *["độ lệch chuẩn"] * 3]})))  # fmt: skip
    test = found.tests[0]
    assert (test.status, test.without_error, test.suspects) == ("no_error", ["E"], [])
    assert found.sheet.flow("E").amount == 1000.0


def test_flows_by_the_month_beside_flows_by_the_year_cover_one_year() -> None:
    head = (*HEAD, "Kỳ")
    rows = [["F1", "", "A", "đầu vào", "10 tấn", f"{month:02d}/2018"] for month in range(1, 13)]
    rows += [["F2", "A", "", "sản phẩm", "100 tấn", "2018"],
             ["F3", "A", "", "phế phẩm", "20 tấn", "2018"]]  # fmt: skip
    known = study(rows, head, baseline="2018", reporting="2019",
                  options={"Mã": ["G1"], "Giải pháp": ["hút bụi"],
                           "Chi phí đầu tư": ["1 tỷ đồng"]},
                  option_savings={"Mã": ["G1"], "Tài nguyên": ["Bột"], "Mã dòng": ["F3"],
                                  "Lượng tiết kiệm": ["15 tấn"]},
                  resources={"Tài nguyên": ["Bột"], "Nhóm": ["nguyên liệu"],
                             "Đơn vị": ["tấn"]})  # fmt: skip
    assert sx.FlowSheet.all_of(known)[0].days == 365
    claim = sx.assess(known).flow_claims[0]
    # A year is a year: 20 t, of which 15 t are saved.
    assert (claim.annual, claim.claimed, claim.capped) == (pytest.approx(20.0), 15.0, [])


def test_the_plain_sum_of_claims_is_of_what_they_claim() -> None:
    # 30 t claimed of a flow of 20 t: 20 count, 30 were claimed.
    known = study(
        [["F1", "", "A", "đầu vào", "120 tấn"], ["F2", "A", "", "sản phẩm", "100 tấn"],
         ["F3", "A", "", "phế phẩm", "20 tấn"]],
        options={"Mã": ["G1"], "Giải pháp": ["hút bụi"], "Chi phí đầu tư": ["1 tỷ đồng"]},
        option_savings={"Mã": ["G1"], "Tài nguyên": ["Bột"], "Mã dòng": ["F3"],
                        "Lượng tiết kiệm": ["30 tấn"]},
        resources={"Tài nguyên": ["Bột"], "Nhóm": ["nguyên liệu"],
                   "Đơn vị": ["tấn"]})  # fmt: skip
    claim = sx.assess(known).flow_claims[0]
    assert (claim.claimed, claim.combined, claim.left) == pytest.approx((30.0, 20.0, 0.0))
    assert claim.capped == ["G1"]


def test_a_density_is_that_of_all_rows_and_the_order_of_rows_does_not_matter() -> None:
    head = (*HEAD, "Kỳ", "Khối lượng riêng")
    rows = [["F1", "", "A", "đầu vào", "10 m³", "01/2018", None],
            ["F1", "", "A", "đầu vào", "30 m³", "02/2018", "0,8 t/m³"],
            ["F2", "A", "", "sản phẩm", "32 tấn", "01/2018", None]]  # fmt: skip
    for order in (rows, rows[::-1]):
        flow = sx.FlowSheet.all_of(study(order, head))[0].flow("F1")
        assert (flow.amount, flow.density) == (40.0, 0.8)
    rows[0][-1] = "1 t/m³"
    flow = sx.FlowSheet.all_of(study(rows, head))[0].flow("F1")
    assert flow.density == pytest.approx((10 * 1 + 30 * 0.8) / 40)  # 34 t in 40 m³


def test_water_that_thins_lime_is_in_the_cost_of_disposal_alone() -> None:
    # 100 m³ for production at 10,000 đ; 40 m³ into treatment are 400,000 đ of its 1.4 million.
    found = sx.assess(study(
        [["W", "", "A", "đầu vào", "100 m³"], ["P", "A", "", "sản phẩm", "20 m³"],
         ["NT", "A", "XL", "nước thải", "80 m³"], ["W2", "", "XL", "đầu vào", "40 m³"],
         ["X", "XL", "", "nước thải", "120 m³"]],
        more={"Tài nguyên": ["Nước", "", "", "Nước", ""]},
        steps={"Công đoạn": ["A", "XL"], "Loại công đoạn": ["sản xuất", "xử lý"],
               "Chi phí hệ thống": [None, "1 triệu đồng"]},
        prices={"Tài nguyên": ["Nước"], "Đơn giá": ["10.000 đồng/m³"],
                "Thuế GTGT": ["chưa gồm"]}))  # fmt: skip
    row = found.true_costs[0]
    assert (row.amount, row.purchase, row.waste_management) == (100.0, 1e6, 1.4e6)
    assert row.per_unit == pytest.approx(24_000.0)


def test_a_plant_has_no_balance_of_what_its_treatment_destroys() -> None:
    found = sx.balance(sx.FlowSheet.from_study(study(
        [["N1", "", "A", "đầu vào", "100 tấn"], ["N2", "A", "XL", "nước thải", "100 tấn"],
         ["N3", "XL", "", "nước thải", "100 tấn"]],
        steps={"Công đoạn": ["A", "XL"], "Loại công đoạn": ["sản xuất", "xử lý"]},
        components={"Mã dòng": ["N1", "N2", "N3"], "Thành phần": "COD",
                    "Hàm lượng": ["5 %", "5 %", "0,5 %"]})))  # fmt: skip
    told = [row["step"] for row in found.rows if row["layer"] == "component:COD"]
    assert told == ["A"]


def test_cost_shares_of_all_flows_below_the_whole_are_a_fault_of_the_table() -> None:
    rows = [["F1", "", "A", "đầu vào", "100 tấn"], ["F2", "A", "", "sản phẩm", "90 tấn"],
            ["F3", "A", "", "phế phẩm", "10 tấn"]]  # fmt: skip
    with pytest.raises(StudyError) as refused:
        study(rows, more={"Phần chi phí của công đoạn": [None, "50 %", "30 %"]})
    told = {item.code: item for item in refused.value.findings}["flow_tables.shares_under_whole"]
    assert (told.place.row, told.numbers["sum"]) == (4, pytest.approx(0.8))
    study(rows, more={"Phần chi phí của công đoạn": [None, "50 %", None]})  # takes the rest
    study(rows, more={"Phần chi phí của công đoạn": [None, "50 %", "50 %"]})


def test_a_share_stated_in_one_month_leaves_the_others_alone() -> None:
    head = (*HEAD, "Kỳ", "Phần chi phí của công đoạn")
    rows = [["F1", "", "A", "đầu vào", "50 tấn", "01/2018", None],
            ["F1", "", "A", "đầu vào", "50 tấn", "02/2018", None],
            ["F2", "A", "", "sản phẩm", "45 tấn", "01/2018", "60 %"],
            ["F2", "A", "", "sản phẩm", "45 tấn", "02/2018", None],
            ["F3", "A", "", "phế phẩm", "10 tấn", "2018", None]]  # fmt: skip
    found = sx.assess(study(rows, head, steps={"Công đoạn": ["A"],
                                               "Chi phí hệ thống": ["100 triệu đồng"]}))
    assert found.loss_costs[0].system == pytest.approx(40e6)


def test_less_than_nothing_is_no_waste() -> None:
    # 100 t in, 103 t of product: the waste would be −3 t. No amount of it is known.
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "100 tấn"], ["F2", "A", "", "sản phẩm", "103 tấn"],
         ["F3", "A", "", "chất thải rắn", None]],
        more={"Đơn vị": ["", "", "tấn"], "Chi phí": ["1 tỷ đồng", None, None]}))  # fmt: skip
    assert "flow.negative" in codes(found)
    assert [row["reporting"] for row in found.emissions.rows] == [None, None]
    assert found.loss_costs[0].total is None
    assert found.flows[2].amount == pytest.approx(-3.0)


def test_a_difference_of_equal_amounts_is_nothing() -> None:
    # 0.3 − 0.1 − 0.2 is −2.8e-17 in binary numbers.
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "0,3 tấn"], ["F2", "A", "", "sản phẩm", "0,1 tấn"],
         ["F3", "A", "", "sản phẩm phụ", "0,2 tấn"], ["F4", "A", "", "phế phẩm", None]],
        more={"Đơn vị": ["", "", "", "tấn"],
              "Chi phí": ["1 tỷ đồng", None, None, None]}))  # fmt: skip
    assert found.flows[3].amount == 0.0
    assert "flow.negative" not in codes(found)
    assert found.loss_costs[0].total == 0.0


def test_a_component_below_0_is_no_key() -> None:
    # Salt: 10 t in, 12 t in the product, so −2 t in the waste: what it costs is not known.
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "100 tấn"], ["F2", "A", "", "sản phẩm", "90 tấn"],
         ["F3", "A", "", "phế phẩm", "10 tấn"]],
        more={"Chi phí": ["1 tỷ đồng", None, None], "Chi phí đi theo": ["muối", None, None]},
        components={"Mã dòng": ["F1", "F2"], "Thành phần": "muối",
                    "Hàm lượng": ["100 g/kg", "133,33333333 g/kg"], "Sai số": "1 %",
                    "Ý nghĩa sai số": "độ lệch chuẩn"}))  # fmt: skip
    assert found.loss_costs[0].total is None
    negative = next(item for item in found.findings if item.code == "flow.component_negative")
    assert negative.numbers["component"] == "muối"
    assert negative.numbers["amount"] == pytest.approx(-2.0, rel=1e-4)
    assert "flow.key_unknown" in codes(found)


def test_treatment_whose_part_is_not_known_leaves_the_total_of_the_loss_unknown() -> None:
    # Two waste waters, one not measured and not to be worked out, share a treatment of 9 million.
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", None], ["F2", "A", "", "sản phẩm", "90 tấn"],
         ["N1", "A", "X", "nước thải", "10 tấn"], ["F4", "", "B", "đầu vào", "50 tấn"],
         ["F5", "B", "", "sản phẩm", "50 tấn"], ["N2", "B", "X", "nước thải", None],
         ["V", "B", "", "khí thải", None], ["N3", "X", "", "nước thải", None]],
        error=["1 %", *["1 %"] * 7],
        more={"Đơn vị": ["tấn", "", "", "", "", "tấn", "tấn", "tấn"],
              "Chi phí": ["1 tỷ đồng", None, None, None, None, None, None, None]},
        steps={"Công đoạn": ["A", "B", "X"], "Loại công đoạn": ["sản xuất", "sản xuất", "xử lý"],
               "Chi phí hệ thống": [None, None, "9 triệu đồng"]}))  # fmt: skip
    row = next(row for row in found.loss_costs.rows if row["flow"] == "N1")
    assert row["material"] == pytest.approx(100e6)  # 10 of 100 t
    assert (row["waste_management"], row["total"]) == (None, None)
    assert not found.loss_totals[0].complete
    told = next(item for item in found.findings if item.code == "flow.key_unknown")
    assert "N1" in told.numbers["flows"]


def test_what_goes_nowhere_at_a_treatment_step_is_told() -> None:
    # 100 t enter treatment, 60 t leave: 40 t unaccounted for, exact measurements.
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "200 tấn"], ["F2", "A", "", "sản phẩm", "100 tấn"],
         ["N", "A", "X", "nước thải", "100 tấn"], ["N2", "X", "", "nước thải", "60 tấn"]],
        error="0 %", more={"Chi phí": ["1 tỷ đồng", None, None, None]},
        steps={"Công đoạn": ["A", "X"], "Loại công đoạn": ["sản xuất", "xử lý"]}))  # fmt: skip
    row = next(row for row in found.flows.rows if row["flow"] == "unaccounted:X")
    assert (row["amount"], row["unit"]) == (40.0, "t")
    assert found.loss_totals[0].losses == pytest.approx(0.5e9)


def test_a_load_of_nothing_in_one_period_is_nothing_and_not_unknown() -> None:
    head = (*HEAD, "Giai đoạn")
    rows = [[*row, phase] for phase in ("nền", "báo cáo") for row in (
        ["N1", "", "A", "đầu vào", "100 m³"], ["N2", "A", "", "nước thải", "100 m³"])]
    found = sx.assess(study(
        rows, head, baseline="2018", reporting="2019",
        components={"Mã dòng": ["N2"] * 4, "Thành phần": ["COD", "COD", "Cr", "Cr"],
                    "Giai đoạn": ["nền", "báo cáo"] * 2,
                    "Hàm lượng": ["0 mg/l", "300 mg/l", "0 mg/l", "0 mg/l"]}))  # fmt: skip
    loads = {row["substance"]: (row["baseline"], row["reporting"])
             for row in found.emissions.rows if row["group"] == "load"}  # fmt: skip
    assert loads == {"COD": (0.0, pytest.approx(0.03))}
    assert not any(math.isnan(value) for value in loads["COD"])


def test_a_cost_of_which_nothing_is_made_is_told() -> None:
    rows = [["F1", "", "A", "đầu vào", "100 tấn"], ["F2", "A", "", "sản phẩm", "90 tấn"],
            ["F3", "A", "X", "tuần hoàn", "10 tấn"], ["F4", "X", "", "chất thải rắn", "10 tấn"]]
    steps = {"Công đoạn": ["A", "X"], "Loại công đoạn": ["sản xuất", "xử lý"]}
    cost = ["1 tỷ đồng", "20 triệu đồng", "3 triệu đồng", "4 triệu đồng"]
    found = sx.assess(study(rows, more={"Chi phí": cost}, steps=steps))
    told = [item.place.row for item in found.findings if item.code == "flow_tables.cost_of"]
    assert told == [3]  # what enters treatment bears its fee
    assert found.loss_costs[0].waste_management == 7e6


def test_cost_that_stays_in_a_loop_leaves_the_losses_incomplete() -> None:
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "100 tấn"], ["F2", "A", "B", "nội bộ", "150 tấn"],
         ["F3", "B", "A", "tuần hoàn", "150 tấn"]],
        more={"Chi phí": ["1 tỷ đồng", None, None]}))  # fmt: skip
    total = found.loss_totals[0]
    assert (total.cost_in, total.product, total.losses, total.complete) == (1e9, 0.0, 0.0, False)


def test_a_plant_that_counts_pieces_is_costed_with_the_pieces_that_balance() -> None:
    # Standard errors of 4 and 2 pieces: 16 ÷ 20 of the surplus of 5 is taken from the input.
    found = sx.assess(study(
        [["F1", "", "A", "đầu vào", "105 cái"], ["F2", "A", "", "sản phẩm", "100 cái"]],
        error=["3,80952381 %", "2 %"], more={"Chi phí": ["1 tỷ đồng", None]}))  # fmt: skip
    assert found.balance_tests[0].status == "reconciled"
    assert found.loss_totals[0].basis == "reconciled"
    amounts = [row["amount"] for row in found.flows.rows[:2]]
    assert amounts == pytest.approx([101.0, 101.0], rel=1e-6)
