"""Actual use beside what the baseline expects, interval by interval: for charts and appendices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.candidates import bent
from sxsh_audit.assessment.baselines.comparing import Compared, Model, rows_like
from sxsh_audit.assessment.baselines.series import Series
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.calc.regression import residual_sum_factor
from sxsh_audit.tables.study import Study

__all__ = ["EXPECTED", "MOST_PLANTS", "expected_table"]

MOST_PLANTS = 20
"""Plants up to which the intervals are kept in the result."""
EXPECTED = (
    "facility", "resource", "phase", "start", "end", "length", "output", "use", "adjustment",
    "expected", "cumulative", "cumulative_sd",
)  # fmt: skip


def expected_table(study: Study, series: Series, taken: Compared) -> pd.DataFrame:
    """Return every interval with its output, use and expected use.

    Parameters
    ----------
    study : Study
        Its log of non-routine adjustments.
    series : Series
        Use, output and drivers.
    taken : Compared
        The baselines that were taken.

    Returns
    -------
    DataFrame
        Columns :data:`EXPECTED`: first and last day (ISO 8601), length [month], output, use,
        non-routine amount and, with it, the expected use [canonical units]; in the reporting
        period also the saving so far and its standard uncertainty by the scatter [unit]. Empty
        for more than :data:`MOST_PLANTS` plants.
    """
    if series.pairs["facility"].nunique() > MOST_PLANTS or not len(series.rows):
        return pd.DataFrame(columns=list(EXPECTED))
    rows = series.rows.copy()
    rows["adjustment"] = rows["log"].where(rows["phase"] == "reporting", 0.0)
    columns = {name: np.full(len(rows), np.nan)
               for name in ("expected", "cumulative", "cumulative_sd")}  # fmt: skip
    later = (rows["phase"] == "reporting").to_numpy()
    for pair in rows["pair"].unique().tolist():
        where = np.flatnonzero((rows["pair"] == pair).to_numpy())
        model, mine = taken.models[pair], rows.iloc[where]
        x = _design(mine, model)
        expected = x @ model.coefficients + mine["adjustment"].to_numpy(float)
        columns["expected"][where] = expected
        at = where[later[where]]
        if len(at):
            sums = _running(x[later[where]], expected[later[where]],
                            rows["use"].to_numpy(float)[at], model)  # fmt: skip
            columns["cumulative"][at], columns["cumulative_sd"][at] = sums
    rows = rows.assign(**columns)
    for name in ("start", "end"):
        rows[name] = [str(np.datetime64(int(day), "D")) for day in rows[name]]
    rows["output"] = rows[OUTPUT]
    return rows[list(EXPECTED)]


def _design(mine: pd.DataFrame, model: Model) -> Floats:
    """Rows as the coefficients multiply them, shape (n, p)."""
    x, length = mine[list(model.slots)].to_numpy(float), mine["length"].to_numpy(float)
    if np.isfinite(model.point):
        x = bent(x, length, model.point, model.side)
    return np.concatenate([length[:, None], x], axis=1)


def _running(x: Floats, expected: Floats, use: Floats, model: Model) -> tuple[Floats, Floats]:
    """Add up savings interval by interval, with their uncertainty; unknown ones are left out."""
    known = ~np.isnan(expected) & ~np.isnan(use)
    saved = np.where(known, np.cumsum(np.where(known, expected - use, 0.0)), np.nan)
    if model.covariance is None or not np.isfinite(model.sigma):
        return saved, np.full(len(saved), np.nan)
    sums = np.cumsum(np.where(known[:, None], x, 0.0), axis=0)
    m = np.cumsum(known)
    variance = np.einsum("ki,ij,kj->k", sums, model.covariance, sums)
    like = rows_like(sums[:, 0], model.row, m)
    variance = variance + model.sigma**2 * np.asarray(residual_sum_factor(like, model.rho))
    return saved, np.where(known, np.sqrt(variance), np.nan)
