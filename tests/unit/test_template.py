"""The template: what its sheets hold, what its lists offer, what its cells say."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import sxsh_audit as sx
from sxsh_audit.data import load_toml
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.forms.layout import Form, sheet_layout
from sxsh_audit.forms.lists import list_sheet
from sxsh_audit.language.periods import Period
from sxsh_audit.tables.schema import choice_words, plain_word, resource_words, table_by_name
from sxsh_audit.tables.sectors import sector_by_name, sectors
from sxsh_audit.tables.settings import read_settings

LANGUAGES = ("vi", "en")
YEAR = Period(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
NEXT = Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31))


def form(language: Any, months: Any = "12") -> Form:
    resources = ("electricity", "coal")
    return Form(language, months, YEAR, NEXT, sector_by_name("giấy"), resources, False)


KINDS = [(language, months) for language in LANGUAGES for months in ("12", "totals")]


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a template opened again, with its language and kind."""
    language, months = request.param
    path = tmp_path_factory.mktemp("template") / "a.xlsx"
    sx.write_template(path, language=language, months=months, sector="paper", baseline=2023,
                      reporting=2024)  # fmt: skip
    return language, months, openpyxl.load_workbook(path)


# -- sheets ------------------------------------------------------------------------------------


def test_there_is_one_sheet_for_each_table(book: Any) -> None:
    language, _, workbook = book
    tables = [spec.name for sheet in workbook.worksheets if (spec := table_by_name(sheet.title))]
    assert tables == ["facility", "team", "products", "production", "consumption",
                      "resources", "prices", "end_uses", "drivers", "adjustments", "steps",
                      "flows", "components", "options", "option_savings"]  # fmt: skip
    hidden = {sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "hidden"}
    assert hidden == {"_sxsh", "_calc"}
    first = workbook.worksheets[0]
    lines = [cell.value for cell in first["B"] if cell.value]
    assert len([cell for cell in first["A"] if cell.value]) == 10  # the visit in ten lines
    assert "a.xlsx" in " ".join(lines)
    assert language in ("vi", "en")


def test_every_sheet_prints_on_a4_one_page_wide(book: Any) -> None:
    for sheet in book[2].worksheets:
        if sheet.sheet_state == "visible":
            assert sheet.page_setup.paperSize in (9, "9"), sheet.title
            assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
            assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
            assert sheet.print_area, sheet.title


def test_headings_and_examples_are_locked_and_cells_to_type_in_are_not(book: Any) -> None:
    language, _, workbook = book
    word = {"vi": "ví dụ", "en": "example"}[language]
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password
        if table_by_name(sheet.title) is None:
            continue
        assert [cell.protection.locked for cell in sheet[4][:3]] == [True] * 3
        row = 5
        while sheet.cell(row, 1).value == word:
            assert sheet.cell(row, 2).protection.locked
            row += 1
        assert row > 5
        assert not sheet.cell(row, 2).protection.locked
        assert sheet.protection.deleteRows is False  # «false» is Excel's word for allowed


def test_cells_that_are_not_written_are_unlocked(tmp_path: Path) -> None:
    """A whole row can be deleted only where none of its cells is locked, the far ones as well."""
    path = sx.write_template(tmp_path / "a.xlsx", months="totals")
    with zipfile.ZipFile(path) as archive:
        styles = archive.read("xl/styles.xml").decode()
    first = re.search(r"<cellXfs[^>]*><xf .*?</xf>", styles)
    assert first is not None
    assert '<protection locked="0"/>' in first.group()


def test_every_column_has_a_heading_that_the_reader_knows(book: Any) -> None:
    language, _, workbook = book
    for sheet in workbook.worksheets:
        spec = table_by_name(sheet.title)
        if spec is None:
            continue
        for key, heading in zip(sheet[3], sheet[4], strict=True):
            if key.value:
                name = key.value.removeprefix("sxsh:")
                plain = heading.value.removesuffix(" *")
                assert plain.startswith(spec.fields[name].label(language))
                assert heading.value.endswith("*") == spec.fields[name].required
        assert sheet.row_dimensions[3].hidden


def test_every_typed_column_has_words_beside_its_cells(book: Any) -> None:
    for sheet in book[2].worksheets:
        if table_by_name(sheet.title) is None:
            continue
        told = {str(area).split(":")[0].rstrip("0123456789"): rule
                for rule in sheet.data_validations.dataValidation
                for area in rule.sqref.ranges}  # fmt: skip
        for key in sheet[3]:
            if key.value:
                rule = told[key.column_letter]
                assert rule.prompt
                assert 0 < len(rule.prompt) <= 255
                assert len(rule.promptTitle) <= 32
                if rule.type == "list":
                    assert rule.formula1.startswith("'_sxsh'!")
                    assert rule.errorStyle == "warning"  # other spellings are read as well
                    assert rule.error


