"""Charts by what is on them: texts, places, lengths, looks; and what they leave alone."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sxsh_audit import charts
from sxsh_audit.charts.lettering import width, wrap
from sxsh_audit.display.records import IntensityPair, PaybackStep, SavingBar
from sxsh_audit.errors import Refusal

NAN = math.nan
BARS = [
    SavingBar("Điện", 0.0496, "below", True, 0.05, 0.08),
    SavingBar("Than cám 5", 0.0724, "within", True, 0.05, 0.08),
    SavingBar("Dầu DO", -0.032, "worse", True, 0.05, 0.08),
    SavingBar("Nguyên liệu", 0.112, "above", True, 0.05, 0.08),
    SavingBar("Bao bì", NAN, "unknown", True, 0.05, 0.08),
    SavingBar("Nước", 0.141, "not_counted", False, 0.05, 0.08),
    SavingBar("Tổng hợp", 0.0621, "within", True, 0.05, 0.08, overall=True),
]
PAIRS = [
    IntensityPair("Điện", 1200.0, 1100.0, "kWh/t"),
    IntensityPair("Dầu DO", 12.4, 13.1, "l/t"),
    IntensityPair("Nước", NAN, 4.2, "m³/t"),
    IntensityPair("Nguyên liệu", 1.08, NAN, "t/t"),
    IntensityPair("Trấu", 0.0, 0.2, "t/t"),
]
STEPS = [
    PaybackStep("GP4", "Thay lò hơi", 4.6, "years", 1.3e9, 282.6e6),
    PaybackStep("GP8", "Thu hồi nhiệt", NAN, "unknown", NAN, 80e6, cost_text="chi phí thấp"),
    PaybackStep("GP7", "Đổi sang FO", NAN, "worse", 20e6, -15e6),
    PaybackStep("GP1", "Quản lý nội vi", 0.0, "immediate", 0.0, 36e6),
    PaybackStep("GP6", "Sơn lại xưởng", math.inf, "never", 50e6, 0.0),
    PaybackStep("GP2", "Bảo ôn", 0.35, "years", 35e6, 100e6),
]
ALL: tuple[tuple[Any, Any], ...] = (
    (charts.savings, BARS),
    (charts.specific_consumption, PAIRS),
    (charts.payback_ladder, STEPS),
)


def bars(ax: Axes) -> list[Rectangle]:
    return [p for p in ax.patches if isinstance(p, Rectangle) and p.get_label() != "target"]


def bands(ax: Axes) -> list[tuple[float, float]]:
    return [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches
            if p.get_label() == "target"]


def words(ax: Axes) -> list[str]:
    """Return every text on the chart, lines joined."""
    found = ax.figure.findobj(Text)
    return [" ".join(t.get_text().split()) for t in found if t.get_visible() and t.get_text()]


def names(ax: Axes) -> list[str]:
    return [" ".join(label.get_text().split()) for label in ax.get_yticklabels()]


def title(ax: Axes) -> str:
    return " ".join(ax.get_title(loc="left").split())


# --- savings -----------------------------------------------------------------------------------

def test_savings_bars_are_as_long_as_the_savings() -> None:
    ax = charts.savings(BARS)
    assert [(b.get_label(), b.get_x(), b.get_width()) for b in bars(ax)] == [
        (b.label, 0.0, b.saving) for b in BARS if not math.isnan(b.saving)
    ]
    left, right = ax.get_xlim()
    assert left < -0.032
    assert right > 0.141


def test_savings_names_figures_and_statuses_stand_in_the_row_of_their_bar() -> None:
    ax = charts.savings(BARS)
    assert names(ax) == ["Điện", "Than cám 5", "Dầu DO", "Nguyên liệu", "Bao bì",
                         "Nước (không tính)", "Tổng hợp"]
    rows = dict(zip(names(ax), ax.get_yticks(), strict=True))
    by_row = {
        name: [" ".join(t.get_text().split()) for t in ax.texts if t.xy[1] == y]
        for name, y in rows.items()
    }
    assert by_row["Điện"] == ["4,96 %", "chưa đạt"]
    assert by_row["Than cám 5"] == ["7,2 %", "đạt, trong khoảng"]
    assert by_row["Dầu DO"] == ["−3,2 %", "suất tiêu hao tăng"]
    assert by_row["Nguyên liệu"] == ["11,2 %", "đạt, vượt khoảng"]
    assert by_row["Bao bì"] == ["–", "chưa đủ dữ liệu"]
    assert by_row["Nước (không tính)"] == ["14,1 %", "không tính vào kết quả"]
    for bar in bars(ax):
        name = next(n for n in rows if n.startswith(bar.get_label()))
        assert bar.get_y() + bar.get_height() / 2 == pytest.approx(rows[name])


def test_target_is_shaded_where_it_is_and_named() -> None:
    ax = charts.savings(BARS)
    ((low, high),) = bands(ax)
    assert (low, high) == pytest.approx((0.05, 0.08), abs=1e-15)
    assert "mục tiêu 5–8 %" in words(ax)
    assert "target 5–8%" in words(charts.savings(BARS, language="en"))


def test_every_status_looks_different_without_colour() -> None:
    looks = {}
    for status in ("worse", "below", "within", "above", "not_counted"):
        record = SavingBar("x", 0.06, status, status != "not_counted", 0.05, 0.08)
        (bar,) = bars(charts.savings([record]))
        looks[status] = bar.get_hatch()
    assert len(set(looks.values())) == len(looks)


def test_uncounted_is_hollow_and_worse_is_hatched_to_the_left() -> None:
    by_name = {bar.get_label(): bar for bar in bars(charts.savings(BARS))}
    assert by_name["Nước"].get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert by_name["Nước"].get_linestyle() == "--"
    assert by_name["Dầu DO"].get_width() < 0
    assert by_name["Dầu DO"].get_hatch() == "xx"


def test_overall_is_last_bold_and_apart_wherever_it_was_given() -> None:
    ax = charts.savings([BARS[-1], *BARS[:-1]])
    assert names(ax)[-1] == "Tổng hợp"
    assert ax.get_yticklabels()[-1].get_fontweight() == "bold"
    gaps = [a - b for a, b in itertools.pairwise(ax.get_yticks())]
    assert gaps[-1] > gaps[0]


def test_one_sided_target_reaches_the_edge_and_speaks_of_no_range() -> None:
    ax = charts.savings([SavingBar("Dệt may", 0.021, "within", True, 0.015, None)])
    ((low, high),) = bands(ax)
    assert low == 0.015
    assert high == ax.get_xlim()[1] > 0.021
    assert "mục tiêu ≥ 1,5 %" in words(ax)
    assert "đạt" in words(ax)


def test_nan_ends_mean_no_target() -> None:
    ax = charts.savings([SavingBar("Điện", 0.083, "", True, NAN, NAN), SavingBar("Than", -0.02)])
    assert bands(ax) == []
    assert title(ax) == "Mức tiết kiệm trên đơn vị sản phẩm"
    assert [b.get_hatch() for b in bars(ax)] == [None, "xx"]
    assert not any("mục tiêu" in word for word in words(ax))


def test_different_targets_are_shaded_row_by_row() -> None:
    ax = charts.savings([
        SavingBar("Bia", 0.012, "below", True, 0.016, 0.024),
        SavingBar("Giấy", 0.07, "above", True, 0.04, 0.05),
    ])
    assert bands(ax) == [pytest.approx((0.016, 0.024)), pytest.approx((0.04, 0.05))]
    assert "chưa đạt mục tiêu 1,6–2,4 %" in words(ax)
    assert "đạt, vượt khoảng mục tiêu 4–5 %" in words(ax)


def test_band_argument_stands_in_for_the_records() -> None:
    ax = charts.savings([SavingBar("Điện", 0.0996, "within")], band=(0.08, 0.13))
    assert bands(ax) == [pytest.approx((0.08, 0.13))]
    assert charts.savings([SavingBar("Điện", 0.0799999, "below")], band=(0.08, 0.13)) is not ax


@pytest.mark.parametrize("saving", [0.6, 0.003, -3.0, 0.9999])
def test_target_and_bar_are_inside_the_axes_whatever_the_saving(saving: float) -> None:
    ax = charts.savings([SavingBar("Điện", saving, "above", True, 0.05, 0.08)])
    left, right = ax.get_xlim()
    assert left <= min(0.0, saving)
    assert right >= max(0.08, saving)


# --- specific consumption ----------------------------------------------------------------------

def test_consumption_bars_are_indices_and_the_figures_stand_beside() -> None:
    ax = charts.specific_consumption(PAIRS)
    lengths = [(b.get_label(), b.get_width()) for b in bars(ax)]
    assert lengths == [
        ("Điện", 100.0),
        ("Điện", pytest.approx(100 * 1100 / 1200)),
        ("Dầu DO", 100.0),
        ("Dầu DO", pytest.approx(100 * 13.1 / 12.4)),
        ("Nguyên liệu", 100.0),
    ]
    text = words(ax)
    assert "trước: 1.200 kWh/t" in text
    assert "sau: 1.100 kWh/t" in text
    assert "trước: chưa đủ dữ liệu" in text
    assert "sau: 4,2 m³/t" in text
    assert "sau: chưa đủ dữ liệu" in text
    assert "trước: 0 t/t" in text
    assert ax.get_xlim()[0] == 0


def test_consumption_that_rose_is_hatched() -> None:
    looks = {b.get_width() > 100: b.get_hatch() for b in bars(charts.specific_consumption(PAIRS))}
    assert looks[True] == "xx"
    assert looks[False] is None


# --- payback -----------------------------------------------------------------------------------

def test_ladder_is_ranked_whatever_the_order_of_the_records() -> None:
    for steps in (STEPS, STEPS[::-1]):
        ax = charts.payback_ladder(steps)
        assert [name.split(" · ")[0] for name in names(ax)] == [
            "GP1", "GP2", "GP4", "GP6", "GP7", "GP8"
        ]
        heights = ax.get_yticks()
        assert list(heights) == sorted(heights, reverse=True)


def test_ladder_bars_are_years_and_the_rest_are_marks() -> None:
    ax = charts.payback_ladder(STEPS)
    assert [(b.get_label(), b.get_width()) for b in bars(ax)] == [("GP2", 0.35), ("GP4", 4.6)]
    marks = [line.get_marker() for line in ax.lines if line.get_marker() not in ("", "None")]
    assert len(marks) == len(set(marks)) == 4
    text = words(ax)
    for said in ("ngay lập tức", "4,2 tháng", "4,6 năm", "không hoàn vốn",
                 "không hoàn vốn: chi phí hằng năm tăng", "chưa xác định: thiếu số liệu",
                 "1,3 tỷ đồng", "283 triệu đồng", "0 đồng", "−15 triệu đồng", "chi phí thấp"):
        assert said in text


def test_ladder_total_says_that_interactions_are_not_considered() -> None:
    total = PaybackStep("", "Tổng", 5.7, "years", 6.7e9, 1.15e9, total=True)
    assert "chưa xét tương tác" not in title(charts.payback_ladder(STEPS))
    ax = charts.payback_ladder([total, *STEPS])
    assert "chưa xét tương tác" in title(ax)
    assert names(ax)[-1] == "Tổng"
    assert "interactions not considered" in title(
        charts.payback_ladder([total], language="en")
    )


def test_one_very_long_payback_leaves_the_scale_and_says_so() -> None:
    steps = [PaybackStep(f"GP{i}", "", y, "years", 1e6, 1e6)
             for i, y in enumerate((0.5, 1.4, 3.2, 90.0))]
    ax = charts.payback_ladder(steps)
    lengths = [b.get_width() for b in bars(ax)]
    assert lengths[:3] == [0.5, 1.4, 3.2]
    assert lengths[3] > 3.2
    assert "90,0 năm (ngoài thang đo)" in words(ax)
    assert any(line.get_marker() == ">" for line in ax.lines)


def test_words_that_take_most_of_the_axis_leave_it_more_than_one_figure() -> None:
    steps = [PaybackStep("GP1", "", 2.9, "years", 1.9e9, 6.6e8, low=2.6, high=3.6),
             PaybackStep("GP2", "", 0.8, "years", 6e7, 7e7, low=0.7, high=1.1)]
    ax = charts.payback_ladder(steps, language="en")
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == ["0", "1", "2", "3"]
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))


@pytest.mark.parametrize("count", [1, 15, 16, 60])
def test_options_left_out_are_counted(count: int) -> None:
    steps = [PaybackStep(f"GP{i:02d}", "Giải pháp", 1 + i / 10, "years", 1e6, 1e6)
             for i in range(count)]
    ax = charts.payback_ladder(steps)
    assert len(bars(ax)) == min(count, 15)
    said = [word for word in words(ax) if "giải pháp khác" in word]
    assert said == ([f"… và {count - 15} giải pháp khác không vẽ trong hình này"]
                    if count > 15 else [])
    assert len(bars(charts.payback_ladder(steps, first=60))) == count


def test_resources_left_out_are_counted_and_the_overall_stays() -> None:
    many = [SavingBar(f"Loại {i}", 0.06, "within", True, 0.05, 0.08) for i in range(30)]
    ax = charts.savings([*many, BARS[-1]])
    assert len(names(ax)) == 21
    assert names(ax)[-1] == "Tổng hợp"
    assert "… và 10 tài nguyên khác không vẽ trong hình này" in words(ax)


@pytest.mark.parametrize("first", [0, -1])
@pytest.mark.parametrize(("chart", "records"), ALL)
def test_fewer_than_one_row_is_refused(chart: Any, records: Any, first: int) -> None:
    with pytest.raises(Refusal, match="từ 1 trở lên") as caught:
        chart(records, first=first)
    assert caught.value.code == "chart.first"


# --- every chart -------------------------------------------------------------------------------

@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("chart", "records"), ALL)
def test_back_row_can_read_it_and_nothing_overlaps(
    chart: Any, records: Any, language: str
) -> None:
    ax = chart(records, language=language)
    figure = ax.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text()]
    # ticks beyond the limits of the axis are kept by matplotlib and not drawn
    texts = [t for t in texts if t.get_window_extent(renderer).width > 0]
    inside = figure.bbox.padded(1)
    drawn = []
    for text in texts:
        assert text.get_fontsize() >= 12
        assert text.get_fontfamily() == ["DejaVu Sans"]
        assert not text.get_parse_math() or text in ax.get_xticklabels()  # figures only
        box = text.get_window_extent(renderer)
        if text in ax.get_xticklabels() and not ax.bbox.padded(40).overlaps(box):
            continue
        drawn.append((text.get_text(), box))
    for said, box in drawn:
        assert inside.x0 <= box.x0, said
        assert box.x1 <= inside.x1, said
        assert inside.y0 <= box.y0, said
        assert box.y1 <= inside.y1, said
    for (one, a), (other, b) in itertools.combinations(drawn, 2):
        # line boxes of neighbouring lines may touch by a pixel or two of white
        assert not a.padded(-2).overlaps(b.padded(-2)), (one, other)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("chart", "records"), ALL)
def test_nothing_to_draw_is_said(chart: Any, records: Any, language: str) -> None:
    ax = chart([], language=language)
    told = {"vi": ("chưa có số liệu để vẽ", "Chưa có giải pháp nào trong số liệu"),
            "en": ("no data to draw yet", "The records hold no options yet")}[language]
    assert any(text.startswith(told) for text in words(ax))


def test_a_ladder_without_options_has_no_empty_axis() -> None:
    ax = charts.payback_ladder([], title="", subtitle="")
    assert not ax.axison
    assert words(ax) == ["Chưa có giải pháp nào trong số liệu, nên không có gì để xếp hạng."]


def test_a_pair_prints_as_many_digits_as_it_asks_for() -> None:
    pair = IntensityPair("Điện", 1200.04, 1200.01, "kWh/tấn", digits=6)
    drawn = words(charts.specific_consumption([pair]))
    assert "trước: 1.200,04 kWh/tấn" in drawn
    assert "sau: 1.200,01 kWh/tấn" in drawn


@pytest.mark.parametrize(("chart", "records"), ALL)
def test_language_and_first_are_checked(chart: Any, records: Any) -> None:
    with pytest.raises(ValueError, match="'fr'"):
        chart(records, language="fr")


class _Assessment:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def savings_bars(self, language: str) -> list[SavingBar]:
        self.asked.append(language)
        return BARS

    def intensity_pairs(self, language: str) -> list[IntensityPair]:
        self.asked.append(language)
        return PAIRS

    def payback_steps(self, language: str) -> list[PaybackStep]:
        self.asked.append(language)
        return STEPS

    def chart_subtitle(self, language: str) -> str:
        return f"Sao Xanh ({language})"


@pytest.mark.parametrize(("chart", "records"), ALL)
def test_an_assessment_is_asked_in_the_language_of_the_chart(chart: Any, records: Any) -> None:
    source = _Assessment()
    ax = chart(source, language="en")
    assert source.asked == ["en"]
    assert "Sao Xanh (en)" in words(ax)
    assert words(chart(records, subtitle="Sao Xanh (en)", language="en")) == words(ax)


@pytest.mark.parametrize(("chart", "records"), ALL)
def test_titles_can_be_given(chart: Any, records: Any) -> None:
    ax = chart(records, title="Nhà máy đúc", subtitle="2014 so với 2012")
    assert title(ax) == "Nhà máy đúc"
    assert "2014 so với 2012" in words(ax)


@pytest.mark.parametrize(("chart", "records"), ALL)
def test_given_axes_are_drawn_on_and_the_chart_stays_in_their_place(
    chart: Any, records: Any
) -> None:
    figure = Figure(figsize=(16, 9))
    left, right = figure.subplots(1, 2)
    place, other = left.get_position(), right.get_position()
    assert chart(records, left) is left
    assert right.get_position().bounds == other.bounds
    figure.canvas.draw()
    box = left.get_tightbbox().transformed(figure.transFigure.inverted())
    assert box.x0 >= place.x0 - 0.01
    assert box.x1 <= place.x1 + 0.01
    assert box.y0 >= place.y0 - 0.01
    assert box.y1 <= place.y1 + 0.01


@pytest.mark.parametrize(("chart", "records"), ALL)
def test_a_callers_style_changes_nothing(chart: Any, records: Any) -> None:
    def look(ax: Axes) -> Any:
        ax.figure.canvas.draw()
        return [
            (t.get_text(), t.get_fontsize(), t.get_color(), t.get_fontfamily())
            for t in ax.figure.findobj(Text) if t.get_visible() and t.get_text()
        ], [p.get_facecolor() for p in ax.patches], ax.get_facecolor(), ax.get_position().bounds

    plain = look(chart(records))
    with matplotlib.rc_context({
        "font.family": "serif", "font.size": 5, "axes.facecolor": "black", "text.color": "red",
        "axes.grid": True, "xtick.labelsize": 3, "figure.autolayout": True,
        "axes.titleweight": "bold", "axes.titlecolor": "red", "axes.xmargin": 0.3,
        "figure.facecolor": "black",
    }):
        styled = look(chart(records))
    assert styled == plain


@pytest.mark.parametrize(("chart", "records"), ALL)
def test_dollars_are_money_and_decomposed_letters_are_composed(
    chart: Any, records: Any
) -> None:
    name = unicodedata.normalize("NFD", "Điện") + " $5 and $3 {x}_^"
    record = {
        charts.savings: SavingBar(name, 0.06, "within", True, 0.05, 0.08),
        charts.specific_consumption: IntensityPair(name, 2.0, 1.0, "$/t"),
        charts.payback_ladder: PaybackStep("", name, 2.0, "years", 1.0, 0.5, "USD"),
    }[chart]
    ax = chart([record])
    ax.figure.canvas.draw()
    assert names(ax) == ["Điện $5 and $3 {x}_^"]


@pytest.mark.parametrize("room", [60.0, 120.0, 255.0])
def test_wrapped_text_fits_and_loses_nothing(room: float) -> None:
    text = "Thay lò hơi đốt than bằng lò hơi tầng sôi đốt trấu hoặcmộtcáitênrấtdàikhôngcódấucách"
    lines = wrap(text, room, 15)
    assert width(lines, 15) <= room
    assert "".join(lines.split()) == "".join(text.split())


def test_a_name_that_is_cut_shows_an_ellipsis() -> None:
    ax = charts.payback_ladder([PaybackStep("GP1", "rất dài " * 60, 1.0, "years", 1e6, 1e6)])
    (label,) = ax.get_yticklabels()
    assert label.get_text().startswith("GP1 · rất dài")
    assert label.get_text().endswith("…")
    assert label.get_text().count("\n") == 3


# --- globals -----------------------------------------------------------------------------------

@pytest.mark.parametrize(("chart", "records"), ALL)
def test_no_global_setting_is_changed(chart: Any, records: Any, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    ax = chart(records)
    assert dict(matplotlib.rcParams) == before
    for ending in ("png", "svg", "pdf"):
        charts.save(ax, tmp_path / f"chart.{ending}")
    assert dict(matplotlib.rcParams) == before


def test_matplotlib_is_lazy_and_pyplot_is_never_loaded(tmp_path: Path) -> None:
    code = f"""
