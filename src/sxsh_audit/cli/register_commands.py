"""The commands of the register: its workbook, its faults, reports merged into it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.cli.commands import SCHEMA, finding_table
from sxsh_audit.cli.main import DONE, print_json, told, write
from sxsh_audit.cli.progress import waiting
from sxsh_audit.cli.register_source import register_from
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.terminal import print_table
from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import refuse_existing
from sxsh_audit.language.formatting import Language, format_date
from sxsh_audit.language.messages import refusal_sentence, sentence

if TYPE_CHECKING:
    from sxsh_audit.findings import Finding
    from sxsh_audit.tables.register import Register
    from sxsh_audit.tables.register_merging import MergedReports

__all__ = ["register_check", "register_merge", "register_template"]


def register_template(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit register template FILE``: :func:`sxsh_audit.write_register_template`."""
    from sxsh_audit.forms.register_form import write_register_template

    laid_out = register_from(options.register, language) if options.register else None
    path = write_register_template(
        options.out, language=language, programme=options.programme, agency=options.agency,
        year=_year(options.year, language), register=laid_out, overwrite=options.overwrite,
    )  # fmt: skip
    if options.json:
        print_json({**SCHEMA, "kind": "register_template", "path": str(path)})
    else:
        write(sentence("register_cli.written", language, path=str(path)))
    return DONE


def register_check(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit register check REGISTER``: :func:`sxsh_audit.read_register`."""
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
    counts = _counts(register)
    if options.json:
        print_json({**SCHEMA, "kind": "register_check", "blocked": False, "records": counts,
                    "findings": [told(item, language) for item in register.findings]})
        return DONE
    columns = (Column("table", sentence("register_cli.table", language)),
               Column("records", sentence("register_cli.records", language)))  # fmt: skip
    rows = [(sentence("register_cli.name", language, table=name), str(count))
            for name, count in counts.items()]  # fmt: skip
    print_table(Table("", columns, tuple(rows)))
    _print_findings(register.findings, language)
    return DONE


def register_merge(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit register merge REGISTER REPORT…``: :func:`sxsh_audit.merge_reports`."""
    from sxsh_audit.forms.register_form import write_register
    from sxsh_audit.tables.register_merging import merge_reports
    from sxsh_audit.tables.register_reading import read_register

    if options.out and not options.overwrite:
        refuse_existing([Path(options.out)], language)
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
        reports = [read_register(path, language=language) for path in options.reports]
    merged = merge_reports(register, reports, year=_year(options.year, language),
                           language=language)  # fmt: skip
    if options.out:
        write_register(merged.register, options.out, language=language,
                       overwrite=options.overwrite)  # fmt: skip
    if options.json:
        print_json({**SCHEMA, "kind": "register_merge", "records": _counts(merged.register),
                    "missing": _plain(merged.missing), "late": _plain(merged.late),
                    "twice": _plain(merged.twice[["table", "why", "first", "second"]]),
                    "out": options.out,
                    "findings": [told(item, language) for item in merged.findings]})  # fmt: skip
        return DONE
    _print_merged(merged, language)
    if options.out:
        write(sentence("register_cli.written", language, path=options.out))
    return DONE


def _print_merged(merged: MergedReports, language: Language) -> None:
    agency = Column("agency", sentence("register_cli.agency", language))
    missing = tuple((text,) for text in merged.missing["agency"])
    if missing:
        print_table(Table(sentence("register_cli.missing", language), (agency,), missing))
    late = tuple((row["agency"], format_date(row["received"], language))
                 for row in merged.late.to_dict("records"))  # fmt: skip
    if late:
        received = Column("received", sentence("register_cli.received", language))
        print_table(Table(sentence("register_cli.late", language), (agency, received), late))
    # Who is missing stands above.
    _print_findings([item for item in merged.findings
                     if item.code not in ("merge.missing", "merge.late")], language)  # fmt: skip
    write(sentence("register_cli.merged", language, missing=len(missing), late=len(late),
                   twice=len(merged.twice)))  # fmt: skip


def _print_findings(findings: Sequence[Finding], language: Language) -> None:
    if findings:
        print_table(finding_table(findings, language))


def _counts(register: Register) -> dict[str, int]:
    from sxsh_audit.tables.schema import REGISTER_TABLES

    return {name: len(register.tables[name]) for name in REGISTER_TABLES}


def _plain(frame: Any) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON types: days as ``2014-11-24``."""
    return [{key: value if isinstance(value, (int, str)) else str(value)
             for key, value in row.items()} for row in frame.to_dict("records")]  # fmt: skip


def _year(text: str | None, language: Language) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        numbers = {"value": text}
        raise Refusal(refusal_sentence("register_cli.year", numbers, language),
                      code="register_cli.year", **numbers)  # fmt: skip
    return int(text)
