"""What a Word document of ours looks like: page and styles after Decree 30/2020/NĐ-CP.

A4; margins of 20 mm above and below, 30 mm left, 20 mm right; Times New Roman 13; paragraphs
justified, their first line 10 mm in, 6 points apart; the page number in the middle of the top
margin, not on the first page (annex I of the decree).
"""

from __future__ import annotations

from typing import Any

from sxsh_audit.language.formatting import Language
from sxsh_audit.reports.word_xml import W, made, tag

__all__ = ["LOCALES", "TEXT_WIDTH", "add_styles", "dress", "style_id"]

LOCALES: dict[Language, str] = {"vi": "vi-VN", "en": "en-GB"}

TEXT_WIDTH = 9071
"""Between the margins: 160 mm [1/20 pt]."""

_KEPT = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
_FONT = (
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"'
    ' w:eastAsia="Times New Roman"/>'
)
_GREY = '<w:color w:val="404040"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(2 * points)}"/><w:szCs w:val="{round(2 * points)}"/>'


def _bold(points: float, more: str = "") -> str:
    return f"<w:b/><w:bCs/>{more}{_size(points)}"


def _spacing(before: int, after: int, line: int = 259) -> str:
    """Return spacing [pt] and the height of a line [1/240 of a line]."""
    return (f'<w:spacing w:before="{20 * before}" w:after="{20 * after}" w:line="{line}"'
            ' w:lineRule="auto"/>')  # fmt: skip


def _heading(level: int, points: float, before: int, more: str = "") -> tuple[str, str, str, str]:
    return (
        f"heading {level}", "Normal",
        f"<w:keepNext/><w:keepLines/>{_spacing(before, 6)}"
        f'<w:ind w:firstLine="0"/><w:jc w:val="left"/><w:outlineLvl w:val="{level - 1}"/>',
        _bold(points, more),
    )  # fmt: skip


_FLUSH = '<w:ind w:firstLine="0"/><w:jc w:val="left"/>'
_CENTRED = '<w:ind w:firstLine="0"/><w:jc w:val="center"/>'
_BAR = ('<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{color}"/></w:pBdr>')
_BESIDE = '<w:ind w:left="227" w:firstLine="0"/><w:jc w:val="left"/>'

# Name, the style it is based on, properties of the paragraph, properties of its letters; each
# in the order that the schema of Word asks for.
PARAGRAPHS: tuple[tuple[str, str, str, str], ...] = (
    ("Title", "Normal", _spacing(0, 12) + _CENTRED, _bold(20, "<w:caps/>")),
    ("Subtitle", "Normal", _spacing(0, 18) + _CENTRED, _bold(14)),
    _heading(1, 14, 24, "<w:caps/>"),
    _heading(2, 13, 14),
    _heading(3, 13, 10, "<w:i/><w:iCs/>"),
    ("caption", "Normal", _spacing(6, 6) + _CENTRED, _bold(12)),
    ("SXSH Figure", "Normal", f"<w:keepNext/>{_spacing(10, 4, 240)}{_CENTRED}", ""),
    ("TOC Heading", "Normal", f"<w:keepNext/>{_spacing(0, 12)}{_CENTRED}",
     _bold(14, "<w:caps/>")),
    ("toc 1", "Normal", '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9071"/></w:tabs>'
     + _spacing(4, 2, 240) + '<w:ind w:left="340" w:hanging="340"/><w:jc w:val="left"/>',
     "<w:b/><w:bCs/>"),
    ("toc 2", "Normal", '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9071"/></w:tabs>'
     + _spacing(0, 2, 240) + '<w:ind w:left="851" w:hanging="511"/><w:jc w:val="left"/>', ""),
    ("List Bullet", "Normal", _spacing(0, 4), ""),
    ("List Number", "Normal", _spacing(0, 4), ""),
    ("SXSH Lead", "Normal", _BAR.format(color="0072B2") + _spacing(4, 8) + _BESIDE, ""),
    ("SXSH Missing", "Normal", _BAR.format(color="A6A6A6") + _spacing(4, 8) + _BESIDE,
     f"<w:i/><w:iCs/>{_GREY}"),
    ("SXSH Note", "Normal", _spacing(0, 6, 240) + _FLUSH, _GREY + _size(11)),
    ("SXSH Table Text", "Normal", _spacing(2, 2, 240) + _FLUSH, _size(11)),
    ("SXSH Table Heading", "SXSH Table Text", "<w:keepNext/>" + _CENTRED, "<w:b/><w:bCs/>"),
    ("SXSH Table Note", "Normal", _spacing(3, 3, 240) + _FLUSH, f"<w:i/><w:iCs/>{_size(11)}"),
    ("SXSH Facts Label", "Normal", _spacing(3, 3, 240) + _FLUSH, _GREY),
    ("SXSH Facts", "Normal", _spacing(3, 3, 240) + _FLUSH, ""),
    ("SXSH Signature", "Normal", f"<w:keepNext/>{_spacing(0, 0, 240)}{_CENTRED}", ""),
    ("SXSH Origin", "Normal", _spacing(0, 2, 240) + _FLUSH, _GREY + _size(9)),
    ("SXSH Gap", "Normal", '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
     + _FLUSH, _size(1)),
    ("header", "Normal", _spacing(0, 0, 240) + _CENTRED, ""),
    ("footer", "Normal", _spacing(0, 0, 240) + _CENTRED, _GREY + _size(9)),
)  # fmt: skip

