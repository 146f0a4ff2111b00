"""Flows between the steps of a plant, and whether what enters a step leaves it.

Steps are numbered from 0; the outside world is −1. A flow goes from its source to its target; a
negative amount (a stock that was drawn down) goes the other way. One layer (mass, volume, energy,
one component) is looked at at a time.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, plain, refuse, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = [
    "ROUNDING",
    "ClosureStatus",
    "Closures",
    "Ends",
    "closures",
    "ends",
    "incidence",
    "plant_closure",
]

Indices = NDArray[np.intp]

#: Rounding that a closed balance may leave, as a part of the largest flow of the layer.
ROUNDING = 1e-9


class Ends(NamedTuple):
    """Ends of the flows, checked."""

    source: Indices
    """Step that a flow leaves, −1 from outside, shape (m,)."""
    target: Indices
    """Step that it enters, −1 to the outside, shape (m,)."""
    steps: int
    """Count of steps n."""


class ClosureStatus(StrEnum):
    """Whether a balance closes; the position is the code."""

    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "unknown"
    ONE_SIDED = "one_sided"
    EMPTY = "empty"


_CLOSED, _OPEN, _UNKNOWN, _ONE_SIDED, _EMPTY = np.arange(5, dtype=np.int8)


class Closures(NamedTuple):
    """Balance of each step, shape (…, steps), or of the plant, shape (…)."""

    inflow: Any
    """Σ of what enters; a negative outflow enters. ``nan`` where a flow is not known. [unit]"""
    outflow: Any
    """Σ of what leaves; a negative inflow leaves. [unit]"""
    unaccounted: Any
    """Inflow − outflow: above 0 where more enters than is seen to leave. [unit]"""
    tolerance: Any
    """How far from 0 it may be by the errors of the flows; ``nan`` where an error is not known.
    [unit]"""
    share: Any
    """Unaccounted ÷ inflow [1]; ``nan`` where nothing enters."""
    status: Any
    """:class:`ClosureStatus`: ``closed``, ``open``, ``unknown`` (a flow is not known, or an error
    that would decide), ``one_sided`` (nothing enters or nothing leaves: a flow is missing from
    the sheet), ``empty`` (nothing flows)."""


def ends(
    source: ArrayLike, target: ArrayLike, steps: int, *, language: Language = "vi"
) -> Ends:
    """Check where the flows begin and end.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    steps : int
        Count of steps n.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Ends
        The two arrays and the count.

    Raises
    ------
    RangeError
        If an end is no step, or a flow begins where it ends; it names the positions.
    ValueError
        If the arrays do not have one and the same length.

    Examples
    --------
    >>> ends([-1, 0], [0, -1], 1).target
    array([ 0, -1])
    """
    begin, end = np.asarray(source), np.asarray(target)
    if begin.ndim != 1 or begin.shape != end.shape:
        raise ValueError(f"source and target must be of one length, not {begin.shape}, {end.shape}")
    both = np.stack((begin, end)).astype(np.intp) if begin.size else np.empty((2, 0), np.intp)
    wrong = (both != np.stack((begin, end))) | (both < -1) | (both >= steps)
    strange = np.where(wrong[0], begin, end)
    refuse("balance.no_step", wrong.any(axis=0), strange, language, last=steps - 1)
    refuse("balance.same_ends", both[0] == both[1], both[0], language)
    return Ends(both[0], both[1], steps)


def _touching(at: Indices, steps: int) -> Any:
    """Return the steps × flows matrix with 1 where a flow has this end at a step."""
    from scipy.sparse import csr_array

    inside = np.flatnonzero(at >= 0)
    return csr_array((np.ones(inside.size), (at[inside], inside)), shape=(steps, at.size))


def incidence(
    source: ArrayLike, target: ArrayLike, steps: int, *, language: Language = "vi"
) -> Any:
    """Return the signed incidence of the flows with the steps.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    steps : int
        Count of steps n.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    scipy.sparse.csr_array
        A of shape (n, m): +1 where a flow enters a step, −1 where it leaves one. A x is what each
        step keeps of the amounts x.

    Raises
    ------
    RangeError
        If an end is no step, or a flow begins where it ends.

    Examples
    --------
    >>> incidence([-1, 0, 0], [0, 1, -1], 2).toarray()
    array([[ 1., -1., -1.],
           [ 0.,  1.,  0.]])
    """
    found = ends(source, target, steps, language=language)
    return _touching(found.target, steps) - _touching(found.source, steps)


def _sums(matrix: Any, values: Floats) -> Floats:
    """Return Σ of the flows at each step: shape (…, m) → (…, steps)."""
    flat = values.reshape(int(np.prod(values.shape[:-1])), values.shape[-1])
    found: Floats = (matrix @ flat.T).T.reshape(*values.shape[:-1], matrix.shape[0])
    return found


def closures(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    steps: int,
    sd: ArrayLike | None = None,
    *,
    relative: float = ROUNDING,
    confidence: float = 0.95,
    language: Language = "vi",
) -> Closures:
    r"""Balance every step: what enters less what leaves.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world. A stock change goes from its step to
        −1: closing − opening.
    amount : array, shape (…, m)
        Amount of each flow in one layer; ``nan`` where it is not known. [one unit, e.g. t]
    steps : int
        Count of steps n.
    sd : float or array, shape (…, m), optional
        Standard deviations of the amounts, their errors independent; ``nan`` where not known.
        Without it only rounding is allowed for. [same unit]
    relative : float
        Least tolerance as a part of the largest flow of the layer. [1]
    confidence : float
        Coverage of the tolerance that follows from `sd`, such as 0.95. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Closures
        Each of shape (…, n). The unaccounted parts of all steps add up to that of the plant.

    Raises
    ------
    RangeError
        If an end is no step, a flow begins where it ends, or a standard deviation is negative.
    ValueError
        If `confidence` is not between 0 and 1.

    Notes
    -----
    .. math:: u_i = \sum_{in} x_k - \sum_{out} x_k, \qquad
       t_i = \max(z \sqrt{\sum_k \sigma_k^2},\; r \max_k |x_k|)

    with z = 1.96 for 95 %. A rounding term that scales with the largest flow of the layer calls
    neither a balance in grams open nor one in kilotonnes closed. A missing error widens a
    tolerance by nobody knows how much: what lies within the known part of it is closed all the
    same, what lies beyond is ``unknown``.

    References
    ----------
    .. [1] flodym, ``MFASystem.check_mass_balance``: a tolerance that scales with the largest flow.

    Examples
    --------
    100 t enter, 90 t of product and 7 t of waste leave, all known to 2 t:

    >>> found = closures([-1, 0, 0], [0, -1, -1], [100.0, 90.0, 7.0], 1, 2.0)
    >>> found.unaccounted, found.share, found.tolerance.round(2), found.status
    (array([3.]), array([0.03]), array([6.79]), Coded(['closed']))
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    begin, end, _ = ends(source, target, steps, language=language)
    values = floats(amount)
    leaving, entering = _touching(begin, steps), _touching(end, steps)
    along, against = np.maximum(values, 0.0), np.maximum(-values, 0.0)
    inflow = _sums(entering, along) + _sums(leaving, against)
    outflow = _sums(leaving, along) + _sums(entering, against)
    # not inflow − outflow of sums that a negative amount has swollen
    unaccounted = _sums(entering - leaving, values)

    sizes = np.where(np.isnan(values), 0.0, np.abs(values))
    least = relative * sizes.max(axis=-1, initial=0.0)[..., None]
    tolerance, known_part = np.broadcast_to(least, inflow.shape), least
    if sd is not None:
        errors = np.broadcast_to(floats(sd), values.shape)
        refuse_negative(errors, "sd", language)
        z = float(ndtri(0.5 + confidence / 2))
        at = entering + leaving
        tolerance = np.maximum(least, z * np.sqrt(_sums(at, errors * errors)))
        sure = np.where(np.isnan(errors), 0.0, errors)
        known_part = np.maximum(least, z * np.sqrt(_sums(at, sure * sure)))

    degree = np.diff((entering + leaving).indptr)
    apart = np.abs(unaccounted)
    codes = np.full(inflow.shape, _UNKNOWN)
    codes[apart > tolerance] = _OPEN
    codes[apart <= known_part] = _CLOSED
    codes[((inflow == 0) != (outflow == 0)) & ~np.isnan(inflow)] = _ONE_SIDED
    codes[..., degree == 1] = _ONE_SIDED
    codes[(inflow == 0) & (outflow == 0)] = _EMPTY
    share = unaccounted / np.where(inflow == 0, np.nan, inflow)
    return Closures(
        inflow, outflow, unaccounted, np.array(tolerance), share, Coded(codes, ClosureStatus)
    )


