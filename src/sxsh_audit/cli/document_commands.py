"""The commands that write documents: report, slides, charts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.cli.commands import SCHEMA
from sxsh_audit.cli.main import DONE, print_json
from sxsh_audit.cli.progress import waiting
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.terminal import print_table
from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import refuse_existing, replacing_all
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["NAMES", "charts", "listed", "output_folder", "report", "slides", "tell"]

NAMES = {
    "report": {"vi": "bao-cao", "en": "report"},
    "acceptance": {"vi": "bien-ban-nghiem-thu", "en": "acceptance-record"},
    "minutes": {"vi": "bien-ban-lam-viec", "en": "minutes"},
    "slides": {"vi": "trinh-bay", "en": "slides"},
    "yearly": {"vi": "bao-cao-nam", "en": "yearly-report"},
}
"""Names of the files; plain letters, so that every system and every mail takes them."""


def report(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit report PATH --out DIR``: :func:`sxsh_audit.write_report`."""
    from sxsh_audit.reports.writing import DOCUMENTS, FORMATS, write_report, write_slides

    endings = listed(options.format, "docx", [one.lstrip(".") for one in FORMATS], language)
    kinds = listed(options.document, "report", list(DOCUMENTS), language)
    if options.template and "docx" not in endings:
        numbers = {"name": options.template}
        raise Refusal(refusal_sentence("documents.template", numbers, language),
                      code="documents.template", **numbers)  # fmt: skip
    # A template is of one document: the report, or whichever comes first without one.
    templated = "report" if "report" in kinds else kinds[0]
    folder = output_folder(options.out, language)
    wanted = [(kind, f"{NAMES[kind][language]}.{ending}")
              for kind in kinds for ending in endings
              # The results are the same whatever the document.
              if kind == kinds[0] or ending != "xlsx"]  # fmt: skip
    names = [name for _, name in wanted]
    if options.slides:
        names.append(f"{NAMES['slides'][language]}.pptx")
    files = [folder / name for name in names]
    if not options.overwrite:  # before the study is read, which takes seconds
        refuse_existing(files, language)
    result = _assessed(options, language)
    # All of them or none: a set of which one is of last month is worse than no set.
    with (
        waiting(sentence("cli.writing", language)),
        replacing_all(folder, overwrite=options.overwrite, language=language) as draft,
    ):
        for kind, name in wanted:
            template = options.template if name.endswith(".docx") and kind == templated else None
            write_report(result, draft / name, language=language, document=kind,
                         template=template)  # fmt: skip
        if options.slides:
            write_slides(result, draft / names[-1], language=language)
    return tell(files, options, language)


def slides(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit slides PATH --out DIR``: :func:`sxsh_audit.write_slides`."""
    from sxsh_audit.reports.writing import write_slides

    folder = output_folder(options.out, language)
    path = folder / f"{NAMES['slides'][language]}.pptx"
    if not options.overwrite:
        refuse_existing([path], language)
    result = _assessed(options, language)
    with (
        waiting(sentence("cli.writing", language)),
        replacing_all(folder, overwrite=options.overwrite, language=language) as draft,
    ):
        write_slides(result, draft / path.name, language=language)
    return tell([path], options, language)


def charts(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit charts PATH --out DIR``: :func:`sxsh_audit.write_charts`."""
    from sxsh_audit.reports.chart_folder import write_charts
    from sxsh_audit.reports.chart_plan import PLANTS_DRAWN, plants_of

    folder = output_folder(options.out, language)
    result = _assessed(options, language)
    with waiting(sentence("cli.writing", language)):
        written = write_charts(result, folder, language=language, overwrite=options.overwrite)
    plants = len(plants_of(result))
    note = (sentence("cli.charts_none", language, plants=plants, most=PLANTS_DRAWN)
            if plants > PLANTS_DRAWN else "")  # fmt: skip
    return tell(written, options, language, note)


# -- parts --------------------------------------------------------------------------------------


def _assessed(options: argparse.Namespace, language: Language) -> Assessment:
    """Read and assess the study; what blocks it is refused as by ``assess``."""
    from sxsh_audit.assessment.assess import assess
    from sxsh_audit.tables.reading import read_study

    with waiting(sentence("cli.reading", language)):
        study = read_study(options.path, language=language)
    with waiting(sentence("cli.assessing", language)):
        return assess(study, programme=options.programme, phase=options.phase,
                      language=language)  # fmt: skip


def output_folder(typed: str, language: Language) -> Path:
    """Return the folder that was typed; a file of that name is refused."""
    folder = Path(typed)
    if folder.exists() and not folder.is_dir():
        numbers = {"path": typed}
        raise Refusal(refusal_sentence("cli.out_is_file", numbers, language),
                      code="cli.out_is_file", **numbers)  # fmt: skip
    return folder


def listed(typed: str, default: str, known: Sequence[str], language: Language) -> list[str]:
    """Return the words of a list such as ``docx,pdf``; another word is refused."""
    words = {word.strip(): word.strip().lower().removeprefix(".")
             for word in typed.split(",") if word.strip()}  # fmt: skip
    for as_typed, word in words.items():
        if word not in known:
            numbers = {"name": as_typed, "known": list(known)}
            raise Refusal(refusal_sentence("documents.kind", numbers, language),
                          code="documents.kind", **numbers)  # fmt: skip
    return list(dict.fromkeys(words.values())) or [default]


def tell(
    files: Sequence[Path], options: argparse.Namespace, language: Language, note: str = ""
) -> int:
    """Say which files were written, and what should be known of them."""
    if options.json:
        print_json({**SCHEMA, "kind": "written", "files": [str(path) for path in files]})
        return DONE
    columns = (Column("file", sentence("cli.written", language)),)
    print_table(Table("", columns, tuple((str(path),) for path in files),
                      (note,) if note else ()))  # fmt: skip
    return DONE
