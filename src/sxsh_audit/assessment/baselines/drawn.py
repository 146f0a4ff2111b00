"""What the charts of adjusted baselines draw, as plain records in the units of the study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sxsh_audit.assessment.baselines.wording import kind_text, model_text
from sxsh_audit.assessment.shown import number, shown_unit
from sxsh_audit.calc.change_point import past_change_point
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.calc.student_t import coverage_factor
from sxsh_audit.display.baseline_records import (
    ChangeStep,
    CusumPoint,
    ExpectedPoint,
    FitCurve,
    FitPoint,
    ResidualPoint,
    TargetInterval,
)
from sxsh_audit.display.unit_text import unit_text
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = [
    "change_steps",
    "cusum_points",
    "drawn_resource",
    "expected_points",
    "fit_curve",
    "fit_points",
    "residual_points",
    "subject",
    "target_intervals",
]

CURVE_POINTS = 60


def drawn_resource(
    result: Assessment, of: str, resource: str | None
) -> Mapping[str, Any] | None:
    """Return the record that a chart of one resource is of: the one asked for, else the best.

    Parameters
    ----------
    result : Assessment
        What was found.
    of : str
        Table that must know the resource: ``expected`` or ``change_split``.
    resource : str, optional
        Key, or ``plant:key`` where there are several plants.

    Returns
    -------
    mapping or None
        Record of the table ``adjusted``. Without a wish, that of a fitted baseline with the
        highest R²; else the first.

    Raises
    ------
    KeyError
        If there is no such resource; it lists those that there are.
    """
    known = {(row["facility"], row["resource"]) for row in getattr(result, of).rows}
    rows = [row for row in result.adjusted.rows if (row["facility"], row["resource"]) in known]
    if resource is not None:
        plant, _, key = resource.rpartition(":")
        found = [row for row in rows if row["resource"] in (key, resource)
                 and plant in ("", row["facility"])]  # fmt: skip
        if not found:
            listed = "; ".join(f"{row['facility']}:{row['resource']}" for row in rows)
            raise KeyError(f"no {resource!r} in {of}; ask for one of: {listed}")
        return found[0]
    quality = {
        (row["facility"], row["resource"]): number(row["adjusted_r2"])
        for row in result.baselines.rows if row["chosen"]
    }  # fmt: skip
    return max(rows, key=lambda row: quality.get((row["facility"], row["resource"]), -1.0),
               default=None)  # fmt: skip


class _Drawn:
    """The intervals of one resource of a plant, and the units in which they are shown."""

    def __init__(self, result: Assessment, language: Language, resource: str | None) -> None:
        self.row = drawn_resource(result, "expected", resource)
        self.rows: list[Mapping[str, Any]] = []
        self.unit, self.factor, self.per, self.output_unit = "", 1.0, 1.0, ""
        if self.row is None:
            return
        key = (self.row["facility"], self.row["resource"])
        self.rows = [each for each in result.expected.rows
                     if (each["facility"], each["resource"]) == key]  # fmt: skip
        unit, self.factor = shown_unit(result, key[1], self.row["unit"])
        self.unit = unit_text(unit, language)
        usual = result.settings["display_outputs"].get(key[0])
        self.per = usual["factor"] if usual else 1.0
        self.output_unit = unit_text(usual["unit"], language) if usual else ""

    def use(self, value: Any) -> float:
        return number(value) / self.factor

    def spread(self) -> float:
        """Return how far rows lie about the baseline [unit], by the fit or by the rows."""
        if self.row is not None and self.row["sigma"] is not None:
            return float(self.row["sigma"])
        left = np.array([number(each["use"]) - number(each["expected"]) for each in self.rows
                         if each["phase"] == "baseline"])  # fmt: skip
        left = left[~np.isnan(left)]
        return float(left.std(ddof=1)) if len(left) > 2 else float("nan")


def _day(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def fit_points(
    result: Assessment, language: Language = "vi", resource: str | None = None
) -> list[FitPoint]:
    """Return use and output of every interval of one resource."""
    drawn = _Drawn(result, language, resource)
    return [
        FitPoint(number(each["output"]) / drawn.per, drawn.use(each["use"]), each["phase"],
                 drawn.output_unit, drawn.unit)
        for each in drawn.rows
    ]  # fmt: skip


def fit_curve(
    result: Assessment, language: Language = "vi", resource: str | None = None
) -> FitCurve | None:
    """Return the baseline as a line over output, other drivers at their mean of the baseline.

    None where single products stand for the output.
    """
    drawn = _Drawn(result, language, resource)
    row = drawn.row
    if row is None or OUTPUT not in row["drivers"] or None in row["coefficients"]:
        return None
    if list(row["drivers"]) != [OUTPUT]:
        return _curve_at_means(result, drawn, row, language)
    outputs = [number(each["output"]) for each in drawn.rows if each["output"] is not None]
    if not outputs:
        return None
    # One line for intervals of any length: that of a mean one.
    length = float(np.mean([number(each["length"]) for each in drawn.rows]))
    point = number(row["change_point"]) * length
    grid = np.unique(np.r_[np.linspace(0.0, max(outputs) * 1.05, CURVE_POINTS),
                           point if np.isfinite(point) else 0.0])  # fmt: skip
    x = grid
    if np.isfinite(point):
        x = past_change_point(grid, point, "below" if row["side"] == "below" else "above")
    design = np.stack([np.full_like(x, length), x], axis=1)
    expected = design @ np.array(row["coefficients"], float)
    low: list[float] = []
    high: list[float] = []
    confidence = float(row["confidence"])
    if row["covariance"] and row["kind"] != "ratio" and None not in row["covariance"][0]:
        sd = np.sqrt(np.einsum("ki,ij,kj->k", design, np.array(row["covariance"]), design))
        dof = max(int(row["n_baseline"]) - len(row["coefficients"]), 1)
        half = float(coverage_factor(confidence, dof)) * sd
        low = ((expected - half) / drawn.factor).tolist()
        high = ((expected + half) / drawn.factor).tolist()
    plain = result.savings[row["facility"], row["resource"]].baseline
    return FitCurve(
        (grid / drawn.per).tolist(), (expected / drawn.factor).tolist(), low, high,
        number(plain) * drawn.per / drawn.factor, point / drawn.per, confidence,
        kind_text(row["kind"], language), model_text(result, row, language),
    )  # fmt: skip


def _curve_at_means(
    result: Assessment, drawn: _Drawn, row: Mapping[str, Any], language: Language
) -> FitCurve | None:
    """Return use on output with the other drivers at the mean of the baseline; no band."""
    rows = [each for each in drawn.rows if each["phase"] == "baseline"
            and each["expected"] is not None and each["output"] is not None]  # fmt: skip
    if not rows:
        return None
    slope = float(row["coefficients"][1 + list(row["drivers"]).index(OUTPUT)])
    made = np.array([each["output"] for each in rows])
    # A plane goes through the means of what it is made of.
    level = float(np.mean([each["expected"] for each in rows]) - slope * made.mean())
    outputs = [number(each["output"]) for each in drawn.rows if each["output"] is not None]
    grid = np.linspace(0.0, max(outputs) * 1.05, 2)
    plain = result.savings[row["facility"], row["resource"]].baseline
    others = [name for name in row["drivers"] if name != OUTPUT]
    told = sentence("adjusted.at_means", language, names=", ".join(others))
    return FitCurve(
        (grid / drawn.per).tolist(), ((level + slope * grid) / drawn.factor).tolist(), [], [],
        number(plain) * drawn.per / drawn.factor, float("nan"), float(row["confidence"]),
        kind_text(row["kind"], language), told,
    )  # fmt: skip


def residual_points(
    result: Assessment, language: Language = "vi", resource: str | None = None
) -> list[ResidualPoint]:
    """Return how far each interval lies from the baseline, in standard deviations of a row."""
    drawn = _Drawn(result, language, resource)
    sd = drawn.spread()
    return [
        ResidualPoint(_day(each["start"]), _day(each["end"]),
                      (number(each["use"]) - number(each["expected"])) / sd, each["phase"])
        for each in drawn.rows
    ] if sd > 0 else []  # fmt: skip


def cusum_points(
    result: Assessment, language: Language = "vi", resource: str | None = None
) -> list[CusumPoint]:
    """Return what has been saved in all by the end of each interval of the reporting period."""
    drawn = _Drawn(result, language, resource)
    if drawn.row is None:
        return []
    confidence = float(drawn.row["confidence"])
    dof = max(int(drawn.row["n_baseline"]) - len(drawn.row["coefficients"]), 1)
    times = float(coverage_factor(confidence, dof))
    return [
        CusumPoint(
            _day(each["start"]), _day(each["end"]), drawn.use(each["cumulative"]),
            drawn.use(number(each["cumulative"]) - times * number(each["cumulative_sd"])),
            drawn.use(number(each["cumulative"]) + times * number(each["cumulative_sd"])),
            drawn.unit, confidence)
        for each in drawn.rows if each["phase"] == "reporting"
    ]  # fmt: skip


def expected_points(
    result: Assessment, language: Language = "vi", resource: str | None = None
) -> list[ExpectedPoint]:
    """Return use and expected use of every interval of one resource."""
    drawn = _Drawn(result, language, resource)
    return [
        ExpectedPoint(_day(each["start"]), _day(each["end"]), drawn.use(each["use"]),
                      drawn.use(each["expected"]), each["phase"], drawn.unit)
        for each in drawn.rows
    ]  # fmt: skip


def target_intervals(result: Assessment, language: Language = "vi") -> list[TargetInterval]:
    """Return the savings of every resource with their intervals."""
    several = len(result.verdict) > 1
    counted = {(row["facility"], row["resource"]): bool(row["counted"])
               for row in result.savings.rows}  # fmt: skip
    out = []
    for row in result.adjusted.rows:
        label = result.label(row["resource"], language)
        own = row["judged_saving"] != row["ratio_saving"] or row["kind"] != "ratio"
        nothing = float("nan")
        out.append(TargetInterval(
            f"{row['facility']}: {label}" if several else label, number(row["ratio_saving"]),
            number(row["judged_saving"]) if own else nothing, number(row["ratio_low"]),
            number(row["ratio_high"]), number(row["low"]) if own else nothing,
            number(row["high"]) if own else nothing, number(row["reach"]),
            row["decision"] or "", result.settings["low"], result.settings["high"],
            "adjusted" if own else "ratio", float(row["confidence"]),
            counted[row["facility"], row["resource"]],
        ))  # fmt: skip
    return out


def change_steps(
    result: Assessment, language: Language = "vi", resource: str | None = None
) -> list[ChangeStep]:
    """Return the steps from the use of the baseline to that of the reporting period."""
    row = drawn_resource(result, "change_split", resource)
    if row is None:
        return []
    split = vars(result.change_split[row["facility"], row["resource"]])
    unit, factor = shown_unit(result, row["resource"], split["unit"])
    text = unit_text(unit, language)
    kinds = {"baseline": "use_baseline", "volume": "volume", "mix": "mix",
             "efficiency": "efficiency", "reporting": "use_reporting"}  # fmt: skip
    return [ChangeStep(kind, number(split[name]) / factor, text) for kind, name in kinds.items()]


def subject(
    result: Assessment, of: str, language: Language, resource: str | None
) -> str:
    """Say which resource a chart is of.

    Parameters
    ----------
    result : Assessment
        What was found.
    of : str
        Method whose records are drawn.
    language : {"vi", "en"}
        Language.
    resource : str, optional
        The one that was asked for.
    """
    table = "change_split" if of == "change_steps" else "expected"
    row = drawn_resource(result, table, resource)
    if row is None:
        return ""
    label = result.label(row["resource"], language)
    return f"{row['facility']}: {label}" if len(result.verdict) > 1 else label
