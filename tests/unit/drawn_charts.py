"""What is on a drawn chart, for tests to look at."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text


def bars(ax: Axes, but: str = "rank") -> list[Rectangle]:
    return [p for p in ax.patches if isinstance(p, Rectangle) and p.get_label() != but]


def lines(ax: Axes, label: str) -> list[Line2D]:
    return [line for line in ax.findobj(Line2D) if line.get_label() == label]


def words(ax: Axes) -> list[str]:
    found = ax.figure.findobj(Text)
    return [" ".join(t.get_text().split()) for t in found if t.get_visible() and t.get_text()]


def names(ax: Axes) -> list[str]:
    return [" ".join(label.get_text().split()) for label in ax.get_yticklabels()]


def grey(color: Any) -> float:
    """Return the lightness that a greyscale print gives a colour (Rec. 601)."""
    red, green, blue = to_rgb(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def said(ax: Axes, part: str) -> list[str]:
    return [text for text in words(ax) if part in text]


def look(ax: Axes) -> Any:
    """Return everything that is on a chart, to compare two of them."""
    return (
        sorted((t.get_text(), t.get_fontsize(), str(t.get_color()), tuple(t.get_fontfamily()),
                *t.get_position(), *getattr(t, "xy", ()), t.get_ha(), t.get_va())
               for t in ax.figure.findobj(Text) if t.get_visible() and t.get_text()),
        [(p.get_label(), *p.get_bbox().bounds, p.get_facecolor(), p.get_hatch())
         for p in bars(ax, "")],
        [(str(line.get_xydata().tolist()), line.get_marker(), line.get_linestyle(),
          line.get_linestyle() != "None" and (line.get_linewidth(), line.get_color()))
         for line in ax.findobj(Line2D) if isinstance(line.get_marker(), str)],  # no ticks
        ax.get_facecolor(), ax.get_position().bounds, ax.get_xlim(), ax.get_ylim(),
    )


def check_layout(ax: Axes) -> None:
    """Check that every text is on the page, large enough, and on no other text."""
    figure = ax.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    inside = figure.bbox.padded(1)
    drawn = []
    for text in figure.findobj(Text):
        if not (text.get_visible() and text.get_text()):
            continue
        box = text.get_window_extent(renderer)
        if box.width == 0:
            continue
        assert text.get_fontsize() >= 12, text.get_text()
        assert text.get_fontfamily() == ["DejaVu Sans"]
        assert inside.x0 <= box.x0, text.get_text()
        assert box.x1 <= inside.x1, text.get_text()
        assert inside.y0 <= box.y0, text.get_text()
        assert box.y1 <= inside.y1, text.get_text()
        drawn.append((text.get_text(), box))
    for (one, a), (other, b) in itertools.combinations(drawn, 2):
        assert not a.padded(-2).overlaps(b.padded(-2)), (one, other)


def check_place(draw: Callable[[Axes], Axes]) -> None:
    """Check that a chart is drawn on the axes it is given, and stays in their place."""
    figure = Figure(figsize=(16, 9))
    left, right = figure.subplots(1, 2)
    place, other = left.get_position(), right.get_position()
    assert draw(left) is left
    assert right.get_position().bounds == other.bounds
    figure.canvas.draw()
    box = left.get_tightbbox().transformed(figure.transFigure.inverted())
    assert box.x0 >= place.x0 - 0.01
    assert box.x1 <= place.x1 + 0.01
    assert box.y0 >= place.y0 - 0.01
    assert box.y1 <= place.y1 + 0.01


def check_own_style(draw: Callable[[], Axes]) -> None:
    """Check that a caller's style changes nothing and that no setting is changed."""
    before = dict(matplotlib.rcParams)
    ax = draw()
    ax.figure.canvas.draw()
    plain = look(ax)
    assert dict(matplotlib.rcParams) == before
    with matplotlib.rc_context({
        "font.family": "serif", "font.size": 5, "axes.facecolor": "black", "text.color": "red",
        "axes.grid": True, "xtick.labelsize": 3, "figure.autolayout": True, "axes.xmargin": 0.3,
        "lines.linewidth": 9, "lines.marker": "x", "axes.titlecolor": "red",
        "ytick.labelsize": 3, "figure.facecolor": "black", "axes.autolimit_mode": "round_numbers",
    }):
        ax = draw()
        ax.figure.canvas.draw()
        styled = look(ax)
    assert styled == plain
