"""What each option adds to the saving of all: in a stated order, and after all the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.interactions import check_shares, log_remainders, used_share
from sxsh_audit.language.formatting import Language

__all__ = ["marginal_savings", "ordered_savings"]


def ordered_savings(
    shares: ArrayLike,
    fractions: ArrayLike,
    order: ArrayLike,
    *,
    use: ArrayLike = 1.0,
    language: Language = "vi",
) -> Floats:
    r"""Contribution of each option when they are carried out in a stated order.

    Parameters
    ----------
    shares : array, shape (..., uses)
        Share of each end use in the use of the resource. [1]
    fractions : array, shape (..., options, uses)
        Part of the end use that the option saves alone. [1]
    order : array of int, shape (carried out,)
        Positions of the options, the first carried out first; one that is not named is not
        carried out.
    use : float or array
        Use of the resource before, of the leading shape; 1 gives fractions.
        [canonical unit/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (..., options)
        What each saves of what those before it left, in the order of `fractions`. [unit of
        `use`] They add up to the combined saving whatever the order.

    Raises
    ------
    RangeError
        As :func:`~sxsh_audit.calc.interactions.combine_savings`.

    Notes
    -----
    .. math:: A_k = E \sum_u w_u s_{ku} \prod_{i \text{ before } k} (1 - s_{iu})

    Examples
    --------
    Two that save half of one end use: the first saves 50, the second half of what is left.

    >>> ordered_savings([1.0], [[0.5], [0.5]], [1, 0], use=100.0)
    array([25., 50.])
    """
    parts, saved = check_shares(shares, language), floats(fractions)
    places = np.asarray(order, dtype=np.intp)
    if places.ndim != 1 or np.unique(places).size != places.size or (places < 0).any():
        raise ValueError(f"order {order!r}: each position once, counted from 0")
    ordered = saved[..., places, :]
    logs = log_remainders(ordered, language=language)
    # Shifted by one and summed anew: a difference of sums would be nan after a removed use.
    before = np.zeros_like(logs)
    np.cumsum(logs[..., :-1, :], axis=-2, out=before[..., 1:, :])
    gains = used_share(parts[..., None, :], np.exp(before) * ordered).sum(axis=-1)
    amounts = gains * floats(use)[..., None]
    found = np.zeros((*amounts.shape[:-1], saved.shape[-2]))
    found[..., places] = amounts
    return found


def marginal_savings(
    shares: ArrayLike,
    fractions: ArrayLike,
    chosen: ArrayLike | None = None,
    *,
    use: ArrayLike = 1.0,
    language: Language = "vi",
) -> Floats:
    r"""Work out what is lost if one option is left out: its saving after all the others.

    Parameters
    ----------
    shares : array, shape (..., uses)
        Share of each end use in the use of the resource. [1]
    fractions : array, shape (..., options, uses)
        Part of the end use that the option saves alone. [1]
    chosen : array, shape (..., options), optional
        How far each option is carried out, 0 to 1; all of them when left out. [1]
    use : float or array
        Use of the resource before, of the leading shape; 1 gives fractions.
        [canonical unit/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (..., options)
        Saving that stands or falls with the option, 0 for one that is not chosen.
        [unit of `use`]

    Raises
    ------
    RangeError
        As :func:`~sxsh_audit.calc.interactions.combine_savings`.

    Notes
    -----
    .. math::

        M_k = E \sum_u w_u \bigl(1 - (1 - s_{ku})^{x_k}\bigr)
              \prod_{i \ne k} (1 - s_{iu})^{x_i}

    Never more than the option saves alone when the others save, and together never more than
    the combined saving then. Cost ÷ this is the payback after the others.

    Examples
    --------
    >>> marginal_savings([1.0], [[0.5], [0.5]], use=100.0)
    array([25., 25.])
    """
    parts = check_shares(shares, language)
    logs = log_remainders(fractions, chosen, language=language)
    ends = np.isneginf(logs)
    finite = np.where(ends, 0.0, logs)
    others = finite.sum(axis=-2, keepdims=True) - finite
    ended = ends.sum(axis=-2, keepdims=True) - ends > 0
    left = np.where(ended, 0.0, np.exp(others))
    gains = used_share(parts[..., None, :], left * -np.expm1(logs)).sum(axis=-1)
    found: Floats = gains * floats(use)[..., None]
    return found
