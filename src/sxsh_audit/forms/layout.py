"""Where everything stands in the template: sheets, columns, rows, example rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sxsh_audit.data import load_toml
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import has_message, sentence
from sxsh_audit.language.periods import Period
from sxsh_audit.tables.raw import column_letters
from sxsh_audit.tables.schema import Field, choice_lists, known_resources, table_spec
from sxsh_audit.tables.sectors import Sector
from sxsh_audit.tables.stamp import KEY_MARK
from sxsh_audit.units import parse_unit

__all__ = ["CALC", "LISTS", "Block", "Form", "SheetColumn", "Spoken", "months_of", "sheet_layout"]

Months = Literal["12", "totals"]

LISTS, CALC = "_sxsh", "_calc"
"""Names of the two hidden sheets: lists and stamp, intermediate figures of the preview."""

TABLES = (
    "facility", "team", "products", "production", "consumption", "resources", "prices", "end_uses",
    "drivers", "adjustments", "steps", "flows", "components", "options", "option_savings",
)  # fmt: skip
"""Tables in the order of their sheets."""

KEY_ROW, HEAD_ROW = 3, 4
"""Rows, as Excel shows them, of the hidden keys and of the headings."""


IN_MONEY = ("consumption", "steps", "flows")
"""Tables whose money has no column of units: the heading says đồng."""

SPARE = 60
"""Rows below those laid out in which the preview still follows what a person adds."""

FAR_BELOW = 20_000
"""Rows under these that the preview watches, to say that it does not work them out."""

FREE_ROWS = 60
"""Rows for typing, at the least, below those that are laid out."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Texts of a template in one language.

    Parameters
    ----------
    language : {"vi", "en"}
        Language of the sheets.
    """

    language: Language

    def say(self, code: str, **numbers: Any) -> str:
        """Return a text of the template in its language."""
        return sentence(f"template.{code}", self.language, **numbers)


@dataclass(frozen=True, slots=True)
class Form(Spoken):
    """What a template is made for, in which language.

    Parameters
    ----------
    months : {"12", "totals"}
        A row per month, or a row per period.
    baseline, reporting : Period
        The two periods.
    sector : Sector or None
        Whose resources are laid out.
    resources : sequence of str
        Keys of the resources that are laid out.
    tariff_periods : bool
        Whether electricity has a row for each of the three tariff periods.
    """

    months: Months
    baseline: Period
    reporting: Period
    sector: Sector | None
    resources: Sequence[str]
    tariff_periods: bool


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a sheet.

    Parameters
    ----------
    field : Field
        What it holds.
    heading : str
        As printed.
    width : float
        In characters.
    help : str
        What a person reads beside the cell.
    """

    field: Field
    heading: str
    width: float
    help: str

    @property
    def key(self) -> str:
        """Text of the hidden key row."""
        return f"{KEY_MARK}{self.field.name}"


@dataclass(frozen=True, slots=True)
class Block:
    """The sheet of one table.

    Parameters
    ----------
    table : str
        Canonical name.
    name : str
        Name of the sheet.
    title : str
        What stands above the table.
    columns : sequence of SheetColumn
        Column B and on; column A marks the example rows.
    examples : sequence of mappings
        Cells of the example rows, by field.
    preset : sequence of mappings
        Cells that are laid out for the person, by field, one row each.
    rows : int
        Rows for typing.
    """

    table: str
    name: str
    title: str
    columns: Sequence[SheetColumn]
    examples: Sequence[Mapping[str, Any]]
    preset: Sequence[Mapping[str, Any]]
    rows: int

    @property
    def first(self) -> int:
        """Row, as Excel shows it, of the first record."""
        return HEAD_ROW + 1 + len(self.examples)

    @property
    def last(self) -> int:
        """Row, as Excel shows it, of the last record."""
        return self.first + self.rows - 1

    def position(self, field: str) -> int:
        """Column of a field, counted from 0 for A; −1 where the sheet has none."""
        names = [column.field.name for column in self.columns]
        return names.index(field) + 1 if field in names else -1

    @property
    def watched(self) -> int:
        """Rows that the preview works out: examples, those laid out, and some below."""
        return len(self.examples) + self.rows + SPARE

    def area(self, field: str) -> str:
        """Range of the records of a column, as a formula of another sheet writes it."""
        first = HEAD_ROW + 1
        return self._range(field, first, first + self.watched - 1)

    def below(self, field: str) -> str:
        """Range under the one that the preview works out."""
        first = HEAD_ROW + 1 + self.watched
        return self._range(field, first, first + FAR_BELOW)

    def heading_cell(self, field: str) -> str:
        """Cell of the heading of a column."""
        return self._range(field, HEAD_ROW, HEAD_ROW).partition(":")[0]

    def _range(self, field: str, first: int, last: int) -> str:
        letters = "A" if field == "example" else column_letters(self.position(field))
        return f"'{self.name}'!${letters}${first}:${letters}${last}"


