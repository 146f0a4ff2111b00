"""A template to begin with: open it in Word, move its fields, add a letterhead."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.word import ask_for_word, packed
from sxsh_audit.reports.word_styles import TEXT_WIDTH, dress, style_id
from sxsh_audit.reports.word_tables import head_table

__all__ = ["write_sample_template"]


def write_sample_template(
    path: str | os.PathLike[str], language: Language = "vi", *, overwrite: bool = False
) -> Path:
    """Write a Word template that uses every sort of field.

    Parameters
    ----------
    path : path
        The file to be written, ``mau.docx``.
    language : {"vi", "en"}
        Language of its words.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    Refusal
        If python-docx is not installed.
    OutputError
        If the file cannot be written, or is there and may not be replaced.
    """
    language = check_language(language)
    ask_for_word(language)
    word = _sample(language)
    path = Path(path)
    with replacing(path, overwrite=overwrite, language=language) as draft:
        draft.write_bytes(packed(word))
    return path


def _sample(language: Language) -> Any:
    import docx

    word = docx.Document()
    dress(word, language)
    body = word.element.body
    motto = (sentence("report.nation", language), sentence("report.motto", language))
    office = (sentence("report_word.office", language), sentence("report_word.number", language))
    body.insert(0, head_table(word, office, motto, TEXT_WIDTH))
    _add(word, "{{ title }}", "Title")
    _add(word, "{{ subtitle }}", "Subtitle")
    _add(word, sentence("report_word.sample_lead", language), "Normal")
    table = word.add_table(rows=0, cols=2)
    table.style = word.styles["SXSH Facts Table"]
    labels = {
        "plant": "report_word.label_plant", "address": "report_word.label_address",
        "baseline_period": "report_word.label_baseline_period",
        "reporting_period": "report_word.label_reporting_period",
        "saving": "report_word.label_saving", "target": "report_word.label_target",
        "status": "report_word.label_status", "money_saved": "report_word.label_money_saved",
    }  # fmt: skip
    for name, code in labels.items():
        cells = table.add_row().cells
        for cell, text in zip(cells, (sentence(code, language), f"{{{{ {name} }}}}"),
                              strict=True):  # fmt: skip
            cell.paragraphs[0].add_run(text)
            cell.paragraphs[0].style = word.styles["SXSH Facts"]
    _add(word, "{{p contents }}", "Normal")
    _add_each(word, "chapter", "chapters", "{{p chapter }}", "Normal")
    _add(word, sentence("report_word.sample_tables", language), "TOC Heading")
    _add_each(word, "table", "tables", "{{ table.caption }}", "SXSH Note")
    _add(word, "{{p origin }}", "Normal")
    return word


def _add(word: Any, text: str, style: str) -> None:
    paragraph = word.add_paragraph(text)
    paragraph._p.get_or_add_pPr().style = style_id(word, style)


def _add_each(word: Any, one: str, many: str, text: str, style: str) -> None:
    """Add a paragraph that is repeated for one after the other."""
    _add(word, f"{{%p for {one} in {many} %}}", "Normal")
    _add(word, text, style)
    _add(word, "{%p endfor %}", "Normal")
