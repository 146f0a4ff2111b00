"""A deck as a PowerPoint file: 16:9, one message a slide, readable from the back row.

python-pptx is imported when a file is written, and only here and in the modules beside.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.reports.deck import BarChart, Body, Deck, Headlines, LineChart, Slide
from sxsh_audit.reports.document import Bullets, Facts, Figure, Paragraph, TableBlock
from sxsh_audit.reports.powerpoint_text import (
    BODY,
    HEAD,
    INK,
    LEAST,
    QUIET,
    clean,
    cut,
    height_of,
    put_text,
)
from sxsh_audit.reports.powerpoint_xml import made, rgb

if TYPE_CHECKING:
    from sxsh_audit.language.formatting import Language

__all__ = ["to_pptx"]

WIDE, HIGH = 960.0, 540.0  # [pt] of a slide 13.33 by 7.5 inches
MARGIN = 44.0
TITLE = (MARGIN, 24.0, WIDE - 2 * MARGIN, 88.0)  # left, top, width, height [pt]
TOP, BOTTOM = 132.0, 500.0  # of the body [pt]
GAP = 8.0
ACCENT = "009E73"
FONT = "Arial"  # on every computer, and it has every Vietnamese letter
FIRST_DAY = dt.datetime(2000, 1, 1)
"""Date of a deck whose study has none: nothing depends on the clock."""

Box = tuple[float, float, float, float]


def to_pptx(deck: Deck, path: str | os.PathLike[str], *, overwrite: bool = True) -> Path:
    """Write a deck as a PowerPoint file.

    Parameters
    ----------
    deck : Deck
        What :func:`~sxsh_audit.reports.slides.build_slides` returns.
    path : str or path
        File to write; an existing file is replaced once the new one is complete.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    Refusal
        If python-pptx is not installed.
    OutputError
        If the file cannot be written, or is there and may not be replaced.

    Notes
    -----
    The same deck gives the same bytes: dates are those of the study.
    """
    _need_pptx(deck.language)
    path = Path(path)
    blob = _same_every_time(_Writer(deck).blob())
    with (
        replacing(path, overwrite=overwrite, language=deck.language) as draft,
        draft.open("xb") as stream,
    ):
        stream.write(blob)
    return path


def _need_pptx(language: Language) -> None:
    try:
        import pptx  # noqa: F401
    except ImportError as error:
        said = refusal_sentence("slides.no_extra", {}, language)
        raise Refusal(said, code="slides.no_extra") from error


def _same_every_time(blob: bytes) -> bytes:
    """Return the package with a fixed time on every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()


