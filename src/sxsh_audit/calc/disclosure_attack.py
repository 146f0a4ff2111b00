"""What a reader of published tables can work out of the cells that are not published."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats

__all__ = ["Reader"]

Flags = NDArray[np.bool_]

_ZERO = 1e-7
"""Weights and moves below this are rounding: the system holds only 0 and 1."""


class _Ends(NamedTuple):
    """The least and the most that a target may move, and what holds it there."""

    low: float
    high: float
    moves: Floats
    """Move of each atom at both ends; shape (atoms, 2)."""
    held_by: Flags
    """Published cells that hold an end."""


class Reader:
    """A reader who knows every published cell, and of what each cell is made.

    Parameters
    ----------
    members : array of bool, shape (cells, atoms)
        Which atoms a cell is made of.
    amounts : array, shape (atoms,)
        What the atoms hold; if nothing of it is below 0, the reader knows that.
    whole : bool
        Whether the amounts are counts: then the reader knows that they are whole numbers and
        that a withheld cell holds at least one.
    width : float
        Least width of what the reader may find for a sum, as a part of it. [1]

    Notes
    -----
    A cell t is worked out exactly where t = Σ w p over published cells p. Where amounts are not
    below 0 the reader also knows min and max of t·x over all x ≥ 0 with p·x as published. A
    *witness* is another state x′ that no published cell shows: while one stands, nothing has to
    be solved again.
    """

    def __init__(
        self, members: Flags, amounts: Floats, *, whole: bool, width: float
    ) -> None:
        self.members, self.amounts = members.astype(float), amounts
        self.whole, self.width = whole, width
        self.bounded = bool((amounts >= 0).all())
        self._witness: dict[bytes, Floats] = {}

    def exposed(self, target: Floats, published: Flags) -> NDArray[np.intp] | None:
        """Return the published cells by which `target` is found out; None where it is not.

        Parameters
        ----------
        target : array, shape (atoms,)
            1 for each atom of what has to stay unknown. [-]
        published : array of bool, shape (cells,)
            Which cells are published.
        """
        known = self.members[published]
        key = target.tobytes()
        witness = self._witness.get(key)
        # The solver keeps to its equations within 1e-7.
        if witness is not None and (np.abs(known @ witness) <= 10 * _ZERO).all():
            return None
        places = np.flatnonzero(published)
        if len(places):
            weights = np.linalg.lstsq(known.T, target, rcond=None)[0]
            if np.abs(known.T @ weights - target).max() <= _ZERO:
                used: NDArray[np.intp] = places[np.abs(weights) > _ZERO]
                return used
        if not self.bounded:
            return None
        ends = self._ends(target, published)
        if ends is not None and self._open(ends):
            moves = ends.moves
            if self.whole and not np.allclose(moves, np.rint(moves), atol=10 * _ZERO):
                whole = self._ends(target, published, integers=True)
                moves = np.zeros_like(moves) if whole is None else np.rint(whole.moves)
            if not self.whole or np.abs(target @ moves).max() > _ZERO:
                self._witness[key] = moves
                return None
        held = np.zeros(len(places), bool) if ends is None else ends.held_by
        near = held if held.any() else (known @ target) > 0
        return places[near] if near.any() else places

    def _open(self, ends: _Ends) -> bool:
        """Whether what the reader finds is wide enough."""
        if self.whole:
            return ends.low <= -1 + _ZERO or ends.high >= 1 - _ZERO
        return ends.high - ends.low > max(self.width, _ZERO)

    def _ends(
        self, target: Floats, published: Flags, *, integers: bool = False
    ) -> _Ends | None:
        """Follow the reader to the least and the most that the target may be."""
        from scipy.optimize import linprog

        mine = float(target @ self.amounts)
        usual = self.amounts[self.amounts > 0]
        unit = 1.0 if self.whole else mine or float(usual.mean() if usual.size else 1.0)
        # A step of two wholes (or of the cell itself) each way is enough to tell, and keeps the
        # numbers near 1.
        step = 2.0 if self.whole else 1.0
        lower = -np.minimum(self.amounts / unit, step)
        known, hidden = self.members[published], self.members[~published]
        problem: dict[str, Any] = {
            "bounds": np.column_stack([lower, np.full(len(lower), step)]), "method": "highs",
            "integrality": np.full(len(lower), int(integers)),
        }  # fmt: skip
        if len(known):
            problem |= {"A_eq": known, "b_eq": np.zeros(len(known))}
        if self.whole and len(hidden):
            problem |= {"A_ub": -hidden, "b_ub": hidden @ self.amounts - 1}
        ends, used = [], np.zeros(len(known), bool)
        for sign in (1.0, -1.0):
            found = linprog(sign * target, **problem)
            if found.status != 0:  # not solved: never to be taken for safe
                return None
            if len(known) and not integers:
                used |= np.abs(found.eqlin.marginals) > _ZERO
            ends.append(found.x)
        low, high = (float(target @ end) for end in ends)
        return _Ends(low, high, np.column_stack(ends), used)