def test_dropdowns_cover_units_resources_categories_and_quality(book: Any) -> None:
    workbook = book[2]
    lists = {cell.value: cell.column_letter for cell in workbook["_sxsh"][2] if cell.value}
    used = set()
    for sheet in workbook.worksheets:
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list":
                used.add(rule.formula1.split("$")[1])
    wanted = {"unit", "resource", "quality", "category", "programme", "price_unit", "money_unit"}
    assert {lists[name] for name in wanted} <= used


def test_stock_columns_are_hatched_for_what_is_not_stocked(book: Any) -> None:
    language, _, workbook = book
    sheet = workbook[{"vi": "Tiêu thụ", "en": "Consumption"}[language]]
    fields = {cell.value.removeprefix("sxsh:"): cell.column_letter
              for cell in sheet[3] if cell.value}  # fmt: skip
    hatched = {str(area.sqref)[0] for area in sheet.conditional_formatting}
    assert {fields["opening_stock"], fields["closing_stock"]} <= hatched
    if "tariff_period" in fields:
        assert fields["tariff_period"] in hatched


def test_months_or_totals_are_laid_out(book: Any) -> None:
    language, months, workbook = book
    sheet = workbook[{"vi": "Sản lượng", "en": "Production"}[language]]
    field = "period" if months == "12" else "phase"
    column = next(cell.column for cell in sheet[3] if cell.value == f"sxsh:{field}")
    typed = [sheet.cell(row, column).value for row in range(6, 40) if sheet.cell(row, column).value]
    if months == "12":
        assert len(typed) == 24
        assert typed[0] == "01/2023"
        assert typed[-1] == "12/2024"
        assert sheet.cell(6, column).number_format == "@"  # Excel would make a date of it
    else:
        assert typed == {"vi": ["nền", "báo cáo"], "en": ["baseline", "reporting"]}[language]


def test_no_text_is_a_formula_and_no_formula_is_an_old_value(book: Any) -> None:
    for sheet in book[2].worksheets:
        formulas = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        if table_by_name(sheet.title) is not None:
            assert formulas == 0
        elif sheet.title == "_calc":
            assert formulas > 5000


# -- lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_list_is_read_as_what_it_says(language: Any) -> None:
    lists = list_sheet(form(language)).columns
    for text in lists["unit"]:
        sx.parse_unit(text)
    for text in lists["resource"]:
        assert plain_word(text) in resource_words()
    for text in lists["component_unit"]:
        assert sx.parse_unit(text).canonical in ("1", "t/t", "t/m3", "t/Nm3")
    for text in lists["price_unit"]:
        assert sx.parse_unit(text).dimension.startswith("money/")
    for text in lists["money_unit"]:
        assert sx.parse_unit(text).dimension == "money"
    for choices in ("phase", "quality", "output_basis", "tariff_period", "price_kind", "vat",
                    "cost_class", "option_status", "category", "must_have", "step_kind",
                    "flow_kind", "hazard", "cause", "error_meaning"):  # fmt: skip
        keys = [choice_words(choices)[plain_word(text)] for text in lists[choices]]
        assert keys == list(load_toml("choices.toml")[choices])
    for text in lists["programme"]:
        assert sx.programme(text).id == text
    for text in lists["sector"]:
        assert sector_by_name(text) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preview_knows_of_units_what_the_library_knows(language: Any) -> None:
    """One kWh is 3.6 MJ and one thousand lít a m³: by pint's own sizes, not by the list's."""
    lists = list_sheet(form(language)).columns
    sizes = dict(zip(lists["known_unit"], lists["unit_size"], strict=True))
    assert sizes["MWh"] == 1000
    assert sizes["MJ"] == pytest.approx(1 / 3.6, rel=1e-15)
    assert sizes["tấn"] == sizes["t"] == 1
    assert sizes["kg"] == 0.001
    assert sizes["1000 lít"] == 1
    assert sizes["hl"] == 0.1
    prices = dict(zip(lists["known_price"], lists["price_size"], strict=True))
    assert prices["triệu đồng/tấn"] == 1e6
    assert prices["nghìn đồng/MWh"] == 1  # 1000 đồng for 1000 kWh
    money = dict(zip(lists["known_money"], lists["money_size"], strict=True))
    assert money["tỷ đồng"] == money["billion VND"] == 1e9


@pytest.mark.parametrize("months", ["12", "totals"])
@pytest.mark.parametrize(
    "table", ["production", "consumption", "prices", "end_uses", "steps", "flows", "components",
              "options", "option_savings"]
)
def test_both_languages_lay_out_the_same_columns(table: str, months: Any) -> None:
    vi, en = (sheet_layout(table, form(language, months)) for language in LANGUAGES)
    assert [column.field.name for column in vi.columns] == [
        column.field.name for column in en.columns]  # fmt: skip
    assert vi.first == en.first
    assert len(vi.preset) == len(en.preset)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_settings_are_keys_that_are_read(language: str) -> None:
    for key in load_toml("template.toml")["settings"]["keys"]:
        label = load_toml(f"messages/{language}/template.toml")[f"setting_label_{key}"]
        _, findings = read_settings({label: "2024" if key != "locale" else "vi"})
        assert [item.code for item in findings if item.code == "settings.unknown_key"] == []


