"""Run the examples in the README and the documents as tests."""

from typing import Any

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "README.vi.md", "docs/**/*.md", "docs/*.md"],
    excludes=["docs/_build/**", "docs/notebooks/**"],
).pytest()

collect_ignore_glob = ["docs/*.py", "docs/_build", "docs/notebooks"]

_RUN: dict[str, set[int]] = {}
"""By page, the places of the examples that this process has run."""


def pytest_runtest_setup(item: Any) -> None:
    """Run the examples above first: those of a page share their names, and with several
    processes the first half of a page may have run in another one."""
    example = getattr(item, "example", None)
    if example is None:
        return
    run = _RUN.setdefault(str(example.document.path), set())
    for above in example.document.examples():
        if above.region.start >= example.region.start:
            break
        if above.region.start not in run:
            run.add(above.region.start)
            above.evaluate()
    run.add(example.region.start)
