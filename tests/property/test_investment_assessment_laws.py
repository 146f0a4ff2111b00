"""Laws of options as investments, through the whole assessment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsh_audit as sx

FEW = settings(max_examples=12)  # each example is several assessments
Rows = list[dict[str, Any]]


@st.composite
def options(draw: st.DrawFn) -> Rows:
    """Two to four options on two end uses of a plant that uses 1000 kWh."""
    names = "ABCD"[: draw(st.integers(2, 4))]
    money = st.integers(0, 500)
    return [
        {"option": name, "cost": float(draw(money)), "lifetime": draw(st.sampled_from([2, 5, 7.5])),
         "annual_extra_cost": float(draw(st.sampled_from([0, 0, 5]))),
         "exclusive_group": draw(st.sampled_from(["", "", "g"])),
         "end_use": draw(st.sampled_from(["lò hơi", "chiếu sáng", ""])),
         "saved": float(draw(st.integers(1, 250)))}
        for name in names
    ]  # fmt: skip


def assessed(rows: Rows, *, price: float = 1.0, unit: str = "kWh", per: float = 1.0,
             **terms: Any) -> sx.Assessment:  # fmt: skip
    """Assess the plant; energy is typed in `unit`, of which one is `per` kWh."""
    hidden = ("end_use", "saved")
    study = sx.Study(
        production=pd.DataFrame({"period": ["2015", "2016"], "quantity": 10.0, "unit": "t"}),
        consumption=pd.DataFrame({"resource": "electricity", "period": ["2015", "2016"],
                                  "quantity": 1000.0 / per, "unit": unit}),
        prices=pd.DataFrame([{"resource": "electricity", "price": price * per,
                              "unit": f"VND/{unit}", "vat": "excluded"}]),
        end_uses=pd.DataFrame([
            {"resource": "electricity", "end_use": "lò hơi", "share": "60 %"},
            {"resource": "electricity", "end_use": "chiếu sáng", "share": "30 %"}]),
        options=pd.DataFrame([{k: v for k, v in row.items() if k not in hidden} for row in rows]),
        option_savings=pd.DataFrame([
            {"option": row["option"], "resource": "electricity", "quantity": row["saved"] / per,
             "unit": unit, "end_use": row["end_use"]} for row in rows]),
        baseline="2015", reporting="2016", quality="billed",
    )  # fmt: skip
    return sx.assess(study, discount_rate=0.1, **terms)


def figures(found: sx.Assessment, name: str) -> dict[str, Any]:
    return {row["option"]: row[name] for row in found.economics.rows}


@FEW
@given(options(), st.sampled_from([100.0, 400.0]))
def test_money_of_a_thousandth_changes_amounts_and_no_decision(rows: Rows, budget: float) -> None:
    one = assessed(rows, budget=budget)
    scaled = [{**row, "cost": row["cost"] * 1000,
               "annual_extra_cost": row["annual_extra_cost"] * 1000} for row in rows]  # fmt: skip
    other = assessed(scaled, price=1000.0, budget=budget * 1000)
    for name, factor in (("npv", 1000.0), ("irr", 1.0), ("discounted_years", 1.0),
                         ("levelised_cost", 1000.0)):  # fmt: skip
        a, b = figures(one, name), figures(other, name)
        assert {key: value is None for key, value in a.items()} == {
            key: value is None for key, value in b.items()}  # fmt: skip
        for key, value in a.items():
            if value is not None and np.isfinite(value):
                assert b[key] == pytest.approx(value * factor, rel=1e-9, abs=1e-9 * factor)
    best, again = one.portfolio["budget"], other.portfolio["budget"]
    assert again.npv == pytest.approx(best.npv * 1000, rel=1e-3, abs=1e-6)


@FEW
@given(options())
def test_the_unit_typed_changes_nothing(rows: Rows) -> None:
    one, other = assessed(rows), assessed(rows, unit="MWh", per=1000.0)
    a, b = figures(one, "npv"), figures(other, "npv")
    assert a == pytest.approx(b, rel=1e-9, abs=1e-6)


@FEW
@given(options(), st.permutations(range(4)), st.sampled_from([0.05, 0.15]))
def test_the_order_of_the_rows_changes_nothing(
    rows: Rows, order: list[int], reach: float
) -> None:
    turned = [rows[i] for i in order if i < len(rows)]
    one, other = assessed(rows, reach=reach), assessed(turned, reach=reach)
    assert figures(one, "npv") == figures(other, "npv")
    a, b = one.portfolio["reach"], other.portfolio["reach"]
    assert (a.status, sorted(a.chosen), a.cost) == (b.status, sorted(b.chosen), b.cost)


@FEW
@given(options(), st.sampled_from([50.0, 200.0]), st.sampled_from([0.0, 150.0]))
def test_more_budget_is_never_worse_and_every_set_stays_within(
    rows: Rows, budget: float, more: float
) -> None:
    less, richer = assessed(rows, budget=budget), assessed(rows, budget=budget + more)
    a, b = less.portfolio["budget"], richer.portfolio["budget"]
    assert a.cost <= budget * (1 + 1e-9)
    assert b.npv >= a.npv - 1e-3 * abs(a.npv) - 1e-6
    groups = {row["option"]: row["exclusive_group"] for row in rows}
    taken = [groups[name] for name in b.chosen if groups[name]]
    assert len(taken) == len(set(taken))


@FEW
@given(options())
def test_together_never_more_than_used_and_within_the_bounds(rows: Rows) -> None:
    for row in assessed(rows, budget=1e6).portfolio_savings.rows:
        assert row["low"] - 1e-12 <= row["saving"] <= row["high"] + 1e-12
        assert row["high"] <= 1.0
        assert row["quantity"] <= row["annual_use"] * (1 + 1e-12)
