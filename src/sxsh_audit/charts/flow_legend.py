"""What is named beside a flow sheet: its looks above it, numbers and letters under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sxsh_audit.charts.flow_slots import Layout
from sxsh_audit.charts.flow_strands import LOOKS, Strand
from sxsh_audit.charts.lettering import INK, LINE, SMALL, lines_in, tidy, width, wrap
from sxsh_audit.charts.looks import Looks, lay_looks
from sxsh_audit.charts.paper import Sheet
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

__all__ = ["Key", "key_of_flows", "looks_of", "put_key", "put_numbers"]

OVER = 16.0  # [pt] between the picture and the list
MARK = 34.0  # [pt] for a number or a letter
APART = 14.0  # [pt] between two columns of the list
ENTRY_LINES = 2
DISC = 17.0  # [pt]


@dataclass(frozen=True, slots=True)
class Key:
    """A list under the picture.

    Parameters
    ----------
    columns : sequence of sequence of tuple
        By column, from top to bottom: number or letter, text (already wrapped), and the strand
        of a number.
    room : float
        Width of a column [pt].
    height : float
        Height of the list with the white over it [pt]; 0 where there is none.
    """

    columns: Sequence[Sequence[tuple[str, str, Strand | None]]] = ()
    room: float = 0.0
    height: float = 0.0


def _tall(text: str) -> float:
    return lines_in(text) * SMALL * LINE + 4


def key_of_flows(strands: Sequence[Strand], steps: Sequence[str], layout: Layout) -> Key:
    """Return the list that names what letters and numbers stand for; empty where none do."""
    if not layout.numbered:
        return Key()
    entries: list[tuple[str, str, Strand | None]] = []
    if layout.coded:
        entries += [(mark, tidy(steps[k]), None) for k, mark in layout.letters.items()]
    for strand in sorted(strands, key=lambda each: each.number):
        name = f"{strand.name}: {strand.text}" if strand.name else strand.text
        entries.append((str(strand.number), name, strand))
    longest = max(width(text, SMALL) for _, text, _ in entries)
    count = 3 if longest + MARK <= layout.wide / 3 - APART else 2
    room = layout.wide / count
    wrapped = [(mark, wrap(text, room - MARK - APART, SMALL, most=ENTRY_LINES), strand)
               for mark, text, strand in entries]
    share = sum(_tall(text) for _, text, _ in wrapped) / count
    columns: list[list[tuple[str, str, Strand | None]]] = [[]]
    used = 0.0
    for each in wrapped:
        if used >= share and len(columns) < count:
            columns.append([])
            used = 0.0
        columns[-1].append(each)
        used += _tall(each[1])
    height = OVER + max(sum(_tall(text) for _, text, _ in column) for column in columns)
    return Key(columns, room, height)


def put_key(sheet: Sheet, layout: Layout, key: Key) -> None:
    """Write the list under the picture."""
    numbers = []
    for at, column in enumerate(key.columns):
        y = layout.tall + OVER
        for mark, text, strand in column:
            middle = y + SMALL * LINE / 2
            x = at * key.room + MARK / 2 - 4
            if strand is None:
                sheet.write(mark, (x, middle), ha="center", size=SMALL, bold=True)
            else:
                numbers.append((x, middle, strand))
            sheet.write(text, (at * key.room + MARK, y), va="top", size=SMALL)
            y += _tall(text)
    put_numbers(sheet, numbers)


def put_numbers(sheet: Sheet, numbers: Sequence[tuple[float, float, Strand]]) -> None:
    """Write numbers of flows into discs: those of losses are square."""
    from matplotlib.lines import Line2D

    for lost, marker in ((False, "o"), (True, "s")):
        here = [(x, y) for x, y, strand in numbers if (strand.look == "lost") == lost]
        if here:
            sheet.ax.add_artist(Line2D(
                *zip(*here, strict=True), linestyle="", marker=marker,
                markersize=DISC * sheet.scale, markerfacecolor="white", markeredgecolor=INK,
                markeredgewidth=0.8 * sheet.scale, clip_on=False, zorder=3.5, label="number"))
    for x, y, strand in numbers:
        sheet.write(str(strand.number), (x, y), ha="center", size=12.0)


def looks_of(strands: Sequence[Strand], unit: str, layout: Layout, language: Language) -> Looks:
    """Return what names the looks that there are, in rows above the picture."""
    entries: list[tuple[tuple[str, str] | None, str]] = [
        (LOOKS[look], sentence(f"chart.flow_{look}", language))
        for look in LOOKS if any(strand.look == look for strand in strands)
    ]
    if layout.figured and unit:
        entries.append((None, sentence("chart.flow_unit", language, unit=unit)))
    return lay_looks(entries, layout.wide)
