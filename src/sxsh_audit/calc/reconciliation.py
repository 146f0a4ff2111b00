"""Measured flows made to balance: each moved as little as its error allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from sxsh_audit.calc.balance_solution import Solution, solve_balances, spread, spread_factor
from sxsh_audit.calc.bounded_reconciliation import held_flows
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, refuse, refuse_negative
from sxsh_audit.calc.flow_network import ROUNDING, Ends, ends, incidence
from sxsh_audit.calc.gross_errors import Suspect, alike_sets, critical_value, suspects_in_order
from sxsh_audit.calc.observability import FlowKind, Reduction, reduce_network
from sxsh_audit.language.formatting import Language

__all__ = ["FlowReconciliation", "balancing_steps", "reconcile_flows"]

Mask = NDArray[np.bool_]

_REDUNDANT, _EXACT = 0, 4  # codes of FlowKind


@dataclass(frozen=True, eq=False)
class FlowReconciliation:
    """Flows that balance, how sure they are, and which measurements stand against them."""

    amount: Floats
    """Reconciled, or worked out where not measured; ``nan`` where nothing tells, shape (m,).
    [unit]"""
    sd: Floats
    """Standard deviation of ``amount``, before bounds, shape (m,). [unit]"""
    kind: Any
    """:class:`FlowKind` of each flow; an eliminated one counts as not measured."""
    adjustment: Floats
    """Amount − measured; of an eliminated flow the error that it seems to have. [unit]"""
    adjustability: Floats
    """1 − sd ÷ sd measured: how much surer the balances make a measurement [1]."""
    detectability: Floats
    """√(1 − sd² ÷ sd measured²): how well an error of it shows in the balances [1]."""
    z: Floats
    """Measurement test: adjustment ÷ its standard deviation; ``nan`` where not redundant. [1]"""
    critical: float
    r"""What \|z\| is compared with; Šidák's correction for the measurements that differ. [1]"""
    level: float
    """Probability of a false alarm, of the global test and of all measurement tests. [1]"""
    statistic: float
    """Global test: Σ (adjustment ÷ sd measured)², χ² distributed. [1]"""
    dof: int
    """Count of independent balances that test something."""
    p: float
    """Probability of so large a statistic by chance; ``nan`` without redundancy. [1]"""
    passed: bool | None
    """Whether p ≥ level; None without redundancy: nothing was tested."""
    suspects: tuple[Suspect, ...]
    """Measurements that failed: the eliminated ones in their order, then those left."""
    eliminated: Mask
    """Which flows were taken as not measured, shape (m,)."""
    alike: tuple[tuple[int, ...], ...]
    """Sets of two or more redundant flows that no test can tell apart."""
    at_bound: Mask
    """Which flows a bound holds, shape (m,)."""
    balanced: Mask
    """Which steps were made to balance, shape (n,)."""
    _within: tuple[Reduction, Any, Floats, Solution] = field(repr=False)

    def covariance(self) -> Floats:
        """Return the covariance of all flows, dense.

        Returns
        -------
        array, shape (m, m)
            Before bounds; ``nan`` in rows and columns of unobservable flows. [unit²]

        Examples
        --------
        >>> found = reconcile_flows([-1, 0], [0, -1], [9.0, 11.0], 1.0, 1)
        >>> found.covariance()
        array([[0.5, 0.5],
               [0.5, 0.5]])
        """
        factor = spread_factor(*self._within)
        return factor @ factor.T


def balancing_steps(network: Ends, amount: Floats) -> Mask:
    """Say which steps can balance: something enters and something leaves.

    Parameters
    ----------
    network : Ends
        Where the flows begin and end.
    amount : array, shape (m,)
        Measured amounts; one that is not known or 0 may go either way. [unit]

    Returns
    -------
    array of bool, shape (n,)
        False where the sheet shows one flow alone, or one side alone.

    Examples
    --------
    >>> balancing_steps(ends([-1, 0, 1], [0, 1, -1], 3), np.array([1.0, 1.0, 1.0]))
    array([ True,  True, False])
    """
    either = np.isnan(amount) | (amount == 0)
    sides = []
    for at, other in ((network.target, network.source), (network.source, network.target)):
        ways = np.concatenate((at[either | (amount > 0)], other[either | (amount < 0)]))
        sides.append(np.bincount(ways[ways >= 0], minlength=network.steps))
    both = np.concatenate((network.source, network.target))
    flows = np.bincount(both[both >= 0], minlength=network.steps)
    return (sides[0] > 0) & (sides[1] > 0) & (flows > 1)


def _refuse_contradiction(
    reduction: Reduction, signed: Any, value: Floats, language: Language
) -> None:
    """Refuse exact flows around steps where nothing else could give way."""
    if not reduction.lone:
        return
    exact = np.where(reduction.codes == _EXACT, value, 0.0)
    left = signed @ exact
    room = ROUNDING * np.abs(exact).max(initial=0.0)
    for steps in reduction.lone:
        over = float(left[steps].sum())
        wrong = np.zeros(left.size, dtype=bool)
        wrong[steps] = abs(over) > room
        refuse("balance.exact_contradiction", wrong, np.full(left.size, over), language)


