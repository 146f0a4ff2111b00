"""Numbers that plants report, with the awkward ones among them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

#: Specific consumptions and amounts over the range that plants report.
positive = st.floats(1e-6, 1e12, allow_subnormal=False)
amount = st.one_of(st.just(0.0), positive)
money = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 3.0, 1e-9, 1e15, math.nan]),
    st.floats(1e-9, 1e12),
    st.floats(-1e12, -1e-9),
)
#: Ends of bands as decisions write them: percentages with at most one decimal.
edge = st.integers(1, 400).map(lambda tenths: tenths / 1000)
saving = st.one_of(
    st.sampled_from([0.0, -0.0, 0.05, 0.08, 0.13, 1.0, math.nan]),
    st.floats(-10, 1),
)


@st.composite
def bands(draw: st.DrawFn) -> tuple[float, float]:
    low, high = sorted((draw(edge), draw(edge)))
    return low, high


@st.composite
def options(draw: st.DrawFn, least: int = 1) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Costs, savings and ids of some options, ties among them."""
    size = draw(st.integers(least, 12))
    column = st.lists(money, min_size=size, max_size=size)
    ids = draw(st.permutations([f"GP{number:02d}" for number in range(size)]))
    return np.array(draw(column)), np.array(draw(column)), list(ids)


@st.composite
def resources(draw: st.DrawFn) -> dict[str, Any]:
    """Prices, specific consumptions before and after, and outputs of some resources."""
    size = draw(st.integers(1, 8))

    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)))

    baseline = column(st.floats(1e-3, 1e6))
    ratio = column(st.floats(0, 3))
    return {
        "price": column(st.floats(1e-2, 1e7)),
        "baseline": baseline,
        "post": baseline * ratio,
        "output": column(st.floats(1e-2, 1e6)),
    }


@st.composite
def intervals(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Billing intervals of up to two years between 1960 and 2060, with their amounts."""
    size = draw(st.integers(1, 10))
    start = np.array(
        draw(st.lists(st.integers(-3650, 32_850), min_size=size, max_size=size)), dtype=np.int64
    )
    length = np.array(
        draw(st.lists(st.integers(0, 730), min_size=size, max_size=size)), dtype=np.int64
    )
    use = np.array(draw(st.lists(amount, min_size=size, max_size=size)))
    return start, start + length, use
