"""Uncertainty in words: percentage points, chances, what would be visible, what narrows it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.shown import number, shown_unit
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.display.wording import sig
from sxsh_audit.language.formatting import (
    MISSING,
    Language,
    format_fixed,
    format_number,
    format_percent,
)
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.result_tables import ResultTable
    from sxsh_audit.assessment.results import Assessment

__all__ = [
    "chance_text",
    "decision_text",
    "detectable_text",
    "driver_text",
    "kind_text",
    "method_text",
    "model_text",
    "points_text",
    "reason_text",
    "source_text",
    "sources_text",
    "visible_text",
]

MOST_ROWS = 120
"""Intervals beyond which nobody waits: ten years of months."""


def points_text(half_width: float, language: Language = "vi") -> str:
    """Write the half of an interval of a saving in percentage points.

    Parameters
    ----------
    half_width : float
        Half width as a fraction [1].
    language : {"vi", "en"}
        Language.

    Examples
    --------
    >>> points_text(0.0316), points_text(0.0316, "en")
    ('3,2 điểm', '3.2 points')
    """
    half = format_fixed(100 * half_width, 1 if half_width >= 0.0005 else 2, language)
    return sentence("adjusted.half", language, half=half)


def chance_text(row: Mapping[str, Any], language: Language) -> str:
    """Write the probability of reaching the low end with its decision word.

    Parameters
    ----------
    row : mapping
        Record with ``reach`` and ``decision``.
    language : {"vi", "en"}
        Language.
    """
    if row["reach"] is None or row["decision"] is None:
        return MISSING
    reach = float(row["reach"])
    # Never «100 %» or «0 %»: a probability that was worked out from an interval is no certainty.
    text = format_percent(min(max(reach, 0.01), 0.99), language, decimals=0)
    text = f"> {text}" if reach > 0.99 else f"< {text}" if reach < 0.01 else text
    return f"{text} · {decision_text(row['decision'], language)}"


def decision_text(word: str, language: Language) -> str:
    """Write a decision word.

    Parameters
    ----------
    word : str
        ``shown``, ``likely``, ``cannot_tell`` or ``shown_not``.
    language : {"vi", "en"}
        Language.
    """
    return sentence(f"adjusted.decision_{word}", language)


def detectable_text(row: Mapping[str, Any], language: Language) -> str:
    """Write the smallest saving that the data could show.

    Parameters
    ----------
    row : mapping
        Record with ``detectable``.
    language : {"vi", "en"}
        Language.
    """
    value = number(row["detectable"])
    return MISSING if math.isnan(value) else format_percent(value, language, decimals=1)


def driver_text(name: str, language: Language) -> str:
    """Name of a driver; that of output in the language.

    Parameters
    ----------
    name : str
        As the study calls it.
    language : {"vi", "en"}
        Language.
    """
    return sentence("adjusted.driver_output", language) if name == OUTPUT else name


def model_text(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    """Write a baseline as its formula, in the units of the study.

    Parameters
    ----------
    result : Assessment
        What was found.
    row : mapping
        Record of the table ``adjusted``.
    language : {"vi", "en"}
        Language.
    """
    unit, factor = shown_unit(result, row["resource"], row["unit"])
    usual = result.settings["display_outputs"].get(row["facility"])
    values = [number(value) for value in row["coefficients"]]
    terms = []
    if values and values[0]:
        terms.append(sentence("adjusted.base_term", language,
                              value=sig(values[0] / factor, language)))  # fmt: skip
    terms_of = zip(row["drivers"], row["of_output"], values[1:], strict=True)
    for name, of_output, value in terms_of:
        per = usual["factor"] if of_output and usual else 1.0
        told = driver_text(name, language)
        if row["change_point"] is not None:
            point = format_number(number(row["change_point"]) / per, language, digits=4)
            code = "short_of" if row["side"] == "below" else "past"
            told = sentence(f"adjusted.{code}", language, driver=told, point=point)
        terms.append(f"{sig(value * per / factor, language)} × {told}")
    return f"{' + '.join(terms)} [{unit_text(unit, language)}]".replace("+ −", "− ")


def method_text(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    """Say by which baseline a saving was adjusted and why; why not, where it is the ratio.

    Parameters
    ----------
    result : Assessment
        What was found.
    row : mapping
        Record of the table ``adjusted``.
    language : {"vi", "en"}
        Language.
    """
    looked = _of(result.baselines, row)
    if row["kind"] == "ratio" and row["why"] != "given":
        if row["why"] == "asked":
            return sentence("adjusted.ratio_asked", language)
        if not looked:
            return sentence("adjusted.no_months", language)
        best = max(looked, key=lambda each: number(each["adjusted_r2"])
                   if each["adjusted_r2"] is not None else -math.inf)  # fmt: skip
        usual = result.settings["display_outputs"].get(row["facility"])
        per = usual["factor"] if usual else 1.0
        reasons = [reason_text(entry, language, per) for entry in best["reasons"]]
        return sentence("adjusted.only_ratio", language, reasons="; ".join(reasons))
    chosen = next((each for each in looked if each["chosen"]), None)
    why = sentence(f"adjusted.why_{row['why']}", language)
    kind = kind_text(row["kind"], language)
    text = sentence("adjusted.by_kind", language, kind=kind, why=why,
                    model=model_text(result, row, language), n=int(row["n_baseline"]))  # fmt: skip
    if chosen is not None and chosen["r2"] is not None:
        text += sentence("adjusted.quality", language,
                         r2=format_number(chosen["r2"], language, digits=2),
                         cv=format_percent(number(chosen["cv_rmse"]), language))  # fmt: skip
    return text


def _of(table: ResultTable, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the records of a table that belong to the plant and resource of `row`."""
    key = (row["facility"], row["resource"])
    return [each for each in table.rows if (each["facility"], each["resource"]) == key]


