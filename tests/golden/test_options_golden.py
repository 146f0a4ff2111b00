"""Published choices of options: knapsacks, savings one after another, a scoring model."""

from __future__ import annotations

import pytest

from sxsh_audit.calc.contributions import marginal_savings, ordered_savings
from sxsh_audit.calc.interactions import combine_savings
from sxsh_audit.calc.portfolio import Selection, Target, select_options
from sxsh_audit.calc.screening import screen_options

# J. Burkardt, KNAPSACK_01, data for the 01 knapsack problem: capacity, weights, profits, optimum
# (https://people.sc.fsu.edu/~jburkardt/datasets/knapsack_01/knapsack_01.html).
KNAPSACKS = {
    "P01": (165, [23, 31, 29, 44, 53, 38, 63, 85, 89, 82],
            [92, 57, 49, 68, 60, 43, 67, 84, 87, 72], "1111010000"),
    "P02": (26, [12, 7, 11, 8, 9], [24, 13, 23, 15, 16], "01110"),
    "P03": (190, [56, 59, 80, 64, 75, 17], [50, 50, 64, 46, 50, 5], "110010"),
    "P04": (50, [31, 10, 20, 19, 4, 3, 6], [70, 20, 39, 37, 7, 5, 10], "1001000"),
    "P05": (104, [25, 35, 45, 5, 25, 3, 2, 2], [350, 400, 450, 20, 70, 8, 5, 5], "10111011"),
    "P06": (170, [41, 50, 49, 59, 55, 57, 60], [442, 525, 511, 593, 546, 564, 617], "0101001"),
    "P07": (750, [70, 73, 77, 80, 82, 87, 90, 94, 98, 106, 110, 113, 115, 118, 120],
            [135, 139, 149, 150, 156, 163, 173, 184, 192, 201, 210, 214, 221, 229, 240],
            "101010111000011"),
    "P08": (6404180,
            [382745, 799601, 909247, 729069, 467902, 44328, 34610, 698150, 823460, 903959, 853665,
             551830, 610856, 670702, 488960, 951111, 323046, 446298, 931161, 31385, 496951, 264724,
             224916, 169684],
            [825594, 1677009, 1676628, 1523970, 943972, 97426, 69666, 1296457, 1679693, 1902996,
             1844992, 1049289, 1252836, 1319836, 953277, 2067538, 675367, 853655, 1826027, 65731,
             901489, 577243, 466257, 369261], "110111000110100100000111"),
}  # fmt: skip


def packed(found: Selection) -> str:
    """Write a set as the data do."""
    return "".join(str(int(each)) for each in found.chosen)


@pytest.mark.parametrize("name", KNAPSACKS)
def test_published_knapsack(name: str) -> None:
    capacity, weights, profits, optimum = KNAPSACKS[name]
    found = select_options(weights, profits, budget=capacity, gap=1e-7)
    assert found.status == "optimal"
    assert packed(found) == optimum
    greedy = select_options(weights, profits, budget=capacity, method="greedy")
    assert greedy.value <= found.value <= greedy.bound * (1 + 1e-7)


def test_published_knapsack_the_other_way_round() -> None:
    # What is not packed into P01 is the cheapest that leaves no more than the capacity: with
    # −ln(1 − s) as weights, a target on one use is such a sum.
    capacity, weights, profits, optimum = KNAPSACKS["P01"]
    least = sum(weights) - capacity
    parts = [[1 - 0.99**weight] for weight in weights]
    found = select_options(profits, fractions=parts, objective="cost", gap=1e-7,
                           targets=[Target("use", [1.0], 1 - 0.99**least)])  # fmt: skip
    assert found.status == "optimal"
    assert packed(found._replace(chosen=~found.chosen)) == optimum
    assert found.cost == sum(profits) - 309


def test_published_savings_of_three_measures_on_one_use() -> None:
    # "The total potential savings would be 388 units or 38.8 %, not 45 %": measures of 20, 15 and
    # 10 % of 1000 units; C saves 100 units if it comes first and 68 if it comes last.
    # http://c03.apogee.net/mvc/home/hes/land/el?utilityname=firelands&spc=hel&id=1711
    measures = [[0.20], [0.15], [0.10]]
    found = combine_savings([1.0], measures)
    assert found.saving == pytest.approx(0.388, rel=1e-14)
    assert found.added == pytest.approx(0.45, rel=1e-14)
    each = ordered_savings([1.0], measures, [0, 1, 2], use=1000.0)
    assert each.tolist() == pytest.approx([200.0, 120.0, 68.0], rel=1e-14)
    assert ordered_savings([1.0], measures, [2, 0, 1], use=1000.0)[2] == pytest.approx(100.0)
    assert marginal_savings([1.0], measures, use=1000.0)[2] == pytest.approx(68.0, rel=1e-14)


def test_published_scoring_model() -> None:
    # Safety 3, profit 2, cost 1; high 3, medium 2, low 1: totals 11, 15, 15 and 12.
    # https://courses.worldcampus.psu.edu/welcome/mangt510/less02_33.html, table 2.4
    scores = [[2, 1, 3], [3, 2, 2], [2, 3, 3], [3, 1, 1]]
    names = ["Alpha", "Beta", "Gamma", "Delta"]
    found = screen_options(scores, [3, 2, 1], implement=15 / 6, study=12 / 6,
                           criteria=["safety", "profit", "cost"], option_ids=names)  # fmt: skip
    assert (6 * found.score).round(12).tolist() == [11, 15, 15, 12]
    assert found.rank.tolist() == [4, 1, 1, 3]  # "Projects Beta and Gamma tie"
    assert found.decision.tolist() == ["reject", "implement", "implement", "study"]
