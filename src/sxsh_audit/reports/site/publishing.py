"""Publish a programme as a section of a web site: a folder of static pages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.files.replacing_folder import replacing_folder
from sxsh_audit.language.formatting import LANGUAGES, Language, check_language
from sxsh_audit.reports.site.rendering import needs_jinja, shipped

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment
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
    register: Any, folder: str | os.PathLike[str], *, programme: str, year: int,
    assessments: Iterable[Assessment] = (), establishments: Mapping[str, str] | None = None,
    options: str | os.PathLike[str] | None = None, languages: Sequence[Language] = LANGUAGES,
    minimum: int = 3, overwrite: bool = False, language: Language = "vi",
) -> Path:
    """Publish a programme as a folder of static pages."""
    from sxsh_audit import __version__
    from sxsh_audit.assessment.programmes import programme as programme_by_id
    from sxsh_audit.reports.site.cases import published_cases
    from sxsh_audit.reports.site.downloads import describe_files, write_data
    from sxsh_audit.reports.site.exported import data_files
    from sxsh_audit.reports.site.options import read_coded_results
    from sxsh_audit.reports.site.overview import Overview
    from sxsh_audit.reports.site.pages import Gathered, pages, rendered, start_page

    check_language(language)
    chosen = tuple(dict.fromkeys(check_language(one) for one in languages)) or LANGUAGES
    needs_jinja(language)
    records: Register = register.register() if hasattr(register, "register") else register
    law = programme_by_id(programme, language=language)
    coded = None if options is None else read_coded_results(options, language=language)
    cases = published_cases(records, assessments, establishments)
    shown = Gathered(law, Overview(law, year), cases, coded, chosen, minimum, __version__)
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


def _style() -> str:
    """Return the style sheet: that of the reports, with what a site needs besides."""
    from importlib.resources import files

    page = files("sxsh_audit.reports").joinpath("page.css").read_text(encoding="utf-8")
    return page + shipped("style.css")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
