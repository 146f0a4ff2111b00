"""Internal rate of return (tỷ suất hoàn vốn nội tại) with its status and all roots.

Solved for u = log(1 + r) in a closed bracket: rates at or below −100 % cannot come out, and a
rate near −100 % or of one millionth keeps its digits.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.blocks import NUMBERS, cells_in_blocks
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.discounting import check_growth, check_years, flows_of
from sxsh_audit.calc.domain import Floats, floats, plain
from sxsh_audit.calc.irr_isolation import isolated_roots
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

#: Rows whose few unusual cases are gathered and solved together.
_ROWS = 1 << 16

#: Steps in which nearly all rows settle; the others are gathered and go on together.
_FEW_STEPS = 3

#: A third-order step of this size, times the years, leaves an error below rounding.
_LAST_STEP = 1e-5

_MOST_STEPS = 200

#: Sign changes up to which a chain of derivatives is the quicker way to all roots.
_FEW_CHANGES = 4

#: Steps in which level savings settle, and the rate × years below which differences lose digits.
_RECOVERY_STEPS = 2
_NEAR_ZERO = 0.05


class IRR(NamedTuple):
    """Internal rates of return: arrays over the rows, or scalars for one row."""

    rate: Any
    """The rate where one rate has a meaning, else ``nan``. [1/year]"""
    status: Any
    """Words of :class:`IRRStatus`."""
    roots: Floats
    """All roots above −1, ascending, ``nan``-padded: shape (…, most roots of a row). [1/year]"""


#: Rows with several sign changes, and their roots: ``nan``-padded.
_Found = tuple[NDArray[np.intp], Floats]


def _turn(columns: Floats) -> Floats:
    """Turn flows of one sign change into columns (−, …, +, …) of positive sum.

    Changes them in place and returns the sign of u. A row whose root lies at u < 0
    is read backwards in time (u becomes −u), so that all powers shrink and nothing overflows;
    the sign of a whole row changes no root.
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


class _Kind(StrEnum):
    """Where sums need no powers of their own: one outlay at t = 0, one gain at the end, neither."""

    FIRST = "first"
    LAST = "last"
    ANY = "any"


def _step(
    columns: Floats, at: Floats, lone: Floats, span: Floats, kind: _Kind
) -> tuple[Floats, Floats]:
    """Take a step of Halley's method on h(u) = log(gains ÷ outlays); return it and h.

    h is nearly straight, whatever the size of the flows, so few steps are needed. `lone` is the
    one outlay, or the one gain, at `span`.
    """
    total, slope, curve = _sums(columns, np.exp(-at))
    curve += slope  # Σ t² c x^t
    if kind is _Kind.FIRST:
        spent = lone
        gained = total + spent
        mean = slope / gained
        h1, h2 = -mean, curve / gained - mean * mean
    elif kind is _Kind.LAST:
        gained = lone * np.exp(-span * at)
        spent = gained - total
        mean = (span * gained - slope) / spent
        h1, h2 = mean - span, mean * mean - (span * span * gained - curve) / spent
    else:
        gained, s1, s2 = _sums(np.maximum(columns, 0.0), np.exp(-at))
        s2 += s1
        spent = gained - total
        early, late = (s1 - slope) / spent, s1 / gained
        h1 = early - late
        h2 = s2 / gained - late * late - (s2 - curve) / spent + early * early
    h = np.log1p(total / spent)
    return 2.0 * h * h1 / (h * h2 - 2.0 * h1 * h1), h


def _gap_and_span(columns: Floats) -> tuple[Floats, Floats]:
    """Years from the last outlay to the first gain, and from the first outlay to the last gain."""
    last, gain = len(columns) - 1, columns > 0
    first_in = np.argmax(gain, axis=0)
    last_in = last - np.argmax(gain[::-1], axis=0)
    last_out = last - np.argmax((columns < 0)[::-1], axis=0)
    return (first_in - last_out).astype(float), last_in.astype(float)


