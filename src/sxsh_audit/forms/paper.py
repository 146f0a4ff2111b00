"""The paper form (phiếu thu thập số liệu): A4 pages for the factory floor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.forms.layout import Form, choice_label, months_of, phases
from sxsh_audit.language.messages import sentence
from sxsh_audit.tables.schema import known_resources

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["write_paper_form"]

WIDTH, HEIGHT = 210.0, 297.0
"""A4. [mm]"""

LEFT, RIGHT, TOP, BOTTOM = 15.0, 195.0, 14.0, 283.0
"""Where the writing is, from the upper left corner. [mm]"""

ROW = 7.0
"""Height of a row that a person writes into by hand. [mm]"""

STOCKED = ("fuel", "raw_material", "other_material")
BLANK_RESOURCES = 1
OPTION_ROWS, LOSS_ROWS = 8, 6


class _Pages:
    """Pages with a cursor that goes down them; lengths in millimetres."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.y = BOTTOM
        self._axes: Any = None

    def turn(self) -> None:
        """Begin a page."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH / 25.4, HEIGHT / 25.4))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(HEIGHT, 0)
        axes.axis("off")
        self.figures.append(figure)
        self._axes, self.y = axes, TOP

    def need(self, height: float) -> None:
        """Turn the page if less than `height` is left of it."""
        if self.y + height > BOTTOM:
            self.turn()

    def text(self, x: float, y: float, text: str, size: float = 9, **style: Any) -> Any:
        """Write a line; a person's name with a $ in it is no formula."""
        return self._axes.text(x, y, text, fontsize=size, family="DejaVu Sans", va="center",
                               parse_math=False, **style)  # fmt: skip

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.6) -> None:
        """Draw a line."""
        self._axes.plot([x1, x2], [y1, y2], color="black", linewidth=width, solid_capstyle="butt")

    def heading(self, text: str, below: float) -> None:
        """Write a heading that stays with the `below` millimetres that follow it."""
        self.need(9 + below)
        self.text(LEFT, self.y + 4.5, text, 10.5, weight="bold")
        self.y += 9

    def paragraph(self, text: str, size: float = 8.5, letters: int = 112) -> None:
        """Write a text over as many lines as it needs."""
        import textwrap

        for line in textwrap.wrap(text, letters):
            self.need(5)
            self.text(LEFT, self.y + 2.5, line, size)
            self.y += 4.8
        self.y += 2

    def blank(self, label: str, x: float, right: float) -> None:
        """Write a label and a dotted line to write on."""
        written = self.text(x, self.y + 4, label, 9)
        start = x + self._width(written) + 2
        self._axes.plot([start, right], [self.y + 6, self.y + 6], color="black", linewidth=0.6,
                        linestyle=(0, (1, 2)))  # fmt: skip

    def _width(self, written: Any) -> float:
        box = written.get_window_extent()
        return float(box.width / self.figures[-1].dpi * 25.4)

    def _fit(self, written: Any, room: float) -> None:
        """Make a text smaller where it is wider than its cell."""
        if (width := self._width(written)) > room:
            written.set_fontsize(written.get_fontsize() * room / width)

    def table(
        self, heads: Sequence[str], widths: Sequence[float], rows: Sequence[str], first: str
    ) -> None:
        """Draw a table with its first column printed and the others empty, on one page.

        Parameters
        ----------
        heads : sequence of str
            Headings of the columns after the first.
        widths : sequence of float
            Shares of all columns.
        rows : sequence of str
            First cell of each row.
        first : str
            Heading of the first column.
        """
        shares = [width / sum(widths) * (RIGHT - LEFT) for width in widths]
        edges = [LEFT]
        for share in shares:
            edges.append(edges[-1] + share)
        self.need(ROW * (len(rows) + 1))
        top = self._head([first, *heads], edges)
        for text in rows:
            self.line(LEFT, self.y, RIGHT, self.y)
            written = self.text(edges[0] + 1.5, self.y + ROW / 2, text, 8.5)
            self._fit(written, shares[0] - 3)
            self.y += ROW
        self._close(edges, top)
        self.y += 3

    def _head(self, heads: Sequence[str], edges: Sequence[float]) -> float:
        from matplotlib.patches import Rectangle

        top = self.y
        self._axes.add_patch(Rectangle((LEFT, top), RIGHT - LEFT, ROW, facecolor="#e4e7eb",
                                       edgecolor="none"))  # fmt: skip
        for text, left, right in zip(heads, edges[:-1], edges[1:], strict=True):
            written = self.text((left + right) / 2, top + ROW / 2, text, 8, ha="center",
                                weight="bold")  # fmt: skip
            self._fit(written, right - left - 2)
        self.line(LEFT, top, RIGHT, top)
        self.y += ROW
        return top

    def _close(self, edges: Sequence[float], top: float) -> None:
        self.line(LEFT, self.y, RIGHT, self.y)
        for edge in edges:
            self.line(edge, top, edge, self.y)


