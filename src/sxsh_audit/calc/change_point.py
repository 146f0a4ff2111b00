"""Use that is level up to a point of its driver and then rises: the change point.

Cooling starts above an outdoor temperature, heating below one, a second line above an output.
The search is exact: between two neighbouring values of the driver the gain of a bend is a quotient
of two parabolas, whose maximum and crossings have closed forms.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc, fdtri

from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.linear_fit import fit_linear
from sxsh_audit.calc.projection import DEPENDENT

__all__ = ["FEWEST", "ChangePointFit", "Side", "fit_change_point", "past_change_point"]

Side = Literal["above", "below"]

FEWEST = 3
"""Rows that a change point needs on either side: fewer follow their own errors."""


class ChangePointFit(NamedTuple):
    """A level and a slope that meet at the change point; nan where the data allow none."""

    change_point: Any
    """Where the slope begins. [unit of `driver`]"""
    low: Any
    """Lower end of its interval; −inf where the data do not bound it. [unit of `driver`]"""
    high: Any
    """Upper end of its interval; inf where the data do not bound it. [unit of `driver`]"""
    base_load: Any
    """Use of a row on the level side. [unit of `use`]"""
    slope: Any
    """Use per unit of driver past the change point. [unit of `use`/unit of `driver`]"""
    sigma: Any
    """Standard deviation of a row about the fit, with n − 3. [unit of `use`]"""
    dof: Any
    """Degrees of freedom n − 3."""
    n: Any
    """Rows fitted."""
    r2: Any
    """Part of the variation of use that is explained. [1]"""
    cv_rmse: Any
    """``sigma`` ÷ mean use of a row. [1]"""
    gain_f: Any
    """Squares that the bend explains more than a straight line ÷ the variance of a row, below 0
    where the straight line is better. [1]"""
    gain_p: Any
    """p-value of ``gain_f``, approximate. [1]"""


def past_change_point(driver: ArrayLike, change_point: ArrayLike, side: Side = "above") -> Floats:
    """Return the part of a driver that lies past a change point.

    Parameters
    ----------
    driver : array, any shape
        Temperature, output… [any unit]
    change_point : float or array
        Where the slope begins; broadcasts. [unit of `driver`]
    side : {"above", "below"}
        On which side use rises.

    Returns
    -------
    array
        The column to fit or to predict with. [unit of `driver`]

    Examples
    --------
    >>> past_change_point([15.0, 22.0], 18.0), past_change_point([15.0, 22.0], 18.0, "below")
    (array([0., 4.]), array([3., 0.]))
    """
    beyond = floats(driver) - floats(change_point)
    return np.asarray(np.maximum(beyond if side == "above" else -beyond, 0.0))


class _Bends(NamedTuple):
    """Gain of a bend between neighbouring values of the driver, shape (bends,).

    With u the bend less the mean driver of the rows past it, (P − u Y)² / (Q + w u²).
    """

    products: Floats
    use: Floats
    squares: Floats
    weight: Floats
    low: Floats
    """Least u."""
    high: Floats
    """Greatest u."""
    mean: Floats
    """Mean driver of the rows past the bend."""

    def gain(self, u: Floats) -> Floats:
        """Squares explained with bends at `u`."""
        found: Floats = (self.products - u * self.use) ** 2 / (self.squares + self.weight * u * u)
        return found

    def crossings(self, level: float) -> tuple[Floats, Floats]:
        """Least and greatest u of each at which the gain is at least `level`, or nan."""
        a = self.use**2 - level * self.weight
        half = self.products * self.use
        c = self.products**2 - level * self.squares
        # Roots of a u² − 2 half u + c without cancellation; nan where there are none.
        far = half + np.copysign(np.sqrt(half * half - a * c), half)
        first, second = far / a, c / far
        inside = [np.where((u >= self.low) & (u <= self.high), u, np.nan) for u in (first, second)]
        ends = [np.where(self.gain(u) >= level, u, np.nan) for u in (self.low, self.high)]
        every = np.stack([*inside, *ends])
        return np.fmin.reduce(every, axis=0), np.fmax.reduce(every, axis=0)


def _bends(x: Floats, y: Floats, fewest: int) -> _Bends:
    """Work out the bends of rows sorted by driver, `y` less its mean."""
    n = x.size
    level = np.arange(fewest, n - fewest + 1)  # rows before the slope
    level = level[x[level] > x[level - 1]]
    past = np.arange(n) >= level[:, None]
    count = past.sum(axis=1)
    mean = (past * x).sum(axis=1) / count
    apart = np.where(past, x - mean[:, None], 0.0)
    return _Bends(
        apart @ y, past @ y, (apart * apart).sum(axis=1), count * (1.0 - count / n),
        x[level - 1] - mean, x[level] - mean, mean,
    )  # fmt: skip


class _Search(NamedTuple):
    """Best bend of one plant, and what its interval is found from."""

    point: float
    total: float
    """Sum of squares about the mean."""
    bends: _Bends


def _search(use: Floats, driver: Floats, fewest: int) -> _Search | None:
    """Find the bend of one plant whose use rises above it; None where there can be none."""
    known = ~(np.isnan(use) | np.isnan(driver))
    x, y = driver[known], use[known]
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    if x.size < 2 * fewest or not np.isfinite([x, y]).all():
        return None
    less = y - y.mean()
    less = less - less.mean()
    total = float(less @ less)
    bends = _bends(x, less, fewest)
    if bends.mean.size == 0 or total <= DEPENDENT**2 * float(y @ y):
        return None
    top = -bends.use * bends.squares / (bends.weight * bends.products)
    top = np.where((top > bends.low) & (top < bends.high), top, bends.low)
    places = np.stack([top, bends.low, bends.high])
    gains = bends.gain(places)
    which, at = np.unravel_index(int(np.nanargmax(gains)), gains.shape)
    return _Search(float(bends.mean[at] + places[which, at]), total, bends)


def _interval(found: _Search, left: float, part: float) -> tuple[float, float]:
    """Points at which the sum of squares is at most `left` × (1 + `part`), from first to last."""
    bends = found.bends
    low, high = bends.crossings(found.total - left * (1.0 + part))
    lowest = min(float(np.nanmin(low + bends.mean, initial=np.inf)), found.point)
    highest = max(float(np.nanmax(high + bends.mean, initial=-np.inf)), found.point)
    # At the end of what is looked at the data do not say where it stops.
    return (
        -np.inf if lowest <= (bends.low + bends.mean).min() else lowest,
        np.inf if highest >= (bends.high + bends.mean).max() else highest,
    )


def fit_change_point(
    use: ArrayLike,
    driver: ArrayLike,
    side: Side = "above",
    *,
    confidence: float = 0.95,
    fewest: int = FEWEST,
) -> ChangePointFit:
    r"""Fit use that is level up to a change point of its driver and rises past it.

    Parameters
    ----------
    use : array, shape (…, n)
        Use of each row; nan where it is not known. [any unit]
    driver : array, shape (…, n)
        Outdoor temperature, output… [any unit]
    side : {"above", "below"}
        Where use rises: above the point (cooling) or below it (heating).
    confidence : float
        Confidence of the interval of the change point, above 0 and below 1. [1]
    fewest : int
        Rows that must lie on either side of the point, at least 2; one on the point counts on
        both.

    Returns
    -------
    ChangePointFit
        The points are searched plant by plant. Where no point has enough rows on both sides, or
        use never changes, all but ``n`` and ``dof`` is nan.

    Raises
    ------
    ValueError
        If `side`, `confidence` or `fewest` is none of these, or the rows differ.

    Notes
    -----
    The three-parameter model of ASHRAE RP-1050 [1]_,

    .. math:: E_t = b_0 + b_1 \max(x_t - c, 0)

    with the c of the least sum of squares S(c), found exactly [2]_. Its interval is where
    :math:`S(c) \le S_{min} (1 + F_{1, n-3} / (n - 3))`: if there are several such stretches, from
    the first to the last. F and its p-value against the straight line are approximate, for the
    straight line is a bend before the first row and not one at a point of its own. Errors of
    ``base_load`` and ``slope`` for a point that is taken as known: :func:`fit_linear
    <sxsh_audit.calc.linear_fit.fit_linear>` on :func:`past_change_point`.

    References
    ----------
    .. [1] J. K. Kissock, J. S. Haberl, D. E. Claridge, "Inverse Modeling Toolkit: Numerical
       Algorithms", ASHRAE Transactions 109 (2003) part 2, 425-434.
    .. [2] D. J. Hudson, "Fitting Segmented Curves Whose Join Points Have to Be Estimated",
       Journal of the American Statistical Association 61 (1966) 1097-1129.

    Examples
    --------
    >>> temperature = [10.0, 12.0, 14.0, 20.0, 22.0, 24.0, 26.0]
    >>> fit = fit_change_point([50.1, 49.9, 50.0, 58.1, 65.9, 74.1, 81.9], temperature)
    >>> round(fit.change_point, 2), round(fit.base_load, 2), round(fit.slope, 2)
    (17.97, 50.0, 3.98)
    """
    if side not in get_args(Side):
        raise ValueError(f"side must be one of {', '.join(get_args(Side))}: given {side!r}")
    if not 0.0 < confidence < 1.0 or fewest < 2:
        raise ValueError(f"0 < confidence < 1, fewest ≥ 2: given {confidence}, {fewest}")
    amount, values = floats(use), floats(driver)
    if amount.shape[-1:] != values.shape[-1:]:
        raise ValueError(f"use and driver must have the same rows: {amount.shape}, {values.shape}")
    shape = np.broadcast_shapes(amount.shape, values.shape)
    sign = 1.0 if side == "above" else -1.0
    lead = shape[:-1]
    flat = (int(np.prod(lead)), shape[-1])  # −1 cannot be told where there are no rows
    y, x = (np.broadcast_to(each, shape).reshape(flat) for each in (amount, sign * values))
    low, high = np.full((2, len(y)), np.nan)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = [_search(*rows, fewest) for rows in zip(y, x, strict=True)]
        point = np.array([np.nan if each is None else each.point for each in found])
        where = np.flatnonzero(~np.isnan(point))
        column = past_change_point(x[where], point[where, None])
        bent = fit_linear(y[where], column[..., None])
        line = fit_linear(y[where], x[where][..., None])
        n = (~(np.isnan(y) | np.isnan(x))).sum(axis=-1)
        dof = n - 3
        left, free = bent.sigma**2 * bent.dof, dof[where]
        for i, squares, part in zip(where, left, fdtri(1, free, confidence) / free, strict=True):
            one = found[i]
            if one is not None:
                low[i], high[i] = _interval(one, squares, part)
        variance = left / free
        sigma = np.sqrt(variance)
        straight = line.sigma**2 * line.dof
        gain = np.where(variance > 0, (straight - left) / variance, np.inf)
        tail = fdtrc(1, free, np.maximum(gain, 0.0))
        mean = bent.sigma / bent.cv_rmse
    if side == "below":
        point, low, high = -point, -high, -low

    def spread(of_fitted: Floats) -> Floats:
        everywhere = np.full(len(y), np.nan)
        everywhere[where] = of_fitted
        return everywhere

    columns = [
        point, low, high, *map(spread, (*bent.coefficients.T, sigma)), dof, n,
        *map(spread, (bent.r2, sigma / mean, gain, tail)),
    ]  # fmt: skip
    shaped = [each.reshape(lead) for each in columns]
    return ChangePointFit(*(each if lead else each[()].item() for each in shaped))
