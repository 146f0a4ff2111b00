"""A table as HTML: self-contained, for notebooks, reports and print, in light and dark themes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sxsh_audit.language.text import visible

if TYPE_CHECKING:
    from sxsh_audit.display.table import Table

__all__ = ["STYLE", "to_html"]

# Colours are inherited or half-transparent, so that one sheet suits white paper, Jupyter and a
# dark editor; Jupyter's own zebra stripes and right alignment are undone by name.
STYLE = """\
.sxsh-table{margin:.8em 0;overflow-x:auto;color:inherit;font-size:1em;line-height:1.4}
.sxsh-table table{border-collapse:collapse;border:0;background:transparent;color:inherit;\
margin:0}
.sxsh-table caption{caption-side:top;text-align:left;font-weight:bold;padding:.2em 0 .5em;\
color:inherit}
.sxsh-table tr,.sxsh-table tbody tr:nth-child(odd),.sxsh-table tbody tr:nth-child(even)\
{background:transparent}
.sxsh-table tbody tr:hover{background:rgba(128,128,128,.15)}
.sxsh-table th,.sxsh-table td{padding:.35em .8em;border:0;\
border-bottom:1px solid rgba(128,128,128,.35);vertical-align:top;text-align:left;color:inherit;\
white-space:normal;max-width:34em}
.sxsh-table thead th{border-bottom:2px solid rgba(128,128,128,.8);font-weight:bold;\
vertical-align:bottom}
.sxsh-table .right{text-align:right}
.sxsh-table .center{text-align:center}
.sxsh-table td.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.sxsh-table p{margin:.4em 0 0;font-size:.92em;max-width:60em}
@media print{.sxsh-table{overflow:visible}.sxsh-table thead{display:table-header-group}\
.sxsh-table tr{break-inside:avoid}}"""


def _text(text: str) -> str:
    return escape(visible(text, lines=True)).replace("\n", "<br>")


def to_html(table: Table, *, language: str = "", style: bool = True) -> str:
    """Write `table` as a piece of HTML.

    Parameters
    ----------
    table : Table
        The table.
    language : str, optional
        Language of the text for screen readers, such as ``vi``.
    style : bool
        Whether the style sheet goes with it; a page with many tables needs :data:`STYLE` once.

    Returns
    -------
    str
        A ``div`` of class ``sxsh-table``. Every text is escaped.

    Examples
    --------
    >>> from sxsh_audit.display.table import Column, Table
    >>> html = to_html(Table("", (Column("a", "A"),), (("<b>",),)), style=False)
    >>> "&lt;b&gt;" in html
    True
    """
    marks = [
        " ".join(word for word in (column.align, column.kind) if word not in ("left", "text"))
        for column in table.columns
    ]
    classes = [f' class="{mark}"' if mark else "" for mark in marks]
    lang = f' lang="{escape(language)}"' if language else ""
    lines = [f'<div class="sxsh-table"{lang}>']
    if style:
        lines.append(f"<style>\n{STYLE}\n</style>")
    lines.append("<table>")
    if table.title:
        lines.append(f"<caption>{_text(table.title)}</caption>")
    heads = "".join(
        f'<th scope="col"{mark}>{_text(column.heading)}</th>'
        for column, mark in zip(table.columns, classes, strict=True)
    )
    lines.append(f"<thead><tr>{heads}</tr></thead>")
    lines.append("<tbody>")
    for row in table.rows:
        cells = "".join(
            f"<td{mark}>{_text(cell)}</td>" for cell, mark in zip(row, classes, strict=True)
        )
        lines.append(f"<tr>{cells}</tr>")
    lines += ["</tbody>", "</table>"]
    lines += [f"<p>{_text(note)}</p>" for note in table.notes]
    lines.append("</div>")
    return "\n".join(lines)
