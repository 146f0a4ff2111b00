"""Avoided emissions, what a tonne costs, and the order in which options are shown.

An option that pays for itself has a negative cost of abatement, and that figure does not rank:
divided by more tonnes, the same gain looks worse. Such options are put in Pareto fronts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.discounting import annuity_factor
from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = [
    "AbatementClass",
    "AbatementCost",
    "ConservedCost",
    "CostCurve",
    "abatement_cost",
    "avoided_emissions",
    "conserved_cost",
    "cost_curve_order",
    "pareto_order",
]


class AbatementClass(StrEnum):
    """What a cost per tonne (or per unit saved) means; the position is the code."""

    PAYS = "pays"
    COSTS = "costs"
    NOTHING_AVOIDED = "nothing_avoided"
    UNKNOWN = "unknown"


_PAYS, _COSTS, _NOTHING, _UNKNOWN = np.arange(4, dtype=np.int8)


class AbatementCost(NamedTuple):
    """Cost of abatement: arrays of one shape, or floats and an :class:`AbatementClass`."""

    cost_per_tonne: Any
    """Net cost ÷ tonnes; ``nan`` where nothing is avoided. [money/tCO2]"""
    net_cost: Any
    """Cost − present value of the savings: −NPV. [money]"""
    tonnes: Any
    """Tonnes over the lifetime, discounted or not as asked. [tCO2]"""
    abatement_class: Any
    """``pays`` (net cost ≤ 0), ``costs``, ``nothing_avoided`` (no tonne or more emitted),
    ``unknown``."""


class ConservedCost(NamedTuple):
    """Cost of a saved unit: arrays of one shape, or a float and an :class:`AbatementClass`."""

    cost_per_unit: Any
    """Present value of the costs ÷ present value of what is saved. [money/unit]"""
    conserved_class: Any
    """``costs``, ``pays`` (no cost at all), ``nothing_avoided`` (nothing saved), ``unknown``."""


class CostCurve(NamedTuple):
    """Order of the options in a cost curve. All arrays have the shape (options,)."""

    order: NDArray[np.intp]
    """Positions of the options: those that pay by Pareto front, those that cost by cost per
    tonne, those that avoid nothing, those that are not known; ties by option id."""
    front: NDArray[np.int64]
    """Pareto front of an option that pays, 1 best; 0 for the others."""
    abatement_class: Coded[AbatementClass]
    """Class of each option as given."""


def _classes(net_cost: Floats, tonnes: Floats) -> NDArray[np.int8]:
    code = np.where(net_cost > 0, _COSTS, _PAYS)
    code = np.where(tonnes > 0, code, _NOTHING)
    return np.where(np.isnan(net_cost) | np.isnan(tonnes), _UNKNOWN, code).astype(np.int8)


def _per(amount: Floats, of: Floats) -> Floats:
    """Quotient where there is something to divide by, nan elsewhere."""
    found: Floats = np.full(np.broadcast_shapes(amount.shape, of.shape), np.nan)
    with np.errstate(over="ignore"):
        np.divide(amount, of, out=found, where=of > 0)
    return found


def avoided_emissions(quantity: ArrayLike, factor: ArrayLike) -> Any:
    """Emissions avoided by what an option saves.

    Parameters
    ----------
    quantity : array, shape (…, resources)
        Saved of each resource in a year; below 0 where more is used. [unit of the resource/year]
    factor : array, shape (…, resources)
        Emission factors; ``nan`` where none is known. [tCO2/unit of the resource]

    Returns
    -------
    float or array, shape (…,)
        Σ quantity × factor. [tCO2/year]

    Notes
    -----
    A resource that the option does not touch (quantity 0) needs no factor. Any other resource
    without a factor leaves the sum unknown: part of it would pass for all of it.

    Examples
    --------
    >>> avoided_emissions([[1000.0, 0.0], [1000.0, 2.0]], [0.0006766, float("nan")])
    array([0.6766,    nan])
    """
    saved, factors = np.broadcast_arrays(floats(quantity), floats(factor))
    return plain(np.where(saved == 0, 0.0, saved * factors).sum(axis=-1))


def abatement_cost(
    rate: ArrayLike,
    cost: ArrayLike,
    annual_saving: ArrayLike,
    annual_tonnes: ArrayLike,
    years: ArrayLike,
    *,
    discount_tonnes: bool,
    growth: ArrayLike = 0.0,
    language: Language = "vi",
) -> AbatementCost:
    r"""Cost of avoiding one tonne of CO₂.

    Parameters
    ----------
    rate : float or array
        Discount rate. [1/year]
    cost : float or array
        Implementation cost. [money]
    annual_saving : float or array
        Net saving per year. [money/year]
    annual_tonnes : float or array
        Emissions avoided per year, by :func:`avoided_emissions`. [tCO2/year]
    years : float or array
        Lifetime. [year]
    discount_tonnes : bool
        Whether the tonnes of later years weigh less, like money. No default: both are in use,
        the figures differ by a factor of about two, and a result must say which one it is.
    growth : float or array
        Yearly change of the saving in money; the tonnes stay level. [1/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    AbatementCost
        ``cost_per_tonne``, ``net_cost``, ``tonnes`` and ``abatement_class``.

    Raises
    ------
    RangeError
        If a rate is −1 or below, a growth below −1, or a lifetime negative or infinite.

    Notes
    -----
    .. math:: c = \frac{C - S \, A(r, g, n)}{T \, n} \quad \text{or} \quad
       \frac{C - S \, A(r, g, n)}{T \, A(r, 0, n)} \text{ with discounted tonnes}

    A is :func:`~sxsh_audit.calc.discounting.annuity_factor`. A negative cost per tonne says that
    the option pays for itself and no more: between two such options the lower figure is not the
    better one, see :func:`pareto_order`. Where no tonne is avoided there is no cost of abatement.

    References
    ----------
    .. [1] Taylor, "The ranking of negative-cost emissions reduction measures", Energy Policy 48
       (2012) 430–438.

    Examples
    --------
    >>> found = abatement_cost(0.1, 1000.0, 100.0, 2.0, 10.0, discount_tonnes=False)
    >>> round(found.cost_per_tonne, 2), found.tonnes, found.abatement_class
    (19.28, 20.0, <AbatementClass.COSTS: 'costs'>)
    """
    level = annuity_factor(rate, years, language=language) if discount_tonnes else floats(years)
    gained = annuity_factor(rate, years, growth, language=language)
    net = floats(cost) - floats(annual_saving) * gained
    tonnes = floats(annual_tonnes) * level
    net, tonnes = np.broadcast_arrays(np.asarray(net), np.asarray(tonnes))
    codes = _classes(net, tonnes)
    words = Coded(codes, AbatementClass)[()]
    return AbatementCost(plain(_per(net, tonnes)), plain(net), plain(tonnes), words)


def conserved_cost(
    rate: ArrayLike,
    cost: ArrayLike,
    annual_extra_cost: ArrayLike,
    quantity: ArrayLike,
    years: ArrayLike,
    *,
    language: Language = "vi",
) -> ConservedCost:
    r"""Cost of conserved energy, water or material.

    Parameters
    ----------
    rate : float or array
        Discount rate. [1/year]
    cost : float or array
        Implementation cost. [money]
    annual_extra_cost : float or array
        Yearly cost that the option brings; what the saved resource would have cost is left out.
        [money/year]
    quantity : float or array
        Saved in a year. [unit of the resource/year]
    years : float or array
        Lifetime. [year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ConservedCost
        To compare with the price of the resource: below it, the option pays.

    Raises
    ------
    RangeError
        If a rate is −1 or below, or a lifetime is negative or infinite.

    Notes
    -----
    .. math:: k = \frac{C + E \, A(r, n)}{Q \, A(r, n)}

    References
    ----------
    .. [1] Meier, Wright, Rosenfeld, "Supplying energy through greater efficiency", University
       of California Press, 1983.

    Examples
    --------
    >>> found = conserved_cost(0.1, 614.4567, 20.0, 100.0, 10.0)
    >>> round(found.cost_per_unit, 4)
    1.2
    """
    per_year = np.asarray(annuity_factor(rate, years, language=language))
    money, units = np.broadcast_arrays(
        floats(cost) + floats(annual_extra_cost) * per_year, floats(quantity) * per_year
    )
    codes = _classes(money, units)
    return ConservedCost(plain(_per(money, units)), Coded(codes, AbatementClass)[()])


def pareto_order(net_cost: ArrayLike, tonnes: ArrayLike) -> NDArray[np.int64]:
    """Pareto front of each option: lower net cost and more tonnes are better.

    Parameters
    ----------
    net_cost : array, shape (options,)
        Net cost, negative where an option pays. [money]
    tonnes : array, shape (options,)
        Emissions avoided. [tCO2]

    Returns
    -------
    array of int, shape (options,)
        1 for the options that none beats in both respects, 2 for those that only options of
        front 1 beat, and so on; equal options share a front; 0 where a figure is not known.

    Notes
    -----
    Inside a front no option is better than another: which one comes first is a choice between
    money and tonnes. More of either never worsens the front of an option, unlike cost per
    tonne.

    References
    ----------
    .. [1] Taylor, "The ranking of negative-cost emissions reduction measures", Energy Policy 48
       (2012) 430–438.

    Examples
    --------
    Both gain 100, the second avoids more; per tonne the first looks better (−100 against −10):

    >>> pareto_order([-100.0, -100.0], [1.0, 10.0])
    array([2, 1])
    """
    costs, avoided = _pairs(net_cost, tonnes)
    front = np.zeros(costs.size, np.int64)
    known = np.flatnonzero(~(np.isnan(costs) | np.isnan(avoided)))
    order = known[np.lexsort((-avoided[known], costs[known]))]
    # In this order an option is beaten only by earlier ones, and by those with as many tonnes or
    # more. `least` holds the most tonnes in each front, with a minus so that it rises.
    least: list[float] = []
    before: tuple[float, float] | None = None
    place = 0
    for option in order.tolist():
        here = (float(costs[option]), float(avoided[option]))
        if here != before:
            place = bisect_right(least, -here[1])
            if place == len(least):
                least.append(-here[1])
            else:
                least[place] = -here[1]
            before = here
        front[option] = place + 1
    return front


def _pairs(net_cost: ArrayLike, tonnes: ArrayLike) -> tuple[Floats, Floats]:
    costs, avoided = floats(net_cost), floats(tonnes)
    if costs.ndim != 1 or avoided.shape != costs.shape:
        raise ValueError(f"net cost {costs.shape} and tonnes {avoided.shape}: (options,) each")
    return costs, avoided


def cost_curve_order(
    net_cost: ArrayLike,
    tonnes: ArrayLike,
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
    *,
    language: Language = "vi",
) -> CostCurve:
    """Put options in the order of a cost curve without ranking gains by cost per tonne.

    Parameters
    ----------
    net_cost : array, shape (options,)
        Net cost over the lifetime, negative where an option pays. [money]
    tonnes : array, shape (options,)
        Emissions avoided over the lifetime. [tCO2]
    option_ids : sequence of str or int, optional
        Names that list ties; by default the positions.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    CostCurve
        ``order``, ``front`` and ``abatement_class``.

    Raises
    ------
    RangeError
        If two options have one id.

    Notes
    -----
    Options with a net cost ≤ 0 stand first, front by front, inside a front by id, which claims
    nothing. Those with a net cost above 0 follow by rising cost per tonne: there the quotient
    is sound. Options that avoid nothing have no place on the curve and stand behind, then those
    that are not known.

    Examples
    --------
    >>> found = cost_curve_order([50.0, -100.0, -100.0, 10.0], [10.0, 1.0, 10.0, 0.0])
    >>> found.order, found.front
    (array([2, 1, 0, 3]), array([0, 2, 1, 0]))
    """
    costs, avoided = _pairs(net_cost, tonnes)
    if option_ids is None:
        name = np.arange(costs.size)
    else:
        kinds, name, times = np.unique(
            np.asarray(option_ids), return_inverse=True, return_counts=True
        )
        if name.shape != costs.shape:
            raise ValueError(f"{name.size} option ids for {costs.size} options")
        refuse("calc.duplicate_option", times > 1, kinds, language)
    codes = _classes(costs, avoided)
    front = np.zeros(costs.size, np.int64)
    pays = codes == _PAYS
    front[pays] = pareto_order(costs[pays], avoided[pays])
    key = np.where(pays, front, np.where(codes == _COSTS, _per(costs, avoided), 0.0))
    order = np.lexsort((name, key, codes))
    return CostCurve(order, front, Coded(codes, AbatementClass))
