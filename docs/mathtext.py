"""Formulas as pictures inside the page, drawn by matplotlib.

Sphinx's own renderers need a network (MathJax) or LaTeX; these pages must read well without
either, in the light and in the dark.
"""

from __future__ import annotations

import io
import re
from functools import cache
from html import escape
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

SIZE = 12.0
"""Size of the letters [pt]; the picture is scaled by the letters around it."""

SIDES = {"l": r"\left", "r": r"\right"}


@cache
def picture(formula: str, *, large: bool) -> str:
    """Return an SVG of a formula whose colour is that of the text around it."""
    from matplotlib import rc_context
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import math_to_image

    text = " ".join(formula.split())
    # Names of LaTeX that matplotlib does not know; it sizes its brackets itself.
    text = re.sub(r"\\([lg])e\b", r"\\\1eq", text)
    text = re.sub(r"\\[Bb]ig(l|r)\b", lambda found: SIDES[found[1]], text)
    text = re.sub(r"\\[Bb]ig\b", "", text)
    if large:
        text = text.replace(r"\frac", r"\dfrac")
    stream = io.BytesIO()
    with rc_context({"svg.hashsalt": "sxsh-audit", "mathtext.fontset": "dejavusans"}):
        depth = math_to_image(f"${text}$", stream, FontProperties(size=SIZE), format="svg")
    svg = stream.getvalue().decode()
    svg = svg[svg.index("<svg") :].replace("#000000", "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # the white page behind the formula
    svg = re.sub(r'<g id="patch_1">.*?</g>', "", svg, flags=re.DOTALL)
    wide, high = (float(re.search(rf'{side}="([\d.]+)pt"', svg)[1]) for side in ("width", "height"))  # type: ignore[index]
    style = (
        f"width:{wide / SIZE:.3f}em;height:{high / SIZE:.3f}em;"
        f"vertical-align:{-float(depth) / SIZE:.3f}em;max-width:100%"
    )
    label = escape(text, quote=True)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" style="{style}" ', 1)


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body.append(picture(node.astext(), large=False))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    shown = picture(node.astext(), large=True)
    self.body.append(f'<div class="math" style="text-align:center;margin:1em 0">{shown}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer."""
    app.add_html_math_renderer("mathtext", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
