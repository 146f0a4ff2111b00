"""The line of the fit chart where a second driver moves the use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sxsh_audit as sx


def test_other_drivers_stand_at_their_mean_of_the_baseline() -> None:
    months = [f"{year}-{month:02d}" for year in (2022, 2023) for month in range(1, 13)]
    output = np.array([90, 110, 100, 130, 80, 120, 95, 105, 125, 85, 115, 100] * 2, float)
    days = np.array([3, 8, 5, 1, 9, 2, 7, 4, 6, 10, 0, 5] * 2, float)
    noise = np.array([3, -5, 4, -2, 1, -4, 5, -1, 2, -3, 4, -4] * 2, float)
    use = 1000 + 20 * output + 50 * days + noise
    study = sx.Study(
        production=pd.DataFrame({"period": months, "quantity": output, "unit": "t"}),
        consumption=pd.DataFrame({"resource": "electricity", "period": months, "quantity": use,
                                  "unit": "kWh"}),
        drivers=pd.DataFrame({"driver": "nóng", "period": months, "quantity": days,
                              "unit": "ngày"}),
        baseline="2022", reporting="2023", quality="billed",
    )  # fmt: skip
    found = sx.assess(study)
    row = found.adjusted["electricity"]
    assert row.drivers == ["output", "nóng"]
    curve = found.fit_curve("vi")
    assert curve is not None
    base, slope, per_day = row.coefficients
    # The mean of the days of 2022 is 60 ÷ 12 = 5.
    assert curve.expected[0] == pytest.approx(base + per_day * 5.0)
    assert (curve.expected[1] - curve.expected[0]) / curve.outputs[1] == pytest.approx(slope)
    assert (curve.low, curve.high, curve.told) == ([], [], "nóng ở mức trung bình kỳ nền")
