"""Claims of one end use beside its own meter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import sxsh_audit as sx

USE = {"máy nén": (400.0, 364.0), "khác": (600.0, 600.0)}  # kWh, both at 10 t


def assessed(**option: Any) -> sx.Assessment:
    used = [{"resource": "electricity", "meter": meter, "period": year, "quantity": use,
             "unit": "kWh"} for meter, pair in USE.items()
            for year, use in zip(("2022", "2023"), pair, strict=True)]  # fmt: skip
    study = sx.Study(
        production=pd.DataFrame({"period": ["2022", "2023"], "quantity": 10.0, "unit": "t"}),
        consumption=pd.DataFrame(used),
        end_uses=pd.DataFrame([{"resource": "electricity", "end_use": "máy nén",
                                "quantity": 400.0, "unit": "kWh"}]),
        options=pd.DataFrame([{"option": "A", "cost": 1.0, "status": "implemented",
                               "in_service": "2023-01-01", **option}]),
        option_savings=pd.DataFrame([{"option": "A", "resource": "electricity", "quantity": 40.0,
                                      "unit": "kWh", "end_use": "máy nén", "money": 1.0}]),
        baseline="2022", reporting="2023", quality="billed",
    )  # fmt: skip
    return sx.assess(study)


def test_the_end_use_is_compared_with_its_meter_and_the_resource_with_all_of_them() -> None:
    rows = {row["end_use"]: row for row in assessed().reconciliation.rows}
    assert sorted(rows) == ["", "máy nén"]
    for row in rows.values():
        assert row["claimed"] == pytest.approx(40.0)
        assert row["measured"] == pytest.approx(36.0)
        assert row["realisation_rate"] == pytest.approx(0.9)
        assert row["residual"] == pytest.approx(-4.0)


def test_the_interval_is_that_of_the_meter_it_is_measured_by() -> None:
    rows = {row["end_use"]: row for row in assessed().reconciliation.rows}
    # Four figures, each ± 2 % as a limit, u = 0.02 / √3. Saving = 400 × (q₁ / q₀) − 364: three of
    # them scale the 400 kWh that were expected, one the 364 kWh; 1.645 sd are 90 %.
    u = 0.02 / np.sqrt(3)
    for name, before, after in (("máy nén", 400.0, 364.0), ("", 1000.0, 964.0)):
        half = 1.6448536 * u * np.sqrt(3 * before**2 + after**2)
        row = rows[name]
        assert row["residual_high"] - row["residual_low"] == pytest.approx(2 * half, rel=1e-6)


def test_half_a_year_in_service_claims_half() -> None:
    rows = {row["end_use"]: row for row in assessed(in_service="2023-07-02").reconciliation.rows}
    # 183 of 365 days are left on 2 July 2023.
    assert rows["máy nén"]["claimed"] == pytest.approx(40 * 183 / 365)
