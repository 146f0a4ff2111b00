"""The command that writes the yearly report of a programme."""

from __future__ import annotations

import argparse
import datetime as dt

from sxsh_audit.cli.document_commands import NAMES, listed, output_folder, tell
from sxsh_audit.cli.progress import waiting
from sxsh_audit.cli.register_source import register_from
from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import refuse_existing, replacing_all
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.periods import parse_period

__all__ = ["programme_report", "typed_day", "typed_year"]

USUAL = "docx,html,xlsx"
"""What is written unless something else is asked for."""


def programme_report(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit programme report``: :func:`sxsh_audit.programme_report`."""
    from sxsh_audit.assessment.province.progress import programme_progress
    from sxsh_audit.reports.province.yearly import YEARLY_FORMATS, write_yearly

    known = [one.lstrip(".") for one in YEARLY_FORMATS]
    endings = listed(options.format or USUAL, USUAL, known, language)
    if options.template and "docx" not in endings:
        raise _refused("documents.template", language, name=options.template)
    year = typed_year(options.year, language)
    cutoff = typed_day(options.cutoff, language)
    folder = output_folder(options.out, language)
    files = [folder / f"{NAMES['yearly'][language]}-{year}.{ending}" for ending in endings]
    if not options.overwrite:
        refuse_existing(files, language)
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
    with waiting(sentence("cli.assessing", language)):
        progress = programme_progress(register, options.programme, year, cutoff=cutoff,
                                      language=language)  # fmt: skip
    with (
        waiting(sentence("cli.writing", language)),
        replacing_all(folder, overwrite=options.overwrite, language=language) as draft,
    ):
        for path in files:
            template = options.template if path.suffix == ".docx" else None
            write_yearly(progress, register, draft / path.name, language=language,
                         template=template)  # fmt: skip
    return tell(files, options, language)


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
