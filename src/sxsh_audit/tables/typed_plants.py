"""Which plant each record is of, as codes, and checks of a plant's records among themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.tables.raw import key_text

__all__ = ["Plants", "by_key", "overlapping", "two_values"]

Codes = np.ndarray[Any, Any]
Rows = np.ndarray[Any, np.dtype[np.bool_]]
KEY = "facility"
DAYS_BITS = 20
"""Bits of a day since 1970 within a key: 2²⁰ days are 2,870 years."""


@dataclass(slots=True)
class Plants:
    """The plants of two tables.

    Parameters
    ----------
    names : list of str
        Plants by name, sorted.
    used, made : array of int, shape (rows,)
        Plant of each record of consumption and of production.
    lacking : array of bool, shape (plants,)
        Plants that are not plain, whatever their single records are.
    """

    names: list[str]
    used: Codes
    made: Codes
    lacking: Rows = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @classmethod
    def of(cls, consumption: pd.DataFrame, production: pd.DataFrame) -> Plants | None:
        """Find the plants; None where a record names none, or one by something else than text."""
        columns = [table[KEY] for table in (consumption, production)]
        if not all(isinstance(column, pd.Series) for column in columns):
            return None  # two columns of that name
        coded = []
        for column in columns:
            if isinstance(column.dtype, pd.CategoricalDtype):
                codes, cells = column.cat.codes.to_numpy(), list(column.cat.categories)
            else:
                codes, different = pd.factorize(column)
                cells = list(different)
            if (len(codes) and codes.min() < 0) or not all(isinstance(cell, str) for cell in cells):
                return None
            present = np.bincount(codes, minlength=len(cells)) > 0
            coded.append((codes, cells, present))
        names = sorted({cell for _, cells, present in coded
                        for cell, here in zip(cells, present, strict=True) if here})  # fmt: skip
        place = {name: i for i, name in enumerate(names)}
        kind = np.int32 if len(names) < 2**31 else np.int64
        used, made = (np.array([place.get(cell, 0) for cell in cells] or [0], dtype=kind)[codes]
                      for codes, cells, _ in coded)  # fmt: skip
        lacking = np.array([key_text(name) != name or not name
                            for name in names], dtype=bool)  # fmt: skip
        return cls(names, used, made, lacking)

    def categorical(self, codes: Codes) -> pd.Categorical:
        """Return the plants of records as a Categorical of all plants."""
        return pd.Categorical.from_codes(codes, pd.Index(self.names, dtype="str"), validate=False)


def by_key(table: pd.DataFrame) -> pd.DataFrame:
    """Return records with each plant by its key, as a study reads it.

    Parameters
    ----------
    table : DataFrame
        Records with a column ``facility``.

    Returns
    -------
    DataFrame
        `table` itself where every name is its key already.

    Examples
    --------
    >>> by_key(pd.DataFrame({"facility": ["Gạch  Huê\u0301 ", "Gạch Huế"]}))["facility"].tolist()
    ['Gạch Huế', 'Gạch Huế']
    """
    if list(table.columns).count(KEY) > 1:  # which the study tells of
        return table
    column = table[KEY]
    coded = isinstance(column.dtype, pd.CategoricalDtype)
    names = list(column.cat.categories if coded else column.dropna().unique())
    keys = [key_text(name) or name for name in names]
    if all(isinstance(name, str) and name == key for name, key in zip(names, keys, strict=True)):
        return table
    if not coded:
        return table.assign(**{KEY: column.map(dict(zip(names, keys, strict=True)))})
    kept = pd.Index(sorted(set(keys)), dtype="str")
    codes = np.append(kept.get_indexer(pd.Index(keys, dtype="str")), -1)[column.cat.codes]
    return table.assign(**{KEY: pd.Categorical.from_codes(codes, kept)})


def two_values(groups: Codes, codes: Codes) -> Rows | None:
    """Return rows of the groups that have two different codes, one at least; None without any.

    Examples
    --------
    >>> two_values(np.array([0, 0, 1, 1]), np.array([3, 3, 3, 4])).tolist()
    [False, False, True, False]
    """
    if not len(codes) or codes.min() == codes.max():
        return None
    last = np.zeros(int(groups.max()) + 1, dtype=codes.dtype)
    last[groups] = codes
    differ = last[groups] != codes
    return differ if differ.any() else None


def overlapping(keys: Codes, start: Codes, end: Codes) -> Rows | None:
    """Return rows of one key that begin before the one before has ended; None without any.

    Parameters
    ----------
    keys : array of int, shape (rows,)
        What the rows are of, not negative.
    start, end : array of int, shape (rows,)
        Days since 1970-01-01, both inclusive.

    Examples
    --------
    >>> overlapping(np.array([0, 0, 0]), np.array([10, 5, 1]), np.array([12, 7, 5])).tolist()
    [False, True, False]
    """
    if len(keys) < 2:
        return None
    follows = (keys[1:] == keys[:-1]) & (start[1:] > end[:-1])
    if (follows | (keys[1:] > keys[:-1])).all():
        return None  # the usual order: every record after the one before
    day = np.clip(start, -(1 << DAYS_BITS - 1), (1 << DAYS_BITS - 1) - 1)
    order = np.argsort((keys.astype(np.int64) << DAYS_BITS) + day, kind="stable")
    keys, start, end = keys[order], start[order], end[order]
    clash = (keys[1:] == keys[:-1]) & (start[1:] <= end[:-1])
    if not clash.any():
        return None
    out = np.zeros(len(keys), dtype=bool)
    out[order[1:][clash]] = True
    return out