def _search(columns: Floats, kind: _Kind, most: int) -> tuple[Floats, NDArray[np.intp]]:
    """Return the root u ≥ 0 of canonical columns of one kind, and which need more steps."""
    powers = np.arange(len(columns), dtype=float) ** np.arange(3.0)[:, None]
    excess, slope, curve = powers @ columns
    if kind is _Kind.ANY or not (columns[1] > 0).all() or not (columns[-1] > 0).all():
        gap, span = _gap_and_span(columns)
    else:
        span = np.full(excess.shape, len(columns) - 1.0)
        gap = np.ones(excess.shape) if kind is _Kind.FIRST else _gap_and_span(columns)[0]
    # One step from u = 0, where the sums need no powers.
    if kind is _Kind.FIRST:
        lone = spent = -columns[0]
        mean = slope / (excess + spent)
        h1, h2 = mean, curve / (excess + spent) - mean * mean
    elif kind is _Kind.LAST:
        lone = columns.max(axis=0)
        spent = lone - excess
        mean = (span * lone - slope) / spent
        h1, h2 = span - mean, mean * mean - (span * span * lone - curve) / spent
    else:
        lone, s1, s2 = powers @ np.maximum(columns, 0.0)
        spent = lone - excess
        early, late = (s1 - slope) / spent, s1 / lone
        h1 = late - early
        h2 = s2 / lone - late * late - (s2 - curve) / spent + early * early
    # log(gains ÷ outlays) at u = 0; it falls by at least the gap between outlays and gains and
    # at most the whole span, which brackets the root.
    start = np.log1p(excess / spent)
    low, high = start / span, start / gap
    square = h1 * h1
    u = 2.0 * start * h1 / np.maximum(2.0 * square - start * h2, square)
    u = np.minimum(np.maximum(u, low), high)
    active: NDArray[np.intp] | None = None
    root = u
    for _ in range(most):
        change, h = _step(columns, u, lone, span, kind)
        low, high = np.where(h >= 0, u, low), np.where(h <= 0, u, high)
        moved = u + change
        inside = (moved >= low) & (moved <= high)
        if not inside.all():
            moved = np.where(inside, moved, 0.5 * (low + high))
        done = inside & (np.abs(change) * span <= _LAST_STEP)
        done |= (h == 0) | (moved == u) | (high - low <= 4e-16 * high)
        if active is None:
            root = moved
        else:
            root[active] = moved
        keep = np.flatnonzero(~done)
        if not keep.size:
            return root, keep
        if active is None and keep.size * 4 > 3 * done.size:
            u = moved
            continue
        active = keep if active is None else active[keep]
        columns = columns.take(keep, axis=1)
        u, low, high, lone, span = moved[keep], low[keep], high[keep], lone[keep], span[keep]
    return root, np.arange(root.size) if active is None else active


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
    """Rates, codes and roots of rows of two or more sign changes; of one count, if few."""
    few = sign_changes(flows[:1]).sum() <= _FEW_CHANGES
    roots = np.expm1(all_roots(flows) if few else isolated_roots(flows))
    known = (~np.isnan(roots)).sum(axis=1)
    code = np.where(known == 0, NONE, np.where(known == 1, UNIQUE, MULTIPLE)).astype(np.int8)
    rate = np.where(known == 1, roots[:, 0], np.nan)
    many = np.flatnonzero(known > 1)
    if many.size:
        rate[many] = _norstrom(flows[many], np.nan_to_num(roots[many], nan=-1.0))
    return rate, code, roots


def _changes(columns: Floats) -> NDArray[np.intp]:
    """Count the sign changes of columns, zeros left out."""
    above = columns > 0
    if columns.all():  # nan counts as something
        flips: NDArray[np.intp] = np.add.reduce(above[1:] != above[:-1], axis=0, dtype=np.intp)
        return flips
    some = columns != 0
    count = np.zeros(columns.shape[1], np.intp)
    sign, begun = above[0].copy(), some[0].copy()
    for year in range(1, len(columns)):
        count += begun & some[year] & (above[year] != sign)
        np.copyto(sign, above[year], where=some[year])
        begun |= some[year]
    return count


