"""Charts of options as investments: what is drawn is what the records say, in both languages."""

from __future__ import annotations

import dataclasses
import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from drawn_charts import (
    bars,
    check_layout,
    check_own_style,
    check_place,
    grey,
    lines,
    look,
    names,
    said,
    words,
)
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

from sxsh_audit import charts
from sxsh_audit.charts.plane import limits, number_text, spread
from sxsh_audit.display.records import (
    CashBar,
    CostStep,
    FrontierPoint,
    NpvCurve,
    PaybackStep,
    RankSpread,
    TornadoBar,
)
from sxsh_audit.display.wording import money_scale, payback_range_text
from sxsh_audit.errors import Refusal

NAN, INF = math.nan, math.inf
NAMES = (
    "Quản lý nội vi và đào tạo công nhân vận hành", "Bảo ôn đường ống hơi", "Lắp biến tần",
    "Thay lò hơi đốt than bằng lò hơi tầng sôi đốt trấu", "Thu hồi nước ngưng", "Thay đèn LED",
    "Sửa rò rỉ khí nén", "Thu hồi nhiệt khói thải", "Lắp tụ bù", "Thay động cơ",
    "Tuần hoàn nước làm mát", "Cải tiến công thức nhuộm", "Thay van giảm áp",
    "Lắp điện mặt trời áp mái", "Tự động xả đáy lò",
)
HOSTILE = ("Thaylòhơiđốtthan" * 12, "tên $5 {x}_^ \u202e " * 9, "", "x")
RATES = tuple(k / 100 for k in range(41))


def curves(count: int) -> list[NpvCurve]:
    """Return options whose NPV is −cost + saving·annuity: their IRR is where it is 0."""
    draw = random.Random(1)
    made = []
    for k in range(count):
        cost, years = draw.uniform(50e6, 2e9), draw.randint(5, 15)
        saving = cost * draw.uniform(0.1, 0.5)
        values = [-cost + sum(saving / (1 + r) ** t for t in range(1, years + 1)) for r in RATES]
        made.append(NpvCurve(f"GP{k + 1}", NAMES[k % 15], RATES, values, 0.02 * (k + 1)))
    return made


def steps(count: int) -> list[CostStep]:
    draw = random.Random(2)
    made = []
    for k in range(count):
        cost = draw.uniform(-2e6, 1.5e6)
        made.append(CostStep(f"GP{k + 1}", NAMES[k % 15], draw.lognormvariate(3, 1), cost,
                             "tCO₂/năm", "tCO₂", cost < 0))
    return made


def points(count: int) -> list[FrontierPoint]:
    draw = random.Random(3)
    made, cost, saving = [FrontierPoint(0.0, 0.0, low=0.05, high=0.08)], 0.0, 0.0
    for k in range(count):
        cost, saving = cost + draw.uniform(1e7, 8e7) * (k + 1), saving + draw.uniform(0.002, 0.02)
        # of sets in a row of growing cost, the first that reaches an end is the cheapest
        ends = tuple(end for end in (0.05, 0.08) if made[-1].saving < end <= saving)
        made.append(FrontierPoint(cost, saving, tuple(f"GP{j + 1}" for j in range(k + 1)),
                                  low=0.05, high=0.08, ends=ends))
    return made


def inputs(count: int) -> list[TornadoBar]:
    draw = random.Random(4)
    made = []
    for k in range(count):
        swing = draw.uniform(1e7, 9e8)
        ends = (1.2e9 - swing, 1.2e9 + 0.7 * swing)
        low, high = ends if k % 2 else ends[::-1]
        made.append(TornadoBar(NAMES[k % 15], low, high, 1.2e9, "VND", f"{k + 5} %", f"{k + 25} %"))
    return made


def spreads(count: int) -> list[RankSpread]:
    made = []
    for k in range(count):
        weights = [math.exp(-abs(j - k) / 1.5) for j in range(count)]
        made.append(RankSpread(f"GP{k + 1}", NAMES[k % 15], k + 1,
                               tuple(w / math.fsum(weights) for w in weights)))
    return made


def cash(years: int, saving: float = 282e6, rate: float = 0.1) -> list[CashBar]:
    made, plain, discounted = [], 0.0, 0.0
    for year in range(years + 1):
        flow = saving if year else -1.3e9
        plain, discounted = plain + flow, discounted + flow / (1 + rate) ** year
        made.append(CashBar(year, flow, plain, discounted))
    return made


def ladder(count: int) -> list[PaybackStep]:
    made = []
    for k in range(count):
        years = 0.4 + 0.6 * k
        made.append(PaybackStep(f"GP{k + 1}", NAMES[k % 15], years, "years", 1e8 * years, 1e8,
                                low=0.6 * years, high=INF if k % 5 == 3 else 1.7 * years))
    return made


MAKERS: dict[Callable[..., Axes], Callable[[int], Any]] = {
    charts.npv_profile: curves,
    charts.cost_curve: steps,
    charts.frontier: points,
    charts.tornado: inputs,
    charts.rank_stability: spreads,
    charts.cash_flow: cash,
    charts.payback_ladder: ladder,
}
ALL = pytest.mark.parametrize("chart", MAKERS, ids=lambda chart: chart.__name__)
WITH_FIRST = pytest.mark.parametrize(
    "chart", [chart for chart in MAKERS if chart is not charts.cash_flow],
    ids=lambda chart: chart.__name__,
)
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])


# --- NPV against the rate ----------------------------------------------------------------------

def test_npv_lines_are_the_records_and_the_circle_is_the_irr() -> None:
    records = curves(4)
    ax = charts.npv_profile(records)
    for record in records:
        (line,) = lines(ax, record.id)
        assert list(line.get_xdata()) == list(record.rates)
        assert list(line.get_ydata()) == list(record.values)
    marks = [(line.get_xdata()[0], line.get_ydata()[0]) for line in lines(ax, "irr")]
    assert sorted(marks) == [(record.irr, 0.0) for record in records]
    for record in records:
        (text,) = said(ax, f"{record.id} · ")
        assert text.endswith(f"IRR {100 * record.irr:.1f} %".replace(".", ","))