class _Writer:
    """Lays out one deck."""

    def __init__(self, deck: Deck) -> None:
        from pptx import Presentation

        self.deck = deck
        self.lang = {"vi": "vi-VN", "en": "en-GB"}[deck.language]
        self.file: Any = Presentation()
        day = dt.date.fromisoformat(deck.date) if deck.date else FIRST_DAY.date()
        self.date = dt.datetime(day.year, day.month, day.day)
        self._set_page()

    def blob(self) -> bytes:
        """Return the file."""
        self._cover()
        for slide in self.deck.slides:
            self._slide(slide)
        properties = self.file.core_properties
        properties.title = clean(self.deck.title)
        properties.author = next(iter(self.deck.about.values()), "")
        properties.last_modified_by = ""
        properties.comments = ""
        properties.keywords = ""
        properties.subject = clean(self.deck.subtitle)
        properties.language = self.lang
        properties.created = properties.modified = self.date
        properties.revision = 1
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    # -- the page -------------------------------------------------------------------------------

    def _set_page(self) -> None:
        """Turn the template of python-pptx, which is 4:3 and Calibri, into a wide page."""
        from pptx.util import Emu, Pt

        self.file.slide_width, self.file.slide_height = Pt(WIDE), Pt(HIGH)
        master = self.file.slide_master
        kept = ("Title Slide", "Title and Content", "Title Only")
        for layout in list(self.file.slide_layouts):
            if layout.name not in kept:
                self.file.slide_layouts.remove(layout)
        for page in (master, *self.file.slide_layouts):
            for shape in page.shapes:
                if shape.element.xpath("./p:spPr/a:xfrm"):
                    shape.left, shape.width = (Emu(round(value * 4 / 3))
                                               for value in (shape.left, shape.width))
        style = master.element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr")[0]
        style.set("algn", "l")
        next(one for one in style if one.tag.endswith("}defRPr")).set("sz", str(int(HEAD * 100)))
        for relation in master.part.rels.values():
            if relation.reltype.endswith("/theme"):
                theme = relation.target_part
                theme._blob = theme.blob.replace(b'typeface="Calibri"',
                                                 f'typeface="{FONT}"'.encode())  # fmt: skip

    def _layout(self, name: str) -> Any:
        return next(layout for layout in self.file.slide_layouts if layout.name == name)

    def _place(self, shape: Any, box: Box) -> Any:
        from pptx.util import Pt

        shape.left, shape.top, shape.width, shape.height = (Pt(value) for value in box)
        return shape

    # -- slides ---------------------------------------------------------------------------------

    def _cover(self) -> None:
        page = self.file.slides.add_slide(self._layout("Title Slide"))
        room = WIDE - 2 * MARGIN
        title = self._place(page.shapes.title, (MARGIN, 120.0, room, 170.0))
        put_text(title, [cut(self.deck.title, room, 40.0, 3, bold=True)], 40.0, self.lang,
                 bold=True, anchor="bottom")  # fmt: skip
        under = self._place(page.placeholders[1], (MARGIN, 316.0, room, 90.0))
        lines = self.deck.subtitle.split("\n") if self.deck.subtitle else [""]
        put_text(under, lines, 26.0, self.lang, color=QUIET)
        self._bar(page, (MARGIN, 300.0, 160.0, 6.0))
        about = [f"{name}: {value}" for name, value in self.deck.about.items()]
        self._notes(page, (*self.deck.notes, *about))

    def _slide(self, slide: Slide) -> None:
        first = next((block for block in slide.body if isinstance(block, Bullets)), None)
        page = self.file.slides.add_slide(
            self._layout("Title and Content" if first else "Title Only"))  # fmt: skip
        title = self._place(page.shapes.title, TITLE)
        put_text(title, [cut(slide.title, TITLE[2], HEAD, 2, bold=True)], HEAD, self.lang,
                 bold=True, anchor="bottom")  # fmt: skip
        self._bar(page, (MARGIN, 116.0, 90.0, 4.0))
        cut_short = self._body(page, slide.body)
        self._number(page)
        self._notes(page, (*slide.notes, *cut_short))

    def _bar(self, page: Any, box: Box) -> None:
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Pt

        bar = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Pt(value) for value in box))
        bar.fill.solid()
        bar.fill.fore_color.rgb = rgb(ACCENT)
        bar.line.fill.background()
        bar.shadow.inherit = False
        _decorative(bar)

    def _number(self, page: Any) -> None:
        from pptx.util import Pt

        box = page.shapes.add_textbox(Pt(WIDE - MARGIN - 80), Pt(HIGH - 38), Pt(80), Pt(30))
        put_text(box, [str(len(self.file.slides))], LEAST, self.lang, color=QUIET, right=True)
        run = box.text_frame.paragraphs[0].runs[0]._r
        field = made("a:fld", id="{00000000-0000-4000-8000-000000000001}", type="slidenum")
        field.extend(list(run))
        run.getparent().replace(run, field)

    def _notes(self, page: Any, notes: Sequence[str]) -> None:
        frame = page.notes_slide.notes_text_frame
        frame.text = "\n".join(clean(note) for note in notes if note)
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().set("lang", self.lang)

    # -- bodies ---------------------------------------------------------------------------------

    def _body(self, page: Any, blocks: Sequence[Body]) -> list[str]:
        """Lay blocks out from top to bottom; those that can grow share what is left."""
        room = WIDE - 2 * MARGIN
        fixed = [self._fixed_height(block, room) for block in blocks]
        grows = sum(height is None for height in fixed)
        left = BOTTOM - TOP - GAP * (len(blocks) - 1) - sum(height or 0.0 for height in fixed)
        told: list[str] = []
        top = TOP
        for block, height in zip(blocks, fixed, strict=True):
            high = left / grows if height is None else height
            told += self._put(page, block, (MARGIN, top, room, high))
            top += high + GAP
        return told

    def _fixed_height(self, block: Body, room: float) -> float | None:
        """Return the height of what does not grow; None for what does."""
        if isinstance(block, Paragraph):
            return min(height_of([block.text], room, LEAST), 3 * LEAST * 1.25) + 8
        if isinstance(block, Headlines):
            return 110.0
        return None

    def _put(self, page: Any, block: Body, box: Box) -> list[str]:
        from sxsh_audit.reports.powerpoint_charts import put_bars, put_lines
        from sxsh_audit.reports.powerpoint_tables import put_facts, put_table

        if isinstance(block, BarChart):
            put_bars(page, block, box, self.lang, self.date)
        elif isinstance(block, LineChart):
            put_lines(page, block, box, self.lang, self.date)
        elif isinstance(block, TableBlock):
            return put_table(page, block.table, box, self.lang)
        elif isinstance(block, Facts):
            put_facts(page, block, box, self.lang)
        elif isinstance(block, Figure):
            self._picture(page, block, box)
        elif isinstance(block, Headlines):
            self._headlines(page, block, box)
        elif isinstance(block, Bullets):
            return self._bullets(page, block, box)
        else:
            shape = page.shapes.add_textbox(0, 0, 0, 0)
            put_text(self._place(shape, box), [cut(block.text, box[2], LEAST, 3)], LEAST,
                     self.lang, color=QUIET if block.tone in ("note", "missing") else INK)
        return []

    def _bullets(self, page: Any, block: Bullets, box: Box) -> list[str]:
        """Write bullets as large as they fit; what is cut is told in the notes."""
        room, space = box[2] - 28, 10.0
        for size in (32.0, 28.0, BODY, 22.0, LEAST):
            tall = sum(height_of([item], room, size) + space for item in block.items)
            if tall <= box[3]:
                break
        most = max(1, int((box[3] / len(block.items) - space) / (size * 1.25)))
        items = list(block.items) if tall <= box[3] else [
            cut(item, room, size, most) for item in block.items]  # fmt: skip
        shape = self._place(page.placeholders[1], box)
        put_text(shape, items, size, self.lang, space=space)
        return [whole for whole, item in zip(block.items, items, strict=True) if item != whole]

    def _headlines(self, page: Any, block: Headlines, box: Box) -> None:
        each = (box[2] - GAP * (len(block.figures) - 1)) / len(block.figures)
        tall = max(height_of([figure], each, 40.0, bold=True) for figure, _ in block.figures)
        size = 40.0 if tall < 60 else 28.0
        for place, (figure, words) in enumerate(block.figures):
            shape = page.shapes.add_textbox(0, 0, 0, 0)
            spot = (box[0] + place * (each + GAP), box[1], each, box[3])
            put_text(self._place(shape, spot), [cut(figure, each, size, 2, bold=True)], size,
                     self.lang, bold=True, color="0072B2")  # fmt: skip
            put_text(shape, [cut(words, each, LEAST, 2)], LEAST, self.lang, color=QUIET,
                     more=True)  # fmt: skip

    def _picture(self, page: Any, block: Figure, box: Box) -> None:
        from pptx.util import Pt

        from sxsh_audit.charts.files import save

        with tempfile.TemporaryDirectory() as folder:
            path = save(block.draw(), Path(folder) / "figure.png", dpi=160)
            picture = page.shapes.add_picture(io.BytesIO(path.read_bytes()), 0, 0)
        wide, high = picture.width.pt, picture.height.pt
        scale = min(box[2] / wide, box[3] / high)
        size = (wide * scale, high * scale)
        spot = (box[0] + (box[2] - size[0]) / 2, box[1] + (box[3] - size[1]) / 2)
        picture.left, picture.top = (Pt(value) for value in spot)
        picture.width, picture.height = (Pt(value) for value in size)
        properties = picture._element.nvPicPr.cNvPr
        properties.set("descr", clean(block.alt))
        properties.set("name", block.key)


_DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative val="1" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"/>'
    "</a:ext></a:extLst>"
)


def _decorative(shape: Any) -> None:
    """Mark a shape as decoration, which a screen reader passes over."""
    from pptx.oxml import parse_xml

    shape._element.nvSpPr.cNvPr.append(parse_xml(_DECORATIVE))