# -- arguments ---------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for ending in ("xlsx", "pdf"):
        first, second = (
            sx.write_template(tmp_path / f"{name}/a.{ending}", baseline=2023, reporting=2024)
            for name in ("x", "y") if (tmp_path / name).mkdir(exist_ok=True) is None
        )  # fmt: skip
        assert first.read_bytes() == second.read_bytes()


def test_an_old_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("mine")
    with pytest.raises(OutputError):
        sx.write_template(path)
    assert path.read_text() == "mine"
    assert sx.write_template(path, overwrite=True).stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "code"),
    [({"sector": "ngành lạ"}, "template.sector"), ({"resources": ["xyz"]}, "template.resource"),
     ({"months": 6}, "template.months"), ({"baseline": "hôm qua"}, "template.period"),
     ({"baseline": "2020 - 2022"}, "template.period"),
     ({"baseline": "15/01/2023 - 14/01/2024"}, "template.period"),
     ({"baseline": 2024, "reporting": 2023}, "template.periods")],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_understood_is_refused(
    tmp_path: Path, arguments: dict[str, Any], code: str, language: Any
) -> None:
    with pytest.raises(Refusal) as refused:
        sx.write_template(tmp_path / "a.xlsx", language=language, **arguments)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_only_xlsx_and_pdf_are_written(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"\.xlsx"):
        sx.write_template(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("given", "baseline", "reporting"),
    [({}, dt.date.today().year - 2, dt.date.today().year - 1), ({"reporting": 2020}, 2019, 2020),
     ({"baseline": 2016}, 2016, 2017)],
)  # fmt: skip
def test_periods_that_are_not_named(
    tmp_path: Path, given: dict[str, Any], baseline: int, reporting: int
) -> None:
    path = sx.write_template(tmp_path / "a.xlsx", months="totals", **given)
    sheet = openpyxl.load_workbook(path)["Thông tin chung"]
    values = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert values["Kỳ nền"] == str(baseline)
    assert values["Kỳ báo cáo"] == str(reporting)


def test_a_season_is_laid_out_month_by_month(tmp_path: Path) -> None:
    """A sugar mill works from November to April."""
    path = sx.write_template(tmp_path / "a.xlsx", baseline="11/2022 - 04/2023")
    sheet = openpyxl.load_workbook(path)["Sản lượng"]
    months = [sheet.cell(row, 3).value for row in range(6, 30) if sheet.cell(row, 3).value]
    assert months == ["11/2022", "12/2022", "01/2023", "02/2023", "03/2023", "04/2023",
                      "11/2023", "12/2023", "01/2024", "02/2024", "03/2024", "04/2024"]  # fmt: skip


def test_every_sector_lays_out_resources_that_exist(tmp_path: Path) -> None:
    known = set(load_toml("sectors.toml"))
    assert known == {"sector"}
    for sector in sectors().values():
        assert sector.source
        assert set(sector.resources) <= set(resource_words().values())
        sx.parse_unit(sector.unit_vi)
        assert sx.parse_unit(sector.unit_en).canonical == sx.parse_unit(sector.unit_vi).canonical


# -- the paper form ----------------------------------------------------------------------------


def text_of(path: Path) -> str:
    """Letters of a PDF that matplotlib wrote: its fonts are in it, its texts are not plain."""
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    return data.decode("latin-1")


def test_the_paper_form_is_a4_and_holds_its_fonts(tmp_path: Path) -> None:
    path = sx.write_template(tmp_path / "a.pdf", sector="giấy", baseline=2023, reporting=2024)
    data = text_of(path)
    pages = data.count("/Type /Page ") or data.count("/Type /Page\n")
    assert pages == 6
    # 210 × 297 mm in points of 1/72 inch
    assert "/MediaBox [ 0 0 595.2755905512 841.8897637795 ]" in data
    assert "DejaVuSans" in data


@pytest.mark.outside("pdftotext")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_form_asks_for_what_the_workbook_asks(tmp_path: Path, language: Any) -> None:
    path = sx.write_template(tmp_path / "a.pdf", language=language, sector="paper", baseline=2023,
                             reporting=2024)  # fmt: skip
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    text = done.stdout.decode()
    words = {"vi": ["Điện", "Than", "Nước", "Nguyên liệu", "Tồn đầu"],
             "en": ["Electricity", "Coal", "Water", "Raw material", "Opening"]}  # fmt: skip
    for word in [*words[language], "01/2023", "12/2024"]:
        assert word in text