def test_npv_scale_has_zero_and_every_value_and_names_its_money() -> None:
    ax = charts.npv_profile([NpvCurve("GP1", "", (0.0, 0.2), (3e12, 1e12))], language="en")
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] > 3e12
    assert "NPV (billion VND)" in words(ax)
    assert {"0", "1,000", "2,000", "3,000"} <= set(names(ax))
    assert "NPV (triệu đồng)" in words(charts.npv_profile([NpvCurve("G", "", (0, 1), (2e6, -1))]))


def test_an_irr_that_is_not_one_or_off_the_chart_has_no_circle() -> None:
    several = NpvCurve("GP1", "A", (0.0, 0.2), (1.0, 2.0), irr_text="IRR: 5 %; 40 %")
    far = NpvCurve("GP2", "B", (0.0, 0.2), (5.0, 3.0), 0.9)
    none = NpvCurve("GP3", "C", (0.0, 0.2), (-1.0, -2.0))
    ax = charts.npv_profile([several, far, none])
    assert lines(ax, "irr") == []
    assert said(ax, "GP1") == ["GP1 · A IRR: 5 %; 40 %"]
    assert said(ax, "GP2") == ["GP2 · B IRR 90,0 %"]
    assert said(ax, "GP3") == ["GP3 · C IRR: chưa xác định được"]


def test_npv_lines_differ_without_colour() -> None:
    ax = charts.npv_profile(curves(15))
    drawn = [lines(ax, f"GP{k}")[0] for k in range(1, 16)]
    looks = {(line.get_marker(), str(line._dash_pattern)) for line in drawn}
    assert len(looks) == 15


def test_the_rate_asked_for_is_ruled_and_ranks_the_options() -> None:
    early = NpvCurve("GP1", "", (0.0, 0.1, 0.2), (9e6, 1e6, -5e6))
    late = NpvCurve("GP2", "", (0.0, 0.1, 0.2), (5e6, 3e6, 1e6))
    assert len(lines(charts.npv_profile([early, late], first=1), "GP1")) == 1
    ax = charts.npv_profile([early, late], first=1, rate=0.1)
    assert len(lines(ax, "GP2")) == 1
    assert lines(ax, "GP1") == []
    assert "chiết khấu 10 %" in words(ax)


def test_unknown_values_are_named_and_not_dropped() -> None:
    hole = NpvCurve("GP1", "A", (0.0, 0.1, 0.2), (5.0, NAN, -5.0))
    lost = NpvCurve("GP2", "B", (0.0, 0.1), (NAN, NAN))
    ax = charts.npv_profile([lost, hole])
    assert list(lines(ax, "GP1")[0].get_xdata()) == [0.0, 0.2]
    assert said(ax, "GP2") == ["Chưa đủ số liệu để vẽ: GP2 · B."]
    assert said(charts.npv_profile([lost], language="en"), "GP2") == [
        "Not enough data to draw: GP2 · B."
    ]


def study(rate: float, **methods: Any) -> Any:
    return type("Study", (), {"chart_rate": staticmethod(lambda: rate),
                              **{name: staticmethod(value) for name, value in methods.items()}})()


def test_the_rate_of_the_study_is_ruled_unless_another_is_asked_for() -> None:
    source = study(0.12, npv_curves=lambda language: curves(3))
    assert "chiết khấu 12 %" in words(charts.npv_profile(source))
    asked = words(charts.npv_profile(source, rate=0.08))
    assert "chiết khấu 8 %" in asked
    assert "chiết khấu 12 %" not in asked
    assert not said(charts.npv_profile(study(NAN, npv_curves=lambda language: curves(3))),
                    "chiết khấu 1")


def test_the_rate_of_a_study_is_rounded_and_called_real() -> None:
    """12 % nominal at 4 % inflation is 1.12/1.04 − 1 = 7.6923… % real; who typed 12 sees why."""
    source = study(1.12 / 1.04 - 1, npv_curves=lambda language: curves(3))
    drawn = words(charts.npv_profile(source))
    assert "chiết khấu 7,69 %" in drawn
    assert "tỷ suất chiết khấu thực (đã trừ lạm phát)" in drawn
    drawn = words(charts.npv_profile(source, language="en"))
    assert {"discount rate 7.69%", "real discount rate (inflation taken out)"} <= set(drawn)
    plain = words(charts.npv_profile(curves(3), rate=0.1, language="en"))
    assert {"discount rate 10%", "discount rate"} <= set(plain)


def test_the_circle_is_explained_where_there_is_one() -> None:
    assert "Vòng tròn trên đường số 0: IRR." in words(charts.npv_profile(curves(3)))
    far = NpvCurve("GP2", "B", (0.0, 0.2), (5.0, 3.0), 0.9)
    none = NpvCurve("GP3", "C", (0.0, 0.2), (-1.0, -2.0))
    assert not said(charts.npv_profile([far, none], language="en"), "Circle")


def test_names_of_lines_that_end_together_have_samples_and_no_fan_of_leaders() -> None:
    """Ten lines that end within a few points: only names beside that place are led to."""
    crowd = [NpvCurve(f"GP{k}", NAMES[k], (0.0, 0.4), (1e9 * (k + 1), 1e6 * k)) for k in range(10)]
    ax = charts.npv_profile(crowd)
    assert len(lines(ax, "leader")) < 4
    wide = [NpvCurve(f"GP{k}", NAMES[k], (0.0, 0.4), (2e9, 1e9 * k)) for k in range(3)]
    assert len(lines(charts.npv_profile(wide), "leader")) == 3
    # every name stands beside the dashes and the marker of its own line
    beside = {text.get_text().split(" · ")[0]: text.xy[1] for text in ax.texts
              if text.get_text().startswith("GP")}
    for curve in crowd:
        (line,) = lines(ax, curve.id)
        near = [other for other in ax.findobj(Line2D)
                if other.get_transform() == ax.transAxes
                and set(other.get_ydata()) == {beside[curve.id]}]
        assert line.get_marker() in {other.get_marker() for other in near}
        assert {str(other._dash_pattern) for other in near} >= {str(line._dash_pattern)}


# --- cost curve --------------------------------------------------------------------------------

