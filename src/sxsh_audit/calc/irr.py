"""Internal rate of return (tỷ suất hoàn vốn nội tại) with its status and all roots.

Solved for u = log(1 + r) in a closed bracket: rates at or below −100 % cannot come out, and a
rate near −100 % or of one millionth keeps its digits.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.blocks import cells_in_blocks
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.discounting import check_growth, check_years, flows_of
from sxsh_audit.calc.domain import Floats, floats, plain
from sxsh_audit.calc.irr_roots import all_roots, sign_changes
from sxsh_audit.language.formatting import Language

__all__ = ["IRR", "IRRStatus", "irr", "level_irr"]


class IRRStatus(StrEnum):
    """How many internal rates of return flows have; the position is the code."""

    UNIQUE = "unique"
    MULTIPLE = "multiple"
    NONE = "none"
    UNDEFINED = "undefined"


UNIQUE, MULTIPLE, NONE, UNDEFINED = np.arange(4, dtype=np.int8)

#: Numbers per block of flows (256 KiB).
_NUMBERS = 1 << 15

#: A third-order step of this size, times the years, leaves an error below rounding.
_LAST_STEP = 2e-6

_MOST_STEPS = 200


class IRR(NamedTuple):
    """Internal rates of return: arrays over the rows, or scalars for one row."""

    rate: Any
    """The rate where one rate has a meaning, else ``nan``. [1/year]"""
    status: Any
    """Words of :class:`IRRStatus`."""
    roots: Floats
    """All roots above −1, ascending, ``nan``-padded: shape (…, most roots of a row). [1/year]"""


def _canonical(flows: Floats) -> tuple[Floats, Floats]:
    """Turn flows of one sign change into columns (−, …, +, …) of positive sum.

    Returns the columns, shape (years + 1, rows), and the sign of u. A row whose root lies at
    u < 0 is read backwards in time (u becomes −u), so that all powers shrink and nothing
    overflows; the sign of the whole row changes no root.
    """
    total = flows.sum(axis=1)
    place = np.argmax(flows != 0, axis=1)
    first = np.sign(np.take_along_axis(flows, place[:, None], axis=1)[:, 0])
    side = np.where(total * first > 0, -1.0, 1.0)  # first outweighs: r below 0
    scale = -first * side / np.abs(flows).max(axis=1)
    columns = np.empty((flows.shape[1], flows.shape[0]))
    np.multiply(flows.T, scale, out=columns)
    back = np.flatnonzero(side < 0)
    if back.size:
        columns[:, back] = columns[::-1, back]
    lead = np.argmax(columns != 0, axis=0)
    late = np.flatnonzero(lead)
    if late.size:  # zeros ahead would let both sums underflow
        years = np.arange(columns.shape[0])[:, None] + lead[late]
        moved = np.take_along_axis(columns[:, late], np.minimum(years, len(columns) - 1), axis=0)
        columns[:, late] = np.where(years < len(columns), moved, 0.0)
    return columns, side


def _sums(columns: Floats, factor: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Σ c x^t, Σ t c x^t and Σ t (t − 1) c x^t of columns, by Horner's rule."""
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
    return value, slope, curve


def _step(
    columns: Floats, gains: Floats | None, at: Floats, offset: Floats
) -> tuple[Floats, Floats]:
    """Take a step of Halley's method on h(u) = log(gains ÷ outlays); return it and h.

    h is nearly straight, whatever the size of the flows, so few steps are needed. `gains` are
    the columns with outlays set to 0; ``None`` where the only outlay is the first flow.
    """
    factor = np.exp(-at)
    total, slope, curve = _sums(columns, factor)
    if gains is None:
        spent = offset
        s0 = total + spent
        mean, square = slope / s0, (curve + slope) / s0
        h1, h2 = -mean, square - mean * mean
    else:
        s0, s1, s2 = _sums(gains, factor)
        spent, n1, n2 = s0 - total, s1 - slope, s2 - curve
        mean, other = s1 / s0, n1 / spent
        h1 = other - mean
        h2 = (s2 + s1) / s0 - mean * mean - (n2 + n1) / spent + other * other
    h = np.log1p(total / spent)
    return 2.0 * h * h1 / (h * h2 - 2.0 * h1 * h1), h


