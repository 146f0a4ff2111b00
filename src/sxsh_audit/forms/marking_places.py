"""From findings to what is told at each cell: severities in words, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sxsh_audit.findings import SEVERITIES, Finding, Severity
from sxsh_audit.forms.marking_cells import Cell, cell_of
from sxsh_audit.forms.marking_comments import CellMark
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences, sentence

__all__ = ["Places", "SheetPlaces", "cell_mark", "joined", "places_of"]

MOST_TOLD, LONGEST = 8, 700
"""Findings told in one comment, and letters of one of them; more is not read in a box."""

_UNDERLINE = re.compile(r"\n *\^+ *(?=\n|$)")
"""Marks under the part of a text that is meant: they need letters of one width."""


@dataclass(slots=True)
class SheetPlaces:
    """Findings of one sheet by where they belong."""

    cells: dict[Cell, list[Finding]] = field(default_factory=dict)
    rows: dict[int, list[Finding]] = field(default_factory=dict)
    whole: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Places:
    """Findings by sheet, and those that belong to none."""

    sheets: dict[str, SheetPlaces] = field(default_factory=dict)
    study: list[Finding] = field(default_factory=list)

    def sheet(self, name: str) -> SheetPlaces:
        """Return the findings of a sheet."""
        return self.sheets.setdefault(name, SheetPlaces())


def places_of(findings: Iterable[Finding], file: str, sheets: Iterable[str]) -> Places:
    """Sort the findings of a workbook by where they belong.

    Parameters
    ----------
    findings : iterable of Finding
        What was found.
    file : str
        Name of the workbook; what was found in another file belongs to the study as a whole.
    sheets : iterable of str
        Names of its sheets.
    """
    names = {name.casefold(): name for name in sheets}
    found = Places()
    for item in findings:
        place = item.place
        name = names.get(place.sheet.casefold(), "")
        if not name or (place.file and place.file != file):
            found.study.append(item)
            continue
        there, cell = found.sheet(name), cell_of(place.cell)
        if cell is not None:
            there.cells.setdefault(cell, []).append(item)
        elif place.row > 0:
            there.rows.setdefault(place.row, []).append(item)
        else:
            there.whole.append(item)
    return found


def cell_mark(
    findings: Sequence[Finding], language: Language, *, row: int = 0, lines: Sequence[str] = ()
) -> CellMark:
    """Return what is told at one cell.

    Parameters
    ----------
    findings : sequence of Finding
        All that belongs to the cell.
    language : {"vi", "en"}
        Language of the sentences.
    row : int
        Row of the cell: a finding of another row says of which, and the study's 0 says where.
    lines : sequence of str
        Further lines below.
    """
    ranked = sorted(findings, key=lambda item: SEVERITIES.index(item.severity))
    told: dict[tuple[str, str], None] = {}
    for item in ranked:
        told.setdefault(_paragraph(item, language, row))
    paragraphs = list(told)
    left = len(paragraphs) - MOST_TOLD
    if left > 0:
        more = sentence("mark.more", language, count=left)
        paragraphs = [*paragraphs[:MOST_TOLD], ("…", more)]
    word = _word("note", language)
    paragraphs += [(word, line) for line in lines]
    return CellMark(ranked[0].severity if ranked else "note", tuple(paragraphs))


def joined(first: CellMark | None, second: CellMark) -> CellMark:
    """Return what two tell at one cell."""
    if first is None:
        return second
    severity = min(first.severity, second.severity, key=SEVERITIES.index)
    return CellMark(severity, (*first.paragraphs, *second.paragraphs))


def _paragraph(item: Finding, language: Language, row: int) -> tuple[str, str]:
    rule, fix = finding_sentences(item, language)
    rule = _UNDERLINE.sub("", rule)
    where = _where(item, language, row)
    text = f"{where}: {rule}" if where else rule[:1].upper() + rule[1:]
    if fix:
        text = f"{text}\n{sentence('words.fix', language)} {fix}"
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rstrip() + "…"
    return _word(item.severity, language), text


def _word(severity: Severity, language: Language) -> str:
    word = sentence(f"result.severity_{severity}", language)
    return f"{word[:1].upper()}{word[1:]}:"


def _where(item: Finding, language: Language, row: int) -> str:
    """Say where a finding belongs that does not stand in the row of its comment."""
    place, parts = item.place, []
    if not row:
        parts += [place.file] if place.file and (place.row or place.sheet) else []
        parts += [place.sheet] if place.sheet else []
    if place.facility:
        parts.append(place.facility)
    if place.resource:
        parts.append(sentence("cli.resource", language, resource=place.resource))
    if place.row and place.row != row:
        parts.append(sentence("words.row", language, row=place.row))
    if place.column and not row:
        parts.append(sentence("words.column", language, column=place.column))
    if item.value and not row:
        parts.append(f"`{item.value}`")
    return ", ".join(parts)
