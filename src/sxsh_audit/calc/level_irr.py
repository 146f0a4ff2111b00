"""Internal rate of return of one cost now and one saving every year, without the flows.

The saving is level, degrading or escalating; the capital recovery factor is solved for its rate.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.blocks import cells_in_blocks
from sxsh_audit.calc.discounting import check_years
from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.irr import IRR, NONE, UNDEFINED, UNIQUE, answer, solve
from sxsh_audit.calc.irr_search import LAST_STEP, MOST_STEPS, halley
from sxsh_audit.calc.level_irr_table import rates_from_table, worth_a_table
from sxsh_audit.calc.rates import check_growth
from sxsh_audit.language.formatting import Language

__all__ = ["level_irr"]

#: Steps in which level savings settle, and the rate × years below which differences lose digits.
_RECOVERY_STEPS = 2
_NEAR_ZERO = 0.05


def _log_sum(
    y: Floats, count: Floats, need: Floats, start: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return log(Σ e^(−yt) ÷ need) over t = 1 … n and its two derivatives by y."""
    up, down = np.expm1(y), np.expm1(-count * y)
    one, all_ = 1.0 / up, -1.0 / down  # 1 ÷ (e^y − 1) and 1 ÷ (1 − e^(−ny))
    h = np.log(down / (up * -need))
    tail = count * (all_ - 1.0)  # n ÷ (e^(ny) − 1)
    h1 = tail - 1.0 - one
    h2 = one * (1.0 + one) - count * tail * all_
    near = np.flatnonzero(np.abs(y) * count < 1e-2)
    if near.size:  # differences of large numbers: the series at 0 instead
        z, n = y[near], count[near]
        square = (n * n - 1.0) / 12.0
        fourth = (n**4 - 1.0) / 720.0
        h[near] = start[near] - z * (0.5 * (n + 1.0) - z * (0.5 * square - z * z * fourth / 4))
        h1[near] = z * (square - z * z * fourth) - 0.5 * (n + 1.0)
        h2[near] = square - 3.0 * z * z * fourth
    return h, h1, h2


def _level_roots(need: Floats, count: Floats) -> Floats:
    """Solve Σ e^(−yt) over t = 1 … n = need for y.

    Halley's method on the logarithm of the sum, from the step that starts at y = 0; the bracket
    is log(n ÷ need) divided by 1 and by n.
    """
    count = np.broadcast_to(count, need.shape)
    start = np.log(count / need)
    flat = start / count
    low, high = np.minimum(start, flat), np.maximum(start, flat)
    middle = 0.5 * (count + 1.0)
    guess = start / np.maximum(middle - start * ((count - 1.0) / 12.0), count / 6.0 + 0.5)
    # For long lives the sum is at most 1/(e^y − 1): an upper bound of y.
    y = np.clip(np.minimum(guess, np.log1p(1.0 / need)), low, high)
    root, _ = halley(_log_sum, y, low, high, MOST_STEPS, count, need, start)
    return root


def _bits(exponent: Floats) -> list[NDArray[np.bool_]]:
    """Return where each binary digit of whole numbers ≥ 1 is set, the lowest first."""
    number = exponent.astype(np.intp)
    digits = range(int(number.max(initial=1)).bit_length())
    return [np.asarray(number >> digit & 1, dtype=bool) for digit in digits]


def _power(base: Floats, bits: list[NDArray[np.bool_]]) -> Floats:
    """Raise to whole powers by squaring: a few products in place of a logarithm."""
    square = base.copy()
    result = np.where(bits[0], base, 1.0)
    for chosen in bits[1:]:
        square *= square
        if chosen.ndim:
            np.multiply(result, square, out=result, where=chosen)
        elif chosen:
            result *= square
    return result


