"""Published reconciliation problems, met to the last printed digit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from calc_tables import DATA

from sxsh_audit.calc.balance import reconcile_flows

CASES = json.loads((DATA / "reconciliation_linear.json").read_text(encoding="utf-8"))["cases"]
PRINTED = 0.5000001e-7
"""Half of the seventh decimal, the last that is printed."""


def dense(case: dict[str, Any]) -> np.ndarray:
    found = np.zeros((case["steps"], len(case["measured"])))
    for flow, (begin, end) in enumerate(zip(case["source"], case["target"], strict=True)):
        if begin >= 0:
            found[begin, flow] = -1.0
        if end >= 0:
            found[end, flow] = 1.0
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_adjustability_and_detectability_are_the_published_ones(case: dict[str, Any]) -> None:
    found = reconcile_flows(
        case["source"], case["target"], case["measured"], case["sd"], case["steps"]
    )
    np.testing.assert_allclose(found.adjustability, case["adjustability"], rtol=0, atol=PRINTED)
    np.testing.assert_allclose(found.detectability, case["detectability"], rtol=0, atol=PRINTED)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_amounts_and_covariance_are_those_of_the_textbook(case: dict[str, Any]) -> None:
    r"""x = y − V Aᵀ (A V Aᵀ)⁻¹ A y, dense: Narasimhan & Jordache (2000), chapter 3."""
    a, y, sd = dense(case), np.array(case["measured"]), np.array(case["sd"])
    gain = np.diag(sd**2) @ a.T @ np.linalg.inv(a @ np.diag(sd**2) @ a.T)
    found = reconcile_flows(case["source"], case["target"], y, sd, case["steps"])
    largest = float(np.abs(y).max())
    np.testing.assert_allclose(found.amount, y - gain @ a @ y, rtol=0, atol=1e-12 * largest)
    covariance = np.diag(sd**2) - gain @ a @ np.diag(sd**2)
    np.testing.assert_allclose(found.covariance(), covariance, rtol=0, atol=1e-13 * sd.max() ** 2)
    np.testing.assert_allclose(found.sd, np.sqrt(np.diag(covariance)), rtol=1e-9)
    left = a @ y
    assert found.statistic == pytest.approx(
        float(left @ np.linalg.solve(a @ np.diag(sd**2) @ a.T, left)), rel=1e-12
    )
    assert found.dof == np.linalg.matrix_rank(a)
    moved = gain @ a @ np.diag(sd**2)
    np.testing.assert_allclose(
        found.z, -(gain @ a @ y) / np.sqrt(np.diag(moved)), rtol=1e-9, atol=1e-12
    )
