"""What an investment brings for what is put in: index, rate, yearly value, cost of a unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.discounting import annuity_factor, check_years, flows_of, npv
from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.calc.rates import check_rate
from sxsh_audit.language.formatting import Language

__all__ = ["equivalent_annual_value", "levelised_cost", "mirr", "profitability_index"]


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
        As :func:`~sxsh_audit.calc.discounting.annuity_factor`.

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
