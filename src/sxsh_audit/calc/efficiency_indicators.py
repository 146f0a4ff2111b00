"""Resource productivity, pollution intensity, and what rises while something else falls."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, plain, refuse
from sxsh_audit.language.formatting import Language

__all__ = [
    "RECP_INDICATORS",
    "RecpIndicators",
    "Shifts",
    "emission_intensity",
    "pollution_intensity",
    "recp_indicators",
    "relative_change",
    "resource_productivity",
    "shifts",
]

#: The six enterprise indicators: three productivities, three intensities.
RECP_INDICATORS = (
    "energy_productivity",
    "material_productivity",
    "water_productivity",
    "carbon_intensity",
    "waste_intensity",
    "waste_water_intensity",
)


class RecpIndicators(NamedTuple):
    """Enterprise indicators of resource efficiency and cleaner production."""

    value: Floats
    """The indicators in the order of :data:`RECP_INDICATORS`, shape (…, 6, periods).
    [output/resource, pollution/output]"""
    change: Floats
    """Change of each against the base period, shape (…, 6, periods): better is above 0 for a
    productivity and below 0 for an intensity. [1]"""
    better: NDArray[np.bool_]
    """Where an indicator is better than in the base period."""


class Shifts(NamedTuple):
    """Pairs of which one falls while the other rises, shape (…, resources, emissions)."""

    shifted: NDArray[np.bool_]
    """The resource falls and the emission rises."""
    unknown: NDArray[np.bool_]
    """One of the two changes is not known, so nothing can be said of the pair."""


def _ratio(above: ArrayLike, below: ArrayLike, language: Language) -> Any:
    top, base = floats(above), floats(below)
    for values in (top, base):
        refuse("emissions.negative", values < 0, values, language)
    return plain(top / np.where(base == 0, np.nan, base))


def emission_intensity(
    emission: ArrayLike, output: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Emission of one unit of product.

    Parameters
    ----------
    emission : float or array
        Emission or waste of the period. [e.g. t]
    output : float or array
        Good product made in the same period. [e.g. t]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        emission ÷ output [e.g. t/t]; ``nan`` where nothing was made or one is missing.

    Raises
    ------
    RangeError
        If an emission or an output is negative.

    Examples
    --------
    >>> emission_intensity([30.0, 5.0], [1000.0, 0.0])
    array([0.03,  nan])
    """
    return _ratio(emission, output, language)


def pollution_intensity(
    pollution: ArrayLike, output: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Pollution of one unit of product, as in the RECP enterprise indicators.

    Parameters
    ----------
    pollution : float or array
        Greenhouse gases, waste or waste water of the period. [e.g. tCO2e, t, m³]
    output : float or array
        Good product made in the same period. [e.g. t]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        pollution ÷ output [e.g. m³/t]; ``nan`` where nothing was made or one is missing.

    Raises
    ------
    RangeError
        If a value is negative.

    Examples
    --------
    >>> pollution_intensity(5000.0, 1000.0)
    5.0
    """
    return _ratio(pollution, output, language)


def resource_productivity(output: ArrayLike, use: ArrayLike, *, language: Language = "vi") -> Any:
    """Product made with one unit of a resource: the inverse of the specific consumption.

    Parameters
    ----------
    output : float or array
        Good product made in the period. [e.g. t]
    use : float or array
        Use of the resource in the same period. [e.g. kWh]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        output ÷ use [e.g. t/kWh]; ``nan`` where nothing was used or one is missing.

    Raises
    ------
    RangeError
        If a value is negative.

    Examples
    --------
    >>> resource_productivity(1000.0, 80.0)
    12.5
    """
    return _ratio(output, use, language)


def relative_change(before: ArrayLike, after: ArrayLike) -> Any:
    """Change of an indicator against its base period.

    Parameters
    ----------
    before : float or array
        Value of the base period. [any unit]
    after : float or array
        Value of the period. [same unit]

    Returns
    -------
    float or array
        (after − before) ÷ before [1]: above 0 where it rose; ``nan`` where the base is 0 or one
        is missing. A negative base is divided by its size, so that a rise stays a rise.

    Examples
    --------
    >>> relative_change(80.0, 76.0)
    -0.05
    """
    base = floats(before)
    return plain((floats(after) - base) / np.abs(np.where(base == 0, np.nan, base)))


def recp_indicators(
    output: ArrayLike,
    energy: ArrayLike,
    materials: ArrayLike,
    water: ArrayLike,
    carbon: ArrayLike,
    waste: ArrayLike,
    waste_water: ArrayLike,
    *,
    base: int = 0,
    language: Language = "vi",
) -> RecpIndicators:
    """Work out the six enterprise indicators and their change against the base period.

    Parameters
    ----------
    output : array, shape (…, periods)
        Good product made. [e.g. t]
    energy : array, shape (…, periods)
        Energy used. [e.g. kWh]
    materials : array, shape (…, periods)
        Materials used. [t]
    water : array, shape (…, periods)
        Water used. [m³]
    carbon : array, shape (…, periods)
        Greenhouse gases emitted. [tCO2e]
    waste : array, shape (…, periods)
        Solid and hazardous waste. [t]
    waste_water : array, shape (…, periods)
        Waste water. [m³]
    base : int
        Position of the base period.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    RecpIndicators
        ``nan`` where a figure is missing or a divisor is 0.

    Raises
    ------
    RangeError
        If a value is negative.

    References
    ----------
    .. [1] UNIDO and UNEP, "Enterprise-Level Indicators for Resource Productivity and Pollution
       Intensity: A Primer for Small and Medium-Sized Enterprises" (2010).

    Examples
    --------
    >>> found = recp_indicators([100, 110], [1000, 990], [200, 198], [500, 500], [50, 49.5],
    ...                         [20, 22], [400, 396])
    >>> found.change[:, 1].round(3)
    array([ 0.111,  0.111,  0.1  , -0.1  ,  0.   , -0.1  ])
    """
    made = floats(output)
    values = [_ratio(made, use, language) for use in (energy, materials, water)]
    values += [_ratio(each, made, language) for each in (carbon, waste, waste_water)]
    found = np.stack(np.broadcast_arrays(*values), axis=-2)
    change = floats(relative_change(found[..., [base]], found))
    rises = np.array([True] * 3 + [False] * 3)[:, None]
    return RecpIndicators(found, change, np.where(rises, change > 0, change < 0))


def shifts(
    change_of_resources: ArrayLike, change_of_emissions: ArrayLike, *, least: float = 0.0
) -> Shifts:
    """Find what rises while a resource falls: a burden that was moved and not lifted.

    Parameters
    ----------
    change_of_resources : array, shape (…, resources)
        Relative change of the use of each resource per product. [1]
    change_of_emissions : array, shape (…, emissions)
        Relative change of each emission or waste per product; the same array again shows one
        resource that rises while another falls. [1]
    least : float
        Changes no larger than this, either way, are none. [1]

    Returns
    -------
    Shifts
        Every pair, none of them averaged away.

    Raises
    ------
    ValueError
        If `least` is below 0.

    Examples
    --------
    Water falls by 20 % while sludge rises by 8 %:

    >>> shifts([-0.20, 0.01], [-0.03, 0.08]).shifted
    array([[False,  True],
           [False, False]])
    """
    if not least >= 0:
        raise ValueError(f"least must be at least 0, not {least}")
    used = floats(change_of_resources)[..., :, None]
    sent = floats(change_of_emissions)[..., None, :]
    return Shifts((used < -least) & (sent > least), np.isnan(used) | np.isnan(sent))
