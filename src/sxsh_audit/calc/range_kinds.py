"""Kinds of ranges by their inverse distribution functions.

A range is known by its quantiles alone, so a simulation hands in evenly spread probabilities
and gets values. All parameters are arrays: one range object holds the ranges of many options.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri

from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["Range", "RangeKind"]

#: Kinds that are a function of the normal deviate of a probability.
_OF_DEVIATES = frozenset({"normal", "lognormal"})

#: Weight of the most likely value in a PERT range.
PERT_SHAPE = 4.0


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
    return _moved(u * (high - low), low)


def _moved(found: Any, by: Floats) -> Floats:
    """Add in place what broadcasts against `found`, which nobody else holds."""
    if not np.ndim(found):
        return np.asarray(found + by)
    try:
        return np.asarray(np.add(found, by, out=found))
    except ValueError:  # no room
        return np.asarray(found + by)


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


def _scaled(z: Floats, deviation: Floats) -> Any:
    if deviation.all():
        return deviation * z
    with np.errstate(invalid="ignore"):  # 0 × inf at the probabilities 0 and 1
        return np.where(deviation == 0, 0.0, deviation * z)


def _normal(z: Floats, mean: Floats, deviation: Floats) -> Floats:
    return _moved(_scaled(z, deviation), mean)


def _lognormal(z: Floats, median: Floats, sigma: Floats) -> Floats:
    return np.asarray(median * np.exp(_scaled(z, sigma)))


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
    """Ranges of one or many values.

    Made by :func:`~sxsh_audit.calc.ranges.triangular` and its neighbours.

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
    >>> from sxsh_audit.calc.ranges import triangular
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
        >>> from sxsh_audit.calc.ranges import uniform
        >>> uniform(10.0, 20.0).quantile([0.05, 0.95])
        array([10.5, 19.5])
        """
        u = floats(probability)
        refuse("ranges.probability", (u < 0) | (u > 1), u, language)
        return plain(self.values_at(u))

    @property
    def uses_deviates(self) -> bool:
        """Whether any of the ranges is a function of normal deviates."""
        return any(kind in _OF_DEVIATES for kind in self._kinds())

    @property
    def uses_probabilities(self) -> bool:
        """Whether any of the ranges is a function of probabilities and not of normal deviates."""
        return any(kind not in _OF_DEVIATES for kind in self._kinds())

    def _kinds(self) -> set[RangeKind]:
        if self.kind is RangeKind.JOINED:
            return {part.kind for _, part in self.parts}
        return {self.kind}

    def values_at(self, probability: Floats | None, deviate: Floats | None = None) -> Floats:
        """Quantiles of probabilities that are known to be within 0 and 1.

        Parameters
        ----------
        probability : array, optional
            Probabilities, broadcast against the shape of the ranges; None if all ranges use
            normal deviates and they are given. [1]
        deviate : array, optional
            Normal deviates of the same probabilities, if they are known already. [1]

        Returns
        -------
        array
            [unit of the input]
        """
        if self.kind in _OF_DEVIATES:
            if deviate is None:
                deviate = ndtri(probability)
            return _QUANTILES[self.kind](deviate, *self.parameters)
        if self.kind is not RangeKind.JOINED:
            return _QUANTILES[self.kind](probability, *self.parameters)
        shape = self.shape
        both = [
            None if each is None else np.broadcast_to(each, np.broadcast_shapes(each.shape, shape))
            for each in (probability, deviate)
        ]
        given = next(each for each in both if each is not None)
        found = np.empty(given.shape)
        for places, part in self.parts:
            here: Any = (*(slice(None),) * (given.ndim - len(shape)), places)
            found[here] = part.values_at(*(None if each is None else each[here] for each in both))
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
