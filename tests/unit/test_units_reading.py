"""The unit reader and its tables."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest

from sxsh_audit.errors import NumberError, UnitError
from sxsh_audit.language.numbers import scale_words
from sxsh_audit.language.text import fold
from sxsh_audit.units import parse_quantity, parse_unit
from sxsh_audit.units.algebra import Part, compose, ratio, registry
from sxsh_audit.units.definitions import Meaning, dimensions, spellings, units


def code_of(text: str) -> str:
    with pytest.raises(UnitError) as refused:
        parse_unit(text)
    return refused.value.code


class TestTables:
    def test_no_spelling_has_two_meanings(self) -> None:
        meanings: dict[str, set[Meaning]] = defaultdict(set)
        for spelling, meaning in spellings().exact.items():
            meanings[spelling].add(meaning)
        assert [spelling for spelling, found in meanings.items() if len(found) > 1] == []
        assert not set(spellings().exact) & set(spellings().refused)

    def test_a_case_folded_spelling_with_two_meanings_is_never_read(self) -> None:
        known = spellings()
        doubtful = [key for key, found in known.folded.items() if len(found) > 1]
        assert {"mw", "mwh", "mj", "mg", "ml", "mbtu", "cal", "tr"} <= set(doubtful)
        for key in doubtful:
            if key not in known.exact:
                assert code_of(key) == "unit.two_meanings"

    @pytest.mark.parametrize("symbol", [s for s in units() if s[0] == "M" and s[1:] in units()])
    def test_the_case_of_mega_is_never_guessed(self, symbol: str) -> None:
        # M and m are a factor of 10^9 apart: with a lower m the text is another unit or refused
        swapped = "m" + symbol[1:]
        if swapped in spellings().exact:
            assert parse_unit(swapped).symbol != symbol
        else:
            assert code_of(swapped) == "unit.two_meanings"

    def test_no_spelling_is_a_scale_word(self) -> None:
        clash = set(spellings().folded) & set(scale_words())
        assert clash == {"tr"}  # refused: triệu or refrigeration ton

    def test_spellings_are_composed_and_name_known_units(self) -> None:
        for spelling, meaning in spellings().exact.items():
            assert spelling == unicodedata.normalize("NFC", spelling)
            assert meaning.symbol in units()

    @pytest.mark.parametrize("symbol", units())
    def test_a_symbol_is_its_own_spelling(self, symbol: str) -> None:
        unit = parse_unit(symbol)
        assert (unit.symbol, unit.factor) == (symbol, units()[symbol].factor)
        assert unit.canonical == dimensions()[units()[symbol].dimension].canonical

    def test_canonical_units_have_factor_one(self) -> None:
        for dimension in dimensions().values():
            record = units()[dimension.canonical]
            assert (record.dimension, record.factor) == (dimension.name, 1)

    def test_every_unit_has_a_dimension_and_a_source(self) -> None:
        for unit in units().values():
            assert unit.dimension in dimensions()
            assert unit.source
            assert unit.factor > 0


@pytest.fixture(scope="module")
def default() -> Any:
    """Return a registry with pint's own definitions."""
    from pint import UnitRegistry

    return UnitRegistry()


class TestAgainstPint:
    """Our exact table, pint's own registry and the private one agree."""

    @pytest.mark.parametrize("symbol", [u.symbol for u in units().values() if u.pint])
    def test_equal_to_the_default_registry(self, symbol: str, default: Any) -> None:
        unit = units()[symbol]
        theirs = default.parse_expression(unit.pint) * 1.0
        size = unit.factor * dimensions()[unit.dimension].si
        assert theirs.to_base_units().magnitude == pytest.approx(float(size), rel=1e-14)

    def test_every_unit_pint_lacks_says_why(self) -> None:
        own = {"normal_volume", "toe", "apparent_power", "reactive_power", "reactive_energy"}
        for unit in units().values():
            if not unit.pint:
                dimension = dimensions()[unit.dimension]
                assert not dimension.algebra
                assert unit.source
                if unit.dimension in own and unit.factor == 1:
                    assert "pint" in unit.source or "power" in unit.source

    def test_the_private_registry_has_our_factors(self) -> None:
        private = registry()
        for place, unit in enumerate(units().values()):
            if unit.dimension == "dimensionless":
                continue
            found = private.convert(1.0, f"u_{place}", f"d_{unit.dimension}")
            assert found == pytest.approx(float(unit.factor), rel=1e-14)

    def test_the_private_registry_holds_nothing_else(self) -> None:
        from pint import UndefinedUnitError

        for name in ("ton", "calorie", "acre", "knot"):
            with pytest.raises(UndefinedUnitError):
                registry().parse_units(name)

    def test_names_that_pint_reads_otherwise(self, default: Any) -> None:
        assert default.Quantity(1, "ton").to("kg").magnitude == pytest.approx(907.18474)
        assert parse_unit("ton").factor == 1
        assert default.Quantity(1, "kcal").to("J").magnitude == pytest.approx(4184)
        assert parse_unit("kcal").factor == Fraction(41868, 36_000_000)
        assert default.Quantity(1, "Btu").to("J").magnitude == pytest.approx(1055.056)
        assert default.parse_units("kt") == default.parse_units("knot")

    def test_the_application_registry_is_left_alone(self) -> None:
        import pint

        before = pint.get_application_registry().get()
        registry()
        assert pint.get_application_registry().get() is before


