"""The preview: specific consumption, saving and payback as live formulas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sxsh_audit.display.wording import payback_text
from sxsh_audit.forms.calc_sheet import RESOURCES, Calc
from sxsh_audit.forms.layout import Block, Form
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
    for column, width in enumerate((38, 16, 18, 20, 28, 12, 12, 52)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, form.say("preview_title"), formats.title)
    sheet.merge_range(1, 0, 1, 7, form.say("preview_note"), formats.note)
    sheet.set_row(1, 32)
    _intensities(sheet, calc, form, formats)
    _paybacks(sheet, calc, form, formats)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, FIRST_OPTION + PRINTED_OPTIONS - 2, 7)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.protect("", {"format_columns": True})


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
    kinds = calc.area("p_of")
    for number in range(1, RESOURCES + 1):
        row = FIRST_RESOURCE + number - 2
        key = calc.cell("resource", f"${number + 1}", sheet=True)
        at = row + 1
        # As first typed: the key alone says little to a person.
        typed = calc.blocks["consumption"].area("resource")
        sheet.write_formula(row, 0, f'=IF({key}="","",IFERROR(INDEX({typed},MATCH({number},'
                            f'{calc.area("c_number")},0)),{key}))', formats.calc, "")  # fmt: skip
        scale = f"({_usual(calc, 'c', key, 'size')}/{_usual(calc, 'p', chr(34) + 'x' + chr(34), 'size')})"
        joint = {}
        for column, phase in ((1, "baseline"), (2, "reporting")):
            use, output = calc.area(f"{phase}_use_{number}"), calc.area(f"{phase}_output")
            both = f"--ISNUMBER({use}),--ISNUMBER({output})"
            joint[phase] = f"SUMPRODUCT({both})"
            totals = [calc.cell(f"{phase}_{name}", "$2", sheet=True)
                      for name in (f"total_{number}", "output_total")]  # fmt: skip
            ratio = (f"IF({joint[phase]}>0,SUMPRODUCT({both},{use})/SUMPRODUCT({both},{output}),"
                     f"{totals[0]}/{totals[1]})")
            value = f"{ratio}/{scale}"
            digits = f"MAX(0,{FIGURES - 1}-INT(LOG10(ABS({value}))))"
            why = f'$H{at}<>""'
            sheet.write_formula(
                row, column,
                f'=IF({key}="","",IF({why},"?",IFERROR(IF({value}=0,0,ROUND({value},{digits})),"?")))',
                formats.digits, "")  # fmt: skip
            # The unrounded figure behind it, for the saving.
            sheet.write_formula(row, column + 8, f'=IF({key}="","",IFERROR({value},"?"))', None, "")
        unit = (f"{_usual(calc, 'c', key, 'shown')}&\"/\"&"
                f"{_usual(calc, 'p', chr(34) + 'x' + chr(34), 'shown')}")
        sheet.write_formula(row, 3, f'=IF({key}="","",IFERROR({unit},"?"))', formats.calc, "")
        sheet.write_formula(row, 4, f'=IF({key}="","",IF($H{at}<>"","?",IFERROR(($J{at}-$K{at})/$J{at},"?")))',
                            formats.percent, "")  # fmt: skip
        for column, phase in ((5, "baseline"), (6, "reporting")):
            sheet.write_formula(row, column, f'=IF({key}="","",{joint[phase]})', formats.calc, "")
        sheet.write_formula(row, 7, _why(calc, form, key, kinds, at), formats.calc, "")
    sheet.set_column(9, 10, None, None, {"hidden": True})
    after = FIRST_RESOURCE + RESOURCES - 1
    sheet.write_formula(after, 0, f'=IF(MAX({calc.area("c_number")})>{RESOURCES},'
                        f'"{form.say("preview_more")}","")', formats.small, "")  # fmt: skip


def _why(calc: Calc, form: Form, key: str, kinds: str, at: int) -> str:
    """Say why a resource cannot be worked out here; nothing where it can."""
    def odd(prefix: str, one: str) -> str:
        return f"SUMIFS({calc.area(f'{prefix}_odd')},{calc.area(f'{prefix}_key')},{one})>0"

    starts = [calc.cell(f"{phase}_start", "$2", sheet=True) for phase in ("baseline", "reporting")]
    unread = f"OR({odd('c', key)},{odd('p', chr(34) + 'x' + chr(34))})"
    own = calc.area("c_of")
    kind = _usual(calc, "c", key, "of")
    made = _usual(calc, "p", '"x"', "of")
    known, of = calc.area("c_value"), calc.area("c_key")
    mixed = (f'IFERROR(OR(COUNTIFS({of},{key},{known},">=-1E+300")<>COUNTIFS({of},{key},{own},{kind},{known},">=-1E+300"),'
             f'COUNT({calc.area("p_value")})<>COUNTIFS({kinds},{made},{calc.area("p_value")},">=-1E+300")),FALSE)')  # fmt: skip
    several = f"AND({calc.cell('products', '$2', sheet=True)}>1,TRIM({calc.settings['output']})=\"\")"
    monthly = calc.blocks["consumption"].position("period") > 0
    unknown = f"OR(NOT(ISNUMBER({starts[0]})),NOT(ISNUMBER({starts[1]})))" if monthly else "FALSE"
    texts = {code: f'"{form.say(f"preview_{code}")}"' for code in
             ("periods", "unreadable", "products", "units_differ", "no_joint")}  # fmt: skip
    empty = f"OR(NOT(ISNUMBER($J{at})),NOT(ISNUMBER($K{at})))"
    return (f'=IF({key}="","",IF({unknown},{texts["periods"]},IF({unread},{texts["unreadable"]},'
            f'IF({several},{texts["products"]},IF({mixed},{texts["units_differ"]},'
            f'IF({empty},{texts["no_joint"]},""))))))')  # fmt: skip


def _paybacks(sheet: Any, calc: Calc, form: Form, formats: Any) -> None:
    block = calc.blocks["options"]
    sheet.write_string(FIRST_OPTION - 3, 0, form.say("preview_payback"), formats.title)
    _heads(sheet, FIRST_OPTION - 2, form, formats, "option", "cost", "annual", "amount",
           "amount_unit", )  # fmt: skip
    words = {name: payback_text(float("nan"), name, form.language)
             for name in ("immediate", "never", "worse", "unknown")}  # fmt: skip
    units = {name: form.say(f"preview_{name}") for name in ("years", "months", "days")}
    for k in range(1, block.rows + 1):
        row, at = FIRST_OPTION + k - 2, FIRST_OPTION + k - 1
        name = "&".join(f'INDEX({block.area(field)},{k})' for field in ("option", "name"))
        label = (f'INDEX({block.area("option")},{k})&IF(INDEX({block.area("name")},{k})&""="","",'
                 f'" · "&INDEX({block.area("name")},{k}))')
        dropped = calc.look_up(f"INDEX({block.area('status')},{k})", "option_status_word",
                               "option_status_key")  # fmt: skip
        marked = f"INDEX({block.area('example')},{k})"
        sheet.write_formula(row, 0, f'=IFERROR(IF(OR({marked}&""<>"",{name}="",{dropped}="dropped"),"",{label}),"")',
                            formats.calc, "")  # fmt: skip
        for column, source in ((1, "o_cost"), (2, "o_annual")):
            cell = calc.cell(source, f"${k + 1}", sheet=True)
            sheet.write_formula(row, column, f'=IF($A{at}="","",IF(ISNUMBER({cell}),{cell},"?"))',
                                formats.plain, "")  # fmt: skip
        years, cost, annual = f"($B{at}/$C{at})", f"$B{at}", f"$C{at}"
        known = f"AND(ISNUMBER({cost}),ISNUMBER({annual}))"
        amount = (f"IF({years}<1/12,{years}*{DAYS},IF({years}*12<{YEAR_IN_MONTHS},{years}*12,{years}))")
        sheet.write_formula(
            row, 3,
            f'=IF($A{at}="","",IF(NOT({known}),"?",IF(AND({annual}>0,{cost}>0),ROUND({amount},1),'
            f'IF({annual}>0,0,"–"))))', formats.one, "")  # fmt: skip
        told = (f'IF({years}<1/12,"{units["days"]}",IF({years}*12<{YEAR_IN_MONTHS},'
                f'"{units["months"]}","{units["years"]}"))')
        sheet.write_formula(
            row, 4,
            f'=IF($A{at}="","",IF(NOT({known}),"{words["unknown"]}",IF(AND({annual}>0,{cost}>0),{told},'
            f'IF({annual}>0,"{words["immediate"]}",IF(AND({annual}=0,{cost}>=0),"{words["never"]}",'
            f'"{words["worse"]}")))))', formats.calc, "")  # fmt: skip
