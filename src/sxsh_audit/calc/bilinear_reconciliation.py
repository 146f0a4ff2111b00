"""Flows and what they contain reconciled together: a component flow is a flow times a fraction."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from sxsh_audit.calc.bilinear_steps import RANK, Balances, Point, first_guess
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, refuse, refuse_negative
from sxsh_audit.calc.flow_network import ROUNDING, ends, incidence
from sxsh_audit.calc.observability import FlowKind
from sxsh_audit.calc.reconciliation import balancing_steps
from sxsh_audit.language.formatting import Language

__all__ = ["ConcentrationReconciliation", "reconcile_concentrations"]

Mask = NDArray[np.bool_]

_REDUNDANT, _NONREDUNDANT, _OBSERVABLE, _UNOBSERVABLE, _EXACT = range(5)
#: Step, in parts of the largest flow and fraction, below which nothing moves any more.
_STILL = 1e-11
#: A step longer than this part of the one before asks for the curvature.
_SLOW = 0.1


class ConcentrationReconciliation(NamedTuple):
    """Flows and fractions that balance in total and in every component."""

    amount: Floats
    """Total flows, ``nan`` where nothing tells, shape (m,). [unit]"""
    amount_sd: Floats
    """Their standard deviations, to first order, shape (m,). [unit]"""
    fraction: Floats
    """Fractions or concentrations, ``nan`` where nothing tells, shape (c, m). [e.g. t/t]"""
    fraction_sd: Floats
    """Their standard deviations, to first order, shape (c, m). [e.g. t/t]"""
    amount_kind: Any
    """:class:`FlowKind` of each total flow, at the solution."""
    fraction_kind: Any
    """:class:`FlowKind` of each fraction, shape (c, m)."""
    amount_z: Floats
    """Measurement test of each total flow, ``nan`` where not redundant, shape (m,). [1]"""
    fraction_z: Floats
    """Measurement test of each fraction, shape (c, m). [1]"""
    statistic: float
    """Global test: Σ (adjustment ÷ sd measured)². [1]"""
    dof: int
    """Count of independent balances that test something."""
    p: float
    """Probability of so large a statistic by chance; ``nan`` without redundancy. [1]"""
    converged: bool
    """Whether nothing moved any more and all balances close to 1e-9 of the largest flow."""
    iterations: int
    """How often the balances were linearised."""
    closure: float
    """Largest balance left open, over the largest flow of its layer. [1]"""


class _Linearised:
    """The balances at the solution, for kinds and errors."""

    def __init__(self, slopes: Floats, sd: Floats, unmeasured: Mask, measured: Mask) -> None:
        by_unmeasured, by_measured = slopes[:, unmeasured], slopes[:, measured]
        left, size, right = np.linalg.svd(by_unmeasured)
        rank = int((size > RANK * size.max(initial=0.0)).sum())
        inverse = (right[:rank].T / size[:rank]) @ left[:, :rank].T
        self.free = right[rank:]
        self.reduced = left[:, rank:].T @ by_measured
        self.follows = -inverse @ (by_measured * sd)
        _, size, right = np.linalg.svd(self.reduced * sd, full_matrices=False)
        self.rank = int((size > RANK * size.max(initial=0.0)).sum())
        self.basis = right[: self.rank]


def reconcile_concentrations(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    amount_sd: ArrayLike,
    fraction: ArrayLike,
    fraction_sd: ArrayLike,
    steps: int,
    *,
    balanced: ArrayLike | None = None,
    conserved: ArrayLike | None = None,
    complete: ArrayLike = False,
    most: int = 100,
    language: Language = "vi",
) -> ConcentrationReconciliation:
    r"""Reconcile total flows together with the fractions of components in them.

    Parameters
    ----------
    source, target : array of int, shape (m,)
        Ends of each flow; −1 is the outside world.
    amount : array, shape (m,)
        Measured total flows; ``nan`` where not measured. [one unit, e.g. t]
    amount_sd : float or array, shape (m,)
        Their standard deviations; 0 where exact. [same unit]
    fraction : array, shape (c, m)
        Measured fractions or concentrations of c components; ``nan`` where not measured.
        [e.g. t/t, t/m³]
    fraction_sd : float or array, shape (c, m)
        Their standard deviations; 0 where exact, such as salt in clean water. [same unit]
    steps : int
        Count of steps n.
    balanced : array of bool, shape (n,), optional
        Which steps must balance in total; by default those that something enters and leaves.
    conserved : array of bool, shape (c, n), optional
        Where a component must balance too; by default at all steps that balance. A step that
        makes or destroys it (COD in a treatment plant) is False.
    complete : bool or array of bool, shape (m,)
        In which flows the fractions add up to 1.
    most : int
        Most iterations.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ConcentrationReconciliation
        Of a result that has not converged nothing should be used but that fact.

    Raises
    ------
    RangeError
        If an end is no step, a flow begins where it ends, a standard deviation is negative, or it
        is missing beside a measured figure.

    Notes
    -----
    Constraints are A x = 0 and :math:`A (x \circ w_c) = 0`. They are linearised with their exact
    derivatives at the last point, what was not measured is projected out, and the measured figures
    are adjusted from the *measured* values, again and again:

    .. math:: y_{k+1} = y - V J^T (J V J^T)^{-1} [J (y - y_k) + h(y_k)]

    Where that is slow (large adjustments) Newton's step with the curvature of the balances takes
    over. At the end the balances hold exactly and the sum of squares is stationary. Kinds and
    errors are those of the constraints linearised there.

    Assays alone can give flows: with one total flow measured and three assays, feed, concentrate
    and tailing follow (the two-product formula).

    References
    ----------
    .. [1] Crowe, "Reconciliation of process flow rates by matrix projection, part II: the nonlinear
       case", AIChE Journal 32 (1986) 616–623.
    .. [2] Rao & Narasimhan, "Comparison of techniques for data reconciliation of multicomponent
       processes", Industrial & Engineering Chemistry Research 35 (1996) 1362–1368.

    Examples
    --------
    The two-product formula: 100 t of feed of 2 %, concentrate of 20 %, tailing of 0.5 %; the
    concentrate is 100 · (2 − 0.5) ÷ (20 − 0.5) t.

    >>> nan = float("nan")
    >>> found = reconcile_concentrations([-1, 0, 0], [0, -1, -1], [100.0, nan, nan], 1.0,
    ...                                  [[0.02, 0.2, 0.005]], 0.001, 1)
    >>> found.amount.round(3), found.converged
    (array([100.   ,   7.692,  92.308]), True)
    """
    network = ends(source, target, steps, language=language)
    m = network.source.size
    parts = np.atleast_2d(floats(fraction))
    read = np.vstack((np.broadcast_to(floats(amount), (m,)), parts))
    sd = np.vstack((
        np.broadcast_to(floats(amount_sd), (m,)), np.broadcast_to(floats(fraction_sd), parts.shape)
    ))  # fmt: skip
    refuse_negative(sd, "sd", language)
    seen = ~np.isnan(read)
    refuse("balance.no_error", seen & np.isnan(sd), sd, language)
    whole = (
        balancing_steps(network, read[0]) if balanced is None
        else np.broadcast_to(np.asarray(balanced, dtype=bool), (steps,))
    )  # fmt: skip
    kept = np.broadcast_to(
        whole if conserved is None else np.asarray(conserved, dtype=bool), (len(parts), steps)
    )
    scale = np.array([[np.abs(row[np.isfinite(row)]).max(initial=0.0) or 1.0] for row in read])
    read, sd = read / scale, np.where(seen, sd / scale, 0.0)
    signed = incidence(source, target, steps, language=language).toarray()
    balances = Balances(
        signed, whole, kept, np.broadcast_to(np.asarray(complete, dtype=bool), (m,)), scale[1:, 0]
    )
    unmeasured, measured = (~seen).reshape(-1), (seen & (sd > 0)).reshape(-1)
    error, known = sd.reshape(-1)[measured], read.reshape(-1)[measured]

    point = Point(balances, measured, unmeasured, known, error)
    state = first_guess(balances, read, seen).reshape(-1)
    here, iterations, before = point.gauss_newton(state), 0, np.inf
    closure = np.inf
    while iterations < most and np.isfinite(here.far):
        iterations += 1
        closure = balances.closure(here.target)
        still = here.far <= _STILL * max(1.0, float(np.abs(state).max()))
        if still and closure <= ROUNDING:
            break
        # a straight line while it serves: it needs no start near the solution
        slow, before = here.far > _SLOW * before, here.far
        if slow:
            state, here = point.faster(state, here)
        else:
            state = here.target
            here = point.gauss_newton(state)
    converged = bool(here.far <= _STILL * max(1.0, float(np.abs(state).max())))
    converged = converged and closure <= ROUNDING
    state = here.target.reshape(read.shape)
    return _result(
        balances, state, scale, sd, seen, converged, iterations, closure, here.moved
    )


def _result(
    balances: Balances, state: Floats, scale: Floats, sd: Floats, seen: Mask,
    converged: bool, iterations: int, closure: float, moved: Floats,
) -> ConcentrationReconciliation:  # fmt: skip
    """Classify and work out errors at the solution."""
    shape = state.shape
    unmeasured, measured = (~seen).reshape(-1), (seen & (sd > 0)).reshape(-1)
    error = sd.reshape(-1)[measured]
    finite = np.isfinite(state).all()
    here = _Linearised(
        balances.slopes(state if finite else np.ones(shape)), error, unmeasured, measured
    )
    codes = np.full(state.size, _EXACT, np.int8)
    spread, z = np.zeros(state.size), np.full(state.size, np.nan)
    lever = np.einsum("rk,rk->k", here.basis, here.basis)
    # whether a balance has a say at all, without the errors: a sure figure is redundant too
    felt = np.abs(here.reduced).max(axis=0, initial=0.0)
    codes[measured] = np.where(felt > RANK * felt.max(initial=0.0), _REDUNDANT, _NONREDUNDANT)
    left = np.eye(error.size) - here.basis.T @ here.basis
    spread[measured] = error * np.linalg.norm(left, axis=1)
    spread[unmeasured] = np.linalg.norm(here.follows @ left, axis=1)
    loose = np.abs(here.free).max(axis=0, initial=0.0) > RANK ** 0.5
    codes[unmeasured] = np.where(loose, _UNOBSERVABLE, _OBSERVABLE)
    values = state.reshape(-1).copy()
    unknown = codes == _UNOBSERVABLE
    values[unknown], spread[unknown] = np.nan, np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        z[measured] = np.where(codes[measured] == _REDUNDANT, moved / np.sqrt(lever), np.nan)
    found, errors = values.reshape(shape) * scale, spread.reshape(shape) * scale
    tests, kinds = z.reshape(shape), codes.reshape(shape)
    statistic = float(moved @ moved)
    return ConcentrationReconciliation(
        found[0], errors[0], found[1:], errors[1:], Coded(kinds[0], FlowKind),
        Coded(kinds[1:], FlowKind), tests[0], tests[1:], statistic, here.rank,
        float(chdtrc(here.rank, statistic)) if here.rank else float("nan"),
        converged, iterations, closure,
    )  # fmt: skip
