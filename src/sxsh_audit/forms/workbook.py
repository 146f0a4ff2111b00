"""The template as an Excel workbook, sheet by sheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from sxsh_audit import __version__
from sxsh_audit.data import load_toml
from sxsh_audit.forms.formulas import NOTHING, safe
from sxsh_audit.forms.layout import (
    CALC,
    HEAD_ROW,
    KEY_ROW,
    LISTS,
    TABLES,
    Block,
    Form,
    Spoken,
    sheet_layout,
)
from sxsh_audit.forms.lists import ListSheet, list_sheet
from sxsh_audit.forms.preview import write_preview
from sxsh_audit.language.periods import Period
from sxsh_audit.tables.stamp import STAMP

__all__ = ["ALLOWED", "MADE", "Formats", "lay_out_page", "write_lists", "write_table",
           "write_workbook"]  # fmt: skip

GUIDE_LINES = 10
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""Characters that Excel allows in the title and the text of a message beside a cell."""

SETTING_LISTS = {"locale": "locale", "programme": "programme", "quality": "quality",
                 "overall": "overall", "factor_set": "factor_set",
                 "output": "output_rule"}  # fmt: skip
LISTS_OF = {"unit": "unit", "price_unit": "price_unit", "money_unit": "money_unit",
            "resource": "resource", "phase": "phase", "district": "district"}  # fmt: skip
"""List of a column by the kind of its field; a choice has the list of its name."""
SIGNED = (("adjustments", "quantity"), ("flows", "quantity"), ("flows", "cost"))
"""Tables and columns whose figures may be below 0."""

ALLOWED = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_columns": True,
    "insert_rows": True, "insert_hyperlinks": False, "delete_columns": True,
    "delete_rows": True, "sort": True, "autofilter": True,
}  # fmt: skip
"""What a person may do although headings and examples are locked; there is no password."""

MADE = dt.datetime(2026, 1, 1)
"""Time stamp of every template: the same arguments give the same bytes."""


class Formats:
    """The few formats of the workbook, made once."""

    def __init__(self, book: Any) -> None:
        edge: dict[str, Any] = {"border": 1, "border_color": "#9AA5B1"}

        def make(*, locked: bool = True, **more: Any) -> Any:
            return book.add_format({"valign": "vcenter", "locked": locked, **more})

        self.title = make(bold=True, font_size=14)
        self.text = make(text_wrap=True, valign="top")
        self.number_of_line = make(bold=True, align="center", valign="top")
        self.small = make(font_size=9, font_color="#52606D", text_wrap=True, valign="top")
        self.heading = make(bold=True, text_wrap=True, align="center", bg_color="#D9E8F5", **edge)
        self.label = make(bold=True, indent=1, bg_color="#D9E8F5", **edge)
        self.explanation = make(indent=1, font_color="#52606D")
        self.example = make(italic=True, font_color="#7B8794", bg_color="#EDEFF2", indent=1, **edge)
        self.cell = make(locked=False, indent=1, **edge)
        self.date = make(locked=False, num_format="dd/mm/yyyy", **edge)
        self.typed_text = make(locked=False, indent=1, num_format="@", **edge)
        self.number = make(locked=False, num_format="#,##0.######", **edge)
        self.share = make(locked=False, num_format="0.##%", **edge)
        self.example_share = make(italic=True, font_color="#7B8794", bg_color="#EDEFF2",
                                  num_format="0%", **edge)  # fmt: skip
        self.of_kind = {"number": self.number, "money": self.number, "years": self.number,
                        "percent": self.share, "date": self.date,
                        "period": self.typed_text}  # fmt: skip
        self.off = book.add_format({"bg_color": "#E4E7EB"})
        self.note = make(font_color="#52606D", italic=True, text_wrap=True)
        self.calc = make(indent=1, **edge)
        self.digits = make(num_format="[>=1000]#,##0;[>=100]0.0;General", **edge)
        self.plain = make(num_format="#,##0", **edge)
        self.one = make(num_format="0.0", **edge)
        self.percent = make(num_format="0.0%", **edge)


def write_workbook(draft: Path, form: Form, name: str) -> None:
    """Write the template.

    Parameters
    ----------
    draft : Path
        File to write.
    form : Form
        What the template is made for.
    name : str
        Name that the file will have, for the last line of the guide.
    """
    # Unlocked unless a format says otherwise: only so can whole rows and columns be deleted.
    options = {"strings_to_formulas": False, "strings_to_urls": False,
               "default_format_properties": {"font_name": "Arial", "font_size": 11,
                                             "locked": False}}  # fmt: skip
    # In memory first: what the disk refuses is then told as for any other file.
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": form.say("guide_title"), "created": MADE})
        book.set_calc_mode("auto")
        formats = Formats(book)
        lists, blocks = list_sheet(form), {table: sheet_layout(table, form) for table in TABLES}
        _guide(book.add_worksheet(form.say("sheet_guide")), form, formats, name)
        settings = book.add_worksheet(form.say("sheet_settings"))
        places = _settings(settings, form, formats, lists)
        for block in blocks.values():
            write_table(book.add_worksheet(block.name), block, form, formats, lists)
        preview = book.add_worksheet(form.say("sheet_preview"))
        hidden, calc = book.add_worksheet(LISTS), book.add_worksheet(CALC)
        hidden.write_string(0, 0, STAMP)
        hidden.write_number(0, 1, load_toml("template.toml")["version"])
        write_lists(hidden, lists)
        cells = {key: f"'{form.say('sheet_settings')}'!{cell}" for key, cell in places.items()}
        write_preview(preview, calc, form, blocks, lists, cells, formats)
        for sheet in (hidden, calc):
            sheet.hide()
            sheet.protect("", {})
        settings.activate()
        book.get_worksheet_by_name(form.say("sheet_guide")).activate()
    draft.write_bytes(made.getvalue())


