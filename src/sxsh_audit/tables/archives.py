"""The zip archive that a workbook is: looked at before it is read, read within limits.

A few kilobytes can unpack to gigabytes, and a part may say that it is small and be large. So
nothing is unpacked that is not needed, every byte is counted as it comes, and a document type
(with which an XML file defines texts that grow without end) is refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.parsers import expat

from sxsh_audit.tables.contents import OLD_OFFICE, content_of, has_password

__all__ = ["Package", "Unreadable", "local_name"]

LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes of XML that are unpacked: 100,000 rows of 12 columns are 50 MB, pictures not counted."""

LARGEST_DIRECTORY = 1024 * 1024
"""Bytes of the archive's list of parts: some 10,000 parts; a workbook has dozens."""

MOST_TAGS = 12_000_000
"""Marks ``<`` in what is read: two million filled cells have four each, with room for rows."""

LONGEST_TAG = 1024 * 1024
"""Bytes of one tag or remark; longer ones cost the parser time that grows with their square."""

CHUNK = 64 * 1024

_OTHER_FILES = (
    ("word/document.xml", "content_word"), ("ppt/presentation.xml", "content_slides"),
    ("xl/workbook.bin", "content_xlsb"), ("content.xml", "content_opendocument"),
)  # fmt: skip

StartHandler = Callable[[str, dict[str, str]], None]


class Unreadable(Exception):
    """A workbook that will not be read: the code of the reason, with its numbers and place."""

    def __init__(self, code: str, *, sheet: str = "", cell: str = "", **numbers: Any) -> None:
        super().__init__(code)
        self.code, self.sheet, self.cell, self.numbers = code, sheet, cell, numbers


def local_name(name: str) -> str:
    """Return an XML name without its prefix: programs choose prefixes freely."""
    return name.rpartition(":")[2]


class _Guarded(io.FileIO):
    """A file from which nobody reads more at once than a list of parts may be long."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            here = self.tell()
            size = self.seek(0, io.SEEK_END) - here
            self.seek(here)
        if size > LARGEST_DIRECTORY:
            raise Unreadable("file.too_many", what="limit_parts",
                             limit=LARGEST_DIRECTORY // 100)  # fmt: skip
        return super().read(size) or b""


class Package:
    """The parts of a workbook, by name.

    Parameters
    ----------
    path : Path
        The workbook.

    Raises
    ------
    Unreadable
        If it is none, has a password, or is larger than the limits of this module.
    OSError
        If the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.bytes_read = 0
        with path.open("rb") as stream:
            start = stream.read(512)
        if start[:8] == OLD_OFFICE:
            raise Unreadable("file.password" if has_password(path) else "file.old_excel")
        self._stream = _Guarded(path)
        try:
            self._archive = zipfile.ZipFile(self._stream)
            self._parts = {item.filename.casefold(): item for item in self._archive.infolist()}
        except BaseException as error:
            self._stream.close()
            if isinstance(error, (zipfile.BadZipFile, ValueError, RuntimeError)):
                kind = content_of(start)
                kind = "content_cut" if kind == "content_zip" else kind
                raise Unreadable("file.not_excel", kind=kind) from error
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()
        self._stream.close()

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self._parts

    def other_kind(self) -> str:
        """Return what an archive without a workbook is."""
        return next((kind for name, kind in _OTHER_FILES if name in self), "content_archive")

    def measure(self, parts: Iterable[str]) -> None:
        """Refuse what is too large before any of it is read."""
        items = [self._item(part) for part in dict.fromkeys(parts)]
        size = sum(item.file_size for item in items)
        if size > LARGEST_UNPACKED:
            self._too_large(size)
        tags = 0
        for item in items:
            with self._archive.open(item) as stream:
                while chunk := stream.read(CHUNK):
                    tags += chunk.count(b"<")
                    if tags > MOST_TAGS:
                        raise Unreadable("file.too_many", what="limit_tags", limit=MOST_TAGS)

    def parse(
        self,
        part: str,
        start: StartHandler,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        shorten: Callable[[bytes], bytes] | None = None,
    ) -> None:
        """Read the XML of a part, calling back for each tag and text.

        Parameters
        ----------
        part : str
            Name of the part.
        start, end, text : callable
            Given the name of a tag and its attributes, the name of a tag that ends, a text.
        shorten : callable, optional
            Given a piece of the part as bytes, returns what is to be read of it.

        Raises
        ------
        Unreadable
            If the part defines a document type, or more is unpacked than allowed.
        expat.ExpatError, zipfile.BadZipFile, KeyError
            If the part is damaged or absent.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        fed = 0
        with self._archive.open(self._item(part)) as stream:
            while chunk := stream.read(CHUNK):
                self.bytes_read += len(chunk)
                if self.bytes_read > LARGEST_UNPACKED:
                    self._too_large(self.bytes_read)
                if shorten is not None:
                    chunk = shorten(chunk)
                fed += len(chunk)
                parser.Parse(chunk, False)
                if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG:
                    raise Unreadable("file.too_many", what="limit_tag_bytes", limit=LONGEST_TAG)
            parser.Parse(b"", True)

    def related(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Return the parts that `part` refers to: kind and name by id; none outside the file."""
        folder, _, name = part.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            outside = attributes.get("TargetMode", "").casefold() == "external"
            if local_name(tag) == "Relationship" and not outside:
                kind = attributes.get("Type", "").rpartition("/")[2]
                target = _resolved(folder, attributes.get("Target", ""))
                found[attributes.get("Id", "")] = (kind, target)

        listed = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if listed in self:
            self.parse(listed, start)
        return found

    def _item(self, part: str) -> zipfile.ZipInfo:
        item = self._parts[part.casefold()]
        if item.flag_bits & 1:
            raise Unreadable("file.password")
        if item.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The two that Excel knows; others may ask for gigabytes before the first byte.
            raise Unreadable("file.damaged", reason=f"compression {item.compress_type}")
        return item

    def _too_large(self, size: int) -> None:
        raise Unreadable("file.too_large", size=size / 2**20, limit=LARGEST_UNPACKED / 2**20)


def _refuse_doctype(*_: object) -> None:
    raise Unreadable("file.doctype")


def _resolved(folder: str, target: str) -> str:
    """Name of a part as seen from `folder`; ``..`` never leads out of the archive."""
    steps = [] if target.startswith("/") else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(filter(None, steps))