def reason_text(entry: Mapping[str, Any], language: Language, per: float = 1.0) -> str:
    """Write why a baseline does not apply, with its figures.

    Parameters
    ----------
    entry : mapping
        ``code`` and numbers.
    language : {"vi", "en"}
        Language.
    per : float
        Canonical units of output in the one that is shown. [1]
    """
    numbers = {name: value for name, value in entry.items() if name != "code"}
    scale = per if numbers.get("driver") == OUTPUT else 1.0
    for name in ("mean", "low", "high"):
        if name in numbers:
            numbers[name] = format_number(number(numbers[name]) / scale, language, digits=4)
    if "driver" in numbers:
        numbers["driver"] = driver_text(str(numbers["driver"]), language)
    return sentence(f"adjusted.reason_{entry['code']}", language, **numbers)


def sources_text(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    """Say what makes a saving unsure most, and how far the interval would narrow without it.

    Parameters
    ----------
    result : Assessment
        What was found.
    row : mapping
        Record of the table ``adjusted``.
    language : {"vi", "en"}
        Language.
    """
    parts = _of(result.uncertainty, row)
    if not parts or row["low"] is None:
        return ""
    top = parts[0]
    return sentence(
        "adjusted.narrow", language, source=source_text(top["source"], language),
        now=points_text((row["high"] - row["low"]) / 2, language),
        then=points_text(number(top["half_width_without"]), language),
        fix=sentence(f"adjusted.fix_{top['source']}", language),
    )  # fmt: skip


def source_text(source: str, language: Language) -> str:
    """Name what makes a saving unsure.

    Parameters
    ----------
    source : str
        One of :data:`~sxsh_audit.assessment.baselines.adjusted.SOURCES`.
    language : {"vi", "en"}
        Language.
    """
    return sentence(f"adjusted.source_{source}", language)


def kind_text(kind: str, language: Language) -> str:
    """Name a kind of baseline.

    Parameters
    ----------
    kind : str
        ``ratio``, ``base_load_ratio``, ``regression`` or ``change_point``.
    language : {"vi", "en"}
        Language.
    """
    return sentence(f"words.{kind}", language)


def visible_text(result: Assessment, row: Mapping[str, Any], language: Language) -> str:
    """Say whether a saving as large as the low end would be seen, and what it would take.

    Parameters
    ----------
    result : Assessment
        What was found.
    row : mapping
        Record of the table ``adjusted``.
    language : {"vi", "en"}
        Language.
    """
    low = result.settings["low"]
    if not low or row["detectable"] is None:
        return ""
    if row["detectable"] <= low:
        return sentence("adjusted.visible", language, low=float(low))
    needed, known = row["rows_needed"], row["reach"] is not None
    if not known:
        return ""
    if needed is None and row["n_reporting"] and _scatters(result, row):
        return sentence("adjusted.never_visible", language, low=float(low))
    if needed is None:
        return sentence("adjusted.visible_by_figures", language, low=float(low))
    if needed > MOST_ROWS:
        return sentence("adjusted.hardly_visible", language, low=float(low), most=MOST_ROWS)
    return sentence("adjusted.visible_from", language, low=float(low), n=int(needed))


def _scatters(result: Assessment, row: Mapping[str, Any]) -> bool:
    return any(each["source"].endswith("_scatter") for each in _of(result.uncertainty, row))
