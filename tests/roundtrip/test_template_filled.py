"""A template that somebody has filled in gives the numbers that were written into it."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from spreadsheet import (
    columns_of,
    convert,
    fill,
    fill_laid_out,
    first_record,
    load,
    setting,
)

import sxsh_audit as sx
from sxsh_audit.assessment.views import tables_of
from sxsh_audit.display.markdown import to_markdown
from sxsh_audit.display.wording import payback_text, sig
from sxsh_audit.forms.preview import FIRST_OPTION, FIRST_RESOURCE
from sxsh_audit.language.formatting import format_percent
from sxsh_audit.tables.days import NO_DAY

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/template-filled"
MONTHS = [f"{month:02d}/{year}" for year in (2023, 2024) for month in range(1, 13)]

WORDS = {
    "vi": {
        "production": "Sản lượng", "consumption": "Tiêu thụ", "prices": "Giá",
        "options": "Giải pháp", "option_savings": "Lợi ích giải pháp", "products": "Sản phẩm",
        "resources": "Tài nguyên", "settings": "Thông tin chung", "preview": "Xem trước",
        "electricity": "Điện", "coal": "Than", "water": "Nước", "raw": "Nguyên liệu",
        "t": "tấn", "kt": "nghìn tấn", "million": "triệu đồng", "included": "đã gồm",
        "coal_price": "triệu đồng/tấn", "water_price": "đồng/m³", "nền": "nền",
        "báo cáo": "báo cáo", "end_uses": "Hộ tiêu thụ", "implemented": "đã thực hiện",
        "must": "bắt buộc",
    },
    "en": {
        "production": "Production", "consumption": "Consumption", "prices": "Prices",
        "options": "Options", "option_savings": "Option savings", "products": "Products",
        "resources": "Resources", "settings": "Settings", "preview": "Preview",
        "electricity": "Electricity", "coal": "Coal", "water": "Water", "raw": "Raw material",
        "t": "t", "kt": "thousand t", "million": "million VND", "included": "included",
        "coal_price": "million VND/t", "water_price": "VND/m³", "nền": "baseline",
        "báo cáo": "reporting", "end_uses": "End uses", "implemented": "implemented",
        "must": "yes",
    },
}  # fmt: skip


EMPTY: dict[str, bytes] = {}


def made(folder: Path, name: str, *, preview: bool = False, **more: Any) -> Path:
    """Write a template; one of the same kind is made once.

    Without the preview openpyxl has 15,000 formulas less to carry from test to test.
    """
    kind = repr((preview, sorted(more.items())))
    path = folder / name
    if kind not in EMPTY:
        sx.write_template(path, sector="giấy", baseline=2023, reporting=2024, **more)
        if not preview:
            book = load(path)
            for sheet in [book["_calc"], book[WORDS[more.get("language", "vi")]["preview"]]]:
                book.remove(sheet)
            book.save(path)
        EMPTY[kind] = path.read_bytes()
    path.write_bytes(EMPTY[kind])
    return path


def paper_mill(path: Path, language: str) -> Path:
    """Fill in a monthly template: gaps, stocks, prices with VAT, mixed units, several options."""
    w, draw = WORDS[language], random.Random(20260)
    book = load(path)
    output = {("", month): {"quantity": round(draw.uniform(250, 400), 1), "unit": w["t"]}
              for month in MONTHS if month != "05/2023"}  # fmt: skip
    fill_laid_out(book[w["production"]], output)
    use: dict[tuple[str, str], dict[str, Any]] = {}
    for month in MONTHS:
        use[w["electricity"], month] = {"quantity": draw.randint(250_000, 330_000),
                                        "cost": draw.randint(400, 520) * 10**6}
        if month != "03/2024":
            use[w["water"], month] = {"quantity": draw.randint(9_000, 15_000)}
        use[w["coal"], month] = {"quantity": round(draw.uniform(150, 260), 2),
                                 "opening_stock": round(draw.uniform(20, 60), 1),
                                 "closing_stock": round(draw.uniform(20, 60), 1)}
        use[w["raw"], month] = {"quantity": round(draw.uniform(0.3, 0.5), 4), "unit": w["kt"]}
    fill_laid_out(book[w["consumption"]], use)
    fill(book[w["prices"]], [
        {"resource": w["coal"], "price": 2.6, "unit": w["coal_price"], "vat": w["included"],
         "vat_rate": 10},
        {"resource": w["water"], "price": 9000, "unit": w["water_price"]},
    ])  # fmt: skip
    fill(book[w["options"]], [
        {"option": "G1", "name": "Stop the grinder", "cost": 0, "unit": w["million"]},
        {"option": "G2", "name": "Insulate", "cost": 60, "unit": w["million"],
         "annual_extra_cost": 5},
        {"option": "G3", "name": "LED", "cost": 45_000_000},
        {"option": "G4", "name": "Condensate"},
        {"option": "G5", "name": "Boiler", "cost": 9_000, "unit": w["million"],
         "other_benefit": 400, "months_covered": 6},
        {"option": "G6", "name": "Worse", "cost": 10, "annual_extra_cost": 3, "unit": w["million"]},
    ])  # fmt: skip
    fill(book[w["option_savings"]], [
        {"option": "G1", "resource": w["electricity"], "quantity": 12_000, "unit": "kWh"},
        {"option": "Insulate", "resource": w["coal"], "quantity": 40, "unit": w["t"],
         "months_covered": 6},
        {"option": "G3", "money": 18, "money_unit": w["million"]},
        {"option": "G4", "resource": w["coal"], "quantity": 25, "unit": w["t"]},
        {"option": "G6", "resource": w["water"], "quantity": 100, "unit": "m³"},
    ])  # fmt: skip
    book.save(path)
    return path


def rapid(path: Path, language: str) -> Path:
    """Fill in a template of totals, by hand to be followed: 1,200 → 1,100 kWh/t."""
    w = WORDS[language]
    book = load(path)
    fill_laid_out(book[w["production"]], {("", w["nền"]): {"quantity": 1000, "unit": w["t"]},
                                          ("", w["báo cáo"]): {"quantity": 1050, "unit": w["t"]}})
    head, _ = columns_of(book[w["consumption"]])
    first = first_record(book[w["consumption"]], head)
    book[w["consumption"]].delete_rows(first, 60)
    fill(book[w["consumption"]], [
        {"resource": w["electricity"], "phase": w["nền"], "quantity": 1200, "unit": "MWh"},
        {"resource": w["electricity"], "phase": w["báo cáo"], "quantity": 1155, "unit": "MWh"},
        {"resource": w["coal"], "phase": w["nền"], "quantity": 500, "unit": w["t"]},
        {"resource": w["coal"], "phase": w["báo cáo"], "quantity": 557.55, "unit": w["t"]},
    ])  # fmt: skip
    book.save(path)
    return path


def figures(path: Path) -> dict[str, tuple[float, ...]]:
    result = sx.assess(sx.read_study(path, language="en"))
    return {row["resource"]: (row["baseline"], row["reporting"], row["saving"])
            for row in result.savings.rows}  # fmt: skip


# -- read back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_totals_typed_into_the_template_are_the_totals_read(tmp_path: Path, language: str) -> None:
    path = rapid(made(tmp_path, "a.xlsx", language=language, months="totals"), language)
    found = figures(path)
    # By hand: 1200 MWh / 1000 t = 1200 kWh/t; 1155/1050 → 1100; (1200 − 1100)/1200 = 1/12.
    assert found["electricity"] == pytest.approx((1200, 1100, 1 / 12), rel=1e-12)
    # 500/1000 = 0.5 t/t; 557.55/1050 = 0.531; saving −0.062: worse, and not clipped.
    assert found["coal"] == pytest.approx((0.5, 0.531, -0.062), rel=1e-12)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_months_typed_into_the_template_are_the_months_read(tmp_path: Path, language: str) -> None:
    """The same figures as data frames, without any workbook, give the same study."""
    path = paper_mill(made(tmp_path, "a.xlsx", language=language), language)
    study = sx.read_study(path, language="en")
    draw = random.Random(20260)
    made_of = [{"period": month, "quantity": round(draw.uniform(250, 400), 1), "unit": "t"}
               for month in MONTHS if month != "05/2023"]  # fmt: skip
    assert study.production["quantity"].dropna().tolist() == [row["quantity"] for row in made_of]
    used = []
    for month in MONTHS:
        electricity = draw.randint(250_000, 330_000)
        used.append(("electricity", month, electricity, "kWh", draw.randint(400, 520) * 10**6))
        if month != "03/2024":
            used.append(("water", month, draw.randint(9_000, 15_000), "m3", None))
        bought, opening, closing = (round(draw.uniform(*span), digits) for span, digits in
                                    (((150, 260), 2), ((20, 60), 1), ((20, 60), 1)))  # fmt: skip
        used.append(("coal", month, opening + bought - closing, "t", None))
        used.append(("raw_material", month, round(draw.uniform(0.3, 0.5), 4) * 1000, "t", None))
    frame = pd.DataFrame(used, columns=["resource", "period", "quantity", "unit", "cost"])
    other = sx.Study(production=pd.DataFrame(made_of), consumption=frame, baseline="2023",
                     reporting="2024", language="en")  # fmt: skip
    mine, theirs = sx.assess(study), sx.assess(other)
    for row in theirs.savings.rows:
        same = mine.savings[row["resource"]]
        assert same.baseline == pytest.approx(row["baseline"], rel=1e-12)
        assert same.reporting == pytest.approx(row["reporting"], rel=1e-12)
        assert same.months_baseline == row["months_baseline"]


def test_an_untouched_template_has_no_faults_but_says_that_it_is_empty(tmp_path: Path) -> None:
    found = sx.check_study(made(tmp_path, "a.xlsx"), language="en")
    assert "error" not in set(found["severity"])
    assert {"table.no_figures", "table.no_output"} <= set(found["code"])


def test_a_year_added_to_last_years_file(tmp_path: Path) -> None:
    """Next year: rows of 2025 below, the reporting period changed, nothing else."""
    path = made(tmp_path, "a.xlsx", resources=["điện"])
    book = load(path)
    months = [*MONTHS, *(f"{month:02d}/2025" for month in range(1, 13))]
    fill(book["Sản lượng"], [{"period": month, "quantity": 100, "unit": "tấn"}
                             for month in months])  # fmt: skip
    rates = {"2023": 900, "2024": 850, "2025": 810}
    fill(book["Tiêu thụ"], [{"resource": "Điện", "period": month, "unit": "kWh",
                             "quantity": rates[month[3:]] * 100} for month in months])  # fmt: skip
    setting(book, "Thông tin chung", "Kỳ báo cáo", "2025")
    book.save(path)
    study = sx.read_study(path)
    # 900 → 810 kWh/t is 10 %; 2024 lies outside both periods and is told of.
    assert sx.assess(study).savings["electricity"].saving == pytest.approx(0.1, rel=1e-12)
    assert "study.outside_periods" in {item.code for item in study.findings}


# -- people and their spreadsheets ---------------------------------------------------------------


def test_columns_moved_renamed_and_added_change_nothing(tmp_path: Path) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    wanted = figures(path)
    book = load(path)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    sheet.cell(head, columns["quantity"]).value = "EVN báo về"  # a name that nobody knows
    sheet.cell(head, columns["phase"]).value = "trước hay sau?"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    order = list(range(len(rows[0])))
    order[1:5] = reversed(order[1:5])
    for number, row in enumerate(rows, start=1):
        moved = [row[i] for i in order]
        record = number > head and bool(row[columns["quantity"] - 1])
        moved.insert(3, "của tôi" if number == head else f"x{number}" if record else None)
        for column, value in enumerate(moved, start=1):
            sheet.cell(number, column).value = value
    book.save(path)
    assert figures(path) == wanted


def test_a_heading_that_is_known_wins_over_the_hidden_key(tmp_path: Path) -> None:
    """Two headings exchanged by hand: a person sees the headings and not the keys."""
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    book = load(path)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    sheet.delete_rows(head + 1, 2)  # the examples: with headings exchanged they say another thing
    first, second = columns["opening_stock"], columns["closing_stock"]
    for row in range(first_record(sheet, head), first_record(sheet, head) + 4):
        sheet.cell(row, first).value, sheet.cell(row, second).value = 10, 30
    sheet.cell(head, first).value, sheet.cell(head, second).value = "Tồn cuối kỳ", "Tồn đầu kỳ"
    book.save(path)
    # opening 30 + 500 − closing 10 = 520
    coal = sx.read_study(path).consumption.query("resource == 'coal'")
    assert coal["use"].tolist()[0] == 520


def test_months_that_excel_turned_into_dates(tmp_path: Path) -> None:
    path = paper_mill(made(tmp_path, "a.xlsx"), "vi")
    wanted = figures(path)
    book = load(path)
    for name in ("Sản lượng", "Tiêu thụ"):
        sheet = book[name]
        head, columns = columns_of(sheet)
        for row in range(first_record(sheet, head), sheet.max_row + 1):
            cell = sheet.cell(row, columns["period"])
            if cell.value:
                month, year = cell.value.split("/")
                cell.value = dt.datetime(int(year), int(month), 1)
    book.save(path)
    assert figures(path) == wanted


def test_an_example_row_written_over_is_asked_about(tmp_path: Path) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    book = load(path)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    sheet.cell(head + 1, columns["quantity"]).value = 987_654
    book.save(path)
    found = sx.check_study(path)
    assert found.query("code == 'table.example_changed'")[["sheet", "row"]].values.tolist() == [
        ["Tiêu thụ", head + 1]]  # fmt: skip
    book = load(path)
    book["Tiêu thụ"].cell(head + 1, 1).value = None  # it was real: the word is taken away
    book.save(path)
    assert "table.example_changed" not in set(sx.check_study(path)["code"])


@pytest.mark.parametrize("cleared", ["the mark", "the column of marks"])
def test_an_example_that_lost_its_mark_is_no_record(tmp_path: Path, cleared: str) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    book = load(path)
    if cleared == "the mark":
        book["Giá"].cell(5, 1).value = None
    else:
        book["Giá"].delete_cols(1)
    book.save(path)
    found = sx.check_study(path).query("severity == 'error'")
    assert found[["code", "sheet", "row"]].values.tolist() == [
        ["table.example_unmarked", "Giá", 5]]  # fmt: skip


@pytest.mark.parametrize("change", ["cleared", "exchanged"])
def test_an_example_is_told_from_a_record_field_by_field(tmp_path: Path, change: str) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    book = load(path)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    row = head + 2  # the coal of the examples
    if change == "cleared":
        for name in ("opening_stock", "closing_stock", "cost", "note"):
            sheet.cell(row, columns[name]).value = None
    else:
        stock = [sheet.cell(row, columns[name]) for name in ("opening_stock", "closing_stock")]
        stock[0].value, stock[1].value = stock[1].value, stock[0].value
    book.save(path)
    assert sx.check_study(path).query("severity == 'error'")["code"].tolist() == [
        "table.example_changed"]  # fmt: skip


def test_the_unit_in_a_heading_that_nobody_knows_is_read(tmp_path: Path) -> None:
    """«Trả cho EVN (triệu đồng)»: 6000 are 6 tỷ, and 6 tỷ ÷ 1.2 million kWh are 5000 đồng/kWh."""
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    book = load(path)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    sheet.cell(head, columns["cost"]).value = "Trả cho EVN (triệu đồng)"
    sheet.cell(first_record(sheet, head), columns["cost"]).value = 6000
    book.save(path)
    assert sx.assess(sx.read_study(path)).savings["electricity"].price == pytest.approx(5000)


def test_a_unit_in_the_title_is_refused_as_on_any_sheet(tmp_path: Path) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    book = load(path)
    book["Tiêu thụ"].cell(1, 3).value = "Đơn vị: 1000 kWh"
    book.save(path)
    assert "table.title_unit" in set(sx.check_study(path)["code"])


def test_a_setting_given_twice_is_not_chosen(tmp_path: Path) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    for key in ("Kỳ nền", "baseline"):
        book = load(path)
        book["Thông tin chung"].append([key, "2022"])
        copy = tmp_path / f"{key}.xlsx"
        book.save(copy)
        found = sx.check_study(copy).query("severity == 'error'")
        assert found["code"].tolist() == ["settings.twice"]


def test_a_tariff_period_that_is_missing_leaves_the_bill_unknown(tmp_path: Path) -> None:
    path = made(tmp_path, "a.xlsx", resources=["điện"], tariff_periods=True)
    book = load(path)
    fill(book["Sản lượng"], [{"quantity": 100, "unit": "tấn"}] * 24)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    first = first_record(sheet, head)
    for row in range(first, first + 72):
        sheet.cell(row, columns["quantity"]).value = 30_000
    sheet.delete_rows(first + 1)  # the peak hours of January
    book.save(path)
    study = sx.read_study(path)
    # Without the row January had 60 of its 90 MWh; now it is not known, and eleven months count.
    assert "table.tariff_missing" in {item.code for item in study.findings}
    row = sx.assess(study).savings["electricity"]
    assert (row.months_baseline, row.baseline) == (11, pytest.approx(900))


def test_a_slip_in_one_tariff_period_is_told_in_its_own_cell(tmp_path: Path) -> None:
    path = made(tmp_path, "a.xlsx", resources=["điện"], tariff_periods=True)
    book = load(path)
    fill(book["Sản lượng"], [{"quantity": 100, "unit": "tấn"}] * 24)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    first, draw = first_record(sheet, head), random.Random(5)
    for row in range(first, first + 72):
        sheet.cell(row, columns["quantity"]).value = draw.randint(28_000, 32_000)
    slip = sheet.cell(first + 31, columns["quantity"])
    slip.value *= 1000
    book.save(path)
    told = sx.check_study(path).query("code.str.startswith('plausible.')")
    # Beside the cell only figures of the whole year are told, which have no cell.
    assert [cell for cell in told["cell"] if cell] == [slip.coordinate]


def test_an_error_of_the_spreadsheet_is_told_at_its_cell(tmp_path: Path) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    book = load(path)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    cell = sheet.cell(first_record(sheet, head), columns["quantity"])
    cell.value, cell.data_type = "#REF!", "e"
    book.save(path)
    found = sx.check_study(path).query("severity == 'error'")
    assert found[["code", "cell"]].values.tolist() == [["number.excel_error", cell.coordinate]]


@pytest.mark.parametrize(
    ("version", "code"), [(2, "file.template_newer"), (0, "file.template_older")]
)
def test_a_template_of_another_version_is_read_and_told(
    tmp_path: Path, version: int, code: str
) -> None:
    path = rapid(made(tmp_path, "a.xlsx", months="totals"), "vi")
    wanted = figures(path)
    book = load(path)
    book["_sxsh"]["B1"].value = version
    book.save(path)
    assert figures(path) == wanted
    assert code in set(sx.check_study(path)["code"])


def test_three_tariff_periods_are_one_bill(tmp_path: Path) -> None:
    path = made(tmp_path, "a.xlsx", resources=["điện"], tariff_periods=True)
    book = load(path)
    fill(book["Sản lượng"], [{"quantity": 100, "unit": "tấn"}] * 24)
    sheet = book["Tiêu thụ"]
    head, columns = columns_of(sheet)
    first = first_record(sheet, head)
    hours = {"giờ bình thường": 60_000, "giờ cao điểm": 20_000, "giờ thấp điểm": 10_000}
    for row in range(first, first + 72):
        sheet.cell(row, columns["quantity"]).value = hours[
            sheet.cell(row, columns["tariff_period"]).value]  # fmt: skip
    book.save(path)
    study = sx.read_study(path)
    assert study.consumption["use"].tolist() == [90_000.0] * 24  # 60 + 20 + 10 MWh
    sheet.cell(first + 72, columns["resource"]).value = "Điện"
    sheet.cell(first + 72, columns["period"]).value = "01/2023"
    sheet.cell(first + 72, columns["quantity"]).value = 90_000
    sheet.cell(first + 72, columns["unit"]).value = "kWh"
    book.save(path)
    found = sx.check_study(path).query("severity == 'error'")
    assert found["code"].tolist() == ["table.tariff_and_total"]


# -- the preview ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worked_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return templates filled in, then worked out and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("preview")
    paths = [
        paper_mill(made(folder, "months_vi.xlsx", preview=True), "vi"),
        paper_mill(made(folder, "months_en.xlsx", language="en", preview=True), "en"),
        rapid(made(folder, "totals_vi.xlsx", months="totals", preview=True), "vi"),
        rapid(made(folder, "totals_en.xlsx", language="en", months="totals", preview=True), "en"),
    ]
    return {path.stem: path for path in convert(paths, folder)}


NAMES = ["months_vi", "months_en", "totals_vi", "totals_en"]


def month_by_month(path: Path) -> Any:
    """Type 100 t a month, and 1000 then 900 kWh for each: 10 → 9 kWh/t."""
    book = load(path)
    fill(book["Sản lượng"], [{"quantity": 100, "unit": "tấn"}] * 24)
    fill(book["Tiêu thụ"], [{"quantity": 1000}] * 12 + [{"quantity": 900}] * 12)
    return book


def spoil(book: Any, fault: str) -> None:
    """Put one fault into a workbook that is right."""
    sheet, output = book["Tiêu thụ"], book["Sản lượng"]
    (head, columns), (_, made_in) = columns_of(sheet), columns_of(output)
    first, top = first_record(sheet, head), first_record(output, head)
    more = {"resource": "Điện", "period": "01/2023", "quantity": 500, "unit": "kWh"}

    def type_in(row: int, **cells: Any) -> None:
        for name, value in cells.items():
            sheet.cell(row, columns[name]).value = value

    if fault == "a month twice":
        type_in(first + 24, **more)
    elif fault == "far below":
        type_in(first + 400, **{**more, "meter": "M2"})
    elif fault == "a month that is none":
        type_in(first, period="13/2023")
    elif fault == "a text":
        type_in(first, quantity="1.000")
    elif fault == "an error":
        type_in(first, quantity="=1/0")
    elif fault == "an unknown resource":
        type_in(first, resource="Nước giếng")
    elif fault == "meters alike":
        for row in range(first, first + 24):
            type_in(row, meter="M1" if row % 2 else "m1")
    elif fault == "another heading":
        sheet.cell(head, columns["quantity"]).value = "Lượng mua (MWh)"
    elif fault == "no coefficient":
        setting(book, "Thông tin chung", "Quy tắc sản lượng", "hệ số quy đổi")
        fill(book["Sản phẩm"], [{"product": "A", "unit": "tấn"}])
        for row in range(top, top + 24):
            output.cell(row, made_in["product"]).value = "A"


FAULTS = ["a month twice", "far below", "a month that is none", "a text", "an error",
          "an unknown resource", "meters alike", "another heading", "no coefficient"]  # fmt: skip


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return workbooks with one fault each, worked out by LibreOffice."""
    folder, paths = tmp_path_factory.mktemp("spoiled"), []
    for number, fault in enumerate(["", *FAULTS]):
        path = made(folder, f"{number}.xlsx", preview=True, resources=["điện"])
        book = month_by_month(path)
        spoil(book, fault)
        book.save(path)
        paths.append(path)
    return dict(zip(["", *FAULTS], convert(paths, folder), strict=True))


