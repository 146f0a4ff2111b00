"""Interactions (tương tác) of options inside the end uses (hộ tiêu thụ) of a resource.

Two options on one boiler save less together than each alone, because the second finds less left
to save: multiplicative inside an end use, additive across end uses. What is saved can therefore
never exceed what is used.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = [
    "CombinedSavings",
    "EndUseFractions",
    "combine_savings",
    "end_use_fractions",
    "log_remainders",
]

#: Rounding that a fraction or a sum of shares may carry above 1.
_ROUNDING = 1e-12


class CombinedSavings(NamedTuple):
    """What options save together, as fractions of the use of one resource.

    Floats, or arrays of the leading shape.
    """

    saving: Any
    """Saved together [1]; ``nan`` where an end use or an amount is not known."""
    low: Any
    """Least that can be saved, whatever the unknown end uses are. [1]"""
    high: Any
    """Most that can be saved, whatever the unknown end uses are. [1]"""
    added: Any
    """Plain sum of what each saves alone [1]: what it is not."""


class EndUseFractions(NamedTuple):
    """Amounts saved as fractions of the end uses. Arrays of one shape."""

    fractions: Floats
    """Saved part of the end use [1]; ``nan`` where there can be none."""
    exceeds: NDArray[np.bool_]
    """Where an option alone saves more than the end use holds, or adds to one without use."""


def log_remainders(
    fractions: ArrayLike, chosen: ArrayLike | None = None, *, language: Language = "vi"
) -> Floats:
    """Logarithm of what each option leaves of each end use, linear in how far it is chosen.

    Parameters
    ----------
    fractions : array, shape (..., options, uses)
        Saved part of the end use, negative where an option uses more. [1]
    chosen : array, shape (..., options), optional
        How far each option is carried out, 0 to 1; all of them when left out. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (..., options, uses)
        x ln(1 − s) [1]: 0 where the option is not chosen, −∞ where it ends the use.

    Raises
    ------
    RangeError
        If a fraction exceeds 1 or is infinite, or `chosen` is outside 0 to 1.

    Notes
    -----
    Sums of these logarithms are exact for tiny savings, where 1 − (1 − s)(1 − t) loses its
    digits. An option that ends a use (s = 1) does so as soon as it is begun.

    Examples
    --------
    >>> log_remainders([[0.5], [1.0]], [1.0, 0.0])
    array([[-0.69314718],
           [ 0.        ]])
    """
    saved = floats(fractions)
    refuse("interactions.fraction", (saved > 1 + _ROUNDING) | np.isinf(saved), saved, language)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs: Floats = np.log1p(-np.minimum(saved, 1.0))
        if chosen is None:
            return logs
        part = floats(chosen)
        refuse("interactions.chosen", ~((part >= 0) & (part <= 1)), part, language)
        scaled: Floats = np.where(part[..., None] == 0, 0.0, part[..., None] * logs)
    return scaled


def check_shares(shares: ArrayLike, language: Language) -> Floats:
    parts = floats(shares)
    refuse("interactions.share", (parts < 0) | np.isinf(parts), parts, language)
    total = np.atleast_1d(np.nansum(parts, axis=-1))
    refuse("interactions.shares_above_one", total > 1 + _ROUNDING, total, language)
    return parts


def used_share(shares: Floats, saved: Floats) -> Floats:
    """Multiply share and saved part; an end use that nothing acts on needs no share."""
    return np.where(saved == 0, 0.0, shares * saved)


def _filled(room: Floats, level: Floats, amount: Floats, *, highest: bool) -> Floats:
    """Return ∫ level over a part `amount` of all room, the lowest or highest level first."""
    order = np.argsort(-level if highest else level, axis=-1, kind="stable")
    rooms = np.take_along_axis(room, order, -1)
    before = np.cumsum(rooms, axis=-1) - rooms
    taken = np.clip(amount[..., None] - before, 0.0, rooms)
    found: Floats = (taken * np.take_along_axis(level, order, -1)).sum(axis=-1)
    return found


def _bounds(
    shares: Floats, left: Floats, unknown: Floats, chosen: Floats
) -> tuple[Floats, Floats]:
    """Bounds of the saving when some end uses are hidden; the proof is in `combine_savings`."""
    leading = np.broadcast_shapes(
        shares.shape[:-1], left.shape[:-1], unknown.shape[:-1], chosen.shape[:-1]
    )
    uses = shares.shape[-1]
    room = np.empty((*leading, uses + 1))
    room[..., :uses] = shares
    room[..., uses] = np.maximum(1.0 - shares.sum(axis=-1), 0.0)  # what no end use names
    level = np.ones_like(room)
    level[..., :uses] = left
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(chosen == 0, 0.0, -np.expm1(chosen * np.log1p(-np.minimum(unknown, 1.0))))
    begun = np.where(chosen == 0, 0.0, unknown)
    largest = np.maximum(part, 0.0).max(axis=-1, initial=0.0)
    together = np.minimum(np.maximum(begun, 0.0).sum(axis=-1), 1.0)
    loads = np.maximum(-part, 0.0).sum(axis=-1)  # what the options that use more add at most
    whole = np.where((begun < 0) & (chosen == 1), -begun, 0.0).sum(axis=-1)
    there = np.where(room > 0, level, np.nan)
    most = np.fmax.reduce(there, axis=-1, initial=1.0)
    least = np.where(together > 0, 0.0, np.fmin.reduce(there, axis=-1, initial=1.0))
    used = (room * level).sum(axis=-1)
    shape = used.shape
    largest, together = np.broadcast_to(largest, shape), np.broadcast_to(together, shape)
    low = 1.0 - used + _filled(room, level, largest, highest=False) - loads * most
    high = 1.0 - used + _filled(room, level, together, highest=True) - whole * least
    lost = np.isnan(room).any(-1) | np.isnan(level).any(-1) | np.isnan(begun).any(-1)
    return np.where(lost, np.nan, low), np.where(lost, np.nan, np.minimum(high, 1.0))


def combine_savings(
    shares: ArrayLike,
    fractions: ArrayLike,
    chosen: ArrayLike | None = None,
    *,
    unknown: ArrayLike | None = None,
    language: Language = "vi",
) -> CombinedSavings:
    r"""Combine the savings of options on one resource by its end uses.

    Parameters
    ----------
    shares : array, shape (..., uses)
        Share of each end use in the use of the resource, together at most 1; the rest is left
        untouched. [1]
    fractions : array, shape (..., options, uses)
        Part of the end use that the option saves alone, at most 1; negative where it uses
        more. [1]
    chosen : array, shape (..., options), optional
        How far each option is carried out, 0 to 1; all of them when left out. [1]
    unknown : array, shape (..., options), optional
        Part of the whole use that the option saves in end uses that are not known; it adds to
        `fractions`, which are 0 where all of the saving is so. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    CombinedSavings
        ``saving``, its bounds ``low`` and ``high`` (equal to it where all end uses are known),
        and the plain sum ``added``.

    Raises
    ------
    RangeError
        If a fraction exceeds 1 or is infinite, a share is negative, shares add up to more than
        1, or `chosen` is outside 0 to 1.

    Notes
    -----
    .. math:: T = \sum_u w_u \Bigl(1 - \prod_i (1 - s_{iu})^{x_i}\Bigr)

    A saving that is not known (``nan``) leaves the result unknown; an option that is not chosen
    and the share of an end use on which nothing acts need not be known.

    *Bounds.* Let ρ(u) be what the known options leave of the end use u, 1 on the rest. An option
    of unknown end use saves a part e(u) between 0 and 1 somewhere, with the integral f.
    At least the largest of them is saved: :math:`\prod(1 - e_i) \le 1 - e_m`, least where ρ is
    lowest; it is no more when the others act on the very same end use, which the largest
    removes. At most the sum, and never more than all: :math:`\prod(1 - e_i) \ge 1 - \sum e_i`,
    most where ρ is highest. Both are reached. One that uses more (f < 0) adds a load of −f,
    on which other options may act wholly or not at all; two such loads are separate
    equipment and do not enlarge each other (otherwise there would be no lower bound). An option
    of unknown end use either saves or uses more, not both in different places. Carried out in
    part (x below 1), it saves at least 1 − (1 − f)^x and at most f.

    Examples
    --------
    Boiler −10 % of 60 % and lighting −10 % of 40 % save 10 %, not 20 or 19 %:

    >>> found = combine_savings([0.6, 0.4], [[0.1, 0.0], [0.0, 0.1]])
    >>> round(found.saving, 12)
    0.1

    Two of 30 % and 20 % of the whole, nobody knows where:

    >>> found = combine_savings([], np.empty((2, 0)), unknown=[0.3, 0.2])
    >>> found.saving, round(found.low, 12), round(found.high, 12)
    (nan, 0.3, 0.5)
    """
    parts = check_shares(shares, language)
    saved = floats(fractions)
    if saved.ndim < 2 or saved.shape[-1] != parts.shape[-1]:
        raise ValueError(
            f"shares {parts.shape} with fractions {saved.shape}: shares (…, uses), "
            "fractions (…, options, uses)"
        )
    logs = log_remainders(saved, chosen, language=language)
    total = logs.sum(axis=-2)
    saving = used_share(parts, -np.expm1(total)).sum(axis=-1)
    degree = np.ones(saved.shape[-2]) if chosen is None else floats(chosen)
    alone = np.where(degree[..., None] == 0, 0.0, degree[..., None] * saved)
    added = used_share(parts[..., None, :], alone).sum(axis=(-2, -1))
    if unknown is None:
        return CombinedSavings(*(plain(each) for each in (saving, saving, saving, added)))
    hidden = floats(unknown)
    refuse("interactions.fraction", (hidden > 1 + _ROUNDING) | np.isinf(hidden), hidden, language)
    begun = np.where(degree == 0, 0.0, hidden)
    added = added + np.where(degree == 0, 0.0, degree * hidden).sum(axis=-1)
    low, high = _bounds(parts, np.exp(total), hidden, degree)
    settled = (begun == 0).all(axis=-1)
    low, high = np.where(settled, saving, low), np.where(settled, saving, high)
    saving = np.where(settled, saving, np.nan)
    return CombinedSavings(*(plain(each) for each in (saving, low, high, added)))


def end_use_fractions(
    use: ArrayLike,
    shares: ArrayLike,
    amounts: ArrayLike,
    *,
    refuse_excess: bool = True,
    language: Language = "vi",
) -> EndUseFractions:
    """Turn amounts saved per end use into fractions of the end uses.

    Parameters
    ----------
    use : float or array
        Use of the resource before, of the leading shape. [canonical unit/year]
    shares : array, shape (..., uses)
        Share of each end use in it. [1]
    amounts : array, shape (..., options, uses)
        What each option saves alone of each end use, negative where it uses more.
        [unit of `use`]
    refuse_excess : bool
        Whether to refuse an amount that exceeds its end use; otherwise it is marked. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    EndUseFractions
        ``fractions`` [1] and the mask ``exceeds``.

    Raises
    ------
    RangeError
        If an option alone saves more than the end use holds or adds to one that holds nothing
        (and `refuse_excess`), if the use is negative, or a share is.

    Notes
    -----
    An amount added where nothing was used is no fraction of it: give it as part of the whole
    use (`unknown` of :func:`combine_savings`).

    Examples
    --------
    >>> end_use_fractions(1000.0, [0.6, 0.4], [[60.0, 0.0], [0.0, 40.0]]).fractions
    array([[0.1, 0. ],
           [0. , 0.1]])
    """
    whole, parts, saved = floats(use), check_shares(shares, language), floats(amounts)
    refuse("interactions.use", (whole < 0) | np.isinf(whole), whole, language)
    held = (whole[..., None] * parts)[..., None, :]
    held, saved = np.broadcast_arrays(held, saved)
    exceeds = (saved > held * (1 + _ROUNDING)) | ((held == 0) & (saved != 0) & ~np.isnan(saved))
    if refuse_excess:
        refuse("interactions.exceeds", exceeds, saved, language)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(saved == 0, 0.0, saved / held)
    return EndUseFractions(np.where(exceeds, np.nan, np.minimum(ratio, 1.0)), exceeds)
