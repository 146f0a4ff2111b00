"""DataFrames of every kind: read, never changed, and no fault of theirs a traceback."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sxsh_audit import Study
from sxsh_audit.errors import StudyError
from sxsh_audit.tables.raw import RawTable

OUTPUT = pd.DataFrame({"Kỳ": [2013, 2014], "Sản lượng (tấn)": [1000, 1100]})
USE = pd.DataFrame(
    {
        "Tài nguyên": ["Điện", "Điện"],
        "Kỳ": [2013, 2014],
        "Lượng mua": [5.0, 6.0],
        "Đơn vị": ["kWh", "kWh"],
    }
)


def read(frame: pd.DataFrame) -> Any:
    """Use by row, or the code and row of each error; the frame must stay as it was."""
    before = frame.copy(deep=True)
    try:
        study = Study(production=OUTPUT, consumption=frame, baseline="2013", reporting="2014")
        seen: Any = study.consumption["use"].tolist()
    except StudyError as error:
        seen = [(item.code, item.place.row) for item in error.findings if item.severity == "error"]
    pd.testing.assert_frame_equal(before, frame)
    return seen


@pytest.mark.parametrize(
    "frame",
    [
        USE,
        USE.astype({"Tài nguyên": "category", "Đơn vị": "category", "Kỳ": "category"}),
        USE.astype({"Lượng mua": "Float64", "Kỳ": "Int64", "Tài nguyên": "string"}),
        USE.astype({"Lượng mua": "Int64"}),
        USE.assign(**{"Lượng mua": ["5,0", "6,0"]}),
        USE.assign(**{"Lượng mua": pd.Series([Decimal(5), np.float32(6)], dtype=object)}),
        USE.assign(**{"Kỳ": pd.to_datetime(["2013-05-05", "2014-05-05"])}),
        USE.assign(**{"Kỳ": pd.to_datetime(["2013-05-05", "2014-05-05"]).tz_localize("UTC")}),
        USE.assign(**{"Kỳ": pd.PeriodIndex(["2013-05", "2014-05"], freq="M")}),
        USE.assign(**{"Kỳ": pd.PeriodIndex(["2013-05-06", "2014-05-06"], freq="W")}),
        USE.set_index(pd.Index([3, 3])),
        USE.set_index(["Tài nguyên", "Kỳ"]),
        USE.iloc[::-1].iloc[::-1],
        USE.assign(**{"": [None, None]}),
    ],
)
def test_frames_of_every_kind_say_the_same(frame: pd.DataFrame) -> None:
    assert read(frame) == [5.0, 6.0]


def test_missing_figures_stay_missing() -> None:
    for missing in (
        pd.array([5, None], dtype="Int64"),
        [5.0, np.nan],
        pd.Series([5, pd.NA], dtype=object),
        ["5", ""],
    ):
        first, second = read(USE.assign(**{"Lượng mua": missing}))
        assert first == 5.0
        assert np.isnan(second)


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("Lượng mua", [True, False], [("number.boolean", 2), ("number.boolean", 3)]),
        ("Lượng mua", [np.inf, 1.0], [("number.out_of_range", 2)]),
        ("Lượng mua", [1j, 2j], [("number.type", 2), ("number.type", 3)]),
        ("Lượng mua", [[1], dt.date(2013, 1, 1)], [("number.type", 2), ("number.type", 3)]),
        ("Kỳ", [[1], {1}], [("period.not_a_period", 2), ("period.not_a_period", 3)]),
        ("Kỳ", pd.to_datetime(["2013-05-05", None]), [("table.no_period", 3)]),
        (
            "Kỳ",
            np.array(["0001-01-01", "2014-05-05"], "datetime64[s]"),
            [("period.not_a_period", 2)],
        ),
        ("Tài nguyên", [None, pd.NA], [("table.empty", 2), ("table.empty", 3)]),
    ],
)
def test_cells_that_are_no_value(column: str, cells: Any, expected: list[Any]) -> None:
    if isinstance(cells, list):
        cells = pd.Series(cells, dtype=object)
    assert read(USE.assign(**{column: cells})) == expected


def test_frames_without_records() -> None:
    assert read(pd.DataFrame()) == [("study.empty", 0)]
    assert read(USE.iloc[:0]) == [("study.empty", 0)]


def test_something_that_is_no_frame_is_wrong_use() -> None:
    with pytest.raises(TypeError, match="DataFrame"):
        Study(production=[1], consumption=USE)


def test_rows_are_numbered_as_a_sheet_shows_them() -> None:
    raw = RawTable.from_rows([["a"], [1], [None], [2]], file="x", head=0)
    assert raw.rows.tolist() == [2, 4]
    assert raw.place(1, 0).row == 4
