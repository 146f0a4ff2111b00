"""The workshop: its script runs, and its solutions say what the plants come to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sxsh_audit as sx
from sxsh_audit.language.formatting import Language, format_percent

ROOT = Path(__file__).resolve().parents[2]
WORKSHOP = ROOT / "examples" / "workshop"
SOLUTIONS: dict[Language, str] = {"vi": "loi-giai.md", "en": "solutions.md"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_script_tells_every_plant(language: Language, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(WORKSHOP / "workshop.py"), str(tmp_path), language],
        capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = sorted(path.name for path in tmp_path.glob("*.pptx"))
    assert made == [f"co-so-{letter}.{language}.pptx" for letter in "abcd"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_solutions_have_the_figures_of_the_plants(language: Language) -> None:
    text = (WORKSHOP / SOLUTIONS[language]).read_text(encoding="utf-8").replace("\u00a0", " ")

    def percent(value: float) -> str:
        return format_percent(value, language).replace("\u00a0", " ").lstrip("-−")

    found = {letter: sx.assess(sx.read_study(WORKSHOP / f"co-so-{letter}")) for letter in "abcd"}
    for letter in "abcd":
        assert percent(found[letter].verdict.saving) in text, letter
    coal = next(row for row in found["b"].adjusted.rows if row["resource"].startswith("coal"))
    assert percent(coal["ratio_saving"]) in text
    assert percent(coal["judged_saving"]) in text
    chosen = next(row for row in found["c"].portfolio.rows if row["question"] == "budget")
    assert ", ".join(sorted(chosen["chosen"])) in text