def test_steps_of_the_cost_curve_are_the_records_side_by_side() -> None:
    records = steps(6)
    ax = charts.cost_curve(records)
    drawn = bars(ax)
    by_id = {record.id: record for record in records}
    at = 0.0
    for bar in drawn:
        record = by_id[bar.get_label()]
        assert bar.get_x() == pytest.approx(at, abs=1e-9)
        assert (bar.get_width(), bar.get_y()) == (record.width, 0.0)
        assert bar.get_height() == record.cost
        at += record.width
    assert len(drawn) == 6
    assert ax.get_xlim() == pytest.approx((0.0, at))


def test_what_costs_stands_from_the_cheapest_unit_up() -> None:
    heights = [bar.get_height() for bar in bars(charts.cost_curve(steps(15)))]
    paid = [height for height in heights if height >= 0]
    assert heights[-len(paid):] == sorted(paid)


def test_negative_costs_stand_in_pareto_order_and_the_chart_says_so() -> None:
    # Taylor (2012): per unit A (−10) looks better than B (−4), but B gains 400 and saves 100,
    # A gains 50 and saves 5. B is better in both.
    few = CostStep("A", "", 5.0, -10.0)
    many = CostStep("B", "", 100.0, -4.0)
    ax = charts.cost_curve([few, many, CostStep("C", "", 10.0, 3.0)])
    assert [bar.get_label() for bar in bars(ax)] == ["B", "A", "C"]
    assert said(ax, "thứ tự Pareto")
    assert said(charts.cost_curve([few], language="en"), "Pareto order")
    assert not said(charts.cost_curve([CostStep("C", "", 10.0, 3.0)]), "Pareto")


def test_no_option_stands_before_one_that_gains_more_and_saves_more() -> None:
    records = [dataclasses.replace(step, cost=-abs(step.cost)) for step in steps(60)]
    drawn = bars(charts.cost_curve(records, first=60))
    for left, right in itertools.combinations(drawn, 2):
        gains = [-bar.get_height() * bar.get_width() for bar in (left, right)]
        assert not (gains[1] > gains[0] and right.get_width() > left.get_width())


def test_options_that_pay_have_no_cost_per_unit_in_words() -> None:
    records = [CostStep("GP1", "A", 367.0, -5e5, "tCO₂ một năm", "tCO₂"),
               CostStep("GP2", "B", 40.0, 3e5, "tCO₂ một năm", "tCO₂"),
               CostStep("GP3", "C", 20.0, 0.0, "tCO₂ một năm", "tCO₂", pays=True)]
    ax = charts.cost_curve(records)
    assert said(ax, "GP1 · A") == ["GP1 · A tự hoàn vốn; 367 tCO₂ một năm"]
    assert said(ax, "GP2 · B") == ["GP2 · B 300 nghìn đồng/tCO₂; 40 tCO₂ một năm"]
    assert said(ax, "GP3 · C") == ["GP3 · C tự hoàn vốn; 20 tCO₂ một năm"]
    assert said(charts.cost_curve(records[:1], language="en"), "GP1 ·") == [
        "GP1 · A pays by itself; 367 tCO₂ một năm"]


def test_fronts_of_the_records_are_kept_with_their_order_within_a_front() -> None:
    # from costs and widths alone B (saves 100, gains 400) would stand first, then A, then D
    records = [CostStep("D", "", 4.0, -9.0, front=2), CostStep("A", "", 5.0, -10.0, front=1),
               CostStep("B", "", 100.0, -4.0, front=2), CostStep("C", "", 10.0, 3.0)]
    assert [bar.get_label() for bar in bars(charts.cost_curve(records))] == ["A", "D", "B", "C"]
    unranked = [dataclasses.replace(step, front=0) for step in records]
    drawn = [bar.get_label() for bar in bars(charts.cost_curve(unranked))]
    assert drawn == ["B", "A", "D", "C"]


def test_an_order_of_the_whole_life_is_told_where_the_steps_show_a_year() -> None:
    """A lives 10 years and gains 40 t·10; B is wider and deeper in a year and lives for 3."""
    records = [CostStep("A", "", 40.0, -1.0, front=1), CostStep("B", "", 60.0, -2.0, front=2)]
    ax = charts.cost_curve(records)
    assert [bar.get_label() for bar in bars(ax)] == ["A", "B"]
    assert said(ax, "trong cả đời giải pháp")
    assert said(charts.cost_curve(records, language="en"), "over its whole life, not in one year")
    unranked = [dataclasses.replace(step, front=0) for step in records]
    assert not said(charts.cost_curve(unranked), "cả đời")


def test_steps_that_pay_differ_without_colour() -> None:
    ax = charts.cost_curve(steps(9))
    looks = {bar.get_height() < 0: bar.get_hatch() for bar in bars(ax)}
    assert looks == {True: None, False: "//"}


def test_options_not_known_and_options_that_save_nothing_are_listed_apart() -> None:
    ax = charts.cost_curve([
        CostStep("GP1", "A", 4.0, 5e5), CostStep("GP4", "D", 3.0, NAN),
        CostStep("GP2", "B", 0.0, 5e5), CostStep("GP3", "C", NAN, 5e5),
        CostStep("GP5", "E", -2.0, NAN),
    ])
    assert len(bars(ax)) == 1
    assert said(ax, "Không vẽ vì chưa biết") == [
        "Không vẽ vì chưa biết lượng tiết kiệm hoặc chi phí trên đơn vị: GP3 · C; GP4 · D."
    ]
    assert said(ax, "Không vẽ vì không") == [
        "Không vẽ vì không tiết kiệm được gì theo đơn vị này: GP2 · B; GP5 · E."
    ]
    assert not said(charts.cost_curve(steps(3)), "Không vẽ")


@pytest.mark.parametrize("unit", ["tCO₂", "đồng/tCO₂", "VND/tCO₂", ""])
def test_the_unit_of_the_cost_is_written_at_the_scale_of_the_axis(unit: str) -> None:
    ax = charts.cost_curve([CostStep("GP1", "A", 4.0, 1.5e6, "tCO₂/năm", unit)])
    assert "chi phí trên đơn vị tiết kiệm (triệu đồng/tCO₂)" in words(ax)
    assert said(ax, "GP1 · A") == ["GP1 · A 1,5 triệu đồng/tCO₂; 4 tCO₂/năm"]