@pytest.mark.outside("soffice")
@pytest.mark.parametrize("fault", ["", *FAULTS])
def test_the_preview_shows_no_number_that_it_cannot_stand_for(
    spoiled: dict[str, Path], fault: str
) -> None:
    sheet = load(spoiled[fault], values=True)["Xem trước"]
    rows = [[sheet.cell(row, column).value for column in (2, 3, 5, 8)]
            for row in range(FIRST_RESOURCE, FIRST_RESOURCE + 3) if sheet.cell(row, 1).value]
    if fault:
        assert rows[0][:3] == ["?", "?", "?"]
        assert rows[0][3]  # and the reason beside it
    else:
        assert rows == [[10, 9, pytest.approx(0.1), None]]


@pytest.mark.outside("soffice")
@pytest.mark.parametrize("name", NAMES)
def test_the_preview_agrees_with_the_library_to_the_last_shown_digit(
    worked_out: dict[str, Path], name: str
) -> None:
    path, language = worked_out[name], name[-2:]
    result = sx.assess(sx.read_study(path))
    sheet = load(path, values=True)[WORDS[language]["preview"]]
    shown = {}
    for row in range(FIRST_RESOURCE, FIRST_RESOURCE + 12):
        if sheet.cell(row, 1).value:
            shown[sheet.cell(row, 1).value] = [sheet.cell(row, column).value
                                               for column in range(2, 9)]  # fmt: skip
    words = WORDS[language]
    keys = {words["electricity"]: "electricity", words["coal"]: "coal", words["water"]: "water",
            words["raw"]: "raw_material"}  # fmt: skip
    assert {keys[label] for label in shown} == {row["resource"] for row in result.savings.rows}
    printed = "\n".join(to_markdown(table) for table in tables_of(result, language))
    for label, (before, after, unit, saving, months, months_after, why) in shown.items():
        row = result.savings[keys[label]]
        assert why in (None, "")
        scale = 1000.0 if unit.startswith((words["kt"], "MWh")) else 1.0
        for figure, exact in ((before, row.baseline), (after, row.reporting)):
            assert sig(figure, language) == sig(exact / scale, language)
            assert sig(figure, language) in printed
        assert format_percent(saving, language) == format_percent(row.saving, language)
        assert unit in printed
        known = (row.months_baseline, row.months_reporting)
        assert (months, months_after) == tuple(count or "–" for count in known)


