"""Reconciled flow sheets: by hand, and by the textbook formula in plain numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flow_plants import flow, plant
from scipy import stats

import sxsh_audit as sx
from sxsh_audit.assessment.flows.flow_sheet import Content, FlowStep

NAN = math.nan


def two(measured: float, sd: float = 1.0, sd_out: float = 1.0) -> sx.FlowSheet:
    return plant(flow("A", "", "S", "input", 100.0, sd=sd),
                 flow("P", "S", "", "product", measured, sd=sd_out))  # fmt: skip


def test_a_misfit_is_shared_by_the_variances() -> None:
    found = sx.reconcile(two(97.0, 1.0, 2.0))
    # 3 t by 1² : 2²: the input loses 0.6, the product gains 2.4.
    assert [row["amount"] for row in found.flows.rows] == pytest.approx([99.4, 99.4])
    assert [row["adjustment"] for row in found.flows.rows] == pytest.approx([-0.6, 2.4])
    # 1/(1/1 + 1/4) = 0.8 is the variance of both.
    assert [row["amount_sd"] for row in found.flows.rows] == pytest.approx([math.sqrt(0.8)] * 2)
    test = found.tests["mass"]
    assert (test.status, test.dof, test.passed) == ("reconciled", 1, True)
    assert test.statistic == pytest.approx(9 / 5)  # misfit² ÷ (1² + 2²)
    assert test.p == pytest.approx(stats.chi2.sf(9 / 5, 1))
    assert found.holds
    assert [one.amount for one in found.sheet] == pytest.approx([99.4, 99.4])
    assert [one.amount for one in found.measured] == [100.0, 97.0]


def test_a_network_agrees_with_the_textbook() -> None:
    """x = m − V Aᵀ (A V Aᵀ)⁻¹ A m, written out densely."""
    sheet = plant(
        flow("A", "", "x", "input", 101.0, sd=1.0), flow("B", "x", "y", "internal", 84.0, sd=2.0),
        flow("R", "y", "x", "recycle", 9.0, sd=0.5), flow("C", "y", "z", "internal", 76.5, sd=1.5),
        flow("L", "x", "", "loss", 24.0, sd=3.0), flow("P", "z", "", "product", 73.0, sd=0.4),
        flow("M", "z", "", "loss", 3.0, sd=0.6))  # fmt: skip
    a = np.zeros((3, len(sheet)))
    for k, (out, into) in enumerate(zip(*sheet.positions(), strict=True)):
        if out >= 0:
            a[out, k] -= 1
        if into >= 0:
            a[into, k] += 1
    m = np.array([one.amount for one in sheet])
    v = np.diag([one.sd**2 for one in sheet])
    gain = v @ a.T @ np.linalg.inv(a @ v @ a.T)
    found = sx.reconcile(sheet)
    assert [one.amount for one in found.sheet] == pytest.approx(list(m - gain @ a @ m))
    assert [one.sd for one in found.sheet] == pytest.approx(
        list(np.sqrt(np.diag(v - gain @ a @ v))))  # fmt: skip
    r = a @ m
    assert found.tests["mass"].statistic == pytest.approx(r @ np.linalg.inv(a @ v @ a.T) @ r)
    assert found.tests["mass"].dof == 3


def test_what_is_not_measured_follows_or_stays_unknown() -> None:
    follows = sx.reconcile(plant(flow("A", "", "S", "input", 100.0, sd=3.0),
                                 flow("P", "S", "", "product", 82.0, sd=4.0),
                                 flow("L", "S", "", "loss", NAN)))  # fmt: skip
    assert [row["known_by"] for row in follows.flows.rows] == [
        "nonredundant", "nonredundant", "observable"]  # fmt: skip
    lost = follows.sheet.flow("L")
    assert (lost.amount, lost.sd) == pytest.approx((18.0, 5.0))  # √(3² + 4²)
    assert (follows.tests["mass"].status, follows.tests["mass"].passed) == ("estimated", None)
    unknown = sx.reconcile(plant(flow("A", "", "S", "input", 100.0, sd=3.0),
                                 flow("P", "S", "", "product", NAN),
                                 flow("L", "S", "", "loss", NAN)))  # fmt: skip
    assert [row["known_by"] for row in unknown.flows.rows] == [
        "nonredundant", "unobservable", "unobservable"]  # fmt: skip
    assert math.isnan(unknown.sheet.flow("P").amount)


# 100 → 100 → 100 → 100, but the second meter reads 120.
LINE = plant(
    flow("A", "", "x", "input", 100.0, sd=1.0), flow("B", "x", "y", "internal", 120.0, sd=1.0),
    flow("C", "y", "z", "internal", 100.0, sd=1.0),
    flow("P", "z", "", "product", 100.0, sd=1.0))  # fmt: skip


def test_one_wrong_meter_among_three_steps_is_found_and_left_out() -> None:
    found = sx.reconcile(LINE)
    assert found.tests["mass"].suspects == ["B"]
    assert found.tests["mass"].status == "suspect"
    assert [one.amount for one in found.sheet] == pytest.approx([100.0] * 4)
    row = found.flows["B"]
    assert (row.suspect, row.eliminated, row.measured) == (1, True, 120.0)
    assert [(item.code, item.numbers["measured"], item.numbers["amount"])
            for item in found.findings] == [("flow.suspect", 120.0, 100.0)]  # fmt: skip


def test_a_meter_at_the_fence_may_be_a_flow_that_is_not_listed() -> None:
    found = sx.reconcile(two(80.0))
    # Two meters in one line cannot be told apart: neither is left out, each is named.
    assert found.tests["mass"].status == "contradicts"
    assert not found.holds
    assert [item.code for item in found.findings] == [
        "flow.contradicts", "flow.suspect_alike", "flow.or_unlisted"]  # fmt: skip
    named = found.findings[1].numbers
    assert {named["flow"], *named["others"]} == {"A", "P"}
    assert [row["eliminated"] for row in found.flows.rows] == [False, False]
    assert [one.amount for one in found.sheet] == [100.0, 80.0]  # as measured


def test_without_elimination_the_suspect_is_named_and_nothing_is_used() -> None:
    found = sx.reconcile(LINE, eliminate=False)
    assert found.tests["mass"].status == "contradicts"
    assert not found.holds
    assert found.tests["mass"].suspects[0] == "B"
    assert not found.flows["B"].eliminated
    assert [one.amount for one in found.sheet] == [100.0, 120.0, 100.0, 100.0]


def test_the_level_of_the_test_is_the_callers() -> None:
    sheet = two(97.5)  # 6.25 / 2 = 3.125: p = 0.077
    assert sx.reconcile(sheet, level=0.05).tests["mass"].passed
    assert not sx.reconcile(sheet, level=0.10, eliminate=False).tests["mass"].passed


def test_nothing_is_weighed_without_an_error() -> None:
    found = sx.reconcile(plant(flow("A", "", "S", "input", 100.0, sd=1.0),
                               flow("P", "S", "", "product", 97.0, name="Board")))  # fmt: skip
    assert found.tests["mass"].status == "no_error"
    assert found.tests["mass"].without_error == ["Board"]
    assert [item.code for item in found.findings] == ["flow.no_error"]
    assert [row["amount"] for row in found.flows.rows] == [100.0, 97.0]
    assert not found.holds


def test_an_exact_amount_does_not_move() -> None:
    found = sx.reconcile(two(97.0, 0.0, 2.0))
    assert [one.amount for one in found.sheet] == pytest.approx([100.0, 100.0])
    assert found.flows["A"].known_by == "exact"


def test_a_volume_with_a_density_comes_back_as_a_volume() -> None:
    found = sx.reconcile(plant(
        flow("A", "", "S", "input", 100.0, sd=1.0, unit="m3", density=0.9),
        flow("P", "S", "", "product", 91.0, sd=0.9)))  # fmt: skip
    # 90 ± 0.9 t against 91 ± 0.9 t: both 90.5 t, which is 100.56 m³.
    assert found.sheet.flow("P").amount == pytest.approx(90.5)
    assert found.sheet.flow("A").amount == pytest.approx(90.5 / 0.9)
    assert found.sheet.flow("A").sd == pytest.approx(math.sqrt(0.81 / 2) / 0.9)
    assert found.flows["A"].unit == "t"


def test_components_are_reconciled_with_the_total_flows_as_they_are() -> None:
    sheet = plant(
        flow("A", "", "S", "input", 100.0, sd=0.0), flow("P", "S", "", "product", 50.0, sd=0.0),
        flow("W", "S", "", "solid_waste", 50.0, sd=0.0),
        contents=(Content("A", "starch", 0.30, "1", 0.01), Content("P", "starch", 0.55, "1", 0.02),
                  Content("W", "starch", 0.03, "1", 0.0)),
    )  # fmt: skip
    found = sx.reconcile(sheet)
    # 30 ± 1 t in, 27.5 ± 1 and 1.5 exactly out: 1 t too much, half from each.
    values = {content.flow: content.value for content in found.sheet.contents}
    assert values == pytest.approx({"A": 0.295, "P": 0.56, "W": 0.03})
    assert [one.amount for one in found.sheet] == pytest.approx([100.0, 50.0, 50.0])
    assert found.tests["component:starch"].statistic == pytest.approx(1.0**2 / 2)


def test_a_component_that_one_flow_lacks_follows() -> None:
    sheet = plant(
        flow("A", "", "S", "input", 100.0, sd=0.0), flow("P", "S", "", "product", 50.0, sd=0.0),
        flow("W", "S", "", "solid_waste", 50.0, sd=0.0),
        contents=(Content("A", "starch", 0.30, "1", 0.01),
                  Content("P", "starch", 0.55, "1", 0.02)),
    )  # fmt: skip
    found = sx.reconcile(sheet)
    (got,) = [content for content in found.sheet.contents if content.flow == "W"]
    assert (got.value, got.sd) == pytest.approx((2.5 / 50, math.sqrt(2) / 50))


def test_treatment_destroys_components_and_keeps_the_water() -> None:
    sheet = plant(
        flow("W", "", "S", "input", 100.0, sd=1.0),
        flow("X", "S", "ETP", "waste_water", 99.0, sd=1.0),
        flow("R", "ETP", "", "waste_water", 98.0, sd=1.0),
        steps=(FlowStep("S"), FlowStep("ETP", kind="treatment")),
        contents=(Content("X", "COD", 0.01, "1", 0.001), Content("R", "COD", 0.0001, "1", 1e-5)),
    )  # fmt: skip
    found = sx.reconcile(sheet)
    assert [one.amount for one in found.sheet] == pytest.approx([99.0] * 3)
    assert [content.value for content in found.sheet.contents] == [0.01, 0.0001]


def test_only_a_flow_sheet_is_reconciled() -> None:
    with pytest.raises(TypeError, match="give a FlowSheet"):
        sx.reconcile("S")  # type: ignore[arg-type]
