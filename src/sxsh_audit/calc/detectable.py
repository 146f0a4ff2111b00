"""The smallest saving that the data can show, and which figure to mend to see a smaller one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, plain, refuse_negative
from sxsh_audit.calc.student_t import refuse_confidence, t_quantile
from sxsh_audit.language.formatting import Language

__all__ = ["Narrowing", "minimum_detectable_saving", "narrowing", "rows_needed"]


class Narrowing(NamedTuple):
    """What knowing one figure exactly would do to the interval."""

    name: str
    """The figure, as named in the components."""
    variance: float
    """Its part of the variance. [as given]"""
    share: float
    """Part of the whole variance. [1]"""
    narrower: float
    """Part by which the half width would shrink without it: 0.3 makes ± 3 points ± 2.1. [1]"""


def minimum_detectable_saving(
    sd: ArrayLike,
    confidence: float = 0.9,
    power: float = 0.8,
    dof: ArrayLike = np.inf,
    *,
    language: Language = "vi",
) -> Any:
    r"""Smallest true saving that will be shown to be above 0 in most repetitions.

    Parameters
    ----------
    sd : float or array
        Standard deviation of the saving as a fraction. [1]
    confidence : float
        1 − α of the one-sided statement "there is a saving". [1]
    power : float
        1 − β: how often a saving of this size would be shown. [1]
    dof : float or array
        Degrees of freedom behind `sd`; ``inf`` for the normal law. [count]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        As a fraction. To be shown above a low end, the saving must exceed that end by as
        much. [1]

    Raises
    ------
    RangeError
        If a standard deviation is negative, or confidence or power are not between 0 and 1.

    Notes
    -----
    .. math:: (t_{1-\alpha,\nu} + t_{1-\beta,\nu})\, \sigma

    Exact for the normal law; for few degrees of freedom the second term is the usual
    approximation of the noncentral t (with 10, the power is off by less than 0.01).

    References
    ----------
    .. [1] Bloom, "Minimum detectable effects", Evaluation Review 19 (1995) 547–556.

    Examples
    --------
    >>> round(minimum_detectable_saving(0.0195), 4)
    0.0414
    """
    spread = floats(sd)
    refuse_negative(spread, "sd", language)
    refuse_confidence(confidence, language)
    refuse_confidence(power, language)
    factor = floats(t_quantile(confidence, dof)) + floats(t_quantile(power, dof))
    return plain(factor * spread)


def narrowing_shares(variances: ArrayLike) -> tuple[Floats, Floats]:
    r"""Work out :func:`narrowing` for many sums at once, in the order given.

    Parameters
    ----------
    variances : array, shape (…, parts)
        Independent parts of each variance. [one unit squared]

    Returns
    -------
    share, narrower : array, shape (…, parts)
        Share of the variance, and of the width that would be gone without the part. [1]

    Examples
    --------
    >>> share, narrower = narrowing_shares([[3.0, 1.0], [0.0, 0.0]])
    >>> share.tolist(), narrower.round(2).tolist()
    ([[0.75, 0.25], [0.0, 0.0]], [[0.5, 0.13], [0.0, 0.0]])
    """
    values = floats(variances)
    total = values.sum(axis=-1, keepdims=True)
    share = values / np.where(total == 0, 1.0, total)
    # Never below 0 under the root: the largest part may be all of the sum but for rounding.
    return share, 1.0 - np.sqrt(np.maximum(1.0 - share, 0.0))


def narrowing(components: Mapping[str, float], *, language: Language = "vi") -> list[Narrowing]:
    r"""Rank the figures by how much the interval would narrow if each were known exactly.

    Parameters
    ----------
    components : mapping of str to float
        Independent parts of the variance, as from
        :func:`~sxsh_audit.calc.error_classes.ratio_saving_variances`. [one unit squared]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    list of Narrowing
        The most worthwhile first, equal ones by name; those that are not known last. All
        shares are ``nan`` while one part is not known.

    Raises
    ------
    RangeError
        If a variance is negative.

    Notes
    -----
    .. math:: 1 - \sqrt{1 - v_i / \sum v}

    Not the share of the variance: half of it gone narrows the interval by 29 %.

    Examples
    --------
    >>> for row in narrowing({"output_baseline": 3.0, "use_baseline": 1.0}):
    ...     print(row.name, round(row.share, 2), round(row.narrower, 2))
    output_baseline 0.75 0.5
    use_baseline 0.25 0.13
    """
    names = list(components)
    values = floats([components[name] for name in names])
    refuse_negative(values, "variance", language)
    share, narrower = narrowing_shares(values)
    rows = [
        Narrowing(name, float(value), float(part), float(less))
        for name, value, part, less in zip(names, values, share, narrower, strict=True)
    ]
    return sorted(rows, key=lambda row: (bool(np.isnan(row.variance)), -row.variance, row.name))


def rows_needed(
    scatter_variance: ArrayLike,
    error_variance: ArrayLike,
    n: ArrayLike,
    wanted: ArrayLike,
    confidence: float = 0.9,
    power: float = 0.8,
    *,
    language: Language = "vi",
) -> Any:
    r"""Months of each period from which a saving of a wanted size would be shown.

    Parameters
    ----------
    scatter_variance : float or array
        Part of the variance of the saving that comes from the scatter of the months. [1]
    error_variance : float or array
        Part that more months do not change: systematic errors of the figures. [1]
    n : float or array
        Months of the reporting period now. [count]
    wanted : float or array
        Saving that is to be seen, such as the low end of a target. [1]
    confidence, power : float
        As in :func:`minimum_detectable_saving`. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Whole months, at least 1; infinite where no number of months is enough, since the errors
        of the figures alone hide it; nan where nothing scatters. [count]

    Raises
    ------
    RangeError
        If a variance is negative.

    Notes
    -----
    The scatter part of both periods is taken to fall as 1 ÷ n:

    .. math:: n' = \left\lceil \frac{n \, v_s}{\sigma_s^2 - v_e} \right\rceil, \qquad
              \sigma_s = \frac{s}{z_{1-\alpha} + z_{1-\beta}}

    It is an order of magnitude: new months scatter as the old ones did, and degrees of freedom
    count as many.

    Examples
    --------
    >>> rows_needed(0.0009, 0.0, 12, 0.05), rows_needed(0.0009, 0.001, 12, 0.05)
    (20.0, inf)
    """
    scatter, error = floats(scatter_variance), floats(error_variance)
    refuse_negative(scatter, "variance", language)
    refuse_negative(error, "variance", language)
    times = floats(minimum_detectable_saving(1.0, confidence, power))
    room = (floats(wanted) / times) ** 2 - error
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = np.maximum(np.ceil(floats(n) * scatter / room), 1.0)
    return plain(np.where(scatter > 0, np.where(room > 0, rows, np.inf + 0.0 * room), np.nan))
