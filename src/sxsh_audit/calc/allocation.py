"""By which key a centre shares its costs among the flows that leave it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.flow_ends import OUTSIDE, Places, flow_ends, step_sums
from sxsh_audit.language.formatting import Language

__all__ = ["allocation_shares", "mass_shares"]

#: Rounding that a sum of shares may carry.
ROUNDING = 1e-9


def _sources(source: ArrayLike, steps: int, language: Language) -> Places:
    # a flow from outside to outside is no flow: any target inside will do for the check
    start = np.asarray(source).reshape(-1)
    return flow_ends(start, np.zeros(start.size, np.intp), steps, language=language)[0]


def allocation_shares(
    source: ArrayLike,
    key_amount: ArrayLike,
    steps: int,
    stated: ArrayLike | None = None,
    *,
    language: Language = "vi",
) -> Floats:
    r"""Share what a centre holds among the flows that leave it, by a key.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    key_amount : array, shape (…, m)
        Amount of the key in each flow: its mass, its volume, the component that a cost follows;
        ``nan`` is not known. [one unit for the flows of one centre]
    steps : int
        Count of steps.
    stated : array, shape (…, m), optional
        Shares that the plant states; ``nan`` where none is stated. They win, and the others of
        the centre share the rest by the key. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (…, m)
        Share of each flow in what its centre holds; 0 for a flow from outside, ``nan`` where a
        key of the centre is not known or all are 0. [1]

    Raises
    ------
    RangeError
        If a key is negative (see :func:`~sxsh_audit.calc.flow_ends.oriented_flows`), a stated
        share is outside 0 to 1, those of a centre add up to more than 1, or all of a centre are
        stated and leave a rest.

    Notes
    -----
    With keys q, the stated shares s and U the flows of the centre without one,

    .. math:: a_k = \Bigl(1 - \sum_{j \notin U} s_j\Bigr) \frac{q_k}{\sum_{j \in U} q_j}

    Where no rest is left, or only one flow is without a stated share, no key is needed.

    References
    ----------
    .. [1] ISO 14051:2011, Environmental management – Material flow cost accounting – General
       framework.

    Examples
    --------
    >>> allocation_shares([-1, 0, 0], [100.0, 70.0, 30.0], 1)
    array([0. , 0.7, 0.3])
    >>> allocation_shares([0, 0, 0], [60.0, 20.0, 20.0], 1, [np.nan, 0.5, np.nan])
    array([0.375, 0.5  , 0.125])
    """
    start = _sources(source, steps, language)
    key = floats(key_amount)
    refuse("mfca.negative_key", key < 0, key, language)
    said = floats(np.nan if stated is None else stated)
    key, said = np.broadcast_arrays(key, said)
    if key.shape[-1:] != start.shape:
        raise ValueError(f"{start.size} flows with keys of shape {key.shape}")
    if not start.size:
        return key.copy()
    refuse("mfca.share_range", (said < 0) | (said > 1 + ROUNDING), said, language)
    open_flow = np.isnan(said)
    spoken = step_sums(start, np.where(open_flow, 0.0, said), steps)
    refuse("mfca.shares_above_one", spoken > 1 + ROUNDING, spoken, language)
    unstated = step_sums(start, open_flow.astype(np.float64), steps)
    outflows = np.bincount(start[start != OUTSIDE], minlength=steps)
    short = (outflows > 0) & (unstated == 0) & (spoken < 1 - ROUNDING)
    refuse("mfca.shares_below_one", short, spoken, language)
    total = step_sums(start, np.where(open_flow, key, 0.0), steps)
    rest = np.where(np.abs(spoken - 1) <= ROUNDING, 0.0, 1 - spoken)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_key = rest[..., start] * (key / total[..., start])
    by_key = np.where(unstated[..., start] == 1, rest[..., start], by_key)
    by_key = np.where(rest[..., start] == 0, 0.0, by_key)
    found: Floats = np.where(start == OUTSIDE, 0.0, np.where(open_flow, by_key, said))
    return found


def mass_shares(
    source: ArrayLike, amount: ArrayLike, steps: int, *, language: Language = "vi"
) -> Floats:
    """Share what a centre holds by the mass of the flows that leave it.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow leaves; −1 is the outside world.
    amount : array, shape (…, m)
        Mass of each flow; ``nan`` is not known. [t]
    steps : int
        Count of steps.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (…, m)
        Shares, as in :func:`allocation_shares`. [1]

    Raises
    ------
    RangeError
        If a mass is negative.

    Examples
    --------
    >>> mass_shares([0, 0], [70.0, 30.0], 1)
    array([0.7, 0.3])
    """
    return allocation_shares(source, amount, steps, language=language)
