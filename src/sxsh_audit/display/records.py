"""What one bar of a chart says: plain records between the assessment and the charts."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["IntensityPair", "PaybackStep", "SavingBar"]


@dataclass(frozen=True, slots=True)
class SavingBar:
    """One bar of the savings chart.

    Parameters
    ----------
    label : str
        Name of the resource in the reader's language.
    saving : float
        Saving per unit of product, 0.05 is 5 % [1]; nan where it is not known.
    status : str
        ``worse``, ``below``, ``within``, ``above``, ``unknown`` or ``not_counted``; empty where
        no programme was given, so that nothing was checked.
    counted : bool
        Whether the programme counts the resource.
    low, high : float or None
        Ends of the target [1]; None (or nan) where the target has no such end.
    overall : bool
        Whether this is the overall result, which is set apart from the resources.
    """

    label: str
    saving: float
    status: str = ""
    counted: bool = True
    low: float | None = None
    high: float | None = None
    overall: bool = False


@dataclass(frozen=True, slots=True)
class IntensityPair:
    """Specific consumption of one resource before and after.

    Parameters
    ----------
    label : str
        Name of the resource in the reader's language.
    baseline, reporting : float
        Specific consumption of the two periods [unit]; nan where it is not known.
    unit : str
        Unit as it is printed, such as ``kWh/t``.
    digits : int
        Significant digits of both figures: as many as it takes to tell them apart.
    """

    label: str
    baseline: float
    reporting: float
    unit: str = ""
    digits: int = 4


@dataclass(frozen=True, slots=True)
class PaybackStep:
    """One rung of the payback ladder.

    Parameters
    ----------
    id : str
        Short name of the option, such as ``GP3``.
    name : str
        What is done.
    years : float
        Simple payback [year].
    payback_class : str
        ``immediate``, ``years``, ``never``, ``worse`` or ``unknown``.
    cost : float
        Investment [currency]; nan where it is not known.
    annual_saving : float
        Net saving [currency/year]; nan where it is not known.
    currency : str
        ISO 4217 code.
    cost_text : str
        Words that stand in place of the cost, such as ``chi phí thấp`` for a cost class.
    total : bool
        Whether this is the sum of the options, which is set apart from them.
    """

    id: str
    name: str
    years: float
    payback_class: str
    cost: float
    annual_saving: float
    currency: str = "VND"
    cost_text: str = ""
    total: bool = False
