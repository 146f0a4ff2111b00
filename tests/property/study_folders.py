"""Small studies on disk, as a consultant brings them home."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sxsh_audit.findings import Finding
from sxsh_audit.tables.reading import study_findings

SETTINGS = 'locale = "vi"\nbaseline = "2013"\nreporting = "2014"\n'
OUTPUT = "Sản phẩm;Kỳ;Sản lượng;Đơn vị\nVật đúc;2013;1.000;tấn\nVật đúc;2014;1.100;tấn\n"
USE = "Tài nguyên;Kỳ;Lượng mua;Đơn vị\nĐiện;2013;1.200.000;kWh\nĐiện;2014;1.210.000;kWh\n"


def write_study(folder: Path, settings: str | None = SETTINGS, **files: str | bytes | None) -> Path:
    """Write a folder: ``san_luong`` and ``tieu_thu`` unless given, every other name as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    if settings is not None:
        (folder / "study.toml").write_text(settings, encoding="utf-8")
    for name, content in {"san_luong": OUTPUT, "tieu_thu": USE, **files}.items():
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (folder / f"{name}.csv").write_bytes(data)
    return folder


def write_book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], edit: Any = None) -> Path:
    """Write a workbook with one sheet per entry; `edit` may change it before it is saved."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if edit is not None:
        edit(book)
    book.save(path)
    return path


def found(path: Path) -> list[Finding]:
    """Everything that is found in a study."""
    return list(study_findings(path, "vi"))


def codes(path: Path, severity: str = "error") -> list[str]:
    """Codes of the findings of one severity, in order."""
    return [item.code for item in found(path) if item.severity == severity]


# Old encodings, written from the Unicode names of the letters and not from the reader's tables.
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Encode as Windows does: the letter with its shape, then the tone mark."""
    out = ""
    for letter in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in apart if mark in _TONES)
        rest = unicodedata.normalize("NFC", "".join(m for m in apart if m not in _TONES))
        out += rest + tone if tone else letter
    return out.encode("cp1258")


def tcvn3(text: str) -> bytes:
    """Encode the letters of the test studies as TCVN 5712:1993 (VN3) lists them."""
    table = {
        "à": 0xB5,
        "ả": 0xB6,
        "á": 0xB8,
        "ạ": 0xB9,
        "ă": 0xA8,
        "â": 0xA9,
        "ấ": 0xCA,
        "ậ": 0xCB,
        "ê": 0xAA,
        "ệ": 0xD6,
        "ô": 0xAB,
        "ơ": 0xAC,
        "ư": 0xAD,
        "đ": 0xAE,
        "Đ": 0xA7,
        "ì": 0xD7,
        "ỳ": 0xFA,
        "ú": 0xF3,
        "ị": 0xDE,
        "ợ": 0xEE,
        "ẩ": 0xC8,
        "ớ": 0xED,
    }
    letters = unicodedata.normalize("NFC", text)
    return b"".join(
        bytes([table.get(letter, 0)]) if letter in table else letter.encode("ascii")
        for letter in letters
    )


def vni(text: str) -> bytes:
    """Encode the letters of the test studies as the VNI-Windows fonts show them."""
    table = {
        "à": "aø",
        "ả": "aû",
        "á": "aù",
        "ạ": "aï",
        "â": "aâ",
        "ấ": "aá",
        "ậ": "aä",
        "ẩ": "aå",
        "ê": "eâ",
        "ệ": "eä",
        "ơ": "ô",
        "ư": "ö",
        "đ": "ñ",
        "Đ": "Ñ",
        "ỳ": "yø",
        "ú": "uù",
        "ị": "ò",
        "ợ": "ôï",
        "ớ": "ôù",
        "ô": "oâ",
    }
    letters = unicodedata.normalize("NFC", text)
    return "".join(table.get(letter, letter) for letter in letters).encode("cp1252")