_LINE = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{color}"/>'
_MARGINS = ('<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
            '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
            "</w:tblCellMar>")  # fmt: skip


def _borders(sides: tuple[str, ...], color: str) -> str:
    lines = "".join(_LINE.format(side=side, color=color) for side in sides)
    return f"<w:tblBorders>{lines}</w:tblBorders>"


_EVERY_SIDE = ("top", "left", "bottom", "right", "insideH", "insideV")
TABLES: tuple[tuple[str, str, str], ...] = (
    ("SXSH Table", _borders(_EVERY_SIDE, "7F7F7F") + _MARGINS,
     '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto"'
     ' w:fill="E7EEF4"/></w:tcPr></w:tblStylePr>'),
    ("SXSH Facts Table", _borders(("top", "bottom", "insideH"), "BFBFBF") + _MARGINS, ""),
    ("SXSH Plain Table", _MARGINS, ""),
)  # fmt: skip

_SHOWN = {"Title", "Subtitle", "heading 1", "heading 2", "heading 3", "caption", "List Bullet",
          "List Number"}  # fmt: skip


def _paragraph_style(name: str, based: str, block: str, letters: str) -> str:
    after = "" if name.startswith(("SXSH", "toc", "List", "header", "footer")) else (
        '<w:next w:val="Normal"/>')  # fmt: skip
    quick = "<w:qFormat/>" if name in _SHOWN or name.startswith("SXSH") else ""
    return (
        f'<w:style xmlns:w="{W}" w:type="paragraph" w:styleId="{_new_id(name)}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{_new_id(based)}"/>{after}{quick}'
        f"<w:pPr>{block}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _table_style(name: str, table: str, parts: str) -> str:
    return (
        f'<w:style xmlns:w="{W}" w:type="table" w:styleId="{_new_id(name)}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr>{table}</w:tblPr>{parts}</w:style>"
    )


def _new_id(name: str) -> str:
    if name == "Normal":
        return name
    return "".join(word[:1].upper() + word[1:] for word in name.split())


def style_id(document: Any, name: str) -> str:
    """Return the key of a style by its name, which is the same in every language of Word."""
    for style in document.styles.element.style_lst:
        found = style.find(tag("w:name"))
        if found is not None and found.get(tag("w:val"), "").casefold() == name.casefold():
            return str(style.get(tag("w:styleId")))
    return _new_id(name)


def add_styles(document: Any) -> None:
    """Add our styles where a document has none of that name; its own ones stay as they are."""
    from docx.oxml import parse_xml

    styles = document.styles.element
    there = {style.find(tag("w:name")).get(tag("w:val"), "").casefold()
             for style in styles.style_lst if style.find(tag("w:name")) is not None}  # fmt: skip
    normal = style_id(document, "Normal")
    wanted = [(one[0], _paragraph_style(*one)) for one in PARAGRAPHS]
    wanted += [(one[0], _table_style(*one)) for one in TABLES]
    for name, text in wanted:
        if name.casefold() not in there:
            style = parse_xml(text)
            based = style.find(tag("w:basedOn"))
            if based.get(tag("w:val")) == "Normal":
                based.set(tag("w:val"), normal)
            if not document.styles.element.xpath('w:style[@w:styleId="TableNormal"]') and (
                based.get(tag("w:val")) == "TableNormal"
            ):
                style.remove(based)
            styles.append(style)


def dress(document: Any, language: Language) -> None:
    """Give a new document its language, styles and page."""
    from docx.oxml import parse_xml

    styles = document.styles.element
    for style in styles.style_lst:
        if style.get(tag("w:styleId")) not in _KEPT:
            styles.remove(style)
    locale = LOCALES[language]
    defaults = parse_xml(
        f'<w:docDefaults xmlns:w="{W}"><w:rPrDefault><w:rPr>{_FONT}{_size(13)}'
        f'<w:lang w:val="{locale}" w:eastAsia="{locale}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    styles.replace(styles.find(tag("w:docDefaults")), defaults)
    normal = document.styles["Normal"].element
    for old in (normal.find(tag("w:pPr")), normal.find(tag("w:rPr"))):
        if old is not None:
            normal.remove(old)
    normal.append(parse_xml(
        f'<w:pPr xmlns:w="{W}"><w:widowControl/>{_spacing(0, 6)}<w:ind w:firstLine="567"/>'
        '<w:jc w:val="both"/></w:pPr>'))  # fmt: skip
    add_styles(document)
    _set_page(document)
    settings = document.settings.element
    theme = settings.find(tag("w:themeFontLang"))
    if theme is not None:
        theme.set(tag("w:val"), locale)
    # Word of the last ten years, without the notice of a compatibility mode.
    for one in settings.iter(tag("w:compatSetting")):
        if one.get(tag("w:name")) == "compatibilityMode":
            one.set(tag("w:val"), "15")
    zoom = settings.find(tag("w:zoom"))
    if zoom is not None:
        settings.replace(zoom, made("w:zoom", percent=100))


def _set_page(document: Any) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = section.footer_distance = Mm(10)
    section.gutter = 0
