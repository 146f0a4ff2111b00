"""The one rate of flows of one sign change, by Halley's method in a closed bracket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats

__all__ = ["LAST_STEP", "MOST_STEPS", "Kind", "halley", "search", "turn"]

#: A third-order step of this size, times the years, leaves an error below rounding.
LAST_STEP = 1e-5

MOST_STEPS = 200


def turn(columns: Floats) -> Floats:
    """Turn flows of one sign change into columns (−, …, +, …) of positive sum, in place.

    A row whose root lies at u < 0 is read backwards in time (u becomes −u), so that all powers
    shrink and nothing overflows; the sign of a whole row changes no root.

    Parameters
    ----------
    columns : array, shape (years + 1, rows)
        Cash flows. [money]

    Returns
    -------
    array, shape (rows,)
        Sign of u of each row: 1 as given, −1 read backwards.
    """
    first = columns[0]
    if not first.all():
        place = np.argmax(columns != 0, axis=0)
        first = columns[place, np.arange(columns.shape[1])]
    total = columns.sum(axis=0)
    borrowed = first > 0
    back = (total > 0) == borrowed  # what comes first outweighs: the rate is below 0
    back &= total != 0
    turned = np.flatnonzero(borrowed != back)
    if turned.size:
        columns[:, turned] *= -1.0
    again = np.flatnonzero(back)
    if again.size:
        columns[:, again] = columns[::-1, again]
    sizes = np.abs(first)
    if max(columns.max(), -columns.min()) > 1e100 or sizes.min() < 1e-100:
        columns /= np.abs(columns).max(axis=0)  # else sums and squares stay in range
    if not columns[0].all():  # zeros ahead would let both sums underflow
        lead = np.argmax(columns != 0, axis=0)
        late = np.flatnonzero(lead)
        years = np.arange(len(columns))[:, None] + lead[late]
        moved = np.take_along_axis(columns[:, late], np.minimum(years, len(columns) - 1), axis=0)
        columns[:, late] = np.where(years < len(columns), moved, 0.0)
    return np.where(back, -1.0, 1.0)


def _sums(columns: Floats, factor: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Σ c x^t, Σ t c x^t and Σ t² c x^t of columns, by Horner's rule."""
    value = columns[-1].copy()
    slope, curve = np.zeros(factor.shape), np.zeros(factor.shape)
    for year in range(len(columns) - 2, -1, -1):
        curve *= factor
        curve += slope
        slope *= factor
        slope += value
        value *= factor
        value += columns[year]
    slope *= factor
    curve *= factor
    curve *= factor
    curve *= 2.0
    curve += slope
    return value, slope, curve


class Kind(StrEnum):
    """Where sums need no powers of their own: one outlay at t = 0, one gain at the end, neither."""

    FIRST = "first"
    LAST = "last"
    ANY = "any"


def _log_ratio(
    kind: Kind, sums: Sequence[Floats], lone: Floats, span: Floats, gains: Sequence[Floats]
) -> tuple[Floats, Floats, Floats]:
    """Return h = log(gains ÷ outlays) and its two derivatives by u.

    h is nearly straight in u, whatever the size of the flows, so few steps are needed. `sums` are
    Σ c x^t, Σ t c x^t and Σ t² c x^t, `gains` the same of the gains alone where they are several;
    `lone` is the one outlay, or the one gain, at `span`.
    """
    total, slope, curve = sums
    if kind is Kind.FIRST:
        spent = lone
        gained = total + spent
        mean = slope / gained
        h1, h2 = -mean, curve / gained - mean * mean
    elif kind is Kind.LAST:
        spent = lone - total
        mean = (span * lone - slope) / spent
        h1, h2 = mean - span, mean * mean - (span * span * lone - curve) / spent
    else:
        gained, s1, s2 = gains
        spent = gained - total
        early, late = (s1 - slope) / spent, s1 / gained
        h1 = early - late
        h2 = s2 / gained - late * late - (s2 - curve) / spent + early * early
    return np.log1p(total / spent), h1, h2


def _gap_and_span(columns: Floats) -> tuple[Floats, Floats]:
    """Years from the last outlay to the first gain, and from the first outlay to the last gain."""
    last, gain = len(columns) - 1, columns > 0
    first_in = np.argmax(gain, axis=0)
    last_in = last - np.argmax(gain[::-1], axis=0)
    last_out = last - np.argmax((columns < 0)[::-1], axis=0)
    return (first_in - last_out).astype(float), last_in.astype(float)


