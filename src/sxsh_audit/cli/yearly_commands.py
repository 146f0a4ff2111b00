"""The command that writes the yearly report of a programme."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.cli.document_commands import NAMES, listed, output_folder, tell
from sxsh_audit.cli.progress import waiting
from sxsh_audit.cli.register_source import register_from
from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import refuse_existing, replacing_all
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.periods import parse_period

if TYPE_CHECKING:
    from sxsh_audit.tables.register import Register

__all__ = ["USUAL", "programme_report", "report_files", "typed_day", "typed_year", "write_files"]

USUAL = "docx,html,xlsx"
"""What is written unless something else is asked for."""


def programme_report(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit programme report``: :func:`sxsh_audit.programme_report`."""
    from sxsh_audit.reports.province.yearly import YEARLY_FORMATS

    known = [one.lstrip(".") for one in YEARLY_FORMATS]
    endings = listed(options.format or USUAL, USUAL, known, language)
    if options.template and "docx" not in endings:
        raise _refused("documents.template", language, name=options.template)
    year = typed_year(options.year, language)
    cutoff = typed_day(options.cutoff, language)
    files = report_files(options.out, year, endings, language, overwrite=options.overwrite)
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
    write_files(files, register, options.programme, year, cutoff, language,
                template=options.template, overwrite=options.overwrite)  # fmt: skip
    return tell(files, options, language)


def report_files(
    out: str, year: int, endings: Sequence[str], language: Language, *, overwrite: bool
) -> list[Path]:
    """Return the files of a yearly report; what is there and may not be replaced is refused."""
    folder = output_folder(out, language)
    files = [folder / f"{NAMES['yearly'][language]}-{year}.{ending}" for ending in endings]
    if not overwrite:
        refuse_existing(files, language)
    return files


def write_files(
    files: Sequence[Path], register: Register, programme: str, year: int, cutoff: dt.date | None,
    language: Language, *, template: str | None = None, overwrite: bool = False,
) -> None:
    """Count the progress and write it into all files, or into none."""
    from sxsh_audit.assessment.province.progress import programme_progress
    from sxsh_audit.reports.province.yearly import write_yearly

    with waiting(sentence("cli.assessing", language)):
        progress = programme_progress(register, programme, year, cutoff=cutoff,
                                      language=language)  # fmt: skip
    with (
        waiting(sentence("cli.writing", language)),
        replacing_all(files[0].parent, overwrite=overwrite, language=language) as draft,
    ):
        for path in files:
            write_yearly(progress, register, draft / path.name, language=language,
                         template=template if path.suffix == ".docx" else None)  # fmt: skip


def typed_year(typed: str, language: Language) -> int:
    """Return a year as it was typed."""
    if not (typed.isascii() and typed.isdigit() and 1900 <= int(typed) <= 2199):
        raise _refused("yearly_cli.year", language, name=typed)
    return int(typed)


def typed_day(typed: str | None, language: Language) -> dt.date | None:
    """Return a day as it was typed, if one was."""
    if typed is None:
        return None
    # a Vietnamese command reads 15/11/2018 as it is written there; an English one refuses it
    period = parse_period(typed, "vi" if language == "vi" else "auto", language=language)
    if period.days != 1:
        raise _refused("yearly_cli.day", language, name=typed)
    return period.end


def _refused(code: str, language: Language, **numbers: object) -> Refusal:
    return Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
