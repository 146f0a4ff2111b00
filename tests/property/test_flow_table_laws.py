"""Laws of the tables of a flow sheet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsh_audit as sx
from sxsh_audit.errors import StudyError
from sxsh_audit.language.messages import describe
from sxsh_audit.tables.schema import choice_words, table_spec

STEPS = ("A", "B", "C", "D")
AWKWARD = (
    None, "", " ", "-", "0", "1", "-1", "5 tấn", "5 t", "3 m3", "1e400", "1.2.3", "12 %", "0,5",
    "120 %", "kWh", "mg/L", "350 mg/L", "A", "a", "B", "bên ngoài", "outside", "nền", "báo cáo",
    "03/2014", "2014", "03/04/2014", "tồn kho", "nước thải", "đầu vào", "input", "COD",
    "thành phần: COD", "khối lượng", "Tổng cộng", "=1+1", "🙂", "x" * 300, 0, 1, -1.5,
    float("nan"), float("inf"), True,
)  # fmt: skip


@st.composite
def networks(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a clean table of flows between four steps and the outside."""
    count = draw(st.integers(1, 8))
    rows = []
    for i in range(count):
        source, target = draw(st.sampled_from(
            [(a, b) for a in ("", *STEPS) for b in ("", *STEPS) if a != b]))  # fmt: skip
        kinds = ("internal", "recycle") if target else ("product", "waste_water", "loss")
        kind = draw(st.sampled_from(kinds)) if source else "input"
        amount = draw(st.one_of(st.none(), st.floats(0, 1e9)))
        rows.append({"flow": f"F{i}", "from": source, "to": target, "kind": kind,
                     "phase": "baseline", "quantity": amount, "unit": "t"})  # fmt: skip
    return pd.DataFrame(rows).astype({"quantity": float})


@given(networks(), st.randoms())
@settings(max_examples=25)
def test_rows_in_any_order_give_the_same_flows(flows: pd.DataFrame, draw: Any) -> None:
    order = list(range(len(flows)))
    draw.shuffle(order)
    first, second = (sx.Study(flows=table).tables.flows.drop(columns="row")
                     .sort_values("flow", ignore_index=True)
                     for table in (flows, flows.iloc[order]))  # fmt: skip
    pd.testing.assert_frame_equal(first, second)


@given(networks(), st.sampled_from(("kg", "g", "tạ", "kt", "lb")))
@settings(max_examples=25)
def test_the_unit_typed_does_not_change_the_amount(flows: pd.DataFrame, unit: str) -> None:
    size = float(sx.parse_unit(unit).factor)
    typed = flows.assign(quantity=flows["quantity"] / size, unit=unit)
    first, second = (sx.Study(flows=table).tables.flows for table in (flows, typed))
    np.testing.assert_allclose(second["quantity"], first["quantity"], rtol=1e-14)
    assert first["unit"].tolist() == second["unit"].tolist()


@given(networks())
@settings(max_examples=25)
def test_what_is_not_measured_is_never_zero(flows: pd.DataFrame) -> None:
    checked = sx.Study(flows=flows).tables.flows
    assert (checked["quantity"].isna() == flows["quantity"].isna().to_numpy()).all()
    assert (checked["unit"] == "t").all()


@given(st.floats(0, 1, exclude_min=True))
@settings(max_examples=25)
def test_a_fraction_is_one_thing_in_all_its_spellings(fraction: float) -> None:
    flows = pd.DataFrame({"flow": ["F"], "to": ["A"], "phase": ["baseline"],
                          "quantity": [1.0], "unit": ["t"]})  # fmt: skip
    contents = [fraction, f"{fraction * 100!r} %", f"{fraction * 1000!r} g/kg",
                f"{fraction * 1e6!r} mg/kg"]  # fmt: skip
    parts = pd.DataFrame({"flow": ["F"] * 4, "component": list("abcd"), "content": contents})
    read = sx.Study(flows=flows, components=parts, locale="en").tables.components["quantity"]
    np.testing.assert_allclose(read, fraction, rtol=1e-14)


@given(st.data())
@settings(max_examples=60)
def test_any_cells_are_a_study_or_faults_with_their_places(data: st.DataObject) -> None:
    cell = st.sampled_from(AWKWARD)
    frames = {}
    for name in ("steps", "flows", "components"):
        fields = list(table_spec(name).fields)
        used = data.draw(st.lists(st.sampled_from(fields), min_size=2, unique=True))
        rows = data.draw(st.integers(0, 3))
        frames[name] = pd.DataFrame({
            field: pd.Series([data.draw(cell) for _ in range(rows)], dtype=object)
            for field in used
        })  # fmt: skip
    try:
        found = sx.Study(**frames, locale="vi").findings
    except StudyError as error:
        found = error.findings
        assert any(item.severity == "error" for item in found)
    for item in found:
        for language in ("vi", "en"):
            assert "{" not in describe(item, language)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["input", "internal", "product", "recycle", "stock", "loss"])
def test_every_spelling_of_a_kind_is_that_kind(kind: str) -> None:
    source = [None if kind == "input" else "A"]
    target = ["B" if kind in ("input", "internal", "recycle") else None]
    for word in [text for text, key in choice_words("flow_kind").items() if key == kind]:
        flows = pd.DataFrame({"from": source, "to": target, "kind": [word], "phase": ["nền"],
                              "quantity": [1.0], "unit": ["t"]})  # fmt: skip
        assert sx.Study(flows=flows).tables.flows["kind"].tolist() == [kind]
