"""Internal rate of return (tỷ suất hoàn vốn nội tại) with its status and all roots.

Solved for u = log(1 + r) in a closed bracket: rates at or below −100 % cannot come out, and a
rate near −100 % or of one millionth keeps its digits.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.blocks import NUMBERS
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.discounting import flows_of
from sxsh_audit.calc.domain import Floats, plain
from sxsh_audit.calc.irr_isolation import isolated_roots
from sxsh_audit.calc.irr_one_outlay import rates_of_one_outlay, worth_a_try
from sxsh_audit.calc.irr_roots import all_roots, sign_changes
from sxsh_audit.calc.irr_search import MOST_STEPS, Kind, search, turn

__all__ = ["IRR", "IRRStatus", "irr"]


class IRRStatus(StrEnum):
    """How many internal rates of return flows have; the position is the code."""

    UNIQUE = "unique"
    MULTIPLE = "multiple"
    NONE = "none"
    UNDEFINED = "undefined"


UNIQUE, MULTIPLE, NONE, UNDEFINED = np.arange(4, dtype=np.int8)

#: Rows whose few unusual cases are gathered and solved together.
_ROWS = 1 << 17

#: Steps in which nearly all rows settle; the others are gathered and go on together.
_FEW_STEPS = 3

#: Sign changes up to which a chain of derivatives is the quicker way to all roots.
_FEW_CHANGES = 4


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
    table: Floats, rows: NDArray[np.intp], kind: Kind, most: int, rate: Floats
) -> NDArray[np.intp]:
    """Put in the rates of `rows` of one sign change and kind; return those not settled."""
    step = max(NUMBERS // table.shape[1], 1)
    rest = []
    for start in range(0, rows.size, step):
        part = rows[start : start + step]
        whole = rows.size == len(table)  # a slice of it is quicker to copy
        some = table[start : start + step] if whole else table[part]
        columns = np.array(some.T, order="C")
        side = turn(columns)
        root, unsettled = search(columns, kind, most)
        rate[part] = np.expm1(side * root)
        rest.append(part[unsettled])
    return np.concatenate(rest)


def solve(table: Floats) -> tuple[Floats, NDArray[np.int8], list[_Found]]:
    """Rates and codes of rows; the roots of those that have several sign changes."""
    if not worth_a_try(table):
        return _searched(table)
    rate, rest = rates_of_one_outlay(table)
    if rest.size == len(table):
        return _searched(table)
    code, several = np.full(len(table), UNIQUE), []
    if rest.size:
        rate[rest], code[rest], more = _searched(table[rest])
        several = [(rest[chosen], roots) for chosen, roots in more]
    return rate, code, several


def _searched(table: Floats) -> tuple[Floats, NDArray[np.int8], list[_Found]]:
    """Do what :func:`solve` does by the search that is right for rows of any signs."""
    code, counts, kinds = _sorted_out(table)
    rate = np.full(len(table), np.nan)
    code[counts == 1] = UNIQUE
    for number, kind in enumerate(Kind):
        rows = np.flatnonzero((counts == 1) & (kinds == number))
        for most in (_FEW_STEPS, MOST_STEPS):
            rows = _solve_alike(table, rows, kind, most, rate) if rows.size else rows
    several: list[_Found] = []
    for count in np.unique(np.minimum(counts[counts > 1], _FEW_CHANGES + 1)):
        chosen = np.flatnonzero(counts == count if count <= _FEW_CHANGES else counts >= count)
        rate[chosen], code[chosen], roots = _several(table[chosen])
        several.append((chosen, roots))
    return rate, code, several


def answer(rate: Floats, code: NDArray[np.int8], roots: Floats) -> IRR:
    """Put rates, codes and roots into words."""
    return IRR(plain(rate), Coded(code, IRRStatus)[()], roots)


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
            rate[part], code[part], more = solve(table[part])
            several += [(start + chosen, roots) for chosen, roots in more]
    width = max((each.shape[1] for _, each in several), default=1)
    roots = np.full((len(table), width), np.nan)
    roots[:, 0] = rate
    for chosen, found in several:
        roots[chosen, 0] = np.nan
        roots[chosen, : found.shape[1]] = found
    return answer(rate.reshape(shape), code.reshape(shape), roots.reshape(*shape, width))