def _sorted_out(table: Floats) -> tuple[NDArray[np.int8], NDArray[np.intp], NDArray[np.int8]]:
    """Return the code of rows without a root, the counts of sign changes and the kinds."""
    code = np.full(len(table), NONE, np.int8)
    counts, kinds = np.empty(len(table), np.intp), np.empty(len(table), np.int8)
    step = max(NUMBERS // table.shape[1], 1)
    for start in range(0, len(table), step):
        part = slice(start, start + step)
        columns = np.ascontiguousarray(table[part].T)
        changes = _changes(columns)
        total = columns.sum(axis=0)
        # Quick: anything not known or infinite leaves its trace in the sum.
        if not np.isfinite(total).all() or not changes.all():
            wrong = ~np.isfinite(columns).all(axis=0) | ~columns.any(axis=0)
            code[part][wrong], changes[wrong] = UNDEFINED, 0
        gains: NDArray[np.intp] = np.add.reduce(columns > 0, axis=0, dtype=np.intp)
        outlays: NDArray[np.intp] = np.add.reduce(columns < 0, axis=0, dtype=np.intp)
        # Read in time the less weighty side comes first where r is below 0; see _turn.
        early, late = np.where(total > 0, (outlays, gains), (gains, outlays))
        kinds[part] = np.where(early == 1, 0, np.where(late == 1, 1, 2))
        counts[part] = changes
    return code, counts, kinds


def _solve_alike(
    table: Floats, rows: NDArray[np.intp], kind: _Kind, most: int, rate: Floats
) -> NDArray[np.intp]:
    """Put in the rates of `rows` of one sign change and kind; return those not settled."""
    step = max(NUMBERS // table.shape[1], 1)
    rest = []
    for start in range(0, rows.size, step):
        part = rows[start : start + step]
        whole = rows.size == len(table)  # a slice of it is quicker to copy
        some = table[start : start + step] if whole else table[part]
        columns = np.array(some.T, order="C")
        side = _turn(columns)
        root, unsettled = _search(columns, kind, most)
        rate[part] = np.expm1(side * root)
        rest.append(part[unsettled])
    return np.concatenate(rest)


def _solve(table: Floats) -> tuple[Floats, NDArray[np.int8], list[_Found]]:
    """Rates and codes of rows; the roots of those that have several sign changes."""
    code, counts, kinds = _sorted_out(table)
    rate = np.full(len(table), np.nan)
    code[counts == 1] = UNIQUE
    for number, kind in enumerate(_Kind):
        rows = np.flatnonzero((counts == 1) & (kinds == number))
        for most in (_FEW_STEPS, _MOST_STEPS):
            rows = _solve_alike(table, rows, kind, most, rate) if rows.size else rows
    several: list[_Found] = []
    for count in np.unique(np.minimum(counts[counts > 1], _FEW_CHANGES + 1)):
        chosen = np.flatnonzero(counts == count if count <= _FEW_CHANGES else counts >= count)
        rate[chosen], code[chosen], roots = _several(table[chosen])
        several.append((chosen, roots))
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

    Raises
    ------
    TypeError
        If there is text among the flows.
    ValueError
        If there is not even the flow at t = 0.

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
    which the net present value only touches 0 counts once, as do roots so close to each other that
    the sum between them is 0 within rounding. Zeros before and after the flows, the
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
    several: list[_Found] = []
    with np.errstate(all="ignore"):
        for start in range(0, len(table), _ROWS):
            part = slice(start, start + _ROWS)
            rate[part], code[part], more = _solve(table[part])
            several += [(start + chosen, roots) for chosen, roots in more]
    width = max((each.shape[1] for _, each in several), default=1)
    roots = np.full((len(table), width), np.nan)
    roots[:, 0] = rate
    for chosen, found in several:
        roots[chosen, 0] = np.nan
        roots[chosen, : found.shape[1]] = found
    return _answer(rate.reshape(shape), code.reshape(shape), roots.reshape(*shape, width))


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
    result = y
    active: NDArray[np.intp] | None = None
    for _ in range(_MOST_STEPS):
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
        low, high = np.where(h >= 0, y, low), np.where(h <= 0, y, high)
        change = 2.0 * h * h1 / (h * h2 - 2.0 * h1 * h1)
        moved = y + change
        inside = (moved >= low) & (moved <= high)
        if not inside.all():
            moved = np.where(inside, moved, 0.5 * (low + high))
        done = inside & (np.abs(change) * count <= _LAST_STEP)
        done |= (h == 0) | (moved == y) | (high - low <= 4e-16 * np.abs(high))
        if active is None:
            result = moved
        else:
            result[active] = moved
        keep = np.flatnonzero(~done)
        if not keep.size:
            break
        if active is None and keep.size * 4 > 3 * done.size:
            y = moved
            continue
        active = keep if active is None else active[keep]
        count, need, start = count[keep], need[keep], start[keep]
        y, low, high = moved[keep], low[keep], high[keep]
    return result


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
    settled = (e * count > _NEAR_ZERO) & (np.abs(change) * count <= _LAST_STEP * (1.0 + e))
    return e, np.flatnonzero(~settled)


def _level(
    cost: Floats, saving: Floats, life: Floats, growth: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """Rates and codes of level, degrading or escalating savings."""
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