def test_ids_stand_over_the_steps_and_numbers_where_there_is_no_room() -> None:
    assert "GP2" in words(charts.cost_curve(steps(4)))
    crowded = words(charts.cost_curve(steps(15)))
    assert {str(k) for k in range(1, 16)} <= set(crowded)
    assert [text for text in crowded if text.startswith("15. GP")]


# --- frontier ----------------------------------------------------------------------------------

def test_frontier_points_are_the_records() -> None:
    records = points(9)
    ax = charts.frontier(records)
    (line,) = lines(ax, "points")
    assert [tuple(xy) for xy in line.get_xydata()] == [(p.saving, p.cost) for p in records]


def test_nothing_joins_the_points_for_cheaper_sets_may_lie_between() -> None:
    ax = charts.frontier(points(6))
    joined = [line for line in ax.findobj(Line2D)
              if line.get_linestyle() != "None" and line.get_transform() == ax.transData
              and len(set(line.get_xdata())) > 1 and len(set(line.get_ydata())) > 1]
    assert joined == []
    told = "Các điểm là những mức đã tính; giữa hai điểm có thể có tập rẻ hơn."
    assert told in words(ax)
    assert told not in words(charts.frontier(points(0)))
    assert said(charts.frontier(points(6), language="en"), "there may be a cheaper set")


def test_only_a_record_that_is_proven_the_cheapest_is_called_so() -> None:
    records = [dataclasses.replace(point, ends=()) for point in points(9)]
    ax = charts.frontier(records)
    assert not said(ax, "Rẻ nhất")
    assert not said(ax, "Không tập giải pháp nào")  # for there are points that reach the target
    assert lines(ax, "chosen") == []
    dear = records[-1] = dataclasses.replace(records[-1], ends=(0.05,))
    ax = charts.frontier(records)
    assert [text.split(":")[0] for text in said(ax, "Rẻ nhất")] == ["Rẻ nhất để đạt 5 %"]
    (line,) = lines(ax, "chosen")
    assert [tuple(xy) for xy in line.get_xydata()] == [(dear.saving, dear.cost)]


def test_an_end_that_only_a_record_speaks_of_is_told_unless_a_band_is_given() -> None:
    record = FrontierPoint(5e6, 0.11, ("GP1",), low=0.05, ends=(0.1,))
    assert said(charts.frontier([record]), "Rẻ nhất") == [
        "Rẻ nhất để đạt 10 %: GP1 (5 triệu đồng)."]
    assert not said(charts.frontier([record], band=(0.05, None)), "Rẻ nhất")


def test_the_cheapest_sets_that_reach_the_target_are_marked_and_named() -> None:
    records = points(9)
    ax = charts.frontier(records)
    best = [min((p for p in records if p.saving >= end), key=lambda p: p.cost)
            for end in (0.05, 0.08)]
    (line,) = lines(ax, "chosen")
    assert [tuple(xy) for xy in line.get_xydata()] == [(p.saving, p.cost) for p in best]
    assert line.get_marker() != lines(ax, "points")[0].get_marker()
    for end, point in zip(("5", "8"), best, strict=True):
        (text,) = said(ax, f"Rẻ nhất để đạt {end} %")
        assert " + ".join(point.options) in text
    assert "mục tiêu 5–8 %" in words(ax)
    ruled = {line.get_xdata()[0] for line in ax.findobj(Line2D)
             if len(set(line.get_xdata())) == 1 and line.get_linestyle() == "--"}
    assert {0.05, 0.08} <= ruled


def test_a_target_on_the_point_is_reached_and_one_beyond_is_not() -> None:
    exact = FrontierPoint(5e6, 0.1 + 0.2 - 0.25, ("GP1",), ends=(0.05,))  # 0.05000000000000004
    under = FrontierPoint(5e6, 0.05 - 1e-13, ("GP1",), ends=(0.15 - 0.1,))  # 0.04999999999999999
    for point in (exact, under):
        assert said(charts.frontier([point], band=(0.05, None)), "Rẻ nhất để đạt 5 %")
    ax = charts.frontier([dataclasses.replace(exact, saving=0.0499, ends=())], band=(0.05, NAN))
    assert words(ax).count("Không tập giải pháp nào trong hình đạt 5 %.") == 1
    assert "mục tiêu ≥ 5 %" in words(ax)


def test_points_without_a_name_are_counted() -> None:
    crowd = [FrontierPoint(1e6 + k, 0.05 + k * 1e-6, (f"GP{k}",)) for k in range(30)]
    ax = charts.frontier(crowd)
    named = [text for text in words(ax) if text in {f"GP{k}" for k in range(30)}]
    assert 1 <= len(named) < 15
    assert f"Số điểm không ghi tên vì thiếu chỗ: {30 - len(named)}." in words(ax)
    assert not said(charts.frontier(points(2)), "vì thiếu chỗ")


def test_a_set_of_nothing_is_called_nothing_more_and_told_where_it_has_no_name() -> None:
    """What was carried out before saves already: the first point need not lie at 0."""
    start = FrontierPoint(0.0, 0.008)
    ax = charts.frontier([start, FrontierPoint(5e8, 0.2, ("G1",))])
    assert "không làm thêm gì" in words(ax)
    assert not said(ax, "Điểm ngoài cùng")
    crowd = [start, FrontierPoint(1e6, 0.03, ("GP1",)), FrontierPoint(9e9, 0.3, ("GP1", "GP2"))]
    ax = charts.frontier(crowd)
    assert "không làm thêm gì" not in words(ax)
    assert "Điểm ngoài cùng bên trái: không làm thêm gì." in words(ax)
    assert not said(ax, "vì thiếu chỗ")
    assert said(charts.frontier(crowd, language="en"), "farthest to the left: nothing more.")


