"""A run that is stopped at any point goes on: the same bits, no plant twice, none lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import killed_runs
import pytest
from killed_runs import CHOSEN, plants
from made_up_plants import MadeUpPlants, cut, records

from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.scale import kept_parts
from sxsh_audit.scale.result import open_results
from sxsh_audit.scale.running import assess_many

HERE = Path(__file__).resolve().parent
unix = pytest.mark.skipif(os.name == "nt", reason="signal 9 is of Unix")


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, str]]:
    """Files of a run that nothing befell, by the count of its parts."""
    found = {}
    for parts in (3, 6):
        folder = tmp_path_factory.mktemp("unbroken") / "r"
        assess_many(plants(None, parts), folder, workers=1, **CHOSEN)
        found[parts] = files(folder)
    return found


def script(*words: Any) -> list[str]:
    return [sys.executable, str(HERE / "killed_runs.py"), *map(str, words)]


def gone(process: int) -> bool:
    """Whether a process has ended within ten seconds."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@unix
def test_killed_at_every_step(tmp_path: Path, unbroken: dict[int, dict[str, str]]) -> None:
    found = subprocess.run(script("at-every-step", tmp_path / "r", tmp_path / "log"),
                           capture_output=True, text=True, check=True)  # fmt: skip
    # Each part has eight steps: three tables, four files made safe, the move into its place.
    assert json.loads(found.stdout)["kills"] >= 8
    assert files(tmp_path / "r") == unbroken[3]


@unix
@pytest.mark.parametrize("with_what", [signal.SIGKILL, signal.SIGINT])
def test_main_process_killed_while_its_workers_are_at_work(
    with_what: signal.Signals, tmp_path: Path, unbroken: dict[int, dict[str, str]]
) -> None:
    folder, log = tmp_path / "r", tmp_path / "log"
    # part 3 never ends; the other worker does all that remain
    with subprocess.Popen(script("whole", folder, log, 3), stderr=subprocess.DEVNULL) as main:
        for _ in range(1200):
            if len(list(folder.glob("parts-*/[0-9]*"))) == 5:
                break
            time.sleep(0.05)
        waiting = int(log.with_suffix(".pid").read_text())
        with pytest.raises(OutputError, match="another run is at work") as busy:
            assess_many(plants(None), folder, workers=1, overwrite=True, language="en", **CHOSEN)
        assert busy.value.code == "many.busy"
        main.send_signal(with_what)
    assert main.returncode != 0
    assert gone(waiting), "a worker was left behind"
    with pytest.raises(Refusal, match="5 of 6") as told:
        open_results(folder, language="en")
    assert told.value.code == "many.not_finished"
    before = sorted(log.read_text().split())
    assess_many(plants(log), folder, workers=2, **CHOSEN)
    after = log.read_text().split()
    assert before == ["0", "1", "2", "4", "5"]
    assert sorted(after) == ["0", "1", "2", "3", "4", "5"], "a finished part was done again"
    assert files(folder) == unbroken[6]


@unix
def test_a_worker_that_dies_is_replaced(
    tmp_path: Path, unbroken: dict[int, dict[str, str]]
) -> None:
    found = plants(None)
    found.incidents.update({1: ("die once", tmp_path / "died"), 2: ("print", tmp_path)})
    assess_many(found, tmp_path / "r", workers=2, **CHOSEN)
    assert (tmp_path / "died").exists()
    assert files(tmp_path / "r") == unbroken[6]


@unix
def test_a_part_that_kills_twice_is_named_and_the_others_are_kept(
    tmp_path: Path, unbroken: dict[int, dict[str, str]]
) -> None:
    found = plants(None)
    found.incidents[4] = ("die", tmp_path)
    with pytest.raises(Refusal) as told:
        assess_many(found, tmp_path / "r", workers=2, language="en", **CHOSEN)
    assert told.value.code == "many.part_kills"
    assert told.value.numbers == {"number": 4, "first": "P0008", "last": "P0009", "times": 2}
    assert len(list((tmp_path / "r").glob("parts-*/[0-9]*"))) == 5
    assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN)
    assert files(tmp_path / "r") == unbroken[6]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_nobody_expected_is_told_after_all_other_parts(
    workers: int, tmp_path: Path
) -> None:
    found = plants(None)
    found.incidents[0] = ("fail", tmp_path)
    with pytest.raises(RuntimeError, match="nobody expected"):
        assess_many(found, tmp_path / "r", workers=workers, **CHOSEN)
    assert len(list((tmp_path / "r").glob("parts-*/[0-9]*"))) == 5


def test_a_process_that_cannot_be_started_is_told_with_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: dict[int, dict[str, str]]
) -> None:
    class Refused(subprocess.Popen):  # type: ignore[type-arg]
        tries = 0

        def __init__(self, *words: Any, **named: Any) -> None:
            Refused.tries += 1
            if Refused.tries == 1:
                raise OSError(errno.EAGAIN, "no more processes")
            super().__init__(*words, **named)

    with monkeypatch.context() as patched:
        patched.setattr("sxsh_audit.scale.processes.subprocess.Popen", Refused)
        with pytest.raises(OSError, match="no more processes"):
            assess_many(plants(None), tmp_path / "r", workers=2, **CHOSEN)
    assert len(list((tmp_path / "r").glob("parts-*/[0-9]*"))) == 5
    assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN)
    assert files(tmp_path / "r") == unbroken[6]


