"""Killed writers, many writers, a full disk, a lock, a lost server: nothing lost, nothing half."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import event

from sxsh_audit.errors import StoreError
from sxsh_audit.store.store import Store
from sxsh_audit.tables.register import Register

Opening = Callable[..., Store]
SCRIPT = Path(__file__).with_name("killed_writers.py")

posix = pytest.mark.skipif(os.name == "nt", reason="needs fork and signal 9")


def plants(*codes: str) -> Register:
    return Register.from_frames(establishments=pd.DataFrame({"establishment": list(codes)}))


def ran(what: str, url: str) -> Any:
    done = subprocess.run([sys.executable, str(SCRIPT), what, url], capture_output=True, text=True,
                          timeout=600, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@posix
def test_a_writer_killed_at_any_statement_leaves_all_of_its_change_or_nothing(url: str) -> None:
    told = ran("at-every-statement", url)
    assert set(told) == {"register", "correction", "study", "consent", "study consent",
                         "withdrawal"}  # fmt: skip
    assert all(path["points"] >= 10 for path in told.values())
    if url.startswith("sqlite"):
        # The last point lies after the commit: it is there without any word of it.
        assert all(path["killed_after_commit"] == 1 for path in told.values())


@posix
def test_what_a_writer_had_word_of_survives_its_death_at_any_time(url: str) -> None:
    assert ran("at-random", url)["kills"] == 6


@posix
def test_processes_that_write_at_the_same_time_lose_nothing(url: str) -> None:
    """4 × 6 changes; the shared record has one version of each of them, 4 × 6 have their own."""
    assert ran("together", url) == {"codes": [0] * 4, "changes": 24, "shared": 24, "records": 25,
                                    "writers": 4}  # fmt: skip


@posix
def test_a_backup_or_a_restoring_that_is_killed_spoils_nothing(url: str) -> None:
    assert ran("care", url)["tries"] >= 1


def test_threads_of_one_store_lose_nothing(store: Store) -> None:
    faults: list[BaseException] = []

    def write(thread: int) -> None:
        try:
            for i in range(5):
                store.put_register(plants(f"{thread}-{i}"))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert store.history()["number"].tolist() == list(range(1, 21))
    assert len(store.register().establishments) == 20
    assert store.check() == ()


def test_a_reader_sees_one_state_while_others_write(store: Store, opened: Opening) -> None:
    from sxsh_audit.store.register_rows import read_register_rows

    store.put_register(plants("A"))
    other = opened(store_url(store))
    with store.database.reading() as connection:
        assert len(read_register_rows(connection, 1).establishments) == 1
        other.put_register(plants("B"))
        assert len(read_register_rows(connection, 99).establishments) == 1
    assert len(store.register().establishments) == 2


def store_url(store: Store) -> str:
    return store.database.engine.url.render_as_string(hide_password=False)


# -- a lock -------------------------------------------------------------------------------------


def test_a_lock_held_by_another_program_is_told_after_a_while(
    store: Store, opened: Opening, url: str
) -> None:
    store.put_register(plants("A"))
    late = opened(url, timeout=0.2)
    with store.database.connect().execution_options(writes=True) as connection, connection.begin():
        if not store.database.sqlite:
            connection.exec_driver_sql("LOCK TABLE changes IN EXCLUSIVE MODE")
        with pytest.raises(StoreError, match="nothing of this change was kept") as refusal:
            late.put_register(plants("B"))
        assert refusal.value.code == "store.locked"
        assert len(late.register().establishments) == 1  # readers do not wait
    assert late.put_register(plants("B")).number == 2


# -- a full disk (SQLite: the file is ours to limit) ---------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "sxsh.db")


def test_a_full_disk_is_told_and_the_old_records_are_as_they_were(
    file: str, opened: Opening
) -> None:
    store = opened(file)
    store.put_register(plants("A"))

    def limit(connection: Any, _: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}").close()

    store.close()
    full = opened(file)
    full.close()
    event.listen(full.database.engine, "connect", limit)
    with pytest.raises(StoreError) as refusal:
        full.put_register(plants(*(f"{i:0400}" for i in range(400))))
    assert refusal.value.code == "store.disk_full"
    assert full.check() == ()
    assert len(full.register().establishments) == 1
    full.close()
    again = opened(file)
    assert again.put_register(plants("B")).number == 2
    assert again.check() == ()


@posix
def test_a_limit_of_the_system_on_the_file_is_a_full_disk(file: str, opened: Opening) -> None:
    store = opened(file)
    store.put_register(plants("A"))
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(file) + 20_000, hard))
        with pytest.raises(StoreError) as refusal:
            store.put_register(plants(*(f"{i:0400}" for i in range(2000))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert refusal.value.code == "store.disk_full"
    store.close()
    again = opened(file)
    assert again.check() == ()
    assert again.put_register(plants("B")).number == 2


def test_a_read_only_database_is_told(file: str, opened: Opening) -> None:
    opened(file).close()
    store = opened(file)

    def query_only(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA query_only = ON").close()

    store.close()
    event.listen(store.database.engine, "connect", query_only)
    with pytest.raises(StoreError) as refusal:
        store.put_register(plants("A"))
    assert refusal.value.code == "store.read_only"


# -- a lost server ------------------------------------------------------------------------------


@pytest.fixture
def served(cluster: Any, opened: Opening) -> Store:
    return opened(cluster.new_database())


def end_others(cluster: Any, store: Store) -> None:
    cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                f"'{store.database.name}'")  # fmt: skip


def test_a_connection_lost_within_a_change_leaves_nothing_of_it(
    cluster: Any, served: Store
) -> None:
    served.put_register(plants("A"))

    def cut(*words: Any) -> None:
        if words[2].startswith("INSERT INTO changes"):
            end_others(cluster, served)

    event.listen(served.database.engine, "before_cursor_execute", cut)
    with pytest.raises(StoreError, match="nothing of this change was kept") as refusal:
        served.put_register(plants("B"))
    assert refusal.value.code == "store.lost"
    event.remove(served.database.engine, "before_cursor_execute", cut)
    assert len(served.register().establishments) == 1
    assert served.put_register(plants("B")).number == 2
    assert served.check() == ()


@pytest.mark.parametrize("kept", [True, False], ids=["after the commit", "before the commit"])
def test_a_connection_lost_at_the_commit_is_asked_again(
    cluster: Any, served: Store, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = served.database.engine.dialect
    committing, cut = dialect.do_commit, []

    def commit(connection: Any) -> None:
        if cut:
            committing(connection)
            return
        cut.append(True)
        if kept:
            committing(connection)
        end_others(cluster, served)
        connection.execute("SELECT 1")  # fails as an answer that does not come

    monkeypatch.setattr(dialect, "do_commit", commit)
    if kept:
        assert served.put_register(plants("A")).number == 1
    else:
        with pytest.raises(StoreError) as refusal:
            served.put_register(plants("A"))
        assert refusal.value.code == "store.lost"
    assert len(served.register().establishments) == kept
    assert served.check() == ()


def test_a_server_that_crashes_at_the_commit_leaves_it_open_and_says_so(
    cluster: Any, served: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.put_register(plants("A"))
    dialect: Any = served.database.engine.dialect
    committing = dialect.do_commit

    def commit(connection: Any) -> None:
        committing(connection)
        cluster.stop("immediate")  # as if the power had been cut
        connection.execute("SELECT 1")

    monkeypatch.setattr(dialect, "do_commit", commit)
    try:
        with pytest.raises(StoreError) as refusal:
            served.put_register(plants("B"))
        assert refusal.value.code == "store.outcome_unknown"
        with pytest.raises(StoreError) as refusal:
            served.register()
        assert refusal.value.code == "store.lost"
    finally:
        monkeypatch.undo()
        cluster.start()
    assert len(served.register().establishments) == 2  # what was committed survived the crash
    assert served.check() == ()


# -- what is no database of ours -----------------------------------------------------------------


def refused(url: str, **settings: Any) -> str:
    with pytest.raises(StoreError) as refusal:
        Store(url, language="en", **settings)
    return refusal.value.code


def test_what_is_no_database_of_ours_is_told_and_left_alone(tmp_path: Path) -> None:
    text, other, nothing = (tmp_path / name for name in ("a.txt", "b.db", "c.db"))
    text.write_text("đây không phải cơ sở dữ liệu " * 50, encoding="utf-8")
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE invoices (id)")
    connection.close()
    nothing.touch()
    was = [path.read_bytes()[100:] for path in (text, other, nothing)]
    assert refused(str(text)) == "store.not_database"
    assert refused(str(other)) == "store.foreign"
    assert refused(str(nothing), create=False) == "store.empty"
    assert refused(str(tmp_path / "none.db"), create=False) == "store.missing"
    assert refused(str(tmp_path / "no" / "x.db")) == "store.no_folder"
    assert refused(str(tmp_path)) == "store.is_folder"
    assert [path.read_bytes()[100:] for path in (text, other, nothing)] == was
    assert refused("sqlite://") == "store.memory"
    assert refused("mysql://u:secret@h/x") == "store.engine"
    assert refused("sqlite:x://") == "store.url"
    assert not (tmp_path / "none.db").exists()


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert refused(f"postgresql://u@/x?host={tmp_path}") == "store.lost"


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refusal:
        Store(f"postgresql://u:secret@/x?host={tmp_path}", language="en")
    error: BaseException | None = refusal.value
    assert "secret" not in str(error)
    assert "secret" not in str(refusal.value.numbers)


def test_a_database_that_the_server_does_not_have_is_told(cluster: Any) -> None:
    assert refused(cluster.url("nobody_made_it")) == "store.no_database"