@pytest.mark.parametrize(
    ("text", "symbol", "canonical", "factor"),
    [
        ("MJ/hl", "MJ/hL", "kWh/m3", Fraction(25, 9)),
        ("kcal/h", "kcal/h", "kW", Fraction(1163, 1_000_000)),
        ("kW·h", "kWh", "kWh", 1), ("kW.h", "kWh", "kWh", 1), ("kW*giờ", "kWh", "kWh", 1),
        ("kW·tháng", "kW·month", "kW·month", 1), ("kW.tháng", "kW·month", "kW·month", 1),
        ("kWh/1000 viên", "kWh/10^3 piece", "kWh/piece", Fraction(1, 1000)),
        ("kWh/nghìn viên", "kWh/10^3 piece", "kWh/piece", Fraction(1, 1000)),
        ("10^3 m3", "10^3 m3", "m3", 1000), ("10³ m³", "10^3 m3", "m3", 1000),
        ("1.000.000 đ", "10^6 VND", "VND", 10**6), ("1 000 l", "10^3 L", "m3", 1),
        ("nghìn tỷ đồng", "10^12 VND", "VND", 10**12), ("trđ/tấn", "10^6 VND/t", "VND/t", 10**6),
        ("tr.đ", "10^6 VND", "VND", 10**6), ("tr đồng", "10^6 VND", "VND", 10**6),
        ("[kWh/t]", "kWh/t", "kWh/t", 1), ("(kWh)/(t)", "kWh/t", "kWh/t", 1),
        ("(m3(n))", "Nm3", "Nm3", 1),
        ("nghìn TR", "10^3 TR", "kW", Fraction(52752792631, 15 * 10**6)),
        ("TR ĐỒNG", "10^6 VND", "VND", 10**6), ("kWh per tonne", "kWh/t", "kWh/t", 1),
        ("kWh/(t·km)", "kWh/t·km", "kWh/t·m", Fraction(1, 1000)),
        ("kg/tấn", "kg/t", "t/t", Fraction(1, 1000)), ("m3/m2", "m3/m2", "m", 1),
        ("Nm³", "Nm3", "Nm3", 1), ("m3 (n)", "Nm3", "Nm3", 1), ("tạ", "tạ", "t", Fraction(1, 10)),
        ("tấn lạnh", "TR", "kW", Fraction(52752792631, 15 * 10**9)),
        ("tấn dầu tương đương", "TOE", "TOE", 1), ("ktoe", "ktoe", "TOE", 1000),
        ("m3/ngđ", "m3/day", "m3/h", Fraction(1, 24)), ("đôi", "pair", "pair", 1),
        ("chai", "bottle", "bottle", 1), ("%", "%", "1", Fraction(1, 100)),
    ],
)
def test_units_people_write(text: str, symbol: str, canonical: str, factor: Fraction) -> None:
    unit = parse_unit(text)
    assert (unit.symbol, unit.canonical, unit.factor) == (symbol, canonical, factor)
    assert parse_unit(unit.symbol) == unit
    assert str(unit) == symbol


@pytest.mark.parametrize("text", ["ton", "tấn", "tonne", "T", "t", "TẤN", "tan", "Tons"])
def test_the_tonne_is_metric(text: str) -> None:
    assert parse_unit(text).symbol == "t"


def test_short_and_long_ton_are_spelled_out() -> None:
    assert parse_unit("short ton").factor == Fraction("0.90718474")
    assert parse_unit("long ton").factor == Fraction("1.0160469088")


