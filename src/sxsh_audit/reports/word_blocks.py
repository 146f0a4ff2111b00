"""The blocks of a document as paragraphs, tables and pictures of Word."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any

from sxsh_audit.charts.files import picture
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.column_widths import fit_columns
from sxsh_audit.reports.document import (
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Numbered,
    PageBreak,
    Paragraph,
    Signatures,
    TableBlock,
)
from sxsh_audit.reports.titles import titled
from sxsh_audit.reports.word_lists import Numbering
from sxsh_audit.reports.word_styles import style_id
from sxsh_audit.reports.word_tables import facts_table, printed_table, signature_table
from sxsh_audit.reports.word_xml import (
    attribute,
    begin_field,
    bookmark,
    end_field,
    field,
    link,
    made,
    plain,
    tag,
)

__all__ = ["Printer"]

_TONES = {"body": "Normal", "lead": "SXSH Lead", "note": "SXSH Note", "missing": "SXSH Missing"}
_CROWDED = 1.3
_TALLEST = 0.78  # of the page between its margins: room for the caption below a picture
_DOTS = 200  # [1/inch] a chart of 12 inches is printed 6.3 inches wide: 380 dots to an inch

class Printer:
    """Prints blocks into the body of a Word document, or into a part of one.

    Parameters
    ----------
    document : docx.document.Document
        The document whose styles, lists and pictures are used.
    language : {"vi", "en"}
        Language of the words around the blocks.
    everything : sequence of Numbered
        All blocks of the document, of which the contents are made.
    """

    def __init__(self, document: Any, language: Language, everything: Sequence[Numbered]) -> None:
        self.document = document
        self.language = language
        self.everything = everything
        self._lists = Numbering(document, language)
        self._page = _page_of(document)
        self._body: Any = None
        self._before: Any = None
        self._new_page = False
        self._turned = False
        self._first = True  # whether no section has ended yet
        self._marks = 0
        self._count: tuple[bool, int] | None = None
        self._own_heads = _heads_are_numbered(document)

    @property
    def room(self) -> int:
        """Width between the margins [1/20 pt]."""
        return _room(self._page, turned=self._turned)

    def begin(self, body: Any) -> None:
        """Print what follows at the end of `body`, before its last section properties."""
        self._body = body
        self._before = body.find(tag("w:sectPr"))
        self._new_page = self._turned = False

    def end(self) -> None:
        """Let the last section of a filled template go on as the one before it."""
        if not self._first:
            _drop_title(self.document.element.body.sectPr)

    def print(self, blocks: Sequence[Numbered], *, counted: bool = True) -> None:
        """Print blocks one below the other; headings without their numbers if not `counted`."""
        for one in blocks:
            if not counted and isinstance(one.block, Heading):
                self._heading(one, counted=False)
                continue
            self._turn(isinstance(one.block, TableBlock) and self._is_wide(one.block))
            self._print_one(one)
        self._turn(False)

    def paragraph(self, text: str = "", style: str = "Normal", *, placed: bool = True) -> Any:
        """Add a paragraph of plain text."""
        from docx.text.paragraph import Paragraph as WordParagraph

        element = made("w:p")
        if style != "Normal":
            element.get_or_add_pPr().style = style_id(self.document, style)
        paragraph = WordParagraph(element, self.document)
        if text:
            paragraph.add_run(plain(text))
        if placed:
            self.place(element)
            if self._new_page:
                paragraph.paragraph_format.page_break_before = True
                self._new_page = False
        return paragraph

    def place(self, element: Any) -> None:
        """Add an element that is made already."""
        if self._before is None:
            self._body.append(element)
        else:
            self._before.addprevious(element)

    def _print_one(self, one: Numbered) -> None:
        match one.block:
            case Heading():
                self._heading(one)
            case Paragraph(text=text, tone=tone):
                self.paragraph(text, _TONES[tone])
            case Bullets(items=items, ordered=ordered):
                self._list(items, ordered)
            case Facts(rows=rows):
                self._table(facts_table(self.document, rows, self.room))
            case TableBlock():
                self._captioned_table(one)
            case Figure():
                self._figure(one)
            case Signatures(roles=roles):
                hint = sentence("report.sign_here", self.language)
                self._table(signature_table(self.document, roles, hint, self.room), gap=True)
            case PageBreak():
                self._new_page = True
            case Contents():
                self.contents()

    def _heading(self, one: Numbered, *, counted: bool = True) -> None:
        block = one.block
        assert isinstance(block, Heading)
        paragraph = self.paragraph(block.text, f"heading {block.level}")
        if not one.number or not counted:
            self._number(paragraph, 0, 0)
        elif not self._own_heads:
            if self._count is None or (block.level == 1 and self._count[0] != block.appendix):
                self._count = (block.appendix, self._lists.headings(block.appendix))
            self._number(paragraph, block.level - 1, self._count[1])
        self._mark(paragraph, self._goal(one))

    def _goal(self, one: Numbered) -> str:
        """Return the name of the bookmark of a heading, as Word itself would name it."""
        place = next(i for i, other in enumerate(self.everything) if other is one)
        return f"_Toc{700_000_001 + place}"

    def _mark(self, paragraph: Any, name: str) -> None:
        self._marks += 1
        bookmark(paragraph, name, 50_000 + self._marks)

    def _number(self, paragraph: Any, level: int, key: int) -> None:
        number = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        number.get_or_add_ilvl().val = level
        number.get_or_add_numId().val = key

    def _list(self, items: Sequence[str], ordered: bool) -> None:
        key = self._lists.ordered() if ordered else self._lists.bullets()
        for item in items:
            paragraph = self.paragraph(item, "List Number" if ordered else "List Bullet")
            self._number(paragraph, 0, key)

    def _table(self, element: Any, *, gap: bool = False) -> None:
        """Place a table; one without a caption needs a paragraph to begin a page with."""
        if self._new_page or gap:
            self.paragraph("", "SXSH Gap").paragraph_format.keep_with_next = True
        self.place(element)
        self.paragraph("", "SXSH Gap").paragraph_format.space_after = 76_200  # 6 pt

    def _captioned_table(self, one: Numbered) -> None:
        block = one.block
        assert isinstance(block, TableBlock)
        self._caption(one).paragraph_format.keep_with_next = True
        self.place(printed_table(self.document, block.table, self.room))
        for note in block.table.notes:
            self.paragraph(note, "SXSH Table Note")
        self.paragraph("", "SXSH Gap").paragraph_format.space_after = 76_200

    def _caption(self, one: Numbered) -> Any:
        """Write «Bảng 3. …» with a number that Word counts, for its lists of tables and figures."""
        word, _, number = one.number.rpartition(" ")
        paragraph = self.paragraph("", "caption")
        paragraph.add_run(f"{word}\u00a0")
        field(paragraph, f"SEQ {word} \\* ARABIC", number)
        paragraph.add_run(plain(titled(one, self.language)[len(one.number):]))
        return paragraph

    def _figure(self, one: Numbered) -> None:
        block = one.block
        assert isinstance(block, Figure)
        paragraph = self.paragraph("", "SXSH Figure")
        self.picture(paragraph, block)
        self._caption(one)

    def picture(self, paragraph: Any, figure: Figure) -> None:
        """Draw a chart into a paragraph, with what it says for those who do not see it."""
        shape = paragraph.add_run().add_picture(
            io.BytesIO(picture(figure.draw(), "png", dpi=_DOTS)))  # fmt: skip
        wide = self.room * 635  # EMU in 1/20 pt
        tall = int(_height(self._page) * 635 * _TALLEST)
        scale = min(wide / shape.width, tall / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        about = shape._inline.docPr
        about.set("name", plain(figure.key))
        about.set("descr", plain(figure.alt or figure.caption))

    def contents(self) -> None:
        """Write the table of contents: a field of Word, with what it will show."""
        body, before = self._body, self._before
        inner = made("w:sdtContent")
        kind = made("w:docPartObj", made("w:docPartGallery", val="Table of Contents"),
                    made("w:docPartUnique"))  # fmt: skip
        self.place(made("w:sdt", made("w:sdtPr", kind), inner))
        self._body, self._before = inner, None
        self.paragraph(sentence("report.contents", self.language), "TOC Heading")
        entries = [one for one in self.everything
                   if isinstance(one.block, Heading) and one.block.level <= 2]  # fmt: skip
        paragraph = None
        for place, one in enumerate(entries):
            assert isinstance(one.block, Heading)
            paragraph = self.paragraph("", f"toc {one.block.level}")
            if not place:
                begin_field(paragraph, 'TOC \\o "1-2" \\h \\z \\u')
            text = titled(one, self.language) if one.number else one.block.text
            link(paragraph, text, self._goal(one))
        if paragraph is not None:
            end_field(paragraph)
        self._body, self._before = body, before

    def origin(self, document: Document) -> None:
        """Print in small letters what the document was made from."""
        rows = [(label, value) for label, value in document.about.items()]
        if not rows:
            return
        head = self.paragraph(sentence("report.origin", self.language), "SXSH Origin")
        head.runs[0].bold = True
        head.paragraph_format.space_before = 24 * 12_700
        head._p.get_or_add_pPr().insert_element_before(
            made("w:pBdr", made("w:top", val="single", sz=4, space=6, color="7F7F7F")),
            "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc",
        )  # fmt: skip
        for label, value in rows:
            self.paragraph(f"{label}: {value}", "SXSH Origin")

    def _is_wide(self, block: TableBlock) -> bool:
        """Whether a table is to lie on its side: as asked, or because it would not fit."""
        if block.wide:  # a page of its own is dear: it may stand if its cells stay short
            standing = fit_columns(block.table, _room(self._page, turned=False) / 20, (11, 10, 9))
            return not standing.fits or standing.crowding > _CROWDED
        return not fit_columns(block.table, _room(self._page, turned=False) / 20, (9.0,)).fits \
            and fit_columns(block.table, _room(self._page, turned=True) / 20, (8.0,)).fits

    def _turn(self, turned: bool) -> None:
        """Begin a page that lies on its side, or one that stands again."""
        if turned == self._turned:
            return
        self._end_section(turned=self._turned)
        self._turned = turned
        self._new_page = False

    def _end_section(self, *, turned: bool) -> None:
        section = section_like(self._page, turned=turned, first=self._first)
        self._first = False
        last = self._body[-1] if self._before is None else self._before.getprevious()
        if last is None or last.tag != tag("w:p") or last.find(
            f"{tag('w:pPr')}/{tag('w:sectPr')}"
        ) is not None:
            last = self.paragraph("", "SXSH Gap", placed=False)._p
            self.place(last)
        last.get_or_add_pPr().append(section)
        _drop_title(self._page)


def _page_of(document: Any) -> Any:
    """Return the last section of a document; A4 where a template does not say."""
    page = document.element.body.get_or_add_sectPr()
    if page.find(tag("w:pgSz")) is None:
        page.insert(0, made("w:pgSz", w=11906, h=16838))
    if page.find(tag("w:pgMar")) is None:
        page.find(tag("w:pgSz")).addnext(made(
            "w:pgMar", top=1134, right=1134, bottom=1134, left=1701, header=567, footer=567,
            gutter=0))  # fmt: skip
    return page


def section_like(page: Any, *, turned: bool, first: bool) -> Any:
    """Return the properties of a section with the headers and margins of `page`."""
    section = copy.deepcopy(page)
    for kind in section.findall(tag("w:type")):
        section.remove(kind)
    if not first:
        _drop_title(section)
    if turned:
        size, margins = section.find(tag("w:pgSz")), section.find(tag("w:pgMar"))
        width, height = attribute(size, "w"), attribute(size, "h")
        size.set(tag("w:w"), str(height))
        size.set(tag("w:h"), str(width))
        size.set(tag("w:orient"), "landscape")
        around = {side: margins.get(tag(f"w:{side}")) for side in ("top", "right", "bottom",
                                                                   "left")}  # fmt: skip
        for side, old in (("top", "left"), ("right", "top"), ("bottom", "right"),
                          ("left", "bottom")):  # fmt: skip
            margins.set(tag(f"w:{side}"), around[old])
    return section


def _drop_title(section: Any) -> None:
    """Take away a first page of its own, which only the first section has."""
    for title in section.findall(tag("w:titlePg")):
        section.remove(title)


def _room(page: Any, *, turned: bool) -> int:
    size, margins = page.find(tag("w:pgSz")), page.find(tag("w:pgMar"))
    if turned:
        return attribute(size, "h") - attribute(margins, "top") - attribute(margins, "bottom")
    return (attribute(size, "w") - attribute(margins, "left") - attribute(margins, "right")
            - attribute(margins, "gutter"))  # fmt: skip


def _height(page: Any) -> int:
    return _room(page, turned=True)


def _heads_are_numbered(document: Any) -> bool:
    """Whether a department's template numbers its chapters by itself."""
    key = style_id(document, "heading 1")
    style = next((one for one in document.styles.element.style_lst
                  if one.get(tag("w:styleId")) == key), None)  # fmt: skip
    return style is not None and style.find(f"{tag('w:pPr')}/{tag('w:numPr')}") is not None
