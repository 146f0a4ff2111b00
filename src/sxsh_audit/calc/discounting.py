"""Money at different times: present value, annuity, equivalent annual value, levelised cost.

Flows are at the ends of years and count from t = 0, the moment of the investment (a spreadsheet's
``NPV`` counts its first flow from t = 1). A rate belongs to flows of its own kind: nominal rates
to flows that grow with prices, real rates to flows in the money of one year.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.blocks import cells_in_blocks, rows_in_blocks
from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = [
    "annuity_factor",
    "capped_support",
    "equivalent_annual_value",
    "level_npv",
    "levelised_cost",
    "mirr",
    "nominal_rate",
    "npv",
    "profitability_index",
    "real_rate",
]


#: A yearly step that changes no digit; its products would have lost theirs below 1e-308.
_LEVEL = 1e-150


def check_rate(values: ArrayLike, language: Language) -> Floats:
    """Return rates as floats; :class:`RangeError` where one is −100 % or below.

    Parameters
    ----------
    values : float or array
        Discount rates or rates of inflation. [1/year]
    language : {"vi", "en"}
        Language of a refusal.
    """
    rates = floats(values)
    refuse("finance.rate", rates <= -1, rates, language)
    return rates


def check_growth(values: ArrayLike, language: Language) -> Floats:
    """Return yearly changes as floats; :class:`RangeError` where one is below −100 %.

    Parameters
    ----------
    values : float or array
        Changes from year to year. [1/year]
    language : {"vi", "en"}
        Language of a refusal.
    """
    changes = floats(values)
    refuse("finance.growth", changes < -1, changes, language)
    return changes


def check_years(values: ArrayLike, language: Language) -> Floats:
    """Return counts of years as floats; :class:`RangeError` where one is negative or infinite.

    Parameters
    ----------
    values : float or array
        Counts of years. [year]
    language : {"vi", "en"}
        Language of a refusal.
    """
    counts = floats(values)
    refuse("finance.years", (counts < 0) | np.isinf(counts), counts, language)
    return counts


def flows_of(values: ArrayLike) -> Floats:
    """Return cash flows as floats with at least one year.

    Parameters
    ----------
    values : array, shape (…, years + 1)
        Flows from t = 0. [money]
    """
    flows = floats(values)
    if flows.ndim == 0 or flows.shape[-1] == 0:
        raise ValueError(f"cash flows of shape {flows.shape}: the last axis is the years from t=0")
    return flows


def _horner(rows: Floats, factor: Floats) -> Floats:
    """Present value of rows, each at its own discount factor; cannot turn inf into nan."""
    value: Floats = rows[..., -1] + np.zeros(np.shape(factor))
    for year in range(rows.shape[-1] - 2, -1, -1):
        value *= factor
        value += rows[..., year]
    return value


def npv(rate: ArrayLike, cashflows: ArrayLike, *, language: Language = "vi") -> Any:
    r"""Net present value (giá trị hiện tại ròng) of cash flows from t = 0.

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1; broadcasts against the leading dimensions of
        `cashflows`. [1/year]
    cashflows : array, shape (…, years + 1)
        Flows at t = 0, 1, …, years; the investment is negative. [money]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Net present value [money]; ``nan`` where a flow or the rate is not known.

    Raises
    ------
    RangeError
        If a rate is −1 (−100 %) or below; it names the positions.

    Notes
    -----
    .. math:: NPV = \sum_{t=0}^{n} c_t (1 + r)^{-t}

    One rate for all rows is one matrix-vector product. Nominal flows take a nominal rate and
    real flows a real one (:func:`real_rate`).

    References
    ----------
    .. [1] "Giá trị hiện tại ròng (NPV)",
       https://123docz.net/trich-doan/1148693-phuong-phap-danh-gia-cac-de-xuat-san-xuat-sach-hon.htm

    Examples
    --------
    >>> round(npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]), 2)
    3065.22
    >>> npv([0.0, 1.0], [-100.0, 50.0, 100.0])  # one project at two rates
    array([ 50., -50.])
    """
    rates, flows = check_rate(rate, language), flows_of(cashflows)
    shape = np.broadcast_shapes(rates.shape, flows.shape[:-1])
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        if rates.size == 1:
            weights = (1.0 + rates.reshape(())) ** -np.arange(flows.shape[-1], dtype=float)
            if np.isfinite(weights).all():
                return plain(np.matmul(flows, weights).reshape(shape))
        if flows.ndim == 1:
            return plain(_horner(flows, 1.0 / (1.0 + rates)).reshape(shape))
        found = np.empty(shape)
        flat = found.reshape(-1)
        for part, rows, (own,) in rows_in_blocks(shape, flows, [rates]):
            flat[part] = _horner(rows, 1.0 / (1.0 + own) + np.zeros(rows.shape[0]))
    return plain(found)


def annuity(rate: Floats, years: Floats, growth: Floats) -> Floats:
    """Kernel of :func:`annuity_factor`: its figures without its checks.

    Parameters
    ----------
    rate : array
        Discount rate per year, above −1. [1/year]
    years : array
        How many years the money comes; below 0 counts as 0. [year]
    growth : array
        Change from year to year, at least −1. [1/year]

    Returns
    -------
    array
        Factor by which the first year's money is multiplied. [year]

    Notes
    -----
    With x = (1 + g)/(1 + r) = 1 + z, the whole years sum to (xᵐ − 1)/(z (1 + r)): expm1 and
    log1p keep that exact however close g is to r, so no series is needed.

    Examples
    --------
    >>> import numpy as np
    >>> annuity(np.array(0.1), np.array([2.0, 2.5, -1.0]), np.array(0.0)).round(4)
    array([1.7355, 2.1112, 0.    ])
    """
    years = np.maximum(years, 0.0)
    step = (growth - rate) / (1.0 + rate)
    whole = np.floor(years)
    # As good as log 0: e^(−800) is 0, and 0 years of it are 1.
    grown = np.expm1(whole * np.maximum(np.log1p(np.maximum(step, -1.0)), -800.0))
    level = np.abs(step) < _LEVEL
    total = grown / np.where(level, 1.0, step)
    if level.any():
        total = np.where(level, whole, total)
    total = (total + (years - whole) * (1.0 + grown)) / (1.0 + rate)
    return np.asarray(total, dtype=np.float64)


def annuity_factor(
    rate: ArrayLike, years: ArrayLike, growth: ArrayLike = 0.0, *, language: Language = "vi"
) -> Any:
    r"""Present value of one unit of money a year (hệ số giá trị hiện tại của chuỗi đều).

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1. [1/year]
    years : float or array
        How many years the money comes; in a year begun but not ended, that part of the year's
        money comes at its end. [year]
    growth : float or array
        Change from year to year: below 0 degrading, above 0 escalating, at least −1. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Factor by which the first year's money is multiplied. [year]

    Raises
    ------
    RangeError
        If a rate is −1 or below, a growth below −1, or a count of years negative or infinite.

    Notes
    -----
    .. math:: a = \sum_{t=1}^{n} \frac{(1+g)^{t-1}}{(1+r)^t}
              = \frac{1 - \left(\frac{1+g}{1+r}\right)^n}{r - g},
              \qquad a = \frac{n}{1+r} \text{ for } r = g

    Examples
    --------
    >>> round(annuity_factor(0.12, 10), 4)
    5.6502
    >>> annuity_factor([0.0, 0.5], 2)
    array([2.        , 1.11111111])
    """
    rates, counts = check_rate(rate, language), check_years(years, language)
    changes = check_growth(growth, language)
    with np.errstate(all="ignore"):
        (found,) = cells_in_blocks(
            lambda *columns: (annuity(*columns),), (rates, counts, changes), (float,)
        )
    return plain(found)


def level_npv(
    rate: ArrayLike,
    cost: ArrayLike,
    annual_saving: ArrayLike,
    years: ArrayLike,
    growth: ArrayLike = 0.0,
    *,
    language: Language = "vi",
) -> Any:
    """Net present value of one cost now and one saving every year, in closed form.

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1. [1/year]
    cost : float or array
        Cost at t = 0. [money]
    annual_saving : float or array
        Net saving of the first year. [money/year]
    years : float or array
        Lifetime. [year]
    growth : float or array
        Change of the saving from year to year, as in :func:`annuity_factor`. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        annual saving × annuity factor − cost. [money]

    Raises
    ------
    RangeError
        As :func:`annuity_factor`.

    Examples
    --------
    >>> round(level_npv(0.1, 500e6, 120e6, 10), -3)
    237348000.0
    """
    rates, counts = check_rate(rate, language), check_years(years, language)
    changes, costs, savings = check_growth(growth, language), floats(cost), floats(annual_saving)
    with np.errstate(all="ignore"):
        if rates.size == counts.size == changes.size == 1:  # one factor for all
            return plain(savings * annuity(rates, counts, changes) - costs)
        (found,) = cells_in_blocks(
            lambda r, n, g, c, s: (s * annuity(r, n, g) - c,),
            (rates, counts, changes, costs, savings), (float,),
        )  # fmt: skip
    return plain(found)


def equivalent_annual_value(
    rate: ArrayLike, present_value: ArrayLike, years: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Spread a present value evenly over years (giá trị tương đương hằng năm).

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1. [1/year]
    present_value : float or array
        Net present value, or the present value of costs. [money]
    years : float or array
        Years over which it is spread, above 0. [year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        present value ÷ annuity factor [money/year]: what makes options of different lifetimes
        comparable, each being repeated at its end.

    Raises
    ------
    RangeError
        If a rate is −1 or below, or a count of years is not above 0.

    Examples
    --------
    >>> round(equivalent_annual_value(0.1, 1000.0, 5), 2)
    263.8
    """
    counts = check_years(years, language)
    refuse("finance.no_years", counts == 0, counts, language)
    return plain(floats(present_value) / annuity_factor(rate, counts, language=language))


