"""Conversion: values by hand, kinds of object, and the refusals that teach."""

from __future__ import annotations

import math
import pickle
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.errors import ConversionError, DataError
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.units import (
    canonicalise,
    canonicalise_text,
    columns,
    convert,
    factor_set,
    factor_sets,
    parse_quantity,
    parse_unit,
    to_canonical,
    unit_factors,
)


def code_of(*args: Any, **names: Any) -> str:
    with pytest.raises(ConversionError) as refused:
        convert(*args, **names)
    return refused.value.code


@pytest.mark.parametrize(
    ("value", "start", "end", "expected"),
    [
        (1, "kWh", "MJ", 3.6), (1, "Gcal", "MJ", 4186.8), (1, "MMBtu", "GJ", 1.05505585262),
        (824, "kcal/kg", "GJ/t", 3.4499232), (1200, "kWh/tấn", "kWh/kg", 1.2),
        (5, "triệu đồng", "đồng", 5e6), (1, "short ton", "kg", 907.18474),
        (1, "bbl", "l", 158.987294928), (30, "kg/tấn", "%", 3.0), (24, "m3/ngày", "m3/h", 1.0),
        (1, "kWh/1000 viên", "Wh/viên", 1.0), (1, "kcal/h", "W", 1.163),
    ],
)
def test_values_by_hand(value: float, start: str, end: str, expected: float) -> None:
    assert convert(value, start, end) == pytest.approx(expected, rel=4e-16)


class TestKinds:
    def test_scalar(self) -> None:
        for value in (2, 2.0, np.float32(2), Decimal(2)):
            found = convert(value, "kWh", "MJ")
            assert found == 7.2
            assert isinstance(found, float)
        assert math.isnan(convert(None, "kWh", "MJ"))

    def test_list_and_nested_list(self) -> None:
        assert convert([1, 2.0], "MWh", "kWh") == [1000.0, 2000.0]
        assert convert(((1,), (2,)), "MWh", "kWh") == [[1000.0], [2000.0]]

    def test_array_keeps_its_shape_and_the_caller_keeps_his(self) -> None:
        given = np.arange(6).reshape(2, 3)
        found = convert(given, "MWh", "kWh")
        np.testing.assert_array_equal(found, [[0, 1000, 2000], [3000, 4000, 5000]])
        assert found.dtype == np.float64
        assert given.dtype.kind == "i"
        np.testing.assert_array_equal(
            convert(np.array([1, None], dtype=object), "MWh", "kWh"), [1000.0, np.nan]
        )

    @pytest.mark.parametrize("dtype", ["int64", "float32", "Int64", "Float64", "object"])
    def test_series_keeps_index_and_name(self, dtype: str) -> None:
        given = pd.Series([1, 2], index=["a", "b"], name="use", dtype=dtype)
        found = convert(given, "MWh", "kWh")
        pd.testing.assert_series_equal(
            found, pd.Series([1000.0, 2000.0], index=["a", "b"], name="use")
        )

    def test_missing_cells_of_a_series(self) -> None:
        for dtype in ("Int64", "object", "float64"):
            found = convert(pd.Series([1, None], dtype=dtype), "MWh", "kWh")
            np.testing.assert_array_equal(found, [1000.0, np.nan])

    def test_quantity_of_ours(self) -> None:
        assert convert(parse_quantity("12,5 MWh"), to_unit="kWh") == 12500.0
        assert to_canonical(parse_quantity("12,5 MWh")) == (12500.0, "kWh")

    @pytest.mark.parametrize(
        "values", ["1.234", ["1"], np.array(["1"]), pd.Series(["1"]), True, np.True_, {"a": 1},
                   pd.Series([True])]
    )
    def test_text_is_refused(self, values: Any) -> None:
        assert code_of(values, "kWh", "MJ") == "convert.text"


@pytest.fixture(scope="module")
def pint() -> Any:
    from pint import UnitRegistry

    registry = UnitRegistry()
    registry.define("dong = [currency]")
    return registry