@pytest.mark.outside("soffice")
@pytest.mark.parametrize("name", ["months_vi", "months_en"])
def test_the_preview_of_paybacks_agrees_with_the_library(
    worked_out: dict[str, Path], name: str
) -> None:
    path, language = worked_out[name], name[-2:]
    result = sx.assess(sx.read_study(path))
    sheet = load(path, values=True)[WORDS[language]["preview"]]
    told = {}
    for row in range(FIRST_OPTION, FIRST_OPTION + 40):
        label = sheet.cell(row, 1).value
        if label:
            told[label.split(" · ")[0]] = [sheet.cell(row, column).value for column in range(2, 6)]
    assert set(told) == {row["option"] for row in result.options.rows}
    for row in result.options.rows:
        cost, annual, amount, unit = told[row["option"]]
        if row["cost"] is not None:
            assert cost == pytest.approx(row["cost"], rel=1e-12)
        assert annual == pytest.approx(row["annual_saving"], rel=1e-9)
        wanted = payback_text(row["years"] or 0.0, row["payback_class"], language)
        decimal = "," if language == "vi" else "."
        years = row["payback_class"] == "years"
        mine = f"{amount:.1f} {unit}".replace(".", decimal) if years else unit
        assert mine == wanted


@pytest.mark.outside("soffice")
@pytest.mark.parametrize("name", NAMES)
def test_a_template_saved_by_libreoffice_reads_the_same(
    worked_out: dict[str, Path], name: str, tmp_path: Path
) -> None:
    language = name[-2:]
    if name.startswith("months"):
        path = paper_mill(made(tmp_path, "a.xlsx", language=language), language)
    else:
        path = rapid(made(tmp_path, "a.xlsx", language=language, months="totals"), language)
    assert figures(worked_out[name]) == figures(path)


