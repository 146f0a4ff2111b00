"""Charts of an adjusted baseline: what is drawn is what the records say, in both languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
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
    said,
    words,
)
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from sxsh_audit import charts
from sxsh_audit.display.records import (
    ChangeStep,
    CusumPoint,
    ExpectedPoint,
    FitCurve,
    FitPoint,
    ResidualPoint,
    TargetInterval,
)
from sxsh_audit.errors import Refusal

NAN, INF = math.nan, math.inf
RESOURCES = (
    "Điện mua từ lưới", "Than cám 5", "Hơi mua ngoài từ khu công nghiệp Tây Bắc Đồng Hới",
    "Bột giấy hóa học nhập khẩu", "Nước cấp", "Dầu DO",
    "Hóa chất trợ nghiền và chất chống thấm bề mặt cho giấy bao gói", "Trấu ép",
)
HOSTILE = ("Thanlòhơiđốttrấu" * 12, "tên $5 {x}_^ \u202e " * 9, "", "x")
EPOCH = dt.date(1970, 1, 1).toordinal()
Month = tuple[int, int]


def month(count: int) -> Month:
    """Return the first and the last day of a month counted from January 2012."""
    ends = [dt.date(2012 + k // 12, k % 12 + 1, 1).toordinal() - EPOCH for k in (count, count + 1)]
    return ends[0], ends[1] - 1


def period(k: int, count: int) -> str:
    return "baseline" if k < max(2 * count // 3, 1) else "reporting"


def fit_points(count: int) -> list[FitPoint]:
    draw = random.Random(1)
    made = []
    for k in range(count):
        output = draw.uniform(60, 140)
        use = (42e3 + 910 * output) * (0.93 if period(k, count) == "reporting" else 1)
        made.append(FitPoint(output, use + draw.gauss(0, 3500), period(k, count), "tấn", "kWh"))
    return made


def curve(**changes: Any) -> FitCurve:
    outputs = [60.0 + 8 * k for k in range(11)]
    line = [42e3 + 910 * q for q in outputs]
    usual: dict[str, Any] = {
        "outputs": outputs, "expected": line, "low": [u - 3000 for u in line],
        "high": [u + 3000 for u in line], "ratio": 1350.0, "name": "hồi quy", "told": "R² = 0,93",
    }
    return FitCurve(**(usual | changes))


def drawn_fit(source: Any, ax: Axes | None = None, **options: Any) -> Axes:
    """The fit with a baseline, as an assessment would draw it."""
    return charts.fit(source, ax, **({"curve": curve()} | options))


def residual_points(count: int) -> list[ResidualPoint]:
    draw = random.Random(2)
    return [ResidualPoint(*month(k), draw.gauss(0, 1) - 2 * (period(k, count) == "reporting"),
                          period(k, count)) for k in range(count)]


def cusum_points(count: int) -> list[CusumPoint]:
    draw = random.Random(3)
    made, saved = [], 0.0
    for k in range(count):
        saved += draw.gauss(9000, 4000)
        half = 7500 * math.sqrt(k + 1)
        made.append(CusumPoint(*month(k), saved, saved - half, saved + half, "kWh"))
    return made


def expected_points(count: int) -> list[ExpectedPoint]:
    made = []
    for k, point in enumerate(fit_points(count)):
        made.append(ExpectedPoint(*month(k), point.use, 42e3 + 910 * point.output, point.period,
                                  "kWh"))
    return made


def intervals(count: int) -> list[TargetInterval]:
    words = ("shown", "likely", "cannot_tell", "shown_not", "")
    made = []
    for k in range(count):
        saving, half = 0.12 - 0.014 * k, 0.02 + 0.004 * k
        adjusted = saving - 0.008
        made.append(TargetInterval(
            RESOURCES[k % 8], saving, adjusted, saving - half, saving + half, adjusted - half,
            adjusted + half, max(0.98 - 0.06 * k, 0.0), words[k % 5], 0.05, 0.08,
            ("ratio", "adjusted")[k % 2], counted=k % 7 != 6,
        ))  # fmt: skip
    return made


def change_steps(count: int) -> list[ChangeStep]:
    """Return the two uses and the effects between them, further ones beside the usual three."""
    kinds = ["volume", "mix", "efficiency", *(["other"] * 12)][:max(min(count - 2, 6), 0)]
    amounts = [212_400.0, -38_900.0, -121_700.0, 15_000.0, -4_000.0, 3_000.0][:len(kinds)]
    made = [ChangeStep("baseline", 1_452_300.0, "kWh")]
    for k, (kind, amount) in enumerate(zip(kinds, amounts, strict=True)):
        label = f"thay đổi không thường xuyên {k}" if kind == "other" else ""
        made.append(ChangeStep(kind, amount, "kWh", label))
    if count > 1:
        made.append(ChangeStep("reporting", 1_452_300.0 + sum(amounts), "kWh"))
    return made


MAKERS: dict[Callable[..., Axes], Callable[[int], Any]] = {
    drawn_fit: fit_points,
    charts.residuals: residual_points,
    charts.cusum: cusum_points,
    charts.expected: expected_points,
    charts.target_interval: intervals,
    charts.waterfall: change_steps,
}
METHODS = {
    drawn_fit: "fit_points", charts.residuals: "residual_points", charts.cusum: "cusum_points",
    charts.expected: "expected_points", charts.target_interval: "target_intervals",
    charts.waterfall: "change_steps",
}
ALL = pytest.mark.parametrize("chart", MAKERS, ids=lambda chart: chart.__name__)
OF_A_RESOURCE = pytest.mark.parametrize(
    "chart", [chart for chart in MAKERS if chart is not charts.target_interval],
    ids=lambda chart: chart.__name__,
)
IN_TIME = pytest.mark.parametrize("chart", [charts.residuals, charts.cusum, charts.expected],
                                  ids=lambda chart: chart.__name__)
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])


def areas(ax: Axes, label: str) -> list[Polygon]:
    return [area for area in ax.findobj(Polygon) if area.get_label() == label]


def xy(ax: Axes, label: str) -> list[tuple[float, float]]:
    (line,) = lines(ax, label)
    return [tuple(pair) for pair in line.get_xydata().tolist()]


# --- fit ---------------------------------------------------------------------------------------

def test_fit_points_line_and_ratio_are_the_records() -> None:
    records = fit_points(36)
    ax = drawn_fit(records)
    for kind in ("baseline", "reporting"):
        assert xy(ax, kind) == sorted((p.output, p.use) for p in records if p.period == kind)
    baseline = curve()
    assert xy(ax, "line") == list(zip(baseline.outputs, baseline.expected, strict=True))
    start, end = xy(ax, "ratio")
    assert start == (0, 0)
    assert end[1] / end[0] == pytest.approx(1350)
    (band,) = areas(ax, "band")
    corners = {tuple(corner) for corner in band.get_xy().tolist()}
    assert corners == {*zip(baseline.outputs, baseline.low, strict=True),
                       *zip(baseline.outputs, baseline.high, strict=True)}
    assert {"hồi quy R² = 0,93", "khoảng tin cậy 90 % của đường cơ sở"} <= set(words(ax))


def test_fit_begins_at_the_origin_where_the_plain_ratio_does() -> None:
    ax = drawn_fit(fit_points(12))
    assert (ax.get_xlim()[0], ax.get_ylim()[0]) == (0, 0)
    end = xy(ax, "ratio")[1]
    assert end[0] <= ax.get_xlim()[1]
    assert end[1] <= ax.get_ylim()[1]


def test_the_change_point_is_ruled_and_told_with_its_unit() -> None:
    ax = drawn_fit(fit_points(12), curve=curve(change_point=92.5))
    assert "điểm gãy: 92,5 tấn" in words(ax)
    assert any(set(line.get_xdata()) == {92.5} for line in lines(ax, "_line"))
    assert not said(drawn_fit(fit_points(12)), "điểm gãy")
    check_layout(ax)


def test_a_fit_without_a_baseline_or_a_ratio_draws_what_there_is() -> None:
    ax = charts.fit(fit_points(5))
    assert not lines(ax, "line")
    assert not lines(ax, "ratio")
    ax = drawn_fit(fit_points(5), curve=curve(ratio=NAN, low=(), high=()))
    assert lines(ax, "line")
    assert not areas(ax, "band")
    assert not said(ax, "suất tiêu hao")
    assert not said(ax, "khoảng tin cậy")


def test_the_baseline_is_asked_of_the_source() -> None:
    def of(language: str, resource: str = "best") -> FitCurve:
        return curve(name=f"{language} {resource}")

    source = type("Source", (), {"fit_points": staticmethod(lambda *_: fit_points(4)),
                                 "fit_curve": staticmethod(of)})()  # fmt: skip
    assert said(charts.fit(source), "vi best")
    assert said(charts.fit(source, resource="coal", language="en"), "en coal")
    assert said(charts.fit(source, curve=curve(name="mine")), "mine")


def test_points_of_the_two_periods_and_the_two_lines_differ_without_colour() -> None:
    ax = drawn_fit(fit_points(12))
    (before,), (after,) = lines(ax, "baseline"), lines(ax, "reporting")
    assert before.get_marker() != after.get_marker()
    assert abs(grey(before.get_markerfacecolor()) - grey(after.get_markerfacecolor())) > 0.3
    assert lines(ax, "line")[0].get_linestyle() != lines(ax, "ratio")[0].get_linestyle()


def test_points_without_a_figure_are_counted_and_not_drawn_at_0() -> None:
    records = [*fit_points(6), FitPoint(NAN, 5.0), FitPoint(5.0, NAN)]
    ax = drawn_fit(records)
    assert said(ax, "vì thiếu số liệu: 2.")
    assert sum(len(xy(ax, kind)) for kind in ("baseline", "reporting")) == 6


# --- residuals ---------------------------------------------------------------------------------

def test_residuals_are_the_records_at_the_middle_of_their_months() -> None:
    records = residual_points(36)
    ax = charts.residuals(records)
    for kind in ("baseline", "reporting"):
        assert xy(ax, kind) == [((p.start + p.end + 1) / 2, p.residual) for p in records
                                if p.period == kind]
    assert sorted(line.get_ydata()[0] for line in lines(ax, "two")) == [-2, 2]


def test_the_periods_are_named_on_their_sides_of_the_edge() -> None:
    ax = charts.residuals(residual_points(36))
    day = month(24)[0]
    assert any(set(line.get_xdata()) == {day} for line in lines(ax, "_line"))
    assert len(said(ax, "kỳ nền")) == 2  # above the axes and in the legend
    only = [p for p in residual_points(36) if p.period == "baseline"]
    assert len(said(charts.residuals(only), "kỳ nền")) == 1


@pytest.mark.parametrize("before", [1, 35])
@LANGUAGES
def test_names_of_the_periods_stay_on_the_page_however_short_one_is(
    before: int, language: str
) -> None:
    records = [ResidualPoint(*month(k), 0.5, "baseline" if k < before else "reporting")
               for k in range(36)]
    check_layout(charts.residuals(records, language=language))


# --- cusum -------------------------------------------------------------------------------------

def test_the_cumulative_saving_begins_at_0_and_stands_at_the_ends_of_its_months() -> None:
    records = cusum_points(12)
    ax = charts.cusum(records)
    line = xy(ax, "saving")
    assert line[0] == (month(0)[0], 0)
    assert line[1:] == [(p.end + 1, p.saving) for p in records]
    (band,) = areas(ax, "band")
    assert {y for _, y in band.get_xy().tolist()} == {
        0, *(p.low for p in records), *(p.high for p in records)}  # fmt: skip
    assert said(ax, "khoảng tin cậy 90 %")


def test_what_has_been_saved_at_the_end_is_written_with_its_interval() -> None:
    records = [CusumPoint(*month(0), 1200.0, -300.0, 2700.0, "kWh")]
    ax = charts.cusum(records, language="en")
    assert "cumulative saving 1,200 kWh" in words(ax)
    assert "90% interval −300 … 2,700 kWh" in words(ax)
    assert said(ax, "While the band holds 0")
    ax = charts.cusum([dataclasses.replace(records[0], low=NAN, high=NAN)], language="en")
    assert not said(ax, "interval")
    assert not said(ax, "band")


# --- actual against expected -------------------------------------------------------------------

def test_lines_are_the_records_and_boxes_of_the_reporting_period_their_difference() -> None:
    records = expected_points(36)
    ax = charts.expected(records)
    days = [(p.start + p.end + 1) / 2 for p in records]
    assert xy(ax, "actual") == list(zip(days, (p.actual for p in records), strict=True))
    assert xy(ax, "expected") == list(zip(days, (p.expected for p in records), strict=True))
    gaps = [(p.actual, p.expected) for p in records if p.period == "reporting"]
    assert len(gaps) == 12
    for (actual, level), bar in zip(gaps, bars(ax), strict=True):
        assert bar.get_y() == actual
        assert bar.get_y() + bar.get_height() == pytest.approx(level)


def test_a_month_that_took_more_is_crossed_and_said() -> None:
    records = [ExpectedPoint(*month(0), 90.0, 100.0, "reporting"),
               ExpectedPoint(*month(1), 120.0, 100.0, "reporting")]
    ax = charts.expected(records)
    assert [bar.get_label() for bar in bars(ax)] == ["saved", "more"]
    assert [bool(bar.get_hatch()) for bar in bars(ax)] == [False, True]
    assert said(ax, "dùng nhiều hơn")
    assert not said(charts.expected(records[:1]), "dùng nhiều hơn")


def test_an_axis_that_does_not_begin_at_0_says_so() -> None:
    records = [ExpectedPoint(*month(k), 95.0 + k, 100.0) for k in range(3)]
    ax = charts.expected(records)
    assert ax.get_ylim()[0] > 0
    assert said(ax, "không bắt đầu từ 0")
    ax = charts.expected([*records, ExpectedPoint(*month(3), 5.0, 100.0)])
    assert ax.get_ylim()[0] == 0
    assert not said(ax, "không bắt đầu từ 0")


# --- interval against the target ---------------------------------------------------------------

def test_intervals_and_marks_are_the_records() -> None:
    (record,) = intervals(1)
    ax = charts.target_interval([record])
    drawn = {bar.get_label(): bar for bar in bars(ax, "target")}
    for kind, low, high in (("ratio", record.ratio_low, record.ratio_high),
                            ("adjusted", record.adjusted_low, record.adjusted_high)):
        assert drawn[kind].get_x() == low
        assert drawn[kind].get_x() + drawn[kind].get_width() == pytest.approx(high)
    assert lines(ax, "ratio")[0].get_xdata()[0] == record.ratio_saving
    assert lines(ax, "adjusted")[0].get_xdata()[0] == record.adjusted_saving
    (target,) = [p for p in ax.patches if p.get_label() == "target"]
    assert (target.get_x(), target.get_width()) == (0.05, pytest.approx(0.03))


def test_the_one_that_decides_is_filled_and_bold() -> None:
    for decides, other in (("ratio", "adjusted"), ("adjusted", "ratio")):
        ax = charts.target_interval([dataclasses.replace(intervals(1)[0], decides=decides)])
        assert lines(ax, other)[0].get_markerfacecolor() == "white"
        assert grey(lines(ax, decides)[0].get_markerfacecolor()) < 0.6
        weights = {" ".join(t.get_text().split()): t.get_fontweight() for t in ax.texts}
        told = {"ratio": "tỷ số", "adjusted": "điều chỉnh"}[decides]
        (weight,) = [w for text, w in weights.items() if text.startswith(f"{told}:")]
        assert weight == "bold"


@pytest.mark.parametrize(
    ("reach", "decision", "vi", "en"),
    [
        (0.77, "likely", "P(≥ 5 %) = 77 % có khả năng đạt", "P(≥ 5%) = 77% likely"),
        # never "90 %" beside "likely", nor 100 or 0 for what is not certain
        (0.8997, "likely", "P(≥ 5 %) = 89,97 % có khả năng đạt", "P(≥ 5%) = 89.97% likely"),
        (0.9996, "shown", "P(≥ 5 %) > 99 % đã chứng tỏ đạt", "P(≥ 5%) > 99% shown"),
        (0.004, "shown_not", "P(≥ 5 %) < 1 % đã chứng tỏ không đạt",
         "P(≥ 5%) < 1% shown not to reach it"),
        (0.5, "cannot_tell", "P(≥ 5 %) = 50 % chưa kết luận được", "P(≥ 5%) = 50% cannot tell"),
        (NAN, "", None, None),
    ],
)
def test_the_chance_and_the_decision_are_said(
    reach: float, decision: str, vi: str | None, en: str | None
) -> None:
    record = dataclasses.replace(intervals(1)[0], reach=reach, decision=decision)
    for language, text in (("vi", vi), ("en", en)):
        ax = charts.target_interval([record], language=language)
        assert (text in words(ax)) if text else not said(ax, "P(")


def test_an_interval_without_end_leaves_the_axis_in_an_arrow() -> None:
    usual = intervals(1)[0]
    wide = dataclasses.replace(usual, ratio_low=-3.0, ratio_high=INF)
    ax = charts.target_interval([usual, wide])
    assert sorted(line.get_marker() for line in lines(ax, "beyond")) == ["<", ">"]
    low, high = ax.get_xlim()
    assert high - low < 0.5
    assert said(ax, "Mũi tên")
    assert not lines(charts.target_interval([usual]), "beyond")
    check_layout(ax)


def test_a_saving_far_beyond_the_target_leaves_the_others_their_room() -> None:
    far = TargetInterval("Trấu", 0.9, low=0.05, high=0.08)
    ax = charts.target_interval([*intervals(3), far])
    assert ax.get_xlim()[1] < 0.3
    assert [line.get_marker() for line in lines(ax, "beyond")] == [">"]
    assert said(ax, "90,0 %")
    assert len(lines(ax, "ratio")) == 3
    ax = charts.target_interval([dataclasses.replace(far, low=None, high=None)])
    assert not lines(ax, "beyond")  # nothing but itself to be seen


def test_a_saving_without_interval_or_without_adjustment_stands_alone() -> None:
    ax = charts.target_interval([TargetInterval("Nước", 0.03)])
    assert not bars(ax)
    assert lines(ax, "ratio")
    assert not lines(ax, "adjusted")
    assert not said(ax, "điều chỉnh:")
    ax = charts.target_interval([TargetInterval("Nước", NAN)])
    assert said(ax, "tỷ số: –")


def test_each_row_shows_its_own_target_where_they_differ() -> None:
    one = intervals(1)[0]
    ax = charts.target_interval([one, dataclasses.replace(one, low=0.08, high=0.13)])
    assert {"vùng xám: mục tiêu"} <= set(words(ax))
    assert said(ax, "mục tiêu 8–13 %")
    assert said(ax, "P(≥ 8 %)")


@pytest.mark.parametrize("first", [0, -1])
def test_fewer_than_one_is_refused(first: int) -> None:
    with pytest.raises(Refusal, match="từ 1 trở lên"):
        charts.target_interval(intervals(2), first=first)


def test_resources_left_out_are_counted() -> None:
    assert said(charts.target_interval(intervals(8), first=5), "3 tài nguyên khác")


# --- waterfall ---------------------------------------------------------------------------------

def test_bars_lead_from_the_baseline_to_the_reporting_period() -> None:
    ax = charts.waterfall(change_steps(5))
    found = [(bar.get_y(), bar.get_y() + bar.get_height()) for bar in bars(ax)]
    assert found[0] == (0, 1_452_300)
    for (_, end), (start, _) in itertools.pairwise(found[:-1]):
        assert start == end
    assert found[-1][0] == 0
    assert found[-1][1] == pytest.approx(found[-2][1], rel=1e-12)
    assert ax.get_ylim()[0] == 0
    assert {"+212.400 (+14,6 %)", "−121.700 (−8,4 %)", "1.504.100 (+3,6 %)"} <= set(words(ax))


def test_effects_that_raise_and_lower_the_use_differ_without_colour() -> None:
    _, up, down, _, _ = bars(charts.waterfall(change_steps(5)))
    assert up.get_hatch()
    assert not down.get_hatch()


def test_an_effect_that_is_not_known_is_named_and_breaks_the_chain() -> None:
    steps = change_steps(5)
    steps[2] = dataclasses.replace(steps[2], amount=NAN)
    ax = charts.waterfall(steps)
    assert [bar.get_label() for bar in bars(ax)] == ["kỳ nền", "sản lượng", "kỳ báo cáo"]
    assert said(ax, "Chưa rõ: cơ cấu sản phẩm.")


def test_a_use_that_falls_to_nothing_and_below_0_keeps_its_figures_on_the_page() -> None:
    steps = [ChangeStep("baseline", 100.0, "kWh"), ChangeStep("volume", -140.0),
             ChangeStep("efficiency", -20.0), ChangeStep("reporting", -60.0)]
    ax = charts.waterfall(steps)
    assert ax.get_ylim()[0] < -160 * 0.3
    check_layout(ax)


# --- every chart -------------------------------------------------------------------------------

@ALL
@pytest.mark.parametrize(("count", "language"),
                         [(1, "vi"), (3, "vi"), (3, "en"), (8, "vi"), (8, "en"), (36, "vi")])
def test_back_row_can_read_it_and_nothing_overlaps(
    chart: Any, count: int, language: str
) -> None:
    check_layout(chart(MAKERS[chart](count), language=language, subtitle="Nhà máy Sao Xanh"))


@ALL
def test_names_without_end_are_wrapped_and_nothing_overlaps(chart: Any) -> None:
    for text in HOSTILE:
        records = []
        for record in MAKERS[chart](4):
            fields = {f.name for f in dataclasses.fields(record)}
            named = fields & {"label", "unit", "output_unit", "use_unit"}
            records.append(dataclasses.replace(record, **dict.fromkeys(named, text)))
        options = {"curve": curve(name=text, told=text, change_point=90.0)} \
            if chart is drawn_fit else {}  # fmt: skip
        check_layout(chart(records, **options))


@ALL
@LANGUAGES
def test_nothing_to_draw_is_said_under_the_title(chart: Any, language: str) -> None:
    ax = chart([], language=language, subtitle="")
    told = {"vi": "chưa có số liệu để vẽ", "en": "no data to draw yet"}[language]
    assert len(words(ax)) == 2
    assert told in words(ax)
    assert not ax.axison


@OF_A_RESOURCE
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


@IN_TIME
def test_months_that_are_not_known_are_named(chart: Any) -> None:
    records = MAKERS[chart](12)
    fields = {"residual", "saving", "actual"} & {f.name for f in dataclasses.fields(records[0])}
    for k in (3, 4):
        records[k] = dataclasses.replace(records[k], **dict.fromkeys(fields, NAN))
    ax = chart(records)
    assert said(ax, "4/2012, 5/2012")
    check_layout(ax)
    many = [dataclasses.replace(r, **dict.fromkeys(fields, NAN)) for r in records[1:]]
    assert said(chart([records[0], *many]), "và 5 mục khác")


@IN_TIME
@pytest.mark.parametrize("count", [1, 9, 10, 36, 100, 400])
def test_ticks_stand_at_the_middle_of_months_and_have_room(chart: Any, count: int) -> None:
    ax = chart(MAKERS[chart](count))
    middles = {sum(month(k), 1) / 2: f"{k % 12 + 1}/{2012 + k // 12}" for k in range(count)}
    ticks = dict(zip(ax.get_xticks(), (t.get_text() for t in ax.get_xticklabels()), strict=True))
    assert 1 <= len(ticks) <= 9
    assert all(middles[at] == text for at, text in ticks.items())
    check_layout(ax)


@IN_TIME
def test_bills_of_any_days_are_drawn_where_they_lie(chart: Any) -> None:
    records = [dataclasses.replace(record, start=15_000 + 31 * k, end=15_000 + 31 * k + 30)
               for k, record in enumerate(MAKERS[chart](5))]
    ax = chart(records)
    assert ax.get_xlim() == (15_000, 15_000 + 31 * 5)
    check_layout(ax)


@OF_A_RESOURCE
def test_the_order_of_the_records_does_not_matter(chart: Any) -> None:
    records = MAKERS[chart](6)
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
        return MAKERS[chart](3)

    source = type("Source", (), {METHODS[chart]: staticmethod(records)})()
    ax = chart(source, language=language, title="T", subtitle="S")
    assert asked == [language]
    assert words(ax) == words(chart(MAKERS[chart](3), language=language, title="T", subtitle="S"))


@OF_A_RESOURCE
def test_a_resource_is_handed_on_to_the_source(chart: Any) -> None:
    def records(language: str, resource: str = "best") -> Any:
        asked.append(resource)
        return MAKERS[chart](5)

    def subject(of: str, language: str, option: str = "best") -> str:
        return f"{of} {language} {option}"

    asked: list[str] = []
    source = type("Source", (), {METHODS[chart]: staticmethod(records),
                                 "chart_subject": staticmethod(subject)})()  # fmt: skip
    for resource, told in ((None, "best"), ("coal", "coal")):
        ax = chart(source, resource=resource)
        assert asked.pop() == told
        assert ax.get_title(loc="left").endswith(f": {METHODS[chart]} vi {told}")


@ALL
def test_languages_differ_in_words_and_not_in_what_is_drawn(chart: Any) -> None:
    vi, en = (chart(MAKERS[chart](6), language=language) for language in ("vi", "en"))
    assert words(vi) != words(en)
    for one, other in zip(bars(vi), bars(en), strict=True):
        assert one.get_x() == other.get_x()
        assert one.get_width() == other.get_width()
    with pytest.raises(ValueError, match="'fr'"):
        chart(MAKERS[chart](2), language="fr")


@ALL
@pytest.mark.parametrize("count", [1, 12])
def test_given_axes_are_drawn_on_and_the_chart_stays_in_their_place(
    chart: Any, count: int
) -> None:
    check_place(lambda ax: chart(MAKERS[chart](count), ax))


@ALL
def test_a_callers_style_changes_nothing_and_no_setting_is_changed(chart: Any) -> None:
    check_own_style(lambda: chart(MAKERS[chart](5)))


@OF_A_RESOURCE
@pytest.mark.parametrize("factor", [1e-9, 1e4, 1e280])
def test_amounts_at_any_scale_fit_beside_the_axis(chart: Any, factor: float) -> None:
    """10¹⁰ kWh is real; 10²⁸⁰ is a slip of the hand that must not break the picture."""
    records = []
    for record in MAKERS[chart](5):
        scaled = {"use", "residual", "saving", "low", "high", "actual", "expected", "amount"}
        changed = {f.name: getattr(record, f.name) * factor for f in dataclasses.fields(record)
                   if f.name in scaled}
        records.append(dataclasses.replace(record, **changed))
    options = {"curve": None} if chart is drawn_fit else {}
    ax = chart(records, **options)
    ax.figure.canvas.draw()
    left = [label.get_window_extent().x0 for label in ax.get_yticklabels()]
    assert min(left, default=0) >= 0
    assert ax.bbox.width > 200


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_shaded_areas_are_saved_as_any_kind_of_file(tmp_path: Any, ending: str) -> None:
    file = tmp_path / f"fit.{ending}"
    charts.save(drawn_fit(fit_points(5)), file)
    assert file.stat().st_size > 5000
