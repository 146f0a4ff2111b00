"""The flow sheet of a plant: what enters, where it goes, and what is lost on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.flow_columns import BESIDE, RUN, STUB, TIP
from sxsh_audit.charts.flow_layout import lay_out
from sxsh_audit.charts.flow_legend import (
    Key,
    key_of_flows,
    looks_of,
    put_key,
    put_numbers,
)
from sxsh_audit.charts.flow_outlines import Outline, band_line, band_outline, return_outline
from sxsh_audit.charts.flow_places import NUMBER
from sxsh_audit.charts.flow_slots import Lane, Layout
from sxsh_audit.charts.flow_strands import LOOKS, Strand, common_unit, strands_of
from sxsh_audit.charts.lettering import INK, LINE, SMALL, lines_in, tidy, width
from sxsh_audit.charts.looks import put_looks
from sxsh_audit.charts.paper import EDGE, PAGE_WIDTH, Margins, Sheet, take_place, without_scale
from sxsh_audit.charts.sources import names_of, records_of, titles_of
from sxsh_audit.display.flow_records import FlowBand
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["flow_numbers", "sankey"]

_EDGES = {"lost": "#5a2000", "unsorted": "#555555"}
_STEP = "#ffffff"


def sankey(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    of: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    key: bool = True,
) -> Axes:
    """Draw the flow sheet: bands between steps, as wide as what flows.

    Parameters
    ----------
    source : Assessment or sequence of FlowBand
        What to draw: anything with a method ``flow_bands(language)`` (with `of`:
        ``flow_bands(language, of)``), or the records, all in one unit. Their order does not
        matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the bands. By default a new
        Figure as high as the flows need.
    language : {"vi", "en"}
        Language of every text.
    of : str, optional
        Flow sheet or layer that an assessment is asked for, in place of the one it would choose.
        Plain records are drawn as they are.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    key : bool
        Whether the list of what numbers stand for is under the picture; a slide has it in its
        notes (:func:`flow_numbers`).

    Returns
    -------
    matplotlib.axes.Axes
        x and y are in points from the upper left corner.

    Notes
    -----
    A step stands behind all that feed it (longest path); steps of one layer are ordered by the
    barycentres of what they are linked with, so that few bands cross. What would close a cycle,
    recycles first, runs back under or over the steps. Losses are hatched and leave at the lower
    right of their step. Where names do not fit, numbers stand for flows, and in the end letters
    for steps; the list under the picture gives each with its figure. A flow of unknown amount is
    a dashed line with a question mark; one too thin to be seen, or of nothing, a hair. A negative
    amount (a stock drawn down) runs the other way.

    References
    ----------
    Sugiyama, K., Tagawa, S. & Toda, M. (1981). Methods for visual understanding of hierarchical
    system structures. IEEE Trans. Systems, Man and Cybernetics 11(2), 109–125.

    Eades, P., Lin, X. & Smyth, W. F. (1993). A fast and effective heuristic for the feedback arc
    set problem. Information Processing Letters 47(6), 319–323.

    Examples
    --------
    >>> from sxsh_audit.display.flow_records import FlowBand
    >>> ax = sankey([FlowBand("bột giấy", "", "xeo", 100.0, "t", "input"),
    ...              FlowBand("giấy", "xeo", "", 92.0, "t", "product"),
    ...              FlowBand("giấy vụn", "xeo", "", 8.0, "t", "solid_waste")])
    >>> [band.get_label() for band in ax.patches if band.get_label()[0] != "_"]
    ['bột giấy', 'giấy', 'giấy vụn', 'xeo']
    """
    language = check_language(language)
    records: list[FlowBand] = records_of(source, "flow_bands", language, of)
    titles = titles_of(source, "chart.sankey_title", language, (title, subtitle),
                       of="flow_bands", option=of)
    bands, notes = _drawable(records, language)
    strands, steps = strands_of(bands, language)
    if not any(strand.known for strand in strands):
        notes += _notes(strands, language)
        return without_scale(ax, titles, sentence("chart.nothing", language), notes)

    layout = lay_out(strands, steps, PAGE_WIDTH * 72 - 2 * EDGE)
    listed = key_of_flows(strands, steps, layout) if key else Key()
    looks = looks_of(strands, common_unit(bands, language)[1], layout, language)
    notes += _notes(strands, language)
    margins = Margins(left=EDGE, right=EDGE, head=looks.height, notes=notes, foot=4.0)
    sheet, heads = take_place(ax, layout.tall + listed.height, margins, titles,
                              page=layout.wide + 2 * EDGE)
    heads.put(sheet, 0.0, "")
    _open(sheet)
    for k, strand in sorted(enumerate(strands), key=lambda each: -each[1].thick):
        if not strand.back:
            _draw_band(sheet, layout, strands, k)
    for lane in layout.lanes:
        _draw_return(sheet, layout, strands, lane)
    _draw_steps(sheet, layout, steps)
    _write(sheet, layout, strands)
    put_key(sheet, layout, listed)
    put_looks(sheet, looks)
    return sheet.ax


def flow_numbers(
    source: object, *, language: Language = "vi", of: str | None = None
) -> list[tuple[str, str]]:
    """Return what the numbers and letters of :func:`sankey` stand for.

    Parameters
    ----------
    source : Assessment or sequence of FlowBand
        What is drawn.
    language : {"vi", "en"}
        Language.
    of : str, optional
        Which flow sheet of an assessment, as for :func:`sankey`.

    Returns
    -------
    list of tuple of str
        Number or letter, and what it stands for; empty where names fit on the picture.
    """
    records: list[FlowBand] = records_of(source, "flow_bands", check_language(language), of)
    strands, steps = strands_of(_drawable(records, language)[0], language)
    if not any(strand.known for strand in strands):
        return []
    layout = lay_out(strands, steps, PAGE_WIDTH * 72 - 2 * EDGE)
    columns = key_of_flows(strands, steps, layout).columns
    return [(mark, " ".join(text.split())) for column in columns for mark, text, _ in column]


def _drawable(records: Sequence[FlowBand], language: Language) -> tuple[list[FlowBand], list[str]]:
    """Return the flows of one unit that touch a step, and a note of the others."""
    units = sorted({band.unit for band in records},
                   key=lambda unit: (-sum(band.unit == unit for band in records), unit))
    bands = [b for b in records if b.unit == units[0] and (b.source or b.target)]
    out = sorted(tidy(b.name) for b in records if b.unit != units[0] or not (b.source or b.target))
    if not out:
        return bands, []
    return bands, [sentence("chart.sankey_left_out", language, names=names_of(out, language))]


def _notes(strands: Sequence[Strand], language: Language) -> list[str]:
    notes = []
    unknown = [strand.name or "?" for strand in strands if not strand.known]
    if unknown:
        notes.append(sentence("chart.sankey_unknown", language, names=names_of(unknown, language)))
    hairs = sum(strand.hair for strand in strands)
    if hairs:
        notes.append(sentence("chart.sankey_hairs", language, count=hairs))
    if any(strand.band.amount < 0 for strand in strands):
        notes.append(sentence("chart.sankey_reversed", language))
    return notes


def _open(sheet: Sheet) -> None:
    """Count from the upper left corner, in points, also where there is more room than needed."""
    ax = sheet.ax
    ax.set_facecolor("white")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_axis_off()
    ax.set_xlim(0.0, sheet.span)
    ax.set_ylim(sheet.tall, 0.0)


def _patch(sheet: Sheet, outline: Outline, strand: Strand, *, zorder: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    fill, hatch = LOOKS[strand.look]
    sheet.ax.add_artist(PathPatch(
        Path(*outline), facecolor=fill, hatch=hatch or None, zorder=zorder, clip_on=False,
        edgecolor=_EDGES.get(strand.look, "#444444"), linewidth=0.6 * sheet.scale,
        label=strand.name or strand.text,
    ))


def _thread(sheet: Sheet, outline: Outline, strand: Strand, *, zorder: float) -> None:
    """Draw a flow that has no width to be seen: of unknown amount dashed, of nothing dotted."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    dashes = (1, 2) if strand.known else (5, 3)
    sheet.ax.add_artist(PathPatch(
        Path(*outline), fill=False, edgecolor="#8a3800" if strand.look == "lost" else INK,
        linewidth=1.4 * sheet.scale, linestyle=(0, dashes), zorder=zorder, clip_on=False,
        label=strand.name or strand.text,
    ))


