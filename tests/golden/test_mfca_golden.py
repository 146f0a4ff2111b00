"""Costs of centres against published figures.

The worked example of ISO 14051 and the case of Nitto Denko in the manual of the Asian
Productivity Organization could not be read (the stored copies end before their figures). Read and
used are textbook examples of the reciprocal method of cost accounting: departments that serve each
other are centres of a loop, and (I − Rᵀ) C = N is the same system of equations. The figures are
compared to the digits that the sources print. (Left out: astarmathsandphysics.com 4672, whose
printed solution does not satisfy the equations above it.) A plant of two centres with all four
kinds of cost is calculated by hand.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from sxsh_audit.calc.mfca import (
    allocation_shares,
    centre_costs,
    cost_trail,
    hot_spots,
    loss_split,
)


class Case(NamedTuple):
    source: str
    received: list[list[float]]
    """Row by service department: its shares to each department; producing ones come last."""
    direct: list[float]
    printed: dict[int, float]
    """Reciprocated cost of a department."""


CASES = {
    "two service departments": Case(
        "https://myessayhelp.xyz/assignment/cost-allocation-reciprocal-method",
        [[0.0, 0.2, 0.8], [0.3, 0.0, 0.7]], [7260.0, 4000.0, 0.0], {0: 9000},
    ),
    "administration and maintenance": Case(
        "https://www.coursehero.com/file/9099863/-That-is-the-nature-of-a-step-function-cost-By-similar"
        "-reasoning/",
        [[0.0, 1 / 6, 5 / 6], [1 / 5, 0.0, 4 / 5]], [1200.0, 2400.0, 0.0], {0: 1738, 1: 2690},
    ),
    "Anders Company": Case(
        "https://solutioninn.com/study-help/questions/support-department-cost-allocation-using-the-"
        "algebraic-or-reciprocal-method-6079870",
        [[0.0, 0.1, 0.45, 0.45], [0.15625, 0.0, 0.3125, 0.53125]],
        [100_000.0, 270_000.0, 56_400.0, 75_000.0], {0: 144_444, 1: 284_444},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_centres_that_serve_each_other_have_the_published_costs(name: str) -> None:
    case = CASES[name]
    flows = [(start, end, part) for start, row in enumerate(case.received)
             for end, part in enumerate(row) if part]  # fmt: skip
    flows += [(place, -1, 1.0) for place in range(len(case.received), len(case.direct))]
    source, target, share = (list(each) for each in zip(*flows, strict=True))
    found = centre_costs(source, target, share, case.direct, len(case.direct))
    for place, printed in case.printed.items():
        assert round(float(found.cost[place])) == printed
    assert found.leaving == pytest.approx(sum(case.direct), rel=1e-12)


def test_a_plant_of_two_centres_by_hand() -> None:
    """Casting and cutting, the offcuts melted again.

    Casting (0) takes 100 t of material at 200 000 and 25 t of offcuts; 120 t go on, 5 t of slag go
    out. Cutting (1) makes 90 t of product, sends 25 t of offcuts back and 5 t of dust out.
    Mass shares: casting 120/125 = 0.96 on, 0.04 slag; cutting 0.75 product, 5/24 offcuts, 1/24
    dust.
    Material: C₀ = 200 000 + 5/24 C₁ and C₁ = 0.96 C₀, so C₀ = 200 000 ÷ 0.8 = 250 000 and
    C₁ = 240 000: product 180 000, slag 10 000, dust 10 000.
    Energy 16 000 at casting: C₀ = 20 000, C₁ = 19 200: product 14 400, slag 800, dust 800.
    System 8 000 at cutting: C₀ = 5/24 C₁, C₁ = 8 000 + 0.96 C₀ = 10 000, C₀ = 2083 1/3: product
    7 500, slag 83 1/3, dust 416 2/3. Disposal: 500 for the slag, 900 for the dust.
    """
    source, target = [-1, 0, 0, 1, 1, 1], [0, 1, -1, -1, 0, -1]
    mass = [100.0, 120.0, 5.0, 90.0, 25.0, 5.0]
    lost = [False, False, True, False, False, True]
    own = [[200_000.0, 0.0], [16_000.0, 0.0], [0.0, 8_000.0]]
    share = allocation_shares(source, mass, 2)
    fee = [0.0, 0.0, 500.0, 0.0, 0.0, 900.0]
    found = loss_split(source, target, share, own, lost, 2, fee=fee)
    np.testing.assert_allclose(found.centres.cost[0], [250_000.0, 240_000.0], rtol=1e-13)
    np.testing.assert_allclose(found.product, [180_000.0, 14_400.0, 7_500.0], rtol=1e-13)
    np.testing.assert_allclose(found.cost[:, 0], [10_000.0, 800.0, 250 / 3, 500.0], rtol=1e-13)
    np.testing.assert_allclose(found.cost[:, 1], [10_000.0, 800.0, 1250 / 3, 900.0], rtol=1e-13)
    assert found.loss_share == pytest.approx((21_600 + 500 + 1_400) / 225_400, rel=1e-13)
    assert hot_spots(found.total).order.tolist() == [1, 0]
    trail = cost_trail(source, target, share, [0, 0, 1], [200_000.0, 16_000.0, 8_000.0], 2)
    np.testing.assert_allclose(
        trail.amount,
        [[10_000.0, 180_000.0, 10_000.0], [800.0, 14_400.0, 800.0],
         [250 / 3, 7_500.0, 1250 / 3]], rtol=1e-13,
    )  # fmt: skip
