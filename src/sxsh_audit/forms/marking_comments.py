"""Comments of a sheet: their texts, and the drawing that shows them as boxes.

A comment is stored twice: its text in the part of comments, its box in a VML drawing. Excel
repairs a workbook in which the two do not agree, or in which two shapes share an id.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sxsh_audit.findings import Severity
from sxsh_audit.forms.marking_cells import Cell, address, cell_of
from sxsh_audit.forms.marking_survey import Survey
from sxsh_audit.forms.marking_xml import Edits, Node, NotXml, XmlPart, escaped, tree

__all__ = ["AUTHOR", "CellMark", "box_size", "drawing_blocks", "empty_comments", "empty_drawing",
           "with_boxes", "with_comments"]  # fmt: skip

AUTHOR = "sxsh-audit"
FIRST_SHAPE = 1024
"""Shapes of a drawing are numbered from here times the number of its block, a thousand each."""

VML = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
MAIN = {False: "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        True: "http://purl.oclc.org/ooxml/spreadsheetml/main"}  # fmt: skip

LINE_LETTERS, LINE_PIXELS = 46, 16
BOX_WIDTH, MOST_HEIGHT = 320, 640


@dataclass(frozen=True, slots=True)
class CellMark:
    """What is told at one cell: its most serious level, and paragraphs, each with a bold head."""

    severity: Severity
    paragraphs: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n\n".join(f"{head} {rest}".strip() for head, rest in self.paragraphs)


def box_size(text: str) -> tuple[int, int]:
    """Width and height in pixels of a box in which a text can be read whole.

    Examples
    --------
    >>> box_size("Lỗi: số phải ≥ 0."), box_size("a" * 460)[1]
    ((320, 50), 210)
    """
    lines = sum(1 + len(line) // LINE_LETTERS for line in text.split("\n"))
    return BOX_WIDTH, min(MOST_HEIGHT, max(2, lines + 1) * LINE_PIXELS + 18)


# -- texts --------------------------------------------------------------------------------------


def empty_comments(*, strict: bool) -> XmlPart:
    """Return a part of comments without any."""
    return XmlPart(
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<comments xmlns="{MAIN[strict]}"><authors></authors>'
        "<commentList></commentList></comments>".encode()
    )


def with_comments(
    data: bytes, marks: Mapping[Cell, CellMark], heading: str
) -> tuple[bytes, dict[Cell, int]]:
    """Return a part of comments with ours in it.

    Parameters
    ----------
    data : bytes
        The part as UTF-8.
    marks : mapping of (int, int) to CellMark
        What is to be told, by cell.
    heading : str
        Line that names what follows as ours, below another's comment.

    Returns
    -------
    bytes, dict of (int, int) to int
        The part; and by cell that had a comment before, how much higher its box must be.
    """
    root = tree(data)
    authors, listed = root.first("authors"), root.first("commentList")
    if authors is None or listed is None:
        raise NotXml("comments")
    p, edits = root.prefix, Edits()
    names = [html.unescape(data[node.inner : node.close].decode("utf-8"))
             if not node.empty else "" for node in authors.all("author")]  # fmt: skip
    if AUTHOR not in names:
        edits.append(authors, f"<{p}author>{AUTHOR}</{p}author>".encode())
        names.append(AUTHOR)
    author = names.index(AUTHOR)
    there: dict[Cell, Node] = {}
    for node in listed.all("comment"):
        cell = cell_of(node.attributes.get("ref", ""))
        if cell:
            there.setdefault(cell, node)
    higher: dict[Cell, int] = {}
    new: list[bytes] = []
    for cell, mark in sorted(marks.items()):
        if cell in there:
            told = _plain_text(there[cell])
            left = tuple(part for part in mark.paragraphs if " ".join(part).strip() not in told)
            higher[cell] = 0
            if left:  # else a copy of a copy, which tells it already
                more = CellMark(mark.severity, left)
                _append(there[cell], more, heading, p, edits)
                higher[cell] = box_size(more.text)[1]
            continue
        runs = _runs(mark, p)
        new.append(f'<{p}comment ref="{address(cell)}" authorId="{author}"><{p}text>'.encode()
                   + runs + f"</{p}text></{p}comment>".encode())  # fmt: skip
    if new:
        edits.append(listed, b"".join(new))
    return edits.made(data), higher


def _runs(mark: CellMark, prefix: str, before: str = "") -> bytes:
    """Return a comment's text as runs: the head of each paragraph bold."""
    parts = []
    for i, (head, rest) in enumerate(mark.paragraphs):
        space = before if i == 0 else "\n\n"
        parts.append(_run(space + head, prefix, bold=True))
        if rest:
            parts.append(_run(f" {rest}", prefix))
    return b"".join(parts)


