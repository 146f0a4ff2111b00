"""Flow sheets as they are read: tables, explanation, findings, JSON, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flow_plants import table

import sxsh_audit as sx
from sxsh_audit.assessment.flows.views import flow_views
from sxsh_audit.assessment.results import Assessment
from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences
from sxsh_audit.tables.schema import choice_keys

LANGUAGES: tuple[Language, ...] = ("vi", "en")
EXAMPLE = Path(__file__).parents[2] / "examples" / "tinh-bot-san"
# Codes that stand in the tables of a result and must be told in words.
CODES = {*choice_keys("flow_kind"), *choice_keys("cause"), *choice_keys("step_kind"), "redundant",
         "nonredundant", "observable", "unobservable", "one_sided", "no_error", "cannot_tell",
         "waste_management", "unaccounted", "greenhouse_gas", "hazardous_waste",
         "waste_water"}  # fmt: skip


@pytest.fixture(scope="module")
def starch() -> Assessment:
    return sx.assess(sx.read_study(EXAMPLE))


@pytest.fixture(scope="module")
def hard() -> Assessment:
    """Meters that contradict each other, an input without a price, a waste nobody measured."""
    flows = table(
        ("A", "", "Mix", "input", 100.0, "t", 5e6, "", ""), ("N", "", "Mix", "input", 10.0, "t",
         None, "", ""), ("B", "Mix", "Dry", "internal", 100.0, "t", None, "", ""),
        ("P", "Dry", "", "product", 70.0, "t", None, "", ""),
        ("D", "Dry", "", "solid_waste", 5.0, "t", 1e6, "operation", "17 02 03"),
        ("W", "Boil", "", "waste_water", None, "m3", None, "technology", ""),
        ("I", "", "Boil", "input", None, "m3", None, "", ""),
        columns="flow source target kind quantity unit cost cause waste_code",
        error="1 %", error_meaning="95 %", batch="M7", hazard=["", "toxic", *[""] * 5])
    parts = table(("W", "COD", "300 mg/l", "150 mg/l"), ("D", "ash", "5 %", None),
                  columns="flow component quantity limit", batch="M7")
    return sx.assess(sx.Study(flows=flows, components=parts, language="en"))


def cells(tables: list[Table]) -> list[str]:
    return [str(cell) for one in tables for row in one.rows for cell in row]


def whole(result: Assessment, language: Language) -> str:
    return "\n".join([*cells(flow_views(result, language)),
                      *(note for one in flow_views(result, language) for note in one.notes),
                      *(one.title for one in flow_views(result, language))])  # fmt: skip


@pytest.mark.parametrize("name", ["starch", "hard"])
def test_both_languages_lay_out_the_same_tables(name: str, request: Any) -> None:
    result = request.getfixturevalue(name)
    vi, en = (flow_views(result, language) for language in LANGUAGES)
    assert [(len(one.rows), len(one.columns), len(one.notes)) for one in vi] == [
        (len(one.rows), len(one.columns), len(one.notes)) for one in en]  # fmt: skip
    assert len(vi) >= 3
    for mine, theirs in zip(vi, en, strict=True):
        assert mine.title != theirs.title
        for one, other in zip(mine.columns, theirs.columns, strict=True):
            assert one.heading != other.heading or not re.search(r"[^\W\d_]", one.heading), one


@pytest.mark.parametrize("name", ["starch", "hard"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_left_untold(name: str, language: Language, request: Any) -> None:
    text = whole(request.getfixturevalue(name), language)
    assert "{" not in text
    assert "}" not in text
    assert "nan" not in text.lower().split()
    assert "None" not in text
    words = set(re.findall(r"[a-z_]+", text))
    assert language == "en" or not words & CODES
    assert not [word for word in words if "_" in word]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_a_dash_and_what_is_short_says_at_least(
    hard: Assessment, language: Language
) -> None:
    tables = {one.title: one for one in flow_views(hard, language)}
    costs = next(one for title, one in tables.items()
                 if title.startswith(("Chi phí tổn thất", "Cost of losses", "Costs of losses")))
    by_name = {row[1].partition(" (")[0]: row for row in costs.rows}
    drained = by_name["W"]
    assert drained[2] == "–"  # an amount nobody measured
    assert any(cell.startswith("≥") for row in costs.rows for cell in row)
    assert "M7" in costs.title
    # Which cost no part of a stream has is a dash and not a nought.
    assert by_name["D"][4] in ("–", "0")


def test_every_record_of_a_figure_that_is_not_known_is_none(hard: Assessment) -> None:
    record = json.loads(json.dumps(hard.to_dict()))
    for name in ("flows", "balances", "loss_costs", "emissions", "limits"):
        assert "NaN" not in json.dumps(record[name])
    row = next(one for one in hard.flows if one.flow == "W" and one.layer == "volume")
    assert row.measured is None


@pytest.mark.parametrize("name", ["starch", "hard"])
def test_a_result_with_flow_sheets_comes_back_from_its_dictionary(name: str, request: Any) -> None:
    result = request.getfixturevalue(name)
    again = Assessment.from_dict(json.loads(json.dumps(result.to_dict())))
    for table_name in ("flows", "balances", "balance_tests", "loss_costs", "loss_totals",
                       "cost_centres", "cost_trail", "true_costs", "flow_claims", "flows_after",
                       "emissions", "limits", "indicators", "shifts", "needs"):  # fmt: skip
        mine, theirs = getattr(result, table_name), getattr(again, table_name)
        assert json.dumps(mine.rows, default=dict) == json.dumps(theirs.rows, default=dict)
        assert mine.keys == theirs.keys
    for language in LANGUAGES:
        assert whole(again, language) == whole(result, language)
        assert again.to_text(language) == result.to_text(language)


def test_a_record_has_its_key_once(starch: Assessment) -> None:
    for name in ("flows", "balances", "loss_costs", "cost_centres", "emissions", "limits",
                 "indicators", "shifts", "flow_claims", "flows_after", "cost_trail"):  # fmt: skip
        found = getattr(starch, name)
        keys = [tuple(row[key] for key in found.keys) for row in found.rows]
        assert len(keys) == len(set(keys)), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_loss_is_explained_to_the_dong(starch: Assessment, language: Language) -> None:
    for row in starch.loss_costs:
        told = starch.explain(f"loss.{row.phase}:{row.flow}.cost", language)
        assert told.steps
        assert told.inputs
        assert "{" not in str(told)
        assert "nan" not in str(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_of_flow_sheets_are_told(hard: Assessment, language: Language) -> None:
    codes = [item.code for item in hard.findings]
    assert {"flow.no_price"} <= set(codes)
    for item in hard.findings:
        text, fix = finding_sentences(item, language)
        assert "{" not in text + fix
        assert text


def test_charts_have_their_records(starch: Assessment, hard: Assessment) -> None:
    for result in (starch, hard):
        for language in LANGUAGES:
            bands = result.flow_bands(language)
            assert bands
            assert result.loss_streams(language)
            assert result.loss_steps(language)
            assert not {band.kind for band in bands} & {"unaccounted"}
    with pytest.raises(KeyError, match="there are"):
        sx.FlowSheet.all_of(sx.read_study(EXAMPLE))[0].flow_bands("vi", "no-such-layer")


def test_a_study_without_flows_shows_none_of_it() -> None:
    phases = {"phase": ["baseline", "reporting"], "quantity": ["30 t", "29 t"]}
    result = sx.assess(sx.Study(production=pd.DataFrame({"product": "x", **phases}),
                                consumption=pd.DataFrame({"resource": "diesel", **phases}),
                                language="en"))  # fmt: skip
    titles = [one.title for one in flow_views(result, "en")]
    assert len(result.flows) == len(result.loss_costs) == 0
    assert all("alanc" not in title for title in titles)