def _one_change(flows: Floats) -> Floats:
    """Return the root u of rows with exactly one sign change; each has exactly one."""
    columns, side = _canonical(flows)
    count, size = columns.shape
    outlay, gain = columns < 0, columns > 0
    single = not outlay[1:].any()
    gains = None if single else np.maximum(columns, 0.0)
    offset = -columns[0]
    years = np.arange(count, dtype=float)
    inflow = columns.sum(axis=0) + offset if single else np.maximum(columns, 0.0).sum(axis=0)
    excess = columns.sum(axis=0)
    # log(gains ÷ outlays) at u = 0; it falls by at least the gap between outlays and gains and
    # at most the whole span, which brackets the root.
    start = np.log1p(excess / (inflow - excess))
    last_out = count - 1 - np.argmax(outlay[::-1], axis=0)
    first_in = np.argmax(gain, axis=0)
    span = (count - 1 - np.argmax(gain[::-1], axis=0)).astype(float)
    low, high = start / span, start / (first_in - last_out)
    # First step, at u = 0, where the sums need no powers.
    slope = years @ columns
    if gains is None:
        mean, square = slope / inflow, (years**2) @ columns / inflow
        h1, h2 = mean, square + (offset - offset) - mean * mean
    else:
        in_mean, out_mean = years @ gains / inflow, None
        spent = inflow - excess
        out_mean = (years @ gains - slope) / spent
        h1 = in_mean - out_mean
        squares = (years**2) @ gains
        h2 = squares / inflow - in_mean**2
        h2 -= (squares - (years**2) @ columns) / spent - out_mean**2
    u = 2.0 * start * h1 / np.maximum(2.0 * h1 * h1 - start * h2, h1 * h1)
    u = np.clip(u, low, high)
    active: NDArray[np.intp] | None = None
    root = u.copy()
    for step in range(_MOST_STEPS):
        change, h = _step(columns, gains, u, offset)
        low = np.where(h >= 0, u, low)
        high = np.where(h <= 0, u, high)
        moved = u + change
        inside = (moved >= low) & (moved <= high)
        moved = np.where(inside, moved, 0.5 * (low + high))
        done = (inside & (np.abs(change) * span <= _LAST_STEP)) | (h == 0) | (moved == u)
        done |= high - low <= 4e-16 * high
        if active is None:
            root = moved
        else:
            root[active] = moved
        if done.all():
            break
        if step == 0 and active is None and done.sum() * 4 < size:
            u = moved
            continue
        keep = np.flatnonzero(~done)
        active = keep if active is None else active[keep]
        columns, u, low, high = columns[:, keep], moved[keep], low[keep], high[keep]
        span, offset = span[keep], offset[keep]
        gains = None if gains is None else gains[:, keep]
    found: Floats = side * root
    return found


def _norstrom(flows: Floats, roots: Floats) -> Floats:
    """Return the one positive root of rows whose running total changes sign once, else nan."""
    running = np.cumsum(flows, axis=1)
    size = np.cumsum(np.abs(flows), axis=1)
    running = np.where(np.abs(running) <= 1e-15 * flows.shape[1] * size, 0.0, running)
    once = (sign_changes(running).sum(axis=1) == 1) & (running[:, -1] != 0)
    positive = roots > 0
    once &= positive.sum(axis=1) == 1
    return np.where(once, np.where(positive, roots, 0.0).sum(axis=1), np.nan)


def _several(flows: Floats) -> tuple[Floats, NDArray[np.int8], Floats]:
    """Rates, codes and roots of rows that have one count of sign changes, two or more."""
    roots = np.expm1(all_roots(flows))
    known = (~np.isnan(roots)).sum(axis=1)
    code = np.where(known == 0, NONE, np.where(known == 1, UNIQUE, MULTIPLE)).astype(np.int8)
    rate = np.where(known == 1, roots[:, 0], np.nan)
    many = np.flatnonzero(known > 1)
    if many.size:
        rate[many] = _norstrom(flows[many], np.nan_to_num(roots[many], nan=-1.0))
    return rate, code, roots


def _solve(rows: Floats) -> tuple[Floats, NDArray[np.int8], dict[int, Floats]]:
    """Rates and codes of a block of rows; roots of those that do not have exactly one."""
    rate, code = np.full(len(rows), np.nan), np.full(len(rows), NONE, np.int8)
    several: dict[int, Floats] = {}
    positive, negative = rows > 0, rows < 0
    change = np.empty((len(rows), rows.shape[1] - 1), bool)
    # Signs next to each other; a row with zeros among its flows is counted more slowly.
    np.not_equal(positive[:, 1:], positive[:, :-1], out=change)
    changes: NDArray[np.intp] = np.asarray(change.sum(axis=1), dtype=np.intp)
    gaps = np.flatnonzero(~(positive | negative).all(axis=1))
    if gaps.size:
        changes[gaps] = sign_changes(np.nan_to_num(rows[gaps])).sum(axis=1)
        wrong = ~np.isfinite(rows[gaps]).all(axis=1) | ~rows[gaps].any(axis=1)
        code[gaps[wrong]] = UNDEFINED
        changes[gaps[wrong]] = 0
    if np.isinf(rows).any():
        wrong = np.flatnonzero(np.isinf(rows).any(axis=1))
        code[wrong], changes[wrong] = UNDEFINED, 0
    one = np.flatnonzero(changes == 1)
    if one.size:
        rate[one] = np.expm1(_one_change(rows if one.size == len(rows) else rows[one]))
        code[one] = UNIQUE
    for count in np.unique(changes[changes > 1]):
        chosen = np.flatnonzero(changes == count)
        rate[chosen], code[chosen], roots = _several(rows[chosen])
        several |= {int(row): each for row, each in zip(chosen, roots, strict=True)}
    return rate, code, several


