"""Adjusted savings against the target: probabilities, decision words, what can be detected."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.candidates import Candidate, named
from sxsh_audit.assessment.baselines.comparing import SOURCES, Compared
from sxsh_audit.assessment.baselines.series import KEYS, Series
from sxsh_audit.assessment.baselines.terms import Judging
from sxsh_audit.assessment.target import Target
from sxsh_audit.calc.adjusted_savings import earlier_and_later
from sxsh_audit.calc.bands import EDGE_TOLERANCE
from sxsh_audit.calc.detectable import (
    minimum_detectable_saving,
    narrowing_shares,
    rows_needed,
)
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.saving_interval import BASELINE_LIMIT, saving_interval
from sxsh_audit.calc.target_probability import decision, target_probability

__all__ = [
    "ADJUSTED",
    "POWER",
    "UNCERTAINTY",
    "adjusted_table",
    "carried_variances",
    "left_of_first",
    "uncertainty_table",
]

POWER = 0.8
"""How often a saving of the detectable size would be shown. [1]"""
ADJUSTED = (
    "facility", "resource", "kind", "drivers", "of_output", "why", "adjust_to", "unit",
    "n_baseline", "n_reporting", "coefficients", "covariance", "sigma", "change_point", "side",
    "rho", "expected", "adjustment", "used", "absolute_saving", "saving", "earlier_saving",
    "judged_saving", "status", "sd", "dof", "confidence", "low", "high", "reach", "within",
    "above", "below", "worse", "decision", "detectable", "rows_needed", "delta_fails",
    "errors_from", "ratio_saving", "ratio_status", "ratio_sd", "ratio_low", "ratio_high",
    "ratio_reach", "ratio_decision", "disagree", "output_change",
)  # fmt: skip
TINY_SHARE = 1e-9
"""Part of the variance that is but rounding: common errors that cancel. [1]"""
UNCERTAINTY = ("facility", "resource", "source", "variance", "share", "half_width_without")


def _chances(
    saving: Floats, sd: Floats, dof: Floats, counted: Floats, target: Target, confidence: float
) -> dict[str, Any]:
    """Interval, probabilities against the band and decision word of each saving."""
    interval = saving_interval(saving, sd, confidence, dof)
    low = np.where(counted, np.nan if target.low is None else target.low, np.nan)
    found = target_probability(saving, sd, low=None, high=None, dof=dof)
    out: dict[str, Any] = {"low": interval.low, "high": interval.high, "worse": found.worse}
    for name in ("reach", "within", "above", "below"):
        out[name] = np.full(len(saving), np.nan)
    if target.low is not None:
        judged = target_probability(saving, sd, low=target.low, high=target.high, dof=dof)
        for name in ("reach", "within", "above", "below"):
            values = np.asarray(getattr(judged, name), float)
            out[name] = np.where(np.isnan(low), np.nan, values)
    out["decision"] = [_word(value) for value in out["reach"]]
    return out


def _word(reach: float) -> str | None:
    return None if np.isnan(reach) else str(decision(reach))


def adjusted_table(
    series: Series, found: list[Candidate], chosen: pd.DataFrame, both: tuple[Compared, Compared],
    savings: pd.DataFrame, judging: Judging, target: Target,
) -> pd.DataFrame:
    """Return one row per plant and resource: the adjusted saving, how sure it is, and the ratio.

    Parameters
    ----------
    series : Series
        The pairs.
    found : list of Candidate
        What was fitted.
    chosen : DataFrame
        What was taken.
    both : pair of Compared
        Plain ratio, and the baseline that was taken.
    savings : DataFrame
        Table of the plain ratios.
    judging : Judging
        Confidence, earlier savings.
    target : Target
        Whose band is looked at.

    Returns
    -------
    DataFrame
        Columns :data:`ADJUSTED`.
    """
    pairs, (plain, best) = series.pairs, both
    rows = pairs.merge(savings, on=KEYS, how="left")
    frame = pd.concat([pairs, best.table], axis=1).assign(
        kind=chosen["kind"], why=chosen["why"], adjust_to=judging.adjust_to,
        unit=rows["unit"], confidence=judging.confidence,
    )  # fmt: skip
    # Only what was fitted here has a model of the reporting period to ask.
    ratio = (chosen["number"] < 0).to_numpy()
    frame.loc[ratio, "adjust_to"] = "forecast"
    frame["drivers"] = [named(series, plant, best.models[i].slots)
                        for i, plant in enumerate(pairs["facility"])]  # fmt: skip
    frame["of_output"] = [[not slot.startswith("driver_") for slot in best.models[i].slots]
                          for i in range(len(pairs))]  # fmt: skip
    frame["coefficients"] = [[_known(value) for value in best.models[i].coefficients]
                             for i in range(len(pairs))]  # fmt: skip
    frame["change_point"] = [best.models[i].point for i in range(len(pairs))]
    bends = frame["change_point"].notna().to_numpy()
    frame["side"] = [best.models[i].side if bends[i] else None for i in range(len(pairs))]
    frame["sigma"] = [best.models[i].sigma for i in range(len(pairs))]
    frame["covariance"] = pd.Series(
        [_matrix(best.models[i].covariance) for i in range(len(pairs))], pairs.index, dtype=object)
    earlier = pairs["resource"].map(dict(judging.earlier)).astype(float)
    carried = np.where(_first_anchor(target), earlier.fillna(0.0), 0.0)
    frame["earlier_saving"] = earlier
    counted = rows["counted"].fillna(False).to_numpy(bool)
    own, other = (_scaled(side.table, carried) for side in (best, plain))
    frame["judged_saving"], frame["sd"] = own[0], own[1]
    told = _chances(*own, counted, target, judging.confidence)
    frame = frame.assign(**told)
    frame["status"] = target.status(pd.Series(own[0]), pd.Series(counted))
    beside = _chances(*other, counted, target, judging.confidence)
    frame["ratio_saving"], frame["ratio_sd"] = other[0], other[1]
    frame["ratio_status"] = target.status(pd.Series(other[0]), pd.Series(counted))
    for name in ("low", "high", "reach", "decision"):
        frame[f"ratio_{name}"] = beside[name]
    frame["detectable"] = minimum_detectable_saving(
        own[1], judging.confidence, POWER, own[2])  # fmt: skip
    frame["rows_needed"] = _rows_needed(frame, best, judging, target)
    frame["delta_fails"] = frame["baseline_sd"] > BASELINE_LIMIT
    frame["disagree"] = _disagree(frame, target)
    frame["output_change"] = _output_change(rows)
    return frame[list(ADJUSTED)]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _matrix(values: Floats | None) -> list[list[float | None]]:
    return [] if values is None else [[_known(value) for value in row] for row in values]


def _rows_needed(
    frame: pd.DataFrame, best: Compared, judging: Judging, target: Target
) -> Floats:
    """Intervals of each period from which a saving as large as the low end would be seen."""
    wanted = np.nan if not target.low else target.low
    parts = best.variances
    scatter = parts["baseline_scatter"] + parts["reporting_scatter"]
    errors = parts.drop(columns=["baseline_scatter", "reporting_scatter"]).fillna(0.0).sum(axis=1)
    found = rows_needed(scatter, errors, frame["n_reporting"].astype(float), wanted,
                        judging.confidence, POWER)  # fmt: skip
    return np.asarray(found)


def _first_anchor(target: Target) -> bool:
    """Whether savings count against the first baseline; also where no programme says otherwise."""
    return target.programme is None or target.programme.anchor != "previous_phase"


def _scaled(table: pd.DataFrame, carried: Floats) -> tuple[Floats, Floats, Floats]:
    """Take savings and their uncertainty to the baseline that the programme means."""
    saving = np.asarray(earlier_and_later(table["saving"].to_numpy(float), carried), float)
    sd = table["sd"].to_numpy(float) * (1.0 - carried)
    return saving, sd, table["dof"].to_numpy(float)


def _side(saving: pd.Series, edge: float) -> pd.Series:
    return saving >= edge - EDGE_TOLERANCE


def _disagree(frame: pd.DataFrame, target: Target) -> list[bool | None]:
    """Whether ratio and adjusted saving are on two sides of the low end, or of nothing at all."""
    low = 0.0 if target.low is None else target.low
    both = frame["judged_saving"].notna() & frame["ratio_saving"].notna()
    apart = _side(frame["judged_saving"], low) != _side(frame["ratio_saving"], low)
    apart |= _side(frame["judged_saving"], 0.0) != _side(frame["ratio_saving"], 0.0)
    return [bool(differ) if known else None for differ, known in zip(apart, both, strict=True)]


def _output_change(rows: pd.DataFrame) -> Floats:
    """Change of the output a month from the baseline to the reporting period."""
    rate = {}
    for phase in ("baseline", "reporting"):
        months = rows[f"months_{phase}"].to_numpy(float)
        rate[phase] = rows[f"output_{phase}"].to_numpy(float) / np.where(months > 0, months, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = rate["reporting"] / np.where(rate["baseline"] > 0, rate["baseline"], np.nan) - 1.0
    # Months of one period and the total of the other are not told by one length.
    alike = (rows["months_baseline"] > 0) == (rows["months_reporting"] > 0)
    return np.where(alike, change, np.nan)


def left_of_first(adjusted: pd.DataFrame) -> Floats:
    """Return what the baseline is of the first one that savings are judged against [1].

    Parameters
    ----------
    adjusted : DataFrame
        With ``saving`` and ``judged_saving``.
    """
    left = 1.0 - adjusted["saving"].to_numpy(float)
    judged = 1.0 - adjusted["judged_saving"].to_numpy(float)
    return np.where(left > 0, judged / np.where(left > 0, left, 1.0), 1.0)


def carried_variances(taken: Compared, adjusted: pd.DataFrame) -> Compared:
    """Take the variances by source to the baseline that savings are judged against.

    Parameters
    ----------
    taken : Compared
        The baseline that was taken.
    adjusted : DataFrame
        Its table, with the saving of earlier baselines carried over.

    Returns
    -------
    Compared
    """
    return taken._replace(variances=taken.variances.mul(left_of_first(adjusted) ** 2, axis=0))


def uncertainty_table(
    series: Series, taken: Compared, adjusted: pd.DataFrame
) -> pd.DataFrame:
    """Return what makes each saving unsure, and how far the interval would narrow without it.

    Parameters
    ----------
    series : Series
        The pairs.
    taken : Compared
        The baseline that was taken, with the variances by source.
    adjusted : DataFrame
        Its intervals.

    Returns
    -------
    DataFrame
        Columns :data:`UNCERTAINTY`, largest source first; ``half_width_without`` of the interval
        if the source were known exactly [1].
    """
    values = taken.variances[list(SOURCES)].to_numpy(float)
    half = ((adjusted["high"] - adjusted["low"]) / 2).to_numpy(float)
    values = np.where((values > 0) & np.isfinite(half)[:, None], values, 0.0)
    share, narrower = narrowing_shares(values)
    names = np.array(SOURCES)
    # Largest first within each pair; equal ones, at 12 digits, by name.
    pair, place = np.nonzero(share > TINY_SHARE)
    order = np.lexsort((names[place], -_rounded(values[pair, place]), pair))
    pair, place = pair[order], place[order]
    return pd.DataFrame({
        **{key: series.pairs[key].to_numpy()[pair] for key in KEYS}, "source": names[place],
        "variance": values[pair, place], "share": share[pair, place],
        "half_width_without": half[pair] * (1.0 - narrower[pair, place]),
    }, columns=list(UNCERTAINTY))  # fmt: skip


def _rounded(values: Floats) -> Floats:
    """Figures above 0 at 12 significant digits, so that rounding decides no order."""
    scale = 10.0 ** (11 - np.floor(np.log10(values)))
    return np.asarray(np.round(values * scale) / scale)
