"""Published net present values, internal rates of return and discounted paybacks.

A published figure that is wrong stays here, beside the right one, as a disagreement that is known.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from calc_tables import DATA

from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.finance import discounted_payback, irr, npv
from sxsh_audit.calc.payback import simple_payback


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))["cases"]
    return found


IRR_CASES = cases("irr.json")
PUBLISHED = [case for case in IRR_CASES if case["published"] is not None]
ROOTS = [case for case in IRR_CASES if case.get("roots")]
# Printed as 10 % where the flows have their only root at 12.07 %: a slip of interpolation.
WRONG_IN_PRINT = [-755_000, 400_000, 500_000]


def name(case: dict[str, Any]) -> str:
    return f"{case['cashflows'][0]}-{len(case['cashflows'])}"


def tolerance(case: dict[str, Any]) -> float:
    """Return by how much the published rate may differ: its printed digits."""
    published = case["published"]
    if case["tolerance"] == "4 dp":
        return 0.5e-4
    if "significant decimals" in case["tolerance"]:
        return abs(published) * 1e-2
    return 1e-9 * max(abs(published), 1.0)


def test_all_cases_are_there() -> None:
    assert (len(IRR_CASES), len(PUBLISHED), len(ROOTS)) == (32, 24, 28)


@pytest.mark.parametrize("case", PUBLISHED, ids=name)
def test_published_rate_is_among_the_roots_and_is_the_rate_where_unique(
    case: dict[str, Any],
) -> None:
    found = irr(case["cashflows"])
    assert np.nanmin(np.abs(found.roots - case["published"])) <= tolerance(case)
    if found.status == "unique":
        assert abs(found.rate - case["published"]) <= tolerance(case)
    else:
        assert found.status == "multiple"


@pytest.mark.parametrize("case", ROOTS, ids=name)
def test_all_roots_are_found_and_no_others(case: dict[str, Any]) -> None:
    found = irr(case["cashflows"])
    # The roots in the file are printed to twelve decimals.
    np.testing.assert_allclose(found.roots, case["roots"], rtol=0, atol=1e-11)
    assert found.status == ("unique" if len(case["roots"]) == 1 else "multiple")


@pytest.mark.parametrize(
    ("flows", "status"), [([1, 2, 3], "none"), ([-0.0] + [0.0] * 9, "undefined")]
)
def test_flows_without_a_rate_say_why(flows: list[float], status: str) -> None:
    (case,) = (case for case in IRR_CASES if case["cashflows"] == flows)
    assert "no real solution" in case["property"] or "error" in case["property"]
    found = irr(case["cashflows"])
    assert found.status == status
    assert math.isnan(found.rate)


def test_printed_in_whole_percent() -> None:
    printed = [case for case in IRR_CASES if "printed" in case]
    assert len(printed) == 3
    for case in printed:
        found = irr(case["cashflows"]).rate
        agrees = abs(found - case["printed"]) <= 0.005
        assert agrees == (case["cashflows"] != WRONG_IN_PRINT)


def test_disagreement_10_percent_in_print_is_12_07() -> None:
    found = irr(WRONG_IN_PRINT)
    assert found.status == "unique"
    # Quadratic in 1/(1 + r), solved by hand: 500 v² + 400 v − 755 = 0.
    v = (-400 + math.sqrt(400**2 + 4 * 500 * 755)) / (2 * 500)
    assert found.rate == pytest.approx(1 / v - 1, rel=1e-13)
    assert round(found.rate, 4) == 0.1207


def test_disagreement_38_and_260_percent_in_print_are_38_2_and_261_8() -> None:
    (case,) = (case for case in IRR_CASES if case.get("printed_roots") == [0.38, 2.6])
    found = irr(case["cashflows"])
    assert found.status == "multiple"
    assert math.isnan(found.rate)  # the running total −2000, 8000, −2000 changes sign twice
    # r = (3 ± √5)/2 of (1 + r)² − 5 (1 + r) + 5 = 0
    np.testing.assert_allclose(found.roots, [(3 - 5**0.5) / 2, (3 + 5**0.5) / 2], rtol=1e-12)
    assert abs(found.roots[1] - 2.6) > 0.005  # not what «260 %» rounds from


def test_two_roots_one_negative_as_printed() -> None:
    (case,) = (case for case in IRR_CASES if case.get("printed_roots") == [-0.7649, 0.3679])
    found = irr(case["cashflows"])
    np.testing.assert_allclose(found.roots, case["printed_roots"], atol=0.5e-4)
    # The running total −39 800, 24 000, 11 200 changes sign once: Norstrom names the positive one.
    assert found.rate == found.roots[1]


@pytest.mark.parametrize("case", [c for c in cases("npv.json") if c["expected"] is not None],
                         ids=name)  # fmt: skip
def test_published_net_present_value(case: dict[str, Any]) -> None:
    allowed = 1e-2 if "rtol" in case["tol"] else 1e-9
    found = npv(case["rate"], case["cashflows"])
    assert found == pytest.approx(case["expected"], rel=allowed, abs=0)
    assert round(found, 2) == round(case["expected"], 2)


def test_disagreement_a_rate_of_minus_100_percent_is_refused_not_nan() -> None:
    (case,) = (case for case in cases("npv.json") if case["expected"] is None)
    with pytest.raises(RangeError, match="−1"):
        npv(case["rate"], case["cashflows"], language="en")


@pytest.mark.parametrize("case", cases("discounted_payback.json"), ids=lambda case: case["id"])
def test_published_discounted_payback(case: dict[str, Any]) -> None:
    found = discounted_payback(case["rate"], [-case["initial_cost"], *case["annual_flows"]])
    if case["expected_years"] is None:
        assert found == (math.inf, "never")
    elif case["expected_years"] == 3.8:
        # Printed with one decimal, cut off: 10 000 / 2600 = 3.846
        assert found.years == simple_payback(10_000.0, 2600.0).years
        assert math.floor(found.years * 10) / 10 == 3.8
    else:
        assert round(found.years, 2) == case["expected_years"]
        assert found.payback_class == "years"
