"""A flow sheet typed into the template gives the flows that were typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from spreadsheet import columns_of, fill, first_record, load

import sxsh_audit as sx
from sxsh_audit.tables.schema import table_spec

WORDS = {
    "vi": {"input": "đầu vào", "product": "sản phẩm", "waste": "nước thải", "store": "tồn kho",
           "baseline": "nền", "t": "tấn", "treatment": "xử lý chất thải", "outside": "bên ngoài",
           "limit": "giới hạn", "operation": "vận hành", "key": "thành phần: chất khô"},
    "en": {"input": "input", "product": "product", "waste": "waste water", "store": "stock",
           "baseline": "baseline", "t": "t", "treatment": "treatment", "outside": "outside",
           "limit": "limit", "operation": "operation", "key": "component: chất khô"},
}  # fmt: skip


def filled(path: Path, language: str) -> None:
    w = WORDS[language]
    sx.write_template(path, language=language, months="totals", baseline=2023,  # type: ignore[arg-type]
                      reporting=2024)  # fmt: skip
    book = load(path)

    def sheet(table: str) -> Any:
        return book[table_spec(table).label(language)]

    fill(sheet("steps"), [
        {"step": "Xeo", "system_cost": 850_000_000, "key": w["key"]},
        {"step": "XLNT", "kind": w["treatment"], "waste_cost": 120_000_000},
    ])  # fmt: skip
    of = {"phase": w["baseline"]}
    fill(sheet("flows"), [
        {"flow": "F1", "target": "Xeo", "kind": w["input"], "quantity": 4200, "unit": w["t"],
         "cost": 21e9, **of},
        {"flow": "F2", "source": "Xeo", "target": w["outside"], "kind": w["product"],
         "quantity": 3900, "unit": w["t"], **of},
        {"flow": "F3", "source": "Xeo", "target": "XLNT", "kind": w["waste"], "unit": "m³",
         "quantity_high": 100_000, "error": 0.1, "error_meaning": w["limit"],
         "cause": w["operation"], **of},
        {"flow": "F4", "source": "Xeo", "kind": w["store"], "unit": w["t"], "opening_stock": 60,
         "closing_stock": 45, **of},
    ])  # fmt: skip
    fill(sheet("components"), [
        {"flow": "F1", "component": "chất khô", "quantity": 90, "unit": "%"},
        {"flow": "F3", "component": "COD", "quantity": 640, "unit": "mg/L", "limit": 150},
    ])  # fmt: skip
    book.save(path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_flow_sheet_in_the_template_is_read_as_typed(tmp_path: Path, language: str) -> None:
    """Nothing else is filled in: the flow sheet alone is a study."""
    path = tmp_path / "a.xlsx"
    filled(path, language)
    study = sx.read_study(path)
    assert not [item for item in study.findings if item.code.startswith("flow_tables")]
    tables = study.tables
    assert tables.steps["kind"].tolist() == ["process", "treatment"]
    assert tables.steps["key"].tolist() == ["component:chất khô", "mass"]
    flows = tables.flows
    np.testing.assert_array_equal(flows["quantity"], [4200.0, 3900.0, np.nan, -15.0])
    assert flows["unit"].tolist() == ["t", "t", "m3", "t"]
    assert flows["kind"].tolist() == ["input", "product", "waste_water", "stock"]
    assert flows["quantity_high"].tolist()[2] == 100_000.0
    assert flows["cause"].tolist()[2] == "operation"
    assert flows["cost"].tolist()[0] == 21e9
    parts = tables.components
    np.testing.assert_allclose(parts["quantity"], [0.9, 640e-6], rtol=1e-14)
    np.testing.assert_allclose(parts["limit"], [np.nan, 150e-6], rtol=1e-14)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_examples_of_the_sheets_are_a_flow_sheet_without_a_fault(
    tmp_path: Path, language: str
) -> None:
    """What the grey rows show is right by the rules that they explain."""
    path = tmp_path / "a.xlsx"
    sx.write_template(path, language=language, months="totals")  # type: ignore[arg-type]
    book, frames = load(path), {}
    for table in ("steps", "flows", "components", "resources"):
        sheet = book[table_spec(table).label(language)]
        head, columns = columns_of(sheet)
        rows = range(head + 1, first_record(sheet, head))
        frames[table] = pd.DataFrame({name: [sheet.cell(row, column).value for row in rows]
                                      for name, column in columns.items()})  # fmt: skip
    study = sx.Study(**frames)
    assert study.findings == ()
    assert study.flows["kind"].tolist() == ["input", "waste_water"]
