"""The hidden sheet behind the preview: one formula per record and figure.

The formulas follow the method page: use = opening stock + purchases − closing stock; a month
counts where all of its figures are there; a figure that cannot be read is «?» and never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sxsh_audit.forms.formulas import (
    NOTHING,
    UNREAD,
    all_of,
    any_of,
    blank,
    exactly,
    is_number,
    not_blank,
    safe,
    text,
    trimmed,
    when,
)
from sxsh_audit.forms.layout import CALC, Block, Form
from sxsh_audit.forms.lists import ListSheet
from sxsh_audit.tables.raw import column_letters

__all__ = ["ANY_NUMBER", "MADE", "MONTHS", "PHASES", "RESOURCES", "Records"]

PHASES = ("baseline", "reporting")
TARIFFS = ("normal", "peak", "off_peak")
MONTHS = 12
"""Months of a period at the most."""

RESOURCES = 12
"""Resources that the preview shows."""

ANY_NUMBER = '">=-1E+300"'
"""Criterion that every number meets and no text."""

MADE = text("x")
"""Key of every record of production: the output of the plant is one figure."""


class Records:
    """Columns of formulas on the hidden sheet, each below a heading in row 1.

    The letters before the names of the columns: p production, c consumption, r prices, s option
    savings, o options. In a formula ``{row}`` is its own row and ``{k}`` its place from 1.

    Parameters
    ----------
    sheet : xlsxwriter worksheet
        Where they go.
    form : Form
        What the template is made for.
    blocks : mapping of str to Block
        Sheets of the tables.
    lists : ListSheet
        Names, units and words with what they mean.
    settings : mapping of str to str
        Cell of each setting.
    """

    def __init__(
        self,
        sheet: Any,
        form: Form,
        blocks: Mapping[str, Block],
        lists: ListSheet,
        settings: Mapping[str, str],
    ) -> None:
        self.sheet = sheet
        self.form = form
        self.blocks = blocks
        self.lists = lists
        self.settings = settings
        self._columns: dict[str, int] = {}
        self._rows: dict[str, int] = {}

    def _whole(self) -> None:
        """Whether the sheets are such that this one can follow them at all."""
        for name, tables in (("records", ("production", "consumption")),
                             ("money", ("prices", "options", "option_savings"))):  # fmt: skip
            below, changed = [], []
            for table in tables:
                block = self.blocks[table]
                for column in block.columns:
                    if column.field.kind in ("number", "money"):
                        below.append(f"COUNTA({block.below(column.field.name)})>0")
                        heading = block.heading_cell(column.field.name)
                        changed.append(f"NOT(EXACT({heading},{text(column.heading)}))")
            self._add(f"{name}_below", 1, any_of(*below))
            # Another heading may name another unit, which a formula does not read.
            self._add(f"{name}_headings", 1, any_of(*changed))

    # -- writing and naming ---------------------------------------------------------------------

    def _add(self, name: str, rows: int, formula: str) -> str:
        """Write a column of formulas and return the cell of it in the same row."""
        position = len(self._columns)
        self._columns[name], self._rows[name] = position, rows
        self.sheet.write_string(0, position, name)
        for k in range(1, rows + 1):
            filled = formula.replace("{row}", str(k + 1)).replace("{k}", str(k))
            self.sheet.write_formula(k, position, f"={filled}", None, "")
        return self.cell(name)

    def _add_record(
        self, name: str, table: str, formula: str, otherwise: str = NOTHING
    ) -> str:
        """Write a column with a formula per record; example rows give nothing."""
        mark = self.typed(table, "example")
        # Where rows were deleted the sheet has fewer than this one follows.
        gone = f"{{k}}>ROWS({self.blocks[table].area('example')})"
        formula = when(gone, NOTHING, when(not_blank(mark), NOTHING, safe(formula, otherwise)))
        return self._add(name, self.blocks[table].watched, formula)

    def cell(self, name: str, row: str = "{row}", *, sheet: bool = False) -> str:
        """Return a cell of a column, in this sheet or from another one."""
        where = f"'{CALC}'!" if sheet else ""
        return f"{where}${column_letters(self._columns[name])}{row}"

    def single(self, name: str) -> str:
        """Return the one cell of a column, from any sheet."""
        return self.cell(name, "$2", sheet=True)

    def area(self, name: str) -> str:
        """Return the whole column as another formula names it."""
        letters = column_letters(self._columns[name])
        return f"'{CALC}'!${letters}$2:${letters}${self._rows[name] + 1}"

    def _above(self, name: str) -> str:
        """Cells of a column from its first to this row."""
        letters = column_letters(self._columns[name])
        return f"${letters}$2:${letters}{{row}}"

    def typed(self, table: str, field: str) -> str:
        """Return the cell of a record; its rows may have been moved, deleted or inserted."""
        return f"INDEX({self.blocks[table].area(field)},{{k}})"

    def _has(self, table: str, field: str) -> bool:
        return self.blocks[table].position(field) > 0

    def look_up(self, cell: str, first: str, wanted: str, otherwise: str = NOTHING) -> str:
        """Return what a list says beside a text."""
        area, place = self.lists.area(first, wanted), self.lists.column(wanted, first)
        return safe(f"VLOOKUP(TRIM({cell}),{area},{place},FALSE)", otherwise)

    def _own(self, wanted: str, name: str, field: str) -> str:
        """Cell of the plant's own resources or products, by the text in another column."""
        table, _, column = wanted.partition(".")
        block = self.blocks[table]
        return f"INDEX({block.area(column)},MATCH({name},{block.area(field)},0))"

    # -- periods --------------------------------------------------------------------------------

    def _spans(self) -> None:
        """First month (since year 0) and number of months of both periods; «?» if not read."""
        for phase in PHASES:
            typed = f"LOWER({self.settings[phase]})"
            for word in ("năm", "year"):
                typed = f'SUBSTITUTE({typed},"{word}","")'
            typed = f"TRIM({typed})"
            year = f"LEN({typed})=4"
            first = f"(VALUE(MID({typed},4,4))*12+VALUE(LEFT({typed},2))-1)"
            last = f"(VALUE(RIGHT({typed},4))*12+VALUE(LEFT(RIGHT({typed},7),2))-1)"
            months = when(f'MID({typed},3,1)="/"', first, UNREAD)
            self._add(f"{phase}_start", 1, safe(when(year, f"VALUE({typed})*12", months)))
            count = f"{last}-{first}+1"
            several = when(f"{count}<={MONTHS}", count, "0")
            known = is_number(self.single(f"{phase}_start"))
            self._add(f"{phase}_count", 1,
                      when(known, safe(when(year, str(MONTHS), several), "0"), "0"))  # fmt: skip

    def _code(self, table: str) -> str:
        """Month of a record, or the phase of a total; «?» for a period of another form."""
        if self._has(table, "phase"):
            return self.look_up(self.typed(table, "phase"), "phase_word", "phase_key", UNREAD)
        typed = self.typed(table, "period")
        words = trimmed(typed)
        year = f"VALUE(RIGHT({words},4))*12"
        month = when(f'MID({words},2,1)="/"', f"{year}+VALUE(LEFT({words},1))-1", UNREAD)
        month = when(f'MID({words},3,1)="/"', f"{year}+VALUE(LEFT({words},2))-1", month)
        month = when(f"LEN({words})<=7", month, UNREAD)
        named = f'VALUE(LEFT({words},FIND("/",{words})-1))'
        real = all_of(f"{named}>=1", f"{named}<=12")
        month = when(safe(real, "FALSE"), month, UNREAD)
        date = all_of(is_number(typed), f"LEN({words})=5")  # 45292 is 1 January 2024
        month = when(date, f"YEAR({typed})*12+MONTH({typed})-1", month)
        whole = UNREAD
        for phase in PHASES[::-1]:
            start, count = (self.single(f"{phase}_{end}") for end in ("start", "count"))
            same = all_of(f"VALUE({words})*12={start}", f"{count}={MONTHS}")
            whole = when(same, text(phase), whole)
        code = safe(when(f"LEN({words})=4", whole, month))
        if self._has(table, "start"):
            # A bill with days of its own is spread over months by the command, not here.
            code = when(not_blank(self.typed(table, "start")), UNREAD, code)
        return code

    def _time(self, table: str) -> str:
        return self.typed(table, "phase" if self._has(table, "phase") else "period")

    def _in_baseline(self, code: str) -> str:
        start, count = (self.single(f"baseline_{end}") for end in ("start", "count"))
        inside = all_of(is_number(start), f"{code}>={start}", f"{code}<{start}+{count}")
        return when(is_number(code), inside, f"{code}={text('baseline')}")

    # -- records --------------------------------------------------------------------------------

    def _units(self, prefix: str, table: str, fallback: str) -> str:
        """Size, canonical unit, name and order of the unit of each record; return its size."""
        typed, rows = self.typed(table, "unit"), self.blocks[table].watched
        unit = safe(when(not_blank(typed), f'{typed}&""', fallback), NOTHING)
        unit = self._add(f"{prefix}_unit", rows, unit)
        for name in ("size", "of", "shown", "order"):
            found = self.look_up(unit, "known_unit", f"unit_{name}", UNREAD)
            self._add(f"{prefix}_{name}", rows, found)
        return self.cell(f"{prefix}_size")

    def _usual_units(self, prefix: str) -> None:
        """How often each unit is used with the same key, so that the usual one can be found."""
        rows = self._rows[f"{prefix}_key"]
        key, shown = self.cell(f"{prefix}_key"), self.cell(f"{prefix}_shown")
        keys, names, values = (self.area(f"{prefix}_{one}") for one in ("key", "shown", "value"))
        count = f"COUNTIFS({keys},{key},{names},{shown},{values},{ANY_NUMBER})"
        # The first by name where two are used equally often, as the library has it.
        score = f"{count}*1000+999-{self.cell(f'{prefix}_order')}"
        known = is_number(self.cell(f"{prefix}_value"))
        score = self._add(f"{prefix}_score", rows, when(known, score, "0"))
        self._add(f"{prefix}_tag", rows, f'{key}&"|"&{score}')

    def _parts(self, prefix: str, part: str) -> None:
        """Mark the first record of each part, and of each part in each month.

        A part is a meter of a resource, or a product.
        """
        rows = self._rows[f"{prefix}_key"]
        key, code, value = (self.cell(f"{prefix}_{one}") for one in ("key", "code", "value"))
        record = f"{key}<>{NOTHING}"
        named = when(record, f'{key}&"|"&' + safe(f'{part}&""', NOTHING))
        cell = self._add(f"{prefix}_part", rows, named)
        first = f"COUNTIF({self._above(f'{prefix}_part')},{cell})=1"
        self._add(f"{prefix}_first", rows, when(record, when(first, "1", "0"), "0"))
        cell = self._add(f"{prefix}_cell", rows, when(record, f'{cell}&"|"&{code}'))
        first = f"COUNTIF({self._above(f'{prefix}_cell')},{cell})=1"
        self._add(f"{prefix}_said", rows, when(is_number(value), when(first, "1", "0"), "0"))
        self._add(f"{prefix}_blank", rows, when(record, when(is_number(value), "0", "1"), "0"))
        part, cell = self.cell(f"{prefix}_part"), self.cell(f"{prefix}_cell")
        parts, cells = self.area(f"{prefix}_part"), self.area(f"{prefix}_cell")
        unlike = f"{exactly(parts, part)}<>COUNTIF({parts},{part})"
        odd = any_of(f"{code}={UNREAD}", f"{value}={UNREAD}", unlike,
                     self._twice(prefix, part, cell, cells))  # fmt: skip
        odd = self._add(f"{prefix}_odd", rows, when(record, when(odd, "1", "0"), "0"))
        self._add(f"{prefix}_where", rows, f'{key}&"|"&{odd}')

    def _twice(self, prefix: str, part: str, cell: str, cells: str) -> str:
        """Whether a month of a part stands twice, or lacks one of its tariff periods."""
        if prefix != "c" or not self._has("consumption", "tariff_period"):
            return f"COUNTIF({cells},{cell})>1"
        own, all_ = self.cell("c_tariff"), self.area("c_tariff")
        parts = self.area("c_part")
        kinds = "+".join(f"(COUNTIFS({parts},{part},{all_},{text(one)})>0)" for one in TARIFFS)
        alone = all_of(f"{own}={NOTHING}", f"COUNTIF({cells},{cell})>1")
        # Each tariff period of the meter once, and no total beside them.
        of_bill = any_of(f"COUNTIFS({cells},{cell},{all_},{own})>1",
                         f"COUNTIF({cells},{cell})<>{kinds}")  # fmt: skip
        return any_of(alone, all_of(f"{own}<>{NOTHING}", of_bill))

    def _production(self) -> None:
        table = "production"
        product, quantity = self.typed(table, "product"), self.typed(table, "quantity")
        rule = self.look_up(self.settings["output"], "output_rule_word", "output_rule_key",
                            f"TRIM({self.settings['output']})")  # fmt: skip
        stands = any_of(*(f"{rule}={one}" for one in (NOTHING, text("mass"), text("equivalence"))),
                        f"{trimmed(product)}={rule}")  # fmt: skip
        filled = any_of(*map(not_blank, (quantity, product, self._time(table))))
        # A product that does not stand for the plant is no record, and neither is a total.
        filled = all_of(filled, stands, self._no_total(product), self._no_total(self._time(table)))
        key = self._add_record("p_key", table, when(filled, MADE))
        record = f"{key}<>{NOTHING}"
        self._add_record("p_code", table, when(record, self._code(table)), UNREAD)
        listed = f"TRIM({product})"
        size = self._units("p", table, self._own("products.unit", listed, "product") + '&""')
        coefficient = self._own("products.equivalence", listed, "product")
        coefficient = safe(when(f"{coefficient}>0", coefficient, UNREAD))
        weight = when(f"{rule}={text('equivalence')}", coefficient, "1")
        value = when(all_of(is_number(quantity), is_number(size)),
                     safe(f"{quantity}*{size}*{weight}"), UNREAD)  # fmt: skip
        value = when(record, when(blank(quantity), NOTHING, value))
        self._add_record("p_value", table, value, UNREAD)
        self._usual_units("p")
        self._parts("p", product)

    def _no_total(self, cell: str) -> str:
        """Whether a cell does not say that its row sums others up."""
        return f"COUNTIF({self.lists.area('total')},{trimmed(cell)})=0"

    def resource_key(self, name: str) -> str:
        """Key of a resource by any name, the plant's own names first; «?» for any other text."""
        own = safe(self._own("resources.resource", name, "resource"),
                   self._own("resources.resource", name, "name"))  # fmt: skip
        own = safe(own, UNREAD)
        typed = when(f"{own}={UNREAD}", name, own)
        key = self.look_up(typed, "name", "name_key", own)
        return when(any_of(f"{name}={NOTHING}", f"NOT({self._no_total(name)})"), NOTHING, key)

    def _consumption(self) -> None:
        table = "consumption"
        name = trimmed(self.typed(table, "resource"))
        key = self._add_record("c_key", table, self.resource_key(name))
        record = f"{key}<>{NOTHING}"
        code = self._add_record("c_code", table, when(record, self._code(table)), UNREAD)
        if self._has(table, "tariff_period"):
            tariff = self.typed(table, "tariff_period")
            found = self.look_up(tariff, "tariff_period_word", "tariff_period_key", UNREAD)
            self._add_record("c_tariff", table, when(all_of(record, not_blank(tariff)), found))
        size = self._units("c", table, self._own("resources.unit", name, "resource") + '&""')
        bought, opening, closing = (self.typed(table, field) for field in
                                    ("quantity", "opening_stock", "closing_stock"))  # fmt: skip
        known = all_of(is_number(bought), is_number(size))
        stocked = when(all_of(is_number(opening), is_number(closing)),
                       f"{opening}+{bought}-{closing}", UNREAD)  # fmt: skip
        use = when(all_of(blank(opening), blank(closing)), bought, stocked)
        value = when(known, safe(f"{use}*{size}"), UNREAD)
        value = when(record, when(blank(bought), NOTHING, value))
        self._add_record("c_value", table, value, UNREAD)
        amount = when(all_of(record, known), f"{bought}*{size}")
        amount = self._add_record("c_bought", table, amount)
        cost = self.typed(table, "cost")
        priced = all_of(not_blank(cost), is_number(amount), self._in_baseline(code))
        paid = when(priced, when(is_number(cost), cost, UNREAD))
        paid = self._add_record("c_paid", table, paid, UNREAD)
        self._add("c_for", self._rows["c_paid"], when(is_number(paid), amount))
        self._usual_units("c")
        self._parts("c", self.typed(table, "meter"))
        first = f"COUNTIF({self._above('c_key')},{key})=1"
        own = column_letters(len(self._columns))
        number = when(first, f"MAX({own}$1:{own}{{k}})+1")
        self._add("c_number", self._rows["c_key"], when(record, number))

    # -- months ---------------------------------------------------------------------------------

    def _months(self) -> None:
        """Output by month, and the use of each resource in the same months; a row each."""
        found = f"INDEX({self.area('c_key')},MATCH({{k}},{self.area('c_number')},0))"
        key = self._add("resource", RESOURCES, safe(found, NOTHING))
        meters = f"SUMIFS({self.area('c_first')},{self.area('c_key')},{key})"
        self._add("parts", RESOURCES, when(f"{key}={NOTHING}", "0", meters))
        self._add("products", 1, f"SUM({self.area('p_first')})")
        needed = self.single("products")
        for phase in PHASES:
            start, count = (self.single(f"{phase}_{end}") for end in ("start", "count"))
            inside = all_of(is_number(start), f"{{k}}<={count}")
            month = self._add(f"{phase}_month", MONTHS, when(inside, f"{start}+{{k}}-1"))
            self._add(f"{phase}_output", MONTHS, self._known("p", MADE, month, needed))
            self._add(f"{phase}_output_total", 1,
                      self._total("p", MADE, phase, needed, f"{phase}_output"))  # fmt: skip
            for number in range(1, RESOURCES + 1):
                row = f"${number + 1}"
                key, parts = self.cell("resource", row), self.cell("parts", row)
                use = f"{phase}_use_{number}"
                self._add(use, MONTHS, self._known("c", key, month, parts))
                self._add(f"{phase}_total_{number}", 1, self._total("c", key, phase, parts, use))

    def _known(self, prefix: str, key: str, code: str, parts: str) -> str:
        """Σ of a month where every part has said its figure, else nothing."""
        keys, codes = self.area(f"{prefix}_key"), self.area(f"{prefix}_code")
        said, gaps, value = (f"SUMIFS({self.area(f'{prefix}_{one}')},{keys},{key},{codes},{code})"
                             for one in ("said", "blank", "value"))  # fmt: skip
        none = any_of(f"{key}={NOTHING}", f"{code}={NOTHING}", f"{parts}=0")
        return when(none, NOTHING, when(all_of(f"{gaps}=0", f"{said}={parts}"), value))

    def _total(self, prefix: str, key: str, phase: str, parts: str, months: str) -> str:
        """Total of a period: as typed, or added up where every month is known."""
        given = self._known(prefix, key, text(phase), parts)
        area, count = self.area(months), self.single(f"{phase}_count")
        added = when(all_of(f"{count}>0", f"COUNT({area})={count}"), f"SUM({area})")
        return when(is_number(given), given, added)
