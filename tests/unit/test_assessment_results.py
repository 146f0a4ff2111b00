"""Results as data and as text: JSON round trip, explanations, labels, notebook HTML."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest

import sxsh_audit as sx


@pytest.fixture(scope="module")
def found() -> sx.Assessment:
    production = pd.DataFrame({"Giai đoạn": ["nền", "báo cáo"], "Sản lượng": [1000.0, 1000.0],
                               "Đơn vị": "tấn"})
    consumption = pd.DataFrame({
        "Tài nguyên": ["Điện", "Điện", "Nước", "Nước"], "Giai đoạn": ["nền", "báo cáo"] * 2,
        "Lượng mua": [1_200_000.0, 1_100_000.0, 50.0, 60.0],
        "Đơn vị": ["kWh", "kWh", "m3", "m3"],
    })
    options = pd.DataFrame({"Mã giải pháp": ["A", "B"], "Giải pháp": ["Bảo ôn <ống>", "Khác"],
                            "Chi phí đầu tư": [2e6, 1e6]})
    money = pd.DataFrame({"Mã giải pháp": ["A", "B"], "Tiền tiết kiệm": [1e6, 0.0]})
    study = sx.Study(production=production, consumption=consumption, options=options,
                     option_savings=money, quality="billed", study="duc")
    return sx.assess(study, programme="vn-qb-2384", phase="2016-2020")


def test_json_round_trip(found: sx.Assessment) -> None:
    text = json.dumps(found.to_dict(), allow_nan=False)
    again = sx.Assessment.from_dict(json.loads(text))
    assert again.to_dict() == found.to_dict()
    assert again.options["B"].years == math.inf  # null in JSON, beside its class
    assert again.savings.to_frame().equals(found.savings.to_frame())


def test_another_schema_version_is_refused(found: sx.Assessment) -> None:
    with pytest.raises(ValueError, match="schema version '0'"):
        sx.Assessment.from_dict({**found.to_dict(), "schema_version": "0"})


def test_a_record_is_found_by_its_key_and_a_wrong_key_names_those_there_are(
    found: sx.Assessment,
) -> None:
    assert found.savings["electricity"].unit == "kWh"
    with pytest.raises(KeyError, match="'electricity'; 'water'"):
        found.savings["steam"]


def test_explanations_hold_the_numbers_and_the_source(found: sx.Assessment) -> None:
    text = str(found.explain("electricity.saving"))
    for part in ("1.200.000 kWh", "1.000 tấn", "(1.200 − 1.100) / 1.200", "8,3 %",
                 "đạt, trong khoảng", "2384/QĐ-UBND", "theo hóa đơn"):
        assert part in text
    text = str(found.explain("option.A.payback", "en"))
    assert "2 million VND / 1 million VND = 2.0 years" in text
    assert "8.3%" in str(found.explain("overall.saving", "en"))


def test_every_number_that_is_offered_can_be_explained_in_both_languages(
    found: sx.Assessment,
) -> None:
    with pytest.raises(KeyError) as unknown:
        found.explain("nothing", "en")
    offered = str(unknown.value).rsplit("there are: ", 1)[1].rstrip(".'\"").split(", ")
    assert {"electricity.saving", "water.price", "overall.saving", "option.B.payback"} <= set(
        offered)
    for name in offered:
        for language in ("vi", "en"):
            assert found.explain(name, language)._repr_html_().startswith("<section>")


def test_what_a_person_typed_is_escaped_in_the_notebook(found: sx.Assessment) -> None:
    html = found._repr_html_()
    assert "Bảo ôn &lt;ống&gt;" in html
    assert "<ống>" not in html
    assert "suất tiêu hao tăng" not in html  # water got worse and is not counted
    assert "không tính vào kết quả" in html


def test_the_result_does_not_depend_on_the_language_of_the_refusals() -> None:
    def run(language: str) -> dict[str, object]:
        study = sx.Study.from_totals("p", output=(10, 10, "t"), electricity=(10, 9, "kWh"),
                                     language=language)
        return sx.assess(study, programme="vn-1419", language=language).to_dict()

    assert run("vi") == run("en")


def test_results_are_frozen(found: sx.Assessment) -> None:
    with pytest.raises(AttributeError):
        found.version = "2"  # type: ignore[misc]
    frame = found.savings.to_frame()
    frame["saving"] = 0.0
    assert found.savings["electricity"].saving != 0.0
