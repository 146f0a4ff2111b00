"""What every test shares: the project's folder, a quiet matplotlib, hypothesis profiles."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# Tests that start a process of their own need the package there too.
os.environ["PYTHONPATH"] = str(ROOT / "src")
os.environ["PYTHONUTF8"] = "1"
os.environ.setdefault("MPLBACKEND", "Agg")

# The same examples on every machine and no clock, so that a slow machine fails nothing.
# HYPOTHESIS_PROFILE=explore looks for new counter-examples.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the project."""
    return ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests marked ``outside(program)`` whose program is missing, and say so."""
    for item in items:
        for mark in item.iter_markers("outside"):
            (program,) = mark.args
            if shutil.which(program) is None:
                item.add_marker(pytest.mark.skip(reason=f"needs the program {program}"))
