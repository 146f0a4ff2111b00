"""The text of a small report, in both languages, as it is read aloud.

A change of a sentence shows here as a change of the text. To take the new text over after
reading it: ``python tests/golden/test_report_golden.py`` from the root, then look at the diff.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import pytest

import sxsh_audit as sx
from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.reports.chapters import build_acceptance, build_minutes, build_report
from sxsh_audit.reports.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Signatures,
    TableBlock,
    numbered,
)

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DATA = Path(__file__).parent / "data"
CASES = {
    "report": ("giay-bao-goi", build_report),
    "acceptance": ("det-nhuom", build_acceptance),
    "minutes": ("tinh-bot-san", build_minutes),
}


def lines(block: Block, number: str) -> list[str]:
    """Return a block as plain lines."""
    if isinstance(block, Heading):
        return ["", f"{'#' * block.level} {number} {block.text}".replace("  ", " ")]
    if isinstance(block, Paragraph):
        return [f"[{block.tone}] {block.text}"]
    if isinstance(block, Bullets):
        return [f"{place}. {item}" if block.ordered else f"- {item}"
                for place, item in enumerate(block.items, 1)]  # fmt: skip
    if isinstance(block, Facts):
        return [f"{label}: {value}" for label, value in block.rows]
    if isinstance(block, TableBlock):
        cells = [[column.heading for column in block.table.columns], *block.table.rows]
        rows = [" | ".join(cell.replace("\n", " / ") for cell in row) for row in cells]
        return [f"{number}. {block.table.title}", *rows, *(f"* {n}" for n in block.table.notes)]
    if isinstance(block, Figure):
        return [f"{number}. {block.caption} ({block.alt})"]
    if isinstance(block, Signatures):
        return [" | ".join(block.roles)]
    return [f"--- {type(block).__name__}"]


def read_aloud(document: Document) -> str:
    """Return a document as text; hashes of files are of no interest to a reader."""
    told = [f"{document.title}: {document.subtitle}"]
    for block, number in numbered(document):
        told += lines(block, number)
    return re.sub(r"\b[0-9a-f]{64}\b", "…", "\n".join(told)) + "\n"


def text_of(case: str, language: Language) -> str:
    """Build the document of a case."""
    example, build = CASES[case]
    found = sx.assess(sx.read_study(EXAMPLES / example, language=language), language=language)
    return read_aloud(build(found, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_the_text_is_the_one_that_was_read(case: str, language: str) -> None:
    kept = (DATA / f"{case}_text.{language}.txt").read_text(encoding="utf-8")
    assert text_of(case, cast(Language, language)) == kept


if __name__ == "__main__":
    for one in CASES:
        for spoken in LANGUAGES:
            file = DATA / f"{one}_text.{spoken}.txt"
            file.write_text(text_of(one, spoken), encoding="utf-8", newline="\n")