def test_a_large_set_is_named_by_what_changed() -> None:
    a = FrontierPoint(1e6, 0.02, ("G1", "G2", "G3"))
    b = FrontierPoint(3e6, 0.06, ("G1", "G2", "G4", "G5"), note="chưa chứng minh tối ưu")
    ax = charts.frontier([b, a])
    assert "+ G4 + G5 − G3 chưa chứng minh tối ưu" in words(ax)
    assert said(ax, "so với điểm ngay bên trái")
    assert not said(charts.frontier([a]), "so với điểm")


def test_a_frontier_in_another_unit_says_it() -> None:
    ax = charts.frontier([FrontierPoint(2e6, 40.0, ("G1",), low=30.0, high=60.0, unit="TOE",
                                        ends=(30.0,))], language="en")
    assert "saving (TOE)" in words(ax)
    assert "target 30–60 TOE" in words(ax)
    assert "Cheapest to reach 30 TOE: G1 (2 million VND)." in words(ax)
    assert "No set of options on this chart reaches 60 TOE." in words(ax)


def test_a_target_with_one_end_says_on_which_side_also_in_another_unit() -> None:
    point = FrontierPoint(2e6, 40.0, ("G1",), low=30.5, unit="TOE")
    assert "mục tiêu ≥ 30,5 TOE" in words(charts.frontier([point]))
    most = dataclasses.replace(point, low=None, high=60.0)
    assert "target ≤ 60 TOE" in words(charts.frontier([most], language="en"))


def test_points_of_unknown_cost_are_named() -> None:
    ax = charts.frontier([FrontierPoint(NAN, 0.05, ("GP1", "GP2")), *points(2)])
    assert said(ax, "Chưa đủ số liệu") == ["Chưa đủ số liệu để vẽ: GP1 + GP2."]


# --- tornado -----------------------------------------------------------------------------------

def test_tornado_halves_reach_from_the_base_to_the_records_widest_first() -> None:
    records = inputs(6)
    ax = charts.tornado(records)
    ranked = sorted(records, key=lambda bar: -abs(bar.high - bar.low))
    assert names(ax) == [" ".join(bar.label.split()) for bar in ranked]
    drawn = {(bar.get_label(), bar.get_hatch()): bar for bar in bars(ax)}
    for record in records:
        for end, hatch in ((record.low, None), (record.high, "//")):
            half = drawn[record.label, hatch]
            assert half.get_x() == 1.2e9
            assert half.get_x() + half.get_width() == pytest.approx(end)


def test_both_ends_carry_the_input_that_makes_them_on_their_side() -> None:
    ax = charts.tornado([TornadoBar("rate", 5e6, 1e6, 2e6, "VND", "5 %", "15 %")])
    ends = {t.get_text(): (t.xy[0], t.get_ha()) for t in ax.texts if t.get_text().endswith("%")}
    assert ends == {"5 %": (5e6, "left"), "15 %": (1e6, "right")}
    assert "NPV khi mọi đầu vào ở trung vị: 2 triệu đồng" in words(ax)
    assert "NPV (triệu đồng)" in words(ax)


def test_a_note_tells_the_two_looks_of_a_bar_apart() -> None:
    ax = charts.tornado([TornadoBar("rate", 5e6, 1e6, 2e6, "VND", "5 %", "15 %")], language="en")
    assert {bar.get_width() > 0: bar.get_hatch() for bar in bars(ax)} == {True: None, False: "//"}
    assert ("Plain bar: NPV with the input at the lower end of its range; "
            "hatched bar: at the upper end.") in words(ax)


def test_ends_on_one_side_of_the_base_are_told_together() -> None:
    ax = charts.tornado([TornadoBar("a", 3e6, 5e6, 2e6, "VND", "1", "2"),
                         TornadoBar("b", 1e6, 1.5e6, 2e6, "VND", "3", "4")])
    texts = {t.get_text(): (t.xy[0], t.get_ha()) for t in ax.texts}
    assert texts["1 · 2"] == (5e6, "left")
    assert texts["3 · 4"] == (1e6, "right")
    first, second = bars(ax)[:2]
    assert abs(first.get_width()) > abs(second.get_width())  # the shorter lies in front


def test_an_unknown_end_has_words_and_no_half() -> None:
    ax = charts.tornado([TornadoBar("a", NAN, 5e6, 2e6, "VND", "1", "2")])
    assert len(bars(ax)) == 1
    assert "1: chưa rõ" in words(ax)


def test_ends_without_texts_are_told_in_money() -> None:
    ax = charts.tornado([TornadoBar("a", 1e6, 5e6, 2e6)], language="en")
    assert {"1 million VND", "5 million VND"} <= set(words(ax))


# --- rank stability ----------------------------------------------------------------------------

def test_cells_are_the_shares_and_the_frame_is_the_rank() -> None:
    records = [RankSpread("GP2", "B", 2, (0.25, 0.75)), RankSpread("GP1", "A", 1, (0.75, 0.25))]
    ax = charts.rank_stability(records)
    assert names(ax) == ["GP1 · A", "GP2 · B"]
    cells = {(c.get_label(), c.get_x() + 0.5): grey(c.get_facecolor()) for c in bars(ax)}
    assert set(cells) == {("GP1", 1), ("GP1", 2), ("GP2", 1), ("GP2", 2)}
    assert cells["GP1", 1] == cells["GP2", 2] < cells["GP1", 2] == cells["GP2", 1]
    frames = [p.get_x() + 0.5 for p in ax.patches if p.get_label() == "rank"]
    assert frames == [1, 2]
    assert [t.get_text() for t in ax.texts[:4]] == ["75", "25", "25", "75"]


def test_a_larger_share_is_darker_also_without_colour() -> None:
    shares = [k / 55 for k in range(1, 11)]
    ax = charts.rank_stability([RankSpread("A", "", 10, shares)])
    shades = [grey(cell.get_facecolor()) for cell in bars(ax)]
    assert shades == sorted(shades, reverse=True)
    assert all(a - b > 0.01 for a, b in itertools.pairwise(shades))


def test_figures_can_be_read_on_their_cells() -> None:
    for share in (0.02, 0.3, 0.54, 0.56, 0.8, 1.0):
        ax = charts.rank_stability([RankSpread("A", "", 1, (share,))])
        back, ink = grey(bars(ax)[0].get_facecolor()), grey(ax.texts[0].get_color())
        assert abs(back - ink) > 0.4, share


