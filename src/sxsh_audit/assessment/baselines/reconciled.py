"""Claimed against metered: what implemented options claim beside what the meter shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.comparing import Compared
from sxsh_audit.assessment.baselines.series import KEYS
from sxsh_audit.assessment.baselines.sub_meters import metered_savings
from sxsh_audit.calc.claims import reconcile_claims
from sxsh_audit.tables.study import Study

__all__ = ["RECONCILED", "reconciled_table"]

RECONCILED = (
    "facility", "resource", "end_use", "unit", "claimed", "measured", "measured_by",
    "realisation_rate", "rate_low", "rate_high", "residual", "residual_low", "residual_high",
    "agreement",
)  # fmt: skip
COMPARED = [*KEYS, "end_use", "unit", "claimed", "measured", "sd", "dof", "measured_by"]


def reconciled_table(
    study: Study, claims: tuple[pd.DataFrame, pd.DataFrame], adjusted: pd.DataFrame,
    savings: pd.DataFrame, taken: Compared, confidence: float,
) -> pd.DataFrame:
    """Compare the claims of each resource, and of each metered end use, with the meter.

    Parameters
    ----------
    study : Study
        Its meters.
    claims : pair of DataFrame
        What implemented options claim in the reporting period, prorated, interactions
        considered: by resource, and by end use where a meter has its name.
    adjusted : DataFrame
        Adjusted savings with their uncertainty.
    savings : DataFrame
        Table of the plain ratios: what was used in the reporting period.
    taken : Compared
        Variances of the savings by source.
    confidence : float
        Confidence of the intervals. [1]

    Returns
    -------
    DataFrame
        Columns :data:`RECONCILED`, ``end_use`` empty for the whole resource. A claim has no
        stated uncertainty: the interval of the residual is that of the meter.

    Notes
    -----
    Claims are of the reporting period. A backcast, or a saving at standard conditions, is taken
    to it: A s ÷ (1 − s) with A what was used. The absolute saving B − A has the variance of both
    sums, that of B not made smaller by the saving as in the fraction.
    """
    claimed, by_end_use = claims
    whole = claimed.assign(end_use="").merge(_absolute(adjusted, savings, taken).rename(
        columns={"kind": "measured_by"})[[*KEYS, "measured", "sd", "dof", "measured_by"]],
        on=KEYS)  # fmt: skip
    parts = by_end_use.merge(metered_savings(study, by_end_use), on=[*KEYS, "end_use"])
    parts = parts.assign(measured_by="ratio")
    kept = [frame[COMPARED] for frame in (whole, parts) if len(frame)]
    if not kept:
        return pd.DataFrame(columns=list(RECONCILED))
    rows = pd.concat(kept, ignore_index=True).sort_values(
        [*KEYS, "end_use"], kind="stable", ignore_index=True)  # fmt: skip
    # Each is a sum of one row.
    own = rows["claimed"].to_numpy(float)[:, None], rows["measured"].to_numpy(float)[:, None]
    known = np.where(np.isnan(own[0]), np.nan, 0.0)
    found = reconcile_claims(*own, known, rows["sd"].to_numpy(float)[:, None], confidence,
                             dof=rows["dof"].to_numpy(float))  # fmt: skip
    return rows.assign(
        realisation_rate=found.realisation_rate, rate_low=found.rate_low,
        rate_high=found.rate_high, residual=np.asarray(found.residual)[:, 0],
        residual_low=np.asarray(found.residual_low)[:, 0],
        residual_high=np.asarray(found.residual_high)[:, 0],
        agreement=[str(word) for word in np.asarray(found.agreement).reshape(-1)],
    )[list(RECONCILED)]  # fmt: skip


def _absolute(adjusted: pd.DataFrame, savings: pd.DataFrame, taken: Compared) -> pd.DataFrame:
    """Return the saving of the reporting period [unit] with its standard deviation."""
    used = adjusted[KEYS].merge(savings[[*KEYS, "use_reporting"]], on=KEYS, how="left")
    saving = adjusted["saving"].to_numpy(float)
    left = np.where(saving < 1.0, 1.0 - saving, np.nan)
    forecast = (adjusted["adjust_to"] == "forecast").to_numpy()
    after = used["use_reporting"].to_numpy(float)
    before = np.where(forecast, adjusted["expected"].to_numpy(float), after / left)
    measured = np.where(forecast, adjusted["absolute_saving"].to_numpy(float), before - after)
    parts = taken.variances
    # Errors of output, of either period, lie in what was expected.
    of_after = ["reporting_scatter", "use_reporting"]
    variance = (parts[of_after].sum(axis=1, skipna=False)
                + parts.drop(columns=of_after).sum(axis=1, skipna=False) / left**2)  # fmt: skip
    sd = np.where(forecast, before * np.sqrt(variance.to_numpy(float)),
                  after * adjusted["sd"].to_numpy(float) / left**2)  # fmt: skip
    return adjusted.assign(measured=measured, sd=np.where(np.isnan(left), np.nan, sd))
