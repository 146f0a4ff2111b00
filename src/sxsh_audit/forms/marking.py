"""A marked copy of a person's own file: coloured cells with comments, nothing else changed."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sxsh_audit.assessment.checking import all_findings
from sxsh_audit.errors import OutputError, StudyError
from sxsh_audit.files.replacing import refuse_existing, replacing
from sxsh_audit.forms.marking_cells import LAST_ROW
from sxsh_audit.forms.marking_xml import NotXml
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import describe, refusal_sentence, sentence
from sxsh_audit.tables.as_typed import heading_rows, typed_files
from sxsh_audit.tables.reading import WORKBOOKS, study_findings

if TYPE_CHECKING:
    from sxsh_audit.findings import Finding

__all__ = ["cannot_be_opened", "check_target", "mark_findings", "marked_name"]


def mark_findings(
    path: str | os.PathLike[str],
    target: str | os.PathLike[str] | None = None,
    *,
    findings: Sequence[Finding] | None = None,
    language: Language = "vi",
    overwrite: bool = False,
) -> Path:
    r"""Write a copy of a study's file with every fault marked in the cell where it was typed.

    The cells get a colour for the gravest of their findings (error, warning, note) and a comment
    that begins with that word and tells rule and fix. Everything else of a workbook stays as it
    is: formulas, number formats, pictures, charts, lists to choose from, protection, macros. What
    belongs to a whole row is told in its first filled cell, to a sheet in its headings, to the
    study in cell A1 of the sheet of settings (or of the first sheet). A cell that has a comment
    keeps it; ours stands below.

    Parameters
    ----------
    path : path
        The workbook, or the folder of CSV files: these come out as one workbook with a sheet for
        each file, all cells as they were typed.
    target : path, optional
        The copy; by default beside `path`, named ``…-danh-dau.xlsx`` or ``…-marked.xlsx``.
    findings : sequence of Finding, optional
        What to mark; by default everything that reading and the assessment find.
    language : {"vi", "en"}
        Language of the comments.
    overwrite : bool
        Whether a file that is there already may be replaced; never `path` itself.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    StudyError
        If the workbook cannot be opened (a password, damage); its finding says why.
    OutputError
        If the copy cannot be written.
    FileNotFoundError
        If there is nothing at `path`.

    Examples
    --------
    >>> import tempfile
    >>> import sxsh_audit as sx
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "san_luong.csv").write_text("Kỳ;Sản lượng (tấn)\n2013;-5", encoding="utf-8")
    >>> sx.mark_findings(folder, folder / "marked.xlsx", language="en").name
    'marked.xlsx'
    """
    source, language = Path(path), check_language(language)
    if source.is_file() and source.suffix.lower() not in WORKBOOKS:
        _refuse_unopened(source, language)
    copy = check_target(source, target, language, overwrite=overwrite)
    if findings is None:
        findings = all_findings(source, language, fold=False)
    with replacing(copy, overwrite=overwrite, language=language) as draft:
        if source.is_dir():
            _mark_folder(source, draft, findings, language)
        else:
            _mark_workbook(source, draft, findings, language)
    return copy


def marked_name(path: Path, language: Language) -> Path:
    """Return the name that the marked copy of a study has by default.

    Examples
    --------
    >>> marked_name(Path("so lieu.xlsm"), "vi").name, marked_name(Path("a.xlsx"), "en").name
    ('so lieu-danh-dau.xlsm', 'a-marked.xlsx')
    """
    ending = sentence("mark.ending", language)
    if path.is_dir():
        whole = path.resolve()
        return whole.with_name(f"{whole.name}-{ending}.xlsx")
    return path.with_name(f"{path.stem}-{ending}{path.suffix}")


def cannot_be_opened(path: Path, findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that says why a workbook cannot be opened, if one does."""
    return next((item for item in findings
                 if item.severity == "error" and item.code.startswith("file.")
                 and item.code != "file.missing" and item.place.file == path.name
                 and not (item.place.sheet or item.place.row or item.place.column)),
                None)  # fmt: skip


def check_target(
    path: str | os.PathLike[str],
    target: str | os.PathLike[str] | None,
    language: Language,
    *,
    overwrite: bool,
) -> Path:
    """Return the file that the marked copy will be; refuse, before any work, what would harm.

    Parameters
    ----------
    path, target, language, overwrite
        As in :func:`mark_findings`.

    Raises
    ------
    OutputError
        If it is the original, is there already, or has an ending with which Excel opens it not.
    FileNotFoundError
        If there is nothing at `path`.
    """
    source = Path(path)
    if not source.exists():
        raise FileNotFoundError(sentence("file.no_study", language, path=str(source)))
    copy = marked_name(source, language) if target is None else Path(target)
    ending = ".xlsx" if source.is_dir() else source.suffix.lower()
    known = source.is_dir() or ending in WORKBOOKS  # what is no study is refused by its reading
    if known and copy.suffix.lower() != ending and not copy.is_dir():
        _refuse("mark.suffix", language, name=copy.name, ending=ending)
    if copy.exists() and os.path.samefile(source, copy):
        _refuse("mark.same_file", language, name=copy.name)
    if not overwrite and not copy.is_dir():
        refuse_existing([copy], language)
    return copy


def _refuse(code: str, language: Language, **numbers: Any) -> NoReturn:
    raise OutputError(refusal_sentence(code, numbers, language), code=code, **numbers)


def _refuse_unopened(
    source: Path, language: Language, cause: Exception | None = None
) -> NoReturn:
    """Raise the finding that reading has for a workbook that cannot be opened."""
    found = study_findings(source, language)
    reason = cannot_be_opened(source, found)
    if reason is None:
        numbers = {"name": source.name, "reason": str(cause)}
        raise StudyError(refusal_sentence("mark.structure", numbers, language),
                         findings=found, code="mark.structure", **numbers) from cause  # fmt: skip
    raise StudyError(describe(reason, language), findings=(reason,), code=reason.code,
                     **reason.numbers) from cause  # fmt: skip


def _mark_workbook(
    source: Path, draft: Path, findings: Sequence[Finding], language: Language
) -> None:
    from sxsh_audit.forms.marking_workbook import mark_workbook

    reason = cannot_be_opened(source, findings)
    if reason is not None:
        raise StudyError(describe(reason, language), findings=(reason,), code=reason.code,
                         **reason.numbers)  # fmt: skip

    def heads() -> Mapping[str, int]:
        return heading_rows(source, language)

    try:
        mark_workbook(source, draft, findings, heads, language)
    except (NotXml, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError,
            UnicodeError) as error:  # fmt: skip
        _refuse_unopened(source, language, error)


def _mark_folder(
    source: Path, draft: Path, findings: Sequence[Finding], language: Language
) -> None:
    from sxsh_audit.forms.marking_csv import mark_folder

    files = typed_files(source, {item.place.file for item in findings})
    if not files:
        _refuse("mark.nothing", language, name=source.resolve().name)
    for file in files:
        if len(file.rows) > LAST_ROW:
            _refuse("mark.too_long", language, name=file.name, rows=len(file.rows), limit=LAST_ROW)
    mark_folder(files, draft, findings, language)
