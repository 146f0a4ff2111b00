"""Random texts, folders and workbooks: a refusal or a reading, never a traceback or a guess.

The laws are in reader_laws.py. ``HYPOTHESIS_PROFILE=explore`` searches longer;
``atheris_readers.py`` searches by coverage. What they found is in ``corpus`` and replayed here.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import hostile_makers
import pytest
import study_folders
from hypothesis import given
from hypothesis import strategies as st
from reader_laws import TEXT_LAWS, folder_law, number_law, period_law, study_law, workbook_law

CORPUS = Path(__file__).resolve().parent / "corpus"
TEXTS = json.loads((CORPUS / "texts.json").read_text(encoding="utf-8"))

PIECES = [
    *"0123456789", ".", ",", " ", "-", "−", "+", "%", "(", ")", "/", "e", "E", "^", "*", "×", "·",
    "1.234", "1,234", "1.234.567", "12,5", "12.5", "1 234", "0", "00", "000", "\u00a0", "\u202f",
    "e5", "E-3", "10^3", "10⁻⁵", "nghìn", "triệu", "tỷ", "tr.", "million", "k", "≥", "<", "~",
    "khoảng", "từ", "đến", "to", "±", "#REF!", "n/a", "–", "kWh", "kwh", "MWh", "mw", "tấn", "t",
    "m3", "m³", "m3 nước", "lít", "đồng", "VND", "USD", "viên", "1000 viên", "sản phẩm", "tháng",
    "T3", "3", "03", "2014", "14", "31", "05/03/2014", "2014-03-31", "Quý I", "Q1", "Q", "H1",
    "Mar", "năm", "6 tháng đầu năm", "/2014", "…", "..", "per", "trên", "[", "]", "\u202e",
    "\u0301",
    "\u0323", "đ", "Đ", "İ", "ß", "²", "½", "１", "\x00", "\n", "\t", "'", '"', "=", "_", "\ud800",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=7).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=6).map("".join),
    st.text(max_size=12),
)


@pytest.mark.parametrize("name", TEXT_LAWS)
@given(text=texts)
def test_law_of_a_text(name: str, text: str) -> None:
    TEXT_LAWS[name](text)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["vi", "en"]))
def test_law_a_number_of_a_program_is_read_as_itself(value: float, language: str) -> None:
    from sxsh_audit.language.formatting import format_number

    number_law(format_number(value, language))  # type: ignore[arg-type]
    number_law(repr(value))


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1900, 2199),
       st.sampled_from(["{d}/{m}/{y}", "{d}-{m}-{y}", "{y}-{m:02d}-{d:02d}", "{d}.{m}.{y}",
                        "ngày {d} tháng {m} năm {y}", "{m}/{y}", "T{m}/{y} - T{d}/{y}"]))
def test_law_a_date_has_one_reading(day: int, month: int, year: int, form: str) -> None:
    period_law(form.format(d=day, m=month, y=year))


@st.composite
def edited(draw: st.DrawFn, text: str, words: list[str]) -> bytes:
    """Return `text` with some places overwritten, doubled or cut out."""
    raw = text.encode()
    for _ in range(draw(st.integers(0, 4))):
        place, length = draw(st.integers(0, len(raw))), draw(st.integers(0, 15))
        new = draw(st.one_of(
            st.binary(max_size=6), st.sampled_from(words).map(str.encode), st.just(b""),
            st.just(raw[place : place + length] * 2),
        ))  # fmt: skip
        raw = raw[:place] + new + raw[place + length :]
    return raw


CSV_WORDS = [";", '"', "\n", "\r", "\t", ",", "|", "Kỳ", "Lượng mua (kWh)", "Tổng cộng", "sep=;\n",
             "1.234", "-5", "#REF!", "=1+1", "\x00", "﻿", "\u202e", "baseline", "[columns]", "="]
XML_WORDS = [
    '<c r="B2" t="s"><v>0</v></c>', '<c t="inlineStr"><is><t>', "</t></is></c>", '<row r="2">',
    "</row>", "<f>", "</f>", "<v>", "</v>", ' s="1"', ' t="d"', ' t="e"', ' t="b"', ' t="shared"',
    ' t="n"', ' t="str"', '<mergeCell ref="A1:A3"/>', "<![CDATA[", "]]>", "<!DOCTYPE a>", "&amp;",
    "&#0;", "&x;", "<rPh>", "<x:c>", "</x:c>", "XFD1048576", "1048577", "-1", "1e999", "NaN",
    "41760.5", "0", '"', "<", ">", "2014-02-30T25:00:00", "_x000D_", "TargetMode=\"External\"",
    "../../x", "sheet1.xml", "r1", "<sheetData>", "</sheetData>", '<dimension ref="A1:B2"/>',
]  # fmt: skip
FILES = {"study.toml": study_folders.SETTINGS, "san_luong.csv": study_folders.OUTPUT,
         "tieu_thu.csv": study_folders.USE}  # fmt: skip
PARTS = hostile_makers.parts(
    sharedStrings=f'<sst xmlns="{hostile_makers.MAIN}"><si><t>Điện</t></si></sst>',
    styles=f'<styleSheet xmlns="{hostile_makers.MAIN}"><numFmts><numFmt numFmtId="164" '
    'formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    "</styleSheet>",
)


@given(st.fixed_dictionaries({name: edited(text, CSV_WORDS) for name, text in FILES.items()}))
def test_law_of_a_folder(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        folder_law(Path(folder), files)


@given(st.data())
def test_law_of_a_workbook(data: st.DataObject) -> None:
    parts = {name: text.encode() for name, text in PARTS.items()}
    for name in data.draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=3, unique=True)):
        parts[name] = data.draw(edited(PARTS[name], XML_WORDS), label=name)
    with tempfile.TemporaryDirectory() as folder:
        workbook_law(Path(folder) / "a.xlsx", parts)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=8),
       st.integers(0, 10**9), st.booleans())  # fmt: skip
def test_law_of_a_damaged_archive(
    changes: list[tuple[int, int]], end: int, cut: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        raw = bytearray(hostile_makers.write(path, PARTS).read_bytes())
        for place, value in changes:
            raw[place % len(raw)] = value
        path.write_bytes(raw[: end % len(raw)] if cut else raw)
        study_law(path)


cell = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), texts,
    st.dates(), st.datetimes(), st.times(), st.timedeltas(),
)


@given(st.lists(st.lists(cell, max_size=5), max_size=5))
def test_law_cells_of_a_workbook_that_another_program_wrote(rows: list[list[Any]]) -> None:
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        options = {"nan_inf_to_errors": True, "remove_timezone": True, "strings_to_urls": False}
        with xlsxwriter.Workbook(path, options) as book:
            page = book.add_worksheet("Tiêu thụ")
            page.write_row(0, 0, ["Tài nguyên", "Kỳ", "Lượng mua", "Đơn vị", "Ghi chú"])
            for i, row in enumerate(rows, start=1):
                for j, value in enumerate(row):
                    if isinstance(value, str):
                        kept = value.encode("utf-8", "ignore").decode()
                        page.write_string(i, j, kept.replace("\x00", ""))
                    elif value is not None and getattr(value, "year", 1900) >= 1900:
                        page.write(i, j, value)
        study_law(path)


# -- what was found before ------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXT_LAWS)
def test_texts_of_the_corpus(name: str) -> None:
    for text in TEXTS:
        TEXT_LAWS[name](text)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.xlsx")), ids=lambda path: path.name)
def test_workbooks_of_the_corpus(path: Path) -> None:
    study_law(path)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.raw")), ids=lambda path: path.name)
@pytest.mark.parametrize("name", FILES)
def test_csv_files_of_the_corpus(path: Path, name: str, tmp_path: Path) -> None:
    folder_law(tmp_path, {**{key: text.encode() for key, text in FILES.items()},
                          name: path.read_bytes()})  # fmt: skip
