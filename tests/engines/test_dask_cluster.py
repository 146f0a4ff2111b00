"""Many plants on a dask cluster: the same bits as on one machine, whatever dies on the way.

The clusters are real processes of this machine; they end with the test.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up_plants import cut, records

from sxsh_audit.errors import Refusal
from sxsh_audit.scale import dask_engine
from sxsh_audit.scale.result import ManyAssessments
from sxsh_audit.scale.running import assess_many

distributed = pytest.importorskip("distributed", reason="needs the package distributed")

CHOSEN = {"programme": "vn-qb-2384", "factor_set": "vn-3505"}
FRAMES = records(12, faulty=(5,))
PARTS = 6


@contextmanager
def cluster_of(workers: int, folder: Path, allowed_failures: int = 3) -> Iterator[Any]:
    """Start workers that are processes of this machine, reached on 127.0.0.1 only."""
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, memory_limit=0, dashboard_address="127.0.0.1:0",
        host="127.0.0.1", local_directory=str(folder), silence_logs=50,
    ) as cluster:  # fmt: skip
        cluster.scheduler.allowed_failures = allowed_failures
        with distributed.Client(cluster, set_as_default=False) as client:
            yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with cluster_of(2, tmp_path_factory.mktemp("workers")) as client:
        yield client


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> ManyAssessments:
    """Return what one process finds."""
    folder = tmp_path_factory.mktemp("here") / "results"
    return assess_many(cut(FRAMES, PARTS), folder, workers=1, **CHOSEN)


def written(result: ManyAssessments) -> dict[str, str]:
    folder = Path(result.folder)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


def same(one: ManyAssessments, other: ManyAssessments) -> None:
    assert one.to_dict() == other.to_dict()
    for name in ("savings", "groups", "verdicts", "findings", "refused"):
        pd.testing.assert_frame_equal(getattr(one, name)(), getattr(other, name)(),
                                      check_exact=True)  # fmt: skip


def test_a_cluster_writes_the_same_files_as_one_process(
    client: Any, here: ManyAssessments, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    found = assess_many(cut(FRAMES, PARTS), tmp_path / "results", client=client,
                        progress=lambda done, plants: told.append((done, plants)), **CHOSEN)
    same(found, here)
    assert written(found) == written(here)
    assert [done for done, _ in told] == list(range(0, 13, 2))


def test_a_worker_killed_half_way_loses_nothing_and_repeats_only_its_part(
    client: Any, here: ManyAssessments, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    incidents: dict[int, tuple[str, Path]] = dict.fromkeys(range(PARTS), ("log", log))
    incidents[3] = ("die once", tmp_path / "died")  # SIGKILL while the part is read
    found = assess_many(cut(FRAMES, PARTS, incidents=incidents), tmp_path / "results",
                        client=client, **CHOSEN)
    assert (tmp_path / "died").exists()
    same(found, here)
    assert written(found) == written(here)
    # A finished part is not done again; at most the one that waited on the same worker is.
    assert set(log.read_text().split()) == {"0", "1", "2", "4", "5"}


def test_a_part_that_kills_its_workers_is_named_and_the_others_are_kept(
    here: ManyAssessments, tmp_path: Path
) -> None:
    with cluster_of(2, tmp_path / "workers", allowed_failures=0) as client:
        plants = cut(FRAMES, PARTS, incidents={2: ("die", tmp_path)})
        with pytest.raises(Refusal, match=r"P0004.*P0005") as caught:
            assess_many(plants, tmp_path / "results", client=client, language="en", **CHOSEN)
    assert (caught.value.code, caught.value.numbers["number"]) == ("many.part_kills", 2)
    log = tmp_path / "log"
    again = cut(FRAMES, PARTS, incidents=dict.fromkeys(range(PARTS), ("log", log)))
    same(assess_many(again, tmp_path / "results", workers=1, **CHOSEN), here)
    assert log.read_text().split() == ["2"]


def test_a_run_whose_cluster_goes_away_is_taken_up_by_one_process(
    here: ManyAssessments, tmp_path: Path
) -> None:
    with cluster_of(1, tmp_path / "workers") as client:

        def leave(done: int, plants: int) -> None:
            if done == 4:
                client.cluster.close()

        with pytest.raises(Refusal) as caught:
            assess_many(cut(FRAMES, PARTS), tmp_path / "results", client=client, progress=leave,
                        **CHOSEN)
    assert caught.value.code == "engine.cluster_gone"
    log = tmp_path / "log"
    again = cut(FRAMES, PARTS, incidents=dict.fromkeys(range(PARTS), ("log", log)))
    same(assess_many(again, tmp_path / "results", workers=1, **CHOSEN), here)
    assert len(log.read_text().split()) == PARTS - 2


def test_workers_of_another_version_are_refused(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sxsh_audit import __version__

    monkeypatch.setattr(dask_engine, "__version__", "0.0.0")  # of this process only
    with pytest.raises(Refusal) as caught:
        assess_many(cut(FRAMES, 2), tmp_path / "results", client=client, **CHOSEN)
    assert caught.value.code == "engine.other_version"
    assert caught.value.numbers == {"here": "0.0.0", "worker": __version__}


def test_an_error_of_a_part_is_told_when_the_others_are_done(client: Any, tmp_path: Path) -> None:
    plants = cut(FRAMES, 3, incidents={0: ("fail", tmp_path)})
    told: list[int] = []
    with pytest.raises(RuntimeError, match="nobody expected this"):
        assess_many(plants, tmp_path / "results", client=client,
                    progress=lambda done, _: told.append(done), **CHOSEN)
    assert told == [0, 4, 8]


def test_what_is_no_client_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="give a distributed"):
        assess_many(cut(FRAMES, 2), tmp_path / "results", client="127.0.0.1:8786", **CHOSEN)
