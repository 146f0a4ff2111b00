"""What is loaded when: a command pays for the packages that it uses, and for no other.

The table stands here and, for whoever writes programs on top of this, in the documents; both are
held against what new processes have in ``sys.modules``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "performance.md"
STUDY = ROOT / "examples" / "sao-xanh"

WATCHED = (
    "numpy",
    "pandas",
    "scipy.special",
    "scipy.sparse",
    "scipy.optimize",
    "scipy.stats",
    "pint",
    "matplotlib",
    "openpyxl",
    "xlsxwriter",
    "duckdb",
    "sqlalchemy",
    "dask",
    "jinja2",
    "docx",
    "rich",
)

COMMAND = "from sxsh_audit.cli.main import main; main({words!r})"
CHART = """
from sxsh_audit import charts
from sxsh_audit.display.records import SavingBar
charts.save(charts.savings([SavingBar("Điện", 0.05, "below", True, 0.05, 0.08)]), FILE + ".png")
"""
TABLES = {"numpy", "pandas"}

# what the page calls it: what runs (FILE is a path to write to), and what it loads of WATCHED
LOADED: dict[str, tuple[str, set[str]]] = {
    "`import sxsh_audit`": ("import sxsh_audit", set()),
    "`sxsh-audit --version`": (COMMAND.format(words=["--version"]), set()),
    "`sxsh-audit --help`": (COMMAND.format(words=["--help"]), set()),
    "`read_study` of CSV files": (
        f"import sxsh_audit as sx; sx.read_study({str(STUDY)!r})",
        TABLES,
    ),
    "`assess` of a small study": (
        f"import sxsh_audit as sx; sx.assess(sx.read_study({str(STUDY)!r}))",
        TABLES | {"scipy.special"},
    ),
    "`sxsh-audit check` of a small study": (
        COMMAND.format(words=["check", str(STUDY)]),
        TABLES | {"scipy.special", "rich"},
    ),
    "`sxsh-audit assess` of a small study": (
        COMMAND.format(words=["assess", str(STUDY)]),
        TABLES | {"scipy.special", "rich"},
    ),
    "a first chart": (CHART, {"numpy", "matplotlib"}),
    "a first workbook, the empty form": (
        "import sxsh_audit as sx; from pathlib import Path\n"
        "sx.write_template(Path(FILE + '.xlsx'))",
        {"numpy", "pint", "xlsxwriter"},
    ),
}


def loaded_by(code: str, file: str) -> set[str]:
    """Return which of the watched modules a new process has after running `code`."""
    lines = (
        "import atexit, sys",
        f"FILE = {file!r}",
        f"atexit.register(lambda: print('LOADED', *(n for n in {WATCHED!r} if n in sys.modules)))",
        code,
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, encoding="utf-8", check=False
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert found, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    modules = set(found[-1].split()[1:])
    # pint looks for dask where it is installed, and dask for jinja2: neither is ours to leave out.
    return modules - ({"dask", "jinja2"} if "pint" in modules else set())


@pytest.mark.parametrize("name", LOADED)
def test_loads_just_this(name: str, tmp_path: Path) -> None:
    code, wanted = LOADED[name]
    assert loaded_by(code, str(tmp_path / "written")) == wanted


def test_the_page_shows_the_same_table() -> None:
    lines = ["| What runs | What it loads |", "|---|---|"]
    for name, (_, modules) in LOADED.items():
        told = ", ".join(f"`{module}`" for module in WATCHED if module in modules)
        lines.append(f"| {name} | {told or 'none of them'} |")
    assert "\n".join(lines) in PAGE.read_text(encoding="utf-8")
