"""The whole report, chapter by chapter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sxsh_audit.display.table import Table
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.text import visible
from sxsh_audit.reports.chapters.appendices import Appendices
from sxsh_audit.reports.chapters.evaluation import Evaluation
from sxsh_audit.reports.chapters.feasibility import Feasibility
from sxsh_audit.reports.chapters.introduction import Introduction
from sxsh_audit.reports.chapters.options import Options
from sxsh_audit.reports.chapters.plan import Plan, Upkeep
from sxsh_audit.reports.chapters.savings import Savings
from sxsh_audit.reports.chapters.summary import Summary
from sxsh_audit.reports.chapters.telling import Telling
from sxsh_audit.reports.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Signatures,
    TableBlock,
)

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["about", "build_report", "harmless"]


def build_report(assessment: Assessment, language: Language = "vi") -> Document:
    """Return the report of an assessment.

    Parameters
    ----------
    assessment : Assessment
        What was found. The report holds what it holds, and names what it lacks.
    language : {"vi", "en"}
        Language of every text.

    Returns
    -------
    Document
        A summary of one page, the contents, chapters 1 and 2 by the ministry's outline, the
        others by the six steps of an assessment, appendices.

    Examples
    --------
    >>> from sxsh_audit import Study, assess
    >>> study = Study.from_totals("Xưởng đúc", output=("1000 tấn", "1000 tấn"),
    ...                           electricity=("1200000 kWh", "1100000 kWh"))
    >>> report = build_report(assess(study, programme="vn-qb-2384", phase="2016-2020"))
    >>> report.blocks[0].text
    'Tóm tắt'
    """
    language = check_language(language)
    view = Telling(assessment, language)
    parts = (Introduction, Evaluation, Savings, Options, Feasibility, Plan, Upkeep,
             Appendices)  # fmt: skip
    blocks: list[Block] = [*Summary(assessment, language).blocks(), PageBreak(), Contents()]
    for part in parts:
        blocks += [PageBreak(), *part(assessment, language).blocks()]
    document = Document("report", view.says("report.title"), view.title, language, tuple(blocks),
                        about(view))  # fmt: skip
    return harmless(document)


def about(view: Telling) -> dict[str, str]:
    """Say where a document comes from: version, files, factor set, seed, date of the report.

    Parameters
    ----------
    view : Telling
        Assessment and language.
    """
    result = view.result
    unknown = view.says("report.not_stated")
    seed = view.terms.get("seed")
    told = {
        view.says("report.about_version"):
            view.says("report.about_version_value", version=result.version),
        view.says("report.about_date"): view.day(result.study["report_date"]) or unknown,
        view.says("report.about_factor_set"): str(result.settings["factor_set"] or unknown),
        view.says("report.about_seed"): unknown if seed is None else str(seed),
    }  # fmt: skip
    for name, digest in result.study["files"].items():
        told[view.says("report.about_file", name=visible(name))] = str(digest)
    return told


def harmless(document: Document) -> Document:
    """Return the document with every letter that cannot be seen written as an escape.

    Names that a plant typed may hold letters that turn the direction of writing, or that steer
    what reads them; no renderer has to think of it.

    Parameters
    ----------
    document : Document
        Any document.
    """
    return replace(
        document, title=visible(document.title), subtitle=visible(document.subtitle),
        blocks=tuple(_harmless(block) for block in document.blocks),
    )  # fmt: skip


def _harmless(block: Block) -> Block:
    if isinstance(block, Heading | Paragraph):
        return replace(block, text=visible(block.text))
    if isinstance(block, Bullets):
        return replace(block, items=tuple(visible(item) for item in block.items))
    if isinstance(block, Facts):
        return Facts(tuple((visible(a), visible(b)) for a, b in block.rows))
    if isinstance(block, Figure):
        return replace(block, caption=visible(block.caption), alt=visible(block.alt))
    if isinstance(block, Signatures):
        return Signatures(tuple(visible(role) for role in block.roles))
    if isinstance(block, TableBlock):
        return replace(block, table=_harmless_table(block.table))
    return block


def _harmless_table(table: Table) -> Table:
    rows = tuple(tuple(visible(cell, lines=True) for cell in row) for row in table.rows)
    return replace(table, title=visible(table.title), rows=rows,
                   notes=tuple(visible(note, lines=True) for note in table.notes))  # fmt: skip