def test_a_share_that_is_not_all_is_never_written_as_100() -> None:
    ax = charts.rank_stability([RankSpread("A", "", 1, (0.9996, 0.0004))])
    assert ">99" in words(ax)
    assert "100" not in words(ax)
    assert "100" in words(charts.rank_stability([RankSpread("A", "", 1, (1.0, 0.0))]))


def test_ranks_that_are_left_out_share_the_last_column() -> None:
    ax = charts.rank_stability([RankSpread("A", "", 1, (0.6, 0.1)), RankSpread("B", "", 2, (0.5,))])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "> 2"]
    last = {bar.get_label(): bar for bar in bars(ax) if bar.get_x() == 2.5}
    assert set(last) == {"A", "B"}
    assert [t.get_text() for t in ax.texts[:5]] == ["60", "10", "30", "50", "50"]
    many = charts.rank_stability(spreads(20), language="en")
    assert many.get_xticklabels()[-1].get_text() == "> 15"


def test_ranks_that_no_option_ever_has_are_not_drawn() -> None:
    def columns(*records: RankSpread) -> list[str]:
        ticks = charts.rank_stability(records).get_xticklabels()
        return [tick.get_text() for tick in ticks]

    idle = (0.0,) * 6
    assert columns(RankSpread("A", "", 1, (0.9, 0.1, *idle)),
                   RankSpread("B", "", 2, (0.1, 0.9, *idle))) == ["1", "2"]
    # a frame needs its column, and what is missing to 1 lies beyond every rank of the records
    assert columns(RankSpread("A", "", 3, (0.0, 1.0, *idle))) == ["1", "2", "3"]
    assert columns(RankSpread("A", "", 1, (0.5, 0.0, 0.0))) == ["1", "2", "3", "> 3"]


def test_the_title_says_by_what_options_are_ranked() -> None:
    for language, part in (("vi", "theo NPV"), ("en", "by NPV")):
        ax = charts.rank_stability(spreads(3), language=language)
        assert part in ax.get_title(loc="left")
        assert ax.get_title(loc="left").endswith("?")


def test_an_option_without_shares_says_so() -> None:
    ax = charts.rank_stability([RankSpread("A", "", 1, (1.0,)), RankSpread("B", "", 0, (NAN,))])
    assert names(ax) == ["A", "B"]
    assert "chưa rõ thứ hạng" in words(ax)


# --- cash flow ---------------------------------------------------------------------------------

def test_cash_bars_and_sums_are_the_records() -> None:
    records = cash(12)
    ax = charts.cash_flow(records)
    assert [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in bars(ax)] == [
        (pytest.approx(bar.year), bar.flow) for bar in records
    ]
    for label, values in (("cumulative", [bar.cumulative for bar in records]),
                          ("discounted", [bar.discounted for bar in records])):
        (line,) = lines(ax, label)
        assert list(line.get_ydata()) == values
    assert lines(ax, "cumulative")[0].get_linestyle() != lines(ax, "discounted")[0].get_linestyle()
    assert {bar.get_height() < 0: bar.get_hatch() for bar in bars(ax)} == {True: "//", False: None}


def test_the_discounted_payback_is_marked_within_its_year() -> None:
    # By hand: −100; 60/1.1 = 54.545…; 60/1.21 = 49.586…: after year 1 −45.4545, after year 2
    # +4.1322; back at 0 after 45.4545/49.5868 = 0.91666… of the second year.
    sums = (-100.0, -100 + 60 / 1.1, -100 + 60 / 1.1 + 60 / 1.21)
    flows = zip(range(3), (-100.0, 60.0, 60.0), sums, strict=True)
    ax = charts.cash_flow([CashBar(year, flow, NAN, total, "USD") for year, flow, total in flows])
    (mark,) = lines(ax, "payback")
    assert mark.get_xdata()[0] == pytest.approx(1 + 11 / 12, rel=1e-12)
    assert mark.get_ydata()[0] == 0
    assert "hoàn vốn có chiết khấu: 1,9 năm" in words(ax)


def test_a_payback_that_never_comes_or_does_not_last_is_said() -> None:
    never = charts.cash_flow(cash(3))
    assert lines(never, "payback") == []
    assert said(never, "không trở lại mức 0")
    relapse = [CashBar(k, 1.0, v, v) for k, v in enumerate((-5.0, 5.0, -2.0, 3.0))]
    ax = charts.cash_flow(relapse, language="en")
    assert lines(ax, "payback")[0].get_xdata()[0] == pytest.approx(0.5)
    assert said(ax, "falls below 0 again")
    assert not said(charts.cash_flow(cash(12), language="en"), "below 0")


def test_a_year_of_unknown_flow_is_named() -> None:
    ax = charts.cash_flow([*cash(2), CashBar(3, NAN, NAN, NAN)])
    assert "Năm chưa rõ dòng tiền: 3." in words(ax)
    assert len(bars(ax)) == 3


# --- payback ladder with intervals -------------------------------------------------------------

def whiskers(ax: Axes) -> list[tuple[float, float]]:
    """Return the ends of the intervals that are drawn [year]."""
    ends = []
    for line in lines(ax, "interval"):
        x = [float(at) for at in line.get_xdata() if not math.isnan(at)]
        ends.append((min(x), max(x)))
    return ends


def test_whiskers_are_the_intervals() -> None:
    step = PaybackStep("GP1", "", 4.6, "years", 1e9, 2e8, low=3.1, high=7.0)
    ax = charts.payback_ladder([step, PaybackStep("GP2", "", 2.0, "years", 1e9, 5e8)])
    assert whiskers(ax) == [(3.1, 7.0)]
    assert "4,6 năm (3,1–7,0 năm)" in words(ax)
    assert said(ax, "vạch mảnh:") == ["vạch mảnh: khoảng mà thời gian hoàn vốn có thể rơi vào"]
    assert not said(charts.payback_ladder([dataclasses.replace(step, low=NAN)]), "vạch mảnh")
    told = dataclasses.replace(step, interval="90 % of the draws")
    assert "thin line: 90 % of the draws" in words(charts.payback_ladder([told], language="en"))


