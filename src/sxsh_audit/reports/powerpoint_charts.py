"""Charts that stay data: a trainer edits them in PowerPoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sxsh_audit.reports.deck import BarChart, LineChart, Series
from sxsh_audit.reports.powerpoint_text import INK, LEAST, QUIET, clean, width_of
from sxsh_audit.reports.powerpoint_xml import drop, made, rgb

__all__ = ["put_bars", "put_lines"]

Box = tuple[float, float, float, float]
NAMES = 0.38
"""Share of the width that the names of rows take."""


def put_bars(page: Any, chart: BarChart, box: Box, lang: str, date: dt.datetime) -> None:
    """Put a bar chart on a slide."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    kinds = {"columns": XL_CHART_TYPE.COLUMN_CLUSTERED, "rows": XL_CHART_TYPE.BAR_CLUSTERED,
             "stacked": XL_CHART_TYPE.BAR_STACKED}  # fmt: skip
    every = (*chart.series, *chart.levels)
    frame = page.shapes.add_chart(
        kinds[chart.kind], *(Pt(value) for value in box), _data(chart.categories, every, date)
    )  # fmt: skip
    drawn = frame.chart
    _name(frame, chart.alt)
    _letters(drawn, lang)
    axis, values = drawn.category_axis, drawn.value_axis
    axis.format.line.color.rgb = rgb(QUIET)
    axis.has_major_gridlines = values.has_major_gridlines = False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # also under bars below zero
    axis.tick_labels.font.size = Pt(LEAST)
    _no_ticks(axis)
    _level(axis)
    values.visible = False
    values.minimum_scale, values.maximum_scale = _ends(chart, box)
    if chart.kind != "columns":
        axis.reverse_order = True
    plot = drawn.plots[0]
    plot.gap_width = 60 if len(chart.series) > 1 else 80
    plot.overlap = 100 if chart.kind == "stacked" else 0
    position = XL_LABEL_POSITION.OUTSIDE_END
    for series, told in zip(plot.series, every, strict=True):
        series.invert_if_negative = False
        _paint(series, told)
        _label(series, told, position, lang)
    if chart.levels:
        _raise_levels(drawn, len(chart.series))
    legend = len(every) > 1
    if legend:
        _legend(drawn)
    if chart.kind != "columns":
        top = 44.0 / box[3] if legend else 0.01
        _inner(drawn, (NAMES, top, 0.99 - NAMES, 0.99 - top))


def put_lines(page: Any, chart: LineChart, box: Box, lang: str, date: dt.datetime) -> None:
    """Put a line chart on a slide."""
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    frame = page.shapes.add_chart(XL_CHART_TYPE.LINE, *(Pt(value) for value in box),
                                  _data(chart.categories, chart.series, date))  # fmt: skip
    drawn = frame.chart
    _name(frame, chart.alt)
    _letters(drawn, lang)
    for axis in (drawn.category_axis, drawn.value_axis):
        axis.tick_labels.font.size = Pt(LEAST)
        axis.format.line.color.rgb = rgb(QUIET)
    drawn.value_axis.major_gridlines.format.line.color.rgb = rgb("D9D9D9")
    drawn.value_axis.tick_labels.number_format = "General" if _small(chart) else "0"
    drawn.value_axis.tick_labels.number_format_is_linked = False
    drawn.value_axis.has_title = True
    title = drawn.value_axis.axis_title.text_frame
    title.text = clean(chart.unit)
    title.paragraphs[0].runs[0].font.size = Pt(LEAST)
    title.paragraphs[0].runs[0].font.bold = False
    for series, told in zip(drawn.plots[0].series, chart.series, strict=True):
        series.smooth = False
        series.format.line.width = Pt(3.5)
        series.format.line.color.rgb = rgb(told.colors[0])
        _no_marker(series)
    _skip(drawn, len(chart.categories))
    _legend(drawn)


# -- data ---------------------------------------------------------------------------------------


