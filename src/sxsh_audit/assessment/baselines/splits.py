"""Why the use changed: volume, mix of products, efficiency."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.series import KEYS
from sxsh_audit.assessment.cells import records_of
from sxsh_audit.assessment.months import TOTAL, known_months
from sxsh_audit.calc.decomposition import decompose_change, decompose_total
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.study import Study

__all__ = ["CHANGES", "change_table"]

CHANGES = (
    "facility", "resource", "unit", "use_baseline", "volume", "mix", "efficiency",
    "use_reporting", "method", "equivalence", "by_product",
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
        Columns :data:`CHANGES`: effects that add up to the change [canonical unit], whether they
        rest on the use ``by_product`` or on ``equivalence``, and the coefficients, or the effects
        through each product, accordingly.
    list of Finding
        Plants whose products have no coefficients, or whose outputs have several units.

    Notes
    -----
    By LMDI-I. Where every figure of a resource names the product that it is for, use by product
    (:func:`~sxsh_audit.calc.decomposition.decompose_change`). Else one meter serves all products:
    volume × equivalence mix × efficiency
    (:func:`~sxsh_audit.calc.decomposition.decompose_total`). Output and use are those of the
    specific consumption: of months in which both are known.
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
        if own.loc[own["unit"] != "", "unit"].nunique() > 1:
            findings.append(Finding("baseline.mix_units", "note", place, "",
                                    {"units": sorted(set(own["unit"]) - {""})}))  # fmt: skip
            continue
        lacking = [p for p, v in zip(products, w, strict=True) if np.isnan(v)]
        told = not lacking
        for row in records_of(savings[savings["facility"] == plant]):
            split = _by_product(study, row, products)
            if split is not None:
                rows.append(split)
                continue
            if lacking:
                if not told:
                    findings.append(Finding("baseline.no_equivalence", "note", place, "",
                                            {"products": lacking}))  # fmt: skip
                told = True
                continue
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
                "use_reporting": after, "method": "equivalence",
                "equivalence": dict(zip(products, w.tolist(), strict=True)), "by_product": {},
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(CHANGES)), findings


def _by_product(
    study: Study, row: dict[Any, Any], products: list[str]
) -> dict[str, Any] | None:
    """Split a use whose every figure names its product; None where one does not."""
    used = study.tables.consumption
    used = used[(used["facility"] == row["facility"]) & (used["resource"] == row["resource"])]
    if not len(used) or (used["product"] == "").any():
        return None
    made = study.tables.production
    made = made[made["facility"] == row["facility"]].assign(part="")
    keys = ["facility", "product"]
    use = known_months(study, used, keys, "meter", "use").months
    output = known_months(study, made, keys, "part", "quantity").months
    joint = use.merge(output, on=[*keys, "phase", "month"], suffixes=("_use", "_made"))
    seen = joint.groupby(["phase", "month"])["product"].transform("nunique")
    joint = joint[seen == len(products)]
    monthly = joint["month"] != TOTAL
    joint = joint[monthly] if monthly.any() else joint
    sums = joint.groupby(["phase", "product"])[["value_use", "value_made"]].sum()
    sides = {}
    for phase in ("baseline", "reporting"):
        wanted = pd.MultiIndex.from_product([[phase], products])
        sides[phase] = sums.reindex(wanted).to_numpy(float)
    (use_0, made_0), (use_1, made_1) = (sides[phase].T for phase in ("baseline", "reporting"))
    found = decompose_change(use_0, made_0, use_1, made_1)
    if np.isnan(found.change):
        return None
    effects = np.stack([found.volume_by_product, found.mix_by_product,
                        found.efficiency_by_product], axis=-1)  # fmt: skip
    return {
        "facility": row["facility"], "resource": row["resource"], "unit": row["unit"],
        "use_baseline": float(use_0.sum()), "volume": float(found.volume),
        "mix": float(found.mix), "efficiency": float(found.efficiency),
        "use_reporting": float(use_1.sum()), "method": "by_product", "equivalence": {},
        "by_product": {
            product: dict(zip(("volume", "mix", "efficiency"), values.tolist(), strict=True))
            for product, values in zip(products, effects, strict=True)
        },
    }  # fmt: skip


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