def test_an_interval_without_end_leaves_the_scale_in_an_arrow() -> None:
    step = PaybackStep("GP1", "", 4.0, "years", 1e9, 2e8, low=3.0, high=INF)
    ax = charts.payback_ladder([step])
    ((low, high),) = whiskers(ax)
    assert low == 3.0
    assert high == pytest.approx(4.0)
    assert any(line.get_marker() == ">" for line in ax.lines)
    assert "4,0 năm (3,0 năm – không hoàn vốn)" in words(ax)


@pytest.mark.parametrize("kind", ["immediate", "never", "unknown"])
def test_an_interval_is_drawn_also_where_there_is_no_bar(kind: str) -> None:
    years = {"immediate": 0.0, "never": INF, "unknown": NAN}[kind]
    ax = charts.payback_ladder([PaybackStep("GP1", "", years, kind, 1e6, 1e6, low=0.5, high=2.0)])
    assert whiskers(ax) == [(0.5, 2.0)]
    assert bars(ax) == []


def test_dropped_options_stand_last_in_grey_with_the_word() -> None:
    quick = PaybackStep("GP1", "", 1.0, "years", 1e8, 1e8, low=0.8, high=1.5, dropped=True)
    free = PaybackStep("GP3", "", 0.0, "immediate", 0.0, 1e8, dropped=True)
    slow = PaybackStep("GP2", "", 4.0, "years", 4e8, 1e8)
    never = PaybackStep("GP4", "", INF, "never", 4e8, 0.0)
    total = PaybackStep("", "Tổng", 2.5, "years", 5e8, 2e8, total=True)
    ax = charts.payback_ladder([quick, total, never, slow, free])
    assert names(ax) == ["GP2", "GP4", "GP3", "GP1", "Tổng"]
    fills = {bar.get_label(): to_rgb(bar.get_facecolor()) for bar in bars(ax)}
    assert len(set(fills["GP1"])) == 1  # grey has no colour
    assert len(set(fills["GP2"])) == 3
    assert {"1,0 năm (loại bỏ) (9,6 tháng – 1,5 năm)", "ngay lập tức (loại bỏ)"} <= set(words(ax))
    assert len(said(ax, "loại bỏ")) == 2
    assert said(charts.payback_ladder([quick], language="en"), "1.0 years (dropped)")
    check_layout(ax)


# --- every chart -------------------------------------------------------------------------------

@ALL
@pytest.mark.parametrize(("count", "language"),
                         [(1, "vi"), (4, "en"), (15, "vi"), (15, "en"), (16, "vi")])
def test_back_row_can_read_it_and_nothing_overlaps(
    chart: Any, count: int, language: str
) -> None:
    check_layout(chart(MAKERS[chart](count), language=language, subtitle="Nhà máy Sao Xanh"))


@ALL
def test_names_without_end_are_wrapped_and_nothing_overlaps(chart: Any) -> None:
    records = []
    for record, text in zip(MAKERS[chart](4), itertools.cycle(HOSTILE), strict=False):
        fields = {f.name for f in dataclasses.fields(record)}
        changed: dict[str, Any] = {
            name: text for name in ("id", "name", "label", "irr_text", "width_unit", "cost_unit",
                                    "note", "low_text", "high_text", "interval")
            if name in fields
        }
        if "options" in fields:
            changed["options"] = (text, text)
        records.append(dataclasses.replace(record, **changed))
    check_layout(chart(records))


@ALL
@LANGUAGES
def test_nothing_to_draw_is_said_under_the_title(chart: Any, language: str) -> None:
    ax = chart([], language=language, subtitle="")
    told = {"vi": ("chưa có số liệu để vẽ", "Chưa có giải pháp nào trong số liệu"),
            "en": ("no data to draw yet", "The records hold no options yet")}[language]
    assert len(words(ax)) == 2
    assert any(text.startswith(told) for text in words(ax))
    assert not ax.axison


@ALL
def test_an_assessment_without_records_for_a_chart_may_have_options(chart: Any) -> None:
    """Without a discount rate a study of nine options has no curve, no bar and no rank."""
    told = said(chart([], language="en"), "hold no options")
    assert bool(told) == (chart is charts.payback_ladder)


@ALL
def test_the_order_of_the_records_does_not_matter(chart: Any) -> None:
    records = MAKERS[chart](15)
    usual = look(chart(records, subtitle="x"))
    for seed in (1, 2):
        shuffled = records.copy()
        random.Random(seed).shuffle(shuffled)
        assert look(chart(shuffled, subtitle="x")) == usual


@ALL
@LANGUAGES
def test_a_source_is_asked_in_the_language_of_the_chart(chart: Any, language: str) -> None:
    method = {
        charts.npv_profile: "npv_curves", charts.cost_curve: "cost_steps",
        charts.frontier: "frontier_points", charts.tornado: "tornado_bars",
        charts.rank_stability: "rank_spreads", charts.cash_flow: "cash_bars",
        charts.payback_ladder: "payback_steps",
    }[chart]
    asked = []

    def records(language: str) -> Any:
        asked.append(language)
        return MAKERS[chart](3)

    source = type("Source", (), {method: staticmethod(records)})()
    ax = chart(source, language=language, title="T", subtitle="S")
    assert asked == [language]
    assert words(ax) == words(chart(MAKERS[chart](3), language=language, title="T", subtitle="S"))


@pytest.mark.parametrize(("chart", "method"), [(charts.cash_flow, "cash_bars"),
                                               (charts.tornado, "tornado_bars")])
def test_an_option_is_handed_on_to_the_source(chart: Any, method: str) -> None:
    def records(language: str, option: str = "best") -> Any:
        return MAKERS[chart]({"best": 3, "G4": 5}[option])

    def subject(of: str, language: str, option: str = "best") -> str:
        return f"{of} {language} {option}"

    source = study(NAN, **{method: records, "chart_subject": subject})
    for option, count in ((None, 3), ("G4", 5)):
        ax = chart(source, option=option)
        assert len(bars(ax)) == len(bars(chart(MAKERS[chart](count))))
        assert ax.get_title(loc="left").endswith(f": {method} vi {option or 'best'}")
    # one that can only speak of its own choice is not asked about another option
    source = study(NAN, **{method: records, "chart_subject": lambda of, language: "best"})
    assert chart(source, option="G4").get_title(loc="left").endswith(": G4")
    assert chart(source).get_title(loc="left").endswith(": best")


