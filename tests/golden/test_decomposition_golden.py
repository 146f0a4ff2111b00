"""Change splits against published figures.

Read and used: the test tables of LMDIR, the R package by M. K. Heun after Ang (2005)
(https://github.com/MatthewHeun/LMDIR, tests/testthat/test_lmdi.R, MIT licence), whose figures
come from its spreadsheet LMDI_testing.xlsx; and the eight cases of zero values of Ang, Zhang &
Choi (1998), Table 2, as that file lists them, which Wood & Lenzen (2006) and Ang & Liu (2007)
recommend.

The worked tables of Ang (2005), Ang & Liu (2007) and Wood & Lenzen (2006) themselves could not be
read (the stored copies end before them). For volume, mix and efficiency a hand calculation stands
in their place.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsh_audit.calc.decomposition import decompose_change, decompose_factors, decompose_total

# subcategories × factors of the four years
YEARS = {
    1971: [[1, 10, 2], [4, 5, 3]],
    1972: [[4, 5, 3], [5, 6, 4]],
    1973: [[8, 2, 4], [5, 7, 5]],
    1974: [[10, 1, 5], [6, 8, 6]],
}
TERMS = {
    1971: [[50.47438029, -25.23719014, 14.76280986], [19.31568569, 15.78206435, 24.90224996]],
    1972: [[42.96021467, -56.79031473, 17.83010006], [0, 22.47128816, 32.52871184]],
    1973: [[12.6549815, -39.30996299, 12.6549815], [41.35566084, 30.28867832, 41.35566084]],
}
ADDITIVE = {
    1971: (100, [69.79006598, -9.455125793, 39.66505981]),
    1972: (59, [42.96021467, -34.31902656, 50.3588119]),
    1973: (99, [54.01064234, -9.021284671, 54.01064234]),
}
MULTIPLICATIVE = {
    1971: (2.25, [1.761117821, 0.926191306, 1.379410116]),
    1972: (1.327777778, [1.229284572, 0.847970248, 1.273773912]),
    1973: (1.414225941, [1.208140223, 0.968911503, 1.208140223]),
}
PRINTED = 6e-10
"""Half of the last printed digit, relative to the smallest figure with ten digits."""


@pytest.mark.parametrize("year", TERMS)
def test_terms_of_lmdir_are_met(year: int) -> None:
    found = decompose_factors(YEARS[year], YEARS[year + 1])
    np.testing.assert_allclose(found.by_category, TERMS[year], rtol=PRINTED, atol=0)


@pytest.mark.parametrize("year", ADDITIVE)
def test_additive_totals_of_lmdir_are_met(year: int) -> None:
    change, effects = ADDITIVE[year]
    found = decompose_factors(YEARS[year], YEARS[year + 1])
    assert found.change == change
    np.testing.assert_allclose(found.effects, effects, rtol=PRINTED)


@pytest.mark.parametrize("year", MULTIPLICATIVE)
def test_multiplicative_totals_of_lmdir_are_met(year: int) -> None:
    ratio, effects = MULTIPLICATIVE[year]
    found = decompose_factors(YEARS[year], YEARS[year + 1], form="multiplicative")
    np.testing.assert_allclose(found.change, ratio, rtol=PRINTED)
    np.testing.assert_allclose(found.effects, effects, rtol=PRINTED)


@pytest.mark.parametrize(
    ("before", "after", "term"),
    [
        # Ang, Zhang & Choi (1998), Table 2: the factor looked at stands first, the other one
        # makes the value what the case asks for
        ((0.0, 3.0), (7.0, 6.0), 42.0),
        ((7.0, 6.0), (0.0, 3.0), -42.0),
        ((9.0, 0.0), (9.0, 2.0), 0.0),
        ((9.0, 2.0), (9.0, 0.0), 0.0),
        ((9.0, 0.0), (9.0, 0.0), 0.0),
        ((0.0, 2.0), (0.0, 3.0), 0.0),
        ((9.0, 0.0), (0.0, 5.0), 0.0),
        ((0.0, 5.0), (9.0, 0.0), 0.0),
    ],
)
def test_the_eight_cases_of_zero_values(
    before: tuple[float, float], after: tuple[float, float], term: float
) -> None:
    assert decompose_factors([before], [after]).by_category[0, 0] == term


def test_zero_cells_of_lmdir_are_met() -> None:
    """Its test puts 0 into one cell of 1971 and, apart from that, into one of 1972."""
    start, end = np.array(YEARS[1971], float), np.array(YEARS[1972], float)
    start[0, 0] = 0
    found = decompose_factors(start, end).by_category
    np.testing.assert_allclose(found, [[60, 0, 0], TERMS[1971][1]], rtol=PRINTED)
    start, end = np.array(YEARS[1971], float), np.array(YEARS[1972], float)
    end[1, 2] = 0
    found = decompose_factors(start, end).by_category
    np.testing.assert_allclose(found, [TERMS[1971][0], [0, 0, -60]], rtol=PRINTED)


def test_volume_mix_and_efficiency_by_hand() -> None:
    """Two products; kWh and t.

    ============  =====  ====  =====  ====  ==========  ==========
    \\             E₀     q₀    E₁     q₁    share       kWh/t
    ============  =====  ====  =====  ====  ==========  ==========
    paper          30     10    80     40   0.2 → 0.5   3.0 → 2.0
    board          20     40    16     40   0.8 → 0.5   0.5 → 0.4
    all            50     50    96     80
    ============  =====  ====  =====  ====  ==========  ==========

    L(80, 30) = 50 / ln(8/3) = 50 / 0.980829 = 50.977272
    L(16, 20) = −4 / ln(0.8) = 4 / 0.223144 = 17.925680
    volume     (50.977272 + 17.925680) · ln(80/50)              = 68.902953 · 0.470004 = 32.3846
    mix        50.977272 · ln(2.5) + 17.925680 · ln(0.625)      = 46.7100 − 8.4251     = 38.2849
    efficiency 50.977272 · ln(2/3) + 17.925680 · ln(0.8)        = −20.6695 − 4.0       = −24.6695
    Sum 46.0000 = 96 − 50.
    L(96, 50) = 46 / ln(1.92) = 46 / 0.652325 = 70.516977; exp of the effects over it:
    volume 1.58288, mix 1.72102, efficiency 0.70480, product 1.92.
    """
    periods = ([30.0, 20.0], [10.0, 40.0], [80.0, 16.0], [40.0, 40.0])
    found = decompose_change(*periods)
    assert found.change == 46.0
    assert found.volume == pytest.approx(32.3846, abs=1e-4)
    assert found.mix == pytest.approx(38.2849, abs=1e-4)
    assert found.efficiency == pytest.approx(-24.6695, abs=1e-4)
    np.testing.assert_allclose(found.efficiency_by_product, [-20.6695, -4.0], atol=1e-4)
    np.testing.assert_allclose(found.mix_by_product, [46.7100, -8.4251], atol=1e-4)
    index = decompose_change(*periods, form="multiplicative")
    assert index.change == pytest.approx(1.92, rel=1e-15)
    assert index.volume == pytest.approx(1.58288, abs=1e-5)
    assert index.mix == pytest.approx(1.72102, abs=1e-5)
    assert index.efficiency == pytest.approx(0.70480, abs=1e-5)


def test_one_meter_by_hand() -> None:
    """Board takes 1.5 times what paper takes; 10 + 40 t, then 40 + 40 t; 50, then 96 kWh.

    Equivalent output 10 + 60 = 70, then 40 + 60 = 100; equivalents per tonne 1.4, then 1.25.
    L(96, 50) = 70.516977 (above).
    volume     70.516977 · ln(80/50)              = 70.516977 · 0.470004  = 33.1433
    mix        70.516977 · ln(1.25/1.4)           = 70.516977 · −0.113329 = −7.9916
    efficiency 70.516977 · ln((96/100)/(50/70))   = 70.516977 · 0.295650  = 20.8484
    Sum 46.0001: 46 within the digits kept.
    """
    found = decompose_total(50.0, [10.0, 40.0], 96.0, [40.0, 40.0], [1.0, 1.5])
    assert found.volume == pytest.approx(33.1433, abs=2e-4)
    assert found.mix == pytest.approx(-7.9916, abs=2e-4)
    assert found.efficiency == pytest.approx(20.8484, abs=2e-4)
    assert math.fsum((found.volume, found.mix, found.efficiency)) == pytest.approx(46, rel=1e-12)


def test_limits_are_where_small_numbers_go() -> None:
    """The strategy that the limits replace: δ for 0 (Ang & Choi 1997), nearer with each δ.

    A product that is new: mix takes its use, volume and efficiency take none of it. With δ the
    three differ from that by about E / ln(1/δ), which is why the limits are used.
    """
    exact = decompose_change([30.0, 0.0], [10.0, 0.0], [33.0, 20.0], [11.0, 40.0])
    assert exact.mix_by_product[1] == 20.0
    assert (exact.volume_by_product[1], exact.efficiency_by_product[1]) == (0.0, 0.0)
    away = []
    for power in (10, 20, 40, 80):
        small = 10.0**-power
        near = decompose_change([30.0, small], [10.0, small], [33.0, 20.0], [11.0, 40.0])
        away.append(abs(near.mix_by_product[1] - 20.0))
    assert away == sorted(away, reverse=True)
    assert away[-1] < 0.2
