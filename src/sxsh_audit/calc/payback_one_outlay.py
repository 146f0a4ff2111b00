"""Discounted payback of many options that have one investment and no loss after it.

Nearly all options are such. Their discounted sum rises, so that it is enough to know it every
second year, and to look into the two years in which it crosses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.blocks import ONE_THREAD, rows_in_a_block
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.payback import YEARS

__all__ = ["ROUNDING", "WIDEST", "OneOutlay"]

#: Share of the money put in by which rounding may keep a sum below 0 that is 0 in exact figures.
ROUNDING = 1e-12

#: Flows of a row up to which the sums are one matrix product.
WIDEST = 64

#: Rows a block: of 15 years it works in 1.8 MiB, and calls numpy seldom.
_ROWS = 3 << 12


def _set_bits(signs: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Count what is true in each row; rows are whole words."""
    words = np.bitwise_count(signs.view(np.uint64))
    found: NDArray[np.uint8] = words[:, 0]
    for word in words.T[1:]:  # one or none, mostly: quicker than a sum over so short an axis
        found = found + word
    return found


class OneOutlay:
    """Discounted payback of rows with one investment, at t = 0, at one rate.

    Parameters
    ----------
    years : int
        Flows in a row, 2 to :data:`WIDEST`. [count]
    rate : float
        Discount rate per year. [1/year]
    size : int
        Rows in all. [count]

    Notes
    -----
    It keeps what it works in. No later flow of such a row is negative, so its sum rises: of every
    second year the count of sums below 0 says in which two years it crosses, and one flow says in
    which of the two.
    """

    def __init__(self, years: int, rate: float, size: int) -> None:
        factor, year = 1.0 / (1.0 + rate), np.arange(years)
        first = year[1::2]  # of each two years; the last may stand alone
        upto = np.minimum(first + 1, years - 1)[:, None]
        # Sums are valued at the first of the two years that follow, where they are used.
        weights = factor ** (year - first[:, None] - 2.0)
        self.weights = np.where(year <= upto, weights, 0.0)
        self.grown, self.back = 1.0 + rate, factor**2
        self.edge = (1.0 + rate) ** (first - 1.0) * -ROUNDING
        self.known = bool(np.isfinite(weights).all() and np.isfinite(self.edge).all())
        self.passed = np.append(first - 1.0, np.inf)  # whole years, by the count of sums below 0
        self.pairs, self.last = np.uint8(first.size), np.intp(first.size - 1)
        self.product = max(ONE_THREAD // self.weights.size, 1)
        # Flows are read first in pieces that the cache holds beside their sums.
        self.rows = min(_ROWS, 3 * rows_in_a_block(years), max(size, 1))
        self.piece = min(rows_in_a_block(years), self.rows)
        self.total = np.empty((first.size + 1) * self.rows)
        self.below = np.empty(first.size * self.rows, bool)
        self.negative = np.zeros((self.piece, -(-years // 8) * 8), bool)
        self.place = np.arange(self.rows)
        self.start = self.place * years + 1
        self.whole, self.work = np.empty((2, self.rows), np.intp), np.empty((4, self.rows))

    def sums(self, rows: Floats, total: Floats) -> None:
        """Fill in the sums of a piece, a row for each two years.

        One product of matrices, in parts too small to be shared among threads: two threads that
        wait for each other take longer than one of them, on a machine with other work many times.
        """
        size, years = rows.shape
        part = self.product
        whole = size - size % part
        if whole:
            parts = rows[:whole].reshape(-1, part, years).transpose(0, 2, 1)
            out = total[1:, :whole].reshape(len(total) - 1, -1, part).transpose(1, 0, 2)
            np.matmul(self.weights, parts, out=out)
        np.matmul(self.weights, rows[whole:].T, out=total[1:, whole:])
        np.multiply(rows[:, 0], self.grown, out=total[0])

    def fill(self, rows: Floats, years: Floats, codes: NDArray[np.int8]) -> NDArray[np.intp]:
        """Fill in the rows that are so, and say which are not.

        Parameters
        ----------
        rows : array, shape (rows, years)
            At most as many as :attr:`rows`. [money]
        years, codes : array, shape (rows,)
            To be filled in. [year], [-]

        Returns
        -------
        array of int
            Rows of other kinds, or within rounding of a crossing; what stands there is wrong.
        """
        size, count = rows.shape
        total = self.total[: (len(self.weights) + 1) * size].reshape(-1, size)
        several: list[NDArray[np.intp]] = []
        for start in range(0, size, self.piece):
            piece = rows[start : start + self.piece]
            negative = self.negative[: len(piece)]
            np.less(piece, 0.0, out=negative[:, :count])
            self.sums(piece, total[:, start : start + self.piece])
            if np.count_nonzero(negative) != len(piece):
                several.append(np.flatnonzero(_set_bits(negative) != 1) + start)
        signs = self.below[: len(self.weights) * size].reshape(-1, size)
        np.less(total[1:], 0.0, out=signs)
        below = np.add.reduce(signs.view(np.uint8), axis=0, dtype=np.uint8)
        np.equal(below, self.pairs, out=codes.view(bool))  # never: not even the last sum
        codes += YEARS
        pair, place = self.whole[:, :size]
        np.copyto(pair, below)
        self.passed.take(pair, out=years, mode="clip")
        np.minimum(pair, self.last, out=pair)
        before, after, flow, edge = self.work[:, :size]
        np.multiply(pair, size, out=place)
        place += self.place[:size]
        flat = total.reshape(-1)
        flat.take(place, out=before, mode="clip")
        flat[size:].take(place, out=after, mode="clip")
        after *= self.back
        np.add(pair, pair, out=place)
        place += self.start[:size]
        rows.reshape(-1).take(place, out=flow, mode="clip")
        self.edge.take(pair, out=edge, mode="clip")
        edge *= total[0]
        # The share of either year that passes, less than 0 as the sum before it.
        middle, later = place.view(np.float64), pair.view(np.float64)
        np.add(before, flow, out=middle)
        np.subtract(after, middle, out=later)
        np.abs(flow, out=flow)  # of −0.0 the quotient would be inf
        np.divide(before, flow, out=flow)
        np.maximum(flow, -1.0, out=flow)
        years -= flow
        np.minimum(middle, 0.0, out=flow)
        flow /= later
        np.fmin(flow, 0.0, out=flow)  # 0 ÷ 0 where nothing comes later: all of it passed before
        years -= flow
        # Within rounding of a crossing that it may have missed, or not known.
        np.abs(after, out=after)
        np.abs(middle, out=middle)
        np.minimum(after, middle, out=after)
        odd = after <= edge
        before += edge
        odd |= before >= 0.0
        if not np.isfinite(total[-1].sum()):
            odd |= ~(np.abs(total[-1]) < np.inf) | ~(np.abs(total[1]) < np.inf)
        if not edge.min(initial=np.inf) > 0.0:
            odd |= ~(edge > 0.0)  # no investment
        for each in several:
            odd[each] = True
        return np.flatnonzero(odd)
