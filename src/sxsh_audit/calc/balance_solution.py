"""The balances of a network solved once, for amounts, errors and tests.

The redundant flows are the lines of an electric network: what a balance leaves open drives
currents through conductances σ². Its matrix B V Bᵀ is a grounded Laplacian, sparse and solved
without pivoting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.observability import Reduction

__all__ = ["Solution", "Spread", "solve_balances", "spread", "spread_factor"]

Indices = NDArray[np.intp]

# codes of FlowKind
_REDUNDANT, _NONREDUNDANT, _OBSERVABLE, _UNOBSERVABLE, _EXACT = range(5)

#: Columns that are solved for at a time: keeps a network of 10,000 flows in memory.
BLOCK = 256

#: What balances may leave open, in parts of the largest flow, before they are closed otherwise.
_OPEN = 1e-12

#: From here on 1 − leverage is worked out without a difference, which would cost three digits.
_NEAR = 0.999

#: Below this part of its terms a difference is worked out in another way.
_LOST = 1e-3


class Solution(NamedTuple):
    """Amounts that balance, and the matrices behind them."""

    amount: Floats
    """Reconciled or worked out, ``nan`` where nothing tells, shape (m,). [unit]"""
    tension: Floats
    """Difference of the multipliers at the ends of each redundant flow, shape (q,). [1/unit]"""
    statistic: float
    """Σ (adjustment ÷ standard deviation)². [1]"""
    factor: Any
    """B V Bᵀ of the relative errors, factorised; None where there is no balance."""
    relative: Floats
    """Errors of the redundant flows over the largest of them, shape (q,). [1]"""
    unit: float
    """The largest of them. [unit]"""
    tree: Any
    """K of the observable flows, factorised; None where there are none."""


class Spread(NamedTuple):
    """Errors after reconciliation."""

    sd: Floats
    """Standard deviations, ``nan`` where nothing tells, shape (m,). [unit]"""
    leverage: Floats
    """Part of the variance of each redundant flow that reconciliation takes away, (q,). [1]"""
    resistance: Floats
    """Variance of ``tension``, shape (q,). [1/unit²]"""


def _unsure_tree(pairs: Indices, variance: Floats, rows: int) -> Indices:
    """Return flows, the least sure ones, that join all balances without a ring (Kruskal)."""
    over: dict[int, int] = {}

    def root(node: int) -> int:
        while over.setdefault(node, node) != node:
            node = over[node] = over[over[node]]
        return node

    chosen: list[int] = []
    for flow in np.argsort(-variance, kind="stable").tolist():
        one, other = (root(int(node)) for node in pairs[flow])
        if one != other:
            over[one] = other
            chosen.append(flow)
    assert len(chosen) == rows
    return np.array(chosen, dtype=np.intp)


def _places(reduction: Reduction, kind: int) -> Indices:
    return np.flatnonzero(reduction.codes == kind)


def solve_balances(reduction: Reduction, signed: Any, value: Floats, sd: Floats) -> Solution:
    r"""Find the amounts nearest to the measured ones that balance.

    Parameters
    ----------
    reduction : Reduction
        The balances without the unmeasured flows.
    signed : sparse matrix, shape (n, m)
        Signed incidence of all flows with all steps.
    value : array, shape (m,)
        Measured or exact amounts; what stands for unmeasured flows is not read. [unit]
    sd : array, shape (m,)
        Standard deviations. [same unit]

    Returns
    -------
    Solution
        Least squares in units of the standard deviations.

    Notes
    -----
    .. math:: x = y - V B^T (B V B^T)^{-1} (B y + c)

    with c what the exact flows bring. What the balances leave open is solved for twice more: it
    then is as small as the rounding of the largest flow. Where that fails (errors as unlike as 1
    and 1e8, or flows that all become far smaller than they were measured), the least sure flows
    close the balances one after the other.

    Examples
    --------
    >>> from sxsh_audit.calc.flow_network import ends, incidence
    >>> from sxsh_audit.calc.observability import reduce_network
    >>> sheet, both = ends([-1, 0], [0, -1], 1), np.ones(2, bool)
    >>> found = reduce_network(sheet, both, ~both, np.ones(1, bool))
    >>> signed = incidence([-1, 0], [0, -1], 1)
    >>> solve_balances(found, signed, np.array([9.0, 11.0]), np.ones(2)).amount
    array([10., 10.])
    """
    from scipy.sparse import csc_array, diags_array
    from scipy.sparse.linalg import splu

    balances, redundant = reduction.balances, _places(reduction, _REDUNDANT)
    unmeasured = (reduction.codes == _OBSERVABLE) | (reduction.codes == _UNOBSERVABLE)
    amount = np.where(unmeasured, 0.0, value)
    brought = amount.copy()
    brought[redundant] = 0.0
    given = reduction.steps_of @ (signed @ brought)
    measured = value[redundant]
    # over the largest of them: squares of very small or large errors must not leave the range
    unit = float(sd[redundant].max(initial=0.0)) or 1.0
    relative = sd[redundant] / unit
    variance = relative * relative
    factor, tension = None, np.zeros(redundant.size)
    if balances.shape[0]:
        factor = splu(
            csc_array(balances @ diags_array(variance) @ balances.T),
            permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True},
        )  # fmt: skip
        for _ in range(3):
            left = balances @ (measured - variance * tension) + given
            # differences of small corrections: those of the sums would lose the unsure flows
            tension = tension + balances.T @ factor.solve(left)
        adjusted = measured - variance * tension
        largest = float(np.abs(np.append(adjusted, given)).max(initial=0.0))
        if np.abs(balances @ adjusted + given).max() > _OPEN * largest:
            last = _unsure_tree(reduction.pairs, variance, balances.shape[0])
            adjusted[last] = 0.0
            left = balances @ adjusted + given
            adjusted[last] = splu(csc_array(balances[:, last])).solve(-left)
            tension = (measured - adjusted) / variance
        amount[redundant] = adjusted
    tree = None
    if reduction.observable.size:
        tree = splu(csc_array(reduction.solving))
        amount[reduction.observable] = tree.solve(-(reduction.parts @ (signed @ amount)))
    amount[reduction.codes == _UNOBSERVABLE] = np.nan
    in_errors = relative * tension / unit
    return Solution(
        amount, tension / unit**2, float(in_errors @ in_errors), factor, relative, unit, tree
    )


def _blocks(count: int) -> Iterator[slice]:
    return (slice(begin, min(begin + BLOCK, count)) for begin in range(0, count, BLOCK))


def _projected(reduction: Reduction, found: Solution, columns: Floats) -> Floats:
    """Return (I − H) of columns in units of the errors: what reconciliation leaves of them."""
    if found.factor is None:
        return columns
    line = found.relative[:, None]
    potential = found.factor.solve(np.ascontiguousarray(reduction.balances @ (line * columns)))
    left: Floats = columns - line * (reduction.balances.T @ potential)
    return left


def _follows(reduction: Reduction, signed: Any, found: Solution, some: slice) -> Floats:
    """Return what some observable flows take of every flow, shape (m, some)."""
    from scipy.sparse import eye_array

    count = reduction.observable.size
    chosen = eye_array(count, format="csc")[:, some].toarray()
    taken: Floats = -(signed.T @ (reduction.parts.T @ found.tree.solve(chosen, trans="T")))
    return taken


def _resistances(reduction: Reduction, found: Solution) -> Floats:
    """Return bᵀ (B V Bᵀ)⁻¹ b for every column b of B: one or two entries, +1 and −1."""
    from scipy.sparse import eye_array

    balances, count = reduction.balances, reduction.balances.shape[0]
    if not count:
        return np.zeros(balances.shape[1])
    entering = balances.indices[balances.indptr[:-1]]
    leaving = balances.indices[balances.indptr[1:] - 1]
    single = entering == leaving
    inverse = np.empty((count, count))
    for some in _blocks(count):
        inverse[:, some] = found.factor.solve(eye_array(count, format="csc")[:, some].toarray())
    own = np.diag(inverse)
    both = own[entering] + own[leaving]
    apart = both - 2.0 * inverse[entering, leaving]
    resistance: Floats = np.where(single, own[entering], apart)
    # two balances far from all others and near each other: the difference has lost its digits
    lost = np.flatnonzero(~single & (resistance < _LOST * both))
    for some in _blocks(lost.size):
        beside = balances[:, lost[some]].toarray()
        resistance[lost[some]] = np.einsum("rk,rk->k", beside, found.factor.solve(beside))
    return resistance


def spread(reduction: Reduction, signed: Any, sd: Floats, found: Solution) -> Spread:
    r"""Work out the errors after reconciliation.

    Parameters
    ----------
    reduction : Reduction
        The balances without the unmeasured flows.
    signed : sparse matrix, shape (n, m)
        Signed incidence of all flows with all steps.
    sd : array, shape (m,)
        Standard deviations of the measured amounts. [unit]
    found : Solution
        What :func:`solve_balances` found.

    Returns
    -------
    Spread
        Exact flows have the error 0, measured ones that nothing checks their own.

    Notes
    -----
    With :math:`H = V^{1/2} B^T (B V B^T)^{-1} B V^{1/2}`, a projection, the variance of flow k is
    :math:`\sigma_k^2 (1 - h_{kk})`. Where :math:`h_{kk}` is near 1 the difference loses its
    digits; :math:`\| (I - H) e_k \|^2` is the same and keeps them.
    """
    redundant = _places(reduction, _REDUNDANT)
    error = np.where(reduction.codes == _NONREDUNDANT, sd, np.nan)
    error[reduction.codes == _EXACT] = 0.0
    resistance = _resistances(reduction, found)
    lever = found.relative**2 * resistance
    kept = 1.0 - lever
    near = np.flatnonzero(lever > _NEAR)
    for some in _blocks(near.size):
        at = near[some]
        left = np.zeros((redundant.size, at.size))
        left[at, np.arange(at.size)] = 1.0
        left = _projected(reduction, found, left)
        kept[at] = np.einsum("qk,qk->k", left, left)
    error[redundant] = sd[redundant] * np.sqrt(kept)
    alone = np.where(reduction.codes == _NONREDUNDANT, sd, 0.0)
    for some in _blocks(reduction.observable.size):
        taken = _follows(reduction, signed, found, some)
        left = _projected(reduction, found, found.relative[:, None] * taken[redundant])
        far = alone[:, None] * taken
        error[reduction.observable[some]] = np.hypot(
            found.unit * np.sqrt(np.einsum("qk,qk->k", left, left)),
            np.sqrt(np.einsum("mk,mk->k", far, far)),
        )
    return Spread(error, lever, resistance / found.unit**2)


def spread_factor(reduction: Reduction, signed: Any, sd: Floats, found: Solution) -> Floats:
    """Return F with F Fᵀ the covariance of all flows; rows of unobservable flows are ``nan``.

    Parameters
    ----------
    reduction : Reduction
        The balances without the unmeasured flows.
    signed : sparse matrix, shape (n, m)
        Signed incidence of all flows with all steps.
    sd : array, shape (m,)
        Standard deviations of the measured amounts. [unit]
    found : Solution
        What :func:`solve_balances` found.

    Returns
    -------
    array, shape (m, q + s)
        Dense: of q redundant flows and s that are measured and not redundant. [unit]
    """
    redundant, single = _places(reduction, _REDUNDANT), _places(reduction, _NONREDUNDANT)
    count = redundant.size
    factor = np.zeros((reduction.codes.size, count + single.size))
    left = _projected(reduction, found, np.eye(count))
    factor[redundant, :count] = sd[redundant][:, None] * left
    factor[single, count + np.arange(single.size)] = sd[single]
    for some in _blocks(reduction.observable.size):
        taken = _follows(reduction, signed, found, some)
        factor[reduction.observable[some]] = taken.T @ factor
    factor[reduction.codes == _UNOBSERVABLE] = np.nan
    return factor
