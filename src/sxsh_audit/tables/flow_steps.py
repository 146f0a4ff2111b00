"""Steps of a plant, its quantity centres: what they are, what runs them, whose part they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sxsh_audit.language.text import nearest
from sxsh_audit.tables.amounts import Texts
from sxsh_audit.tables.columns import ColumnReader
from sxsh_audit.tables.keys import (
    agreeing,
    frame_of,
    group_codes,
    named_keys,
    report_repeats,
    spelt_alike,
)
from sxsh_audit.tables.schema import choice_words, plain_word

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = [
    "OF_COMPONENT", "Spelt", "batches_alone", "near_words", "of_plant", "spelt_component",
    "steps_table",
]  # fmt: skip

Spelt = Mapping[tuple[str, str], str]
"""Name, such as of a component, by plant and folded name."""

OF_COMPONENT = "component:"
"""What stands before the name of a component that is an allocation key."""

BY_DEFAULT = "mass"


def steps_table(check: TableCheck, components: Spelt) -> pd.DataFrame:
    """Check the steps: a row each, or one for each phase or batch whose costs differ.

    Parameters
    ----------
    check : TableCheck
        The study.
    components : mapping of (str, str) to str
        Components of the flows, by plant and folded name.

    Returns
    -------
    DataFrame
        Columns facility, step (spelt as it was first), name, parent (a step of the plant, or
        empty), kind, system_cost and waste_cost [currency; nan where not stated], key (what the
        energy and system cost is divided by: ``mass``, ``volume``, ``energy``, ``count`` or
        ``component:<name>``), phase, batch (both empty: of every flow sheet), note and row.
    """
    reader = check.readers["steps"]
    facilities = check.facilities(reader)
    steps = spelt_alike(facilities, reader.texts("step"))
    phase, batch = reader.choices("phase"), spelt_alike(facilities, reader.texts("batch"))
    batches_alone(reader, batch, phase != "")
    report_repeats(reader, [facilities, phase, batch, steps], "step")
    groups = group_codes([facilities, steps])
    names = agreeing(reader, groups, "name", reader.texts("name"))
    parents = agreeing(reader, groups, "parent", _parents(reader, facilities, steps, names))
    _circles(reader, facilities, steps, parents)
    kinds = agreeing(reader, groups, "kind", reader.choices("kind"))
    keys = agreeing(reader, groups, "key", _allocation_keys(reader, facilities, components))
    return frame_of(
        reader, facility=facilities, step=steps, name=names, parent=parents,
        kind=np.where(kinds == "", "process", kinds).astype(object),
        system_cost=check.money(reader, "system_cost", None),
        waste_cost=check.money(reader, "waste_cost", None),
        key=np.where(keys == "", BY_DEFAULT, keys).astype(object),
        phase=phase, batch=batch, note=reader.texts("note"),
    )  # fmt: skip


def batches_alone(
    reader: ColumnReader, batch: Texts, dated: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> None:
    """Report a batch that has a phase or a period as well: it is not clear whose figure it is."""
    for i in np.flatnonzero((batch != "") & dated).tolist():
        reader.report("flow_tables.batch_and_period", "error", i, "batch", batch[i])


def near_words(reader: ColumnReader, text: str, known: Callable[[], list[str]]) -> list[str]:
    """Return the words that `text` may have meant, else the first of those that are `known`."""
    if not reader.looks():
        return ["–"]
    listed = known()
    folded = {plain_word(one): one for one in listed}
    close = [folded[word] for word in nearest(plain_word(text), tuple(folded), 3)]
    return close or listed[:5] or ["–"]


def of_plant(known: Spelt, facility: str) -> list[str]:
    """Return the names that one plant has."""
    return [name for (plant, _), name in known.items() if plant == facility and name]


def _parents(reader: ColumnReader, facilities: Texts, steps: Texts, names: Texts) -> Texts:
    typed = reader.texts("parent")
    if not (typed != "").any():
        return typed
    words = named_keys(facilities, steps, names)
    known = dict(zip(zip(facilities, steps, strict=True), steps, strict=True))
    out = np.full(len(typed), "", dtype=object)
    for i in np.flatnonzero(typed != "").tolist():
        key = words.get((facilities[i], plain_word(typed[i])))
        if key is None:
            near = near_words(reader, typed[i], partial(of_plant, known, facilities[i]))
            reader.report("flow_tables.unknown_step", "error", i, "parent", typed[i], near=near)
        elif key == steps[i]:
            reader.report("flow_tables.own_parent", "error", i, "parent", typed[i])
        else:
            out[i] = key
    return out


def _circles(reader: ColumnReader, facilities: Texts, steps: Texts, parents: Texts) -> None:
    """Report steps that are parts of each other; a circle is told once, at its first row."""
    rows: dict[tuple[str, str], int] = {}
    for i, pair in enumerate(zip(facilities, steps, strict=True)):
        if pair[1]:
            rows.setdefault(pair, i)
    done: set[tuple[str, str]] = set()
    for start in rows:
        path: dict[tuple[str, str], None] = {}
        step = start
        while step in rows and step not in path and step not in done:
            path[step] = None
            step = (step[0], parents[rows[step]])
        if step in path:
            names = [name for _, name in list(path)[list(path).index(step):]]
            i = min(rows[step[0], name] for name in names)
            at = names.index(steps[i])
            turned = [*names[at:], *names[:at], steps[i]]
            reader.report("flow_tables.parent_circle", "error", i, "parent", parents[i],
                          circle=" → ".join(turned))  # fmt: skip
        done |= path.keys()


def spelt_component(
    reader: ColumnReader, i: int, name: str, text: str, facility: str, components: Spelt
) -> str:
    """Return a component as the table of components spells it; one that is not there is a fault."""
    found = components.get((facility, plain_word(text)))
    if found is None:
        near = near_words(reader, text, partial(of_plant, components, facility))
        reader.report("flow_tables.unknown_component", "error", i, name, text, near=near)
    return found or ""


def _allocation_keys(reader: ColumnReader, facilities: Texts, components: Spelt) -> Texts:
    """Read what the cost of each step is divided by: «khối lượng», «thành phần: chất khô»."""
    typed, words = reader.texts("key"), choice_words("allocation_key")
    out = np.full(len(typed), "", dtype=object)
    for i in np.flatnonzero(typed != "").tolist():
        key = words.get(plain_word(typed[i]), "")
        left, colon, right = typed[i].partition(":")
        if key and key != "component":
            out[i] = key
        elif colon and words.get(plain_word(left)) == "component" and right.strip():
            found = spelt_component(reader, i, "key", right.strip(), facilities[i], components)
            out[i] = f"{OF_COMPONENT}{found}" if found else ""
        elif (facilities[i], plain_word(typed[i])) in components:
            out[i] = OF_COMPONENT + components[facilities[i], plain_word(typed[i])]
        else:
            choices = [f"allocation_key.{one}" for one in ("mass", "volume", "energy", "count")]
            reader.report("flow_tables.allocation_key", "error", i, "key", typed[i],
                          choices=choices)  # fmt: skip
    return out
