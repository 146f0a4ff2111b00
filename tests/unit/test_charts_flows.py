"""Charts of flow sheets and of the cost of losses: what is drawn is what the records say."""

from __future__ import annotations

import dataclasses
import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from drawn_charts import bars as boxes_of
from drawn_charts import (
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
from matplotlib.patches import PathPatch, Rectangle

from sxsh_audit import charts
from sxsh_audit.charts.flow_layers import back_edges, crossings, layers_of, order_columns
from sxsh_audit.charts.flow_strands import LOOKS
from sxsh_audit.display.flow_records import LOSSES, FlowBand, LossStep, LossStream
from sxsh_audit.errors import Refusal

NAN, INF = math.nan, math.inf
STEPS = (
    "Chuẩn bị nguyên liệu", "Nấu – tẩy", "Nhuộm", "Giặt sau nhuộm", "Vắt ly tâm", "Sấy",
    "Hoàn tất hóa học", "Định hình", "Kiểm tra – đóng gói", "Lò hơi", "Xử lý nước thải",
    "Trạm khí nén",
)
HOSTILE = ("Nướcthảinhuộm" * 12, "tên $5 {x}_^ \u202e " * 9, "", "x")


def mill() -> list[FlowBand]:
    """Return a paper mill of one line: 205 t in, 93 t of paper, white water back to the pulper."""
    return [
        FlowBand("bột giấy", "", "nghiền", 100.0, "t", "input"),
        FlowBand("nước cấp", "", "nghiền", 60.0, "t", "input"),
        FlowBand("huyền phù", "nghiền", "xeo", 195.0, "t", "internal"),
        FlowBand("tạp chất", "nghiền", "", 5.0, "t", "solid_waste"),
        FlowBand("giấy ướt", "xeo", "sấy", 120.0, "t", "internal"),
        FlowBand("nước trắng", "xeo", "nghiền", 40.0, "t", "recycle"),
        FlowBand("hơi ẩm", "sấy", "", 27.0, "t", "emission_air"),
        FlowBand("giấy", "sấy", "", 93.0, "t", "product"),
    ]


def network(count: int, steps: int, seed: int = 1, unit: str = "t") -> list[FlowBand]:
    """Return a network of any shape: amounts over four powers of ten, cycles and losses."""
    draw = random.Random(seed)
    made = []
    for k in range(count):
        amount = math.exp(draw.gauss(2, 2)) * (1e6 if unit == "VND" else 1.0)
        kind, here = draw.random(), STEPS[draw.randrange(steps)]
        if k == 0 or kind < 0.25:
            made.append(FlowBand(f"cấp cho {here.lower()} {k}", "", here, amount, unit, "input"))
        elif k == 1 or kind < 0.55 or steps == 1:
            what = draw.choice(["product", "by_product", "stock", "", *sorted(LOSSES)])
            sign = -1 if what == "stock" and draw.random() < 0.5 else 1
            made.append(FlowBand(f"ra từ {here.lower()} {k}", here, "", sign * amount, unit, what))
        else:
            a, b = draw.sample(range(steps), 2)
            if a > b and draw.random() < 0.7:
                a, b = b, a
            made.append(FlowBand(f"bán thành phẩm {k}", STEPS[a], STEPS[b],
                                 NAN if draw.random() < 0.1 else amount, unit,
                                 "internal" if a < b else draw.choice(["recycle", "rework"])))
    return made


def flows(count: int) -> list[FlowBand]:
    return network(count, max(min(count // 3, 12), 1), seed=7)


def streams(count: int) -> list[LossStream]:
    draw = random.Random(5)
    made = []
    for k in range(count):
        cost = math.exp(draw.gauss(18, 1))
        made.append(LossStream(f"Nước thải từ {STEPS[k % 12].lower()}", STEPS[k % 12], cost,
                               0.4 * cost, 0.2 * cost, 0.1 * cost * (k % 3)))
    return made


def loss_steps(count: int) -> list[LossStep]:
    draw = random.Random(6)
    losses = [LossStep("loss", f"Mất ở {STEPS[k % 12].lower()} {k}", math.exp(draw.gauss(18, 1)))
              for k in range(max(count - 2, 0))]
    lost = math.fsum(step.amount for step in losses)
    whole = [LossStep("input", "", lost + 4e9), LossStep("product", "", 4e9)]
    return [*whole[:count], *losses]


MAKERS: dict[Callable[..., Axes], Callable[[int], Any]] = {
    charts.sankey: flows, charts.loss_waterfall: loss_steps, charts.loss_pareto: streams,
}
METHODS = {charts.sankey: "flow_bands", charts.loss_waterfall: "loss_steps",
           charts.loss_pareto: "loss_streams"}  # fmt: skip
ALL = pytest.mark.parametrize("chart", MAKERS, ids=lambda chart: chart.__name__)
OF_MONEY = pytest.mark.parametrize("chart", [charts.loss_waterfall, charts.loss_pareto],
                                   ids=lambda chart: chart.__name__)
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])


def bars(ax: Axes) -> list[Rectangle]:
    """Return what is drawn of the records, without the samples above them."""
    return boxes_of(ax, but="_look")


def bands(ax: Axes) -> dict[str, PathPatch]:
    return {p.get_label(): p for p in ax.patches
            if isinstance(p, PathPatch) and not p.get_label().startswith("_")}


def boxes(ax: Axes) -> dict[str, Any]:
    return {box.get_label(): box.get_bbox() for box in bars(ax)}


def thickness(band: PathPatch) -> float:
    """Return the height of the left end of a band [pt]."""
    corners = band.get_path().vertices
    left = [y for x, y in corners if x == min(corners[:, 0])]
    return float(max(left) - min(left))


# --- sankey ------------------------------------------------------------------------------------

def test_bands_are_as_wide_as_their_amounts() -> None:
    records = mill()
    drawn = bands(charts.sankey(records))
    per_tonne = {thickness(drawn[r.name]) / r.amount for r in records if r.kind != "recycle"}
    assert max(per_tonne) == pytest.approx(min(per_tonne), rel=1e-9)


def test_a_recycle_keeps_its_width_on_its_way_back() -> None:
    drawn = bands(charts.sankey(mill()))
    scale = thickness(drawn["bột giấy"]) / 100
    corners = drawn["nước trắng"].get_path().vertices
    ends = [y for x, y in (corners[0], corners[len(corners) // 2 - 1], corners[-2])]
    assert abs(ends[0] - ends[2]) == pytest.approx(40 * scale, rel=1e-9)


def test_steps_stand_from_left_to_right_in_the_order_of_the_flow() -> None:
    at = boxes(charts.sankey(mill()))
    assert at["nghiền"].x1 < at["xeo"].x0
    assert at["xeo"].x1 < at["sấy"].x0


def test_bands_begin_and_end_at_their_steps() -> None:
    ax = charts.sankey(mill())
    at, drawn = boxes(ax), bands(ax)
    for record in mill():
        corners = drawn[record.name].get_path().vertices
        x0, x1 = corners[:, 0].min(), corners[:, 0].max()
        if record.kind == "recycle":
            assert x0 < at[record.target].x0
            assert x1 > at[record.source].x1
            continue
        assert x0 == at[record.source].x1 if record.source else x1 == at[record.target].x0
        if record.source and record.target:
            assert x1 == at[record.target].x0


def test_flows_at_one_side_of_a_step_stand_beside_each_other_and_not_over_each_other() -> None:
    ax = charts.sankey(network(40, 12))
    at, drawn = boxes(ax), bands(ax)
    for name, box in at.items():
        for side in ("source", "target"):
            spans = []
            for record in network(40, 12):
                reverse = record.amount < 0
                here = (record.source, record.target)[(side == "target") != reverse]
                if here != name or not math.isfinite(record.amount) or not record.amount:
                    continue
                corners = drawn[record.name].get_path().vertices
                edge = box.x1 if side == "source" else box.x0
                ends = [y for x, y in corners if abs(x - edge) < 1e-9]
                spans.append((min(ends), max(ends)))
            spans.sort()
            for (_, end), (start, _) in itertools.pairwise(spans):
                assert start >= end - 1e-6
            for low, high in spans:
                assert box.y0 - 1e-6 <= low <= high <= box.y1 + 1e-6


def test_losses_leave_below_what_goes_on_and_differ_without_colour() -> None:
    drawn = bands(charts.sankey(mill()))
    for record in mill():
        lost = record.kind in LOSSES
        assert (drawn[record.name].get_hatch() == LOOKS["lost"][1]) == lost
    middle = {name: band.get_path().vertices[:, 1].mean() for name, band in drawn.items()}
    assert middle["hơi ẩm"] > middle["giấy"]  # y counts from the top
    assert middle["tạp chất"] > middle["huyền phù"]
    for one, other in itertools.combinations(LOOKS.values(), 2):
        assert one[1] != other[1] or abs(grey(one[0]) - grey(other[0])) > 0.1


def test_a_flow_that_is_said_to_be_lost_is_drawn_as_a_loss_whatever_its_kind() -> None:
    (band,) = [b for name, b in bands(charts.sankey([
        FlowBand("vào", "", "xeo", 2.0), FlowBand("ra", "xeo", "xử lý", 2.0, lost=True),
    ])).items() if name == "ra"]  # fmt: skip
    assert band.get_hatch() == LOOKS["lost"][1]


def test_what_is_not_known_is_dashed_with_a_question_mark_and_named() -> None:
    records = [*mill(), FlowBand("nước trắng xả bỏ", "xeo", "", NAN, "t", "waste_water")]
    ax = charts.sankey(records)
    band = bands(ax)["nước trắng xả bỏ"]
    assert not band.get_fill()
    assert band.get_linestyle() != "solid"
    assert said(ax, "?")
    assert said(ax, "Nét đứt: chưa rõ lượng (nước trắng xả bỏ).")
    assert thickness(bands(ax)["bột giấy"]) > 0


def test_a_flow_of_nothing_has_no_width_and_its_figure_is_0() -> None:
    ax = charts.sankey([*mill(), FlowBand("rò rỉ", "xeo", "", 0.0, "t", "loss")])
    assert not bands(ax)["rò rỉ"].get_fill()
    assert not said(ax, "chưa rõ lượng")


def test_a_thin_flow_is_a_hair_its_figure_is_its_own_and_the_note_counts_it() -> None:
    ax = charts.sankey([*mill(), FlowBand("thuốc", "", "xeo", 0.001, "t", "input")])
    assert thickness(bands(ax)["thuốc"]) > 1
    assert said(ax, "0,001")
    assert said(ax, "vẽ dày hơn đúng tỷ lệ: 1.")
    assert not said(charts.sankey(mill()), "vẽ dày hơn")


def test_a_stock_drawn_down_enters_the_step_and_keeps_its_minus() -> None:
    ax = charts.sankey([*mill(), FlowBand("tồn bột", "nghiền", "", -10.0, "t", "stock")])
    corners = bands(ax)["tồn bột"].get_path().vertices
    assert corners[:, 0].max() == boxes(ax)["nghiền"].x0
    assert said(ax, "−10")
    assert said(ax, "dấu trừ")


def test_flows_of_another_unit_or_of_no_step_are_named_and_not_drawn() -> None:
    ax = charts.sankey([*mill(), FlowBand("điện", "", "xeo", 5e4, "kWh", "input"),
                        FlowBand("ngoài", "", "", 5.0, "t")])
    assert not {"điện", "ngoài"} & set(bands(ax))
    assert said(ax, "Không vẽ") == [
        "Không vẽ vì khác đơn vị, hoặc không đi qua công đoạn nào: ngoài; điện."]


def test_few_flows_are_named_where_they_run_and_many_by_numbers_in_a_list() -> None:
    few = charts.sankey(mill()[:4])
    assert said(few, "bột giấy 100 t")
    assert not lines(few, "number")
    many = charts.sankey(network(40, 12))
    told = [text for text in words(many)
            if ": " in text and text.endswith((" t", "?")) and not text.startswith("số")]
    assert len(told) == 40
    assert {str(k) for k in range(1, 41)} <= set(words(many))


def test_every_step_and_every_flow_is_told_whole_in_any_naming() -> None:
    for count, steps in ((6, 2), (14, 4), (25, 7), (40, 12)):
        records = network(count, steps)
        text = " ".join(words(charts.sankey(records)))
        for record in records:
            assert record.name in text
            assert all(step in text for step in (record.source, record.target))


def test_money_is_told_at_a_scale_that_can_be_read_aloud() -> None:
    records = [dataclasses.replace(r, amount=r.amount * 1e7, unit="VND") for r in mill()]
    assert said(charts.sankey(records), "1 tỷ đồng")
    assert said(charts.sankey(records, language="en"), "1 billion VND")


def test_a_step_that_feeds_itself_and_two_that_feed_each_other_are_drawn() -> None:
    records = [FlowBand("vào", "", "a", 10.0, "t"), FlowBand("a–b", "a", "b", 9.0, "t"),
               FlowBand("b–a", "b", "a", 4.0, "t"), FlowBand("a–a", "a", "a", 2.0, "t"),
               FlowBand("ra", "b", "", 5.0, "t", "product")]
    ax = charts.sankey(records)
    assert set(bands(ax)) == {record.name for record in records}
    assert boxes(ax)["a"].x1 < boxes(ax)["b"].x0  # the lighter of the two runs back
    check_layout(ax)


@pytest.mark.parametrize(("count", "steps", "seed"), [
    *((count, steps, seed) for count, steps in ((3, 1), (9, 3), (16, 5)) for seed in range(5)),
    *((40, 12, seed) for seed in range(3)), (60, 12, 3), (25, 9, 4), (40, 3, 5),
])  # fmt: skip
def test_no_text_of_a_random_network_overlaps_or_is_clipped(
    count: int, steps: int, seed: int
) -> None:
    language = ("vi", "en")[seed % 2]
    unit = ("t", "VND", "m³")[seed % 3]
    check_layout(charts.sankey(network(count, steps, seed, unit), language=language,
                               subtitle="Nhà máy Sao Xanh"))


@pytest.mark.parametrize(("count", "steps"), [(2, 1), (5, 2), (12, 4), (25, 6), (40, 12)])
def test_the_page_is_as_wide_as_that_of_every_chart(count: int, steps: int) -> None:
    ax = charts.sankey(network(count, steps))
    assert ax.figure.get_size_inches()[0] == pytest.approx(12)


def test_a_line_of_thirty_steps_is_drawn_on_a_wider_page() -> None:
    records = [FlowBand(f"dòng {k}", f"bước {k}" if k else "", f"bước {k + 1}", 5.0, "t")
               for k in range(30)]
    ax = charts.sankey(records)
    assert ax.figure.get_size_inches()[0] > 12
    check_layout(ax)


# --- layers ------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(20))
def test_layers_grow_along_every_edge_that_is_not_drawn_backwards(seed: int) -> None:
    draw = random.Random(seed)
    edges = [(draw.randrange(9), draw.randrange(9)) for _ in range(25)]
    back = back_edges(edges, [draw.random() for _ in edges], [False] * 25)
    kept = [edge for k, edge in enumerate(edges) if k not in back]
    layers = layers_of(9, kept)
    assert all(layers[a] < layers[b] for a, b in kept)
    assert min(layers) == 0


def test_a_recycle_is_drawn_backwards_also_where_it_is_the_heaviest() -> None:
    edges = [(0, 1), (1, 2), (2, 0)]
    assert back_edges(edges, [1.0, 1.0, 9.0], [False, False, True]) == {2}
    assert back_edges(edges[:2], [1.0, 1.0], [True, True]) == set()  # on no cycle


def crossing_pairs(left: list[int], right: list[int], links: list[tuple[int, int]]) -> int:
    """Count the pairs one by one."""
    ends = [(left.index(a), right.index(b)) for a, b in links]
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in itertools.combinations(ends, 2))


@pytest.mark.parametrize("seed", range(10))
def test_crossings_are_those_counted_pair_by_pair_and_ordering_never_adds_any(seed: int) -> None:
    draw = random.Random(seed)
    left, right = list(range(6)), list(range(6, 13))
    links = [(draw.choice(left), draw.choice(right)) for _ in range(14)]
    before = crossings(left, right, links)
    assert before == crossing_pairs(left, right, links)
    ordered = order_columns([left, right], links, [0.0] * 13)
    assert crossings(*ordered, links) <= before


# --- waterfall of losses -----------------------------------------------------------------------

def test_losses_lead_from_all_the_cost_to_that_of_the_product_the_largest_first() -> None:
    ax = charts.loss_waterfall(loss_steps(8))
    found = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars(ax)]
    assert found[0][0] == found[-1][0] == 0
    for (_, end), (start, _) in itertools.pairwise(found[:-1]):
        assert start == end
    assert found[-1][1] == pytest.approx(found[-2][1], rel=1e-12)
    lost = [start - end for start, end in found[1:-1]]
    assert lost == sorted(lost, reverse=True)
    assert not said(ax, "chưa rõ đi đâu")


def test_smaller_losses_are_one_row_and_none_is_lost() -> None:
    records = loss_steps(17)
    ax = charts.loss_waterfall(records, first=5)
    assert names(ax)[-2] == "các dòng khác (10)"
    drawn = math.fsum(-bar.get_width() for bar in bars(ax)[1:-1])
    assert drawn == pytest.approx(math.fsum(r.amount for r in records[2:]), rel=1e-9)


def test_what_is_not_accounted_for_is_told_with_its_sign() -> None:
    records = [LossStep("input", "", 100e6), LossStep("product", "", 95e6),
               LossStep("loss", "a", 8e6)]
    assert said(charts.loss_waterfall(records), "còn lại −3 triệu đồng chưa rõ đi đâu")
    assert said(charts.loss_waterfall(records[:1] + records[2:]), "chưa rõ đi đâu") == []


def test_a_loss_of_unknown_cost_is_named_and_has_no_bar() -> None:
    records = [LossStep("input", "", 100e6), LossStep("product", "", 90e6),
               LossStep("loss", "a", 8e6), LossStep("loss", "bùn", NAN)]
    ax = charts.loss_waterfall(records)
    assert [bar.get_label() for bar in bars(ax)][1:-1] == ["a"]
    assert said(ax, "Chưa rõ: bùn.")
    assert not said(ax, "chưa rõ đi đâu")  # it may be what is not known


def test_without_the_cost_in_the_losses_still_lead_to_the_product() -> None:
    ax = charts.loss_waterfall([LossStep("product", "", 90e6), LossStep("loss", "a", 8e6),
                                LossStep("loss", "b", 2e6)])
    found = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars(ax)]
    assert found == [(100e6, 92e6), (92e6, 90e6), (0, 90e6)]
    assert not said(ax, "%")
    ax = charts.loss_waterfall([LossStep("input", "", NAN), LossStep("product", "", 90e6)])
    assert said(ax, "chưa rõ")


def test_a_loss_that_earns_money_leads_up_and_looks_different() -> None:
    ax = charts.loss_waterfall([LossStep("input", "", 9e6), LossStep("loss", "a", 2e6),
                                LossStep("loss", "bán phế liệu", -1e6)])
    _, loss, gain = bars(ax)
    assert gain.get_width() == 1e6
    assert gain.get_hatch() != loss.get_hatch()


# --- Pareto of waste streams -------------------------------------------------------------------

def test_streams_stand_from_the_dearest_down_with_all_their_parts() -> None:
    records = streams(6)
    ax = charts.loss_pareto(records)
    total = {r.step: r.material + r.energy + r.system + r.waste_management for r in records}
    ranked = sorted(records, key=lambda r: -total[r.step])
    assert names(ax) == [f"{r.name} ({r.step})" for r in ranked]
    for record in ranked:
        own = [bar for bar in bars(ax) if bar.get_label() == f"{record.name} ({record.step})"]
        assert max(bar.get_x() + bar.get_width() for bar in own) == pytest.approx(
            total[record.step], rel=1e-12)


def test_the_line_gives_the_shares_and_80_percent_is_ruled() -> None:
    records = [LossStream(name, "", cost, 0.0, 0.0, 0.0)
               for name, cost in (("a", 50e6), ("b", 30e6), ("c", 15e6), ("d", 5e6))]
    ax = charts.loss_pareto(records)
    (line,) = lines(ax, "shares")
    right = ax.get_xlim()[1]
    assert [x / right for x in line.get_xdata()] == pytest.approx([0.5, 0.8, 0.95, 1.0])
    (rule,) = lines(ax, "most")
    assert rule.get_xdata()[0] / right == pytest.approx(0.8)
    assert said(ax, "2 dòng đầu chiếm 80 %")
    assert said(charts.loss_pareto(records, language="en"), "the first 2 make up 80%")


def test_a_part_that_is_not_known_is_a_question_and_never_0() -> None:
    ax = charts.loss_pareto([LossStream("a", "", 5e6, NAN, 1e6, 0.0),
                             LossStream("b", "", 2e6, 1e6, 1e6, 0.0),
                             LossStream("c", "")])
    assert "6 triệu đồng + ?" in words(ax)
    assert "4 triệu đồng" in words(ax)
    assert said(ax, "ghi «+ ?»): a.")
    assert said(ax, "Chưa đủ số liệu để vẽ: c.")


def test_streams_left_out_are_one_row_with_their_parts() -> None:
    records = streams(12)
    ax = charts.loss_pareto(records, first=4)
    assert names(ax)[-1] == "các dòng khác (8)"
    drawn = math.fsum(bar.get_width() for bar in bars(ax))
    assert drawn == pytest.approx(math.fsum(
        r.material + r.energy + r.system + r.waste_management for r in records), rel=1e-9)
    assert lines(ax, "shares")[0].get_xdata()[-1] == pytest.approx(ax.get_xlim()[1])


def test_the_parts_of_a_cost_differ_without_colour() -> None:
    looks = [(bar.get_hatch(), grey(bar.get_facecolor()[:3]))
             for bar in bars(charts.loss_pareto([LossStream("a", "", 1e6, 1e6, 1e6, 1e6)]))]
    for one, other in itertools.combinations(looks, 2):
        assert one[0] != other[0] or abs(one[1] - other[1]) > 0.3


def test_where_a_stream_earns_money_no_shares_are_drawn() -> None:
    ax = charts.loss_pareto([LossStream("a", "", 5e6, 1e6, 1e6, 0.0),
                             LossStream("bán", "", 1e6, 0.0, 0.0, -3e6)])
    assert not lines(ax, "shares")
    assert ax.get_xlim()[0] < -3e6
    check_layout(ax)


# --- every chart -------------------------------------------------------------------------------

@ALL
@pytest.mark.parametrize(("count", "language"),
                         [(1, "vi"), (3, "vi"), (3, "en"), (12, "vi"), (12, "en"), (40, "vi")])
def test_back_row_can_read_it_and_nothing_overlaps(
    chart: Any, count: int, language: str
) -> None:
    check_layout(chart(MAKERS[chart](count), language=language, subtitle="Nhà máy Sao Xanh"))


@ALL
def test_names_without_end_are_wrapped_and_nothing_overlaps(chart: Any) -> None:
    for text in HOSTILE:
        records = []
        for record in MAKERS[chart](9):
            named = {f.name for f in dataclasses.fields(record)} & {"name", "label", "step"}
            records.append(dataclasses.replace(record, **dict.fromkeys(named, text)))
        check_layout(chart(records))


def test_steps_and_units_without_end_are_wrapped_too() -> None:
    for text in HOSTILE:
        check_layout(charts.sankey([
            dataclasses.replace(r, source=r.source and f"{text} {r.source}",
                                target=r.target and f"{text} {r.target}", unit=text)
            for r in mill()]))  # fmt: skip


@ALL
@LANGUAGES
def test_nothing_to_draw_is_said_under_the_title(chart: Any, language: str) -> None:
    ax = chart([], language=language, subtitle="")
    told = {"vi": "chưa có số liệu để vẽ", "en": "no data to draw yet"}[language]
    assert len(words(ax)) == 2
    assert told in words(ax)
    assert not ax.axison


@ALL
def test_records_of_nothing_known_draw_no_scale(chart: Any) -> None:
    records = [
        dataclasses.replace(record, **{
            f.name: NAN for f in dataclasses.fields(record)
            if isinstance(getattr(record, f.name), float)
        })
        for record in MAKERS[chart](3)
    ]  # fmt: skip
    ax = chart(records)
    assert not ax.axison
    assert said(ax, "chưa có số liệu để vẽ")
    check_layout(ax)


@ALL
@pytest.mark.parametrize("count", [6, 40])
def test_the_order_of_the_records_does_not_matter(chart: Any, count: int) -> None:
    records = MAKERS[chart](count)
    usual = look(chart(records, subtitle="x"))
    for seed in (1, 2):
        shuffled = records.copy()
        random.Random(seed).shuffle(shuffled)
        assert look(chart(shuffled, subtitle="x")) == usual


@ALL
@LANGUAGES
def test_a_source_is_asked_in_the_language_of_the_chart(chart: Any, language: str) -> None:
    asked = []

    def records(language: str) -> Any:
        asked.append(language)
        return MAKERS[chart](4)

    source = type("Source", (), {METHODS[chart]: staticmethod(records)})()
    ax = chart(source, language=language, title="T", subtitle="S")
    assert asked == [language]
    assert words(ax) == words(chart(MAKERS[chart](4), language=language, title="T", subtitle="S"))


@ALL
def test_a_flow_sheet_is_handed_on_to_the_source(chart: Any) -> None:
    def records(language: str, of: str = "best") -> Any:
        asked.append(of)
        return MAKERS[chart](5)

    def subject(of: str, language: str, option: str = "best") -> str:
        return f"{of} {language} {option}"

    asked: list[str] = []
    source = type("Source", (), {METHODS[chart]: staticmethod(records),
                                 "chart_subject": staticmethod(subject)})()  # fmt: skip
    for of, told in ((None, "best"), ("water", "water")):
        ax = chart(source, of=of)
        assert asked.pop() == told
        assert ax.get_title(loc="left").endswith(f": {METHODS[chart]} vi {told}")


@ALL
def test_languages_differ_in_words_and_not_in_what_is_drawn(chart: Any) -> None:
    vi, en = (chart(MAKERS[chart](9), language=language) for language in ("vi", "en"))
    assert words(vi) != words(en)
    assert [bar.get_label() for bar in bars(vi)][1:-1] == [b.get_label() for b in bars(en)][1:-1]
    for one, other in zip(bars(vi), bars(en), strict=True):
        assert one.get_height() == pytest.approx(other.get_height())
    with pytest.raises(ValueError, match="'fr'"):
        chart(MAKERS[chart](2), language="fr")


@ALL
@pytest.mark.parametrize("count", [1, 12, 40])
def test_given_axes_are_drawn_on_and_the_chart_stays_in_their_place(
    chart: Any, count: int
) -> None:
    check_place(lambda ax: chart(MAKERS[chart](count), ax))


@ALL
@pytest.mark.parametrize("count", [5, 14])
def test_a_callers_style_changes_nothing_and_no_setting_is_changed(
    chart: Any, count: int
) -> None:
    check_own_style(lambda: chart(MAKERS[chart](count)))


@ALL
@pytest.mark.parametrize("factor", [1e-9, 1e4, 1e250])
def test_amounts_at_any_scale_fit_on_the_page(chart: Any, factor: float) -> None:
    records = []
    for record in MAKERS[chart](9):
        changed = {f.name: getattr(record, f.name) * factor for f in dataclasses.fields(record)
                   if isinstance(getattr(record, f.name), float)}
        records.append(dataclasses.replace(record, **changed))
    check_layout(chart(records))


@OF_MONEY
@pytest.mark.parametrize("first", [0, -1])
def test_fewer_than_one_is_refused(chart: Any, first: int) -> None:
    with pytest.raises(Refusal, match="từ 1 trở lên"):
        chart(MAKERS[chart](3), first=first)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_bands_are_saved_as_any_kind_of_file_and_twice_the_same(
    tmp_path: Any, ending: str
) -> None:
    files = [tmp_path / f"{k}.{ending}" for k in range(2)]
    for file in files:
        charts.save(charts.sankey(network(20, 6)), file)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].stat().st_size > 5000
