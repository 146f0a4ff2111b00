"""Reading the bytes of a CSV file as Vietnamese Excel and old fonts wrote them.

UTF-8 and UTF-16 say what they are. Windows-1258 and the two old font encodings, TCVN3 (ABC)
and VNI, do not: one of them is taken only when it alone turns the heading into words that the
table knows; otherwise the file is refused, naming what was tried.

The letters of TCVN3 are those of TCVN 5712:1993 (VN3), the codes of VNI those of the VNI-Windows
fonts: a letter, then a mark (``a`` + ``ù`` is ``á``).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sxsh_audit.language.text import composed
from sxsh_audit.tables.contents import is_wide

__all__ = ["decode", "tried"]

# Lower-case letters of TCVN 5712 (VN3) by the Latin-1 character that carries each code.
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§"
        "¨©ª«¬\xad®"
        "µ¸¶·¹»¾¼½ÆÇÊÈÉË"
        "ÌÐÎÏÑÒÕÓÔÖ"
        "×ÝØÜÞ"
        "ßãáâäåèæçéêíëìî"
        "ïóñòôõøö÷ù"
        "úýûüþ",
        "ĂÂÊÔƠƯĐ"
        "ăâêôơưđ"
        "àáảãạằắẳẵặầấẩẫậ"
        "èéẻẽẹềếểễệ"
        "ìíỉĩị"
        "òóỏõọồốổỗộờớởỡợ"
        "ùúủũụừứửữự"
        "ỳýỷỹỵ",
        strict=True,
    )
)
_TCVN3_CODES = str.maketrans(_TCVN3)
# VNI writes a base letter and then a mark; a few letters are single.
_VNI_MARKS = {
    "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309",
    "ã": "\u0302\u0303", "ä": "\u0302\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
                "ì": "ì", "í": "í"}  # fmt: skip
_VNI = re.compile("([aeouyôö])([øùûõïêèéúüëâàáåãä])|([ñôöæóòîìí])", re.IGNORECASE)


LARGEST_OLD = 2 * 1024 * 1024
"""Bytes of a file whose encoding must be found out; old programs wrote small tables."""


def _tcvn3(data: bytes) -> str:
    return data.decode("latin-1").translate(_TCVN3_CODES)


def _vni_letter(match: re.Match[str]) -> str:
    base, mark, single = match.groups()
    if single:
        letter = _VNI_LETTERS[single.lower()]
        return letter.upper() if single.isupper() else letter
    whole = _VNI_LETTERS.get(base.lower(), base.lower()) + _VNI_MARKS[mark.lower()]
    return whole.upper() if base.isupper() else whole


def _vni(data: bytes) -> str:
    return _VNI.sub(_vni_letter, data.decode("cp1252", errors="replace"))


def _codec(name: str) -> Callable[[bytes], str]:
    return lambda data: data.decode(name)


_OLD: dict[str, Callable[[bytes], str]] = {
    "Windows-1258": _codec("cp1258"),
    "TCVN3 (ABC)": _tcvn3,
    "VNI": _vni,
}


def tried() -> tuple[str, ...]:
    """Names of the encodings that are tried, in order."""
    return ("UTF-8", "UTF-16", *_OLD)


def decode(data: bytes, count_known: Callable[[str], int]) -> tuple[str, str] | None:
    """Return the text of `data` and the name of its encoding, or None where it is not certain.

    Parameters
    ----------
    data : bytes
        The whole file.
    count_known : callable
        Given a decoded text, how many of its first cells with Vietnamese letters are words that
        the table knows. It decides between the encodings that do not name themselves.

    Returns
    -------
    tuple of str or None
        Text in Unicode form NFC, and ``UTF-8``, ``UTF-16``, ``Windows-1258``, ``TCVN3 (ABC)`` or
        ``VNI``.
    """
    wide = _wide(data)
    for codec, name in ((wide, "UTF-16"), ("utf-8-sig", "UTF-8")):
        if codec:
            try:
                return _nfc(data.decode(codec)), name
            except UnicodeDecodeError:
                if codec == wide:
                    return None
    if len(data) > LARGEST_OLD:
        return None
    shown = data.decode("utf-8-sig", errors="replace")
    broken = shown.count("\ufffd")
    if sum(not letter.isascii() for letter in shown) > 2 * broken:
        return None  # mostly UTF-8: lines of two encodings were put into one file
    return _certain(data, count_known)


def _wide(data: bytes) -> str:
    """Name of the UTF-16 codec that `data` is written in; empty where it is not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Excel's "Unicode text" without its mark: every second byte of Latin text is zero.
    sample = data[:400]
    if not is_wide(sample):
        return ""
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _certain(data: bytes, count_known: Callable[[str], int]) -> tuple[str, str] | None:
    """Return the text in the one old encoding that makes sense of its words, if there is one."""
    found: list[tuple[int, str, str]] = []
    for name, reader in _OLD.items():
        try:
            text = _nfc(reader(data))
        except UnicodeDecodeError:
            continue
        found.append((count_known(text), name, text))
    found.sort(key=lambda entry: entry[0], reverse=True)
    if not found:
        return None
    if len({text for _, _, text in found}) == 1 and len(found) == len(_OLD):
        # A lone m³ or a dash is the same in all of them: nothing hangs on the choice.
        return found[0][2], found[0][1]
    best = [text for count, _, text in found if count == found[0][0]]
    if found[0][0] == 0 or len(set(best)) > 1:
        return None
    return found[0][2], found[0][1]


def _nfc(text: str) -> str:
    return composed(text)
