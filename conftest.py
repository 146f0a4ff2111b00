"""Run the examples in the README and the documents as tests."""

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "README.vi.md", "docs/**/*.md", "docs/*.md"],
    excludes=["docs/_build/**", "docs/notebooks/**"],
).pytest()

collect_ignore_glob = ["docs/*.py", "docs/_build", "docs/notebooks"]
