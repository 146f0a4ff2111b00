"""The order of options by simple payback, their totals and buckets.

Every option has a rank and a bucket: what never pays, gets worse or is not known stands last
and is shown, never dropped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.payback import (
    IMMEDIATE,
    NEVER,
    YEARS,
    Payback,
    PaybackClass,
    annualise,
    payback_codes,
    simple_payback,
)
from sxsh_audit.language.formatting import Language

__all__ = [
    "BUCKET_EDGES",
    "Buckets",
    "Payback",
    "PaybackClass",
    "PortfolioPayback",
    "Ranking",
    "annualise",
    "payback_buckets",
    "payback_codes",
    "portfolio_payback",
    "rank_options",
    "simple_payback",
]


class Ranking(NamedTuple):
    """Order of options by payback. All arrays have the shape (options,)."""

    order: NDArray[np.intp]
    """Positions of the options, best first, ties by option id."""
    rank: NDArray[np.int64]
    """Rank of each option as given, 1 best; equal options share a rank (1, 2, 2, 4)."""
    years: Floats
    """Payback of each option as given. [year]"""
    payback_class: Coded[PaybackClass]
    """Class of each option as given."""


def twelve_digits(values: Floats) -> Floats:
    """Round positive finite values to 12 significant digits, leave the rest as they are."""
    rounded = values.copy()
    usual = np.isfinite(values) & (values > 0)
    digits = 11 - np.floor(np.log10(values[usual]))
    # Beyond 10^±300 a power of ten leaves the floats; such keys stay unrounded.
    digits = np.clip(digits, -300, 300)
    scale = np.power(10.0, np.abs(digits))
    up = digits >= 0
    chosen = values[usual]
    with np.errstate(over="ignore"):
        rounded[usual] = np.where(
            up, np.rint(chosen * scale) / scale, np.rint(chosen / scale) * scale
        )
    return rounded


def _total_saving(cost: Floats, annual_saving: ArrayLike) -> Floats:
    """Sum the saving vector of each option; one that is missing makes the sum unknown."""
    savings = floats(annual_saving)
    total = savings.sum(axis=1) if savings.ndim == 2 else savings
    if cost.ndim != 1 or total.shape not in (cost.shape, ()):
        raise ValueError(
            f"{cost.shape} costs with {savings.shape} savings: one cost per option, "
            "savings (options,) or (options, resources)"
        )
    return np.broadcast_to(total, cost.shape)


def rank_options(
    cost: ArrayLike,
    annual_saving: ArrayLike,
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
    *,
    language: Language = "vi",
) -> Ranking:
    """Rank options by simple payback.

    Parameters
    ----------
    cost : array, shape (options,)
        Implementation cost of the whole option; ``nan`` where it is not known. [money]
    annual_saving : array, shape (options,) or (options, resources)
        Net saving per year; with two dimensions the savings of one option over its resources,
        which are added up, because a cost belongs to the option and not to each of them.
        [money/year]
    option_ids : sequence of str or int, optional
        Names that list ties; by default the positions.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Ranking
        ``order``, ``rank``, ``years`` and ``payback_class``.

    Raises
    ------
    RangeError
        If two options have one id.

    Notes
    -----
    Immediate first, then by years, then never, worse and unknown; every option has a rank.
    Years are compared at 12 significant digits, so that one payback worked out in two ways is
    one payback; options of one class without years share a rank. The order of the rows never
    matters when ids are given. Payback ignores lifetime: for large costs see NPV and IRR.

    Examples
    --------
    >>> found = rank_options([500.0, 0.0, 100.0], [[100.0, 0.0], [5.0, 0.0], [10.0, 40.0]],
    ...                      ["C", "B", "A"])
    >>> found.order, found.rank
    (array([1, 2, 0]), array([3, 1, 2]))
    """
    costs = floats(cost)
    years, codes = payback_codes(costs, _total_saving(costs, annual_saving))
    if option_ids is None:
        place = np.arange(costs.size)
    else:
        names = np.asarray(option_ids)
        if names.shape != costs.shape:
            raise ValueError(f"{names.size} option ids for {costs.size} options")
        kinds, place, times = np.unique(names, return_inverse=True, return_counts=True)
        refuse("calc.duplicate_option", times > 1, kinds, language)
    keys = np.where(codes == YEARS, twelve_digits(years), 0.0)
    order = np.lexsort((place, keys, codes))
    sorted_codes, sorted_keys = codes[order], keys[order]
    new = np.ones(costs.size, bool)
    new[1:] = (sorted_codes[1:] != sorted_codes[:-1]) | (sorted_keys[1:] != sorted_keys[:-1])
    position = np.arange(1, costs.size + 1)
    rank = np.empty(costs.size, np.int64)
    rank[order] = np.maximum.accumulate(np.where(new, position, 0))
    return Ranking(order, rank, years, Coded(codes, PaybackClass))


class PortfolioPayback(NamedTuple):
    """Options taken together, without interactions."""

    cost: float
    """Σ cost of the options counted. [money]"""
    annual_saving: float
    """Σ saving of the options counted. [money/year]"""
    years: float
    """Σ cost ÷ Σ saving. [year]"""
    payback_class: PaybackClass
    """Class of the totals by the same table."""
    counted: int
    """Options in the totals."""
    left_out: tuple[Any, ...]
    """Ids (positions without ids) of the options whose cost or saving is not known."""


def portfolio_payback(
    cost: ArrayLike,
    annual_saving: ArrayLike,
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
) -> PortfolioPayback:
    """Payback of several options together: Σ cost ÷ Σ saving.

    Parameters
    ----------
    cost : array, shape (options,)
        Implementation cost of each option. [money]
    annual_saving : array, shape (options,) or (options, resources)
        Net saving per year. [money/year]
    option_ids : sequence, optional
        Names for ``left_out``; by default the positions.

    Returns
    -------
    PortfolioPayback
        The totals, their class, and what was left out because it is not known. Without a
        counted option the class is ``unknown``.

    Notes
    -----
    Never a sum or a mean of paybacks. The savings are added without interactions: two options
    on one boiler save less together. The sums are correctly rounded, so the order of the
    options does not matter.

    Examples
    --------
    >>> portfolio_payback([100.0, 300.0, float("nan")], [100.0, 100.0, 50.0], ["A", "B", "C"])
    PortfolioPayback(cost=400.0, annual_saving=200.0, years=2.0, \
payback_class=<PaybackClass.YEARS: 'years'>, counted=2, left_out=('C',))
    """
    costs = floats(cost)
    savings = _total_saving(costs, annual_saving)
    unknown = np.isnan(costs) | np.isnan(savings)
    names = range(costs.size) if option_ids is None else option_ids
    left_out = tuple(name for name, out in zip(names, unknown, strict=True) if out)
    counted = int(costs.size - len(left_out))
    total_cost, total_saving = math.fsum(costs[~unknown]), math.fsum(savings[~unknown])
    years, payback_class = simple_payback(
        total_cost if counted else math.nan, total_saving if counted else math.nan
    )
    return PortfolioPayback(
        total_cost, total_saving, years, payback_class, counted, left_out
    )


#: Ends of the payback buckets. [year]
BUCKET_EDGES = (1.0, 2.0, 3.0)


class Buckets(NamedTuple):
    """Options by payback bucket."""

    code: NDArray[np.int64]
    """Bucket of each option: position in `names`."""
    names: tuple[str, ...]
    """immediate, <1, 1-2 …, >=3, never, worse, unknown."""
    counts: NDArray[np.int64]
    """Options in each bucket; the counts add up to all options."""


def payback_buckets(
    cost: ArrayLike, annual_saving: ArrayLike, edges: Sequence[float] = BUCKET_EDGES
) -> Buckets:
    """Sort options into half-open payback buckets.

    Parameters
    ----------
    cost : array
        Implementation cost. [money]
    annual_saving : array
        Net saving per year. [money/year]
    edges : sequence of float
        Ends of the buckets, rising: [0, 1), [1, 2), [2, 3), [3, ∞). [year]

    Returns
    -------
    Buckets
        Every option is in exactly one bucket.

    Notes
    -----
    A payback of exactly 3 years is in ">=3". The classes without years have buckets of their
    own, so a negative saving cannot pass for a short payback.

    Examples
    --------
    >>> found = payback_buckets([3.0, 1.5, 0.0, 1.0], [1.0, 1.0, 1.0, -1.0])
    >>> [found.names[code] for code in found.code]
    ['>=3', '1-2', 'immediate', 'worse']
    """
    ends = floats(edges)
    if ends.size == 0 or (ends <= 0).any() or (np.diff(ends) <= 0).any():
        raise ValueError(f"bucket edges {list(edges)!r} must be above 0 and rise")
    years, codes = payback_codes(cost, annual_saving)
    text = [f"{end:g}" for end in ends]
    between = [f"{low}-{high}" for low, high in pairwise(text)]
    names = ("immediate", f"<{text[0]}", *between, f">={text[-1]}", "never", "worse", "unknown")
    bucket = 1 + np.searchsorted(ends, years, side="right")
    bucket = np.where(codes == IMMEDIATE, 0, bucket)
    bucket = np.where(codes > YEARS, codes + (ends.size + 2 - int(NEVER)), bucket)
    counts = np.bincount(bucket.reshape(-1), minlength=len(names))
    return Buckets(bucket.astype(np.int64), names, counts)