@ALL
def test_languages_differ_in_words_and_not_in_what_is_drawn(chart: Any) -> None:
    vi, en = (chart(MAKERS[chart](6), language=language) for language in ("vi", "en"))
    assert words(vi) != words(en)
    for one, other in zip(bars(vi), bars(en), strict=True):
        assert one.get_x() == other.get_x()
        assert one.get_height() == pytest.approx(other.get_height(), rel=0.6)
    with pytest.raises(ValueError, match="'fr'"):
        chart(MAKERS[chart](2), language="fr")


@WITH_FIRST
@pytest.mark.parametrize("first", [0, -1])
def test_fewer_than_one_is_refused(chart: Any, first: int) -> None:
    with pytest.raises(Refusal, match="từ 1 trở lên") as caught:
        chart(MAKERS[chart](2), first=first)
    assert caught.value.code == "chart.first"


@WITH_FIRST
def test_what_is_left_out_is_counted(chart: Any) -> None:
    ax = chart(MAKERS[chart](18), first=11)
    count = r"7" if chart is not charts.frontier else ""
    told = "vì thiếu chỗ" if chart is charts.frontier else "không vẽ trong hình này"
    (text,) = said(ax, told)
    assert count in text
    assert not said(chart(MAKERS[chart](3), first=3 + (chart is charts.frontier)), told)


@ALL
@pytest.mark.parametrize("count", [1, 15])
def test_given_axes_are_drawn_on_and_the_chart_stays_in_their_place(
    chart: Any, count: int
) -> None:
    check_place(lambda ax: chart(MAKERS[chart](count), ax))


@ALL
def test_a_callers_style_changes_nothing_and_no_setting_is_changed(chart: Any) -> None:
    check_own_style(lambda: chart(MAKERS[chart](5)))


@ALL
def test_money_at_any_scale_fits_beside_the_axis(chart: Any) -> None:
    """10¹³ đồng is real; 10³⁰⁰ is a slip of the hand that must not break the picture."""
    for factor in (1e4, 1e291):
        records = []
        for record in MAKERS[chart](4):
            changed = {f.name: value * factor for f in dataclasses.fields(record)
                       if f.name not in ("rates", "irr", "width", "saving", "years", "year",
                                         "shares", "rank")
                       and isinstance(value := getattr(record, f.name), float)
                       and not (f.name in ("low", "high") and chart is not charts.tornado)}
            if chart is charts.npv_profile:
                changed["values"] = [value * factor for value in record.values]
            records.append(dataclasses.replace(record, **changed))
        ax = chart(records)
        ax.figure.canvas.draw()
        left = [label.get_window_extent().x0 for label in ax.get_yticklabels()]
        assert min(left, default=0) >= 0
        assert ax.bbox.width > 200


# --- the plane ---------------------------------------------------------------------------------

def test_spread_keeps_the_order_and_leaves_no_overlap() -> None:
    draw = random.Random(7)
    for _ in range(200):
        count = draw.randint(1, 12)
        sizes = [draw.uniform(1, 20) for _ in range(count)]
        wanted = [draw.uniform(-10, 110) for _ in range(count)]
        room = max(sum(sizes), 100.0)
        places = spread(wanted, sizes, 0.0, room)
        order = sorted(range(count), key=lambda k: (wanted[k], k))
        for one, other in itertools.pairwise(order):
            gap = places[other] - places[one]
            assert gap >= (sizes[one] + sizes[other]) / 2 - 1e-9
        assert all(places[k] - sizes[k] / 2 >= -1e-9 for k in order)
        assert all(places[k] + sizes[k] / 2 <= room + 1e-9 for k in order)


def test_spread_moves_nothing_that_has_its_room() -> None:
    assert spread([90.0, 10.0, 50.0], [8.0, 8.0, 8.0], 0.0, 100.0) == [90.0, 10.0, 50.0]


def test_limits_hold_zero_and_every_value() -> None:
    assert limits([NAN, INF]) == (0.0, 1.0)
    low, high = limits([5.0, NAN, 9.0])
    assert low == 0.0
    assert high > 9.0
    low, high = limits([-5.0, -2.0])
    assert low < -5.0
    assert high == 0.0


def test_figures_of_an_axis_are_short_and_in_the_language() -> None:
    assert number_text(1234.5, "vi") == "1.234,5"
    assert number_text(0.1 + 0.2, "en") == "0.3"
    assert number_text(1e291, "en") == "1e291"
    assert number_text(-2.5e-20, "vi") == "−2,5e-20"


@pytest.mark.parametrize(("largest", "currency", "scale"), [
    (9.9e8, "VND", (1e6, "triệu đồng")), (1e9, "VND", (1e9, "tỷ đồng")),
    (-2e13, "VND", (1e9, "tỷ đồng")), (5e3, "VND", (1e3, "nghìn đồng")),
    (5e3, "USD", (1.0, "USD")), (0.0, "VND", (1.0, "đồng")),
])
def test_scale_of_money(largest: float, currency: str, scale: tuple[float, str]) -> None:
    assert money_scale(largest, "vi", currency) == scale


def test_ends_of_a_payback_in_one_unit_share_it() -> None:
    assert payback_range_text(1.0, 99.9) == "1,0–99,9 năm"
    assert payback_range_text(0.5, 2.0, "en") == "6.0 months – 2.0 years"
    assert payback_range_text(0.7, 0.9, "en") == "8.4–10.8 months"
    assert payback_range_text(0.01, 0.02) == "3,7–7,3 ngày"
    assert payback_range_text(0.001, 0.02) == "dưới 1 ngày – 7,3 ngày"
    assert payback_range_text(50.0, 150.0) == "50,0 năm – 150 năm"
    assert payback_range_text(0.0, INF) == "ngay lập tức – không hoàn vốn"
