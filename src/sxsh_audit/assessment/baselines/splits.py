"""Why the use changed: volume, mix of products, efficiency."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.series import KEYS
from sxsh_audit.assessment.months import TOTAL, known_months
from sxsh_audit.calc.decomposition import decompose_total
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.study import Study

__all__ = ["CHANGES", "change_table"]

CHANGES = (
    "facility", "resource", "unit", "use_baseline", "volume", "mix", "efficiency",
    "use_reporting", "equivalence",
)  # fmt: skip


def change_table(study: Study, savings: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Split the change of each use of a plant with several products.

    Parameters
    ----------
    study : Study
        Products with their equivalence coefficients.
    savings : DataFrame
        Use and output of both periods.

    Returns
    -------
    DataFrame
        Columns :data:`CHANGES`: effects that add up to the change [canonical unit], and the
        coefficients that were used.
    list of Finding
        Plants whose products have no coefficients, or whose outputs have several units.

    Notes
    -----
    One meter serves all products, so that the use by product is not known: volume × equivalence
    mix × efficiency, by LMDI-I (:func:`~sxsh_audit.calc.decomposition.decompose_total`). Output
    and use are those of the specific consumption: of months in which both are known.
    """
    made = study.tables.production
    several = made.groupby("facility")["product"].nunique()
    plants = [str(plant) for plant in several.index[several > 1]]
    if not plants:
        return pd.DataFrame(columns=list(CHANGES)), []
    known = _known(study, plants)
    findings: list[Finding] = []
    rows: list[dict[str, Any]] = []
    weights = study.tables.products.set_index(["facility", "product"])["equivalence"]
    for plant in plants:
        own = made[made["facility"] == plant]
        products = sorted(set(own["product"]))
        w = np.array([_weight(weights, plant, product) for product in products])
        place = Place(facility=str(plant))
        if np.isnan(w).any():
            numbers = {"products": [p for p, v in zip(products, w, strict=True) if np.isnan(v)]}
            findings.append(Finding("baseline.no_equivalence", "note", place, "", numbers))
            continue
        if own.loc[own["unit"] != "", "unit"].nunique() > 1:
            findings.append(Finding("baseline.mix_units", "note", place, "",
                                    {"units": sorted(set(own["unit"]) - {""})}))  # fmt: skip
            continue
        for row in savings[savings["facility"] == plant].to_dict("records"):
            mine = known[(known["facility"] == plant) & (known["resource"] == row["resource"])]
            (before, made_before), (after, made_after) = (
                _sums(mine, products, phase) for phase in ("baseline", "reporting"))
            if np.isnan(before) or np.isnan(after):
                continue
            found = decompose_total(before, made_before, after, made_after, w)
            rows.append({
                "facility": plant, "resource": row["resource"], "unit": row["unit"],
                "use_baseline": before, "volume": float(found.volume),
                "mix": float(found.mix), "efficiency": float(found.efficiency),
                "use_reporting": after,
                "equivalence": dict(zip(products, w.tolist(), strict=True)),
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(CHANGES)), findings


def _weight(weights: pd.Series, plant: str, product: str) -> float:
    value = weights.get((plant, product), np.nan)
    return float(value) if np.ndim(value) == 0 else float("nan")


def _known(study: Study, plants: list[str]) -> pd.DataFrame:
    """Use and output by product of the months in which the use and every product are known.

    Columns facility, resource, phase, month, product, quantity, use.
    """
    made = study.tables.production
    made = made[made["facility"].isin(plants)].assign(part="")
    used = study.tables.consumption
    used = used[used["facility"].isin(plants)]
    output = known_months(study, made, ["facility", "product"], "part", "quantity").months
    count = made.groupby("facility")["product"].nunique()
    seen = output.groupby(["facility", "phase", "month"])["product"].transform("nunique")
    output = output[seen == output["facility"].map(count)].rename(columns={"value": "quantity"})
    use = known_months(study, used, KEYS, "meter", "use").months.rename(columns={"value": "use"})
    joint = use.merge(output, on=["facility", "phase", "month"])
    # As for the specific consumption: months where there are any, else the totals.
    monthly = (joint["month"] != TOTAL).groupby([joint[key] for key in (*KEYS, "phase")])
    return joint[(joint["month"] != TOTAL) | ~monthly.transform("any")]


def _sums(mine: pd.DataFrame, products: list[str], phase: str) -> tuple[float, Any]:
    """Use and outputs of a phase; nan where nothing is known of both."""
    rows = mine[mine["phase"] == phase]
    if not len(rows):
        return float("nan"), np.full(len(products), np.nan)
    outputs = rows.groupby("product")["quantity"].sum().reindex(products).to_numpy(float)
    return float(rows.loc[rows["product"] == products[0], "use"].sum()), outputs
