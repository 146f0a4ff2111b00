"""A chart as a piece of SVG that stands inside an HTML page beside others."""

from __future__ import annotations

import re
from html import escape

from sxsh_audit.charts.files import picture
from sxsh_audit.language.text import visible
from sxsh_audit.reports.document import Figure

__all__ = ["inline_svg"]

_ROOT = re.compile(r"<svg\b[^>]*>")
_BOX = re.compile(r'viewBox="[^"]*"')
# What matplotlib writes for a file of its own: comments (a label's words among them), a block of
# metadata, and a style sheet that would reach every picture of the page.
_OF_A_FILE = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<style\b[^>]*>.*?</style>", re.S)
_NAME = re.compile(r'\b(id="|xlink:href="#|url\(#)')
_EMPTY = re.compile(r"<defs>\s*</defs>\s*|(?<=\n)\s*\n")


def inline_svg(figure: Figure, key: str) -> str:
    """Return the chart of `figure` for an HTML page.

    Parameters
    ----------
    figure : Figure
        What is drawn, with its caption and its words for people who do not see it.
    key : str
        Put before every name inside the picture, so that no two pictures of a page share one.

    Returns
    -------
    str
        An ``svg`` element with ``title`` and ``desc``; letters are outlines, so that it looks
        the same everywhere.
    """
    text = picture(figure.draw(), "svg").decode("utf-8")
    root = _ROOT.search(text)
    assert root is not None  # matplotlib writes one
    box = _BOX.search(root[0])
    assert box is not None
    inner = _OF_A_FILE.sub("", text[root.end() : text.rindex("</svg>")])
    inner = _NAME.sub(rf"\g<1>{key}-", inner).replace('xlink:href="#', 'href="#')
    inner = _EMPTY.sub("", inner).strip()
    words = [("title", figure.caption), ("desc", figure.alt)]
    named = " ".join(f"{key}-{tag}" for tag, said in words if said)
    labels = "\n".join(
        f'<{tag} id="{key}-{tag}">{escape(visible(said))}</{tag}>' for tag, said in words if said
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box[0]} role="img" aria-labelledby="{named}" '
        f'stroke-linejoin="round">\n{labels}\n{inner}\n</svg>'
    )
