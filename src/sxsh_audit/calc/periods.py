"""The two periods of a comparison, as types that cannot be exchanged.

A baseline is fitted on a :class:`BaselinePeriod` and judged on a :class:`ReportingPeriod`; a
slip of one for the other is an error and no result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, refuse, refuse_negative

__all__ = ["OUTPUT", "BaselinePeriod", "Period", "ReportingPeriod"]

OUTPUT = "output"
"""Name of the driver that every period has: good product made."""


@dataclass(frozen=True, eq=False)
class Period:
    """Use, output and drivers of consecutive intervals; see the two kinds of it.

    Parameters
    ----------
    use : array, shape (n,)
        Use of each interval (calendar month or bill); nan where it is not known. [unit]
    output : array, shape (n,)
        Good product made in it. [output unit]
    drivers : mapping of str to array, shape (n,)
        What else moves the use: operating days, degree days, single products. [any unit]
    length : float or array, shape (n,)
        Length of each interval: 1 for a month, days ÷ (365.25 ÷ 12) for a bill. [month]
    resource, unit, output_unit : str
        What is used, and the units that the figures are in, kept for the record.

    Raises
    ------
    RangeError
        If a use, an output or a length is negative.
    ValueError
        If the arrays differ in length, or a driver is called ``output``.
    """

    use: Floats
    output: Floats
    drivers: Mapping[str, Floats] = field(default_factory=dict)
    length: Floats | float = 1.0
    resource: str = ""
    unit: str = ""
    output_unit: str = ""

    def __post_init__(self) -> None:
        if type(self) is Period:
            raise TypeError("say which period it is: BaselinePeriod or ReportingPeriod")
        use = _column(self.use, "use")
        output, length = _column(self.output, "output", use.size), _column(self.length, "length")
        if OUTPUT in self.drivers:
            raise ValueError(f"{OUTPUT!r} is given by itself; call the driver something else")
        drivers = {name: _column(values, name, use.size) for name, values in self.drivers.items()}
        refuse_negative(use, "use", "vi")
        refuse_negative(output, "output", "vi")
        length = _column(np.broadcast_to(length, use.shape), "length", use.size)
        if length.size:
            refuse("calc.not_positive_length", ~(length > 0), length, "vi")
        for name, value in (("use", use), ("output", output), ("length", length)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "drivers", MappingProxyType(drivers))

    def columns(self, names: tuple[str, ...]) -> Floats:
        """Return the drivers called `names`, shape (n, k).

        Raises
        ------
        KeyError
            If there is none of a name; it lists those that there are.
        """
        known: dict[str, Any] = {OUTPUT: self.output, **self.drivers}
        missing = [name for name in names if name not in known]
        if missing:
            raise KeyError(f"no driver {', '.join(missing)}; there are: {', '.join(known)}")
        if not names:
            return np.empty((self.use.size, 0))
        return np.stack([known[name] for name in names], axis=-1)

    def __len__(self) -> int:
        return int(self.use.size)


class BaselinePeriod(Period):
    """The period before cleaner production, on which a baseline is fitted.

    Examples
    --------
    >>> before = BaselinePeriod([120.0, 150.0], [10.0, 13.0], resource="electricity")
    >>> len(before), before.columns(("output",)).ravel()
    (2, array([10., 13.]))
    """


class ReportingPeriod(Period):
    """The period in which the saving is looked for.

    Examples
    --------
    >>> ReportingPeriod([118.0], [11.0], {"days": [26.0]}).columns(("days",))
    array([[26.]])
    """


def _column(values: ArrayLike, name: str, size: int | None = None) -> Floats:
    """Return a read-only copy, so that a period cannot change under a fitted baseline."""
    column = np.array(floats(values), dtype=float).reshape(-1)
    if size is not None and column.size != size:
        raise ValueError(f"{name} has {column.size} intervals, use has {size}")
    column.flags.writeable = False
    return column
