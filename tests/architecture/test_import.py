"""Importing the package does no work and touches nobody's global state."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sxsh_audit

HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "pint", "openpyxl", "rich")

CONTRACT = {
    "parse_number", "parse_period", "parse_quantity", "parse_unit", "convert", "to_canonical",
    "specific_consumption", "saving_fraction", "simple_payback", "rank_options", "programme",
    "programmes", "read_study", "check_study", "Study", "assess", "Assessment", "charts",
}  # fmt: skip


def in_a_new_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "statement",
    [
        "import sxsh_audit",
        "import sxsh_audit; sxsh_audit.__version__; dir(sxsh_audit)",
        "from sxsh_audit import Refusal, StudyError",
        "import sxsh_audit.errors, sxsh_audit.findings, sxsh_audit.data",
        "import sxsh_audit.language.messages, sxsh_audit.language.formatting",
    ],
)
def test_cold_import_loads_nothing_heavy(statement: str) -> None:
    loaded = in_a_new_process(f"import sys; {statement}; print(*sys.modules)").split()
    assert not {name.split(".")[0] for name in loaded}.intersection(HEAVY)


def test_global_state_is_left_alone() -> None:
    code = """
import locale, logging, warnings
import matplotlib, numpy, pandas, pint
import scipy.optimize, scipy.stats, openpyxl, matplotlib.figure
def state():
    return (
        dict(matplotlib.rcParams), list(warnings.filters), numpy.geterr(),
        numpy.get_printoptions(), pandas.get_option("display.max_rows"),
        id(pint.application_registry.get()), list(logging.getLogger().handlers),
        locale.setlocale(locale.LC_ALL),
    )
before = state()
import sxsh_audit
for name in sxsh_audit.__all__:
    getattr(sxsh_audit, name)
sxsh_audit.parse_unit("kWh/tấn")
sxsh_audit.convert(1.0, "MWh", "kWh")
assert state() == before, [pair for pair in zip(before, state()) if pair[0] != pair[1]]
"""
    in_a_new_process(code)


def test_every_promised_name_is_there() -> None:
    assert set(sxsh_audit.__all__) >= CONTRACT
    assert set(dir(sxsh_audit)) >= set(sxsh_audit.__all__)


@pytest.mark.parametrize("name", sxsh_audit.__all__)
def test_lazy_name_resolves(name: str) -> None:
    value = getattr(sxsh_audit, name)
    assert getattr(value, "__name__", name).rpartition(".")[2] == name


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'parse_numbr'"):
        sxsh_audit.parse_numbr  # noqa: B018