def _run(text: str, p: str, *, bold: bool = False) -> bytes:
    look = (f"<{p}rPr>{f'<{p}b/>' if bold else ''}<{p}sz val=\"9\"/><{p}color indexed=\"81\"/>"
            f'<{p}rFont val="Tahoma"/><{p}family val="2"/></{p}rPr>')  # fmt: skip
    # In a workbook «_x0041_» stands for a letter, so the line before it must be spelled out.
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return (f'<{p}r>{look}<{p}t xml:space="preserve">'.encode() + escaped(text)
            + f"</{p}t></{p}r>".encode())  # fmt: skip


def _append(node: Node, mark: CellMark, heading: str, p: str, edits: Edits) -> None:
    """Put ours below the text of a comment that is there; what was typed stays as it is."""
    text = node.first("text")
    runs = _run(f"\n\n{heading}\n", p, bold=True) + _runs(mark, p)
    if text is None:
        edits.append(node, f"<{p}text>".encode() + runs + f"</{p}text>".encode())
        return
    for plain in text.all("t"):
        # A text without runs becomes the first run: after a bare text no run may follow.
        edits.replace(plain.start, plain.start, f"<{p}r>".encode())
        edits.replace(plain.end, plain.end, f"</{p}r>".encode())
    after = next((child for child in text.children if child.name in ("rPh", "phoneticPr")), None)
    if after is None:
        edits.append(text, runs)
    else:
        edits.replace(after.start, after.start, runs)


def _plain_text(node: Node) -> str:
    if node.name == "t":
        return html.unescape(node.data[node.inner : node.close].decode()) if not node.empty else ""
    return "".join(map(_plain_text, node.children))


# -- boxes --------------------------------------------------------------------------------------


def empty_drawing() -> XmlPart:
    """Return a VML drawing without shapes."""
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in VML.items())
    return XmlPart(f"<xml {spaces}>\n</xml>".encode())


