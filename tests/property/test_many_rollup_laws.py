"""Laws of what many plants saved together."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.assessment.many.columns import (
    GROUP_TYPES,
    SAVING_TYPES,
    VERDICT_TYPES,
    typed_frame,
)
from sxsh_audit.assessment.many.rolling import Tally, counts_of, joined, roll_up, tally
from sxsh_audit.calc.exact_sums import exact_parts, joined_parts

TARGET = {"programme": "vn-qb-2384", "low": 0.05, "high": 0.08}
amounts = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e13, max_value=1e13)
money = st.one_of(amounts, st.sampled_from([0.0, 1e13, -1e13, 0.1, 1e-9, 5e-324]))


@given(st.lists(money), st.randoms(use_true_random=False))
def test_exact_parts_hold_the_whole_sum(values: list[float], draw: Any) -> None:
    parts = exact_parts(values)
    assert sum(map(Fraction, parts)) == sum(map(Fraction, values))
    draw.shuffle(values)
    assert exact_parts(values) == parts


@given(st.lists(money, max_size=30), st.lists(st.integers(0, 30), max_size=5))
def test_no_cut_moves_an_exact_sum(values: list[float], cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(values)]
    parts = [values[start:end] for start, end in pairwise(ends)]
    assert joined_parts(map(exact_parts, parts)) == exact_parts(values)


@st.composite
def plants(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of savings of some plants, with unknown figures, two units and refused plants."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        if draw(st.booleans()) and draw(st.booleans()):
            rows.append({"facility": f"P{number}", "refused": True,
                         "findings": json.dumps([{"code": "table.negative"}])})  # fmt: skip
            continue
        for resource, category in (("electricity", "purchased_energy"), ("water", "water")):
            b, c, q = (draw(st.floats(1e-3, 1e7)) for _ in range(3))
            price = draw(st.sampled_from([float("nan"), 2e3, 1.7e6]))
            rows.append({
                "facility": f"P{number}", "resource": resource, "category": category,
                "counted": resource != "water", "energy_factor": 0.0001543,
                "unit": draw(st.sampled_from(["kWh", "m3"])) if resource == "water" else "kWh",
                "energy_unit": "TOE", "baseline": b, "reporting": c, "output_reporting": q,
                "absolute_saving": (b - c) * q, "price": price,
                "money_saving": (b - c) * q * price, "energy_saving": (b - c) * q * 0.0001543,
                "status": draw(st.sampled_from(["above", "worse", "unknown"])),
                "measured": draw(st.booleans()), "refused": False, "findings": "",
            })  # fmt: skip
    return rows


def tallied(rows: list[dict[str, Any]]) -> Tally:
    savings = typed_frame(pd.DataFrame(rows), SAVING_TYPES)
    good = savings[~savings["refused"]]
    counted = good[good["counted"]]
    groups = typed_frame(counted.assign(group=counted["category"]), GROUP_TYPES)
    both = {f"{rule}_status": counted["status"] for rule in ("cost_weighted", "energy_total")}
    verdicts = typed_frame(counted.assign(**both), VERDICT_TYPES)  # one row a plant is counted
    return tally(savings, groups, verdicts, "VND")


@settings(max_examples=15)
@given(plants(), st.integers(0, 6), st.randoms(use_true_random=False))
def test_whole_is_the_join_of_any_parts_in_any_order(
    rows: list[dict[str, Any]], at: int, draw: Any
) -> None:
    whole = tallied(rows)
    names = [f"P{number}" for number in range(6)]
    parts = [[row for row in rows if row["facility"] in chosen]
             for chosen in (names[:at], names[at:])]  # fmt: skip
    kept = [Tally.from_dict(json.loads(json.dumps(tallied(part).to_dict())))
            for part in parts if part]  # fmt: skip
    draw.shuffle(kept)
    assert joined(kept) == joined([whole])
    assert roll_up(joined(kept), TARGET) == roll_up(whole, TARGET)
    draw.shuffle(rows)
    assert roll_up(tallied(rows), TARGET) == roll_up(whole, TARGET)
    assert counts_of(joined(kept)) == counts_of(whole)


@settings(max_examples=15)
@given(plants())
def test_sums_are_those_of_fractions_and_units_stay_apart(rows: list[dict[str, Any]]) -> None:
    found = {(row["scope"], row["name"], row["measure"], row["unit"]): row
             for row in roll_up(tallied(rows), TARGET)}  # fmt: skip
    for unit in ("kWh", "m3"):
        mine = [row for row in rows if row.get("resource") == "water" and row["unit"] == unit]
        row = found.get(("resource", "water", "amount", unit))
        assert (row is None) == (not mine)
        if row is not None:
            saved = sum(Fraction(one["absolute_saving"]) for one in mine)
            base = sum(Fraction(one["baseline"] * one["output_reporting"]) for one in mine)
            assert (row["saved"], row["adjusted_baseline"]) == (float(saved), float(base))
            assert row["saving"] == float(saved) / float(base)
            assert row["plants"] == len(mine) == row["known"]
            assert row["status"] == "not_counted"
    priced = [row for row in rows if row.get("counted") and row["price"] == row["price"]]
    row = found.get(("overall", "", "money", "VND"))
    if row is not None:
        saved = sum((Fraction(one["money_saving"]) for one in priced), Fraction())
        assert row["saved"] == (float(saved) if priced else None)
        assert row["known"] == len(priced)
        assert row["known"] + row["unknown"] == sum(bool(one.get("counted")) for one in rows)


def test_by_hand() -> None:
    # A saves 128 of 1280 kWh, B −128 of 1024, C 256 of 2048: together 256 of 4352, 5.88 %, and
    # not the mean of 10 %, −12.5 % and 12.5 %. The price is not known for C: 0 of 4.608 million.
    figures = {"A": (1.25, 1.125, 1024.0, 2000.0, "above"),
               "B": (2.0, 2.25, 512.0, 2000.0, "worse"),
               "C": (1.0, 0.875, 2048.0, np.nan, "above")}  # fmt: skip
    rows: list[dict[str, Any]] = [{
        "facility": name, "resource": "electricity", "category": "purchased_energy",
        "counted": True, "unit": "kWh", "baseline": b, "reporting": c, "output_reporting": q,
        "absolute_saving": (b - c) * q, "price": p, "money_saving": (b - c) * q * p,
        "status": s, "measured": name != "C", "refused": False, "findings": "",
    } for name, (b, c, q, p, s) in figures.items()]  # fmt: skip
    refused = {"facility": "D", "refused": True,
               "findings": json.dumps([{"code": "table.negative"}, {"code": "table.negative"}])}
    found = tallied([*rows, refused])
    table = {(row["scope"], row["measure"]): row for row in roll_up(found, TARGET)}
    amount = table["resource", "amount"]
    assert (amount["saved"], amount["adjusted_baseline"]) == (256.0, 4352.0)
    assert amount["saving"] == pytest.approx(0.058823529, abs=1e-9)
    assert amount["status"] == "within"
    assert (amount["plants_above"], amount["plants_worse"], amount["unmeasured"]) == (2, 1, 1)
    # at or above the low end: 2 of 3
    assert (amount["reached"], amount["not_reached"]) == (2, 1)
    assert amount["share"] == pytest.approx(2 / 3)
    cash = table["overall", "money"]
    assert (cash["saved"], cash["adjusted_baseline"], cash["saving"]) == (0.0, 4_608_000.0, 0.0)
    assert (cash["known"], cash["unknown"], cash["status"]) == (2, 1, "below")
    assert ("overall", "energy") not in table  # no factor set
    counts = counts_of(found)
    assert (counts["plants"], counts["assessed"], counts["refused"]) == (4, 3, 1)
    # D may have reached it, or not: at least 2 of 4, at most 3 of 4
    assert (counts["lowest"], counts["highest"]) == (0.5, 0.75)
    assert counts["findings"] == {"table.negative": 1}
