"""Each feature of the example ``det-nhuom`` shows in its result, near the truth that it states."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import sxsh_audit as sx

PLANT = Path(__file__).resolve().parents[2] / "examples" / "det-nhuom"


@pytest.fixture(scope="module")
def result() -> sx.Assessment:
    return sx.assess(sx.read_study(PLANT))


def test_the_plant_says_that_it_is_invented() -> None:
    told = (PLANT / "study.toml").read_text(encoding="utf-8")
    assert "ví dụ tự đặt" in told.splitlines()[0]


@pytest.mark.parametrize(("resource", "word"), [("electricity", "điện"), ("coal_cam_5_6", "than")])
def test_the_interval_holds_the_saving_that_the_plant_was_made_with(
    result: sx.Assessment, resource: str, word: str
) -> None:
    told = (PLANT / "study.toml").read_text(encoding="utf-8")
    truths = dict(zip(("điện", "than"), re.findall(r"cả năm (\d+,\d) %", told), strict=True))
    truth = float(truths[word].replace(",", ".")) / 100
    row = result.adjusted[resource]
    assert row.low < truth < row.high
    assert not row.ratio_low < truth < row.ratio_high


def test_the_ratio_blames_and_the_baseline_shows(result: sx.Assessment) -> None:
    row = result.adjusted["electricity"]
    assert (row.ratio_status, row.decision, row.disagree) == ("worse", "shown", True)
    assert row.output_change == pytest.approx(-0.312, abs=0.001)


def test_degree_days_estimated_reading_and_log_show(result: sx.Assessment) -> None:
    row = result.adjusted["electricity"]
    assert row.drivers == ["output", "Độ ngày làm mát"]
    assert (row.n_baseline, row.n_reporting) == (12, 11)  # February and March are one
    assert row.adjustment == 24000
    log = pd.read_csv(PLANT / "dieu_chinh.csv", sep=";")
    assert log[["Bằng chứng", "Người ghi"]].notna().all(axis=None)


def test_two_totals_have_an_interval_from_their_quality(result: sx.Assessment) -> None:
    row = result.adjusted["Thuốc nhuộm"]
    assert (row.kind, row.n_baseline, row.decision) == ("ratio", 1, "cannot_tell")
    assert row.high - row.low == pytest.approx(0.049, abs=0.001)


def test_the_mix_and_the_claims_show(result: sx.Assessment) -> None:
    split = result.change_split["electricity"]
    assert split.volume < split.mix < 0 < split.efficiency
    found = {row.resource: row.agreement for row in result.reconciliation}
    assert found == {"electricity": "agrees", "coal_cam_5_6": "short"}
