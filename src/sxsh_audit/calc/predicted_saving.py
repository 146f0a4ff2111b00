"""Saving against an adjusted baseline, with what the fit and the reporting months leave open."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import floats, plain, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = ["PredictedSaving", "predicted_saving"]


class PredictedSaving(NamedTuple):
    """Saving against an adjusted baseline. Floats, or arrays of one shape."""

    saving: Any
    """1 − actual ÷ adjusted baseline; ``nan`` where that is not above 0. [1]"""
    sd: Any
    """Its standard deviation by the delta method. [1]"""
    baseline_sd: Any
    """Relative standard deviation of the adjusted baseline, for ``delta_fails``. [1]"""


def predicted_saving(
    expected: ArrayLike,
    actual: ArrayLike,
    fit_variance: ArrayLike,
    scatter_variance: ArrayLike,
    *,
    language: Language = "vi",
) -> PredictedSaving:
    r"""Work out the saving against an adjusted baseline and its standard deviation.

    Parameters
    ----------
    expected : float or array
        Adjusted baseline: what the fit says for the reporting months. [unit of use]
    actual : float or array
        What was used. [unit of use]
    fit_variance : float or array
        Variance of the adjusted baseline from the coefficients,
        :math:`x_s^T \operatorname{Cov}(b)\, x_s`. [unit of use²]
    scatter_variance : float or array
        Variance of the sum of the reporting months about their expectation,
        :math:`\sigma^2 m` or with autocorrelation. [unit of use²]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    PredictedSaving
        ``saving``, ``sd`` and ``baseline_sd``.

    Raises
    ------
    RangeError
        If the actual use or a variance is negative.

    Notes
    -----
    .. math:: s = 1 - Y / \hat Y, \qquad
              \sigma_s^2 = \frac{(1 - s)^2 v_{fit} + v_{scatter}}{\hat Y^2}

    The scatter of the reporting months counts whole: it is taken to stay what it was.
    :func:`~sxsh_audit.calc.saving_interval.fieller_interval` takes the same two variances where
    the baseline is too uncertain for this form.

    Examples
    --------
    >>> found = predicted_saving(1000.0, 900.0, 100.0, 19.0)
    >>> round(found.saving, 3), round(found.sd, 4), found.baseline_sd
    (0.1, 0.01, 0.01)
    """
    should, used = floats(expected), floats(actual)
    refuse_negative(used, "actual", language)
    own, other = floats(fit_variance), floats(scatter_variance)
    refuse_negative(own, "variance", language)
    refuse_negative(other, "variance", language)
    should = np.where(should > 0, should, np.nan)
    left = used / should
    return PredictedSaving(
        plain(1.0 - left),
        plain(np.sqrt(left * left * own + other) / should),
        plain(np.sqrt(own) / should),
    )
