"""What losses cost: every figure is worked out by hand beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flow_plants import flow, plant

import sxsh_audit as sx
from sxsh_audit.assessment.flows.flow_sheet import Content, Flow, FlowStep

SUMS = ("material", "energy", "system", "waste_management", "total")


def streams(found: sx.LossCosts | Any) -> dict[str, list[float | None]]:
    return {row["flow"]: [row[name] for name in SUMS] for row in found.streams.rows}


def power(key: str, step: str, cost: float) -> Flow:
    return flow(key, "", step, "input", 50.0, unit="kWh", category="purchased_energy", cost=cost)


def codes(found: Any) -> list[str]:
    return [item.code for item in found.findings]


def approx(*values: float | None) -> Any:
    return pytest.approx(list(values))


# -- one centre ---------------------------------------------------------------------------------

CENTRE = plant(
    flow("A", "", "S", "input", 100.0, sd=1.0, cost=1000.0), power("E", "S", 100.0),
    flow("P", "S", "", "product", 70.0, sd=1.0),
    flow("L", "S", "", "solid_waste", 30.0, sd=1.0, cost=60.0, cause="operation"),
    steps=(FlowStep("S", system_cost=200.0),),
)  # fmt: skip


def test_one_centre_shares_by_mass_and_its_loss_bears_the_waste_management() -> None:
    found = sx.loss_costs(CENTRE)
    # 30 % of 1000, 100 and 200; its own fee of 60 wholly.
    assert streams(found) == {"L": approx(300.0, 30.0, 60.0, 60.0, 450.0)}
    totals = found.totals.rows[0]
    assert (totals["cost_in"], totals["product"], totals["losses"]) == approx(1300.0, 910.0, 450.0)
    assert totals["product"] + totals["losses"] == pytest.approx(
        totals["cost_in"] + totals["waste_management"])  # fmt: skip
    assert (totals["basis"], totals["complete"], totals["unpriced"]) == ("reconciled", True, [])
    assert (totals["unclear"], totals["unattributed"]) == (0.0, 0.0)
    row = found.streams[0]
    assert (row.step, row.cause, row.amount, row.unit) == ("S", "operation", 30.0, "t")
    assert row.share == 1.0
    assert found.findings == ()


def test_every_cost_is_followed_from_where_it_entered() -> None:
    trail = {(row["origin"], row["flow"]): row["cost"] for row in sx.loss_costs(CENTRE).trail.rows}
    assert trail == pytest.approx({
        ("A", "L"): 300.0, ("A", ""): 700.0, ("E", "L"): 30.0, ("E", ""): 70.0,
        ("S", "L"): 60.0, ("S", ""): 140.0, ("L", "L"): 60.0})  # fmt: skip


def test_centres_tell_what_passes_and_what_becomes_of_it() -> None:
    found = {row["category"]: (row["cost_in"], row["product"], row["loss"])
             for row in sx.loss_costs(CENTRE).centres.rows}  # fmt: skip
    assert found == {"material": approx(1000.0, 700.0, 300.0), "energy": approx(100.0, 70.0, 30.0),
                     "system": approx(200.0, 140.0, 60.0)}  # fmt: skip
    carried = {row["flow"]: row["cost"] for row in sx.loss_costs(CENTRE).flows.rows}
    assert carried == pytest.approx({"A": 1000.0, "E": 100.0, "P": 910.0, "L": 390.0})


# -- two centres --------------------------------------------------------------------------------


def test_a_recycle_is_solved_and_not_counted_twice() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "x", "input", 100.0, cost=1000.0), flow("B", "x", "y", "internal", 110.0),
        flow("R", "y", "x", "recycle", 20.0), flow("L1", "x", "", "loss", 10.0),
        flow("P", "y", "", "product", 80.0), flow("L2", "y", "", "defect", 10.0),
        steps=(FlowStep("x"), FlowStep("y", system_cost=220.0)),
    ))  # fmt: skip
    # Material: x holds c = 1000 + (2/11)(11/12) c = 1200, 10 for each tonne that leaves anywhere.
    # System: y holds d = 220 + (11/12)(2/11) d = 264; x gets 2/11 of it back: 48.
    assert streams(found) == {"L1": approx(100.0, 0.0, 4.0, None, 104.0),
                              "L2": approx(100.0, 0.0, 24.0, None, 124.0)}  # fmt: skip
    assert found.totals.rows[0]["product"] == pytest.approx(800.0 + 192.0)
    carried = {row["flow"]: (row["material"], row["system"]) for row in found.flows.rows}
    assert carried["R"] == approx(200.0, 48.0)
    assert [(row["flow"], row["rank"]) for row in found.streams.rows] == [("L2", 1), ("L1", 2)]
    assert [row["cumulative"] for row in found.streams.rows] == approx(124 / 228, 1.0)


def test_a_loop_without_an_exit_is_told() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "x", "input", 10.0, cost=100.0), flow("P", "x", "", "product", 10.0),
        flow("B", "y", "z", "internal", 5.0), flow("R", "z", "y", "recycle", 5.0),
        steps=(FlowStep("x"), FlowStep("y", system_cost=50.0), FlowStep("z")),
    ))  # fmt: skip
    assert codes(found) == ["flow.no_exit"]
    assert found.findings[0].numbers["steps"] == ["y", "z"]
    assert found.totals.rows[0]["product"] == pytest.approx(100.0)


# -- treatment ----------------------------------------------------------------------------------


def test_treatment_is_borne_by_what_enters_it_and_what_comes_back_stays_with_the_product() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0),
        flow("W", "", "S", "input", 10.0, cost=10.0),
        flow("P", "S", "", "product", 90.0), flow("X", "S", "ETP", "waste_water", 60.0),
        flow("R", "ETP", "S", "recycle", 40.0),
        flow("D", "ETP", "", "waste_water", 15.0, cost=30.0),
        flow("G", "ETP", "", "solid_waste", 5.0, cost=10.0),
        steps=(FlowStep("S"), FlowStep("ETP", kind="treatment", system_cost=90.0,
                                       waste_cost=10.0)),
    ))  # fmt: skip
    # S holds c = 1010 + (40/60)(60/150) c, so c = 1010 · 15/11. X takes 0.4 c, of which 2/3 come
    # back: 0.4 c / 3 is lost. Treatment 90 + 10 and the fees 30 + 10 are all of X.
    c = 1010.0 * 15 / 11
    assert streams(found) == {"X": approx(0.4 * c / 3, 0.0, 0.0, 140.0, 0.4 * c / 3 + 140.0)}
    totals = found.totals.rows[0]
    assert totals["product"] == pytest.approx(0.6 * c)
    assert totals["product"] + totals["losses"] == pytest.approx(1010.0 + 140.0)


def test_two_streams_share_a_treatment_by_their_mass() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "x", "input", 100.0, cost=1000.0), flow("B", "x", "y", "internal", 70.0),
        flow("X", "x", "ETP", "waste_water", 30.0), flow("Y", "y", "ETP", "waste_water", 10.0),
        flow("P", "y", "", "product", 60.0), flow("D", "ETP", "", "waste_water", 40.0),
        steps=(FlowStep("x"), FlowStep("y"),
               FlowStep("ETP", kind="treatment", system_cost=400.0)),
    ))  # fmt: skip
    assert {key: row[3] for key, row in streams(found).items()} == pytest.approx(
        {"X": 300.0, "Y": 100.0})  # fmt: skip


def test_waste_management_of_a_step_is_shared_by_its_losses() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0), flow("P", "S", "", "product", 70.0),
        flow("K", "S", "", "loss", 10.0), flow("L", "S", "", "solid_waste", 20.0, cost=5.0),
        steps=(FlowStep("S", waste_cost=90.0),)))  # fmt: skip
    assert {key: row[3] for key, row in streams(found).items()} == pytest.approx(
        {"K": 30.0, "L": 65.0})  # fmt: skip


def test_waste_management_without_a_loss_is_of_nobody_and_is_told() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0), flow("P", "S", "", "product", 100.0),
        steps=(FlowStep("S", waste_cost=90.0),)))  # fmt: skip
    assert found.totals.rows[0]["unattributed"] == 90.0
    assert codes(found) == ["flow.cost_without_loss"]
    assert found.findings[0].numbers == {"cost": 90.0, "currency": "VND"}


# -- keys ---------------------------------------------------------------------------------------


def starch(key: str, **more: Any) -> sx.FlowSheet:
    return plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0, **more), power("E", "S", 50.0),
        flow("P", "S", "", "product", 30.0), flow("L", "S", "", "loss", 70.0),
        steps=(FlowStep("S", system_cost=200.0, key=key),),
        contents=(Content("A", "starch", 0.25, "1"), Content("P", "starch", 0.7, "1"),
                  Content("L", "starch", 4 / 70, "1")),
    )  # fmt: skip


def test_what_follows_a_component_is_split_by_it() -> None:
    # 21 t of starch in the product, 4 t in the loss; by mass it would be 30 : 70.
    by_mass = sx.loss_costs(starch("mass", follows="starch"))
    assert streams(by_mass) == {"L": approx(160.0, 35.0, 140.0, None, 335.0)}
    by_part = sx.loss_costs(starch("component:starch", follows="starch"))
    assert streams(by_part) == {"L": approx(160.0, 8.0, 32.0, None, 200.0)}


def test_a_component_that_the_balance_tells_is_used_and_one_that_nothing_tells_is_unknown() -> None:
    sheet = starch("mass", follows="starch")
    known = plant(
        *(replace(one, sd=0.0) for one in sheet.flows), steps=sheet.steps,
        contents=tuple(replace(one, sd=0.001) for one in sheet.contents[:2]))  # fmt: skip
    # The loss has what is left: 25 − 21 t of starch.
    assert streams(sx.loss_costs(known))["L"][0] == pytest.approx(160.0)
    blind = sx.loss_costs(plant(*sheet.flows, steps=sheet.steps, contents=sheet.contents[:1]))
    assert streams(blind)["L"] == [None, pytest.approx(35.0), pytest.approx(140.0), None, None]
    assert "flow.key_unknown" in codes(blind)
    assert blind.totals.rows[0]["complete"] is False


def test_a_stated_share_goes_before_the_key() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0), power("E", "S", 100.0),
        flow("P", "S", "", "product", 70.0), flow("L", "S", "", "loss", 30.0, cost_share=0.1),
        steps=(FlowStep("S", system_cost=200.0),)))  # fmt: skip
    assert streams(found) == {"L": approx(300.0, 10.0, 20.0, None, 330.0)}


def test_energy_can_follow_the_heat_that_leaves() -> None:
    found = sx.loss_costs(plant(
        flow("E", "", "B", "input", 100.0, unit="kWh", category="purchased_energy", cost=100.0),
        flow("H", "B", "", "product", 80.0, unit="kWh"),
        flow("Q", "B", "", "heat_loss", 20.0, unit="kWh"),
        steps=(FlowStep("B", kind="utility", key="energy", system_cost=50.0),)))  # fmt: skip
    assert streams(found)["Q"][1:3] == approx(20.0, 10.0)


# -- prices -------------------------------------------------------------------------------------


def test_an_input_without_a_price_leaves_at_least_what_is_known() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "x", "input", 100.0, cost=1000.0), flow("L1", "x", "", "loss", 10.0),
        flow("B", "x", "y", "internal", 90.0), flow("N", "", "y", "input", 10.0, name="Dye"),
        flow("L2", "y", "", "loss", 20.0), flow("P", "y", "", "product", 80.0)))  # fmt: skip
    assert {row["flow"]: (row["material"], row["complete"]) for row in found.streams.rows} == {
        "L1": (pytest.approx(100.0), True), "L2": (pytest.approx(180.0), False)}  # fmt: skip
    totals = found.totals.rows[0]
    assert (totals["unpriced"], totals["complete"]) == (["N"], False)
    assert [(item.code, item.numbers["flows"]) for item in found.findings] == [
        ("flow.no_price", ["Dye"])]  # fmt: skip
    assert not any(row["origin"] == "N" for row in found.trail.rows)


def test_a_price_is_taken_where_no_cost_is_stated_and_the_units_agree() -> None:
    def made(**more: Any) -> sx.FlowSheet:
        return plant(flow("A", "", "S", "input", 100.0, resource="ore", **more),
                     flow("P", "S", "", "product", 70.0), flow("L", "S", "", "loss", 30.0),
                     prices=(("ore", 8.0, "t"),))  # fmt: skip

    def lost(sheet: sx.FlowSheet, **more: Any) -> float | None:
        value = sx.loss_costs(sheet, **more).streams[0].material
        return None if value is None else float(value)

    assert lost(made()) == pytest.approx(0.3 * 800)  # of the study
    assert lost(made(), prices={"ore": 9.0}) == pytest.approx(0.3 * 900)  # of the caller
    assert lost(made(cost=1000.0), prices={"ore": 9.0}) == pytest.approx(300.0)  # stated
    other = sx.loss_costs(made(unit="m3", density=1.0))
    assert not other.streams[0].complete
    assert other.totals.rows[0]["unpriced"] == ["A"]


# -- what does not balance ----------------------------------------------------------------------


def test_where_the_test_fails_the_difference_is_a_loss_of_its_own() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, sd=1.0, cost=1000.0),
        flow("P", "S", "", "product", 70.0, sd=1.0), flow("L", "S", "", "loss", 10.0, sd=0.5)))
    # 100 − 80: of what leaves 70, 10 and 20 t nothing more is known than their mass.
    assert streams(found) == {"unaccounted:S": approx(200.0, 0.0, 0.0, None, 200.0),
                              "L": approx(100.0, 0.0, 0.0, None, 100.0)}  # fmt: skip
    totals = found.totals.rows[0]
    assert (totals["basis"], totals["product"]) == ("measured", pytest.approx(700.0))
    assert found.streams[0].kind == "unaccounted"


def test_more_out_than_in_is_no_loss() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, sd=1.0, cost=1000.0),
        flow("P", "S", "", "product", 120.0, sd=1.0)))  # fmt: skip
    assert len(found.streams) == 0
    assert found.totals.rows[0]["product"] == pytest.approx(1000.0)


def test_a_stock_keeps_its_cost_and_one_that_is_drawn_has_no_price() -> None:
    filled = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0), flow("P", "S", "", "product", 70.0),
        flow("T", "S", "", "stock", 20.0), flow("L", "S", "", "loss", 10.0)))  # fmt: skip
    assert filled.totals.rows[0]["product"] == pytest.approx(900.0)
    drawn = sx.loss_costs(plant(
        flow("A", "", "S", "input", 80.0, cost=800.0), flow("P", "S", "", "product", 90.0),
        flow("T", "S", "", "stock", -20.0), flow("L", "S", "", "loss", 10.0)))  # fmt: skip
    assert drawn.totals.rows[0]["unpriced"] == ["T"]
    assert (drawn.streams[0].material, drawn.streams[0].complete) == (pytest.approx(80.0), False)


def test_what_is_neither_product_nor_loss_is_counted_as_neither() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0), flow("P", "S", "", "product", 70.0),
        flow("U", "S", "", "", 20.0), flow("L", "S", "", "loss", 10.0)))  # fmt: skip
    totals = found.totals.rows[0]
    assert [totals[name] for name in ("product", "unclear", "losses")] == approx(
        700.0, 200.0, 100.0)  # fmt: skip


def test_losses_of_one_cost_stand_by_their_ids() -> None:
    found = sx.loss_costs(plant(
        flow("A", "", "S", "input", 100.0, cost=1000.0), flow("Z", "S", "", "loss", 10.0),
        flow("B", "S", "", "loss", 10.0), flow("P", "S", "", "product", 80.0)))  # fmt: skip
    assert [row["flow"] for row in found.streams.rows] == ["B", "Z"]


# -- water --------------------------------------------------------------------------------------


def test_water_costs_what_it_carries_and_what_becomes_of_it() -> None:
    sheet = plant(
        flow("O", "", "S", "input", 100.0, cost=9000.0),
        flow("W", "", "S", "input", 100.0, unit="m3", density=1.0, category="water",
             resource="water", cost=300.0), power("E", "S", 100.0),
        flow("P", "S", "", "product", 120.0),
        flow("X", "S", "", "waste_water", 80.0, unit="m3", density=1.0, cost=160.0),
        steps=(FlowStep("S", system_cost=500.0),),
    )  # fmt: skip
    row = sx.loss_costs(sheet).true_costs["water"]
    # 80 of 200 t leave as waste water: 40 % of 100 and 500. (300 + 240 + 160) / 100 m³.
    assert [row.purchase, row.carried, row.waste_management, row.per_unit, row.price] == approx(
        300.0, 240.0, 160.0, 7.0, 3.0)  # fmt: skip
    assert row.complete
    assert row.unit == "m3"
    free = plant(*(flow("X", "S", "", "waste_water", 80.0, unit="m3", density=1.0)
                   if one.flow == "X" else one for one in sheet.flows), steps=sheet.steps)
    assert not sx.loss_costs(free).true_costs["water"].complete


def test_only_a_flow_sheet_is_costed() -> None:
    with pytest.raises(TypeError, match="give a FlowSheet"):
        sx.loss_costs([CENTRE])  # type: ignore[arg-type]
    assert streams(sx.loss_costs(sx.reconcile(CENTRE))) == streams(sx.loss_costs(CENTRE))
