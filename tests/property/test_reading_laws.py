"""Laws of reading: the same records say the same, however they were laid out and written."""

from __future__ import annotations

import contextlib
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from study_folders import SETTINGS, found, tcvn3, vni, windows_1258, write_study

from sxsh_audit import Study, read_study
from sxsh_audit.errors import StudyError
from sxsh_audit.language.formatting import format_number
from sxsh_audit.language.periods import parse_period
from sxsh_audit.tables.files import csv_rows
from sxsh_audit.tables.schema import table_spec

HEADINGS = ("Tài nguyên", "Công tơ", "Kỳ", "Lượng mua", "Đơn vị")
NAMES = (("Điện", "kWh"), ("Nước", "m3"), ("Than", "tấn"))
quick = settings(max_examples=30)
figure = st.one_of(
    st.integers(0, 10**12), st.floats(0, 1e12, allow_nan=False, allow_subnormal=False)
)


@st.composite
def records(draw: st.DrawFn) -> list[tuple[str, str, str, float, str]]:
    """One row for each month and resource that was drawn, in both years."""
    months = draw(st.lists(st.sampled_from(range(1, 13)), min_size=1, max_size=4, unique=True))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    return [
        (name, "A", f"T{month}/{year}", draw(figure), unit)
        for year in (2013, 2014)
        for month in months
        for name, unit in names
    ]


def read(rows: Any, columns: Any = HEADINGS, locale: str = "vi") -> list[Any]:
    """Checked consumption as a sorted list of records."""
    output = pd.DataFrame({"Kỳ": ["2013", "2014"], "Sản lượng": ["1 tấn", "1 tấn"]})
    study = Study(
        production=output,
        consumption=pd.DataFrame(rows, columns=list(columns)),
        baseline="2013",
        reporting="2014",
        locale=locale,
    )
    return _records(study)


def _records(study: Study) -> list[Any]:
    table = study.consumption[["resource", "meter", "start", "end", "use", "unit"]]
    return sorted(map(tuple, table.values.tolist()))


@quick
@given(records(), st.randoms(use_true_random=False))
def test_law_order_of_rows_does_not_matter(rows: list[Any], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert read(shuffled) == read(rows)


@quick
@given(records(), st.data())
def test_law_months_that_excel_made_dates_are_months(rows: list[Any], data: st.DataObject) -> None:
    dates = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    dates[0] = False  # one cell at least says that the column holds months
    typed = [
        (*row[:2], parse_period(row[2]).start if date else row[2], *row[3:])
        for row, date in zip(rows, dates, strict=True)
    ]
    assert read(typed) == read(rows)


@quick
@given(records(), st.permutations(range(5)))
def test_law_order_of_columns_does_not_matter(rows: list[Any], order: list[int]) -> None:
    moved = [tuple(row[i] for i in order) for row in rows]
    assert read(moved, [HEADINGS[i] for i in order]) == read(rows)


@quick
@given(records(), st.text("xyz ", min_size=1, max_size=8), st.text(max_size=5))
def test_law_unknown_columns_change_nothing(rows: list[Any], heading: str, cell: str) -> None:
    wider = [(*row, cell) for row in rows]
    assert read(wider, [*HEADINGS, f"q{heading}q"]) == read(rows)


@quick
@given(
    records(),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from([str.upper, str.lower, str.title, lambda text: f"  {text} *"]),
)
def test_law_form_and_case_of_headings_do_not_matter(rows: list[Any], form: Any, case: Any) -> None:
    written = [unicodedata.normalize(form, case(heading)) for heading in HEADINGS]
    assert read(rows, written) == read(rows)


@quick
@given(records())
def test_law_the_number_format_does_not_matter(rows: list[Any]) -> None:
    expected = read(rows)
    for locale in ("vi", "en"):
        typed = [(*row[:3], format_number(row[3], locale, digits=17), row[4]) for row in rows]
        assert read(typed, locale=locale) == expected


@quick
@given(records())
def test_law_the_place_of_the_unit_does_not_matter(rows: list[Any]) -> None:
    inside = [(*row[:3], f"{format_number(row[3], 'vi', digits=17)} {row[4]}") for row in rows]
    assert read(inside, HEADINGS[:4]) == read(rows)


ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-le": lambda t: t.encode("utf-16-le"),
    "nfd": lambda text: unicodedata.normalize("NFD", text).encode(),
    "windows-1258": windows_1258,
    "tcvn3": tcvn3,
    "vni": vni,
}
MARKS = ";\t,|"


@quick
@given(records(), st.sampled_from(sorted(ENCODINGS)), st.sampled_from(MARKS), st.integers(0, 3))
def test_law_delimiter_encoding_and_titles_do_not_matter(
    rows: list[Any], encoding: str, mark: str, titles: int
) -> None:
    lines = [
        HEADINGS,
        *((*row[:3], format_number(row[3], "vi", digits=17), row[4]) for row in rows),
    ]
    text = "\n".join(mark.join(f'"{cell}"' for cell in line) for line in lines)
    text = (
        "Bang ke\n\nso lieu\n"[: 0 if not titles else 9 * titles] + ("\n" if titles else "") + text
    )
    with tempfile.TemporaryDirectory() as folder:
        path = write_study(Path(folder), SETTINGS, tieu_thu=ENCODINGS[encoding](text))
        assert _records(read_study(path)) == read(rows)


@quick
@given(
    st.lists(
        st.lists(st.text('aĐ;,\t|"\n 1.', max_size=5), min_size=2, max_size=4),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(MARKS),
)
def test_law_quoted_cells_come_back(cells: list[list[str]], mark: str) -> None:
    head = mark.join(["resource", "period", "quantity", "unit"])
    body = "\n".join(
        mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells
    )
    rows = csv_rows(f"{head}\n{body}", table_spec("consumption"), {})
    assert rows[1:] == cells


@quick
@given(
    st.dictionaries(
        st.sampled_from(["tieu_thu", "san_luong", "gia", "giai_phap"]),
        st.binary(max_size=200),
        min_size=1,
    ),
    st.binary(max_size=60),
)
def test_law_no_bytes_are_a_traceback(files: dict[str, bytes], toml: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_study(Path(folder), None, **files)
        (path / "study.toml").write_bytes(toml)
        assert found(path)


cell = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=6),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["Điện", "2013", "1.234", "kWh", "Tổng", "nền"]),
    st.lists(st.integers(), max_size=1),
)


@quick
@given(st.lists(st.tuples(*[cell] * 5), max_size=5))
def test_law_no_cell_is_a_traceback(rows: list[Any]) -> None:
    frame = pd.DataFrame(rows, columns=list(HEADINGS), dtype=object)
    before = frame.copy(deep=True)
    with contextlib.suppress(StudyError):
        read(frame, HEADINGS)
    pd.testing.assert_frame_equal(frame, before)
