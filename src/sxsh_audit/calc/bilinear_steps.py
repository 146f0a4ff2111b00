"""Steps towards flows and fractions that balance: straight lines, and faster ones near the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats

__all__ = ["RANK", "Balances", "Point", "Step", "first_guess"]

Mask = NDArray[np.bool_]

#: Singular values below this part of the largest are 0.
RANK = 1e-9

#: Weight of a step that nothing determines, against that of one error.
_PROXIMAL = 1e-5


class Balances:
    """The constraints, in parts of the largest flow and of the largest fraction."""

    def __init__(
        self, signed: Floats, whole: Mask, conserved: Mask, complete: Mask, sizes: Floats
    ) -> None:
        self.total = signed[whole]
        self.parts = [signed[rows] for rows in conserved]
        self.full = np.flatnonzero(complete)
        self.sizes = sizes
        self.flows = signed.shape[1]

    def left(self, flat: Floats) -> Floats:
        """Return what the balances leave open, a fraction too much counted as 1."""
        flow, *parts = flat.reshape(-1, self.flows)
        open_ = [self.total @ flow]
        open_ += [part @ (flow * row) for part, row in zip(self.parts, parts, strict=True)]
        open_.append(self.sizes @ np.reshape(parts, (-1, self.flows))[:, self.full] - 1.0)
        return np.concatenate(open_)

    def slopes(self, flat: Floats) -> Floats:
        """Return their exact derivatives by flows and fractions, rows × (1 + c) m."""
        m = self.flows
        flow, *parts = flat.reshape(-1, m)
        blocks = [np.hstack((self.total, np.zeros((self.total.shape[0], flat.size - m))))]
        for place, (part, row) in enumerate(zip(self.parts, parts, strict=True), start=1):
            block = np.zeros((part.shape[0], flat.size))
            block[:, :m] = part * row
            block[:, place * m : (place + 1) * m] = part * flow
            blocks.append(block)
        sums = np.zeros((self.full.size, flat.size))
        for place, size in enumerate(self.sizes, start=1):
            sums[np.arange(self.full.size), place * m + self.full] = size
        return np.vstack((*blocks, sums))

    def curvature(self, multiplier: Floats) -> Floats:
        """Return the second derivatives of Σ multiplier × balance: of flow by fraction alone."""
        m = self.flows
        size = (1 + len(self.parts)) * m
        found, row, flow = np.zeros((size, size)), self.total.shape[0], np.arange(m)
        for place, part in enumerate(self.parts, start=1):
            mixed = multiplier[row : row + part.shape[0]] @ part
            found[flow, place * m + flow] = found[place * m + flow, flow] = mixed
            row += part.shape[0]
        return found

    def closure(self, flat: Floats) -> float:
        """Return the largest balance left open over the largest flow of its layer."""
        flow, *parts = flat.reshape(-1, self.flows)
        found = [np.abs(self.total @ flow).max(initial=0.0) / (np.abs(flow).max(initial=0.0) or 1)]
        for part, row in zip(self.parts, parts, strict=True):
            carried = flow * row
            largest = np.abs(carried).max(initial=0.0) or 1.0
            found.append(np.abs(part @ carried).max(initial=0.0) / largest)
        sums = self.sizes @ np.reshape(parts, (-1, self.flows))[:, self.full] - 1.0
        return float(max(*found, np.abs(sums).max(initial=0.0)))


def first_guess(balances: Balances, read: Floats, seen: Mask) -> Floats:
    """Guess: flows from the fractions as measured, then fractions from those flows, twice.

    Parameters
    ----------
    balances : Balances
        The constraints.
    read : array, shape (1 + c, m)
        Measured flows and fractions, in parts of the largest. [1]
    seen : array of bool, shape (1 + c, m)
        Which are measured.

    Returns
    -------
    array, shape (1 + c, m)
        Where the iteration starts; what is measured as it is.
    """
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


class Step(NamedTuple):
    """A straight line to the nearest point of the linearised balances."""

    target: Floats
    """Where it leads, flows and then fractions, shape ((1 + c) m,). [1]"""
    moved: Floats
    """Adjustment of each measured figure there, in units of its error. [1]"""
    far: float
    """Largest change on the way [1]; 0 just where the sum of squares is stationary."""


class Point:
    """The least-squares problem: balances, measured figures and their errors."""

    def __init__(
        self, balances: Balances, measured: Mask, unmeasured: Mask, known: Floats, error: Floats
    ) -> None:
        self.balances, self.measured, self.unmeasured = balances, measured, unmeasured
        self.known, self.error = known, error

    def gauss_newton(self, flat: Floats) -> Step:
        """Go to the least adjustment that keeps the balances as they are linearised here."""
        if not np.isfinite(flat).all():
            return Step(flat, np.zeros(self.known.size), np.inf)
        slopes = self.balances.slopes(flat)
        by_unmeasured, by_measured = slopes[:, self.unmeasured], slopes[:, self.measured]
        goal = by_measured @ (flat[self.measured] - self.known) - self.balances.left(flat)
        rest = _complement(by_unmeasured)
        moved = _least(rest @ (by_measured * self.error), rest @ goal)
        target = flat.copy()
        target[self.unmeasured] += _least(
            by_unmeasured, goal - by_measured @ (self.error * moved)
        )
        target[self.measured] = self.known + self.error * moved
        return Step(target, moved, float(np.abs(target - flat).max(initial=0.0)))

    def faster(self, flat: Floats, here: Step) -> tuple[Floats, Step]:
        """Go on from a point where straight lines are slow, by Newton's step or a shorter line.

        Parameters
        ----------
        flat : array, shape ((1 + c) m,)
            The point. [1]
        here : Step
            The straight line from it.

        Returns
        -------
        tuple of (array, Step)
            The next point and the straight line from there.
        """
        best: tuple[Floats, Step] | None = None
        for target in (self._newton(flat), here.target, (flat + here.target) / 2):
            found = target, self.gauss_newton(target)
            if found[1].far <= 0.5 * here.far:
                return found
            if best is None or found[1].far < best[1].far:
                best = found
        assert best is not None
        return best

    def _newton(self, flat: Floats) -> Floats:
        """Take the curvature of the balances into account.

        The small weights on what is not measured and on the multipliers keep a step that nothing
        determines short; at the solution they have no effect.
        """
        scale = np.zeros(flat.size)
        scale[self.measured], scale[self.unmeasured] = self.error, 1.0
        used = np.flatnonzero(scale > 0)
        rows = self.balances.slopes(flat)[:, used] * scale[used]
        pull = np.zeros(flat.size)
        pull[self.measured] = (flat[self.measured] - self.known) / self.error
        multiplier = _least(rows.T, -pull[used])
        curved = self.balances.curvature(multiplier)[np.ix_(used, used)]
        curved *= np.outer(scale[used], scale[used])
        curved[np.diag_indices(used.size)] += np.where(self.measured[used], 1.0, _PROXIMAL)
        system = np.block([[curved, rows.T], [rows, -_PROXIMAL**2 * np.eye(rows.shape[0])]])
        right = np.concatenate((-pull[used] - rows.T @ multiplier, -self.balances.left(flat)))
        target = flat.copy()
        try:
            target[used] += scale[used] * np.linalg.solve(system, right)[: used.size]
        except np.linalg.LinAlgError:  # no step: the straight lines are tried next
            return flat
        return target


def _complement(columns: Floats) -> Floats:
    """Return the combinations of balances in which none of the columns stands."""
    from scipy.linalg import qr

    if not columns.size:
        return np.eye(columns.shape[0])
    q, r, _ = qr(columns, pivoting=True, check_finite=False)
    size = np.abs(np.diag(r))
    found: Floats = q[:, int((size > RANK * size.max()).sum()) :].T
    return found


def _least(matrix: Floats, goal: Floats) -> Floats:
    """Return the least vector that meets the goal; balances that say the same count once."""
    from scipy.linalg import lstsq

    if not matrix.size:
        return np.zeros(matrix.shape[1])
    found: Floats = lstsq(matrix, goal, cond=RANK, lapack_driver="gelsy", check_finite=False)[0]
    return found
