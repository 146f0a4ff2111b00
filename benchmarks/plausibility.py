"""Plant slips at known cells of real records and count what the rules of plausibility find.

    python3 run.py bench --only plausibility          # prints the table
    python benchmarks/plausibility.py --store         # writes plausibility.json beside this file

The scenarios were fixed before the rules were measured; the seed is fixed. For each kind of slip:
how many were planted, how many were found on the very cell, how often the suggested reading was the
true figure; for each clean set: false alarms per 1,000 rows, by rule. ``docs/explanation/
plausibility.md`` shows the stored table, and a test holds the two together.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd

import sxsh_audit as sx
from sxsh_audit.data import load_rows
from sxsh_audit.findings import Finding

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "tests" / "golden" / "data"
STORED = HERE / "plausibility.json"
SEED = 2384
VND_PER_USD = 20_000
"""A unit of money and no rate of exchange: it only makes dollars as large as đồng."""

Planted = dict[tuple[str, int, str], float | None]
"""(table, row, column) of each slip, and the true figure as typed; None where none is suggested."""


def read(name: str, rows: int | None = None) -> pd.DataFrame:
    return pd.read_csv(DATA / name, comment="#", nrows=rows)


def _all_of_them(found: list[Finding], **_: Any) -> list[Finding]:
    return list(found)


def findings(**tables: Any) -> list[Finding]:
    """Every warning of plausibility, none folded."""
    study = sx.Study(language="en", **tables)
    with mock.patch("sxsh_audit.assessment.assess.tidy_findings", _all_of_them):
        found = sx.assess(study, language="en").findings
    return [item for item in found if item.code.startswith("plausible.")
            and item.severity == "warning"]  # fmt: skip


# -- bills -------------------------------------------------------------------------------------

METERS = 9


def bills(months: int, windows: int) -> list[pd.DataFrame]:
    """Stretches of `months` bills of each meter; a bill begins the day after the one before."""
    out = []
    for name, rows in read("plausibility_bills.csv").groupby("series", sort=True):
        rows = rows.sort_values("read_date", ignore_index=True)
        day = pd.to_datetime(rows["read_date"])
        start = day.shift() + pd.Timedelta(days=1)
        rows = rows.assign(start=start.dt.strftime("%Y-%m-%d"), end=rows["read_date"])[1:]
        firsts = np.linspace(0, len(rows) - months, windows).astype(int) if len(rows) >= months \
            else []  # fmt: skip
        for first in dict.fromkeys(firsts):
            part = rows.iloc[first : first + months]
            resource = "electricity" if part["unit"].iloc[0] == "kWh" else "natural_gas"
            out.append(part.assign(facility=f"{name} {first}", resource=resource)[
                ["facility", "resource", "start", "end", "quantity", "unit", "cost"]])  # fmt: skip
    return [part.reset_index(drop=True) for part in out]


def as_study(
    parts: Sequence[pd.DataFrame], cost: bool = True, output: str = "the same"
) -> dict[str, Any]:
    """Bills of many plants as one study, with the output that goes with them.

    Every month makes the same, or as much less as the bills use less, or output is known by year.
    """
    frame = pd.concat(parts, ignore_index=True)
    scale = frame.pop("scale") if "scale" in frame else pd.Series(1.0, frame.index)
    frame["unit"] = frame["unit"].where(frame["unit"] == "kWh", "MMBtu")
    if not cost:
        frame = frame.drop(columns="cost")
    plants = frame["facility"].unique()
    days = pd.to_datetime(frame["start"]), pd.to_datetime(frame["end"])
    months = pd.period_range(days[0].min(), days[1].max(), freq="M").strftime("%Y-%m")
    if output == "by year":
        months = pd.Index([str(year) for year in range(days[0].min().year, days[1].max().year + 1)])
    made = pd.DataFrame({"facility": np.repeat(plants, len(months)),
                         "period": np.tile(months, len(plants)), "quantity": 1000.0,
                         "unit": "t"})  # fmt: skip
    if output == "moves":
        moved = dict(zip(zip(frame["facility"], days[1].dt.strftime("%Y-%m"), strict=True), scale,
                         strict=True))  # fmt: skip
        made["quantity"] *= [moved.get(key, 1.0) for key in
                             zip(made["facility"], made["period"], strict=True)]  # fmt: skip
    middle = days[0].sort_values(ignore_index=True)[len(frame) // 2]
    ends = [day.date() for day in (days[0].min(), middle - pd.Timedelta(days=1), middle,
                                   days[1].max())]  # fmt: skip
    return {"consumption": frame, "production": made, "currency": "USD",
            "baseline": {"start": ends[0], "end": ends[1]},
            "reporting": {"start": ends[2], "end": ends[3]}}  # fmt: skip


Slip = Callable[[pd.DataFrame, int], tuple[str, float | None]]


def times(column: str, power: int) -> Slip:
    def change(part: pd.DataFrame, i: int) -> tuple[str, float]:
        true = float(part.at[i, column])
        part.loc[i, column] = true * 10.0**power
        return column, true

    return change


def swap(part: pd.DataFrame, i: int) -> tuple[str, float | None]:
    part.loc[i, ["quantity", "cost"]] = part.loc[i, ["cost", "quantity"]].to_numpy()
    return "quantity", None


def repeat(part: pd.DataFrame, i: int) -> tuple[str, float | None]:
    part.loc[i, ["quantity", "cost"]] = part.loc[i - 1, ["quantity", "cost"]].to_numpy()
    return "quantity", None


def spanning(part: pd.DataFrame, i: int) -> tuple[str, float | None]:
    """The bill before is missing and its use stands in this one, whose first day is its own."""
    part.loc[i, ["quantity", "cost"]] += part.loc[i - 1, ["quantity", "cost"]]
    part.loc[i - 1, "facility"] = ""  # left out below
    return "quantity", None


def copied_year(part: pd.DataFrame, i: int) -> tuple[str, float | None]:
    """A year is copied from the one before, days and all."""
    first = 12
    for name in ("quantity", "cost"):
        part.loc[first : first + 11, name] = part.loc[first - 12 : first - 1, name].to_numpy()
    for name in ("start", "end"):
        days = pd.to_datetime(part[name][:12]) + pd.DateOffset(years=1)
        part.loc[first : first + 11, name] = days.dt.strftime("%Y-%m-%d").to_numpy()
    return "quantity", None


def planted_bills(
    parts: Sequence[pd.DataFrame], slip: Slip, rows: int, rng: np.random.Generator
) -> tuple[list[pd.DataFrame], Planted]:
    """Copies of the stretches with one slip each, at rows drawn once."""
    out: list[pd.DataFrame] = []
    planted: Planted = {}
    at = 2  # the first record of a frame is told as row 2
    for part in parts:
        for i in rng.choice(np.arange(2, len(part) - 1), min(rows, len(part) - 3), replace=False):
            copy = part.copy()
            copy["quantity"] = copy["quantity"].astype(float)
            copy["facility"] = f"{copy['facility'].iloc[0]} #{i}"
            column, true = slip(copy, int(i))
            row = 12 if slip is copied_year else int(i)
            row -= int((copy["facility"][:row] == "").sum())
            copy = copy[copy["facility"] != ""]
            planted["consumption", at + row, column] = true
            at += len(copy)
            out.append(copy)
    return out, planted


BILL_SLIPS: Mapping[str, tuple[Slip, tuple[str, ...]]] = {
    **{f"quantity × 10^{k}": (times("quantity", k), ("plausible.magnitude",))
       for k in (1, 2, 3, 6, -1, -2, -3, -6)},
    **{f"cost × 10^{k}": (times("cost", k), ("plausible.cost_magnitude",))
       for k in (3, 6, -1, -3, -6)},
    "quantity and cost exchanged": (swap, ("plausible.swapped_cost",)),
    "a bill entered twice": (repeat, ("plausible.repeated_bill",)),
    "a missing bill inside the next": (spanning, ("plausible.bill_spans_gap",)),
    "a year copied from the year before": (copied_year, ("plausible.repeated_year",)),
}  # fmt: skip


def bill_rows(smoke: bool) -> Iterator[dict[str, Any]]:
    for months, cost in ((24, True), (24, False), (6, True), (6, False)):
        parts = bills(months, 1 if smoke else 2)
        for name, (slip, codes) in BILL_SLIPS.items():
            needs_cost = codes[0] in ("plausible.cost_magnitude", "plausible.swapped_cost")
            if (needs_cost and not cost) or (slip is copied_year and months < 24):
                continue
            rng = np.random.default_rng(SEED)
            if cost:  # a meter that costs nothing has no cost to slip
                parts = [part for part in parts if (part["cost"] > 0).all()]
            count = 1 if smoke or slip is copied_year else 8
            copies, planted = planted_bills(parts, slip, count, rng)
            found = findings(**as_study(copies, cost))
            where = f"{months} bills, {'with' if cost else 'without'} cost"
            yield counted(name, where, codes, planted, found)


def counted(
    name: str, where: str, codes: Sequence[str], planted: Planted, found: Sequence[Finding]
) -> dict[str, Any]:
    """Compare findings with what was planted."""
    hits = {(item.place.sheet, item.place.row, item.place.column): item for item in found
            if item.code in codes}  # fmt: skip
    right = [key for key in planted if key in hits]
    asked = [key for key in right if planted[key] is not None]
    read = sum(np.isclose(hits[key].numbers["suggested"], planted[key], rtol=1e-6)
               for key in asked)  # fmt: skip
    return {"work": name, "where": where, "rule": ", ".join(code[10:] for code in codes),
            "planted": len(planted), "found": len(right), "recall": len(right) / len(planted),
            "reading_right": int(read), "reading_asked": len(asked)}  # fmt: skip


# -- the two periods ---------------------------------------------------------------------------


def plants(count: int, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Real plants with a second period: savings of −10 to 30 %, output that moved by a fifth."""
    frame = read("plausibility_plants.csv", count)
    grown = np.exp(0.2 * rng.standard_normal(len(frame)))
    saved = rng.uniform(-0.1, 0.3, len(frame))
    made = [frame["prodlevel"].to_numpy(float), np.round(frame["prodlevel"] * grown, 2)]
    used = [frame["ec_plant_usage"].to_numpy(float),
            np.round(frame["ec_plant_usage"] * grown * (1 - saved), 1)]  # fmt: skip
    phases = ["baseline", "reporting"]
    keys = {"facility": np.repeat(frame["id"].to_numpy(), 2),
            "phase": np.tile(phases, len(frame))}  # fmt: skip
    return {
        "production": pd.DataFrame({**keys, "quantity": np.stack(made, 1).ravel(), "unit": "t"}),
        "consumption": pd.DataFrame({**keys, "resource": "electricity",
                                     "quantity": np.stack(used, 1).ravel(), "unit": "kWh"}),
    }  # fmt: skip