def _answer(rate: Floats, code: NDArray[np.int8], roots: Floats) -> IRR:
    status = Coded(code, IRRStatus)
    return IRR(plain(rate), status[()] if code.ndim == 0 else status, roots)


def irr(cashflows: ArrayLike) -> IRR:
    """Find the internal rate of return (tỷ suất hoàn vốn nội tại) of cash flows from t = 0.

    Parameters
    ----------
    cashflows : array, shape (…, years + 1)
        Flows at t = 0, 1, …; the investment is negative. [money]

    Returns
    -------
    IRR
        ``rate`` [1/year], ``status`` and ``roots``.

    Notes
    -----
    A rate is a root of the net present value above −1:

    ============= ======================================================= =====================
    status        the flows                                               rate
    ============= ======================================================= =====================
    ``unique``    have one root                                           the root
    ``multiple``  have several                                            by Norstrom, or nan
    ``none``      have none: all of one sign, or never balanced           nan
    ``undefined`` are all 0, or one is not known or infinite              nan
    ============= ======================================================= =====================

    One change of sign, as of an investment followed by savings, has exactly one root (Descartes).
    With several changes every root is found. Norstrom's criterion [1]_: where the running total
    of the flows changes sign once, exactly one root is positive, and that is the rate. A root at
    which the net present value only touches 0 counts once. Zeros before and after the flows, the
    currency and the sign of all flows together change nothing.

    References
    ----------
    .. [1] C. J. Norstrom, "A sufficient condition for a unique nonnegative internal rate of
       return", Journal of Financial and Quantitative Analysis 7 (1972), 1835–1839.

    Examples
    --------
    >>> round(irr([-100.0, 39.0, 59.0, 55.0, 20.0]).rate, 6)
    0.280948
    >>> found = irr([[-2000.0, 10_000.0, -10_000.0], [1.0, 2.0, 3.0]])
    >>> found.status
    Coded(['multiple', 'none'])
    >>> found.roots
    array([[0.38196601, 2.61803399],
           [       nan,        nan]])
    """
    flows = flows_of(cashflows)
    shape, years = flows.shape[:-1], flows.shape[-1]
    table = flows.reshape(-1, years)
    rate, code = np.empty(len(table)), np.empty(len(table), np.int8)
    several: dict[int, Floats] = {}
    step = max(_NUMBERS // years, 1)
    with np.errstate(all="ignore"):
        for start in range(0, len(table), step):
            part = slice(start, start + step)
            rate[part], code[part], more = _solve(table[part])
            several |= {start + row: roots for row, roots in more.items()}
    width = max((int((~np.isnan(each)).sum()) for each in several.values()), default=1)
    roots = np.full((len(table), max(width, 1)), np.nan)
    roots[:, 0] = rate
    for row, found in several.items():
        roots[row] = np.nan
        roots[row, : min(found.size, roots.shape[1])] = found[: roots.shape[1]]
    return _answer(rate.reshape(shape), code.reshape(shape), roots.reshape(*shape, -1))


def _level_roots(need: Floats, count: Floats) -> Floats:
    """Solve Σ e^(−yt) over t = 1 … n = need for y.

    Halley's method on the logarithm of the sum, from the step that starts at y = 0; the bracket
    is log(n ÷ need) divided by 1 and by n.
    """
    start = np.log(count / need)
    low, high = np.minimum(start, start / count), np.maximum(start, start / count)
    guess = start / np.maximum(0.5 * (count + 1.0) - start * (count - 1.0) / 12.0, count / 6.0 + 0.5)
    # For long lives the sum is at most 1/(e^y − 1): an upper bound of y.
    y = np.clip(np.minimum(guess, np.log1p(1.0 / need)), low, high)
    result = np.array(y, copy=True)
    active: NDArray[np.intp] | None = None
    for step in range(_MOST_STEPS):
        near = np.abs(y) * count < 1e-3
        up, down = np.expm1(y), np.expm1(-count * y)
        all_ = -1.0 / down  # 1 ÷ (1 − e^(−ny))
        one = 1.0 / up
        h = np.log(-down * one / need)
        tail = count * (all_ - 1.0)  # n ÷ (e^(ny) − 1)
        h1 = tail - 1.0 - one
        h2 = one * (1.0 + one) - count * tail * all_
        if near.any():
            square = (count * count - 1.0) / 12.0
            h = np.where(near, start - 0.5 * (count + 1.0) * y + 0.5 * square * y * y, h)
            h1 = np.where(near, square * y - 0.5 * (count + 1.0), h1)
            h2 = np.where(near, square, h2)
        low, high = np.where(h >= 0, y, low), np.where(h <= 0, y, high)
        change = 2.0 * h * h1 / (h * h2 - 2.0 * h1 * h1)
        moved = y + change
        inside = (moved >= low) & (moved <= high)
        moved = np.where(inside, moved, 0.5 * (low + high))
        done = (inside & (np.abs(change) * count <= _LAST_STEP)) | (h == 0) | (moved == y)
        done |= high - low <= 4e-16 * np.abs(high)
        if active is None:
            result = moved
        else:
            result[active] = moved
        if done.all():
            break
        if step == 0:
            y = moved
            continue
        keep = np.flatnonzero(~done)
        active = keep if active is None else active[keep]
        count, need, start = count[keep], need[keep], start[keep]
        y, low, high = moved[keep], low[keep], high[keep]
    return result


def _level(
    cost: Floats, saving: Floats, life: Floats, growth: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """Rates and codes of level, degrading or escalating savings."""
    cost, saving, life, growth = (
        np.atleast_1d(each) for each in np.broadcast_arrays(cost, saving, life, growth)
    )
    known = np.isfinite(cost) & np.isfinite(saving) & np.isfinite(life) & np.isfinite(growth)
    flows = (saving != 0) & (life > 0)
    opposite = known & flows & (cost * saving > 0) if known.all() else known & flows & (
        np.sign(cost) * np.sign(saving) > 0
    )
    code = np.where(opposite, UNIQUE, NONE)
    code = np.where(known & ((cost != 0) | flows), code, UNDEFINED).astype(np.int8)
    rate = np.full(cost.shape, np.nan)
    whole = life == np.floor(life)
    closed = opposite & whole & (growth > -1)
    rows = slice(None) if closed.all() else np.flatnonzero(closed)
    c, s, n, g = cost[rows], saving[rows], life[rows], growth[rows]
    if c.size:
        y = _level_roots(c / s * (1.0 + g), n)
        rate[rows] = np.expm1(y + np.log1p(g))
    rest = np.flatnonzero(opposite & ~closed)
    if rest.size:  # a year begun, or a saving of one year only: written out
        c, s, n, g = cost[rest], saving[rest], life[rest], growth[rest]
        n = np.where(g == -1, np.minimum(n, 1.0), n)
        year = np.arange(int(np.ceil(n.max())), dtype=float)
        table = s[:, None] * (1.0 + g[:, None]) ** year * np.clip(n[:, None] - year, 0.0, 1.0)
        rate[rest] = _solve(np.concatenate([-c[:, None], table], axis=1))[0]
    return rate, code


def level_irr(
    cost: ArrayLike,
    annual_saving: ArrayLike,
    years: ArrayLike,
    growth: ArrayLike = 0.0,
    *,
    language: Language = "vi",
) -> IRR:
    """Find the internal rate of return of one cost now and one saving every year.

    Parameters
    ----------
    cost : float or array
        Cost at t = 0. [money]
    annual_saving : float or array
        Net saving of the first year. [money/year]
    years : float or array
        Lifetime; of a year begun but not ended that part of the saving counts. [year]
    growth : float or array
        Change of the saving from year to year, as in
        :func:`~sxsh_audit.calc.discounting.annuity_factor`. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    IRR
        What :func:`irr` gives for the flows written out: one root, or none.

    Raises
    ------
    RangeError
        If a growth is below −1, or a count of years negative or infinite.

    Examples
    --------
    >>> round(level_irr(500e6, 120e6, 10).rate, 6)
    0.201822
    >>> level_irr([500e6, 0.0, 500e6], [120e6, 1e6, -1e6], 10).status
    Coded(['unique', 'none', 'none'])
    """
    columns = (
        floats(cost), floats(annual_saving), check_years(years, language),
        check_growth(growth, language),
    )  # fmt: skip
    with np.errstate(all="ignore"):
        rate, code = cells_in_blocks(_level, columns, (float, np.int8))
    return _answer(rate, code, rate[..., None])
