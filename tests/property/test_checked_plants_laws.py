"""Laws of plants that are checked together: each has the figures and findings of its own study."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from many_plants import MESSES, NUMBERS, TEXTS, frame_of, rows_of
from test_many_laws import assert_same, drawn, one_by_one

from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.tables.checked_plants import studies_of_plants

BASE = {"baseline": "2013", "reporting": "2014", "locale": "vi", "programme": "vn-qb-2384"}
PRICES = pd.DataFrame({
    "facility": ["", "", "P001", "P004", None],
    "resource": ["Điện", "Nước", "Điện", "coal", "coal"],
    "price": [1500.0, 8000.0, 1400.0, 3e6, 2.5e6],
    "unit": ["đồng/kWh", "đồng/m3", "đồng/kWh", "đồng/tấn", "đồng/tấn"],
})  # fmt: skip
PRODUCTS = pd.DataFrame({
    "facility": ["P000", "P000", "P002", "P002", "P003", "P003", "P007"],
    "product": ["xi măng", "clinker", "xi măng", "clinker", "gạch", "ngói", "gạch"],
    "equivalence": [1.0, 0.8, 1.0, 0.7, 1.0, 1.25, 1.0],
})  # fmt: skip
EVERYWHERE = PRODUCTS.iloc[:2].drop(columns="facility")
RESOURCES = pd.DataFrame({"resource": ["Than đá xít"], "category": ["nhiên liệu"], "unit": ["kg"]})
PLANTS = pd.DataFrame({"facility": [f"P{i:03d}" for i in range(0, 60, 2)],
                       "name": [f"P{i + 1:03d}" for i in range(0, 60, 2)],
                       "employees": [12 if i % 3 else "nhiều" for i in range(30)]})  # fmt: skip
PLANS = {
    "no rule": Plan(BASE),
    "mass": Plan({**BASE, "output": "mass", "factor_set": "vn-3505"}, tables={"prices": PRICES}),
    "equivalence of each": Plan({**BASE, "output": "equivalence"},
                                tables={"products": PRODUCTS, "resources": RESOURCES}),
    "equivalence of all": Plan({**BASE, "output": "equivalence", "locale": "auto"},
                               tables={"products": EVERYWHERE, "prices": PRICES.drop(
                                   columns="facility").drop_duplicates("resource")}),
    "own prices": Plan({**BASE, "baseline": "2013-01 – 2013-09", "quality": "ước tính"},
                       tables={"prices": PRICES, "facility": PLANTS}),
}  # fmt: skip
KINDS = ("pair of products", "three products", "tariffs", "whole tariffs", "text", "own unit",
         "days", "totals", "no product", "another product", "first days", "spelt",
         "own words")  # fmt: skip
Rows = list[dict[str, Any]]


def kind_of(draw: Any, plant: str, kind: str) -> tuple[Rows, Rows]:
    """Return the records of a plant of a kind that typed columns alone cannot take."""
    used, made = rows_of(draw, plant, kind if kind in MESSES else "")
    match kind:
        case "pair of products" | "three products":
            made += [{**row, "product": "clinker", "quantity": row["quantity"] / 3}
                     for row in made]  # fmt: skip
            if kind == "three products":
                made += [{**row, "product": "gạch"} for row in made[:24]]
        case "tariffs" | "whole tariffs":
            split = [row for row in used if row["resource"] == "electricity"]
            used = [row for row in used if row["resource"] != "electricity"]
            words = ("giờ bình thường", "giờ cao điểm", "giờ thấp điểm")
            used += [{**row, "tariff_period": word} for row in split for word in words]
            if kind == "tariffs" and split:
                del used[-1]  # a bill without its off-peak hours
        case "text":
            for row in used:
                row["quantity"] = f"{row['quantity'] % 1e6:.2f}".replace(".", ",")
        case "own unit":
            for row in used:
                row["quantity"] = f"{row['quantity']:.0f} {row.pop('unit')}"
        case "days":
            for row in (*used, *made):
                month = row.pop("period")
                row |= {"start": f"{month}-01", "end": f"{month}-28"}
        case "totals":
            for rows in (used, made):
                sums: dict[Any, dict[str, Any]] = {}
                for row in rows:
                    phase = "baseline" if row["period"] < "2014" else "reporting"
                    key = (row.get("resource"), row.get("product"), phase)
                    if key in sums:
                        sums[key]["quantity"] += row["quantity"]
                    else:
                        sums[key] = {**row, "period": None, "phase": phase}
                rows[:] = sums.values()
        case "no product":
            for row in made:
                row["product"] = None
        case "another product":
            for row in made:
                row["product"] = "ngói"
        case "first days":
            for row in used:
                row["period"] = f"{row['period']}-01"
        case "spelt":
            for row in used:
                row["unit"] = {"kWh": "KWh", "kg": "Kg", "m3": "m³", "l": "lít"}[row["unit"]]
        case "own words":
            for row in used:
                if row["resource"] == "coal":
                    row["resource"] = "Than đá xít"
    return used, made


def frames_of(used: Rows, made: Rows) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return records as columns of whatever cells they have."""
    columns = (*TEXTS, "phase", "start", "end", *NUMBERS)
    found = []
    for rows in (used, made):
        amounts = [row.pop("quantity", None) for row in rows]
        frame = frame_of(rows, columns, False)
        found.append(frame.assign(quantity=pd.Series(amounts, dtype=object)))
    return found[0], found[1]


