"""The hidden sheet behind the preview: one formula per record and figure.

The formulas follow the method page: use = opening stock + purchases − closing stock; a month
counts where all of its figures are there; a figure that cannot be read is «?» and never 0. They
use functions that Excel 2010, LibreOffice and Google Sheets share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sxsh_audit.forms.layout import CALC, Block, Form
from sxsh_audit.forms.lists import ListSheet
from sxsh_audit.tables.raw import column_letters

__all__ = ["MONTHS", "RESOURCES", "Calc"]

MONTHS = 12
"""Months of a period at the most."""

RESOURCES = 12
"""Resources that the preview shows."""

SPARE = 40
"""Rows that a person may insert among those laid out and that are still worked out."""


class Calc:
    """Columns of formulas on the hidden sheet, each below a heading in row 1.

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
        self._spans()
        self._production()
        self._consumption()
        self._prices()
        self._options()
        self._months()

    # -- writing --------------------------------------------------------------------------------

    def _add(self, name: str, rows: int, formula: str) -> None:
        """Write a column: `{row}` in the formula is its row, `{k}` its place from 1."""
        position = len(self._columns)
        self._columns[name], self._rows[name] = position, rows
        self.sheet.write_string(0, position, name)
        for k in range(1, rows + 1):
            text = formula.replace("{row}", str(k + 1)).replace("{k}", str(k))
            self.sheet.write_formula(k, position, text, None, "")

    def cell(self, name: str, row: str = "{row}", *, sheet: bool = False) -> str:
        """Return a cell of a column, in this sheet or from another one."""
        letters = column_letters(self._columns[name])
        where = f"'{CALC}'!" if sheet else ""
        return f"{where}${letters}{row}"

    def area(self, name: str) -> str:
        """Return the whole column as another formula names it."""
        letters = column_letters(self._columns[name])
        return f"'{CALC}'!${letters}$2:${letters}${self._rows[name] + 1}"

    def above(self, name: str) -> str:
        """Return the cells of a column from its first to this row."""
        letters = column_letters(self._columns[name])
        return f"${letters}$2:${letters}{{row}}"

    def typed(self, table: str, field: str) -> str:
        """Return the cell of a record; its rows may have been moved, deleted or inserted."""
        return f"INDEX({self.blocks[table].area(field)},{{k}})"

    def _has(self, table: str, field: str) -> bool:
        return self.blocks[table].position(field) > 0

    def look_up(self, text: str, first: str, wanted: str, otherwise: str = '""') -> str:
        """Return what a list says beside a text."""
        area, place = self.lists.area(first, wanted), self.lists.column(wanted, first)
        return f"IFERROR(VLOOKUP(TRIM({text}),{area},{place},FALSE),{otherwise})"

    def number_of_rows(self, table: str) -> int:
        """Rows of formulas for a table."""
        return self.blocks[table].rows + SPARE

    # -- periods --------------------------------------------------------------------------------

    def _spans(self) -> None:
        """First month (since year 0) and number of months of both periods; «?» if not read."""
        for phase in ("baseline", "reporting"):
            cell = f"TRIM({self.settings[phase]})"
            year = f"VALUE({cell})*12"
            first = f"(VALUE(MID({cell},4,4))*12+VALUE(LEFT({cell},2))-1)"
            last = f"(VALUE(RIGHT({cell},4))*12+VALUE(LEFT(RIGHT({cell},7),2))-1)"
            months = f"MID({cell},3,1)=\"/\""
            self._add(f"{phase}_start", 1,
                      f'=IFERROR(IF(LEN({cell})=4,{year},IF({months},{first},"?")),"?")')
            start = self.cell(f"{phase}_start", "$2")
            self._add(f"{phase}_count", 1,
                      f'=IF(ISNUMBER({start}),IFERROR(IF(LEN({cell})=4,{MONTHS},'
                      f'IF({last}-{first}+1<={MONTHS},{last}-{first}+1,0)),0),0)')  # fmt: skip

    def _code(self, table: str) -> str:
        """Month of a record, or the phase of a total; «?» for a period of another form."""
        if self._has(table, "phase"):
            return self.look_up(self.typed(table, "phase"), "phase_word", "phase_key", '"?"')
        typed = self.typed(table, "period")
        text = f"TRIM({typed}&\"\")"
        month = (f'IF(MID({text},3,1)="/",VALUE(RIGHT({text},4))*12+VALUE(LEFT({text},2))-1,'
                 f'IF(MID({text},2,1)="/",VALUE(RIGHT({text},4))*12+VALUE(LEFT({text},1))-1,"?"))')
        whole = '"?"'
        for phase in ("reporting", "baseline"):
            start, count = (self.cell(f"{phase}_{end}", "$2") for end in ("start", "count"))
            whole = (f'IF(AND(VALUE({text})*12={start},{count}={MONTHS}),"{phase}",{whole})')
        # A bill with days of its own is spread over months by the command, not here.
        dated = f'{self.typed(table, "start")}&""<>""' if self._has(table, "start") else "FALSE"
        return (f'IF({dated},"?",IFERROR(IF(LEN({text})=4,{whole},'
                f'IF(AND(ISNUMBER({typed}),LEN({text})=5),YEAR({typed})*12+MONTH({typed})-1,'
                f'IF(LEN({text})<=7,{month},"?"))),"?"))')  # fmt: skip

    def _live(self, table: str, then: str) -> str:
        """Return `then` for a record, nothing for an empty or an example row."""
        return f'=IFERROR(IF({self.typed(table, "example")}&""<>"","",{then}),"")'

    # -- records --------------------------------------------------------------------------------

    def _units(self, prefix: str, table: str, fallback: str) -> None:
        """Size, canonical unit and order of the unit of each record."""
        rows, typed = self.number_of_rows(table), self.typed(table, "unit")
        self._add(f"{prefix}_unit", rows,
                  f'=IFERROR(IF({typed}&""<>"",{typed}&"",{fallback}),"")')
        unit = self.cell(f"{prefix}_unit")
        for name in ("size", "of", "shown", "order"):
            self._add(f"{prefix}_{name}", rows,
                      "=" + self.look_up(unit, "known_unit", f"unit_{name}", '"?"'))

    def _counts(self, prefix: str, rows: int) -> None:
        """How often each unit is used with the same key, so that the usual one can be found."""
        key, known = self.cell(f"{prefix}_key"), self.cell(f"{prefix}_value")
        shown = self.cell(f"{prefix}_shown")
        columns = [self.area(f"{prefix}_{name}") for name in ("key", "shown")]
        # The first by name where two are used equally often, as the library has it.
        self._add(f"{prefix}_score", rows,
                  f'=IF(ISNUMBER({known}),COUNTIFS({columns[0]},{key},{columns[1]},{shown},'
                  f'{self.area(f"{prefix}_value")},">=0")*1000+999-{self.cell(f"{prefix}_order")},0)')  # fmt: skip
        self._add(f"{prefix}_tag", rows, f'={key}&"|"&{self.cell(f"{prefix}_score")}')

    def _parts(self, prefix: str, rows: int, part: str) -> None:
        """Mark the first record of each part, and of each part in each month."""
        key, code = self.cell(f"{prefix}_key"), self.cell(f"{prefix}_code")
        self._add(f"{prefix}_part", rows, f'=IF({key}="","",{key}&"|"&IFERROR({part}&"",""))')
        cell = self.cell(f"{prefix}_part")
        self._add(f"{prefix}_first", rows,
                  f'=IF({cell}="",0,IF(COUNTIF({self.above(f"{prefix}_part")},{cell})=1,1,0))')
        self._add(f"{prefix}_cell", rows, f'=IF({cell}="","",{cell}&"|"&{code})')
        cell = self.cell(f"{prefix}_cell")
        self._add(f"{prefix}_said", rows,
                  f'=IF(ISNUMBER({self.cell(f"{prefix}_value")}),'
                  f'IF(COUNTIF({self.above(f"{prefix}_cell")},{cell})=1,1,0),0)')  # fmt: skip
        self._add(f"{prefix}_blank", rows,
                  f'=IF({key}="",0,IF(ISNUMBER({self.cell(f"{prefix}_value")}),0,1))')
        self._add(f"{prefix}_odd", rows,
                  f'=IF({key}="",0,IF(OR({code}="?",{self.cell(f"{prefix}_value")}="?"),1,0))')

    def _production(self) -> None:
        table, rows = "production", self.number_of_rows("production")
        product, quantity = self.typed(table, "product"), self.typed(table, "quantity")
        rule = f"TRIM({self.settings['output']})"
        products = self.blocks["products"]
        listed = f"MATCH(TRIM({product}),{products.area('product')},0)"
        filled = f'OR({quantity}&""<>"",{product}&""<>"",{self._time(table)}&""<>"")'
        # Only rows that belong to a product or have a time are records.
        self._add("p_key", rows, self._live(table, f'IF({filled},"x","")'))
        self._add("p_code", rows, self._live(table, f'IF({self.cell("p_key")}="","",{self._code(table)})'))
        self._units("p", table, f'INDEX({products.area("unit")},{listed})&""')
        weight = (f'IF({rule}="equivalence",IFERROR(INDEX({products.area("equivalence")},{listed}),1),'
                  f'IF(OR({rule}="",{rule}="mass"),1,IF(TRIM({product}&"")={rule},1,0)))')
        size = self.cell("p_size")
        self._add("p_value", rows, self._live(
            table, f'IF({self.cell("p_key")}="","",IF({quantity}&""="","",'
                   f'IF(AND(ISNUMBER({quantity}),ISNUMBER({size})),{quantity}*{size}*{weight},"?")))'))  # fmt: skip
        self._counts("p", rows)
        self._parts("p", rows, product)

    def _time(self, table: str) -> str:
        return self.typed(table, "phase" if self._has(table, "phase") else "period")

    def _consumption(self) -> None:
        table, rows = "consumption", self.number_of_rows("consumption")
        typed = f'TRIM({self.typed(table, "resource")}&"")'
        self._add("c_key", rows, self._live(table, self.resource_key(typed)))
        self._add("c_code", rows, self._live(table, f'IF({self.cell("c_key")}="","",{self._code(table)})'))
        own = self.blocks["resources"]
        fallback = f'INDEX({own.area("unit")},MATCH({typed},{own.area("resource")},0))&""'
        self._units("c", table, fallback)
        bought, opening, closing = (self.typed(table, name) for name in
                                    ("quantity", "opening_stock", "closing_stock"))  # fmt: skip
        key, size = self.cell("c_key"), self.cell("c_size")
        use = (f'IF(AND({opening}&""="",{closing}&""=""),{bought},IF(AND(ISNUMBER({opening}),'
               f'ISNUMBER({closing})),{opening}+{bought}-{closing},"?"))')
        known = f"AND(ISNUMBER({bought}),ISNUMBER({size}))"
        self._add("c_value", rows, self._live(
            table, f'IF({key}="","",IF({bought}&""="","",IF({known},IFERROR({use}*{size},"?"),"?")))'))
        self._add("c_bought", rows, self._live(
            table, f'IF(AND({key}<>"",{known}),{bought}*{size},"")'))
        cost = self.typed(table, "cost")
        baseline = self._in_baseline("c")
        self._add("c_paid", rows, self._live(
            table, f'IF(AND(ISNUMBER({cost}),ISNUMBER({self.cell("c_bought")}),{baseline}),{cost},"")'))
        self._add("c_for", rows, f'=IF(ISNUMBER({self.cell("c_paid")}),{self.cell("c_bought")},"")')
        self._counts("c", rows)
        self._parts("c", rows, self.typed(table, "meter"))
        letters = column_letters(len(self._columns))
        self._add("c_number", rows,
                  f'=IF({key}="","",IF(COUNTIF({self.above("c_key")},{key})=1,'
                  f'MAX({letters}$1:{letters}{{k}})+1,""))')  # fmt: skip

    def resource_key(self, text: str) -> str:
        """Key of a resource by any name, the plant's own names included."""
        own = self.blocks["resources"]
        mine = f'INDEX({own.area("resource")},MATCH({text},{own.area("name")},0))'
        named = f"IFERROR({mine},{text})"
        known = self.look_up(text, "name", "name_key", named)
        return f'IF({text}="","",{known})'

    def _in_baseline(self, prefix: str) -> str:
        code = self.cell(f"{prefix}_code")
        start, count = (self.cell(f"baseline_{end}", "$2") for end in ("start", "count"))
        return (f'IF(ISNUMBER({code}),AND(ISNUMBER({start}),{code}>={start},{code}<{start}+{count}),'
                f'{code}="baseline")')  # fmt: skip

    # -- months ---------------------------------------------------------------------------------

    def _months(self) -> None:
        """Output by month, then the use of each resource in the same months; a column each."""
        self._add("resource", RESOURCES,
                  f'=IFERROR(INDEX({self.area("c_key")},MATCH({{k}},{self.area("c_number")},0)),"")')
        key = self.cell("resource")
        self._add("parts", RESOURCES,
                  f'=IF({key}="",0,SUMIFS({self.area("c_first")},{self.area("c_key")},{key}))')
        self._add("products", 1, f'=SUM({self.area("p_first")})')
        # Column of each resource: its own, so that a month is a row.
        for phase in ("baseline", "reporting"):
            start, count = (self.cell(f"{phase}_{end}", "$2") for end in ("start", "count"))
            self._add(f"{phase}_month", MONTHS,
                      f'=IF(AND(ISNUMBER({start}),{{k}}<={count}),{start}+{{k}}-1,"")')
            month = self.cell(f"{phase}_month")
            self._add(f"{phase}_output", MONTHS, "=" + self._known("p", '"x"', month, "products", "$2"))
            for number in range(1, RESOURCES + 1):
                row = f"${number + 1}"
                self._add(f"{phase}_use_{number}", MONTHS, "=" + self._known(
                    "c", self.cell("resource", row), month, "parts", row))  # fmt: skip
            self._add(f"{phase}_output_total", 1, "=" + self._total(
                "p", '"x"', phase, "products", "$2", f"{phase}_output", count))  # fmt: skip
            for number in range(1, RESOURCES + 1):
                row = f"${number + 1}"
                self._add(f"{phase}_total_{number}", 1, "=" + self._total(
                    "c", self.cell("resource", row), phase, "parts", row,
                    f"{phase}_use_{number}", count))  # fmt: skip

    def _sums(self, prefix: str, key: str, code: str, name: str) -> str:
        return (f"SUMIFS({self.area(f'{prefix}_{name}')},{self.area(f'{prefix}_key')},{key},"
                f"{self.area(f'{prefix}_code')},{code})")

    def _known(self, prefix: str, key: str, month: str, parts: str, row: str) -> str:
        """Σ of a month where every part has said its figure, else nothing."""
        said, blank, value = (self._sums(prefix, key, month, name)
                              for name in ("said", "blank", "value"))  # fmt: skip
        needed = self.cell(parts, row)
        return f'IF(OR({key}="",{month}="",{needed}=0),"",IF(AND({blank}=0,{said}={needed}),{value},""))'

    def _total(
        self, prefix: str, key: str, phase: str, parts: str, row: str, months: str, count: str
    ) -> str:
        """Total of a period: as typed, or added up where every month is known."""
        given = self._known(prefix, key, f'"{phase}"', parts, row)
        added = f'IF(AND({count}>0,COUNT({self.area(months)})={count}),SUM({self.area(months)}),"")'
        return f"IF(ISNUMBER({given}),{given},{added})"

    # -- money ----------------------------------------------------------------------------------

    def _prices(self) -> None:
        table, rows = "prices", self.number_of_rows("prices")
        typed = f'TRIM({self.typed(table, "resource")}&"")'
        self._add("r_key", rows, self._live(table, self.resource_key(typed)))
        key = self.cell("r_key")
        kind = self.look_up(self.typed(table, "kind"), "price_kind_word", "price_kind_key", '"average"')
        self._add("r_kind", rows, self._live(table, f'IF({key}="","",{kind})'))
        size = self.look_up(self.typed(table, "unit"), "known_price", "price_size", '"?"')
        vat = self.look_up(self.typed(table, "vat"), "vat_word", "vat_key")
        rate = self.typed(table, "vat_rate")
        net = f'IF({vat}="included",1+IF({rate}>=1,{rate}/100,{rate}),1)'
        self._add("r_value", rows, self._live(
            table, f'IF({key}="","",IFERROR({self.typed(table, "price")}*{size}/{net},"?"))'))

    def price(self, key: str) -> str:
        """Price of a saving: marginal, else average, else from the bills of the baseline."""
        keys, kinds, values = (self.area(f"r_{name}") for name in ("key", "kind", "value"))

        def stated(kind: str, otherwise: str) -> str:
            count = f'COUNTIFS({keys},{key},{kinds},"{kind}")'
            value = f'SUMIFS({values},{keys},{key},{kinds},"{kind}")'
            numbers = f'COUNTIFS({keys},{key},{kinds},"{kind}",{values},">=0")'
            # Two prices of one kind: which one is meant is not guessed here.
            return f'IF({count}=0,{otherwise},IF(AND({count}=1,{numbers}=1),{value},"?"))'

        paid, amount = (f'SUMIFS({self.area(name)},{self.area("c_key")},{key})'
                        for name in ("c_paid", "c_for"))  # fmt: skip
        return stated("marginal", stated("average", f'IFERROR({paid}/{amount},"?")'))

    def _options(self) -> None:
        table, rows = "option_savings", self.number_of_rows("option_savings")
        options = self.blocks["options"]
        name = f'TRIM({self.typed(table, "option")}&"")'
        place = (f'IFERROR(MATCH({name},{options.area("option")},0),'
                 f'MATCH({name},{options.area("name")},0))')
        self._add("s_option", rows, self._live(table, f'IF({name}="","",{place})'))
        option = self.cell("s_option")
        own, whole = self.typed(table, "months_covered"), options.area("months_covered")
        months = f'IF(ISNUMBER({own}),{own},IF(ISNUMBER(INDEX({whole},{option})),INDEX({whole},{option}),12))'
        money, quantity = self.typed(table, "money"), self.typed(table, "quantity")
        money_size = self._money_size(self.typed(table, "money_unit"))
        typed = f'TRIM({self.typed(table, "resource")}&"")'
        self._add("s_key", rows, self._live(table, self.resource_key(typed)))
        own_unit = self.blocks["resources"]
        fallback = f'INDEX({own_unit.area("unit")},MATCH({typed},{own_unit.area("resource")},0))&""'
        self._units("s", table, fallback)
        worth = f'{quantity}*{self.cell("s_size")}*12/{months}*{self.price(self.cell("s_key"))}'
        self._add("s_value", rows, self._live(
            table, f'IF({option}="","",IFERROR(IF(ISNUMBER({money}),{money}*{money_size}*12/{months},'
                   f'IF(ISNUMBER({quantity}),{worth},"?")),"?"))'))  # fmt: skip
        table, rows = "options", self.blocks["options"].rows
        cells = {field: self.typed(table, field) for field in
                 ("cost", "annual_extra_cost", "other_benefit", "months_covered")}  # fmt: skip
        size = self._money_size(self.typed(table, "unit"))
        saved, of, value = (self.area(f"s_{name}") for name in ("option", "option", "value"))
        count, known = f"COUNTIFS({saved},{{k}})", f'COUNTIFS({of},{{k}},{value},">=-1E+300")'
        months = f'IF(ISNUMBER({cells["months_covered"]}),{cells["months_covered"]},12)'
        benefit = f'{cells["other_benefit"]}*{size}*12/{months}'
        extra = f'IF(ISNUMBER({cells["annual_extra_cost"]}),{cells["annual_extra_cost"]}*{size},0)'
        self._add("o_cost", rows, self._live(
            table, f'IF(ISNUMBER({cells["cost"]}),{cells["cost"]}*{size},"")'))
        self._add("o_annual", rows, self._live(
            table, f'IF(ISNUMBER({cells["other_benefit"]}),'
                   f'IF({count}={known},SUMIFS({value},{of},{{k}})+{benefit}-{extra},""),'
                   f'IF(AND({count}>0,{count}={known}),SUMIFS({value},{of},{{k}})-{extra},""))'))  # fmt: skip

    def _money_size(self, text: str) -> str:
        """Size of a unit of money; without one the currency of the study is meant."""
        return f'IF({text}&""="",1,{self.look_up(text, "known_money", "money_size", chr(34) + "?" + chr(34))})'