def _draw_band(sheet: Sheet, layout: Layout, strands: Sequence[Strand], k: int) -> None:
    strand = strands[k]
    stops = []
    for at, place in enumerate(strand.path):
        slot = layout.slots[place]
        left, right = layout.x[slot.column]
        y = layout.port(strands, place, k, right=at == 0)
        if slot.kind == "step":
            left = right = right if at == 0 else left
        elif slot.kind == "in":
            left = right - STUB if not layout.numbered else left
        elif slot.kind == "out":
            right = right - TIP if layout.numbered else left + RUN
        stops.append((left, right, y))
    tip = TIP if strand.end < 0 else 0.0
    if strand.known and strand.size:
        _patch(sheet, band_outline(stops, strand.thick, tip), strand, zorder=2.0)
    else:
        _thread(sheet, band_line(stops, tip), strand, zorder=2.1)


def _draw_return(sheet: Sheet, layout: Layout, strands: Sequence[Strand], lane: Lane) -> None:
    """Draw a flow back to a step, with arrows along it."""
    strand = strands[lane.strand]
    start, end = (layout.slots[place] for place in strand.path)
    leaves = layout.port(strands, strand.start, lane.strand, right=True)
    enters = layout.port(strands, strand.end, lane.strand, right=False)
    corners = [(layout.x[start.column][1], leaves), (lane.down, leaves), (lane.down, lane.y),
               (lane.up, lane.y), (lane.up, enters), (layout.x[end.column][0], enters)]
    if strand.known and strand.size:
        _patch(sheet, return_outline(corners, strand.thick), strand, zorder=1.8)
    else:
        _thread(sheet, (corners, [1] + [2] * 5), strand, zorder=1.8)
    half = max(min(strand.thick / 2 - 1, 7.0), 4.0)
    for share in (0.25, 0.75):
        x = lane.down + share * (lane.up - lane.down)
        way = math.copysign(half, lane.up - lane.down)
        sheet.line((x - way / 2, x + way / 2, x - way / 2), (lane.y - half, lane.y, lane.y + half),
                   INK, 1.6, zorder=2.2, label="way")


