"""What a chart asks of its source: records, titles, names of options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeVar, cast

from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence

__all__ = [
    "Titles",
    "check_first",
    "name_of",
    "names_of",
    "records_of",
    "shown",
    "titles_of",
    "why_nothing",
]

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Titles:
    """Texts above a chart.

    Parameters
    ----------
    title, subtitle : str
        The two texts; either may be empty.
    """

    title: str
    subtitle: str


def records_of(
    source: object, method: str, language: Language, option: str | None = None
) -> list[Any]:
    """Return the records of an assessment (it has `method`), or of a plain sequence.

    An assessment is asked for those of one option where `option` is given.
    """
    ask: Callable[..., Iterable[Any]] | None = getattr(source, method, None)
    if ask is None:
        return list(cast("Iterable[Any]", source))
    return list(ask(language) if option is None else ask(language, option))


def check_first(first: int, language: Language) -> None:
    """Refuse to draw fewer than one record."""
    if first < 1:
        numbers = {"first": first}
        said = refusal_sentence("chart.first", numbers, language)
        raise Refusal(said, code="chart.first", **numbers)


def shown(
    records: Sequence[_Record], first: int, language: Language, code: str
) -> tuple[list[_Record], list[str]]:
    """Return the first records, and a note (`code`) of how many more there are, if any."""
    check_first(first, language)
    more = len(records) - first
    return list(records[:first]), [sentence(code, language, count=more)] if more > 0 else []


def titles_of(
    source: object, code: str, language: Language, given: tuple[str | None, str | None], *,
    of: str = "", option: str | None = None,
) -> Titles:
    """Return the title and the subtitle of a chart.

    Parameters
    ----------
    source : object
        What is drawn; an assessment has a method ``chart_subtitle``.
    code : str
        Sentence that is the title where none is given.
    language : {"vi", "en"}
        Language.
    given : tuple of str or None
        Title and subtitle that the caller asked for; None for the usual ones.
    of : str
        The records of a chart that draws one option or set, such as ``tornado_bars``: the usual
        title then says which.
    option : str, optional
        Id of the option that was asked for.
    """
    title, subtitle = given
    if title is None:
        usual = sentence(code, language)
        subject = _subject(source, of, language, option) if of else ""
        title = f"{usual}: {subject}" if subject else usual
    if subtitle is None:
        ask = getattr(source, "chart_subtitle", None)
        subtitle = str(ask(language)) if callable(ask) else ""
    return Titles(title, subtitle)


def _subject(source: object, of: str, language: Language, option: str | None) -> str:
    """Return what an assessment (it has ``chart_subject``) says that the records `of` are of.

    The id of the option that was asked for stands for itself where the assessment only speaks of
    the option that it would choose.
    """
    ask = getattr(source, "chart_subject", None)
    if option is None:
        return str(ask(of, language)) if callable(ask) else ""
    if callable(ask) and "option" in signature(ask).parameters:
        return str(ask(of, language, option))
    return option


def why_nothing(records: Sequence[object], language: Language) -> str:
    """Say why no money is drawn: no records at all, or none whose figures are known."""
    return sentence("chart.no_money" if records else "chart.nothing", language)


def name_of(key: str, name: str) -> str:
    """Return what an option is called on a chart: its id and what is done."""
    return f"{key} · {name}" if key and name else key or name


def names_of(names: Sequence[str], language: Language, most: int = 8) -> str:
    """Return names in a row for a sentence; of more than `most` only how many there are."""
    text = "; ".join(names[:most])
    if len(names) > most:
        text = sentence("chart.and_more", language, names=text, count=len(names) - most)
    return text
