"""Outlines of flows: bands that keep their thickness through columns and around corners."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["Outline", "band_line", "band_outline", "return_outline"]

Point = tuple[float, float]
Outline = tuple[list[Point], list[int]]
"""Corners and codes of a path, as matplotlib takes them."""

MOVE, LINE, BEND, CURVE, CLOSE = 1, 2, 3, 4, 79  # codes of matplotlib.path.Path
INNER = 4.0  # [pt] radius of the inner side of a corner


def band_outline(stops: Sequence[tuple[float, float, float]], thick: float, tip: float) -> Outline:
    """Return the outline of a band from left to right.

    Parameters
    ----------
    stops : sequence of tuple of float
        Left end, right end and height of each column where the band runs straight [pt].
    thick : float
        Thickness [pt].
    tip : float
        Length of the arrow at its end [pt]; 0 for none.
    """
    half = thick / 2
    points: list[Point] = [(stops[0][0], stops[0][2] - half)]
    codes = [MOVE]
    _along(points, codes, stops, -half)
    if tip:
        wing = half + min(3.0, tip / 3)
        x, y = stops[-1][1], stops[-1][2]
        points += [(x, y - wing), (x + tip, y), (x, y + wing)]
        codes += [LINE] * 3
    back = [(right, left, y) for left, right, y in reversed(stops)]
    points.append((back[0][0], back[0][2] + half))
    codes.append(LINE)
    _along(points, codes, back, half)
    points.append(points[0])
    codes.append(CLOSE)
    return points, codes


def band_line(stops: Sequence[tuple[float, float, float]], tip: float) -> Outline:
    """Return the middle of a band from left to right, with an arrow of length `tip` at its end."""
    points: list[Point] = [(stops[0][0], stops[0][2])]
    codes = [MOVE]
    _along(points, codes, stops, 0.0)
    if tip:
        x, y = stops[-1][1], stops[-1][2]
        wings = [(x + tip / 3, y - tip / 2), (x + tip, y), (x + tip / 3, y + tip / 2)]
        points += [(x + tip, y), *wings]
        codes += [LINE, MOVE, LINE, LINE]
    return points, codes


def _along(
    points: list[Point], codes: list[int], stops: Sequence[tuple[float, float, float]],
    shift: float,
) -> None:
    x, y, _ = 0.0, 0.0, 0.0
    for k, (start, end, height) in enumerate(stops):
        if k:
            middle = (x + start) / 2
            points += [(middle, y), (middle, height + shift), (start, height + shift)]
            codes += [CURVE] * 3
        points.append((end, height + shift))
        codes.append(LINE)
        x, y = end, height + shift


def return_outline(corners: Sequence[Point], thick: float) -> Outline:
    """Return the outline of a band along a line whose corners are right angles.

    Parameters
    ----------
    corners : sequence of tuple of float
        Points of its middle [pt], each beside, above or below the one before.
    thick : float
        Thickness [pt].
    """
    ways = [_way(a, b) for a, b in pairwise(corners)]
    points: list[Point] = []
    codes: list[int] = []
    for side in (1.0, -1.0):
        edge = []
        for k, (x, y) in enumerate(corners):
            near = {ways[max(k - 1, 0)], ways[min(k, len(ways) - 1)]}
            edge.append((x - side * thick / 2 * sum(way[1] for way in near),
                         y + side * thick / 2 * sum(way[0] for way in near)))
        turns = [0.0, *(_turn(a, b) * side for a, b in pairwise(ways)), 0.0]
        if side < 0:
            edge.reverse()
            turns.reverse()
        _rounded(points, codes, edge, turns, thick)
    points.append(points[0])
    codes.append(CLOSE)
    return points, codes


def _way(a: Point, b: Point) -> Point:
    x, y = b[0] - a[0], b[1] - a[1]
    return (math.copysign(1.0, x), 0.0) if abs(x) >= abs(y) else (0.0, math.copysign(1.0, y))


def _turn(a: Point, b: Point) -> float:
    return a[0] * b[1] - a[1] * b[0]


def _rounded(
    points: list[Point], codes: list[int], edge: Sequence[Point], turns: Sequence[float],
    thick: float,
) -> None:
    for k, (x, y) in enumerate(edge):
        if k in (0, len(edge) - 1):
            codes.append(LINE if points else MOVE)
            points.append((x, y))
            continue
        # the side that a turn bends to is the inner one
        radius = INNER if turns[k] > 0 else INNER + thick
        before, after = edge[k - 1], edge[k + 1]
        radius = min(radius, math.dist(before, (x, y)) / 2, math.dist(after, (x, y)) / 2)
        back, ahead = _way((x, y), before), _way((x, y), after)
        points += [(x + back[0] * radius, y + back[1] * radius), (x, y),
                   (x + ahead[0] * radius, y + ahead[1] * radius)]
        codes += [LINE, BEND, BEND]
