"""Axes that a notebook shows as a picture, without pyplot."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["ShownAxes"]


class ShownAxes(Axes):
    """Axes of a chart that made its own Figure: the last line of a cell shows the picture."""

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        figure = self.figure
        assert isinstance(figure, Figure)  # never a SubFigure: the chart made it
        figure.savefig(stream, format="png")
        return stream.getvalue()
