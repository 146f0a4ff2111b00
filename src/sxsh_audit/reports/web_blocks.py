"""The blocks of a document as pieces of HTML; every text in them is escaped."""

from __future__ import annotations

import re
from html import escape

from sxsh_audit.display.table import Column
from sxsh_audit.language.text import composed, visible
from sxsh_audit.reports.document import Bullets, Facts, Paragraph, Signatures, TableBlock

__all__ = ["bullets", "facts", "paragraph", "plain", "signatures", "table"]

_SHORT = 24
"""Letters of a figure that is never broken over two lines."""

_RANGE = re.compile(r"\d{1,3}(?:[.,]\d+)?–\d{1,3}(?:[.,]\d+)?(?:\u00a0?%)?")
"""Two figures with a dash between them: a line must not end after the dash."""
_PERCENT = re.compile(r"(?<=\d) (?=%)")
"""The space of «8,3 %»: a line must not end there."""


def plain(text: str) -> str:
    r"""Return `text` for HTML: nothing in it is markup, and nothing in it is unseen.

    Examples
    --------
    >>> plain("mục tiêu 5–8 % & <b>")
    'mục tiêu <span class="whole">5–8\xa0%</span> &amp; &lt;b&gt;'
    """
    safe = _PERCENT.sub("\u00a0", escape(visible(composed(text), lines=True)))
    return _RANGE.sub(r'<span class="whole">\g<0></span>', safe)


def paragraph(block: Paragraph) -> str:
    """Return a paragraph; its tone is a class."""
    tone = "" if block.tone == "body" else f' class="{block.tone}"'
    return f"<p{tone}>{plain(block.text)}</p>"


def bullets(block: Bullets) -> str:
    """Return a list."""
    if not block.items:
        return ""
    tag = "ol" if block.ordered else "ul"
    items = "\n".join(f"<li>{plain(item)}</li>" for item in block.items)
    return f"<{tag}>\n{items}\n</{tag}>"


def facts(block: Facts) -> str:
    """Return labels with their values."""
    if not block.rows:
        return ""
    rows = "\n".join(
        f"<dt>{plain(label)}</dt><dd>{plain(value)}</dd>" for label, value in block.rows
    )
    return f'<dl class="facts">\n{rows}\n</dl>'


def table(block: TableBlock, caption: str, anchor: str) -> str:
    """Return a table with its caption and notes.

    What is wider than the screen is scrolled inside its frame, so the frame can be reached by
    the keyboard; the first cell of a row names it.
    """
    data = block.table
    wide = " wide" if block.wide else ""
    heads = "".join(_head(column) for column in data.columns)
    lines = [
        f'<div class="sheet{wide}" id="{anchor}" role="group" tabindex="0" '
        f'aria-labelledby="{anchor}-caption">',
        "<table>",
        f'<caption id="{anchor}-caption">{plain(caption)}</caption>',
        f"<thead><tr>{heads}</tr></thead>",
        "<tbody>",
    ]
    for row in data.rows:
        cells = [_cell(cell, column, first=place == 0)
                 for place, (cell, column) in enumerate(zip(row, data.columns, strict=True))]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    lines += [f"<p>{plain(note)}</p>" for note in data.notes]
    lines.append("</div>")
    return "\n".join(lines)


def _marks(column: Column, *more: str) -> str:
    marks = [mark for mark in (column.align, column.kind, *more) if mark not in ("left", "text")]
    return f' class="{" ".join(marks)}"' if marks else ""


def _head(column: Column) -> str:
    # A heading without words would be read aloud as a column without a name.
    tag, scope = ("th", ' scope="col"') if column.heading.strip() else ("td", "")
    return f"<{tag}{scope}{_marks(column)}>{plain(column.heading)}</{tag}>"


def _cell(text: str, column: Column, *, first: bool) -> str:
    if first and column.kind == "text" and text.strip():
        return f'<th scope="row"{_marks(column)}>{plain(text)}</th>'
    short = ("short",) if column.kind == "number" and len(text) <= _SHORT else ()
    return f"<td{_marks(column, *short)}>{plain(text)}</td>"


def signatures(block: Signatures, hint: str) -> str:
    """Return places to sign, side by side."""
    if not block.roles:
        return ""
    places = "\n".join(
        f"<li><strong>{plain(role)}</strong><span>{hint}</span></li>" for role in block.roles
    )
    return f'<ul class="signatures">\n{places}\n</ul>'
