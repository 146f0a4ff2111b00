"""Benchmark: what plants of one product take for a unit of it, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np
import pandas as pd

from sxsh_audit import __version__
from sxsh_audit.assessment.province.comparable import ENERGY, LISTED, comparable_plants
from sxsh_audit.assessment.province.told import Told
from sxsh_audit.assessment.result_tables import FindingTable, ResultTable
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.standing import QUANTILE_METHOD, peer_quantiles, standing
from sxsh_audit.errors import Refusal
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.register import Register

if TYPE_CHECKING:
    from sxsh_audit.display.table import Table

__all__ = ["NEEDED", "QUANTILES", "Benchmark", "benchmark", "quantile_name"]

NEEDED = ("product", "basis", "output_unit")
"""What plants that are compared must have in common; the unit of the use always is."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

FAR = 10.0
"""Times the median beyond which a unit is likely wrong: t and kg, kWh and MWh lie 1000 apart."""

Row = dict[str, Any]


class Benchmark(Told):
    """The result of :func:`sxsh_audit.benchmark`.

    Its tables are ``groups`` (one record per group of peers with its quantiles ``q10`` …
    [unit per output_unit]), ``plants`` (one record per plant that is compared: its figure, its
    rank, 1 takes least, and the share of its peers that take more), and ``left_out`` (who is not
    compared, and why).
    """

    KIND: ClassVar[str] = "benchmark"
    KEYS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "groups": ("group",), "plants": ("establishment",), "left_out": ("establishment",),
    }  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return one row per plant, with the figures of its group."""
        groups = self.groups.to_frame()
        plants = self.plants.to_frame()
        if not len(plants):
            return plants
        shared = [name for name in groups.columns if name not in plants.columns or name == "group"]
        return plants.merge(groups[shared], on="group", how="left")

    def tables(self, language: Language = "vi") -> list[Table]:
        """Return groups, plants and who was left out, as a person reads them."""
        from sxsh_audit.assessment.province.benchmark_views import benchmark_tables

        return benchmark_tables(self, language)

    def __repr__(self) -> str:
        return (f"Benchmark({self.settings['resource']!r}: {len(self.groups)} groups, "
                f"{len(self.plants)} plants)")  # fmt: skip


def quantile_name(quantile: float) -> str:
    """Return the column of a quantile.

    Examples
    --------
    >>> quantile_name(0.25)
    'q25'
    """
    return f"q{100 * quantile:.10g}"


def benchmark(
    register: Any,
    *,
    resource: str,
    by: Sequence[str] = NEEDED,
    minimum: int = 5,
    quantiles: Sequence[float] = QUANTILES,
    scale: Sequence[float] = (),
    language: Language = "vi",
) -> Benchmark:
    """Lay the specific consumption of comparable plants beside each other.

    Parameters
    ----------
    register : Register or anything with a method ``register()``
        The records of a programme.
    resource : str
        Key of a resource of the studies (``"electricity"``), or ``"energy"`` for the energy that
        the list of establishments states.
    by : sequence of str
        What plants of one group have in common: always product, basis and unit of the output;
        also columns of the list such as ``"sector"`` or ``"size_class"``.
    minimum : int
        Least number of plants of a group with quantiles. [-]
    quantiles : sequence of float
        Which quantiles. [1]
    scale : sequence of float
        Ends of classes of the yearly output, in the unit of the output of a group: a plant is
        compared with those of its own class. [output unit/year]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Benchmark
        Groups with quantiles, plants with their place, and who is left out and why.

    Raises
    ------
    Refusal
        If the three things that make plants comparable are not all in `by` or a column is
        unknown, or the minimum or the scale cannot be used.
    RangeError
        If a quantile is not between 0 and 1.

    Notes
    -----
    The figure of a plant is that of its latest study: the reporting period, else the baseline
    (``source``); of ``"energy"``, energy ÷ output of the list. Products are compared as written
    but for case and spacing; a basis that is not stated is a basis of its own. Quantiles are type
    8 of Hyndman and Fan [1]_ (``median_unbiased``); a quantile that a group is too small for is
    not known. ``above`` is the share of the other plants that take more, equal ones half.

    References
    ----------
    .. [1] Hyndman and Fan (1996), "Sample quantiles in statistical packages", *The American
       Statistician* 50.

    Examples
    --------
    >>> import pandas as pd
    >>> from sxsh_audit.tables.register import Register
    >>> plants = pd.DataFrame({
    ...     "establishment": list("ABCDE"), "product": "bia", "output": 10.0,
    ...     "output_unit": "triệu lít", "energy_toe": [100.0, 120, 140, 160, 300]})
    >>> found = benchmark(Register.from_frames(establishments=plants), resource="energy")
    >>> found.groups[0].plants, round(found.groups[0].q50, 6), found.groups[0].unit
    (5, 0.014, 'TOE')
    >>> found.plants["A"].rank, found.plants["A"].above
    (1, 1.0)
    """
    check_language(language)
    held = register if isinstance(register, Register) else register.register()
    keys = _keys(by, language)
    if minimum < 1:
        _refuse("minimum", language, minimum=minimum)
    edges = [float(end) for end in scale]
    if edges != sorted(set(edges)) or any(not 0 < end < np.inf for end in edges):
        _refuse("scale", language, scale=edges)
    peer_quantiles([], quantiles, language=language)  # refuses what is no quantile
    rows = comparable_plants(held, resource, language)
    if not len(rows):
        known = sorted(set(held.results["resource"]))
        known += [ENERGY] if held.establishments["energy_toe"].notna().any() else []
        _refuse("no_resource", language, resource=resource,
                known=nearest(resource, known) or tuple(known) or ("–",))  # fmt: skip
    rows["scale"] = _classes(rows, edges)
    rows.loc[(rows["reason"] == "") & (rows["scale"] < 0), "reason"] = "no_scale"
    compared = rows[rows["reason"] == ""]
    findings: list[Finding] = []
    groups, plants = _grouped(compared, keys, edges, quantiles, minimum, resource, findings)
    left = [{"establishment": row["establishment"], "reason": row["reason"],
             "study": row["study"]} for row in rows[rows["reason"] != ""].to_dict("records")]
    if len(compared) and (compared["basis"] == "").any() and resource != ENERGY:
        findings.append(Finding("benchmark.no_basis", "note", Place(resource=resource), "",
                                {"count": int((compared["basis"] == "").sum())}))  # fmt: skip
    settings = {
        "resource": resource, "by": list(keys), "minimum": minimum,
        "quantiles": [float(each) for each in quantiles], "method": QUANTILE_METHOD,
        "scale": edges,
    }  # fmt: skip
    lists = {"groups": groups, "plants": plants, "left_out": left}
    found = {name: ResultTable(name, key, tuple(lists[name]))
             for name, key in Benchmark.KEYS.items()}  # fmt: skip
    return Benchmark(settings, found, FindingTable(tuple(findings)), __version__)


def _refuse(code: str, language: Language, **numbers: Any) -> NoReturn:
    code = f"benchmark.{code}"
    raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)


def _keys(by: Sequence[str], language: Language) -> tuple[str, ...]:
    given = (by,) if isinstance(by, str) else tuple(by)
    missing = [name for name in NEEDED if name not in given]
    if missing:
        _refuse("not_comparable", language, missing=missing)
    unknown = [name for name in given if name not in (*NEEDED, *LISTED)]
    if unknown:
        _refuse("no_column", language, unknown=unknown, known=(*NEEDED, *LISTED))
    # a code of activity means something only with the version of its list
    extra = ("vsic_version",) if "vsic" in given and "vsic_version" not in given else ()
    return tuple(dict.fromkeys((*given, *extra)))


def _classes(rows: pd.DataFrame, edges: Sequence[float]) -> Any:
    """Class of the yearly output; -1 where it is not known and classes are asked for."""
    if not edges:
        return np.zeros(len(rows), np.intp)
    output = rows["output"].to_numpy(float)
    return np.where(np.isnan(output), -1, np.searchsorted(edges, output, side="right"))


def _grouped(
    rows: pd.DataFrame, keys: Sequence[str], edges: Sequence[float], quantiles: Sequence[float],
    minimum: int, resource: str, findings: list[Finding],
) -> tuple[list[Row], list[Row]]:
    """Return groups with their quantiles, and plants with their place in their group."""
    columns = ["product_key" if name == "product" else name for name in keys]
    if not len(rows):
        return [], []
    # plain records: thousands of groups of one plant are usual
    records: Any = rows.to_dict("records")
    number = rows.groupby([*columns, "unit", "scale"], sort=True).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    groups: list[Row] = []
    plants: list[Row] = []
    for members in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
        mine = [records[place] for place in members]
        name = str(len(groups) + 1)
        values = np.array([row["value"] for row in mine], float)
        groups.append(_group(name, mine, values, keys, edges, quantiles, minimum))
        above = standing(values, falling=True)
        middle = float(np.median(values))
        for row, better in zip(mine, above, strict=True):
            plants.append({
                "establishment": row["establishment"], "group": name, "value": row["value"],
                "unit": row["unit"], "output_unit": row["output_unit"],
                "rank": 1 + int((values < row["value"] * (1 - 1e-12)).sum()), "of": len(mine),
                "above": float(better) if len(mine) > 1 else None,
                "source": row["source"], "study": row["study"],
                "end": row["end"].isoformat() if row["end"] else None,
                "quality": row["quality"],
            })  # fmt: skip
            if len(mine) >= minimum and not middle / FAR <= row["value"] <= middle * FAR:
                findings.append(Finding(
                    "benchmark.far", "warning",
                    Place(facility=str(row["establishment"]), resource=resource), "",
                    {"establishment": row["establishment"], "times": FAR,
                     "value": float(f"{row['value']:.4g}"), "median": float(f"{middle:.4g}"),
                     "unit": f"{row['unit']}/{row['output_unit']}"},
                ))  # fmt: skip
    plants.sort(key=lambda row: str(row["establishment"]))
    findings.sort(key=lambda item: item.place)
    return groups, plants


def _group(
    name: str, mine: Sequence[Row], values: Floats, keys: Sequence[str],
    edges: Sequence[float], quantiles: Sequence[float], minimum: int,
) -> Row:
    """Return the record of a group; one that is too small has no quantiles."""
    first, enough = mine[0], len(mine) >= minimum
    figures = peer_quantiles(values, quantiles)
    cut = [None if not enough or np.isnan(each) else float(each) for each in figures]
    limits = [0.0, *edges, None]
    at = int(first["scale"])
    return {
        "group": name, **{key: first[key] for key in keys}, "unit": first["unit"],
        "product": min(row["product"] for row in mine),
        "scale_low": limits[at] if edges else None,
        "scale_high": limits[at + 1] if edges else None, "plants": len(mine), "enough": enough,
        **dict(zip(map(quantile_name, quantiles), cut, strict=True)),
    }  # fmt: skip
