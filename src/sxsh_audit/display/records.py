"""What one bar of a chart says: plain records between the assessment and the charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sxsh_audit.display.baseline_records import (
    ChangeStep,
    CusumPoint,
    ExpectedPoint,
    FitCurve,
    FitPoint,
    ResidualPoint,
    TargetInterval,
)

__all__ = [
    "CashBar",
    "ChangeStep",
    "CostStep",
    "CusumPoint",
    "ExpectedPoint",
    "FitCurve",
    "FitPoint",
    "FrontierPoint",
    "IntensityPair",
    "NpvCurve",
    "PaybackStep",
    "RankSpread",
    "ResidualPoint",
    "SavingBar",
    "TargetInterval",
    "TornadoBar",
]


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
    low, high : float
        Ends of the interval of the payback [year], drawn as a whisker; nan where there is none,
        and a high end of infinity where it may never pay back.
    interval : str
        What the interval is, in the reader's language, such as ``90 % of the draws``.
    dropped : bool
        Whether the study does not go on with the option: it is drawn last, in grey.
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
    low: float = math.nan
    high: float = math.nan
    interval: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class NpvCurve:
    """Net present value of one option against the discount rate.

    Parameters
    ----------
    id, name : str
        Short name of the option, and what is done.
    rates : sequence of float
        Discount rates, 0.1 is 10 % [1/year].
    values : sequence of float
        Net present value at each rate [currency]; nan where it is not known.
    irr : float
        Internal rate of return [1/year]; nan where there is not exactly one.
    currency : str
        ISO 4217 code.
    irr_text : str
        Words in place of the rate, such as why there is none.
    """

    id: str
    name: str
    rates: Sequence[float]
    values: Sequence[float]
    irr: float = math.nan
    currency: str = "VND"
    irr_text: str = ""


@dataclass(frozen=True, slots=True)
class CostStep:
    """One step of a cost curve: what one option saves, and at what cost per unit.

    Parameters
    ----------
    id, name : str
        Short name of the option, and what is done.
    width : float
        Amount saved [width_unit]; without a known one above zero there is no step.
    cost : float
        Cost of each unit saved [currency/width_unit]; nan where there is none.
    width_unit : str
        Unit of `width` as it is printed, such as ``tCO₂/năm``.
    cost_unit : str
        What each unit saved is called in the unit of `cost`, such as ``tCO₂``: the money before
        it is written at the scale of the axis. Empty for `width_unit`.
    pays : bool
        Whether the option saves more money than it costs; so does one of negative `cost`.
    currency : str
        ISO 4217 code.
    front : int
        Pareto front of an option that pays, from 1, by what it earns and saves over its whole
        life; 0 where it was not worked out.
    """

    id: str
    name: str
    width: float
    cost: float
    width_unit: str = ""
    cost_unit: str = ""
    pays: bool = False
    currency: str = "VND"
    front: int = 0


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The cheapest set of options at one of the levels of saving that were worked out.

    Parameters
    ----------
    cost : float
        Investment of the set [currency].
    saving : float
        What the set saves, 0.05 is 5 % [1]; with a `unit`, an amount of that unit.
    options : sequence of str
        Short names of the options of the set.
    currency : str
        ISO 4217 code.
    note : str
        Words beside the set, such as that its optimum is not proven.
    low, high : float or None
        Ends of the target [as `saving`]; None (or nan) where the target has no such end.
    unit : str
        Unit of the saving as it is printed; empty for a fraction.
    ends : sequence of float
        Ends of the target for which this set is proven to be the cheapest [as `saving`].
    """

    cost: float
    saving: float
    options: Sequence[str] = ()
    currency: str = "VND"
    note: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    ends: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """What the net present value does when one input goes from one end to the other.

    Parameters
    ----------
    label : str
        Name of the input in the reader's language.
    low, high : float
        Net present value at the low and at the high end of the input [unit]; nan where it is
        not known.
    base : float
        Net present value with every input at its median [unit].
    unit : str
        ISO 4217 code of the money.
    low_text, high_text : str
        The two ends of the input as they are printed, such as ``8 %``.
    """

    label: str
    low: float
    high: float
    base: float
    unit: str = "VND"
    low_text: str = ""
    high_text: str = ""


@dataclass(frozen=True, slots=True)
class RankSpread:
    """How often one option takes each rank by net present value.

    Parameters
    ----------
    id, name : str
        Short name of the option, and what is done.
    rank : int
        Rank from the figures as given, without their ranges, from 1; 0 where it has none.
    shares : sequence of float
        Share of the draws in which the option has rank 1, 2, … [1]; what is missing to 1 is
        shown as the ranks behind.
    """

    id: str
    name: str
    rank: int
    shares: Sequence[float]


@dataclass(frozen=True, slots=True)
class CashBar:
    """The money of one year.

    Parameters
    ----------
    year : int
        Year, counted from 0.
    flow : float
        Cash flow of the year [currency]; nan where it is not known.
    cumulative : float
        Sum of the flows up to and with this year [currency].
    discounted : float
        Sum of the discounted flows up to and with this year [currency].
    currency : str
        ISO 4217 code.
    """

    year: int
    flow: float
    cumulative: float
    discounted: float
    currency: str = "VND"
