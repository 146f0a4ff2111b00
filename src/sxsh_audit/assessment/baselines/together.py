"""All resources of a plant together: the overall saving against adjusted baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.comparing import Compared
from sxsh_audit.assessment.baselines.judged import left_of_first
from sxsh_audit.assessment.baselines.series import KEYS
from sxsh_audit.assessment.target import Target
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.joint_savings import joint_target_probability
from sxsh_audit.calc.saving_interval import saving_interval
from sxsh_audit.calc.savings import LEAST_KNOWN_SHARE
from sxsh_audit.calc.target_probability import decision, target_probability

__all__ = ["TOGETHER", "together_table"]

TOGETHER = (
    "facility", "resources", "saving", "status", "sd", "confidence", "low", "high", "reach",
    "decision", "all_reach", "ratio_saving",
)  # fmt: skip
SHARED = ("output_baseline", "output_reporting", "output_common")
"""Errors that all resources of a plant have from one output."""


def together_table(
    adjusted: pd.DataFrame, taken: Compared, savings: pd.DataFrame, verdict: pd.DataFrame,
    target: Target,
) -> pd.DataFrame:
    """Return the cost-weighted adjusted saving of each plant, with its probability.

    Parameters
    ----------
    adjusted : DataFrame
        Adjusted savings by resource.
    taken : Compared
        Their variances by source.
    savings : DataFrame
        Table of the plain ratios: prices and what is counted.
    verdict : DataFrame
        Overall result by the plain ratios.
    target : Target
        Whose band is looked at.

    Returns
    -------
    DataFrame
        Columns :data:`TOGETHER`; ``all_reach`` is the joint probability that every counted
        resource reaches the low end [1]. Nothing for a plant with less than 80 % of the
        counted cost known, with one counted resource, or with some of them at standard conditions.

    Notes
    -----
    Σ p (B − A) ÷ Σ p B with the adjusted baselines B and what was used A, at constant baseline
    prices p. The errors of the output are shared by all resources and add up; scatter and the
    errors of the use are of each resource alone.
    """
    rows = adjusted.merge(savings[[*KEYS, "price", "counted"]], on=KEYS, how="left")
    overall: dict[Any, float] = dict(
        zip(verdict["facility"], verdict["cost_weighted_saving"], strict=True))  # fmt: skip
    out: list[dict[str, Any]] = []
    for facility, mine in rows[rows["counted"].fillna(False).astype(bool)].groupby("facility"):
        if len(mine) < 2:
            continue
        # What the first baseline would use, where savings are judged against it.
        weight = mine["price"].to_numpy(float) * mine["expected"].to_numpy(float)
        weight = weight / left_of_first(mine)
        known = np.isfinite(weight) & mine["judged_saving"].notna().to_numpy()
        if mine.loc[known, "adjust_to"].eq("standard").nunique() > 1:
            continue  # a month of one resource and a whole period of another have no sum
        total = np.nansum(weight)
        if not known.any() or np.isnan(weight).any() or not total > 0 or (
            weight[known].sum() < LEAST_KNOWN_SHARE * total):  # fmt: skip
            continue
        part = weight[known] / weight[known].sum()
        saving = mine["judged_saving"].to_numpy(float)[known]
        whole = float(part @ saving)
        # `rows` has the order of the pairs, and so of the variances.
        covariance = _covariance(taken.variances.iloc[mine.index[known]])
        sd = float(np.sqrt(part @ covariance @ part))
        dof = _freedom(part**2 * np.diag(covariance), mine["dof"].to_numpy(float)[known], sd)
        interval = saving_interval(whole, sd, float(mine["confidence"].iloc[0]), dof)
        row: dict[str, Any] = {
            "facility": facility, "resources": list(mine["resource"][known]), "saving": whole,
            "sd": sd, "confidence": float(mine["confidence"].iloc[0]),
            "low": interval.low, "high": interval.high, "reach": np.nan, "decision": None,
            "all_reach": np.nan, "ratio_saving": overall.get(facility, np.nan),
        }  # fmt: skip
        if target.low is not None and np.isfinite(sd):
            reach = float(target_probability(
                whole, sd, low=target.low, high=target.high, dof=dof).reach)
            row |= {"reach": reach, "decision": str(decision(reach))}
            if known.all():
                row["all_reach"] = joint_target_probability(
                    saving, covariance, low=target.low, high=target.high).reach  # fmt: skip
        out.append(row)
    frame = pd.DataFrame(out, columns=[name for name in TOGETHER if name != "status"])
    frame["status"] = target.status(frame["saving"].astype(float)) if len(frame) else []
    return frame[list(TOGETHER)]


def _freedom(variances: Floats, dof: Floats, sd: float) -> float:
    """Degrees of freedom of the whole by those of the resources (Welch and Satterthwaite)."""
    unsure = float((variances**2 / dof).sum())
    return sd**4 / unsure if unsure > 0 else float("inf")


def _covariance(variances: pd.DataFrame) -> Floats:
    """Covariance of savings that share the errors of one output."""
    alone = variances.drop(columns=list(SHARED)).sum(axis=1, skipna=False).to_numpy(float)
    covariance = np.diag(alone)
    for name in SHARED:
        root = np.sqrt(variances[name].to_numpy(float))
        covariance = covariance + np.outer(root, root)
    return np.asarray(covariance)