@pytest.mark.parametrize("name", PLANS)
def test_a_plant_of_each_kind_beside_the_others(name: str) -> None:
    """All kinds and all messes once, at the figures of a province, tidy ones between them."""
    random = np.random.default_rng(2384)
    used: Rows = []
    made: Rows = []
    kinds = [kind for pair in zip(KINDS * 4, dict.fromkeys(MESSES), strict=False) for kind in pair]
    for number, kind in enumerate(kinds):
        rows = kind_of(partial(drawn, random), f"P{number:03d}", kind)
        used += rows[0]
        made += rows[1]
    frames = frames_of(used, made)
    plan = PLANS[name]
    assert_same(plan.assess(*frames), one_by_one(plan, *frames))
    assert plan.ways(*frames)["together"] > 0


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(sorted(PLANS)))
def test_checked_together_is_one_by_one(data: st.DataObject, name: str) -> None:
    used: Rows = []
    made: Rows = []
    few = data.draw(st.sets(st.sampled_from(KINDS), min_size=1, max_size=2))
    for number in range(data.draw(st.integers(4, 8))):
        kind = data.draw(st.sampled_from([*sorted(few)] * 8 + [*MESSES]))
        rows = kind_of(data.draw, f"P{number:03d}", kind)
        used += rows[0]
        made += rows[1]
    if data.draw(st.booleans()):  # records of all plants among each other, those of one in order
        used.sort(key=lambda row: str(row.get("period") or row.get("start")))
    frames = frames_of(used, made)
    assert_same(PLANS[name].assess(*frames), one_by_one(PLANS[name], *frames))


def test_tidy_plants_with_several_products_are_checked_in_one_go() -> None:
    random = np.random.default_rng(1419)
    used: Rows = []
    made: Rows = []
    for number in range(40):
        kind = "below zero" if number == 17 else "pair of products"
        rows = kind_of(partial(drawn, random), f"P{number:03d}", kind)
        used += rows[0]
        made += rows[1]
    frames = frames_of(used, made)
    plan = PLANS["mass"]
    assert plan.ways(*frames) == {"together": 39, "alone": 1}
    found = list(studies_of_plants(*frames, {}, plan.study_settings(),
                                     [f"P{number:03d}" for number in range(40)]))  # fmt: skip
    assert [one.study.tables.production["facility"].nunique() for one in found] == [39]
    assert not found[0].told


def test_what_cannot_be_told_from_its_neighbours_is_looked_at_in_halves() -> None:
    """A rule for products in tonnes fails for the whole study: the plant with metres is found."""
    random = np.random.default_rng(889)
    used: Rows = []
    made: Rows = []
    for number in range(32):
        rows = kind_of(partial(drawn, random), f"P{number:03d}", "pair of products")
        if number == 11:
            for row in rows[1]:
                row["unit"] = "m"
        used += rows[0]
        made += rows[1]
    frames = frames_of(used, made)
    plan = Plan({**BASE, "output": "mass"})
    found = plan.assess(*frames)
    assert found.loc[found["refused"], "facility"].tolist() == ["P011"]
    assert_same(found, one_by_one(plan, *frames))
    ways = plan.ways(*frames)
    assert ways["alone"] < 8, "one plant cost its neighbours the quick way"


def test_columns_of_the_lake_are_told_and_cost_no_plant_the_quick_way() -> None:
    """Columns that no study reads stand in every table; some plants are in the small ones."""
    random = np.random.default_rng(2038)
    used: Rows = []
    made: Rows = []
    for number in range(24):
        kind = "below zero" if number == 5 else KINDS[number % len(KINDS)] if number % 2 else ""
        rows = kind_of(partial(drawn, random), f"P{number:03d}", kind)
        used += rows[0]
        made += rows[1]
    frames = [frame.assign(district="Lệ Thủy", **{"ngày nạp": None}) for frame in frames_of(
        used, made)]  # fmt: skip
    tables = {"prices": PRICES.assign(source="QĐ 12"),
              "facility": PLANTS.iloc[:4].assign(employees=7, tax_code="31"),
              "products": EVERYWHERE.assign(origin="x", **{"origin ": "y"}),
              "resources": RESOURCES.assign(colour="")}  # fmt: skip
    plan = Plan({**BASE, "output": "mass", "baseline": "2013-01 – 2013-09"}, tables=tables)
    plain = Plan(plan.settings, tables={name: table.iloc[:, :-1] for name, table in tables.items()})
    found = plan.assess(*frames)
    assert_same(found, one_by_one(plan, *frames))
    assert '"column": "district"' in found["findings"].iloc[0]
    without = [frame.drop(columns=["district", "ngày nạp"]) for frame in frames]
    assert plan.ways(*frames) == plain.ways(*without)
    pd.testing.assert_frame_equal(found.drop(columns="findings"),
                                  plain.assess(*without).drop(columns="findings"))  # fmt: skip
