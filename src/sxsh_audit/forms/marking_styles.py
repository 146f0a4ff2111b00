"""The styles of a workbook with our fills added: a marked cell keeps all else of its look."""

from __future__ import annotations

import re

from sxsh_audit.findings import Severity
from sxsh_audit.forms.marking_xml import Edits, Node, XmlPart, number, tree, with_attributes

__all__ = ["FILLS", "TONES", "StyleBook"]

FILLS: dict[Severity, tuple[str, str, str]] = {
    "error": ("solid", "FFB3B3", "FFB3B3"),
    "warning": ("lightUp", "E0B000", "FFEB9C"),
    "note": ("solid", "DDEBF7", "DDEBF7"),
}
"""Pattern, colour of its lines, colour behind; the pattern tells them apart in a grey print."""

_DARK: dict[Severity, tuple[str, str, str]] = {
    "error": ("solid", "A61C1C", "A61C1C"),
    "warning": ("lightUp", "5E4700", "7F5F00"),
    "note": ("solid", "1F4E79", "1F4E79"),
}
TONES = {False: FILLS, True: _DARK}
"""Fills by whether the letters of the cell are light: white letters need a dark ground."""

EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<styleSheet xmlns="{space}"></styleSheet>'
)
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles",
          "dxfs", "tableStyles", "colors", "extLst")  # fmt: skip
_LEAST = {
    "fonts": '<{p}fonts count="1"><{p}font><{p}sz val="11"/><{p}name val="Calibri"/></{p}font>'
             "</{p}fonts>",
    "fills": '<{p}fills count="2"><{p}fill><{p}patternFill patternType="none"/></{p}fill>'
             '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill></{p}fills>',
    "borders": '<{p}borders count="1"><{p}border/></{p}borders>',
    "cellStyleXfs": '<{p}cellStyleXfs count="1"><{p}xf numFmtId="0" fontId="0" fillId="0" '
                    'borderId="0"/></{p}cellStyleXfs>',
    "cellXfs": '<{p}cellXfs count="1"><{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" '
               'xfId="0"/></{p}cellXfs>',
    "cellStyles": '<{p}cellStyles count="1"><{p}cellStyle name="Normal" xfId="0" builtinId="0"/>'
                  "</{p}cellStyles>",
}  # fmt: skip
"""What a workbook must have before a fill can be added to it."""

# Entries of the standard's table of indexed colours that are light.
_LIGHT_INDEXED = {1, 3, 5, 7, 9, 11, 13, 15, 26, 27, 31, 34, 35, 41, 42, 43, 44, 45, 46, 47, 51}
_LIGHT_THEME = (0, 2)
"""Theme colours of the ground, on which letters are written white."""


class StyleBook:
    """The styles part, and the styles of marked cells that were added to it.

    Parameters
    ----------
    part : XmlPart
        The part; it is changed by :meth:`finish` only.
    """

    def __init__(self, part: XmlPart) -> None:
        self._part = part
        self._complete()
        root = tree(part.data)
        self._fonts, self._fills, self._formats = (
            _known(root.first(name)) for name in ("fonts", "fills", "cellXfs"))
        self._prefix = root.prefix
        fonts = self._fonts.all("font")
        self._light = [_is_light(font) for font in fonts]
        self._cell_formats = self._formats.all("xf")
        self._fill_count = len(self._fills.all("fill"))
        self._new_fills: dict[tuple[Severity, bool], int] = {}
        self._new_formats: dict[tuple[int, Severity], int] = {}
        self._texts: list[bytes] = []

    def _complete(self) -> None:
        """Add the lists that a marked cell needs where the workbook has none."""
        for name, least in _LEAST.items():
            root = tree(self._part.data)
            there = root.first(name)
            if there is not None and there.children:
                continue
            text = least.format(p=root.prefix).encode()
            later = _ORDER[_ORDER.index(name) + 1 :]
            after = next((node for node in root.children if node.name in later), None)
            edits = Edits()
            if there is not None:
                edits.replace(there.start, there.end, text)
            elif after is None:
                edits.append(root, text)
            else:
                edits.replace(after.start, after.start, text)
            self._part.data = edits.made(self._part.data)

    def marked(self, style: int, severity: Severity) -> int:
        """Return the style that is `style` with the fill of `severity`."""
        if not 0 <= style < len(self._cell_formats):
            style = 0
        known = self._new_formats.get((style, severity))
        if known is not None:
            return known
        base = self._cell_formats[style]
        font = int(number(base.attributes.get("fontId"), 0))
        light = self._light[font] if 0 <= font < len(self._light) else False
        fill = self._new_fills.setdefault(
            (severity, light), self._fill_count + len(self._new_fills))
        tag = with_attributes(base.tag, {"fillId": str(fill), "applyFill": "1"})
        self._texts.append(tag + base.raw[len(base.tag) :])
        made = len(self._cell_formats) + len(self._new_formats)
        self._new_formats[style, severity] = made
        return made

    def finish(self) -> XmlPart:
        """Return the part with all that was added."""
        if self._texts:
            edits = Edits()
            fills = b"".join(self._fill(*key) for key in self._new_fills)
            for node, text, count in (
                (self._fills, fills, self._fill_count + len(self._new_fills)),
                (self._formats, b"".join(self._texts),
                 len(self._cell_formats) + len(self._texts)),
            ):  # fmt: skip
                edits.append(node, text)
                if "count" in node.attributes:
                    tag = with_attributes(node.tag, {"count": str(count)})
                    edits.replace(node.start, node.inner, tag)
            self._part.data = edits.made(self._part.data)
        return self._part

    def _fill(self, severity: Severity, light: bool) -> bytes:
        pattern, line, ground = TONES[light][severity]
        p = self._prefix
        behind = 'indexed="64"' if pattern == "solid" else f'rgb="FF{ground}"'
        return (f'<{p}fill><{p}patternFill patternType="{pattern}"><{p}fgColor rgb="FF{line}"/>'
                f"<{p}bgColor {behind}/></{p}patternFill></{p}fill>").encode()  # fmt: skip


def _known(node: Node | None) -> Node:
    if node is None:  # pragma: no cover - `_complete` has added it
        raise LookupError("styles")
    return node


def _is_light(font: Node) -> bool:
    """Whether letters of this font are written on a dark ground."""
    color = font.first("color")
    if color is None:
        return False
    told = color.attributes
    tint = number(told.get("tint"), 0.0)
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", told.get("rgb", "")):
        red, green, blue = (int(told["rgb"][-6:][i : i + 2], 16) / 255 for i in (0, 2, 4))
        return 0.299 * red + 0.587 * green + 0.114 * blue > 0.65
    if "theme" in told:
        return tint > -0.3 if number(told["theme"], -1) in _LIGHT_THEME else tint > 0.6
    return number(told.get("indexed"), -1) in _LIGHT_INDEXED
