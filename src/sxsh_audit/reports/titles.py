"""Words that every renderer prints in the same way: captions, headings, the national line."""

from __future__ import annotations

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.reports.document import Document, Figure, Heading, Numbered, TableBlock

__all__ = ["national_lines", "titled"]

_OFFICIAL = ("acceptance", "minutes", "yearly")


def titled(one: Numbered, language: Language) -> str:
    """Return a heading or caption with its number, as it is printed.

    Parameters
    ----------
    one : Numbered
        A heading, a table or a figure; other blocks have no title.
    language : {"vi", "en"}
        Language of the document.

    Examples
    --------
    >>> titled(Numbered(Heading(2, "Doanh nghiệp"), "1.1"), "vi")
    '1.1. Doanh nghiệp'
    >>> titled(Numbered(Heading(1, "Số liệu", appendix=True), "A"), "vi")
    'Phụ lục A. Số liệu'
    >>> titled(Numbered(Heading(1, "Tóm tắt", counted=False), ""), "vi")
    'Tóm tắt'
    """
    block, number = one
    match block:
        case Heading() if not number:
            return block.text
        case Heading(level=1, appendix=True):
            number, text = sentence("report.appendix", language, letter=number), block.text
        case Heading():
            text = block.text
        case TableBlock():
            text = block.table.title
        case Figure():
            text = block.caption
        case _:
            return ""
    return f"{number}. {text}" if text else number


def national_lines(document: Document) -> tuple[str, ...]:
    """Return the national name and motto over official papers; nothing over a report.

    Examples
    --------
    >>> national_lines(Document("minutes", "Biên bản làm việc", "", "vi", ()))
    ('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc')
    """
    if document.kind not in _OFFICIAL:
        return ()
    return (sentence("report.nation", document.language),
            sentence("report.motto", document.language))