def _investment(flows: Floats) -> NDArray[np.bool_]:
    """Mark the leading flows that are not positive: what is put in before anything comes back."""
    leading: NDArray[np.bool_] = ~np.logical_or.accumulate(flows > 0, axis=-1)
    return leading


def profitability_index(
    rate: ArrayLike, cashflows: ArrayLike, *, language: Language = "vi"
) -> Any:
    r"""Profitability index (chỉ số sinh lời): present value back per present value put in.

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1. [1/year]
    cashflows : array, shape (…, years + 1)
        Flows from t = 0. [money]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Index [1]: above 1 where the net present value is above 0; ``inf`` or ``-inf`` where
        nothing is put in, ``nan`` where in addition the net present value is 0.

    Raises
    ------
    RangeError
        If a rate is −1 or below.

    Notes
    -----
    .. math:: PI = 1 + NPV / I

    The investment I is the present value of all flows before the first positive one, so a
    construction of several years is counted whole; mostly it is the flow at t = 0.

    Examples
    --------
    >>> profitability_index(0.0, [-100.0, 80.0, 70.0])
    1.5
    """
    flows = flows_of(cashflows)
    invested = npv(rate, np.where(_investment(flows), -flows, 0.0), language=language)
    with np.errstate(divide="ignore", invalid="ignore"):
        # + 0.0: an empty investment is −0.0 and would turn the sign of infinity
        return plain(1.0 + npv(rate, flows, language=language) / (np.asarray(invested) + 0.0))


