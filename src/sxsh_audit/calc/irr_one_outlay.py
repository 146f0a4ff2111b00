"""The rate of one outlay at t = 0 and gains after it, for many rows at once.

Nearly all investments look so. Write u = log(1 + r): h(u) = log(gains ÷ outlay) falls by at
least 1 for each 1 of u, hence |h| bounds the distance to the root. What is left of the sum before
the last step is so the proof that a rate is right, and rows for which it is too large go to the
guarded search.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.blocks import ONE_THREAD
from sxsh_audit.calc.domain import Floats

__all__ = ["rates_of_one_outlay", "worth_a_try"]

#: Points u near which nearly all rates lie, and what parts them: the search begins at one of them.
_BEGINNINGS = np.array([0.1, 0.3, 0.5, 1.0])
_PARTED = np.array([0.0, 0.2, 0.4, 0.7])

#: Rows per piece: what a piece works on stays in the caches.
_ROWS = 1 << 12

#: Rows below which the guarded search alone is as quick, and most years.
_FEWEST = 256
_LONGEST = 100

#: Last step, times the years, and what is left of the sum before it, ÷ the outlay: with the
#: curvature of the step before, the error of such a step is below rounding.
_LAST_STEP = 1e-6

#: Outlays whose sums and squares stay in range.
_SMALLEST, _LARGEST = 1e-100, 1e100


def worth_a_try(table: Floats) -> bool:
    """Say whether rows are many enough, and short enough.

    Parameters
    ----------
    table : array, shape (rows, years + 1)
        Cash flows. [money]
    """
    rows, years = table.shape
    return bool(rows >= _FEWEST and 2 <= years <= _LONGEST)


def _weights(years: int) -> Floats:
    """Return the rows of factors that give what is needed at u = 0 and at the beginnings.

    First the sums at what parts the beginnings, then Σ c x^t, Σ t c x^t and Σ t² c x^t at each
    beginning.
    """
    year = np.arange(float(years))
    at_parts = np.exp(-_PARTED[:, None] * year)
    at_beginnings = np.exp(-_BEGINNINGS[:, None] * year)
    return np.concatenate([at_parts, *(at_beginnings * year**power for power in range(3))])


def _products(weights: Floats, rows: Floats, out: Floats) -> None:
    """Multiply, in pieces too small to be shared among threads."""
    size = len(rows)
    step = max(ONE_THREAD // weights.size // 64 * 64, 64)
    for start in range(0, size, step):
        part = slice(start, start + step)
        np.matmul(weights, rows[part].T, out=out[:, part])


class _Piece:
    """What a piece of rows works in."""

    def __init__(self, years: int, rows: int) -> None:
        self.weights = _weights(years)
        self.columns = np.empty((years, rows))
        self.moments = np.empty((len(self.weights), rows))
        self.negative = np.empty((years, rows), bool)
        self.below = np.empty((len(_PARTED), rows), bool)
        self.first, self.place = np.arange(rows), np.empty(rows, np.intp)
        self.work = np.empty((7, rows))
        self.last = years - 1.0


def _step(
    u: Floats, sums: tuple[Floats, Floats, Floats], outlay: Floats, scratch: tuple[Floats, Floats]
) -> None:
    """Move u by a step of Halley's method on h; h″ is left in place of the last sum."""
    total, slope, curve = sums
    mean, other = scratch
    np.add(total, outlay, out=other)  # gains
    np.divide(slope, other, out=mean)  # −h′
    curve /= other
    np.multiply(mean, mean, out=other)
    curve -= other  # h″
    total /= outlay
    np.log1p(total, out=total)  # h
    other *= 2.0
    np.multiply(curve, total, out=slope)
    other -= slope
    total *= mean
    total *= 2.0
    total /= other
    u += total


def _last_step(
    u: Floats, sums: tuple[Floats, Floats], curve: Floats, outlay: Floats, scratch: Floats,
    last: float,
) -> NDArray[np.bool_]:
    """Move u once more, by the curvature of the step before; return what was near enough."""
    total, slope = sums
    mean = np.add(total, outlay, out=scratch)
    np.divide(slope, mean, out=mean)
    total /= outlay
    # First of all the sum itself: far off, where gains are lost in rounding, so is their mean year.
    near = np.less(np.abs(total, out=slope), _LAST_STEP)
    np.multiply(total, -0.5, out=slope)
    slope += 1.0
    total *= slope  # h = log(1 + x) = x − x²/2: x is of the size of the step
    total /= mean
    np.clip(curve, 0.0, 0.25 * last * last, out=curve)  # a variance of years, whatever rounding
    curve *= 0.5
    curve *= total
    curve /= mean
    curve += 1.0
    total *= curve
    u += total
    near &= np.abs(total, out=total) <= _LAST_STEP / last
    return near


