"""Claimed against metered: what implemented options claim beside what the meter shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.series import KEYS
from sxsh_audit.calc.claims import reconcile_claims

__all__ = ["RECONCILED", "reconciled_table"]

RECONCILED = (
    "facility", "resource", "unit", "claimed", "measured", "measured_by", "realisation_rate",
    "rate_low", "rate_high", "residual", "residual_low", "residual_high", "agreement",
)  # fmt: skip


def reconciled_table(
    claimed: pd.DataFrame, adjusted: pd.DataFrame, confidence: float
) -> pd.DataFrame:
    """Compare the claims of each resource with the metered saving.

    Parameters
    ----------
    claimed : DataFrame
        What implemented options claim in the reporting period, prorated, interactions considered.
    adjusted : DataFrame
        Adjusted savings with their uncertainty.
    confidence : float
        Confidence of the intervals. [1]

    Returns
    -------
    DataFrame
        Columns :data:`RECONCILED`. A claim has no stated uncertainty: the interval of the residual
        is that of the meter.
    """
    if not len(claimed):
        return pd.DataFrame(columns=list(RECONCILED))
    rows = claimed.merge(
        adjusted[[*KEYS, "absolute_saving", "sd", "dof", "expected", "kind"]], on=KEYS)  # fmt: skip
    if not len(rows):
        return pd.DataFrame(columns=list(RECONCILED))
    # A resource by itself: each is a sum of one row.
    own = rows["claimed"].to_numpy(float)[:, None], rows["absolute_saving"].to_numpy(float)[:, None]
    sd = (rows["sd"] * rows["expected"]).to_numpy(float)[:, None]
    known = np.where(np.isnan(own[0]), np.nan, 0.0)
    found = reconcile_claims(*own, known, sd, confidence, dof=rows["dof"].to_numpy(float))
    words = np.asarray(found.agreement).reshape(-1)
    return rows.assign(
        measured=own[1][:, 0], measured_by=rows["kind"],
        realisation_rate=found.realisation_rate, rate_low=found.rate_low,
        rate_high=found.rate_high, residual=np.asarray(found.residual)[:, 0],
        residual_low=np.asarray(found.residual_low)[:, 0],
        residual_high=np.asarray(found.residual_high)[:, 0],
        agreement=[str(word) for word in words],
    )[list(RECONCILED)]  # fmt: skip
