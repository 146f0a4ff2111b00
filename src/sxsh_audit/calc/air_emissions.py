"""What combustion and leaks send into the air."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import floats, plain, refuse, times
from sxsh_audit.language.formatting import Language

__all__ = [
    "SULPHUR_DIOXIDE_PER_SULPHUR",
    "co2_equivalent",
    "combustion_emission",
    "refrigerant_leak",
    "sulphur_dioxide",
]

#: M(SO₂) ÷ M(S) from the atomic weights O 15.9994 and S 32.066: IUPAC, Standard atomic weights
#: 1995, Pure Appl. Chem. 68 (1996) 2339 (old.iupac.org/reports/1996/6812coplen/atwt1995_t2.html).
SULPHUR_DIOXIDE_PER_SULPHUR = (32.066 + 2 * 15.9994) / 32.066


def combustion_emission(
    amount: ArrayLike, factor: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Emission of what was burnt, by its factor.

    Parameters
    ----------
    amount : float or array
        Fuel burnt. [canonical unit, e.g. t]
    factor : float or array
        Emission of one unit; ``nan`` where none is known. [e.g. tCO2/t]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        amount × factor [e.g. tCO2]; ``nan`` where a factor is missing, 0 where nothing was burnt.

    Raises
    ------
    RangeError
        If an amount is negative.

    Examples
    --------
    >>> combustion_emission([100.0, 0.0, 5.0], [3.0, float("nan"), float("nan")])
    array([300.,   0.,  nan])
    """
    burnt = floats(amount)
    refuse("emissions.negative", burnt < 0, burnt, language)
    return plain(times(burnt, floats(factor)))


def sulphur_dioxide(
    fuel_mass: ArrayLike,
    sulphur_fraction: ArrayLike,
    *,
    retained: ArrayLike = 0.0,
    language: Language = "vi",
) -> Any:
    r"""Sulphur dioxide of a fuel from its sulphur.

    Parameters
    ----------
    fuel_mass : float or array
        Fuel burnt. [t]
    sulphur_fraction : float or array
        Sulphur in the fuel as burnt. [t/t]
    retained : float or array
        Part of the sulphur that stays in the ash or is taken out of the flue gas. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Sulphur dioxide. [t]

    Raises
    ------
    RangeError
        If the mass is negative, or a fraction outside 0 to 1.

    Notes
    -----
    .. math:: m(SO_2) = m \, S \, (1 - r) \, \frac{M(SO_2)}{M(S)}, \qquad
       \frac{M(SO_2)}{M(S)} = 1.998

    Examples
    --------
    1,000 t of coal with 0.6 % of sulphur, a tenth of which stays in the ash:

    >>> round(sulphur_dioxide(1000.0, 0.006, retained=0.1), 3)
    10.789
    """
    mass, sulphur, kept = floats(fuel_mass), floats(sulphur_fraction), floats(retained)
    refuse("emissions.negative", mass < 0, mass, language)
    for part in (sulphur, kept):
        refuse("emissions.fraction", (part < 0) | (part > 1), part, language)
    found = times(times(mass, sulphur), 1.0 - kept)
    return plain(found * SULPHUR_DIOXIDE_PER_SULPHUR)


def refrigerant_leak(
    opening: ArrayLike,
    purchased: ArrayLike,
    closing: ArrayLike,
    recovered: ArrayLike = 0.0,
    charge_increase: ArrayLike = 0.0,
    *,
    language: Language = "vi",
) -> Any:
    r"""Refrigerant that leaked, by material balance.

    Parameters
    ----------
    opening : float or array
        Refrigerant in store at the beginning of the period. [t]
    purchased : float or array
        Refrigerant bought or brought in with equipment. [t]
    closing : float or array
        Refrigerant in store at the end. [t]
    recovered : float or array
        Refrigerant handed out: returned, sold, destroyed. [t]
    charge_increase : float or array
        By how much the charge of the equipment grew: new equipment less what was scrapped; may
        be below 0. [t]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        The leak [t]; below 0 where the figures contradict each other, which is shown and not
        made 0.

    Raises
    ------
    RangeError
        If a store, a purchase or what was handed out is negative.

    Notes
    -----
    .. math:: leak = opening + purchased - closing - recovered - \Delta charge

    References
    ----------
    .. [1] US EPA Climate Leaders, "Direct HFC and PFC Emissions from Use of Refrigeration and Air
       Conditioning Equipment" (October 2004), section 2.2: material balance method
       (https://nepis.epa.gov/Exe/ZyPURL.cgi?Dockey=P1004N8A.txt).

    Examples
    --------
    >>> round(refrigerant_leak(0.040, 0.100, 0.030, recovered=0.010), 3)
    0.1
    """
    stores = [floats(each) for each in (opening, purchased, closing, recovered)]
    for values in stores:
        refuse("emissions.negative", values < 0, values, language)
    first, bought, last, handed = stores
    return plain(first + bought - last - handed - floats(charge_increase))


def co2_equivalent(mass: ArrayLike, gwp: ArrayLike) -> Any:
    """Weigh a gas by its global warming potential.

    Parameters
    ----------
    mass : float or array
        Mass of the gas; below 0 where a balance says so. [t]
    gwp : float or array
        Global warming potential over 100 years; ``nan`` where none is known. [tCO2e/t]

    Returns
    -------
    float or array
        mass × GWP [tCO2e]; 0 of no gas, ``nan`` where the potential is missing.

    Notes
    -----
    Potentials of different assessment reports are not mixed in one total, nor between the
    baseline and the reporting period.

    Examples
    --------
    >>> co2_equivalent(0.1, 1430.0)
    143.0
    """
    return plain(times(floats(mass), floats(gwp)))
