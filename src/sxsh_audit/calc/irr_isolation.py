"""All rates at which flows of many sign changes have no net present value.

The line of u = log(1 + r) is halved until each piece is settled by Taylor bounds of
f(u) = Σ c_t e^(−ut): nothing there (f stays clear of 0), monotone (f′ does: one root where the ends
differ in sign), or 0 within rounding all over. The bounds hold for every point of a piece and
contain the rounding, so no root is missed or invented. Roots closer to each other than rounding
can tell count once.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.blocks import NUMBERS
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.irr_roots import between, root_bounds

__all__ = ["isolated_roots"]

#: Order of the remainder. Low orders need many more pieces where f is 0 within rounding.
_ORDER = 8

_MOST_HALVINGS = 200

_EPS = float(np.finfo(float).eps)

_CLEAR, _MONOTONE, _ROUNDING, _OPEN = np.arange(4, dtype=np.int8)


def _from_first(flows: Floats) -> Floats:
    """Move rows so that the first flow that is not 0 is at t = 0."""
    lead = np.argmax(flows != 0, axis=1)
    place = np.arange(flows.shape[1]) + lead[:, None]
    last = flows.shape[1] - 1
    moved = np.take_along_axis(flows, np.minimum(place, last), axis=1)
    return np.where(place <= last, moved, 0.0)


class _Sums:
    """Both sides of rows: u ≥ 0 as they are, u < 0 read backwards in time with v = −u.

    On either side all powers e^(−vt) shrink and the flow at t = 0 is not 0, so nothing overflows.
    """

    def __init__(self, flows: Floats) -> None:
        self.rows, self.years = flows.shape
        self.table = np.concatenate([_from_first(flows), _from_first(flows[:, ::-1])])
        self.time = np.arange(self.years, dtype=float)
        powers = (self.time / self.years)[:, None] ** np.arange(_ORDER + 1)
        self.powers, self.last = powers[:, :_ORDER], powers[:, _ORDER]
        self.factorials = np.array([math.factorial(k) for k in range(_ORDER + 1)], float)

    def ends(self) -> Floats:
        """Return bounds of v on each side beyond which there is no root."""
        return np.maximum(root_bounds(self.table)[1], 1e-3)

    def at(
        self, row: NDArray[np.intp], u: Floats, derivative: bool = False
    ) -> tuple[Floats, Floats]:
        """Return f or f′, times a positive factor, and the size of its rounding."""
        back, v = u < 0, np.abs(u)
        terms = self.table[row + self.rows * back] * np.exp(-v[:, None] * self.time)
        if derivative:
            # v = −u turns the sign of the derivative; e^(−vt) has the other one.
            terms *= np.where(back, 1.0, -1.0)[:, None] * self.time
        sizes = np.abs(terms)
        rounding = 4.0 * self.years * sizes.sum(axis=1) + 2.0 * v * (sizes @ self.time)
        return terms.sum(axis=1), _EPS * rounding

    def kinds(self, side: NDArray[np.intp], low: Floats, high: Floats) -> NDArray[np.int8]:
        """Say of pieces of one side each what the bounds settle."""
        middle, half = 0.5 * (low + high), 0.5 * (high - low)
        flows = self.table[side]
        terms = flows * np.exp(-middle[:, None] * self.time)
        moments = np.abs(terms @ self.powers)  # derivatives ÷ years^k
        sizes = np.abs(terms) @ self.powers[:, :3]
        rest = (np.abs(flows) * np.exp(-low[:, None] * self.time)) @ self.last
        width = half * self.years
        steps = width[:, None] ** np.arange(_ORDER + 1) / self.factorials
        spread = (moments[:, 1:] * steps[:, 1:_ORDER]).sum(axis=1) + rest * steps[:, _ORDER]
        bend = (moments[:, 2:] * steps[:, 1 : _ORDER - 1]).sum(axis=1)
        bend += rest * steps[:, _ORDER - 1]
        scale = _EPS * self.years
        rounding = scale * (4.0 * sizes[:, :2] + 2.0 * middle[:, None] * sizes[:, 1:])
        kind = np.full(side.shape, _OPEN)
        # Factors 1/2 and 1/4: whatever f is at a small piece, one of the two holds.
        kind[moments[:, 0] + spread <= 0.5 * rounding[:, 0] * np.exp(-width)] = _ROUNDING
        kind[moments[:, 1] - bend > rounding[:, 1]] = _MONOTONE
        kind[moments[:, 0] - spread > 0.25 * rounding[:, 0]] = _CLEAR
        return kind


def _pieces(sums: _Sums) -> tuple[NDArray[np.intp], Floats, Floats, NDArray[np.int8]]:
    """Return rows, both ends in u and kinds of the pieces that may hold roots, in order."""
    side = np.arange(2 * sums.rows)
    low, high = np.zeros(side.shape), sums.ends()
    kept: list[tuple[NDArray[np.intp], Floats, Floats, NDArray[np.int8]]] = []
    step = max(4 * NUMBERS // sums.years, 1)
    for halving in range(_MOST_HALVINGS):
        if not side.size:
            break
        kind = np.concatenate([
            sums.kinds(side[start : start + step], low[start : start + step],
                       high[start : start + step])
            for start in range(0, side.size, step)
        ])  # fmt: skip
        if halving == _MOST_HALVINGS - 1:
            kind[kind == _OPEN] = _ROUNDING
        settled = (kind == _MONOTONE) | (kind == _ROUNDING)
        kept.append((side[settled], low[settled], high[settled], kind[settled]))
        rest = kind == _OPEN
        side, low, high = side[rest], low[rest], high[rest]
        middle = 0.5 * (low + high)
        side = np.concatenate([side, side])
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    side, low, high, kind = (np.concatenate(each) for each in zip(*kept, strict=True))
    row, back = side % sums.rows, side >= sums.rows
    low, high = np.where(back, -high, low), np.where(back, -low, high)
    order = np.lexsort((low, row))
    return row[order], low[order], high[order], kind[order]


def _turning(
    sums: _Sums, row: NDArray[np.intp], low: Floats, high: Floats, middle: Floats
) -> Floats:
    """Return where f turns between two points, or the middle if it does not turn once."""
    start, end = sums.at(row, low, True)[0], sums.at(row, high, True)[0]
    root = middle.copy()
    turns = np.flatnonzero(start * end < 0)
    if turns.size:
        of = row[turns]

        def slope(active: NDArray[np.intp], u: Floats) -> Floats:
            value, size = sums.at(of[active], u, True)
            return value / size

        root[turns] = between(slope, low[turns], high[turns], np.sign(start[turns]))
    return root


def _roots(flows: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the rows and values of all roots, in order."""
    sums = _Sums(flows)
    row, low, high, kind = _pieces(sums)
    if not row.size:
        return row, low
    (at_low, _), (at_high, rounding) = sums.at(row, low), sums.at(row, high)
    # Pieces that meet where f is 0 within rounding go together: one root, wherever it lies.
    joined = (row[1:] == row[:-1]) & (low[1:] == high[:-1])
    at_low[1:] = np.where(joined, at_high[:-1], at_low[1:])  # to the last bit
    joined &= np.abs(at_high[:-1]) <= rounding[:-1]
    begin = np.flatnonzero(np.concatenate([[True], ~joined]))
    end = np.concatenate([begin[1:], [row.size]]) - 1
    doubtful = np.add.reduceat(kind == _ROUNDING, begin, dtype=np.intp) > 0
    row, start, stop = row[begin], np.sign(at_low[begin]), np.sign(at_high[end])
    middle = 0.5 * (low[begin] + high[end])
    low, high = low[begin], high[end]
    crossed = start * stop < 0
    root = np.full(row.shape, np.nan)
    some = np.flatnonzero(crossed)
    if some.size:
        of = row[some]

        def value(active: NDArray[np.intp], u: Floats) -> Floats:
            found, size = sums.at(of[active], u)
            return found / size

        root[some] = between(value, low[some], high[some], start[some])
    some = np.flatnonzero(~crossed & doubtful)
    if some.size:
        root[some] = _turning(sums, row[some], low[some], high[some], middle[some])
    there = ~np.isnan(root)
    return row[there], root[there]


def isolated_roots(flows: Floats) -> Floats:
    """Return every root of rows, however many sign changes they have.

    Parameters
    ----------
    flows : array, shape (rows, years + 1)
        Finite cash flows, not all 0 in any row. [money]

    Returns
    -------
    array, shape (rows, most roots of a row)
        Roots u = log(1 + r), ascending, ``nan``-padded; at least one column.
    """
    flows = flows / np.abs(flows).max(axis=1, keepdims=True)
    step = max(NUMBERS // flows.shape[1], 1)
    found = [(start, *_roots(flows[start : start + step])) for start in range(0, len(flows), step)]
    row = np.concatenate([start + rows for start, rows, _ in found])
    root = np.concatenate([roots for *_, roots in found])
    count = np.bincount(row, minlength=len(flows))
    table = np.full((len(flows), max(int(count.max(initial=0)), 1)), np.nan)
    table[row, np.arange(row.size) - (np.cumsum(count) - count)[row]] = root
    return table
