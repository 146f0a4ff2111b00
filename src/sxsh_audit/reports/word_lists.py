"""Numbers that Word counts itself: of headings, appendices and lists.

Who takes out a chapter or adds a point while editing need not number the rest by hand.
"""

from __future__ import annotations

from typing import Any

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.word_xml import W, attribute, made, tag

__all__ = ["Numbering"]

_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"


def _level(place: int, kind: str, text: str, indent: str, *, follows: str = "tab") -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:suff w:val="{follows}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f"<w:pPr><w:ind {indent}/></w:pPr></w:lvl>"
    )


_HANGING = 'w:left="851" w:hanging="284"'
_NO_INDENT = 'w:left="0" w:firstLine="0"'


class Numbering:
    """The lists of one document; each sort is defined on first use.

    Parameters
    ----------
    document : docx.document.Document
        The document.
    language : {"vi", "en"}
        Language of the word before the letter of an appendix.
    """

    def __init__(self, document: Any, language: Language) -> None:
        self._root = _numbering_of(document)
        self._language = language
        self._sorts: dict[str, int] = {}

    def bullets(self) -> int:
        """Return the key of the list with dots."""
        return self._number("bullets", _level(0, "bullet", "•", _HANGING), again=False)

    def ordered(self) -> int:
        """Return the key of a new list that begins with 1."""
        return self._number("ordered", _level(0, "decimal", "%1.", _HANGING), again=True)

    def headings(self, appendix: bool) -> int:
        """Return the key of a new count of headings: by numbers, or by letters."""
        first = "%1."
        if appendix:
            first = sentence("report.appendix", self._language, letter="%1") + "."
        levels = [_level(0, "upperLetter" if appendix else "decimal", first, _NO_INDENT,
                         follows="space")]  # fmt: skip
        levels += [_level(place, "decimal", "".join(f"%{one}." for one in range(1, place + 2)),
                          _NO_INDENT, follows="space") for place in (1, 2)]  # fmt: skip
        return self._number(f"headings{appendix}", "".join(levels), again=True)

    def _number(self, sort: str, levels: str, *, again: bool) -> int:
        if sort not in self._sorts:
            self._sorts[sort] = self._define(levels)
            fresh = True
        else:
            fresh = False
        abstract = self._sorts[sort]
        if not again and not fresh:
            for number in self._root.findall(tag("w:num")):
                if attribute(number.find(tag("w:abstractNumId")), "val") == abstract:
                    return attribute(number, "numId")
        key = 1 + max((attribute(one, "numId") for one in self._root.findall(tag("w:num"))),
                      default=0)  # fmt: skip
        number = made("w:num", made("w:abstractNumId", val=abstract), numId=key)
        if again:
            number.append(made("w:lvlOverride", made("w:startOverride", val=1), ilvl=0))
        self._root.append(number)
        return key

    def _define(self, levels: str) -> int:
        from docx.oxml import parse_xml

        known = self._root.findall(tag("w:abstractNum"))
        key = 1 + max((attribute(one, "abstractNumId") for one in known), default=-1)
        abstract = parse_xml(
            f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{key}">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        )
        if known:  # all sorts stand before the first list
            known[-1].addnext(abstract)
        else:
            self._root.insert(0, abstract)
        return key


def _numbering_of(document: Any) -> Any:
    """Return the root of the document's lists, made where a template has none."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.oxml import parse_xml
    from docx.parts.numbering import NumberingPart

    try:
        return document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        root = parse_xml(f'<w:numbering xmlns:w="{W}"/>')
        part = NumberingPart(PackURI("/word/numbering.xml"), _PART, root, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
        return root
