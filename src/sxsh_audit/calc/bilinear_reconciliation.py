"""Flows and what they contain reconciled together: a component flow is a flow times a fraction."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import lstsq, qr
from scipy.special import chdtrc

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
#: Singular values below this part of the largest are 0.
_RANK = 1e-9


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


class _Balances:
    """The constraints, in parts of the largest flow and of the largest fraction."""

    def __init__(
        self, signed: Floats, whole: Mask, conserved: Mask, complete: Mask, sizes: Floats
    ) -> None:
        self.total = signed[whole]
        self.parts = [signed[rows] for rows in conserved]
        self.full = np.flatnonzero(complete)
        self.sizes = sizes
        self.flows = signed.shape[1]

    def left(self, state: Floats) -> Floats:
        """Return what the balances leave open, a fraction too much counted as 1."""
        flow = state[0]
        open_ = [self.total @ flow]
        open_ += [part @ (flow * row) for part, row in zip(self.parts, state[1:], strict=True)]
        open_.append(self.sizes @ state[1:][:, self.full] - 1.0)
        return np.concatenate(open_)

    def slopes(self, state: Floats) -> Floats:
        """Return their exact derivatives by flows and fractions, rows × (1 + c) m."""
        m, flow = self.flows, state[0]
        count = state.shape[0]
        blocks = [np.hstack((self.total, np.zeros((self.total.shape[0], (count - 1) * m))))]
        for place, (part, row) in enumerate(zip(self.parts, state[1:], strict=True), start=1):
            block = np.zeros((part.shape[0], count * m))
            block[:, :m] = part * row
            block[:, place * m : (place + 1) * m] = part * flow
            blocks.append(block)
        sums = np.zeros((self.full.size, count * m))
        for place, size in enumerate(self.sizes, start=1):
            sums[np.arange(self.full.size), place * m + self.full] = size
        return np.vstack((*blocks, sums))


def _start(balances: _Balances, read: Floats, seen: Mask) -> Floats:
    """Guess: flows from the fractions as measured, then fractions from those flows, twice."""
    middle = np.array([np.median(row[known]) if known.any() else 0.5
                       for row, known in zip(read, seen, strict=True)])  # fmt: skip
    state = np.where(seen, read, middle[:, None])
    trust = np.where(seen, 1.0, 1e-3)
    for _ in range(2):
        rows, goals = [balances.total], [np.zeros(balances.total.shape[0])]
        for part, row, known in zip(balances.parts, state[1:], seen[1:], strict=True):
            sure = ~(np.abs(part)[:, ~known] > 0).any(axis=1)
            rows.append(part[sure] * row)
            goals.append(np.zeros(int(sure.sum())))
        system = np.vstack((*rows, np.diag(trust[0])))
        goal = np.concatenate((*goals, trust[0] * np.where(seen[0], read[0], state[0])))
        state[0] = np.linalg.lstsq(system, goal, rcond=None)[0]
        for place, part in enumerate(balances.parts, start=1):
            system = np.vstack((part * state[0], np.diag(trust[place])))
            goal = np.append(np.zeros(part.shape[0]), trust[place] * np.where(
                seen[place], read[place], state[place]))  # fmt: skip
            state[place] = np.linalg.lstsq(system, goal, rcond=None)[0]
    return np.where(seen, read, state)


def _step(
    slopes: Floats, left: Floats, apart: Floats, error: Floats, unmeasured: Mask, measured: Mask
) -> tuple[Floats, Floats]:
    """Return the adjustments in units of the errors, and the steps of what is not measured.

    `apart` is how far the point lies from the measured figures, `left` what it leaves open.
    """
    by_unmeasured, by_measured = slopes[:, unmeasured], slopes[:, measured]
    goal = by_measured @ apart - left
    rest = _complement(by_unmeasured)
    moved = _least(rest @ (by_measured * error), rest @ goal)
    return moved, _least(by_unmeasured, goal - by_measured @ (error * moved))


def _complement(columns: Floats) -> Floats:
    """Return the combinations of balances in which none of the columns stands."""
    if not columns.size:
        return np.eye(columns.shape[0])
    q, r, _ = qr(columns, pivoting=True, check_finite=False)
    size = np.abs(np.diag(r))
    found: Floats = q[:, int((size > _RANK * size.max()).sum()) :].T
    return found


def _least(matrix: Floats, goal: Floats) -> Floats:
    """Return the least vector that meets the goal; balances that say the same count once."""
    if not matrix.size:
        return np.zeros(matrix.shape[1])
    found: Floats = lstsq(matrix, goal, cond=_RANK, lapack_driver="gelsy", check_finite=False)[0]
    return found


class _Linearised:
    """The balances at the solution, for kinds and errors."""

    def __init__(self, slopes: Floats, sd: Floats, unmeasured: Mask, measured: Mask) -> None:
        by_unmeasured, by_measured = slopes[:, unmeasured], slopes[:, measured]
        left, size, right = np.linalg.svd(by_unmeasured)
        rank = int((size > _RANK * size.max(initial=0.0)).sum())
        inverse = (right[:rank].T / size[:rank]) @ left[:, :rank].T
        self.free = right[rank:]
        self.reduced = left[:, rank:].T @ by_measured
        self.follows = -inverse @ (by_measured * sd)
        _, size, right = np.linalg.svd(self.reduced * sd, full_matrices=False)
        self.rank = int((size > _RANK * size.max(initial=0.0)).sum())
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

    At the end the balances hold exactly and the sum of squares is stationary. Kinds and errors are
    those of the constraints linearised there.

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
    balances = _Balances(
        signed, whole, kept, np.broadcast_to(np.asarray(complete, dtype=bool), (m,)), scale[1:, 0]
    )
    unmeasured, measured = (~seen).reshape(-1), (seen & (sd > 0)).reshape(-1)
    error, known = sd.reshape(-1)[measured], read.reshape(-1)[measured]

    state = _start(balances, read, seen)
    moved, iterations = np.zeros(known.size), 0
    converged, closure = False, np.inf
    while not converged and iterations < most:
        iterations += 1
        flat = state.reshape(-1).copy()
        moved, step = _step(
            balances.slopes(state), balances.left(state), flat[measured] - known, error,
            unmeasured, measured,
        )  # fmt: skip
        flat[unmeasured] += step
        flat[measured] = known + error * moved
        far = float(np.abs(flat - state.reshape(-1)).max(initial=0.0))
        state = flat.reshape(state.shape)
        if not np.isfinite(far) or far > 1e9:
            break
        closure = _closure(balances, state)
        converged = far <= _STILL * max(1.0, float(np.abs(state).max())) and closure <= ROUNDING
    return _result(
        balances, state, scale, sd, seen, converged, iterations, closure, moved
    )


def _closure(balances: _Balances, state: Floats) -> float:
    """Return the largest balance left open over the largest flow of its layer."""
    flow = state[0]
    found = [np.abs(balances.total @ flow).max(initial=0.0) / (np.abs(flow).max() or 1.0)]
    for part, row in zip(balances.parts, state[1:], strict=True):
        carried = flow * row
        largest = np.abs(carried).max(initial=0.0) or 1.0
        found.append(np.abs(part @ carried).max(initial=0.0) / largest)
    sums = balances.sizes @ state[1:][:, balances.full] - 1.0
    return float(max(*found, np.abs(sums).max(initial=0.0)))


def _result(
    balances: _Balances, state: Floats, scale: Floats, sd: Floats, seen: Mask,
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
    codes[measured] = np.where(felt > _RANK * felt.max(initial=0.0), _REDUNDANT, _NONREDUNDANT)
    left = np.eye(error.size) - here.basis.T @ here.basis
    spread[measured] = error * np.linalg.norm(left, axis=1)
    spread[unmeasured] = np.linalg.norm(here.follows @ left, axis=1)
    loose = np.abs(here.free).max(axis=0, initial=0.0) > _RANK ** 0.5
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
