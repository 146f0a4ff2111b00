"""Rank stability: how often each option takes each rank."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sxsh_audit.charts.lettering import INK, LINE, NORMAL, SMALL, lines_in, width, wrap
from sxsh_audit.charts.paper import EDGE, Margins, Sheet, without_scale
from sxsh_audit.charts.rows import Row, label_room, open_sheet, put_ticks
from sxsh_audit.charts.sources import name_of, records_of, shown, titles_of
from sxsh_audit.display.records import RankSpread
from sxsh_audit.language.formatting import Language, check_language, format_fixed
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["rank_stability"]

NAME_ROOM = 255.0  # [pt]
NAME_LINES = 2
ROW = 36.0  # [pt]
RANKS = 15  # columns at most: a share of three figures still fits into one
LEAST = 0.005  # the least share that is written [1]; what is less would be written as 0
_DARK = (0.0, 0.27, 0.42)  # of a share of 1; the eye takes it for dark grey in greyscale too
_WHITE_FROM = 0.55  # share from which a figure is written in white [1]


def _clean(spread: RankSpread) -> list[float]:
    return [share if math.isfinite(share) and share > 0 else 0.0 for share in spread.shares]


def _known(spread: RankSpread) -> bool:
    return any(_clean(spread))


def _last(spread: RankSpread) -> int:
    """Return the last rank that an option ever has, by draws or from the figures as given."""
    ranks = [rank for rank, share in enumerate(_clean(spread), 1) if share]
    return max(ranks[-1], spread.rank) if ranks else 0


def _order(spread: RankSpread) -> tuple[bool, bool, float, str, str]:
    shares = _clean(spread)
    mean = math.fsum(share * place for place, share in enumerate(shares, 1))
    mean += max(1 - math.fsum(shares), 0.0) * (len(shares) + 1)
    ranked = spread.rank > 0
    return not _known(spread), not ranked, spread.rank if ranked else mean, spread.id, spread.name


def _cells(spread: RankSpread, columns: int, behind: bool) -> list[float]:
    """Return the share of each column; the last is of all the ranks behind, where there is one."""
    shares = _clean(spread)
    cells = shares[:columns] + [0.0] * (columns - len(shares))
    if behind:
        cells.append(max(1 - math.fsum(cells), 0.0) if _known(spread) else 0.0)
    return cells


def _percent(share: float, language: Language) -> str:
    """Return a share as a figure; one that other ranks have a part in is never 100."""
    if 0.995 <= share < 1 - 1e-9:
        return ">99"
    return format_fixed(100 * share, 0, language)


def _shade(share: float) -> tuple[float, float, float]:
    """Return the colour of a share: the lightness alone tells it."""
    part = min(share, 1.0)
    return (1 - part * (1 - _DARK[0]), 1 - part * (1 - _DARK[1]), 1 - part * (1 - _DARK[2]))


def rank_stability(
    source: Any,
    ax: Axes | None = None,
    *,
    language: Language = "vi",
    title: str | None = None,
    subtitle: str | None = None,
    first: int = 15,
) -> Axes:
    """Draw how often each option takes each rank by net present value: how sure the order is.

    Parameters
    ----------
    source : Assessment or sequence of RankSpread
        What to draw: anything with a method ``rank_spreads(language)``, or the records. The
        order of the records does not matter.
    ax : matplotlib.axes.Axes, optional
        Where to draw; names, words and titles share its place with the cells. By default a new
        Figure as high as the rows need.
    language : {"vi", "en"}
        Language of every text.
    title, subtitle : str, optional
        Texts above the chart, in place of the usual ones.
    first : int
        How many options are drawn at most, by rank; the chart says how many more there are.

    Returns
    -------
    matplotlib.axes.Axes
        x is the rank; y is in points.

    Notes
    -----
    A cell is the darker the more draws give the option that rank, and its figure is their
    percentage. The thick frame is the rank from the figures as given: an order is sure where
    the dark cells lie in the frames. The last ranks are left out where no option ever has them.
    Ranks beyond the 15th, and shares that the records leave
    out, share the last column.

    Examples
    --------
    >>> from sxsh_audit.display.records import RankSpread
    >>> ax = rank_stability([RankSpread("GP1", "Bảo ôn", 1, (0.9, 0.1)),
    ...                      RankSpread("GP2", "Biến tần", 2, (0.1, 0.9))])
    >>> [text.get_text() for text in ax.texts][:4]
    ['90', '10', '10', '90']
    """
    language = check_language(language)
    records: list[RankSpread] = records_of(source, "rank_spreads", language)
    spreads, notes = shown(sorted(records, key=_order), first, language, "chart.more_options")
    titles = titles_of(source, "chart.rank_title", language, (title, subtitle))
    if not any(_known(spread) for spread in spreads):
        return without_scale(ax, titles, sentence("chart.nothing", language))

    columns = min(RANKS, max(len(_clean(spread)) for spread in spreads))
    behind = any(1 - math.fsum(_clean(spread)[:columns]) >= LEAST
                 for spread in spreads if _known(spread))
    if not behind:
        columns = min(columns, max(_last(spread) for spread in spreads))
    rows = []
    for spread in spreads:
        label = wrap(name_of(spread.id, spread.name), NAME_ROOM, NORMAL, most=NAME_LINES)
        rows.append(Row(label, height=max(ROW, lines_in(label) * NORMAL * LINE + 8)))
    margins = Margins(left=label_room(rows), head=NORMAL * LINE + 6, notes=notes)
    sheet = open_sheet(ax, rows, margins, titles, sentence("chart.rank_axis", language))
    _set_columns(sheet, columns, behind, language)
    for spread, row in zip(spreads, rows, strict=True):
        if _known(spread):
            _draw(sheet, spread, row, _cells(spread, columns, behind), columns, language)
        else:
            sheet.write(sentence("chart.rank_unknown", language), (0.5, row.y), shift=(8, 0))
    sheet.write(_head(sheet, margins, language), (1.0, 1.0), shift=(0, margins.head / 2),
                frame=("axes", "axes"), ha="right", size=SMALL)
    return sheet.ax


def _head(sheet: Sheet, margins: Margins, language: Language) -> str:
    return wrap(sentence("chart.rank_share", language), sheet.span + margins.left - EDGE, SMALL)


def _set_columns(sheet: Sheet, columns: int, behind: bool, language: Language) -> None:
    names = [str(rank) for rank in range(1, columns + 1)]
    if behind:
        names.append(f"> {columns}")
    sheet.ax.set_xlim(0.5, len(names) + 0.5)
    put_ticks(sheet, range(1, len(names) + 1), names)
    sheet.ax.grid(False)


def _draw(
    sheet: Sheet, spread: RankSpread, row: Row, cells: list[float], columns: int,
    language: Language,
) -> None:
    from matplotlib.patches import Rectangle

    foot, high = row.y - row.height / 2 + 2, row.height - 4
    room = sheet.span / len(cells) - 2
    for rank, share in enumerate(cells, 1):
        if share <= 0:
            continue
        sheet.ax.add_artist(Rectangle((rank - 0.5, foot), 1.0, high, facecolor=_shade(share),
                                     edgecolor="white", linewidth=1.0 * sheet.scale, zorder=2,
                                     label=spread.id or spread.name))
        if share >= LEAST:
            text = _percent(share, language)
            size = NORMAL if width("100", NORMAL, bold=True) <= room else SMALL
            sheet.write(text, (rank, row.y), ha="center", size=size, bold=share >= 0.5,
                        color="white" if share >= _WHITE_FROM else INK)
    if 0 < spread.rank <= columns:
        sheet.ax.add_artist(Rectangle((spread.rank - 0.5, foot), 1.0, high, facecolor="none",
                                     edgecolor="black", linewidth=2.6 * sheet.scale, zorder=3,
                                     label="rank"))
