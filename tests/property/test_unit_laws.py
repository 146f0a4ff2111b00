"""Laws of units: spelling does not matter, conversion is linear, composable and reversible."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_units import (
    alike,
    amount,
    other_spellings,
    plain,
    qualifier,
    readable,
    same_dimension,
    scale,
    spelling,
    unit_text,
)

from sxsh_audit.errors import ConversionError, UnitError
from sxsh_audit.language.formatting import format_number
from sxsh_audit.units import canonicalise, convert, parse_quantity, parse_unit, to_canonical
from sxsh_audit.units.algebra import Part, compose
from sxsh_audit.units.definitions import spellings


@given(other_spellings())
def test_the_spelling_does_not_matter(texts: tuple[str, str]) -> None:
    assert parse_unit(texts[0]) == parse_unit(texts[1])


@given(unit_text())
def test_the_unicode_form_does_not_matter(text: str) -> None:
    assume(readable(text))
    assert parse_unit(unicodedata.normalize("NFD", text)) == parse_unit(text)


@given(spelling, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_never_changes_the_meaning_silently(text: str, change: object) -> None:
    swapped = change(text)  # type: ignore[operator]
    try:
        found = parse_unit(swapped)
    except UnitError:
        return
    same = found == parse_unit(text)
    assert same or unicodedata.normalize("NFC", swapped) in spellings().exact


@given(unit_text())
def test_the_symbol_is_read_back(text: str) -> None:
    assume(readable(text))
    unit = parse_unit(text)
    again = parse_unit(unit.symbol)
    assert (again.symbol, again.factor, again.canonical) == (
        unit.symbol, unit.factor, unit.canonical
    )


@given(unit_text())
def test_the_canonical_unit_is_its_own_canonical_unit(text: str) -> None:
    assume(readable(text))
    unit = parse_unit(text)
    canonical = parse_unit(unit.canonical)
    assert canonical.factor == 1
    assert canonical.canonical == unit.canonical
    assert canonical.dimension == unit.dimension


@given(plain, qualifier, scale)
def test_scale_and_product_name_are_independent(symbol: str, words: str, power: str) -> None:
    bare, full = parse_unit(symbol), parse_unit(power + symbol + words)
    assert full.dimension == bare.dimension
    assert full.qualifiers == tuple(filter(None, [words.strip()]))
    scaled = Fraction(full.factor, bare.factor)
    assert scaled == {"": 1, "triệu ": 10**6, "tr. ": 10**6}.get(power, 1000)


@given(st.lists(st.tuples(plain, st.sampled_from([1, -1])), min_size=1, max_size=4), st.randoms())
def test_the_order_of_a_product_does_not_matter(
    factors: list[tuple[str, int]], random: object
) -> None:
    parts = [Part(symbol, exponent) for symbol, exponent in factors]
    other = list(parts)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = compose(parts), compose(other)
    assert one.factor == two.factor
    assert convert(1.0, one, two) == 1.0


@given(same_dimension(2), amount)
def test_there_and_back(units: list[str], x: float) -> None:
    back = convert(convert(x, units[0], units[1]), units[1], units[0])
    assert back == pytest.approx(x, rel=1e-14)


@given(same_dimension(3), amount)
def test_by_way_of_a_third_unit(units: list[str], x: float) -> None:
    first, second, third = units
    direct = convert(x, first, third)
    assert convert(convert(x, first, second), second, third) == pytest.approx(direct, rel=1e-12)


@given(same_dimension(2), amount, amount)
def test_conversion_is_linear(units: list[str], x: float, y: float) -> None:
    total = convert(x, *units) + convert(y, *units)
    scale_of = abs(convert(x, *units)) + abs(convert(y, *units))
    assert convert(x + y, *units) == pytest.approx(total, abs=1e-12 * scale_of)
    assert convert(-x, *units) == -convert(x, *units)
    assert convert(0.0, *units) == 0.0


@given(same_dimension(2), st.lists(amount, max_size=5))
def test_the_kind_of_container_does_not_matter(units: list[str], xs: list[float]) -> None:
    expected = [convert(x, *units) for x in xs]
    assert convert(xs, *units) == expected
    np.testing.assert_array_equal(convert(np.array(xs, dtype=float), *units), expected)


@given(same_dimension(4), st.lists(st.tuples(amount, st.integers(-1, 3)), max_size=30))
def test_a_column_is_its_cells(units: list[str], cells: list[tuple[float, int]]) -> None:
    values = np.array([x for x, _ in cells], dtype=float)
    codes = np.array([code for _, code in cells], dtype=np.int8)
    column = canonicalise(values, codes, units)
    expected = [np.nan if code < 0 else to_canonical(x, units[code]).values for x, code in cells]
    np.testing.assert_array_equal(column.values, expected)


@given(plain, plain)
def test_two_units_convert_if_and_only_if_they_have_one_dimension(first: str, second: str) -> None:
    alike = parse_unit(first).dimension == parse_unit(second).dimension
    if alike:
        assert convert(1.0, first, second) > 0
    else:
        with pytest.raises(ConversionError):
            convert(1.0, first, second)


@given(alike(), plain)
def test_a_common_denominator_changes_nothing(units: tuple[str, str], below: str) -> None:
    first, second = units
    found = convert(1.0, f"{first}/{below}", f"{second}/{below}")
    assert found == pytest.approx(convert(1.0, first, second), rel=1e-15)


@given(amount, spelling.filter(lambda text: text != "1"), st.sampled_from(["vi", "en"]))
def test_a_quantity_is_its_number_and_its_unit(x: float, text: str, how: str) -> None:
    found = parse_quantity(f"{format_number(x, how)} {text}", how)  # type: ignore[arg-type]
    unit = parse_unit(text)
    expected = x * float(unit.factor)
    canonical = to_canonical(found)
    assert canonical.unit == unit.canonical
    assert canonical.values == pytest.approx(expected, rel=1e-14)
