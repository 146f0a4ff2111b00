"""Money at different times: present value and annuity.

Flows are at the ends of years and count from t = 0, the moment of the investment (a spreadsheet's
``NPV`` counts its first flow from t = 1).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.blocks import cells_in_blocks, rows_in_blocks
from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.calc.rates import check_growth, check_rate
from sxsh_audit.language.formatting import Language

__all__ = ["annuity_factor", "level_npv", "npv"]

#: A yearly step that changes no digit; its products would have lost theirs below 1e-308.
_LEVEL = 1e-150


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
    real flows a real one (:func:`~sxsh_audit.calc.rates.real_rate`).

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
    whole = np.floor(years)
    total, last = _whole_years(rate, whole, growth)
    return np.asarray((total + (years - whole) * last) / (1.0 + rate), dtype=np.float64)


def _whole_years(rate: Floats, whole: Floats, growth: Floats) -> tuple[Floats, Floats]:
    """Sum of the whole years' money, and the money of the year after them, both at t = 1."""
    step = (growth - rate) / (1.0 + rate)
    # As good as log 0: e^(−800) is 0, and 0 years of it are 1.
    grown = np.expm1(whole * np.maximum(np.log1p(np.maximum(step, -1.0)), -800.0))
    level = np.abs(step) < _LEVEL
    total = grown / np.where(level, 1.0, step)
    if level.any():
        total = np.where(level, whole, total)
    return total, 1.0 + grown


class AnnuityTable(NamedTuple):
    """Annuity factors of many lifetimes at few rates, looked up.

    Notes
    -----
    Between whole years the factor is a straight line, so that a power is needed for each whole
    year and not for each lifetime.

    Examples
    --------
    >>> import numpy as np
    >>> table = AnnuityTable.of(np.array([[0.1], [0.0]]), 3.0, np.zeros((2, 1)))
    >>> table.at(slice(0, 1), np.array([[2.0, 2.5, -1.0]])).round(4)
    array([[1.7355, 2.1112, 0.    ]])
    """

    ends: Floats
    """Factors of 0, 1, 2 … years, shape (rows, years). [year]"""
    slopes: Floats
    """What a whole year more adds to each, shape (rows, years). [year]"""

    @classmethod
    def of(cls, rate: Floats, most: float, growth: Floats) -> AnnuityTable:
        """Work out the whole years.

        Parameters
        ----------
        rate : array, shape (rows, 1)
            Discount rate per year, above −1. [1/year]
        most : float
            Longest lifetime. [year]
        growth : array, shape (rows, 1)
            Change from year to year, at least −1. [1/year]
        """
        total, last = _whole_years(rate, np.arange(max(int(most), 0) + 2.0), growth)
        return cls(total / (1.0 + rate), last / (1.0 + rate))

    def at(self, rows: slice, years: Floats) -> Floats:
        """Return the factors of some lifetimes, as :func:`annuity` does.

        Parameters
        ----------
        rows : slice
            Rows of the table.
        years : array, shape (rows, count)
            Lifetimes; below 0 counts as 0. [year]
        """
        part = np.maximum(years, 0.0)
        found = np.floor(part)
        part -= found
        place = found.astype(np.intp)
        width = self.ends.shape[1]
        place += np.arange(rows.start * width, rows.stop * width, width)[:, None]
        part *= self.slopes.take(place, out=found, mode="clip")  # "raise" would copy first
        part += self.ends.take(place, out=found, mode="clip")
        return part


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
