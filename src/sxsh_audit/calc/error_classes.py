"""How far off a figure may be: size, meaning and class of its error, and what they do to a ratio.

Three classes. A random error of a month is undone in part by those of the other months. A period
error (an estimate made once, a truck scale read by one rule) is the same in all months of one
period and does not average out. A common error (the gain of one meter that served both periods)
is the same in both periods and cancels in their ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import floats, plain, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = [
    "ERROR_KINDS",
    "ERROR_MEANINGS",
    "PeriodUncertainty",
    "combine_errors",
    "period_uncertainty",
    "ratio_saving_uncertainty",
    "ratio_saving_variances",
    "standard_uncertainty",
]

#: What a stated size means: a limit never passed (any value inside as likely), half of a 95 %
#: interval, or one standard deviation.
ERROR_MEANINGS = ("limit", "confidence_95", "sigma")

#: How errors of one figure go together with those of the others.
ERROR_KINDS = ("random", "period", "common")

#: Standard deviations in one stated size, by meaning. 1.96 as people write it, not 1.95996….
_DIVISORS = {"limit": np.sqrt(3.0), "confidence_95": 1.96, "sigma": 1.0}


class PeriodUncertainty(NamedTuple):
    """Relative standard uncertainty of a total [1], by class: floats, or arrays of one shape."""

    random: Any = 0.0
    """What is drawn anew in every month."""
    period: Any = 0.0
    """What is the same in all months of the period and not in the other period."""
    common: Any = 0.0
    """What is the same in both periods, such as the gain of one meter."""

    @property
    def total(self) -> Any:
        """All classes together [1]: √(random² + period² + common²)."""
        return plain(np.sqrt(sum(floats(part) ** 2 for part in self)))


Errors = PeriodUncertainty | ArrayLike


def _one_of(words: ArrayLike, allowed: tuple[str, ...], what: str) -> NDArray[Any]:
    found = np.asarray(words)
    known = np.isin(found, allowed)
    if not known.all():
        unknown = sorted({str(word) for word in found[~known].flat})
        raise ValueError(f"{what}: {unknown} not among {list(allowed)}")
    return found


def standard_uncertainty(
    size: ArrayLike, meaning: ArrayLike = "sigma", *, language: Language = "vi"
) -> Any:
    r"""Return the standard deviation behind a stated size of an error.

    Parameters
    ----------
    size : float or array
        Stated size, "± size". [any unit, or 1 for a relative error]
    meaning : str or array of str
        One of :data:`ERROR_MEANINGS`.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        size ÷ √3 for a limit, size ÷ 1.96 for a 95 % interval, the size itself for σ. [as size]

    Raises
    ------
    RangeError
        If a size is negative; it names the positions.
    ValueError
        If a meaning is none of those listed.

    References
    ----------
    .. [1] JCGM 100:2008 (GUM), 4.3.4 (interval of stated confidence) and 4.3.7 (limits, any value
       inside equally likely).

    Examples
    --------
    >>> round(standard_uncertainty(0.02, "limit"), 5), round(standard_uncertainty(1.96,
    ... "confidence_95"), 5)
    (0.01155, 1.0)
    """
    given = floats(size)
    refuse_negative(given, "error_size", language)
    words = _one_of(meaning, ERROR_MEANINGS, "meaning")
    if words.ndim == 0:
        return plain(given / _DIVISORS[str(words)])
    divisor = np.select([words == word for word in ERROR_MEANINGS], list(_DIVISORS.values()))
    return plain(given / divisor)


def period_uncertainty(
    amounts: ArrayLike,
    sizes: ArrayLike,
    meanings: ArrayLike = "sigma",
    kinds: ArrayLike = "random",
    *,
    language: Language = "vi",
) -> PeriodUncertainty:
    r"""Relative standard uncertainty of the total of a period, by class of error.

    Parameters
    ----------
    amounts : array, shape (…, n)
        Use or output of each month or bill. [any one unit]
    sizes : float or array, broadcast against `amounts`
        Stated relative size of the error of each, 0.02 for ± 2 %. [1]
    meanings : str or array of str, broadcast against `amounts`
        One of :data:`ERROR_MEANINGS` each.
    kinds : str or array of str, broadcast against `amounts`
        One of :data:`ERROR_KINDS` each. A figure with errors of two kinds: call twice and
        :func:`combine_errors`.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    PeriodUncertainty
        ``random``, ``period`` and ``common``, each a float or of shape (…,); ``nan`` where an
        amount or a size is not known or the total is not above 0.

    Raises
    ------
    RangeError
        If a size is negative.
    ValueError
        If a meaning or a kind is none of those listed.

    Notes
    -----
    With amounts :math:`a_i`, total A and relative standard uncertainties :math:`u_i`,

    .. math:: u_{random} = \frac{\sqrt{\sum (a_i u_i)^2}}{A}, \qquad
              u_{period} = \frac{\sum |a_i| u_i}{A}

    and ``common`` like ``period``: what is systematic adds up and does not average over months.

    References
    ----------
    .. [1] JCGM 100:2008 (GUM), 5.1 and 5.2.2, note 1 (correlation 1: a linear sum).

    Examples
    --------
    Twelve equal months, ± 2 % standard deviation each: random errors average, the meter's do not.

    >>> months = [100.0] * 12
    >>> round(period_uncertainty(months, 0.02).random, 5)
    0.00577
    >>> round(period_uncertainty(months, 0.02, kinds="common").common, 5)
    0.02
    """
    amount = floats(amounts)
    each = floats(standard_uncertainty(sizes, meanings, language=language))
    words = _one_of(kinds, ERROR_KINDS, "kind")
    amount, each, words = np.broadcast_arrays(amount, each, words)
    total = amount.sum(axis=-1)
    error = np.abs(amount) * each
    total = np.where((total > 0) & ~np.isnan(error).any(axis=-1), total, np.nan)
    of = {kind: np.where(words == kind, error, 0.0) for kind in ERROR_KINDS}
    return PeriodUncertainty(
        plain(np.sqrt((of["random"] ** 2).sum(axis=-1)) / total),
        plain(of["period"].sum(axis=-1) / total),
        plain(of["common"].sum(axis=-1) / total),
    )


def combine_errors(*errors: PeriodUncertainty) -> PeriodUncertainty:
    """Join independent errors of the same figures, class by class.

    Parameters
    ----------
    *errors : PeriodUncertainty
        Such as the reading errors and the gain of one meter.

    Returns
    -------
    PeriodUncertainty
        In quadrature.

    Examples
    --------
    >>> combine_errors(PeriodUncertainty(0.03), PeriodUncertainty(0.04, common=0.02))
    PeriodUncertainty(random=0.05, period=0.0, common=0.02)
    """
    squares = [[floats(part) ** 2 for part in each] for each in errors]
    return PeriodUncertainty(*(plain(np.sqrt(sum(parts))) for parts in zip(*squares, strict=True)))


def _parts(errors: Errors) -> Sequence[Any]:
    """Return own variance and common standard uncertainty of a total; a bare number is its own."""
    if not isinstance(errors, PeriodUncertainty):
        return floats(errors) ** 2, 0.0, (errors,)
    random, period, common = (floats(part) for part in errors)
    return random * random + period * period, common, errors


def squared_errors(
    use_baseline: Errors,
    output_baseline: Errors,
    use_reporting: Errors,
    output_reporting: Errors,
    language: Language,
) -> dict[str, Any]:
    """Return the squares of the relative errors that are left in c ÷ b, by where they come from."""
    given = (use_baseline, output_baseline, use_reporting, output_reporting)
    parts = [_parts(each) for each in given]
    for _, _, sizes in parts:
        for size in sizes:
            refuse_negative(floats(size), "error_size", language)
    (use_0, gain_0, _), (out_0, scale_0, _), (use_1, gain_1, _), (out_1, scale_1, _) = parts
    return {
        "use_baseline": use_0, "output_baseline": out_0,
        "use_reporting": use_1, "output_reporting": out_1,
        # One error in both periods: only the part by which its sizes differ is left.
        "use_common": (gain_0 - gain_1) ** 2, "output_common": (scale_0 - scale_1) ** 2,
    }  # fmt: skip


def ratio_saving_variances(
    saving: ArrayLike,
    use_baseline: Errors,
    output_baseline: Errors,
    use_reporting: Errors,
    output_reporting: Errors,
    *,
    language: Language = "vi",
) -> dict[str, Any]:
    """Variance of a saving by the figure that it comes from, for :func:`~.narrowing`.

    Parameters
    ----------
    saving, use_baseline, output_baseline, use_reporting, output_reporting, language
        As in :func:`ratio_saving_uncertainty`. [1]

    Returns
    -------
    dict of str to float or array
        Keys ``use_baseline``, ``output_baseline``, ``use_reporting``, ``output_reporting``, and
        ``use_common``, ``output_common`` for what a common error of unequal sizes leaves. Their
        sum is the square of :func:`ratio_saving_uncertainty`. [1]

    Raises
    ------
    RangeError
        If an uncertainty is negative.

    Examples
    --------
    >>> found = ratio_saving_variances(0.0, 0.02, 0.0, 0.01, 0.0)
    >>> round(found["use_baseline"], 6), round(found["use_reporting"], 6), found["use_common"]
    (0.0004, 0.0001, 0.0)
    """
    left = (1.0 - floats(saving)) ** 2
    squares = squared_errors(
        use_baseline, output_baseline, use_reporting, output_reporting, language
    )
    return {name: plain(left * square) for name, square in squares.items()}


def ratio_saving_uncertainty(
    saving: ArrayLike,
    use_baseline: Errors,
    output_baseline: Errors,
    use_reporting: Errors,
    output_reporting: Errors,
    *,
    language: Language = "vi",
) -> Any:
    r"""Work out the standard deviation of a saving that is the ratio of four totals.

    Parameters
    ----------
    saving : float or array
        The saving as a fraction; below 0 where it got worse. [1]
    use_baseline, output_baseline, use_reporting, output_reporting : PeriodUncertainty or array
        Relative standard uncertainty of each total, from :func:`period_uncertainty`. A bare
        number is an error of that total alone. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Standard deviation as a fraction: 0.0195 is 1.95 percentage points. [1]

    Raises
    ------
    RangeError
        If an uncertainty is negative; it names the positions.

    Notes
    -----
    .. math:: \sigma_s = (1 - s) \sqrt{\sum u_i^2}

    over the random and period parts of the four totals: the first-order law of
    :math:`s = 1 - (E_1 / Q_1) / (E_0 / Q_0)`. A common error of the same relative size in both
    periods is the same factor above and below and drops out; of unequal sizes (a meter that
    served some of the months) the difference :math:`(u_0 - u_1)^2` is left.

    References
    ----------
    .. [1] JCGM 100:2008 (GUM), 5.1.6: relative variances of products and quotients.

    Examples
    --------
    Two totals a period, each ± 2 % (95 %), and a saving of 6 %: ± 3.2 points (90 %).

    >>> u = 0.02 / 1.96
    >>> round(1.645 * ratio_saving_uncertainty(0.06, u, u, u, u), 3)
    0.032
    >>> gain = PeriodUncertainty(common=0.05)
    >>> ratio_saving_uncertainty(0.06, gain, 0.0, gain, 0.0)
    0.0
    """
    squares = squared_errors(
        use_baseline, output_baseline, use_reporting, output_reporting, language
    )
    return plain(np.abs(1.0 - floats(saving)) * np.sqrt(sum(squares.values())))
