"""The preview: specific consumption, saving and payback as live formulas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sxsh_audit.display.wording import payback_text
from sxsh_audit.forms.calc_money import Calc
from sxsh_audit.forms.calc_sheet import ANY_NUMBER, MADE, PHASES, RESOURCES
from sxsh_audit.forms.formulas import (
    NOTHING,
    UNREAD,
    all_of,
    any_of,
    blank,
    is_number,
    not_blank,
    safe,
    text,
    when,
)
from sxsh_audit.forms.layout import HEAD_ROW, Block, Form
from sxsh_audit.forms.lists import ListSheet

__all__ = ["FIRST_OPTION", "FIRST_RESOURCE", "write_preview"]

FIRST_RESOURCE = 6
"""Row, as Excel shows it, of the first resource."""

FIRST_OPTION = FIRST_RESOURCE + RESOURCES + 4
"""Row, as Excel shows it, of the first option."""

PRINTED_OPTIONS = 15
"""Options on the printed page; the sheet has all."""

FIGURES = 4
"""Significant digits of a specific consumption, as the library prints it."""

DAYS, YEAR_IN_MONTHS = 365, 11.95
"""Days of a year, and months from which a payback is told in years: as the library tells it."""

WIDTHS = (38, 16, 18, 20, 28, 12, 12, 52)
UNROUNDED = {"baseline": "J", "reporting": "K"}
"""Hidden columns with the figures before they are rounded."""


def write_preview(
    sheet: Any,
    calc_sheet: Any,
    form: Form,
    blocks: Mapping[str, Block],
    lists: ListSheet,
    settings: Mapping[str, str],
    formats: Any,
) -> None:
    """Write the preview and the hidden sheet behind it.

    Parameters
    ----------
    sheet, calc_sheet : xlsxwriter worksheets
        The sheet a person sees, and the one with the intermediate figures.
    form : Form
        What the template is made for.
    blocks : mapping of str to Block
        Sheets of the tables.
    lists : ListSheet
        Names, units and words.
    settings : mapping of str to str
        Cell of each setting.
    formats : object
        Formats of the workbook.
    """
    calc = Calc(calc_sheet, form, blocks, lists, settings)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, form.say("preview_title"), formats.title)
    sheet.merge_range(1, 0, 1, len(WIDTHS) - 1, form.say("preview_note"), formats.note)
    sheet.set_row(1, 32)
    _intensities(sheet, calc, form, formats)
    _paybacks(sheet, calc, form, formats)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, FIRST_OPTION + PRINTED_OPTIONS - 2, len(WIDTHS) - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.protect("", {"format_columns": True})


class _Row:
    """One row of formulas, from its first column on."""

    def __init__(self, sheet: Any, row: int, shown: str) -> None:
        self.sheet, self.row, self.shown = sheet, row, shown

    def write(self, column: int, formula: str, style: Any = None) -> None:
        """Write a formula that gives nothing where the row has nothing to show."""
        self.sheet.write_formula(self.row, column, f"={when(self.shown, formula)}", style, "")


def _heads(sheet: Any, row: int, form: Form, formats: Any, *codes: str) -> None:
    sheet.set_row(row, 32)
    for column, code in enumerate(codes):
        sheet.write_string(row, column, form.say(f"preview_{code}"), formats.heading)


def _usual(calc: Calc, prefix: str, key: str, name: str) -> str:
    """Return what is known of the unit that is used most often with a key."""
    keys, scores, tags = (calc.area(f"{prefix}_{one}") for one in ("key", "score", "tag"))
    # MAXIFS is younger than many a laptop's Excel.
    best = f"SUMPRODUCT(MAX(({keys}={key})*{scores}))"
    return f'INDEX({calc.area(f"{prefix}_{name}")},MATCH({key}&"|"&{best},{tags},0))'


def _intensities(sheet: Any, calc: Calc, form: Form, formats: Any) -> None:
    sheet.write_string(3, 0, form.say("preview_intensity"), formats.title)
    _heads(sheet, FIRST_RESOURCE - 2, form, formats, "resource", "baseline", "reporting", "unit",
           "saving", "months_baseline", "months_reporting", "why")  # fmt: skip
    typed, numbers = calc.blocks["consumption"].area("resource"), calc.area("c_number")
    for number in range(1, RESOURCES + 1):
        place = FIRST_RESOURCE + number - 1
        key = calc.cell("resource", f"${number + 1}", sheet=True)
        row = _Row(sheet, place - 1, f"{key}<>{NOTHING}")
        # As first typed: the key alone says little to a person.
        row.write(0, safe(f"INDEX({typed},MATCH({number},{numbers},0))", key), formats.calc)
        size = f"({_usual(calc, 'c', key, 'size')}/{_usual(calc, 'p', MADE, 'size')})"
        exact = {phase: f"${letters}{place}" for phase, letters in UNROUNDED.items()}
        held = f"$H{place}<>{NOTHING}"  # something is wrong, and told in the last column
        for column, phase in enumerate(PHASES, start=1):
            ratio, months = _ratio(calc, phase, number)
            row.write(column + 8, safe(f"{ratio}/{size}"))
            figure = exact[phase]
            digits = f"MAX(0,{FIGURES - 1}-INT(LOG10(ABS({figure}))))"
            rounded = when(f"{figure}=0", "0", f"ROUND({figure},{digits})")
            row.write(column, when(held, UNREAD, safe(rounded)), formats.digits)
            # A total has no months: «0» would look like nothing known.
            row.write(column + 4, when(f"{months}>0", months, text("–")), formats.calc)
        unit = f'{_usual(calc, "c", key, "shown")}&"/"&{_usual(calc, "p", MADE, "shown")}'
        row.write(3, safe(unit), formats.calc)
        before, after = exact["baseline"], exact["reporting"]
        saving = safe(f"({before}-{after})/{before}")
        row.write(4, when(held, UNREAD, saving), formats.percent)
        row.write(7, _why(calc, form, key, place), formats.calc)
    sheet.set_column(9, 10, None, None, {"hidden": True})
    more = when(f"MAX({numbers})>{RESOURCES}", text(form.say("preview_more")))
    sheet.write_formula(FIRST_RESOURCE + RESOURCES - 1, 0, f"={more}", formats.small, "")


def _ratio(calc: Calc, phase: str, number: int) -> tuple[str, str]:
    """Σ use ÷ Σ output over the months with both, else of the totals; and how many months."""
    use, output = calc.area(f"{phase}_use_{number}"), calc.area(f"{phase}_output")
    both = f"--ISNUMBER({use}),--ISNUMBER({output})"
    months = f"SUMPRODUCT({both})"
    monthly = f"SUMPRODUCT({both},{use})/SUMPRODUCT({both},{output})"
    totals = [calc.single(f"{phase}_{name}") for name in (f"total_{number}", "output_total")]
    return when(f"{months}>0", monthly, f"{totals[0]}/{totals[1]}"), months


def _why(calc: Calc, form: Form, key: str, place: int) -> str:
    """Say why a resource cannot be worked out here; nothing where it can."""
    def odd(prefix: str, of: str) -> str:
        return f"SUMIFS({calc.area(f'{prefix}_odd')},{calc.area(f'{prefix}_key')},{of})>0"

    def where(prefix: str, table: str, of: str) -> str:
        row = f'MATCH({of}&"|1",{calc.area(f"{prefix}_where")},0)+{HEAD_ROW}'
        beginning = form.say("preview_unreadable", sheet=calc.blocks[table].name)
        return f"{text(beginning)}&\" \"&{row}"

    def mixed(prefix: str, of: str) -> str:
        keys, units, values = (calc.area(f"{prefix}_{one}") for one in ("key", "of", "value"))
        known = f"{keys},{of},{values},{ANY_NUMBER}"
        usual = _usual(calc, prefix, of, "of")
        return f"COUNTIFS({known})<>COUNTIFS({known},{units},{usual})"

    starts = [is_number(calc.single(f"{phase}_start")) for phase in PHASES]
    monthly = calc.blocks["consumption"].position("period") > 0
    several = all_of(f"{calc.single('products')}>1", f"TRIM({calc.settings['output']})={NOTHING}")
    missing = any_of(*(f"NOT({is_number(f'${letters}{place}')})" for letters in UNROUNDED.values()))
    told = {code: text(form.say(f"preview_{code}")) for code in
            ("below", "headings", "periods", "name", "products", "units_differ", "no_joint",
             "no_total")}  # fmt: skip
    told["use"] = where("c", "consumption", key)
    told["output"] = where("p", "production", MADE)
    told["no_joint"] = told["no_joint"] if monthly else told["no_total"]
    reasons = {
        "below": calc.single("records_below"),
        "headings": calc.single("records_headings"),
        "periods": f"NOT({all_of(*starts)})" if monthly else "FALSE",
        "name": f"{key}={UNREAD}",
        "use": odd("c", key),
        "output": odd("p", MADE),
        "products": several,
        "units_differ": safe(any_of(mixed("c", key), mixed("p", MADE)), "FALSE"),
        "no_joint": missing,
    }
    formula = NOTHING
    for code in reversed(reasons):
        formula = when(reasons[code], told[code], formula)
    return formula


def _paybacks(sheet: Any, calc: Calc, form: Form, formats: Any) -> None:
    block = calc.blocks["options"]
    sheet.write_string(FIRST_OPTION - 3, 0, form.say("preview_payback"), formats.title)
    _heads(sheet, FIRST_OPTION - 2, form, formats, "option", "cost", "annual", "amount",
           "amount_unit")  # fmt: skip
    told = {name: text(payback_text(float("nan"), name, form.language))
            for name in ("immediate", "never", "worse", "unknown")}  # fmt: skip
    units = {name: text(form.say(f"preview_{name}")) for name in ("years", "months", "days")}
    for k in range(1, block.rows + 1):
        place = FIRST_OPTION + k - 1
        option, name, status, mark = (f"INDEX({block.area(field)},{k})" for field in
                                      ("option", "name", "status", "example"))  # fmt: skip
        dropped = calc.look_up(status, "option_status_word", "option_status_key")
        none = any_of(not_blank(mark), f"{option}&{name}={NOTHING}", f"{dropped}={text('dropped')}")
        label = f"{option}&" + when(blank(name), NOTHING, f'" · "&{name}')
        sheet.write_formula(place - 1, 0, f"={safe(when(none, NOTHING, label), NOTHING)}",
                            formats.calc, "")  # fmt: skip
        row = _Row(sheet, place - 1, f"$A{place}<>{NOTHING}")
        for column, source in ((1, "o_cost"), (2, "o_annual")):
            cell = calc.cell(source, f"${k + 1}", sheet=True)
            row.write(column, when(is_number(cell), cell, UNREAD), formats.plain)
        cost, annual = f"$B{place}", f"$C{place}"
        years = f"({cost}/{annual})"
        known, pays = all_of(is_number(cost), is_number(annual)), f"{annual}>0"
        in_years = all_of(pays, f"{cost}>0")
        days, months = f"{years}<1/12", f"{years}*12<{YEAR_IN_MONTHS}"
        amount = when(days, f"{years}*{DAYS}", when(months, f"{years}*12", years))
        amount = when(in_years, f"ROUND({amount},1)", when(pays, "0", text("–")))
        row.write(3, when(known, amount, UNREAD), formats.one)
        unit = when(days, units["days"], when(months, units["months"], units["years"]))
        rest = when(all_of(f"{annual}=0", f"{cost}>=0"), told["never"], told["worse"])
        unit = when(in_years, unit, when(pays, told["immediate"], rest))
        row.write(4, when(known, unit, told["unknown"]), formats.calc)
