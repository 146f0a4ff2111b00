"""The little WordprocessingML that python-docx does not write: fields, links, bookmarks."""

from __future__ import annotations

import re
from typing import Any

from sxsh_audit.language.text import composed, visible

__all__ = ["W", "attribute", "begin_field", "bookmark", "end_field", "field", "link", "made",
           "plain", "tag"]  # fmt: skip

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

# Letters that XML cannot hold even as an escape of its own.
_NO_LETTER = re.compile("[\ufffe\uffff]|[\U0001fffe\U0001ffff]")


def plain(text: str) -> str:
    r"""Return a text as Word can hold it: composed, its line ends kept, nothing in it unseen.

    Examples
    --------
    >>> plain("Nồi hơi\x07\r\nsố 1")
    'Nồi hơi\\x07\nsố 1'
    """
    joined = composed(text).replace("\r\n", "\n").replace("\t", " ")
    return _NO_LETTER.sub("\ufffd", visible(joined, lines=True))


def tag(name: str) -> str:
    """Return the full name of ``w:p`` and its like."""
    from docx.oxml.ns import qn

    return str(qn(name))


def made(name: str, /, *children: Any, **attributes: str | int) -> Any:
    """Return a new element; attributes are those of WordprocessingML.

    Examples
    --------
    >>> made("w:spacing", before=120).xml.count('w:before="120"')
    1
    """
    from docx.oxml import OxmlElement

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(tag(f"w:{key}"), str(value))
    for child in children:
        element.append(child)
    return element


def attribute(element: Any, name: str, usual: int = 0) -> int:
    """Return an attribute that is a whole number, `usual` where it is missing."""
    value = None if element is None else element.get(tag(f"w:{name}"))
    return usual if value is None else int(float(value))


def _run(*children: Any) -> Any:
    return made("w:r", *children)


def _words(text: str, name: str = "w:t") -> Any:
    element = made(name)
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def begin_field(paragraph: Any, code: str) -> None:
    """Begin a field at the end of a paragraph; what follows is what it shows until updated."""
    paragraph._p.append(_run(made("w:fldChar", fldCharType="begin")))
    paragraph._p.append(_run(_words(f" {code} ", "w:instrText")))
    paragraph._p.append(_run(made("w:fldChar", fldCharType="separate")))


def end_field(paragraph: Any) -> None:
    """End the field that was begun last."""
    paragraph._p.append(_run(made("w:fldChar", fldCharType="end")))


def field(paragraph: Any, code: str, shows: str) -> None:
    """Write a whole field with what it shows."""
    begin_field(paragraph, code)
    paragraph.add_run(plain(shows))
    end_field(paragraph)


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Mark the whole of a paragraph as the goal of links."""
    start = made("w:bookmarkStart", id=number, name=name)
    properties = paragraph._p.pPr
    place = 0 if properties is None else 1
    paragraph._p.insert(place, start)
    paragraph._p.append(made("w:bookmarkEnd", id=number))


def link(paragraph: Any, text: str, goal: str) -> None:
    """Write a text that leads to a bookmark."""
    paragraph._p.append(made("w:hyperlink", _run(_words(plain(text))), anchor=goal, history=1))
