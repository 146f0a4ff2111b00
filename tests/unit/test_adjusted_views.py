"""Adjusted savings as they are read: tables, notes, explanation, findings, charts, JSON."""

from __future__ import annotations

import json
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from test_assess_adjusted import AFTER, OUTPUT, USE, drivers, frame, study

import sxsh_audit as sx
from sxsh_audit import charts
from sxsh_audit.assessment.results import Assessment
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences

LANGUAGES: tuple[Language, ...] = ("vi", "en")


def words(shown: object) -> str:
    """Text of a page without its line ends and tables' padding."""
    return " ".join(str(shown).split())


@pytest.fixture(scope="module")
def found() -> Assessment:
    both = pd.concat([frame("Điện", USE), frame("Than", np.round(USE / 1000, 3), "t")])
    prices = pd.DataFrame({"Tài nguyên": ["Điện", "Than"], "Đơn giá": [2000.0, 3e6],
                           "Đơn vị": ["đồng/kWh", "đồng/t"]})  # fmt: skip
    return sx.assess(study(consumption=both, prices=prices), programme="vn-qb-2384")


SAID: dict[Language, tuple[str, ...]] = {
    "vi": ("Mức tiết kiệm có chắc không", "Theo tỷ số", "Theo đường cơ sở", "điểm", "R²"),
    "en": ("How sure the savings are (confidence 90%)", "By the ratio", "By the baseline",
           "Smallest visible", "points", "R²", "keeps every limit"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_says_both_savings_and_how_sure_they_are(
    found: Assessment, language: Language
) -> None:
    text = words(found.show(language))
    for said in SAID[language][1:]:
        assert said in text, said
    row = found.adjusted["electricity"]
    half = f"{50 * (row.high - row.low):.1f}"
    assert (half.replace(".", ",") if language == "vi" else half) in text
    assert "{" not in text
    assert "nan" not in text.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saving_is_explained_down_to_the_chance(found: Assessment, language: Language) -> None:
    text = words(found.explain("electricity.adjusted_saving", language=language))
    row = found.adjusted["electricity"]
    assert "{" not in text
    share = f"{100 * row.saving:.1f}"
    assert (share.replace(".", ",") if language == "vi" else share) in text
    parts = [each for each in found.uncertainty.rows if each["resource"] == "electricity"]
    assert len(parts) >= 4
    for part in parts:
        share = f"{100 * part['share']:.0f}"
        assert share in text


def test_the_journey_through_json_keeps_every_table(found: Assessment) -> None:
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    again = Assessment.from_dict(document)
    assert again.to_dict() == found.to_dict()
    for language in LANGUAGES:
        assert str(again.show(language)) == str(found.show(language))
    assert again.adjusted["electricity"].reach == found.adjusted["electricity"].reach


DAYS = np.array([25, 24, 26, 25, 24, 26, 25, 26, 24, 25, 26, 24.0])
WISHES: dict[str, dict[str, Any]] = {
    "plain": {},
    "given for which": {"baseline": "given"},
    "ratio": {"baseline": "ratio"},
    "no base load": {"baseline": "base_load_ratio"},
    "change point": {"baseline": "change_point"},
    "no such resource": {"baseline": {"wood-chips": "regression"}},
}
SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "earlier": {"earlier_saving": {"electricity": "4 %"}},
    "standard": {"adjust_to": "standard", "standard_conditions": {"output": "90 t"}},
    "standard without": {"adjust_to": "standard", "standard_conditions": {"Số ngày": 26},
                         "drivers": drivers(np.r_[DAYS, DAYS], "Số ngày")},
    "backcast of ratios": {"adjust_to": "backcast", "baseline_model": "ratio"},
    "no quality": {"quality": None},
    "many drivers": {"drivers": pd.concat([drivers(np.r_[OUTPUT, OUTPUT] + k, f"y{k}")
                                           for k in range(5)])},
}  # fmt: skip
ALL = [(wish, setting) for wish in WISHES for setting in SETTINGS
       if "plain" in (wish, setting)]  # fmt: skip


@pytest.mark.parametrize(("wish", "setting"), ALL)
def test_every_finding_is_a_sentence_in_both_languages(wish: str, setting: str) -> None:
    arguments = dict(WISHES[wish])
    both = pd.concat([frame("Điện", USE), frame("Than", USE / 1000, "t")])
    made = study(consumption=both, **SETTINGS[setting])
    if arguments.get("baseline") == "given":
        arguments["baseline"] = sx.fit_baseline(sx.BaselinePeriod(USE[:12], OUTPUT))
    result = sx.assess(made, **arguments)
    for item in result.findings:
        for language in LANGUAGES:
            text = " ".join(finding_sentences(item, language))
            assert text
            assert "{" not in text, item.code
            assert "nan" not in text.split()
    for language in LANGUAGES:
        assert "{" not in str(result.show(language))
        assert str(result.explain("electricity.adjusted_saving", language=language))


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("standard without", "baseline.no_conditions"),
        ("backcast of ratios", "baseline.only_forecast"),
        ("earlier", "baseline.earlier"),
        ("many drivers", "baseline.many_drivers"),
    ],
)
def test_what_was_asked_for_in_vain_is_told(setting: str, code: str) -> None:
    assert code in sx.assess(study(USE, **SETTINGS[setting])).findings.codes()


def test_standard_conditions_are_those_of_a_month() -> None:
    result = sx.assess(study(USE, **SETTINGS["standard"]))
    row = result.adjusted["electricity"]
    assert row.adjust_to == "standard"
    assert row.expected == pytest.approx(1000 + 20 * 90, rel=2e-3)
    assert row.used == pytest.approx(0.94 * 2800, rel=1e-9)


CHARTS = ("fit", "residuals", "cusum", "expected", "target_interval")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_drawn_from_an_assessment(
    found: Assessment, name: str, language: Language
) -> None:
    options = {} if name == "target_interval" else {"resource": "coal"}
    axes = getattr(charts, name)(found, language=language, **options)
    axes.figure.canvas.draw()
    assert axes.get_title() or axes.texts or axes.get_xlabel() or axes.get_ylabel()
    plt.close(axes.figure)


def test_a_chart_of_a_resource_that_there_is_not(found: Assessment) -> None:
    with pytest.raises(KeyError, match="ask for one of"):
        charts.fit(found, resource="wood")


def test_a_plant_worse_by_every_baseline_is_told_without_a_clip() -> None:
    result = sx.assess(study(np.r_[USE[:12], 1.3 * AFTER]), programme="vn-qb-2384")
    row = result.adjusted["electricity"]
    assert row.saving < -0.2
    assert row.decision == "shown_not"
    assert "−" in words(result.show("vi"))
