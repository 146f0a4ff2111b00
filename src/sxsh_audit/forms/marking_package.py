"""A workbook as the package of parts that it is: every part is copied, a few are changed."""

from __future__ import annotations

import posixpath
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import unquote

from sxsh_audit.forms.marking_xml import Edits, NotXml, XmlPart, escaped, tree

__all__ = ["Package", "Relationship", "SheetEntry"]

TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "[Content_Types].xml"
XML_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LARGEST_PART = 300 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another; `kind` is the last word of its type."""

    id: str
    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


class Package:
    """The parts of a workbook, with the changes that are to be saved.

    Parameters
    ----------
    path : Path
        The workbook; it is only read.
    """

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        # Of two entries of one name the later one counts, as for every reader of archives.
        self._entries = {entry.filename: entry for entry in self._archive.infolist()}
        self._names = {name.lower().lstrip("/"): name for name in self._entries}
        self._changed: dict[str, bytes] = {}

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._archive.close()

    # -- parts ----------------------------------------------------------------------------------

    def has(self, part: str) -> bool:
        """Whether there is such a part; case does not matter in their names."""
        return part.lower() in self._names

    def read(self, part: str) -> XmlPart:
        """Return the text of a part as it is now."""
        name = self._names.get(part.lower(), "")
        if name in self._changed:
            return XmlPart.read(self._changed[name])
        if not name:
            raise NotXml(part)
        if self._entries[name].file_size > LARGEST_PART:
            raise NotXml(part)
        return XmlPart.read(self._archive.read(self._entries[name]))

    def write(self, part: str, content: XmlPart | bytes) -> None:
        """Set the content of a part that is there, or add it."""
        name = self._names.setdefault(part.lower(), part)
        self._changed[name] = content if isinstance(content, bytes) else content.stored()

    def names(self, pattern: str) -> list[str]:
        """Return the names of the parts that match a regular expression."""
        return [name for name in self._names.values() if re.fullmatch(pattern, name, re.IGNORECASE)]

    def free_name(self, stem: str, ending: str) -> str:
        """Return the first name ``stem<number>ending`` that is not in use."""
        number = 1
        while self.has(f"{stem}{number}{ending}"):
            number += 1
        return f"{stem}{number}{ending}"

    def save(self, stream: IO[bytes]) -> None:
        """Write the package: unchanged parts as they are stored, in the same order."""
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
            for name, entry in self._entries.items():
                made = zipfile.ZipInfo(name, entry.date_time)
                made.compress_type = entry.compress_type
                made.external_attr, made.create_system = entry.external_attr, entry.create_system
                made.comment = entry.comment
                if name in self._changed:
                    out.writestr(made, self._changed[name])
                    continue
                made.file_size = entry.file_size
                with self._archive.open(entry) as source, out.open(made, "w") as copy:
                    shutil.copyfileobj(source, copy, 1 << 20)
            for name, content in self._changed.items():
                if name not in self._entries:
                    added = zipfile.ZipInfo(name)  # of 1980: the same input gives the same bytes
                    added.compress_type = zipfile.ZIP_DEFLATED
                    out.writestr(added, content)

    # -- links between parts --------------------------------------------------------------------

    @staticmethod
    def _links_of(part: str) -> str:
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def relationships(self, part: str) -> list[Relationship]:
        """Return the links from `part` (empty for the package) to other parts."""
        links = self._links_of(part)
        if not self.has(links):
            return []
        found = []
        for node in tree(self.read(links).data).children:
            target = node.attributes.get("Target", "")
            if node.attributes.get("TargetMode") == "External" or not target:
                continue
            whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
            whole = whole.lstrip("/")
            if not self.has(whole) and self.has(unquote(whole)):
                whole = unquote(whole)
            kind = node.attributes.get("Type", "").rpartition("/")[2]
            found.append(Relationship(node.attributes.get("Id", ""), kind, whole))
        return found

    def related(self, part: str, kind: str) -> str:
        """Return the first part that `part` is linked to by `kind`; empty where there is none."""
        return next((link.part for link in self.relationships(part)
                     if link.kind == kind and self.has(link.part)), "")  # fmt: skip

    def relate(self, part: str, type_: str, target: str) -> str:
        """Link `part` to `target` and return the id of the link."""
        links = self._links_of(part)
        if not self.has(links):
            self.write(links, XML_HEAD + f'<Relationships xmlns="{RELATIONSHIPS}"/>'.encode())
        content = self.read(links)
        root = tree(content.data)
        used = {node.attributes.get("Id", "").lower() for node in root.children}
        number = len(used) + 1
        while f"rid{number}" in used:
            number += 1
        relative = posixpath.relpath(target, posixpath.dirname(part) or ".")
        text = (f'<{root.prefix}Relationship Id="rId{number}" Type="{type_}" '
                f'Target="{escaped(relative).decode()}"/>')  # fmt: skip
        edits = Edits()
        edits.append(root, text.encode())
        content.data = edits.made(content.data)
        self.write(links, content)
        return f"rId{number}"

    def declare(self, part: str, content_type: str) -> None:
        """Say what a new part is."""
        self._declare("Override", "PartName", f"/{part}", content_type)

    def declare_ending(self, ending: str, content_type: str) -> bool:
        """Say what parts of this ending are; whether they are that now."""
        for node in tree(self.read(CONTENT_TYPES).data).children:
            if node.attributes.get("Extension", "").lower() == ending:
                return node.attributes.get("ContentType") == content_type
        self._declare("Default", "Extension", ending, content_type)
        return True

    def _declare(self, kind: str, key: str, value: str, content_type: str) -> None:
        content = self.read(CONTENT_TYPES)
        root = tree(content.data)
        entry = (f'<{root.prefix}{kind} {key}="{escaped(value).decode()}" '
                 f'ContentType="{content_type}"/>').encode()  # fmt: skip
        edits = Edits()
        if kind == "Default" and root.children:
            edits.replace(root.children[0].start, root.children[0].start, entry)
        else:
            edits.append(root, entry)
        content.data = edits.made(content.data)
        self.write(CONTENT_TYPES, content)

    # -- the workbook ---------------------------------------------------------------------------

    @property
    def workbook(self) -> str:
        """Name of the part that lists the sheets."""
        part = self.related("", "officeDocument")
        if not part:
            raise NotXml("workbook")
        return part

    @property
    def strict(self) -> bool:
        """Whether the workbook is of the strict form of the standard."""
        return "purl.oclc.org" in tree(self.read(self.workbook).data).space

    @property
    def link_types(self) -> str:
        """Beginning of the types of links between its parts."""
        return STRICT if self.strict else TRANSITIONAL

    def sheets(self) -> list[SheetEntry]:
        """Return the sheets that hold cells, in order."""
        links = {link.id: link for link in self.relationships(self.workbook)}
        listed = tree(self.read(self.workbook).data).first("sheets")
        found = []
        for node in listed.children if listed else ():
            ids = [value for key, value in node.attributes.items() if key.endswith(" id")]
            link = links.get(ids[0]) if ids else None
            if link is not None and link.kind == "worksheet" and self.has(link.part):
                hidden = node.attributes.get("state", "visible") != "visible"
                found.append(SheetEntry(node.attributes.get("name", ""), link.part, hidden))
        return found
