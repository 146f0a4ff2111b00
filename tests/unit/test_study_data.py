"""A study written down as plain data and built again is the same study."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.errors import DataError
from sxsh_audit.tables.study_data import study_from_data, study_to_data

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ["roasting", "tinh-bot-san", "thuy-san", "giay-bao-goi", "sao-xanh", "det-nhuom",
           "template-filled/vi/mill.xlsx", "workshop/co-so-d"]  # fmt: skip


def same(one: sx.Study, two: sx.Study) -> None:
    for name in one.tables.__dataclass_fields__:
        pd.testing.assert_frame_equal(getattr(one.tables, name), getattr(two.tables, name),
                                      check_exact=True)  # fmt: skip
    assert repr(one.settings) == repr(two.settings)  # nan is not itself
    for part in ("findings", "hashes", "folded"):
        assert getattr(one, part) == getattr(two, part)
    assert set(one.places.tables) == set(two.places.tables)
    for name, known in one.places.tables.items():
        other = two.places.tables[name]
        assert known.index == other.index
        for row in known.raw.rows.tolist():
            for field in known.index:
                assert one.places.place(name, row, field) == two.places.place(name, row, field)
                assert one.places.typed(name, row, field) == two.places.typed(name, row, field)


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_comes_back_from_json(name: str) -> None:
    study = sx.read_study(ROOT / "examples" / name)
    text = json.dumps(study_to_data(study), allow_nan=False)
    back = study_from_data(json.loads(text))
    same(study, back)
    assert study_to_data(back) == json.loads(text)


def test_settings_of_every_kind_come_back() -> None:
    months = [f"{year}-{month:02}" for year in (2013, 2014) for month in range(1, 13)]
    study = sx.Study(
        production=pd.DataFrame({"period": months, "quantity": 100.0, "unit": "t"}),
        consumption=pd.DataFrame({"resource": "electricity", "period": months,
                                  "quantity": np.arange(24) + 1000.0, "unit": "kWh"}),
        study="kiểu", baseline="2013", reporting={"start": "01/2014", "end": "12/2014"},
        locale="vi", report_date="31/03/2015", discount_rate="10 %", horizon=10, seed=2**60,
        budget="500 triệu đồng", reach="8 %", operating_months="11-4",
        base_load={"electricity": "30 %"}, confidence="90 %", adjust_to="standard",
        standard_conditions={"output": "100 tấn/tháng"}, earlier_saving={"electricity": "4 %"},
        columns={"production": {"$": "note"}},
    )  # fmt: skip
    back = study_from_data(json.loads(json.dumps(study_to_data(study), allow_nan=False)))
    same(study, back)
    assert type(back.settings.base_load["electricity"]) is type(
        study.settings.base_load["electricity"])  # fmt: skip
    assert math.isnan(back.settings.base_load["electricity"].amount)


def small() -> dict[str, Any]:
    return study_to_data(sx.Study.from_totals(
        "x", output=(1.0, 2.0, "t"), electricity=("5 kWh", "6 kWh")))  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.update(format=2), "study_data.format"),
        (lambda data: data["tables"].pop("flows"), "study_data.tables"),
        (lambda data: data["settings"].update(later="x"), "study_data.settings"),
        (lambda data: data["tables"]["production"].update(rows=7), "study_data.cells"),
    ],
)
def test_data_of_another_shape_are_refused(change: Any, code: str) -> None:
    data = small()
    data["tables"]["production"]["columns"]["quantity"] = {"dtype": "float64", "cells": [1.0, 2.0]}
    change(data)
    with pytest.raises(DataError) as refusal:
        study_from_data(data, "en")
    assert refusal.value.code == code