def halley(
    function: Callable[..., tuple[Floats, Floats, Floats]],
    guess: Floats,
    low: Floats,
    high: Floats,
    most: int,
    span: Floats,
    *tables: Floats,
) -> tuple[Floats, NDArray[np.intp]]:
    """Find the roots of falling functions by Halley's method, kept inside their brackets.

    Rows that are settled leave, so that the few that take long do not hold up the others.

    Parameters
    ----------
    function : callable
        Takes a point for each row, `span` and `tables`; returns values and two derivatives.
    guess, low, high : array, shape (rows,)
        First point and ends of the bracket. [1]
    most : int
        Most steps.
    span : array, shape (rows,)
        Years over which the flows run: what measures a step. [year]
    *tables : array, shape (…, rows)
        What else `function` needs of each row. [any unit]

    Returns
    -------
    root : array, shape (rows,)
        Roots. [1]
    unsettled : array of int
        Rows that need more steps.
    """
    at, root = guess, guess
    active: NDArray[np.intp] | None = None
    for _ in range(most):
        h, h1, h2 = function(at, span, *tables)
        low, high = np.where(h >= 0, at, low), np.where(h <= 0, at, high)
        change = 2.0 * h * h1 / (h * h2 - 2.0 * h1 * h1)
        moved = at + change
        inside = (moved >= low) & (moved <= high)
        if not inside.all():
            moved = np.where(inside, moved, 0.5 * (low + high))
        done = inside & (np.abs(change) * span <= LAST_STEP)
        done |= (h == 0) | (moved == at) | (high - low <= 4e-16 * np.abs(high))
        if active is None:
            root = moved
        else:
            root[active] = moved
        keep = np.flatnonzero(~done)
        if not keep.size:
            return root, keep
        if active is None and keep.size * 4 > 3 * done.size:
            at = moved  # gathering so many costs more than taking the settled ones along
            continue
        active = keep if active is None else active[keep]
        at, low, high, span = moved[keep], low[keep], high[keep], span[keep]
        tables = tuple(table.take(keep, axis=-1) for table in tables)
    return root, np.arange(root.size) if active is None else active


def search(columns: Floats, kind: Kind, most: int) -> tuple[Floats, NDArray[np.intp]]:
    """Return the root u ≥ 0 of columns of one kind, and which need more steps.

    Parameters
    ----------
    columns : array, shape (years + 1, rows)
        Cash flows as :func:`turn` leaves them. [money]
    kind : Kind
        Of all columns.
    most : int
        Most steps.
    """
    powers = np.arange(len(columns), dtype=float) ** np.arange(3.0)[:, None]
    sums = tuple(powers @ columns)
    if kind is Kind.ANY or not (columns[1] > 0).all() or not (columns[-1] > 0).all():
        gap, span = _gap_and_span(columns)
    else:
        span = np.full(columns.shape[1], len(columns) - 1.0)
        gap = np.ones(columns.shape[1]) if kind is Kind.FIRST else _gap_and_span(columns)[0]
    lone = -columns[0] if kind is Kind.FIRST else columns.max(axis=0)
    gains = tuple(powers @ np.maximum(columns, 0.0)) if kind is Kind.ANY else ()
    # log(gains ÷ outlays) at u = 0, where the sums need no powers; it falls by at least the gap
    # between outlays and gains and at most the whole span, which brackets the root.
    start, h1, h2 = _log_ratio(kind, sums, lone, span, gains)
    low, high = start / span, start / gap
    square = h1 * h1
    guess = -2.0 * start * h1 / np.maximum(2.0 * square - start * h2, square)

    def at_rate(
        u: Floats, span: Floats, columns: Floats, lone: Floats
    ) -> tuple[Floats, Floats, Floats]:
        factor = np.exp(-u)
        gains = _sums(np.maximum(columns, 0.0), factor) if kind is Kind.ANY else ()
        one = lone * np.exp(-span * u) if kind is Kind.LAST else lone
        return _log_ratio(kind, _sums(columns, factor), one, span, gains)

    guess = np.minimum(np.maximum(guess, low), high)
    return halley(at_rate, guess, low, high, most, span, columns, lone)
