"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import io
import re
from pathlib import Path

__all__ = ["OLD_OFFICE", "content_of", "has_password", "is_wide"]

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an .xls file, and of a workbook with a password."""

ZIP = b"PK\x03\x04"

_STARTS = (
    (b"%PDF", "content_pdf"),
    (b"\x89PNG", "content_picture"), (b"\xff\xd8\xff", "content_picture"),
    (b"GIF8", "content_picture"), (b"BM", "content_picture"), (b"II*\x00", "content_picture"),
    (b"MM\x00*", "content_picture"),
    (b"{\\rtf", "content_rtf"),
    (b"Rar!", "content_archive"), (b"7z\xbc\xaf", "content_archive"),
    (b"\x1f\x8b", "content_archive"),
)  # fmt: skip
_CHUNK = 1 << 20


def content_of(start: bytes) -> str:
    """Return what a file is, as a word of ``words.toml``, by its first few hundred bytes.

    Examples
    --------
    >>> content_of(b"%PDF-1.7"), content_of(b"<!DOCTYPE html><html>"), content_of(b"a;b")
    ('content_pdf', 'content_html', 'content_text')
    """
    if not start:
        return "content_empty"
    for mark, kind in _STARTS:
        # A text may begin with BM; a bitmap has zeros near its start.
        if start.startswith(mark) and (mark != b"BM" or b"\x00" in start[:32]):
            return kind
    if start[:4] == ZIP:
        return "content_zip"
    if start[:8] == OLD_OFFICE:
        return "content_office"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"<(?:!doctype html|html|head|body|table|meta|style|div)\b", text):
        return "content_html"
    if text.startswith(b"<?xml"):
        return "content_html" if b"<html" in text else "content_xml"
    if is_wide(start):
        return "content_text"
    rest = start.replace(b"\x00", b"")  # zeros alone: a text that was not saved to its end
    odd = sum(byte < 9 or 13 < byte < 27 for byte in rest)
    return "content_other" if odd > len(rest) / 20 or not rest else "content_text"


def is_wide(start: bytes) -> bool:
    """Whether a text is UTF-16, with its mark or with a zero in many a second byte."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    half = len(start) // 2
    zeros = start[1::2].count(0), start[::2].count(0)
    return half > 1 and max(zeros) > half / 4 and min(zeros) < half / 20


def has_password(path: Path) -> bool:
    """Whether an old Office file is the container of an encrypted workbook.

    Its list of streams then names ``EncryptedPackage``; the list may stand anywhere, its place is
    in the head of the file.
    """
    wanted = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as stream:
        head = stream.read(512)
        size = 1 << min(int.from_bytes(head[30:32], "little"), 12)
        listed = (int.from_bytes(head[48:52], "little") + 1) * size
        for place in (0, listed, max(stream.seek(0, io.SEEK_END) - _CHUNK, 0)):
            stream.seek(place)
            if wanted in stream.read(_CHUNK):
                return True
    return False