def _recovery_roots(need: Floats, count: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Solve e ÷ (1 − (1 + e)^−n) = 1 ÷ need for e > 0 without logarithms.

    The capital recovery factor on the left is nearly straight in e, so two steps of Halley's
    method settle nearly every row. Returns also the rows that are not settled: e near 0, where
    the difference loses digits, and below.
    """
    level, bits = 1.0 / need, _bits(count)
    excess = level - 1.0 / count
    slope = (count + 1.0) / (2.0 * count)
    curve = (count - 1.0) * slope / 6.0  # half the second derivative at 0
    e = 2.0 * excess / (slope + np.sqrt(np.maximum(slope * slope + 4.0 * curve * excess, 0.0)))
    e = np.maximum(e, 0.0)
    e = level * (1.0 - _power(1.0 / (1.0 + e), bits))  # mends the guess where e × n is large
    change = e
    for _ in range(_RECOVERY_STEPS):
        inverse = 1.0 / (1.0 + e)
        power = _power(inverse, bits)
        rest = 1.0 / (1.0 - power)
        factor = e * rest
        fall = count * power * inverse
        first = (1.0 - factor * fall) * rest
        second = fall * ((count + 1.0) * factor * inverse - 2.0 * first) * rest
        gap = factor - level
        change = 2.0 * gap * first / (2.0 * first * first - gap * second)
        e = e - change
    settled = (e * count > _NEAR_ZERO) & (np.abs(change) * count <= LAST_STEP * (1.0 + e))
    return e, np.flatnonzero(~settled)


def _level(
    cost: Floats, saving: Floats, life: Floats, growth: Floats, *, odd: bool = False
) -> tuple[Floats, NDArray[np.int8]]:
    """Rates and codes of level, degrading or escalating savings; `odd`: rates near 0, mostly."""
    size = np.broadcast_shapes((1,), *(each.shape for each in (cost, saving, life, growth)))
    cost, saving = np.broadcast_to(cost, size), np.broadcast_to(saving, size)
    known = np.isfinite(cost + saving + life + growth)
    flows = (saving != 0) & (life > 0)
    opposite = known & flows & ((cost > 0) == (saving > 0)) & (cost != 0)
    code = np.where(opposite, UNIQUE, NONE)
    if not opposite.all():
        code = np.where(known & ((cost != 0) | flows), code, UNDEFINED)
    rate = np.full(size, np.nan)
    closed = opposite & (life == np.floor(life)) & (growth > -1)
    rows = slice(None) if closed.all() else np.flatnonzero(closed)
    c, s = cost[rows], saving[rows]
    n, g = (each[rows] if each.ndim else each for each in (life, growth))
    if c.size:
        need = c / s * (1.0 + g)
        if odd:
            e = np.expm1(_level_roots(need, n))
        else:
            e, rest = _recovery_roots(need, n)
            if rest.size:
                e[rest] = np.expm1(_level_roots(need[rest], n[rest] if n.ndim else n))
        rate[rows] = e + g + e * g
    rest = np.flatnonzero(opposite & ~closed)
    if rest.size:  # a year begun, or a saving of one year only: written out
        c, s = cost[rest], saving[rest]
        n, g = (np.broadcast_to(each, size)[rest] for each in (life, growth))
        n = np.where(g == -1, np.minimum(n, 1.0), n)
        year = np.arange(int(np.ceil(n.max())), dtype=float)
        table = s[:, None] * (1.0 + g[:, None]) ** year * np.clip(n[:, None] - year, 0.0, 1.0)
        rate[rest] = solve(np.concatenate([-c[:, None], table], axis=1))[0]
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
        What :func:`~sxsh_audit.calc.irr.irr` gives for the flows written out: one root, or none.

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
    shape = np.broadcast_shapes(*(column.shape for column in columns))
    with np.errstate(all="ignore"):
        if not worth_a_table(math.prod(shape), columns[2]):
            rate, code = cells_in_blocks(_level, columns, (float, np.int8))
            return answer(rate, code, rate[..., None])
        rate, rest = rates_from_table(columns, shape, _level_roots)
        code = np.full(shape, UNIQUE)
        if rest.size:
            others = [each.reshape(()) if each.size == 1
                      else np.broadcast_to(each, shape).reshape(-1)[rest] for each in columns]
            kernel = partial(_level, odd=rest.size * 8 < code.size)
            own = cells_in_blocks(kernel, others, (float, np.int8))
            rate.reshape(-1)[rest], code.reshape(-1)[rest] = own
    return answer(rate, code, rate[..., None])