def _data(categories: Sequence[str], series: Sequence[Series], date: dt.datetime) -> Any:
    """Return the data of a chart, whose workbook never reads a name as a formula."""
    from pptx.chart import data as charted
    from pptx.chart import xlsx
    from xlsxwriter import Workbook

    data_kind: Any = charted.CategoryChartData  # python-pptx has no types here
    sheet_kind: Any = xlsx.CategoryWorkbookWriter

    class Sheet(sheet_kind):  # type: ignore[misc]
        @contextmanager
        def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
            plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
            book = Workbook(xlsx_file, plain)
            book.set_properties({"created": date})
            yield book, book.add_worksheet()
            book.close()

    class Data(data_kind):  # type: ignore[misc]
        @property
        def _workbook_writer(self) -> Any:
            return Sheet(self)

    data: Any = Data()
    data.categories = [clean(name) for name in categories]
    for one in series:
        data.add_series(clean(one.name), one.values)
    return data


def _ends(chart: BarChart, box: Box) -> tuple[float, float]:
    """Return the ends of the axis of values, with room for the labels behind the bars."""
    if chart.kind == "stacked":
        pairs = [(sum(value or 0.0 for value in values), "")
                 for values in zip(*(one.values for one in chart.series), strict=True)]  # fmt: skip
    else:
        pairs = [(value or 0.0, label) for one in chart.series for value, label in
                 zip(one.values, one.labels or [""] * len(one.values), strict=True)]  # fmt: skip
        pairs += [(value or 0.0, "") for one in chart.levels for value in one.values]
    if chart.kind == "columns":
        span = box[3] * 0.62
        rooms = [(value, (label.count("\n") + 1) * LEAST * 1.3 + 6) for value, label in pairs]
    else:
        span = box[2] * (0.99 - NAMES)
        rooms = [(value, width_of(label, LEAST) + 12) for value, label in pairs]
    top = max([value * span / (span - min(room, span * 0.8)) for value, room in rooms if value >= 0]
              or [0.0])  # fmt: skip
    low = min([value * span / (span - min(room, span * 0.45)) for value, room in rooms if value < 0]
              or [0.0])  # fmt: skip
    top = max(top, chart.top * span / (span - max(room for _, room in rooms)) if chart.top else top)
    if low < 0:  # both sides share the span
        top, low = max(top * 1.3, -low * 0.2), min(low * 1.3, -top * 0.1)
    return low, top if top > low else low + 1.0


# -- looks --------------------------------------------------------------------------------------


def _name(frame: Any, alt: str) -> None:
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(alt))


def _letters(drawn: Any, lang: str) -> None:
    """Set size, colour and language of all letters of a chart."""
    from pptx.util import Pt

    drawn.font.size = Pt(LEAST)
    drawn.font.color.rgb = rgb(INK)
    drawn.has_title = False
    space = drawn._chartSpace
    drop(space, "c:lang")
    mark = made("c:lang", val=lang)
    after = [child for child in space if child.tag.endswith(("}date1904",))]
    space.insert(space.index(after[-1]) + 1 if after else 0, mark)


def _paint(series: Any, told: Series) -> None:
    if not told.colors:
        return
    if len(told.colors) == 1:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(told.colors[0])
        return
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = rgb("BFBFBF")  # in the legend
    for place, color in enumerate(told.colors):
        fill = series.points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = rgb(color)


def _label(series: Any, told: Series, position: Any, lang: str) -> None:
    from pptx.util import Pt

    for place, text in enumerate(told.labels):
        label = series.points[place].data_label
        lines = clean(text).split("\n")
        frame = label.text_frame
        frame.word_wrap = False  # a label broken over lines covers the next bar
        for line, words in enumerate(lines):
            paragraph = frame.paragraphs[0] if line == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = words
            run.font.size = Pt(LEAST)
            run.font.color.rgb = rgb(INK)
            run._r.get_or_add_rPr().set("lang", lang)
        _on_white(label)
        label.position = position


