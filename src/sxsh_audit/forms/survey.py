"""The form with which an establishment is asked about the indicators of a programme."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import xlsxwriter

from sxsh_audit.data import load_toml
from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.forms.layout import Spoken
from sxsh_audit.forms.workbook import MADE, Formats, lay_out_page
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import refusal_sentence, sentence

__all__ = ["write_survey_form"]

WIDTHS = (5, 26, 52, 16, 14, 34)
LINES = 15  # points of a line of text
LETTERS = 52  # of a line of the column of questions


def write_survey_form(
    path: str | os.PathLike[str], language: Language = "vi", *, overwrite: bool = False
) -> Path:
    """Write the survey form: a question for each indicator, and what proves the answer.

    Parameters
    ----------
    path : str or path
        The workbook, ``.xlsx``; one printed page.
    language : {"vi", "en"}
        Language of everything a person reads.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    Refusal
        If the ending is not ``.xlsx``.
    OutputError
        If the file is there already and `overwrite` is false, or it cannot be written.

    Notes
    -----
    Questions and proofs are those of ``data/evidence.toml``. The official definitions could not
    be read; the form says so. Answers go into the sheet of statuses of a register, with day and
    evidence. The same arguments give the same bytes.

    Examples
    --------
    >>> import tempfile
    >>> write_survey_form(Path(tempfile.mkdtemp()) / "phieu.xlsx").name
    'phieu.xlsx'
    """
    language = check_language(language)
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        code, numbers = "survey.ending", {"name": path.name}
        raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
    with replacing(path, overwrite=overwrite, language=language) as draft:
        _write(draft, language)
    return path


def _write(draft: Path, language: Language) -> None:
    title = sentence("survey.title", language)
    options = {"strings_to_formulas": False, "strings_to_urls": False,
               "default_format_properties": {"font_name": "Arial", "font_size": 11}}  # fmt: skip
    with xlsxwriter.Workbook(draft, options) as book:
        book.set_properties({"title": title, "created": MADE})
        formats = Formats(book)
        edge: dict[str, Any] = {"border": 1, "border_color": "#9AA5B1", "text_wrap": True,
                                "valign": "top"}  # fmt: skip
        cells = book.add_format(edge), book.add_format({**edge, "font_size": 9})
        sheet = book.add_worksheet(sentence("survey.sheet", language))
        sheet.hide_gridlines(2)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, title, formats.title)
        row = 2
        blanks = (
            sentence("survey.name", language), sentence("survey.code", language),
            sentence("survey.address", language), sentence("survey.person", language),
            sentence("survey.day", language), sentence("survey.asked_by", language),
        )  # fmt: skip
        for label in blanks:
            sheet.merge_range(row, 0, row, 1, label, formats.label)
            sheet.merge_range(row, 2, row, 5, "", formats.typed_text)
            row += 1
        row = _questions(sheet, row + 1, formats.heading, cells, language)
        note = sentence("survey.note", language)
        sheet.merge_range(row + 1, 0, row + 1, 5, note, formats.note)
        sheet.set_row(row + 1, 3 * LINES)
        lay_out_page(sheet, Spoken(language), landscape=True)
        sheet.fit_to_pages(1, 1)


def _questions(
    sheet: Any, row: int, head: Any, cells: tuple[Any, Any], language: Language
) -> int:
    """Write a line for each indicator; return the row below the last."""
    write = sheet.write_string
    heads = (
        sentence("survey.number", language), sentence("survey.indicator", language),
        sentence("survey.question", language), sentence("survey.answer", language),
        sentence("survey.since", language), sentence("survey.proof", language),
    )  # fmt: skip
    for column, text in enumerate(heads):
        write(row, column, text, head)
    answers = [sentence(f"survey.{word}", language) for word in ("yes", "no", "unknown")]
    boxes = "\n".join(f"☐ {word}" for word in answers)
    for number, fact in enumerate(load_toml("evidence.toml")["indicator"], start=1):
        row += 1
        question = fact[f"question_{language}"]
        texts = (str(number), fact[language], question, boxes, "", fact[f"evidence_{language}"])
        for column, text in enumerate(texts):
            write(row, column, text, cells[column == len(texts) - 1])
        lines = max(len(answers), -(-len(question) // LETTERS)) + 1
        sheet.set_row(row, lines * LINES)
    return row + 1
