"""A document as one HTML page: nothing is loaded, no script, read by ear as well as by eye.

The page opens from a memory stick and is sent by mail as it is. Its style sheet prints it on A4.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files

from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import composed, visible
from sxsh_audit.reports.document import (
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Numbered,
    PageBreak,
    Paragraph,
    Signatures,
    TableBlock,
    numbered,
)
from sxsh_audit.reports.inline_svg import inline_svg
from sxsh_audit.reports.titles import national_lines, titled
from sxsh_audit.reports.web_blocks import bullets, facts, paragraph, plain, signatures, table

__all__ = ["to_html"]

_LISTED = 2
"""Deepest level of heading that the contents name."""

_OTHER = re.compile(r"[^A-Za-z0-9_-]+")
"""What an anchor may not hold."""

# Even if a text got past the escaping, the browser would run, load and send nothing.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def to_html(document: Document) -> str:
    """Write `document` as one self-contained, accessible HTML page.

    Parameters
    ----------
    document : Document
        What to print.

    Returns
    -------
    str
        The page; the same document gives the same text. Every text is escaped, letters that
        cannot be seen are written as escapes, figures are SVG inside the page.

    Examples
    --------
    >>> page = to_html(Document("report", "Báo cáo <1>", "", "vi", (Paragraph("Xin chào."),)))
    >>> "<h1>Báo cáo &lt;1&gt;</h1>" in page, "<p>Xin chào.</p>" in page
    (True, True)
    """
    return _Page(document).text()


@cache
def _style() -> str:
    return files("sxsh_audit.reports").joinpath("page.css").read_text(encoding="utf-8").strip()


class _Page:
    """One page while it is written."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._language = document.language
        self._blocks = numbered(document)
        self._anchors = self._name_all()
        self._depth = 1  # of the heading above: a level must not be left out

    def text(self) -> str:
        """Return the whole page."""
        document = self._document
        listed = ' class="listed"' if any(document.of(Contents)) else ""
        nation = national_lines(document)
        head = [
            "<!DOCTYPE html>",
            f'<html lang="{self._language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>{escape(visible(composed(document.title)))}</title>",
            f"<style>\n{_style()}\n</style>",
            "</head>",
            f"<body{listed}>",
            f'<a class="skip" href="#content">{self._say("report.skip")}</a>',
            "<header>",
        ]
        if nation:
            head += [f'<p class="nation">{nation[0]}</p>',
                     f'<p class="motto"><span>{nation[1]}</span></p>']
        head.append(f"<h1>{plain(document.title)}</h1>")
        if document.subtitle:
            head.append(f'<p class="subtitle">{plain(document.subtitle)}</p>')
        head += ["</header>", '<main id="content" tabindex="-1">']
        body = [self._write(one, anchor)
                for one, anchor in zip(self._blocks, self._anchors, strict=True)]
        foot = ["</main>", *self._origin(), "</body>", "</html>", ""]
        return "\n".join([*head, *(piece for piece in body if piece), *foot])

    def _say(self, code: str) -> str:
        return escape(sentence(code, self._language))

    def _name_all(self) -> list[str]:
        """Return the anchor of each block: its own name where it has one, never twice the same."""
        names: list[str] = []
        taken = {"content", "contents", "origin"}
        counts = {"table": 0, "figure": 0}
        for block, number in self._blocks:
            match block:
                case Heading():
                    name = _OTHER.sub("-", block.key or f"section-{number or 'x'}")
                case TableBlock():
                    counts["table"] += 1
                    name = f"table-{counts['table']}"
                case Figure():
                    counts["figure"] += 1
                    name = f"figure-{counts['figure']}"
                case _:
                    name = ""
            while name in taken:
                name += "-x"
            if name:
                taken.add(name)
            names.append(name)
        return names

    def _write(self, one: Numbered, anchor: str) -> str:
        match one.block:
            case Heading():
                return self._heading(one, anchor)
            case Paragraph() as block:
                return paragraph(block)
            case Bullets() as block:
                return bullets(block)
            case Facts() as block:
                return facts(block)
            case TableBlock() as block:
                return table(block, titled(one, self._language), anchor)
            case Figure() as block:
                drawn, caption = inline_svg(block, anchor), plain(titled(one, self._language))
                return (f'<figure id="{anchor}">\n{drawn}\n'
                        f"<figcaption>{caption}</figcaption>\n</figure>")
            case Signatures() as block:
                return signatures(block, self._say("report.sign_here"))
            case PageBreak():
                return '<div class="break"></div>'
            case Contents():
                return self._contents()

    def _heading(self, one: Numbered, anchor: str) -> str:
        assert isinstance(one.block, Heading)
        self._depth = min(one.block.level + 1, self._depth + 1)
        words = plain(titled(one, self._language))
        return f'<h{self._depth} id="{anchor}">{words}</h{self._depth}>'

    def _contents(self) -> str:
        """Return the headings as links, a list within a list."""
        lines = ['<nav class="contents" aria-labelledby="contents">',
                 f'<h2 id="contents">{self._say("report.contents")}</h2>']
        depth = 0
        for one, anchor in zip(self._blocks, self._anchors, strict=True):
            if not isinstance(one.block, Heading) or one.block.level > _LISTED:
                continue
            level = min(one.block.level, depth + 1)
            lines.append("<ul>" if level > depth else "</li></ul>" * (depth - level) + "</li>")
            depth = level
            words = plain(titled(one, self._language))
            lines.append(f'<li><a href="#{anchor}">{words}</a>')
        lines.append("</li></ul>" * depth + "</nav>")
        self._depth = max(self._depth, 2)
        return "\n".join(lines)

    def _origin(self) -> list[str]:
        """Return the foot of the page: where the document comes from."""
        about = self._document.about
        if not about:
            return []
        return ["<footer>", f'<h2 id="origin">{self._say("report.origin")}</h2>',
                facts(Facts(tuple(about.items()))), "</footer>"]
