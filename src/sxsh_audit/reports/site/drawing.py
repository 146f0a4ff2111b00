"""Pictures inside a page whose policy allows no style of its own: shapes with classes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape

from sxsh_audit.language.formatting import Language, format_number
from sxsh_audit.language.text import visible
from sxsh_audit.reports.document import Figure
from sxsh_audit.reports.inline_svg import inline_svg
from sxsh_audit.reports.site.rendering import Html

__all__ = ["chart", "goal_bar", "strips"]

_STYLE = re.compile(r'\sstyle="([^"]*)"')


def chart(figure: Figure, key: str) -> Html:
    """Return a chart as an ``svg`` element without any ``style``, which the policy would drop.

    Parameters
    ----------
    figure : Figure
        What is drawn.
    key : str
        Put before every name inside the picture.
    """
    return Html(_STYLE.sub(_as_attributes, inline_svg(figure, key)))


def _as_attributes(match: re.Match[str]) -> str:
    """Write ``style="fill: #fff; stroke: none"`` as attributes of presentation."""
    pairs = (part.partition(":") for part in match[1].split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)


def goal_bar(
    low: float, high: float, goal: float, goal_high: float | None, alt: str
) -> Html:
    """Return a bar of a share with its goal marked.

    Parameters
    ----------
    low, high : float
        Share if everything unknown were no, and if it were yes. [1]
    goal : float
        What is aimed at. [1]
    goal_high : float or None
        Upper end of what is aimed at, if there is one. [1]
    alt : str
        What it says.
    """
    if math.isnan(low):
        low = high = 0.0
    left, right = (100 * min(max(value, 0.0), 1.0) for value in (low, high))
    marks = [goal] if goal_high is None else [goal, goal_high]
    lines = "".join(
        f'<line class="mark" x1="{_place(100 * one)}" x2="{_place(100 * one)}" y1="0" y2="10"/>'
        for one in marks
    )
    return Html(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="goal" viewBox="-1 0 102 10" role="img" '
        f'aria-label="{escape(visible(alt))}"><rect class="track" x="0" y="3" width="100" '
        f'height="4"/><rect class="range" x="0" y="3" width="{_place(right)}" height="4"/>'
        f'<rect class="bar" x="0" y="3" width="{_place(left)}" height="4"/>{lines}</svg>'
    )


def strips(
    rows: Sequence[tuple[str, float, float, float]], alt: str, language: Language
) -> Html:
    """Return quartiles as strips, one below the other, with the median marked.

    Parameters
    ----------
    rows : sequence of (str, float, float, float)
        Name, lower quartile, median and upper quartile of each.
    alt : str
        What it says.
    language : {"vi", "en"}
        Language of the figures.
    """
    top = max(row[3] for row in rows)
    step = next(one for one in (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 1e9) if top / one <= 6)
    most = step * math.ceil(top / step)
    left, width, line = 330.0, 420.0, 30.0
    bottom = line * len(rows) + 8

    def across(value: float) -> str:
        return _place(left + width * value / most)

    shapes = []
    for place in range(round(most / step) + 1):
        x = across(place * step)
        shapes.append(f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{bottom:g}"/>'
                      f'<text x="{x}" y="{bottom + 18:g}" text-anchor="middle">'
                      f"{format_number(place * step, language)}</text>")  # fmt: skip
    for number, (name, low, middle, high) in enumerate(rows):
        y = line * number + 6
        wide = _place(width * (high - low) / most)
        shapes.append(
            f'<text x="{left - 12:g}" y="{y + 15:g}" text-anchor="end">{escape(visible(name))}'
            f'</text><rect class="spread" x="{across(low)}" y="{y:g}" width="{wide}" height="20"/>'
            f'<line class="mid" x1="{across(middle)}" x2="{across(middle)}" y1="{y:g}" '
            f'y2="{y + 20:g}"/>'
        )
    return Html(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="strips" viewBox="0 0 780 '
        f'{bottom + 26:g}" role="img" aria-label="{escape(visible(alt))}">{"".join(shapes)}</svg>'
    )


def _place(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
