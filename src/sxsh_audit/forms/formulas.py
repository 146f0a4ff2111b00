"""Excel formulas put together from parts, in functions that every spreadsheet has.

A formula here is a text without its equals sign. Only functions that Excel 2010, LibreOffice
and Google Sheets share are used.
"""

from __future__ import annotations

__all__ = [
    "NOTHING",
    "UNREAD",
    "all_of",
    "any_of",
    "blank",
    "exactly",
    "is_number",
    "not_blank",
    "safe",
    "text",
    "trimmed",
    "when",
]  # fmt: skip

NOTHING = '""'
UNREAD = '"?"'
"""What stands where a figure is there and cannot be worked out; it is never 0."""


def text(words: str) -> str:
    """Return a text as a formula writes it.

    Examples
    --------
    >>> text('5" pipe')
    '"5"" pipe"'
    """
    doubled = words.replace('"', '""')
    return f'"{doubled}"'


def when(test: str, then: str, otherwise: str = NOTHING) -> str:
    """Return a choice between two formulas."""
    return f"IF({test},{then},{otherwise})"


def safe(formula: str, otherwise: str = UNREAD) -> str:
    """Return a formula whose errors are replaced."""
    return f"IFERROR({formula},{otherwise})"


def all_of(*tests: str) -> str:
    """Return whether every test holds."""
    return f"AND({','.join(tests)})"


def any_of(*tests: str) -> str:
    """Return whether a test holds."""
    return f"OR({','.join(tests)})"


def is_number(cell: str) -> str:
    """Return whether a cell holds a number."""
    return f"ISNUMBER({cell})"


def exactly(area: str, cell: str) -> str:
    """Return how many cells of an area are the same text, letter by letter.

    COUNTIF and MATCH take «a» for «A», and * and ? for any letters.
    """
    return f"SUMPRODUCT(--EXACT({area},{cell}))"


def blank(cell: str) -> str:
    """Return whether a cell is empty; an INDEX of an empty cell is the number 0."""
    return f'{cell}&""=""'


def not_blank(cell: str) -> str:
    """Return whether a cell holds anything."""
    return f'{cell}&""<>""'


def trimmed(cell: str) -> str:
    """Return a cell as a text without spaces around it."""
    return f'TRIM({cell}&"")'