def period_rows(smoke: bool) -> Iterator[dict[str, Any]]:
    count = 40 if smoke else 1000
    for table, code in (("consumption", "period_magnitude"), ("production", "period_output")):
        for phase in (1, 0):
            for power in (3, -3, 2, 1, -1):
                tables = plants(count, np.random.default_rng(SEED))
                rows = np.arange(phase, len(tables[table]), 2)
                true = tables[table]["quantity"].to_numpy(float).copy()
                tables[table].loc[rows, "quantity"] = true[rows] * 10.0**power
                found = findings(**tables)
                planted: Planted = {(table, int(i) + 2, "quantity"): true[i] for i in rows}
                name = f"{'use' if table == 'consumption' else 'output'} × 10^{power}"
                where = f"two totals, {('baseline', 'reporting')[phase]} period"
                row = counted(name, where, [f"plausible.{code}"], planted, found)
                pairs = {int(i) + 2 - phase for i in rows}
                told = {item.place.row - item.place.row % 2 for item in found
                        if item.code == f"plausible.{code}"}  # fmt: skip
                yield row | {"found_pair": len(told & pairs)}


# -- stocks and capacity -----------------------------------------------------------------------


def stocked(windows: int, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Bills as purchases between stocks of 10 to 60 % of a month."""
    out = []
    for part in bills(24, windows):
        level = np.round(part["quantity"].median() * rng.uniform(0.1, 0.6, len(part) + 1), 1)
        out.append(part.assign(opening_stock=level[:-1], closing_stock=level[1:],
                               quantity=part["quantity"].astype(float)))  # fmt: skip
    return out


def exchange(first: str, second: str) -> Slip:
    def change(part: pd.DataFrame, i: int) -> tuple[str, float | None]:
        part.loc[i, [first, second]] = part.loc[i, [second, first]].to_numpy()
        return first, None

    return change


def broken(part: pd.DataFrame, i: int) -> tuple[str, float | None]:
    part.loc[i, "opening_stock"] *= 10
    return "opening_stock", None


def stock_rows(smoke: bool) -> Iterator[dict[str, Any]]:
    # Quantity and closing stock exchanged mostly come to a use below 0, which reading refuses.
    slips: dict[str, tuple[Slip, str]] = {
        "opening stock × 10": (broken, "plausible.stock_break"),
        "opening and closing stock exchanged": (
            exchange("opening_stock", "closing_stock"), "plausible.swapped_stocks"),
        "quantity and opening stock exchanged": (
            exchange("opening_stock", "quantity"), "plausible.swapped_stock_quantity"),
    }  # fmt: skip
    for name, (slip, code) in slips.items():
        rng = np.random.default_rng(SEED)
        copies, planted = planted_bills(stocked(1 if smoke else 2, rng), slip,
                                        1 if smoke else 8, rng)  # fmt: skip
        found = findings(**as_study(copies, cost=False))
        yield counted(name, "24 bills with stocks", [code], planted, found)


def capacities(tables: dict[str, pd.DataFrame], rng: np.random.Generator) -> pd.DataFrame:
    """Design capacities at which the plants ran at 40 to 105 %."""
    made = tables["production"]["quantity"].to_numpy().reshape(-1, 2).max(1)
    tables["production"]["product"] = "product"
    return pd.DataFrame({"facility": tables["production"]["facility"].unique(), "unit": "t",
                         "product": "product",
                         "capacity": made / rng.uniform(0.4, 1.05, len(made))})  # fmt: skip


def capacity_rows(smoke: bool) -> Iterator[dict[str, Any]]:
    for power in (3, 1, -3):
        rng = np.random.default_rng(SEED)
        tables = plants(40 if smoke else 1000, rng)
        products = capacities(tables, rng)
        true = tables["production"]["quantity"].to_numpy(float).copy()
        rows = np.arange(1, len(true), 2)
        tables["production"].loc[rows, "quantity"] = true[rows] * 10.0**power
        found = findings(**tables, products=products)
        planted: Planted = {("production", int(i) + 2, "quantity"): true[i] for i in rows}
        yield counted(f"output × 10^{power}", "two totals with capacity",
                      ["plausible.capacity_unit"], planted, found)  # fmt: skip


# -- money -------------------------------------------------------------------------------------


def options(count: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """Real options with their own plants, money in đồng."""
    frame = read("plausibility_options.csv", count)
    plant = frame["superid"]
    both = np.repeat(plant.to_numpy(), 2)
    phases = np.tile(["baseline", "reporting"], len(frame))
    price = frame["ec_plant_cost"] / frame["ec_plant_usage"] * VND_PER_USD
    tables: dict[str, Any] = {
        "production": pd.DataFrame({"facility": both, "phase": phases, "quantity": 1.0,
                                    "unit": "t"}),
        "consumption": pd.DataFrame({
            "facility": both, "resource": "electricity", "phase": phases,
            "quantity": np.repeat(frame["ec_plant_usage"].to_numpy(float), 2) * np.tile(
                [1.0, 0.97], len(frame)), "unit": "kWh"}),
        "prices": pd.DataFrame({"facility": plant, "resource": "electricity", "price": price,
                                "unit": "VND/kWh", "vat": "excluded"}),
        "options": pd.DataFrame({"facility": plant, "option": "A",
                                 "cost": frame["impcost"] * float(VND_PER_USD)}),
        "option_savings": pd.DataFrame({
            "facility": plant, "option": "A", "resource": "electricity",
            "quantity": frame["pconserved"].astype(float), "unit": "kWh",
            "money": frame["psaved"] * float(VND_PER_USD)}),
    }  # fmt: skip
    return tables, frame


OPTION_SLIPS = (
    ("saving in kWh × 1000", "option_savings", "quantity", 3, ("option_over_use",), True),
    ("saving in money × 1000", "option_savings", "money", 3, ("option_money_unit",), False),
    ("saving in money ÷ 1000 (nghìn)", "option_savings", "money", -3, ("option_money_unit",),
     False),
    ("saving in money ÷ 10^6 (triệu)", "option_savings", "money", -6,
     ("option_money_unit", "tiny_money"), False),
    ("money alone ÷ 10^6 (triệu)", "option_savings", "money", -6, ("tiny_money",), None),
    ("cost ÷ 10^6 (triệu)", "options", "cost", -6, ("tiny_money", "short_payback"), False),
    ("cost ÷ 1000 (nghìn)", "options", "cost", -3, ("tiny_money", "short_payback"), False),
    ("cost × 1000", "options", "cost", 3, ("long_payback",), False),
)  # fmt: skip


def option_rows(smoke: bool) -> Iterator[dict[str, Any]]:
    for name, table, column, power, codes, alone in OPTION_SLIPS:
        tables, frame = options(40 if smoke else 1000)
        if alone:
            tables["option_savings"]["money"] = np.nan
        if alone is None:
            tables["option_savings"]["quantity"] = np.nan
        true = tables[table][column].to_numpy(float).copy()
        tables[table][column] = true * 10.0**power
        found = findings(**tables)
        planted: Planted = {(table, i + 2, column): None for i in range(len(frame))}
        yield counted(name, "options", [f"plausible.{code}" for code in codes], planted, found)


def tariff_tables(power: int) -> tuple[dict[str, Any], Planted]:
    """Each tariff that was read as the price of a plant of its year."""
    rows = load_rows("tariffs.csv")
    plant = [f"{row['year']} {row['voltage']} {row['hours']}" for row in rows]
    both = np.repeat(plant, 2)
    phases = np.tile(["baseline", "reporting"], len(rows))
    true = np.array([float(row["price"]) for row in rows])
    tables = {
        "production": pd.DataFrame({"facility": both, "phase": phases, "quantity": 1.0,
                                    "unit": "t"}),
        "consumption": pd.DataFrame({"facility": both, "resource": "electricity", "phase": phases,
                                     "quantity": 1000.0, "unit": "kWh"}),
        "prices": pd.DataFrame({
            "facility": plant, "resource": "electricity", "price": true * 10.0**power * 1.1,
            "unit": "VND/kWh", "vat": "included", "vat_rate": 0.1,
            "price_year": [int(row["year"]) for row in rows]}),
    }  # fmt: skip
    return tables, {("prices", i + 2, "price"): float(true[i]) for i in range(len(rows))}


def tariff_rows(smoke: bool) -> Iterator[dict[str, Any]]:
    for power in (3, -3, -6, 1, -1):
        tables, planted = tariff_tables(power)
        yield counted(f"electricity price × 10^{power}", "price table",
                      ["plausible.price_unit", "plausible.price_far_from_tariff"],
                      dict.fromkeys(planted), findings(**tables))  # fmt: skip


# -- clean sets --------------------------------------------------------------------------------


def stopped(part: pd.DataFrame) -> pd.DataFrame:
    """Two months in which the plant all but stood: a tenth and a hundredth of the use."""
    scale = np.ones(len(part))
    scale[[7, 8]] = 0.1, 0.01
    return scaled(part, scale)


def scaled(part: pd.DataFrame, scale: np.ndarray) -> pd.DataFrame:
    return part.assign(quantity=part["quantity"] * scale, cost=part["cost"] * scale, scale=scale)


def seasonal(part: pd.DataFrame) -> pd.DataFrame:
    """Six months of each year at a twentieth of the use, as in a sugar mill."""
    month = pd.to_datetime(part["end"]).dt.month
    return scaled(part, np.where(month.between(5, 10), 0.05, 1.0))


def tripled(part: pd.DataFrame) -> pd.DataFrame:
    """A new line: three times the use from the middle on."""
    return scaled(part, np.where(np.arange(len(part)) < len(part) // 2, 1.0, 3.0))


def clean_rows(smoke: bool) -> Iterator[dict[str, Any]]:
    parts = bills(24, 3 if smoke else 29)
    changes: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "bills as they are": lambda part: part, "bills, two months stopped": stopped,
        "bills of a season": seasonal, "bills, use tripled": tripled,
    }  # fmt: skip
    for name, change in changes.items():
        mine = [change(part) for part in parts]
        size = sum(map(len, mine))
        moving = ("moves", "by year", "the same") if change is stopped else ("moves", "by year")
        for output in moving if "scale" in mine[0] else ("the same", "by year"):
            for cost in (True, False):
                where = f"{'with' if cost else 'without'} cost, output {output}"
                found = findings(**as_study(mine, cost, output))
                yield alarms(f"{name}, {where}", size, found)
    rng = np.random.default_rng(SEED)
    stocks = stocked(1 if smoke else 5, rng)
    yield alarms("bills with stocks", sum(map(len, stocks)), findings(**as_study(stocks, False)))
    tables = plants(40 if smoke else 1000, rng)
    yield alarms("plants with two totals", len(tables["consumption"]), findings(**tables))
    products = capacities(tables, rng)
    yield alarms("plants with capacity", len(products), findings(**tables, products=products))
    given, frame = options(40 if smoke else 1000)
    yield alarms("options", len(frame), findings(**given))
    given, _ = tariff_tables(0)
    yield alarms("tariffs as prices, VAT 10 % removed", len(given["prices"]), findings(**given))


def alarms(name: str, rows: int, found: Sequence[Finding]) -> dict[str, Any]:
    by_rule = Counter(item.code[10:] for item in found)
    return {"work": f"clean: {name}", "rows": rows, "alarms": len(found),
            "per_1000": 1000 * len(found) / rows,
            "by_rule": dict(sorted(by_rule.items()))}  # fmt: skip


def measure(smoke: bool = False) -> list[dict[str, Any]]:
    """Run every scenario."""
    parts = (bill_rows, period_rows, stock_rows, capacity_rows, option_rows, tariff_rows,
             clean_rows)  # fmt: skip
    # every row is an assessment or two; to see that the script runs, one of each kind will do
    return [row for part in parts for row in islice(part(smoke), 1 if smoke else None)]


# -- the table of the page ---------------------------------------------------------------------


def planted_table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| Slip | In | Rule | Planted | On the very cell | Right reading |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    for row in rows:
        if "planted" not in row:
            continue
        reading = "–"
        if row["reading_asked"]:
            reading = f"{row['reading_right']} of {row['reading_asked']}"
        found = f"{row['found']} ({row['recall']:.0%})"
        if "found_pair" in row:
            found += f"; either period {row['found_pair']}"
        lines.append(f"| {row['work']} | {row['where']} | `{row['rule'].replace(', ', '`, `')}` "
                     f"| {row['planted']} | {found} | {reading} |")  # fmt: skip
    return lines


def clean_table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| Clean set | Rows | Alarms | per 1,000 rows | Rules |", "|---|---|---|---|---|"]
    for row in rows:
        if "alarms" in row:
            rules = ", ".join(f"`{rule}` {n}" for rule, n in row["by_rule"].items()) or "–"
            lines.append(f"| {row['work'][7:]} | {row['rows']} | {row['alarms']} "
                         f"| {row['per_1000']:.1f} | {rules} |")  # fmt: skip
    return lines


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--store", action="store_true", help="write the table that the page shows")
    parser.add_argument("--smoke", action="store_true", help="few plants and bills")
    given = parser.parse_args()
    found = measure(given.smoke)
    print("\n".join([*planted_table(found), "", *clean_table(found)]))
    text = json.dumps({"rows": found, "smoke": given.smoke, "seed": SEED}, indent=1,
                      ensure_ascii=False)  # fmt: skip
    for path in filter(None, (given.json, STORED if given.store else None)):
        path.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
