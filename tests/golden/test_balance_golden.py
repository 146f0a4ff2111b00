"""Published reconciliation problems, met to the last printed digit.

The two problems with components are those of Rao & Narasimhan, "Comparison of techniques for data
reconciliation of multicomponent processes", Industrial & Engineering Chemistry Research 35 (1996)
1362–1368, as GitHub EDSONCV/dr-ged-benchmarks holds them (commit
6b8098e4bbf00707c2ec8303589462d8ced2abe3, data_reconciliation/nonlinear/scilab/nonlin_rn96_1 and
_2: flow sheet, measurements, errors of 1 % and at least 1e-4). Their reconciled values could not be
read; a general optimiser (SLSQP of scipy) and the conditions of the optimum stand in their place.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from calc_tables import DATA
from scipy.optimize import minimize

from sxsh_audit.calc.balance import incidence, reconcile_concentrations, reconcile_flows

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


ASSAYS = np.array([  # percent
    [0.41, 0.86, 0.32, 0.1, 9.6, 12.4, 22, 8.1, 22.4, 23, 47.5, 34.9],
    [2.58, 2.63, 2.88, 2.94, 3.64, 4.1, 3.52, 4.38, 4, 4.82, 2.56, 3.5],
    [4, 4.38, 4.5, 4.5, 11.8, 12.8, 12.2, 13.2, 12.4, 14.8, 10.2, 12.2],
]) / 100  # fmt: skip
RAO_2 = np.array([  # the incidence as it is printed in the file
    [1, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, -1, 0, 0, 0, -1, 0, 0, 0, 0, 0],
    [0, 0, 1, -1, 0, -1, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, -1, 1, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, -1, 1, 0, 0, -1],
    [0, 0, 0, 0, 0, 0, 1, 0, -1, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 1],
])  # fmt: skip
GUESS = np.array([691.67, 727.54, 699.36, 687.15, 35.87, 12.51, 27.88, 23.36, 22.67, 4.79, 4.52,
                  9.31])  # fmt: skip
"""Estimates of the flows by the authors, from which the optimiser starts."""


def ends_of(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    source, target = np.full(matrix.shape[1], -1), np.full(matrix.shape[1], -1)
    for step, flow in zip(*np.nonzero(matrix), strict=True):
        (target if matrix[step, flow] > 0 else source)[flow] = step
    return source, target


def test_flows_follow_from_assays_as_a_general_optimiser_finds_them() -> None:
    """One known flow, three assays in twelve streams around seven cells."""
    sd = np.maximum(0.01 * ASSAYS, 1e-4)
    source, target = ends_of(RAO_2)
    read = np.full(12, math.nan)
    read[0] = 691.67
    found = reconcile_concentrations(source, target, read, 0.0, ASSAYS, sd, 7)
    assert found.converged

    def parts(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.append(691.67, state[:11] * GUESS[1:]), state[11:].reshape(3, 12)

    def cost(state: np.ndarray) -> float:
        return float((((parts(state)[1] - ASSAYS) / sd) ** 2).sum()) / 100

    def left(state: np.ndarray) -> np.ndarray:
        flow, assay = parts(state)
        return np.concatenate((RAO_2 @ flow / 100, (RAO_2 @ (flow * assay).T).T.reshape(-1) / 10))

    peer = minimize(
        cost, np.append(np.ones(11), ASSAYS.reshape(-1)), method="SLSQP",
        constraints={"type": "eq", "fun": left}, options={"maxiter": 1000, "ftol": 1e-14},
    )  # fmt: skip
    flow, assay = parts(peer.x)
    assert found.statistic == pytest.approx(100 * peer.fun, rel=1e-8)
    np.testing.assert_allclose(found.amount, flow, rtol=1e-5)
    np.testing.assert_allclose(found.fraction, assay, rtol=1e-4)
    assert found.dof == 7 + 3 * 7 - 11  # balances less unmeasured flows


MINERALS = {
    "source": [-1, 0, 0, 1, 1, 1, 1, 3, 3, 2, 2],
    "target": [0, 1, 1, 3, 2, -1, -1, -1, -1, -1, -1],
    "flow": [3707, math.nan, math.nan, 2910, 737, 26, 7.6, 105, math.nan, 57, math.nan],
    "percent": [
        [1.64, None, None, 0.0052, 7.42, 0.68, 4.19, 0.11, None, 90.0, 0.006],
        [17.66, None, None, 0.003, 90.6, 53.67, 43.65, 0.08, None, 0.12, 98.75],
        [0.38, None, None, 0.19, 0.001, 30.05, 7.91, 0.12, None, None, None],
        [3.44, None, None, 3.68, 1.17, 11.05, 9.05, 99.54, 0.25, None, 0.88],
        [61.47, None, None, None, 0.79, 4.4, 30.3, None, None, None, 0.7],
    ],
}  # fmt: skip


def test_the_mineral_circuit_meets_the_conditions_of_the_optimum() -> None:
    """Streams 2 and 3 run side by side unmeasured: nothing tells how they share."""
    source, target = np.array(MINERALS["source"]), np.array(MINERALS["target"])
    flow, assay = np.array(MINERALS["flow"]), np.array(MINERALS["percent"], dtype=float) / 100
    flow_sd, assay_sd = 0.01 * flow, np.maximum(0.01 * assay, 1e-4)
    found = reconcile_concentrations(source, target, flow, flow_sd, assay, assay_sd, 4)
    assert found.converged
    unknown = np.flatnonzero(np.isnan(found.amount)).tolist()
    assert unknown == [1, 2]
    # the first two steps as one: what runs between them cannot be told
    joined = np.array([0, 0, 1, 2, -1])
    kept = [0, 3, 4, 5, 6, 7, 8, 9, 10]
    signed = incidence(joined[source[kept]], joined[target[kept]], 3).toarray()
    amount, part = found.amount[kept], found.fraction[:, kept]
    assert np.abs(signed @ amount).max() <= 1e-9 * amount.max()
    # a general optimiser on the joined sheet, where everything can be told or is left out
    flow, assay, flow_sd, assay_sd = flow[kept], assay[:, kept], flow_sd[kept], assay_sd[:, kept]
    seen, seen_part = ~np.isnan(flow), ~np.isnan(assay)
    size = np.where(seen, flow, 2832.0)  # the unmeasured ones as the authors guess them
    start = np.where(seen_part, assay, np.where(np.isnan(part), 0.01, part * 1.3))

    def cost(state: np.ndarray) -> float:
        x, w = state[:9] * size, state[9:].reshape(5, 9)
        return float((((x - flow) / flow_sd)[seen] ** 2).sum()
                     + (((w - assay) / assay_sd)[seen_part] ** 2).sum()) / 100  # fmt: skip

    def left(state: np.ndarray) -> np.ndarray:
        x, w = state[:9] * size, state[9:].reshape(5, 9)
        return np.concatenate((signed @ x / 1000, (signed @ (x * w).T).T.reshape(-1) / 100))

    peer = minimize(
        cost, np.append(np.ones(9), start.reshape(-1)), method="SLSQP",
        constraints={"type": "eq", "fun": left}, options={"maxiter": 1000, "ftol": 1e-14},
    )  # fmt: skip
    assert found.statistic == pytest.approx(100 * peer.fun, rel=1e-6)
    np.testing.assert_allclose(amount, peer.x[:9] * size, rtol=1e-4)
