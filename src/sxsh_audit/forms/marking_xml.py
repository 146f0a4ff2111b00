"""XML edited where it stands: a byte that is not meant to change does not change.

Reading a part into a tree and writing it again loses prefixes, order and what other programs
added. Here expat tells where each element begins and ends, and the bytes are spliced there.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

__all__ = ["Edits", "Node", "NotXml", "XmlPart", "escaped", "number", "parse", "parser",
           "tag_end", "tree", "with_attributes"]  # fmt: skip

_TAG = re.compile(rb"""<(?:[^"'>]+|"[^"]*"|'[^']*')*+>""")
_ATTRIBUTE = re.compile(rb"""([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip


class NotXml(Exception):
    """A part that is no XML as the standard of workbooks asks for; its text is the reason."""


@dataclass(slots=True)
class XmlPart:
    """The text of a part as UTF-8, and how it is written back.

    Parameters
    ----------
    data : bytes
        The text in UTF-8, without byte order mark.
    codec : str
        Encoding in which the part is stored.
    bom : bytes
        Its byte order mark, if it has one.
    """

    data: bytes
    codec: str = "utf-8"
    bom: bytes = b""

    @classmethod
    def read(cls, raw: bytes) -> XmlPart:
        """Return the part of which `raw` are the stored bytes."""
        for bom, codec in _BOMS:
            if raw.startswith(bom):
                return cls(_as_utf8(raw[len(bom) :], codec), codec, bom)
        if raw[:2] in (b"<\0", b"\0<"):
            codec = "utf-16-le" if raw[:1] == b"<" else "utf-16-be"
            return cls(_as_utf8(raw, codec), codec)
        declared = _DECLARED.match(raw)
        codec = declared[1].decode().lower() if declared else "utf-8"
        return cls(_as_utf8(raw, codec), codec)

    def stored(self) -> bytes:
        """Return the bytes to be stored."""
        if self.codec in ("utf-8", "utf8"):
            return self.bom + self.data
        text = self.data.decode("utf-8")
        return self.bom + text.encode(self.codec, errors="xmlcharrefreplace")


def _as_utf8(raw: bytes, codec: str) -> bytes:
    if codec in ("utf-8", "utf8"):
        return raw
    try:
        return raw.decode(codec).encode("utf-8")
    except (LookupError, UnicodeError) as error:
        raise NotXml(codec) from error


@dataclass(slots=True)
class Node:
    """An element, by the place of its bytes.

    Parameters
    ----------
    data : bytes
        The whole text.
    space, name : str
        Namespace and local name.
    attributes : dict of str to str
        By name; one of another namespace as ``"namespace name"``.
    start : int
        Where its start tag begins.
    close : int
        Where expat told its end: at the end tag, or behind an element that has none.
    children : list of Node
        In order.
    """

    data: bytes
    space: str
    name: str
    attributes: dict[str, str]
    start: int
    close: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def inner(self) -> int:
        """Where the start tag ends."""
        return tag_end(self.data, self.start)

    @property
    def tag(self) -> bytes:
        """The start tag."""
        return self.data[self.start : self.inner]

    @property
    def empty(self) -> bool:
        """Whether the element is one tag, ``<c/>``."""
        return self.tag.endswith(b"/>")

    @property
    def end(self) -> int:
        """Where the element ends."""
        return self.inner if self.empty else self.data.index(b">", self.close) + 1

    @property
    def raw(self) -> bytes:
        """All its bytes."""
        return self.data[self.start : self.end]

    @property
    def prefix(self) -> str:
        """Prefix with its colon, as its children need it; empty where there is none."""
        name = re.split(rb"[\s/>]", self.tag[1:], maxsplit=1)[0].decode("utf-8")
        return name[: -len(self.name)]

    def all(self, name: str) -> list[Node]:
        """Return the children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Node | None:
        """Return the first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def attribute(self, name: str) -> str:
        """Return an attribute by its local name, whatever its namespace."""
        return next((value for key, value in self.attributes.items()
                     if key.rpartition(" ")[2] == name), "")  # fmt: skip

    def prefix_of(self, spaces: tuple[str, ...]) -> str:
        """Return the prefix that this element declares for one of `spaces`, with its colon."""
        for name, value in _ATTRIBUTE.findall(self.tag):
            if name.startswith(b"xmlns:") and value[1:-1].decode("utf-8") in spaces:
                return str(name[6:].decode("utf-8")) + ":"
        return ""


class Edits:
    """Replacements in one text, made all at once."""

    def __init__(self) -> None:
        self._edits: list[tuple[int, int, bytes]] = []

    def replace(self, start: int, end: int, text: bytes) -> None:
        """Put `text` in the place of the bytes from `start` to `end`."""
        self._edits.append((start, end, text))

    def append(self, node: Node, text: bytes) -> None:
        """Put `text` at the end of the content of an element."""
        if not node.empty:
            self.replace(node.close, node.close, text)
            return
        name = node.prefix.encode() + node.name.encode()
        opened = re.sub(rb"\s*/>$", b">", node.tag)
        self.replace(node.start, node.inner, opened + text + b"</" + name + b">")

    def made(self, data: bytes) -> bytes:
        """Return `data` with all replacements."""
        parts, done = [], 0
        for start, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            if start < done:
                raise ValueError("two edits of the same bytes")
            parts += [data[done:start], text]
            done = end
        return b"".join([*parts, data[done:]])

    def __bool__(self) -> bool:
        return bool(self._edits)


def tag_end(data: bytes, start: int) -> int:
    """Return where the start tag at `start` ends."""
    found = _TAG.match(data, start)
    if found is None:
        raise NotXml("tag")
    return found.end()


def parser() -> Any:
    """Return an expat parser that tells namespaces; the text is UTF-8 whatever it declares."""
    made = expat.ParserCreate("utf-8", " ")

    def refuse(*_: Any) -> None:  # workbooks have none; in one, entities could be bombs
        raise NotXml("DOCTYPE")

    made.StartDoctypeDeclHandler = refuse
    return made


def tree(data: bytes, depth: int = 1_000) -> Node:
    """Return the root of a part with what is below it, down to a depth (the root is 1)."""
    top = Node(data, "", "", {}, 0)
    stack = [top]
    below = 0
    reader = parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal below
        if len(stack) > depth:
            below += 1
            return
        space, _, local = name.rpartition(" ")
        node = Node(data, space, local, attributes, reader.CurrentByteIndex)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        nonlocal below
        if below:
            below -= 1
            return
        stack.pop().close = reader.CurrentByteIndex

    reader.StartElementHandler, reader.EndElementHandler = start, end
    parse(reader, data)
    return top.children[0]


def parse(reader: Any, data: bytes) -> None:
    """Let `reader` read the whole of `data`."""
    try:
        reader.Parse(data, True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from error


def number(text: str | None, default: float) -> float:
    """Return the number that an attribute holds; `default` where it holds none."""
    try:
        value = float(text or "")
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def with_attributes(tag: bytes, values: Mapping[str, str]) -> bytes:
    """Return a start tag with these attributes set and all others as they were.

    Examples
    --------
    >>> print(with_attributes(b"<x:c r='A1' s='3' />", {"s": "7", "cm": "1"}).decode())
    <x:c r='A1' s="7" cm="1" />
    """
    left = dict(values)

    def changed(found: re.Match[bytes]) -> bytes:
        name = found[1].decode("utf-8")
        if name not in left:
            return found[0]
        return f'{name}="{left.pop(name)}"'.encode()

    tag = _ATTRIBUTE.sub(changed, tag)
    more = "".join(f' {name}="{value}"' for name, value in left.items()).encode()
    return re.sub(rb"(\s*/?>)$", lambda tail: more + tail[1], tag)


def escaped(text: str) -> bytes:
    """Return a text as the content of an element or an attribute; controls are left out."""
    text = _ILLEGAL.sub("", text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text.encode("utf-8")
