"""Laws of plausibility: units, order and scale do not matter, clean series are left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsh_audit as sx
from sxsh_audit.calc.plausibility import magnitude_slips, swapped_pairs

EXAMPLES = max(settings().max_examples // 6, 1)  # each example is several assessments
MONTHS = [f"{year}-{month:02d}" for year in (2013, 2014) for month in range(1, 13)]
# A calm series: every figure within a quarter of 1,000.
CALM = st.lists(st.integers(800, 1250), min_size=3, max_size=24)
POWERS = st.sampled_from([1, 2, 3, 6, -1, -2, -3, -6])


@given(series=CALM, scale=st.sampled_from([1e-6, 1e-3, 1.0, 37.0, 1e6]), power=POWERS,
       at=st.integers(0, 23))  # fmt: skip
def test_scaling_all_figures_changes_no_slip(
    series: list[int], scale: float, power: int, at: int
) -> None:
    values = np.array(series, dtype=float)
    values[at % len(values)] *= 10.0**power
    codes = np.zeros(len(values), dtype=int)
    one = magnitude_slips(values, codes, 1).power
    two = magnitude_slips(values * scale, codes, 1).power
    assert one.tolist() == two.tolist()


@given(series=CALM, seed=st.integers(0, 99), power=POWERS, at=st.integers(0, 23))
def test_slips_do_not_depend_on_the_order_of_rows(
    series: list[int], seed: int, power: int, at: int
) -> None:
    values = np.array(series, dtype=float)
    values[at % len(values)] *= 10.0**power
    order = np.random.default_rng(seed).permutation(len(values))
    codes = np.zeros(len(values), dtype=int)
    one = magnitude_slips(values, codes, 1).power
    assert magnitude_slips(values[order], codes, 1).power.tolist() == one[order].tolist()


@given(series=CALM)
def test_a_calm_series_has_no_slip_and_no_swap(series: list[int]) -> None:
    values, codes = np.array(series, dtype=float), np.zeros(len(series), dtype=int)
    assert not magnitude_slips(values, codes, 1).power.any()
    assert not swapped_pairs(values, values * 1500, codes, 1).any()


@given(series=CALM.filter(lambda found: len(found) > 4), power=st.sampled_from([3, 6, -3, -6]),
       at=st.integers(0, 23))  # fmt: skip
def test_one_slip_of_a_unit_in_a_calm_series_is_found_and_no_other(
    series: list[int], power: int, at: int
) -> None:
    values, at = np.array(series, dtype=float), at % len(series)
    values[at] *= 10.0**power
    found = magnitude_slips(values, np.zeros(len(values), dtype=int), 1).power
    assert np.flatnonzero(found).tolist() == [at]
    assert found[at] == power


@settings(max_examples=EXAMPLES)
@given(use=st.lists(st.integers(8000, 12500), min_size=24, max_size=24), at=st.integers(0, 23),
       power=st.sampled_from([0, 3, -3]), unit=st.sampled_from([("kWh", 1.0), ("MWh", 1e-3),
                                                               ("MJ", 3.6)]),
       order=st.permutations(range(24)))  # fmt: skip
def test_findings_do_not_depend_on_the_unit_typed_nor_on_the_order_of_rows(
    use: list[int], at: int, power: int, unit: tuple[str, float], order: list[int]
) -> None:
    values = np.array(use, dtype=float)
    values[at] *= 10.0**power
    production = pd.DataFrame({"period": MONTHS, "quantity": 10.0, "unit": "t"})

    def told(amount: np.ndarray, name: str, rows: list[int]) -> set[tuple[str, str]]:
        table = pd.DataFrame({"resource": "electricity", "period": MONTHS, "quantity": amount,
                              "unit": name}).iloc[rows].reset_index(drop=True)  # fmt: skip
        study = sx.Study(production=production, consumption=table, baseline="2013",
                         reporting="2014")  # fmt: skip
        periods = table["period"]
        return {(item.code, periods[item.place.row - 2]) for item in sx.assess(study).findings
                if item.code.startswith("plausible.magnitude")}  # fmt: skip

    plain = told(values, "kWh", list(range(24)))
    assert told(values * unit[1], unit[0], order) == plain
    assert plain == ({("plausible.magnitude", MONTHS[at])} if power else set())
