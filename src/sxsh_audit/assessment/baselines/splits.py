"""Why the use changed: volume, mix of products, efficiency."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

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
        output = _outputs(study, own, products)
        for row in savings[savings["facility"] == plant].to_dict("records"):
            if any(output[phase] is None for phase in output):
                continue
            found = decompose_total(row["use_baseline"], output["baseline"],
                                    row["use_reporting"], output["reporting"], w)  # fmt: skip
            rows.append({
                "facility": plant, "resource": row["resource"], "unit": row["unit"],
                "use_baseline": row["use_baseline"], "volume": float(found.volume),
                "mix": float(found.mix), "efficiency": float(found.efficiency),
                "use_reporting": row["use_reporting"],
                "equivalence": dict(zip(products, w.tolist(), strict=True)),
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(CHANGES)), findings


def _weight(weights: pd.Series, plant: str, product: str) -> float:
    value = weights.get((plant, product), np.nan)
    return float(value) if np.ndim(value) == 0 else float("nan")


def _outputs(study: Study, own: pd.DataFrame, products: list[str]) -> dict[str, Any]:
    """Output of each product in both periods; None where one of them is not wholly known."""
    # A product by itself: each is a whole of one part.
    alone = own.assign(part="")
    months = known_months(study, alone, ["facility", "product"], "part", "quantity").months
    whole = months[months["month"] == TOTAL].set_index(["phase", "product"])["value"]
    out: dict[str, Any] = {}
    for phase in ("baseline", "reporting"):
        values = [whole.get((phase, product), np.nan) for product in products]
        out[phase] = None if np.isnan(values).any() else np.array(values, float)
    return out
