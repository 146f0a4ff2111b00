"""Ranges of inputs: what a cost, a saving, a price or a lifetime may turn out to be.

A range is known by its quantiles alone, so a simulation hands in evenly spread probabilities
and gets values. All parameters are arrays: one range object holds the ranges of many options.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri

from sxsh_audit.calc.domain import Floats, floats, plain, refuse
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

#: Weight of the most likely value in a PERT range.
PERT_SHAPE = 4.0

#: The 95 % quantile of the standard normal distribution.
Z_95 = float(ndtri(0.95))


class RangeKind(StrEnum):
    """Shape of a range."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    PERT = "pert"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    SAMPLES = "samples"
    JOINED = "joined"


def _fixed(u: Floats, value: Floats) -> Floats:
    return np.broadcast_to(value, np.broadcast_shapes(u.shape, value.shape))


def _uniform(u: Floats, low: Floats, high: Floats) -> Floats:
    return low + u * (high - low)


def _triangular(u: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    width = high - low
    left, right = width * (mode - low), width * (high - mode)
    # Each branch is kept on its side of the mode: rounding there must not turn the order round.
    below = np.minimum(low + np.sqrt(u * left), mode)
    above = np.maximum(high - np.sqrt((1.0 - u) * right), mode)
    return np.where(u * width < mode - low, below, above)


def _pert(u: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    width = high - low
    span = np.where(width == 0, 1.0, width)
    first = 1.0 + PERT_SHAPE * ((mode - low) / span)
    second = 1.0 + PERT_SHAPE * ((high - mode) / span)
    found: Floats = low + width * betaincinv(first, second, u)
    return found


def _normal(u: Floats, mean: Floats, deviation: Floats) -> Floats:
    with np.errstate(invalid="ignore"):  # 0 × inf at the probabilities 0 and 1
        return mean + np.where(deviation == 0, 0.0, deviation * ndtri(u))


def _lognormal(u: Floats, median: Floats, sigma: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return median * np.exp(np.where(sigma == 0, 0.0, sigma * ndtri(u)))


def _samples(u: Floats, values: Floats) -> Floats:
    count = values.shape[-1]
    place = np.clip(np.ceil(u * count) - 1, 0, count - 1).astype(np.intp)
    place = np.broadcast_to(place, np.broadcast_shapes(u.shape, values.shape[:-1]))
    every = np.broadcast_to(values, (*place.shape, count))
    return np.take_along_axis(every, place[..., None], axis=-1)[..., 0]


_QUANTILES: dict[RangeKind, Callable[..., Floats]] = {
    RangeKind.FIXED: _fixed,
    RangeKind.UNIFORM: _uniform,
    RangeKind.TRIANGULAR: _triangular,
    RangeKind.PERT: _pert,
    RangeKind.NORMAL: _normal,
    RangeKind.LOGNORMAL: _lognormal,
    RangeKind.SAMPLES: _samples,
}


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """Ranges of one or many values; made by :func:`triangular` and its neighbours.

    Parameters
    ----------
    kind : RangeKind
        Shape of the range.
    parameters : tuple of array
        What the shape needs, broadcast to one shape; the sorted values of ``samples`` have one
        more dimension. [unit of the input]
    parts : tuple of (array of int, Range)
        For ``joined`` ranges: the positions along the first axis, and the ranges there.

    Examples
    --------
    >>> cost = triangular([90.0, 40.0], [100.0, 50.0], [130.0, 80.0])
    >>> cost.shape, cost.median.round(2)
    ((2,), array([105.51,  55.51]))
    """

    kind: RangeKind
    parameters: tuple[Floats, ...]
    parts: tuple[tuple[NDArray[np.intp], Range], ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the values that have a range."""
        if self.kind is RangeKind.JOINED:
            tail = self.parts[0][1].shape[1:]
            return (sum(places.size for places, _ in self.parts), *tail)
        shape = self.parameters[0].shape
        return shape[:-1] if self.kind is RangeKind.SAMPLES else shape

    @property
    def median(self) -> Any:
        """Value that is exceeded as often as not, in the unit of the input."""
        return self.quantile(0.5)

    @property
    def varies(self) -> bool:
        """Whether any of the ranges holds more than one value."""
        if self.kind is RangeKind.JOINED:
            return any(part.varies for _, part in self.parts)
        if self.kind is RangeKind.FIXED:
            return False
        if self.kind is RangeKind.SAMPLES:
            values = self.parameters[0]
            return bool((values[..., 0] < values[..., -1]).any())
        if self.kind in (RangeKind.NORMAL, RangeKind.LOGNORMAL):
            return bool((self.parameters[1] > 0).any())
        return bool((self.parameters[0] < self.parameters[-1]).any())

    def quantile(self, probability: ArrayLike, *, language: Language = "vi") -> Any:
        """Value that is not exceeded with a probability: the inverse distribution function.

        Parameters
        ----------
        probability : float or array
            Probabilities, broadcast against the shape of the ranges. [1]
        language : {"vi", "en"}
            Language of a refusal.

        Returns
        -------
        float or array
            [unit of the input]

        Raises
        ------
        RangeError
            If a probability is below 0 or above 1.

        Examples
        --------
        >>> uniform(10.0, 20.0).quantile([0.05, 0.95])
        array([10.5, 19.5])
        """
        u = floats(probability)
        refuse("ranges.probability", (u < 0) | (u > 1), u, language)
        return plain(self.values_at(u))

    def values_at(self, probability: Floats) -> Floats:
        """Quantiles of probabilities that are known to be within 0 and 1.

        Parameters
        ----------
        probability : array
            Probabilities, broadcast against the shape of the ranges. [1]

        Returns
        -------
        array
            [unit of the input]
        """
        if self.kind is not RangeKind.JOINED:
            return _QUANTILES[self.kind](probability, *self.parameters)
        shape = self.shape
        u = np.broadcast_to(probability, np.broadcast_shapes(probability.shape, shape))
        found = np.empty(u.shape)
        for places, part in self.parts:
            here: Any = (*(slice(None),) * (u.ndim - len(shape)), places)
            found[here] = part.values_at(u[here])
        return found

    def rows(self, chosen: slice) -> Range:
        """Return the ranges of the options `chosen`, with an axis for draws behind them.

        Parameters
        ----------
        chosen : slice
            Options, positions from … to along the first axis.

        Returns
        -------
        Range
            Shape (options chosen, 1): quantiles of an array (options chosen, draws) line up.
        """
        if self.kind is RangeKind.JOINED:
            start, stop, _ = chosen.indices(self.shape[0])
            parts = []
            for places, part in self.parts:
                first, last = np.searchsorted(places, (start, stop))
                if first < last:
                    parts.append((places[first:last] - start, part.rows(slice(first, last))))
            return Range(self.kind, (), tuple(parts))
        return Range(self.kind, tuple(values[chosen, None] for values in self.parameters))

    def over(self, options: int) -> Range:
        """Return the range of one value as that of each of `options` options.

        Parameters
        ----------
        options : int
            Count of options; a range that has a shape stays as it is.

        Returns
        -------
        Range
        """
        if self.shape:
            return self
        spread = (np.broadcast_to(values, (options, *values.shape)) for values in self.parameters)
        return Range(self.kind, tuple(spread))

    def column(self, number: int) -> Range:
        """Return the ranges of one resource, those with position `number` on the second axis.

        Parameters
        ----------
        number : int
            Position of the resource.

        Returns
        -------
        Range
            Shape (options,).
        """
        if self.kind is RangeKind.JOINED:
            parts = tuple((places, part.column(number)) for places, part in self.parts)
            return Range(self.kind, (), parts)
        return Range(self.kind, tuple(values[:, number] for values in self.parameters))


def _build(kind: RangeKind, *values: ArrayLike, language: Language) -> Range:
    columns = [floats(value) for value in values]
    for column in columns:
        refuse("ranges.infinite", np.isinf(column), column, language)
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
    a, b = np.broadcast_arrays(floats(low), floats(high))
    for column in (a, b):
        refuse("ranges.infinite", np.isinf(column), column, language)
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
    given = floats(values)
    if given.ndim == 0:
        given = given[None]
    refuse("ranges.empty", np.array([given.shape[-1] == 0]), np.zeros(1), language)
    refuse("ranges.infinite", np.isinf(given), given, language)
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
