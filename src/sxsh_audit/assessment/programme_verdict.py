"""What a check against a programme's target comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.calc.bands import Status
    from sxsh_audit.calc.coded import Coded

__all__ = ["Verdict"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Result of the check against a programme's target (kết quả đối chiếu mục tiêu).

    Parameters
    ----------
    status : Status or Coded
        worse, below, within, above, unknown or not_counted; an array for an array of savings.
    phase : str
        Id of the phase that was applied.
    low, high : float
        Band; `high` is ``None`` for a one-sided target. [1]
    saving : float or array
        What was judged. [1]
    counted : bool
        Whether the programme counts the resource.
    as_if : bool
        Whether the date lies outside the phase, so that this is for reference only.
    programme : str
        Id of the programme.
    sector : str
        Sector whose band was applied; empty where the programme has one band.
    """

    status: Status | Coded[Status]
    phase: str
    low: float
    high: float | None
    saving: Any
    counted: bool
    as_if: bool
    programme: str
    sector: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain JSON types; what is not known is ``None``."""
        import numpy as np

        saved = np.asarray(self.saving, dtype=np.float64)
        plain = saved.astype(object)
        plain[np.isnan(saved)] = None
        status: Any = self.status
        return {
            "programme": self.programme,
            "phase": self.phase,
            "sector": self.sector,
            "low": self.low,
            "high": self.high,
            "saving": plain.tolist(),
            "status": str(status) if isinstance(status, str) else status.tolist(),
            "counted": self.counted,
            "as_if": self.as_if,
        }
