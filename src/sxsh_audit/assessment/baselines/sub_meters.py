"""Savings of end uses that have a meter of their own, by their plain ratio to output."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.errors import figure_uncertainty, inside, of_phase
from sxsh_audit.assessment.baselines.series import KEYS
from sxsh_audit.assessment.intensities import output_rows
from sxsh_audit.assessment.months import TOTAL, known_months
from sxsh_audit.calc.error_classes import PeriodUncertainty, ratio_saving_uncertainty
from sxsh_audit.calc.ratio_scatter import ratio_scatter
from sxsh_audit.tables.study import PHASES, Study

__all__ = ["METERED", "metered_savings"]

SCATTER_MONTHS = 6
"""Months of both periods from which their scatter says how sure a ratio is."""
METERED = ("facility", "resource", "end_use", "absolute_saving", "sd", "dof")


def metered_savings(study: Study, claims: pd.DataFrame) -> pd.DataFrame:
    """Work out what the meters of end uses show.

    Parameters
    ----------
    study : Study
        Checked records.
    claims : DataFrame
        Rows with ``facility, resource, end_use``, each the name of a meter.

    Returns
    -------
    DataFrame
        Columns :data:`METERED`: saving at the output of the reporting period [unit], its standard
        uncertainty [unit] and degrees of freedom.
    """
    if not len(claims):
        return pd.DataFrame(columns=list(METERED))
    wanted = claims.rename(columns={"end_use": "meter"})[[*KEYS, "meter"]].drop_duplicates()
    used = study.tables.consumption.merge(wanted, on=[*KEYS, "meter"])
    made, _ = output_rows(study)
    made = made[made["facility"].isin(wanted["facility"])]
    use = known_months(study, used.assign(part=""), [*KEYS, "meter"], "part", "use").months
    output = known_months(study, made, ["facility"], "product", "quantity").months
    joint = use.merge(output, on=["facility", "phase", "month"], suffixes=("_use", "_made"))
    use_errors = figure_uncertainty(study, used, [*KEYS, "meter"], "use")
    made_errors = figure_uncertainty(study, made, ["facility"], "quantity")
    rows: list[dict[str, Any]] = []
    for key in wanted.itertuples(index=False, name=None):
        mine = joint[(joint[[*KEYS, "meter"]] == list(key)).all(axis=1)]
        sides = [_side(mine[mine["phase"] == phase]) for phase in PHASES]
        (u0, q0), (u1, q1) = sides
        if not len(u0) or not len(u1) or not q0.sum() > 0:
            continue
        expected = u0.sum() / q0.sum() * q1.sum()
        saving = 1.0 - u1.sum() / expected if expected > 0 else np.nan
        # A bill of a year spread over its months has no scatter to tell of.
        mine_typed = used[(used[[*KEYS, "meter"]] == list(key)).all(axis=1)]
        bills = [int((inside(study, mine_typed, phase) > 0).sum()) for phase in PHASES]
        enough = min(*bills, len(u0), len(u1)) >= SCATTER_MONTHS
        errors = [_of(use_errors, key, phase, enough) for phase in PHASES]
        outputs = [_of(made_errors, key[0], phase, enough) for phase in PHASES]
        own = float(ratio_saving_uncertainty(saving, errors[0], outputs[0], errors[1], outputs[1]))
        scatter, dof = 0.0, np.inf
        if enough:
            parts = [ratio_scatter(u, q) for u, q in sides]
            squares = np.array([float(part.relative_sd) ** 2 for part in parts])
            scatter = (1.0 - saving) * float(np.sqrt(squares.sum()))
            freedom = np.array([float(part.dof) for part in parts])
            spent = float((squares**2 / freedom).sum())
            dof = float(squares.sum() ** 2 / spent) if spent > 0 else np.inf
        own = 0.0 if np.isnan(own) and enough else own
        if scatter > 0:
            dof *= (1.0 + (own / scatter) ** 2) ** 2  # Welch and Satterthwaite: errors are known
        sd = np.hypot(scatter, own)
        rows.append({
            **dict(zip([*KEYS, "end_use"], key, strict=True)),
            "absolute_saving": expected - u1.sum(), "sd": sd * expected, "dof": dof,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(METERED))


def _side(rows: pd.DataFrame) -> tuple[Any, Any]:
    """Use and output by month, or the totals where there is no month."""
    monthly = rows["month"] != TOTAL
    rows = rows[monthly] if monthly.any() else rows
    return rows["value_use"].to_numpy(float), rows["value_made"].to_numpy(float)


def _of(errors: pd.DataFrame, key: Any, phase: str, enough: bool) -> PeriodUncertainty:
    """Errors of one total; random ones show as scatter where there are months enough."""
    found = of_phase(errors.loc[[key]], phase)
    random, period, common = (float(np.asarray(each)[0]) for each in found)
    return PeriodUncertainty(0.0 if enough else random, period, common)
