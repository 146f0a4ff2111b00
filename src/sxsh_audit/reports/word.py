"""Documents as Word files: A4, Times New Roman, real headings, contents and captions."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.text import shorten
from sxsh_audit.reports.document import (
    Contents,
    Document,
    Heading,
    Numbered,
    PageBreak,
    numbered,
)
from sxsh_audit.reports.titles import national_lines
from sxsh_audit.reports.word_blocks import Printer
from sxsh_audit.reports.word_styles import LOCALES, dress
from sxsh_audit.reports.word_tables import head_table
from sxsh_audit.reports.word_template import fill_template
from sxsh_audit.reports.word_xml import field, plain

__all__ = ["to_docx"]

_NO_DATE = dt.datetime(2000, 1, 1)  # a file says nothing of when it was made
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# Parts of python-docx's own starting document that are nobody's.
_IDLE = ("/thumbnail", "/customXml", "/stylesWithEffects")


def to_docx(
    document: Document, path: str | os.PathLike[str],
    template: str | os.PathLike[str] | None = None, *,
    fields: Mapping[str, str] | None = None, overwrite: bool = True,
) -> Path:
    """Write a document as a Word file.

    Parameters
    ----------
    document : Document
        What to print.
    path : path
        The file to be written.
    template : path, optional
        A department's own Word file with fields; without one the document looks as Decree
        30/2020/NĐ-CP asks.
    fields : mapping of str to str, optional
        More fields for the template by name, such as ``plant`` and ``saving``.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    Refusal
        If python-docx is not installed, or the template cannot be used.
    OutputError
        If the file cannot be written; an old one is then as it was.

    Notes
    -----
    The same document gives the same bytes with the same versions of python-docx and lxml.
    """
    ask_for_word(document.language)
    if template is None:
        word = _new_document(document)
    else:
        word = fill_template(document, template, fields or {})
        describe(word, document)
    path = Path(path)
    with replacing(path, overwrite=overwrite, language=document.language) as draft:
        draft.write_bytes(packed(word))
    return path


def ask_for_word(language: Language) -> None:
    """Refuse, with what to install, where the packages for Word are missing."""
    try:
        import docx  # noqa: F401
        import docxtpl  # noqa: F401
    except ImportError as error:
        raise Refusal(refusal_sentence("report_word.not_installed", {}, language),
                      code="report_word.not_installed") from error  # fmt: skip


def _new_document(document: Document) -> Any:
    import docx

    word = docx.Document()
    _drop_idle_parts(word)
    dress(word, document.language)
    describe(word, document)
    _number_pages(word, document)
    everything = numbered(document)
    printer = Printer(word, document.language, everything)
    printer.begin(word.element.body)
    start = _first_page(printer, document, everything)
    printer.print(everything[start:])
    printer.origin(document)
    return word


def _drop_idle_parts(word: Any) -> None:
    for relations in (word.part.package.rels, word.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(_IDLE):
                del relations[key]


def describe(word: Any, document: Document) -> None:
    """Fill in the properties of the file; none of them depends on the day or the machine."""
    about = word.core_properties
    about.title, about.subject = plain(document.title)[:255], plain(document.subtitle)[:255]
    about.language = LOCALES[document.language]
    about.comments = "\n".join(f"{label}: {value}" for label, value in _origin(document))[:255]
    about.created = about.modified = _NO_DATE
    about.revision = 1
    about.last_modified_by = ""
    if about.author == "python-docx":
        about.author = ""
    about.last_printed = _NO_DATE
    about.keywords = document.kind


def _origin(document: Document) -> list[tuple[str, str]]:
    return [(plain(label), plain(value)) for label, value in document.about.items()]


def _number_pages(word: Any, document: Document) -> None:
    """Write the page number in the middle of the top margin, not on the first page."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    field(paragraph, "PAGE", "2")
    if document.kind == "report":
        section.footer.paragraphs[0].add_run(shorten(plain(document.title), 90))


def _first_page(printer: Printer, document: Document, blocks: tuple[Numbered, ...]) -> int:
    """Print the cover of a report or the head of official minutes; return where the rest begins."""
    if document.kind != "report":
        _official_head(printer, document)
        printer.paragraph(document.title, "Title").runs[0].font.size = 14 * 12_700
        if document.subtitle:
            printer.paragraph(document.subtitle, "Subtitle")
        return 0
    title = printer.paragraph(document.title, "Title")
    title.paragraph_format.space_before = 130 * 12_700
    if document.subtitle:
        printer.paragraph(document.subtitle, "Subtitle")
    inside = (Heading, Contents, PageBreak)
    start = next((place for place, one in enumerate(blocks)
                  if isinstance(one.block, inside)), len(blocks))  # fmt: skip
    printer.print(blocks[:start])
    if start < len(blocks) and not isinstance(blocks[start].block, PageBreak):
        printer.print([Numbered(PageBreak(), "")])
    return start


def _official_head(printer: Printer, document: Document) -> None:
    """Print whose document it is on the left, the national name and motto on the right."""
    lines = national_lines(document)
    if not lines:
        return
    dots = "…" * 12
    code = "yearly.number" if document.kind == "yearly" else "report_word.number"
    number = sentence(code, document.language)
    printer.place(head_table(printer.document, (dots, number), lines, printer.room))
    day = printer.paragraph(sentence("report_word.place_and_day", document.language),
                            "SXSH Signature")  # fmt: skip
    day.runs[0].italic = True
    day.paragraph_format.alignment = 2  # at the right
    day.paragraph_format.space_before = 8 * 12_700
    day.paragraph_format.space_after = 18 * 12_700


def packed(word: Any) -> bytes:
    """Return the file of a Word document, the same bytes for the same document."""
    stream, result = io.BytesIO(), io.BytesIO()
    word.save(stream)
    with (
        zipfile.ZipFile(stream) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            same = zipfile.ZipInfo(item.filename, _ZIP_DATE)
            same.compress_type = zipfile.ZIP_DEFLATED
            same.create_system = 3  # otherwise Windows writes another byte
            target.writestr(same, source.read(item))
    return result.getvalue()
