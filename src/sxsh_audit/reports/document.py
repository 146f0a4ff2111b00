"""A neutral, immutable document: what it says, not how it is printed.

Content makes a :class:`Document`, renderers (Word, HTML, PDF, slides) print it. Both meet here
and nowhere else: a chapter knows no file format, a renderer knows no assessment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Block", "Bullets", "Contents", "Document", "Facts", "Figure", "Heading", "Numbered",
    "PageBreak", "Paragraph", "Signatures", "TableBlock", "numbered",
]  # fmt: skip

Tone = Literal["body", "lead", "note", "missing"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Parameters
    ----------
    level : int
        1 for a chapter, 2 and 3 below it.
    text : str
        Its words, without a number.
    key : str
        Name of its own for links and templates, of ASCII letters, digits and dashes.
    appendix : bool
        Whether it is numbered by letters: Phụ lục A.
    counted : bool
        Whether it has a number at all; a summary has none, so that chapter 1 is the
        introduction as the ministry's outline has it.
    """

    level: int
    text: str
    key: str = ""
    appendix: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text.

    Parameters
    ----------
    text : str
        Its sentences.
    tone : {"body", "lead", "note", "missing"}
        ``lead`` says what matters most in a chapter, ``note`` is small print, ``missing`` names
        what the study does not hold.
    """

    text: str
    tone: Tone = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts, with dots or with numbers."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values: name of the plant, address, period."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A numbered table.

    Parameters
    ----------
    table : Table
        Its cells are text as it will be read; its title is the caption.
    wide : bool
        Whether it needs the page turned.
    """

    table: Table
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A numbered chart.

    Parameters
    ----------
    key : str
        Name of its own, of ASCII letters, digits, dashes and underscores.
    caption : str
        What it shows.
    draw : callable
        Draws it and returns its Axes; called once by a renderer that prints it.
    alt : str
        What it says, for people who do not see it.
    """

    key: str
    caption: str
    draw: Callable[[], Axes] = field(compare=False)
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, side by side: role above, room, name below."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Here stands the table of contents."""


Block = (
    Heading | Paragraph | Bullets | Facts | TableBlock | Figure | Signatures | PageBreak | Contents
)


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Parameters
    ----------
    kind : str
        ``report``, ``slides``, ``acceptance``, ``minutes`` or ``yearly``.
    title, subtitle : str
        What stands on its first page.
    language : {"vi", "en"}
        Its language.
    blocks : tuple of Block
        What it says, from the first page to the last.
    about : mapping of str to str
        Where it comes from, label by label: version, hashes of the files, factor set, seed, date
        of the report. Nothing in it depends on when or where the document is made.
    """

    kind: str
    title: str
    subtitle: str
    language: Language
    blocks: tuple[Block, ...]
    about: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: type[Any]) -> Iterator[Any]:
        """Yield the blocks of one kind."""
        return (block for block in self.blocks if isinstance(block, kind))


class Numbered(NamedTuple):
    """A block with its number as it is printed: ``2.1``, ``Bảng 3``; empty for most blocks."""

    block: Block
    number: str


def numbered(document: Document) -> tuple[Numbered, ...]:
    """Return the blocks with their numbers, the same in every renderer.

    Parameters
    ----------
    document : Document
        What to number.

    Returns
    -------
    tuple of Numbered
        Headings by chapter (``2``, ``2.1``; appendices ``A``, ``A.1``), tables and figures
        through the whole document.

    Examples
    --------
    >>> blocks = (Heading(1, "Giới thiệu"), Heading(2, "Doanh nghiệp"), Facts((("Tên", "A"),)),
    ...           Heading(1, "Số liệu", appendix=True))
    >>> [one.number for one in numbered(Document("report", "", "", "vi", blocks))]
    ['1', '1.1', '', 'A']
    """
    counts = [0, 0, 0]
    letters, tables, figures = 0, 0, 0
    appendix = False
    found = []
    for block in document.blocks:
        number = ""
        if isinstance(block, Heading) and block.counted:
            place = block.level - 1
            if place == 0 and block.appendix != appendix:
                appendix, counts = block.appendix, [0, 0, 0]
            counts[place] += 1
            counts[place + 1 :] = [0] * (2 - place)
            letters = counts[0]
            first = chr(ord("A") + letters - 1) if appendix else str(letters)
            number = ".".join([first, *(str(one) for one in counts[1 : place + 1])])
        elif isinstance(block, TableBlock):
            tables += 1
            number = sentence("report.table_number", document.language, number=tables)
        elif isinstance(block, Figure):
            figures += 1
            number = sentence("report.figure_number", document.language, number=figures)
        found.append(Numbered(block, number))
    return tuple(found)
