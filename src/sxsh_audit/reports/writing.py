"""Writing the documents of an assessment: the report in one of four formats, the slides."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import refusal_sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment
    from sxsh_audit.reports.document import Document

__all__ = ["DOCUMENTS", "FORMATS", "write_report", "write_slides"]

FORMATS = (".docx", ".pdf", ".html", ".xlsx")
"""Endings of a report."""
DOCUMENTS = ("report", "acceptance", "minutes")
"""What can be written of an assessment."""


def write_report(
    assessment: Assessment, path: str | os.PathLike[str], *, language: Language = "vi",
    document: str = "report", template: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> Path:
    """Write the report of an assessment, ready to be edited.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    path : path
        File to write: its ending says whether it is Word (``.docx``), PDF, HTML or a workbook
        (``.xlsx``) with the results as numbers and formulas.
    language : {"vi", "en"}
        Language of the document.
    document : {"report", "acceptance", "minutes"}
        The report; the acceptance record of what was implemented (biên bản nghiệm thu); the
        minutes of the visit (biên bản làm việc). A workbook is always of the results.
    template : path, optional
        Word template of the department, with the fields that :doc:`/how-to/report` lists.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    Refusal
        If the ending or the document is none of those, a template is given for another format,
        or the packages of the format are not installed.
    OutputError
        If the file cannot be written, or is there and may not be replaced.
    TypeError
        If it is given anything but an assessment.

    Notes
    -----
    The same assessment gives the same document: nothing in it depends on when or where it is
    made. HTML and XLSX are byte-identical, DOCX and PDF identical in content.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import sxsh_audit as sx
    >>> study = sx.Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                              electricity=("1200000 kWh", "1100000 kWh"))
    >>> written = write_report(sx.assess(study), Path(tempfile.mkdtemp()) / "báo cáo.html")
    >>> "<h1" in written.read_text(encoding="utf-8")
    True
    """
    language, path = check_language(language), Path(path)
    _check(assessment)
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise _refusal("documents.ending", language, name=path.name, known=list(FORMATS))
    if document not in DOCUMENTS:
        raise _refusal("documents.kind", language, name=document, known=list(DOCUMENTS))
    if template is not None and ending != ".docx":
        raise _refusal("documents.template", language, name=path.name)
    if ending == ".xlsx":
        from sxsh_audit.reports.results_workbook import to_xlsx

        with replacing(path, overwrite=overwrite, language=language) as draft:
            to_xlsx(assessment, draft, language)
        return path
    content = _built(assessment, document, language)
    if ending == ".docx":
        from sxsh_audit.reports.word import to_docx

        fields = None
        if template is not None:
            from sxsh_audit.reports.report_fields import report_fields

            fields = report_fields(assessment, language)
        to_docx(content, path, template=template, fields=fields, overwrite=overwrite)
    elif ending == ".pdf":
        from sxsh_audit.reports.pdf import to_pdf

        to_pdf(content, path, overwrite=overwrite)
    else:
        from sxsh_audit.reports.web import to_html

        text = to_html(content)
        with replacing(path, overwrite=overwrite, language=language) as draft:
            draft.write_text(text, encoding="utf-8", newline="")
    return path


def write_slides(
    assessment: Assessment, path: str | os.PathLike[str], *, language: Language = "vi",
    overwrite: bool = False,
) -> Path:
    """Write the slides of an assessment as PowerPoint.

    Parameters
    ----------
    assessment : Assessment
        What was found.
    path : path
        File to write, ``.pptx``.
    language : {"vi", "en"}
        Language of the slides and of the notes to the speaker.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    Refusal
        If the ending is another one, or python-pptx is not installed.
    OutputError
        If the file cannot be written, or is there and may not be replaced.
    TypeError
        If it is given anything but an assessment.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import sxsh_audit as sx
    >>> study = sx.Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                              electricity=("1200000 kWh", "1100000 kWh"))
    >>> write_slides(sx.assess(study), Path(tempfile.mkdtemp()) / "trình bày.pptx").name
    'trình bày.pptx'
    """
    from sxsh_audit.reports.powerpoint import to_pptx
    from sxsh_audit.reports.slides import build_slides

    language, path = check_language(language), Path(path)
    _check(assessment)
    if path.suffix.lower() != ".pptx":
        raise _refusal("documents.ending", language, name=path.name, known=[".pptx"])
    to_pptx(build_slides(assessment, language), path, overwrite=overwrite)
    return path


def _built(assessment: Assessment, document: str, language: Language) -> Document:
    """Return the document that is asked for."""
    from sxsh_audit.reports import chapters

    build: Callable[[Assessment, Language], Document] = getattr(chapters, f"build_{document}")
    return build(assessment, language)


def _check(assessment: object) -> None:
    from sxsh_audit.assessment.results import Assessment as Result

    if not isinstance(assessment, Result):
        raise TypeError(f"give an Assessment, not {type(assessment).__name__}")


def _refusal(code: str, language: Language, **numbers: object) -> Refusal:
    return Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