def drawing_blocks(data: bytes) -> set[int]:
    """Return the numbers of the blocks of shape ids that a drawing uses."""
    blocks = {int(number) // FIRST_SHAPE for number in re.findall(rb"_x0000_s(\d{1,9})", data)}
    for listed in re.findall(rb"""idmap\b[^>]*?\bdata\s*=\s*["']([\d,\s]*)["']""", data):
        blocks |= {int(number) for number in re.findall(rb"\d+", listed)}
    return blocks


def with_boxes(
    data: bytes, marks: Mapping[Cell, CellMark], known: Survey, block: int,
    higher: Mapping[Cell, int],
) -> bytes:  # fmt: skip
    """Return a VML drawing with a box for each of our comments.

    Parameters
    ----------
    data : bytes
        The drawing as UTF-8; that of another program may be no valid XML, so its bytes are
        not parsed, only added to.
    marks : mapping of (int, int) to CellMark
        Comments that have no box yet.
    known : Survey
        Widths and heights of the sheet.
    block : int
        First block of shape ids that no drawing of the workbook uses; more follow it.
    higher : mapping of (int, int) to int
        Pixels by which the box of another's comment must grow.
    """
    data = _grown(data, known, higher)
    if not marks:
        return data
    root = re.search(rb"<xml\b[^>]*>", data)
    close = data.rfind(b"</xml")
    if root is None or close < root.end():
        raise NotXml("vmlDrawing")
    prefixes, declared = {}, ""
    for usual, space in VML.items():
        named = re.search(rb'xmlns:([\w.-]+)\s*=\s*["\']' + re.escape(space.encode()), root[0])
        prefixes[usual] = named[1].decode() if named else usual
        if named is None:
            declared += f' xmlns:{usual}="{space}"'
    ids = [FIRST_SHAPE * block + 1 + i + i // (FIRST_SHAPE - 1) for i in range(len(marks))]
    blocks = sorted({number // FIRST_SHAPE for number in ids})
    boxes: list[str] = []
    for (cell, mark), number in zip(sorted(marks.items()), ids, strict=True):
        boxes.append(_box(cell, mark, number, len(boxes) + 1, known, prefixes, declared))
    head = ""
    if not re.search(rb"""<[\w.-]+:shapetype\b[^>]*\bid\s*=\s*["']_x0000_t202["']""", data):
        head = _shape_type(prefixes, declared)
    added = (head + "".join(boxes)).encode()
    return _with_blocks(data[:close] + added + data[close:], root.end(), blocks, prefixes, declared)


def _with_blocks(
    data: bytes, start: int, blocks: Sequence[int], prefixes: Mapping[str, str], declared: str
) -> bytes:
    """Say in the drawing which blocks of ids its shapes use."""
    listed = ",".join(map(str, blocks)).encode()
    found = re.search(rb"""(idmap\b[^>]*?\bdata\s*=\s*["'])([\d,\s]*)(["'])""", data)
    if found is not None:
        more = found[2] + b"," + listed if found[2].strip() else listed
        return data[: found.start(2)] + more + data[found.end(2) :]
    v, o = prefixes["v"], prefixes["o"]
    layout = (f'<{o}:shapelayout {v}:ext="edit"{declared}><{o}:idmap {v}:ext="edit" '
              f'data="{listed.decode()}"/></{o}:shapelayout>')  # fmt: skip
    return data[:start] + layout.encode() + data[start:]


def _shape_type(prefixes: Mapping[str, str], declared: str) -> str:
    v, o = prefixes["v"], prefixes["o"]
    return (f'<{v}:shapetype id="_x0000_t202" coordsize="21600,21600" {o}:spt="202" '
            f'path="m,l,21600r21600,l21600,xe"{declared}><{v}:stroke joinstyle="miter"/>'
            f'<{v}:path gradientshapeok="t" {o}:connecttype="rect"/></{v}:shapetype>')  # fmt: skip


def _box(
    cell: Cell, mark: CellMark, number: int, order: int, known: Survey,
    prefixes: Mapping[str, str], declared: str,
) -> str:  # fmt: skip
    v, o, x = (prefixes[key] for key in "vox")
    row, column = cell
    width, height = box_size(mark.text)
    beside = known.last_column(cell)
    left_column = beside + 1 if beside < 16_370 else column - 8
    top_row = max(1, row - 1)
    top = 10 if row > 1 else 2
    right, right_rest = _walked(left_column, 15 + width, known.column_pixels, 16_384)
    bottom, bottom_rest = _walked(top_row, top + height, known.row_pixels, 1_048_576)
    anchor = (left_column - 1, 15, top_row - 1, top, right - 1, right_rest, bottom - 1, bottom_rest)
    margin_left = sum(map(known.column_pixels, range(1, left_column))) + 15
    margin_top = known.pixels_above(top_row) + top
    style = (f"position:absolute;margin-left:{margin_left * 0.75:g}pt;"
             f"margin-top:{margin_top * 0.75:g}pt;width:{width * 0.75:g}pt;"
             f"height:{height * 0.75:g}pt;z-index:{order};visibility:hidden")  # fmt: skip
    return (
        f'<{v}:shape id="_x0000_s{number}" type="#_x0000_t202" style="{style}" '
        f'fillcolor="#ffffe1" {o}:insetmode="auto"{declared}><{v}:fill color2="#ffffe1"/>'
        f'<{v}:shadow on="t" color="black" obscured="t"/><{v}:path {o}:connecttype="none"/>'
        f'<{v}:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        f'</{v}:textbox><{x}:ClientData ObjectType="Note"><{x}:MoveWithCells/>'
        f"<{x}:SizeWithCells/><{x}:Anchor>{', '.join(map(str, anchor))}</{x}:Anchor>"
        f"<{x}:AutoFill>False</{x}:AutoFill><{x}:Row>{row - 1}</{x}:Row>"
        f"<{x}:Column>{column - 1}</{x}:Column></{x}:ClientData></{v}:shape>\n"
    )


def _walked(start: int, pixels: int, size: Callable[[int], int], last: int) -> tuple[int, int]:
    """Return the row or column that lies `pixels` behind the edge of `start`, and the rest."""
    at = start
    while at < last and pixels >= size(at):
        pixels -= size(at)
        at += 1
    return at, pixels


def _grown(data: bytes, known: Survey, higher: Mapping[Cell, int]) -> bytes:
    """Let the boxes of comments that we added to grow downwards."""
    if not higher:
        return data

    def shape(found: re.Match[bytes]) -> bytes:
        text = found[0]
        row = re.search(rb":Row>\s*(\d+)\s*<", text)
        column = re.search(rb":Column>\s*(\d+)\s*<", text)
        anchor = re.search(rb":Anchor>([\d,\s]+)<", text)
        if row is None or column is None or anchor is None:
            return text
        more = higher.get((int(row[1]) + 1, int(column[1]) + 1))
        numbers = [int(number) for number in re.findall(rb"\d+", anchor[1])]
        if more is None or len(numbers) != 8:
            return text
        left, at, right, to = numbers[0] + 1, numbers[1], numbers[4] + 1, numbers[5]
        width = sum(map(known.column_pixels, range(left, min(right, left + 200)))) + to - at
        more = int(more * max(1.0, BOX_WIDTH / max(width, 60)))  # a narrow box needs more lines
        below, rest = _walked(numbers[6] + 1, numbers[7] + more, known.row_pixels, 1_048_576)
        numbers[6:] = [below - 1, rest]
        new = ", ".join(map(str, numbers)).encode()
        return text[: anchor.start(1)] + new + text[anchor.end(1) :]

    return re.sub(rb"<[\w.-]+:ClientData\b.*?:ClientData>", shape, data, flags=re.DOTALL)