import sys
from sxsh_audit import charts
from sxsh_audit.display.records import SavingBar
assert not any(name.partition(".")[0] in ("matplotlib", "numpy", "pandas", "rich")
               for name in sys.modules)
charts.save(charts.savings([SavingBar("Điện", 0.06, "within", True, 0.05, 0.08)]),
            {str(tmp_path / "a.png")!r})
assert "matplotlib.pyplot" not in sys.modules
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


# --- files -------------------------------------------------------------------------------------

@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "PNG"])
def test_the_same_chart_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    one = charts.save(charts.savings(BARS), tmp_path / f"hình 1.{ending}")
    two = charts.save(charts.savings(BARS).figure, tmp_path / f"hình 2.{ending}")
    assert one.read_bytes() == two.read_bytes()
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending.lower()]
    assert one.read_bytes().startswith(start)
    for stamp in (b"CreationDate", b"dc:date", b"Matplotlib v", b"tEXtSoftware"):
        assert stamp not in one.read_bytes()


def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = """
import sys
from sxsh_audit import charts
from sxsh_audit.display.records import SavingBar
charts.save(charts.savings([SavingBar("Nước", 0.06, "not_counted", False, 0.05, 0.08)]),
            sys.argv[1])
"""
    for name in ("a.svg", "b.svg"):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_another_ending_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    ax = charts.savings(BARS)
    with pytest.raises(Refusal, match=r"\.png, \.svg, \.pdf") as caught:
        charts.save(ax, tmp_path / "hình.jpg")
    assert caught.value.code == "chart.ending"
    assert list(tmp_path.iterdir()) == []


def test_a_failed_save_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chart.png"
    path.write_bytes(b"old")
    ax = charts.savings(BARS)

    def fail(stream: Any, **_: Any) -> None:
        stream.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(ax.figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        charts.save(ax, path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_axes_of_a_subfigure_save_the_whole_figure(tmp_path: Path) -> None:
    figure = Figure(figsize=(12, 8))
    upper, _ = figure.subfigures(2, 1)
    ax = charts.savings(BARS, upper.subplots())
    one = charts.save(ax, tmp_path / "a.png", dpi=50)
    two = charts.save(figure, tmp_path / "b.png", dpi=50)
    assert one.read_bytes() == two.read_bytes()