def sheet_layout(table: str, form: Form) -> Block:
    """Return the sheet of `table`.

    Parameters
    ----------
    table : str
        Canonical name.
    form : Form
        What the template is made for.
    """
    record: dict[str, Any] = load_toml("template.toml")[table]
    spec = table_spec(table)
    names = record.get("both") or record["months" if form.months == "12" else "totals"]
    columns = tuple(
        SheetColumn(spec.fields[name], _heading(table, spec.fields[name], form),
                    record["widths"][name], _help(table, name, form))
        for name in names
    )  # fmt: skip
    month = f"{form.baseline.start:%m/%Y}"
    examples = tuple(
        {name: cell.format(month=month) if isinstance(cell, str) else cell
         for name, cell in row.items() if name in names}
        for row in record["example"][form.language]
    )  # fmt: skip
    preset = _preset(table, form)
    rows = max(record["rows"], len(preset) + FREE_ROWS) if len(preset) > 1 else record["rows"]
    name, title = spec.label(form.language), form.say(f"title_{table}")
    return Block(table, name, title, columns, examples, preset, rows)


def _heading(table: str, field: Field, form: Form) -> str:
    """Heading of a column: the label, its unit in brackets, an asterisk where it must be filled."""
    text = field.label(form.language)
    if table in IN_MONEY and field.kind == "money":
        text = f"{text} ({load_toml('template.toml')['money'][form.language][0]})"
    if table == "prices" and field.name == "vat_rate":
        text = f"{text} (%)"
    return f"{text} *" if field.required else text


def _help(table: str, name: str, form: Form) -> str:
    code = f"template.help_{table}_{name}"
    if not has_message(code, form.language):
        code = f"template.help_{name}"
    return sentence(code, form.language)


def months_of(period: Period) -> list[str]:
    """Return the months of a period as they are typed: ``01/2024``.

    Examples
    --------
    >>> import datetime as dt
    >>> months_of(Period(dt.date(2024, 11, 1), dt.date(2025, 1, 31)))
    ['11/2024', '12/2024', '01/2025']
    """
    first = period.start.year * 12 + period.start.month - 1
    last = period.end.year * 12 + period.end.month - 1
    return [f"{number % 12 + 1:02d}/{number // 12}" for number in range(first, last + 1)]


def phases(form: Form) -> dict[str, Period]:
    """Return the two periods by phase, in time."""
    return {"baseline": form.baseline, "reporting": form.reporting}


def choice_label(choices: str, key: str, language: Language) -> str:
    """Return the word that a list of the template offers for a key of a choice.

    Examples
    --------
    >>> choice_label("quality", "billed", "vi"), choice_label("output_basis", "good_output", "en")
    ('hóa đơn', 'good output')
    """
    words = choice_lists()[choices][key]
    return words[0] if language == "vi" else key.replace("_", " ")


def _preset(table: str, form: Form) -> tuple[Mapping[str, Any], ...]:
    """Rows that need no more than a figure: one per month, or one per period."""
    if table == "facility" and form.sector:
        return ({"sector": form.sector.label(form.language)},)
    if table not in ("production", "consumption"):
        return ()
    key = "phase" if form.months == "totals" else "period"
    times = [
        cell for phase, period in phases(form).items()
        for cell in ([choice_label("phase", phase, form.language)] if key == "phase"
                     else months_of(period))
    ]  # fmt: skip
    if table == "production":
        unit = form.sector.unit_in(form.language) if form.sector else ""
        return tuple({key: time, **({"unit": unit} if unit else {})} for time in times)
    rows: list[Mapping[str, Any]] = []
    for name in form.resources:
        fact = known_resources()[name]
        cells = {"resource": fact.label(form.language), "unit": _usual(fact.display_unit, form)}
        tariffs: Sequence[str] = ("",)
        if form.tariff_periods and name == "electricity" and form.months == "12":
            tariffs = [choice_label("tariff_period", one, form.language)
                       for one in ("normal", "peak", "off_peak")]  # fmt: skip
        for time in times:
            rows += [{**cells, key: time, **({"tariff_period": one} if one else {})}
                     for one in tariffs]  # fmt: skip
    return tuple(rows)


def _usual(unit: str, form: Form) -> str:
    """Return a unit as the list of units writes it."""
    wanted = parse_unit(unit)
    listed: Sequence[str] = load_toml("template.toml")["units"][form.language]
    return next(
        text for text in listed
        if (parse_unit(text).canonical, parse_unit(text).factor)
        == (wanted.canonical, wanted.factor)
    )  # fmt: skip