def reconcile_flows(
    source: ArrayLike,
    target: ArrayLike,
    measured: ArrayLike,
    sd: ArrayLike,
    steps: int,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    balanced: ArrayLike | None = None,
    level: float = 0.05,
    eliminate: bool = False,
    most: int | None = None,
    language: Language = "vi",
) -> FlowReconciliation:
    r"""Reconcile the measured flows of one layer with the balances of the steps.

    Parameters
    ----------
    source, target : array of int, shape (m,)
        Ends of each flow; −1 is the outside world.
    measured : array, shape (m,)
        Measured amounts; ``nan`` where not measured. [one unit, e.g. t]
    sd : float or array, shape (m,)
        Standard deviations of the measured amounts, their errors independent; 0 where an amount
        is exact. [same unit]
    steps : int
        Count of steps n.
    lower, upper : float or array, shape (m,), optional
        Bounds of the amounts; ``nan`` or left out where there is none. [same unit]
    balanced : array of bool, shape (n,), optional
        Which steps must balance; by default those that something enters and something leaves.
    level : float
        Probability of a false alarm. [1]
    eliminate : bool
        Whether to take the worst measurement as not measured, again and again, until none fails.
    most : int, optional
        How many may be eliminated; as many as fail when left out.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    FlowReconciliation
        Amounts that balance to 1e-9 of the largest, errors, kinds, tests and suspects.

    Raises
    ------
    RangeError
        If an end is no step, a flow begins where it ends, a standard deviation is negative or
        missing beside an amount, exact flows contradict each other, a lower bound is above the
        upper one, or no balance keeps the bounds.
    ValueError
        If `level` is not between 0 and 1.

    Notes
    -----
    Minimised is :math:`\sum_k (x_k - y_k)^2 / \sigma_k^2` under A x = 0. Unmeasured flows are
    taken out by joining the steps at their ends (:func:`flow_kinds`); then

    .. math:: x = y - V B^T S^{-1} B y, \quad S = B V B^T, \quad
       z_k = \frac{x_k - y_k}{\sqrt{(V B^T S^{-1} B V)_{kk}}}

    The measurement test counts flows that cannot be told apart once. Elimination takes the
    largest \|z\|; for ties see :func:`suspects_in_order`. Of a set that hangs on one single
    balance none is eliminated: each of them would do, and nothing would test the choice.

    Bounds come last (:func:`held_flows`): errors, kinds and tests are those of the amounts before
    them, for behind a bound an error is no longer normal. Bounds of unobservable flows are not
    looked at.

    Errors that are all of one kind (a scale that is 2 % short in all weighings) stay within the
    balances and are seen by none of this.

    References
    ----------
    .. [1] Kuehn & Davidson, "Computer control II: mathematics of control", Chemical Engineering
       Progress 57 (1961) 44–47.
    .. [2] Mah, Stanley & Downing, "Reconciliation and rectification of process flow and inventory
       data", Industrial & Engineering Chemistry Process Design and Development 15 (1976) 175–183.
    .. [3] Mah & Tamhane, "Detection of gross errors in process data", AIChE Journal 28 (1982)
       828–830.
    .. [4] Narasimhan & Jordache, Data Reconciliation and Gross Error Detection (2000), chapters 3,
       7 and 8.

    Examples
    --------
    Water in, to the dye house and to the boiler; the drain of the dye house has no meter:

    >>> found = reconcile_flows([-1, 0, 0, 1], [0, 1, -1, -1], [105.0, 80.0, 19.0, float("nan")],
    ...                         [2.0, 2.0, 1.0, 0.0], 2)
    >>> found.amount.round(2)
    array([102.33,  82.67,  19.67,  82.67])
    >>> found.kind.tolist()
    ['redundant', 'redundant', 'redundant', 'observable']
    """
    network = ends(source, target, steps, language=language)
    read, error, low, high = _readings(measured, sd, lower, upper, network, language)
    sheet = _Sheet(
        network, incidence(source, target, steps, language=language), read, error,
        balancing_steps(network, read) if balanced is None
        else np.broadcast_to(np.asarray(balanced, dtype=bool), (steps,)),
    )  # fmt: skip
    eliminated = np.zeros(read.size, dtype=bool)
    suspects: list[Suspect] = []
    while True:
        found = _Round(sheet, eliminated, level, language)
        able = [each for each in found.failed if not each.last]
        if not eliminate or not able or (most is not None and len(suspects) >= most):
            break
        suspects.append(able[0])
        eliminated[able[0].flow] = True
    told: set[int] = set()
    for each in found.failed:
        if each.flow not in told:
            suspects.append(each)
            told.update(each.alike)

    amount, held = found.solution.amount, np.zeros(read.size, dtype=bool)
    if (amount < low).any() or (amount > high).any():
        factor = spread_factor(found.reduction, sheet.signed, error, found.solution)
        largest = float(np.nanmax(np.abs(np.stack((amount, read))), initial=0.0))
        held, bound = held_flows(amount, factor, low, high, largest, language=language)
        fixed = _Sheet(
            network, sheet.signed, np.where(held, bound, read), np.where(held, 0.0, error),
            sheet.whole,
        )  # fmt: skip
        amount = fixed.solve(eliminated & ~held, language)[1].amount
    counted = sheet.seen & ~sheet.exact & ~eliminated
    with np.errstate(invalid="ignore", divide="ignore"):
        adjustability = np.where(counted, 1.0 - found.errors.sd / error, np.nan)
    detectability = np.where(counted, 0.0, np.nan)
    detectability[found.flows] = np.sqrt(np.minimum(found.errors.leverage, 1.0))
    return FlowReconciliation(
        amount, found.errors.sd, Coded(found.reduction.codes, FlowKind), amount - read,
        adjustability, detectability, found.z, found.critical, level,
        found.solution.statistic, found.dof, found.p, found.p >= level if found.dof else None,
        tuple(suspects), eliminated, tuple(each for each in found.sets if len(each) > 1),
        held, sheet.whole, (found.reduction, sheet.signed, error, found.solution),
    )  # fmt: skip


