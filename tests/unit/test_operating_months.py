"""A seasonal plant: its months are a year, and not half of one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import sxsh_audit as sx

MONTHS = {"baseline": [f"2021-{m:02d}" for m in (11, 12)] + [f"2022-{m:02d}" for m in (1, 2)],
          "reporting": [f"2022-{m:02d}" for m in (11, 12)] + [f"2023-{m:02d}" for m in (1, 2)]}


def annual_use(**settings: Any) -> float:
    """Use of a year behind the saving of an option of 10 %, told by the share that it saves."""
    months = MONTHS["baseline"] + MONTHS["reporting"]
    study = sx.Study(
        production=pd.DataFrame({"period": months, "quantity": 10.0, "unit": "t"}),
        consumption=pd.DataFrame({"resource": "electricity", "period": months, "quantity": 100.0,
                                  "unit": "kWh"}),
        options=pd.DataFrame([{"option": "A", "cost": 1.0}]),
        option_savings=pd.DataFrame([{"option": "A", "resource": "electricity", "quantity": 60.0,
                                      "unit": "kWh", "money": 1.0}]),
        baseline={"start": "2021-11-01", "end": "2022-02-28"},
        reporting={"start": "2022-11-01", "end": "2023-02-28"}, quality="billed", **settings,
    )  # fmt: skip
    found = sx.assess(study, budget=1e6, discount_rate=0.1, horizon=5)
    (row,) = found.portfolio_savings.rows
    return float(row["annual_use"])


def test_four_months_without_a_season_are_a_third_of_a_year() -> None:
    assert annual_use() == pytest.approx(1200.0)


def test_four_of_six_operating_months_are_told_for_six() -> None:
    assert annual_use(operating_months="11-4") == pytest.approx(600.0)


def test_all_operating_months_are_the_year() -> None:
    assert annual_use(operating_months="11-2") == pytest.approx(400.0)

