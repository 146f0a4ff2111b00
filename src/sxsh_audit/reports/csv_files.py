"""Tables as files that the spreadsheet of the reader's language opens."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import visible

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["csv_text", "harmless"]


def csv_text(frame: pd.DataFrame, language: Language, *, head: bool = True) -> str:
    """Return a table as the spreadsheet of the language reads it.

    Parameters
    ----------
    frame : DataFrame
        The table.
    language : {"vi", "en"}
        A spreadsheet in a Vietnamese Windows reads «;» and a decimal comma.
    head : bool
        Whether the headings come first; not where the rows go on with a table.

    Notes
    -----
    Fifteen significant digits: as many as a spreadsheet keeps, and 12000000 stays so where the
    float is 11999999.999999996. A text that a spreadsheet would run as a formula gets an
    apostrophe before it; a letter that cannot be seen is written as an escape.
    """
    separator, decimal = (";", ",") if language == "vi" else (",", ".")

    def shown(cell: Any) -> Any:
        if isinstance(cell, dict) or _holds_records(cell):
            cell = json.dumps(cell, ensure_ascii=False) if cell else ""
        elif isinstance(cell, (list, tuple)):  # several figures or names in one cell
            figures = (f"{one:.15g}".replace(".", decimal) if isinstance(one, float) else str(one)
                       for one in cell)  # fmt: skip
            cell = " | ".join(figures)
        return harmless(cell)

    safe = frame.apply(lambda column: column.map(shown) if _holds_text(column) else column)
    text: str = safe.to_csv(
        index=False, header=head, sep=separator, decimal=decimal, lineterminator="\r\n",
        float_format="%.15g",
    )
    return text


def _holds_records(cell: Any) -> bool:
    return isinstance(cell, (list, tuple)) and any(isinstance(one, (dict, list)) for one in cell)


def _holds_text(column: pd.Series[Any]) -> bool:
    return column.dtype.kind not in "biufc"


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula."""
    if not isinstance(cell, str):
        return cell
    cell = visible(cell, lines=True)
    risky = re.match(r"\s*(?:[=+@＝＋＠]|[-－](?![-\d.,\s|]*$))", cell)
    return f"'{cell}" if risky else cell
