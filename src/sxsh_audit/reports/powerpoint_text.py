"""Text on slides: sizes, what fits, runs with their language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sxsh_audit.charts.lettering import LINE, LONGEST, lines_in, tidy, width, wrap
from sxsh_audit.language.text import composed, visible
from sxsh_audit.reports.powerpoint_xml import rgb

__all__ = ["BODY", "HEAD", "INK", "LEAST", "QUIET", "clean", "cut", "height_of", "put_text",
           "width_of"]

HEAD, BODY, LEAST = 30.0, 24.0, 20.0  # [pt]: nothing on a slide is smaller than the last
INK, QUIET = "1A1A1A", "444444"
NARROWER = 0.9
"""Width of Arial beside that of the font that texts are measured with."""


def clean(text: str) -> str:
    """Return `text` in composed letters; what cannot be seen stands as an escape."""
    return visible(composed(text), lines=True)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text on one line, of letters that the font lacks that of a box [pt]."""
    return width(tidy(text), size, bold=bold)


def _lines(text: str, room: float, size: float, bold: bool) -> int:
    return lines_in(wrap(text, max(room - 14.0, size) / NARROWER, size, bold=bold))


def height_of(texts: Sequence[str], room: float, size: float, *, bold: bool = False) -> float:
    """Return the height of paragraphs in a box `room` wide [pt]."""
    return sum(max(_lines(text, room, size, bold), 1) for text in texts) * size * LINE


def cut(text: str, room: float, size: float, most: int, *, bold: bool = False) -> str:
    """Return `text`, with an ellipsis where it needs more than `most` lines."""
    if _lines(text, room, size, bold) <= most:
        return text
    fits, over = 0, min(len(text), LONGEST)
    while over - fits > 1:
        middle = (fits + over) // 2
        if _lines(f"{text[:middle].rstrip()}…", room, size, bold) <= most:
            fits = middle
        else:
            over = middle
    return f"{text[:fits].rstrip()}…"


def put_text(
    shape: Any,
    paragraphs: Sequence[str],
    size: float,
    lang: str,
    *,
    bold: bool = False,
    color: str = INK,
    anchor: Literal["top", "middle", "bottom"] = "top",
    right: bool = False,
    space: float = 0.0,
    more: bool = False,
) -> None:
    """Write paragraphs into a shape or a cell of a table.

    Parameters
    ----------
    shape : shape or cell
        Where to write.
    paragraphs : sequence of str
        The texts.
    size : float
        Font size [pt].
    lang : str
        Language of the runs.
    bold : bool
        Whether they are bold.
    color : str
        Their colour as ``RRGGBB``.
    anchor : {"top", "middle", "bottom"}
        Where they stand in the shape.
    right : bool
        Whether they are aligned to the right.
    space : float
        Space behind each [pt].
    more : bool
        Whether they are added to what is there.
    """
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame
    frame.word_wrap = True
    if not more:
        if hasattr(frame, "auto_size") and hasattr(shape, "shape_id"):
            frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE,
                                 "bottom": MSO_ANCHOR.BOTTOM}[anchor]  # fmt: skip
    for place, text in enumerate(paragraphs):
        fresh = more or place > 0
        paragraph = frame.add_paragraph() if fresh else frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        if space:
            paragraph.space_after = Pt(space)
            paragraph.space_before = Pt(0)
        run = paragraph.add_run()
        run.text = clean(text).replace("\n", " ")
        run.font.size = Pt(size)
        run.font.bold = bold
        run.font.color.rgb = rgb(color)
        run._r.get_or_add_rPr().set("lang", lang)