def _sums(
    columns: Floats, factor: Floats, value: Floats, slope: Floats, curve: Floats | None = None
) -> None:
    """Put in Σ c x^t, Σ t c x^t and, if asked for, Σ t² c x^t of columns, by Horner's rule."""
    np.multiply(columns[-1], factor, out=value)
    np.copyto(slope, columns[-1])
    value += columns[-2]
    if curve is not None:
        curve[:] = 0.0
    for column in columns[-3::-1]:
        if curve is not None:
            curve *= factor
            curve += slope
        slope *= factor
        slope += value
        value *= factor
        value += column
    slope *= factor
    if curve is not None:
        curve *= factor
        curve *= factor
        curve *= 2.0
        curve += slope


def _fill(piece: _Piece, rows: Floats, rate: Floats, settled: NDArray[np.bool_]) -> None:
    """Put in the rates of a piece and which of them are right."""
    size = len(rows)
    columns, moments = piece.columns[:, :size], piece.moments[:, :size]
    negative, below = piece.negative[:, :size], piece.below[:, :size]
    np.copyto(columns, rows.T)
    np.less(columns, 0.0, out=negative)
    alike = bool(negative[0].all()) and np.count_nonzero(negative) == size
    if not alike:
        outlays = np.add.reduce(negative.view(np.uint8), axis=0, dtype=np.uint8)
        np.logical_and(negative[0], outlays == 1, out=settled)
        if np.count_nonzero(settled) * 2 < size:
            settled[:] = False
            return
    value, slope, curve, outlay, factor, mean, other = piece.work[:, :size]
    np.negative(columns[0], out=outlay)
    _products(piece.weights, rows, moments)
    np.greater(moments[: len(_PARTED)], 0.0, out=below)
    count = np.add.reduce(below.view(np.uint8), axis=0, dtype=np.uint8)
    count -= count > 0
    place = piece.place[:size]
    np.multiply(count, moments.strides[0] // moments.itemsize, out=place, dtype=np.intp)
    place += piece.first[:size]
    flat = piece.moments.reshape(-1)
    for moment, out in enumerate((value, slope, curve)):
        begin = (len(_PARTED) + moment * len(_BEGINNINGS)) * piece.moments.shape[1]
        flat[begin:].take(place, out=out, mode="clip")
    _BEGINNINGS.take(count, out=rate, mode="clip")
    _step(rate, (value, slope, curve), outlay, (mean, other))
    np.maximum(rate, 0.0, out=rate)
    np.negative(rate, out=factor)
    np.exp(factor, out=factor)
    _sums(columns, factor, value, slope, curve)
    _step(rate, (value, slope, curve), outlay, (mean, other))
    np.negative(rate, out=factor)
    np.exp(factor, out=factor)
    _sums(columns, factor, value, slope)
    small = _last_step(rate, (value, slope), curve, outlay, mean, piece.last)
    small &= below[0]  # more comes back than was spent: u is above 0
    if not (outlay.min() > _SMALLEST and outlay.max() < _LARGEST):
        small &= (outlay > _SMALLEST) & (outlay < _LARGEST)
    if alike:
        settled[:] = small
    else:
        settled &= small
    np.expm1(rate, out=rate)


def rates_of_one_outlay(table: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return rates, and the rows that are to be searched.

    Parameters
    ----------
    table : array, shape (rows, years + 1)
        Cash flows, at least two years. [money]

    Returns
    -------
    rate : array, shape (rows,)
        Rates above 0; of the other rows any number. [1/year]
    rest : array of int
        The others: rows of other signs, rates not above 0, and the few that do not settle.
    """
    size = len(table)
    rate, settled = np.empty(size), np.zeros(size, bool)
    piece = _Piece(table.shape[1], min(_ROWS, size))
    for start in range(0, size, _ROWS):
        part = slice(start, start + _ROWS)
        _fill(piece, table[part], rate[part], settled[part])
    return rate, np.flatnonzero(~settled)
