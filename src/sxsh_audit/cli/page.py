"""The page of an assessment: tables and charts in one file that fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from sxsh_audit import __version__
from sxsh_audit.assessment.views import tables_of
from sxsh_audit.display.html import STYLE, to_html
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import visible

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["Drawing", "page"]

# A4 with 15 mm around it; what is printed is black on white whatever the screen shows.
PAGE_STYLE = """\
:root{color-scheme:light dark}
body{margin:0 auto;padding:1.5rem 1.25rem 3rem;max-width:62rem;color:#1a1a1a;background:#fff;\
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",\
"DejaVu Sans",Arial,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.2rem;line-height:1.3;margin:2rem 0 .25rem}
figure{margin:1rem 0;padding:.5rem;background:#fff;border:1px solid rgba(128,128,128,.35);\
border-radius:6px}
figure svg{display:block;width:100%;height:auto}
footer{margin-top:2.5rem;padding-top:.75rem;border-top:1px solid rgba(128,128,128,.35);\
font-size:.85rem;opacity:.75}
.sxsh-table table{width:100%}
@media (prefers-color-scheme:dark){body{color:#e6e6e6;background:#16181c}}
@page{size:A4;margin:15mm}
@media print{:root{color-scheme:light}body{color:#000;background:#fff;max-width:none;padding:0;\
font-size:9.5pt}.sxsh-table th,.sxsh-table td{padding:.25em .45em}\
figure{border:0;padding:0;break-inside:avoid}h2{break-after:avoid}}"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as SVG text.

    Parameters
    ----------
    key : str
        Name of its own on the page, of ASCII letters, digits and dashes.
    title : str
        What it shows, for people who do not see it.
    svg : str
        The SVG file.
    """

    key: str
    title: str
    svg: str


def page(result: Assessment, language: Language, drawings: Sequence[Drawing]) -> str:
    """Return the whole page.

    Parameters
    ----------
    result : Assessment
        What it shows.
    language : {"vi", "en"}
        Language of the page.
    drawings : sequence of Drawing
        Charts, in order.
    """
    tables = tables_of(result, language)
    title = escape(visible(tables[0].title))
    # The first table carries the title of the whole, the others one of their own.
    parts = [f"<h1>{title}</h1>"]
    for place, table in enumerate(tables):
        if place:
            parts.append(f"<h2>{escape(visible(table.title))}</h2>")
        bare = type(table)("", table.columns, table.rows, table.notes)
        parts.append(to_html(bare, style=False))
        if place == 0 and drawings:
            parts.append(f"<h2>{escape(sentence('cli.charts_heading', language))}</h2>")
            parts += [_figure(drawing) for drawing in drawings]
    made = escape(sentence("cli.made_by", language, version=__version__))
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{PAGE_STYLE}\n{STYLE}\n</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<footer>{made}</footer>\n</body>\n</html>\n"
    )


def _figure(drawing: Drawing) -> str:
    """Put a chart into the page: named for those who listen, its ids its own."""
    svg = drawing.svg[drawing.svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{drawing.key}-\1"', svg)
    svg = re.sub(r'\bhref="#([^"]+)"', rf'href="#{drawing.key}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{drawing.key}-\1)", svg)
    name = f"{drawing.key}-title"
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    return (
        f'<figure>{head} role="img" aria-labelledby="{name}">\n'
        f'<title id="{name}">{escape(visible(drawing.title))}</title>{rest.strip()}</figure>'
    )
