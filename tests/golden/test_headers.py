"""Headings read verbatim in public files are recognised in the tables they belong to."""

from __future__ import annotations

import pytest

from sxsh_audit.tables.headings import match_headings
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import table_spec

# source: public files found by text search; ids of the excerpts: 2615575752, 12615500110, misc.
READ = (
    ("consumption", "Loại", "resource", ""),
    ("consumption", "SẢN LƯỢNG (kWh)", "quantity", "kWh"),  # of an electricity bill, no production
    ("consumption", "THÀNH TIỀN (đồng)", "cost", "đồng"),
    ("consumption", "Điện năng tiêu thụ (kWh)", "quantity", "kWh"),
    ("consumption", "Tồn đầu kỳ (m3)", "opening_stock", "m3"),
    ("prices", "ĐƠN GIÁ (đồng/kWh)", "price", "đồng/kWh"),
    ("production", "Sản lượng (m3/ca)", "quantity", "m3/ca"),
)


@pytest.mark.parametrize(("table", "heading", "field", "unit"), READ)
def test_headings_of_public_files(table: str, heading: str, field: str, unit: str) -> None:
    raw = RawTable.from_rows([[heading], ["1"]], file="")
    found = match_headings(table_spec(table), raw, {})
    assert found.index[field] == 0
    assert found.units[field] == unit
