"""Splits of a change at the edges: missing, negative, use without output, one plant or many."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.decomposition import (
    decompose_change,
    decompose_factors,
    decompose_total,
)
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.logarithmic_mean import log_ratio, logarithmic_mean


def test_a_missing_figure_leaves_the_totals_unknown_and_never_counts_as_nothing() -> None:
    found = decompose_change([30.0, math.nan], [10.0, 4.0], [33.0, 20.0], [11.0, 5.0])
    assert math.isnan(found.change)
    assert math.isnan(found.efficiency)
    assert not math.isnan(found.efficiency_by_product[0])
    # an unknown output makes the total output, and so every effect, unknown
    found = decompose_change([30.0, 10.0], [10.0, math.nan], [33.0, 20.0], [11.0, 5.0])
    assert np.isnan(found.volume_by_product).all()


def test_an_unknown_output_of_a_product_that_takes_nothing_stays_unknown() -> None:
    found = decompose_change([30.0, 0.0], [10.0, math.nan], [33.0, 20.0], [11.0, 5.0])
    assert math.isnan(found.mix)


def test_use_without_output_cannot_be_split() -> None:
    found = decompose_change([30.0, 20.0], [10.0, 5.0], [33.0, 6.0], [11.0, 0.0])
    assert found.change == -11.0
    assert math.isnan(found.mix)
    assert np.isnan(found.efficiency_by_product).tolist() == [False, True]
    total = decompose_total(30.0, [10.0], 5.0, [0.0], [1.0])
    assert total.change == -25.0
    assert math.isnan(total.efficiency)


def test_a_plant_that_starts_is_volume_and_one_that_stops_takes_it_away() -> None:
    found = decompose_change([0.0, 0.0], [0.0, 0.0], [30.0, 20.0], [10.0, 5.0])
    assert (found.volume, found.mix, found.efficiency) == (50.0, 0.0, 0.0)
    found = decompose_total(50.0, [10.0, 5.0], 0.0, [0.0, 0.0], [1.0, 2.0])
    assert tuple(found) == (-50.0, -50.0, 0.0, 0.0)


def test_a_product_given_up_is_mix_and_one_that_ceases_to_take_is_efficiency() -> None:
    found = decompose_change([30.0, 20.0], [10.0, 5.0], [30.0, 0.0], [10.0, 0.0])
    assert (found.mix_by_product[1], found.efficiency_by_product[1]) == (-20.0, 0.0)
    found = decompose_change([30.0, 20.0], [10.0, 5.0], [30.0, 0.0], [10.0, 5.0])
    assert found.efficiency_by_product.tolist() == [0.0, -20.0]
    assert found.mix_by_product.tolist() == [0.0, 0.0]


def test_a_product_that_never_is_adds_nothing() -> None:
    found = decompose_change([30.0, 0.0], [10.0, 0.0], [33.0, 0.0], [12.0, 0.0])
    alone = decompose_change([30.0], [10.0], [33.0], [12.0])
    assert found.volume == alone.volume
    assert found.mix_by_product.tolist() == [0.0, 0.0]


def test_factors_that_are_0_together_share_what_appears() -> None:
    found = decompose_factors([[0.0, 0.0, 2.0]], [[3.0, 5.0, 2.0]])
    assert found.by_category.tolist() == [[15.0, 15.0, 0.0]]


def test_a_ratio_to_nothing_has_no_indices() -> None:
    found = decompose_change([0.0], [0.0], [5.0], [1.0], form="multiplicative")
    assert all(math.isnan(value) for value in found[:4])


def test_one_plant_gives_floats_and_many_give_arrays() -> None:
    found = decompose_change([30.0], [10.0], [33.0], [12.0])
    assert isinstance(found.volume, float)
    assert isinstance(found.change, float)
    found = decompose_change(np.ones((4, 5, 2)), 1.0, 2.0, np.ones((5, 2)))
    assert found.volume.shape == (4, 5)
    assert found.efficiency_by_product.shape == (4, 5, 2)
    total = decompose_total(np.ones((4, 1)), np.ones((5, 2)), 1.0, np.ones(2), [1.0, 2.0])
    assert total.mix.shape == (4, 5)


def test_near_numbers_keep_their_digits() -> None:
    """L(a, b) = a (1 + d/2 − d²/12 …) for b = a (1 + d): the difference of the logarithms alone
    would keep five digits here."""
    for d in (1e-11, 1e-8, 1e-5):
        assert logarithmic_mean(1.0, 1.0 + d) == pytest.approx(1 + d / 2 - d * d / 12, rel=1e-15)


def test_the_logarithm_of_a_ratio_at_0_and_beside_1() -> None:
    assert log_ratio([1.0, 0.0], [0.0, 1.0]).tolist() == [math.inf, -math.inf]
    assert np.isnan(log_ratio([0.0, math.nan], [0.0, 1.0])).all()
    above = 1.0 + 1e-9  # what it is above 1 is exact: Sterbenz
    assert float(log_ratio(above, 1.0)) == pytest.approx(math.log1p(above - 1.0), rel=1e-15)
    assert float(log_ratio(1.5e308, 1e308)) == pytest.approx(math.log(1.5), rel=1e-12)


def test_numbers_far_apart_neither_overflow_nor_vanish() -> None:
    # ln(1e600) = 600 ln 10
    assert logarithmic_mean(1e300, 1e-300) == pytest.approx(1e300 / (600 * math.log(10)), rel=1e-14)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_negative_figures_are_refused(place: int, language: str) -> None:
    columns = [[1.0, 1.0] for _ in range(4)]
    columns[place][1] = -2.0
    with pytest.raises(RangeError) as refused:
        decompose_change(*columns, language=language)
    assert refused.value.numbers["positions"] == (1,)
    assert "-2" in str(refused.value).replace("−", "-")


def test_negative_coefficients_and_factors_are_refused() -> None:
    with pytest.raises(RangeError, match="hệ số quy đổi tương đương"):
        decompose_total(1.0, [1.0, 1.0], 1.0, [1.0, 1.0], [1.0, -1.0])
    with pytest.raises(RangeError, match="the factor"):
        decompose_factors([[1.0, -1.0]], [[1.0, 1.0]], language="en")


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="additive"):
        decompose_change([1.0], [1.0], [1.0], [1.0], form="log")  # type: ignore[arg-type]
