"""Simple payback (thời gian hoàn vốn giản đơn) in five classes.

The classes have a total order: immediate, years, never, worse, unknown. ``inf`` stays ``inf``
and nothing is left out, so an option that never pays cannot pass for one that pays at once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["Payback", "PaybackClass", "annualise", "payback_codes", "simple_payback"]


class PaybackClass(StrEnum):
    """How an option pays back, best first; the position is the code."""

    IMMEDIATE = "immediate"
    YEARS = "years"
    NEVER = "never"
    WORSE = "worse"
    UNKNOWN = "unknown"


IMMEDIATE, YEARS, NEVER, WORSE, UNKNOWN = np.arange(5, dtype=np.int8)

#: Years of the classes that have one value; ``years`` itself is the division.
_YEARS_OF_CLASS = np.array([0.0, np.nan, np.inf, np.nan, np.nan])

#: Rows per block: what a block works on stays in the caches, and numpy is called seldom.
_BLOCK = 1 << 16


class Payback(NamedTuple):
    """Simple payback of options: arrays of one shape, or a float and a :class:`PaybackClass`."""

    years: Any
    payback_class: Any


def _classes(cost: Floats, saving: Floats) -> NDArray[np.int8]:
    """Apply the class table row by row.

    Sums of bytes instead of ``where``: mixed classes defeat the processor's guessing, and a
    branch per row costs more than all these comparisons.
    """
    pays = saving > 0
    never = (saving == 0) & (cost >= 0)
    code: NDArray[np.int8] = (pays & (cost > 0)).view(np.int8) + ~pays * WORSE
    code -= never.view(np.int8)  # worse 3 → never 2
    unknown = np.isnan(cost) | np.isnan(saving)
    unknown |= np.isinf(cost) & np.isinf(saving)  # inf ÷ inf: no statement
    np.maximum(code, unknown.view(np.int8) * UNKNOWN, out=code)
    return code


def payback_codes(cost: ArrayLike, annual_saving: ArrayLike) -> tuple[Floats, NDArray[np.int8]]:
    """Payback in years and class codes: the kernel of :func:`simple_payback`.

    Parameters
    ----------
    cost : float or array
        Implementation cost. [money]
    annual_saving : float or array
        Net saving per year. [money/year]

    Returns
    -------
    years : array of float
        Payback. [year]
    codes : array of int8
        Position in :class:`PaybackClass`. [-]

    Notes
    -----
    The rows with a positive saving and a cost that is not negative, usually nearly all, need a
    division and three comparisons; only the others go through the table.

    Examples
    --------
    >>> payback_codes([300.0, 0.0], 100.0)
    (array([3., 0.]), array([1, 0], dtype=int8))
    """
    costs, savings = np.broadcast_arrays(floats(cost), floats(annual_saving))
    years = np.empty(costs.shape)
    codes = np.empty(costs.shape, np.int8)
    c, s = np.ravel(costs), np.ravel(savings)
    y, code = years.reshape(-1), codes.reshape(-1)
    width = min(_BLOCK, c.size)
    pays_, plain_, odd_ = (np.empty(width, bool) for _ in range(3))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        for start in range(0, c.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            cb, sb, yb, gb = c[block], s[block], y[block], code[block]
            pays, usual, odd = (work[: cb.size] for work in (pays_, plain_, odd_))
            np.divide(cb, sb, out=yb)
            np.greater(cb, 0.0, out=gb.view(bool))  # immediate 0, years 1
            np.greater(sb, 0.0, out=pays)
            np.greater_equal(yb, 0.0, out=usual)
            np.logical_and(pays, usual, out=usual)
            costly = gb.view(bool)
            # A cost of −0.0 would leave −0.0 years; only blocks with a free option can have one.
            if usual.all() and (costly.all() or not np.signbit(yb, out=odd).any()):
                continue
            # A quotient that is nan is unknown (4); 0 ÷ 0 is nan too, but its saving is not
            # positive and so it goes through the table below.
            np.not_equal(yb, yb, out=usual)
            unknown = usual.view(np.int8)
            np.left_shift(unknown, 2, out=unknown)
            np.maximum(gb, unknown, out=gb)
            np.signbit(yb, out=odd)
            np.logical_not(pays, out=pays)
            np.logical_or(odd, pays, out=odd)
            rest = np.flatnonzero(odd)
            if rest.size:
                found = _classes(cb[rest], sb[rest])
                gb[rest] = found
                yb[rest] = _YEARS_OF_CLASS[found]
    return years, codes


def simple_payback(cost: ArrayLike, annual_saving: ArrayLike) -> Payback:
    """Work out the simple payback (thời gian hoàn vốn giản đơn) with its class.

    Parameters
    ----------
    cost : float or array
        Implementation cost of the whole option; ``nan`` where only a class of cost is known.
        [money]
    annual_saving : float or array
        Net saving per year over all resources and other benefits. [money/year]

    Returns
    -------
    Payback
        ``years`` [year] and ``payback_class``: arrays of the broadcast shape, or a float and a
        :class:`PaybackClass` for two scalars. ``payback_class`` is an array of words that
        compares with text (``== "immediate"``).

    Notes
    -----
    ============ =============== ============= =====
    cost         annual saving   class         years
    ============ =============== ============= =====
    ≤ 0          > 0             immediate     0
    > 0          > 0             years         cost ÷ saving
    ≥ 0          = 0             never         inf
    any          < 0             worse         nan
    < 0          = 0             worse         nan
    not known    any             unknown       nan
    any          not known       unknown       nan
    ============ =============== ============= =====

    A negative cost (a one-time revenue) with no saving or less can only be judged by its net
    present value; without a rate it is ``worse``. An infinite amount is taken at its word, and
    infinite ÷ infinite is unknown.

    References
    ----------
    .. [1] "Thời gian hoàn vốn (t) = Vốn đầu tư ban đầu / Dòng tiền ròng hàng năm",
       https://123docz.net/trich-doan/1148693-phuong-phap-danh-gia-cac-de-xuat-san-xuat-sach-hon.htm

    Examples
    --------
    >>> simple_payback(1300e6, 1400e6)
    Payback(years=0.9285714285714286, payback_class=<PaybackClass.YEARS: 'years'>)
    >>> found = simple_payback([0.0, 500.0, 500.0, float("nan")], [10.0, 0.0, -5.0, 10.0])
    >>> found.years
    array([ 0., inf, nan, nan])
    >>> found.payback_class
    Coded(['immediate', 'never', 'worse', 'unknown'])
    """
    years, codes = payback_codes(cost, annual_saving)
    return Payback(plain(years), Coded(codes, PaybackClass)[()])


def annualise(
    amount: ArrayLike, months_covered: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Turn a benefit seen over some months into one per year.

    Parameters
    ----------
    amount : float or array
        Benefit over the months covered. [any unit]
    months_covered : float or array
        Months that the amount covers, above 0 and at most 12. [month]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        amount × 12 ÷ months. [unit of `amount`/year]

    Raises
    ------
    RangeError
        If a count of months is not above 0 or is above 12; it names the positions.

    Notes
    -----
    More than twelve months are refused: eighteen would count one season twice, and a benefit
    over whole years is better given for its last twelve months. A plant that works six months
    a year, such as a sugar mill, covers its year with them: give 12.

    Examples
    --------
    >>> annualise(90e6, 6)
    180000000.0
    """
    benefit, months = floats(amount), floats(months_covered)
    refuse("calc.months_covered", (months <= 0) | (months > 12), months, language)
    return plain(benefit * 12.0 / months)