def write_paper_form(draft: Path, form: Form) -> None:
    """Write the form as a PDF.

    Parameters
    ----------
    draft : Path
        File to write.
    form : Form
        What it is made for: its periods, months or totals, and resources.
    """
    pages = _Pages()
    pages.turn()
    _plant(pages, form)
    _output(pages, form)
    number = 2
    for key in form.resources:
        _resource(pages, form, key, number)
        number += 1
    for _ in range(BLANK_RESOURCES):
        _resource(pages, form, "", number)
        number += 1
    pages.heading(form.say("form_options", number=number), ROW * (OPTION_ROWS + 1))
    pages.table([form.say(f"form_option_{name}") for name in ("cost", "saves", "who")],
                (80, 30, 50, 30), [""] * OPTION_ROWS, form.say("form_option"))  # fmt: skip
    pages.heading(form.say("form_losses", number=number + 1), ROW * LOSS_ROWS)
    for _ in range(LOSS_ROWS):
        pages.need(ROW)
        pages.line(LEFT, pages.y + ROW, RIGHT, pages.y + ROW, 0.4)
        pages.y += ROW
    pages.need(14)
    pages.y += 6
    pages.text(LEFT + 10, pages.y, form.say("form_signed"), 9)
    pages.text((LEFT + RIGHT) / 2 + 20, pages.y, form.say("form_checked"), 9)
    _save(draft, form, pages)


def _plant(pages: _Pages, form: Form) -> None:
    pages.text((LEFT + RIGHT) / 2, pages.y + 4, form.say("form_title"), 14, ha="center",
               weight="bold")  # fmt: skip
    pages.y += 11
    middle = (LEFT + RIGHT) / 2 + 5
    for left, right in (("plant", "address"), ("person", "phone"), ("date", "")):
        pages.blank(form.say(f"form_{left}"), LEFT, middle - 5 if right else RIGHT)
        if right:
            pages.blank(form.say(f"form_{right}"), middle, RIGHT)
        pages.y += 8
    pages.blank(form.say("form_products"), LEFT, RIGHT)
    pages.y += 11
    pages.paragraph(form.say("form_rules"))


def _period_heads(form: Form) -> list[str]:
    texts = []
    for phase, period in phases(form).items():
        months = months_of(period)
        whole = len(months) == 12 and months[0].startswith("01")
        text = str(period.start.year) if whole else f"{months[0]} – {months[-1]}"
        texts.append(form.say(f"form_{phase}", period=text))
    return texts


def _times(form: Form) -> list[str]:
    """Rows of a table: calendar months side by side for both periods, or the two periods."""
    if form.months == "totals":
        return [form.say("form_total")]
    pairs = zip_longest(*(months_of(period) for period in phases(form).values()), fillvalue="–")
    return [b[:2] if b[:2] == c[:2] else f"{b} | {c}" for b, c in pairs]


def _output(pages: _Pages, form: Form) -> None:
    rows = _times(form)
    pages.heading(form.say("form_output"), ROW * (len(rows) + 1))
    heads = [head for period in _period_heads(form) for head in (period, form.say("form_unit"))]
    pages.table(heads, (14, 40, 16, 40, 16), rows, form.say("form_month")
                if form.months == "12" else form.say("form_period"))  # fmt: skip


def _resource(pages: _Pages, form: Form, key: str, number: int) -> None:
    """One table for each period: what was bought, paid, and lay in the store or on the meter."""
    fact = known_resources().get(key)
    name = fact.label(form.language) if fact else form.say("form_blank_resource")
    stocked = fact is None or fact.category in STOCKED
    columns = ("opening", "bought", "closing") if stocked else ("meter_start", "meter_end",
                                                                "quantity")  # fmt: skip
    heads = [form.say(f"form_{column}") for column in columns]
    if key == "electricity" and form.tariff_periods:
        heads = [choice_label("tariff_period", one, form.language)
                 for one in ("normal", "peak", "off_peak")]  # fmt: skip
    heads += [form.say("form_unit"), form.say("form_cost")]
    first = len(months_of(form.baseline)) if form.months == "12" else 1
    pages.heading(form.say("form_use", number=number, resource=name), ROW * (first + 2))
    for title, period in zip(_period_heads(form), phases(form).values(), strict=True):
        rows = months_of(period) if form.months == "12" else [form.say("form_total")]
        pages.need(ROW * (len(rows) + 2))
        pages.text(LEFT, pages.y + 2.5, f"{name} – {title}", 9, style="italic")
        pages.y += 5.5
        pages.table(heads, (16, 26, 26, 26, 16, 40), rows, form.say("form_period"))


def _save(draft: Path, form: Form, pages: _Pages) -> None:
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages

    count = len(pages.figures)
    title = sentence("template.form_title", form.language)
    # Without these matplotlib writes the time and its own version into the file.
    metadata: Any = {"Title": title, "CreationDate": None, "Creator": None, "Producer": None}
    with rc_context({"pdf.fonttype": 42}), PdfPages(draft, metadata=metadata) as file:
        for place, figure in enumerate(pages.figures, start=1):
            axes: Any = figure.axes[0]
            axes.text(RIGHT, HEIGHT - 8, form.say("form_page", page=place, pages=count),
                      fontsize=8, family="DejaVu Sans", ha="right")  # fmt: skip
            axes.text(LEFT, HEIGHT - 8, title, fontsize=8, family="DejaVu Sans")
            file.savefig(figure)
