"""Which meter is wrong: tests of single measurements, and what they cannot tell apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sxsh_audit.calc.domain import Floats

__all__ = ["Suspect", "alike_sets", "critical_value", "suspects_in_order"]

Indices = NDArray[np.intp]

#: Two statistics nearer than this part of the larger are a tie.
TIE = 1e-9


class Suspect(NamedTuple):
    """A measurement that the balances contradict."""

    flow: int
    """Its place among the flows."""
    z: float
    """Adjustment ÷ standard deviation of the adjustment; below 0 where the meter shows too much.
    [1]"""
    critical: float
    r"""What \|z\| was compared with. [1]"""
    statistic: float
    """Global test before it was looked at: Σ (adjustment ÷ sd)². [1]"""
    p: float
    """Probability of as much or more by chance. [1]"""
    alike: tuple[int, ...]
    """The flows that look as wrong as this one, itself among them: one of them is."""
    last: bool
    """Whether its set hangs on one single balance: without it nothing is tested there."""


def critical_value(level: float, tests: int) -> float:
    r"""Return what the largest of several normal statistics stays below by chance.

    Parameters
    ----------
    level : float
        Probability of a false alarm in any of the tests, such as 0.05. [1]
    tests : int
        Count of tests.

    Returns
    -------
    float
        Critical value of \|z\|; infinite without a test.

    Raises
    ------
    ValueError
        If `level` is not between 0 and 1.

    Notes
    -----
    Šidák's correction: :math:`\Phi^{-1}(1 - \beta / 2)` with
    :math:`\beta = 1 - (1 - \alpha)^{1/k}`. It is exact for independent statistics and on the safe
    side for others.

    References
    ----------
    .. [1] Mah & Tamhane, "Detection of gross errors in process data", AIChE Journal 28 (1982)
       828–830.
    .. [2] Šidák, "Rectangular confidence regions for the means of multivariate normal
       distributions", Journal of the American Statistical Association 62 (1967) 626–633.

    Examples
    --------
    >>> round(critical_value(0.05, 1), 3), round(critical_value(0.05, 7), 3)
    (1.96, 2.683)
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level!r}")
    if not tests:
        return float("inf")
    # log1p and expm1: of many tests β is as small as the rounding of 1
    tail = -np.expm1(np.log1p(-level) / tests) / 2
    return float(-ndtri(tail))


def alike_sets(pairs: Indices, flows: Indices) -> list[tuple[int, ...]]:
    r"""Group the redundant flows that no test of a balance can tell apart.

    Parameters
    ----------
    pairs : array of int, shape (q, 2)
        The two balances that each redundant flow joins.
    flows : array of int, shape (q,)
        Places of the redundant flows.

    Returns
    -------
    list of tuple of int
        All sets, those of a single flow too, in the order of their first flows.

    Notes
    -----
    Flows between the same two balances enter every constraint with the same coefficient, up to
    the sign: an error of one looks as an error of any other, and their \|z\| are equal. After
    the unmeasured flows are out, that can be read from the drawing.

    Examples
    --------
    >>> alike_sets(np.array([[0, 1], [1, 2], [0, 1]]), np.array([3, 5, 8]))
    [(3, 8), (5,)]
    """
    found: dict[tuple[int, int], list[int]] = {}
    for (one, other), flow in zip(pairs.tolist(), flows.tolist(), strict=True):
        found.setdefault((one, other), []).append(flow)
    return sorted(tuple(sorted(flows)) for flows in found.values())


def _by_size(flows: Indices, *keys: Floats) -> list[int]:
    """Sort by the first key, the largest first; ties by the next ones, in the end by place."""
    if not keys:
        return sorted(flows.tolist())
    flows = flows[np.argsort(-keys[0][flows], kind="stable")]
    worth = keys[0][flows]
    # inf − inf: two amounts of 0 that were moved
    apart = (worth[1:] < worth[:-1] * (1 - TIE)) & (worth[1:] != worth[:-1])
    ties = np.split(flows, np.flatnonzero(apart) + 1)
    return [each for tie in ties for each in (_by_size(tie, *keys[1:]) if len(tie) > 1 else tie)]


def suspects_in_order(
    z: Floats, critical: float, adjustment: Floats, measured: Floats
) -> list[int]:
    r"""Put the measurements that fail their test in the order in which they are suspected.

    Parameters
    ----------
    z : array, shape (m,)
        Measurement test; ``nan`` where there is none. [1]
    critical : float
        Critical value of \|z\|. [1]
    adjustment : array, shape (m,)
        Reconciled − measured. [unit]
    measured : array, shape (m,)
        Measured amounts. [same unit]

    Returns
    -------
    list of int
        Places of the flows.

    Notes
    -----
    The largest \|z\| first. Where two are equal (to 1e-9 of the larger), the larger adjustment
    relative to what was measured, then the larger amount, and only then the lower place: the order
    of the rows decides between flows that have the same numbers.

    Examples
    --------
    >>> suspects_in_order(np.array([3.0, -4.0, 1.0, 4.0]), 2.0, np.array([1.0, -1.0, 0.1, 2.0]),
    ...                   np.array([10.0, 10.0, 10.0, 10.0]))
    [3, 1, 0]
    """
    size = np.abs(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(measured == 0, np.inf, np.abs(adjustment) / np.abs(measured))
    failed = np.flatnonzero(size > critical)
    return [int(flow) for flow in _by_size(failed, size, relative, np.abs(measured))]
