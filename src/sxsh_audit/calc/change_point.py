"""Use that is level up to a point of its driver and then rises: the change point.

Cooling starts above an outdoor temperature, heating below one, a second line above an output.
The search is exact: between two neighbouring values of the driver the gain of a bend is a quotient
of two parabolas, whose maximum and crossings have closed forms.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
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


def _bent(use: Floats, driver: Floats, confidence: float, fewest: int) -> tuple[float, ...]:
    """Fit one plant whose use rises above the change point."""
    known = ~(np.isnan(use) | np.isnan(driver))
    x, y = driver[known], use[known]
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    n, dof = x.size, x.size - 3
    nothing = (*[np.nan] * 6, float(dof), float(n), *[np.nan] * 4)
    if n < 2 * fewest or not np.isfinite([x, y]).all():
        return nothing
    mean_y = y.mean()
    less = y - mean_y
    less = less - less.mean()
    total = float(less @ less)
    bends = _bends(x, less, fewest)
    if bends.mean.size == 0 or total <= DEPENDENT**2 * float(y @ y):
        return nothing
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        top = -bends.use * bends.squares / (bends.weight * bends.products)
        top = np.where((top > bends.low) & (top < bends.high), top, bends.low)
        places = np.stack([top, bends.low, bends.high])
        gains = bends.gain(places)
        which, at = np.unravel_index(int(np.nanargmax(gains)), gains.shape)
        u = places[which, at]
        point = float(bends.mean[at] + u)
        column = np.maximum(x - point, 0.0)
        fit = fit_linear(y, column[:, None])
        left = float(fit.sigma**2 * fit.dof)
        variance = left / dof
        line = fit_linear(y, x[:, None])
        straight = float(line.sigma**2 * line.dof)
        gain_f = (straight - left) / variance if variance > 0 else np.inf
        level = total - left * (1.0 + float(fdtri(1, dof, confidence)) / dof)
        low, high = bends.crossings(level)
        lowest = min(float(np.nanmin(low + bends.mean, initial=np.inf)), point)
        highest = max(float(np.nanmax(high + bends.mean, initial=-np.inf)), point)
    # At the end of what is looked at the data do not say where it stops.
    lowest = -np.inf if lowest <= (bends.low + bends.mean).min() else lowest
    highest = np.inf if highest >= (bends.high + bends.mean).max() else highest
    sigma = float(np.sqrt(variance))
    return (
        point, lowest, highest, *fit.coefficients.tolist(), sigma, float(dof), float(n), fit.r2,
        sigma / float(y.mean()), gain_f, float(fdtrc(1, dof, max(gain_f, 0.0))),
    )  # fmt: skip


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
        One plant after another. Where no point has enough rows on both sides, or use never
        changes, all but ``n`` and ``dof`` is nan.

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
    rows_y, rows_x = (
        np.broadcast_to(each, shape).reshape(-1, shape[-1]) for each in (amount, sign * values)
    )
    fits = [_bent(y, x, confidence, fewest) for y, x in zip(rows_y, rows_x, strict=True)]
    table: NDArray[np.float64] = np.array(fits, np.float64).reshape(len(fits), 12)
    point, low, high, *rest = (table[:, i].reshape(lead) for i in range(12))
    if side == "below":
        point, low, high = -point, -high, -low
    columns = [point, low, high, *rest]
    columns[6], columns[7] = columns[6].astype(np.int64), columns[7].astype(np.int64)
    return ChangePointFit(*(each if lead else each[()].item() for each in columns))
