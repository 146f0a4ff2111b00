"""Balances of flow sheets: every figure is worked out by hand beside it."""

from __future__ import annotations

import math

import pytest
from flow_plants import flow, plant

import sxsh_audit as sx
from sxsh_audit.assessment.flows.flow_sheet import Content, FlowStep

TREATS = FlowStep("ETP", kind="treatment")


def rows(sheet: sx.FlowSheet) -> dict[tuple[str, str], dict[str, object]]:
    return {(row["layer"], row["step"]): dict(row) for row in sx.balance(sheet).rows}


def test_what_enters_less_what_leaves_with_its_tolerance() -> None:
    found = sx.balance(plant(
        flow("A", "", "S", "input", 100.0, sd=0.6), flow("P", "S", "", "product", 83.0, sd=0.8),
        flow("L", "S", "", "loss", 15.0, sd=0.0)))["S"]  # fmt: skip
    assert (found.inflow, found.outflow, found.unaccounted, found.share) == (100.0, 98.0, 2.0, 0.02)
    assert found.tolerance == pytest.approx(1.959964 * 1.0, rel=1e-6)  # √(0.6² + 0.8²) = 1
    assert found.status == "open"  # 2 > 1.96


def test_a_balance_closes_within_its_errors_and_not_beyond() -> None:
    def status(out: float) -> str:
        return str(sx.balance(plant(flow("A", "", "S", "input", 100.0, sd=0.6),
                                    flow("P", "S", "", "product", out, sd=0.8)))["S"].status)

    assert [status(98.1), status(101.9), status(98.0), status(102.0)] == [
        "closed", "closed", "open", "open"]  # fmt: skip


def test_what_leaves_and_never_entered_stays_negative() -> None:
    found = sx.balance(plant(flow("A", "", "S", "input", 100.0, sd=1.0),
                             flow("P", "S", "", "product", 104.0, sd=1.0)))["S"]  # fmt: skip
    assert (found.unaccounted, found.share, found.status) == (-4.0, -0.04, "open")


def test_rounding_is_no_loss() -> None:
    found = sx.balance(plant(flow("A", "", "S", "input", 0.1), flow("B", "", "S", "input", 0.2),
                             flow("P", "S", "", "product", 0.3)))["S"]  # fmt: skip
    assert found.unaccounted != 0.0
    assert found.status == "closed"


def test_a_flow_that_was_not_measured_is_not_nothing() -> None:
    found = sx.balance(plant(flow("A", "", "S", "input", 100.0, name="Ore"),
                             flow("P", "S", "", "product", 80.0),
                             flow("L", "S", "", "loss", math.nan, substance="slag")))["S"]
    assert (found.status, found.unaccounted, found.outflow) == ("unknown", None, None)
    assert found.not_known == ["slag"]


def test_layers_are_balanced_apart_and_the_plant_as_a_whole() -> None:
    """A difference between amounts without an error is neither closed nor open."""
    found = rows(plant(
        flow("A", "", "x", "input", 100.0), flow("B", "x", "y", "internal", 90.0),
        flow("P", "y", "", "product", 85.0), flow("W", "", "x", "input", 10.0, unit="m3"),
        flow("V", "x", "", "waste_water", 7.0, unit="m3"),
        flow("E", "", "y", "input", 500.0, unit="kWh"),
        flow("T", "y", "", "stock", -3.0)))  # fmt: skip
    assert {key: (row["unaccounted"], row["status"]) for key, row in found.items()} == {
        ("mass", "x"): (10.0, "unknown"), ("mass", "y"): (90.0 - 85.0 + 3.0, "unknown"),
        ("mass", ""): (18.0, "unknown"),  # what is unaccounted for at the steps adds up
        ("volume", "x"): (3.0, "unknown"), ("energy", "y"): (500.0, "one_sided"),
    }  # fmt: skip
    assert found["volume", "x"]["unit"] == "m3"
    assert found["energy", "y"]["inflow"] == 500.0


def test_components_are_balanced_where_they_are_stated_on_both_sides() -> None:
    sheet = plant(
        flow("A", "", "x", "input", 100.0), flow("P", "x", "", "product", 60.0),
        flow("W", "x", "ETP", "waste_water", 40.0, unit="m3", density=1.0),
        flow("R", "ETP", "", "waste_water", 40.0, unit="m3", density=1.0),
        steps=(FlowStep("x"), TREATS),
        contents=(Content("A", "starch", 0.25, "1"), Content("P", "starch", 0.40, "1"),
                  Content("W", "starch", 0.01, "t/m3"), Content("W", "COD", 0.002, "t/m3"),
                  Content("R", "COD", 0.0001, "t/m3")),
    )  # fmt: skip
    found = {key: row for key, row in rows(sheet).items() if key[0].startswith("component:")}
    # Starch at x: 25 − 24 − 0.4. COD at the treatment is destroyed and is no balance.
    assert found["component:starch", "x"]["unaccounted"] == pytest.approx(0.6)
    assert ("component:COD", "ETP") not in found
    assert ("component:starch", "ETP") not in found


def test_several_sheets_and_nothing_else_are_balanced() -> None:
    one = plant(flow("A", "", "S", "input", 1.0), flow("P", "S", "", "product", 1.0),
                phase="baseline")
    other = plant(flow("A", "", "S", "input", 1.0), flow("P", "S", "", "product", 1.0), batch="M")
    assert [(r.phase, r.batch) for r in sx.balance([one, other])] == [("baseline", ""), ("", "M")]
    with pytest.raises(TypeError, match="give a FlowSheet"):
        sx.balance([one, "two"])  # type: ignore[list-item]
