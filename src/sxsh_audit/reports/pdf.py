"""A document as PDF on A4, by typst.

The look stands in ``page.typ``; the document goes there as data, so that what a person typed is
never read as markup. The file is tagged for screen readers (PDF/UA-1) and holds no time stamp.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from sxsh_audit.charts.files import picture
from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.text import visible
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
from sxsh_audit.reports.pdf_tables import sheet
from sxsh_audit.reports.pdf_text import breakable
from sxsh_audit.reports.titles import national_lines, titled

__all__ = ["to_pdf"]

_STANDARD = "ua-1"
_NARROW = 10.0
"""Room for a word in a column of labels or of signatures [font sizes]."""


def to_pdf(
    document: Document, path: str | os.PathLike[str], *, overwrite: bool = True
) -> Path:
    """Write `document` as a PDF file.

    Parameters
    ----------
    document : Document
        What to print.
    path : str or path
        File to write; it appears whole or not at all.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    Refusal
        If typst is not installed.
    OutputError
        If the file cannot be written, or is there and may not be replaced.
    """
    typst = _typst(document.language)
    path = Path(path)
    with replacing(path, overwrite=overwrite, language=document.language) as draft:
        draft.write_bytes(_compiled(typst, document))
    return path


def _typst(language: Language) -> ModuleType:
    try:
        import typst
    except ImportError as error:
        code = "report_pdf.not_installed"
        raise Refusal(refusal_sentence(code, {}, language), code=code) from error
    return typst


def _compiled(typst: ModuleType, document: Document) -> bytes:
    import matplotlib

    pages: dict[str, bytes] = {
        "main.typ": files("sxsh_audit.reports").joinpath("page.typ").read_bytes()
    }
    told = _told(document, pages)
    pages["document.json"] = json.dumps(told, ensure_ascii=False).encode("utf-8")
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    made: bytes = typst.compile(
        pages, font_paths=[fonts], ignore_system_fonts=True, format="pdf",
        pdf_standards=[_STANDARD],
    )  # fmt: skip
    return made


def _told(document: Document, pages: dict[str, bytes]) -> dict[str, Any]:
    """Return the document as plain data; its pictures are put beside the page."""
    language = document.language
    blocks: list[dict[str, Any]] = []
    depth = 0
    for place, one in enumerate(numbered(document)):
        told = _block(one, place, language, pages)
        if isinstance(one.block, Heading):
            depth = min(one.block.level, depth + 1)  # a level must not be left out
            told["level"] = depth
        if isinstance(one.block, TableBlock) and one.block.wide:
            if not blocks or blocks[-1]["kind"] != "wide":
                blocks.append({"kind": "wide", "tables": []})
            blocks[-1]["tables"].append(told)
        else:
            blocks.append(told)
    words = {"contents": "report.contents", "origin": "report.origin", "sign": "report.sign_here"}
    return {
        "title": breakable(document.title) or "–",  # PDF/UA asks for one
        "subtitle": breakable(document.subtitle),
        "language": language,
        "nation": list(national_lines(document)),
        "words": {name: sentence(code, language) for name, code in words.items()},
        "blocks": blocks,
        "about": _rows(document.about.items()),
    }


def _rows(rows: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[breakable(label, _NARROW), breakable(value)] for label, value in rows]


def _block(
    one: Numbered, place: int, language: Language, pages: dict[str, bytes]
) -> dict[str, Any]:
    match one.block:
        case Heading():
            return {"kind": "heading", "text": breakable(titled(one, language)),
                    "name": f"heading-{place}"}
        case Paragraph(text, tone):
            return {"kind": "paragraph", "text": breakable(text), "tone": tone}
        case Bullets(items, ordered):
            return {"kind": "bullets", "items": [breakable(item) for item in items],
                    "ordered": ordered}
        case Facts(rows):
            return {"kind": "facts", "rows": _rows(rows)}
        case TableBlock(table, wide):
            if not table.columns:
                return {"kind": "paragraph", "text": breakable(titled(one, language)),
                        "tone": "body"}
            return sheet(table, titled(one, language), turned=wide)
        case Figure() as figure:
            name = f"figure-{place}.svg"
            pages[name] = picture(figure.draw(), "svg")
            caption = breakable(titled(one, language))
            return {"kind": "figure", "file": name, "caption": caption,
                    "alt": visible(figure.alt) or caption}
        case Signatures(roles):
            return {"kind": "signatures", "roles": [breakable(role, _NARROW) for role in roles]}
        case PageBreak():
            return {"kind": "break"}
        case Contents():
            return {"kind": "contents"}