def levelised_cost(
    rate: ArrayLike,
    cost: ArrayLike,
    annual_extra_cost: ArrayLike,
    quantity: ArrayLike,
    years: ArrayLike,
    growth: ArrayLike = 0.0,
    *,
    language: Language = "vi",
) -> Any:
    r"""Cost of one saved unit (chi phí quy dẫn): present cost ÷ present quantity saved.

    Parameters
    ----------
    rate : float or array
        Discount rate per year, above −1. [1/year]
    cost : float or array
        Cost at t = 0. [money]
    annual_extra_cost : float or array
        Extra cost per year. [money/year]
    quantity : float or array
        Amount saved in the first year. [e.g. kWh/year, m³/year, t/year]
    years : float or array
        Lifetime. [year]
    growth : float or array
        Change of the quantity from year to year. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Levelised cost [e.g. money/kWh]: to be compared with the price of the unit. ``inf`` where
        nothing is saved for a positive cost; ``nan`` where nothing is saved for nothing, where
        more is used than before (there is no cost of a saving), or a figure is not known.

    Raises
    ------
    RangeError
        As :func:`annuity_factor`.

    Notes
    -----
    .. math:: LC = \frac{C + K\,a(r, n)}{Q\,a(r, n, g)}

    The quantity is discounted like the money, so that a unit saved at price LC gives a net
    present value of 0.

    Examples
    --------
    >>> round(levelised_cost(0.1, 500e6, 10e6, 60_000.0, 10), 1)
    1522.9
    """
    bought = annuity_factor(rate, years, language=language) * floats(annual_extra_cost)
    saved = annuity_factor(rate, years, growth, language=language) * floats(quantity)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (floats(cost) + bought) / np.where(saved < 0, np.nan, np.abs(saved))
    return plain(np.where(np.isneginf(found), np.nan, found))


