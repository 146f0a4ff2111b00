"""Notes beside an adjusted saving say what is so, and nothing that is not."""

from __future__ import annotations

import numpy as np
import pandas as pd

import sxsh_audit as sx

MONTHS = [f"{year}-{month:02d}" for year in (2022, 2023) for month in range(1, 13)]
OUTPUT = np.array([90, 110, 100, 130, 80, 120, 95, 105, 125, 85, 115, 100] * 2, float)


def assessed(use: np.ndarray) -> sx.Assessment:
    study = sx.Study(
        production=pd.DataFrame({"period": MONTHS, "quantity": OUTPUT, "unit": "t"}),
        consumption=pd.DataFrame({"resource": "electricity", "period": MONTHS, "quantity": use,
                                  "unit": "kWh"}),
        baseline="2022", reporting="2023", quality="billed",
    )  # fmt: skip
    return sx.assess(study)


def test_a_resource_that_is_no_longer_used_has_its_quality_stated() -> None:
    found = assessed(np.where(np.arange(24) < 12, 1000 + 20 * OUTPUT + OUTPUT % 7, 0.0))
    row = found.adjusted["electricity"]
    assert (row.saving, row.errors_from) == (1.0, "quality")
    assert "baseline.scatter_only" not in found.findings.codes()


def test_a_correlation_of_chance_is_not_told_and_a_strong_one_is() -> None:
    wave = 60 * np.sin(np.arange(24) / 24 * 2 * np.pi * 2)
    strong = assessed(1000 + 20 * OUTPUT + wave)
    assert strong.adjusted["electricity"].rho > 0.2
    assert "baseline.correlated" in strong.findings.codes()
    noise = np.array([3, -5, 4, -2, 1, -4, 5, -1, 2, -3, 4, -4] * 2, float)
    weak = assessed(1000 + 20 * OUTPUT + noise)
    assert weak.adjusted["electricity"].rho <= 0.2
    assert "baseline.correlated" not in weak.findings.codes()
