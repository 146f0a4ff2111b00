"""Keys of text as whole numbers, beside what pandas says of the texts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sxsh_audit.assessment import cells as module
from sxsh_audit.assessment.cells import cells_of, coded, match, plain_text, refined, sorted_rows

TABLE = pd.DataFrame({
    "facility": ["Đ", "B", "Đ", "A", "B", "Đ"],
    "resource": ["than", "điện", "điện", "than", "điện", "than"],
    "meter": ["", "1", "", "", "2", "1"],
})  # fmt: skip
KINDS = {
    "str": lambda column: column.astype("str"),
    "object": lambda column: column.astype(object),
    "categorical": lambda column: column.astype(
        pd.CategoricalDtype(["unused", *sorted(set(column), reverse=True)])),
}  # fmt: skip


def as_kind(kind: str) -> pd.DataFrame:
    return TABLE.assign(**{name: KINDS[kind](TABLE[name]) for name in TABLE})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("columns", [["facility"], ["facility", "resource"], list(TABLE)])
@pytest.mark.parametrize("dense", [4, 0])
def test_combinations_are_numbered_as_they_first_appear(
    kind: str, columns: list[str], dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DENSE", dense)
    found = cells_of(as_kind(kind), columns)
    distinct = TABLE[columns].drop_duplicates()
    assert found.first.tolist() == distinct.index.tolist()
    assert TABLE[columns].iloc[found.first[found.code]].to_numpy().tolist() == (
        TABLE[columns].to_numpy().tolist())  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_one_more_column_refines_the_combinations(kind: str) -> None:
    table = as_kind(kind)
    found = refined(cells_of(table, ["facility", "resource"]), table["meter"])
    whole = cells_of(table, list(TABLE))
    assert found.code.tolist() == whole.code.tolist()
    assert found.first.tolist() == whole.first.tolist()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_a_key_is_found_whatever_the_type_of_its_columns(kind: str, other: str) -> None:
    among = as_kind(other).iloc[[3, 1, 0]].reset_index(drop=True)
    found = match(as_kind(kind), among, ["facility", "resource"])
    assert found.tolist() == [2, 1, -1, 0, 1, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_sorted_by_their_texts(kind: str) -> None:
    wanted = TABLE.sort_values(["facility", "resource"], kind="stable").index
    assert sorted_rows(as_kind(kind), ["facility", "resource"]).tolist() == wanted.tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_text_comes_back_plain(kind: str) -> None:
    column = plain_text(as_kind(kind)["facility"])
    assert not isinstance(column.dtype, pd.CategoricalDtype)
    assert column.tolist() == TABLE["facility"].tolist()


def test_what_is_missing_has_no_text() -> None:
    column = pd.Series(["a", None, "b"])
    for kind in (column, column.astype("category")):
        codes, texts = coded(kind)
        assert [texts[code] if code >= 0 else None for code in codes] == ["a", None, "b"]
    found = cells_of(pd.DataFrame({"k": column}), ["k"])
    assert found.code.tolist() == [0, 1, 2]


def test_an_empty_table_has_no_combinations() -> None:
    found = cells_of(TABLE.iloc[:0], ["facility", "meter"])
    assert (len(found), found.code.size) == (0, 0)
    assert match(TABLE, TABLE.iloc[:0], ["facility"]).tolist() == [-1] * 6
    assert np.array_equal(match(TABLE.iloc[:0], TABLE, ["facility"]), [])
