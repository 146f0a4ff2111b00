"""The workbook of a register, which is the form of an agency's yearly report too."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from sxsh_audit import __version__
from sxsh_audit.data import load_toml, names_in
from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.forms.layout import LISTS, Block, SheetColumn, Spoken, choice_label
from sxsh_audit.forms.lists import ListSheet
from sxsh_audit.forms.workbook import (
    ALLOWED,
    MADE,
    Formats,
    lay_out_page,
    write_lists,
    write_table,
)
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.tables.districts import (
    agency_by_name,
    expected_agencies,
    province_by_name,
    province_of,
)
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.schema import REGISTER_TABLES, Field, choice_keys, table_spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_register", "write_register_template"]

STAMP = "sxsh-audit register"
"""First cell of the hidden sheet; not that of a study's template, whose version is another."""

GUIDE = (
    "register_form.guide_1", "register_form.guide_2", "register_form.guide_3",
    "register_form.guide_4", "register_form.guide_5", "register_form.guide_6",
    "register_form.guide_7",
)  # fmt: skip

HELPS = {
    "establishment": "register_form.help_establishment",
    "tax_code": "register_form.help_tax_code",
    "vsic": "register_form.help_vsic",
    "vsic_version": "register_form.help_vsic_version",
    "district": "register_form.help_district",
    "size_class": "register_form.help_size_class",
    "energy_toe": "register_form.help_energy_toe",
    "as_of": "register_form.help_as_of",
    "publish": "register_form.help_publish",
    "indicator": "register_form.help_indicator",
    "value": "register_form.help_value",
    "date": "register_form.help_date",
    "evidence": "register_form.help_evidence",
    "event": "register_form.help_event",
    "task": "register_form.help_task",
    "reported_by": "register_form.help_reported_by",
    "whole_cost": "register_form.help_whole_cost",
}
"""Words beside the cells of a field."""

SETTINGS = {
    "programme": "register_form.setting_programme",
    "province": "register_form.setting_province",
    "agency": "register_form.setting_agency",
    "year": "register_form.setting_year",
    "as_of": "register_form.setting_as_of",
    "received": "register_form.setting_received",
    "locale": "register_form.setting_locale",
}


def write_register_template(
    path: str | os.PathLike[str],
    *,
    language: Language = "vi",
    programme: str = "",
    province: str = "",
    agency: str = "",
    year: int | None = None,
    register: Register | None = None,
    overwrite: bool = False,
) -> Path:
    """Write an empty workbook for a register, or for the yearly report of an agency.

    Parameters
    ----------
    path : path
        The workbook, ``.xlsx``.
    language : {"vi", "en"}
        Language of everything a person reads.
    programme : str
        Id of the programme, such as ``"vn-qb-2384"``; it stands in the sheet of settings.
    province : str
        Name of the province; by default that of the programme.
    agency : str
        Who will report, such as ``"UBND huyện Lệ Thủy"``; with it the workbook is the form of a
        yearly report, without the sheet of the reports received.
    year : int, optional
        Calendar year of the report.
    register : Register, optional
        Establishments that are laid out for the person: those of the district that `agency`
        governs, else all of them.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    Refusal
        If the ending is not ``.xlsx``.
    OutputError
        If the file is there already and `overwrite` is false, or it cannot be written.

    Notes
    -----
    What is filled in is read by :func:`sxsh_audit.read_register`. The same arguments give the
    same bytes.

    Examples
    --------
    >>> import tempfile
    >>> path = write_register_template(
    ...     Path(tempfile.mkdtemp()) / "bao-cao.xlsx", programme="vn-qb-2384",
    ...     agency="UBND huyện Lệ Thủy", year=2014)
    >>> path.name
    'bao-cao.xlsx'
    """
    language = check_language(language)
    where = province_by_name(province) if province else province_of(programme)
    agency = agency_by_name(agency) if agency else ""
    governed = next((one.district for one in expected_agencies(programme, year or 0)
                     if one.name == agency), "") if year else ""  # fmt: skip
    values = {"programme": programme, "province": province or (where.name if where else ""),
              "agency": agency, "year": str(year or ""), "locale": language}  # fmt: skip
    preset = {}
    if register is not None:
        plants = register.tables["establishments"]
        chosen = plants[plants["district"] == governed] if governed else plants
        preset["establishments"] = _cells(chosen.drop(columns="as_of"), "establishments", language)
    return _write(Path(path), language, values, preset, overwrite=overwrite)


