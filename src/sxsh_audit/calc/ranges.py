"""Ranges of inputs: what a cost, a saving, a price or a lifetime may turn out to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.range_kinds import Range, RangeKind
from sxsh_audit.language.formatting import Language

__all__ = [
    "Range",
    "RangeKind",
    "fixed",
    "join_ranges",
    "lognormal",
    "lognormal_between",
    "normal",
    "pert",
    "samples",
    "triangular",
    "uniform",
]

#: The 95 % quantile of the standard normal distribution.
Z_95 = float(ndtri(0.95))


def _finite(value: ArrayLike, language: Language) -> Floats:
    found = floats(value)
    refuse("ranges.infinite", np.isinf(found), found, language)
    return found


def _build(kind: RangeKind, *values: ArrayLike, language: Language) -> Range:
    columns = [_finite(value, language) for value in values]
    return Range(kind, tuple(np.broadcast_arrays(*columns)))


def fixed(value: ArrayLike) -> Range:
    """Take inputs as known: every draw is the value itself.

    Parameters
    ----------
    value : float or array
        The value; ``nan`` where it is not known. [unit of the input]

    Returns
    -------
    Range

    Examples
    --------
    >>> fixed(12.0).quantile([0.1, 0.9])
    array([12., 12.])
    """
    return Range(RangeKind.FIXED, (floats(value),))


def uniform(low: ArrayLike, high: ArrayLike, *, language: Language = "vi") -> Range:
    """Spread a value evenly between two ends.

    Parameters
    ----------
    low : float or array
        Lowest value. [unit of the input]
    high : float or array
        Highest value. [unit of the input]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Range

    Raises
    ------
    RangeError
        If an end is infinite, or the lowest value above the highest.

    Notes
    -----
    .. math:: Q(u) = a + u (b - a)

    Examples
    --------
    >>> uniform(10.0, 20.0).median
    15.0
    """
    found = _build(RangeKind.UNIFORM, low, high, language=language)
    a, b = found.parameters
    refuse("ranges.reversed", a > b, a, language)
    return found


def _three_points(
    kind: RangeKind, low: ArrayLike, mode: ArrayLike, high: ArrayLike, language: Language
) -> Range:
    found = _build(kind, low, mode, high, language=language)
    a, m, b = found.parameters
    refuse("ranges.reversed", a > b, a, language)
    refuse("ranges.mode", (m < a) | (m > b), m, language)
    return found


def triangular(
    low: ArrayLike, mode: ArrayLike, high: ArrayLike, *, language: Language = "vi"
) -> Range:
    r"""Spread a value between two ends with a most likely one, straight lines between.

    Parameters
    ----------
    low : float or array
        Lowest value. [unit of the input]
    mode : float or array
        Most likely value. [unit of the input]
    high : float or array
        Highest value. [unit of the input]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Range

    Raises
    ------
    RangeError
        If a value is infinite, the ends are in the wrong order, or the most likely value is not
        between them.

    Notes
    -----
    .. math::

        Q(u) = a + \sqrt{u (b-a)(m-a)} \text{ below the mode}, \qquad
        Q(u) = b - \sqrt{(1-u)(b-a)(b-m)} \text{ above}

    Examples
    --------
    >>> triangular(0.0, 1.0, 2.0).quantile([0.0, 0.125, 0.5, 1.0])
    array([0. , 0.5, 1. , 2. ])
    """
    return _three_points(RangeKind.TRIANGULAR, low, mode, high, language)


def pert(low: ArrayLike, mode: ArrayLike, high: ArrayLike, *, language: Language = "vi") -> Range:
    """Spread a value smoothly between two ends with a most likely one (PERT, a beta).

    Parameters
    ----------
    low : float or array
        Lowest value. [unit of the input]
    mode : float or array
        Most likely value. [unit of the input]
    high : float or array
        Highest value. [unit of the input]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Range

    Raises
    ------
    RangeError
        If a value is infinite, the ends are in the wrong order, or the most likely value is not
        between them.

    Notes
    -----
    A beta distribution on [a, b] with α = 1 + 4 (m − a) ÷ (b − a) and β = 1 + 4 (b − m) ÷ (b − a);
    its mean is (a + 4 m + b) ÷ 6. Its quantiles take some fifty times as long as a triangle's.

    References
    ----------
    .. [1] Malcolm, Roseboom, Clark, Fazar, "Application of a technique for research and
       development program evaluation", Operations Research 7 (1959) 646–669.

    Examples
    --------
    >>> round(pert(0.0, 2.0, 10.0).median, 3)
    2.767
    """
    return _three_points(RangeKind.PERT, low, mode, high, language)


def normal(mean: ArrayLike, deviation: ArrayLike, *, language: Language = "vi") -> Range:
    """Spread a value around its mean by a standard deviation.

    Parameters
    ----------
    mean : float or array
        Mean. [unit of the input]
    deviation : float or array
        Standard deviation. [unit of the input]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Range

    Raises
    ------
    RangeError
        If a value is infinite or a standard deviation below 0.

    Notes
    -----
    It has no ends: a cost may come out below 0.

    Examples
    --------
    >>> normal(100.0, 10.0).quantile([0.05, 0.5, 0.95]).round(2)
    array([ 83.55, 100.  , 116.45])
    """
    found = _build(RangeKind.NORMAL, mean, deviation, language=language)
    refuse("ranges.deviation", found.parameters[1] < 0, found.parameters[1], language)
    return found


def lognormal(median: ArrayLike, sigma: ArrayLike, *, language: Language = "vi") -> Range:
    r"""Spread a value around its median by a factor: never below 0, a long tail above.

    Parameters
    ----------
    median : float or array
        Median, above 0. [unit of the input]
    sigma : float or array
        Standard deviation of the natural logarithm. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Range

    Raises
    ------
    RangeError
        If a value is infinite, a median is not above 0 or a sigma below 0.

    Notes
    -----
    .. math:: Q(u) = M \exp(\sigma \Phi^{-1}(u))

    See :func:`lognormal_between` for a range told by its 5 % and 95 % values.

    Examples
    --------
    >>> lognormal(100.0, 0.2).quantile([0.05, 0.5, 0.95]).round(1)
    array([ 72., 100., 139.])
    """
    found = _build(RangeKind.LOGNORMAL, median, sigma, language=language)
    middle, spread = found.parameters
    refuse("ranges.not_positive", middle <= 0, middle, language)
    refuse("ranges.deviation", spread < 0, spread, language)
    return found


def lognormal_between(low: ArrayLike, high: ArrayLike, *, language: Language = "vi") -> Range:
    """Spread a value lognormally, told by its 5 % and its 95 % quantile.

    Parameters
    ----------
    low : float or array
        5 % quantile, above 0. [unit of the input]
    high : float or array
        95 % quantile. [unit of the input]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Range

    Raises
    ------
    RangeError
        If a value is infinite or not above 0, or the lower one above the other.

    Notes
    -----
    Median √(low · high), sigma ln(high ÷ low) ÷ (2 · 1.6449).

    Examples
    --------
    >>> lognormal_between(50.0, 200.0).median
    100.0
    """
    a, b = np.broadcast_arrays(_finite(low, language), _finite(high, language))
    for column in (a, b):
        refuse("ranges.not_positive", column <= 0, column, language)
    refuse("ranges.reversed", a > b, a, language)
    return lognormal(np.sqrt(a * b), np.log(b / a) / (2 * Z_95), language=language)


def samples(values: ArrayLike, *, language: Language = "vi") -> Range:
    """Take observed or computed values, each as likely as another.

    Parameters
    ----------
    values : array, shape (…, count)
        The values; an option with one that is not known has no range that is known.
        [unit of the input]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Range
        Shape (…,).

    Raises
    ------
    RangeError
        If there is no value, or one is infinite.

    Notes
    -----
    The quantile is a value that was given, the least that a share u of them does not exceed;
    nothing is put in between.

    Examples
    --------
    >>> samples([3.0, 1.0, 2.0, 10.0]).quantile([0.25, 0.5, 0.51])
    array([1., 2., 3.])
    """
    given = np.atleast_1d(_finite(values, language))
    refuse("ranges.empty", np.array([given.shape[-1] == 0]), np.zeros(1), language)
    ordered = np.sort(given, axis=-1)
    ordered[np.isnan(ordered[..., -1])] = np.nan
    return Range(RangeKind.SAMPLES, (ordered,))


def join_ranges(ranges: Sequence[Range]) -> Range:
    """Put the ranges of several options, of any shapes, into one along the first axis.

    Parameters
    ----------
    ranges : sequence of Range
        Each the range of one option (shape ``()`` or, over resources, ``(resources,)``), in the
        order of the options.

    Returns
    -------
    Range
        Shape (options,) or (options, resources).

    Examples
    --------
    >>> cost = join_ranges([fixed(5.0), uniform(1.0, 3.0), fixed(7.0)])
    >>> cost.shape, cost.median
    ((3,), array([5., 2., 7.]))
    """
    if not ranges:
        raise ValueError("no ranges to join")
    if len({one.shape for one in ranges}) > 1:
        raise ValueError(f"ranges of different shapes: {sorted({one.shape for one in ranges})}")
    groups: dict[tuple[RangeKind, tuple[tuple[int, ...], ...]], list[int]] = {}
    for place, one in enumerate(ranges):
        if one.kind is RangeKind.JOINED:
            raise ValueError("joined ranges cannot be joined again")
        shapes = tuple(values.shape for values in one.parameters)
        groups.setdefault((one.kind, shapes), []).append(place)
    parts = []
    for (kind, _), places in groups.items():
        columns = zip(*(ranges[place].parameters for place in places), strict=True)
        stacked = tuple(np.stack(column) for column in columns)
        parts.append((np.array(places, np.intp), Range(kind, stacked)))
    return Range(RangeKind.JOINED, (), tuple(parts))