class TestForeignPint:
    def test_reduced_by_its_own_registry(self, pint: Any) -> None:
        # their ton is the short ton; its name is not read again
        found = convert(pint.Quantity(1.0, "ton"), to_unit="tấn")
        assert found == pytest.approx(0.90718474, rel=1e-15)
        assert to_canonical(pint.Quantity(2.0, "MWh")) == (pytest.approx(2000.0), "kWh")

    def test_composed_and_arrays(self, pint: Any) -> None:
        assert convert(pint.Quantity(5.0, "kWh/tonne"), to_unit="MJ/t") == pytest.approx(18.0)
        found = convert(pint.Quantity(np.array([1.0, 2.0]), "GJ"), to_unit="MJ")
        np.testing.assert_allclose(found, [1000.0, 2000.0], rtol=1e-15)
        assert convert(pint.Quantity(50.0, "percent"), to_unit="1") == pytest.approx(0.5)

    @pytest.mark.parametrize("unit", ["dong", "degC", "mole", "ampere"])
    def test_base_units_that_are_not_ours(self, pint: Any, unit: str) -> None:
        assert code_of(pint.Quantity(1.0, unit), to_unit="VND") == "convert.foreign_base"

    def test_composed_has_no_canonical_unit(self, pint: Any) -> None:
        with pytest.raises(ConversionError) as refused:
            to_canonical(pint.Quantity(5.0, "kWh/tonne"))
        assert refused.value.code == "convert.foreign_needs_target"

    def test_its_energy_is_not_our_oil(self, pint: Any) -> None:
        assert code_of(pint.Quantity(1.0, "toe"), to_unit="TOE") == "convert.needs_factor_set"


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("kWh", "m3", "dimension"), ("viên", "đôi", "dimension"), ("m3/ca", "m3/h", "dimension"),
        ("Nm3", "m3", "dimension"), ("kWh/tháng", "kW", "dimension"), ("kVA", "kW", "dimension"),
        ("kvarh", "kWh", "dimension"), ("chai", "lon", "dimension"),
        ("kWh", "TOE", "needs_factor_set"), ("TOE/t", "MJ/t", "needs_factor_set"),
        ("USD", "VND", "needs_exchange_rate"), ("t", "m3", "needs_density"),
    ],
)
def test_unlike_things_are_refused_and_named(start: str, end: str, code: str) -> None:
    assert code_of(1, start, end) == f"convert.{code}"
    with pytest.raises(ConversionError) as refused:
        convert(1, start, end, language="en")
    for name in ("from_dimension", "to_dimension"):
        parts = refused.value.numbers[name].split("/")
        words = "/".join(sentence(f"dimension.{part}", "en") for part in parts)
        assert words in str(refused.value)


def test_a_refusal_can_be_told_again_in_the_other_language() -> None:
    with pytest.raises(ConversionError) as refused:
        convert(1, "kWh", "kg", language="vi")
    told = refusal_sentence(refused.value.code, refused.value.numbers, "en")
    assert "energy" in told
    assert "năng lượng" not in told


@pytest.mark.parametrize(
    ("args", "names", "code"),
    [
        ((1,), {"to_unit": "kWh"}, "no_unit"), ((1, "kWh"), {}, "no_target"),
        ((parse_quantity("1 kWh"), "kWh"), {"to_unit": "MJ"}, "unit_twice"),
        ((1, "kWh", "TOE", "vn-3506"), {}, "no_such_set"),
        ((1, "kWh", "m3", "vn-3505"), {}, "not_in_set"),
        ((1, "t", "TOE", "vn-3505"), {}, "which_resource"),
        ((1, "t", "TOE", "vn-3505"), {"resource": "wood"}, "no_such_resource"),
        ((1, "t", "TOE", "physical"), {"resource": "diesel"}, "not_in_set"),
        ((1, "MJ", "TOE", "vn-3505"), {}, "two_conventions"),
        ((1, "TOE", "GJ", "vn-3505"), {}, "two_conventions"),
    ],
)
def test_wrong_calls_say_what_is_missing(
    args: tuple[Any, ...], names: dict[str, Any], code: str
) -> None:
    assert code_of(*args, **names) == f"convert.{code}"


def test_the_fuels_are_listed() -> None:
    with pytest.raises(ConversionError, match="coal_cam_5_6, coke, diesel, fuel_oil"):
        convert(1, "t", "TOE", "vn-3505")


