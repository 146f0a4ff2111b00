"""Between what limits a flow lies that the balances cannot tell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.flow_network import ends, incidence
from sxsh_audit.calc.reconciliation import balancing_steps
from sxsh_audit.language.formatting import Language

__all__ = ["FlowRanges", "possible_ranges"]

#: Left open by rounding, in parts of the largest flow; the solver allows itself 1e-7.
_ROOM = 1e-7


class FlowRanges(NamedTuple):
    """Limits of flows, each of shape (m,)."""

    low: Floats
    """Least amount; −∞ where nothing limits it, ``nan`` where no amounts balance. [unit]"""
    high: Floats
    """Largest amount; ∞ where nothing limits it. [unit]"""
    possible: bool
    """Whether any amounts within the bounds balance at all."""


def possible_ranges(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    steps: int,
    *,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    balanced: ArrayLike | None = None,
    language: Language = "vi",
) -> FlowRanges:
    """Find the least and the largest amount of every unknown flow.

    Parameters
    ----------
    source, target : array of int, shape (m,)
        Ends of each flow; −1 is the outside world.
    amount : array, shape (m,)
        Amounts of one layer that balance, such as the reconciled ones; ``nan`` where not known.
        [one unit, e.g. t]
    steps : int
        Count of steps n.
    lower, upper : float or array, shape (m,)
        Bounds of the unknown flows; ``nan`` where there is none. [same unit]
    balanced : array of bool, shape (n,), optional
        Which steps must balance; by default those that something enters and something leaves.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    FlowRanges
        The two ends are the same where an amount is known.

    Raises
    ------
    RangeError
        If an end is no step, a flow begins where it ends, or a lower bound is above the upper one.

    Notes
    -----
    Two linear programmes for each unknown flow. The ends are those of each flow alone: not all
    flows can be at their ends at once. Errors of the known amounts are not in them.

    Examples
    --------
    100 t enter, 85 t leave as product; sludge and vapour are not measured:

    >>> nan = float("nan")
    >>> found = possible_ranges([-1, 0, 0, 0], [0, -1, -1, -1], [100.0, 85.0, nan, nan], 1)
    >>> found.low, found.high
    (array([100.,  85.,   0.,   0.]), array([100.,  85.,  15.,  15.]))
    """
    from scipy.optimize import linprog

    network = ends(source, target, steps, language=language)
    shape = network.source.shape
    values = np.broadcast_to(floats(amount), shape)
    low, high = (np.array(np.broadcast_to(floats(each), shape)) for each in (lower, upper))
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    refuse("balance.bounds_crossed", low > high, low, language)
    whole = (
        balancing_steps(network, values) if balanced is None
        else np.broadcast_to(np.asarray(balanced, dtype=bool), (steps,))
    )  # fmt: skip
    unknown = np.flatnonzero(np.isnan(values))
    known = np.where(np.isnan(values), 0.0, values)
    least, most = known.copy(), known.copy()
    limits = np.abs(np.concatenate((known, low[unknown], high[unknown])))
    scale = float(limits[np.isfinite(limits)].max(initial=0.0)) or 1.0
    signed = incidence(source, target, steps, language=language)[np.flatnonzero(whole)]
    left = signed @ known / scale
    balances = signed[:, unknown]
    bounds = np.stack((low[unknown], high[unknown]), axis=-1) / scale
    alone = np.diff(balances.indptr) == 0
    possible = bool((np.abs(left[alone]) <= _ROOM).all())
    if possible and unknown.size:
        rows = np.flatnonzero(~alone)
        for place, flow in enumerate(unknown):
            goal = np.zeros(unknown.size)
            for end, sign in ((least, 1.0), (most, -1.0)):
                goal[place] = sign
                found = linprog(goal, A_eq=balances[rows], b_eq=-left[rows], bounds=bounds)
                possible = possible and found.status != 2
                end[flow] = found.x[place] * scale if found.status == 0 else -sign * np.inf
            if not possible:
                break
    if not possible:
        least[unknown] = most[unknown] = np.nan
    return FlowRanges(least, most, possible)
