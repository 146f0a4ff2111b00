"""Files of an assessment: JSON, page, tables, charts; whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit import charts
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["write_results"]

TABLES = ("savings", "groups", "verdict", "options", "option_savings", "option_totals")
CHARTS = ("savings", "specific_consumption", "payback_ladder")
PLANTS_DRAWN = 1
"""A chart is of one plant; a hundred thousand of them are a table."""


def write_results(result: Assessment, folder: Path, language: Language) -> list[Path]:
    """Write everything that an assessment holds into `folder`.

    Parameters
    ----------
    result : Assessment
        What to write.
    folder : Path
        Made where it does not exist; files of the same names are replaced.
    language : {"vi", "en"}
        Language of the page, the charts and the findings; the JSON does not depend on it.

    Returns
    -------
    list of Path
        The files, in order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [_text(folder / "assessment.json", _document(result)),
               _text(folder / "assessment.html", _page(result, language))]  # fmt: skip
    frames = {name: getattr(result, name).to_frame() for name in TABLES}
    frames["findings"] = result.findings.to_frame(language)
    for name, frame in frames.items():
        if len(frame):
            # A spreadsheet in a Vietnamese Windows reads «;» and a decimal comma.
            separator, decimal = (";", ",") if language == "vi" else (",", ".")
            text = frame.to_csv(index=False, sep=separator, decimal=decimal, lineterminator="\r\n")
            written.append(_text(folder / f"{name}.csv", "\ufeff" + text))
    written += _charts(result, folder, language)
    return written


def _charts(result: Assessment, folder: Path, language: Language) -> list[Path]:
    written = []
    for name in CHARTS:
        rows = result.options if name == "payback_ladder" else result.savings
        if not len(rows) or len(result.verdict) > PLANTS_DRAWN:
            continue
        draw: Callable[..., object] = getattr(charts, name)
        for ending in ("png", "svg"):
            path = folder / f"{name}.{ending}"
            charts.save(draw(result, language=language), path)  # type: ignore[arg-type]
            written.append(path)
    return written


def _document(result: Assessment) -> str:
    return json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _page(result: Assessment, language: Language) -> str:
    name = result.study["title"] or result.study["study"]
    title = escape(sentence("result.title", language, name=name))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n</head>\n<body>\n{result.to_html(language)}\n</body>\n</html>\n"
    )


def _text(path: Path, text: str) -> Path:
    """Write a file beside its place and move it there, so that no half of one is ever seen."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