def _draw_steps(sheet: Sheet, layout: Layout, steps: Sequence[str]) -> None:
    for slot, name in zip(layout.slots, steps, strict=False):
        left, right = layout.x[slot.column]
        sheet.box((left, slot.y - slot.height / 2), (right - left, slot.height), (_STEP, ""),
                  tidy(name), thick=1.6, clipped=False)
        sheet.write(slot.label, ((left + right) / 2, slot.y), ha="center", size=SMALL, bold=True)


def _write(sheet: Sheet, layout: Layout, strands: Sequence[Strand]) -> None:
    """Write what stands at the flows: their names and figures, or their numbers."""
    numbers: list[tuple[float, float, Strand]] = []
    figures: list[tuple[float, float, str]] = []
    for slot in layout.slots:
        if slot.kind in ("step", "pass"):
            continue
        strand = strands[slot.left[0]]
        left, right = layout.x[slot.column]
        y = slot.y + slot.shift
        if layout.numbered:
            under = SMALL * LINE / 2 if layout.figured else 0.0
            y -= under if strand.thick >= NUMBER + 2 * under else 0.0
            numbers.append(((left + right) / 2, y, strand))
            if layout.figured:
                figures.append(((left + right) / 2, y + NUMBER / 2 + under, slot.label))
        elif slot.kind == "in":
            sheet.write(slot.label, (right - STUB - BESIDE, y), ha="right", size=SMALL)
        elif slot.kind == "out":
            sheet.write(slot.label, (left + RUN + TIP + BESIDE, y), size=SMALL)
        else:
            above = slot.shift > 0
            if above:
                sheet.write(slot.label, ((left + right) / 2, y - strand.thick / 2 - 1),
                            ha="center", va="bottom", size=SMALL)
            else:
                figures.append(((left + right) / 2, y, slot.label))
    for lane in layout.lanes:
        strand = strands[lane.strand]
        middle = (lane.down + lane.up) / 2
        if layout.numbered:
            numbers.append((middle, lane.y, strand))
            if layout.figured:
                beside = NUMBER / 2 + width(strand.short, SMALL) / 2 + 4
                figures.append((middle + beside, lane.y, strand.short))
            continue
        side = 1 if lane.under else -1
        sheet.write(lane.label, (middle, lane.y + side * (strand.thick / 2 + 2)), ha="center",
                    va="top" if lane.under else "bottom", size=SMALL)
    if figures:
        _put_on_bands(sheet, figures)
    put_numbers(sheet, numbers)


def _put_on_bands(sheet: Sheet, texts: Sequence[tuple[float, float, str]]) -> None:
    """Write texts on white, which hides the hatch behind them."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners: list[tuple[float, float]] = []
    for x, y, text in texts:
        wide, tall = width(text, SMALL) / 2 + 2, lines_in(text) * SMALL * 0.6
        corners += [(x - wide, y - tall), (x + wide, y - tall), (x + wide, y + tall),
                    (x - wide, y + tall), (x - wide, y - tall)]
        sheet.write(text, (x, y), ha="center", size=SMALL)
    # all of them as one path, which is drawn in one go
    sheet.ax.add_artist(PathPatch(Path(corners, [1, 2, 2, 2, 79] * len(texts)),
                                  facecolor="white", linewidth=0.0, zorder=3.2, clip_on=False,
                                  alpha=0.85, label="_texts"))
