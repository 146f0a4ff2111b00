"""A department's own Word template: its looks and order, our chapters, tables and figures.

The template is a Word file with fields in double braces, filled in by docxtpl. ``{{ plant }}``
stands for words within a line; ``{{p chapters.summary }}`` stands alone in a paragraph and becomes
headings, paragraphs, tables and pictures. The names of plants and options are put in as text:
whatever braces they hold, they are never read as a template. A template itself is run in a
sandbox of Jinja: it can choose and repeat fields, and reach nothing else.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.text import nearest
from sxsh_audit.reports.document import (
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Numbered,
    Paragraph,
    TableBlock,
    numbered,
)
from sxsh_audit.reports.titles import titled
from sxsh_audit.reports.word_blocks import Printer
from sxsh_audit.reports.word_styles import add_styles
from sxsh_audit.reports.word_xml import made, plain, tag

__all__ = ["FIELDS", "fill_template"]

FIELDS = ("about", "body", "chapters", "contents", "facts", "figures", "kind", "language",
          "origin", "subtitle", "tables", "title")  # fmt: skip
"""Fields that every document fills; more are given by name."""

_LARGEST = 100 * 1024 * 1024
"""Bytes that a template may unpack to: pictures of a letterhead, not a film."""


class _Inserted:
    """Blocks that are printed where the template asks for them."""

    def __init__(self, printer: Printer, act: Callable[[], None]) -> None:
        self._printer, self._act = printer, act

    def __html__(self) -> str:
        from docx.opc.oxml import serialize_part_xml

        body = made("w:body")
        self._printer.begin(body)
        self._act()
        parts = (serialize_part_xml(child).decode("utf-8") for child in body)
        return "".join(part.partition("?>")[2].strip() for part in parts)

    __str__ = __html__


class _Shown:
    """Something that has a number, a title and blocks; printed whole by its own name."""

    def __init__(self, number: str, title: str, whole: _Inserted, **more: Any) -> None:
        self.number, self.title, self.whole = number, title, whole
        self.__dict__.update(more)

    def __html__(self) -> str:
        return self.whole.__html__()

    __str__ = __html__


class _Absent(_Shown):
    """A chapter or figure that this document does not have: false in ``{% if %}``."""

    def __bool__(self) -> bool:
        return False


class _Named:
    """Chapters or figures: one by one in ``{% for %}``, or by their own names."""

    def __init__(self, listed: Sequence[_Shown], by_name: Mapping[str, _Shown],
                 absent: Callable[[str], _Absent]) -> None:
        self._listed, self._by_name, self._absent = listed, by_name, absent

    def __iter__(self) -> Iterator[_Shown]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def __getitem__(self, name: object) -> _Shown:
        if isinstance(name, int):
            return self._listed[name]
        return self._by_name.get(_plain_name(str(name))) or self._absent(str(name))


def _plain_name(key: str) -> str:
    return key.replace("-", "_")


def fill_template(
    document: Document, template: str | os.PathLike[str], fields: Mapping[str, str]
) -> Any:
    """Return the Word document that a template becomes.

    Parameters
    ----------
    document : Document
        What is put in.
    template : path
        The template.
    fields : mapping of str to str
        More fields by name: ``plant``, ``saving`` …

    Raises
    ------
    Refusal
        If the template is no Word file, asks for a field that does not exist, or is written
        wrongly; the sentence says how to mend it.
    """
    from docxtpl import DocxTemplate
    from jinja2.exceptions import TemplateError
    from jinja2.runtime import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    path, language = Path(template), document.language
    source = DocxTemplate(io.BytesIO(_read(path, language)))
    source.init_docx()
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    add_styles(source.docx)
    printer = Printer(source.docx, language, numbered(document))
    context = _context(document, printer) | {name: plain(text) for name, text in fields.items()}
    try:
        asked = source.get_undeclared_template_variables(environment)
        _refuse_unknown(asked - set(environment.globals), context, path, language)
        source.render(context, environment, autoescape=True)
    except TemplateError as error:
        _refuse("report_word.template_fault", path, language, error, reason=str(error))
    _check_places(source.docx, path, language)
    printer.end()
    return source.docx


def _read(path: Path, language: Language) -> bytes:
    """Return the bytes of a template, once it is known to be a Word file of sane size."""
    try:
        content = path.read_bytes()
    except OSError as error:
        _refuse("report_word.template_unread", path, language, error)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(item.file_size for item in archive.infolist())
            names = set(archive.namelist())
            if size <= _LARGEST and archive.testzip() is not None:
                names = set()
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        names, size = set(), 0
    if "word/document.xml" not in names:
        _refuse("report_word.template_not_word", path, language)
    if size > _LARGEST:
        _refuse("report_word.template_large", path, language, limit=_LARGEST // 1024**2)
    return content


def _refuse(
    code: str, path: Path, language: Language, cause: Exception | None = None, **numbers: Any
) -> NoReturn:
    numbers = {"name": path.name, **numbers}
    raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers) from cause


def _refuse_unknown(
    asked: set[str], context: Mapping[str, Any], path: Path, language: Language
) -> None:
    unknown = sorted(asked - set(context))
    if unknown:
        near = [name for one in unknown for name in nearest(one, context, 1)]
        code = "report_word.template_unknown_near" if near else "report_word.template_unknown"
        _refuse(code, path, language, fields=unknown, near=near, known=sorted(context))


def _check_places(word: Any, path: Path, language: Language) -> None:
    """Refuse where blocks were put inside a line of text: Word could not open the file."""
    body = word.element.body
    inside = body.xpath(".//w:p//w:p[not(ancestor::w:txbxContent)] | .//w:t/* | .//w:p//w:tbl"
                        "[not(ancestor::w:txbxContent)]")  # fmt: skip
    if inside:
        _refuse("report_word.template_alone", path, language)
    for cell in body.iter(tag("w:tc")):  # a cell ends with a paragraph
        if len(cell) == 0 or cell[-1].tag != tag("w:p"):
            cell.append(made("w:p"))


def _context(document: Document, printer: Printer) -> dict[str, Any]:
    blocks = printer.everything
    told = [one for one in blocks if not isinstance(one.block, Contents)]
    return {
        "title": plain(document.title), "subtitle": plain(document.subtitle),
        "kind": document.kind, "language": document.language,
        "about": _pairs(document.about.items()),
        "facts": _pairs(row for block in document.of(Facts) for row in block.rows),
        "contents": _Inserted(printer, printer.contents),
        "origin": _Inserted(printer, lambda: printer.origin(document)),
        "body": _Inserted(printer, lambda: printer.print(told)),
        "chapters": _chapters(printer, blocks),
        "tables": [_table(printer, one) for one in blocks if isinstance(one.block, TableBlock)],
        "figures": _figures(printer, blocks),
    }  # fmt: skip


def _pairs(rows: Any) -> list[dict[str, str]]:
    return [{"label": plain(label), "value": plain(value)} for label, value in rows]


def _chapters(printer: Printer, blocks: Sequence[Numbered]) -> _Named:
    listed: list[_Shown] = []
    by_name: dict[str, _Shown] = {}
    for place, one in enumerate(blocks):
        if not isinstance(one.block, Heading):
            continue
        level = one.block.level
        end = next((after for after in range(place + 1, len(blocks))
                    if _level(blocks[after]) <= level), len(blocks))  # fmt: skip
        inner = [block for block in blocks[place + 1 : end]
                 if not isinstance(block.block, Contents)]  # fmt: skip
        chapter = _chapter(printer, one, inner)
        if level == 1:
            listed.append(chapter)
        if one.block.key:
            by_name.setdefault(_plain_name(one.block.key), chapter)
    return _Named(listed, by_name, lambda name: _absent(printer, name))


def _level(one: Numbered) -> int:
    return one.block.level if isinstance(one.block, Heading) else 9


def _chapter(printer: Printer, one: Numbered, inner: Sequence[Numbered]) -> _Shown:
    block = one.block
    assert isinstance(block, Heading)
    alone = block.level > 1  # a part of a chapter: the numbers of its chapter are not there
    return _Shown(
        one.number, plain(block.text),
        _Inserted(printer, lambda: printer.print([one, *inner], counted=not alone)),
        key=block.key,
        text=_Inserted(printer, lambda: printer.print(inner, counted=False)),
        tables=[_table(printer, each) for each in inner if isinstance(each.block, TableBlock)],
        figures=[_figure(printer, each) for each in inner if isinstance(each.block, Figure)],
    )  # fmt: skip


def _absent(printer: Printer, name: str) -> _Absent:
    text = sentence("report_word.not_here", printer.language, name=plain(name))
    blocks = [Numbered(Paragraph(text, "missing"), "")]
    printed = _Inserted(printer, lambda: printer.print(blocks))
    return _Absent("", text, printed, key=name, text=printed, picture=printed, tables=(),
                   figures=())  # fmt: skip


def _table(printer: Printer, one: Numbered) -> _Shown:
    block = one.block
    assert isinstance(block, TableBlock)
    table = block.table
    return _Shown(
        one.number, plain(table.title), _Inserted(printer, lambda: printer.print([one])),
        caption=plain(titled(one, printer.language)),
        columns=[plain(column.heading) for column in table.columns],
        rows=[[plain(cell) for cell in row] for row in table.rows],
        notes=[plain(note) for note in table.notes],
    )  # fmt: skip


def _figures(printer: Printer, blocks: Sequence[Numbered]) -> _Named:
    listed = [_figure(printer, one) for one in blocks if isinstance(one.block, Figure)]
    by_name = {_plain_name(vars(figure)["key"]): figure for figure in listed}
    return _Named(listed, by_name, lambda name: _absent(printer, name))


def _figure(printer: Printer, one: Numbered) -> _Shown:
    block = one.block
    assert isinstance(block, Figure)

    def alone() -> None:
        printer.picture(printer.paragraph("", "SXSH Figure"), block)

    return _Shown(
        one.number, plain(block.caption), _Inserted(printer, lambda: printer.print([one])),
        key=block.key, caption=plain(titled(one, printer.language)),
        picture=_Inserted(printer, alone), alt=plain(block.alt),
    )  # fmt: skip