@pytest.mark.parametrize(
    ("text", "qualifiers"),
    [
        ("kWh/tấn xi măng", ("xi măng",)), ("m3 nước/tấn sản phẩm", ("nước", "sản phẩm")),
        ("tấn bao bì", ("bao bì",)), ("tấn than/tấn sản phẩm", ("than", "sản phẩm")),
        ("tấn (xi măng)", ("xi măng",)), ("m vải", ("vải",)), ("kWh", ()),
    ],
)
def test_product_names_are_kept(text: str, qualifiers: tuple[str, ...]) -> None:
    assert parse_unit(text).qualifiers == qualifiers
    assert parse_unit(unicodedata.normalize("NFD", text)).qualifiers == qualifiers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), (" ", "empty"), ("kWh/", "half"), ("/tấn", "half"),
        ("m3/tấn/năm", "two_divisions"), ("Công suất (m3/tấn/năm)", "two_divisions"),
        ("mw", "two_meanings"), ("MBtu", "two_meanings"), ("gallon", "two_meanings"),
        ("$", "two_meanings"), ("mt", "two_meanings"), ("tr", "two_meanings"),
        ("m3 tiêu chuẩn", "two_meanings"), ("tấn than quy đổi", "two_meanings"),
        ("kW h", "unit_in_words"), ("tấn kg", "unit_in_words"), ("kWh triệu", "unit_in_words"),
        ("MMBtu kW-months", "unit_in_words"), ("tấn bao", "unit_in_words"),
        ("than cám 5,6", "unknown"), ("tấn than cám 5,6", "digits_in_words"),
        ("kg SO2", "digits_in_words"), ("5 kWh", "unknown"), ("LGP", "unknown"),
        ("bar(g)", "unknown"), ("kWh·", "unknown"), ("()", "empty"), ("12", "unknown"),
        ("tấn (xi măng", "not_a_unit"), ("qwx", "not_a_unit"),
    ],
)
def test_refused_with_its_own_reason(text: str, code: str) -> None:
    assert code_of(text) == f"unit.{code}"


def test_what_was_not_understood_is_underlined_and_the_nearest_are_offered() -> None:
    with pytest.raises(UnitError) as refused:
        parse_unit("m3/tắn xi măng", language="en")
    assert "  m3/tắn xi măng\n     ^^^" in str(refused.value)
    assert "tấn" in refused.value.numbers["near"]
    with pytest.raises(UnitError) as refused:
        parse_unit("kW h")
    assert refused.value.numbers["near"][0] == "kWh"


def test_two_divisions_name_both_readings() -> None:
    with pytest.raises(UnitError) as refused:
        parse_unit("m3/tấn/năm", language="en")
    assert "(m3/tấn)/năm or m3/(tấn/năm)" in str(refused.value)
    assert "m3/(tấn·năm)" in str(refused.value)


def test_a_unit_is_not_text_of_another_type() -> None:
    assert code_of(None) == "unit.empty"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "locale", "value", "symbol"),
    [
        ("12,5 kWh", "auto", 12.5, "kWh"), ("1.234,5 kWh/tấn", "auto", 1234.5, "kWh/t"),
        ("1.000 m3", "vi", 1000.0, "m3"), ("32 triệu đồng", "auto", 32e6, "VND"),
        ("900 tr.m3", "auto", 900e6, "m3"), ("VND 32 millions", "auto", 32e6, "VND"),
        ("US$ 5", "auto", 5.0, "USD"), ("5 %", "auto", 0.05, "1"),
        ("5 phần trăm", "auto", 0.05, "1"), ("5 min", "auto", 5.0, "min"),
        ("500 TR", "auto", 500.0, "TR"), ("500 tr đ", "auto", 5e8, "VND"),
        ("(5) kWh", "auto", -5.0, "kWh"),
        ("3,5kWh", "auto", 3.5, "kWh"), ("-2 tấn than", "auto", -2.0, "t"),
    ],
)
def test_quantities(text: str, locale: Any, value: float, symbol: str) -> None:
    quantity = parse_quantity(text, locale)
    assert quantity.value == value
    assert quantity.unit.symbol == symbol


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("1.234 kWh", NumberError, "number.two_readings"),
        ("khoảng 5 kWh", NumberError, "number.about"),
        ("5 - 8 kWh", NumberError, "number.range"), ("kWh", NumberError, "number.not_a_number"),
        ("5", UnitError, "unit.missing"), ("5 kWj", UnitError, "unit.unknown"),
        ("5 kWh, 3 MJ", UnitError, "unit.two_quantities"),
        ("1000 TOE, or 6 million kWh", UnitError, "unit.two_quantities"),
    ],
)
def test_quantities_refused(text: str, kind: type[NumberError | UnitError], code: str) -> None:
    with pytest.raises(kind) as refused:
        parse_quantity(text)
    assert refused.value.code == code


def test_ratio_of_composed_units_is_exact() -> None:
    kilowatts = compose([Part("kcal"), Part("h", -1)])
    assert kilowatts.dimension == "power"
    assert ratio(kilowatts.parts, (Part("W"),)) == Fraction(1163, 1000)


def test_fold_and_marks() -> None:
    assert fold(" KWH / TẤN ") == "kwh / tấn"
