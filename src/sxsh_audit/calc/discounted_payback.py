"""Discounted payback (thời gian hoàn vốn có chiết khấu) in the classes of simple payback.

One definition for explicit flows and for the closed form: the discounted flows are added up year
by year, and inside the year in which the sum turns from below 0 to 0 or more, time runs linearly
with it. Closed forms that interpolate otherwise differ by up to 0.012 years.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.blocks import cells_in_blocks, rows_in_blocks
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.discounting import annuity_factor, check_years, flows_of
from sxsh_audit.calc.domain import Floats, floats, plain
from sxsh_audit.calc.payback import IMMEDIATE, NEVER, UNKNOWN, WORSE, YEARS, PaybackClass
from sxsh_audit.calc.payback_one_outlay import ROUNDING, WIDEST, OneOutlay
from sxsh_audit.calc.rates import check_growth, check_rate
from sxsh_audit.language.formatting import Language

__all__ = ["Crossing", "DiscountedPayback", "discounted_payback", "level_discounted_payback"]

Crossing = Literal["first", "last"]

#: Years up to which running sums of one rate are tabled.
_LONGEST = 1200

_YEARS_OF_CLASS = np.array([0.0, np.nan, np.inf, np.nan, np.nan])


class DiscountedPayback(NamedTuple):
    """Discounted payback: arrays of one shape, or a float and a :class:`PaybackClass`."""

    years: Any
    """Years from t = 0; 0 immediate, ``inf`` never, ``nan`` worse or unknown. [year]"""
    payback_class: Any
    """Words of :class:`PaybackClass`."""


def _answer(years: Floats, codes: NDArray[np.int8]) -> DiscountedPayback:
    return DiscountedPayback(plain(years), Coded(codes, PaybackClass)[()])


def _any_flows(
    columns: Floats, factor: Floats, crossing: Crossing
) -> tuple[Floats, NDArray[np.int8]]:
    """Pay back rows of any signs: columns of shape (years + 1, rows)."""
    size = columns.shape[1]
    total, lowest = np.zeros(size), np.zeros(size)
    back = np.zeros(size)  # discounted sum from the first positive flow after t = 0
    begun, lost, below = np.zeros(size, bool), np.zeros(size, bool), np.zeros(size, bool)
    years = np.full(size, np.nan)
    weight = np.ones(size)
    ever_below = np.zeros(size, bool)
    for year, flows in enumerate(columns):
        flow = flows * weight
        weight = weight * factor
        previous = total
        total = total + flow
        debt = np.minimum(lowest, total)
        reached = total >= ROUNDING * debt  # debt is negative: within rounding of 0
        up = below & reached
        if crossing == "first":
            up &= np.isnan(years)
        years = np.where(up, year - 1 + np.minimum(-previous / flow, 1.0), years)
        lowest = np.where(reached, 0.0, debt)
        below = ~reached
        ever_below |= below
        if year:
            begun |= flow > 0
            lost |= flow < 0
            back = np.where(begun, back + flow, 0.0)
    paid = ~np.isnan(years) & ((crossing == "first") | ~below)
    years = np.where(paid, years, np.nan)
    worse = np.where(begun, back < 0, lost)
    codes = np.where(worse, WORSE, NEVER)
    codes = np.where(~ever_below & (total > 0), IMMEDIATE, codes)
    codes = np.where(paid, YEARS, codes)
    unknown = np.isnan(columns).any(axis=0) | np.isnan(factor) | np.isnan(total)
    codes = np.where(unknown, UNKNOWN, codes).astype(np.int8)
    return np.where(codes == YEARS, years, _YEARS_OF_CLASS[codes]), codes


def discounted_payback(
    rate: ArrayLike,
    cashflows: ArrayLike,
    *,
    crossing: Crossing = "first",
    language: Language = "vi",
) -> DiscountedPayback:
    """Work out the discounted payback (thời gian hoàn vốn có chiết khấu) with its class.

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1; broadcasts against the leading dimensions of
        `cashflows`. [1/year]
    cashflows : array, shape (…, years + 1)
        Flows from t = 0; the investment is negative. [money]
    crossing : {"first", "last"}
        Which crossing counts where the sum falls below 0 again later (a replacement, a dear
        end): the first one, or the last one, after which it stays at 0 or above.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    DiscountedPayback
        ``years`` [year] and ``payback_class``, as of
        :func:`~sxsh_audit.calc.payback.simple_payback`.

    Raises
    ------
    RangeError
        If a rate is −1 or below.

    Notes
    -----
    With the discounted sum D over the flows up to each year, the first that holds:

    ================================================================== ========= ==========
    row                                                                class     years
    ================================================================== ========= ==========
    a flow or the rate is not known                                    unknown   nan
    D turns from below 0 to 0 or more                                  years     crossing
    D is never below 0 and ends above 0                                immediate 0
    the flows from the first positive one after t = 0 sum to below 0   worse     nan
    no flow after t = 0 is positive and some are negative              worse     nan
    all else: not within these flows                                   never     inf
    ================================================================== ========= ==========

    Inside the year of the crossing D runs linearly. At rate 0 and with one investment and level
    savings this is the simple payback, where that lies within the flows. A revenue now for
    costs later, which simple payback calls ``worse``, is judged by its sum here: there is a rate.

    Examples
    --------
    >>> discounted_payback(0.14, [-5400.0, 2800.0, 3700.0, 5100.0, 4300.0]).years
    2.0281289411764707
    >>> discounted_payback([0.0, 0.15], [-10_000.0] + [2600.0] * 6).payback_class
    Coded(['years', 'never'])
    """
    if crossing not in ("first", "last"):
        raise ValueError(f'crossing must be "first" or "last", not {crossing!r}')
    rates, flows = check_rate(rate, language), flows_of(cashflows)
    shape = np.broadcast_shapes(rates.shape, flows.shape[:-1])
    years, codes = np.empty(shape), np.empty(shape, np.int8)
    flat, code = years.reshape(-1), codes.reshape(-1)
    with np.errstate(all="ignore"):
        usual, count = None, flows.shape[-1]
        if rates.size == 1 and 1 < count <= WIDEST and flat.size:
            usual = OneOutlay(count, float(rates.reshape(())), flat.size)
            usual = usual if usual.known else None
        step = None if usual is None else usual.rows
        for part, rows, (own,) in rows_in_blocks(shape, flows, [rates], step):
            y, c = flat[part], code[part]
            rest = np.arange(y.size) if usual is None else usual.fill(rows, y, c)
            if rest.size:
                factor = 1.0 / (1.0 + (own[rest] if own.ndim else own)) + np.zeros(rest.size)
                y[rest], c[rest] = _any_flows(rows[rest].T, factor, crossing)
    return _answer(years, codes)


def _any_level(
    rate: Floats, cost: Floats, saving: Floats, life: Floats, growth: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """Pay back level, degrading or escalating savings of any signs, in closed form."""
    step = (growth - rate) / (1.0 + rate)
    slope = np.log1p(np.maximum(step, -1.0))
    need = cost / saving * (1.0 + rate)  # Σ (1 + step)^(t − 1) over the years of the payback
    even = (step == 0) | (step <= -1)  # level, or a first year only
    years = np.where(even, need, np.log1p(need * step) / np.where(even, 1.0, slope))
    whole = np.floor(np.minimum(years, life))
    grown = np.expm1(whole * slope)
    grown = np.where(whole == 0, 0.0, grown)
    so_far = np.where(step == 0, whole, grown / np.where(step == 0, 1.0, step))
    last = np.minimum(life - whole, 1.0)  # part of the crossing year that the life covers
    missing = np.maximum(need - so_far, 0.0)
    inside = np.where(missing <= ROUNDING * need, 0.0, missing / ((1.0 + grown) * last))
    found = whole + inside
    pays = found <= (whole + 1.0) * (1.0 + ROUNDING)
    received = saving * np.where(life > 0, 1.0, 0.0)
    codes = np.where(pays, YEARS, NEVER)
    gets = (cost < 0) | (received > 0)
    codes = np.where((cost <= 0) & (received >= 0) & gets, IMMEDIATE, codes)
    codes = np.where((cost == 0) & (received == 0), NEVER, codes)
    codes = np.where((received == 0) & (cost > 0), NEVER, codes)
    if (received < 0).any():
        net = received * annuity_factor(rate, life, growth) - cost
        gains = (net > 0) & (cost < 0)
        codes = np.where(received < 0, np.where(gains, IMMEDIATE, WORSE), codes)
    unknown = np.isnan(rate + growth + life) | np.isnan(cost) | np.isnan(saving)
    unknown = unknown | (np.isinf(cost) & np.isinf(saving))
    codes = np.where(unknown, UNKNOWN, codes).astype(np.int8)
    return np.where(codes == YEARS, found, _YEARS_OF_CLASS[codes]), codes


def _level_at(
    cost: Floats, saving: Floats, life: Floats, *, rate: float, growth: float, sums: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """Pay back at one rate and growth by the running sums of 1, (1 + g)/(1 + r), … per year."""
    need = cost / saving * (1.0 + rate)
    whole = np.minimum(np.searchsorted(sums, need, side="right"), sums.size - 1)
    whole -= 1
    so_far = sums.take(whole)
    years = (need - so_far) / (sums.take(whole + 1) - so_far) + whole
    full = np.floor(life)
    last = np.nan_to_num(full).astype(np.intp)
    received = sums.take(last) + (life - full) * (sums.take(last + 1) - sums.take(last))
    never = need > received * (1.0 + ROUNDING)
    codes = never.view(np.int8) + YEARS
    np.copyto(years, np.inf, where=never)
    odd = ~((cost > 0) & (saving > 0) & (never | (years < full)))
    rest = np.flatnonzero(odd)
    if rest.size:
        one = (np.asarray(rate), *(each[rest] if each.ndim else each for each in
                                   (cost, saving, life)), np.asarray(growth))  # fmt: skip
        years[rest], codes[rest] = _any_level(*one)
    return years, codes


def level_discounted_payback(
    rate: ArrayLike,
    cost: ArrayLike,
    annual_saving: ArrayLike,
    years: ArrayLike,
    growth: ArrayLike = 0.0,
    *,
    language: Language = "vi",
) -> DiscountedPayback:
    """Discounted payback of one cost now and one saving every year, in closed form.

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1. [1/year]
    cost : float or array
        Cost at t = 0. [money]
    annual_saving : float or array
        Net saving of the first year. [money/year]
    years : float or array
        Lifetime; what is not paid back by then is ``never``. [year]
    growth : float or array
        Change of the saving from year to year, as in
        :func:`~sxsh_audit.calc.discounting.annuity_factor`. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    DiscountedPayback
        What :func:`discounted_payback` gives for the flows written out.

    Raises
    ------
    RangeError
        If a rate is −1 or below, a growth below −1, or a count of years negative or infinite.

    Examples
    --------
    >>> found = level_discounted_payback(0.1, [500e6, 0.0, 500e6], [120e6, 1e6, 40e6], 10)
    >>> found.years.round(2)
    array([5.67, 0.  ,  inf])
    >>> found.payback_class
    Coded(['years', 'immediate', 'never'])
    """
    columns = (
        check_rate(rate, language), floats(cost), floats(annual_saving),
        check_years(years, language), check_growth(growth, language),
    )  # fmt: skip
    rates, costs, savings, life, changes = columns
    longest = np.max(life, initial=0.0)
    with np.errstate(all="ignore"):
        many = max(costs.size, savings.size) > 1
        if many and rates.size == changes.size == 1 and longest <= _LONGEST:
            at, change = float(rates.reshape(())), float(changes.reshape(()))
            sums = np.zeros(int(longest) + 2)
            np.cumsum(((1.0 + change) / (1.0 + at)) ** np.arange(sums.size - 1), out=sums[1:])
            if np.isfinite(sums[-1]) and (np.diff(sums) > 0).all():
                kernel = partial(_level_at, rate=at, growth=change, sums=sums)
                return _answer(*cells_in_blocks(kernel, (costs, savings, life), (float, np.int8)))
        return _answer(*cells_in_blocks(_any_level, columns, (float, np.int8)))
