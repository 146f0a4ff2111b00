"""Size classes of enterprises, by the decree in force on a date."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from sxsh_audit.data import load_toml

__all__ = ["SIZES", "SME", "decree_on", "possible_sizes"]

SIZES = ("micro", "small", "medium", "large")
SME = frozenset({"micro", "small", "medium"})
"""What the law calls small and medium-sized: micro enterprises are among them."""

_LAST_OF_INDUSTRY = 43  # VSIC divisions 01–43: agriculture, industry, construction


def decree_on(day: dt.date) -> Mapping[str, Any] | None:
    """Return the decree on size classes in force on a day, or None where none was read.

    Parameters
    ----------
    day : date
        Day.

    Returns
    -------
    mapping or None
        Entry of ``data/size_classes.toml``.

    Examples
    --------
    >>> decree_on(dt.date(2015, 12, 31))["id"], decree_on(dt.date(2020, 12, 31))["id"]
    ('56/2009/NĐ-CP', '39/2018/NĐ-CP')
    """
    found = [entry for entry in load_toml("size_classes.toml")["decree"] if entry["start"] <= day]
    return max(found, key=lambda entry: entry["start"], default=None)


def possible_sizes(
    day: dt.date,
    *,
    people: float = math.nan,
    revenue: float = math.nan,
    capital: float = math.nan,
    vsic: str = "",
) -> tuple[str, ...]:
    """Return the classes an enterprise can belong to on a day, from what is known of it.

    Parameters
    ----------
    day : date
        Day on which it is classed.
    people : float
        Employees, a year's average. [person]
    revenue : float
        Revenue of a year; ``nan`` is not known. [VND]
    capital : float
        Total capital; ``nan`` is not known. [VND]
    vsic : str
        Code of its activity; industry where it is not given.

    Returns
    -------
    tuple of str
        In the order of ``SIZES``; one where the figures decide it, all four where nothing is
        known or no decree was read.

    Notes
    -----
    Since 2018 a class needs people ≤ its limit **and** (revenue ≤ its limit **or** capital ≤
    its limit). Decree 56/2009 asked for capital first: people decide only where it is unknown,
    and very small is by people alone. The decrees speak of employees with social insurance;
    the register counts employees.

    References
    ----------
    .. [1] Decrees 56/2009, 39/2018 and 80/2021 as cited in ``data/size_classes.toml``.

    Examples
    --------
    >>> possible_sizes(dt.date(2020, 12, 31), people=80, revenue=60e9, capital=15e9)
    ('small',)
    >>> possible_sizes(dt.date(2020, 12, 31), people=80)
    ('small', 'medium', 'large')
    """
    decree = decree_on(day)
    if decree is None:
        return SIZES
    division = vsic.strip()[:2]
    trade = division.isdigit() and int(division) > _LAST_OF_INDUSTRY
    limits = decree.get("trade" if trade else "industry")
    if limits is None:
        return SIZES
    known = {"people": people, "revenue": revenue, "capital": capital}
    if decree["rule"] == "capital_first":
        return _by_capital(limits, people, capital)
    possible = []
    for name, limit in limits.items():
        within = _all_of(_within(known["people"], limit["people"]), _any_of(
            _within(known["revenue"], limit["revenue"]),
            _within(known["capital"], limit["capital"])))  # fmt: skip
        if within is not False:
            possible.append(name)
        if within:
            return tuple(possible)
    return (*possible, "large")


def _by_capital(
    limits: Mapping[str, Mapping[str, float]], people: float, capital: float
) -> tuple[str, ...]:
    micro = _within(people, limits["micro"]["people"])
    if micro:
        return ("micro",)
    by = "people" if math.isnan(capital) else "capital"
    figure = people if by == "people" else capital
    found = [name for name in ("small", "medium") if _within(figure, limits[name][by])]
    if math.isnan(figure):
        return SIZES
    return (*(("micro",) if micro is None else ()), found[0] if found else "large")


def _within(figure: float, limit: float) -> bool | None:
    return None if math.isnan(figure) else figure <= limit


def _all_of(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _any_of(first: bool | None, second: bool | None) -> bool | None:
    if first or second:
        return True
    return None if first is None or second is None else False