def lay_out_page(
    sheet: Any, form: Spoken, *, landscape: bool, rows: tuple[int, int] | None = None
) -> None:
    """Print on A4, one page wide, with the headings on every page."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L&A&R{form.say('form_page', page='&P', pages='&N')}")
    if rows:
        sheet.repeat_rows(*rows)


def _period_text(period: Period) -> str:
    """Return a period as a person types it: a year, or its first and last month."""
    if period.days >= 365 and period.start.month == 1 and period.start.year == period.end.year:
        return str(period.start.year)
    return f"{period.start:%m/%Y} - {period.end:%m/%Y}"


def _guide(sheet: Any, form: Form, formats: Formats, name: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 1, form.say("guide_title"), formats.title)
    numbers = {"baseline": _period_text(form.baseline), "reporting": _period_text(form.reporting),
               "file": name}  # fmt: skip
    for line in range(1, GUIDE_LINES + 1):
        sheet.set_row(line + 1, 36)
        sheet.write_number(line + 1, 0, line, formats.number_of_line)
        sheet.write_string(line + 1, 1, form.say(f"guide_{line}", **numbers), formats.text)
    made = form.say("guide_made", version=__version__,
                    template=load_toml("template.toml")["version"])  # fmt: skip
    sheet.write_string(GUIDE_LINES + 3, 1, made, formats.small)
    sheet.print_area(0, 0, GUIDE_LINES + 3, 1)
    lay_out_page(sheet, form, landscape=False)
    sheet.protect("", {})


def _settings(sheet: Any, form: Form, formats: Formats, lists: ListSheet) -> dict[str, str]:
    """Write the settings; return the cell of each value, for the formulas."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 100)
    sheet.write_string(0, 0, form.say("sheet_settings"), formats.title)
    for column, code in enumerate(("setting_key", "setting_value", "setting_help")):
        sheet.write_string(2, column, form.say(code), formats.heading)
    values = {
        "locale": form.language, "currency": "VND", "baseline": _period_text(form.baseline),
        "reporting": _period_text(form.reporting),
    }  # fmt: skip
    places: dict[str, str] = {}
    row = 3
    for key in load_toml("template.toml")["settings"]["keys"]:
        sheet.set_row(row, 20)
        sheet.write_string(row, 0, form.say(f"setting_label_{key}"), formats.label)
        sheet.write_string(row, 1, values.get(key, ""), formats.typed_text)
        sheet.write_string(row, 2, form.say(f"setting_{key}"), formats.explanation)
        places[key] = f"$B${row + 1}"
        if key in SETTING_LISTS:
            sheet.data_validation(row, 1, row, 1, {
                "validate": "list", "source": f"={lists.area(SETTING_LISTS[key])}",
                "error_type": "warning", "error_title": form.say("error_list_title"),
                "error_message": form.say("error_list"),
            })  # fmt: skip
        row += 1
    sheet.print_area(0, 0, row, 2)
    lay_out_page(sheet, form, landscape=True)
    sheet.protect("", ALLOWED)
    return places


