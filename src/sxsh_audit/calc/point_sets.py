"""Evenly spread probabilities for a simulation, any part of them at any time.

The draws of all options are never held at once, and some results need all draws of one option,
others all options of one draw. So the points are a function of (option, input, draw) and not a
stream: every part gives the same numbers, in any order and in any thread.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats

__all__ = ["Method", "PointSet"]

Words = NDArray[np.uint32]

_BITS = 32

#: Inputs that share one Sobol' sequence. With 4,096 draws pairs of its first 64 dimensions are
#: as good as independent, of its first 1,024 some are correlated by a third.
_GROUP = 64


class Method(StrEnum):
    """How the draws are spread."""

    SOBOL = "sobol"
    RANDOM = "random"


def _direction_numbers(dimensions: int, digits: int) -> Words:
    """Sobol' direction numbers, shape (dimensions, digits).

    scipy counts in Gray code, so its point number 2^(j+1) − 1 is direction number j alone.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=False, bits=_BITS)
    found = np.empty((dimensions, digits), np.uint32)
    for digit in range(digits):
        engine.fast_forward((2 << digit) - 1 - engine.num_generated)
        found[:, digit] = (engine.random(1)[0] * 2.0**_BITS).astype(np.uint32)
    return found


def _scrambled(directions: Words, random: np.random.Generator) -> Words:
    """Multiply the digits of each dimension by a random lower triangular matrix (mod 2)."""
    found = np.zeros_like(directions)
    for place in range(_BITS):
        unit = 1 << (_BITS - 1 - place)
        column = random.integers(0, unit, directions.shape[0], np.uint32) | np.uint32(unit)
        bit = (directions >> np.uint32(_BITS - 1 - place)) & np.uint32(1)
        found ^= bit * column[:, None]
    return found


def _sums(directions: Words) -> Words:
    """Combine the direction numbers in every way: column k is the point number k."""
    found = np.zeros((directions.shape[0], 1), np.uint32)
    for digit in range(directions.shape[1]):
        found = np.hstack([found, found ^ directions[:, digit : digit + 1]])
    return found


class PointSet:
    """Probabilities in (0, 1) of the shared inputs and of each option's own inputs.

    Parameters
    ----------
    options : int
        Count of options.
    own, shared : int
        Inputs of each option, and inputs that all options share in a draw (prices).
    draws : int
        Count of draws.
    seed : int
        Seed; the same one gives the same points.
    method : Method
        ``sobol``: a Sobol' sequence, its digits scrambled and shifted at random. Options beyond
        the first 64 inputs take the same sequence again with a shift and an order of draws of
        their own. ``random``: independent draws.
    block : int
        Every part that is asked for begins at a multiple of so many options.
    stream : int
        Point sets of different streams are independent.
    """

    def __init__(
        self, options: int, own: int, shared: int, draws: int, seed: int, method: Method,
        block: int, stream: int = 0,
    ) -> None:  # fmt: skip
        self._own, self._shared, self._draws, self._block = own, shared, draws, block
        self._options, self._seed, self._method = options, seed, method
        self._stream = stream
        if method is Method.SOBOL:
            self._prepare()

    def _prepare(self) -> None:
        self._group = max(1, (_GROUP - self._shared) // max(1, self._own))
        groups = -(-self._options // self._group)
        width = self._shared + min(self._group, self._options) * self._own
        random = self._random(0)
        digits = max(1, (self._draws - 1).bit_length())
        directions = _scrambled(_direction_numbers(max(1, width), digits), random)
        self._low_digits = digits // 2
        self._low = _sums(directions[:, : self._low_digits])
        self._high = _sums(directions[:, self._low_digits :])
        self._shift = random.integers(0, 1 << _BITS, (groups, max(1, width)), np.uint32)
        kind = np.uint16 if self._draws <= 1 << 16 else np.uint32
        # The order of a group is one of some permutations after another of some others: two
        # groups never share both, and few permutations are kept.
        order = np.arange(self._draws, dtype=kind)
        self._half = max(1, int(np.ceil(np.sqrt(groups))))
        self._inner, self._outer = (
            [order, *(random.permutation(order) for _ in range(1, self._half))] for _ in range(2)
        )

    def _sequence(self, *key: int) -> np.random.SeedSequence:
        return np.random.SeedSequence(self._seed, spawn_key=(self._stream, *key))

    def _random(self, *key: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(self._sequence(*key)))

    def _points(self, group: int, rows: slice, draws: slice) -> Floats:
        outer, inner = divmod(group, self._half)
        order = self._outer[outer][self._inner[inner][draws]].astype(np.intp)
        found = np.take(self._low[rows], order & ((1 << self._low_digits) - 1), axis=1)
        found ^= np.take(self._high[rows], order >> self._low_digits, axis=1)
        found ^= self._shift[group, rows, None]
        # In the middle of a cell: neither 0 nor 1, which have no quantile in a range without ends.
        spread: Floats = np.add(found, 0.5, dtype=np.float64)
        spread *= 2.0**-_BITS
        return spread

    def shared(self) -> Floats:
        """Return the probabilities of the shared inputs, shape (shared, draws)."""
        if self._method is Method.SOBOL:
            return self._points(0, slice(0, self._shared), slice(None))
        return self._inside(self._random(1).random((self._shared, self._draws)))

    def own(self, options: slice, draws: slice) -> Floats:
        """Return the probabilities of some options' inputs, shape (own, options, draws).

        Parameters
        ----------
        options : slice
            From a multiple of the block to another one, or to the last option.
        draws : slice
            Any draws.
        """
        count, width = options.stop - options.start, self._own
        found = np.empty((width, count, draws.stop - draws.start))
        step = self._group if self._method is Method.SOBOL else self._block
        start = options.start
        while start < options.stop:
            stop = min((start // step + 1) * step, options.stop)
            part = found[:, start - options.start : stop - options.start]
            part[...] = self._part(start, stop - start, draws)
            start = stop
        return found

    def _part(self, start: int, count: int, draws: slice) -> Floats:
        width = self._own
        if self._method is Method.SOBOL:
            group, first = divmod(start, self._group)
            row = self._shared + first * width
            points = self._points(group, slice(row, row + count * width), draws)
        else:
            generator = np.random.PCG64(self._sequence(2, start // self._block))
            generator.advance(draws.start * count * width)
            size = (draws.stop - draws.start, count * width)
            points = self._inside(np.random.Generator(generator).random(size)).T
        turned: Floats = points.reshape(count, width, -1).swapaxes(0, 1)
        return turned

    @staticmethod
    def _inside(values: Floats) -> Floats:
        # 0 has no quantile in a distribution without ends.
        return np.maximum(values, 2.0**-54)
