"""What the charts of an adjusted baseline draw: one resource against its output and in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "ChangeStep",
    "CusumPoint",
    "ExpectedPoint",
    "FitCurve",
    "FitPoint",
    "ResidualPoint",
    "TargetInterval",
]


@dataclass(frozen=True, slots=True)
class FitPoint:
    """Use and output of one month or bill.

    Parameters
    ----------
    output : float
        Good product made [output_unit]; nan where it is not known.
    use : float
        Use [use_unit]; nan where it is not known.
    period : str
        ``baseline`` or ``reporting``.
    output_unit, use_unit : str
        Units as they are printed, such as ``t`` and ``kWh``.
    """

    output: float
    use: float
    period: str = "baseline"
    output_unit: str = ""
    use_unit: str = ""


@dataclass(frozen=True, slots=True)
class FitCurve:
    """The baseline as a line over the output.

    Parameters
    ----------
    outputs : sequence of float
        Outputs at which the line is drawn [output_unit], the change point among them.
    expected : sequence of float
        What the baseline expects there [use_unit].
    low, high : sequence of float
        Ends of the interval of the line [use_unit]; empty where there is none.
    ratio : float
        The plain ratio: use ÷ output of the baseline period [use_unit/output_unit]; nan for none.
    change_point : float
        Output at which the line bends [output_unit]; nan where it is straight.
    confidence : float
        Coverage of the interval, such as 0.9 [1].
    name : str
        What the baseline is called in the reader's language, such as ``hồi quy``.
    told : str
        Words under the name, such as ``R² = 0,93``.
    """

    outputs: Sequence[float]
    expected: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    ratio: float = math.nan
    change_point: float = math.nan
    confidence: float = 0.9
    name: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class ResidualPoint:
    """How far one month or bill lies from the baseline.

    Parameters
    ----------
    start, end : int
        First and last day, days since 1970-01-01.
    residual : float
        (Use − expected) ÷ standard deviation of the baseline's residuals [1]; below 0 where less
        was used; nan where it is not known.
    period : str
        ``baseline`` or ``reporting``.
    """

    start: int
    end: int
    residual: float
    period: str = "baseline"


@dataclass(frozen=True, slots=True)
class CusumPoint:
    """What has been saved in all by the end of one month or bill.

    Parameters
    ----------
    start, end : int
        First and last day, days since 1970-01-01.
    saving : float
        Σ (expected − use) up to and with this interval [unit]; below 0 where more was used; nan
        where it is not known.
    low, high : float
        Ends of its interval [unit]; nan where there is none.
    unit : str
        Unit as it is printed, such as ``kWh``.
    confidence : float
        Coverage of the interval, such as 0.9 [1].
    """

    start: int
    end: int
    saving: float
    low: float = math.nan
    high: float = math.nan
    unit: str = ""
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class ExpectedPoint:
    """What was used in one month or bill, and what the baseline expects there.

    Parameters
    ----------
    start, end : int
        First and last day, days since 1970-01-01.
    actual, expected : float
        Use and expected use [unit]; nan where it is not known.
    period : str
        ``baseline`` or ``reporting``.
    unit : str
        Unit as it is printed, such as ``kWh``.
    """

    start: int
    end: int
    actual: float
    expected: float
    period: str = "baseline"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TargetInterval:
    """Saving of one resource with its interval, by the plain ratio and adjusted.

    Parameters
    ----------
    label : str
        Name of the resource in the reader's language.
    ratio_saving, adjusted_saving : float
        Saving by the plain ratio and against the adjusted baseline, 0.05 is 5 % [1]; nan where
        there is none.
    ratio_low, ratio_high : float
        Interval of the plain ratio's saving [1]; nan where there is none.
    adjusted_low, adjusted_high : float
        Interval of the adjusted saving [1]; nan where there is none.
    reach : float
        Probability that the saving that decides reaches the low end [1]; nan where there is none.
    decision : str
        ``shown``, ``likely``, ``cannot_tell``, ``shown_not``; empty where nothing was decided.
    low, high : float or None
        Ends of the target [1]; None (or nan) where the target has no such end.
    decides : str
        Which saving decides: ``ratio`` or ``adjusted``.
    confidence : float
        Coverage of the intervals, such as 0.9 [1].
    counted : bool
        Whether the programme counts the resource.
    """

    label: str
    ratio_saving: float
    adjusted_saving: float = math.nan
    ratio_low: float = math.nan
    ratio_high: float = math.nan
    adjusted_low: float = math.nan
    adjusted_high: float = math.nan
    reach: float = math.nan
    decision: str = ""
    low: float | None = None
    high: float | None = None
    decides: str = "ratio"
    confidence: float = 0.9
    counted: bool = True


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """One step from the use of the baseline period to that of the reporting period.

    Parameters
    ----------
    kind : str
        ``baseline`` and ``reporting`` (whole uses), or an effect between them: ``volume``,
        ``mix``, ``efficiency``.
    amount : float
        Use, or change by the effect [unit]; nan where it is not known.
    unit : str
        Unit as it is printed, such as ``kWh``.
    label : str
        Name in the reader's language; empty for the usual one of the kind.
    """

    kind: str
    amount: float
    unit: str = ""
    label: str = ""
