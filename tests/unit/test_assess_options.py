"""Options inside an assessment: money, annualisation, order, totals, guards."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import sxsh_audit as sx


def options(rows: list[tuple[object, ...]], savings: list[tuple[object, ...]], **more: object
            ) -> sx.Assessment:
    """Assess options alone: (id, cost) and (id, resource, quantity, unit, money)."""
    table = pd.DataFrame(rows, columns=["Mã giải pháp", "Chi phí đầu tư"])
    money = pd.DataFrame(savings, columns=["Mã giải pháp", "Tài nguyên", "Lượng tiết kiệm",
                                           "Đơn vị", "Tiền tiết kiệm"])
    return sx.assess(sx.Study(options=table, option_savings=money, **more))


def test_one_option_has_one_cost_and_a_vector_of_savings() -> None:
    found = options([("A", 300.0)], [("A", "Điện", None, "", 100.0), ("A", "Than", None, "", 50.0)])
    assert found.options["A"].annual_saving == 150.0
    assert found.options["A"].years == 2.0  # 300 / 150, not 300/100 and 300/50


def test_the_five_classes_in_their_order() -> None:
    found = options(
        [("u", None), ("w", 10.0), ("n", 10.0), ("y", 10.0), ("i", 0.0)],
        [(name, "Điện", None, "", money) for name, money in
         (("u", 5.0), ("w", -1.0), ("n", 0.0), ("y", 5.0), ("i", 5.0))],
    )
    assert [row.option for row in found.options] == ["i", "y", "n", "w", "u"]
    assert [row.payback_class for row in found.options] == [
        "immediate", "years", "never", "worse", "unknown"]
    assert found.options["n"].years == math.inf
    assert [row.rank for row in found.options] == [1, 2, 3, 4, 5]


def test_a_saving_in_a_quantity_is_worth_its_marginal_price() -> None:
    prices = pd.DataFrame({"Tài nguyên": ["Điện", "Điện"], "Đơn giá": [2.0, 3.0],
                           "Đơn vị": "đồng/kWh", "Loại giá": ["bình quân", "biên"],
                           "Thuế GTGT": "chưa gồm"})
    found = options([("A", 600.0)], [("A", "Điện", 100.0, "kWh", None)], prices=prices)
    assert found.options["A"].annual_saving == 300.0
    assert found.options["A"].years == 2.0


def test_a_saving_without_a_price_leaves_the_payback_unknown() -> None:
    found = options([("A", 600.0)], [("A", "Điện", 100.0, "kWh", None),
                                     ("A", "Than", None, "", 50.0)])
    assert found.options["A"].payback_class == "unknown"
    assert "assess.no_price_for_saving" in found.findings.codes()


def test_benefits_of_some_months_are_annualised_and_marked() -> None:
    # vietnam.md: Trí Tuệ invested 202 million; after 6 months it had gained 6.6 million
    table = pd.DataFrame({"Mã giải pháp": ["TT"], "Chi phí đầu tư": ["202 triệu đồng"],
                          "Số tháng tính lợi ích": [6]})
    money = pd.DataFrame({"Mã giải pháp": ["TT"], "Tiền tiết kiệm": ["6,6 triệu đồng"]})
    found = sx.assess(sx.Study(options=table, option_savings=money))
    assert found.options["TT"].annual_saving == pytest.approx(13.2e6)
    assert found.options["TT"].years == pytest.approx(202 / 13.2)  # 15.3 years, not 30.6
    assert found.options["TT"].annualised is True


def test_a_cost_class_without_an_amount_is_unknown_and_never_free() -> None:
    found = options([("A", "Low cost")], [("A", "Điện", None, "", 100.0)])
    assert found.options["A"].cost is None
    assert found.options["A"].cost_class == "low"
    assert found.options["A"].payback_class == "unknown"


def test_a_range_of_cost_is_ranked_by_its_higher_end() -> None:
    table = pd.DataFrame({"Mã giải pháp": ["A"], "Chi phí thấp nhất": [100.0],
                          "Chi phí cao nhất": [300.0]})
    money = pd.DataFrame({"Mã giải pháp": ["A"], "Tiền tiết kiệm": [100.0]})
    found = sx.assess(sx.Study(options=table, option_savings=money)).options["A"]
    assert (found.years_low, found.years) == (1.0, 3.0)


def test_other_benefit_and_extra_cost_enter_the_net_saving() -> None:
    table = pd.DataFrame({"Mã giải pháp": ["A"], "Chi phí đầu tư": [100.0],
                          "Lợi ích khác hằng năm": [30.0], "Chi phí tăng thêm hằng năm": [5.0]})
    money = pd.DataFrame({"Mã giải pháp": ["A"], "Tiền tiết kiệm": [25.0]})
    found = sx.assess(sx.Study(options=table, option_savings=money)).options["A"]
    assert found.annual_saving == 25 + 30 - 5
    assert found.years == 2.0


def test_the_total_is_sum_of_costs_over_sum_of_savings() -> None:
    found = options([("A", 100.0), ("B", 300.0), ("C", None)],
                    [("A", "Điện", None, "", 100.0), ("B", "Điện", None, "", 100.0),
                     ("C", "Điện", None, "", 9.0)])
    (total,) = found.option_totals
    assert total.years == 2.0  # (100 + 300) / (100 + 100), not 1 + 3 years
    assert (total.counted, total.left_out) == (2, 1)


def test_options_that_save_more_than_is_used_are_told() -> None:
    study = sx.Study.from_totals("p", output=(10, 10, "t"), electricity=(100, 90, "kWh"))
    table = pd.DataFrame({"Mã giải pháp": ["A", "B"], "Chi phí đầu tư": [1.0, 1.0]})
    money = pd.DataFrame({"Mã giải pháp": ["A", "B"], "Tài nguyên": "Điện",
                          "Lượng tiết kiệm": [60.0, 60.0], "Đơn vị": "kWh"})
    frame = pd.DataFrame({"Tài nguyên": "Điện", "Giai đoạn": ["nền", "báo cáo"],
                          "Lượng mua": [100.0, 90.0], "Đơn vị": "kWh"})
    made = pd.DataFrame({"Giai đoạn": ["nền", "báo cáo"], "Sản lượng": 10.0, "Đơn vị": "t"})
    assert sx.assess(study).findings.codes() == ()
    both = sx.Study(consumption=frame, production=made, options=table, option_savings=money)
    found = sx.assess(both)
    (item,) = [i for i in found.findings if i.code == "assess.saves_more_than_used"]
    assert (item.numbers["saved"], item.numbers["used"]) == (120.0, 100.0)


def test_money_far_from_quantity_times_price_is_told() -> None:
    prices = pd.DataFrame({"Tài nguyên": ["Điện"], "Đơn giá": [2.0], "Đơn vị": "đồng/kWh",
                           "Thuế GTGT": "chưa gồm"})
    found = options([("A", 600.0)], [("A", "Điện", 100.0, "kWh", 999.0)], prices=prices)
    assert found.options["A"].annual_saving == 999.0  # as typed, never corrected
    assert "assess.saving_money_differs" in found.findings.codes()
