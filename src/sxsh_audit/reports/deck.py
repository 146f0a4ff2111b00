"""A neutral, immutable deck of slides: one message each, with what shows it and what to say.

Beside the blocks of a document (bullets, facts, tables, figures) a slide has charts that stay
data, so that a trainer can edit them in PowerPoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sxsh_audit.language.formatting import Language
from sxsh_audit.reports.document import Bullets, Facts, Figure, Paragraph, TableBlock

__all__ = ["BarChart", "Body", "Deck", "Headlines", "LineChart", "Series", "Slide"]


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart.

    Parameters
    ----------
    name : str
        Its name in the legend.
    values : tuple of float or None
        One for each category; None where it is not known.
    labels : tuple of str
        What is written at each value, in the reader's language; empty for nothing.
    colors : tuple of str
        Colour of each value as ``RRGGBB``, or one for all of them.
    """

    name: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars, as a chart that can be edited.

    Parameters
    ----------
    kind : {"columns", "rows", "stacked"}
        Upright columns, rows from top to bottom, or rows whose series follow one another.
    categories : tuple of str
        What the bars are of.
    series : tuple of Series
        The bars.
    alt : str
        What it says, for people who do not see it.
    levels : tuple of Series
        Levels over all columns, such as the ends of a target; of ``columns`` only.
    top : float
        What the axis reaches at least, such as 100 of shares.
    """

    kind: Literal["columns", "rows", "stacked"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    levels: tuple[Series, ...] = ()
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines through time, as a chart that can be edited.

    Parameters
    ----------
    categories : tuple of str
        Intervals from left to right.
    series : tuple of Series
        The lines; None leaves a gap.
    unit : str
        Unit of the values.
    alt : str
        What it says, for people who do not see it.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    alt: str


@dataclass(frozen=True, slots=True)
class Headlines:
    """A few figures in large letters, each with a line of words under it."""

    figures: tuple[tuple[str, str], ...]


Body = Bullets | Facts | Figure | Paragraph | TableBlock | BarChart | LineChart | Headlines


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide.

    Parameters
    ----------
    key : str
        Name of its own.
    title : str
        Its message: a sentence.
    body : tuple of Body
        What shows it, from top to bottom.
    notes : tuple of str
        What to say, paragraph by paragraph; the audience does not see it.
    """

    key: str
    title: str
    body: tuple[Body, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck of slides.

    Parameters
    ----------
    title, subtitle : str
        What stands on its first slide.
    language : {"vi", "en"}
        Its language.
    slides : tuple of Slide
        The slides after the first one.
    notes : tuple of str
        Notes of the first slide.
    date : str
        Date of the study's report as 2014-03-31; empty where it has none.
    about : mapping of str to str
        Where it comes from, label by label. Nothing in it depends on when or where the deck is
        made.
    """

    title: str
    subtitle: str
    language: Language
    slides: tuple[Slide, ...]
    notes: tuple[str, ...] = ()
    date: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