def _on_white(label: Any) -> None:
    """Put white behind a label, so that lines over the columns do not strike it through."""
    from pptx.oxml.ns import qn

    element = label._dLbl
    drop(element, "c:spPr")
    looks = made("c:spPr")
    made("a:srgbClr", made("a:solidFill", looks), val="FFFFFF")
    after = element.find(qn("c:numFmt"))
    if after is None:
        after = element.find(qn("c:tx"))
    after.addnext(looks)


def _legend(drawn: Any) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    drawn.has_legend = True
    drawn.legend.position = XL_LEGEND_POSITION.TOP
    drawn.legend.include_in_layout = False
    drawn.legend.font.size = Pt(LEAST)


def _inner(drawn: Any, box: Box) -> None:
    """Fix the place of the plot, so that names of any length leave the bars their room."""
    plot = drawn._chartSpace.chart.plotArea
    drop(plot, "c:layout")
    layout = made("c:layout")
    manual = made("c:manualLayout", layout)
    made("c:layoutTarget", manual, val="inner")
    made("c:xMode", manual, val="edge")
    made("c:yMode", manual, val="edge")
    for name, value in zip("xywh", box, strict=True):
        made(f"c:{name}", manual, val=f"{value:.4f}")
    plot.insert(0, layout)


def _raise_levels(drawn: Any, bars: int) -> None:
    """Turn the last series of a column chart into lines over the columns."""
    from pptx.oxml.ns import qn

    plot = drawn._chartSpace.chart.plotArea
    columns = plot.find(qn("c:barChart"))
    lines = made("c:lineChart")
    made("c:grouping", lines, val="standard")
    made("c:varyColors", lines, val="0")
    looks = (("solid", INK), ("sysDash", QUIET))
    count = len(columns.findall(qn("c:ser"))[0].findall(f".//{qn('c:cat')}//{qn('c:pt')}"))
    for place, series in enumerate(columns.findall(qn("c:ser"))[bars:]):
        columns.remove(series)
        drop(series, "c:invertIfNegative")
        drop(series, "c:spPr")
        dash, color = looks[place % 2]
        series.insert(3, _stroke(color, dash))
        series.insert(4, _dash(color) if count == 1 else _unmarked())
        made("c:smooth", series, val="0")
        lines.append(series)
    made("c:marker", lines, val="1")
    for axis in columns.findall(qn("c:axId")):
        made("c:axId", lines, val=axis.get("val"))
    columns.addnext(lines)


def _unmarked() -> Any:
    marker = made("c:marker")
    made("c:symbol", marker, val="none")
    return marker


def _dash(color: str) -> Any:
    """Mark the level of a lone column, over which a line has no length."""
    marker = made("c:marker")
    made("c:symbol", marker, val="dash")
    made("c:size", marker, val="72")
    looks = made("c:spPr", marker)
    made("a:srgbClr", made("a:solidFill", looks), val=color)
    return marker


def _stroke(color: str, dash: str) -> Any:
    looks = made("c:spPr")
    line = made("a:ln", looks, w="38100", cap="flat")
    made("a:srgbClr", made("a:solidFill", line), val=color)
    made("a:prstDash", line, val=dash)
    return looks


def _level(axis: Any) -> None:
    """Keep the names under an axis level, however long they are."""
    body = axis._element.get_or_add_txPr().bodyPr
    body.set("rot", "0")
    body.set("vert", "horz")


def _no_ticks(axis: Any) -> None:
    from pptx.enum.chart import XL_TICK_MARK

    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE


def _no_marker(series: Any) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE

    series.marker.style = XL_MARKER_STYLE.NONE


def _skip(drawn: Any, count: int) -> None:
    """Write every third or so of many intervals."""
    from pptx.oxml.ns import qn

    axis = drawn.category_axis._element
    before = axis.find(qn("c:noMultiLvlLbl"))
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        mark = made(name, val=str(max(1, round(count / 8))))
        if before is not None:
            before.addprevious(mark)
        else:
            axis.append(mark)


def _small(chart: LineChart) -> bool:
    known = [abs(value) for one in chart.series for value in one.values if value is not None]
    return max(known, default=0.0) < 10
