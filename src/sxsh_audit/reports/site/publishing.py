"""Publish a programme as a section of a web site: a folder of static pages."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.files.replacing_folder import replacing_folder
from sxsh_audit.language.formatting import LANGUAGES, Language, check_language
from sxsh_audit.reports.site.rendering import needs_jinja, shipped

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme
    from sxsh_audit.assessment.province.progress import RegisterHolder
    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
    from sxsh_audit.assessment.results import Assessment
    from sxsh_audit.reports.site.cases import Case
    from sxsh_audit.reports.site.overview import Overview
    from sxsh_audit.tables.register import Register

__all__ = ["MARK", "publish"]

MARK = "site.json"
"""File that lists the files of a site, by which a later publication knows them for its own."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="6" fill="#0b5a78"/><path d="M7 9v14h18M11 13l5 5 3-3 5 5" fill="none" stroke="#fff" '
    'stroke-width="2.5"/></svg>\n'
)


def publish(
    register: Register | RegisterHolder, folder: str | os.PathLike[str], *, programme: str,
    year: int, assessments: Iterable[Assessment] | None = None,
    establishments: Mapping[str, str] | None = None,
    options: str | os.PathLike[str] | None = None, languages: Sequence[Language] = LANGUAGES,
    minimum: int = 3, cutoff: dt.date | None = None,
    overwrite: bool = False, language: Language = "vi",
) -> Path:
    """Publish a programme as a folder of static pages, to be put on a web server or a memory stick.

    Parameters
    ----------
    register : Register or Store
        The records of the programme.
    folder : path
        Where to; made where it does not exist.
    programme : str
        Id of the programme, or a TOML file of the user's own.
    year : int
        Calendar year.
    assessments : iterable of Assessment, optional
        Studies that are chosen for publication. A plant has a page only where its study is among
        them *and* it agreed: to that study, else in general (``publish`` of the register).
        Without them those studies of a store of which the establishment said yes.
    establishments : mapping of str to str, optional
        Establishment of the register by plant of a study; by default they have the same code.
    options : path, optional
        Results of recommendations elsewhere by their full codes, see
        ``sxsh_audit.reports.site.options.read_coded_results``.
    languages : sequence of {"vi", "en"}
        Languages of the site, the first one first.
    minimum : int
        Least number of establishments behind a published sum. [-]
    cutoff : date, optional
        Last day that counts; by default 31 December of `year`.
    overwrite : bool
        Whether an earlier site in `folder` is replaced; files that are not of it are never
        touched.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    pathlib.Path
        `folder`; open ``index.html`` in it.

    Raises
    ------
    Refusal
        If Jinja2 is not installed or the file of results cannot be used.
    OutputError
        If the folder holds other files, is there and may not be replaced, or cannot be written.
    ProgrammeError
        If there is no such programme.

    Notes
    -----
    The same records give the same files, Parquet aside. The pages load nothing from elsewhere
    and run nothing but their own script; sums that would give an establishment away, also to a
    reader who knows the published cases, are withheld (``sxsh_audit.calc.disclosure``).

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from sxsh_audit.tables.register import Register
    >>> register = Register.from_frames(
    ...     establishments=pd.DataFrame({"establishment": ["A"], "name": ["Xưởng A"]}))
    >>> site = publish(register, Path(tempfile.mkdtemp()) / "web", programme="vn-qb-2384",
    ...                year=2015, languages=["en"])
    >>> "Xưởng A" in (site / "en" / "index.html").read_text(encoding="utf-8")
    False
    """
    from sxsh_audit import __version__
    from sxsh_audit.assessment.programmes import programme as programme_by_id
    from sxsh_audit.assessment.province.assessed import with_assessments
    from sxsh_audit.assessment.province.progress import programme_progress, register_of
    from sxsh_audit.reports.site.cases import published_cases
    from sxsh_audit.reports.site.consent import agreed_studies, consents_of
    from sxsh_audit.reports.site.downloads import describe_files, write_data
    from sxsh_audit.reports.site.exported import data_files
    from sxsh_audit.reports.site.options import read_coded_results
    from sxsh_audit.reports.site.pages import Gathered, pages, rendered, start_page

    check_language(language)
    chosen = tuple(dict.fromkeys(check_language(one) for one in languages)) or LANGUAGES
    needs_jinja(language)
    records, consents = register_of(register), consents_of(register)
    if assessments is None:
        studies = agreed_studies(register, consents)
    else:
        studies = tuple(assessments)
        records = with_assessments(records, studies, establishments)
    law = programme_by_id(programme, language=language)
    coded = None if options is None else read_coded_results(options, language=language)
    cases = published_cases(records, studies, establishments, consents,
                            only_agreed=assessments is None)
    progress = programme_progress(records, law, year, cutoff=cutoff, language=language)
    overview = protected_overview(records, law, progress, cases, minimum, language)
    shown = Gathered(law, overview, cases, coded, chosen, minimum, __version__)
    data = data_files(shown)
    with replacing_folder(folder, MARK, overwrite=overwrite, language=language) as draft:
        for name in ("assets", "data", *chosen):
            (draft / name).mkdir()
        written = write_data(data, draft / "data")
        files = {one: describe_files(data, written, one) for one in chosen}
        for one in chosen:
            for name, text in rendered(shown, tuple(pages(shown, files, one)), one):
                _write(draft / one / name, text)
        _write(draft / "index.html", start_page(chosen))
        _write(draft / "assets" / "style.css", _style())
        _write(draft / "assets" / "script.js", shipped("script.js"))
        _write(draft / "assets" / "icon.svg", ICON)
    return Path(folder)


def protected_overview(
    register: Register, law: Programme, progress: ProgrammeProgress, cases: Sequence[Case],
    minimum: int, language: Language,
) -> Overview:
    """Return what the first page shows, protected against the reader who knows the cases."""
    from sxsh_audit.reports.site.overview import Overview
    from sxsh_audit.reports.site.protected import resource_savings, target_counts

    targets, groups = target_counts(register, progress, {case.code for case in cases},
                                    minimum=minimum, language=language)  # fmt: skip
    known = [(case.code, str(case.part.study["study"])) for case in cases]
    savings = resource_savings(register, progress, known, minimum=minimum)
    return Overview(law, progress.settings, targets, groups, savings, minimum)


def _style() -> str:
    """Return the style sheet: that of the reports, with what a site needs besides."""
    from importlib.resources import files

    page = files("sxsh_audit.reports").joinpath("page.css").read_text(encoding="utf-8")
    return page + shipped("style.css")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
