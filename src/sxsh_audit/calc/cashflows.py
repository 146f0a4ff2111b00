"""Cash flows of options (dòng tiền của giải pháp), year by year from t = 0, and their support."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.blocks import rows_in_blocks
from sxsh_audit.calc.discounting import check_years
from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.calc.rates import check_growth
from sxsh_audit.language.formatting import Language

__all__ = ["MOST_YEARS", "capped_support", "option_cashflows"]

#: Longest span of cash flows: a hundred years, or of months.
MOST_YEARS = 1200


def check_whole_years(values: ArrayLike, language: Language) -> Floats:
    """Return counts of whole years as floats; refuse others.

    Parameters
    ----------
    values : float or array
        Counts of years. [year]
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    RangeError
        If a count is negative, infinite or not whole.
    """
    counts = check_years(values, language)
    refuse("finance.whole_years", counts != np.floor(np.nan_to_num(counts)), counts, language)
    return counts


def _span(years: Floats, horizon: int | None, language: Language) -> int:
    """Return the last year: of the option that lives longest, or as asked."""
    longest = np.nanmax(years, initial=0.0)
    last = int(np.ceil(longest)) if horizon is None else int(horizon)
    wrong = np.array([last < 0 or last > MOST_YEARS or (horizon is not None and last != horizon)])
    given = last if horizon is None else horizon
    refuse("finance.horizon", wrong, np.array([given]), language, most=MOST_YEARS)
    return last


def _flows(
    year: Floats, prices: Floats, cost: Floats, saving: Floats, life: Floats,
    saving_growth: Floats, extra: Floats, extra_growth: Floats, building: Floats,
    salvage: Floats, subsidy: Floats, replacement: Floats, every: Floats,
    tax: Floats, depreciation: Floats,
) -> Floats:  # fmt: skip
    """Write out a block: columns of shape (rows, 1) or () against the years."""
    running = year - building  # years of operation at the end of each year
    begun = np.where(running > 0, 1.0, 0.0)
    age = np.maximum(running - 1.0, 0.0)
    part = np.clip(life - age, 0.0, 1.0)  # of that year within the life
    part = np.where(running > 0, part, 0.0)

    def grown(first: Floats, growth: Floats) -> Floats:
        amount: Floats = first * (1.0 + growth) ** age * part
        return np.where(part == 0, 0.0, amount)  # what is not known is not known while it lasts

    gain = grown(saving, saving_growth) * prices - grown(extra, extra_growth)
    again = np.where(every > 0, np.mod(running, np.where(every > 0, every, 1.0)) == 0, False)
    again = again & (running > 0) & (running < np.ceil(life))
    gain = gain - np.where(again, replacement, 0.0)

    shares = np.where(building > 0, (year < building) / np.maximum(building, 1.0), year == 0)
    invested = np.where(shares > 0, cost * shares, 0.0)
    flows = gain - invested + np.where(year == 0, subsidy, 0.0)
    end = begun * (running == np.ceil(life))
    end = np.where((running == 0) & (life == 0), 1.0, end)
    flows = flows + np.where(end > 0, salvage, 0.0)

    if np.any(tax != 0):
        written = np.where(depreciation > 0, cost / np.maximum(depreciation, 1.0), 0.0)
        writing = (running > 0) & (running <= depreciation) & (running <= np.ceil(life))
        used = np.minimum(np.ceil(life), depreciation)
        book = np.where(depreciation > 0, cost - written * used, 0.0)
        base = gain - np.where(writing, written, 0.0) + np.where(end > 0, salvage - book, 0.0)
        flows = flows - np.where(base == 0, 0.0, tax * base)
    return flows


def option_cashflows(
    cost: ArrayLike,
    annual_saving: ArrayLike,
    years: ArrayLike,
    *,
    horizon: int | None = None,
    saving_growth: ArrayLike = 0.0,
    annual_extra_cost: ArrayLike = 0.0,
    extra_growth: ArrayLike = 0.0,
    construction_years: ArrayLike = 0.0,
    salvage: ArrayLike = 0.0,
    subsidy: ArrayLike = 0.0,
    replacement_cost: ArrayLike = 0.0,
    replacement_year: ArrayLike = 0.0,
    tax_rate: ArrayLike = 0.0,
    depreciation_years: ArrayLike = 0.0,
    price_path: ArrayLike | None = None,
    language: Language = "vi",
) -> Floats:
    r"""Write out the cash flows of options from t = 0 to the horizon.

    All amounts and changes are of one kind: **real** (money of one year, prices that do not
    rise, a real discount rate) or **nominal** (money of each year, changes that contain
    inflation, a nominal rate). The function cannot see which; convert the rate with
    :func:`~sxsh_audit.calc.rates.real_rate` or
    :func:`~sxsh_audit.calc.rates.nominal_rate`. Depreciation is of the cost as paid, a
    nominal amount: with tax, nominal flows are the exact ones.

    Parameters
    ----------
    cost : float or array
        Investment. [money]
    annual_saving : float or array
        Saving of the first year of operation at today's prices. [money/year]
    years : float or array
        Years of operation; of a year begun but not ended that part of the saving counts. [year]
    horizon : int, optional
        Last year written out; later flows are cut, missing ones are 0. By default the last year
        of the option that lives longest.
    saving_growth : float or array
        Change of the saving from year to year of operation, −0.02 for 2 % of degradation.
        [1/year]
    annual_extra_cost : float or array
        Extra cost of the first year of operation. [money/year]
    extra_growth : float or array
        Change of the extra cost from year to year. [1/year]
    construction_years : float or array
        Whole years of construction k: the cost is spread evenly over t = 0 … k − 1, the start of
        each of them, and the first saving comes at t = k + 1. With 0 all is paid at t = 0 and
        the first saving comes at t = 1. [year]
    salvage : float or array
        What the equipment is worth at the end of its life. [money]
    subsidy : float or array
        Support paid at t = 0, not taxed. [money]
    replacement_cost : float or array
        Cost of a part that is replaced, deducted from the year's taxable gain. [money]
    replacement_year : float or array
        The part is replaced after so many whole years of operation, and again after as many
        more, before the life ends; 0 for never. [year]
    tax_rate : float or array
        Tax on gains, 0 for before tax; a loss lowers the tax on the plant's other gains. [1]
    depreciation_years : float or array
        Whole years of straight-line depreciation of the cost from the first year of operation;
        0 for none. What is not written off at the end of life is then. [year]
    price_path : array, shape (…, years of the path), optional
        Prices at t = 1, 2, … over today's; multiplies the savings. At least as long as the
        horizon. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (…, horizon + 1)
        Flows of the broadcast options. [money]

    Raises
    ------
    RangeError
        If a growth is below −1, a count of years negative, infinite or (where it has to be)
        not whole, a tax rate not within 0 to 1, or the horizon out of range.
    ValueError
        If the price path is shorter than the horizon.

    Notes
    -----
    With saving S, extra cost C, tax rate τ and depreciation D of a year, the flow is

    .. math:: (S - C)(1 - \tau) + \tau D

    The salvage less the part of the cost not yet written off is taxed like a gain. What is not
    known stays ``nan`` in the years that it touches.

    Examples
    --------
    >>> option_cashflows(500.0, 120.0, 3, saving_growth=-0.1, salvage=50.0)
    array([-500. ,  120. ,  108. ,  147.2])
    >>> option_cashflows(500.0, 150.0, 2, construction_years=2, horizon=5)
    array([-250., -250.,    0.,  150.,  150.,    0.])
    >>> option_cashflows(300.0, 200.0, 3, annual_extra_cost=50.0, tax_rate=0.2,
    ...                  depreciation_years=3)
    array([-300.,  140.,  140.,  140.])
    """
    life, building = check_years(years, language), check_whole_years(construction_years, language)
    tax, every = floats(tax_rate), check_whole_years(replacement_year, language)
    refuse("finance.tax", (tax < 0) | (tax > 1), tax, language)
    columns = [
        floats(cost), floats(annual_saving), life, check_growth(saving_growth, language),
        floats(annual_extra_cost), check_growth(extra_growth, language), building,
        floats(salvage), floats(subsidy), floats(replacement_cost), every, tax,
        check_whole_years(depreciation_years, language),
    ]  # fmt: skip
    last = _span(np.add(life, building), horizon, language)
    shape = np.broadcast_shapes(*(column.shape for column in columns))
    prices = np.ones(last) if price_path is None else floats(price_path)
    if prices.ndim == 0 or prices.shape[-1] < last:
        raise ValueError(f"price path of shape {prices.shape} for {last} years")
    shape = np.broadcast_shapes(shape, prices.shape[:-1])
    found = np.empty((*shape, last + 1))
    flat = found.reshape(-1, last + 1)
    year = np.arange(last + 1, dtype=float)
    with np.errstate(invalid="ignore", over="ignore"):
        for part, path, own in rows_in_blocks(shape, prices[..., :last], columns):
            now = np.ones((len(path), last + 1))
            now[:, 1:] = path
            block = (each[:, None] if each.ndim else each for each in own)
            flat[part] = _flows(year, now, *block)
    return found


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
