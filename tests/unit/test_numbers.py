"""The number reader: every form of METHOD's first section, by value or by the reason."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.errors import NumberError
from sxsh_audit.language.numbers import parse_number, parse_numbers, split_number

NBSP, THIN, NARROW, FIGURE = "\u00a0", "\u2009", "\u202f", "\u2007"


def code_of(text: object, locale: Any = "auto") -> str:
    with pytest.raises(NumberError) as refused:
        parse_number(text, locale)
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0), ("7", 7.0), ("1234", 1234.0), ("0154", 154.0),
        ("1.234.567", 1234567.0), ("1,234,567", 1234567.0),
        ("0,0001543", 0.0001543), ("0.0001543", 0.0001543), ("0,154", 0.154), ("0.154", 0.154),
        ("26.087,5", 26087.5), ("919,341.5", 919341.5), ("1.234,567", 1234.567),
        ("1,234.567", 1234.567), ("1234,567", 1234.567), ("1234.567", 1234.567),
        ("12,5", 12.5), ("12.50", 12.5), (",5", 0.5), (".5", 0.5),
        ("1 234", 1234.0), ("1 234 567,8", 1234567.8), ("1 234.5", 1234.5),
        (f"1{NBSP}234", 1234.0), (f"1{THIN}234", 1234.0), (f"1{NARROW}234{NARROW}567", 1234567.0),
        (f"1{FIGURE}234", 1234.0), ("  12,5 ", 12.5), ("\ufeff12,5", 12.5),
        ("-5", -5.0), ("\u22125", -5.0), ("–5", -5.0), ("- 5", -5.0), ("+5", 5.0),
        ("(1.234,5)", -1234.5), ("( 12 )", -12.0), ("(5) %", -0.05),
        ("8 %", 0.08), ("8%", 0.08), ("-8,3 %", -0.083), ("8 phần trăm", 0.08),
        ("1,5E+06", 1.5e6), ("1.5e-3", 1.5e-3), ("2E5", 2e5), ("-1,234E3", -1234.0),
        ("1,5 triệu", 1.5e6), ("1,5 nghìn tỷ", 1.5e12), ("3 ngàn", 3e3), ("5 tr.", 5e6),
        ("5tr", 5e6), ("2 tỉ", 2e9), ("2 TỶ", 2e9), ("32 millions", 32e6),
        ("225 thousand", 225e3), ("1.5 billion", 1.5e9), ("3 trieu", 3e6),
        ("tri\u0065\u0323\u0302u", None),
    ],
)
def test_one_reading(text: str, value: float | None) -> None:
    if value is None:  # a scale word is no number by itself
        assert code_of(text) == "number.not_a_number"
    else:
        assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("1.234", 1234, 1.234), ("1,234", 1.234, 1234), ("-80.704", -80704, -80.704),
        ("1.000 tỷ", 10**12, 10**9), ("12.345 %", 123.45, 0.12345),
    ],
)
def test_two_readings_are_named_and_the_locale_decides(text: str, vi: float, en: float) -> None:
    with pytest.raises(NumberError) as refused:
        parse_number(text)
    assert refused.value.code == "number.two_readings"
    assert refused.value.numbers == {"text": text, "as_vi": vi, "as_en": en}
    assert parse_number(text, "vi") == vi
    assert parse_number(text, "en") == en


def test_the_two_readings_stand_in_the_sentence() -> None:
    with pytest.raises(NumberError, match=r"1234 .*hoặc 1,234 "):
        parse_number("1.234", language="vi")
    with pytest.raises(NumberError, match=r"1234 .*or 1\.234 "):
        parse_number("1.234", language="en")


@pytest.mark.parametrize(
    ("text", "locale", "code"),
    [
        ("12.50", "vi", "not_vi"), ("1,234,567", "vi", "not_vi"), ("1.23,5", "vi", "not_vi"),
        ("12,50", "en", "not_en"), ("1.234.567", "en", "not_en"), ("26.087,5", "en", "not_en"),
        ("12.345.67", "auto", "no_reading"), ("1.2.3", "auto", "no_reading"),
        ("1.234.567E3", "auto", "no_reading"),
    ],
)
def test_separators_must_fit_the_locale(text: str, locale: Any, code: str) -> None:
    assert code_of(text, locale) == f"number.{code}"


@pytest.mark.parametrize("locale", ["auto", "vi", "en"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0,70–0,75", "range"), ("0,70 - 0,75", "range"), ("từ 5 - 8", "range"),
        ("từ 5 - 8%", "range"), ("77 đến 108", "range"), ("5%-8%", "range"),
        ("between 5 and 8", "range"), ("5 … 8", "range"), ("5 to 8", "range"),
        (">22,000", "lower"), ("≥ 5", "lower"), ("hơn 5", "lower"), ("trên 5", "lower"),
        ("ít nhất 5", "lower"), ("5 trở lên", "lower"), ("5+", "lower"), ("từ 5", "lower"),
        ("<5", "upper"), ("dưới 5", "upper"), ("không quá 5", "upper"), ("up to 5", "upper"),
        ("~5", "about"), ("≈ 5", "about"), ("khoảng 5", "about"), ("about 5", "about"),
        ("gần 5", "about"), ("5 ± 2", "about"),
        ("2.388×10^5", "power"), ("5 x 10", "power"), ("10^6", "power"), ("10⁶", "power"),
        ("#REF!", "excel_error"), ("#N/A", "excel_error"), ("#DIV/0!", "excel_error"),
        ("####", "excel_error"),
        ("5 8", "two_numbers"), ("5;8", "two_numbers"), ("5/8", "two_numbers"),
        ("5 kg", "trailing_text"), ("500 TR", "trailing_text"), ("5 min", "trailing_text"),
        ("5 tỷ nghìn", "trailing_text"), ("5 ()", "trailing_text"),
        ("5,", "trailing_separator"), ("5.", "trailing_separator"),
        ("1e999", "out_of_range"), ("1e-999", "out_of_range"),
        ("không có", "none_word"), ("Nil", "none_word"), ("none", "none_word"),
        ("abc", "not_a_number"), ("--5", "not_a_number"), ("(-5)", "not_a_number"),
        ("x*1.678", "not_a_number"), ("triệu", "not_a_number"), ("%", "not_a_number"),
    ],
)
def test_refused_with_its_own_reason(text: str, code: str, locale: Any) -> None:
    assert code_of(text, locale) == f"number.{code}"


@pytest.mark.parametrize(
    "text",
    ["", "  ", NBSP, "-", "–", "—", "−", "n/a", "N/A", "nan", None, math.nan, pd.NA, pd.NaT,
     np.float64("nan")],
)
def test_nothing_is_nan(text: object) -> None:
    assert math.isnan(parse_number(text))


@pytest.mark.parametrize(
    ("number", "value"),
    [(5, 5.0), (5.5, 5.5), (np.int64(3), 3.0), (np.float32(0.5), 0.5), (Decimal("1.5"), 1.5),
     (Fraction(1, 4), 0.25)],
)
def test_a_number_passes_through(number: object, value: float) -> None:
    found = parse_number(number)
    assert found == value
    assert type(found) is float


@pytest.mark.parametrize(
    ("value", "code"),
    [(True, "boolean"), (np.True_, "boolean"), (math.inf, "out_of_range"),
     (-np.inf, "out_of_range"), (10**400, "out_of_range"), (dt.date(2014, 1, 5), "type"),
     ([1], "type"), (1j, "type")],
)
def test_other_objects_are_refused(value: object, code: str) -> None:
    assert code_of(value) == f"number.{code}"


def test_what_follows_the_number_is_underlined() -> None:
    with pytest.raises(NumberError) as refused:
        parse_number("12,5 kg")
    assert "  12,5 kg\n       ^^" in str(refused.value)


def test_decimal_text_is_rounded_once() -> None:
    # 0.1 triệu by way of a float product would be right by luck only; these are not
    assert parse_number("0,0000011 triệu") == 1.1
    assert parse_number("4,35 %") == 0.0435
    assert parse_number("1,15 tỷ") == 1_150_000_000.0


def test_unknown_locale_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="locale 'fr'"):
        parse_number("5", "fr")  # type: ignore[arg-type]


def test_split_number_leaves_the_rest() -> None:
    assert split_number("32 triệu đồng/năm") == (32e6, "đồng/năm")
    assert split_number("5tr.m3", "vi") == (5e6, "m3")


class TestColumn:
    def test_faults_by_position(self) -> None:
        column = parse_numbers(["12,5", "", "1.234", None, "5 - 8", "1.234"], language="en")
        np.testing.assert_array_equal(column.values, [12.5, *[np.nan] * 5])
        assert [(row, fault.code) for row, fault in column.faults] == [
            (2, "number.two_readings"), (4, "number.range"), (5, "number.two_readings"),
        ]

    @pytest.mark.parametrize(
        "cells",
        [
            ["1.234", "7"],
            np.array(["1.234", "7"]),
            np.array(["1.234", 7], dtype=object),
            pd.Series(["1.234", "7"]),
            pd.Series(["1.234", "7"], dtype=object),
            pd.Series(["1.234", "7"], dtype="category"),
        ],
    )
    def test_any_container(self, cells: Any) -> None:
        column = parse_numbers(cells, "vi")
        assert column.values.tolist() == [1234.0, 7.0]
        assert column.values.dtype == np.float64
        assert column.faults == ()

    def test_numeric_array_is_copied_not_read(self) -> None:
        given = np.array([1.5, np.nan, np.inf])
        column = parse_numbers(given)
        np.testing.assert_array_equal(column.values, [1.5, np.nan, np.nan])
        assert [(row, fault.code) for row, fault in column.faults] == [(2, "number.out_of_range")]
        assert given[2] == np.inf
        assert parse_numbers(pd.Series([1, 2])).values.tolist() == [1.0, 2.0]

    def test_nullable_and_boolean_columns(self) -> None:
        column = parse_numbers(pd.Series([1, None], dtype="Int64"))
        np.testing.assert_array_equal(column.values, [1.0, np.nan])
        assert [fault.code for _, fault in parse_numbers([True, 1]).faults] == ["number.boolean"]

    def test_equal_to_the_scalar_reader_row_by_row(self) -> None:
        texts = ["12,5", "1 234", "8 %", "(5)", "−3", "2 triệu", "n/a"] * 50
        np.testing.assert_array_equal(
            parse_numbers(texts).values, [parse_number(text) for text in texts]
        )
