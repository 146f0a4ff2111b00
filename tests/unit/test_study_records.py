"""A study that is written as a dataset is the same study when it is read again."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.scale.settings_file import settings_as_typed, write_settings
from sxsh_audit.tables.checking import CheckedTables
from sxsh_audit.tables.settings import read_settings

pytest.importorskip("duckdb")

EXAMPLES = Path(__file__).parents[2] / "examples"
STUDIES = sorted(
    path.parent.relative_to(EXAMPLES).as_posix()
    for path in EXAMPLES.glob("**/study.toml")
    if "many-plants" not in path.parts and "province" not in path.parts
)
SHOWN = {"row", "shown_unit", "shown_factor", "cost_factor"}
"""How and where an amount was typed: a dataset has canonical units."""

EVERY_SETTING = {
    "study": "xuong-1", "title": "Xưởng số 1", "facility": "A", "locale": "vi", "currency": "VND",
    "programme": "vn-qb-2384", "phase": "2011-2015", "overall": "each", "quality": "measured",
    "output": "mass", "baseline": {"start": "2013-02-01", "end": "2014-01-31"},
    "reporting": "2015", "report_date": "2016-02-03", "discount_rate": "9,5 %", "inflation": -0.01,
    "price_range": "20 %", "horizon": 15, "budget": "500 triệu đồng", "reach": "thấp", "seed": 7,
    "best_by": "npv", "payback_limit": "18 tháng", "grid_year": 2018, "confidence": "90 %",
    "screening": {"technical": 3, "economic": 4, "environmental": 3, "implement": 4, "study": 3},
    "baseline_model": {"điện": "regression", "than": "ratio"}, "adjust_to": "standard",
    "base_load": {"điện": "5.000,125 kWh/tháng", "nước": "12,5 %", "than": "1.234 kg/ngày"},
    "standard_conditions": {"output": {"bia": "100,125 tấn"}, "ngày làm việc": "26 ngày",
                            "độ ẩm": 0.125},
    "earlier_saving": {"điện": "4 %"}, "operating_months": "11-4",
    "fuel_factors": "ipcc-2006", "fuels": {"coal": "anthracite"},
    "heating_values": "vn-tt20-2016", "gwp": "AR5",
}  # fmt: skip


def test_there_are_studies() -> None:
    assert len(STUDIES) > 5


@pytest.mark.parametrize("name", STUDIES)
def test_an_example_as_a_dataset_is_the_same_study(name: str, tmp_path: Path) -> None:
    study = sx.read_study(EXAMPLES / name)
    plants = sorted(set(study.tables.consumption["facility"]))
    dataset = sx.write_dataset(study, tmp_path / "plants")
    assert dataset.plants == len(plants)
    for plant in plants:
        again = dataset.study(plant)
        settings = settings_as_typed(study.settings)
        assert settings_as_typed(again.settings) == settings | {"locale": again.settings.locale}
        for table in CheckedTables.__dataclass_fields__:
            ours = getattr(study.tables, table)
            same_plant = ours["facility"].isin([plant, ""])
            ours = ours[same_plant].reset_index(drop=True)
            theirs = getattr(again.tables, table)
            compared = [column for column in ours.columns if column not in SHOWN]
            pd.testing.assert_frame_equal(
                theirs[compared].astype(ours[compared].dtypes), ours[compared],
                check_exact=True, obj=table,
            )  # fmt: skip


@pytest.mark.parametrize("name", ["det-nhuom", "thuy-san", "tinh-bot-san"])
def test_an_example_as_a_dataset_has_the_same_results(name: str, tmp_path: Path) -> None:
    study = sx.read_study(EXAMPLES / name)
    plant = study.tables.consumption["facility"].iloc[0]
    again = sx.write_dataset(study, tmp_path / "plants").study(plant)
    ours, theirs = (_without_files(sx.assess(one).to_dict()) for one in (study, again))
    assert theirs == ours
    assert {"savings", "options", "findings"} <= {key for key, value in ours.items() if value}


def _without_files(result: Any) -> Any:
    """Leave out of a result where and how an amount was typed."""
    if isinstance(result, dict):
        left_out = {"files", "shown_unit", "shown_factor", "place", "value"}
        if "code" not in result:
            left_out.remove("value")
        return {key: _without_files(one) for key, one in result.items() if key not in left_out}
    return [_without_files(one) for one in result] if isinstance(result, list) else result


@pytest.mark.parametrize("locale", ["vi", "auto", "en"])
def test_every_setting_is_read_as_it_was_written(locale: str, tmp_path: Path) -> None:
    settings, faults = read_settings(EVERY_SETTING)
    assert not faults
    missing = {name for name in type(settings).__dataclass_fields__
               if name not in EVERY_SETTING} - {"files", "columns", "spellings"}  # fmt: skip
    assert missing == {"sector", "factor_set", "emission_factors"}  # texts as the others
    stated = settings_as_typed(type(settings)(**{
        name: getattr(settings, name) if name != "locale" else locale
        for name in type(settings).__dataclass_fields__}))  # fmt: skip
    write_settings(stated, tmp_path)
    written = tomllib.loads((tmp_path / "study.toml").read_text(encoding="utf-8"))
    again, faults = read_settings(written)
    assert not faults
    for name in type(settings).__dataclass_fields__:
        if name not in ("locale", "base_load"):
            assert getattr(again, name) == getattr(settings, name), name
    assert again.base_load["electricity"].amount == pytest.approx(5000.125, rel=1e-15)
    assert again.base_load["water"].share == 0.125
    # 1,234 kg a day are 1.234 × 365.25 / 12 = 37.559875 t a month
    assert again.base_load["coal"].amount == pytest.approx(37.559875, rel=1e-15)
