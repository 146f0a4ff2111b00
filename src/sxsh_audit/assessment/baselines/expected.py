"""Actual use beside what the baseline expects, interval by interval: for charts and appendices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.adjusted import Compared
from sxsh_audit.assessment.baselines.candidates import bent
from sxsh_audit.assessment.baselines.series import Series
from sxsh_audit.calc.periods import OUTPUT

__all__ = ["EXPECTED", "MOST_PLANTS", "expected_table"]

MOST_PLANTS = 20
"""Plants up to which the intervals are kept in the result."""
EXPECTED = (
    "facility", "resource", "phase", "start", "end", "length", "output", "use", "expected",
)  # fmt: skip


def expected_table(series: Series, taken: Compared) -> pd.DataFrame:
    """Return every interval with its output, use and expected use.

    Parameters
    ----------
    series : Series
        Use, output and drivers.
    taken : Compared
        Coefficients by pair.

    Returns
    -------
    DataFrame
        Columns :data:`EXPECTED`: first and last day (ISO 8601), length [month], output, use
        and expected use [canonical units]. Empty for more than :data:`MOST_PLANTS` plants.
    """
    if series.pairs["facility"].nunique() > MOST_PLANTS or not len(series.rows):
        return pd.DataFrame(columns=list(EXPECTED))
    rows = series.rows.copy()
    expected = np.full(len(rows), np.nan)
    for pair, where in rows.groupby("pair").indices.items():
        coefficients, slots, point = taken.models[int(str(pair))]
        mine = rows.iloc[where]
        x = mine[list(slots)].to_numpy(float)
        length = mine["length"].to_numpy(float)
        if np.isfinite(point):
            x = bent(x, length, point)
        expected[where] = coefficients[0] * length + x @ coefficients[1:]
    rows["expected"] = expected
    for name in ("start", "end"):
        rows[name] = [str(np.datetime64(int(day), "D")) for day in rows[name]]
    rows["output"] = rows[OUTPUT]
    return rows[list(EXPECTED)]
