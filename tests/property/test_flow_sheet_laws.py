"""Laws of flow sheets: balance, reconciliation, cost of losses, change of emissions."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from flow_plants import flow, plant
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import sxsh_audit as sx
from sxsh_audit.assessment.flows.flow_sheet import Flow, FlowStep
from sxsh_audit.assessment.flows.inventory import emission_rows

parts = st.floats(0.0, 0.3)
money = st.floats(0.0, 1e9)
few = settings(max_examples=25, deadline=None)


@st.composite
def plants(draw: st.DrawFn, treated: bool = True) -> sx.FlowSheet:
    """A line of steps that balances, with losses, a recycle, energy, and perhaps a treatment."""
    count = draw(st.integers(1, 4))
    names = [f"s{i}" for i in range(count)]
    back = draw(parts) * draw(st.sampled_from((0, 1)))  # part of the first input that comes back
    scale = draw(st.sampled_from((1.0, 1e-3, 1e5)))
    flows: list[Flow] = []
    steps: list[FlowStep] = []
    held = 0.0
    treat = treated and draw(st.booleans())
    for i, name in enumerate(names):
        fed = scale * draw(st.floats(0.5, 2.0)) if i == 0 or draw(st.booleans()) else 0.0
        if fed:
            flows.append(flow(f"I{i}", "", name, "input", fed, cost=draw(money)))
        if i == 0 and count > 1:
            first = fed
            held += back * first
        if draw(st.booleans()):
            flows.append(flow(f"E{i}", "", name, "input", 10.0, unit="kWh", cost=draw(money),
                              category="purchased_energy"))  # fmt: skip
        held += fed
        lost = held * draw(st.floats(0.01, 0.3))
        where = "etp" if treat and draw(st.booleans()) else ""
        flows.append(flow(f"L{i}", name, where, "waste_water" if where else "loss", lost,
                          cost=math.nan if where else draw(money)))  # fmt: skip
        held -= lost
        if i == count - 1 and count > 1 and back:
            flows.append(flow("R", name, names[0], "recycle", back * first))
            held -= back * first
        kind, end = ("product", "") if i == count - 1 else ("internal", names[i + 1])
        flows.append(flow(f"F{i}", name, end, kind, held))
        steps.append(FlowStep(name, system_cost=draw(money)))
    drained = sum(one.amount for one in flows if one.target == "etp")
    if drained:
        flows.append(flow("D", "etp", "", "waste_water", drained, cost=draw(money)))
        steps.append(FlowStep("etp", kind="treatment", system_cost=draw(money)))
    return plant(*flows, steps=tuple(steps))


@st.composite
def measured(draw: st.DrawFn) -> sx.FlowSheet:
    """A plant whose flows of matter were read with an error, by less than it."""
    true = draw(plants())
    flows = tuple(
        replace(one, amount=one.amount * (1 + 0.02 * draw(st.floats(-0.5, 0.5))),
                sd=0.02 * one.amount) if one.unit == "t" else one for one in true.flows)
    return replace(true, flows=flows)


def largest(sheet: sx.FlowSheet) -> float:
    return max(abs(one.amount) for one in sheet if one.unit == "t")


def close(one: float, other: float, whole: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9 * max(whole, 1.0))


# -- cost of losses -----------------------------------------------------------------------------


@few
@given(plants())
def test_the_trail_rolls_up_to_the_cost_of_every_stream(sheet: sx.FlowSheet) -> None:
    found = sx.loss_costs(sheet)
    whole = found.totals.rows[0]["cost_in"] + found.totals.rows[0]["waste_management"]
    ends: dict[str, float] = {}
    for row in found.trail.rows:
        ends[row["flow"]] = ends.get(row["flow"], 0.0) + row["cost"]
    for row in found.streams.rows:
        assert close(ends.get(row["flow"], 0.0), row["total"], whole)
    assert close(ends.get("", 0.0), found.totals.rows[0]["product"], whole)
    # And every origin ends somewhere, wholly.
    paid = {one.flow: one.cost for one in sheet if one.source == ""}
    for origin, cost in paid.items():
        told = [row["cost"] for row in found.trail.rows if row["origin"] == origin]
        assert close(math.fsum(told), cost, whole)


@few
@given(plants())
def test_what_costs_enter_leave(sheet: sx.FlowSheet) -> None:
    found = sx.loss_costs(sheet)
    totals = found.totals.rows[0]
    entered = totals["cost_in"] + totals["waste_management"]
    assert close(entered, totals["product"] + totals["losses"], entered)
    for row in found.centres.rows:
        assert close(row["cost_in"], row["product"] + row["loss"], entered)


@few
@given(plants(), st.floats(0.1, 1000.0))
def test_costs_are_of_the_first_degree_in_money(sheet: sx.FlowSheet, times: float) -> None:
    more = replace(sheet, flows=tuple(replace(one, cost=one.cost * times) for one in sheet),
                   steps=tuple(replace(step, system_cost=step.system_cost * times)
                               for step in sheet.steps))  # fmt: skip
    one, other = (sx.loss_costs(each) for each in (sheet, more))
    whole = one.totals.rows[0]["cost_in"] * times
    got = {row["flow"]: row["total"] for row in other.streams.rows}
    for row in one.streams.rows:
        assert close(row["total"] * times, got[row["flow"]], whole)


@few
@given(measured(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(sheet: sx.FlowSheet, random: object) -> None:
    flows, steps = list(sheet.flows), list(sheet.steps)
    random.shuffle(flows)  # type: ignore[attr-defined]
    random.shuffle(steps)  # type: ignore[attr-defined]
    mixed = replace(sheet, flows=tuple(flows), steps=tuple(steps))
    one, other = sx.reconcile(sheet), sx.reconcile(mixed)
    size = largest(sheet)
    for row in one.sheet:
        assert close(row.amount / size, other.sheet.flow(row.flow).amount / size, 1.0)
    mine, theirs = sx.loss_costs(one), sx.loss_costs(other)
    costs = {row["flow"]: row["total"] for row in theirs.streams.rows}
    whole = mine.totals.rows[0]["cost_in"]
    for row in mine.streams.rows:
        assert close(row["total"], costs[row["flow"]], whole)


# -- reconciliation -----------------------------------------------------------------------------


@few
@given(measured())
def test_reconciled_flows_close_every_step(sheet: sx.FlowSheet) -> None:
    found = sx.reconcile(sheet)
    assume(found.holds)
    for row in sx.balance(found.sheet).rows:
        if row["layer"] == "mass" and row["status"] != "one_sided":
            assert abs(row["unaccounted"]) <= 1e-9 * largest(sheet)


@few
@given(measured())
def test_reconciling_twice_changes_nothing(sheet: sx.FlowSheet) -> None:
    once = sx.reconcile(sheet, eliminate=False)
    assume(once.holds)
    again = sx.reconcile(replace(once.sheet, flows=tuple(
        replace(one, sd=sheet.flow(one.flow).sd) for one in once.sheet)), eliminate=False)
    for one in once.sheet:
        assert abs(one.amount - again.sheet.flow(one.flow).amount) <= 1e-9 * largest(sheet)


@few
@given(measured(), st.data())
def test_a_measurement_more_never_raises_a_variance(
    sheet: sx.FlowSheet, data: st.DataObject
) -> None:
    matter = [one.flow for one in sheet if one.unit == "t"]
    left = data.draw(st.sampled_from(matter))
    fewer = replace(sheet, flows=tuple(
        replace(one, amount=math.nan, sd=math.nan) if one.flow == left else one for one in sheet))
    more, less = (sx.reconcile(each, level=1e-12, eliminate=False) for each in (sheet, fewer))
    assume(more.holds and less.holds)
    for row in less.flows.rows:
        if row["layer"] == "mass" and row["amount_sd"] is not None and row["known_by"]:
            assert more.flows[row["flow"]].amount_sd <= row["amount_sd"] * (1 + 1e-9)


# -- balances -----------------------------------------------------------------------------------


@few
@given(measured())
def test_the_plant_as_one_step_is_the_closure_of_the_plant(sheet: sx.FlowSheet) -> None:
    whole = [row for row in sx.balance(sheet).rows if (row["layer"], row["step"]) == ("mass", "")]
    (one,) = [row for row in sx.balance(sheet.level(0)).rows if row["layer"] == "mass"]
    assume(whole)
    for name in ("inflow", "outflow", "unaccounted", "tolerance"):
        assert abs(whole[0][name] - one[name]) <= 1e-9 * largest(sheet)
    assert whole[0]["status"] == one["status"]
    # And it is the sum of what is unaccounted for at the steps.
    steps = [row["unaccounted"] for row in sx.balance(sheet).rows
             if row["layer"] == "mass" and row["step"]]  # fmt: skip
    assert abs(math.fsum(steps) - one["unaccounted"]) <= 1e-9 * largest(sheet)


@pytest.mark.parametrize(("typed", "times"), [("kg", 1000.0), ("g", 1e6), ("tạ", 10.0)])
def test_the_unit_that_was_typed_decides_nothing(typed: str, times: float) -> None:
    def made(unit: str, factor: float) -> sx.LossCosts:
        amounts = [100.0, 81.0, 15.0]
        return sx.loss_costs(sx.FlowSheet.from_tables(pd.DataFrame({
            "flow": ["A", "P", "L"], "source": ["", "S", "S"], "target": ["S", "", ""],
            "kind": ["input", "product", "loss"], "unit": unit,
            "quantity": [value * factor for value in amounts], "cost": [1e6, None, 2e4],
            "error": "5 %", "error_meaning": "95 %"})))  # fmt: skip

    one, other = made("t", 1.0), made(typed, times)
    for mine, theirs in zip(one.streams.rows, other.streams.rows, strict=True):
        assert mine["total"] == pytest.approx(theirs["total"], rel=1e-12)
        assert (theirs["unit"], theirs["amount"]) == ("t", pytest.approx(mine["amount"], rel=1e-12))


# -- change of emissions ------------------------------------------------------------------------

amounts = st.floats(0.1, 10.0)  # 1 + c keeps its digits: c is not near −1


@few
@given(amounts, amounts, amounts, amounts)
def test_swapping_the_periods_turns_the_change_around(
    before: float, after: float, made: float, then: float
) -> None:
    """(1 + c)(1 + c′) = 1."""

    def change(first: tuple[float, float], second: tuple[float, float]) -> float:
        sheets = [plant(flow("W", "S", "", "solid_waste", amount), phase=phase)
                  for phase, (amount, _) in zip(("baseline", "reporting"), (first, second),
                                                strict=True)]  # fmt: skip
        output = {("plant", phase): (out, "t") for phase, (_, out) in
                  zip(("baseline", "reporting"), (first, second), strict=True)}
        rows = emission_rows(sheets, pd.DataFrame(), {}, output, lambda name: (math.nan, ""))
        return float(next(row["change"] for row in rows if row["substance"] == "W"))

    there, back = change((before, made), (after, then)), change((after, then), (before, made))
    assert (1 + there) * (1 + back) == pytest.approx(1.0, rel=1e-9)
