"""The yearly report of a programme: Word, HTML, PDF, and the annex workbook."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.report import harmless
from sxsh_audit.reports.document import Block, Contents, Document, PageBreak, Signatures
from sxsh_audit.reports.province.fingerprints import register_hash
from sxsh_audit.reports.province.incoming import Incoming
from sxsh_audit.reports.province.money_chapter import MoneyChapter
from sxsh_audit.reports.province.opening import Opening
from sxsh_audit.reports.province.saving_chapter import SavingChapter
from sxsh_audit.reports.province.targets import Targets
from sxsh_audit.reports.province.task_chapter import Proposals, TaskChapter
from sxsh_audit.reports.province.traces import Caveats, Traces

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme
    from sxsh_audit.assessment.province.progress import RegisterHolder
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
    from sxsh_audit.tables.register import Register

__all__ = ["YEARLY_FORMATS", "build_yearly", "programme_report", "write_yearly"]

YEARLY_FORMATS = (".docx", ".html", ".pdf", ".xlsx")
"""Endings of a yearly report; a workbook is its annex."""


def programme_report(
    register: Register | RegisterHolder, programme: Programme | str | os.PathLike[str],
    year: int, path: str | os.PathLike[str], *, language: Language = "vi",
    cutoff: dt.date | None = None, expected: Sequence[str] | None = None,
    template: str | os.PathLike[str] | None = None, overwrite: bool = False,
) -> Path:
    """Write the report of a year of a programme.

    Parameters
    ----------
    register : Register or Store
        The records of the programme, or anything whose ``register()`` returns them.
    programme : Programme or str
        The programme, its id, or a file of the user's own.
    year : int
        Calendar year of the report.
    path : path
        File to write: Word (``.docx``), HTML, PDF, or the annex as a workbook (``.xlsx``).
    language : {"vi", "en"}
        Language of the report.
    cutoff : date, optional
        Last day that counts; by default 31 December of the year.
    expected : sequence of str, optional
        Agencies that were to report; by default those of the programme, where they are known.
    template : path, optional
        Word template of the department.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    Refusal
        If the ending is none of those, a template is given for another format, or the packages
        of the format are not installed.
    OutputError
        If the file cannot be written, or is there and may not be replaced.

    Notes
    -----
    The same register gives the same report: nothing in it depends on when or where it is made.

    References
    ----------
    .. [1] Decision 2384/QĐ-UBND of Quảng Bình (30/9/2013), V.9: the reports of the year before
       25 November, with what is proposed for the next year.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from sxsh_audit.tables.register import Register
    >>> register = Register.from_frames(
    ...     establishments=pd.DataFrame({"establishment": ["A"], "name": ["Xưởng A"]}))
    >>> written = programme_report(register, "vn-qb-2384", 2014,
    ...                            Path(tempfile.mkdtemp()) / "báo cáo.html")
    >>> "Quảng Bình" in written.read_text(encoding="utf-8")
    True
    """
    from sxsh_audit.assessment.province.progress import programme_progress, register_of

    check_language(language)
    held = register_of(register)
    progress = programme_progress(held, programme, year, cutoff=cutoff, language=language)
    return write_yearly(progress, held, path, language=language, expected=expected,
                        template=template, overwrite=overwrite)  # fmt: skip


def write_yearly(
    progress: ProgrammeProgress, register: Register, path: str | os.PathLike[str], *,
    language: Language = "vi", expected: Sequence[str] | None = None,
    template: str | os.PathLike[str] | None = None, overwrite: bool = False,
) -> Path:
    """Write the yearly report of a progress that is worked out already.

    Parameters
    ----------
    progress : ProgrammeProgress
        What the year adds up to.
    register : Register
        The records behind it.
    path, language, expected, template, overwrite
        As of :func:`programme_report`.

    Returns
    -------
    pathlib.Path
        `path`.
    """
    language, path = check_language(language), Path(path)
    ending = path.suffix.lower()
    if ending not in YEARLY_FORMATS:
        raise _refusal("documents.ending", language, name=path.name, known=list(YEARLY_FORMATS))
    if template is not None and ending != ".docx":
        raise _refusal("documents.template", language, name=path.name)
    if ending == ".xlsx":
        from sxsh_audit.reports.province.annex import to_annex

        with replacing(path, overwrite=overwrite, language=language) as draft:
            to_annex(progress, register, draft, language, expected=expected)
        return path
    document = build_yearly(progress, register, language, expected=expected)
    if ending == ".docx":
        from sxsh_audit.reports.word import to_docx

        to_docx(document, path, template=template, overwrite=overwrite)
    elif ending == ".pdf":
        from sxsh_audit.reports.pdf import to_pdf

        to_pdf(document, path, overwrite=overwrite)
    else:
        from sxsh_audit.reports.web import to_html

        text = to_html(document)
        with replacing(path, overwrite=overwrite, language=language) as draft:
            draft.write_text(text, encoding="utf-8", newline="")
    return path


def build_yearly(
    progress: ProgrammeProgress, register: Register, language: Language = "vi", *,
    expected: Sequence[str] | None = None,
) -> Document:
    """Return the yearly report as a neutral document.

    Parameters
    ----------
    progress : ProgrammeProgress
        What the year adds up to.
    register : Register
        The records behind it.
    language : {"vi", "en"}
        Language of every text.
    expected : sequence of str, optional
        Agencies that were to report.

    Returns
    -------
    Document
        Main results, results against the targets, savings, the tasks one by one, money, who
        reported, what to be careful about, proposals, and where every figure comes from.
    """
    language = check_language(language)
    opening = Opening(progress, register, language, expected)
    blocks: list[Block] = opening.blocks()
    blocks += [PageBreak(), Contents(), PageBreak()]
    for part in (Targets, SavingChapter, TaskChapter, MoneyChapter, Incoming, Caveats, Proposals):
        blocks += part(progress, register, language, expected).blocks()
    blocks += [*opening.body(opening.says("yearly.receivers")),
               Signatures((opening.says("yearly.sign_compiler"), opening.says("yearly.sign_head")))]
    blocks += [PageBreak(), *Traces(progress, register, language, expected).blocks()]
    document = Document(
        "yearly", opening.says("yearly.title", year=opening.year), opening.title, language,
        tuple(blocks), _about(opening),
    )  # fmt: skip
    return harmless(document)


def _about(view: Opening) -> dict[str, str]:
    """Say where the report comes from."""
    says, settings = view.says, view.settings
    told = {
        says("report.about_version"):
            says("report.about_version_value", version=view.progress.version),
        says("yearly.about_programme"): visible(str(settings["programme"])),
        says("yearly.about_legal"): visible(str(settings["legal_ref"])),
        says("yearly.about_cutoff"): view.day(settings["cutoff"]),
        says("yearly.about_data"): register_hash(view.register),
    }  # fmt: skip
    frame = view.register.tables["reports"]
    for row in frame[frame["file_hash"] != ""].itertuples():
        told[says("report.about_file", name=visible(str(row.file or row.agency)))] = str(
            row.file_hash)  # fmt: skip
    return told


def _refusal(code: str, language: Language, **numbers: Any) -> Refusal:
    return Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
