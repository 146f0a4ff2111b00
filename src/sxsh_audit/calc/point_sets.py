"""Evenly spread probabilities for a simulation, any part of them at any time.

The draws of all options are never held at once, and some results need all draws of one option,
others all options of one draw. So the points are a function of (option, input, draw) and not a
stream: every part gives the same numbers, in any order and in any thread.

A Sobol' sequence serves some twenty options; the next ones take its points again, in another order
of draws. What depends on the points alone is then worked out once for all options, and results in
which the order of draws makes no difference are worked out in the order of the points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

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


def _spread(words: Words) -> Floats:
    """Spread whole numbers over (0, 1)."""
    # In the middle of a cell: neither 0 nor 1, which have no quantile in a range without ends.
    found: Floats = words.astype(np.float64)
    found *= 2.0**-_BITS
    found += 2.0 ** -(_BITS + 1)
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
        the first 64 inputs take the same points again with an order of draws of their own.
        ``random``: independent draws.
    block : int
        Every part that is asked for begins at a multiple of so many options.
    stream : int
        Point sets of different streams are independent.
    """

    def __init__(
        self, options: int, own: int, shared: int, draws: int, seed: int, method: Method,
        block: int, stream: int = 0,
    ) -> None:  # fmt: skip
        self._own, self._shared, self.draws, self._block = own, shared, draws, block
        self._options, self._seed, self._method = options, seed, method
        self._stream = stream
        if method is Method.SOBOL:
            self._prepare()

    @property
    def highest(self) -> float:
        """Highest probability that may be drawn."""
        return 1.0 - (2.0 ** -(_BITS + 1) if self._method is Method.SOBOL else 2.0**-53)

    def _prepare(self) -> None:
        self._group = max(1, (_GROUP - self._shared) // max(1, self._own))
        groups = -(-self._options // self._group)
        width = self._shared + min(self._group, self._options) * self._own
        random = self._random(0)
        digits = max(1, (self.draws - 1).bit_length())
        directions = _scrambled(_direction_numbers(max(1, width), digits), random)
        self._low_digits = digits // 2
        self._low = _sums(directions[:, : self._low_digits])
        self._high = _sums(directions[:, self._low_digits :])
        self._high ^= random.integers(0, 1 << _BITS, (max(1, width), 1), np.uint32)
        kind = np.uint16 if self.draws <= 1 << 16 else np.uint32
        # The order of a group is one of some permutations after another of some others: two
        # groups never share both, and few permutations are kept.
        order = np.arange(self.draws, dtype=kind)
        self._half = max(1, int(np.ceil(np.sqrt(groups))))
        self._inner, self._outer = (
            np.stack([order, *(random.permutation(order) for _ in range(1, self._half))])
            for _ in range(2)
        )

    def _sequence(self, *key: int) -> np.random.SeedSequence:
        return np.random.SeedSequence(self._seed, spawn_key=(self._stream, *key))

    def _random(self, *key: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(self._sequence(*key)))

    def _order(self, groups: NDArray[np.intp], draws: slice) -> NDArray[np.intp]:
        """Numbers of the points that some groups take in some draws, shape (groups, draws)."""
        outer, inner = np.divmod(groups, self._half)
        found: NDArray[np.intp] = self._outer[outer[:, None], self._inner[inner, draws]].astype(
            np.intp
        )
        return found

    def _numbered(self, rows: slice, points: slice) -> Floats:
        """Points by their numbers, shape (rows, points)."""
        first, last = points.start >> self._low_digits, -(-points.stop >> self._low_digits)
        low, high = self._low[rows], self._high[rows, first:last]
        every = (high[:, :, None] ^ low[:, None, :]).reshape(
            low.shape[0], high.shape[1] * low.shape[1]
        )
        begin = first << self._low_digits
        return _spread(every[:, points.start - begin : points.stop - begin])

    def shared(self) -> Floats:
        """Return the probabilities of the shared inputs, shape (shared, draws)."""
        if self._method is Method.SOBOL:
            return self._numbered(slice(0, self._shared), slice(0, self.draws))
        return self._inside(self._random(1).random((self._shared, self.draws)))

    def parts(self, most: int) -> list[slice]:
        """Return all options in parts, the options of each in one order of draws.

        Parameters
        ----------
        most : int
            Most options of a part of the first ones, if it is not the block that counts.
        """
        if self._method is Method.RANDOM or not self._own:
            most, step = self._block, self._block
        else:
            step = self._group
        head = min(step, self._options)
        ends = [*range(0, head, min(most, step)), *range(head, self._options, step), self._options]
        return [slice(*ends[k : k + 2]) for k in range(len(ends) - 1)]

    def step(self, most: int) -> int:
        """Return how many options of a part are best asked for at once.

        Parameters
        ----------
        most : int
            Most of them, if it is not the block that counts.
        """
        return self._block if self._method is Method.RANDOM else most

    def by_number(self, values: Floats, options: slice) -> Floats:
        """Put what belongs to the draws in the order in which options take the points.

        Parameters
        ----------
        values : array, shape (…, draws)
            Anything in the order of the draws. [any unit]
        options : slice
            One of :meth:`parts`.
        """
        if self._method is Method.RANDOM or options.start < self._group:
            return values
        outer, inner = divmod(options.start // self._group, self._half)
        found = np.empty_like(values)
        found[..., self._outer[outer].take(self._inner[inner])] = values
        return found

    def deviates(self, inputs: Sequence[int], most: int) -> dict[int, Floats]:
        """Return the normal deviates of all points that options take for some of their inputs.

        Parameters
        ----------
        inputs : sequence of int
            Which of each option's own inputs.
        most : int
            How many numbers to keep at most.

        Returns
        -------
        dict
            Array (options of a sequence, draws) by input, to be read at :meth:`rows_of`. Empty if
            the points of options are not the same, or are too many.
        """
        if self._method is not Method.SOBOL or self._options <= self._group:
            return {}
        if self._group * self.draws * len(inputs) > most:
            return {}
        every = slice(0, self.draws)
        rows = (slice(self._shared + number, None, self._own) for number in inputs)
        found = (ndtri(self._numbered(each, every)) for each in rows)
        return dict(zip(inputs, found, strict=True))

    def rows_of(self, options: slice, draws: slice, *, in_order: bool) -> Any:
        """Return where in :meth:`deviates` those of some options are, an index of the arrays.

        Parameters
        ----------
        options, draws, in_order
            As in :meth:`own`.
        """
        if not in_order:
            first = options.start % self._group
            return slice(first, first + options.stop - options.start), draws
        group, place = np.divmod(np.arange(options.start, options.stop), self._group)
        first, last = options.start // self._group, -(-options.stop // self._group)
        order = self._order(np.arange(first, last), draws)
        return place[:, None], order[group - first]

    def own(
        self, options: slice, draws: slice, inputs: Iterable[int] | None = None, *,
        in_order: bool = True,
    ) -> dict[int, Floats]:  # fmt: skip
        """Return the probabilities of some options' inputs.

        Parameters
        ----------
        options : slice
            From a multiple of the block to another one, or to the last option.
        draws : slice
            Any draws.
        inputs : iterable of int, optional
            Which of each option's inputs; all if left out.
        in_order : bool
            Whether the draws of all options stand in one order, that of the shared inputs.
            Without, `options` is one of :meth:`parts`, and the points come by their numbers.

        Returns
        -------
        dict
            Array (options, draws) by input.
        """
        wanted = list(range(self._own)) if inputs is None else list(inputs)
        if not wanted:
            return {}
        if self._method is Method.RANDOM:
            return self._drawn(options, draws, wanted)
        first = options.start % self._group
        if not in_order:
            start, count = self._shared + first * self._own, options.stop - options.start
            rows = (slice(start + k, start + count * self._own, self._own) for k in wanted)
            return {k: self._numbered(each, draws) for k, each in zip(wanted, rows, strict=True)}
        place, order = self.rows_of(options, draws, in_order=True)
        low, high = order & ((1 << self._low_digits) - 1), order >> self._low_digits
        found = {}
        for k in wanted:
            row = self._shared + place * self._own + k
            points = self._low.reshape(-1).take(row * self._low.shape[1] + low)
            points ^= self._high.reshape(-1).take(row * self._high.shape[1] + high)
            found[k] = _spread(points)
        return found

    def _drawn(self, options: slice, draws: slice, wanted: list[int]) -> dict[int, Floats]:
        shape = (options.stop - options.start, draws.stop - draws.start)
        found = {k: np.empty(shape) for k in wanted}
        for start in range(options.start, options.stop, self._block):
            count = min(self._block, options.stop - start)
            width = count * self._own
            generator = np.random.PCG64(self._sequence(2, start // self._block))
            generator.advance(draws.start * width)
            points = self._inside(np.random.Generator(generator).random((shape[1], width)))
            here = slice(start - options.start, start - options.start + count)
            for k, into in found.items():
                into[here] = points[:, k :: self._own].T
        return found

    @staticmethod
    def _inside(values: Floats) -> Floats:
        # 0 has no quantile in a distribution without ends.
        return np.maximum(values, 2.0**-54)
