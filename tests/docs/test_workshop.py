"""The workshop: its script runs, and its solutions say what the library finds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sxsh_audit as sx
from sxsh_audit.language.formatting import format_percent
from sxsh_audit.reports.slides import build_slides

ROOT = Path(__file__).resolve().parents[2]
WORKSHOP = ROOT / "examples" / "workshop"
PAIRS = {"bai-tap.md": "exercises.md", "loi-giai.md": "solutions.md", "giang-vien.md": "trainer.md"}
SOLUTIONS: dict[Any, str] = {"vi": "loi-giai.md", "en": "solutions.md"}


def solution(language: Any, number: int) -> str:
    text = (WORKSHOP / SOLUTIONS[language]).read_text(encoding="utf-8")
    return re.split(r"^## ", text, flags=re.MULTILINE)[number]


def assessed(letter: str) -> sx.Assessment:
    return sx.assess(sx.read_study(WORKSHOP / f"co-so-{letter}"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_script_writes_slides_of_every_plant(language: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(WORKSHOP / "workshop.py"), str(tmp_path), language],
        capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = sorted(path.name for path in tmp_path.glob("*.pptx"))
    assert made == [f"co-so-{letter}.{language}.pptx" for letter in "abcd"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_solution_of_a(language: Any) -> None:
    result = assessed("a")
    figures = [row["saving"] for row in result.savings.rows]
    figures.append(result.verdict.rows[0]["saving"])
    for figure in figures:
        assert format_percent(figure, language) in solution(language, 1)
    assert format_percent(result.adjusted_overall.rows[0]["reach"], language, decimals=0) in \
        solution(language, 1)  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_solution_of_b(language: Any) -> None:
    result = assessed("b")
    rows = {row["resource"]: row for row in result.adjusted.rows}
    coal, power = rows["coal_cam_5_6"], rows["electricity"]
    figures = [coal["ratio_saving"], coal["judged_saving"], power["ratio_saving"],
               power["judged_saving"], result.verdict.rows[0]["saving"],
               result.reconciliation.rows[0]["realisation_rate"]]  # fmt: skip
    for figure in figures:
        assert format_percent(figure, language) in solution(language, 2)
    assert coal["coefficients"][0] == pytest.approx(60.8, abs=0.05)
    assert coal["coefficients"][1] == pytest.approx(0.046, abs=0.0005)
    assert coal["decision"] == "shown"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_solution_of_c(language: Any) -> None:
    result, told = assessed("c"), solution(language, 3)
    by_payback = ", ".join(row["option"] for row in result.options.rows)
    by_npv = ", ".join(row["option"] for row in result.economics.rows)
    assert by_payback in told
    assert by_npv in told
    for row in result.portfolio.rows:
        assert ", ".join(sorted(row["chosen"])) in told
        assert f"{row['cost'] / 1e6:.0f}" in told
        assert format_percent(row["saving"], language) in told


@pytest.mark.parametrize("language", ["vi", "en"])
def test_solution_of_d(language: Any, tmp_path: Path) -> None:
    result, told = assessed("d"), solution(language, 4)
    assert "plausible.magnitude" in [item.code for item in result.findings]
    assert format_percent(-result.verdict.rows[0]["saving"], language) in told
    summary = build_slides(result, language).slides[0].body[0]
    assert {"vi": "299.100", "en": "299,100"}[language] in str(summary)  # told before the rest
    shutil.copytree(WORKSHOP / "co-so-d", tmp_path / "d")
    use = tmp_path / "d" / "tieu_thu.csv"
    text = use.read_text(encoding="utf-8")
    assert text.count("2.991.000") == 1
    use.write_text(text.replace("2.991.000", "299.100"), encoding="utf-8")
    mended = sx.assess(sx.read_study(tmp_path / "d")).verdict.rows[0]
    assert format_percent(mended["saving"], language) in told
    assert mended["status"] == "within"


def test_every_sheet_is_there_in_both_languages_with_the_same_parts() -> None:
    readme = (WORKSHOP / "README.md").read_text(encoding="utf-8")
    for vietnamese, english in PAIRS.items():
        texts = [(WORKSHOP / name).read_text(encoding="utf-8") for name in (vietnamese, english)]
        counts = [(text.count("\n## "), text.count("\n* "), len(re.findall(r"^\d\. ", text, re.M)),
                   text.count("\n|")) for text in texts]  # fmt: skip
        assert counts[0] == counts[1]
        assert f"({vietnamese})" in readme
        assert f"({english})" in readme


def test_every_plant_says_that_it_is_made_up() -> None:
    for study in WORKSHOP.glob("*/study.toml"):
        assert "tự đặt" in study.read_text(encoding="utf-8").splitlines()[0]