def _readings(
    measured: ArrayLike,
    sd: ArrayLike,
    lower: ArrayLike | None,
    upper: ArrayLike | None,
    network: Ends,
    language: Language,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what was measured, its errors and the bounds, checked, each of shape (m,)."""
    shape = network.source.shape
    read = np.array(np.broadcast_to(floats(measured), shape))
    error = np.array(np.broadcast_to(floats(sd), shape))
    refuse_negative(error, "sd", language)
    refuse("balance.no_error", ~np.isnan(read) & np.isnan(error), error, language)
    bounds = []
    for given, none in ((lower, -np.inf), (upper, np.inf)):
        bound = np.broadcast_to(floats(none if given is None else given), shape)
        bounds.append(np.where(np.isnan(bound), none, bound))
    refuse("balance.bounds_crossed", bounds[0] > bounds[1], bounds[0], language)
    return read, error, bounds[0], bounds[1]


class _Sheet:
    """Network, measurements and errors of one layer."""

    def __init__(self, network: Ends, signed: Any, read: Floats, sd: Floats, whole: Mask) -> None:
        self.network, self.signed, self.read, self.sd = network, signed, read, sd
        self.whole = whole
        self.seen = ~np.isnan(read)
        self.exact = self.seen & (sd == 0)

    def solve(self, eliminated: Mask, language: Language) -> tuple[Reduction, Solution]:
        """Balance without the eliminated measurements."""
        counted = self.seen & ~self.exact & ~eliminated
        reduction = reduce_network(self.network, counted, self.exact, self.whole)
        _refuse_contradiction(reduction, self.signed, self.read, language)
        return reduction, solve_balances(reduction, self.signed, self.read, self.sd)


class _Round:
    """One solution and its tests."""

    def __init__(
        self, sheet: _Sheet, eliminated: Mask, level: float, language: Language
    ) -> None:
        self.reduction, self.solution = sheet.solve(eliminated, language)
        self.errors = spread(self.reduction, sheet.signed, sheet.sd, self.solution)
        self.flows = np.flatnonzero(self.reduction.codes == _REDUNDANT)
        self.sets = alike_sets(self.reduction.pairs, self.flows)
        self.critical = critical_value(level, len(self.sets))
        self.dof = int(self.reduction.balances.shape[0])
        statistic = self.solution.statistic
        self.p = float(chdtrc(self.dof, statistic)) if self.dof else float("nan")
        self.z = np.full(sheet.read.size, np.nan)
        self.z[self.flows] = -self.solution.tension / np.sqrt(self.errors.resistance)
        order = suspects_in_order(
            self.z, self.critical, self.solution.amount - sheet.read, sheet.read
        )
        set_of = {flow: each for each in self.sets for flow in each}
        alone = _alone(self.reduction, self.flows) if order else set()
        self.failed = [
            Suspect(flow, float(self.z[flow]), self.critical, statistic, self.p, set_of[flow],
                    flow in alone)
            for flow in order
        ]  # fmt: skip


def _alone(reduction: Reduction, flows: NDArray[np.intp]) -> set[int]:
    """Return the flows whose two balances are joined with no third one."""
    beside: dict[int, set[tuple[int, int]]] = {}
    pairs = [(one, other) for one, other in reduction.pairs.tolist()]
    for pair in pairs:
        for balance in pair:
            beside.setdefault(balance, set()).add(pair)
    return {
        flow for flow, (one, other) in zip(flows.tolist(), pairs, strict=True)
        if len(beside[one] | beside[other]) == 1
    }  # fmt: skip
