"""All rates at which flows of several sign changes have no net present value.

Write u = log(1 + r) and f(u) = Σ c_t e^(−ut). By Descartes' rule f has at most as many roots as
the flows have sign changes. Differentiating e^(su) f(u) with s between the two flows of one sign
change removes that change and no other, so a chain of as many functions as there are changes ends
at one without a root. By Rolle's theorem the roots of each function part the line into pieces in
which the function above it, times its e^(su), is monotone: one root where the ends differ in sign,
none elsewhere. No root is missed or invented, whatever the count of years; only where the sum
touches 0 within rounding is it a matter of rounding, and that counts as one root.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.calc.domain import Floats

__all__ = ["all_roots", "between", "root_bounds", "sign_changes"]

#: Bisections and secant steps per root; 64 halvings exhaust a float.
_STEPS = 200

_EPS = float(np.finfo(float).eps)


def _filled_signs(flows: Floats) -> NDArray[np.int8]:
    """Signs of the flows, zeros taking the sign before them (leading zeros stay 0)."""
    place = np.where(flows != 0, np.arange(flows.shape[-1]), 0)
    last = np.maximum.accumulate(place, axis=-1)
    return np.take_along_axis(np.sign(flows), last, axis=-1).astype(np.int8)


def sign_changes(flows: Floats) -> NDArray[np.bool_]:
    """Mark the flows whose sign differs from the flow before them, zeros left out.

    Parameters
    ----------
    flows : array, shape (rows, years + 1)
        Cash flows. [money]

    Returns
    -------
    array of bool, shape (rows, years + 1)
        ``True`` at the first flow of each new sign.
    """
    signs = _filled_signs(flows)
    changes = np.zeros(flows.shape, bool)
    changes[:, 1:] = signs[:, 1:] * signs[:, :-1] < 0
    return changes


def _value(flows: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Return the sums of rows at u and those of the sizes of their terms, over the largest power.

    Horner's rule runs from the end at which powers shrink, so nothing overflows: for u < 0 it
    gives f(u) e^(nu), which has the sign of f(u).
    """
    backwards = at < 0
    factor = np.exp(-np.abs(at))
    total, size = np.zeros(at.shape), np.zeros(at.shape)
    for year in range(flows.shape[1]):
        flow = np.where(backwards, flows[:, year], flows[:, -1 - year])
        total = total * factor + flow
        size = size * factor + np.abs(flow)
    return total, size


def _scaled(flows: Floats) -> Callable[[NDArray[np.intp], Floats], Floats]:
    """Return sums on one scale: those of :func:`_value` are over different powers at each u."""

    def value_at(rows: NDArray[np.intp], at: Floats) -> Floats:
        value, size = _value(flows[rows], at)
        return value / size

    return value_at


def root_bounds(flows: Floats) -> tuple[Floats, Floats]:
    """Bounds of u beyond which the last, or the first, flow outweighs all others (Fujiwara).

    Parameters
    ----------
    flows : array, shape (rows, years + 1)
        Cash flows, not all 0 in any row. [money]
    """
    years = np.arange(flows.shape[1])
    there = flows != 0
    first = np.argmax(there, axis=1)
    last = flows.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    rows = np.arange(flows.shape[0])
    size = np.log(np.abs(flows))  # −inf where there is no flow
    after, ahead = years - first[:, None], last[:, None] - years
    high = (size - size[rows, first][:, None]) / np.where(after > 0, after, 1)
    low = (size - size[rows, last][:, None]) / np.where(ahead > 0, ahead, 1)
    high = np.where(after > 0, high, -np.inf).max(axis=1)
    low = np.where(ahead > 0, low, -np.inf).max(axis=1)
    # A little beyond log 2: at the bound itself both sides may balance.
    return -(low + 0.7), high + 0.7


