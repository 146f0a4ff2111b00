"""Use that is known by product: read, added up, and split by LMDI-I."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

import sxsh_audit as sx

# product, before (output t, use kWh), after (output t, use kWh)
PLANT = [("A", (100.0, 1000.0), (80.0, 760.0)), ("B", (50.0, 1500.0), (70.0, 1960.0))]


def study(**changed: Any) -> sx.Study:
    made, used = [], []
    for product, before, after in PLANT:
        for year, (output, use) in (("2022", before), ("2023", after)):
            made.append({"product": product, "period": year, "quantity": output, "unit": "t"})
            used.append({"resource": "electricity", "product": product, "period": year,
                         "quantity": use, "unit": "kWh"})  # fmt: skip
    used[0] |= changed
    return sx.Study(production=pd.DataFrame(made), consumption=pd.DataFrame(used),
                    baseline="2022", reporting="2023", quality="billed", output="mass")  # fmt: skip


def test_the_uses_of_the_products_add_up_to_the_whole() -> None:
    row = sx.assess(study()).savings["electricity"]
    assert (row.use_baseline, row.use_reporting) == pytest.approx((2500.0, 2720.0))
    assert row.saving == pytest.approx(-0.088)  # 16.67 kWh/t before, 18.13 after


def test_the_split_is_by_product_as_worked_out_by_hand() -> None:
    found = sx.assess(study()).change_split["electricity"]
    # L(a, b) = (a − b) / ln(a / b). Output is 150 t both times, so that volume is 0.
    weights = {"A": (760 - 1000) / math.log(0.76), "B": (1960 - 1500) / math.log(1960 / 1500)}
    mix = {"A": weights["A"] * math.log(80 / 100), "B": weights["B"] * math.log(70 / 50)}
    per = {"A": weights["A"] * math.log(9.5 / 10), "B": weights["B"] * math.log(28 / 30)}
    assert found.method == "by_product"
    assert found.volume == pytest.approx(0.0, abs=1e-9)
    assert found.mix == pytest.approx(sum(mix.values()))
    assert found.efficiency == pytest.approx(sum(per.values()))
    for product in "AB":
        assert found.by_product[product]["mix"] == pytest.approx(mix[product])
        assert found.by_product[product]["efficiency"] == pytest.approx(per[product])
    # The plain ratio blames the plant for the heavier product; each of them takes less.
    assert found.efficiency < 0


def test_a_figure_without_its_product_takes_the_equivalence_and_says_what_is_lacking() -> None:
    found = sx.assess(study(product=""))
    assert len(found.change_split) == 0
    assert "baseline.no_equivalence" in found.findings.codes()


def test_an_unknown_product_is_a_fault_of_its_cell() -> None:
    with pytest.raises(sx.StudyError) as caught:
        study(product="C")
    fault = next(f for f in caught.value.findings if f.code == "table.unknown_product")
    assert (fault.severity, fault.place.row, fault.value) == ("error", 2, "C")
    assert fault.numbers["near"] == ["A", "B"]
