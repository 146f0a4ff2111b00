"""The functions of a plan under Spark's mapInPandas: a smoke test with Java on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from iso_plants import CHOSEN, iso_dataset

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.outside("java")
@pytest.mark.skipif(
    not (find_spec("pyspark") and find_spec("pyarrow")),
    reason="needs the packages pyspark and pyarrow",
)
def test_spark_finds_the_same_bits_as_one_process(tmp_path: Path) -> None:
    dataset = iso_dataset(tmp_path / "plants")
    plan = dataset.plan(**CHOSEN)
    here = pd.concat([plan.assess(*dataset.read(part)) for part in dataset.parts])
    paths = [str(ROOT / "src"), str(ROOT / "tests" / "unit")]
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(Path(__file__).with_name("spark_plants.py")),
         str(dataset.path), str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        told, faults = process.communicate(timeout=300)
    finally:
        with suppress(ProcessLookupError):  # Java ends with the program; else it is ended here
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, faults
    assert told.split() == ["not_sorted"]
    found = pd.concat([pd.read_parquet(path) for path in (tmp_path / "out").glob("*.parquet")])
    found = found.sort_values(["facility", "resource"]).reset_index(drop=True)
    found = found.astype(plan.meta.dtypes)
    pd.testing.assert_frame_equal(found, here.reset_index(drop=True), check_exact=True)
