"""The command that publishes a programme as a web site."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sxsh_audit.cli.commands import SCHEMA
from sxsh_audit.cli.document_commands import output_folder, tell
from sxsh_audit.cli.main import DONE, print_json, write
from sxsh_audit.cli.progress import waiting
from sxsh_audit.cli.register_source import opened_source
from sxsh_audit.cli.yearly_commands import (
    USUAL,
    report_files,
    typed_day,
    typed_year,
    write_files,
)
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.language.messages import refusal_sentence, sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["publish"]


def publish(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit publish REGISTER --out DIR``: :func:`sxsh_audit.publish`."""
    from sxsh_audit.assessment.province.progress import register_of
    from sxsh_audit.reports.site.publishing import publish as published

    year = typed_year(options.year, language)
    cutoff = typed_day(options.cutoff, language)
    if not (options.minimum.isascii() and options.minimum.isdigit() and int(options.minimum)):
        numbers = {"name": options.minimum}
        raise Refusal(refusal_sentence("site.minimum", numbers, language), code="site.minimum",
                      **numbers)  # fmt: skip
    folder = output_folder(options.out, language)
    reports = report_files(options.report, year, USUAL.split(","), language,
                           overwrite=options.overwrite) if options.report else []  # fmt: skip
    languages = (options.only,) if options.only else LANGUAGES
    studies = tuple(_assessed(path, language) for path in options.study)
    with opened_source(options.source, language) as source, waiting(
        sentence("cli.writing", language)
    ):
        site = published(
            source, folder, programme=options.programme, year=year, cutoff=cutoff,
            assessments=studies or None, options=options.options, languages=languages,
            minimum=int(options.minimum), overwrite=options.overwrite, language=language,
        )  # fmt: skip
        if reports:
            write_files(reports, register_of(source), options.programme, year, cutoff, language,
                        overwrite=options.overwrite)  # fmt: skip
    start = site / "index.html"
    if options.json:
        print_json({**SCHEMA, "kind": "written", "files": [str(start), *map(str, reports)]})
        return DONE
    write(sentence("site.written", language, path=str(start)))
    return tell(reports, options, language) if reports else DONE


def _assessed(path: str, language: Language) -> Assessment:
    from sxsh_audit.assessment.assess import assess
    from sxsh_audit.tables.reading import read_study

    with waiting(sentence("cli.assessing", language)):
        return assess(read_study(path, language=language), language=language)