def write_register(
    register: Register,
    path: str | os.PathLike[str],
    *,
    language: Language = "vi",
    overwrite: bool = False,
) -> Path:
    """Write a register into a workbook that can be read again and filled in further.

    Parameters
    ----------
    register : Register
        What is written; results of assessments are not typed and stay out.
    path : path
        The workbook, ``.xlsx``.
    language : {"vi", "en"}
        Language of everything a person reads.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    Refusal
        If the ending is not ``.xlsx``.
    OutputError
        If the file is there already and `overwrite` is false, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from sxsh_audit.tables.register_reading import read_register
    >>> register = Register.from_frames(
    ...     establishments=pd.DataFrame({"establishment": ["QB01"], "name": ["Xưởng A"]}))
    >>> path = write_register(register, Path(tempfile.mkdtemp()) / "so.xlsx")
    >>> read_register(path).establishments.equals(register.establishments)
    True
    """
    language = check_language(language)
    values = {**register.settings, "locale": language}
    preset = {table: _cells(register.tables[table], table, language) for table in REGISTER_TABLES}
    return _write(Path(path), language, values, preset, overwrite=overwrite)


def _write(
    path: Path,
    language: Language,
    values: Mapping[str, str],
    preset: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    overwrite: bool,
) -> Path:
    """Write the workbook with the settings and the rows that are there already."""
    if path.suffix.lower() != ".xlsx":
        code, numbers = "register_form.ending", {"name": path.name}
        raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
    agency, form = values.get("agency", ""), Spoken(language)
    lists = _lists(language, _districts(values))
    blocks = [_block(table, language, preset.get(table, ())) for table in REGISTER_TABLES
              if not (agency and table == "reports" and not preset.get(table))]  # fmt: skip
    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False,
               "default_format_properties": {"font_name": "Arial", "font_size": 11,
                                             "locked": False}}  # fmt: skip
    with xlsxwriter.Workbook(made, options) as book:
        code = "register_form.title_report" if agency else "register_form.title"
        title = sentence(code, language)
        book.set_properties({"title": title, "created": MADE})
        formats = Formats(book)
        guide = book.add_worksheet(form.say("sheet_guide"))
        _guide(guide, form, formats, title)
        _settings(book.add_worksheet(form.say("sheet_settings")), form, formats, lists, values)
        for block in blocks:
            write_table(book.add_worksheet(block.name), block, form, formats, lists,
                        _codes(block, blocks))  # fmt: skip
        hidden = book.add_worksheet(LISTS)
        hidden.write_string(0, 0, STAMP)
        hidden.write_number(0, 1, load_toml("register_template.toml")["version"])
        write_lists(hidden, lists)
        hidden.hide()
        hidden.protect("", {})
        guide.activate()
    with replacing(path, overwrite=overwrite, language=language) as draft:
        draft.write_bytes(made.getvalue())
    return path


def _districts(values: Mapping[str, str]) -> list[str]:
    """Districts to choose from: those of the year, where one is stated."""
    named, year = values.get("province", ""), values.get("year", "")
    where = province_by_name(named) if named else province_of(values.get("programme", ""))
    if where is None:
        return []
    there = where.on(dt.date(int(year), 12, 31)) if year else where.districts
    return [one.name for one in there]


def _lists(language: Language, districts: Sequence[str]) -> ListSheet:
    listed = {field.choices for table in REGISTER_TABLES
              for field in table_spec(table).fields.values() if field.choices}  # fmt: skip
    columns: dict[str, Sequence[Any]] = {
        choices: [choice_label(choices, key, language) for key in choice_keys(choices)]
        for choices in sorted(listed)
    }
    columns["unit"] = load_toml("template.toml")["units"][language]
    columns["programme"] = list(names_in("programmes", ".toml"))
    columns["locale"] = ["vi", "en"]
    if districts:
        columns["district"] = list(districts)
    return ListSheet(columns)


