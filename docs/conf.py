"""Settings of the documentation; ``python3 run.py docs`` builds it, offline, into docs/_build."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ["PYTHONPATH"] = str(ROOT / "src")  # for the kernels that run the notebooks

sys.path.insert(0, str(ROOT / "docs"))

from reference_pages import write_charts, write_explained, write_flows, write_pages  # noqa: E402

from sxsh_audit import __version__  # noqa: E402

project = "sxsh_audit"
author = "The sxsh_audit contributors"
project_copyright = author
release = version = __version__
language = "en"

extensions = [
    "mathtext",
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "numpydoc",
]
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["_build", "**/.ipynb_checkpoints", "**/generated"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # executed below, beside the data that they read

autosummary_generate = False  # the pages of the reference are written by topic
autodoc_typehints = "none"  # numpydoc writes the types
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": True}
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

# Every reference to a name of ours must lead somewhere; those to other packages cannot be
# looked up offline.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!sxsh_audit\.).*")]

html_theme = "furo"
html_theme_options = {"light_css_variables": {"code-font-size": "72%"}}  # tables of 98 columns
html_math_renderer = "mathtext"
html_title = f"sxsh_audit {release}"
html_show_sourcelink = False


def execute_notebooks() -> None:
    """Run each notebook where it lives and put the result, with its outputs, in docs/notebooks.

    A cell that fails stops the build.
    """
    import nbclient
    import nbformat

    folder = ROOT / "docs" / "notebooks"
    folder.mkdir(exist_ok=True)
    sources = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for old in folder.glob("*.ipynb"):
        if old.name not in {source.name for source in sources}:
            old.unlink()
    for source in sources:
        result = folder / source.name
        notebook = nbformat.read(source, as_version=4)
        place = {"metadata": {"path": str(source.parent)}}
        nbclient.NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources=place
        ).execute()
        nbformat.write(notebook, result)


execute_notebooks()
write_pages()
write_charts()
write_explained()
write_flows()
