"""A dataset on disk whose records sort by name, so that an engine's own sort keeps their order."""

from __future__ import annotations

from pathlib import Path

from made_up_plants import SETTINGS, records

from sxsh_audit.scale.dataset import Dataset, write_dataset

CHOSEN = {"programme": "vn-qb-2384", "factor_set": "vn-3505"}


def iso_dataset(folder: Path, plants: int = 6) -> Dataset:
    """Write made-up plants, one with faulty records, with periods such as 2013-01."""
    used, made = records(plants, faulty=(3,))
    for frame in (used, made):
        month = frame["period"].str.partition("/")
        frame["period"] = month[2] + "-" + month[0]
    used = used.sort_values(["facility", "resource", "period"], ignore_index=True)
    source = {"consumption": used.drop(columns="price"), "production": made,
              "settings": SETTINGS}  # fmt: skip
    return write_dataset(source, folder, plants_per_part=2)
