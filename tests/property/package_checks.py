"""What the standard of workbooks asks of a package, checked without the code under test.

Excel offers to repair a file that breaks one of these rules: order of the elements of a sheet
(ECMA-376 part 1, 18.3.1.99), unique ids, links that lead somewhere, counts that are true, a box
for each comment and a comment for each box.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from marked_books import parts
from openpyxl.utils.cell import coordinate_to_tuple

ORDER = tuple(
    """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
    protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins
    pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors
    smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls
    webPublishItems tableParts extLst
    """.split()  # noqa: SIM905 - as the standard lists them
)
X = "{urn:schemas-microsoft-com:office:excel}"


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element if local(child) == name]


def find(element: ElementTree.Element, *path: str) -> ElementTree.Element:
    for name in path:
        element = children(element, name)[0]
    return element


def links(files: dict[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Return kind and target by id, and check that each leads to a part."""
    folder, name = posixpath.split(part)
    data = files.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, tuple[str, str]] = {}
    for link in ElementTree.fromstring(data) if data else ():
        if link.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", folder, link.attrib["Target"])).lstrip("/")
        assert target in files, (part, target)
        assert link.attrib["Id"] not in found, "ids of links are unique"
        found[link.attrib["Id"]] = (link.attrib["Type"].rpartition("/")[2], target)
    return found


def check_package(path: Path) -> None:
    """Assert everything that Excel would repair."""
    files = parts(path)
    _check_types(files)
    styles = _check_styles(files)
    shape_ids: list[bytes] = []
    for name, data in files.items():
        if name.endswith(".rels"):
            folder, base = posixpath.split(name)
            links(files, posixpath.join(posixpath.dirname(folder), base[:-5]))
        if name.endswith(".vml"):
            ids = re.findall(rb'<[\w.]+:shape id="_x0000_s(\d+)"', data)
            shape_ids += ids
            listed = re.search(rb'data="([\d,]+)"', data)
            assert listed is not None
            blocks = {int(block) for block in listed[1].split(b",")}
            assert {int(number) // 1024 for number in ids} <= blocks
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _check_sheet(files, name, styles)
    assert len(shape_ids) == len(set(shape_ids)), "shapes have ids of their own"


def _check_types(files: dict[str, bytes]) -> None:
    types = ElementTree.fromstring(files["[Content_Types].xml"])
    endings = [item.attrib["Extension"].lower() for item in children(types, "Default")]
    named = [item.attrib["PartName"].lstrip("/") for item in children(types, "Override")]
    assert len(endings) == len(set(endings))
    assert len(named) == len(set(named))
    assert set(named) <= files.keys()
    for name in files:
        if name != "[Content_Types].xml" and not name.endswith("/"):
            assert name in named or name.rpartition(".")[2].lower() in endings, name
            assert ".rels" in name or not name.startswith("xl/comments") or name in named


def _check_styles(files: dict[str, bytes]) -> int:
    name = next((name for name in files if re.fullmatch(r"xl/styles\d*\.xml", name)), "")
    if not name:
        return 1
    root = ElementTree.fromstring(files[name])
    for child in root:
        if "count" in child.attrib:
            assert int(child.attrib["count"]) == len(child), local(child)
    fills, fonts = len(find(root, "fills")), len(find(root, "fonts"))
    formats = list(find(root, "cellXfs"))
    assert all(int(item.get("fillId", 0)) < fills for item in formats)
    assert all(int(item.get("fontId", 0)) < fonts for item in formats)
    return len(formats)


def _check_sheet(files: dict[str, bytes], name: str, styles: int) -> None:
    root = ElementTree.fromstring(files[name])
    order = [ORDER.index(local(child)) for child in root if local(child) in ORDER]
    assert order == sorted(order), name
    assert len(children(root, "legacyDrawing")) <= 1
    row_number = 0
    for row in find(root, "sheetData"):
        typed = int(row.get("r", row_number + 1))
        assert typed > row_number, "rows in order"
        row_number, column = typed, 0
        for cell in row:
            place = coordinate_to_tuple(cell.attrib["r"]) if "r" in cell.attrib else None
            assert place is None or place[0] == row_number
            assert (place[1] if place else column + 1) > column, "cells in order"
            column = place[1] if place else column + 1
            assert int(cell.get("s", 0)) < styles
    own = links(files, name)
    comments = [target for kind, target in own.values() if kind == "comments"]
    assert len(comments) <= 1
    drawing = children(root, "legacyDrawing")
    if not drawing:
        assert not comments
        return
    link = next(value for key, value in drawing[0].attrib.items() if key.endswith("}id"))
    kind, vml = own[link]
    assert kind == "vmlDrawing"
    if comments:
        _check_comments(files[comments[0]], files[vml])


def _check_comments(texts: bytes, vml: bytes) -> None:
    root = ElementTree.fromstring(texts)
    authors = len(find(root, "authors"))
    told = [coordinate_to_tuple(item.attrib["ref"]) for item in find(root, "commentList")]
    assert len(told) == len(set(told)), "one comment a cell"
    for item in find(root, "commentList"):
        assert int(item.attrib["authorId"]) < authors
        runs = [local(child) for child in find(item, "text")]
        assert runs in (["t"], ["r"] * len(runs)), "a bare text, or runs"
    notes = re.findall(rb'ObjectType="Note".*?</[\w.]+:ClientData>', vml, re.DOTALL)
    boxes = [tuple(int(re.search(rb":" + key + rb">(\d+)<", note)[1]) + 1  # type: ignore[index]
                   for key in (b"Row", b"Column")) for note in notes]  # fmt: skip
    assert sorted(boxes) == sorted(told)


def stripped(data: bytes) -> Any:
    """Return a sheet as nested tuples without what marking may change."""
    root = ElementTree.fromstring(data)

    def plain(element: ElementTree.Element) -> Any:
        name = local(element)
        attributes = dict(element.attrib)
        if name in ("c", "row"):
            attributes.pop("spans", None)
        if name == "c":
            attributes.pop("s", None)
        if name == "dimension":
            attributes.clear()
        inner = tuple(filter(None, map(plain, element)))
        if name == "c" and not inner and set(attributes) <= {"r", "t"}:
            return None  # a cell with a look and no content
        if name == "row" and not inner and set(attributes) <= {"r"}:
            return None
        if name == "legacyDrawing":
            return None
        return (element.tag, tuple(sorted(attributes.items())), element.text or "", inner)

    return plain(root)


def check_only_marks_changed(source: Path, copy: Path) -> None:
    """Assert that a copy differs from its source in styles of cells and in comments only."""
    before, after = parts(source), parts(copy)
    assert before.keys() <= after.keys()
    changes = re.compile(
        r"\[Content_Types\]\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\d*\.xml"
        r"|xl/worksheets/_rels/[^/]+\.rels|xl/comments[^/]*\.xml|xl/drawings/vmlDrawing\d+\.vml"
        r"|xl/threadedComments/[^/]+\.xml|xl/persons/[^/]+\.xml"
    )
    for name, data in after.items():
        if name in before and data == before[name]:
            continue
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            assert stripped(before[name]) == stripped(data), name
        else:
            assert changes.fullmatch(name), name
