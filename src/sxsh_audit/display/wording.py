"""Figures in words: paybacks, savings, statuses, qualities, money.

A printed figure never contradicts what was decided from it: :func:`saving_text` writes as
many decimals as it takes to stay on the right side of every end of the target.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from sxsh_audit.language.formatting import (
    MISSING,
    Language,
    check_language,
    format_fixed,
    format_number,
    format_percent,
)
from sxsh_audit.language.messages import has_message, sentence

__all__ = [
    "band_text",
    "currency_name",
    "money_scale",
    "money_text",
    "payback_range_text",
    "payback_text",
    "quality_text",
    "saving_text",
    "sig",
    "status_text",
]

EDGE_TOLERANCE = 1e-12  # absolute, on the fraction: METHOD of the target check
_MOST_DIGITS = 27  # of a percentage: Decimal keeps 28, and −1e-12 and its neighbour part there
_A_YEAR = {"days": 365.0, "months": 12.0, "years": 1.0}
_SCALES = (("billion", 9), ("million", 6), ("thousand", 3))


def _given(end: float | None) -> bool:
    return end is not None and not math.isnan(end)


def _side(saving: float, edge: float) -> int:
    # Term by term as the target check writes it: |s − edge| ≤ 1e-12 rounds otherwise.
    if saving > edge + EDGE_TOLERANCE:
        return 1
    return 0 if saving >= edge - EDGE_TOLERANCE else -1


def saving_text(
    saving: float, edges: Iterable[float | None] = (0.0,), language: Language = "vi"
) -> str:
    """Write a saving as a percentage that stays on its side of every edge.

    Parameters
    ----------
    saving : float
        Saving [1]; nan is written as a dash.
    edges : iterable of float or None
        Figures the saving was compared with [1], usually 0 and the ends of the target; None
        and nan are skipped.
    language : {"vi", "en"}
        Language.

    Returns
    -------
    str
        At least one decimal, and more while rounding would put the figure on or over an edge
        that the saving itself is not on (within 1e-12).

    Examples
    --------
    >>> saving_text(0.0496, (0, 0.05, 0.08)), saving_text(0.0833, (0, 0.05, 0.08), "en")
    ('4,96 %', '8.3%')
    >>> saving_text(-0.0002, (0, 0.05, 0.08))
    '−0,02 %'
    """
    if not math.isfinite(saving):
        return format_percent(saving, language)
    ends = [float(edge) for edge in edges if edge is not None and _given(edge)]
    percent = Decimal(repr(float(saving))) * 100
    decimals = 1
    while decimals < _MOST_DIGITS - max(percent.adjusted(), 0):
        # the same rounding as format_percent, so that the figure judged is the figure printed
        step = Decimal(1).scaleb(-decimals)
        rounded = Decimal(repr(float(percent))).quantize(step, rounding=ROUND_HALF_UP) / 100
        if all(_side(float(rounded), end) == _side(saving, end) for end in ends):
            break
        decimals += 1
    return format_percent(saving, language, decimals=decimals)


def band_text(low: float | None, high: float | None, language: Language = "vi") -> str:
    """Write a target: ``5–8 %``, or ``≥ 1,5 %`` where it has one end; empty where it has none.

    Parameters
    ----------
    low, high : float or None
        Ends of the target [1]; None and nan mean that there is no such end.
    language : {"vi", "en"}
        Language.

    Examples
    --------
    >>> band_text(0.05, 0.08), band_text(0.015, None, "en")
    ('5–8 %', '≥ 1.5%')
    """
    def figure(end: float | None) -> str:
        return format_number((end or 0.0) * 100, language, digits=12)

    kind = {(True, True): "between", (True, False): "from", (False, True): "to"}.get(
        (_given(low), _given(high))
    )
    if kind is None:
        return ""
    return sentence(f"display.band_{kind}", language, low=figure(low), high=figure(high))


def status_text(status: str, language: Language = "vi", *, one_sided: bool = False) -> str:
    """Write a status of the target check; an empty status (nothing was checked) stays empty.

    Parameters
    ----------
    status : str
        ``worse``, ``below``, ``within``, ``above``, ``unknown``, ``not_counted`` or empty.
    language : {"vi", "en"}
        Language.
    one_sided : bool
        Whether the target has no upper end, so that no range is spoken of.

    Examples
    --------
    >>> status_text("within"), status_text("within", one_sided=True)
    ('đạt, trong khoảng', 'đạt')
    """
    name = str(status)
    if not name:
        return ""
    if one_sided and name == "within":
        name = "reached"
    return sentence(f"display.status_{name}", language)


def quality_text(quality: str, language: Language = "vi") -> str:
    """Write how good a figure is: measured, billed, estimated or nameplate.

    Examples
    --------
    >>> quality_text("billed"), quality_text("estimated", "en")
    ('theo hóa đơn', 'estimated')
    """
    return sentence(f"display.quality_{quality}", language) if quality else ""


def payback_text(years: float, payback_class: str, language: Language = "vi") -> str:
    """Write a simple payback: days under a month, months under a year, else years.

    Parameters
    ----------
    years : float
        Simple payback [year].
    payback_class : str
        ``immediate``, ``years``, ``never``, ``worse`` or ``unknown``.
    language : {"vi", "en"}
        Language.

    Examples
    --------
    >>> payback_text(0.35, "years"), payback_text(0.01, "years"), payback_text(2.25, "years", "en")
    ('4,2 tháng', '3,7 ngày', '2.3 years')
    """
    name = str(payback_class)
    if name != "years":
        return sentence(f"display.payback_{name}", language)
    if math.isnan(years):
        return sentence("display.payback_unknown", language)
    if years * 365 < 1:
        return sentence("display.payback_under_day", language)
    unit = _unit_of(years)
    amount = years * _A_YEAR[unit]
    text = format_fixed(amount, 1 if amount < 100 else 0, language)
    return sentence(f"display.payback_{unit}", language, amount=text)


def _unit_of(years: float) -> str:
    """Return the unit in which a payback is read most easily."""
    if years < 1 / 12:
        return "days"
    # 11.96 months would round to "12.0 months": that is a year
    return "months" if years * 12 < 11.95 else "years"


def currency_name(currency: str, language: Language = "vi") -> str:
    """Write a currency by its name where it has one, else by its ISO 4217 code.

    Examples
    --------
    >>> currency_name("VND"), currency_name("USD")
    ('đồng', 'USD')
    """
    key = f"display.currency_{currency}"
    return sentence(key, language) if has_message(key, language) else currency


def money_text(
    value: float, language: Language = "vi", currency: str = "VND", *, digits: int = 3
) -> str:
    """Write an amount of money at a scale that can be read aloud.

    Parameters
    ----------
    value : float
        Amount [currency]; nan is written as a dash.
    language : {"vi", "en"}
        Language.
    currency : str
        ISO 4217 code.
    digits : int
        Significant digits; whole digits are never rounded away.

    Examples
    --------
    >>> money_text(1.3e9), money_text(45.6e6), money_text(12300, "en", "USD")
    ('1,3 tỷ đồng', '45,6 triệu đồng', '12,300 USD')
    """
    language = check_language(language)
    if math.isnan(value):
        return MISSING
    name = currency_name(currency, language)
    code = "display.money"
    if math.isfinite(value) and value:
        # round first: 999.7 million at three digits is one billion
        exact = Decimal(repr(float(value)))
        keep = exact.adjusted() - digits + 1
        exact = exact.quantize(Decimal(1).scaleb(keep), rounding=ROUND_HALF_UP)
        for scale, power in _SCALES:
            # đồng come in thousands at the least; other money is written out below a million
            if exact.adjusted() >= power and (scale != "thousand" or currency == "VND"):
                code, value = f"display.money_{scale}", float(Decimal(repr(value)).scaleb(-power))
                break
    amount = format_number(value, language, digits=digits)
    return sentence(code, language, amount=amount, currency=name)


def money_scale(
    largest: float, language: Language = "vi", currency: str = "VND"
) -> tuple[float, str]:
    """Return what the figures of an axis of money are divided by, and the unit that is left.

    Parameters
    ----------
    largest : float
        The largest amount, of either sign [currency].
    language : {"vi", "en"}
        Language.
    currency : str
        ISO 4217 code.

    Returns
    -------
    tuple of (float, str)
        The divisor [1] and the unit, at the scale in which :func:`money_text` writes `largest`.

    Examples
    --------
    >>> money_scale(-1.3e9), money_scale(45.6e6, "en"), money_scale(12300, "en", "USD")
    ((1000000000.0, 'tỷ đồng'), (1000000.0, 'million VND'), (1.0, 'USD'))
    """
    language = check_language(language)
    name = currency_name(currency, language)
    code, power = "display.money", 0
    for scale, at_least in _SCALES:
        if abs(largest) >= 10**at_least and (scale != "thousand" or currency == "VND"):
            code, power = f"display.money_{scale}", at_least
            break
    return 10.0**power, sentence(code, language, amount="", currency=name).strip()


def payback_range_text(low: float, high: float, language: Language = "vi") -> str:
    """Write the ends of an interval of a payback; the unit once where both have the same.

    Parameters
    ----------
    low, high : float
        Ends [year]; 0 is at once, infinity is never, nan is not known.
    language : {"vi", "en"}
        Language.

    Examples
    --------
    >>> payback_range_text(3.1, 7), payback_range_text(0.5, float("inf"), "en")
    ('3,1–7,0 năm', '6.0 months – never pays back')
    """
    if low * 365 >= 1 and low <= high < 100:  # where payback_text writes figures of one decimal
        unit = _unit_of(low)
        if unit == _unit_of(high):
            ends = (format_fixed(years * _A_YEAR[unit], 1, language) for years in (low, high))
            return sentence(f"display.payback_{unit}", language, amount="–".join(ends))

    def end(years: float) -> str:
        kind = "immediate" if years <= 0 else "never" if years == math.inf else "years"
        return payback_text(years, kind, language)

    return f"{end(low)} – {end(high)}"


def sig(value: float, language: Language = "vi", digits: int = 4) -> str:
    """Write a specific consumption at `digits` significant digits, all whole digits kept.

    Examples
    --------
    >>> sig(0.00123456), sig(12345.678), sig(float("nan"))
    ('0,001235', '12.346', '–')
    """
    return format_number(value, language, digits=digits)