# -- the plan of the options and the end uses -----------------------------------------------------


def planned(path: Path, language: str) -> Path:
    """Fill in a template of totals with end uses, ranges and what was done by when."""
    w = WORDS[language]
    book = load(rapid(path, language))
    uses, power = w["end_uses"], w["electricity"]
    fill(book[uses], [{"resource": power, "end_use": "Grinder", "share": 0.4},
                      {"resource": power, "end_use": "Lamps", "share": 0.15},
                      {"resource": w["coal"], "end_use": "Boiler", "quantity": 450,
                       "unit": w["t"]}])  # fmt: skip
    fill(book[w["options"]], [
        {"option": "G1", "name": "Grinder", "cost": 80, "unit": w["million"], "lifetime": 7.5,
         "status": w["implemented"], "due": dt.datetime(2024, 3, 31),
         "in_service": dt.datetime(2024, 5, 12), "owner": "Lan", "actual_cost": 92,
         "evidence": "BB-12", "must_have": w["must"]},
        {"option": "G2", "name": "Boiler A", "cost": 900, "unit": w["million"],
         "exclusive_group": "boiler", "requires": "G1"},
        {"option": "G3", "name": "Boiler B", "cost": 700, "unit": w["million"],
         "exclusive_group": "boiler"},
    ])  # fmt: skip
    fill(book[w["option_savings"]], [
        {"option": "G1", "resource": power, "quantity": 12, "unit": "MWh", "end_use": "grinder",
         "quantity_low": 9, "quantity_high": 14},
    ])  # fmt: skip
    book.save(path)
    return path


