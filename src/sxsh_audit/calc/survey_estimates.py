"""Estimates from a real sample, by its design: shares, means, and ratios of totals.

Whoever was not drawn with a known probability is no sample: these functions are not for
volunteers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import floats
from sxsh_audit.calc.student_t import t_quantile

__all__ = ["Estimate", "stratified_mean", "stratified_ratio", "stratified_share", "wilson_interval"]


class Estimate(NamedTuple):
    """An estimate with its standard error and interval."""

    value: float
    standard_error: float
    low: float
    high: float


def wilson_interval(
    yes: float, sampled: float, *, population: float = math.inf, confidence: float = 0.95
) -> Estimate:
    r"""Estimate a share from a simple random sample, with Wilson's interval.

    Parameters
    ----------
    yes : float
        How many of the sample are a yes. [count]
    sampled : float
        How many were drawn and answered; a fraction is an effective sample. [count]
    population : float
        How many there are; infinite where that does not matter. [count]
    confidence : float
        Probability with which the interval holds the share. [1]

    Returns
    -------
    Estimate
        Share, standard error, low and high end [1]; ``nan`` without an answer.

    Notes
    -----
    With z the normal quantile and the sample made larger for what it takes of a small
    population, n' = n (N − 1)/(N − n),

    .. math:: \frac{p + z^2/2n' \pm z\sqrt{p(1-p)/n' + z^2/4n'^2}}{1 + z^2/n'}

    It stays between 0 and 1, and in a finite population between the shares that are possible
    with what those asked have said; it is no point where the share is 0 or 1. Where all were
    asked it is the share itself.

    References
    ----------
    .. [1] E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212.
    .. [2] R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, method 3.

    Examples
    --------
    >>> found = wilson_interval(81, 263)
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.308, 0.2553, 0.3662)
    """
    if not 0 <= yes <= sampled or not sampled <= population:
        raise ValueError("needed: 0 <= yes <= sampled <= population")
    if not sampled:
        return Estimate(math.nan, math.nan, math.nan, math.nan)
    share = yes / sampled
    if sampled == population:
        return Estimate(share, 0.0, share, share)
    n = sampled if math.isinf(population) else sampled * (population - 1) / (population - sampled)
    z = t_quantile((1 + confidence) / 2)
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    whole = 1 + z * z / n
    low, high = max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)
    if not math.isinf(population):  # those that were asked are known
        low = max(low, yes / population)
        high = min(high, 1 - (sampled - yes) / population)
    return Estimate(share, math.sqrt(share * (1 - share) / n), low, high)


def stratified_mean(
    means: ArrayLike, variances: ArrayLike, sampled: ArrayLike, population: ArrayLike,
    *, confidence: float = 0.95,
) -> Estimate:  # fmt: skip
    r"""Estimate the mean of a population from simple random samples of its strata.

    Parameters
    ----------
    means, variances : array, shape (strata,)
        Mean and variance s² (n − 1 below the line) of each sample. [any one unit, its square]
    sampled, population : array, shape (strata,)
        How many were drawn and answered, and how many there are. [count]
    confidence : float
        Probability with which the interval holds the mean. [1]

    Returns
    -------
    Estimate
        Mean, standard error, low and high end. [unit of `means`]

    Notes
    -----
    .. math:: \bar y = \sum_h W_h \bar y_h, \quad
              v = \sum_h W_h^2 (1 - f_h) s_h^2 / n_h, \quad W_h = N_h/N, \; f_h = n_h/N_h

    A stratum that was asked whole (f = 1) adds nothing to the error. The quantile is Student's
    with Σ (nₕ − 1) degrees of freedom over the strata that were sampled.

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), ch. 5.
    .. [2] S. L. Lohr, Sampling: Design and Analysis, ch. 3.

    Examples
    --------
    Two strata of 80 and 20, ten asked of the first and all of the second:
    0.8·5 + 0.2·30 = 10; 0.8²·(1 − 1/8)·4/10 = 0.224.

    >>> found = stratified_mean([5.0, 30.0], [4.0, 9.0], [10, 20], [80, 20])
    >>> round(found.value, 6), round(found.standard_error, 6)
    (10.0, 0.473286)
    """
    mean, variance, n, total = (floats(part).reshape(-1) for part in
                                (means, variances, sampled, population))  # fmt: skip
    if (n > total).any() or (n <= 0).any():
        raise ValueError("needed in each stratum: 0 < sampled <= population")
    weight = total / total.sum()
    rest = 1 - n / total
    partly = rest > 0
    # nan · 0 is nan: a stratum asked whole needs no variance, and one of a single plant has none
    error = math.sqrt(math.fsum(weight[partly] ** 2 * rest[partly] * variance[partly] / n[partly]))
    value = math.fsum(weight * mean)
    freedom = float((n[partly] - 1).sum()) if partly.any() else math.inf
    half = t_quantile((1 + confidence) / 2, freedom) * error if error else error
    return Estimate(value, error, value - half, value + half)


def stratified_share(
    yes: ArrayLike, sampled: ArrayLike, population: ArrayLike, *, confidence: float = 0.95
) -> Estimate:
    """Estimate a share of a population from simple random samples of its strata.

    Parameters
    ----------
    yes, sampled, population : array, shape (strata,)
        How many are a yes, were drawn and answered, and there are. [count]
    confidence : float
        Probability with which the interval holds the share. [1]

    Returns
    -------
    Estimate
        Share, standard error, low and high end. [1]

    Notes
    -----
    The interval is Wilson's with the effective size p (1 − p)/v of the sample, v the variance of
    the stratified share; where p is 0 or 1 it has none, and the size that any share would have
    by the weights, 1/Σ Wₕ² (1 − fₕ)/nₕ, stands for it. One stratum gives
    :func:`wilson_interval`.

    References
    ----------
    .. [1] E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193–201: effective sizes.

    Examples
    --------
    >>> found = stratified_share([6, 20], [10, 20], [80, 20])
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.68, 0.426, 0.859)
    """
    said, n, total = (floats(part).reshape(-1) for part in (yes, sampled, population))
    if len(said) == 1:
        return wilson_interval(float(said[0]), float(n[0]), population=float(total[0]),
                               confidence=confidence)  # fmt: skip
    share = said / n
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = share * (1 - share) * n / (n - 1)
    found = stratified_mean(share, spread, n, total, confidence=confidence)
    weight = total / total.sum()
    value, error = min(1.0, max(0.0, found.value)), found.standard_error
    if error > 0:
        size = value * (1 - value) / error**2
    else:
        spare = math.fsum(weight**2 * (1 - n / total) / n)
        if not spare:
            return Estimate(value, 0.0, value, value)
        size = 1 / spare
    if math.isnan(error):
        return Estimate(value, error, math.nan, math.nan)
    interval = wilson_interval(value * size, size, confidence=confidence)
    asked_yes, asked_no = math.fsum(said) / total.sum(), math.fsum(n - said) / total.sum()
    return Estimate(value, error, max(interval.low, asked_yes), min(interval.high, 1 - asked_no))


def stratified_ratio(
    above: ArrayLike, below: ArrayLike, strata: ArrayLike, population: ArrayLike,
    *, confidence: float = 0.95,
) -> Estimate:  # fmt: skip
    r"""Estimate a ratio of two totals, such as saved ÷ used, from samples of strata.

    Parameters
    ----------
    above, below : array, shape (plants,)
        The two figures of each plant of the sample. [any one unit each]
    strata : array of int, shape (plants,)
        Stratum of each, 0 … strata − 1. [-]
    population : array, shape (strata,)
        How many plants each stratum has. [count]
    confidence : float
        Probability with which the interval holds the ratio. [1]

    Returns
    -------
    Estimate
        Ratio, standard error, low and high end [unit of `above` per unit of `below`].

    Notes
    -----
    The combined ratio: both totals are estimated over all strata before they are divided, which
    stays nearly unbiased where the samples of the strata are small.

    .. math:: R = \frac{\sum_h N_h \bar y_h}{\sum_h N_h \bar x_h}, \quad
              v = \frac{1}{\hat X^2} \sum_h N_h^2 (1 - f_h) \frac{s_{e,h}^2}{n_h}, \quad
              e_i = y_i - R x_i

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), 6.2–6.4 and 6.11.

    Examples
    --------
    >>> found = stratified_ratio([5.0, 12.0, 9.0], [100.0, 200.0, 150.0], [0, 0, 0], [3])
    >>> round(found.value, 6), found.standard_error
    (0.057778, 0.0)
    """
    y, x = floats(above).reshape(-1), floats(below).reshape(-1)
    codes, total = np.asarray(strata).reshape(-1), floats(population).reshape(-1)
    n = np.bincount(codes, minlength=len(total)).astype(np.float64)
    if (n > total).any() or (n <= 0).any():
        raise ValueError("needed in each stratum: 0 < sampled <= population")
    lift = (total / n)[codes]
    whole = math.fsum(lift * x)
    ratio = math.fsum(lift * y) / whole if whole else math.nan
    rest = y - ratio * x
    means = np.bincount(codes, weights=rest, minlength=len(total)) / n
    squares = np.bincount(codes, weights=(rest - means[codes]) ** 2, minlength=len(total))
    partly = n < total
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = total**2 * (1 - n / total) * squares / (n - 1) / n
    error = math.sqrt(math.fsum(parts[partly])) / abs(whole) if whole else math.nan
    freedom = float((n[partly] - 1).sum()) if partly.any() else math.inf
    half = t_quantile((1 + confidence) / 2, freedom) * error if error else error
    return Estimate(ratio, error, ratio - half, ratio + half)
