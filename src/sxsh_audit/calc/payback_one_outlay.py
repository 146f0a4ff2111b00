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

#: Rows a block: of 15 years it works in 1.5 MiB, and calls numpy seldom.
_ROWS = 3 << 12

#: Rows that are compared with others as one long row.
_FOLD = 32

_NONE = np.empty(0, np.intp)


def _least(rows: Floats) -> tuple[float, bool]:
    """Return the least first flow, and whether any later one is below 0 (or −0.0).

    Read as whole numbers without a sign, the greatest is the least number below 0, if there is
    one: of all years in one go, and quicker than numbers with a point are compared.
    """
    words, years = rows.view(np.uint64), rows.shape[1]
    whole = len(rows) // _FOLD * _FOLD
    most = np.maximum.reduce(words[:whole].reshape(-1, _FOLD * years), axis=0, initial=0)
    greatest = most.reshape(-1, years).max(axis=0)
    if whole < len(rows):
        greatest = np.maximum(greatest, words[whole:].max(axis=0))
    greatest = greatest.view(np.float64)
    return float(greatest[0]), bool(np.signbit(greatest[1:]).any())


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
        first = year[::2]  # of each two years; the last may stand alone
        upto = np.minimum(first + 1, years - 1)[:, None]
        # Sums are valued at the first of the two years that follow, where they are used.
        weights = factor ** (year - first[:, None] - 2.0)
        self.weights = np.where(year <= upto, weights, 0.0)
        self.back = factor**2
        self.edge = (1.0 + rate) ** first * ROUNDING
        self.known = bool(np.isfinite(weights).all() and np.isfinite(self.edge).all())
        # Whole years by the count of sums below 0; before the first two nothing is owed.
        self.passed = np.concatenate([[0.0], first[1:] - 1.0, [np.inf]])
        self.pairs, self.last = np.uint8(first.size), np.intp(first.size - 1)
        self.product = max(ONE_THREAD // self.weights.size, 1)
        # Flows are read first in pieces that the cache holds beside their sums.
        self.piece = min(max(rows_in_a_block(years) // _FOLD, 1) * _FOLD, _ROWS)
        self.rows = min(_ROWS, 3 * self.piece, max(size, 1))
        self.total = np.empty((max(first.size, 4) + 1) * self.rows)
        self.below = np.empty(first.size * self.rows, bool)
        self.place = np.arange(self.rows)
        self.start, self.year = self.place * years, np.full(self.rows, -1.0)
        self.whole, self.ends = np.empty((2, self.rows), np.intp), np.empty((2, self.rows))

    def _sums(self, rows: Floats, total: Floats) -> None:
        """Fill in the sums of a piece, a row for each two years.

        One product of matrices, in parts too small to be shared among threads: two threads that
        wait for each other take longer than one of them, on a machine with other work many times.
        """
        size, years = rows.shape
        part = self.product
        whole = size - size % part
        if whole:
            parts = rows[:whole].reshape(-1, part, years).transpose(0, 2, 1)
            out = total[:, :whole].reshape(len(total), -1, part).transpose(1, 0, 2)
            np.matmul(self.weights, parts, out=out)
        if whole < size:
            np.matmul(self.weights, rows[whole:].T, out=total[:, whole:])

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
        size, pairs = len(rows), len(self.weights)
        space = self.total[: (max(pairs, 4) + 1) * size].reshape(-1, size)
        total = space[: pairs + 1]
        total[0] = 0.0
        others: list[NDArray[np.intp]] = []
        spent = 0.0
        for start in range(0, size, self.piece):
            piece = rows[start : start + self.piece]
            outlay, losses = _least(piece)
            spent = np.minimum(spent, outlay)
            if losses:
                others.append(np.flatnonzero((piece[:, 1:] < 0.0).any(axis=1)) + start)
            self._sums(piece, total[1:, start : start + self.piece])
        signs = self.below[: pairs * size].reshape(-1, size)
        np.less(total[1:], 0.0, out=signs)
        below = np.add.reduce(signs.view(np.uint8), axis=0, dtype=np.uint8)
        np.equal(below, self.pairs, out=codes.view(bool))  # never: not even the last sum
        codes += YEARS
        if not np.isfinite(total[-1].sum()):
            known = (np.abs(total[-1]) < np.inf) & (np.abs(total[1]) < np.inf)
            others.append(np.flatnonzero(~known))
        pair, place = self.whole[:, :size]
        np.copyto(pair, below)
        self.passed.take(pair, out=years, mode="clip")
        np.minimum(pair, self.last, out=pair)
        before, after = self.ends[:, :size]
        np.multiply(pair, size, out=place)
        place += self.place[:size]
        flat = total.reshape(-1)
        flat.take(place, out=before, mode="clip")
        flat[size:].take(place, out=after, mode="clip")
        after *= self.back
        none, flow, middle, later, share = space[:5]  # the sums are used up
        np.add(pair, pair, out=place)
        place += self.start[:size]
        rows.reshape(-1).take(place, out=flow, mode="clip")
        np.add(before, flow, out=middle)
        np.subtract(after, middle, out=later)
        # The share of either year that passes, less than 0 as the sum before it.
        np.abs(flow, out=flow)  # of −0.0 the quotient would be inf
        np.divide(before, flow, out=share)
        np.maximum(share, self.year[:size], out=share)  # numpy is slower with a single number
        years -= share
        np.minimum(middle, none, out=share)
        share /= later
        np.fmin(share, none, out=share)  # 0 ÷ 0 where nothing comes later: all of it passed before
        years -= share
        # Within rounding of a crossing that it may have missed: none in most blocks.
        np.abs(after, out=after)
        np.abs(middle, out=middle)
        # As whole numbers the least of numbers below 0 is the one nearest to 0.
        nearest = before.view(np.int64).min(initial=0).view(np.float64)
        if not min(after.min(), middle.min(), -nearest or np.inf) > -spent * self.edge.max():
            edge = self.edge.take(pair) * -rows[:, 0]
            near = (after <= edge) | (middle <= edge) | ((before >= -edge) & (pair > 0))
            others.append(np.flatnonzero(near))
        if not years.min(initial=np.inf) > 0.0:
            others.append(np.flatnonzero(~(years > 0.0)))  # nothing is owed, or not known
        return np.unique(np.concatenate(others)) if others else _NONE
