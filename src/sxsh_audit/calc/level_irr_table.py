"""Rates of level savings from a table of the capital recovery factor, then one step.

What an option recovers depends on two numbers only, its lifetime n and the share v = cost ÷
(saving × n). For one n the share e × cost ÷ saving that interest takes of a year's saving is a
smooth function of v, so a cubic for each of some hundred cells of v gives e to nine digits, and
one step of Newton's method, which is also what checks it, gives the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.blocks import piece_of
from sxsh_audit.calc.domain import Floats

__all__ = ["LONGEST", "rates_from_table", "worth_a_table"]

#: Lifetimes for which there are tables. [year]
LONGEST = 63

#: Cells for each 1 of v, and all of them: up to a cost of twice what comes back.
_FINENESS = 256
_CELLS = 2 * _FINENESS

#: Cells on both sides of v = 1 that have no entry: at e near 0 differences lose their digits.
_NEAR_ZERO = 6

#: Rows per piece: what a piece works on stays in the caches.
_ROWS = 1 << 13

#: Step, times the years, whose square is below rounding. The tables leave 4e-9.
_LAST_STEP = 3e-8

#: Takes what comes back in all years ÷ one year's saving, and the years; returns log(1 + e).
Roots = Callable[[Floats, Floats], Floats]


@lru_cache(maxsize=LONGEST)
def _cubics(years: int, roots: Roots) -> Floats:
    """Return the cubic of e × need in each cell of v, by the part of the cell passed.

    The last cell, that of everything beyond, is ``nan`` as are those near e = 0.
    """
    found = np.full((_CELLS + 1, 4), np.nan)
    if not years:
        return found
    need = np.arange(0.5, _CELLS, dtype=np.float64) * (years / _FINENESS)
    e = np.expm1(roots(need, np.full(_CELLS, float(years))))
    t = np.arange(1.0, years + 1.0)[:, None]
    terms = t * (1.0 + e) ** -(t + 1.0)
    first = -terms.sum(axis=0)  # derivatives of Σ (1 + e)^−t
    terms *= (t + 1.0) / (1.0 + e)
    second, third = terms.sum(axis=0), -((t + 2.0) * terms).sum(axis=0) / (1.0 + e)
    e1, e2 = 1.0 / first, -second / first**3  # derivatives of its inverse
    e3 = (3.0 * second**2 - first * third) / first**5
    cell = years / _FINENESS
    a, b = e * need, (e + need * e1) * cell
    c, d = (2.0 * e1 + need * e2) * cell**2 / 2.0, (3.0 * e2 + need * e3) * cell**3 / 6.0
    # From the middle of the cell to its beginning.
    found[:-1] = np.stack([a - b / 2 + c / 4 - d / 8, b - c + 0.75 * d, c - 1.5 * d, d], axis=1)
    found[_FINENESS - _NEAR_ZERO : _FINENESS + _NEAR_ZERO] = np.nan
    return found


def worth_a_table(size: int, life: Floats) -> bool:
    """Say whether so many options are more than the cells that their lifetimes need.

    Parameters
    ----------
    size : int
        Count of options.
    life : array
        Lifetimes. [year]
    """
    longest = float(np.fmax.reduce(life, axis=None, initial=0.0))
    tables = 1.0 if life.size == 1 else min(longest, LONGEST)
    return longest >= 1.0 and size >= tables * _CELLS


def _raised(base: Floats, years: int, out: Floats) -> None:
    """Raise to one whole power by squaring."""
    np.copyto(out, base)
    for digit in f"{years:b}"[1:]:
        out *= out
        if digit == "1":
            out *= base


def _raised_each(
    base: Floats, years: NDArray[np.int8], top: int, out: Floats, factor: Floats
) -> None:
    """Raise each to a whole power of its own; products in place of branches."""
    less = base - 1.0
    digits = range(top.bit_length() - 1, -1, -1)
    for digit in digits:
        first = digit == digits[0]
        chosen = np.multiply(less, (years >> digit) & 1, out=out if first else factor)
        chosen += 1.0
        if not first:
            out *= out
            out *= factor


def rates_from_table(
    columns: Sequence[Floats], shape: tuple[int, ...], roots: Roots
) -> tuple[Floats, NDArray[np.intp]]:
    """Return rates, and the rows for which the table has none.

    Parameters
    ----------
    columns : sequence of array
        Costs, savings of the first year, lifetimes and changes of the saving a year, broadcast
        against each other. [money, money/year, year, 1/year]
    shape : tuple of int
        Their broadcast shape.
    roots : callable
        Takes need and years, solves Σ e^(−yt) over t = 1 … years = need for y: what the tables
        are made with.

    Returns
    -------
    rate : array
        Rates; of the other rows any number. [1/year]
    rest : array of int
        The others: lifetimes that are not whole or too long, rates near the growth, costs of
        which not even half comes back, and all that has no rate.
    """
    cost, saving, life, growth = (piece_of(column, shape) for column in columns)
    lives, changes = columns[2], columns[3]
    top = int(min(np.fmax.reduce(lives, axis=None), LONGEST))
    several = lives.size > 1
    if several:  # a table for every count of years from 0, so that its place is a product
        cubics = np.concatenate([_cubics(n, roots) for n in range(top + 1)])
    else:
        cubics = _cubics(top, roots)
    grows = changes.size > 1 or bool(changes.reshape(-1)[0])
    found = np.empty(shape)
    flat = found.reshape(-1)
    settled = np.empty(flat.size, bool)
    width = min(_ROWS, flat.size)
    work, place, chosen = np.empty((6, width)), np.empty(width, np.intp), np.empty((width, 4))
    for start in range(0, flat.size, _ROWS):
        part = slice(start, min(start + _ROWS, flat.size))
        need, cell, share, power, per_year, grown = (each[: part.stop - start] for each in work)
        at, cubic, e, ok = place[: need.size], chosen[: need.size], flat[part], settled[part]
        n = life(part)
        np.divide(cost(part), saving(part), out=need)
        if grows:
            g = growth(part)
            np.add(g, 1.0, out=grown)
            need *= grown
        if several:
            np.divide(need, n, out=cell)
            cell *= _FINENESS
        else:
            np.multiply(need, _FINENESS / n, out=cell)
        np.minimum(cell, float(_CELLS), out=cell)
        np.floor(cell, out=power)
        cell -= power
        if several:
            np.multiply(n, _CELLS + 1.0, out=share)
            power += share
        np.copyto(at, power, casting="unsafe")  # of nan any place: the cubic will be nan
        cubics.take(at, axis=0, out=cubic, mode="clip")
        np.multiply(cubic[:, 3], cell, out=share)
        for coefficients in (cubic[:, 2], cubic[:, 1]):
            share += coefficients
            share *= cell
        share += cubic[:, 0]
        np.divide(share, need, out=e)
        np.add(e, 1.0, out=cell)
        inverse = np.divide(1.0, cell, out=cell)
        if several:
            _raised_each(inverse, n.astype(np.int8), top, power, per_year)
        else:
            _raised(inverse, top, power)
        # G(e) = 1 − (1 + e)^−n − e × need is 0, and its slope is n (1 + e)^(−n − 1) − need.
        np.multiply(inverse, n, out=per_year)
        np.subtract(1.0, share, out=share)
        share -= power
        power *= per_year
        power -= need
        change = np.divide(share, power, out=share)
        e -= change
        change *= per_year
        np.abs(change, out=change)
        np.less_equal(change, _LAST_STEP, out=ok)
        ok &= need > 0
        if several:
            ok &= n == np.rint(n, out=power)
        if grows:
            e *= grown
            e += g
    if not several and lives.reshape(()) != top:
        settled[:] = False
    return found, np.flatnonzero(~settled)
