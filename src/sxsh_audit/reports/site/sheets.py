"""Tables as pieces of a page: neutral tables by the renderer of the report, counts by groups."""

from __future__ import annotations

from dataclasses import replace

from sxsh_audit.display.table import Table
from sxsh_audit.reports.document import TableBlock
from sxsh_audit.reports.site.rendering import Html
from sxsh_audit.reports.web_blocks import table as table_html

__all__ = ["sheet"]


def sheet(table: Table, anchor: str) -> Html:
    """Return a table for a page; what is wider than the screen is scrolled inside its frame.

    Parameters
    ----------
    table : Table
        The table; its title is the caption.
    anchor : str
        Its name in the page.
    """
    notes = tuple(note[:1].upper() + note[1:] for note in table.notes)
    return Html(table_html(TableBlock(replace(table, notes=notes)), table.title, anchor))
