"""Replies in the threads of new Excel: there it shows a cell's thread and not its comment."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sxsh_audit.forms.marking_cells import Cell, address, cell_of
from sxsh_audit.forms.marking_comments import AUTHOR, CellMark
from sxsh_audit.forms.marking_package import XML_HEAD, Package
from sxsh_audit.forms.marking_xml import Edits, escaped, tree

__all__ = ["with_replies"]

_SPACE = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_PERSON_TYPE = "application/vnd.ms-excel.person+xml"
_PERSON_LINK = "http://schemas.microsoft.com/office/2017/10/relationships/person"
_NAMES = uuid.uuid5(uuid.NAMESPACE_DNS, "sxsh-audit.threads")
_DAY = "2000-01-01T00:00:00.00"
"""Replies carry a time; a fixed one, so that the same input gives the same bytes."""


def with_replies(
    package: Package, sheet: str, cells: Mapping[Cell, CellMark], heading: str
) -> None:
    """Add our text as a reply to each thread of a marked cell."""
    part = package.related(sheet, "threadedComment")
    if not part:
        return
    content = package.read(part)
    root = tree(content.data)
    first: dict[Cell, str] = {}
    last: dict[Cell, str] = {}
    for node in root.all("threadedComment"):
        cell = cell_of(node.attributes.get("ref", ""))
        if cell and not node.attributes.get("parentId"):
            first.setdefault(cell, node.attributes.get("id", ""))
        if cell:
            last[cell] = max(last.get(cell, _DAY), node.attributes.get("dT", ""))
    answered = {cell: mark for cell, mark in cells.items() if first.get(cell)}
    if not answered:
        return
    person, edits, p = _person(package), Edits(), root.prefix
    for cell, mark in sorted(answered.items()):
        name = _guid(f"{sheet} {address(cell)} {mark.text}")
        if any(node.attributes.get("id", "").upper() == name for node in root.children):
            continue  # a copy of a copy: it is told already
        text = escaped(f"{heading}\n{mark.text}")
        edits.append(root, (
            f'<{p}threadedComment ref="{address(cell)}" dT="{last[cell]}" personId="{person}" '
            f'id="{name}" parentId="{first[cell]}"><{p}text>'
        ).encode() + text + f"</{p}text></{p}threadedComment>".encode())  # fmt: skip
    content.data = edits.made(content.data)
    package.write(part, content)


def _person(package: Package) -> str:
    """Return the id of the person in whose name we reply; add that person where needed."""
    part = package.related(package.workbook, "person")
    if not part:
        part = package.free_name("xl/persons/person", ".xml")
        package.write(part, XML_HEAD + f'<personList xmlns="{_SPACE}"></personList>'.encode())
        package.declare(part, _PERSON_TYPE)
        package.relate(package.workbook, _PERSON_LINK, part)
    content = package.read(part)
    root = tree(content.data)
    person = _guid(AUTHOR)
    if all(node.attributes.get("id", "").upper() != person for node in root.children):
        edits = Edits()
        edits.append(root, f'<{root.prefix}person displayName="{AUTHOR}" id="{person}" '
                           f'userId="{AUTHOR}" providerId="None"/>'.encode())  # fmt: skip
        content.data = edits.made(content.data)
        package.write(part, content)
    return person


def _guid(text: str) -> str:
    return "{" + str(uuid.uuid5(_NAMES, text)).upper() + "}"
