"""Elements that python-pptx has no words for."""

from __future__ import annotations

from typing import Any

__all__ = ["drop", "made", "rgb"]


def made(tag: str, parent: Any = None, **attributes: str) -> Any:
    """Return a new element such as ``c:layout``, at the end of `parent` where one is given."""
    from pptx.oxml.xmlchemy import OxmlElement

    element: Any = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(name, value)
    if parent is not None:
        parent.append(element)
    return element


def drop(parent: Any, tag: str) -> None:
    """Take the children of a name out of an element."""
    from pptx.oxml.ns import qn

    for old in parent.findall(qn(tag)):
        parent.remove(old)


def rgb(text: str) -> Any:
    """Return a colour written ``RRGGBB``."""
    from pptx.dml import color

    colors: Any = color  # its classes have no types
    return colors.RGBColor.from_string(text)