def between(
    value_at: Callable[[NDArray[np.intp], Floats], Floats],
    low: Floats,
    high: Floats,
    sign_low: Floats,
) -> Floats:
    """Roots between points of opposite sign, by false position with a guarded halving.

    Parameters
    ----------
    value_at : callable
        Takes the positions of brackets and a point in each, returns the values there on one
        scale.
    low, high : array, shape (brackets,)
        Ends of the brackets. [1]
    sign_low : array, shape (brackets,)
        Sign at the lower ends. [1]
    """
    low, high = low.copy(), high.copy()
    at_low, at_high = np.zeros(low.shape), np.zeros(low.shape)  # 0: not worked out yet
    root = 0.5 * (low + high)
    active = np.arange(root.size)
    for step in range(_STEPS):
        if not active.size:
            break
        a, b = low[active], high[active]
        middle = 0.5 * (a + b)
        fa, fb = at_low[active], at_high[active]
        if step % 3:  # two steps by the chord (Illinois), then a halving
            chord = b - fb * (b - a) / (fb - fa)
            guess = np.where((fa * fb < 0) & (chord > a) & (chord < b), chord, middle)
        else:
            guess = middle
        value = value_at(active, guess)
        left = np.sign(value) == sign_low[active]
        low[active] = np.where(left, guess, a)
        high[active] = np.where(left, b, guess)
        at_low[active] = np.where(left, value, 0.5 * fa)
        at_high[active] = np.where(left, 0.5 * fb, value)
        root[active] = guess
        width = high[active] - low[active]
        tiny = 2 * _EPS * np.maximum(np.abs(guess), _EPS)
        done = (value == 0) | (width <= tiny) | (guess == a) | (guess == b)
        active = active[~done]
    return root


def all_roots(flows: Floats) -> Floats:
    """Return every root of rows that have the same count of sign changes.

    Parameters
    ----------
    flows : array, shape (rows, years + 1)
        Finite cash flows with k sign changes in every row, k at least 1. [money]

    Returns
    -------
    array, shape (rows, k)
        Roots u = log(1 + r), ascending, ``nan``-padded.
    """
    changes = sign_changes(flows)
    count = int(changes[0].sum())
    years = np.arange(flows.shape[1], dtype=float)
    flows = flows / np.abs(flows).max(axis=1, keepdims=True)
    chain = [flows]
    # Places of the changes, halfway between the last flow of one sign and the next one.
    where = np.nonzero(changes)[1].reshape(-1, count)
    for level in range(count - 1):
        pivot = where[:, level] - 0.5
        chain.append(chain[-1] * (years - pivot[:, None]))
        chain[-1] /= np.abs(chain[-1]).max(axis=1, keepdims=True)
    rows = flows.shape[0]
    roots = np.full((rows, 0), np.nan)
    for function in reversed(chain):
        low, high = root_bounds(function)
        first = np.sign(np.take_along_axis(
            function, np.argmax(function != 0, axis=1)[:, None], axis=1))[:, 0]  # fmt: skip
        back = function[:, ::-1]
        last = np.sign(np.take_along_axis(
            back, np.argmax(back != 0, axis=1)[:, None], axis=1))[:, 0]  # fmt: skip
        # Points: below everything, the turning points (missing ones at the end), above.
        points = np.concatenate([low[:, None], roots, high[:, None]], axis=1)
        known = ~np.isnan(points)
        points = np.where(known, points, high[:, None])
        points[:, 1:-1] = np.clip(points[:, 1:-1], low[:, None], high[:, None])
        signs = np.empty(points.shape)
        signs[:, 0], signs[:, -1] = last, first
        touch = np.zeros(points.shape, bool)
        for place in range(1, points.shape[1] - 1):
            value, size = _value(function, points[:, place])
            small = np.abs(value) <= 4 * _EPS * function.shape[1] * size
            inner = known[:, place] & (points[:, place] > low) & (points[:, place] < high)
            touch[:, place] = small & inner
            signs[:, place] = np.where(inner, np.sign(value), np.where(
                points[:, place] >= high, first, last))  # fmt: skip
            signs[:, place] = np.where(touch[:, place], 0.0, signs[:, place])
        found = np.full((rows, 2 * points.shape[1] - 1), np.nan)
        found[:, ::2] = np.where(touch, points, np.nan)
        for place in range(points.shape[1] - 1):
            open_ = np.flatnonzero(signs[:, place] * signs[:, place + 1] < 0)
            if open_.size:
                found[open_, 2 * place + 1] = between(
                    _scaled(function[open_]), points[open_, place], points[open_, place + 1],
                    signs[open_, place],
                )  # fmt: skip
        found.sort(axis=1)  # nan last
        roots = found[:, : max(int((~np.isnan(found)).sum(axis=1).max(initial=0)), 1)]
    return roots
