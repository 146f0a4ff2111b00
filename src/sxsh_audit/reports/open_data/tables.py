"""Tables of the open data: what was found, and the study from which it can be found again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.reports.open_data.anonymous import PlantList
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.schema import known_resources

__all__ = ["OUTPUT", "Amounts", "OpenTables", "open_tables"]

Amounts = Literal["scaled", "exact"]

OUTPUT = 1000.0
"""Output that each plant is given in both periods, in its own unit, where amounts are scaled."""

QUALITIES = ("nameplate", "estimated", "billed", "measured")


class OpenTables(NamedTuple):
    """What is written.

    Parameters
    ----------
    found : mapping of str to DataFrame
        ``plants``, ``results``, ``verdicts``, ``options``.
    study : mapping of str to DataFrame
        Tables of a study by their names.
    currency : str
        Currency of the study; empty where the plants have several and no money is in it.
    """

    found: Mapping[str, pd.DataFrame]
    study: Mapping[str, pd.DataFrame]
    currency: str


def open_tables(register: Register, plants: PlantList, amounts: Amounts) -> OpenTables:
    """Return the tables of the open data.

    Parameters
    ----------
    register : Register
        Establishments with their results.
    plants : PlantList
        Who is in, under which code.
    amounts : {"scaled", "exact"}
        Scaled: everything per 1000 units of output, so that no bill and no output of a plant
        can be recognised. Exact: as the reporting period had it.

    Returns
    -------
    OpenTables

    Notes
    -----
    With b and c the specific consumption of the two periods [unit/output unit], the study gives
    both periods the same output Q and the uses b Q and c Q. So the saving (b − c) / b and, at
    the prices given, the cost-weighted saving Σ p (b − c) Q / Σ p b Q are those that were
    assessed; exact amounts also keep the absolute saving (b − c) Q₁. Cost and yearly saving of
    an option are multiplied with the same Q / Q₁, which leaves its payback as it was.
    """
    results = _of(register, "results", plants)
    codes = _resource_codes(results)
    results["resource"] = results["resource"].map(codes)
    made = results.groupby("plant")["output_reporting"].max()
    output = made if amounts == "exact" else made.where(made.isna(), OUTPUT).fillna(OUTPUT)
    scale = (output / made).where(made > 0)
    options = _open_options(_of(register, "options", plants), scale, codes)
    currencies = sorted(set(results["currency"]) - {""})
    currency = currencies[0] if len(currencies) == 1 else ""
    study = {
        "facility": plants.table[["plant", "division"]].rename(
            columns={"plant": "facility", "division": "vsic"}),
        **_made_and_used(results, output),
        "resources": _own_resources(results),
    }  # fmt: skip
    if currency:
        study["prices"] = _prices(results, currency)
        study |= _study_options(options)
    inside = set(study["production"]["facility"])
    study = {name: table[table["facility"].isin(inside)] for name, table in study.items()}
    study = {name: table for name, table in study.items() if len(table)}
    columns = ["plant", "resource", "category", "counted", "unit", "output_unit", "baseline",
               "reporting", "saving", "status", "low", "high", "price", "currency", "quality",
               "months", "programme", "phase"]  # fmt: skip
    if amounts == "exact":
        columns.insert(8, "output_reporting")
    verdicts = _of(register, "verdicts", plants)[
        ["plant", "saving", "status", "reached_low", "rule", "low", "high", "known_share",
         "programme", "phase"]]  # fmt: skip
    told = ["plant", "section", "division", "vsic_version", "employees", "year", "alike"]
    found = {"plants": plants.table[told], "results": results[columns], "verdicts": verdicts,
             "options": options}  # fmt: skip
    return OpenTables({name: table.reset_index(drop=True) for name, table in found.items()},
                      study, currency)  # fmt: skip


def _of(register: Register, name: str, plants: PlantList) -> pd.DataFrame:
    """Rows of the plants by their codes, in the order of the codes."""
    keys = plants.table[["plant", "establishment", "study"]]
    rows = register.tables[name].merge(keys, on=["establishment", "study"])
    order = ["plant", *(key for key in ("resource",) if name == "results")]
    return rows.sort_values(order, kind="stable", ignore_index=True)


def _resource_codes(results: pd.DataFrame) -> dict[str, str]:
    """Code of each resource: a name that a plant gave may tell which plant it is."""
    known = known_resources()
    own = results.loc[~results["resource"].isin(list(known)), ["resource", "category"]]
    own = own.drop_duplicates("resource").sort_values(["category", "resource"])
    number = own.groupby("category").cumcount() + 1
    codes = (own["category"].replace("", "resource") + "_" + number.astype(str)).tolist()
    return {key: key for key in known} | dict(zip(own["resource"], codes, strict=True))


def _open_options(
    options: pd.DataFrame, scale: pd.Series[float], codes: Mapping[str, str]
) -> pd.DataFrame:
    """Options without their names; what saves one resource names it by its code."""
    factor = options["plant"].map(scale).to_numpy(dtype=float)
    number = options.groupby("plant").cumcount() + 1
    return pd.DataFrame({
        "plant": options["plant"], "option": [f"o{one}" for one in number],
        "cp_category": options["cp_category"],
        "resource": [codes.get(one, "") for one in options["resource"]],
        "status": options["status"], "cost": options["cost"].to_numpy() * factor,
        "cost_class": options["cost_class"],
        "annual_saving": options["annual_saving"].to_numpy() * factor,
        "currency": options["currency"], "years": options["years"],
        "payback_class": options["payback_class"],
    })  # fmt: skip


def _made_and_used(results: pd.DataFrame, output: pd.Series[float]) -> dict[str, pd.DataFrame]:
    """Output of both periods, and the uses that give the specific consumption found."""
    quantity = results["plant"].map(output).to_numpy(dtype=float)
    used, made = [], []
    for phase in ("baseline", "reporting"):
        rows = pd.DataFrame({
            "facility": results["plant"], "resource": results["resource"], "phase": phase,
            "quantity": results[phase].to_numpy() * quantity, "unit": results["unit"],
            "quality": results["quality"],
        })  # fmt: skip
        used.append(rows[rows["quantity"].notna()])
        rank = results["quality"].map({word: i for i, word in enumerate(QUALITIES)})
        best = rank.groupby(results["plant"]).max()  # at least as good as the best use beside it
        units = results.groupby("plant")["output_unit"].first()
        quality = [QUALITIES[int(one)] if one >= 0 else "" for one in best]
        plants = pd.DataFrame({
            "facility": best.index, "phase": phase, "quantity": output.loc[best.index].to_numpy(),
            "unit": units.loc[best.index].to_numpy(), "quality": quality,
        })  # fmt: skip
        made.append(plants[plants["facility"].isin(used[-1]["facility"])])
    return {"production": _sorted(made, ["facility"]),
            "consumption": _sorted(used, ["facility", "resource"])}  # fmt: skip


def _sorted(parts: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat(parts).sort_values([*keys, "phase"], ignore_index=True)


def _own_resources(results: pd.DataFrame) -> pd.DataFrame:
    """Category of what the library does not know by name."""
    known = known_resources()
    own = [
        key not in known or (category and category != known[key].category)
        for key, category in zip(results["resource"], results["category"], strict=True)
    ]
    rows = results.loc[own, ["plant", "resource", "category"]]
    return rows.rename(columns={"plant": "facility"})


def _prices(results: pd.DataFrame, currency: str) -> pd.DataFrame:
    rows = results[results["price"].notna()]
    return pd.DataFrame({
        "facility": rows["plant"], "resource": rows["resource"], "price": rows["price"],
        "unit": [f"{currency}/{unit}" for unit in rows["unit"]], "vat": "excluded",
    })  # fmt: skip


def _study_options(options: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Options and what they save in a year, as money: no quantity of a plant is told."""
    saving = options["annual_saving"]
    named = options["resource"] != ""
    table = pd.DataFrame({
        "facility": options["plant"], "option": options["option"], "name": options["option"],
        "category": options["cp_category"], "cost": options["cost"],
        "cost_class": options["cost_class"].where(options["cost"].isna(), ""),
        "other_benefit": saving.where(~named & (saving > 0), np.nan),
        "annual_extra_cost": (-saving).where(saving < 0, np.nan), "status": options["status"],
    })  # fmt: skip
    rows = options[named & (saving >= 0)]
    savings = pd.DataFrame({
        "facility": rows["plant"], "option": rows["option"], "resource": rows["resource"],
        "money": rows["annual_saving"],
    })  # fmt: skip
    return {"options": table, "option_savings": savings}
