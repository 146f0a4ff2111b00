"""The functions of a plan on dask's data frames, as the how-to page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from iso_plants import CHOSEN, iso_dataset

from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.scale.dataset import Dataset

pytest.importorskip("pyarrow", reason="needs the package pyarrow, for dask.dataframe")
dd = pytest.importorskip("dask.dataframe", reason="needs the package dask[dataframe]")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return iso_dataset(tmp_path_factory.mktemp("iso") / "plants")


@pytest.fixture(scope="module")
def plan(dataset: Dataset) -> Plan:
    return dataset.plan(**CHOSEN)


@pytest.fixture(scope="module")
def here(dataset: Dataset, plan: Plan) -> pd.DataFrame:
    """Return what one process finds."""
    return pd.concat([plan.assess(*dataset.read(part)) for part in dataset.parts])


@pytest.fixture(params=["in this process", "on a cluster"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Any]]:
    if request.param == "in this process":
        yield {"scheduler": "synchronous"}
        return
    distributed = pytest.importorskip("distributed", reason="needs the package distributed")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, memory_limit=0, host="127.0.0.1",
            dashboard_address="127.0.0.1:0", local_directory=str(tmp_path), silence_logs=50,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        yield {"scheduler": client}


def same(found: pd.DataFrame, here: pd.DataFrame, plan: Plan) -> None:
    # dask turns all text into the strings of Arrow; that is not ours.
    found = found.reset_index(drop=True).astype(plan.meta.dtypes)
    pd.testing.assert_frame_equal(found, here.reset_index(drop=True), check_exact=True)


def test_each_part_of_a_dataset_is_a_partition(
    dataset: Dataset, plan: Plan, here: pd.DataFrame, place: dict[str, Any]
) -> None:
    savings = dd.from_map(lambda part: plan.assess(*dataset.read(part)), dataset.parts,
                          meta=plan.meta)  # fmt: skip
    assert savings.npartitions == 3
    same(savings.compute(**place), here, plan)
    # What dask knows beforehand is enough to go on with: here the saving of each resource.
    saved = savings.groupby("resource")["absolute_saving"].sum().compute(**place)
    expected = here.groupby("resource")["absolute_saving"].sum()
    assert saved.to_dict() == pytest.approx(expected.to_dict(), rel=1e-14, nan_ok=True)


def test_two_frames_with_the_same_divisions(
    dataset: Dataset, plan: Plan, here: pd.DataFrame
) -> None:
    tables = [dataset.read(part) for part in dataset.parts]
    used, made = (dd.from_map(lambda k, of=of: tables[k][of].astype({"facility": "str"}),
                              range(len(tables))) for of in (0, 1))  # fmt: skip
    savings = dd.map_partitions(plan.assess, used, made, meta=plan.meta, align_dataframes=False)
    same(savings.compute(scheduler="synchronous"), here, plan)