class TestFactorSets:
    def test_factors_apply_inside_composed_units_and_backwards(self) -> None:
        assert convert(1, "MWh/t", "TOE/t", "vn-3505") == pytest.approx(0.1543, rel=1e-15)
        assert convert(1.02, "TOE", "t", "vn-3505", resource="diesel") == pytest.approx(1.0)
        assert convert(10, "Gcal", "TOE", "physical") == pytest.approx(1.0, rel=1e-15)
        assert convert(1, "TOE", "GJ", "physical", resource="electricity") == 41.868

    def test_a_set_is_not_used_where_none_is_needed(self) -> None:
        assert convert(1, "kWh", "MJ", "vn-3505") == 3.6

    def test_every_row_carries_its_source(self) -> None:
        for table in factor_sets():
            assert table.title.keys() == {"vi", "en"}
            for row in table.factors:
                assert row.source
                assert row.year >= 2000
                assert row.confidence in {"H", "M", "L"}
                assert row.resource
                assert (row.value is None) <= bool(row.withheld)

    def test_choosing_a_withheld_value(self) -> None:
        chosen = factor_set("vn-tt20-2016").choose("wood", "15.6", source="IPCC 2006")
        assert convert(1, "kg", "MJ", chosen, resource="wood") == 15.6
        assert [row.source for row in chosen.find("wood")] == ["IPCC 2006"]
        assert factor_set("vn-tt20-2016").find("wood")[0].withheld
        with pytest.raises(KeyError):
            chosen.choose("diesel", "1", source="x")
        with pytest.raises(ValueError, match="above 0"):
            factor_set("vn-3505").choose("coke", "0", source="x")

    def test_a_file_of_ones_own(self, tmp_path: Path) -> None:
        path = tmp_path / "của tôi.toml"
        path.write_text(
            'id = "plant"\nsource = "cân 100 viên, 3/2014"\nyear = 2014\n'
            '[[factor]]\nresource = "brick"\nfrom = "nghìn viên"\nto = "tấn"\nvalue = "1.6"\n',
            encoding="utf-8",
        )
        assert convert(2, "viên", "kg", path) == pytest.approx(3.2)
        assert factor_set(str(path)).factors[0].source == "cân 100 viên, 3/2014"

    def test_a_factor_may_be_a_number_or_a_text(self, tmp_path: Path) -> None:
        for name, value in (("number", "0.88"), ("text", '"0.88"')):
            path = tmp_path / f"{name}.toml"
            path.write_text(
                'id = "x"\ntitle_vi = "x"\ntitle_en = "x"\nsource = "x"\nyear = 2014\n'
                f'[[factor]]\nresource = "fuel_oil"\nfrom = "m3"\nto = "TOE"\nvalue = {value}\n',
                encoding="utf-8")
            (row,) = factor_set(path).factors
            assert (row.value, row.text) == (Fraction(22, 25), "0.88")

    def test_all_faults_of_a_file_at_once(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.toml"
        path.write_text(
            'id = "x"\nyear = "2014"\nsource = ""\n'
            '[[factor]]\nresource = "a"\nfrom = "kWj"\nto = "TOE"\nvalue = "-1"\n'
            '[[factor]]\nfrom = "t"\nto = "TOE"\nvalue = true\nwithheld = "so"\nvalid_from = "x"\n'
            '[[factor]]\nresource = "b"\nfrom = "t"\nto = "TOE"\nvalue = "1"\n'
            '[[factor]]\nresource = "b"\nfrom = "kg"\nto = "TOE"\nvalue = "1"\n',
            encoding="utf-8",
        )
        with pytest.raises(DataError) as refused:
            factor_set(path, language="en")
        told = str(refused.value)
        for part in (
            "`source` is missing", "`year` is 2014", "factor 1, `from`", "factor 1: `value` is -1",
            "factor 2: `resource`", "factor 2: `value`", "factor 2: `withheld` is so",
            "factor 2: `valid_from`", "factor 4: b with the same units is given in factor 3",
        ):
            assert part in told
        path.write_text("id = ", encoding="utf-8")
        with pytest.raises(DataError):
            factor_set(path)
        path.write_text('id = "x"\nsource = "y"\nyear = 2014\n', encoding="utf-8")
        with pytest.raises(DataError, match="factor"):
            factor_set(path)

    def test_choice_is_passed_through(self) -> None:
        assert factor_set(factor_set("physical")) is factor_set("physical")


class TestColumns:
    def test_codes_into_a_table_of_units(self) -> None:
        column = canonicalise([1.5, 200, 7, 9], np.array([0, 1, 0, -1], np.int8), ["MWh", "kg"])
        np.testing.assert_array_equal(column.values, [1500.0, 0.2, 7000.0, np.nan])
        assert column.units == ("kWh", "t")

    def test_equal_to_convert_bit_for_bit(self) -> None:
        names = ["MWh", "kcal", "GJ", "Btu", "tấn"]
        generator = np.random.default_rng(7)
        values = generator.lognormal(5, 3, 50_000)  # more than one block
        codes = generator.integers(0, len(names), values.size)
        column = canonicalise(values, codes, names)
        for code, name in enumerate(names):
            expected = to_canonical(values[codes == code], name).values
            np.testing.assert_array_equal(column.values[codes == code], expected)

    def test_a_long_column_of_byte_codes_is_the_same(self) -> None:
        # from a million rows on, two codes are gathered at a time; an odd row is left over
        names = ["MWh", "kcal", "GJ", "Btu", "tấn"]
        generator = np.random.default_rng(7)
        values = generator.lognormal(5, 3, 1_000_003)
        codes = generator.integers(-1, len(names), values.size).astype(np.int8)
        column = canonicalise(values, codes, names)
        np.testing.assert_array_equal(
            column.values, canonicalise(values, codes.astype(np.int64), names).values
        )
        np.testing.assert_array_equal(np.isnan(column.values), codes == -1)
        values.setflags(write=False)
        for threads in (2, 3, 7):
            shared = canonicalise(values, codes[::-1][::-1], names, threads=threads)
            assert shared.values.tobytes() == column.values.tobytes()

    @pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 17])
    @pytest.mark.parametrize("kind", [np.int8, np.int32])
    def test_threads_and_blocks_change_no_bit(
        self, monkeypatch: pytest.MonkeyPatch, size: int, kind: type[np.signedinteger[Any]]
    ) -> None:
        monkeypatch.setattr(columns, "_BLOCK", 4)
        monkeypatch.setattr(columns, "_PAIRS_FROM", 2)
        names = ["MWh", "kcal", "GJ"]
        values = np.arange(1.0, 2 * size + 1)[::2] * 1e12
        codes = (np.arange(size) % 4 - 1).astype(kind)
        factors = [float(convert(1.0, name, "kWh")) for name in names]
        expected = [value * factors[code] if code >= 0 else np.nan
                    for value, code in zip(values, codes, strict=True)]  # fmt: skip
        found = [canonicalise(values, codes, names, threads=n).values for n in (1, 2, 3)]
        np.testing.assert_allclose(found[0], expected, rtol=1e-15)
        assert found[0].tobytes() == found[1].tobytes() == found[2].tobytes()

    def test_units_as_text(self) -> None:
        texts = ["MWh", None, "kg", "MWh"]
        for units in (texts, pd.Series(texts), pd.Series(texts, dtype=object),
                      pd.Series(texts, dtype="category"), pd.array(texts, dtype="string")):
            column = canonicalise_text([1, 2, 3, 4], units)
            np.testing.assert_array_equal(column.values, [1000.0, np.nan, 0.003, 4000.0])
            assert set(column.units) == {"kWh", "t"}

    def test_empty_column(self) -> None:
        assert canonicalise([], np.array([], dtype=int), []).values.size == 0

    @pytest.mark.parametrize(
        ("values", "codes"), [([1.0], [0, 0]), ([1.0], [2]), ([1.0], [-2]), ([1.0], [0.5]),
                              ([[1.0]], [[0]])]
    )
    def test_wrong_codes(self, values: Any, codes: Any) -> None:
        with pytest.raises(ValueError, match="codes"):
            canonicalise(values, codes, ["kWh"])

    def test_unit_factors(self) -> None:
        assert unit_factors(["MWh", "kWh"], "MJ").tolist() == [3600.0, 3.6]
        assert unit_factors([parse_unit("kg")]).tolist() == [0.001]
        assert unit_factors(["MWh"], "TOE", "vn-3505").tolist() == [0.1543]


def test_results_survive_pickling() -> None:
    unit = parse_unit("kWh/tấn xi măng")
    assert pickle.loads(pickle.dumps(unit)) == unit
    with pytest.raises(ConversionError) as refused:
        convert(1, "kWh", "m3")
    again = pickle.loads(pickle.dumps(refused.value))
    assert (again.code, str(again)) == (refused.value.code, str(refused.value))
