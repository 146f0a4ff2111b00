"""Laws of ranges."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.calc.ranges import (
    Range,
    lognormal,
    normal,
    pert,
    samples,
    triangular,
    uniform,
)

value = st.one_of(st.just(0.0), st.floats(1e-9, 1e13), st.floats(-1e13, -1e-9))


@st.composite
def three(draw: st.DrawFn) -> tuple[float, float, float]:
    low, mode, high = sorted(draw(st.tuples(value, value, value)))
    return low, mode, high


@st.composite
def bounded(draw: st.DrawFn) -> tuple[Range, float, float]:
    low, mode, high = draw(three())
    kind = draw(st.sampled_from(["uniform", "triangular", "pert", "samples"]))
    made = {
        "uniform": lambda: uniform(low, high),
        "triangular": lambda: triangular(low, mode, high),
        "pert": lambda: pert(low, mode, high),
        "samples": lambda: samples([mode, high, low]),
    }[kind]()
    return made, low, high


unbounded = st.one_of(
    st.builds(normal, value, st.floats(0, 1e12)),
    st.builds(lognormal, st.floats(1e-3, 1e13), st.floats(0, 3)),
)
probabilities = st.lists(
    st.one_of(st.sampled_from([0.0, 1.0]), st.floats(1e-12, 1)), min_size=2, max_size=20
)


@given(st.one_of(bounded().map(lambda one: one[0]), unbounded),
       st.lists(st.floats(1e-9, 1 - 1e-9), min_size=2, max_size=20))  # fmt: skip
def test_quantile_never_falls(found: Range, probability: list[float]) -> None:
    rising = found.quantile(np.sort(probability))
    # The inverse of the incomplete beta function wavers by its last bits.
    slack = 1e-14 * np.abs(found.quantile([1e-9, 1 - 1e-9])).max()
    assert (np.diff(rising) >= -slack).all()


@given(bounded(), probabilities)
def test_values_stay_between_the_ends(
    case: tuple[Range, float, float], probability: list[float]
) -> None:
    found, low, high = case
    values = found.quantile(probability)
    slack = 4e-16 * max(abs(low), abs(high))
    assert (values >= low - slack).all()
    assert (values <= high + slack).all()


@given(three())
def test_ends_are_reached(ends: tuple[float, float, float]) -> None:
    low, mode, high = ends
    slack = 4e-16 * max(abs(low), abs(high))
    for found in (uniform(low, high), triangular(low, mode, high), pert(low, mode, high)):
        np.testing.assert_allclose(found.quantile([0.0, 1.0]), [low, high], rtol=0, atol=slack)


@given(three())
def test_mean_of_pert_is_a_sixth_of_low_four_modes_and_high(
    ends: tuple[float, float, float],
) -> None:
    low, mode, high = ends
    u = (np.arange(4096) + 0.5) / 4096
    mean = pert(low, mode, high).quantile(u).mean()
    # Midpoints miss the ends of a beta with exponents from 1 to 5 by far less than this.
    slack = 2e-4 * (high - low) + 1e-14 * max(abs(low), abs(high))
    assert abs(mean - (low + 4 * mode + high) / 6) <= slack


@given(three())
def test_mean_of_triangular_is_a_third_of_its_three_values(
    ends: tuple[float, float, float],
) -> None:
    low, mode, high = ends
    u = (np.arange(4096) + 0.5) / 4096
    mean = triangular(low, mode, high).quantile(u).mean()
    slack = 2e-4 * (high - low) + 1e-14 * max(abs(low), abs(high))
    assert abs(mean - (low + mode + high) / 3) <= slack


@given(three(), st.floats(1e-6, 1e6), probabilities)
def test_another_currency_scales_every_quantile(
    ends: tuple[float, float, float], rate: float, probability: list[float]
) -> None:
    low, mode, high = ends
    for make in (pert, triangular):
        plain = make(low, mode, high).quantile(probability)
        scaled = make(low * rate, mode * rate, high * rate).quantile(probability)
        slack = 1e-8 * rate * max(abs(low), abs(high), 1e-300)
        np.testing.assert_allclose(scaled, plain * rate, rtol=1e-8, atol=slack)