def plant_closure(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    steps: int,
    sd: ArrayLike | None = None,
    *,
    relative: float = ROUNDING,
    confidence: float = 0.95,
    language: Language = "vi",
) -> Closures:
    """Balance the whole plant as one step: what passes between its steps does not matter.

    Parameters
    ----------
    source, target : array of int, shape (m,)
        Ends of each flow; −1 is the outside world.
    amount : array, shape (…, m)
        Amount of each flow in one layer; ``nan`` where it is not known. [one unit, e.g. t]
    steps : int
        Count of steps n.
    sd : float or array, shape (…, m), optional
        Standard deviations of the amounts. [same unit]
    relative : float
        Least tolerance as a part of the largest flow that crosses the fence. [1]
    confidence : float
        Coverage of the tolerance that follows from `sd`. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Closures
        Each of shape (…): floats of one layer.

    Raises
    ------
    RangeError
        As :func:`closures`.

    Examples
    --------
    >>> found = plant_closure([-1, 0, 1], [0, 1, -1], [100.0, float("nan"), 80.0], 2)
    >>> found.unaccounted, found.status
    (20.0, <ClosureStatus.OPEN: 'open'>)
    """
    begin, end, _ = ends(source, target, steps, language=language)
    fence = (begin < 0) | (end < 0)
    values = floats(amount)
    errors = None if sd is None else np.broadcast_to(floats(sd), values.shape)[..., fence]
    found = closures(
        np.minimum(begin[fence], 0), np.minimum(end[fence], 0), values[..., fence], 1, errors,
        relative=relative, confidence=confidence, language=language,
    )  # fmt: skip
    inflow, outflow, unaccounted, tolerance, share = (plain(each[..., 0]) for each in found[:-1])
    return Closures(inflow, outflow, unaccounted, tolerance, share, found.status[..., 0])