def write_table(
    sheet: Any,
    block: Block,
    form: Spoken,
    formats: Formats,
    lists: ListSheet,
    offered: Mapping[str, str] | None = None,
) -> None:
    """Write the sheet of a table: headings, keys, examples, rows for typing, lists.

    Parameters
    ----------
    sheet : xlsxwriter worksheet
        Where it is written.
    block : Block
        What stands where.
    form, formats, lists
        Texts, formats and lists of the workbook.
    offered : mapping of str to str, optional
        By field, the range of another sheet whose cells its column offers.
    """
    head = HEAD_ROW - 1
    sheet.set_column(0, 0, 9)
    sheet.write_string(0, 0, block.title, formats.title)
    sheet.set_row(KEY_ROW - 1, None, None, {"hidden": True})
    sheet.set_row(head, 48)
    sheet.write_string(head, 0, form.say("column_example"), formats.heading)
    last = block.last - 1
    for position, column in enumerate(block.columns, start=1):
        kind = column.field.kind
        style = formats.of_kind.get(kind, formats.cell)
        if column.field.name in ("vsic", "tax_code"):
            style = formats.typed_text  # keeps the zeros at the beginning
        sheet.set_column(position, position, column.width)
        sheet.write_string(KEY_ROW - 1, position, column.key)
        sheet.write_string(head, position, column.heading, formats.heading)
        for row in range(block.first - 1, last + 1):
            sheet.write_blank(row, position, None, style)
        _validate(sheet, block, position, form, lists, offered or {})
    for offset, example in enumerate(block.examples, start=1):
        row = head + offset
        sheet.write_string(row, 0, form.say("example"), formats.example)
        for position in range(1, len(block.columns) + 1):
            sheet.write_blank(row, position, None, formats.example)
        _cells(sheet, block, row, example, {"percent": formats.example_share}, formats.example)
    for row in range(block.first - 1, last + 1):
        sheet.write_blank(row, 0, None, formats.cell)
    for offset, cells in enumerate(block.preset):
        _cells(sheet, block, block.first - 1 + offset, cells,
               {"period": formats.typed_text, "date": formats.date}, formats.cell)  # fmt: skip
    if block.table == "consumption":
        _grey_what_does_not_apply(sheet, block, formats, lists)
    sheet.freeze_panes(head + 1, 2)
    filled = block.first + max(len(block.preset) + 4, 20)
    sheet.print_area(0, 0, min(last, filled), len(block.columns))
    lay_out_page(sheet, form, landscape=True, rows=(head, head))
    sheet.protect("", ALLOWED)


def _cells(
    sheet: Any, block: Block, row: int, cells: Mapping[str, Any], styles: Mapping[str, Any],
    other: Any,
) -> None:
    for name, value in cells.items():
        position = block.position(name)
        style = styles.get(block.columns[position - 1].field.kind, other)
        if isinstance(value, str):
            sheet.write_string(row, position, value, style)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, position, value, style)
        else:
            sheet.write_number(row, position, value, style)


def _validate(
    sheet: Any, block: Block, position: int, form: Spoken, lists: ListSheet,
    offered: Mapping[str, str],
) -> None:
    """Give a column its list or its rule, and the words beside its cells."""
    column = block.columns[position - 1]
    kind = column.field.kind
    options: dict[str, Any]
    listed = column.field.choices if kind == "choice" else LISTS_OF.get(kind, "")
    if column.field.name == "sector":
        listed = "sector"
    if block.table == "components" and kind == "unit":
        listed = "component_unit"
    source = offered.get(column.field.name) or (lists.area(listed) if listed in lists.columns
                                                else "")  # fmt: skip
    if source:
        options = {"validate": "list", "source": f"={source}",
                   "error_title": form.say("error_list_title"),
                   "error_message": form.say("error_list")}  # fmt: skip
    elif kind in ("number", "money", "years") and (block.table, column.field.name) not in SIGNED:
        options = {"validate": "decimal", "criteria": ">=", "value": 0,
                   "error_title": form.say("error_number_title"),
                   "error_message": form.say("error_number")}  # fmt: skip
    elif kind == "percent":
        options = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1,
                   "error_title": form.say("error_share_title"),
                   "error_message": form.say("error_share")}  # fmt: skip
    elif kind == "date":
        options = {"validate": "date", "criteria": ">=", "value": dt.date(1990, 1, 1),
                   "error_title": form.say("error_date_title"),
                   "error_message": form.say("error_date")}  # fmt: skip
    else:
        options = {"validate": "any"}
    sheet.data_validation(block.first - 1, position, block.last - 1, position, {
        **options, "ignore_blank": True, "error_type": "warning",
        "input_title": column.heading[:LONGEST_TITLE],
        "input_message": column.help[:LONGEST_MESSAGE],
    })  # fmt: skip


def _grey_what_does_not_apply(
    sheet: Any, block: Block, formats: Formats, lists: ListSheet
) -> None:
    """Grey the stocks of what is not stocked, and the tariff period of all but electricity."""
    resource = f"$B{block.first}"
    known = lists.area("name", "name_stocked")

    def looked_up(list_name: str) -> str:
        place = lists.column(list_name, "name")
        return safe(f"VLOOKUP(TRIM({resource}),{known},{place},FALSE)", NOTHING)

    rules = {
        "opening_stock": f'={looked_up("name_stocked")}="0"',
        "closing_stock": f'={looked_up("name_stocked")}="0"',
        "tariff_period": f'=AND({resource}<>"",{looked_up("name_key")}<>"electricity")',
    }
    for name, rule in rules.items():
        position = block.position(name)
        if position > 0:
            sheet.conditional_format(block.first - 1, position, block.last - 1, position,
                                     {"type": "formula", "criteria": rule,
                                      "format": formats.off})  # fmt: skip


def write_lists(sheet: Any, lists: ListSheet) -> None:
    """Write the lists from row 2 on; nothing on their sheet is for people."""
    for position, (name, cells) in enumerate(lists.columns.items()):
        sheet.write_string(1, position, name)
        for row, cell in enumerate(cells, start=2):
            if isinstance(cell, str):
                sheet.write_string(row, position, cell)
            else:
                sheet.write_number(row, position, cell)
