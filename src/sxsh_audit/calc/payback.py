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


def _mixed_codes(
    code: NDArray[np.int8],
    pays: NDArray[np.bool_],
    zero: NDArray[np.bool_],
    unknown: NDArray[np.bool_],
) -> None:
    """Turn 0 and 1 for a cost above 0 into codes; what is passed in is used up.

    Right where a cost above 0 saves nothing; what saves nothing otherwise goes through the table.
    """
    np.logical_not(pays, out=pays)
    for flag, worth in ((pays, WORSE), (unknown, UNKNOWN)):
        number = flag.view(np.int8)
        np.negative(number, out=number)
        number &= worth
        np.maximum(code, number, out=code)
        if flag is pays:
            code -= zero.view(np.int8)  # worse 3 → never 2


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
    A branch for each row would be guessed wrongly by the processor where classes are mixed, so
    the codes are sums and bits of comparisons; only what saves nothing and costs nothing, or
    less, goes through the table.

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
    *flags, some_ = np.empty((5, width), bool)
    mask = np.empty(width, np.int64)
    others: list[NDArray[np.intp]] = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        for start in range(0, c.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            cb, sb, yb, gb = c[block], s[block], y[block], code[block]
            pays, unknown, zero, odd = (flag[: cb.size] for flag in flags)
            costly = gb.view(bool)  # immediate 0, years 1
            np.divide(cb, sb, out=yb)
            np.greater(cb, 0.0, out=costly)
            np.greater(sb, 0.0, out=pays)
            np.isnan(yb, out=unknown)
            np.signbit(yb, out=odd)
            some = some_[: cb.size]
            if pays.all() and not unknown.any() and not odd.any():
                continue
            np.equal(sb, 0.0, out=zero)
            # Below 0, or −0.0, though nothing is lost; and what saves nothing and costs nothing.
            odd &= np.logical_or(pays, zero, out=some)
            odd |= np.greater(zero, costly, out=some)
            _mixed_codes(gb, pays, zero, unknown)
            # Bits all 1 are nan: the sign of the saving is spread over the whole word.
            words = yb.view(np.int64)
            words |= np.right_shift(sb.view(np.int64), 63, out=mask[: cb.size])
            others.append(np.flatnonzero(odd) + start)
        if others:  # together: so few a block would be mostly calls
            rest = np.concatenate(others)
            found = _classes(c[rest], s[rest])
            code[rest], y[rest] = found, _YEARS_OF_CLASS[found]
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