def plan(path: Path) -> list[Any]:
    study = sx.read_study(path, language="en")
    options, saved = study.options, study.option_savings
    names = ["option", "lifetime", "due", "in_service", "owner", "actual_cost", "evidence",
             "must_have", "exclusive_group", "requires"]  # fmt: skip
    return [
        options[names].fillna(-1).to_numpy().tolist(),
        saved[["end_use", "quantity", "quantity_low", "quantity_high"]].to_numpy().tolist(),
        study.end_uses[["end_use", "share", "quantity"]].fillna(-1).to_numpy().tolist(),
        [item.code for item in study.findings if item.code.startswith("table.")],
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_plan_typed_into_the_template_is_the_plan_read(tmp_path: Path, language: str) -> None:
    path = made(tmp_path, "plan.xlsx", language=language, months="totals")
    options, saved, uses, told = plan(planned(path, language))
    day = dt.date(1970, 1, 1).toordinal()
    due, start = dt.date(2024, 3, 31).toordinal() - day, dt.date(2024, 5, 12).toordinal() - day
    nothing = NO_DAY
    assert options == [
        ["G1", 7.5, due, start, "Lan", 92e6, "BB-12", True, "", ""],
        ["G2", -1, nothing, nothing, "", -1, "", False, "boiler", "G1"],
        ["G3", -1, nothing, nothing, "", -1, "", False, "boiler", ""],
    ]
    assert saved == [["Grinder", 12_000.0, 9_000.0, 14_000.0]]
    assert uses == [["Grinder", 0.4, -1], ["Lamps", 0.15, -1], ["Boiler", -1, 450.0]]
    assert told == []


@pytest.mark.outside("soffice")
def test_a_plan_saved_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    path = planned(made(tmp_path, "plan.xlsx", language="vi", months="totals"), "vi")
    (saved,) = convert([path], tmp_path)
    assert plan(saved) == plan(path)


@pytest.mark.parametrize("name", ["vi/mill", "en/mill"])
def test_a_template_from_before_the_plan_reads_without_a_word_about_it(name: str) -> None:
    """The filled-in examples were made before the columns of the plan were on the sheets."""
    study = sx.read_study(EXAMPLES / f"{name}.xlsx")
    assert [item.code for item in study.findings if item.severity != "note"] == []
    assert len(study.options) == 3
    assert study.options["lifetime"].isna().all()
    assert len(study.end_uses) == 0
