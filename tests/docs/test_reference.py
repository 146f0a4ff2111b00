"""The reference names what there is: no more, no less."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import sxsh_audit
from sxsh_audit.assessment.programmes import programmes
from sxsh_audit.tables.schema import TABLES, known_resources, table_spec
from sxsh_audit.tables.settings import SETTING_KEYS
from sxsh_audit.units import factor_sets

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DIRECTIVE = re.compile(r"^\.\. (currentmodule|auto\w+|py:module):: *(\S+)$", re.MULTILINE)
LINK = re.compile(r"\{(?:func|class|meth|mod|exc)\}`~?([\w.]+)`")


def documented() -> list[str]:
    """Return the full names that the pages of the API document."""
    names = []
    for page in sorted((DOCS / "reference").glob("*.rst")):
        module = ""
        for directive, name in DIRECTIVE.findall(page.read_text(encoding="utf-8")):
            if directive == "currentmodule":
                module = name
            else:
                names.append(name if name.startswith("sxsh_audit") else f"{module}.{name}")
    return names


def find(name: str) -> Any:
    """Return what a full name stands for."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise AssertionError(name)


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """Return the writer of the generated parts."""
    spec = importlib.util.spec_from_file_location("reference_pages", DOCS / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_documented_name_exists() -> None:
    names = documented()
    assert len(names) > 60
    for name in names:
        find(name)


def test_every_name_of_the_package_is_documented() -> None:
    listed = {name.rpartition(".")[2] for name in documented()}
    assert [name for name in sxsh_audit.__all__ if name not in {*listed, "__version__"}] == []


def test_every_link_in_the_documents_leads_to_a_name() -> None:
    for page in [*DOCS.rglob("*.md")]:
        if not {"_build", "generated"}.intersection(page.parts):
            for name in LINK.findall(page.read_text(encoding="utf-8")):
                if name.startswith("sxsh_audit"):
                    find(name)


def test_generated_parts_hold_the_data(pages: ModuleType) -> None:
    told = "\n".join(pages.tables())
    for table in TABLES:
        assert f"### `{table}`" in told
        assert all(f"`{field}`" in told for field in table_spec(table).fields)
    settings = "\n".join(pages.settings())
    assert all(f"`{key}`" in settings for key in SETTING_KEYS)
    assert all(f"`{key}`" in "\n".join(pages.resources()) for key in known_resources())
    shown = "\n".join(pages.programme_pages())
    assert all(entry.id in shown and entry.legal_ref in shown for entry in programmes())
    factors = "\n".join(pages.factor_pages())
    for entry in factor_sets():
        assert entry.source in factors
        assert all(row.text in factors for row in entry.factors)


def test_every_part_is_written_and_every_page_includes_a_part(
    pages: ModuleType, tmp_path: Path
) -> None:
    written = {path.stem for path in pages.write_pages(tmp_path)}
    included = set()
    for page in (DOCS / "reference").glob("*.md"):
        included.update(re.findall(r"\{include\} generated/([\w-]+)\.md", page.read_text("utf-8")))
    assert written == included


def test_the_tests_named_among_the_mistakes_exist() -> None:
    text = (DOCS / "explanation" / "mistakes.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    defined = {
        name
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in re.findall(r"^ *def (test_\w+)", file.read_text(encoding="utf-8"), re.M)
    }
    assert len(named) > 12
    assert named <= defined
    faults = {name for name in defined if name.startswith("test_fault_")}
    assert {name[:13] for name in faults} <= {name[:13] for name in named}
