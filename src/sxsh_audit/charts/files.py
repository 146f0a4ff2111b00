"""Writing a chart to a file: all of it or nothing, and the same bytes every time."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.errors import Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["picture", "save"]

# Without these matplotlib writes the time and its own version into the file.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# Level 3 makes files as small as the usual 6 does of such pictures, in half the time.
_OPTIONS: dict[str, dict[str, Any]] = {"png": {"pil_kwargs": {"compress_level": 3}}}
# What follows can be given in no other way than by rcParams; rc_context puts
# them back, also when the writing fails.
_SETTINGS: Any = {
    "svg.hashsalt": "sxsh-audit",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "text.hinting": "none",  # at these sizes it only costs time, and moves letters apart
    "savefig.bbox": None,
    "savefig.transparent": False,
}


def _figure_of(chart: Axes | Figure) -> Figure:
    figure: Any = getattr(chart, "figure", None) or chart
    while getattr(figure, "figure", None) not in (None, figure):  # a SubFigure knows its parent
        figure = figure.figure
    return figure  # type: ignore[no-any-return]


def picture(chart: Axes | Figure, ending: str, *, dpi: float = 160) -> bytes:
    """Return a chart as the bytes of a file, for documents that hold pictures.

    Parameters
    ----------
    chart : matplotlib.axes.Axes or matplotlib.figure.Figure
        The chart; of Axes, the whole Figure is drawn.
    ending : {"png", "svg", "pdf"}
        Kind of file.
    dpi : float
        Pixels per inch of a PNG [1/inch].

    Returns
    -------
    bytes
        Without a time stamp: the same chart gives the same bytes.
    """
    from matplotlib import rc_context

    figure = _figure_of(chart)
    stream = io.BytesIO()
    with rc_context(_SETTINGS):
        figure.savefig(stream, format=ending, dpi=dpi, metadata=_METADATA[ending],
                       facecolor=figure.get_facecolor(), **_OPTIONS.get(ending, {}))
    return stream.getvalue()


def save(
    chart: Axes | Figure, path: str | os.PathLike[str], *, dpi: float = 160,
    overwrite: bool = True, language: Language = "vi",
) -> Path:
    """Write a chart as PNG, SVG or PDF, by the ending of `path`.

    Parameters
    ----------
    chart : matplotlib.axes.Axes or matplotlib.figure.Figure
        The chart; of Axes, the whole Figure is written.
    path : str or path
        File to write; an existing file is replaced once the new one is complete.
    dpi : float
        Pixels per inch of a PNG [1/inch]; 160 makes a chart of its own 1920 pixels wide.
    overwrite : bool
        Whether an existing file may be replaced.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    Refusal
        If the ending is another one.
    OutputError
        If the file cannot be written, or is there and may not be replaced; an old one is as it
        was.

    Notes
    -----
    The file holds no time stamp: the same chart gives the same bytes.
    """
    path = Path(path)
    ending = path.suffix.lower().lstrip(".")
    if ending not in _METADATA:
        numbers = {"name": path.name, "known": [f".{known}" for known in _METADATA]}
        raise Refusal(refusal_sentence("chart.ending", numbers, language), code="chart.ending",
                      **numbers)
    with replacing(path, overwrite=overwrite, language=language) as draft:
        draft.write_bytes(picture(chart, ending, dpi=dpi))
    return path
