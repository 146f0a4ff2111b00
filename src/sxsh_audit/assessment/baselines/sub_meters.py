"""Savings of end uses that have a meter of their own, by their plain ratio to output."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.errors import figure_uncertainty, inside, of_phase
from sxsh_audit.assessment.baselines.series import KEYS
from sxsh_audit.assessment.intensities import output_rows
from sxsh_audit.assessment.months import TOTAL, known_months
from sxsh_audit.calc.error_classes import PeriodUncertainty
from sxsh_audit.calc.ratio_scatter import ratio_scatter
from sxsh_audit.tables.study import PHASES, Study

__all__ = ["METERED", "metered_savings"]

SCATTER_MONTHS = 6
"""Months of both periods from which their scatter says how sure a ratio is."""
METERED = ("facility", "resource", "end_use", "measured", "sd", "dof")


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
        # A bill of a year spread over its months has no scatter to tell of.
        mine_typed = used[(used[[*KEYS, "meter"]] == list(key)).all(axis=1)]
        bills = [int((inside(study, mine_typed, phase) > 0).sum()) for phase in PHASES]
        enough = min(*bills, len(u0), len(u1)) >= SCATTER_MONTHS
        before, after = expected, u1.sum()
        u_0, u_1 = (_of(use_errors, key, phase, enough) for phase in PHASES)
        q_0, q_1 = (_of(made_errors, key[0], phase, enough) for phase in PHASES)
        # Output enters what was expected; one gain of both periods scales the saving itself.
        own = (
            before**2 * (_own(u_0) + _own(q_0) + _own(q_1) + (q_0.common - q_1.common) ** 2)
            + after**2 * _own(u_1) + (before * u_0.common - after * u_1.common) ** 2
        )  # fmt: skip
        scatter, dof = 0.0, np.inf
        if enough:
            found = [ratio_scatter(u, q) for u, q in sides]
            parts = np.array([(side * float(one.relative_sd)) ** 2 for side, one in zip(
                (before, after), found, strict=True)])  # fmt: skip
            scatter = float(parts.sum())
            own = 0.0 if np.isnan(own) else own
            spent = float((parts**2 / [float(one.dof) for one in found]).sum())
            # Welch and Satterthwaite; the errors of the figures are known.
            dof = (scatter + own) ** 2 / spent if spent > 0 else np.inf
        sd = float(np.sqrt(scatter + own))
        rows.append({
            **dict(zip([*KEYS, "end_use"], key, strict=True)),
            "measured": before - after, "sd": sd, "dof": dof,
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


def _own(errors: PeriodUncertainty) -> float:
    """Relative variance that a total has for itself."""
    return float(errors.random**2 + errors.period**2)
