"""A table in a terminal, also on consoles that know neither box lines nor Vietnamese letters."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING

from sxsh_audit.language.text import composed, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from sxsh_audit.display.table import Column, Table

__all__ = ["encodable", "print_table", "to_text"]

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
LONGEST_WORD = 24  # [cells]; longer ones may be broken
FAIR = 16  # [cells] that a column of words gets before any column gets more
_PLAIN = {
    "đ": "d", "Đ": "D", "−": "-", "–": "-", "—": "-", "…": "...", "≥": ">=", "≤": "<=",
    "∞": "inf", "→": "->", "×": "x", "·": "-", "₫": "d", "«": '"', "»": '"', "“": '"', "”": '"',
    "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "²": "2", "³": "3",
    "₂": "2", "±": "+/-",
}


PIPE_WIDTH = 100
"""Width that a table may take where nobody says how wide the window is [letters]."""


def _can(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _nearest(letter: str, encoding: str) -> str:
    """Return the nearest to `letter` that `encoding` has."""
    parts = unicodedata.normalize("NFD", letter)
    # Windows-1258 has no ệ but has ê and the tone mark: the tone goes last.
    tones = "".join(part for part in parts if part in _TONES)
    base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    plain = _PLAIN.get(letter, _PLAIN.get(bare, bare))
    for candidate in (base + tones, plain):
        if candidate and _can(candidate, encoding):
            return candidate
    return "?"


def encodable(text: str, encoding: str) -> str:
    r"""Return `text` in letters that `encoding` has, as near to the original as it allows.

    Parameters
    ----------
    text : str
        Any text. What cannot be seen, line ends apart, becomes an escape such as ``\x1b``.
    encoding : str
        Encoding of the stream the text goes to.

    Returns
    -------
    str
        The text itself (NFC) where the encoding has all of it; else Vietnamese letters lose
        their marks, and what is left over becomes ``?``.

    Examples
    --------
    >>> encodable("Điện: ≥ 5 %", "cp437"), encodable("Điện", "utf-8")
    ('Dien: ≥ 5 %', 'Điện')
    """
    text = visible(composed(text), lines=True)
    if _can(text, encoding):
        return text
    return "".join(c if _can(c, encoding) else _nearest(c, encoding) for c in text)


def _widest(texts: list[str], *, words: bool) -> int:
    """Return the width [cells] of the longest line, or of the longest word up to a limit."""
    from rich.cells import cell_len

    pieces = [piece for text in texts for piece in (text.split() if words else text.split("\n"))]
    widest = max((cell_len(piece) for piece in pieces), default=1)
    return min(widest, LONGEST_WORD) if words else widest


def _share(least: list[int], most: list[int], room: int) -> list[int]:
    """Give each column its least, then the rest so that as many as possible get their most."""
    widths = list(least)
    by_need = sorted(range(len(least)), key=lambda place: most[place] - least[place])
    spare = room - sum(least)
    for done, place in enumerate(by_need):
        given = max(min(most[place] - least[place], spare // (len(by_need) - done)), 0)
        widths[place] += given
        spare -= given
    return widths


def _widths(table: Table, encoding: str, room: int) -> tuple[list[int], int]:
    """Return the width of each column [cells] and the least that the table needs."""
    least, fair, most = [], [], []
    for place, column in enumerate(table.columns):
        heading = [encodable(column.heading, encoding)]
        cells = [encodable(row[place], encoding) for row in table.rows]
        least.append(max(_widest(heading, words=True),
                         _widest(cells, words=column.kind != "number")))
        most.append(max(_widest(heading + cells, words=False), least[-1]))
        words = column.kind != "number"
        fair.append(max(min(FAIR, most[-1]), least[-1]) if words else least[-1])
    lines = 3 * len(least) + 1  # a space at both sides of each cell, and the lines between
    needed = sum(least) + lines
    room = max(room, needed) - lines
    return _share(_share(least, fair, room), most, room), needed


def _rich_table(table: Table, encoding: str, widths: list[int]) -> RichTable:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(
        title=Text(encodable(table.title, encoding)) if table.title else None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD if _can("─━│┃", encoding) else box.ASCII2,
        safe_box=False,
    )
    # exact widths: rich's own way of shrinking columns takes from figures too
    for column, wide in zip(table.columns, widths, strict=True):
        heading = Text(encodable(column.heading, encoding))
        drawn.add_column(heading, justify=column.align, overflow="fold", width=wide)
    for row in table.rows:
        drawn.add_row(*(Text(encodable(cell, encoding)) for cell in row))
    return drawn


def _print_stacked(table: Table, console: Console, encoding: str) -> None:
    """Print one line per cell, for a window that is too narrow for the columns."""
    from rich.text import Text

    def line(column: Column, cell: str) -> Text:
        return Text.assemble(
            (encodable(column.heading, encoding) + ": ", "bold"), encodable(cell, encoding)
        )

    if table.title:
        console.print(Text(encodable(table.title, encoding), style="bold"), overflow="fold")
    for row in table.rows:
        console.print()
        for column, cell in zip(table.columns, row, strict=True):
            console.print(line(column, cell), overflow="fold")
    console.print()


def print_table(table: Table, console: Console | None = None) -> None:
    """Print `table`; no cell is ever cut, and no letter ever stops the printing.

    Parameters
    ----------
    table : Table
        The table.
    console : rich.console.Console, optional
        Where to; by default standard output.

    Notes
    -----
    Long text wraps; figures stay whole. In a window too narrow for that, each row is printed
    as a list; in a pipe, which has no width, the lines become as long as they must. A stream
    whose encoding lacks box lines gets ASCII ones, and one that lacks Vietnamese letters gets
    them without marks.
    """
    from rich.console import Console as RichConsole
    from rich.text import Text

    if console is None:
        console = RichConsole()
        if not console.is_terminal:
            # rich takes 80 for a pipe, in which a table of figures is all wrapping
            console = RichConsole(width=max(console.width, PIPE_WIDTH))
    encoding = console.encoding
    widths, needed = _widths(table, encoding, console.width)
    if needed > console.width and console.is_terminal:
        _print_stacked(table, console, encoding)
    else:
        drawn = _rich_table(table, encoding, widths)
        drawn.width = sum(widths) + 3 * len(widths) + 1
        console.print(drawn, crop=False)
    for note in table.notes:
        console.print(Text(encodable(note, encoding)), overflow="fold")
    if table.notes:
        console.print()


def to_text(table: Table, width: int = 100) -> str:
    """Write `table` as plain text, `width` letters wide, as a pipe would get it.

    Examples
    --------
    >>> from sxsh_audit.display.table import Column, Table
    >>> print(to_text(Table("", (Column("a", "Điện"),), (("8,3 %",),))).split()[-2:])
    ['8,3', '%']
    """
    from rich.console import Console as RichConsole

    stream = io.StringIO()
    # In a notebook rich would show the table there and leave the text empty.
    console = RichConsole(file=stream, width=width, force_terminal=False, force_jupyter=False)
    print_table(table, console)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())