def test_a_disk_without_locks_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: Any, **__: Any) -> Any:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_LOCK
        raise error

    monkeypatch.setattr("sxsh_audit.scale.one_run.sqlite3.connect", no_locks)
    assert assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN).counts["plants"] == 12


def test_a_lock_that_somebody_wrote_over_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / ".run-lock").write_bytes(b"no database " * 100)
    assert assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN).counts["plants"] == 12


def test_a_result_whose_folder_was_taken_away_is_still_shown(tmp_path: Path) -> None:
    found = assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN)
    whole = found.to_text("en")
    shutil.rmtree(tmp_path / "r")
    assert "Plants that were not assessed" in whole
    assert found.to_text("en") == whole.partition("What was found")[0]


def test_interrupted(tmp_path: Path, unbroken: dict[int, dict[str, str]]) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assess_many(plants(None), tmp_path / "r", workers=2, progress=stop, **CHOSEN)
    seen: list[tuple[int, int]] = []
    assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN,
                progress=lambda done, plants: seen.append((done, plants)))  # fmt: skip
    assert seen[0][0] >= 4
    assert seen[-1] == (12, 12)
    assert files(tmp_path / "r") == unbroken[6]


def test_full_disk(
    tmp_path: Path, unbroken: dict[int, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = kept_parts._write_parquet, []

    def full(connection: Any, frame: Any, types: Any, path: Path) -> None:
        written.append(path)
        if len(written) == 8:
            path.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(connection, frame, types, path)

    monkeypatch.setattr(kept_parts, "_write_parquet", full)
    with pytest.raises(OutputError) as told:
        assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN)
    assert told.value.code == "output.disk_full"
    left = sorted(path.name for path in (tmp_path / "r").glob("parts-*/*"))
    assert left == ["000000", "000001"]
    monkeypatch.undo()
    assess_many(plants(None), tmp_path / "r", workers=1, **CHOSEN)
    assert files(tmp_path / "r") == unbroken[6]


@pytest.mark.parametrize("harm", ["cut", "away", "record"])
def test_a_part_that_was_harmed_is_done_again(
    harm: str, tmp_path: Path, unbroken: dict[int, dict[str, str]]
) -> None:
    folder = tmp_path / "r"
    assess_many(plants(None, 3), folder, workers=1, **CHOSEN)
    part, = folder.glob("parts-*/000001")
    savings = part / "savings.parquet"
    if harm == "cut":
        savings.write_bytes(savings.read_bytes()[:-10])
    elif harm == "away":
        savings.unlink()
    else:
        (part / "part.json").write_text("{")
    with pytest.raises(Refusal, match="2 of 3"):
        open_results(folder, language="en")
    log = tmp_path / "log"
    assess_many(plants(log, 3), folder, workers=1, **CHOSEN)
    assert log.read_text().split() == ["1"]
    assert files(folder) == unbroken[3]


def test_another_run_is_refused_and_may_be_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    frames = records(4)
    assess_many(cut(frames, 2), folder, workers=1, **CHOSEN)
    before = files(folder)
    others = [
        (cut(frames, 2, mark="other records"), CHOSEN, ["dataset"]),
        (cut(frames, 2), {**CHOSEN, "overall": "each"}, ["target"]),
        (cut(frames, 2), {**CHOSEN, "factor_set": ""}, ["factor_set"]),
    ]
    for dataset, chosen, what in others:
        with pytest.raises(OutputError) as told:
            assess_many(dataset, folder, workers=1, **chosen)
        assert told.value.code == "many.other_run"
        assert told.value.numbers["what"] == what
    assert files(folder) == before
    dataset, chosen, _ = others[1]
    assess_many(dataset, folder, workers=1, overwrite=True, **chosen)
    alone = tmp_path / "alone"
    assess_many(dataset, alone, workers=1, **chosen)
    assert files(folder) == files(alone), "something of the earlier run is left"


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("three years of work")
    with pytest.raises(OutputError) as told:
        assess_many(plants(None), tmp_path, workers=1, overwrite=True, **CHOSEN)
    assert told.value.code == "output.others_inside"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        assess_many(plants(None), tmp_path / "thesis.docx", workers=1, **CHOSEN)


def test_drafts_of_a_killed_run_are_taken_away(tmp_path: Path) -> None:
    found = MadeUpPlants(*(getattr(plants(None, 3), name) for name in ("frames", "parts")))
    assess_many(found, tmp_path / "r", workers=1, **CHOSEN)
    parts, = (tmp_path / "r").glob("parts-*")
    before = files(tmp_path / "r")
    (parts / ".000002-aaaaaaaa").mkdir()
    (parts / ".000002-aaaaaaaa" / "savings.parquet").write_bytes(b"half")
    (tmp_path / "r" / ".run-bbbbbbbb.json").write_text("{")
    assess_many(found, tmp_path / "r", workers=1, **CHOSEN)
    assert files(tmp_path / "r") == before


def test_the_script_names_the_same_run() -> None:
    assert killed_runs.CHOSEN == CHOSEN