def _block(table: str, language: Language, preset: Sequence[Mapping[str, Any]]) -> Block:
    record: dict[str, Any] = load_toml("register_template.toml")[table]
    spec = table_spec(table)
    columns = tuple(
        SheetColumn(spec.fields[name], _heading(spec.fields[name], language),
                    record["widths"][name], _help(spec.fields[name], language))
        for name in record["columns"]
    )  # fmt: skip
    label = spec.label(language)
    rows = max(record["rows"], len(preset) + 60)
    return Block(table, label, label, columns, record["example"][language], preset, rows)


def _heading(field: Field, language: Language) -> str:
    text = field.label(language)
    if field.kind == "money":
        text = f"{text} ({load_toml('template.toml')['money'][language][0]})"
    return f"{text} *" if field.required else text


def _help(field: Field, language: Language) -> str:
    if field.name in HELPS:
        return sentence(HELPS[field.name], language)
    return sentence("register_form.help_required" if field.required
                    else "register_form.help_optional", language)  # fmt: skip


def _cells(
    frame: pd.DataFrame, table: str, language: Language
) -> tuple[Mapping[str, Any], ...]:
    """Return the records of a table as cells; what is not known stays empty."""
    fields = {name: field for name, field in table_spec(table).fields.items() if name in frame}
    rows = []
    for record in zip(*(frame[name].tolist() for name in fields), strict=True):
        cells: dict[str, Any] = {}
        for (name, field), value in zip(fields.items(), record, strict=True):
            if value is None or value == "" or value != value:
                continue
            cells[name] = choice_label(field.choices, value, language) if field.choices else value
        rows.append(cells)
    return tuple(rows)


def _guide(sheet: Any, form: Spoken, formats: Formats, title: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 1, title, formats.title)
    for line, code in enumerate(GUIDE, start=1):
        sheet.set_row(line + 1, 36)
        sheet.write_number(line + 1, 0, line, formats.number_of_line)
        sheet.write_string(line + 1, 1, sentence(code, form.language), formats.text)
    made = form.say("guide_made", version=__version__,
                    template=load_toml("register_template.toml")["version"])  # fmt: skip
    sheet.write_string(len(GUIDE) + 3, 1, made, formats.small)
    sheet.print_area(0, 0, len(GUIDE) + 3, 1)
    lay_out_page(sheet, form, landscape=False)
    sheet.protect("", {})


def _settings(
    sheet: Any, form: Spoken, formats: Formats, lists: ListSheet, values: Mapping[str, str]
) -> None:
    """Write the settings: a name that the reader knows, the value, what it is for."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 38)
    sheet.set_column(2, 2, 100)
    sheet.write_string(0, 0, form.say("sheet_settings"), formats.title)
    sheet.write_string(2, 0, form.say("setting_key"), formats.heading)
    sheet.write_string(2, 1, form.say("setting_value"), formats.heading)
    sheet.write_string(2, 2, form.say("setting_help"), formats.heading)
    for row, key in enumerate(load_toml("register_template.toml")["settings"]["keys"], start=3):
        label = choice_label("register_setting", key, form.language)
        sheet.write_string(row, 0, label[:1].upper() + label[1:], formats.label)
        sheet.write_string(row, 1, values.get(key, ""), formats.typed_text)
        sheet.write_string(row, 2, sentence(SETTINGS[key], form.language), formats.explanation)
        if key in lists.columns:
            sheet.data_validation(row, 1, row, 1, {
                "validate": "list", "source": f"={lists.area(key)}", "error_type": "warning",
                "error_title": form.say("error_list_title"),
                "error_message": form.say("error_list"),
            })  # fmt: skip
    sheet.print_area(0, 0, 2 + len(SETTINGS), 2)
    lay_out_page(sheet, form, landscape=True)
    sheet.protect("", ALLOWED)


def _codes(block: Block, blocks: Sequence[Block]) -> dict[str, str]:
    """Ranges of the codes of establishments and events that a table names."""
    areas = {one.table: one for one in blocks}
    return {field: areas[table].area(field)
            for field, table in (("establishment", "establishments"), ("event", "events"))
            if block.table != table}  # fmt: skip
