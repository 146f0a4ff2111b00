"""Reconciled flows kept within bounds: the nearest balance that no bound forbids."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats, refuse
from sxsh_audit.calc.flow_network import ROUNDING
from sxsh_audit.language.formatting import Language

__all__ = ["HeldFlows", "held_flows"]

#: Below this the constraints have no common point: 1 ÷ (1 + squared distance to it in errors).
_NO_POINT = 1e-12


class HeldFlows(NamedTuple):
    """Flows that a bound holds."""

    held: NDArray[np.bool_]
    """Which flows, shape (m,)."""
    bound: Floats
    """The bound that holds each of them, ``nan`` for the others, shape (m,). [unit]"""


def held_flows(
    amount: Floats,
    factor: Floats,
    lower: Floats,
    upper: Floats,
    largest: float,
    *,
    language: Language = "vi",
) -> HeldFlows:
    r"""Find which bounds hold flows in the nearest balance that keeps all of them.

    Parameters
    ----------
    amount : array, shape (m,)
        Reconciled without bounds; ``nan`` where nothing tells. [unit]
    factor : array, shape (m, p)
        F with F Fᵀ the covariance of the amounts; ``nan`` in rows where nothing tells. [unit]
    lower, upper : array, shape (m,)
        Bounds; −∞ and ∞ where there is none. [unit]
    largest : float
        Largest flow of the layer, measured or reconciled: what rounding is measured by. [unit]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    HeldFlows
        What is to be taken as exact so that the least-squares solution keeps the bounds.

    Raises
    ------
    RangeError
        If no balance keeps all bounds; it names flows that would break theirs.

    Notes
    -----
    All balances are :math:`\hat x + F p` and cost :math:`\| p \|^2` on top of the
    unbounded one, so this is a least-distance problem with :math:`l \le \hat x + F p \le u`. It is
    solved as non-negative least squares for the multipliers, an active-set method that ends after
    finitely many steps. Bounds are brought in as they are broken.

    Bounds of flows that the balances cannot tell are not looked at.

    References
    ----------
    .. [1] Lawson & Hanson, Solving Least Squares Problems (1974), chapter 23: LDP.

    Examples
    --------
    Two measured outflows and an unmeasured one that would have to flow back in:

    >>> factor = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    >>> found = held_flows(np.array([6.0, 6.0, -2.0]), factor, np.zeros(3), np.full(3, np.inf),
    ...                    6.0)
    >>> found.held
    array([False, False,  True])
    """
    from scipy.optimize import nnls

    known = np.flatnonzero(~np.isnan(amount))
    base = amount[known]
    rows = np.concatenate((factor[known], -factor[known]))
    need = np.concatenate((lower[known] - base, base - upper[known]))
    room = ROUNDING * largest
    sizes = np.linalg.norm(rows, axis=1)
    loose = sizes > ROUNDING * float(sizes.max(initial=0.0))
    broken = need > room
    held, bound = np.zeros(amount.size, dtype=bool), np.full(amount.size, np.nan)
    _refuse(broken & ~loose, known, amount, language)
    taken = np.zeros(need.size, dtype=bool)
    weights = np.zeros(need.size)
    while broken.any():
        taken |= broken
        some = np.flatnonzero(taken)
        steep, far = rows[some] / sizes[some, None], need[some] / sizes[some]
        scale = float(np.abs(far).max())
        system = np.vstack((steep.T, far / scale))
        goal = np.zeros(system.shape[0])
        goal[-1] = 1.0
        multiplier, _ = nnls(system, goal, maxiter=20 * system.shape[1] + 100)
        left = system @ multiplier - goal
        if -left[-1] < _NO_POINT:
            _refuse(taken & (need > room), known, amount, language)
        weights[:] = 0.0
        weights[some] = multiplier
        move = -left[:-1] / left[-1] * scale
        beyond = need - rows @ move
        broken = (beyond > np.maximum(room, 1e-9 * np.abs(need))) & loose & ~taken
    count = known.size
    for side, limit in ((slice(0, count), lower), (slice(count, None), upper)):
        chosen = known[weights[side] > 0]
        held[chosen], bound[chosen] = True, limit[chosen]
    return HeldFlows(held, bound)


def _refuse(
    wrong: NDArray[np.bool_], known: NDArray[np.intp], amount: Floats, language: Language
) -> None:
    """Refuse bounds that no balance keeps; `wrong` holds lower and then upper bounds."""
    either = wrong[: known.size] | wrong[known.size :]
    where = np.zeros(amount.size, dtype=bool)
    where[known] = either
    refuse("balance.bounds_impossible", where, amount, language)