def mirr(
    cashflows: ArrayLike,
    finance_rate: ArrayLike,
    reinvest_rate: ArrayLike,
    *,
    language: Language = "vi",
) -> Any:
    r"""Work out the modified internal rate of return (tỷ suất hoàn vốn nội tại điều chỉnh).

    Parameters
    ----------
    cashflows : array, shape (…, years + 1)
        Flows from t = 0. [money]
    finance_rate : float or array
        Rate at which what is put in is borrowed, above −1. [1/year]
    reinvest_rate : float or array
        Rate at which what comes back earns, above −1. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Rate [1/year]. −1 where nothing comes back, ``inf`` where nothing is put in; ``nan`` where
        a figure is not known or fewer than two flows differ from 0.

    Raises
    ------
    RangeError
        If a rate is −1 or below.

    Notes
    -----
    .. math:: MIRR = \left(\frac{\sum_{c_t > 0} c_t (1+e)^{b-t}}
              {\sum_{c_t < 0} -c_t (1+f)^{a-t}}\right)^{1/(b-a)} - 1

    from the first flow that is not 0, at a, to the last one, at b: zeros before and after change
    nothing. A spreadsheet counts zeros at the end as years of reinvestment.

    Examples
    --------
    >>> round(mirr([-1000.0, -4000.0, 5000.0, 2000.0], 0.1, 0.12), 6)
    0.179086
    """
    flows = flows_of(cashflows)
    finance, reinvest = check_rate(finance_rate, language), check_rate(reinvest_rate, language)
    any_flow = flows != 0
    last_year = flows.shape[-1] - 1
    first = np.argmax(any_flow, axis=-1)
    last = last_year - np.argmax(any_flow[..., ::-1], axis=-1)
    back = npv(reinvest, np.maximum(flows, 0.0), language=language)
    put_in = npv(finance, np.maximum(-flows, 0.0), language=language)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log(back) - np.log(put_in)
        growth = growth + last * np.log1p(reinvest) - first * np.log1p(finance)
        found = np.expm1(growth / np.where(last > first, last - first, np.nan))
    return plain(np.asarray(found))


def real_rate(nominal: ArrayLike, inflation: ArrayLike, *, language: Language = "vi") -> Any:
    """Rate in money of one year (lãi suất thực) from a nominal rate.

    Parameters
    ----------
    nominal : float or array
        Nominal rate per year, above −1. [1/year]
    inflation : float or array
        Rise of prices per year, above −1. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        (1 + nominal) ÷ (1 + inflation) − 1. [1/year]

    Raises
    ------
    RangeError
        If a rate is −1 or below.

    Notes
    -----
    Fisher's equation. Savings at today's prices are real flows: with a nominal rate they would
    be discounted for inflation and never rise with it.

    Examples
    --------
    >>> round(real_rate(0.12, 0.04), 6)
    0.076923
    """
    rates, rise = check_rate(nominal, language), check_rate(inflation, language)
    return plain((rates - rise) / (1.0 + rise))


def nominal_rate(real: ArrayLike, inflation: ArrayLike, *, language: Language = "vi") -> Any:
    """Nominal rate (lãi suất danh nghĩa) from a real one.

    Parameters
    ----------
    real : float or array
        Real rate per year, above −1. [1/year]
    inflation : float or array
        Rise of prices per year, above −1. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        (1 + real) × (1 + inflation) − 1. [1/year]

    Raises
    ------
    RangeError
        If a rate is −1 or below.

    Examples
    --------
    >>> round(nominal_rate(0.08, 0.04), 6)
    0.1232
    """
    rates, rise = check_rate(real, language), check_rate(inflation, language)
    return plain(rates + rise + rates * rise)


def capped_support(
    cost: ArrayLike, share: ArrayLike, most: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Support (mức hỗ trợ) of a share of the cost up to a largest amount.

    Parameters
    ----------
    cost : float or array
        Cost of the option. [money]
    share : float or array
        Supported share of the cost, 0 to 1. [1]
    most : float or array
        Largest amount per option, at least 0. [money]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        The smaller of share × cost and the largest amount; 0 for a cost below 0. [money]

    Raises
    ------
    RangeError
        If a share is not within 0 to 1, or a largest amount is negative.

    Examples
    --------
    >>> capped_support([60e6, 300e6], 0.5, 50e6)
    array([30000000., 50000000.])
    """
    shares, limit = floats(share), floats(most)
    refuse("finance.share", (shares < 0) | (shares > 1), shares, language)
    refuse("finance.most", limit < 0, limit, language)
    return plain(np.minimum(shares * np.maximum(floats(cost), 0.0), limit))
