"""Options against the losses that they cut: by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from flow_plants import table

import sxsh_audit as sx

FLOWS = table(("A", "", "S", "input", 1000.0, "ore"), ("P", "S", "", "product", 900.0, ""),
              ("L", "S", "", "loss", 100.0, ""),
              columns="flow source target kind quantity resource", unit="t",
              phase="baseline", error="1 %", error_meaning="95 %")  # fmt: skip
RESOURCES = table(("ore", "raw_material", "t"), columns="resource category unit")
PRICES = table(("ore", 2.0, "VND/t", "excluded"), columns="resource price unit vat")


def claimed(
    *savings: Sequence[Any], groups: dict[str, str] | None = None,
    statuses: dict[str, str] | None = None, flows: pd.DataFrame = FLOWS, **more: Any,
) -> sx.Assessment:
    """Assess savings of (option, flow, tonnes a year) of ore."""
    names = list(dict.fromkeys(row[0] for row in savings))
    options = pd.DataFrame({
        "option": names, "cost": 100.0,
        "exclusive_group": [(groups or {}).get(name, "") for name in names],
        "status": [(statuses or {}).get(name, "") for name in names]})  # fmt: skip
    rows = table(*((row[0], "ore", row[1], row[2], "t") for row in savings),
                 columns="option resource flow quantity unit")
    return sx.assess(sx.Study(flows=flows, options=options, option_savings=rows,
                              resources=RESOURCES, prices=PRICES, language="en", **more))


def test_no_claim_is_larger_than_its_flow() -> None:
    found = claimed(("big", "L", 250.0), ("ok", "L", 40.0))
    told = [item for item in found.findings if item.code == "flow.claim_over_flow"]
    assert [(item.numbers["option"], item.numbers["claimed"], item.numbers["annual"])
            for item in told] == [("big", 250.0, 100.0)]  # fmt: skip
    assert found.flow_claims["L"].capped == ["big"]
    # Its money is that of the 100 t that there are, at 2 đồng.
    assert found.options["big"].annual_saving == pytest.approx(200.0)
    assert found.options["ok"].annual_saving == pytest.approx(80.0)


def test_a_claim_of_the_whole_flow_stands() -> None:
    found = claimed(("all", "L", 100.0))
    row = found.flow_claims["L"]
    assert (row.capped, row.share, row.left) == ([], 1.0, 0.0)
    assert "flow.claim_over_flow" not in found.findings.codes()


def test_together_they_take_their_part_of_what_the_others_leave() -> None:
    row = claimed(("a", "L", 50.0), ("b", "L", 20.0)).flow_claims["L"]
    # 1 − (1 − 0.5)(1 − 0.2) = 0.6: 60 t, and not 70.
    assert (row.annual, row.claimed, row.combined, row.left) == pytest.approx(
        (100.0, 70.0, 60.0, 40.0))  # fmt: skip
    assert (row.options, row.step, row.kind) == (["a", "b"], "S", "loss")


def test_of_options_that_exclude_each_other_the_largest_counts() -> None:
    row = claimed(("a", "L", 50.0), ("b", "L", 30.0), ("c", "L", 20.0),
                  groups={"a": "g", "b": "g"}).flow_claims["L"]  # fmt: skip
    assert row.combined == pytest.approx(100 * (1 - 0.5 * 0.8))


def test_a_dropped_option_claims_nothing() -> None:
    found = claimed(("a", "L", 50.0), ("b", "L", 20.0), statuses={"b": "dropped"})
    assert found.flow_claims["L"].options == ["a"]


def test_a_part_of_a_year_is_taken_for_its_year() -> None:
    quarter = FLOWS.assign(phase="", period=None, start="2013-01-01", end="2013-03-31")
    row = claimed(("a", "L", 100.0), flows=quarter, baseline="2013-01..2013-03",
                  reporting="2014-01..2014-03").flow_claims["L"]  # fmt: skip
    assert (row.annual, row.share) == pytest.approx((400.0, 0.25))


def test_the_flow_is_that_of_the_baseline() -> None:
    both = pd.concat([FLOWS, FLOWS.assign(phase="reporting", quantity=[950.0, 900.0, 50.0])])
    assert claimed(("a", "L", 50.0), flows=both).flow_claims["L"].annual == pytest.approx(100.0)


def test_a_flow_that_is_not_known_caps_nothing_and_tells_no_share() -> None:
    blind = FLOWS.assign(quantity=[None, None, None])
    found = claimed(("a", "L", 50.0), flows=blind)
    row = found.flow_claims["L"]
    assert (row.annual, row.share, row.combined, row.left) == (None, None, None, None)
    assert found.options["a"].annual_saving == pytest.approx(100.0)


def test_a_portfolio_never_saves_more_than_the_flow() -> None:
    phases = {"phase": ["baseline", "reporting"], "unit": "t"}
    plant = {"production": pd.DataFrame({"product": "x", "quantity": [100.0, 100.0], **phases}),
             "consumption": pd.DataFrame({"resource": "ore", "quantity": [1000.0, 1000.0],
                                          **phases})}  # fmt: skip
    every = [("a", "L", 80.0), ("b", "L", 50.0), ("c", "L", 250.0)]
    found = claimed(*every, **plant, budget=1e6)
    # c is capped to the whole flow: 100 of 1000 t, whatever is done beside it.
    assert found.portfolio_savings["ore"].saving == pytest.approx(0.1)
    two = claimed(*every[:2], **plant, budget=1e6).portfolio_savings["ore"]
    # 1 − (1 − 0.8)(1 − 0.5) of 100 t, and not 130.
    assert (two.added, two.saving) == pytest.approx((0.13, 0.09))


def test_flows_before_and_after() -> None:
    rows = {row.flow: (row.before, row.after) for row in claimed(("a", "L", 50.0)).flows_after}
    # 50 t less is lost, so 50 t less ore enters; the product stays.
    assert rows["L"] == pytest.approx((100.0, 50.0), rel=1e-3)
    assert rows["A"] == pytest.approx((1000.0, 950.0), rel=1e-3)
    assert "P" not in rows
