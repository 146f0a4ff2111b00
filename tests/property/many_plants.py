"""Records of plants as they are, tidy and untidy, in typed columns."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import strategies as st

MONTHS = [f"{year}-{month:02d}" for year in (2013, 2014) for month in range(1, 13)]
RESOURCES = {"electricity": "kWh", "coal": "kg", "water": "m3", "Dầu DO": "l"}
MESSES = (
    "", "", "missing month", "no figure", "below zero", "unknown resource", "unit of its own",
    "unit in a part", "no such unit", "twice", "long bill", "bill over the end", "year before",
    "stocks", "lone stock", "more than there was", "meters", "silent meter", "estimated",
    "actual", "no costs", "some costs", "zero output", "no output", "no use after", "free",
    "new resource", "two products", "other product", "rough", "no such word", "total row",
    "heading again", "no period", "tariffs", "note", "huge", "no records", "only output",
    "one day", "words for numbers", "moisture", "huge stock", "shared day",
)  # fmt: skip
amounts = st.floats(0.1, 1e6) | st.floats(1e9, 1e13)


def rows_of(draw: Any, plant: str, mess: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the records of one plant."""
    names = draw(st.lists(st.sampled_from(sorted(RESOURCES)), min_size=1, max_size=4, unique=True))
    used = [
        {"facility": plant, "resource": name, "period": month, "quantity": draw(amounts),
         "unit": RESOURCES[name], "quality": "billed", "cost": draw(amounts)}
        for name in names for month in MONTHS
    ]  # fmt: skip
    made = [{"facility": plant, "product": "xi măng", "period": month, "quantity": draw(amounts),
             "unit": "t", "quality": "measured"} for month in MONTHS]  # fmt: skip
    i = draw(st.integers(0, len(used) - 1))
    j = draw(st.integers(0, len(made) - 1))
    one, other = used[i], made[j]
    match mess:
        case "missing month":
            del used[i]
            del made[j]
        case "no figure":
            one["quantity"] = other["quantity"] = None
        case "below zero":
            one["quantity"] = -1.0
        case "unknown resource":
            one["resource"] = "nước thánh"
        case "unit of its own":
            for row in used:
                row["unit"] = {"kWh": "MWh", "kg": "tấn", "m3": "lít", "l": "m3"}[row["unit"]]
        case "unit in a part":
            one["unit"] = {"kWh": "GJ", "kg": "tấn", "m3": "lít", "l": "m3"}[one["unit"]]
        case "no such unit":
            one["unit"] = "kilowat"
        case "twice":
            used.append(dict(one))
        case "long bill":
            one["period"] = "2013"
        case "bill over the end":
            used = [row for row in used if row["period"] not in ("2013-12", "2014-01")]
            used += [{**used[0], "period": "2013-12 – 2014-01"}]
        case "year before":
            used = [{**used[0], "period": f"2012-{month:02d}"} for month in range(1, 13)] + used
        case "stocks":
            for row in used:
                row |= {"opening_stock": 5.0, "closing_stock": 5.0 * (row["period"] > "2013-06")}
        case "lone stock":
            one["opening_stock"] = 3.0
        case "more than there was":
            one |= {"opening_stock": 0.0, "closing_stock": 1e15}
        case "meters":
            used += [{**row, "meter": " công tơ  2", "quantity": 7.0} for row in used]
        case "silent meter":
            used += [{**row, "meter": "2"} for row in used if row["period"] < "2014"]
        case "estimated":
            one["reading"] = "tạm tính"
        case "actual":
            one["reading"] = "thực đọc"
        case "no costs":
            for row in used:
                row["cost"] = None
        case "some costs":
            one["cost"] = None
            used[0]["cost"] = -5.0
        case "zero output":
            other["quantity"] = 0.0
        case "no output":
            made = made[:12]
        case "no use after":
            used = [row for row in used if row["period"] < "2014"]
        case "free":
            for row in used[:12]:
                row["quantity"] = 0.0
        case "new resource":
            used = [row for row in used
                    if row["resource"] != names[0] or row["period"] >= "2014"]  # fmt: skip
        case "two products":
            other["product"] = "clinker"
        case "other product":
            for row in made:
                row["product"] = "gạch"
        case "rough":
            one["quality"], other["quality"] = "ước tính", "nameplate"
        case "no such word":
            one["quality"] = "tuyệt vời"
        case "total row":
            one["resource"] = "Tổng cộng"
        case "heading again":
            one["resource"], one["unit"] = "resource", "unit"
        case "no period":
            one["period"] = None
        case "tariffs":
            one["tariff_period"] = "peak"
        case "note":
            one["note"] = "Tổng cộng"
        case "huge":
            one["quantity"] = 1e308
            one["unit"] = "GWh"
        case "no records":
            made = []
        case "only output":
            used = []
        case "one day":
            one["period"] = "2013-05-07"
        case "words for numbers":
            one["resource"] = "nan"
        case "moisture":
            other["basis"] = "12 %"
        case "huge stock":
            one |= {"opening_stock": 1e13, "closing_stock": 1e13}
        case "shared day":
            one["period"] = f"{one['period']}-01 – {one['period']}-28"
    return used, made


TEXTS = ("facility", "resource", "period", "unit", "quality", "meter", "product", "reading",
         "tariff_period", "note", "basis")  # fmt: skip
NUMBERS = ("quantity", "cost", "opening_stock", "closing_stock")


def frame_of(rows: list[dict[str, Any]], columns: tuple[str, ...], coded: bool) -> pd.DataFrame:
    """Return records as typed columns; those that no record has are left out."""
    names = [name for name in columns if any(row.get(name) is not None for row in rows)]
    frame = pd.DataFrame({name: [row.get(name) for row in rows] for name in names or ["facility"]})
    for name in frame:
        if name in NUMBERS:
            frame[name] = frame[name].astype("float64")
        else:
            frame[name] = frame[name].astype("category" if coded else object)
    return frame


@st.composite
def many_plants(draw: Any, messes: tuple[str, ...] = MESSES) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Records of one to six plants, shuffled among each other or not."""
    used: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        plant = draw(st.sampled_from(["B", "Ả", "a", "10", "9 x", "Nhà máy"])) + str(number)
        rows = rows_of(draw, plant, draw(st.sampled_from(messes)))
        used += rows[0]
        made += rows[1]
    if draw(st.booleans()):
        used.sort(key=lambda row: str(row["period"]))  # the records of a plant keep their order
    coded = draw(st.booleans())
    return (frame_of(used, (*TEXTS, *NUMBERS), coded), frame_of(made, (*TEXTS, *NUMBERS), coded))
