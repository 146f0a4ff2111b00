"""The commands that tell the progress of a programme, and write its survey form."""

from __future__ import annotations

import argparse

from sxsh_audit.cli.commands import SCHEMA
from sxsh_audit.cli.main import DONE, print_json, write
from sxsh_audit.cli.progress import waiting
from sxsh_audit.cli.register_source import register_from
from sxsh_audit.cli.yearly_commands import typed_day, typed_year
from sxsh_audit.display.terminal import print_table
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

__all__ = ["programme_progress", "programme_survey"]


def programme_progress(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit programme progress``: :func:`sxsh_audit.programme_progress`."""
    from sxsh_audit.assessment.programmes import programme
    from sxsh_audit.assessment.province.progress import programme_progress as run

    year, cutoff = typed_year(options.year, language), typed_day(options.cutoff, language)
    chosen = programme(options.programme, language=language)
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
    with waiting(sentence("cli.assessing", language)):
        found = run(register, chosen, year, cutoff=cutoff, language=language)
    if options.json:
        print_json(found.to_dict())
    else:
        for table in found.tables(language):
            print_table(table)
    return DONE


def programme_survey(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit programme survey FILE``: :func:`sxsh_audit.forms.survey.write_survey_form`."""
    from sxsh_audit.forms.survey import write_survey_form

    path = write_survey_form(options.file, language, overwrite=options.overwrite)
    if options.json:
        print_json({**SCHEMA, "kind": "survey", "file": str(path)})
    else:
        write(sentence("cli.template_written", language, file=str(path)))
    return DONE
